"""Contents: where that which is attributed begins and ends, before a cue or after it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.annotate.cues import FINITE, INFINITIVE, PARTICIPLE, PREPOSITION, Cue
from analysis.annotate.phrases import (
    Items,
    after_dateline,
    noun_phrase_after,
    skip_addressee,
    skip_adverbials,
    subject_before,
)
from analysis.codebook import Verb
from analysis.parse.units import (
    AUXILIARIES,
    CLAUSE_MARKS,
    COORDINATORS,
    DASHES,
    DETERMINERS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    QUOTE,
    SENTENCE_ENDS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    WH_WORDS,
    Unit,
    ends_in,
    is_adverb,
    is_finite,
    word_set,
)

_GREETINGS = word_set("goodbye farewell hello thanks")
_LOOSE = frozenset([",", ":", ";", *DASHES])
_CONTRASTS = word_set("but while though although whereas")
_WHEN = word_set("as when while after before")
_EXISTENTIAL = word_set("there that's")
_AFTER_OBJECT = word_set(
    "while after when as because before but though although since until during if unless"
)
_CALLING = word_set("call label dub brand")
_QUANTIFIERS = [["all"], ["both"]]  # `said all bridges are safe`
_ALWAYS_CLAUSE = word_set("say think argue insist")
_THINKING = word_set("think believe hope fear expect know feel understand see learn hear find show agree")


def content_after(unit: Unit, cue: Cue, at: int, later: Sequence[Cue]) -> tuple[str, Items] | None:
    """What follows the cue and is attributed, with its rule: a quotation, a that-clause, a clause, an infinitive, a question."""
    words, kinds = unit.words, cue.entry.content
    if cue.entry.addressee:
        hearer_end = skip_addressee(unit, at)
        if hearer_end < len(words) and words[hearer_end] not in AUXILIARIES:
            at = hearer_end
    start = at
    if cue.end < at and "infinitive" in kinds and is_infinitive(unit, at):
        return _named(
            "asked_to", trim(unit, cue.end, content_end(unit, at, later))
        )  # `asked the council to act`
    if words[at : at + 1] == ["to"] and not is_infinitive(unit, at):  # `wrote to the council that ...`
        hearer = noun_phrase_after(unit, at + 1)
        at = hearer[1] if hearer and words[hearer[1] : hearer[1] + 1] == ["that"] else at
    if words[at : at + 1] not in _QUANTIFIERS:
        at = skip_adverbials(words, at)
    if at + 1 < len(words) and words[at] == ",":
        aside = next((i for i in range(at + 1, min(at + 9, len(words) - 1)) if words[i] == ","), at)
        if words[at + 1] in (QUOTE, "that"):
            at += 1
        elif words[aside + 1] == "that" or (words[aside + 1] == QUOTE and words[at + 1] in PREPOSITIONS):
            at = aside + 1  # `saying, for the first time, that ...`
    if at >= len(words):
        return None
    word = words[at]
    end = content_end(unit, at, later)
    if word == ":":
        return _named("colon", trim(unit, at + 1, content_end(unit, at + 1, later)))
    if word == QUOTE:
        return _named(
            "quotation", (at, names_end(words, at)) if is_naming(cue.entry) else trim(unit, at, end)
        )
    if word == "that" and "that" in kinds:
        return _named("that_clause", trim(unit, at + 1, end))
    if all(w in TIMES or is_adverb(w) for w in words[start:at]) and (
        (word in WH_WORDS and "wh" in kinds) or ("infinitive" in kinds and is_infinitive(unit, at))
    ):
        return _named("question", trim(unit, at, end))
    if word in CLAUSE_MARKS or word in SENTENCE_ENDS or word in (",", "to"):
        return None
    if is_naming(cue.entry) and word == "as" and words[at + 1 : at + 2] == [QUOTE]:
        return _named("called_quotation", (at + 1, names_end(words, at + 1)))
    if "quote" in kinds and (quotation := _quotation_near(words, at, end)):
        return _named(
            "words_with_quotation",
            trim(unit, at, _predicate_end(unit, quotation, end) if is_naming(cue.entry) else end),
        )
    if "as" in kinds and cue.entry.lemma in _CALLING and (said := _named_thing(unit, at, end)) is not None:
        return _named("called", said)
    if (cue.shape == INFINITIVE and ("object" not in kinds or "clause" in kinds)) or cue.start == 0:
        return None
    if (
        cue.entry.lemma in _ALWAYS_CLAUSE
        and at == start
        and word not in _GREETINGS
        and end - at > 2
        and word not in PREPOSITIONS
    ):
        return _named("clause", trim(unit, at, end))
    if "infinitive" in kinds and at == start and _holds_infinitive(unit, at, end):
        return _named("asked_to", trim(unit, at, end))
    if "as" in kinds and (said := _as_object(unit, at, end)) is not None:
        return _named("described_as", said)
    if "object" in kinds and at == start and _object_end(unit, at, end) > at:
        return _named("object", object_until(unit, at, end))
    if "clause" in kinds and word != "as" and is_clause(unit, at, end):
        return _named("clause", trim(unit, at, end))
    if "clause" in kinds and at > start and is_clause(unit, start, end) and words[start] in PREPOSITIONS:
        return _named("clause", trim(unit, start, end))
    return None


def _named(rule: str, content: Items | None) -> tuple[str, Items] | None:
    return None if content is None else (rule, content)


def is_closed(unit: Unit, cue: Cue) -> bool:
    """Whether nothing that could be content follows the cue, only hearer, times and circumstances."""
    words = unit.words
    at = skip_addressee(unit, cue.end) if cue.entry.addressee else cue.end
    at = skip_adverbials(words, at)
    return (
        at >= len(words)
        or words[at] in SENTENCE_ENDS
        or words[at] in CLAUSE_MARKS
        or words[at] in (",", "when", "as", "after")
    )


def is_naming(verb: Verb) -> bool:
    """`call`, `dub`, `describe`: what follows is a name for something, not a statement."""
    return "as" in verb.content and "object" not in verb.content


def names_end(words: list[str], at: int) -> int:
    """Where the quotations end that name what stands before the verb: `what she called "brave" and "rash" last year`."""
    end = at + 1
    while words[end : end + 1] == [QUOTE] or (
        words[end : end + 1] and words[end] in (",", "and", "or") and words[end + 1 : end + 2] == [QUOTE]
    ):
        end += 1 + (words[end] != QUOTE)
    return end


def _as_object(unit: Unit, at: int, end: int) -> Items | None:
    """`the war as a trap`; of `what they described as a trap` only the trap."""
    words = unit.words
    if words[at] == "as":
        return trim(unit, at + 1, _predicate_end(unit, at + 1, end))
    for i in range(at + 1, min(end, at + 14)):
        if words[i] == "as":
            return trim(unit, at, _predicate_end(unit, i, end))
        if words[i] == "," or words[i] in CLAUSE_MARKS or is_finite(unit, i):
            return None
    return None


def _named_thing(unit: Unit, at: int, end: int) -> Items | None:
    """`it a mistake`, `Anna Lund an old friend`: a pronoun or a name, and what it is called."""
    words, i = unit.words, at
    while i < end and (unit.tokens[i].text[:1].isupper() or (i == at and words[i] in OBJECT_PRONOUNS)):
        i += 1
    if i == at or i >= end or words[i] not in ("a", "an", "the"):
        return None
    return trim(unit, at, _object_end(unit, at, end))


def object_until(unit: Unit, at: int, end: int) -> Items | None:
    """The object that begins at item `at`, before item `end`."""
    stop = _object_end(unit, at, end)
    return trim(unit, at, stop) if stop > at and unit.words[at:stop] != ["it"] else None


def _object_end(unit: Unit, at: int, end: int) -> int:
    """Where the object of a verb stops: at a comma, a conjunction or a time."""
    words = unit.words
    if words[at] in PREPOSITIONS or words[at] in COORDINATORS or words[at] in SUBORDINATORS:
        return at
    end = _predicate_end(unit, at, end)
    for i in range(at, end):
        word = words[i]
        if word == "," or (word in CLAUSE_MARKS and word != QUOTE) or word in _AFTER_OBJECT or word in DASHES:
            return i
        if word in TIMES and unit.tokens[i].text[:1].isupper():
            return i - (words[i - 1] == "on")
    return end


def is_infinitive(unit: Unit, at: int) -> bool:
    """`to act`, `not to act`; but not `to Norwick`, `to the mayor`."""
    at += unit.words[at : at + 1] == ["not"]
    if unit.words[at : at + 1] != ["to"] or at + 1 >= len(unit.words):
        return False
    verb = unit.tokens[at + 1].text[:1].islower() and unit.words[at + 1] not in DETERMINERS
    return verb or unit.words[at + 1] == QUOTE


def _holds_infinitive(unit: Unit, at: int, end: int) -> bool:
    """`the council to act`: a noun phrase and what it is to do."""
    for i in range(at + 1, min(end, at + 9)):
        if is_infinitive(unit, i):
            return True
        if unit.words[i] == "," or unit.words[i] in CLAUSE_MARKS or is_finite(unit, i):
            return False
    return False


def _quotation_near(words: list[str], at: int, end: int) -> int | None:
    """The first quotation soon after item `at`, not over a comma: but an aside may stand between two of them."""
    for i in range(at, min(end, at + 9)):
        if words[i] == QUOTE:
            return i
        if words[i] == ",":
            later = range(i + 2, min(end, i + 7))
            return next((j for j in later if words[j - 1 : j + 1] == [",", QUOTE]), None)
    return None


def _predicate_end(unit: Unit, at: int, end: int) -> int:
    """Where a second verb of the same subject begins, if one does: `called it "a joke" and left`."""
    verbs = (i for i in range(at, end - 1) if unit.words[i] in COORDINATORS and is_finite(unit, i + 1))
    return next(verbs, end)


def is_clause(unit: Unit, start: int, end: int) -> bool:
    """Whether the items hold a subject and, as far as forms tell, a finite verb."""
    if end - start < 2:
        return False
    if unit.words[start] in SUBJECT_PRONOUNS or unit.words[start] in _EXISTENTIAL:
        return True
    for i in range(start + 1, min(end, start + 20)):
        # A verb behind such a word is another clause's: `willingness to talk as it won`.
        if unit.words[i] in _AFTER_OBJECT:
            return False
        if is_finite(unit, i):
            return True
    return False


def _has_verb(unit: Unit, start: int, end: int) -> bool:
    return is_clause(unit, start, end) or any(is_finite(unit, i) for i in range(start + 1, end))


# Where content ends -----------------------------------------------------------------------------------------


def content_end(unit: Unit, start: int, later: Sequence[Cue]) -> int:
    """Where content that begins at `start` stops: at the unit's end, or where the article's own words go on."""
    words = unit.words
    end = len(words)
    while end > start and words[end - 1] in SENTENCE_ENDS:
        end -= 1
    for i in range(start, end):
        if words[i] in SENTENCE_ENDS and i > start:  # a unit may hold several sentences
            end = i
            break
        contrasts = i > start + 1 and words[i] in _CONTRASTS and words[i - 1] == ","
        if contrasts and words[start] not in _CONTRASTS:
            end = i - 1
            break
        if words[i] != QUOTE:
            continue
        opens = i == start and ends_in(unit, i, ",.?!")
        aside = words[i - 1] == ","
        if (opens or (ends_in(unit, i, ",") and not aside)) and QUOTE not in words[i + 1 : i + 3]:
            end = i + 1
            break
    dashes = [i for i in range(start + 2, end) if words[i] in DASHES and words[i - 1] not in DASHES]
    if len(dashes) % 2:
        end = dashes[-1]
    for cue in later:
        if start < cue.start < end and (stop := _hands_back(unit, cue)) is not None and stop > start:
            end = min(end, stop)
    return _quotation_end(words, start, end)


def _quotation_end(words: list[str], start: int, end: int) -> int:
    """Before what tells when a quotation was said: `“all is well” on Monday`, `“all is well” as she left`."""
    if words[start : start + 1] != [QUOTE] or QUOTE in words[start + 1 : end] or start + 1 == end:
        return end
    tail = words[start + 1 : end]
    told = tail[0] in _WHEN and (tail[0] != "as" or not SUBJECT_PRONOUNS.isdisjoint(tail[1:2]))
    return start + 1 if told or all(w in TIMES or w in ("on", "in", "the") for w in tail) else end


def _hands_back(unit: Unit, cue: Cue) -> int | None:
    """Where the content before `cue` ends, if the cue belongs to the article's own clause and not to the content."""
    words, at = unit.words, cue.start
    if cue.shape in (PREPOSITION, PARTICIPLE):
        return _before_comma(unit, at)
    if cue.shape != FINITE:
        return None
    if words[at] == "then" and words[at - 1] == ",":
        return at - 1
    if words[at - 1] in COORDINATORS:
        stop = _before_comma(unit, at - 1)
        return at - 1 if stop is None and cue.entry.lemma not in _THINKING else stop
    subject = subject_before(unit, at)
    if subject and subject[0] > 1:
        first = subject[0]
        return _before_comma(unit, first - 1 if words[first - 1] in COORDINATORS else first)
    return None


def _before_comma(unit: Unit, at: int) -> int | None:
    """Where the words end that a comma before item `at` closes, be it in a quotation; None without a comma."""
    if unit.words[at - 1] == ",":
        return at - 1
    return at if ends_in(unit, at - 1, ",") else None


# What stands before ------------------------------------------------------------------------------------------


def content_before(unit: Unit, at: int, floor: int, only_quotation: bool, whole: bool = True) -> Items | None:
    """What precedes item `at` from `floor` on: a quotation that ends there, or a clause closed by a comma.

    Where it need not be a `whole` clause, any words do: `The bridge, she said, was safe.`
    """
    words = unit.words
    comma = at > floor and words[at - 1] == ","
    at -= comma
    if at <= floor:
        return None
    if words[at - 1] == QUOTE:
        return _quotation_before(unit, floor, at, comma, only_quotation)
    if only_quotation or not comma:
        return None
    content = trim(unit, skip_openers(unit, floor, at), at)
    if content is None or (whole and QUOTE not in words[slice(*content)] and not _has_verb(unit, *content)):
        return None
    return content


def _quotation_before(unit: Unit, floor: int, at: int, comma: bool, only_quotation: bool) -> Items | None:
    """The quotation that ends at item `at`, with the words of its own sentence before it."""
    words = unit.words
    start = at - 1
    if not comma and start and not ends_in(unit, start, ",?!—-–…."):
        return None
    while start > floor and words[start - 1] == QUOTE:
        start -= 1
    lead = words[floor:start]
    goes_on = lead and (lead[-1] not in _LOOSE or (lead[-1] == "," and not floor))
    if goes_on and not only_quotation:
        cut = max((i + 1 for i, w in enumerate(lead) if w in (":", "(")), default=0)
        return trim(unit, floor + cut, at)
    return (start, at)


def trim(unit: Unit, start: int, end: int) -> Items | None:
    """The items without marks at either end; None if nothing is left."""
    while start < end and unit.words[start] in _LOOSE:
        start += 1
    while end > start and (unit.words[end - 1] in _LOOSE or unit.words[end - 1] in SENTENCE_ENDS):
        end -= 1
    return (start, end) if start < end else None


def skip_openers(unit: Unit, at: int, end: int) -> int:
    """The item after a sentence's first `And`, `But` and marks, and after `NORWICK (AP) -`."""
    while at < end and (unit.words[at] in COORDINATORS or unit.words[at] in _LOOSE):
        at += 1
    dated = not at and (unit.words[0] == "(" or unit.tokens[0].text.isupper())
    dateline = after_dateline(unit) if dated else 0
    return dateline if 0 < dateline < end and unit.words[dateline - 1] in DASHES else at


def after_comma(unit: Unit, at: int, later: Sequence[Cue]) -> Items | None:
    """What follows the first comma from item `at` on."""
    comma = next((i for i in range(at, len(unit.words)) if unit.words[i] == ","), None)
    return None if comma is None else trim(unit, comma + 1, content_end(unit, comma + 1, later))
