"""Ways in which contents lie to a cue, by the names that attribution.yml has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from analysis.annotate.quotes.content_spans import (
    before_verb,
    comma_before_clause,
    comma_before_verb,
    content_before,
    content_end,
    is_clause,
    object_end,
    object_until,
    predicate_end,
    skip_openers,
    trim,
)
from analysis.annotate.quotes.cues import FINITE
from analysis.annotate.quotes.readings import Found
from analysis.parse.noun_phrases import Items
from analysis.parse.units import Unit

_SHORT = 3  # words; too few before an aside to be what somebody says


# What follows the cue, from the group `content` of the pattern on ------------------------------------------------


class Stretch(NamedTuple):
    """The items `start` up to `after` of the group `content`, the last item that the content has to hold (the end of
    the group `holds`), and the end of content that begins there, as far as the words after it tell.
    """

    start: int
    after: int
    last: int
    end: int


Ending = Callable[[Unit, Stretch], Items | None]
Contents = Callable[[Found], list[Items] | None]


def _following(ending: Ending) -> Contents:
    """The content that the pattern's group begins; `ending` says where it ends."""

    def find(found: Found) -> list[Items] | None:
        group = found.items("content")
        if group is None:
            return None
        holds = found.items("holds")
        end = found.reading.end_of((found.items("from") or (group[1],))[0])
        if holds and holds[1] > end:
            return None
        content = ending(found.unit, Stretch(*group, holds[1] - 1 if holds else group[0], end))
        # `Not so, says Lund, who chairs it.`
        nobody = found.reading.subject is None and found.cue.shape == FINITE
        return [content] if content and not (nobody and only_described(found.unit, content)) else None

    return find


def with_before(found: Found, after: Items) -> list[Items]:
    """What follows the verb, or with it what the clause interrupts: a quotation or the beginning of a sentence."""
    unit, begin = found.unit, found.reading.begin
    comma = None
    if begin < found.cue.start and unit.has(begin - 1, "opening_subordinator") and _opens(unit, begin - 1):
        comma = comma_before_clause(unit, after[0])  # `When Lund said it was safe, Berg left.`
    elif (
        found.speaker
        and unit.has(found.cue.start - 1, "relative_pronoun")
        and _awaits_verb(unit, found.speaker[0])
    ):
        comma = comma_before_verb(unit, after[0])  # `Lund, who said it was safe, left.`
    after = (after[0], min(after[1], comma or after[1]))
    before = content_before(unit, begin, found.reading.floor, only_quotation=True)
    if before and found.items("from") and unit.has(before[0] - 1, "alphabetic"):
        before = None  # `Lund, a pillar of the "old guard," said that ...`
    before = before or _begun(found, after)
    thing = found.speaker is not None and unit.has(found.speaker[1] - 1, "thing_pronoun")
    thing = thing and _is_stand(found, after)
    goes_on = before is None or unit.has(after[0], "quotation") or not unit.holds(*before, "quotation")
    return [*([before] if before else []), *([after] if goes_on and not thing else [])]


def _opens(unit: Unit, at: int) -> bool:
    """Whether a clause begins at item `at` before the main clause: at first, or after a mark or conjunction."""
    return _awaits_verb(unit, at) or unit.has(at - 1, "coordinator", "clause_mark")


def _awaits_verb(unit: Unit, at: int) -> bool:
    """Whether no main verb stands before item `at`."""
    return not unit.holds(0, at, "clause_mark") and not any(i in unit.finite for i in range(at))


def _begun(found: Found, after: Items) -> Items | None:
    """The words before an attribution that what follows goes on with: `The bridge, she said, "is safe".`"""
    unit, begin = found.unit, found.reading.begin
    interrupts = unit.has(begin - 1, "comma") and unit.has(found.cue.end, "comma")
    if found.cue.shape != FINITE or not interrupts or not unit.has(after[0], "lower", "in_lower"):
        return None
    content = content_before(unit, begin, found.reading.floor, only_quotation=False, whole=False)
    if content is None or unit.has(content[0], "preposition", "subordinator", "time", "manner"):
        return None
    return content


def _is_stand(found: Found, content: Items) -> bool:
    """Whether the content is what somebody wants or stands for, an infinitive or an object, and not what they say."""
    unit, kinds = found.unit, set(found.cue.entry.content)
    if not {"object", "infinitive"} & kinds or unit.has(content[0], "quotation"):
        return False
    return unit.words[content[0]] == "to" or not {"that", "clause"} & kinds


# What precedes the cue, or lies around it ---------------------------------------------------------------------


def _preceding(found: Found) -> list[Items] | None:
    """The sentence up to the cue: `The port is safe, according to the mayor.`"""
    unit, at = found.unit, found.cue.start
    content = trim(unit, skip_openers(unit, 0, at), at)
    return [content] if content else None


def _aside(found: Found) -> list[Items] | None:
    """What follows an aside that stands after few words: `The port, according to the mayor, is safe.`"""
    before = _preceding(found)
    short = before is not None and before[0][1] - before[0][0] <= _SHORT
    clause = before is not None and any(
        start <= i < end - 1 for start, end in before for i in found.unit.finite
    )
    return _FOLLOWING(found) if short and not clause else None


def _other_side(found: Found) -> list[Items] | None:
    """What stands on the other side of the comma: `As the mayor noted, ...`, `..., as the mayor, who is ill, noted`."""
    unit, cue = found.unit, found.cue
    if found.speaker is None or unit.word(at := min(found.speaker[0], cue.start) - 1) != "as":
        return None
    floor, end = skip_openers(unit, 0, at), max(found.speaker[1], cue.end)
    if floor == at:
        comma = unit.find("comma", end)
        content = None if comma is None else trim(unit, comma + 1, found.reading.end_of(comma + 1))
    else:
        content = trim(unit, floor, at) if unit.has(at - 1, "comma", "quotation", "dash") else None
    return [content] if content else None


def _before_inversion(found: Found) -> list[Items] | None:
    """What precedes the verb, with a quotation that goes on after the speaker: `"We are," said Lund, "ready."`"""
    unit = found.unit
    before = content_before(unit, found.cue.start, found.reading.floor, only_quotation=False)
    if before is None or _is_subject(found, before):
        return None
    after = _FOLLOWING(found)
    return [before, *(after or ())]


def _is_subject(found: Found, words: Items) -> bool:
    """Whether words before the verb are all its subject: `Lund, an analyst who covers the sector, expects further cuts`."""
    subject = found.reading.subject
    return subject is not None and subject[0] == words[0] and only_described(found.unit, words)


def only_described(unit: Unit, words: Items) -> bool:
    """Whether words name somebody whom a relative clause describes, and say nothing else: `Lund, who chairs the board`."""
    start, end = words
    described = explaining = False  # `explaining`: whether a clause goes on that a relative pronoun has begun
    for i in range(start, end):
        explaining = unit.has(i, "relative") or (explaining and not unit.has(i, "comma"))
        described = described or explaining
        if unit.has(i, "quotation") or (i in unit.finite and not explaining):
            return False
    return described


def _around_inversion(found: Found) -> list[Items] | None:
    """What stands before an inverted clause and after it, where neither is whole: a clause with `if`, a subject."""
    unit = found.unit
    before = content_before(unit, found.cue.start, found.reading.floor, only_quotation=False, whole=False)
    after = _FOLLOWING(found)
    if before is None or after is None or unit.holds(*before, "quotation"):
        return None
    depends = unit.has(before[0], "preposition", "subordinator") and unit.words[before[0]] != "that"
    if depends:
        return [before, *after] if is_clause(unit, *after[0]) else None
    return [before, *after] if after[0][0] in unit.finite and not is_clause(unit, *before) else None


def _interrupted(found: Found) -> list[Items] | None:
    """The sentence that the clause interrupts: `The bridge, she said, is safe.`"""
    unit, begin = found.unit, found.reading.begin
    start = found.items("rest")
    if start is None or not unit.has(begin - 1, "comma"):
        return None
    after = trim(unit, start[0], content_end(unit, start[0], found.reading.later))
    before = _stated_before(found)
    if after is None or before is None:
        opens = after and skip_openers(unit, 0, begin) == begin  # `And, she said, the bridge is safe.`
        return [after] if after and opens else None
    if unit.has(after[0], "gerund"):
        return None
    short = before[1] - before[0] <= _SHORT and not unit.holds(*before, "quotation")
    adverbial = short and (unit.has(before[0], "adverb", "manner") or after[0] not in unit.finite)
    return [after] if adverbial else [before, after]


def _stated_before(found: Found) -> Items | None:
    """What precedes the clause: a quotation, or a clause where nothing follows that could be content."""
    unit, cue = found.unit, found.cue
    at = unit.match_end("hearer", cue.end) if cue.entry.addressee else cue.end
    stated = cue.shape == FINITE and not {"that", "clause"}.isdisjoint(cue.entry.content)
    closed = stated and unit.match_end("closing", at or cue.end) is not None
    whole = not unit.has(cue.end, "comma")
    return content_before(
        unit, found.reading.begin, found.reading.floor, only_quotation=not closed, whole=whole
    )


def _quotation_first(found: Found) -> list[Items] | None:
    before = _stated_before(found)
    return [before] if before and found.unit.has(before[1] - 1, "quotation") else None


def _clause_first(found: Found) -> list[Items] | None:
    before = _stated_before(found)
    return [before] if before else None


_FOLLOWING = _following(lambda unit, s: trim(unit, s.start, s.end))

CONTENTS: Mapping[str, Contents] = {
    # from the group `content` on
    "following": _FOLLOWING,  # up to where content ends
    "group": _following(lambda _, s: (s.start, s.after)),  # no more than the group
    "predicate": _following(
        lambda unit, s: trim(unit, s.start, predicate_end(unit, s.last, s.end, closed=True))
    ),
    "object": _following(lambda unit, s: object_until(unit, s.start, s.end)),
    "called": _following(lambda unit, s: trim(unit, s.start, object_end(unit, s.start, s.end))),
    "before_verb": _following(lambda unit, s: trim(unit, s.start, before_verb(unit, s.last + 1, s.end))),
    "object_before_verb": _following(
        lambda unit, s: object_until(unit, s.start, before_verb(unit, s.start, s.end))
    ),
    # before the cue, or around it
    "preceding": _preceding,
    "aside": _aside,
    "other_side": _other_side,
    "before_inversion": _before_inversion,
    "around_inversion": _around_inversion,
    "interrupted": _interrupted,
    "quotation_first": _quotation_first,
    "clause_first": _clause_first,
}
