"""Attributions: around each cue, who speaks and what is attributed, by the rules of attribution.yml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.annotate.quotes.content_spans import trim
from analysis.annotate.quotes.content_ways import CONTENTS, with_before
from analysis.annotate.quotes.cues import (
    COLON,
    CREDIT,
    FINITE,
    PARTICIPLE,
    PREPOSITION,
    Cue,
    group_start,
)
from analysis.annotate.quotes.readings import Attribution, Found, Reading
from analysis.annotate.quotes.rules import Rule, Rules
from analysis.codebook import SPEECH
from analysis.parse.names import is_forename, is_person_noun
from analysis.parse.noun_phrases import (
    Items,
    can_speak,
    main_subject,
    name_start,
    subject_before,
)
from analysis.parse.units import Unit


def find_attributions(unit: Unit, cues: Sequence[Cue], rules: Rules) -> list[Attribution]:
    """The attributions of a unit, one for each cue that has content, in the order of their cues."""
    whole = _read_whole(unit, cues, rules)
    if whole is not None:
        return [whole]
    found: list[Attribution] = []
    for n, cue in enumerate(cues):
        attribution = _read(Reading(unit, cue, cues[:n], cues[n + 1 :], tuple(found)), rules)
        if attribution is not None and not _is_lost_inside(unit, attribution, found):
            found.append(attribution)
    found = _handed_on(unit, found)
    return [a for a in found if not _is_lost_inside(unit, a, found)]


def _handed_on(unit: Unit, found: list[Attribution]) -> list[Attribution]:
    """With the source behind a medium for its speaker: `Interfax, citing officials, reported that ...`."""
    citing = [a for a in found if _names_source(unit, a)]
    out = []
    for attribution in found:
        own = next((a for a in citing if a is not attribution and a.speaker == attribution.speaker), None)
        if attribution in citing and any(a.speaker == attribution.speaker and a not in citing for a in found):
            continue
        if own is not None and attribution.speaker is not None and attribution not in citing:
            attribution = attribution._replace(speaker=own.contents[0], via=attribution.speaker)
        out.append(attribution)
    return out


def _names_source(unit: Unit, attribution: Attribution) -> bool:
    """Whether an attribution cites nothing but a person or body: `citing a source in the ministry`.

    Names and bodies only where no person cites them, who would rather repeat what they agree with.
    """
    cue, language = attribution.cue, unit.language
    if cue.shape != PARTICIPLE or "quoting" not in language.classes_of(cue.entry.lemma):
        return False
    start, end = attribution.contents[0]
    ends = (
        i
        for i in range(start + 1, end)
        if unit.has(i, "preposition") or unit.words[i] in language["after_head"]
    )
    head = next(ends, end) - 1
    noun = unit.words[head]
    if is_person_noun(noun, language) or noun in language["stands_for_body"]:
        return True
    if attribution.speaker is None or _is_person(unit, attribution.speaker):
        return False
    return noun in language["acting_body"] or (unit.has(head, "capital") and noun not in language["law"])


def _is_person(unit: Unit, items: Items) -> bool:
    """Whether a noun phrase is for a person, by its noun or a first name."""
    words = unit.words[slice(*items)]
    if unit.has(items[0], "pronoun"):
        return True
    if not unit.has(items[1] - 1, "capital") and is_person_noun(words[-1], unit.language):
        return True
    return len(words) > 1 and any(is_forename(word, unit.language) for word in words[:-1])


def _is_lost_inside(unit: Unit, inner: Attribution, found: Sequence[Attribution]) -> bool:
    """Whether an attribution inside another's content hands over too faintly to be a source within a source.

    `officials say the agency assessed that ...` is one; `the mayor said she hoped to ...` is all the mayor's, and
    mostly so is `the mayor said she believed that ...`.
    """
    inside = any(
        a <= inner.cue.start < b and a <= c[0] and c[1] <= b
        for other in found
        for a, b in other.contents
        for c in inner.contents
    )
    if not inside or inner.speaker is None:
        return inside
    first = inner.contents[0][0]
    if _is_own_speech(unit, inner):
        return False
    himself = unit.has(inner.speaker[0], "subject_pronoun") and unit.words[inner.speaker[0]] != "who"
    return himself or not (unit.words[first - 1] == "that" or unit.has(first - 1, "comma", "colon"))


def _is_own_speech(unit: Unit, inner: Attribution) -> bool:
    """Whether somebody is named in it whose words are quoted: `Berg alleged that Lund called him "a liar"`."""
    speaker, cue = inner.speaker, inner.cue
    named = (
        speaker is not None and unit.has(speaker[1] - 1, "capital") and not unit.has(speaker[0], "pronoun")
    )
    quoted = any(unit.holds(*content, "quotation") for content in inner.contents)
    return named and quoted and cue.entry.reports == SPEECH and cue.shape == FINITE


def _read_whole(unit: Unit, cues: Sequence[Cue], rules: Rules) -> Attribution | None:
    """The attribution of a whole unit: `Lund: We Are Ready`, `"We are ready." - Anna Lund, Norwick`."""
    marks = unit.language["colon"] | unit.language["dash"]
    if marks.isdisjoint(unit.words):
        return None
    head = ["head"] if unit.kind == "title" or unit.paragraph == 1 else []
    letters = unit.patterns.letter("", frozenset(["start", unit.kind, *head])) + unit.letters
    for rule in rules.of_units:
        found = rule.pattern.match(letters)
        if found is None or (cues and cues[0].start < found.start("cue") - 1 and rule.content == "rest"):
            continue
        at = found.start("cue") - 1
        cue = Cue(at, at, at + 1, COLON if unit.has(at, "colon") else CREDIT, PREPOSITION)
        content = trim(unit, found.start("content") - 1, found.end("content") - 1)
        speaker = (found.start("speaker") - 1, found.end("speaker") - 1)
        if content or rule.content != "rest":
            return Attribution(cue, speaker, [content] if content else [], speaker[0], rule.name)
    return None


def _read(reading: Reading, rules: Rules) -> Attribution | None:
    """The attribution of one cue by the first rule that finds contents for it; None if nothing is attributed."""
    cue = reading.cue
    for rule in rules.of_cue(reading.letters[cue.start]):
        found = reading.find(rule)
        if found is None:
            continue
        via = found.reading.subject if rule.via == "subject" else found.items("via")
        found = replace(found, speaker=_speaker(found, rule), via=via)
        if found.speaker is None and rule.speaker in ("possessor", "owner", "maker"):
            continue
        contents = CONTENTS[rule.content](found)
        if contents is None:
            continue
        if rule.speaker == "subject" and found.items("content"):
            contents = with_before(found, contents[0])
        start = reading.begin if rule.speaker == "subject" else cue.start
        return Attribution(cue, found.speaker, contents, start, rule.name, via) if contents else None
    return None


def _speaker(found: Found, rule: Rule) -> Items | None:
    """Who speaks by a rule."""
    unit, at = found.unit, found.cue.start
    if rule.speaker == "subject":
        subject = found.reading.subject
        return subject if subject and can_speak(unit, subject) else None
    if rule.speaker == "maker":
        return _maker(unit, at)
    if not rule.speaker:
        return found.items("speaker")
    possessor = _possessor(unit, found.cue.end - 1 if found.cue.shape == PREPOSITION else at)
    if rule.speaker == "owner" and possessor and unit.has(possessor[0], "possessive"):
        return main_subject(unit, possessor[0]) or possessor
    return possessor


def _maker(unit: Unit, at: int) -> Items | None:
    """`Oskara made accusations that ...`, `issued a warning that ...`: the subject of the verb."""
    verb = next((i for i in range(at - 1, max(0, at - 5), -1) if unit.has(i, "making")), None)
    return None if verb is None else subject_before(unit, group_start(unit, verb))


def _possessor(unit: Unit, at: int) -> Items | None:
    """`the mayor's` or `her` shortly before item `at`."""
    for i in range(at - 1, max(-1, at - 4), -1):
        if unit.has(i, "possessive"):
            return (i, i + 1)
        if unit.has(i, "possessor"):
            return (name_start(unit, i), i + 1)
    return None
