"""Voices: who speaks in each stretch of an article, the author or a source. Made once, for every stage."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.tables import rows_by_article, split_at_breaks

if TYPE_CHECKING:
    from analysis.parse.document import Document
    from analysis.text import Token

AUTHOR, QUOTED, REPORTED = "author", "quoted", "reported"

Voice = tuple[str | None, str | None]  # voice and source_id; both None where voices mix


class _Pieces(NamedTuple):
    """An article's text cut at every edge of a quote: where each piece begins, and its voice."""

    edges: Sequence[int]
    voices: Sequence[Voice]

    def number(self, place: int) -> int:
        """Which piece holds the character at `place`."""
        return bisect_right(self.edges, place) - 1


_ALONE = _Pieces([-1], [(AUTHOR, None)])  # an article without quotes


@dataclass(frozen=True, eq=False)
class Voices:
    """The voices of articles, by the quotes found in them.

    `quoted` inside quotation marks, `reported` in other reported speech, else `author`. Of quotes inside quotes the
    innermost counts; the author has no source. `of_tokens`: the voice of each token, by the sentence's id.
    """

    _pieces: Mapping[str, _Pieces]
    of_tokens: Mapping[str, Sequence[Voice]]

    def at(self, article_id: str, place: int) -> Voice:
        """The voice of the character at `place`."""
        own = self._pieces.get(article_id, _ALONE)
        return own.voices[own.number(place)]

    def of_span(self, article_id: str, start: int, end: int) -> Voice:
        """The voice of a span, as far as one voice says it all."""
        return shared_voice(self.at(article_id, start), self.at(article_id, end - 1))

    def fill(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with `voice` and `source_id` of each row's span."""
        spans = zip(*(table[c].tolist() for c in ("article_id", "start", "end")), strict=True)
        found = [self.of_span(*span) for span in spans]
        columns = {"voice": [voice for voice, _ in found], "source_id": [source for _, source in found]}
        return table.assign(**{name: pd.array(own, dtype="string") for name, own in columns.items()})


def shared_voice(first: Voice, last: Voice) -> Voice:
    """The voice of words that begin in one and end in another: (None, None) where these differ, for nobody said it all.

    Words partly quoted and partly reported of one source are reported.
    """
    if first == last:
        return first
    return (REPORTED, first[1]) if first[1] is not None and first[1] == last[1] else (None, None)


def find_voices(quotes: pd.DataFrame, documents: Iterable[Document] = ()) -> Voices:
    """The voices of all articles that the table `quotes` is of, and of each token of these documents.

    A quote that is interrupted leaves the author his words.
    """
    columns = ("start", "end", "quoted_start", "quoted_end", "source_id")
    rows = rows_by_article(split_at_breaks(quotes), *columns)
    pieces = {article: _cut(own) for article, own in rows.items()}
    of_tokens = {
        s.sentence_id: _of_tokens(s.tokens, pieces.get(document.article_id, _ALONE))
        for document in documents
        for s in document.sentences
    }
    return Voices(pieces, of_tokens)


def _of_tokens(tokens: Sequence[Token], pieces: _Pieces) -> Sequence[Voice]:
    if pieces.number(tokens[0].start) == (last := pieces.number(tokens[-1].start)):
        return [pieces.voices[last]] * len(tokens)  # as in most sentences
    return [pieces.voices[pieces.number(token.start)] for token in tokens]


def _cut(quotes: Iterable[tuple[Any, ...]]) -> _Pieces:
    rows = [
        (a, b, *((a, a) if pd.isna(qa) else (qa, qb)), None if pd.isna(source) else source)
        for a, b, qa, qb, source in quotes
    ]
    edges = sorted({-1}.union(*(row[:4] for row in rows)))
    voices: list[Voice] = [(AUTHOR, None)] * len(edges)
    for a, b, qa, qb, source in sorted(rows, key=lambda r: r[0] - r[1]):  # the innermost is last
        for i in range(bisect_right(edges, a) - 1, bisect_right(edges, b - 1)):
            voices[i] = (QUOTED if qa <= edges[i] < qb else REPORTED, source)
    return _Pieces(edges, voices)
