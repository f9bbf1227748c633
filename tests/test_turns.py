"""Turns: whose words the paragraphs of a transcript or an interview are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.annotate.quotes import find_quotes


def _said(*paragraphs: str) -> list[tuple[str, str, str]]:
    """Form, words and speaker of each quote."""
    text = "\n\n".join(paragraphs)
    return [(q.form, text[q.start : q.end], q.speaker) for q in find_quotes(text).itertuples(index=False)]


BROADCAST = (
    "TOR BERG, HOST:",
    "The bridge has fallen. We are joined by Anna Lund.",
    "ANNA LUND: Good morning. Thanks for having me.",
    "BERG: Will it be rebuilt?",
    "LUND: I think that it will. The mayor said that there is money.",
    "BERG: Thank you.",
)


def test_a_guests_turn_is_one_quote_and_the_hosts_words_and_greetings_are_none():
    assert _said(*BROADCAST) == [
        ("direct", "I think that it will. The mayor said that there is money.", "LUND"),
        ("indirect", "there is money", "The mayor"),
    ]


def test_what_a_host_reports_is_a_quote_of_whom_the_host_names():
    assert _said(*BROADCAST, "BERG: The council said that it had no money.")[-1] == (
        "indirect",
        "it had no money",
        "The council",
    )


def test_who_asks_most_is_the_host_where_no_label_says_so():
    turns = (
        "The Herald: Will it stand?",
        "Lund: I doubt it.",
        "The Herald: Why do you say so?",
        "Lund: Because I know the bridge.",
    )
    assert _said(*turns) == [
        ("direct", "I doubt it.", "Lund"),
        ("direct", "Because I know the bridge.", "Lund"),
    ]


def test_the_introduction_names_who_answers_a_question_without_a_name():
    turns = (
        "We spoke to Anna Lund about it.",
        "Q: Will it stand?",
        "A: I doubt it.",
        "Q: Why?",
        "A: It is old.",
    )
    assert _said(*turns) == [("direct", "I doubt it.", "Anna Lund"), ("direct", "It is old.", "Anna Lund")]


def test_in_an_interview_with_dashes_every_second_turn_is_an_answer():
    turns = (
        "– What do you make of it, Mr. Berg?",
        "– I am not surprised.",
        "It is old.",
        "– Why?",
        "– It leans.",
    )
    assert [words for _, words, _ in _said(*turns)] == ["I am not surprised.", "It is old.", "It leans."]
    assert {speaker for *_, speaker in _said(*turns)} == {"Berg"}


def test_questions_put_to_you_are_followed_by_answers():
    turns = (
        "The Herald interviewed Anna Lund in Norwick.",
        "What do you expect?",
        "I expect little.",
        "Do you mean to stay?",
        "My house is here.",
        "And what would you tell the mayor?",
        "I would tell him to wait.",
        "This interview was edited for length.",
    )
    assert _said(*turns) == [
        ("direct", "I expect little.", "Anna Lund"),
        ("direct", "My house is here.", "Anna Lund"),
        ("direct", "I would tell him to wait.", "Anna Lund"),
    ]


def test_an_article_of_questions_and_the_outlets_own_answers_is_no_interview():
    turns = (
        "What fell?",
        "The bridge fell.",
        "Who pays?",
        "The town pays.",
        "What comes next?",
        "Nobody knows.",
    )
    assert _said(*turns) == []


def test_headings_with_a_colon_are_no_speakers():
    turns = ("Time: The works take long.", "Money: They cost much.") * 2
    assert _said("The town waits.", *turns) == []


def test_the_article_goes_on_after_a_short_transcript():
    turns = (*BROADCAST[:5], "The works begin in May.")
    assert _said(*turns) == _said(*BROADCAST[:5])


lines = st.lists(st.text("AQ:.–?- \nLundI(,)", max_size=20), max_size=8)


@given(lines)
@settings(max_examples=60, deadline=None)
def test_no_text_raises_and_turns_stay_in_the_text(paragraphs):
    text = "\n\n".join(paragraphs)
    for quote in find_quotes(text).itertuples():
        assert 0 <= quote.start < quote.end <= len(text)
