"""Voice: whose words a span is in."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.annotate.voices import Voice, find_voices
from analysis.tables import QUOTES


def _quotes(*rows: dict) -> pd.DataFrame:
    return QUOTES.make([{"article_id": "a", "form": "mixed", **row} for row in rows])


def _at(quotes: pd.DataFrame, *places: int, article: str = "a") -> list[Voice]:
    voices = find_voices(quotes)
    return [voices.at(article, place) for place in places]


QUOTE = {"start": 10, "end": 40, "quoted_start": 20, "quoted_end": 30, "source_id": "a:p1"}


def _kinds(*found: Voice) -> list[str | None]:
    return [voice for voice, _ in found]


def test_a_span_is_quoted_inside_the_marks_reported_around_them_and_else_the_authors():
    found = _at(_quotes(QUOTE), 9, 10, 19, 20, 29, 30, 39, 40)
    assert _kinds(*found) == [
        *("author", "reported", "reported", "quoted", "quoted", "reported", "reported", "author")
    ]
    assert [source for _, source in found] == [None, *["a:p1"] * 6, None]


def test_the_attribution_that_interrupts_a_quote_is_the_authors():
    broken = {**QUOTE, "quoted_start": 10, "quoted_end": 40, "break_start": 20, "break_end": 30}
    assert _kinds(*_at(_quotes(broken), 19, 20, 29, 30)) == ["quoted", "author", "author", "quoted"]


def test_of_an_interrupted_quote_the_piece_without_marks_is_reported():
    broken = {**QUOTE, "quoted_start": 32, "quoted_end": 36, "break_start": 20, "break_end": 30}
    assert _kinds(*_at(_quotes(broken), 10, 20, 30, 32)) == ["reported", "author", "reported", "quoted"]


def test_the_innermost_quote_speaks():
    inner = {"start": 15, "end": 18, "source_id": "a:p2"}
    found = _at(_quotes(QUOTE, inner), 14, 15, 18)
    assert [source for _, source in found] == ["a:p1", "a:p2", "a:p1"]


def test_an_article_without_quotes_speaks_in_its_authors_voice():
    assert _at(_quotes(QUOTE), 20, article="b") == [("author", None)]
    assert _at(_quotes(), 1) == [("author", None)]


@pytest.mark.parametrize(
    ("start", "end", "voice"),
    [(0, 2, "author"), (5, 8, "quoted"), (2, 8, None), (12, 14, "reported"), (6, 14, "reported")],
)
def test_words_that_lie_across_the_edge_of_a_quotation_have_no_voice(start, end, voice):
    quotes = _quotes({"start": 4, "end": 16, "quoted_start": 4, "quoted_end": 10, "source_id": "p"})
    assert find_voices(quotes).of_span("a", start, end)[0] == voice
