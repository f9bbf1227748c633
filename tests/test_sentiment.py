import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.annotate.sentiment import label, score_sentiment
from analysis.annotate.tone import Tone
from analysis.annotate.voices import find_voices
from analysis.codebook import Codebook, load_codebook
from analysis.language import load_language
from analysis.tables import QUOTES
from analysis.text import split_tokens
from made import one_document


@pytest.fixture(scope="module")
def codebook(tmp_path_factory) -> Codebook:
    folder = tmp_path_factory.mktemp("codebook")
    (folder / "tone.yml").write_text(
        "words: {waste of time: -2.2, progress: 2, collaps*: -2}\nno_tone: [security, peace]\n"
    )
    return load_codebook(folder)


@pytest.fixture(scope="module")
def tone(codebook) -> Tone:
    return Tone(codebook, load_language())


def score(tone: Tone, text: str) -> float:
    return tone.read(split_tokens(text)).score()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The United States United Nations Security Council met.", "neutral"),
        ("The security forces met for peace talks.", "neutral"),
        ("The talks are a waste of time.", "negative"),
        ("They made great progress.", "positive"),
        ("They made no progress.", "negative"),
        ("Officials denied that the talks had collapsed.", "neutral"),  # not bad, but no good word either
        ("The talks collapsed.", "negative"),
        ("The council met on Tuesday.", "neutral"),
        ("", "neutral"),
    ],
)
def test_a_sentence_has_the_tone(tone, text, expected):
    assert label(score(tone, text)) == expected


def test_what_is_conditional_counts_less(tone):
    assert score(tone, "The talks collapsed.") < score(tone, "If the talks collapsed, they would go.") < 0


def test_the_same_words_weigh_less_in_a_longer_sentence(tone):
    assert (
        score(tone, "The talks collapsed.")
        < score(tone, "The talks that began on the hill in May collapsed.")
        < 0
    )


def test_clearly_bad_words_outweigh_good_ones(tone):
    bad, good = score(tone, "The talks were a disaster."), score(tone, "The talks were a delight.")
    assert score(tone, "The talks were a disaster after a delight.") < bad / 2 < 0 < good


def test_an_extending_codebook_has_the_last_word_but_the_longest_phrase_the_very_last(tmp_path):
    (tmp_path / "tone.yml").write_text(
        "extends: general\nwords: {(invasion*|collaps*): 0.0, collapse of order: -3}\n"
    )
    tone = Tone(load_codebook(tmp_path), load_language())
    assert score(tone, "They spoke of the invasion and the collapse.") == 0.0
    assert score(tone, "They spoke of the collapse of order.") < 0


NAMES = [
    *("Brekk", "Hope Hicks", "Grace Power", "Victor Peace", "Killian Loss", "Ilka Morvane", "Wolf Ruin"),
    *(
        "War Ministry",
        "the Free Union",
        "NATO",
        "Justice Minister Joy Strong",
        "Foreign Minister Yelde Harsin",
    ),
]
SENTENCES_WITH_NAMES = [
    "Officials said that {} welcomed the progress.",
    "In the night {} denied that the talks had collapsed.",
    "The council, led by {}, called it a waste of time.",
    "They met {} and {} on Monday, and no good came of it.",
    "Nobody but {}’s friends believed it.",
]


@given(st.sampled_from(SENTENCES_WITH_NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_another_name_leaves_the_score_as_it_was(tone, sentence, one, other):
    assert score(tone, sentence.format(one, one)) == score(tone, sentence.format(other, other))


@given(
    st.sampled_from([n for n in NAMES if " " in n and n[0].isupper()]),
    st.sampled_from(["Brekk Harsin", "Ilka Morvane"]),
)
def test_another_name_at_the_beginning_leaves_the_score_as_it_was(tone, one, other):
    sentence = "{} said the talks had collapsed."
    assert score(tone, sentence.format(one)) == score(tone, sentence.format(other))


@given(st.text(max_size=80))
def test_every_score_lies_between_minus_one_and_one(tone, text):
    assert -1 <= score(tone, text) <= 1


def sentiment(codebook: Codebook, *texts: str) -> pd.DataFrame:
    documents = [one_document(*texts)]
    return score_sentiment(documents, find_voices(QUOTES.make(), documents), codebook)


def test_every_sentence_has_one_row(codebook):
    table = sentiment(codebook, "They made great progress.", "The talks collapsed.", "It rained.")
    assert list(table["label"]) == ["positive", "negative", "neutral"]
    assert list(table["voice"]) == ["author"] * 3


def test_a_name_that_the_article_knows_is_a_name_at_a_sentence_s_beginning_and_in_a_headline(codebook):
    table = sentiment(codebook, "Loss Rejects Every New Offer", "We asked Loss again.", "Loss said no more.")
    other = sentiment(
        codebook, "Brekk Rejects Every New Offer", "We asked Brekk again.", "Brekk said no more."
    )
    assert list(table["score"]) == list(other["score"])


def test_charged_words_that_an_author_s_sentence_takes_up_count_and_leave_it_nobody_s(codebook):
    document = one_document("The mayor of the town called it all “a waste of time”.")
    quote = {"quote_id": "q1", "article_id": "a", "source_id": "s1", "form": "mixed"}
    text = document.text
    start = text.index("“") + 1
    quotes = QUOTES.make([{**quote, "start": start, "end": text.index("”")}])
    row = score_sentiment([document], find_voices(quotes, [document]), codebook).iloc[0]
    assert row["label"] == "negative"
    assert pd.isna(row["voice"])


def test_a_sentence_that_begins_with_a_source_s_words_has_their_tone_however_long_its_attribution(codebook):
    document = one_document(
        "“A waste of time,” said Ilka Brekk, who has led the council of the old town since May."
    )
    text = document.text
    quote = {"quote_id": "q1", "article_id": "a", "source_id": "s1", "form": "direct"}
    quotes = QUOTES.make([{**quote, "start": 1, "end": text.index("”")}])
    assert (
        score_sentiment([document], find_voices(quotes, [document]), codebook).iloc[0]["label"] == "negative"
    )


def test_words_that_name_what_happens_weigh_less_in_the_wording_and_all_in_an_attitude(tmp_path):
    (tmp_path / "tone.yml").write_text(
        "words: {arrest*: -2, thug*: -2, death trap: -2}\nfactual: [arrest*, death]\n"
    )
    codebook = load_codebook(tmp_path)
    tone = Tone(codebook, load_language())

    def wording(text: str) -> float:
        return tone.read(split_tokens(text), facts=0.35).score()

    arrest, thug = "They saw an arrest on Monday.", "They saw a thug on Monday."
    assert score(tone, arrest) == score(tone, thug) == wording(thug) < wording(arrest) < 0
    assert wording("The bridge is a death trap.") == score(
        tone, "The bridge is a death trap."
    )  # no word of its own
    assert sentiment(codebook, arrest)["score"][0] == wording(arrest)
