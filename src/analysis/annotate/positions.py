"""Positions: what a sentence says for or against a target, read with negation, denial and doubt."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from analysis.annotate.voices import Voice
from analysis.codebook import Code, Target, indicators_of
from analysis.indicators import Hit, Indicators
from analysis.parse.document import Sentence
from analysis.parse.scopes import OPEN, OPPOSITE, find_clause_ends, find_holding
from analysis.text import Token

NEUTRAL = "neutral"
_ASCRIBED = " ascribed"
_ABOUT, _CONTEXT = "about", "context"


class Position(NamedTuple):
    """A position and the words that show it; `ascribed` to somebody else than who speaks ("rejects")."""

    target: str
    stance: str
    start: int
    end: int
    indicator: str
    ascribed: bool = False


class Positions:
    """The indicators of one target, ready to find the positions of a sentence."""

    def __init__(self, target: Target) -> None:
        self.target = target
        ascribed = {value + _ASCRIBED: words for value, words in target.attitudes.items()}
        views = {_ABOUT: target.indicators, _CONTEXT: target.context}
        self._views = _found_by(views, target.exceptions)
        self._positions = _found_by({**target.positions, **ascribed}, target.exceptions)
        self._opposites = _opposites([v for v in target.positions if v != NEUTRAL])

    def find_mentions(self, tokens: Sequence[Token]) -> list[Hit]:
        """Where the sentence names the target, or what brings it into view."""
        return self._views.find(tokens)

    def find(self, sentence: Sentence, voices: Sequence[Voice]) -> list[Position]:
        """Every position of a sentence, the target taken to be in view; not neutral.

        `voices` are those of the tokens: what one voice says leaves another's positions alone.
        """
        starts = [t.start for t in sentence.tokens]
        said_by = {hit: _voices_of(hit, starts, voices) for hit in self._positions.find(sentence.tokens)}
        hits = _longest(said_by)
        if not hits:
            return []
        ascribed = _ascribed(hits, said_by, sentence)
        found = []
        for hit, around in zip(hits, find_holding(sentence.scopes, [hit.start for hit in hits]), strict=True):
            kinds = [scope.kind for scope in around if scope.cue < hit.start]
            if stance := self._stance(hit, kinds, sentence):
                position = Position(
                    self.target.code, stance, hit.start, hit.end, hit.indicator, hit in ascribed
                )
                found.append(position)
        return found

    def _stance(self, hit: Hit, scopes: Sequence[str], sentence: Sentence) -> str:
        """The position that a hit within these kinds of scopes shows; empty where it shows none."""
        stance, is_attitude, _ = hit.code.partition(_ASCRIBED)
        if OPEN.intersection(scopes):
            return ""
        turned = sum(kind in OPPOSITE for kind in scopes) % 2
        if not turned or _presupposed(hit, sentence):
            return stance
        return "" if is_attitude else self._opposites.get(stance, "")  # not to reject is not to support

    def named(self, mentions: Sequence[Hit]) -> Hit | None:
        """The first of the mentions that names the target itself."""
        return next((hit for hit in mentions if hit.code == _ABOUT), None)

    def neutral(self, first: Hit) -> list[Position]:
        """Speaking of the target without a position, where the codebook counts that."""
        if NEUTRAL not in self.target.positions:
            return []
        return [Position(self.target.code, NEUTRAL, first.start, first.end, first.indicator)]


def _found_by(words: Mapping[str, tuple[str, ...]], exceptions: tuple[str, ...]) -> Indicators:
    codes = (Code(code, code, indicators=own, exceptions=exceptions) for code, own in words.items())
    return indicators_of({code.code: code for code in codes})


def _opposites(values: Sequence[str]) -> dict[str, str]:
    """Each of two positions with the other; of more than two none is the opposite of another."""
    return dict(zip(values, reversed(values), strict=True)) if len(values) == 2 else {}


def _voices_of(hit: Hit, starts: Sequence[int], voices: Sequence[Voice]) -> tuple[Voice, Voice]:
    """The voices of a hit's first and last word."""
    return voices[bisect_right(starts, hit.start) - 1], voices[bisect_right(starts, hit.end - 1) - 1]


def _longest(said_by: Mapping[Hit, tuple[Voice, Voice]]) -> list[Hit]:
    """The hits that none of another code covers, said by the same."""
    covered: set[Hit] = set()
    before: list[Hit] = []  # those that may cover more
    for hit in sorted(said_by, key=lambda h: (h.start, -h.end)):
        before = [o for o in before if o.end > hit.start]
        if any(o.code != hit.code and said_by[o] == said_by[hit] and _inside(hit, o) for o in before):
            covered.add(hit)
        before.append(hit)
    return [hit for hit in said_by if hit not in covered]


def _inside(hit: Hit, other: Hit) -> bool:
    """Whether `other` covers `hit` and more: of two readings the longer counts."""
    return hit.end <= other.end and hit.end - hit.start < other.end - other.start


def _ascribed(
    hits: Sequence[Hit], said_by: Mapping[Hit, tuple[Voice, Voice]], sentence: Sentence
) -> set[Hit]:
    """The attitudes among the hits, and what follows one in its clause in the same voice: "fears a bad deal"."""
    attitudes = [hit for hit in hits if hit.code.endswith(_ASCRIBED)]
    clauses = find_clause_ends(sentence.tokens, [hit.end for hit in attitudes], sentence.language)
    waiting = deque(zip(attitudes, clauses, strict=True))
    reach: dict[Voice, int] = {}  # how far the attitudes go that began before, by whose they are
    found = set()
    for hit in hits:
        while waiting and waiting[0][0].start <= hit.start:
            attitude, clause = waiting.popleft()
            whose = said_by[attitude][0]
            reach[whose] = max(reach.get(whose, 0), clause)
        if hit.start < reach.get(said_by[hit][0], 0):
            found.add(hit)
    return found


def _presupposed(hit: Hit, sentence: Sentence) -> bool:
    """Whether the words are taken for granted, as in "did not give up its maximalist aims"."""
    before = bisect_left(sentence.tokens, hit.start, key=attrgetter("start"))
    return before > 0 and sentence.tokens[before - 1].lower in sentence.language["definite"]
