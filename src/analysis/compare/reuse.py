"""The same words in several groups: shared passages of text, and one utterance as different outlets print it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.compare.uncertainty import require_groups
from analysis.tables import Places
from analysis.text import fold, split_tokens

VERBATIM, PARTIAL = 0.9, 0.6  # least ratio of the longest common subsequence
REWORDED = 0.4  # least Jaccard of the content words
MANY, NEAR = 200, 40  # places of one run of words that are all compared; of more, each with so many behind it
ALL_SURNAMES = 3_000  # as many are compared each with each; of more, those with the same first letter
AT_ONCE, ROWS = 100_000, 500  # pairs of quotes, and articles, that are compared at once
CONTENT = 2  # least content words of a quote
UNKNOWN_SPEAKER = 5  # least words of a quote where the speaker may be another
BLOCK = 3  # shorter runs of words are alike in any two sentences
SURNAME = 80  # rapidfuzz ratio, 0..100: a slip or another transliteration, not another name
TITLE = re.compile(
    r"mr|mrs|ms|miss|dr|prof|professor|sir|dame|lord|lady|president|prime|minister|chancellor|king|queen|prince"
    r"|princess|pope|secretary|senator|sen|rep|representative|congressman|congresswoman|governor|gov|mayor|envoy"
    r"|ambassador|general|gen|lt|maj|col|colonel|admiral|adm|captain|capt|sgt|former|ex|acting|retired|ret|jr|sr|ii|iii"
)


def find_shared_passages(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str = "outlet",
    shortest: int = 12,
    shingle: int = 5,
) -> pd.DataFrame:
    """Passages of `shortest` or more identical words in two articles of different groups, each as long as it goes.

    One row a passage: article_a, article_b, {by}_a, {by}_b, start_a, end_a, start_b, end_b (spans in the articles' text),
    words, containment_a, containment_b; `containment_a`: share (0..1) of a's `shingle`-word shingles that b has too
    (Broder 1997). Words are case folded; marks do not count; only the given sentences are read.

    This shows that words are shared, not who took them from whom: both may print the same agency or the same speech. All
    words are indexed once, so the time grows with the text and with what is shared, not with the pairs of articles; of
    what more than two hundred articles share, each is compared with some of the others.
    """
    if shortest < shingle:
        raise ValueError(
            f"a passage of {shortest} words holds no shingle of {shingle}; take a smaller shingle"
        )
    corpus = _read(articles, sentences, by)
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
        who = (corpus.names[a], corpus.names[b], corpus.group[a], corpus.group[b])
        rows.append((*who, *spans, last - first + 1, *contained))
    columns = [
        *("article_a", "article_b", f"{by}_a", f"{by}_b", "start_a", "end_a", "start_b", "end_b"),
        *("words", "containment_a", "containment_b"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["article_a", "article_b", "start_a", "start_b"], ignore_index=True)


def _runs_of_words(corpus: _Corpus, windows: _Hashes, length: int) -> Iterator[tuple[int, int, int]]:
    """Passages that occur in two articles of different groups: first word, last word, words from one to the other."""
    begins: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for places in _repeated(windows):
        for i, j in _compared(places.tolist()):
            a, b = corpus.article[i], corpus.article[j]
            if corpus.group[a] != corpus.group[b]:
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
    corpus = _read(articles, sentences, by)
    columns = ["article_a", "article_b", f"{by}_a", f"{by}_b", "n", "total", "share"]
    rows = [
        (corpus.names[a], corpus.names[b], corpus.group[a], corpus.group[b], int(n), int(total), n / total)
        for found in _shared_shingles(corpus, shingle)
        for a, b, n, total in found.itertuples(index=False)
        if corpus.group[a] != corpus.group[b]
    ]
    return pd.DataFrame(rows, columns=columns).assign(unit=f"runs of {shingle} words")


def containment_of_groups(
    articles: pd.DataFrame, sentences: pd.DataFrame, *, by: str = "outlet", shingle: int = 5
) -> pd.DataFrame:
    """How much of one group's articles is also in another's: the sums of `containment` over their pairs of articles.

    One row an ordered pair of groups: {by}_a, {by}_b, n, total, share (n / total, 0..1). Pairs of articles are summed up
    some hundred articles at a time, so that memory grows with the articles and not with their pairs.
    """
    corpus = _read(articles, sentences, by)
    group, names = pd.factorize(pd.Series(corpus.group, dtype=object))
    sides = [f"{by}_a", f"{by}_b"]
    sums = [
        found.assign(**{sides[0]: group[found["a"]], sides[1]: group[found["b"]]})
        .groupby(sides, sort=False)[["n", "total"]]
        .sum()
        for found in _shared_shingles(corpus, shingle)
    ]
    if not sums:
        return pd.DataFrame(columns=[*sides, "n", "total", "share"])
    table = pd.concat(sums).groupby(sides, sort=False).sum().reset_index()
    table = table[table[sides[0]] != table[sides[1]]].reset_index(drop=True)
    table = table.assign(**{side: [names[place] for place in table[side]] for side in sides})
    return table.assign(share=table["n"] / table["total"])


def _shared_shingles(corpus: _Corpus, shingle: int) -> Iterator[pd.DataFrame]:
    """For pairs of articles that share any shingle their numbers a, b, how many n, and the total of a; by lots of a."""
    hashes = _hashes(corpus, shingle)
    known = np.flatnonzero(hashes.valid)
    _, column = np.unique(hashes.value[known], return_inverse=True)
    cells = np.unique(np.column_stack([corpus.article[known], column]), axis=0)
    shape = (len(corpus.names), int(column.max()) + 1 if len(column) else 1)
    has = csr_array((np.ones(len(cells), int), (cells[:, 0], cells[:, 1])), shape=shape)
    total = np.asarray(has.sum(axis=1)).ravel()
    for start in range(0, len(corpus.names), ROWS):
        shared = (has[start : start + ROWS] @ has.T).tocoo()
        a, b = shared.coords
        order = np.lexsort((b, a))
        rows = {"a": a[order] + start, "b": b[order], "n": shared.data[order]}
        yield pd.DataFrame({**rows, "total": total[rows["a"]]})


def match_utterances(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    articles: pd.DataFrame,
    stop_words: Collection[str],
    *,
    by: str = "outlet",
) -> pd.DataFrame:
    """Pairs of quotes in different groups that render one utterance.

    One row a pair: utterance (pairs that are connected have one id), quote_a, quote_b, article_a, article_b, {by}_a,
    {by}_b, kind, ratio, jaccard, same_speaker, speaker_a, speaker_b.

    `stop_words` are no content words (see `Language.stop_words`).
    `kind`: verbatim (ratio >= .9); truncated (>= .6, or the same speaker, and the shorter one is in the longer in
    one piece); spliced (likewise, in two or more pieces of three words or more); reworded (same speaker and jaccard
    >= .4). Where only the words in quotation marks are alike, those of one speaker decide. `ratio`: twice the longest
    common subsequence of words over all words of both, 0..1; `jaccard`: of the content words, 0..1; both of all that is
    attributed. `same_speaker`: see `same_speaker`; a verbatim pair with two speakers is an attribution to check.

    Quotes of fewer than two content words are not compared, nor, where speakers differ or are not known, quotes of
    fewer than five words: short ones agree by chance, and a speaker may repeat a phrase on another day. Reworded is a guess
    from shared words: read both before you rely on it.

    The time grows with the quotes, not with their pairs: quotes are compared that have a run of words in common, or rare
    words of one speaker; where more than two hundred have them, each is compared with those nearest in alphabetical order, so
    that copies of one utterance stay together.
    """
    require_groups(quotes, by)
    heard = _hear(quotes, sources, articles, stop_words, by)
    out = []
    for i, j, same, ratio in _worth_reading(heard, _candidates(heard)):
        a, b = heard[i], heard[j]
        union = len(a.content | b.content)
        jaccard = len(a.content & b.content) / union if union else 0.0
        if kind := _kind(a, b, ratio, jaccard, same):
            ids = (a.quote_id, b.quote_id, a.article_id, b.article_id, a.group, b.group)
            out.append((i, j, *ids, kind, ratio, jaccard, same, a.speaker or pd.NA, b.speaker or pd.NA))
    columns = ["i", "j", "quote_a", "quote_b", "article_a", "article_b", f"{by}_a", f"{by}_b"]
    columns += ["kind", "ratio", "jaccard", "same_speaker", "speaker_a", "speaker_b"]
    table = pd.DataFrame(out, columns=columns)
    ends = (table["i"].to_numpy(int), table["j"].to_numpy(int))
    links = csr_array((np.ones(len(table)), ends), shape=(len(heard), len(heard)))
    number = pd.factorize(connected_components(links, directed=False)[1][ends[0]])[0] if len(table) else []
    table.insert(0, "utterance", pd.array([f"u{n + 1}" for n in number], dtype="string"))
    return table.drop(columns=["i", "j"])


def list_utterances(matches: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Each quote of each utterance once: utterance, quote_id, article_id, `by`, speaker; fit as items of `coverage`."""
    names = {"quote": "quote_id", "article": "article_id", by: by, "speaker": "speaker"}
    sides = [
        matches[["utterance", *[f"{name}_{side}" for name in names]]].set_axis(
            ["utterance", *names.values()], axis=1
        )
        for side in "ab"
    ]
    table = pd.concat(sides).drop_duplicates(["utterance", "quote_id"])
    table["order"] = table["utterance"].str[1:].astype(int)
    return table.sort_values(["order", "article_id", "quote_id"], ignore_index=True).drop(columns="order")


def same_speaker(a: str | None, b: str | None, *, named: bool = True) -> bool:
    """Whether two names mean one speaker: equal surnames, or nearly so (other spellings, slips), and no other first name.

    Titles, accents and case are ignored; first names are compared by their initial. With `named` False (bodies,
    documents, unnamed sources) only equal descriptions match, and even those may be two people.
    """
    one, other = _name_words(a), _name_words(b)
    if not one or not other:
        return False
    if one == other:
        return True
    if not named or fuzz.ratio(one[-1], other[-1]) < SURNAME:
        return False
    return len(one) == 1 or len(other) == 1 or one[0][0] == other[0][0]


# Shared passages ----------------------------------------------------------------------------------------------


_Signs = NDArray[np.uint64]  # hashes of windows
Pairs = tuple[Places, Places]  # the numbers of two things each


@dataclass(frozen=True)
class _Corpus:
    """All words of all articles in one row: their numbers, articles and spans."""

    names: list[str]
    group: list[Hashable]
    word: Places
    article: Places
    start: Places
    end: Places


@dataclass(frozen=True)
class _Hashes:
    """For each word the hash of the window that begins there; `valid` where the window ends in the same article."""

    value: _Signs
    valid: NDArray[np.bool_]


def _read(articles: pd.DataFrame, sentences: pd.DataFrame, by: str) -> _Corpus:
    require_groups(articles, by)
    known = articles.dropna(subset=["text"])
    place = {name: i for i, name in enumerate(known["article_id"])}
    texts = list(known["text"])
    numbers: dict[str, int] = {}
    rows: list[tuple[int, int, int, int]] = []
    ordered = sentences[sentences["article_id"].isin(list(place))]
    ordered = ordered.assign(at=ordered["article_id"].map(place)).sort_values(["at", "start"])
    for at, start, end in ordered[["at", "start", "end"]].itertuples(index=False):
        rows.extend(
            (numbers.setdefault(token.lower, len(numbers)), at, token.start, token.end)
            for token in split_tokens(texts[at][start:end], start)
            if token.text[0].isalnum()
        )
    word, article, start, end = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return _Corpus(list(known["article_id"]), list(known[by]), word, article, start, end)


def _hashes(corpus: _Corpus, length: int) -> _Hashes:
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


def _shingles_of(corpus: _Corpus, hashes: _Hashes, number: int) -> _Signs:
    first, last = np.searchsorted(corpus.article[: len(hashes.value)], [number, number + 1])
    return np.unique(hashes.value[first:last][hashes.valid[first:last]])


# Utterances ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heard:
    quote_id: str
    article_id: str
    group: Hashable
    speaker: str | None
    named: bool
    words: tuple[str, ...]
    marked: tuple[str, ...]  # those in quotation marks
    content: frozenset[str]


def _hear(
    quotes: pd.DataFrame, sources: pd.DataFrame, articles: pd.DataFrame, stop_words: Collection[str], by: str
) -> list[_Heard]:
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    who = quotes[["source_id"]].merge(
        sources[["source_id", "name", "named"]], on="source_id", how="left", validate="many_to_one"
    )
    heard = []
    rows = zip(
        quotes["quote_id"],
        quotes["article_id"],
        quotes[by],
        quotes["start"],
        quotes["end"],
        quotes["quoted_start"],
        quotes["quoted_end"],
        _breaks(quotes),
        who["name"].fillna(pd.Series(quotes["speaker"].array, index=who.index)),
        who["named"].fillna(False).astype(bool),
        strict=True,
    )
    for quote_id, article_id, group, start, end, quoted_start, quoted_end, gap, speaker, named in rows:
        text = texts.get(article_id, pd.NA)
        if pd.isna(text) or pd.isna(start) or pd.isna(end):
            continue
        words = _spoken(text, start, end, gap)
        content = frozenset(w.removesuffix("'s") for w in words if w not in stop_words)
        if len(content) >= CONTENT:
            marked = () if pd.isna(quoted_start) else _spoken(text, quoted_start, quoted_end, gap)
            name = None if pd.isna(speaker) else speaker
            heard.append(_Heard(quote_id, article_id, group, name, bool(named), words, marked, content))
    return heard


def _breaks(quotes: pd.DataFrame) -> list[tuple[int, int] | None]:
    """Where each quote is interrupted by its attribution, None where it is not."""
    spans = zip(quotes["break_start"], quotes["break_end"], strict=True)
    return [None if pd.isna(a) else (int(a), int(b)) for a, b in spans]


def _spoken(text: str, start: int, end: int, gap: tuple[int, int] | None) -> tuple[str, ...]:
    """The words of text[start:end] without those of the attribution in it."""
    if gap is None:
        return _words(text[start:end])
    return _words(text[start : max(start, gap[0])]) + _words(text[max(start, gap[1]) : end])


def _words(text: str) -> tuple[str, ...]:
    return tuple(t.lower for t in split_tokens(text) if t.text[0].isalnum())


def _candidates(heard: Sequence[_Heard]) -> Pairs:
    """Pairs of different groups worth comparing: a run of words in common, or one speaker and content words enough.

    Two sets with a Jaccard of t share a word among the n - ceil(t n) + 1 rarest of each (prefix filter; Chaudhuri,
    Ganti & Kaushik 2006), so indexing those loses no reworded pair.
    """
    seen_in = Counter(word for h in heard for word in h.content)
    speakers = _alike_surnames(heard)
    index: dict[Hashable, list[tuple[Sequence[str], int]]] = defaultdict(list)
    for i, h in enumerate(heard):
        for run, k in {h.words[k : k + BLOCK]: k for k in range(len(h.words) - BLOCK + 1)}.items():
            index[run].append((h.words[k:], i))
        rarest = sorted(h.content, key=lambda w: (seen_in[w], w))
        for word in rarest[: len(rarest) - ceil(REWORDED * len(rarest)) + 1] if speakers[i] else ():
            index[speakers[i], word].append((rarest, i))
    codes = np.fromiter(
        (
            min(i, j) * len(heard) + max(i, j)
            for places in index.values()
            if len(places) > 1
            for i, j in _compared([i for _, i in (places if len(places) <= MANY else sorted(places))])
            if heard[i].group != heard[j].group
        ),
        np.int64,
    )
    codes = np.unique(codes)
    return codes // max(len(heard), 1), codes % max(len(heard), 1)


def _compared(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of things that have something in common: all of them; where they are many, each with those next to it."""
    if len(places) <= MANY:
        return combinations(places, 2)
    return ((place, other) for n, place in enumerate(places) for other in places[n + 1 : n + 1 + NEAR])


def _alike_surnames(heard: Sequence[_Heard]) -> list[int]:
    """For each quote a number that quotes of `same_speaker` share, and some others may; 0 where nobody is named."""
    last = [(_name_words(h.speaker) or [""])[-1] for h in heard]
    blocks: dict[str, list[str]] = defaultdict(list)
    names = sorted(set(last) - {""})
    for name in names:
        blocks[name[0] if len(names) > ALL_SURNAMES else ""].append(name)
    number = {name: place for place, name in enumerate(names)}
    links = []
    for block in blocks.values():
        alike = process.cdist(block, block, scorer=fuzz.ratio, score_cutoff=SURNAME, dtype=np.uint8)
        links += [(number[block[a]], number[block[b]]) for a, b in zip(*alike.nonzero(), strict=True)]
    ends = np.array(links, dtype=np.int64).reshape(-1, 2).T
    graph = csr_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(len(names), len(names)))
    of = connected_components(graph, directed=False)[1] if names else []
    return [int(of[number[name]]) + 1 if name else 0 for name in last]


def _worth_reading(heard: Sequence[_Heard], pairs: Pairs) -> Iterator[tuple[int, int, bool, float]]:
    """Of these pairs those that may be alike: whether one speaker says both, and the ratio of the words they share."""
    speakers = {who: n for n, who in enumerate(dict.fromkeys((h.speaker, h.named) for h in heard))}
    who = np.array([speakers[h.speaker, h.named] for h in heard], dtype=np.int64)
    known, length = list(speakers), np.array([len(h.words) for h in heard])
    for start in range(0, len(pairs[0]), AT_ONCE):
        first, second = pairs[0][start : start + AT_ONCE], pairs[1][start : start + AT_ONCE]
        both, of = np.unique(np.column_stack([who[first], who[second]]), axis=0, return_inverse=True)
        same_of = [same_speaker(known[a][0], known[b][0], named=known[a][1] and known[b][1]) for a, b in both]
        same = np.array(same_of, dtype=bool)[of.ravel()]
        a, b = length[first], length[second]
        left = same | ((np.minimum(a, b) >= UNKNOWN_SPEAKER) & (2 * np.minimum(a, b) >= PARTIAL * (a + b)))
        first, second, same = first[left], second[left], same[left]
        ratio = process.cpdist(
            [heard[i].words for i in first],
            [heard[i].words for i in second],
            scorer=Indel.normalized_similarity,
            dtype=np.float64,
        )
        for i, j, one, shared in zip(first, second, same, ratio, strict=True):
            if one or shared >= PARTIAL:
                yield int(i), int(j), bool(one), float(shared)


def _kind(a: _Heard, b: _Heard, ratio: float, jaccard: float, same: bool) -> str | None:
    if not same and min(len(a.words), len(b.words)) < UNKNOWN_SPEAKER:
        return None
    if kind := _alike(a.words, b.words, ratio, same):
        return kind
    # What two outlets put in quotation marks can be the same although their own words around it are not.
    if same and min(len(a.marked), len(b.marked)) >= BLOCK and len(a.content & b.content) >= CONTENT:
        kind = _alike(a.marked, b.marked, Indel.normalized_similarity(a.marked, b.marked), same)
    return kind or ("reworded" if same and jaccard >= REWORDED else None)


def _alike(a: Sequence[str], b: Sequence[str], ratio: float, same: bool) -> str | None:
    if ratio >= VERBATIM:
        return "verbatim"
    if ratio >= PARTIAL or same:
        blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        sizes = [block.size for block in blocks if block.size >= BLOCK]
        contained = VERBATIM * min(len(a), len(b))
        if max(sizes, default=0) >= contained:
            return "truncated"
        if sum(sizes) >= contained:
            return "spliced"
    return None


def _name_words(name: str | None) -> list[str]:
    if name is None or pd.isna(name):
        return []
    plain = "".join(c for c in unicodedata.normalize("NFKD", fold(name)) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", plain.replace("'s", ""))
    return [w for w in words if not TITLE.fullmatch(w) and w not in ("the", "a", "an")]
