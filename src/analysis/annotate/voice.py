"""Voice: who speaks in a span, the author or a source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.tables import rows_by_article, split_at_breaks

AUTHOR, QUOTED, REPORTED = "author", "quoted", "reported"

Voice = tuple[str | None, str | None]  # voice and source_id


class Pieces(NamedTuple):
    """An article's text cut at every edge of a quote: where each piece begins, and its voice."""

    edges: Sequence[int]
    voices: Sequence[Voice]

    def number(self, place: int) -> int:
        """Which piece holds the character at `place`."""
        return bisect_right(self.edges, place) - 1


ALONE = Pieces([-1], [(AUTHOR, None)])  # an article without quotes


def find_voice(spans: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Columns `voice` and `source_id` for each span, aligned to the index of `spans`.

    `quoted` where the span's first character stands in quotation marks, `reported` where it stands in other
    reported speech, else `author`. Of quotes inside quotes the innermost counts; `source_id` is NA for the author.
    """
    pieces = find_pieces(quotes)
    found = []
    for article, start in zip(spans["article_id"].tolist(), spans["start"].tolist(), strict=True):
        own = pieces.get(article, ALONE)
        found.append(own.voices[own.number(start)])
    return pd.DataFrame(
        {
            "voice": pd.array([voice for voice, _ in found], dtype="string"),
            "source_id": pd.array([source for _, source in found], dtype="string"),
        },
        index=spans.index,
    )


def find_pieces(quotes: pd.DataFrame) -> dict[str, Pieces]:
    """The pieces of each article that has quotes; of quotes inside quotes the innermost counts."""
    columns = ("start", "end", "quoted_start", "quoted_end", "source_id")
    rows = rows_by_article(split_at_breaks(quotes), *columns)
    return {article: _cut(own) for article, own in rows.items()}


def _cut(quotes: Iterable[tuple[Any, ...]]) -> Pieces:
    rows = [
        (a, b, *((a, a) if pd.isna(qa) else (qa, qb)), None if pd.isna(source) else source)
        for a, b, qa, qb, source in quotes
    ]
    edges = sorted({-1}.union(*(row[:4] for row in rows)))
    voices: list[Voice] = [(AUTHOR, None)] * len(edges)
    for a, b, qa, qb, source in sorted(rows, key=lambda r: r[0] - r[1]):  # the innermost is last
        for i in range(bisect_right(edges, a) - 1, bisect_right(edges, b - 1)):
            voices[i] = (QUOTED if qa <= edges[i] < qb else REPORTED, source)
    return Pieces(edges, voices)
