"""Agents: who does what a verb says or a noun names, told by word classes alone."""

from __future__ import annotations

from analysis.parse.names import is_person_noun
from analysis.parse.noun_phrases import Items, main_subject, noun_phrase_after, subject_before
from analysis.parse.units import Unit

_LONGEST_OWNER = 6  # items between a noun and whoever owns it: `Mr. Trump's second sharp attack`
_BREAKS = (
    *("determiner", "preposition", "clause_mark", "comma", "auxiliary", "coordinator", "past", "relative"),
)


# Of a verb ------------------------------------------------------------------------------------------------------


def subject_of_verb(unit: Unit, i: int) -> Items | None:
    """Who does what the active verb at item `i` says, be it finite, an infinitive or an -ing form."""
    start = unit.group_start[i]
    if unit.word(start - 1) == "to":
        if unit.has(start - 2, "object_pronoun"):
            return start - 2, start - 1
        if unit.has(start - 2, "capital"):
            return _phrase_start(unit, start - 1), start - 1  # `pushed Lund to reject it`
        return _persons_before(unit, start - 1) or _governing_subject(unit, start - 1)
    if unit.has(i, "gerund") and not unit.holds(start, i, "be") and not unit.has(start - 1, "contracted_be"):
        return _subject_of_participle(unit, start)
    return _subject(unit, start)


def _subject(unit: Unit, start: int) -> Items | None:
    """Who does what the finite verb says whose group begins at item `start`."""
    if unit.has(start - 1, "coordinator"):
        if unit.has(start - 2, "comma"):
            return _somebody(unit, main_subject(unit, start))
        return _governing_subject(unit, start - 1)
    if unit.word(start - 1) == "that" and start > 1:
        return _before_that(unit, start - 1)
    return _somebody(unit, subject_before(unit, start))


def _somebody(unit: Unit, items: Items | None) -> Items | None:
    """The items from the last word on that opens a clause among them; None for small words alone: `and`, `so far`, `them`."""
    if items is None:
        return None
    opened = [i for i in range(items[0], items[1] - 1) if unit.has(i, "subordinator", "wh_word")]
    items = (opened[-1] + 1, items[1]) if opened else items
    small = ("coordinator", "adverb", "preposition", "object_pronoun", "subordinator", "manner")
    named = any(not unit.has(i, *small) or unit.has(i, "subject_pronoun") for i in range(*items))
    return items if named else None


def _before_that(unit: Unit, that: int) -> Items | None:
    """The noun phrase that a relative clause belongs to: `the strike that killed nine`."""
    opening = ("determiner", "possessive", "clause_mark", "comma")
    start = next((j for j in range(that - 1, -1, -1) if unit.has(j, *opening)), 0)
    start += unit.has(start, "clause_mark", "comma")
    end = unit.find("preposition", start, that) or that
    return (start, end) if start < end else None


def _subject_of_participle(unit: Unit, start: int) -> Items | None:
    """Who does what an -ing form says: `Lund, after imposing it, left`; `blamed Lund for imposing it`; `Lund imposing it`."""
    before = start - 1
    if unit.has(before, "preposition", "subordinator"):
        if unit.has(before - 1, "comma"):
            return _somebody(unit, subject_before(unit, before - 1))
        if unit.word(before) in unit.language["blaming"] and unit.has(before - 1, "capital"):
            return _phrase_start(unit, before), before
    elif unit.has(before, "capital"):
        return _phrase_start(unit, start), start
    return _governing_subject(unit, start)


def _governing_subject(unit: Unit, at: int) -> Items | None:
    """The subject of the verb before item `at`, on which an infinitive or -ing form depends; or the owner of its noun."""
    for i in range(at - 1, 0, -1):
        if unit.has(i, "clause_mark", "sentence_end"):
            return None
        if (i in unit.finite and not _is_plural(unit, i)) or unit.has(i, "catenative"):
            return _subject(unit, unit.group_start[i])
        owned = unit.word(at) == "to" and not unit.holds(i + 1, at, "preposition", "coordinator", "comma")
        if owned and unit.has(i, "possessor", "possessive"):
            return _possessor(unit, i)
    return None


def _persons_before(unit: Unit, to: int) -> Items | None:
    """Those whom somebody moves to do it: `pressed the board to oust her`, `urged voters to reject it`."""
    last = unit.word(to - 1)
    if not is_person_noun(last, unit.language) and last not in unit.language["acting_body"]:
        return None
    start = to - 1
    while start > 0 and start - 1 not in unit.finite and not unit.has(start - 1, *_BREAKS, "gerund"):
        start -= 1
    start -= unit.has(start - 1, "determiner", "possessive")
    return start, to


def _is_plural(unit: Unit, i: int) -> bool:
    """Whether what looks like a verb is a noun in the plural: `until February's primaries to decide`."""
    before = ("possessor", "possessive", "determiner", "preposition", "adjectival", "numeral", "number")
    return unit.has(i, "s_form") and not unit.has(i, "auxiliary", "past") and unit.has(i - 1, *before)


def _phrase_start(unit: Unit, j: int) -> int:
    """Where the name or noun phrase begins that ends at the possessor `j`."""
    start = j
    while unit.has(start - 1, "capital", "name_link"):
        start -= 1
    closed = ("preposition", "auxiliary", "coordinator", "past", "subordinator")
    if start == j and not unit.has(j, "capital"):
        while unit.has(start - 1, "lower", "capital") and not unit.has(start - 1, *closed):
            start -= 1
            if unit.has(start, "determiner"):
                break
    return start


def _possessor(unit: Unit, i: int) -> Items | None:
    """`its`, or the noun phrase that ends in the possessor at item `i`; None for a time: `today's`."""
    if unit.has(i, "possessive") or unit.has(i, "contracted"):
        return i, i + 1
    owner = unit.words[i].removesuffix("'s").removesuffix("'")
    return None if owner in unit.language["time"] else (_phrase_start(unit, i), i + 1)


# Of a noun ------------------------------------------------------------------------------------------------------


def owner_of(unit: Unit, i: int) -> Items | None:
    """Who owns the deed that the noun at item `i` names: `Mr. Trump's attack`, `its attack`, `the Russian attack`."""
    suffered = unit.words[i].removesuffix("s") in unit.language["event_owned_by_victim"]
    victim = suffered and unit.word(i + 1) != "of"
    nouns = unit.language["violence_noun"] | unit.language["decision_noun"]
    for j in range(i - 1, max(-1, i - 1 - _LONGEST_OWNER), -1):
        if unit.word(j - 1) in nouns:
            continue  # `its raids and attacks`
        if unit.has(j, "possessive", "possessor"):
            return None if victim else _possessor(unit, j)
        if unit.words[j] in unit.language["nationality"] or unit.words[j] in unit.language["acting_body"]:
            return (j, j + 1)
        if unit.words[j] == "'" and unit.words[j - 1].endswith("s"):  # `the rebels' attack`
            return None if victim else (_phrase_start(unit, j), j)
        if unit.has(j, *_BREAKS):
            return None
    return None


def maker_of(unit: Unit, i: int) -> Items | None:
    """Who follows the noun as doing it: `attacks by rebels`, `the assault of a reporter by a guard`."""
    for j in range(i + 1, min(len(unit), i + 2 + _LONGEST_OWNER)):
        by = unit.word(j) in unit.language["agent_preposition"]
        ruled = unit.word(j) in unit.language["maker"] and unit.words[i] in unit.language["word_of_command"]
        if by or (ruled and j == i + 1 and _is_body(unit, j + 1)):
            return noun_phrase_after(unit, j + 1) if _names_somebody(unit, j + 1) else None
        if j in unit.finite or unit.has(j, "clause_mark", "sentence_end", "comma", "relative"):
            return None
    return None


def _is_body(unit: Unit, i: int) -> bool:
    after = i + unit.has(i, "determiner")
    return unit.has(after, "capital") or unit.word(after) in unit.language["acting_body"]


def _names_somebody(unit: Unit, i: int) -> bool:
    return not unit.has(i, "gerund", "time", "numeral", "mark")
