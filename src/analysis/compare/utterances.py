"""One utterance as different outlets print it: verbatim, truncated, spliced, reworded."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import ceil

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.compare.reuse import MANY, pairs_in_common
from analysis.compare.uncertainty import require_groups
from analysis.tables import Places
from analysis.text import fold, split_tokens

VERBATIM, PARTIAL = 0.9, 0.6  # least ratio of the longest common subsequence
REWORDED = 0.4  # least Jaccard of the content words
ALL_SURNAMES = 3_000  # as many are compared each with each; of more, those with the same first letter
AT_ONCE = 100_000  # pairs of quotes that are compared at once
CONTENT = 2  # least content words of a quote
UNKNOWN_SPEAKER = 5  # least words of a quote where the speaker may be another
BLOCK = 3  # shorter runs of words are alike in any two sentences
ROUNDED = 0.01  # words; ratios are rounded
SURNAME = 80  # rapidfuzz ratio, 0..100: a slip or another transliteration, not another name
TITLE = re.compile(
    r"mr|mrs|ms|miss|dr|prof|professor|sir|dame|lord|lady|president|prime|minister|chancellor|king|queen|prince"
    r"|princess|pope|secretary|senator|sen|rep|representative|congressman|congresswoman|governor|gov|mayor|envoy"
    r"|ambassador|general|gen|lt|maj|col|colonel|admiral|adm|captain|capt|sgt|former|ex|acting|retired|ret|jr|sr|ii|iii"
)

Pairs = tuple[Places, Places]  # the numbers of two quotes each


@contextmanager
def uncollected() -> Iterator[None]:
    """While it lasts Python does not look for circles of things to forget: of hundreds of thousands of quotes, which have
    none, that takes as long as comparing them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@uncollected()
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


def rendering(first: str, other: str) -> str:
    """How one speaker's words relate to the first version of them: verbatim, truncated, spliced, else reworded."""
    ours, theirs = _words(first), _words(other)
    return _alike(ours, theirs, Indel.normalized_similarity(ours, theirs), same=True) or "reworded"


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


def alike_surnames(names_of: Sequence[str | None]) -> list[int]:
    """For each name a number that those of `same_speaker` share, and some others may; 0 where nobody is named."""
    last = [(_name_words(name) or [""])[-1] for name in names_of]
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
    speakers = alike_surnames([h.speaker for h in heard])
    index: dict[Hashable, list[tuple[Sequence[str], int]]] = defaultdict(list)
    for i, h in enumerate(heard):
        for run, k in {h.words[k : k + BLOCK]: k for k in range(len(h.words) - BLOCK + 1)}.items():
            index[run].append((h.words[k:], i))
        rarest = sorted(h.content, key=lambda w: (seen_in[w], w))
        for word in rarest[: len(rarest) - ceil(REWORDED * len(rarest)) + 1] if speakers[i] else ():
            index[speakers[i], word].append((rarest, i))
    lists = ([i for _, i in (places if len(places) <= MANY else sorted(places))] for places in index.values())
    return pairs_in_common(lists, [h.group for h in heard])


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
    contained = VERBATIM * min(len(a), len(b))
    most = ratio * (len(a) + len(b)) / 2  # words in common in this order: blocks together have no more
    if (ratio >= PARTIAL or same) and most >= contained - ROUNDED:
        blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        sizes = [block.size for block in blocks if block.size >= BLOCK]
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
