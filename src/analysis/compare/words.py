"""All words of a study in one row, as numbers: what is read once for everything that counts or compares words."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare.uncertainty import require_groups
from analysis.ids import among
from analysis.tables import Places
from analysis.text import split_tokens


@dataclass(frozen=True, eq=False)
class Words:
    """The words of the given sentences, article by article, without marks.

    For each word: its number in `vocabulary` (words folded), those of its article in `names` and of its sentence in
    `sentences`, and its span.
    """

    names: Sequence[str]  # ids of the articles whose text is known
    groups: Sequence[Hashable]  # of these
    vocabulary: Sequence[str]
    sentences: pd.DataFrame
    word: Places
    article: Places
    sentence: Places
    start: Places
    end: Places

    def within(
        self, sentences: pd.DataFrame | None = None, outside: pd.DataFrame | None = None
    ) -> NDArray[np.bool_]:
        """For each word whether it is in one of these sentences (default: all) and begins in no span of `outside`."""
        found = np.ones(len(self.word), bool)
        if sentences is not None:
            found = among(self.sentences["sentence_id"], sentences["sentence_id"]).to_numpy()[self.sentence]
        if outside is None or not len(self.word):
            return found
        spans = outside[["article_id", "start", "end"]].dropna()
        place = {name: n for n, name in enumerate(self.names)}
        at = spans["article_id"].map(place)
        spans, at = spans[at.notna()], at[at.notna()].to_numpy(np.int64)
        ends = spans["end"].to_numpy(np.int64)
        length = max(int(self.end.max()), int(ends.max(initial=0))) + 1
        begins = self.article * length + self.start  # of all words, ascending
        first = np.searchsorted(begins, at * length + spans["start"].to_numpy(np.int64))
        last = np.searchsorted(begins, at * length + ends)
        change = np.bincount(first, minlength=len(begins) + 1) - np.bincount(last, minlength=len(begins) + 1)
        return np.asarray(found & (np.cumsum(change)[:-1] == 0))

    def starts(self) -> dict[str, Places]:
        """Where the words of each article begin."""
        ends = np.searchsorted(self.article, np.arange(len(self.names) + 1))
        return {name: self.start[a:b] for name, a, b in zip(self.names, ends, ends[1:], strict=False)}


def read_words(articles: pd.DataFrame, sentences: pd.DataFrame, *, by: str = "outlet") -> Words:
    """The words of the sentences. ValueError where an article is of no group."""
    require_groups(articles, by)
    known = articles.dropna(subset=["text"])
    names, texts = known["article_id"].tolist(), known["text"].tolist()
    rows = sentences[among(sentences["article_id"], names)]
    place = {name: n for n, name in enumerate(names)}
    rows = rows.assign(at=rows["article_id"].map(place)).sort_values(["at", "start"])
    at = rows["at"].to_numpy(np.int64)
    numbers: dict[str, int] = {}
    word, starts, ends, sizes = (array("q") for _ in range(4))
    for article, start, end in zip(at.tolist(), rows["start"].tolist(), rows["end"].tolist(), strict=True):
        tokens = [t for t in split_tokens(texts[article][start:end], start) if t.text[0].isalnum()]
        word.extend([numbers.setdefault(token.lower, len(numbers)) for token in tokens])
        starts.extend([token.start for token in tokens])
        ends.extend([token.end for token in tokens])
        sizes.append(len(tokens))
    word_of, start_of, end_of, size = (np.array(column, np.int64) for column in (word, starts, ends, sizes))
    return Words(
        names,
        known[by].tolist(),
        list(numbers),
        rows.drop(columns="at").reset_index(drop=True),
        word_of,
        np.repeat(at, size),
        np.repeat(np.arange(len(rows)), size),
        start_of,
        end_of,
    )
