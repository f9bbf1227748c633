"""Quotes: what is found in small invented sentences, and what always holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.annotate.quotes import find_quotes


def _found(text: str) -> list[tuple[str, str, str]]:
    """Form, content and speaker of each quote."""
    quotes = find_quotes(text)
    contents = [text[a:b] for a, b in zip(quotes["start"], quotes["end"], strict=True)]
    speakers = quotes["speaker"].fillna("").tolist()
    return list(zip(quotes["form"].tolist(), contents, speakers, strict=True))


def test_a_quote_before_its_attribution_goes_to_the_speaker():
    assert _found('"We are ready to talk," Anna Lund said.') == [
        ("direct", "We are ready to talk", "Anna Lund")
    ]


def test_the_speaker_may_follow_the_verb():
    assert _found('"We are ready to talk," said Anna Lund, the mayor of Norwick.') == [
        ("direct", "We are ready to talk", "Anna Lund")
    ]


def test_a_that_clause_is_an_indirect_quote_without_its_that():
    assert _found("Anna Lund said that the bridge was safe.") == [
        ("indirect", "the bridge was safe", "Anna Lund")
    ]


def test_according_to_names_its_source_before_or_after():
    assert _found("The bridge is safe, according to the mayor.") == [
        ("indirect", "The bridge is safe", "the mayor")
    ]
    assert _found("According to the mayor, the bridge is safe.") == [
        ("indirect", "the bridge is safe", "the mayor")
    ]


def test_a_refusal_to_speak_is_no_quote():
    assert _found("The mayor declined to say whether the bridge was safe.") == []


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("ab A.,:;\n\"“”‘’'«»—-()") | st.characters(exclude_categories=["Cs"]),
        max_size=120,
    )
)
def test_no_text_raises_and_spans_lie_inside_it(text):
    quotes = find_quotes(text)
    assert ((quotes["start"] >= 0) & (quotes["start"] < quotes["end"]) & (quotes["end"] <= len(text))).all()
