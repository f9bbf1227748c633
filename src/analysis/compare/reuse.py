"""The same words in several groups: passages of text that they share, and how much of one is in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.compare.words import Words, read_words
from analysis.tables import Places

MANY, NEAR = 200, 40  # places of one run of words that are all compared; of more, each with so many behind it
PAIRS = 4_000_000  # that are held before those that are there twice are taken out
ROWS = 500  # articles that are compared at once


def find_shared_passages(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str = "outlet",
    shortest: int = 12,
    shingle: int = 5,
    words: Words | None = None,
) -> pd.DataFrame:
    """Passages of `shortest` or more identical words in two articles of different groups, each as long as it goes.

    One row a passage: article_a, article_b, {by}_a, {by}_b, start_a, end_a, start_b, end_b (spans in the articles' text),
    words, containment_a, containment_b; `containment_a`: share (0..1) of a's `shingle`-word shingles that b has too
    (Broder 1997). Words are case folded; marks do not count; only the given sentences are read.

    This shows that words are shared, not who took them from whom: both may print the same agency or the same speech. All
    words are indexed once, so the time grows with the text and with what is shared, not with the pairs of articles; of
    what more than two hundred articles share, each is compared with some of the others. `words`: those of the sentences,
    where they have been read already.
    """
    if shortest < shingle:
        raise ValueError(
            f"a passage of {shortest} words holds no shingle of {shingle}; take a smaller shingle"
        )
    corpus = words or read_words(articles, sentences, by=by)
    windows, short = _hashes(corpus, shortest), _hashes(corpus, shingle)
    shingles: dict[int, _Signs] = {}
    rows = []
    for first, last, gap in _runs_of_words(corpus, windows, shortest):
        a, b = int(corpus.article[first]), int(corpus.article[first + gap])
        for number in {a, b} - shingles.keys():
            shingles[number] = _shingles_of(corpus, short, number)
        shared = len(np.intersect1d(shingles[a], shingles[b], assume_unique=True))
        spans = (
            *(int(corpus.start[first]), int(corpus.end[last])),
            *(int(corpus.start[first + gap]), int(corpus.end[last + gap])),
        )
        contained = (shared / len(shingles[a]), shared / len(shingles[b]))
        who = (corpus.names[a], corpus.names[b], corpus.groups[a], corpus.groups[b])
        rows.append((*who, *spans, last - first + 1, *contained))
    columns = [
        *("article_a", "article_b", f"{by}_a", f"{by}_b", "start_a", "end_a", "start_b", "end_b"),
        *("words", "containment_a", "containment_b"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["article_a", "article_b", "start_a", "start_b"], ignore_index=True)


def _runs_of_words(corpus: Words, windows: _Hashes, length: int) -> Iterator[tuple[int, int, int]]:
    """Passages that occur in two articles of different groups: first word, last word, words from one to the other."""
    begins: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for places in _repeated(windows):
        for i, j in nearby_pairs(places.tolist()):
            a, b = corpus.article[i], corpus.article[j]
            if corpus.groups[a] != corpus.groups[b]:
                begins[a, b, j - i].append(i)
    for (_, _, gap), places_of_one in begins.items():
        ordered = np.sort(np.array(places_of_one))
        for run in np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1):
            first, last = int(run[0]), int(run[-1]) + length - 1
            # Two different passages may have one hash: all but impossible, and cheap to rule out.
            if np.array_equal(corpus.word[first : last + 1], corpus.word[first + gap : last + gap + 1]):
                yield first, last, gap


def containment(
    articles: pd.DataFrame, sentences: pd.DataFrame, *, by: str = "outlet", shingle: int = 5
) -> pd.DataFrame:
    """How much of article a is also in article b, for articles of different groups that share anything at all.

    One row an ordered pair: article_a, article_b, {by}_a, {by}_b, n (shingles of a that b has), total (of a), share
    (n / total, 0..1), unit. Broder's (1997) containment. A few shared shingles are set phrases, titles and names: the
    share of two unrelated texts on one topic is not 0.
    """
    corpus = read_words(articles, sentences, by=by)
    columns = ["article_a", "article_b", f"{by}_a", f"{by}_b", "n", "total", "share"]
    rows = [
        (corpus.names[a], corpus.names[b], corpus.groups[a], corpus.groups[b], int(n), int(total), n / total)
        for found in _shared_shingles(corpus, shingle)
        for a, b, n, total in found.itertuples(index=False)
        if corpus.groups[a] != corpus.groups[b]
    ]
    return pd.DataFrame(rows, columns=columns).assign(unit=f"runs of {shingle} words")


def containment_of_groups(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str = "outlet",
    shingle: int = 5,
    words: Words | None = None,
) -> pd.DataFrame:
    """How much of one group's articles is also in another's: the sums of `containment` over their pairs of articles.

    One row an ordered pair of groups: {by}_a, {by}_b, n, total, share (n / total, 0..1). Pairs of articles are summed up
    some hundred articles at a time, so that memory grows with the articles and not with their pairs. `words`: those of the
    sentences, where they have been read already.
    """
    corpus = words or read_words(articles, sentences, by=by)
    group, names = pd.factorize(pd.Series(corpus.groups, dtype=object))
    member = np.equal.outer(group, np.arange(len(names))).astype(np.int64)
    has = _shingles_by_article(corpus, shingle)
    total = np.asarray(has.sum(axis=1)).ravel()
    sums = np.zeros((2, len(names), len(names)), np.int64)
    for start in range(0, len(group), ROWS):
        shared = has[start : start + ROWS] @ has.T
        of = member[start : start + ROWS].T
        sums[0] += of @ (shared @ member)
        shared.data[:] = 1
        sums[1] += of @ (total[start : start + ROWS, None] * (shared @ member))
    rows = [
        (names[a], names[b], *sums[:, a, b].tolist())
        for a, b in permutations(range(len(names)), 2)
        if sums[0, a, b]
    ]
    table = pd.DataFrame(rows, columns=[f"{by}_a", f"{by}_b", "n", "total"])
    return table.assign(share=table["n"] / table["total"])


def _shingles_by_article(corpus: Words, shingle: int) -> csr_array:
    """A row an article, a column a shingle of any: 1 where it has it."""
    hashes = _hashes(corpus, shingle)
    known = np.flatnonzero(hashes.valid)
    _, column = np.unique(hashes.value[known], return_inverse=True)
    width = int(column.max()) + 1 if len(column) else 1
    cells = np.unique(corpus.article[known] * width + column)
    shape = (len(corpus.names), width)
    return csr_array((np.ones(len(cells), int), np.divmod(cells, width)), shape=shape)


def _shared_shingles(corpus: Words, shingle: int) -> Iterator[pd.DataFrame]:
    """For pairs of articles that share any shingle their numbers a, b, how many n, and the total of a; by lots of a."""
    has = _shingles_by_article(corpus, shingle)
    total = np.asarray(has.sum(axis=1)).ravel()
    for start in range(0, len(corpus.names), ROWS):
        shared = (has[start : start + ROWS] @ has.T).tocoo()
        a, b = shared.coords
        order = np.lexsort((b, a))
        rows = {"a": a[order] + start, "b": b[order], "n": shared.data[order]}
        yield pd.DataFrame({**rows, "total": total[rows["a"]]})


def nearby_pairs(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of things that have something in common: all of them; of more than MANY each with the NEAR behind it."""
    if len(places) <= MANY:
        return combinations(places, 2)
    return ((place, other) for n, place in enumerate(places) for other in places[n + 1 : n + 1 + NEAR])


def pairs_in_common(lists: Iterable[Sequence[int]], groups: Sequence[Hashable]) -> tuple[Places, Places]:
    """The `nearby_pairs` of all these lists that are of two groups, each pair once and in order: the lower numbers, the higher.

    The lists have the numbers of things, whose groups are `groups`. A few million pairs are held at one time, beside those found.
    """
    n, of = len(groups), pd.factorize(np.fromiter(groups, object, len(groups)))[0]
    alike: dict[int, list[Sequence[int]]] = {}
    for places in lists:
        if len(places) > 1:
            alike.setdefault(len(places), []).append(places)
    found, waiting = np.zeros(0, np.int64), [np.zeros(0, np.int64)]
    for length, same in alike.items():
        first, second = (np.array(side) for side in zip(*nearby_pairs(range(length)), strict=True))
        some = max(1, PAIRS // len(first))
        for start in range(0, len(same), some):
            lot = np.array(same[start : start + some], dtype=np.int64)
            a, b = lot[:, first].ravel(), lot[:, second].ravel()
            apart = of[a] != of[b]
            a, b = a[apart], b[apart]
            waiting.append(np.unique(np.minimum(a, b) * n + np.maximum(a, b)))
            if sum(map(len, waiting)) > PAIRS:
                found, waiting = np.unique(np.concatenate([found, *waiting])), []
    found = np.unique(np.concatenate([found, *waiting]))
    return found // max(n, 1), found % max(n, 1)


_Signs = NDArray[np.uint64]  # hashes of windows


@dataclass(frozen=True)
class _Hashes:
    """For each word the hash of the window that begins there; `valid` where the window ends in the same article."""

    value: _Signs
    valid: NDArray[np.bool_]


def _hashes(corpus: Words, length: int) -> _Hashes:
    n = len(corpus.word) - length + 1
    if n <= 0:
        return _Hashes(np.zeros(0, np.uint64), np.zeros(0, bool))
    sign = np.random.default_rng(0).integers(0, 2**64, int(corpus.word.max()) + 1, dtype=np.uint64)
    value = np.zeros(n, np.uint64)
    for offset in range(length):
        value = value * np.uint64(0x9E3779B97F4A7C15) + sign[corpus.word[offset : offset + n]]
    return _Hashes(value, corpus.article[:n] == corpus.article[length - 1 :])


def _repeated(hashes: _Hashes) -> Iterable[Places]:
    """Places of the windows that occur more than once, window by window, each in ascending order."""
    known = np.flatnonzero(hashes.valid)
    order = known[np.argsort(hashes.value[known], kind="stable")]
    value = hashes.value[order]
    cuts = np.flatnonzero(value[1:] != value[:-1]) + 1
    first, last = np.r_[0, cuts], np.r_[cuts, len(order)]
    for a, b in zip(first[last - first > 1], last[last - first > 1], strict=True):
        yield order[a:b]


def _shingles_of(corpus: Words, hashes: _Hashes, number: int) -> _Signs:
    first, last = np.searchsorted(corpus.article[: len(hashes.value)], [number, number + 1])
    return np.unique(hashes.value[first:last][hashes.valid[first:last]])
