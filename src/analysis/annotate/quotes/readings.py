"""Readings: a cue in its sentence, with who speaks and the items that rules are matched against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from re import Match
from typing import NamedTuple

from analysis.annotate.quotes.content_spans import (
    comma_before_clause,
    content_end,
)
from analysis.annotate.quotes.cues import (
    FINITE,
    INFINITIVE,
    PARTICIPLE,
    PASSIVE,
    Cue,
    cue_classes,
    group_start,
)
from analysis.annotate.quotes.rules import Rule
from analysis.parse.noun_phrases import (
    Items,
    main_subject,
    noun_phrase_after,
    subject_before,
)
from analysis.parse.units import Unit

_ACTIVE = (FINITE, PARTICIPLE, INFINITIVE)


class Attribution(NamedTuple):
    """A cue with its speaker and its contents, as items of the unit, where the clause of the cue begins, and a channel."""

    cue: Cue
    speaker: Items | None
    contents: list[Items]
    start: int
    rule: str
    via: Items | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """A cue in its unit, with the cues before and after it and what was found for those before."""

    unit: Unit
    cue: Cue
    earlier: Sequence[Cue]
    later: Sequence[Cue]
    found: Sequence[Attribution]

    @cached_property
    def is_active(self) -> bool:
        """Whether the cue is a verb whose subject speaks."""
        unit, cue = self.unit, self.cue
        if cue.shape not in _ACTIVE or self.follows_as:
            return False
        if self.subject is None:
            return cue.start > 0 or unit.kind == "title"
        unreal = ("nobody", "addressed", "impersonal") if cue.shape == INFINITIVE else ("nobody", "addressed")
        return not unit.has(self.subject[0], *unreal)

    @property
    def follows_as(self) -> bool:
        """`as described by Lund`."""
        return self.cue.shape == FINITE and self.unit.word(self.cue.start - 1) == "as"

    @cached_property
    def subject(self) -> Items | None:
        """The noun phrase that speaks: before the verb, else that of the clause before."""
        unit, cue, at = self.unit, self.cue, self.cue.start
        joined = unit.has(at - 1, "coordinator") or (unit.has(at - 1, "comma") and unit.words[at] == "then")
        if cue.shape == INFINITIVE or joined:
            return _taken_over(self)
        if self._opens_sentence:
            comma = comma_before_clause(unit, cue.end)  # `Declaring that it was safe, Lund left.`
            return None if comma is None else noun_phrase_after(unit, comma + unit.has(comma, "comma"))
        opens = unit.has(at - 1, "clause_mark", "preposition", "comma", "before_participle")
        if cue.shape == PARTICIPLE and opens:
            return _taken_over(self)
        if at == 0:
            return None
        if cue.shape == PARTICIPLE and (at - 1 in unit.finite or unit.group_start[at - 1] < at - 1):
            return subject_before(unit, unit.group_start[at - 1])  # `Lund could not resist saying`
        if unit.has(at - 1, "quotation") or (unit.has(at - 1, "comma") and unit.has(at - 2, "quotation")):
            return _explained(unit, at)
        if (described := self._described) is not None:
            return described
        subject = subject_before(unit, at, max((c.end for c in self.earlier if c.shape == FINITE), default=0))
        if cue.shape == PARTICIPLE and subject and (issuer := _issuer(unit, subject)):
            return issuer
        return subject or main_subject(unit, at)

    @property
    def _described(self) -> Items | None:
        """`Economists who favor the tax agree`: whom a clause describes that ends right before the verb."""
        verb = next((c for c in reversed(self.earlier) if c.shape == FINITE), None)
        ends = verb is not None and _describes(self.unit, verb, self.cue)
        return subject_before(self.unit, verb.start) if ends and verb else None

    @property
    def _opens_sentence(self) -> bool:
        """`Declaring that it was safe, Lund left`, `After declaring that it was safe, Lund left`."""
        at = self.cue.start
        opened = at == 0 or (at == 1 and self.unit.has(0, "preposition", "subordinator"))
        return self.cue.shape == PARTICIPLE and opened

    @cached_property
    def begin(self) -> int:
        """Where the clause begins: with the subject, if that stands right before the verb."""
        unit, subject = self.unit, self.subject
        at = self.cue.start
        if subject is None or subject[1] > at or self.cue.shape in (PARTICIPLE, INFINITIVE):
            return at
        return at if unit.holds(subject[1], at, "quotation", "sentence_end") else subject[0]

    @cached_property
    def floor(self) -> int:
        """Where content before the cue may begin: after quotations, and what else stood before a cue of its own."""
        contents = [(a.start, c) for a in self.found for c in a.contents]
        ends = [c[1] for start, c in contents if self.unit.holds(*c, "quotation") or c[1] < start]
        return max((e for e in ends if e <= self.cue.start), default=0)

    @cached_property
    def letters(self) -> str:
        """The characters of the unit, in which the cue is one."""
        unit, cue = self.unit, self.cue
        classes = cue_classes(cue.entry, PASSIVE if self.follows_as else cue.shape, unit.language)
        if self.is_active:
            classes |= {"active"}
            if cue.shape == FINITE:
                precedes = self.subject is not None and self.subject[1] <= cue.start
                opened = unit.has(0, "subordinator")
                classes |= {"with_subject"} if precedes else frozenset()
                classes |= {"opened"} if opened else frozenset()
        letter = unit.patterns.letter("", classes)
        return unit.letters[: cue.start] + letter + unit.letters[cue.end :]

    @cached_property
    def _skipped(self) -> str:
        """The characters, with one for all that stands between the verb and what is said."""
        unit, cue, full = self.unit, self.cue, self.letters
        hearer = unit.patterns["past_hearer"].match(full, cue.start)
        content = unit.patterns["to_content"].match(full, cue.start)
        if hearer is None or content is None:
            return full
        shift = cue.end - cue.start - 1
        start, at = hearer.end() + shift, content.end() + shift
        classes = ["between"]
        classes += ["empty"] if start == at else []
        classes += ["timed"] if all(unit.has(i, "time", "manner") for i in range(start, at)) else []
        between = unit.patterns.letter("", frozenset(classes))
        return full[: cue.start + 1] + between + unit.letters[at:]

    def find(self, rule: Rule) -> Found | None:
        """What a rule's pattern finds that begins at the cue."""
        match = rule.pattern.match(self._skipped if rule.skips else self.letters, self.cue.start)
        return None if match is None else Found(self, match)

    def end_of(self, start: int) -> int:
        """Where content that begins at `start` ends; `Asked whether it was safe, Lund nodded.`: at its comma."""
        unit, cue = self.unit, self.cue
        opens = cue.start == 0 or (cue.start == 1 and unit.has(0, "time_clause"))
        opens = (opens and cue.shape == PASSIVE) or self._opens_sentence
        comma = comma_before_clause(unit, start) if opens else None
        if (
            cue.shape == PASSIVE
            and unit.has(cue.start - 1, "aside_opener")
            and unit.has(cue.start - 2, "comma")
        ):
            comma = unit.find("comma", start)  # `Lund, when asked whether it was safe, said ...`
        spoken = unit.has(start - 1, "colon") and not unit.holds(start, len(unit), "quotation")
        if unit.has(cue.start - 1, "relative_pronoun") and not unit.has(start, "quotation"):
            aside = unit.find("comma", start)
            if aside is not None and any(later.start == aside + 1 for later in self.later):
                return aside  # `Lund, who wrote the report, said ...`
        # What follows a colon is all said: `replied: No, as I have said.`
        later = () if spoken else self.later
        end = comma or content_end(unit, start, later)
        main = next((c for c in later if c.shape == FINITE), None)
        return min(end, main.start) if main and start < main.start and _describes(unit, cue, main) else end


@dataclass(frozen=True, eq=False)
class Found:
    """What a rule's pattern found in a reading, with the speaker."""

    reading: Reading
    match: Match[str]
    speaker: Items | None = None
    via: Items | None = None

    @property
    def unit(self) -> Unit:
        return self.reading.unit

    @property
    def cue(self) -> Cue:
        return self.reading.cue

    def items(self, group: str) -> Items | None:
        """The items of a group that stands after the cue; None where the pattern has none or it matched nothing."""
        if group not in self.match.re.groupindex or self.match.start(group) < 0:
            return None
        shift = len(self.unit) - len(self.match.string)  # for what stands before is one item or two
        return self.match.start(group) + shift, self.match.end(group) + shift


def _describes(unit: Unit, verb: Cue, main: Cue) -> bool:
    """Whether a verb stands in a clause that describes the subject of a later one: `economists who favor the tax agree`."""
    if not unit.has(verb.start - 1, "relative_pronoun") or unit.has(verb.start - 2, "comma", "coordinator"):
        return False
    ended = ("comma", "clause_mark", "coordinator", "subordinator", "relative", "subject_pronoun")
    return not unit.holds(verb.end, main.start, *ended)


def _issuer(unit: Unit, document: Items) -> Items | None:
    """`The mayor issued a statement saying ...`: the mayor."""
    start = document[0] + (unit.words[document[0]] == "out")
    verb = start - 1 - (unit.word(start - 1) == "out")
    if verb < 1 or not unit.has(verb, "issuing"):
        return None
    verb = group_start(unit, verb)
    return subject_before(unit, verb) or main_subject(unit, verb)


def _explained(unit: Unit, at: int) -> Items | None:
    """`Lund, who calls it "a joke," said`: the subject, where the quotation ends what explains it."""
    for i in range(at - 1, 1, -1):
        if unit.has(i, "explaining") and unit.has(i - 1, "comma"):
            return subject_before(unit, i)
        if unit.has(i, "clause_mark") and not unit.has(i, "quotation"):
            break
        if unit.has(i, "comma") and unit.has(i + 1, "ed_form", "gerund", "determiner"):
            return subject_before(unit, i)  # `The ad, titled "Unite," says`
    return None


def _taken_over(reading: Reading) -> Items | None:
    """The subject of the verb before that has one, else the unit's first noun phrase."""
    unit, at = reading.unit, reading.cue.start
    contents = [c for a in reading.found for c in a.contents]
    semicolon = next((i for i in range(at - 1, 0, -1) if unit.word(i) == ";"), 0)
    if semicolon and not any(start <= semicolon < end for start, end in contents):
        return noun_phrase_after(unit, semicolon + 1)  # `Lund warned of war; Berg was milder, saying ...`

    def stands_beside(cue: Cue) -> bool:
        return all((start <= cue.start < end) == (start <= at < end) for start, end in contents)

    last = next((a for a in reversed(reading.found) if a.speaker and stands_beside(a.cue)), None)
    verb = next((c for c in reversed(reading.earlier) if c.shape == FINITE and stands_beside(c)), None)
    if verb is not None and (last is None or verb.start > last.cue.start):
        subject = subject_before(unit, verb.start)
        if subject is not None:
            return subject
    if last is not None:
        return last.speaker
    main = main_subject(unit, at)
    before = next((i for i in range(at - 1, 0, -1) if i in unit.finite), None)
    if before is None or unit.has(at - 1, "comma") or (main and unit.has(main[0], "impersonal")):
        return main
    near = subject_before(unit, group_start(unit, before))
    return (
        near if near and unit.has(near[1] - 1, "relative_pronoun") else main
    )  # `Lund, who rose to say that ...`
