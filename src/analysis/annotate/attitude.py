"""Attitude of a sentence towards somebody it names: by the words of its clause, and by who does what to whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.annotate.sentiment import NEGATIVE, NEUTRAL, POSITIVE, label
from analysis.annotate.tone import Tone, Wording
from analysis.codebook import Codebook, load_codebook
from analysis.indicators import Indicators
from analysis.language import ENGLISH, Language, load_language
from analysis.text import Token, split_tokens

# Likelier towards a target than in a sentence: set on the training part of NewsMTSC (Hamborg & Donnay 2021).
AGAINST_BELOW, FOR_ABOVE = 0.0, 0.1

NEAR = 8  # words on either side of a target that count double
GROUP = 4  # words at most between a verb and who does it, or whom it is done to
AUXILIARIES = 3  # words before a verb among which a form of `be` makes it passive
JOINTS = 6  # joining words that may part a sentence, the nearest: one that goes on for pages has thousands
CONTRARY, REPROACH, STRUGGLE = "contrary", "reproach", "struggle"
VICTORY, LOSS = "victory", "loss"


class _Part(NamedTuple):
    """The part that a target has in an act: whether it does it, and the number of the verb's first token."""

    act: str
    does_it: bool
    verb: int


class _Target(NamedTuple):
    """A target within its clause, all by number of token: `first`..`last` inclusive, the clause `begin`..`end` exclusive."""

    first: int
    last: int
    begin: int
    end: int

    def is_in(self, begin: int, end: int) -> bool:
        return begin <= self.first < end


def toward(text: str, start: int, end: int, language: str | Path = ENGLISH) -> str:
    """Attitude of a sentence towards the target at `start`:`end`: negative, neutral or positive.

    Somebody who is only named as having said something is neutral. Else the words of the target's clause count, those
    near it double: not those of a clause set against it (`but`), nor what merely went on at the time (`after the
    attack`). Whoever arrests or condemns is not tainted by it; whoever wins, or acts against something bad, gains.
    The words are the language's and the general codebook's. Raises ValueError where no word stands at the span.
    """
    tone, speaking = general_tone(language)
    tokens = split_tokens(text)
    first, last = find_target(tokens, start, end)
    return attitude(tokens, first, last, tone, speaking)


def find_target(tokens: list[Token], start: int, end: int) -> tuple[int, int]:
    """The first and the last token of the target at `start`:`end`; ValueError where there is none."""
    inside = [i for i, t in enumerate(tokens) if t.start < end and t.end > start]
    if not inside:
        raise ValueError(
            f"no word of the text at {start}:{end}; the target's span counts from the text's beginning"
        )
    return inside[0], inside[-1]


def attitude(
    tokens: Sequence[Token],
    first: int,
    last: int,
    tone: Tone,
    speaking: Collection[str],
    names: Collection[str] = (),
) -> str:
    """`toward` for tokens already split: the target is `first`..`last`, both included.

    `speaking` are the forms of neutral reporting verbs, `names` those known from the rest of the article.
    """
    language = tone.language
    if _speaks(tokens, first, last, speaking, language):
        return NEUTRAL
    wording = tone.read(tokens, names)
    if not wording.score() and not _acts(language).find(tokens):
        return NEUTRAL
    target = _in_clause(tokens, first, last, wording, language)
    left_out = list(_events(tokens, target, language))
    against = 0.0
    if contrary := _contrary(tokens, target, language):
        against = wording.score(range(*contrary))
        left_out.append(contrary)
    for act, does_it, verb in _parts(tokens, target, language):
        if act in (VICTORY, LOSS):
            return POSITIVE if does_it == (act == VICTORY) else NEGATIVE
        if act == STRUGGLE and does_it and wording.score(range(verb + 1, target.end)) < 0:
            return POSITIVE
        if act == REPROACH and does_it:
            left_out.append((verb, target.end if verb > last else first))
    clause = set(range(target.begin, target.end)).difference(*(range(*part) for part in left_out))
    near = clause.intersection(range(first - NEAR, last + NEAR + 1))
    return label((wording.score(clause) + wording.score(near) - against) / 2, AGAINST_BELOW, FOR_ABOVE)


def _speaks(
    tokens: Sequence[Token], first: int, last: int, speaking: Collection[str], language: Language
) -> bool:
    """Whether the words at `first`..`last` are only the speaker: "he told", or "...,” said he"; not who "was called"."""
    following = [t.lower for t in tokens[last + 1 : last + 3]]
    if any(word in speaking for word in following):
        return following[0] not in language["be"]
    before = tokens[max(0, first - 4) : first]
    inverted = any(t.lower in speaking for t in before[-2:]) and any(t.text in '"”’,' for t in before)
    after = tokens[last + 1 : last + 2]
    return inverted and all(
        t.lower in language["inverted_end"] or not (t.text[0].isalnum() or t.text in '“"') for t in after
    )


def _in_clause(
    tokens: Sequence[Token], first: int, last: int, wording: Wording, language: Language
) -> _Target:
    """The target in the clause that speaks of it, as far as other clauses are set against that one."""
    opposing, joining = (language[f"{kind}_conjunction"] for kind in ("opposing", "joining"))
    cuts = [i for i, t in enumerate(tokens) if t.lower in opposing or t.text == ";"]
    if cuts[:1] == [0]:  # `While Anna was hailed, ...`: the clause set against the other ends at its comma
        cuts += [next((i for i, t in enumerate(tokens) if t.text == ","), 0)]
    begin = max((i for i in cuts if i < first), default=0)
    end = min((i for i in cuts if i > last), default=len(tokens))
    joints = [i for i in range(begin + 1, end - 1) if tokens[i].lower in joining]
    for i in sorted(sorted(joints, key=lambda i: abs(i - first))[:JOINTS]):
        scores = [wording.score(range(*part)) for part in ((begin, i), (i, end))]
        if min(scores) < 0 < max(scores):
            begin, end = (i, end) if i < first else (begin, i)
            break
    return _Target(first, last, begin, end)


def _events(tokens: Sequence[Token], target: _Target, language: Language) -> Iterator[tuple[int, int]]:
    """What merely went on at the time, from its preposition to the next mark; not where the target is a part of it."""
    i = target.begin
    while i < target.end:
        end = i + 1
        if tokens[i].lower in language["event_preposition"]:
            mark = next((j for j in range(i, target.end) if tokens[j].text in _MARKS), target.end)
            if not target.is_in(i, mark):
                yield i, mark
                end = max(end, mark)
        i = end


_MARKS = frozenset(",;:.!?()–—")


def _contrary(tokens: Sequence[Token], target: _Target, language: Language) -> tuple[int, int] | None:
    """What the sentence sets the target against, from `unlike` to the next mark; None where it is the target itself."""
    starts = [t.start for t in tokens]
    for hit in _acts(language).find(tokens):
        if hit.code == CONTRARY:
            begin = bisect_right(starts, hit.start) - 1
            end = next((j for j in range(begin, len(tokens)) if tokens[j].text in _MARKS), len(tokens))
            return None if target.is_in(begin, end) else (begin, end)
    return None


def _parts(tokens: Sequence[Token], target: _Target, language: Language) -> Iterator[_Part]:
    """The acts in which the target has a part."""
    starts = [t.start for t in tokens]
    be = language["be"] | language["contracted_be"]
    for hit in _acts(language).find(tokens[target.begin : target.end]):
        verb = bisect_right(starts, hit.start) - 1
        after = bisect_right(starts, hit.end - 1)
        passive = any(t.lower in be for t in tokens[max(target.begin, verb - AUXILIARIES) : verb])
        if hit.code == CONTRARY:
            continue
        if 0 <= verb - target.last - 1 <= GROUP and _is_verb_group(tokens[target.last + 1 : verb], language):
            yield _Part(hit.code, not passive, verb)
        elif after <= target.first:
            between = tokens[after : target.first]
            if passive and between and between[0].lower in language["agent_preposition"]:
                yield _Part(hit.code, len(between) <= GROUP, verb)
            elif not passive and _is_noun_opening(between, language):
                yield _Part(hit.code, False, verb)


def _is_verb_group(between: Sequence[Token], language: Language) -> bool:
    """Whether only auxiliaries and adverbs stand between a subject and its verb, and nothing that denies it."""
    return len(between) <= GROUP and all(
        (t.lower in language["between_subject_and_verb"] or "manner" in language.classes_of(t.lower))
        and t.lower not in language["negation"]
        for t in between
        if t.text != ","
    )


def _is_noun_opening(between: Sequence[Token], language: Language) -> bool:
    """Whether the words between a verb and its object can all belong to the object."""
    return len(between) <= GROUP and all(
        t.text[0].isalnum() and t.lower not in language["before_no_object"] for t in between
    )


@cache
def _acts(language: Language) -> Indicators:
    kinds = (CONTRARY, VICTORY, LOSS, REPROACH, STRUGGLE)
    return Indicators(
        {kind: language.indicators(kind) for kind in kinds},
        {kind: language.exceptions(kind) for kind in kinds},
    )


@cache
def general_tone(language: str | Path = ENGLISH) -> tuple[Tone, frozenset[str]]:
    """The general codebook's tone, and the forms of its neutral reporting verbs."""
    codebook = load_codebook(None, language)
    return Tone(codebook, load_language(language)), speaking_verbs(codebook)


def speaking_verbs(codebook: Codebook) -> frozenset[str]:
    """The forms of the codebook's neutral reporting verbs: whoever stands beside one only speaks."""
    neutral = (v for v in codebook.verbs.values() if v.tone == NEUTRAL and "quote" in v.content)
    return frozenset(form for verb in neutral for form in verb.forms)
