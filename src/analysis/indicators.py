"""Indicators: the words by which a codebook recognises a code, all found in one pass.

The language, matched on words without regard to case:

    ceasefire                        a word (also Ceasefire's)
    negotiat*                        every word that begins so
    peace deal                       a phrase; a hyphen counts as a space
    (peace|truce) (deal|talks)       alternatives; an empty one (a |) makes a word optional
    putin ~5 lie*                    both, in any order, with at most five words between
    putin & lie*                     both, anywhere in the same sentence
    =US                              case counts
    "(deal|talks) ~3 =US & fail*"    and all of these together, read from left to right

Quotation marks inside a phrase are passed over, other marks break it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress
from operator import attrgetter
from typing import NamedTuple, TypeVar

from analysis.text import Token, fold, split_tokens

MOST_PHRASES = 5000
MOST_WORDS = 1 << 14  # that are remembered; forgotten together, they are soon looked up again
ANYWHERE = 10**9
_PIECE = re.compile(r"~\s*\d+|[()|&~]|[^\s()|&~]+")
_BRANCHES = frozenset("()|")
_POSSESSIVE = re.compile(r"['’]s?$")
_HYPHEN = re.compile(r"[^\-‐‑]+")
_PASSED_OVER = frozenset("\"“”„«»‟″'‘’")


class IndicatorError(ValueError):
    """An indicator that cannot be read; the message says what to mend."""


class Word(NamedTuple):
    """One word of an indicator: as written if `cased`, else folded; a beginning only if `prefix`."""

    text: str
    prefix: bool = False
    cased: bool = False

    def fits(self, written: str) -> bool:
        """Whether a word of the text, as written there, is this one or begins as it does."""
        form = written if self.cased else fold(written)
        return form.startswith(self.text) if self.prefix else form == self.text


Phrase = tuple[Word, ...]


@dataclass(frozen=True)
class Indicator:
    """Parts that must all occur; `gaps[i]` is the most words allowed between what precedes and part i + 1."""

    text: str
    parts: tuple[tuple[Phrase, ...], ...]
    gaps: tuple[int, ...]


class Hit(NamedTuple):
    """Where an indicator of a code was found."""

    code: str
    start: int
    end: int
    indicator: str


@lru_cache(maxsize=1 << 14)  # a codebook's indicators are read anew for every lot of articles
def parse_indicator(text: str) -> Indicator:
    """The indicator as parts and gaps; raises IndicatorError on a broken one."""
    parts: list[tuple[Phrase, ...]] = []
    gaps: list[int] = []
    pieces: list[str] = []
    for piece in [*_PIECE.findall(text), "&"]:
        if piece == "&" or piece.startswith("~"):
            if piece == "~":
                raise IndicatorError(f"{text!r}: ~ needs a number of words, as in `putin ~5 lie*`")
            if not pieces:
                raise IndicatorError(f"{text!r}: a word is missing before or after ~ or &")
            parts.append(_expand(pieces, text))
            gaps.append(ANYWHERE if piece == "&" else int(piece[1:]))
            pieces = []
        else:
            pieces.append(piece)
    return Indicator(text, tuple(parts), tuple(gaps[:-1]))


def _expand(pieces: Sequence[str], text: str) -> tuple[Phrase, ...]:
    """Every phrase that a run of words and (alternatives) stands for."""
    if _BRANCHES.isdisjoint(pieces):
        return (tuple(word for piece in pieces for word in _words(piece, text)),)
    left = deque(["(", *pieces, ")"])
    phrases = _alternatives(left, text)
    if left:
        raise IndicatorError(f"{text!r}: a ) without its (, or ~ or & inside ( )")
    if () in phrases:
        raise IndicatorError(
            f"{text!r}: could match nothing at all; leave one word outside the optional ones"
        )
    return tuple(dict.fromkeys(phrases))


def _alternatives(left: deque[str], text: str) -> list[Phrase]:
    """Read one ( | ) off the left end of the pieces: the phrases that it stands for."""
    left.popleft()
    done: list[Phrase] = []
    current: list[Phrase] = [()]
    while left and left[0] != ")":
        if left[0] == "|":
            left.popleft()
            done, current = done + current, [()]
            continue
        step = _alternatives(left, text) if left[0] == "(" else [_words(left.popleft(), text)]
        current = [before + after for before in current for after in step]
        if len(current) > MOST_PHRASES:
            raise IndicatorError(f"{text!r}: stands for more than {MOST_PHRASES} phrases; split it")
    if not left:
        raise IndicatorError(f"{text!r}: a ( without its ), or ~ or & inside ( )")
    left.popleft()
    return done + current


def _words(piece: str, text: str) -> Phrase:
    """The words of one piece between blanks; a hyphen makes two of it."""
    bare = piece.removeprefix("=")
    cased, prefix = bare != piece, bare.endswith("*")
    stem = bare.removesuffix("*")
    if not stem or "*" in stem:
        raise IndicatorError(f"{text!r}: a * belongs only at the end of a word, as in `negotiat*`")
    if prefix and len(stem) < 2:
        raise IndicatorError(f"{text!r}: at least two letters before a *")
    tokens = [stem] if stem.isalpha() else _words_of(stem)
    if not tokens:
        raise IndicatorError(f"{text!r}: {piece!r} holds no word")
    *before, last = tokens if cased else map(fold, tokens)
    return (*(Word(one, cased=cased) for one in before), Word(last, prefix, cased))


def _words_of(text: str) -> list[str]:
    return [t.text[m.start() : m.end()] for t in split_tokens(text) for m in _HYPHEN.finditer(t.text)]


class _Node:
    """A place in the tree of all phrases: where each next word leads, by its number, and the parts that end here."""

    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.ends: list[int] = []


class _Place(NamedTuple):
    """A stretch of words found: its characters, and its first and last word's number."""

    start: int
    end: int
    first: int
    last: int


class _Reading(NamedTuple):
    """A stretch of a token, the words of indicators that it fits by their numbers, the parts that these are by
    themselves, where they lead from the root of the tree to longer ones, and with which words these go on.
    """

    start: int
    end: int
    fitting: tuple[int, ...]
    parts: tuple[int, ...]
    nodes: list[_Node]
    after: frozenset[int]


_text_of = attrgetter("text")
_At = tuple[int, int]  # a word of a sentence: the number of its token, and of the reading within that
_Made = TypeVar("_Made")


class _Remembered(dict[str, _Made]):
    """What is made of a token, when it is first asked for: one look-up for each of a text's words."""

    def __init__(self, make: Callable[[str], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> _Made:
        if len(self) >= MOST_WORDS:
            self.clear()
        self[text] = self._make(text)
        return self[text]


class Indicators:
    """Indicators of many codes, found together in one pass over the words.

    The phrases are in a tree of words and each distinct word is looked up once, so the cost follows
    the length of the text and hardly the number of indicators.
    """

    def __init__(
        self, patterns: Mapping[str, Sequence[str]], exceptions: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """`patterns`: indicators by code; `exceptions`: indicators whose span removes the code's hits inside it.

        Raises IndicatorError on a broken indicator.
        """
        self._root = _Node()
        self._words: dict[str, dict[Word, int]] = defaultdict(
            dict
        )  # with their numbers, by one of their `_keys`
        self._beginnings: dict[str, tuple[str, ...]] = {}  # of the words with a *, by their key
        self._numbers: dict[Word, int] = {}
        self._readings = _Remembered(self._look_up)
        self._opens = _Remembered(self._can_open)
        self._counts = _Remembered(self._count)
        self._parts: dict[tuple[Phrase, ...], int] = {}
        self._by_first_part: dict[int, list[tuple[str, bool, Indicator, list[int]]]] = defaultdict(list)
        for table, is_exception in ((patterns, False), (exceptions or {}, True)):
            for code, texts in table.items():
                for text in dict.fromkeys(texts):
                    indicator = parse_indicator(text)
                    parts = [self._plant(part) for part in indicator.parts]
                    self._by_first_part[parts[0]].append((code, is_exception, indicator, parts))
        self._beginnings = {
            key: tuple({fold(word.text) for word in words})
            for key, words in self._words.items()
            if key[-1] == "*"
        }

    def _plant(self, part: tuple[Phrase, ...]) -> int:
        """Put a part's phrases into the tree, once; its number."""
        if part in self._parts:
            return self._parts[part]
        number = self._parts[part] = len(self._parts)
        for phrase in part:
            node = self._root
            for word in phrase:
                if (known := self._numbers.get(word)) is None:
                    known = self._numbers[word] = len(self._numbers)
                    self._words[_keys(word.text)[word.prefix]][word] = known
                if (after := node.next.get(known)) is None:
                    after = node.next[known] = _Node()
                node = after
            node.ends.append(number)
        return number

    def find(self, text: str | Sequence[Token]) -> list[Hit]:
        """Every hit in one sentence, in order of place; spans are the text's, or the tokens' own."""
        if not self._words:
            return []
        found = self._find_parts(split_tokens(text) if isinstance(text, str) else text)
        if not found:
            return []
        hits: set[Hit] = set()
        removed: dict[str, list[_Place]] = defaultdict(list)
        for first in found:
            for code, is_exception, indicator, parts in self._by_first_part.get(first, ()):
                if len(parts) > 1 and not all(p in found for p in parts):  # most indicators miss one
                    continue
                for place in _join([found[p] for p in parts], indicator.gaps):
                    if is_exception:
                        removed[code].append(place)
                    else:
                        hits.add(Hit(code, place.start, place.end, indicator.text))
        kept = [
            h
            for h in hits
            if h.code not in removed
            or not any(x.start <= h.start and h.end <= x.end for x in removed[h.code])
        ]
        return sorted(kept, key=lambda h: (h.start, h.end, h.code, h.indicator))

    def _find_parts(self, tokens: Sequence[Token]) -> dict[int, list[_Place]]:
        """The places of every part that occurs, by part, but none inside a longer one."""
        texts = list(map(_text_of, tokens))
        longest: dict[tuple[int, _At], _At] = {}  # the last word, by part and first word
        for n in compress(range(len(texts)), map(self._opens.__getitem__, texts)):
            readings = self._readings[texts[n]]
            following = self._readings[texts[n + 1]] if n + 1 < len(texts) else ()
            for within, reading in enumerate(readings):
                first = (n, within)
                for part in reading.parts:
                    longest[part, first] = first
                # Nine in ten phrases that begin do not go on: it is enough to look at the next word.
                goes_on = not following or not reading.after.isdisjoint(following[0].fitting)
                if reading.nodes and (goes_on or within + 1 < len(readings)):
                    for part, last in self._go_on(texts, first):
                        longest[part, first] = last
        found: dict[int, list[_Place]] = defaultdict(list)
        before = list(accumulate(map(self._counts.__getitem__, texts), initial=0)) if longest else []
        for (part, (n, i)), (m, j) in longest.items():  # from left to right
            of_first, of_last = self._readings[texts[n]], self._readings[texts[m]]
            number = min(before[m] + j + 1, before[m + 1])
            if not found[part] or found[part][-1].last < number:
                start, end = tokens[n].start + of_first[i].start, tokens[m].start + of_last[j].end
                found[part].append(_Place(start, end, min(before[n] + i + 1, before[n + 1]), number))
        return found

    def _go_on(self, texts: Sequence[str], at: _At) -> Iterator[tuple[int, _At]]:
        """The parts of several words that begin at a word, each with its last word, the longest phrase last."""
        (n, within), nodes = at, self._readings[texts[at[0]]][at[1]].nodes
        while nodes:
            within += 1
            while within == len(self._readings[texts[n]]):
                n, within = n + 1, 0
                if n == len(texts):
                    return
            fitting = self._readings[texts[n]][within].fitting
            nodes = [node.next[w] for node in nodes for w in fitting if w in node.next]
            yield from ((part, (n, within)) for node in nodes for part in node.ends)

    def _can_open(self, text: str) -> bool:
        """Whether a phrase can begin with the token."""
        if text.isalnum() and not self._may_fit(text):
            return False
        return any(reading.parts or reading.nodes for reading in self._readings[text])

    def _count(self, text: str) -> int:
        """How many words the token counts for: a mark only if it is one of an indicator's."""
        readings = self._readings[text]
        return len(readings) if text[0].isalnum() else sum(bool(reading.fitting) for reading in readings)

    def _look_up(self, text: str) -> Sequence[_Reading]:
        """A token's stretches between hyphens; of a hyphen alone, itself; of a quotation mark none."""
        if text in _PASSED_OVER:
            return ()
        if text.isalnum() and not self._may_fit(text):
            return _fits_nothing(len(text))
        return [self._read(m[0], m.start()) for m in _HYPHEN.finditer(text)] or [self._read(text, 0)]

    def _may_fit(self, text: str) -> bool:
        """Whether a word of letters may be one of an indicator's: most are none."""
        whole, key = _keys(text)
        return whole in self._words or whole.startswith(self._beginnings.get(key, ()))

    def _read(self, text: str, start: int) -> _Reading:
        """One stretch of a token; with a possessive it fits what fits without."""
        forms = {text, _POSSESSIVE.sub("", text)} if "'" in text or "’" in text else {text}
        fitting = {
            number
            for form in forms
            for key in _keys(form)
            for word, number in self._words.get(key, {}).items()
            if word.fits(form)
        }
        nodes = [self._root.next[w] for w in fitting if w in self._root.next]
        parts = tuple(part for node in nodes for part in node.ends)
        longer = [node for node in nodes if node.next]
        after = frozenset(number for node in longer for number in node.next)
        return _Reading(start, start + len(text), tuple(fitting), parts, longer, after)


@lru_cache
def _fits_nothing(length: int) -> Sequence[_Reading]:
    """How a token of one stretch is read that fits no word of any indicator."""
    return [_Reading(0, length, (), (), [], frozenset())]


def _keys(word: str) -> tuple[str, str]:
    """The key of an indicator's word that is this one, and of those that are its beginning."""
    folded = fold(word)
    return folded, f"{folded[:2]}*"


def _join(parts: Sequence[Sequence[_Place]], gaps: Sequence[int]) -> list[_Place]:
    """Each place of the first part together with the nearest of every other, where all are near enough."""
    wholes = list(parts[0])
    for others, gap in zip(parts[1:], gaps, strict=True):
        pairs = [(whole, _nearest(whole, others, gap)) for whole in wholes]
        wholes = [
            _Place(min(a.start, b.start), max(a.end, b.end), min(a.first, b.first), max(a.last, b.last))
            for a, b in pairs
            if b is not None
        ]
    return wholes


def _nearest(whole: _Place, others: Sequence[_Place], gap: int) -> _Place | None:
    """The nearest of `others` that shares no word with `whole`, at most `gap` words away."""
    before = bisect_left(others, whole.first, key=attrgetter("last")) - 1
    after = bisect_right(others, whole.last, key=attrgetter("first"))
    left = [(whole.first - o.last - 1, o) for o in others[max(before, 0) : before + 1]]
    right = [(o.first - whole.last - 1, o) for o in others[after : after + 1]]
    return min(((n, o) for n, o in left + right if n <= gap), default=(0, None))[1]
