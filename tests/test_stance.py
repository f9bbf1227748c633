import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.annotate.stance import find_stance
from analysis.annotate.voices import find_voices
from analysis.codebook import Codebook, load_codebook
from analysis.language import load_language
from analysis.parse.document import restore
from analysis.tables import QUOTES
from made import one_article, one_document

CODEBOOK = """\
targets:
  negotiations:
    definition: The talks as a way to peace.
    about: [talks, deal]
    positions:
      favourable: [progress, succeed*]
      neutral: []
      unfavourable: ["fail*", misguided, waste of time]
    context: [peace]
    attitudes:
      favourable: [welcome*]
      unfavourable: ["reject*", "fear*"]
  sincerity:
    definition: Oskara means it.
    about: [oskara]
    positions:
      sincere: ["abandon* ~3 aims", "seek* ~3 deal"]
      insincere: ["maximalist aims", ploy]
"""


@pytest.fixture(scope="module")
def codebook(tmp_path_factory) -> Codebook:
    folder = tmp_path_factory.mktemp("codebook")
    (folder / "stance.yml").write_text(CODEBOOK)
    return load_codebook(folder)


def stance(codebook: Codebook, *texts: str, quoted: str = "", speaker: str = "") -> pd.DataFrame:
    document = one_document(*texts)
    quotes = []
    if quoted:
        at = document.text.index(quoted)
        span = {"start": at, "end": at + len(quoted), "quoted_start": at, "quoted_end": at + len(quoted)}
        quotes = [
            {
                "quote_id": "q",
                "article_id": "a",
                "form": "direct",
                "source_id": "a:p1",
                "speaker": speaker or None,
                **span,
            }
        ]
    table = QUOTES.make(quotes)
    return find_stance([document], table, find_voices(table, [document]), codebook)


def taken(found: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(found["stance"], found["voice"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks made progress.", [("favourable", "author")]),
        ("The talks were held on Monday.", [("neutral", "author")]),
        ("The river made progress.", []),
        ("The talks have not failed.", [("favourable", "author")]),
        ("They denied that the talks had failed.", [("favourable", "author")]),
        ("Brekk dismissed concerns that the talks had failed.", [("favourable", "author")]),
        ("They doubt that the talks will succeed.", [("unfavourable", "author")]),
        ("If the talks fail, war goes on.", [("neutral", "author")]),
        ("Will the talks fail?", [("neutral", "author")]),
        ("Brekk rejected the deal.", [("unfavourable", "reported")]),
        ("Brekk did not reject the deal.", [("neutral", "author")]),
        ("Brekk fears that the talks will fail.", [("unfavourable", "reported")]),
        ("There is no evidence that Oskara has abandoned its aims.", [("insincere", "author")]),
        ("Oskara did not drop its maximalist aims.", [("insincere", "author")]),
        ("Oskara is not seeking a deal.", [("insincere", "author"), ("neutral", "author")]),
    ],
)
def test_a_sentence_takes_the_position(codebook, text, expected):
    assert sorted(taken(stance(codebook, text))) == sorted(expected)


@pytest.fixture(scope="module")
def general() -> Codebook:
    return load_codebook()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The union called for talks.", ["favourable"]),
        ("The council urged both sides to return to the negotiating table.", ["favourable"]),
        ("The two towns must sit down and talk.", ["favourable"]),
        ("There is no way out without a deal.", ["favourable"]),
        ("They will not walk away from the talks.", ["favourable"]),
        ("The rebels refused to negotiate.", ["unfavourable"]),
        ("The mayor ruled out talks with the strikers.", ["unfavourable"]),
        ("We will never negotiate with them.", ["unfavourable"]),
        ("The envoys walked out of the talks.", ["unfavourable"]),
        ("The talks are close to collapse.", ["unfavourable"]),
        ("Nobody calls these talks a waste of time.", ["neutral"]),
        ("Few believe that the talks will fail.", ["neutral"]),
        ("The blockade went on while the talks were held.", ["neutral"]),
        ("He took part in a call with analysts.", []),
        ("She had a meeting with the mayor.", []),
        ("The summit takes place in May.", []),
        ("Their plans for the garden are ready.", []),
    ],
)
def test_calls_for_talks_and_refusals_are_positions_and_a_mere_mention_is_none(general, text, expected):
    assert list(stance(general, text)["stance"]) == expected


def test_a_target_named_before_in_the_paragraph_is_still_in_view(codebook):
    found = stance(codebook, "The talks began.", "This is misguided.", "It failed.")
    assert list(found["stance"]) == ["neutral", "unfavourable"]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("They failed.", ["neutral", "unfavourable"]),
        ("The harvest failed.", ["neutral"]),  # nothing points back to the talks
    ],
)
def test_in_paragraphs_of_one_sentence_a_pronoun_keeps_the_target_in_view(codebook, second, expected):
    _, articles, sentences = one_article("The talks began.", second)
    documents, nothing = restore(articles, sentences.assign(paragraph=[1, 2]), load_language()), QUOTES.make()
    assert (
        list(find_stance(documents, nothing, find_voices(nothing, documents), codebook)["stance"]) == expected
    )


def test_context_brings_a_target_into_view_and_is_no_neutral_mention(codebook):
    assert taken(stance(codebook, "Peace is misguided.")) == [("unfavourable", "author")]
    assert taken(stance(codebook, "Peace came in spring.")) == []


def test_the_holder_of_a_quoted_position_is_the_source(codebook):
    found = stance(
        codebook, "The talks are a waste of time, she said.", quoted="The talks are a waste of time"
    )
    assert list(zip(found["stance"], found["voice"], found["source_id"], strict=True)) == [
        ("unfavourable", "quoted", "a:p1")
    ]


def test_two_holders_in_one_sentence_have_a_row_each(codebook):
    found = stance(
        codebook,
        "The talks failed, but she said: The talks made progress.",
        quoted="The talks made progress.",
    )
    assert taken(found) == [("unfavourable", "author"), ("favourable", "quoted")]


def test_an_attitude_belongs_to_the_source_named_before_it(codebook):
    found = stance(
        codebook, "We go on, said Brekk.", "Brekk rejected the deal.", quoted="We go on", speaker="Brekk"
    )
    assert list(found["source_id"]) == ["a:p1"]


WORDS = st.lists(
    st.sampled_from(
        ["talks", "deal", "progress", "failed", "not", "rejected", "Oskara", "ploy", "if", ",", "denied that"]
    )
)


@given(WORDS)
def test_a_holder_has_at_most_one_position_on_a_target_in_a_sentence(codebook, words):
    found = stance(codebook, " ".join(words) or "x")
    assert not found.duplicated(["sentence_id", "target", "voice", "source_id"]).any()


@given(WORDS)
def test_a_denied_report_of_failure_is_never_unfavourable(codebook, words):
    found = stance(codebook, "Officials denied that the talks had failed.", " ".join(words) or "x")
    assert list(found[found["sentence_id"] == "a:s1"]["stance"]) == ["favourable"]


IMPLYING = """\
targets:
  negotiations:
    definition: The talks as a way to peace.
    about: [talks, deal]
    positions: {favourable: [progress], unfavourable: [waste of time]}
  sincerity:
    definition: Oskara means it.
    implies:
      negotiations: {sincere: favourable, insincere: unfavourable}
    about: [oskara]
    positions: {sincere: [wants peace], insincere: [ploy]}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oskara wants peace.", {("sincerity", "sincere")}),
        ("The talks are a ploy of Oskara.", {("negotiations", "unfavourable"), ("sincerity", "insincere")}),
        ("Oskara wants peace in the talks.", {("negotiations", "favourable"), ("sincerity", "sincere")}),
        ("Nobody in the talks thinks that Oskara wants peace.", {("negotiations", "unfavourable"), ("sincerity", "insincere")}),
    ],
)  # fmt: skip
def test_a_position_brings_another_with_it_where_both_targets_are_spoken_of(tmp_path, text, expected):
    (tmp_path / "stance.yml").write_text(IMPLYING)
    found = stance(load_codebook(tmp_path), text)
    assert set(zip(found["target"], found["stance"], strict=True)) == expected
