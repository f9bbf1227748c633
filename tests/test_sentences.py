"""Sentences. The texts here are invented."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.language import load_language
from analysis.parse.document import parse, sentence_table
from analysis.parse.sentences import find_sentence_spans


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in find_sentence_spans(text, load_language())]


@pytest.mark.parametrize(
    "text",
    [
        "General Ola Brandt (Ret.), who led the northern command, agreed.",
        '"Will they ever come back?" he said.',
        "“Will they ever come back?” she asked the envoys.",
        "Sen. Ola Brandt met Lt. Gen. Mara Vale in the U.S. on Monday.",
        "The envoys met at 10 a.m. in St. Olaf.",
        "“It is a good plan,” Mr. Hedge said.",
        "The bill was signed by Ola H.W. Brown on Monday.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["“They will not come back.”", "The room fell silent."],
        ['"They will not come back."', "The room fell silent."],
        ["The talks failed.", "“We tried,” Brandt said."],
        ["He left for the U.S. on Monday.", "She stayed."],
        ["“They came.", "They saw.”"],
        ["He had come from the U.S.", "They saw him leave."],
    ],
)
def test_two_sentences_are_two(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@given(st.text())
def test_sentences_lie_in_the_text_in_order_and_lose_no_word(text: str) -> None:
    spans = find_sentence_spans(text, load_language())
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_clutter_has_no_sentences_and_paragraphs_are_numbered() -> None:
    text = "Envoys Meet\n\nThe envoys met in the harbour. They will meet again soon.\n\nAdvertisement\n\nNobody else was there."
    articles = pd.DataFrame({"article_id": ["a"], "text": [text]})
    table = sentence_table(parse(articles, load_language()))
    assert table.sentence_id.tolist() == ["a:s1", "a:s2", "a:s3", "a:s4"]
    assert table.paragraph.tolist() == [1, 2, 2, 3]
    assert table.kind.tolist() == ["title", "body", "body", "body"]


def test_a_paragraph_at_the_end_changes_nothing_before_it() -> None:
    text = "Envoys Meet\n\nThe envoys met in the harbour. They will meet again soon, the hosts hope."
    longer = text + "\n\nOn Friday the envoys flew home, and nobody could say when they would come back."
    tables = [
        sentence_table(parse(a, load_language()))
        for a in (pd.DataFrame({"article_id": ["a"], "text": [t]}) for t in (text, longer))
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1].head(len(tables[0])))
