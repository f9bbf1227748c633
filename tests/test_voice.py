"""Voice: whose words a span is in."""

from __future__ import annotations

import pandas as pd

from analysis.annotate.voice import find_voice
from analysis.tables import QUOTES


def _quotes(*rows: dict) -> pd.DataFrame:
    return QUOTES.make([{"article_id": "a", "form": "mixed", **row} for row in rows])


def _spans(*starts: int, article: str = "a") -> pd.DataFrame:
    return pd.DataFrame({"article_id": article, "start": starts, "end": [s + 1 for s in starts]})


QUOTE = {"start": 10, "end": 40, "quoted_start": 20, "quoted_end": 30, "source_id": "a:p1"}


def test_a_span_is_quoted_inside_the_marks_reported_around_them_and_else_the_authors():
    voice = find_voice(_spans(9, 10, 19, 20, 29, 30, 39, 40), _quotes(QUOTE))
    assert voice["voice"].tolist() == [
        *("author", "reported", "reported", "quoted", "quoted", "reported", "reported", "author")
    ]
    assert voice["source_id"].isna().tolist() == [True, *[False] * 6, True]


def test_the_attribution_that_interrupts_a_quote_is_the_authors():
    broken = {**QUOTE, "quoted_start": 10, "quoted_end": 40, "break_start": 20, "break_end": 30}
    voice = find_voice(_spans(19, 20, 29, 30), _quotes(broken))
    assert voice["voice"].tolist() == ["quoted", "author", "author", "quoted"]


def test_of_an_interrupted_quote_the_piece_without_marks_is_reported():
    broken = {**QUOTE, "quoted_start": 32, "quoted_end": 36, "break_start": 20, "break_end": 30}
    voice = find_voice(_spans(10, 20, 30, 32), _quotes(broken))
    assert voice["voice"].tolist() == ["reported", "author", "reported", "quoted"]


def test_the_innermost_quote_speaks():
    inner = {"start": 15, "end": 18, "source_id": "a:p2"}
    assert find_voice(_spans(14, 15, 18), _quotes(QUOTE, inner))["source_id"].tolist() == [
        "a:p1",
        "a:p2",
        "a:p1",
    ]


def test_the_answer_keeps_the_index_of_the_spans():
    spans = _spans(20, 5).set_index(pd.Index([7, 3]))
    assert find_voice(spans, _quotes(QUOTE)).loc[3, "voice"] == "author"


def test_an_article_without_quotes_speaks_in_its_authors_voice():
    assert find_voice(_spans(20, article="b"), _quotes(QUOTE))["voice"].tolist() == ["author"]


def test_no_spans_and_no_quotes_give_empty_answers():
    assert len(find_voice(_spans(), _quotes())) == 0
    assert find_voice(_spans(1), _quotes())["voice"].tolist() == ["author"]
