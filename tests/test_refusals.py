"""Refusals: who was asked and gave no answer."""

from __future__ import annotations

import pytest

from analysis.annotate.quotes import find_quotes
from analysis.annotate.refusals import find_refusals
from analysis.annotate.voices import find_voices
from analysis.codebook import load_codebook
from analysis.parse.document import parse_text


def _found(text: str) -> list[tuple[str, str]]:
    """The words of each refusal and who gave no answer."""
    documents = [parse_text(text)]
    codebook = load_codebook()
    quotes = find_quotes(documents, codebook)
    found = find_refusals(documents, find_voices(quotes, documents), codebook)
    words = [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)]
    return list(zip(words, found["speaker"].fillna("").tolist(), strict=True))


REFUSALS = {
    "The mayor declined to say whether the bridge was safe.": ("declined to say", "The mayor"),
    "A spokeswoman for the harbour declined to comment.": (
        "declined to comment",
        "A spokeswoman for the harbour",
    ),
    "Anna Lund, the mayor, did not immediately respond to a request.": (
        "not immediately respond to a request",
        "Anna Lund",
    ),
    "The ministry has not replied to the Courier's questions.": (
        "not replied to the Courier's questions",
        "The ministry",
    ),
    "Tor Berg didn't return several calls.": ("didn't return several calls", "Tor Berg"),
    "The owners could not be reached.": ("could not be reached", "The owners"),
    "There was no immediate comment from the harbour office.": (
        "no immediate comment from",
        "the harbour office",
    ),
    "On Monday the council would not comment on the bridge.": ("would not comment", "the council"),
    "The Harbour Office, the ferry company and the council did not comment.": (
        "did not comment",
        "Harbour Office, ferry company and council",
    ),
    "Last week, the mayor and the council did not comment.": ("did not comment", "mayor and council"),
}


@pytest.mark.parametrize("text", REFUSALS, ids=lambda text: text[:30])
def test_who_gave_no_answer_is_recorded(text: str) -> None:
    assert _found(text) == [REFUSALS[text]]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor said that the bridge was safe.",
        "The mayor declined the honour.",
        "The bridge did not respond well to the frost, engineers said." + " It held.",
        "“The council declined to comment when I asked,” Anna Lund said.",
    ],
)
def test_what_is_told_in_a_quotation_and_what_is_no_refusal_is_left_out(text: str) -> None:
    assert [words for words, _ in _found(text) if "respond" not in words] == []


def test_a_refusal_is_no_quote() -> None:
    text = "The mayor did not respond to questions about the bridge."
    assert len(find_quotes(text)) == 0
