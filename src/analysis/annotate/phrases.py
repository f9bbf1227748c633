"""Noun phrases and adverbials, told by closed word classes, capitals and commas alone."""

from __future__ import annotations

from analysis.parse.units import (
    ADVERBS,
    AUXILIARIES,
    CLAUSE_MARKS,
    COORDINATORS,
    DASHES,
    DETERMINERS,
    NUMBERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    QUOTE,
    SENTENCE_ENDS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    WH_WORDS,
    Unit,
    is_adverb,
    is_finite,
    word_set,
)

Items = tuple[int, int]  # items of a unit, from .. to, end-exclusive

_CLAUSE_OPENERS = word_set("that because although though while whereas but if whether as when what since so")
_RELATIVES = word_set("who which that whose whom where")
_INSIDE_NAMES = word_set("of for with from at by")
_CATENATIVES = word_set(
    "continue continues want wants seem seems appear appears begin begins start starts try tries plan "
    "plans need needs refuse refuses decline declines tend tends hope hopes go goes fail fails use"
)
_PLACES = word_set("here there back elsewhere")
_LONGEST_SUBJECT = 25


def subject_before(unit: Unit, at: int, floor: int = 0) -> Items | None:
    """The noun phrase before item `at` that is the subject of the verb there; for `who` its antecedent too.

    Of the segments between commas it is the last; if a comma stands before the verb, it is the one that
    appositions explain: `Anna Lund, the mayor, said`. Nothing left of `floor` is looked at, unless so.
    """
    words = unit.words
    closed = words[at - 1 : at] == [","]
    at = _skip_bracket(words, at - closed)
    at = _skip_aside(words, at) if closed else at
    floor = _clause_floor(words, at) if closed else max(floor, _clause_floor(words, at))
    floor = max(floor, dateline) if (dateline := after_dateline(unit)) < at else floor
    commas = [i for i in range(floor, at) if words[i] == ","]
    edges = [floor, *(c + 1 for c in commas)]
    segments = [s for s in zip(edges, [*commas, at], strict=True) if s[0] < s[1]]
    if not segments:
        return None
    if not closed:
        start, end = segments[-1]
        if len(segments) > 1 and _is_relative(words, start, end):
            return _antecedent(unit, *segments[-2])
        if len(segments) > 1 and words[start] in ("a", "an", "former") and _is_person(unit, *segments[-2]):
            return segments[-2]  # the comma that should close the apposition is missing
        subject = _subject_in(unit, *segments[-1])
        if subject is not None or len(segments) == 1:
            return subject
        segments.pop()
    while segments:
        start, end = segments.pop()
        if segments and _is_relative(words, start, end):
            return _antecedent(unit, *segments[-1])
        if segments and (_is_apposition(unit, start, end) or _is_region(unit, segments, start, end)):
            continue
        subject = _subject_in(unit, start, end)
        if subject is None:
            continue
        before = segments[-1] if segments else None
        if (
            before
            and _is_named(unit, *subject)
            and words[before[0]] in DETERMINERS
            and before[1] - before[0] <= 8
        ):
            return (before[0], subject[1])
        return subject
    return None


def _is_relative(words: list[str], start: int, end: int) -> bool:
    """`who`, also with a time: `who in 2010`."""
    return words[start] in ("who", "which") and skip_adverbials(words, start + 1, end) == end


def _skip_bracket(words: list[str], at: int) -> int:
    """Before what brackets or dashes enclose up to item `at`: `Rep. Lund (D) said`, `the mayor - a critic - said`."""
    last = words[at - 1] if at else ""
    if last != ")" and last not in DASHES:
        return at
    for i in range(at - 2, max(0, at - 30), -1):
        if words[i] == "(" if last == ")" else words[i] in DASHES:
            return i
    return at


def _skip_aside(words: list[str], at: int) -> int:
    """Before a clause of its own between commas up to item `at`: `, who spoke anonymously because ..., said`."""
    for i in range(at - 1, max(0, at - 40), -1):
        if words[i] in SENTENCE_ENDS or words[i] == QUOTE:
            return at
        if words[i] == ",":
            opener = i + 1 + (words[i + 1] in ("while", "when", "although", "though", "despite"))
            opener += words[opener : opener + 1] == ["not"]
            aside = i + 3 < at and (words[i + 1] in _RELATIVES or words[opener].endswith("ing"))
            return i if aside else at
    return at


def _clause_floor(words: list[str], at: int) -> int:
    """The left edge of the clause whose verb group begins at `at`."""
    for i in range(at - 1, -1, -1):
        word = words[i]
        if (word in CLAUSE_MARKS and word != QUOTE) or word in SENTENCE_ENDS or word in _CLAUSE_OPENERS:
            return i + 1
        if word == QUOTE and (i == 0 or words[i - 1] not in DETERMINERS):
            return i + 1
        if word in COORDINATORS and i and words[i - 1] == ",":
            return i + 1
    return 0


def _is_apposition(unit: Unit, start: int, end: int) -> bool:
    words = unit.words
    first = words[start]
    if (
        first in _RELATIVES
        or first in PREPOSITIONS
        or first in ("himself", "herself", "jr", "jr.", "sr.", "then", "now", "or")
    ):
        return True
    return not _is_named(unit, start, end) and first not in SUBJECT_PRONOUNS


def _is_region(unit: Unit, before: list[Items], start: int, end: int) -> bool:
    """`Lund, 22, of Norwick, Varnia, said`: whether a name says where the place named before it lies."""
    if len(before) < 2 or not _is_named(unit, start, end):
        return False
    place = before[-1][1]
    while place > before[-1][0] and unit.tokens[place - 1].text[:1].isupper():
        place -= 1
    return before[-1][0] <= place - 1 < before[-1][1] - 1 and unit.words[place - 1] in _BEFORE_PLACES


def _is_person(unit: Unit, start: int, end: int) -> bool:
    """Whether the items can be a person's name: two words or more, all of them names'."""
    return end - start > 1 and _is_named(unit, start, end) and unit.words[start] not in PREPOSITIONS


def _is_named(unit: Unit, start: int, end: int) -> bool:
    """Whether the items are a name alone, with small words of names."""
    return all(
        unit.tokens[i].text[:1].isupper() or unit.words[i] in ("de", "van", "von", "al", "bin", "la")
        for i in range(start, end)
    )


def _subject_in(unit: Unit, start: int, end: int) -> Items | None:
    """The noun phrase that a segment ends with, after adverbials and earlier verbs."""
    words = unit.words
    while start < end - 1 and (
        words[start] in COORDINATORS or words[start] in ADVERBS or is_adverb(words[start])
    ):
        start += 1
    if start < end and words[start] in ("with", "as"):
        start += 1
    elif start < end and words[start] in PREPOSITIONS and not _is_number(words, start + 1):
        after = skip_adverbials(words, start, end)
        start = after if after < end else start + 1
    if end > start and words[end - 1] in ("who", "which"):
        return _antecedent(unit, start, end - 1)
    elif end > start and words[end - 1] in PRONOUNS:
        start = end - 1
    for i in range(end - 2, start, -1):
        if words[i] in SUBJECT_PRONOUNS and words[i] != "who" and is_finite(unit, i + 1):
            return (start, i)  # a clause without `that` describes it: `the voters I met said`
    for i in range(end - 2, start - 1, -1):
        if (
            (is_finite(unit, i) and not _is_participle(unit, i))
            or words[i] in SUBJECT_PRONOUNS
            or words[i] in ("which", "where", "after", "before", "than")
        ):
            start = i + 1
            break
    while end > start and (
        (words[end - 1] in TIMES and not _is_possessed(words, end)) or words[end - 1] == "on"
    ):
        end -= 1
    if start >= end or end - start > _LONGEST_SUBJECT:
        return None
    if (
        is_finite(unit, start)
        or (words[start] in PREPOSITIONS and not _is_number(words, start + 1))
        or all(words[i] in ADVERBS - PRONOUNS for i in range(start, end))
    ):
        return None
    return (start, end)


def _antecedent(unit: Unit, start: int, end: int) -> Items | None:
    """`officials who`: the noun phrase before `who`, from the segment's last preposition on, and the pronoun."""
    who = end + (unit.words[end : end + 1] == [","])
    if end > start and unit.words[end - 1] == ",":
        end -= 1
    for i in range(end - 1, start, -1):
        if unit.words[i] in _BEFORE_PERSONS or unit.words[i] in CLAUSE_MARKS or unit.words[i] == ",":
            start = i + 1
            break
        if is_finite(unit, i) and not _is_participle(unit, i):
            start = i + 1
            break
    return (start, who + 1) if start < end else (who, who + 1)


_BEFORE_PLACES = word_set("in of at from near outside to")
_BEFORE_PERSONS = word_set("by with to from including among like against")


def _is_participle(unit: Unit, i: int) -> bool:
    """`the poll released on Friday`, `a plan backed by`: a past form that describes the noun before it."""
    after = unit.words[i + 1] if i + 1 < len(unit.words) else ""
    return unit.words[i] not in AUXILIARIES and (after in PREPOSITIONS or after in TIMES)


def _is_number(words: list[str], i: int) -> bool:
    """Whether a number of persons or things stands there: `about 20 officials`; but not the year in `in 2010`."""
    if i >= len(words) or (
        words[i - 1] in ("in", "since", "until") and words[i].isdigit() and len(words[i]) == 4
    ):
        return False
    return words[i][:1].isdigit() or words[i] in NUMBERS


def _is_possessed(words: list[str], end: int) -> bool:
    return end >= 2 and words[end - 2] in ("last", "this", "next", "the", "new")


def main_subject(unit: Unit, end: int) -> Items | None:
    """The first noun phrase of the unit that can be a subject, before item `end`."""
    words = unit.words
    at = after_dateline(unit)
    for _ in range(4):
        while at < end and (
            words[at] in COORDINATORS
            or words[at] in (",", QUOTE, "(")
            or words[at] in ADVERBS
            or is_adverb(words[at])
        ):
            at += 1
        first = at
        while at < end and (
            words[at] in TIMES
            or (words[at] in DETERMINERS and words[at + 1 : at + 2] and words[at + 1] in TIMES)
        ):
            at += 1
        if at < end and words[at] in PREPOSITIONS and words[at + 1 : at + 2] and words[at + 1] in TIMES:
            at = _skip_preposition(words, at, end)
        if at > first:
            continue
        if at < end and words[at] in _PLACES and words[at + 1 : at + 2] and words[at + 1] in PREPOSITIONS:
            at += 1
        opens = at < end and (
            words[at] in PREPOSITIONS or words[at] in SUBORDINATORS or words[at].endswith(("ing", "ed"))
        )
        if not opens:
            break
        comma = next((i for i in range(at, end) if words[i] == ","), None)
        if comma is None:
            return None
        at = comma + 1
    return noun_phrase_after(unit, at) if at < end else None


def after_dateline(unit: Unit) -> int:
    """The item after `LONDON (AP) -` or a label with a colon, if the unit begins so."""
    head = unit.words[1:9]
    if ":" not in head and DASHES.isdisjoint(head):
        return 0
    for i in range(1, min(9, len(unit.words))):
        if unit.words[i] in DASHES or unit.words[i] == ":":
            return i + 1
        if not (
            unit.tokens[i].text[:1].isupper() or unit.words[i].isdigit() or unit.words[i] in (",", "(", ")")
        ):
            break
    return 0


def noun_phrase_after(unit: Unit, start: int) -> Items | None:
    """The noun phrase that begins at `start`, with its of-phrases, without appositions."""
    words, tokens = unit.words, unit.tokens
    if start >= len(words):
        return None
    if words[start] in PRONOUNS and not _is_possessive(unit, start):
        return (start, start + 1)
    i = start
    while i < len(words):
        word = words[i]
        if (word in CLAUSE_MARKS and word != QUOTE) or word in SENTENCE_ENDS or word == ",":
            break
        if word in AUXILIARIES or word in SUBORDINATORS or word in _RELATIVES:
            break
        if word in PREPOSITIONS and word not in _INSIDE_NAMES:
            break
        if i > start and (
            word == QUOTE or word in SUBJECT_PRONOUNS or (word in TIMES and tokens[i].text[:1].isupper())
        ):
            break
        if i > start and (
            is_finite(unit, i) or is_adverb(word) or (word in _CATENATIVES and "to" in words[i + 1 : i + 2])
        ):
            break
        i += 1
    while i > start and words[i - 1] in PREPOSITIONS | COORDINATORS:
        i -= 1
    return (start, i) if i > start else None


def _is_possessive(unit: Unit, at: int) -> bool:
    """`her lawyer`, where `her` alone would be a pronoun."""
    after = unit.words[at + 1] if at + 1 < len(unit.words) else "."
    closed = after in PREPOSITIONS | SUBORDINATORS | COORDINATORS | TIMES | ADVERBS
    return unit.words[at] in POSSESSIVES and after.isalpha() and not closed and not is_finite(unit, at + 1)


def name_start(unit: Unit, at: int) -> int:
    """Where the run of capitalised words that holds item `at` begins, with its article."""
    while at and unit.tokens[at - 1].text[:1].isupper() and unit.words[at - 1] != QUOTE:
        at -= 1
    if at and unit.words[at - 1] in DETERMINERS:
        at -= 1
    return at


def skip_adverbials(words: list[str], at: int, end: int | None = None) -> int:
    """The item after times, adverbs and prepositional phrases: before `on Monday in a letter that` it is `that`."""
    end = len(words) if end is None else end
    while at < end:
        word = words[at]
        if word in TIMES or word in ADVERBS or is_adverb(word):
            at += 1
        elif word in DETERMINERS and at + 1 < end and words[at + 1] in TIMES:
            at += 2
        elif word in DASHES and (closing := _closing_dash(words, at, end)):
            at = closing + 1
        elif word in PREPOSITIONS and word != "to":
            at = _skip_preposition(words, at, end)
        else:
            break
    return min(at, end)


def _closing_dash(words: list[str], at: int, end: int) -> int | None:
    """The dash that closes a short aside opened by the dash at `at`."""
    return next((i for i in range(at + 2, min(end, at + 6)) if words[i] in DASHES), None)


def _skip_preposition(words: list[str], at: int, end: int) -> int:
    i = at + 1
    while i < end and (words[i] in TIMES or words[i] in ("the", "this", "a", "early", "late")):
        i += 1
    while i > at + 1 and words[i - 1] not in TIMES:
        i -= 1  # what follows the time begins something new: `on Monday the council`
    if words[i - 1] in TIMES:
        return i + 1 if i < end and words[i].isdigit() else i
    i = at + 1
    while i < end and not (
        words[i] in CLAUSE_MARKS
        or words[i] in SENTENCE_ENDS
        or words[i] == ","
        or words[i] in AUXILIARIES
        or words[i] in SUBJECT_PRONOUNS
        or words[i] in WH_WORDS
        or words[i] == "that"
    ):
        i += 1
    return i


def skip_addressee(unit: Unit, at: int) -> int:
    """The item after the hearer: `told the committee on Friday that` gives `on`."""
    words, tokens = unit.words, unit.tokens
    if at >= len(words) or _ends_addressee(words[at]):
        return at
    if words[at] in PRONOUNS:
        return at + 1
    i = at + (words[at] in DETERMINERS)
    # `told a Norwick audience that`, but `told the Courier talks had begun`
    named = i < len(words) and tokens[i].text[:1].isupper() and words[at] not in ("a", "an")
    while i < len(words) and not _ends_addressee(words[i]) and i < at + 10:
        if (
            named and not (tokens[i].text[:1].isupper() or words[i] in ("of", "the", "and", "news"))
        ) or words[i] in TIMES:
            break
        if not named and i > at + 1 and (tokens[i].text[:1].isupper() or words[i] in DETERMINERS):
            break
        i += 1
    return i


def _ends_addressee(word: str) -> bool:
    return (
        word in CLAUSE_MARKS
        or word in SENTENCE_ENDS
        or word in (",", "that", "to")
        or word in WH_WORDS
        or word in AUXILIARIES
        or word in SUBJECT_PRONOUNS
        or word in PREPOSITIONS - {"of"}
    )
