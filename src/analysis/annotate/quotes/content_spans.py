"""Where that which is attributed begins and ends, before a cue or after it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.annotate.quotes.cues import FINITE, PARTICIPLE, PREPOSITION, Cue
from analysis.parse.noun_phrases import Items, after_dateline, subject_before
from analysis.parse.units import Unit

_STOPS = frozenset(("sentence_end", "contrast", "quotation", "semicolon", "circumstance"))


def trim(unit: Unit, start: int, end: int) -> Items | None:
    """The items without marks at either end, nor a last aside between dashes that holds more than their words; None if
    nothing is left.
    """
    while start < end and "loose_mark" in unit.classes[start]:
        start += 1
    closed = False
    while end > start and not unit.classes[end - 1].isdisjoint(("loose_mark", "sentence_end")):
        end -= 1
        closed = "dash" in unit.classes[end]
    if closed and (dash := _open_dash(unit, start, end)) is not None and not unit.has(dash + 1, "quotation"):
        return trim(unit, start, dash)
    return (start, end) if start < end else None


def _open_dash(unit: Unit, start: int, end: int) -> int | None:
    """The last dash, where their number is odd, so that it opens an aside or begins what is said of the content."""
    dashes = [i for i in range(start, end) if "dash" in unit.classes[i] and "dash" not in unit.classes[i - 1]]
    return dashes[-1] if len(dashes) % 2 else None


def content_end(unit: Unit, start: int, later: Sequence[Cue]) -> int:
    """Where content that begins at `start` stops: at the unit's end, or where the article's own words go on."""
    end = len(unit)
    while end > start and "sentence_end" in unit.classes[end - 1]:
        end -= 1
    for i in range(start, end):
        if not unit.classes[i].isdisjoint(_STOPS) and (stop := _stop(unit, start, i)) is not None:
            end = stop
            break
    dash = _open_dash(unit, start + 2, end)
    end = end if dash is None else dash
    stated = unit.word(start - 1) == "that"
    first = start + (unit.word(start) == "that")
    opened = comma_before_clause(unit, first) if unit.has(first, "opening_subordinator") else None
    for cue in later:
        if not start < cue.start < end or (stop := _hands_back(unit, cue)) is None or stop <= start:
            continue
        if stop == opened:
            continue  # `that while she opposed it, she backed the mayor`
        if not stated or _has_verb(unit, start, stop):  # `that big, important work will prove`
            end = min(end, stop)
    return _quotation_end(unit, start, end)


def _stop(unit: Unit, start: int, i: int) -> int | None:
    """Where content from `start` on ends because of item `i`; None where it goes on."""
    if unit.has(i, "sentence_end", "semicolon"):  # a unit may hold several sentences
        return i
    if unit.words[i] == "as":
        return i if _is_circumstance(unit, start, i) else None
    if unit.has(i, "contrast"):
        return i - 1 if i > start + 1 and unit.has(i - 1, "comma") else None
    opens = i == start and unit.has(i, "in_comma", "in_point", "in_question")
    closes = opens or (unit.has(i, "in_comma") and not unit.has(i - 1, "comma"))
    if unit.has(i + 1, "coordinator") and unit.word(i + 2) == "that":
        return None  # `the plan was "dead," and that it would stay so`
    return i + 1 if closes and not unit.holds(i + 1, i + 3, "quotation") else None


def _is_circumstance(unit: Unit, start: int, i: int) -> bool:
    """Whether `as` at item `i` tells when it was said: `said she was ready as her rivals met in Norwick`."""
    told = unit.has(i + 1, "capital") and not unit.has(i - 1, "comma", "adverb", "adjectival")
    told = told and "as" not in unit.words[i - 4 : i]
    told = told and not (unit.has(i - 1, "ed_form") and unit.has(i - 2, "comma"))  # `, known as Lund, was`
    return told and _has_verb(unit, start, i) and is_clause(unit, i + 1, len(unit))


def _quotation_end(unit: Unit, start: int, end: int) -> int:
    """Before what tells when a quotation was said: `“all is well” on Monday`, `“all is well” as she left`."""
    alone = unit.has(start, "quotation") and not unit.holds(start + 1, end, "quotation")
    told = alone and unit.match_end("after_quotation", start + 1, end) is not None
    return start + 1 if told else end


def _hands_back(unit: Unit, cue: Cue) -> int | None:
    """Where the content before `cue` ends, if the cue belongs to the article's own clause and not to the content."""
    at = cue.start
    if cue.shape in (PREPOSITION, PARTICIPLE):
        return _before_comma(unit, at)
    if cue.shape != FINITE:
        return None
    if unit.words[at] == "then" and unit.has(at - 1, "comma"):
        return at - 1
    if unit.has(at - 1, "coordinator"):
        if not _can_lead_on(unit, cue):
            return None
        stop = _before_comma(unit, at - 1)
        shares = "thinking" not in unit.language.classes_of(cue.entry.lemma)
        return at - 1 if stop is None and shares else stop
    subject = subject_before(unit, at)
    if subject and subject[0] > 1:
        return _before_comma(unit, subject[0] - unit.has(subject[0] - 1, "coordinator"))
    return None


def _can_lead_on(unit: Unit, cue: Cue) -> bool:
    """Whether something follows that a verb of speech takes: `said it was sorry and accepted the report` is all said."""
    if not {"quote", "that"}.issuperset(cue.entry.content):
        return True
    return "that" in unit.words[cue.end :] or unit.holds(cue.end, len(unit), "quotation")


def _before_comma(unit: Unit, at: int) -> int | None:
    """Where the words end that a comma before item `at` closes, be it in a quotation; None without a comma."""
    if unit.has(at - 1, "comma"):
        return at - 1
    return at if unit.has(at - 1, "in_comma") else None


def predicate_end(unit: Unit, at: int, end: int, closed: bool = False) -> int:
    """Where a second verb of the same subject begins, if one does: `called it "a joke" and left`, `and who left`.

    Where what is said is `closed` by what a verb takes, another clause begins there, too: `called it "a joke" and he left`.
    """
    for i in range(at + 1, end):
        joined = unit.has(i - 1, "coordinator")
        if joined and (i in unit.finite or unit.has(i, "relative") or (closed and is_clause(unit, i, end))):
            return i - 1
    return end


def object_until(unit: Unit, at: int, end: int) -> Items | None:
    """The object that begins at item `at`, before item `end`; `it` or `them` alone is none."""
    stop = min(object_end(unit, at, end), _named_end(unit, at, end))
    return trim(unit, at, stop) if stop > at and unit.words[at:stop] not in (["it"], ["them"]) else None


def object_end(unit: Unit, at: int, end: int) -> int:
    """Where the object of a verb stops: at a comma, a conjunction or a time."""
    if unit.has(at, "preposition", "coordinator", "subordinator"):
        return at
    end = predicate_end(unit, at, end)
    for i in range(at, end):
        if _ends_object(unit, i, end):
            return i
        if unit.has(i, "time") and unit.has(i, "capital"):
            goes_on = unit.has(i + 1, "complement_opener")
            return end if goes_on else i - unit.has(i - 1, "preposition")
    return end


def _ends_object(unit: Unit, i: int, end: int) -> bool:
    """Whether a mark or conjunction ends an object; `, including ...` and `as a joke` go on with it."""
    if not unit.has(i, "comma", "clause_mark", "after_object", "dash") or unit.has(i, "quotation"):
        return False
    if unit.has(i, "comma"):
        return not unit.has(i + 1, "including")
    return unit.words[i] != "as" or is_clause(unit, i + 1, end)


def _named_end(unit: Unit, at: int, end: int) -> int:
    """Where an object ends that is a pronoun or a name alone, before what says when, where or how: `her in May`."""
    stop = at
    while stop < end and unit.has(stop, "capital", "name_link"):
        stop += 1
    if stop == at and unit.has(at, "object_pronoun") and not unit.match_end("owner", at):
        stop = at + 1
    if stop == at or not unit.has(stop, "manner", "numeral", "where_or_when", "adverb"):
        return end
    return end if unit.has(stop + 1, "complement_opener") else stop  # `attacked Lund repeatedly for her plan`


def before_verb(unit: Unit, at: int, end: int) -> int:
    """Where the verb stands whose subject the phrase at item `at` belongs to, if there is one before `end`."""
    for i in range(at, end):
        if unit.has(i, "subordinator") or unit.words[i] == "who":
            return end
        if i in unit.finite:
            return i
    return end


def is_clause(unit: Unit, start: int, end: int) -> bool:
    """Whether the items hold a subject and, as far as forms tell, a finite verb."""
    if end - start < 2:
        return False
    found = unit.match_end("clause", start)
    return found is not None and found <= end


def _has_verb(unit: Unit, start: int, end: int) -> bool:
    return is_clause(unit, start, end) or any(i in unit.finite for i in range(start + 1, end))


def content_before(unit: Unit, at: int, floor: int, only_quotation: bool, whole: bool = True) -> Items | None:
    """What precedes item `at` from `floor` on: a quotation that ends there, or a clause closed by a comma.

    Where it need not be a `whole` clause, any words do: `The bridge, she said, was safe.`
    """
    comma = at > floor and unit.has(at - 1, "comma")
    at -= comma
    if at <= floor:
        return None
    if unit.has(at - 1, "quotation"):
        return _quotation_before(unit, floor, at, comma, only_quotation)
    if only_quotation or not comma:
        return None
    start = skip_openers(unit, floor, at)
    mark = next((i for i in range(at - 1, start, -1) if unit.has(i, "colon") or unit.word(i) == ";"), start)
    if _has_verb(unit, start, mark):
        start = mark + 1  # `The ministry shot back: the bridge, it said, was safe.`
    content = trim(unit, start, at)
    if content and whole and not unit.holds(*content, "quotation") and not _has_verb(unit, *content):
        return None
    return content


def _quotation_before(unit: Unit, floor: int, at: int, comma: bool, only_quotation: bool) -> Items | None:
    """The quotation that ends at item `at`, with the words of its own sentence before it."""
    start = at - 1
    if not comma and start and not unit.has(start, "in_comma", "in_point", "in_question", "in_break"):
        return None
    while start > floor and unit.has(start - 1, "quotation"):
        start -= 1
    loose = unit.has(start - 1, "loose_mark") and not (unit.has(start - 1, "comma") and not floor)
    if start == floor or loose or only_quotation:
        return (start, at)
    floor = _after_dateline(unit, floor, start)
    cuts = [i + 1 for i in range(floor, start) if unit.has(i, "colon", "opening_bracket")]
    return trim(unit, max(cuts, default=floor), at)


def skip_openers(unit: Unit, at: int, end: int) -> int:
    """The item after a sentence's first `And`, `But` and marks, and after `NORWICK (AP) -`."""
    while at < end and unit.has(at, "coordinator", "loose_mark"):
        at += 1
    return _after_dateline(unit, at, end)


def _after_dateline(unit: Unit, at: int, end: int) -> int:
    """The item after `NORWICK (AP) -`, where it stands at item `at` and something follows it."""
    named = unit.has(0, "opening_bracket", "dateline_city", "part_of_city", "government_seat")
    dated = not at and (named or unit.tokens[0].text.isupper())
    dateline = after_dateline(unit) if dated else 0
    return dateline if 0 < dateline < end else at


def comma_before_verb(unit: Unit, at: int) -> int | None:
    """The first comma from item `at` on that a finite verb follows."""
    found = unit.patterns["comma_before_verb"].search(unit.letters, at)
    return found.start() if found else None


def comma_before_clause(unit: Unit, at: int) -> int | None:
    """The first comma from item `at` on that a noun phrase with a finite verb follows."""
    found = unit.patterns["comma_before_clause"].search(unit.letters, at)
    return None if found is None else found.start() + unit.has(found.start(), "quotation")
