"""Noun phrases as subjects of verbs, told by word classes, capitals and commas alone."""

from __future__ import annotations

from analysis.parse.names import is_person_noun
from analysis.parse.units import HEADS, Unit

Items = tuple[int, int]  # items of a unit, from .. to, end-exclusive

_LONGEST_SUBJECT, _LONGEST_BRACKET, _LONGEST_ASIDE = 25, 30, 40  # items
_CLAUSE_EDGES = frozenset(("clause_mark", "sentence_end", "clause_opener", "quotation", "coordinator"))
_VERB_FORMS = ("past", "auxiliary")
_OPENS_SUBJECT = ("determiner", "possessive", "pronoun")
_LONGEST_BEFORE_NAME = 8  # items: `the mayor, Anna Lund`
_LONGEST_LABEL = 5  # items: `Bin strike: `
_LONGEST_OFFICE = 14  # items: `the chairman of the Norwick branch of the dockers' union`


def noun_phrase_after(unit: Unit, start: int) -> Items | None:
    """The noun phrase that begins at `start`, with its of-phrases, without appositions."""
    end = unit.match_end("noun_phrase", start)
    return None if end is None else (start, end)


def main_subject(unit: Unit, end: int) -> Items | None:
    """The first noun phrase of the unit that can be a subject, before item `end`."""
    start = after_dateline(unit)
    at = unit.match_end("before_subject", start, end) if start < end else None
    return noun_phrase_after(unit, at) if at is not None and at < end else None


def after_dateline(unit: Unit) -> int:
    """The item after `LONDON (AP) -` or a label with a colon, if the unit begins so; in a headline after any few words."""
    colon = unit.find("colon", 0, _LONGEST_LABEL) if unit.kind in HEADS else None
    return unit.match_end("dateline", 0) or (0 if colon is None else colon + 1)


def subject_before(unit: Unit, at: int, floor: int = 0) -> Items | None:
    """The noun phrase before item `at` that is the subject of the verb there; for `who` its antecedent too.

    Of the segments between commas it is the last; if a comma stands before the verb, it is the one that
    appositions explain: `Anna Lund, the mayor, said`. Nothing left of `floor` is looked at, unless so.
    """
    closed = unit.has(at - 1, "comma")
    at = _skip_bracket(unit, at - closed)
    at = _skip_aside(unit, at) if closed else at
    floor = _clause_floor(unit, at) if closed else max(floor, _clause_floor(unit, at))
    floor = max(floor, dateline) if (dateline := after_dateline(unit)) < at else floor
    if (described := _described_by_clause(unit, floor, at)) is not None:
        return described
    segments = _segments(unit, floor, at)
    if not segments:
        return None
    if closed:
        return _explained_subject(unit, segments)
    start, end = segments.pop()
    if not segments:
        return _subject_in(unit, start, end)
    if _is_relative(unit, start, end):
        return _antecedent_in(unit, segments)
    if unit.word(start) in unit.language["unclosed_apposition"] and _is_person(unit, *segments[-1]):
        return segments[-1]  # the comma that should close the apposition is missing
    subject = _subject_in(unit, start, end)
    return _with_listed(unit, segments, subject) if subject else _explained_subject(unit, segments)


def _described_by_clause(unit: Unit, floor: int, at: int) -> Items | None:
    """The noun before a clause with `that` which has its own verb: `A report that the ministry kept for years warned`."""
    that = floor - 1
    if not unit.has(that, "clause_opener") or not unit.has(that, "after_noun"):
        return None
    verbs = [i for i in unit.finite if i < at]
    acts = unit.has(floor, "irregular_past") or any(i >= floor for i in verbs)
    if not acts or any(i < that for i in verbs):
        return None
    if unit.holds(floor, at, "comma", "coordinator", "clause_mark"):
        return None
    return _subject_in(unit, after_dateline(unit), that)


def _with_listed(unit: Unit, before: list[Items], subject: Items) -> Items:
    """With the names that a list of names begins with: `Lund, Berg and Falk`, but `In Norwick, Berg and Falk`."""
    start, end = subject
    if before[-1][1] != start - 1:
        return subject
    if not _is_named_pair(unit, start, end):
        return _with_listed_bodies(unit, before, subject)
    for first, after in reversed(before):
        named = unit.has(after - 1, "capital") and not unit.has(after - 1, "time")
        at = name_start(unit, after - 1) if named else after
        if at == after or unit.has(at - 1, "before_place", "time"):
            break
        start = max(at, first)
        if at > first:
            break
    return (start, end)


def _with_listed_bodies(unit: Unit, before: list[Items], subject: Items) -> Items:
    """With the bodies that a list begins with: `The ministry, the agency and the embassy`.

    Each begins with a determiner and is one noun phrase, so that no time or place that opens the clause is one.
    """
    start, end = subject
    if not unit.holds(start, end, "coordinator"):
        return subject
    for first, after in reversed(before):
        whole = noun_phrase_after(unit, first) == (first, after)
        if not whole or not unit.has(first, "determiner") or unit.holds(first, after, "time", "coordinator"):
            break
        start = first
    return (start, end)


def _is_named_pair(unit: Unit, start: int, end: int) -> bool:
    """`Berg and Falk`."""
    joined = next((i for i in range(start, end) if unit.words[i] == "and"), None)
    return joined is not None and _is_named(unit, start, joined) and _is_named(unit, joined + 1, end)


def can_speak(unit: Unit, items: Items) -> bool:
    """Whether a noun phrase can be whoever speaks: no verb alone (`meaning that`), no `there's`, no `not`, no `you`."""
    start, end = items
    if unit.has(start, "never_source"):
        return False
    language = unit.language
    place = unit.words[start] in language["seat"] | language["dateline_city"]
    return place or not (end - start == 1 and unit.has(start, "gerund", "finite_alone"))


def _segments(unit: Unit, floor: int, at: int) -> list[Items]:
    """The items between commas."""
    commas = [i for i in range(floor, at) if "comma" in unit.classes[i]]
    edges = zip([floor, *(c + 1 for c in commas)], [*commas, at], strict=True)
    return [(start, end) for start, end in edges if start < end]


def _explained_subject(unit: Unit, segments: list[Items]) -> Items | None:
    """The subject in the last segment that is no apposition; the name with what it is: `the mayor, Anna Lund`."""
    while segments:
        start, end = segments.pop()
        if segments and _is_relative(unit, start, end):
            return _antecedent_in(unit, segments)
        opens = bool(segments) and unit.has(start, "determiner") and _tells_when(unit, *segments[-1])
        apposed = _is_apposition(unit, start, end) or (segments and _is_region(unit, segments, start, end))
        if segments and apposed and not opens:
            if _is_office(unit, *segments[-1]) and _is_person_of(unit, start, end):
                return (segments[-1][0], end)
            continue
        subject = _subject_in(unit, start, end)
        if subject is None:
            continue
        first, after = segments[-1] if segments else (0, 0)
        office = unit.has(first, "determiner") or (segments and _is_office(unit, first, after))
        described = office and 0 < after - first <= _LONGEST_BEFORE_NAME
        described = described and not any(_is_verb(unit, i) for i in range(first, after))
        return (first, subject[1]) if described and _is_named(unit, *subject) else subject
    return None


def _is_office(unit: Unit, start: int, end: int) -> bool:
    """Whether a segment says who somebody is and names nobody: `the mayor`, `its lead author`, `the head of the club`."""
    if end - start > _LONGEST_OFFICE:
        return False
    head = next((i for i in range(start + 1, end) if unit.has(i, "preposition")), end) - 1
    if not unit.has(start, "determiner", "possessive") and not unit.holds(start, head, "possessor"):
        return False
    noun = unit.words[head]
    return is_person_noun(noun, unit.language) or noun in unit.language["office"]


def _is_person_of(unit: Unit, start: int, end: int) -> bool:
    """Whether a segment is a name with where its bearer belongs: `Anna Lund of the University of Norwick`."""
    after = next((i for i in range(start, end) if not unit.has(i, "capital", "name_link")), end)
    joined = unit.has(after, "preposition") and noun_phrase_after(unit, start) is not None
    return joined and _is_person(unit, start, after) and not unit.holds(after, end, "auxiliary")


def _tells_when(unit: Unit, start: int, end: int) -> bool:
    """Whether a segment is a time alone, after which the subject stands: `Last month, the Courier, a daily, said`."""
    start += unit.has(start, "coordinator")
    return unit.has(end - 1, "time") and unit.match_end("adverbials", start, end) == end


def _is_relative(unit: Unit, start: int, end: int) -> bool:
    """`who`, also with a time: `who in 2010`."""
    return unit.has(start, "relative_pronoun") and unit.match_end("adverbials", start + 1, end) == end


def _antecedent_in(unit: Unit, segments: list[Items]) -> Items | None:
    """Whom `who` after the segments means: also a name before what it is, `Anna Lund, president of the club, who`."""
    last = len(segments) - 1
    while last and _is_apposition(unit, *segments[last]) and unit.finite.isdisjoint(range(*segments[last])):
        last -= 1
    start, end = segments[last]
    first = name_start(unit, end - 1)
    if last == len(segments) - 1 or unit.has(start, "preposition", "subordinator", "gerund"):
        return _antecedent(unit, *segments[-1])
    return (first, end) if _is_person(unit, first, end) else _antecedent(unit, *segments[-1])


def _skip_bracket(unit: Unit, at: int) -> int:
    """Before what brackets or dashes enclose up to item `at`: `Rep. Lund (D) said`, `the mayor - a critic - said`."""
    if not unit.has(at - 1, "closing_bracket", "dash"):
        return at
    opening = "opening_bracket" if unit.has(at - 1, "closing_bracket") else "dash"
    opens = (i for i in range(at - 2, max(0, at - _LONGEST_BRACKET), -1) if opening in unit.classes[i])
    return next(opens, at)


def _skip_aside(unit: Unit, at: int) -> int:
    """Before a clause of its own between commas up to item `at`: `, who spoke anonymously because ..., said`."""
    before = range(at - 1, max(0, at - _LONGEST_ASIDE), -1)
    edges = ("comma", "sentence_end", "in_comma")
    opens = next((i for i in before if unit.has(i, *edges)), at)
    return opens if unit.has(opens, "comma") and unit.match_end("aside", opens + 1) else at


def _clause_floor(unit: Unit, at: int) -> int:
    """The left edge of the clause whose verb group begins at `at`."""
    for i in range(at - 1, -1, -1):
        if unit.classes[i].isdisjoint(_CLAUSE_EDGES):
            continue
        quotation = unit.has(i, "quotation")
        if unit.has(i, "relative") and i + 1 in unit.finite and unit.has(at, "comma"):
            continue  # `Norwick Institute, the body that runs the programme, said`
        if unit.has(i, "clause_mark", "sentence_end", "clause_opener") and not quotation:
            return i + 1
        named = unit.has(i - 1, "determiner") or unit.word(i - 1) == "of"  # `author of "The Bridge"`
        if quotation and (unit.has(i, "in_comma") or not named):
            return i + 1
        if unit.has(i, "coordinator") and unit.has(i - 1, "comma"):
            return i + 1
    return 0


def _is_apposition(unit: Unit, start: int, end: int) -> bool:
    if unit.has(start, "relative", "preposition", "apposition_opener"):
        return True
    if end - start == 1 and _is_letters(unit, start):
        return True
    return not _is_named(unit, start, end) and not unit.has(start, "subject_pronoun")


def _is_letters(unit: Unit, at: int) -> bool:
    """Whether a word between commas is a party's mark or letters after a name: `Lund, D-Iowa,`, `Lund, QC,`."""
    text = unit.tokens[at].text
    honour = unit.words[at] in unit.language["honour"] and text.isupper()
    return honour or unit.language.patterns["party_mark"].match(text) is not None


def _is_region(unit: Unit, before: list[Items], start: int, end: int) -> bool:
    """`Lund, 22, of Norwick, Varnia, said`: whether a name says where the place named before it lies."""
    _, place = before[-1]
    while unit.has(place - 1, "capital"):
        place -= 1
    if len(before) < 2 or not _is_named(unit, start, end) or not unit.has(place - 1, "before_place"):
        return False
    named = any(_is_person(unit, *segment) for segment in before[:-1])
    return named or not (_is_person(unit, start, end) and _is_office(unit, *before[-1]))


def _is_person(unit: Unit, start: int, end: int) -> bool:
    """Whether the items can be a person's name: two words or more, all of them names'."""
    return end - start > 1 and _is_named(unit, start, end) and not unit.has(start, "preposition")


def _is_named(unit: Unit, start: int, end: int) -> bool:
    """Whether the items are a name alone, with small words of names."""
    return all(unit.has(i, "capital", "name_link") for i in range(start, end))


def _subject_in(unit: Unit, start: int, end: int) -> Items | None:
    """The noun phrase that a segment ends with, after adverbials and earlier verbs."""
    start = _after_adverbial(unit, start, end)
    if end > start and unit.has(end - 1, "relative_pronoun"):
        return _antecedent(unit, start, end - 1)
    if (who := _restrictive(unit, start, end)) is not None:
        return _antecedent(unit, start, who)
    if end > start and unit.has(end - 1, "pronoun") and not _is_complement(unit, end - 1):
        start = end - 1
    for i in range(end - 2, start, -1):
        if unit.has(i, "subject_pronoun") and unit.words[i] != "who" and i + 1 in unit.finite:
            return (start, i)  # a clause without `that` describes it: `the voters I met said`
    verbs = (i for i in range(end - 1, start - 1, -1) if _ends_clause(unit, i, i == end - 1))
    start = next(verbs, start - 1) + 1
    end = _before_time(unit, start, end)
    return (start, end) if _can_be_subject(unit, start, end) else None


def _restrictive(unit: Unit, start: int, end: int) -> int | None:
    """Where a clause without commas begins that says who a subject is: `A doctor who treated him said`."""
    whos = (i for i in range(start + 1, end - 1) if unit.has(i, "relative_pronoun"))
    who = next(whos, None)
    if (
        who is None
        or not unit.holds(start, who, "alphabetic")
        or unit.has(end, "gerund")
        or any(_is_verb(unit, i) for i in range(start, who))
    ):
        return None  # `one who signed the letter calling him a quack`
    acts = unit.has(who + 1, *_VERB_FORMS) or any(i > who for i in unit.finite if i < end)
    does = who + 2 < end and unit.has(who + 1, "lower") and not unit.has(who + 1, *_OPENS_SUBJECT)
    return who if acts or does else None


def _is_complement(unit: Unit, at: int) -> bool:
    """Whether a pronoun that is no subject belongs to the noun before: `people close to her say`, but `most of them`."""
    near = unit.has(at - 1, "preposition") and unit.word(at - 1) != "of"
    return near and unit.has(at, "object_pronoun") and not unit.has(at, "subject_pronoun")


def _before_time(unit: Unit, start: int, end: int) -> int:
    """The item before which times end that stand after the noun phrase: `the council on Monday`, but `last week`."""
    while end > start and unit.has(end - 1, "time", "before_day"):
        if unit.has(end - 1, "time") and unit.has(end - 2, "dated"):
            break
        end -= 1
    return end


def _can_be_subject(unit: Unit, start: int, end: int) -> bool:
    """Whether the items are a few words, with no verb or preposition first, and not adverbs alone."""
    if not start < end <= start + _LONGEST_SUBJECT or start in unit.finite:
        return False
    if unit.has(start, "preposition") and not _is_quantity(unit, start + 1):
        return False
    return not all(unit.has(i, "adverb") and not unit.has(i, "pronoun") for i in range(start, end))


def _after_adverbial(unit: Unit, start: int, end: int) -> int:
    """The item after the conjunction, adverbs or phrase that a segment begins with."""
    while start < end - 1 and unit.has(start, "coordinator", "adverb", "manner"):
        if unit.has(start, "plural_number") and unit.has(start + 1, "s_ending"):
            break  # `both sides`
        start += 1
    if start >= end or not unit.has(start, "preposition", "with_or_as"):
        return start
    if unit.has(start, "with_or_as"):
        return start + 1
    if _is_quantity(unit, start + 1):
        return start
    after = unit.match_end("adverbials", start, end)
    return after if after is not None and after < end else start + 1


def _ends_clause(unit: Unit, i: int, last: bool) -> bool:
    """Whether item `i` belongs to the clause before a subject: its verb, its subject or a word that opens it.

    The `last` item before the verb can only be a participle, `residents who had come said`: all else may be a subject.
    """
    if (
        unit.has(i - 1, "have")
        and unit.has(i, "lower")
        and not unit.has(i, "determiner", "preposition", "adverb")
    ):
        return True
    return not last and (_is_verb(unit, i) or unit.has(i, "subject_pronoun", "before_clause"))


def _antecedent(unit: Unit, start: int, end: int) -> Items | None:
    """`officials who`: the noun phrase before `who`, from the segment's last preposition on, and the pronoun."""
    who = end + unit.has(end, "comma")
    for i in range(end - 1, start, -1):
        if unit.has(i, "before_person", "clause_mark", "comma") or _is_verb(unit, i):
            start = i + 1
            break
    return (start, who + 1) if start < end else (who, who + 1)


def _is_verb(unit: Unit, i: int) -> bool:
    """Whether a finite verb stands there that is no participle: `the poll released on Friday`, `a plan backed by`."""
    participle = not unit.has(i, "auxiliary") and unit.has(i + 1, "preposition", "time")
    return i in unit.finite and not participle


def _is_quantity(unit: Unit, i: int) -> bool:
    return unit.match_end("quantity", i) is not None


def first_name(unit: Unit) -> Items | None:
    """The first name of two words or more, else the subject: whom words without a verb name, `From the desk of Anna Lund.`"""
    for i in range(1, len(unit) - 1):
        if unit.has(i, "capital") and unit.has(i + 1, "capital"):
            end = next((n for n in range(i, len(unit)) if not unit.has(n, "capital")), len(unit))
            return (i, end)
    return main_subject(unit, len(unit))


def name_start(unit: Unit, at: int) -> int:
    """Where the run of capitalised words that holds item `at` begins, with its article."""
    while unit.has(at - 1, "capital"):
        at -= 1
    return at - unit.has(at - 1, "determiner")
