"""Scope: the words that a negation, denial, doubt, condition or question reaches.

Cues and their reach follow the scheme of BioScope and *SEM 2012 (Vincze et al. 2008; Morante & Blanco 2012) in the
simplest form: from the cue to the end of its clause, of a negation or relief at most six words far unless "that" follows.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.indicators import Indicators
from analysis.text import Token

NEGATION, DENIAL, DOUBT, UNDECIDED, CONDITION, QUESTION, RELIEF = (
    *("negation", "denial", "doubt"),  # turn what they reach into its opposite
    *("undecided", "condition", "question"),  # leave it open
    "relief",  # says that it ends or lessens
)
OPPOSITE = frozenset({NEGATION, DENIAL, DOUBT})
OPEN = frozenset({UNDECIDED, CONDITION, QUESTION})
SHORT, REACH = frozenset({NEGATION, RELIEF}), 6  # words that these reach at most

_CUES = Indicators(
    {
        NEGATION: [
            "(no|not|never|neither|nor|without|cannot|hardly|barely|scarcely|rarely|nothing|nobody|none|nowhere|zero)",
            "(don't|doesn't|didn't|won't|wouldn't|can't|couldn't|shouldn't|isn't|aren't|wasn't|weren't)",
            "(hasn't|haven't|hadn't|mustn't|needn't|ain't)",
            "(lack|lacks|lacked|absence) (of|)",
            "(fail|fails|failed|failing|failure|unable|refuse|refuses|refused|refusal|unlikely|yet) to",
            "(far from|little (sign|evidence|hope|chance|prospect|progress|interest)|instead of|rather than)",
        ],
        DENIAL: [
            "(deny|denies|denied|denying|denial|denials|refut*|debunk*)",
            "(reject*|dismiss*|disput*|challeng*|contradict*) (the|these|those|his|her|its|their|any|) "
            "(claim*|idea|notion|suggestion*|assertion*|report*|accusation*|view)",
            "(reject*|dismiss*|rebut*|downplay*|brush* (aside|off|away)|wav* (aside|off|away)|shrug* off|play* down|allay*) "
            "(the|these|those|his|her|its|their|any|all|such|) (critic*|concern*|doubt*|fear*|worr*|objection*|warning*)",
        ],
        DOUBT: [
            "(doubt*|skeptic*|sceptic*) (that|about|of|over|on|)",
            "(question|questions|questioned|questioning) (whether|if)",
        ],
        UNDECIDED: [
            "whether",
            "(know|knows|sure|certain|clear|unclear|uncertain|see|ask|asks|asked|wonder*) if",
        ],
        CONDITION: [
            "(if|unless|until|provided that|in case|were to|as long as|on condition that)",
            "(depend*|hinge*|contingent) (on|upon)",
        ],
        RELIEF: [
            "(prevent*|avoid*|avert*|reduc*|curb*|combat*|eas*|overcom*|eliminat*|eradicat*|alleviat*|lessen*|mitigat*)",
            "(end|ends|ended|ending|stop|stops|stopped|stopping|halt|halts|halted|halting|limit|limits|fewer|less)",
            "(fight*|fought|protect*|guard|safeguard*|shield*|deter) (against|from)",
            "(prosecut*|punish*|resist*|oppos*|tackle*|tackling|solve*|solving|resolv*|escap*|free from|freed from)",
        ],
    },
    {
        RELIEF: ["(easy|easily|east|easter|eastern|easier)"],
        DENIAL: ["(deny|denies|denied|denying) (any|him|them|us|it)"],
        NEGATION: [
            "(not only|not just|not merely|not simply|not least|no doubt|no longer only|no matter)",
            "(nothing|no|none) (short of|less than|other than|but)",
        ],
    },
)
_CLAUSE_WORDS = "but although though while whereas because even despite until when since yet however so"
_CLAUSE_ENDS = frozenset(";:,—–()") | frozenset(_CLAUSE_WORDS.split())
_ENDS_OF_ALL = frozenset(".!?")


class Scope(NamedTuple):
    """What a cue reaches; `cue` is where the cue itself begins."""

    kind: str
    cue: int
    start: int
    end: int

    def holds(self, start: int) -> bool:
        return self.start <= start < self.end


def find_scopes(tokens: Sequence[Token]) -> list[Scope]:
    """Every scope in a sentence, in order; spans are the tokens' own."""
    starts = [t.start for t in tokens]
    scopes = []
    hits = _CUES.find(tokens)
    for hit, clause in zip(hits, find_clause_ends(tokens, [hit.end for hit in hits]), strict=True):
        after = bisect_left(starts, hit.end)
        near = tokens[after : after + REACH]
        if hit.code in SHORT and near and not any(t.lower == "that" for t in near):
            clause = min(clause, near[-1].end)
        scopes.append(Scope(hit.code, hit.start, hit.end, clause))
    begin = tokens[0].start if tokens else 0
    for token in tokens:
        if token.text == "?":
            scopes.append(Scope(QUESTION, begin, begin, token.end))
        if token.text in _ENDS_OF_ALL:
            begin = token.end
    return scopes


def find_clause_ends(tokens: Sequence[Token], places: Sequence[int]) -> list[int]:
    """Where the clauses end that go on at these places."""
    ends = [token.start for token in tokens if _ends_clause(token)] if places else []
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


def _ends_clause(token: Token) -> bool:
    return token.lower in _CLAUSE_ENDS or token.text in _ENDS_OF_ALL
