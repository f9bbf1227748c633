"""Voice: who speaks in a span, the author or a source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.tables import rows_by_article, split_at_breaks

AUTHOR, QUOTED, REPORTED = "author", "quoted", "reported"


def find_voice(spans: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Columns `voice` and `source_id` for each span, aligned to the index of `spans`.

    `quoted` where the span's first character stands in quotation marks, `reported` where it stands in other
    reported speech, else `author`. Of quotes inside quotes the innermost counts; `source_id` is NA for the author.
    """
    voice = np.full(len(spans), AUTHOR, dtype=object)
    source = np.full(len(spans), pd.NA, dtype=object)
    columns = ("start", "end", "quoted_start", "quoted_end", "source_id")
    pieces = rows_by_article(split_at_breaks(quotes), *columns)
    groups = {article: _segments(rows) for article, rows in pieces.items()}
    places = spans.groupby("article_id", sort=False).indices
    starts = spans["start"].to_numpy(dtype="int64")
    for article, rows in places.items():
        if article not in groups:
            continue
        edges, voices, sources = groups[article]
        at = np.searchsorted(edges, starts[rows], side="right") - 1
        voice[rows] = voices[at]
        source[rows] = sources[at]
    return pd.DataFrame(
        {"voice": pd.array(voice, dtype="string"), "source_id": pd.array(source, dtype="string")},
        index=spans.index,
    )


def _segments(quotes: Iterable[tuple[Any, ...]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The text cut at every edge of a quote: where each piece begins, whose voice and which source it has."""
    rows = [(a, b, *((a, a) if pd.isna(qa) else (qa, qb)), source) for a, b, qa, qb, source in quotes]
    cuts = sorted({-1}.union(*(row[:4] for row in rows)))
    voices = np.full(len(cuts), AUTHOR, dtype=object)
    sources = np.full(len(cuts), pd.NA, dtype=object)
    for a, b, qa, qb, source in sorted(
        rows, key=lambda r: r[0] - r[1]
    ):  # longest first: the innermost is last
        for i in range(bisect_right(cuts, a) - 1, bisect_right(cuts, b - 1)):
            voices[i] = QUOTED if qa <= cuts[i] < qb else REPORTED
            sources[i] = source
    return np.array(cuts), voices, sources
