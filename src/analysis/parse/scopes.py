"""Scope: the words that a negation, denial, doubt, condition or question reaches.

Cues and their reach follow the scheme of BioScope and *SEM 2012 (Vincze et al. 2008; Morante & Blanco 2012) in the
simplest form: from the cue to the end of its clause, of a negation or relief at most six words far unless "that" follows.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from analysis.indicators import Hit, Indicators
from analysis.language import Language
from analysis.text import Token

NEGATION, DENIAL, DOUBT, UNDECIDED, CONDITION, QUESTION, RELIEF = (
    *("negation", "denial", "doubt"),  # turn what they reach into its opposite
    *("undecided", "condition", "question"),  # leave it open
    "relief",  # says that it ends or lessens
)
OPPOSITE = frozenset({NEGATION, DENIAL, DOUBT})
OPEN = frozenset({UNDECIDED, CONDITION, QUESTION})
SHORT, REACH = frozenset({NEGATION, RELIEF}), 6  # words that these reach at most


@cache
def _cues(language: Language) -> Indicators:
    cues = {kind: f"{kind}_cue" for kind in (NEGATION, DENIAL, DOUBT, UNDECIDED, CONDITION, RELIEF)}
    return Indicators(
        {kind: language.indicators(name) for kind, name in cues.items()},
        {kind: language.exceptions(name) for kind, name in cues.items()},
    )


class Scope(NamedTuple):
    """What a cue reaches; `cue` is where the cue itself begins."""

    kind: str
    cue: int
    start: int
    end: int

    def holds(self, start: int) -> bool:
        return self.start <= start < self.end


def find_scopes(tokens: Sequence[Token], language: Language) -> list[Scope]:
    """Every scope in a sentence, in order; spans are the tokens' own."""
    hits = _cues(language).find(tokens)
    ends = find_clause_ends(tokens, [hit.end for hit in hits], language)
    scopes = [_scope(hit, end, tokens, language) for hit, end in zip(hits, ends, strict=True)]
    begin, closing = tokens[0].start if tokens else 0, language["sentence_end"]
    for token in tokens:
        if token.text == "?":
            scopes.append(Scope(QUESTION, begin, begin, token.end))
        if token.text in closing:
            begin = token.end
    return scopes


def _scope(hit: Hit, clause: int, tokens: Sequence[Token], language: Language) -> Scope:
    """What a cue reaches whose clause ends at `clause`."""
    if hit.code in SHORT:
        after = bisect_left(tokens, hit.end, key=attrgetter("start"))
        near = tokens[after : after + REACH]
        if near and not any(token.lower in language["complementizer"] for token in near):
            clause = min(clause, near[-1].end)
    return Scope(hit.code, hit.start, hit.end, clause)


def find_clause_ends(tokens: Sequence[Token], places: Sequence[int], language: Language) -> list[int]:
    """Where the clauses end that go on at these places."""
    closing = language["clause_end"]
    ends = [token.start for token in tokens if token.lower in closing] if places else []
    clauses = (ends[i] if (i := bisect_left(ends, p)) < len(ends) else tokens[-1].end for p in places)
    return [end if p <= tokens[-1].start else p for p, end in zip(places, clauses, strict=True)]


def find_holding(scopes: Sequence[Scope], places: Iterable[int]) -> Iterator[list[Scope]]:
    """For each place, from left to right, the scopes that hold it, in their own order."""
    waiting = sorted(enumerate(scopes), key=lambda numbered: numbered[1].start, reverse=True)
    held: list[tuple[int, Scope]] = []
    for place in places:
        while waiting and waiting[-1][1].start <= place:
            insort(held, waiting.pop())
        if held:
            held = [(i, scope) for i, scope in held if place < scope.end]
        yield [scope for _, scope in held] if held else []
