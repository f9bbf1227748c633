"""Quotes: what is found in small invented sentences, kind by kind, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.annotate.quotes import find_quotes
from analysis.codebook import load_codebook
from analysis.language import load_language
from analysis.parse.document import parse, parse_text

Found = list[tuple[str, str, str]]


def _found(text: str) -> Found:
    """Form, content and speaker of each quote."""
    return _rows(text, find_quotes(text))


def _pieces(text: str) -> Found:
    """The same by a codebook that counts the pieces of interrupted quotes."""
    codebook = replace(load_codebook(), whole_quotes=False)
    return _rows(text, find_quotes([parse_text(text)], codebook))


def _rows(text: str, quotes: pd.DataFrame) -> Found:
    contents = [text[a:b] for a, b in zip(quotes["start"], quotes["end"], strict=True)]
    return list(zip(quotes["form"].tolist(), contents, quotes["speaker"].fillna("").tolist(), strict=True))


def _quoted(text: str) -> list[str]:
    """The words in quotation marks of each quote, `` where there are none."""
    quotes = find_quotes(text)
    spans = zip(quotes["quoted_start"].fillna(0), quotes["quoted_end"].fillna(0), strict=True)
    return [text[a:b] for a, b in spans]


DIRECT = {
    "before the speaker": '"We are ready to talk," Anna Lund said.',
    "before an inverted speaker": '"We are ready to talk," said Anna Lund.',
    "before a speaker with an apposition": '"We are ready to talk," Anna Lund, the mayor, said.',
    "before an inverted speaker with an apposition": '"We are ready to talk," said Anna Lund, a former mayor of Norwick.',
    "before a speaker and a hearer": '"We are ready to talk," Anna Lund told the Norwick Courier on Monday.',
    "after a comma": 'Anna Lund said, "We are ready to talk"',
    "after a colon": 'Anna Lund added: "We are ready to talk"',
    "after a time": 'Anna Lund said on Monday, "We are ready to talk"',
    "in curly marks": "“We are ready to talk,” Anna Lund said.",
    "in two single marks": "''We are ready to talk,'' Anna Lund said.",
    "in single marks": "'We are ready to talk,' Anna Lund said.",
    "in mixed marks": '“We are ready to talk," Anna Lund said.',
    "after an inverted opening": 'Said Anna Lund: "We are ready to talk"',
    "before an apposition that no comma closes": '"We are ready to talk," Anna Lund, a former mayor told us.',
    "in unclosed marks": "Anna Lund said: “We are ready to talk",
}


@pytest.mark.parametrize("text", DIRECT.values(), ids=DIRECT)
def test_a_direct_quote_is_found(text):
    assert _found(text) == [("direct", "We are ready to talk", "Anna Lund")]


INDIRECT = {
    "with that": "Anna Lund said that the bridge was safe.",
    "without that": "Anna Lund said the bridge was safe.",
    "with a time before that": "Anna Lund said in a letter on Monday that the bridge was safe.",
    "with a hearer": "Anna Lund told reporters that the bridge was safe.",
    "before the speaker": "The bridge was safe, Anna Lund said.",
    "before according to": "The bridge was safe, according to Anna Lund.",
    "after according to": "According to Anna Lund, the bridge was safe.",
    "after an as-clause": "As Anna Lund noted, the bridge was safe.",
    "before an as-clause": "The bridge was safe, as Anna Lund has pointed out.",
    "of a noun": "Nobody trusted Anna Lund's claim that the bridge was safe.",
    "of thinking": "Anna Lund believes the bridge was safe.",
    "of warning": "Anna Lund warned the bridge was safe.",
    "after an apposition": "Anna Lund, a former mayor who is ill, insists that the bridge was safe.",
    "after a bracket": "Anna Lund (D) says the bridge was safe.",
    "in the present perfect": "Anna Lund has repeatedly said that the bridge was safe.",
    "after a participle": "Anna Lund left the room, saying the bridge was safe.",
    "around an aside": "The bridge was safe, Anna Lund told the Norwick Courier earlier this week.",
    "after a dash": "Anna Lund - a critic for years - said the bridge was safe.",
    "quoted as saying": "Anna Lund was quoted as saying that the bridge was safe.",
}


@pytest.mark.parametrize("text", INDIRECT.values(), ids=INDIRECT)
def test_an_indirect_quote_is_found(text):
    [(form, content, speaker)] = _found(text)
    assert (form, content.lower()) == ("indirect", "the bridge was safe")
    assert speaker.startswith("Anna Lund")


NO_QUOTES = {
    "a refusal to say": "The mayor declined to say whether the bridge was safe.",
    "a refusal to comment": "The mayor did not immediately comment on the bridge.",
    "no comment to be had": "The office would not comment on the bridge.",
    "a scare quote": 'The "safe" bridge was closed.',
    "a so-called name": 'The so-called "people\'s bridge" was closed on Monday.',
    "the title of a work": 'She lived here before "The Bridge of Norwick" made her rich.',
    "a noun that looks like a verb": "Reports of delays came in all day.",
    "an apostrophe": "The boys' bridge and the girls' bridge were closed.",
    "inches": "The bridge is 6' 2\" wide and 9' 1\" high.",
}


@pytest.mark.parametrize("text", NO_QUOTES.values(), ids=NO_QUOTES)
def test_what_is_no_quote_is_left_out(text):
    assert _found(text) == []


def test_a_quote_that_its_attribution_interrupts_is_one_quote_with_a_break():
    text = '"The bridge is safe," Lund said. "It will stand for years."'
    assert _found(text) == [("direct", text[1:-1], "Lund")]
    row = find_quotes(text).iloc[0]
    assert text[row.break_start : row.break_end] == '," Lund said. "'
    assert text[row.quoted_start : row.quoted_end] == text[1:-1]


def test_indirect_speech_around_its_attribution_is_one_quote():
    text = "The old bridge of Norwick, Anna Lund said, was safe."
    assert _found(text) == [("indirect", text[:-1], "Anna Lund")]


WITH_OBJECT = {
    "said": "Anna Lund took issue with the plan.",
    "taken back": "Anna Lund walked back the plan on Monday.",
    "thought": "Anna Lund has long been critical of the plan.",
    "thought by a participle": "Anna Lund is concerned about the plan.",
    "delivered": "Anna Lund delivered a passionate defense of the plan.",
    "closed by a second verb": "Anna Lund denied the plan and accused a rival.",
}


@pytest.mark.parametrize("text", WITH_OBJECT.values(), ids=WITH_OBJECT)
def test_what_somebody_speaks_of_is_found(text):
    assert _found(text)[0] == ("indirect", "the plan", "Anna Lund")


def test_what_somebody_is_hands_over_nothing_beside_another_verb():
    assert _found("Anna Lund, critical of the plan, left. Berg, concerned about it, stayed.") == []


SUBJECTS = {
    "a number": ("One in five say the bridge was safe.", "One in five"),
    "with a contracted verb": ("He's said the bridge was safe.", "He's"),
    "before a hearer": ("Anna Lund said to reporters that the bridge was safe.", "Anna Lund"),
    "before an aside": ("Most experts - not all of them - warn that the bridge was safe.", "Most experts"),
    "after a place": (
        "Opponents of the plan in the U.S. warn the bridge was safe.",
        "Opponents of the plan in the U.S.",
    ),
}


@pytest.mark.parametrize(("text", "speaker"), SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_is_read_whole(text, speaker):
    assert _found(text) == [("indirect", "the bridge was safe", speaker)]


def test_how_many_is_no_time_and_yes_is_said():
    assert _found("The office said about half of the adjustment was lost.")[0][1].startswith("about half")
    assert _found("Everyone but Berg said yes.") == [("indirect", "yes", "Berg")]


POINTS = {
    "with that": "The mayor pushed two claims. First, that the bridge was safe. Second, that it was new.",
    "after a colon": "The mayor made two arguments. One: the bridge was safe. Two: it was new.",
    "after speech": "The mayor answered on Monday that she was ready. First, that the bridge was safe. And second, that it was new.",
    "with what the article adds": "The mayor had two reasons. First, that the bridge was safe. Second, that it was new – a claim that fooled none.",
    "in a paragraph of their own": "The mayor told two stories.\nFirst, that the bridge was safe. Second, that it was new.",
}


@pytest.mark.parametrize("text", POINTS.values(), ids=POINTS)
def test_points_in_sentences_of_their_own_are_their_speakers(text):
    points = [("indirect", "the bridge was safe", "The mayor"), ("indirect", "it was new", "The mayor")]
    assert _found(text)[-2:] == points


def test_numbers_make_no_points_where_nobody_announced_them():
    assert _found("The council met. First, that evening, it rained. One: it was late.") == []


def test_an_aside_between_dashes_that_ends_what_is_said_is_the_articles():
    text = "He sees the plan as a “dead end” – the “last stop” of all – and any talks will seem a weakness."
    assert _found(text)[0][1] == "the plan as a “dead end"


def test_what_another_attribution_or_the_article_says_between_keeps_quotes_apart():
    text = '"The bridge is safe," Lund said. Rain fell on it. "It will stand for years," she added.'
    assert [content for _, content, _ in _found(text)] == ["The bridge is safe", "It will stand for years"]


def test_a_codebook_may_count_the_pieces_of_an_interrupted_quote():
    assert _pieces('"The bridge is safe," Lund said. "It will stand for years."') == [
        ("direct", "The bridge is safe", "Lund"),
        ("direct", "It will stand for years.", "Lund"),
    ]


def test_a_quote_before_he_said_in_a_sentence_of_its_own_is_his():
    assert _found('"Is the bridge safe?" he said.') == [("direct", "Is the bridge safe?", "he")]


def test_a_quote_that_runs_on_over_paragraphs_keeps_its_speaker():
    text = "“The bridge is safe,” Lund said. “It will stand.\n“It has stood for years.”"
    assert [speaker for _, _, speaker in _found(text)] == ["Lund"] * 2
    assert [speaker for _, _, speaker in _pieces(text)] == ["Lund"] * 3


def test_a_quote_announced_in_the_paragraph_before_has_its_speaker():
    assert _found("Lund told the council:\n“The bridge is safe.”")[-1][2] == "Lund"


def test_a_quote_without_a_cue_goes_to_the_one_who_acts_before_it():
    assert _found("Anna Lund shook her head. “The bridge is not safe at all.”")[0][2] == "Anna Lund"


def test_a_mixed_quote_holds_its_clause_and_the_words_in_marks():
    text = 'Anna Lund said that the bridge is "safe as a house" for now.'
    assert _found(text) == [("mixed", 'the bridge is "safe as a house" for now', "Anna Lund")]
    assert _quoted(text) == ["safe as a house"]


def test_a_word_after_an_abbreviation_and_a_hyphen_belongs_to_it():
    text = "Anna Lund described the offer as part of a U.S.-drafted plan for the bridge."
    assert _found(text) == [
        ("indirect", "the offer as part of a U.S.-drafted plan for the bridge", "Anna Lund")
    ]


def test_what_stands_after_an_adjective_is_a_noun_and_hands_nothing_over():
    assert _found("The offer was rejected, regardless of its historical claims.") == []


def test_who_boasts_tells_a_clause():
    assert _found("Anna Lund boasted she could build the bridge in a day.") == [
        ("indirect", "she could build the bridge in a day", "Anna Lund")
    ]


def test_a_fragment_after_a_verb_of_judging_is_a_quote():
    text = "Anna Lund rejected the plan as “a complete fabrication”."
    assert _quoted(text) == ["a complete fabrication"]


def test_clauses_joined_by_and_that_are_pieces_where_one_holds_a_quotation():
    text = 'Anna Lund insisted that it "will stand" and that it was safe.'
    assert [form for form, _, _ in _pieces(text)] == ["mixed", "indirect"]
    assert [form for form, _, _ in _found(text)] == ["mixed"]


def test_a_transcript_names_the_speaker_of_each_of_its_pieces():
    text = '"LUND: Is the bridge safe?\n"BERG: It will stand."'
    assert [found[1:] for found in _found(text)] == [
        ("Is the bridge safe?", "LUND"),
        ("It will stand.", "BERG"),
    ]


def test_a_name_after_a_dash_is_the_credit_of_the_quotation_before_it():
    text = "“I shall miss the old bridge.” — Anna Lund, Norwick\n“Good riddance to it.” ― Tor Berg"
    assert [found[1:] for found in _found(text)] == [
        ("I shall miss the old bridge.", "Anna Lund"),
        ("Good riddance to it.", "Tor Berg"),
    ]


def test_a_quote_inside_a_quote_belongs_to_the_outer_speaker():
    text = "“They keep saying, ‘The bridge is safe,’ and it is not,” Lund said."
    assert _found(text) == [("direct", "They keep saying, ‘The bridge is safe,’ and it is not", "Lund")]


def test_a_source_within_a_source_is_found_beside_the_outer_one():
    assert [(c, s) for _, c, s in _found("Lund said the agency assessed that it is safe.")] == [
        ("the agency assessed that it is safe", "Lund"),
        ("it is safe", "the agency"),
    ]


def test_a_participle_belongs_to_the_outer_speaker():
    quotes = _found("Lund said he believed that it was safe, adding that it was new.")
    assert quotes[-1][1:] == ("it was new", "Lund")


def test_a_quotation_in_an_apposition_does_not_hide_the_speaker():
    text = "Anna Lund, who calls it “a joke,” said that the bridge was safe."
    assert _found(text)[-1] == ("indirect", "the bridge was safe", "Anna Lund")


def test_what_a_speaker_does_while_speaking_is_not_said():
    assert _found("The bridge was safe, she said, wiping her face.") == [
        ("indirect", "The bridge was safe", "she")
    ]


def test_a_name_in_capitals_is_no_pronoun():
    assert _found("US officials said that it was safe.")[0][2] == "US officials"


def test_voters_i_met_are_the_speakers_and_not_i():
    assert _found("The voters I met said that it was safe.")[0][2] == "The voters"


def test_a_title_names_its_speaker_before_a_colon():
    text = (
        "Lund: Bridge Is Safe\n\nThe harbour bridge was closed for a week in May, and now it is open again."
    )
    documents = parse(pd.DataFrame({"article_id": ["a"], "text": [text]}), load_language())
    assert find_quotes(documents)["speaker"].tolist() == ["Lund"]


def test_the_codebook_says_what_counts_as_reported_speech(tmp_path):
    text = "Anna Lund criticized the bridge. Anna Lund said that it was safe."
    documents = [parse_text(text)]
    (tmp_path / "verbs.yml").write_text("extends: general\ncounts: [quote, that, clause]\n")
    assert len(find_quotes(documents, load_codebook())) == 2
    assert len(find_quotes(documents, load_codebook(tmp_path))) == 1


def test_what_the_article_says_itself_is_not_attributed():
    text = "Lund said the bridge was safe, but Berg said it was closed."
    assert [(c, s) for _, c, s in _found(text)] == [
        ("the bridge was safe", "Lund"),
        ("it was closed", "Berg"),
    ]


def test_one_speaker_may_say_two_things():
    assert [(c, s) for _, c, s in _found("Lund said it was safe and added that it was new.")] == [
        ("it was safe", "Lund"),
        ("it was new", "Lund"),
    ]


def test_the_speaker_of_who_said_is_whoever_stands_before():
    [(_, content, speaker)] = _found("It was built by engineers who say it is safe.")
    assert (content, speaker) == ("it is safe", "engineers who")


def test_documents_and_agencies_speak():
    assert _found("A new report warns that it is not safe.")[0][2] == "A new report"


def test_the_cue_is_the_reporting_word():
    assert find_quotes("The bridge was safe, according to Anna Lund.")["cue"].tolist() == ["according to"]


_PIECES = "Anna Lund|said|says|told|that|he|they|who|“|”|\"|‘|’|'|,|.|?|:|—|and|but|the bridge|is safe|is|\n|according to|(|)|the report|claims|warned|as|by|saying|whether|to|Mr.|''"
TEXTS = st.lists(st.sampled_from(_PIECES.split("|")), max_size=40).map(" ".join) | st.text(
    alphabet=st.sampled_from("ab A.,:;\n\"“”‘’'«»—-()") | st.characters(exclude_categories=["Cs"]),
    max_size=100,
)


@pytest.mark.parametrize(
    ("text", "rules"),
    {
        '"We are ready," said Anna Lund.': ["inverted"],
        "Anna Lund said that the bridge was safe.": ["that_clause"],
        "The bridge, Anna Lund said, was safe.": ["interruption"],
        "According to Anna Lund, the bridge was safe.": ["according_first"],
        'Anna Lund left. "We are ready to talk to them."': ["after_speaker"],
        '"We are ready to talk to them." Anna Lund left.': ["before_speaker"],
        'Anna Lund left.\n"We are ready to talk to them."': ["earlier_speaker"],
        'They met.\n"LUND: We are ready."': ["labelled_quotation"],
    }.items(),
)
def test_a_quote_names_the_rule_that_found_it(text, rules):
    assert find_quotes(text)["rule"].tolist() == rules


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("“")
@example("")
@example("Anna Lund said , claims Anna Lund")
def test_no_text_raises_and_spans_lie_inside_it(text):
    quotes = find_quotes(text)
    assert quotes["rule"].notna().all()
    for a, b in (
        ("start", "end"),
        ("quoted_start", "quoted_end"),
        ("break_start", "break_end"),
        ("cue_start", "cue_end"),
        ("speaker_start", "speaker_end"),
    ):
        spans = quotes[[a, b]].dropna()
        assert ((spans[a] >= 0) & (spans[a] < spans[b]) & (spans[b] <= len(text))).all()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_quotes_overlap_only_as_a_source_within_a_source(text):
    spans = list(find_quotes(text)[["start", "end"]].astype(int).itertuples(index=False, name=None))
    for i, (a, b) in enumerate(spans):
        for c, d in spans[i + 1 :]:
            assert b <= c or d <= a or (a <= c and d <= b) or (c <= a and b <= d)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_a_paragraph_more_changes_nothing_before_it(text, more):
    before = find_quotes(text).drop(columns="quote_id")
    after = find_quotes(text + "\n" + more.replace("\n", " ")).drop(columns="quote_id")
    assert after.head(len(before)).equals(before)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ['"We are ready," Lund said.', 'Lund said it is "safe" now.', 'He said: "No."', "It rained."]
        ),
        max_size=6,
    )
)
def test_curly_and_straight_marks_give_the_same_quotes(sentences):
    straight = " ".join(sentences)
    marks = iter("“”" * straight.count('"'))
    curly = "".join(next(marks) if c == '"' else c for c in straight)
    columns = ["form", "start", "end", "quoted_start", "quoted_end", "speaker"]
    assert find_quotes(curly)[columns].equals(find_quotes(straight)[columns])


def test_a_heading_in_quotation_marks_and_a_long_title_are_no_quotes():
    assert _found('"The Last Bridge Of Norwick."') == []
    assert _found('She wrote a book, "How the Bridges of the North Were Built and Lost," last year.') == []
    assert _found('"The last bridge of Norwick is gone."')[0][0] == "direct"


NAMED = {
    "with its subject before": (
        'Critics are what she called "a reckless few" along the border.',
        "a reckless few",
    ),
    "with two names": ('It was what she called "brave" and "rash" last year.', 'brave" and "rash'),
    "with as": ('She described as "unhinged" a letter from the council.', "unhinged"),
    "over an apposition": (
        'She called the pilot, Ilka Dorn, "driven" and left.',
        'the pilot, Ilka Dorn, "driven',
    ),
    "over an aside": ('She called him, among other things, "a clerk."', 'him, among other things, "a clerk.'),
}


@pytest.mark.parametrize(("text", "content"), NAMED.values(), ids=NAMED)
def test_a_name_that_somebody_gives_ends_with_its_quotation_marks(text, content):
    assert [(c, s.lower()) for _, c, s in _found(text)] == [(content, "she")]


def test_a_passive_verb_of_naming_belongs_to_the_agent():
    assert _found('The talks, described by Ilka Dorn as "useful," ended.') == [
        ("mixed", "useful", "Ilka Dorn")
    ]


def test_a_quotation_that_closes_its_sentence_ends_there():
    text = 'The crowd chanted "Open the gates!" and kept marching until midnight.'
    assert _found(text) == [("direct", "Open the gates!", "The crowd")]
    text = 'Ilka Dorn said on Friday, "That makes me proud," when asked about the fee.'
    assert _found(text)[0][1] == "That makes me proud"


def test_a_noun_of_saying_can_hand_over_a_quotation():
    text = 'Their cries of "Open the gates!" went on.'
    assert _found(text) == [("direct", "Open the gates!", "Their")]


def test_remarks_of_a_transcript_in_brackets_are_no_quotes():
    assert _found('"(APPLAUSE)"\n"[crosstalk]."') == []


SPEAKERS = {
    "of a town in a state": ("Ilka Dorn, 22, of Flint, Varnia, said the bridge was safe.", "Ilka Dorn"),
    "with a clause that ends in a region": (
        "Ilka Dorn, who lived in Norwick, Varnia, in July 2012, said the bridge was safe.",
        "Ilka Dorn",
    ),
    "who issues a statement": ("The mayor issued a statement saying the bridge was safe.", "The mayor"),
    "whose statement is the subject": (
        "A statement from the council said the bridge was safe.",
        "A statement",
    ),
    "after a dateline with a day": (
        "NORWICK, Aug 31 (Reuters) - Ilka Dorn waved on Friday, saying the bridge was safe.",
        "Ilka Dorn",
    ),
    "after here in": ("Here in Norwick, Ilka Dorn went on, saying the bridge was safe.", "Ilka Dorn"),
    "after a time without a comma": (
        "By Sunday she had left Norwick, Varnia, saying the bridge was safe.",
        "she",
    ),
    "after an opening word": ("And, she said, the bridge was safe.", "she"),
    "before an aside": ("She waved, saying, for the first time, that the bridge was safe.", "She"),
    "before an aside and a quotation": ('She said, with a sigh, "the bridge was safe"', "She"),
    "with a possessive": ('"the bridge was safe," said her lawyer.', "her lawyer"),
    "in an aside": ("She left while, according to the mayor, the bridge was safe.", "the mayor"),
}


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS.values(), ids=SPEAKERS)
def test_the_speaker_is_found_across_places_documents_and_asides(text, speaker):
    ((_, content, found),) = _found(text)
    assert content == "the bridge was safe"
    assert found.startswith(speaker)


def test_what_goes_without_saying_is_said_by_nobody():
    assert _found("It goes without saying that the bridge was safe.") == []


def test_names_that_end_like_adverbs_are_names():
    text = '"We are ready to talk," Emily Lund, head of the port and of its offices, told the council.'
    assert _found(text) == [("direct", "We are ready to talk", "Emily Lund")]


def test_what_follows_then_has_the_subject_before_it():
    text = 'She said that the bridge was safe, then added: "Nobody asked me about it."'
    assert _found(text) == [
        ("indirect", "the bridge was safe", "She"),
        ("direct", "Nobody asked me about it.", "She"),
    ]


def test_who_makes_an_accusation_is_its_source():
    text = "Oskara publicly made accusations that the bridge was safe."
    assert _found(text) == [("indirect", "the bridge was safe", "Oskara")]


def test_a_participle_that_describes_a_thing_has_no_speaker():
    assert _found("The envoy brought a plan from the council, criticized as being too late.") == []


SHORT = {
    "of one word": ('"Shameful," one shopkeeper muttered.', "direct", "Shameful", "one shopkeeper"),
    "by a verb that no codebook has": ('"They are wrong," he blared.', "direct", "They are wrong", "he"),
    "after a colon": ('Ilka Dorn, of the chamber: "It doubles now."', "direct", "It doubles now.", "Ilka Dorn"),
    "in German marks": ("„We are ready“, said Dorn.", "direct", "We are ready", "Dorn"),
    "in the words of": ('It is, in the words of one trader, "a slow death".', "mixed", "a slow death", "one trader"),
    "after appositions": (
        "According to Ilka Dorn, a lawyer, who took no part, the case is lost.",
        "indirect",
        "the case is lost",
        "Ilka Dorn",
    ),
    "after a date": ("April 2, 2025 - The court said the plan was void.", "indirect", "the plan was void", "The court"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "form", "content", "speaker"), SHORT.values(), ids=SHORT)
def test_what_a_newspaper_reader_takes_for_a_quote_is_one(text, form, content, speaker):
    assert _found(text) == [(form, content, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        "Most shop owners oppose it.",
        "Nobody knows who is right.",
        "The shop said goodbye to its customers.",
        "One councillor, who asked not to be named, left early.",
    ],
)
def test_words_that_say_nothing_hand_over_nothing(text):
    assert _found(text) == []


HEADLINES = {
    "Anna Lund Says Bridge Is Safe.": ("Anna Lund", "Bridge Is Safe"),
    "Lund Vows To Rebuild the Bridge": ("Lund", "To Rebuild the Bridge"),
    "Lund at Norwick Fair: Bridge Is Safe": ("Lund at Norwick Fair", "Bridge Is Safe"),
    "Poll: Few trust the new bridge": ("Poll", "Few trust the new bridge"),
    "EXCLUSIVE - Anna Lund: The bridge is safe": ("Anna Lund", "The bridge is safe"),
}


@pytest.mark.parametrize("text", HEADLINES)
def test_a_headline_is_read_though_every_word_has_a_capital(text):
    assert [(speaker, content) for _, content, speaker in _found(text)] == [HEADLINES[text]]


@pytest.mark.parametrize("text", ["Breaking: Old Bridge Falls", "How Norwick Lost: The Bridge Story"])
def test_what_stands_before_a_headlines_colon_need_not_speak(text):
    assert _found(text) == []


def test_a_form_that_is_noun_and_verb_is_a_verb_between_a_name_and_to():
    assert _found("Anna Lund plans to rebuild the bridge.") == [
        ("indirect", "to rebuild the bridge", "Anna Lund")
    ]
    assert _found("The plans to rebuild the bridge were old.") == []


PASSIVES = {
    "The bridge is expected to be closed for a year.": "to be closed for a year",
    "The bridge was believed to be safe.": "to be safe",
    "The bridge is widely seen as a danger to ships.": "a danger to ships",
    "Anna Lund was asked about the bridge.": "the bridge",
    "Anna Lund was asked by a reporter why the bridge was closed.": "why the bridge was closed",
    "Anna Lund nodded when asked whether the bridge was safe.": "whether the bridge was safe",
    "Asked on Monday whether the bridge was safe, Anna Lund nodded.": "whether the bridge was safe",
    "Told that the bridge was closed, Anna Lund laughed.": "the bridge was closed",
}


@pytest.mark.parametrize("text", PASSIVES)
def test_what_nobody_in_particular_says_is_a_quote_without_a_speaker(text):
    [(form, content, speaker)] = _found(text)
    assert (form, content) == ("indirect", PASSIVES[text])
    assert speaker in ("", "a reporter")


def test_what_a_thing_is_meant_for_is_not_attributed():
    assert _found("The bridge is intended to carry trams.") == []


def test_a_feeling_told_by_a_participle_is_its_subjects():
    assert _found("Anna Lund is worried that the bridge is old.") == [
        ("indirect", "the bridge is old", "Anna Lund")
    ]


@pytest.mark.parametrize(
    "between",
    [
        "adding that it was new",
        "referring to the tram bridge",
        "asked about the tram",
        "who denied that it was old",
    ],
)
def test_what_is_told_of_a_speaker_between_two_quotations_takes_neither(between):
    text = f"“The bridge is safe,” said Anna Lund, {between}. “It will stand.”"
    whole = _found(text)[0]
    assert whole == ("direct", text[1:-1], "Anna Lund")
    assert all("stand" not in content for _, content, _ in _found(text)[1:])


def test_content_ends_with_the_bracket_that_holds_its_sentence():
    assert _found("(Anna Lund said that the bridge was safe.)")[0][1] == "the bridge was safe"


INTERRUPTED = [
    "If the tram comes, warns Tor Falk, the street will be closed.",
    "Even if the old bridge falls, said Tor Falk, a lawyer, the new one will stand.",
    "The bridge, said Tor Falk, would be safe.",
    "The bridge, Tor Falk said, “is safe as a house.”",
]


@pytest.mark.parametrize("text", INTERRUPTED)
def test_a_clause_that_its_attribution_interrupts_is_one_quote(text):
    [(_, content, speaker)] = _found(text)
    assert speaker == "Tor Falk"
    assert content.rstrip(".") == text.rstrip(".”")


def test_a_time_before_an_attribution_is_no_part_of_the_quotation_after_it():
    assert _found("On Monday in Norwick, Tor Falk said, “we are ready.”") == [
        ("mixed", "we are ready.", "Tor Falk")
    ]


NOUNS = {
    "Anna Lund’s opposition to the old bridge surprised Norwick.": ("Anna Lund’s", "the old bridge"),
    "Norwick cheered the mayor's decision to close the bridge.": ("the mayor's", "to close the bridge"),
    "Anna Lund repeated her attacks on the council.": ("Anna Lund", "the council"),
}


@pytest.mark.parametrize("text", NOUNS)
def test_a_noun_of_speech_that_somebody_owns_hands_over_what_it_is_about(text):
    [(form, content, speaker)] = _found(text)
    assert (form, speaker, content) == ("indirect", *NOUNS[text])


@pytest.mark.parametrize(
    "text", ["The decision to close the bridge was hard.", "Norwick saw attacks on the bridge."]
)
def test_a_noun_of_speech_that_nobody_owns_hands_over_nothing(text):
    assert _found(text) == []


def test_the_words_of_a_sentence_before_its_quotation_are_the_speakers_too():
    assert _found("Despite the long rain, “the bridge is safe,” Anna Lund said.") == [
        ("mixed", "Despite the long rain, “the bridge is safe", "Anna Lund")
    ]


def test_what_a_hearer_is_to_do_is_told_with_the_hearer():
    assert _found("Anna Lund urged the council to close the bridge.") == [
        ("indirect", "the council to close the bridge", "Anna Lund")
    ]


ENCLOSED = [
    "When Anna Lund said the bridge was safe, the town laughed.",
    "A year after Anna Lund said that the bridge was safe, it fell.",
    "Anna Lund, who said the bridge was safe, crossed it on Monday.",
]


@pytest.mark.parametrize("text", ENCLOSED)
def test_what_is_told_in_a_clause_inside_the_sentence_ends_with_the_clause(text):
    [(_, content, speaker)] = _found(text)
    assert content == "the bridge was safe" and speaker.startswith("Anna Lund")


SAID = {
    "As a rule, if it rains, they will close the bridge, Anna Lund said.": "As a rule, if it rains, they will close the bridge",
    "Anna Lund said all bridges need repair.": "all bridges need repair",
    "Anna Lund wrote to the mayor's office that the bridge was closed.": "the bridge was closed",
    "Anna Lund told a Norwick audience that the bridge was closed.": "the bridge was closed",
    "The toll caused anger (“I want it back,” wrote Anna Lund, a clerk).": "I want it back",
}


@pytest.mark.parametrize("text", SAID)
def test_content_is_found_past_hearers_brackets_and_conditions(text):
    assert [(content, speaker) for _, content, speaker in _found(text)] == [(SAID[text], "Anna Lund")]


def test_a_quotation_in_what_is_told_of_the_speaker_is_no_part_of_the_one_before():
    text = "“It was bad,” said Anna Lund, a clerk who had waited in an “extraordinarily long line of cold people.”"
    assert _found(text)[0] == ("direct", "It was bad", "Anna Lund")
    joined = "“It was bad,” Anna Lund said, but “it has been very good since May.”"
    assert _found(joined) == [("direct", joined[1:-1], "Anna Lund")]


def test_a_sentence_told_and_a_quotation_after_it_are_two_quotes():
    text = "Anna Lund wants to close the bridge. “It has been unsafe for years.”"
    assert [content for _, content, _ in _found(text)] == [
        "to close the bridge",
        "It has been unsafe for years.",
    ]


def test_a_short_subject_before_an_attribution_goes_with_its_verb():
    text = "Such efforts, Anna Lund said, will be in vain."
    assert _found(text) == [("indirect", text[:-1], "Anna Lund")]
    assert _found("On Monday, Anna Lund said, the bridge was closed.")[0][1] == "the bridge was closed"


def test_a_person_endorsed_is_what_is_endorsed_and_it_is_said_elsewhere():
    assert _found("The union endorsed her.") == [("indirect", "her", "The union")]
    assert _found("The union endorsed it.") == []


ASKED = {
    "“Is the bridge safe?” Anna Lund asked. “It is not.”": "Is the bridge safe?” Anna Lund asked. “It is not.",
    "“The bridge is safe” Anna Lund said.": "The bridge is safe",
    "“The bridge is safe,” Anna Lund said by telephone.": "The bridge is safe",
}


@pytest.mark.parametrize("text", ASKED)
def test_an_attribution_is_found_behind_a_question_without_a_comma_and_by_telephone(text):
    assert [(content, speaker) for _, content, speaker in _found(text)] == [(ASKED[text], "Anna Lund")]


@pytest.mark.parametrize("told", ["on Friday afternoon", "as she left Norwick", "when the rain came"])
def test_when_a_quotation_was_said_is_no_part_of_it(told):
    assert _found(f"Anna Lund tweeted, “All is well here” {told}.")[0][1] == "All is well here"


def test_what_somebody_is_to_support_is_a_stand():
    assert _found("Anna Lund refused to defend the old bridge.")[0][1] == "to defend the old bridge"
    assert _found("Anna Lund travelled to Norwick to defend the old bridge.") == [
        ("indirect", "the old bridge", "Anna Lund")
    ]


def test_a_dateline_is_no_part_of_what_is_said():
    assert _found("NORWICK (AP) — The bridge is safe, Anna Lund said.")[0][1] == "The bridge is safe"


def test_a_comparison_with_what_was_expected_hands_over_nothing():
    assert _found("The bridge fell sooner than expected, a shock to Norwick.") == []


def test_what_somebody_or_something_is_called_needs_no_marks():
    assert _found("Critics call it a danger to ships.") == [("indirect", "it a danger to ships", "Critics")]
    assert _found("Anna Lund called the mayor on Monday.") == []


def test_what_stands_in_a_poll_is_the_polls():
    assert _found("In a Norwick Courier poll on Monday, most people feared for the bridge.") == [
        ("indirect", "most people feared for the bridge", "a Norwick Courier poll")
    ]
    assert _found("In the town hall on Monday, most people danced.") == []


def test_a_thought_that_a_speaker_tells_is_no_source_within_a_source():
    assert _found("Anna Lund said she believed that the bridge was safe.") == [
        ("indirect", "she believed that the bridge was safe", "Anna Lund")
    ]
    assert len(_found("Anna Lund said the agency believed that the bridge was safe.")) == 2


def test_content_goes_on_after_a_quotation_whose_comma_stands_inside():
    text = "Anna Lund said the plan was “dead,” and that the board would meet on Monday."
    assert _found(text) == [("mixed", text[15:-1], "Anna Lund")]


def test_words_in_marks_after_a_verb_inside_content_are_not_anothers_quote():
    text = "Anna Lund said the thieves were seeking “secret plans of the bridge.”"
    assert [speaker for _, _, speaker in _found(text)] == ["Anna Lund"]


@pytest.mark.parametrize(
    ("text", "speaker", "via"),
    [
        ("The Courier quoted officials as saying that it was over.", "officials", "The Courier"),
        ("Anna Lund was quoted by the Courier as saying that it was over.", "Anna Lund", "the Courier"),
        (
            "The Courier, citing a source in the ministry, reported that it was over.",
            "a source in the ministry",
            "The Courier",
        ),
        ("It was over, the Courier reported, citing two officials.", "two officials", "the Courier"),
        (
            "The Courier, citing a person familiar with the talks, reported that it was over.",
            "a person familiar with the talks",
            "The Courier",
        ),
        ("The Courier, citing Reuters, reported that it was over.", "Reuters", "The Courier"),
    ],
)
def test_who_is_quoted_by_a_medium_is_the_source_and_the_medium_the_channel(text, speaker, via):
    quotes = find_quotes(text)
    assert quotes[["speaker", "via"]].to_numpy().tolist() == [[speaker, via]]


def test_what_is_cited_but_no_source_hands_nothing_on():
    for cited in ("weak demand", "concerns about safety", "the market"):
        quotes = find_quotes(f"Norwick Motors said that it would close the plant, citing {cited}.")
        assert quotes["via"].isna().all() and quotes["speaker"].iloc[0] == "Norwick Motors"
    quotes = find_quotes(
        "Anna Lund said that it was over, citing the FBI."
    )  # who repeats what she holds herself
    assert quotes["via"].isna().all() and quotes["speaker"].iloc[0] == "Anna Lund"


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("Anna Lund said that it was over.", "speech"),
        ("Anna Lund believes that it is over.", "thought"),
        ("Anna Lund supports the plan.", "act"),
        ("Anna Lund rejected the offer.", "act"),
        ("Anna Lund wants to close the bridge.", "act"),
        ('"I think that it is over," Anna Lund said.', "speech"),
        ('Anna Lund rejected the "absurd" offer.', "speech"),
    ],
)
def test_speech_thought_and_act_are_kept_apart(text, reported):
    assert find_quotes(text)["reported"].tolist() == [reported]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Nine people died, Anna Lund, the regional governor, said.", "Anna Lund"),
        (
            "The road will stay shut until Friday, Anna Lund, a spokeswoman for Lundberg, said on Monday.",
            "Anna Lund",
        ),
        ("He lied to his wife, the court heard.", "the court"),
        ("Per the filing, the fund lost 8%.", "filing"),
        ("“You learn with your hands.”\n— Anna Lund", "Anna Lund"),
    ],
)
def test_speakers_behind_appositions_of_courts_documents_and_on_lines_of_their_own(text, speaker):
    assert find_quotes(text)["speaker"].tolist() == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        'Locals call the tower "The Toaster."',
        'The press dubbed the plan "Operation Sandcastle".',
        "She heard the bridge creak.",
    ],
)
def test_a_name_that_is_given_is_no_quote(text):
    assert find_quotes(text).empty


def test_words_quoted_inside_what_is_said_have_a_row_and_a_speaker_of_their_own() -> None:
    found = find_quotes('King alleged that Rubio called the plan "a joke".')
    assert found[["speaker", "cue"]].values.tolist() == [["King", "alleged"], ["Rubio", "called"]]
    assert found["quoted_start"].notna().all()


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Declaring that she alone could do it, the mogul left.", "the mogul", "she alone could do it"),
        ("The poll found Lund leading in Norwick.", "The poll", "Lund leading in Norwick"),
        ("Lund asked the council about the old bridge.", "Lund", "the old bridge"),
        ("China, Russia and Iran support the plan.", "China, Russia and Iran", "the plan"),
        ("The council endorsed Anna Lund in May.", "The council", "Anna Lund"),
        ("Lund criticized the plan, including its cost.", "Lund", "the plan, including its cost"),
        ("Lund attacked the program as a waste.", "Lund", "the program as a waste"),
        ("Lund said it was sorry and accepted the report.", "Lund", "it was sorry and accepted the report"),
        ("The two met in 2019, the court heard.", "the court", "The two met in 2019"),
    ],
)
def test_who_says_what_is_found_in_more_sentences(text: str, speaker: str, content: str) -> None:
    found = find_quotes(text).iloc[0]
    assert (found["speaker"], text[found["start"] : found["end"]]) == (speaker, content)


def test_an_interview_of_two_questions_is_the_words_of_whom_it_names() -> None:
    questions = (
        "You retired at 27. Why so early?\n\nMy knees gave up.\n\nDo you miss it?\n\nEvery morning at five."
    )
    found = find_quotes(f"The Courier spoke to Anna Lund about the end of her career.\n\n{questions}")
    assert found["speaker"].tolist() == ["Anna Lund", "Anna Lund"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The company that makes the drug said it was safe.", "The company"),
        ("A report that the ministry kept in a drawer for two years warned that prices would rise.", "A report"),
        ("A man that nobody knew said that he had won.", "A man"),
        ("The report that leaked on Monday warned that prices would rise.", "The report"),
        ("It is clear that the bank said it would fail.", "the bank"),
        ("The court on Monday heard the complaint of forty families who refuse to leave.", "the complaint of forty families who"),
    ],
)  # fmt: skip
def test_a_clause_that_describes_the_speaker_speaks_for_nobody(text: str, speaker: str) -> None:
    assert find_quotes(text)["speaker"].tolist() == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [
        ("After saying that the bridge was safe, Anna Lund left the room.", "Anna Lund", "the bridge was safe"),
        ("While conceding that the bridge was old, the mayor left.", "the mayor", "the bridge was old"),
        ("They could not resist pointing out that the bridge was old.", "They", "the bridge was old"),
        ("Lund avoided saying that it was safe.", "Lund", "it was safe"),
        ("Declaring that it was safe, Lund left.", "Lund", "it was safe"),
    ],
)  # fmt: skip
def test_a_participle_has_the_subject_of_the_clause_that_it_belongs_to(
    text: str, speaker: str, said: str
) -> None:
    quote = find_quotes(text).iloc[0]
    assert (quote["speaker"], text[quote["start"] : quote["end"]]) == (speaker, said)


BOUNDARIES = {
    "Anna Lund told the Norwick Courier’s editorial board that the bridge was safe.": (
        "Anna Lund",
        "the bridge was safe",
    ),
    "Tor Falk, a dentist, said that while she opposed the plan, she would vote for Anna Lund.": (
        "Tor Falk",
        "while she opposed the plan, she would vote for Anna Lund",
    ),
    "Tor Falk attacked Anna Lund repeatedly for her long silence.": (
        "Tor Falk",
        "Anna Lund repeatedly for her long silence",
    ),
    "Economists who favor the tax agree that prices will fall.": ("Economists who", "prices will fall"),
    "Last month, the Courier, a daily, revealed that the bridge was old.": (
        "the Courier",
        "the bridge was old",
    ),
    "‘When Tor Falk wrote “all is well” we laughed,’ Anna Lund said.": (
        "Anna Lund",
        "When Tor Falk wrote “all is well” we laughed",
    ),
    "Anna Lund called Oskara her second home.": ("Anna Lund", "Oskara her second home"),
}


@pytest.mark.parametrize("text", BOUNDARIES)
def test_quotes_begin_and_end_where_the_clause_of_their_speaker_does(text):
    assert BOUNDARIES[text] in [(speaker, content) for _, content, speaker in _found(text)]


@pytest.mark.parametrize(
    "text", ["Tor Falk showed up at the debate.", "The Courier, a daily, submitted a bid."]
)
def test_a_verb_with_another_meaning_hands_over_nothing(text):
    assert _found(text) == []
