"""What one speaker may have said once, and two outlets print each in its own way: quotes on one point.

Words in common tell an utterance that is quoted in two outlets (see `analysis.compare.utterances`). Where one quotes and
another reports, they may share none: `What will these guarantees do?` and `questioning whether they would deter anybody`.
Their sentences do: here quotes of one speaker are compared by the words of the sentences that they stand in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.compare.reuse import MANY, pairs_in_common
from analysis.compare.uncertainty import require_groups
from analysis.compare.utterances import AT_ONCE, Pairs, alike_surnames, same_speaker, uncollected
from analysis.language import Language
from analysis.text import split_tokens

LIKENESS = 0.15  # least cosine
STEMS = 3  # least that two sentences share
WEEK = pd.Timedelta(days=7)  # between two articles: later a speaker says it again
RARE = 0.1  # share of sentences: of many, words of more are no reason to compare two


@uncollected()
def find_paraphrases(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    language: Language,
    *,
    but: Collection[frozenset[str]] = (),
    by: str = "outlet",
) -> pd.DataFrame:
    """Pairs of quotes of one speaker in two groups that may be one statement: their sentences are about one point.

    One row a pair, the likest first: point (`p1`, ...; see below), quote_a, quote_b, likeness (0..1), shared (the words in
    common, as stems). `likeness` is the cosine of the sentences' stems (Snowball; Porter 2001), each weighted by its rarity
    among these sentences (Salton & Buckley 1988); the words of function, of the speaker's name and description do not
    count. Kept are pairs of .15 and above that share three stems or more, one of them in the words attributed, each the
    other's likest in its article; printed within a week of each other where both days are known. Speakers are named, or
    bodies of one name; pairs of two people are never made. Quotes are on one `point` if each two of them are a pair. The
    sentences of pairs of quote_ids in `but`, such as those of one utterance, are not paired.

    A guess that sets passages beside each other to be read: two sentences about one thing may be two statements.
    """
    require_groups(quotes, by)
    heard = _hear(quotes, sources, articles, sentences, language, by)
    begins = dict(zip(sentences["sentence_id"], sentences["start"], strict=True))
    own = zip(quotes["quote_id"], quotes["article_id"], quotes["sentence_id"].map(begins), strict=True)
    place = {quote: (article, start) for quote, article, start in own}
    known = {frozenset(map(place.get, pair)) for pair in but}
    found = sorted(
        pair
        for pair in _pairs(heard, *_likely(heard))
        if frozenset(heard[quote].place for quote in pair[1:]) not in known
    )
    best: dict[tuple[int, str], int] = {}
    for _, i, j in found:
        best.setdefault((i, heard[j].article_id), j)
        best.setdefault((j, heard[i].article_id), i)
    kept = [
        (likeness, i, j)
        for likeness, i, j in found
        if best[i, heard[j].article_id] == j and best[j, heard[i].article_id] == i
    ]
    point = _points([(i, j) for _, i, j in kept])
    rows = [
        {
            "point": f"p{point[i] + 1}",
            "quote_a": heard[i].quote_id,
            "quote_b": heard[j].quote_id,
            "likeness": -likeness[0],
            "shared": ", ".join(sorted(heard[i].stems & heard[j].stems)),
        }
        for likeness, i, j in kept
        if i in point and point[i] == point.get(j)
    ]
    return pd.DataFrame(rows, columns=["point", "quote_a", "quote_b", "likeness", "shared"])


@dataclass(frozen=True)
class _Heard:
    quote_id: str
    article_id: str
    group: Hashable
    speaker: str
    named: bool
    day: pd.Timestamp
    place: tuple[str, int]  # the article and where the first of its sentences begins
    own: frozenset[str]  # stems of what is attributed
    stems: frozenset[str]  # of the sentences that it stands in


def _hear(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    language: Language,
    by: str,
) -> list[_Heard]:
    who = sources[["source_id", "name", "person", "description", "named"]].dropna(subset=["person"])
    said = quotes.dropna(subset=["start", "end"]).merge(who, on="source_id", validate="many_to_one")
    # Whoever is heard in one group alone has no pair, and is not read.
    several = said.groupby(alike_surnames(list(said["name"])))[by].transform("nunique") > 1
    said = said[several]
    texts = articles.dropna(subset=["text"])
    words = dict(zip(texts["article_id"], texts["text"], strict=True))
    printed = pd.to_datetime(texts["published"], errors="coerce", utc=True, format="ISO8601")
    days = dict(zip(texts["article_id"], printed, strict=True))
    ends = sentences[["start", "end"]].to_numpy(int)
    spans = {article: ends[places] for article, places in sentences.groupby("article_id").indices.items()}
    read = cache(_Reader(language, language.stop_words()).stems)
    heard: dict[tuple[tuple[str, int], str], _Heard] = {}
    for row in said[said["article_id"].isin(list(words))].to_dict("records"):
        article, start, end = row["article_id"], int(row["start"]), int(row["end"])
        text, around = words[article], spans.get(article, np.zeros((0, 2), int))
        around = around[(around[:, 0] < end) & (around[:, 1] > start)]
        names = read(f"{row['name']} {'' if pd.isna(row['description']) else row['description']}")
        stems = frozenset().union(*(read(text[a:b]) for a, b in around)) - names
        own = read(text[start:end]) & stems
        place = (article, int(around[0, 0]) if len(around) else start)
        known = (row["quote_id"], article, row[by], str(row["name"]), bool(row["named"]), days[article])
        # Of one speaker's quotes in one sentence the fullest stands for all.
        before = heard.get((place, known[3]))
        if before is None or len(own) > len(before.own):
            heard[place, known[3]] = _Heard(*known, place, own, stems)
    return list(heard.values())


@dataclass(frozen=True)
class _Reader:
    """The stems of content words in a text: names of states and what is called after them are one."""

    language: Language
    functional: frozenset[str]

    def stems(self, text: str) -> frozenset[str]:
        words = {token.lower.removesuffix("'s") for token in split_tokens(text) if token.text[0].isalnum()}
        states = (self.language.state_of(w) for w in words - self.functional if len(w) > 1)
        return frozenset(map(self.language.stem, states))


def _likely(heard: Sequence[_Heard]) -> tuple[Pairs, csr_array]:
    """Pairs that have one of the rarer stems and perhaps the speaker in common; and the weight of each stem of each quote."""
    of, stems = pd.factorize(pd.Series([stem for h in heard for stem in sorted(h.stems)], dtype=object))
    row = np.repeat(np.arange(len(heard)), [len(h.stems) for h in heard])
    seen = np.bincount(of, minlength=len(stems))
    weight = np.log1p(len(heard) / np.maximum(seen, 1))
    length = np.sqrt(np.bincount(row, weight[of] ** 2, minlength=len(heard)))
    cells = weight[of] / np.where(length[row] > 0, length[row], 1)
    speakers = alike_surnames([h.speaker for h in heard])
    index: dict[tuple[int, int], list[int]] = defaultdict(list)
    for quote, stem in zip(row.tolist(), of.tolist(), strict=True):
        if seen[stem] <= max(RARE * len(heard), MANY):
            index[speakers[quote], stem].append(quote)
    lists = (places for (speaker, _), places in index.items() if speaker)
    return pairs_in_common(lists, [h.group for h in heard]), csr_array(
        (cells, (row, of)), shape=(len(heard), max(len(stems), 1))
    )


def _pairs(
    heard: Sequence[_Heard], pairs: Pairs, weights: csr_array
) -> Iterator[tuple[tuple[float, int], int, int]]:
    """Of these pairs those that are about one point: likeness and shared stems of their own words, negative; the quotes."""
    days = pd.DatetimeIndex(pd.Series([h.day for h in heard], dtype="datetime64[ns, UTC]"))
    alike = cache(same_speaker)
    for start in range(0, len(pairs[0]), AT_ONCE):
        first, second = pairs[0][start : start + AT_ONCE], pairs[1][start : start + AT_ONCE]
        # A day that is not known (NaT) is on neither side of any.
        near = ~(np.abs((days[first] - days[second]).to_numpy()) > WEEK.to_numpy())
        first, second = first[near], second[near]
        likeness = np.asarray((weights[first] * weights[second]).sum(axis=1)).ravel()
        like_enough = likeness >= LIKENESS
        for i, j, like in zip(
            *(side[like_enough].tolist() for side in (first, second, likeness)), strict=True
        ):
            a, b = heard[i], heard[j]
            shared = a.stems & b.stems
            if len(shared) < STEMS or not shared & (a.own | b.own):
                continue
            if alike(a.speaker, b.speaker, named=a.named and b.named):
                yield (-like, -len(a.own & b.own)), i, j


def _points(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The number of each quote's point: a quote joins those with each of which it is a pair, else it opens another."""
    linked = {frozenset(pair) for pair in pairs}
    points: list[list[int]] = []
    of: dict[int, int] = {}
    for pair in pairs:
        for quote, other in (pair, pair[::-1]):
            if quote in of:
                continue
            if other in of and all(frozenset((quote, one)) in linked for one in points[of[other]]):
                points[of[other]].append(quote)
                of[quote] = of[other]
            elif other not in of:
                points.append([quote])
                of[quote] = len(points) - 1
    return of
