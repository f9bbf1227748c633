"""Texts that are the same, or nearly: editions, cut versions, agency copy in several papers.

Two texts are near-duplicates where the shorter one's runs of three words stand in the longer one for the most part
(containment: Broder 1997). Pairs are looked for by a sample of the runs, so that not each text meets each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import yaml

RUN = 3  # words
CONTAINED = (
    0.6  # share of the shorter text's runs that the longer one has; articles on one event share up to 0.2
)
FEWEST_RUNS = 25  # of a text that can be a near-duplicate; shorter ones share phrases by chance
SAMPLED = 4  # one run in so many stands for its text when pairs are looked for
COMMON = 60  # texts; a run that more of them have is boilerplate and brings no pairs together
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Copy:
    """A text that is nearly that of `original` (its place in the list); `shared`: share of its runs, 0 to 1."""

    original: int
    shared: float


def find_near_duplicates(
    texts: Sequence[str], order: Sequence[tuple[object, ...]] | None = None
) -> dict[int, Copy]:
    """For each text that is a near-duplicate, by its place: the original, which comes first in `order`.

    `order` gives a key for each text (day of publication, an agency's own, length), by default its place. A group of
    texts that hang together has one original.
    """
    runs = [_runs(text) for text in texts]
    shared = _pairs(runs)
    keys = order or [(i,) for i in range(len(texts))]
    copies: dict[int, Copy] = {}
    for group in _groups(len(texts), shared):
        first = min(group, key=lambda i: (keys[i], i))
        for i in group - {first}:
            small = min(len(runs[i]), len(runs[first]))
            copies[i] = Copy(first, round(len(runs[i] & runs[first]) / small, 3))
    return copies


def _runs(text: str) -> frozenset[int]:
    """The text's runs of words as numbers."""
    words = _WORD.findall(text.lower())
    return frozenset(
        crc32(" ".join(words[i : i + RUN]).encode("utf-8", "replace")) for i in range(len(words) - RUN + 1)
    )


def _pairs(runs: Sequence[frozenset[int]]) -> set[tuple[int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for i, own in enumerate(runs):
        if len(own) >= FEWEST_RUNS:
            for run in own:
                if run % SAMPLED == 0:
                    holders[run].append(i)
    met: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if 1 < len(places) <= COMMON:
            met.update((a, b) for n, a in enumerate(places) for b in places[n + 1 :])
    return {
        (a, b)
        for (a, b), times in met.items()
        if times >= 2 and len(runs[a] & runs[b]) >= CONTAINED * min(len(runs[a]), len(runs[b]))
    }


def _groups(n: int, pairs: set[tuple[int, int]]) -> list[set[int]]:
    """The texts that hang together by pairs."""
    parent = list(range(n))

    def top(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in sorted(pairs):
        parent[top(b)] = top(a)
    groups: dict[int, set[int]] = defaultdict(set)
    for i in {place for pair in pairs for place in pair}:
        groups[top(i)].add(i)
    return list(groups.values())


@cache
def _agencies() -> Mapping[str, str]:
    data = yaml.safe_load((Path(__file__).parent / "agencies.yml").read_text(encoding="utf-8"))
    return {name.strip(): agency for agency, names in data.items() for name in str(names).split("|")}


@cache
def _credit() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_agencies(), key=len, reverse=True))
    return re.compile(
        rf"\((?P<bracket>{names})\)\s*[-–—]?|[-–—]\s*(?P<dash>{names})\s*$|^(?:by |source: |from )?(?P<line>{names})(?: staff)?$",
        re.IGNORECASE | re.MULTILINE,
    )


def agency_names() -> dict[str, list[str]]:
    """Each news agency of agencies.yml with the names by which credits and texts call it, in small letters."""
    names: dict[str, list[str]] = {}
    for name, agency in _agencies().items():
        names.setdefault(agency, []).append(name)
    return names


def find_agency(text: str, author: str = "") -> str | None:
    """The agency whose copy a text is, by its dateline `(AP) -`, its author or a credit in its last lines."""
    if (agency := _agencies().get(author.strip().lower())) is not None:
        return agency
    for part in (text[:600], text[-200:]):
        if match := _credit().search(part):
            return _agencies()[next(filter(None, match.groups())).lower()]
    return None
