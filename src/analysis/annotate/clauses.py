"""Attribution clauses: around each cue, who speaks and what is attributed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.annotate.cues import FINITE, INFINITIVE, NOUN, PARTICIPLE, PASSIVE, PREPOSITION, Cue
from analysis.annotate.grammar import (
    AUXILIARIES,
    CLAUSE_MARKS,
    COORDINATORS,
    DASHES,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
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
from analysis.annotate.phrases import (
    Items,
    main_subject,
    name_start,
    noun_phrase_after,
    skip_addressee,
    skip_adverbials,
    subject_before,
)
from analysis.codebook import Verb

_LOOSE = frozenset([",", ":", ";", *DASHES])
_CONTRASTS = word_set("but while though although whereas")
_EXISTENTIAL = word_set("there it's he's she's they're that's we're i'm you're i've we've they've")


_THINGS = word_set("it this that which there it's")


class Attribution(NamedTuple):
    """A cue with its speaker and its contents, as items of the unit; the clause is cue and speaker together."""

    cue: Cue
    speaker: Items | None
    contents: list[Items]
    clause: Items


def find_attributions(unit: Unit, cues: Sequence[Cue]) -> list[Attribution]:
    """The attributions of a unit, one for each cue that has content, in the order of their cues."""
    found: list[Attribution] = []
    label = _label(unit)
    if label is not None:
        return [label]
    for n, cue in enumerate(cues):
        attribution = _read(unit, cue, cues[:n], cues[n + 1 :], found)
        if attribution is not None and not _is_lost_inside(unit, attribution, found):
            found.append(attribution)
    return [a for a in found if not _is_lost_inside(unit, a, found)]


def _is_lost_inside(unit: Unit, inner: Attribution, found: Sequence[Attribution]) -> bool:
    """Whether an attribution inside another's content hands over too faintly to be a source within a source.

    `officials say the agency assessed that ...` is one; `the mayor said she hoped to ...` is all the mayor's.
    """
    inside = any(
        a <= inner.cue.start < b and a <= c[0] and c[1] <= b
        for other in found
        for a, b in other.contents
        for c in inner.contents
    )
    first = inner.contents[0][0]
    return inside and unit.words[first] != QUOTE and unit.words[first - 1] != "that"


def _read(
    unit: Unit, cue: Cue, earlier: Sequence[Cue], later: Sequence[Cue], found: Sequence[Attribution]
) -> Attribution | None:
    if cue.shape == PREPOSITION:
        return _according(unit, cue, later)
    if cue.shape == NOUN:
        return _noun(unit, cue, later)
    if cue.shape == PASSIVE or (cue.shape == FINITE and cue.start and unit.words[cue.start - 1] == "as"):
        return _passive(unit, cue, later)
    speaker = _subject(unit, cue, earlier, found)
    if cue.shape == INFINITIVE and speaker and unit.words[speaker[0]] in ("it", "it's"):
        return None
    if cue.start == 0 and speaker is None and unit.kind != "title":
        return None
    before_cue = speaker is not None and speaker[1] <= cue.start
    if cue.shape == FINITE and _may_be_inverted(unit, cue, before_cue):
        inverted = _inverted(unit, cue, later, found)
        if inverted is not None:
            return inverted
    begin = speaker[0] if before_cue and speaker and not _is_other_clause(unit, speaker, cue) else cue.start
    clause = (begin, cue.end)
    after = content_after(unit, cue, cue.end, later)
    if after is None and (as_clause := _as_clause(unit, cue, speaker, later)) is not None:
        return as_clause
    aside = after is None and cue.end < len(unit.words) and unit.words[cue.end] == ","
    closed = after is None and cue.shape == FINITE and _is_closed(unit, cue)
    before = _content_before(unit, begin, found, only_quotation=not closed, whole=not aside)
    if before is not None and aside and unit.words[cue.end + 1 :] and unit.words[begin - 1] == ",":
        after = _trim(unit, cue.end + 1, content_end(unit, cue.end + 1, later))
        if after and before[1] - before[0] <= 3 and QUOTE not in unit.words[before[0] : before[1]]:
            before = None
    if (
        before is not None
        and unit.words[before[1] - 1] == QUOTE
        and after is not None
        and unit.words[after[0]] != QUOTE
    ):
        after = None
    if (
        after is not None
        and speaker
        and _is_stand(unit, cue, after)
        and unit.words[speaker[1] - 1] in _THINGS
    ):
        after = None
    contents = [c for c in (before, after) if c is not None]
    return Attribution(cue, speaker, contents, clause) if contents else None


def _is_stand(unit: Unit, cue: Cue, content: Items) -> bool:
    """Whether the content is what somebody wants or stands for, an infinitive or an object, and not what they say."""
    if not {"object", "infinitive"} & set(cue.entry.content) or unit.words[content[0]] == QUOTE:
        return False
    if unit.words[content[0]] == "to":
        return True
    return not {"that", "clause"} & set(cue.entry.content)


def _is_closed(unit: Unit, cue: Cue) -> bool:
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


def _is_other_clause(unit: Unit, speaker: Items, cue: Cue) -> bool:
    """Whether the speaker was taken over from a clause further left."""
    return any(w == QUOTE or w in SENTENCE_ENDS for w in unit.words[speaker[1] : cue.start]) or cue.shape in (
        PARTICIPLE,
        INFINITIVE,
    )


# Speakers -----------------------------------------------------------------------------------------------------


def _subject(unit: Unit, cue: Cue, earlier: Sequence[Cue], found: Sequence[Attribution]) -> Items | None:
    """The noun phrase that speaks: before the verb, else that of the clause before."""
    words, at = unit.words, cue.start
    floor = max((c.end for c in earlier if c.shape == FINITE), default=0)
    before = words[at - 1] if at else ""
    if cue.shape == PARTICIPLE and (
        at == 0 or before in CLAUSE_MARKS or before in PREPOSITIONS or before in (",", "while", "when", "as")
    ):
        return _taken_over(unit, at, earlier, found)
    if cue.shape == INFINITIVE or before in COORDINATORS:
        return _taken_over(unit, at, earlier, found)
    if at == 0:
        return None
    if before == QUOTE or (before == "," and at > 1 and words[at - 2] == QUOTE):
        return _explained(unit, at)
    return subject_before(unit, at, floor) or main_subject(unit, at)


def _explained(unit: Unit, at: int) -> Items | None:
    """`Lund, who calls it "a joke," said`: the subject, where the quotation ends what explains it."""
    for i in range(at - 1, 1, -1):
        if unit.words[i] in ("who", "which", "whose") and unit.words[i - 1] == ",":
            return subject_before(unit, i - 1)
        if unit.words[i] in CLAUSE_MARKS and unit.words[i] != QUOTE:
            break
    return None


def _taken_over(unit: Unit, at: int, earlier: Sequence[Cue], found: Sequence[Attribution]) -> Items | None:
    """The subject of the verb before that has one, else the unit's first noun phrase."""
    last = next((a for a in reversed(found) if a.speaker), None)
    verb = next((c for c in reversed(earlier) if c.shape == FINITE), None)
    if verb is not None and (last is None or verb.start > last.cue.start):
        subject = subject_before(unit, verb.start)
        if subject is not None:
            return subject
    if last is not None:
        return last.speaker
    return main_subject(unit, at)


def _may_be_inverted(unit: Unit, cue: Cue, has_subject: bool) -> bool:
    """Whether a noun phrase that ends the clause follows the verb, and content or a comma precedes it."""
    words, at = unit.words, cue.start
    if at == 0 or words[at - 1] not in (QUOTE, ","):
        return False
    if not has_subject:
        return True
    phrase = (
        None
        if cue.entry.addressee or words[cue.end : cue.end + 1] in ([], [","])
        else noun_phrase_after(unit, cue.end)
    )
    if phrase is None or words[phrase[0]] in TIMES or words[phrase[0]] in PREPOSITIONS:
        return False
    after = words[phrase[1]] if phrase[1] < len(words) else "."
    return after in SENTENCE_ENDS or after in (",", "who", "in")


def _inverted(unit: Unit, cue: Cue, later: Sequence[Cue], found: Sequence[Attribution]) -> Attribution | None:
    """`"...," said Anna Lund, the mayor.`"""
    speaker = noun_phrase_after(unit, cue.end)
    before = _content_before(unit, cue.start, found, only_quotation=False)
    if speaker is None or before is None:
        return None
    contents = [before]
    after = content_after(unit, cue, speaker[1], later)
    if after is not None and unit.words[after[0]] == QUOTE:
        contents.append(after)
    return Attribution(cue, speaker, contents, (cue.start, speaker[1]))


# Content ------------------------------------------------------------------------------------------------------


def content_after(unit: Unit, cue: Cue, at: int, later: Sequence[Cue]) -> Items | None:
    """What follows the cue and is attributed: a quotation, a that-clause, a clause, an infinitive or a question."""
    words, kinds = unit.words, cue.entry.content
    if cue.entry.addressee:
        hearer_end = skip_addressee(unit, at)
        if hearer_end < len(words) and words[hearer_end] not in AUXILIARIES:
            at = hearer_end
    start = at
    at = skip_adverbials(words, at)
    if at + 1 < len(words) and words[at] == "," and words[at + 1] in (QUOTE, "that"):
        at += 1
    if at >= len(words):
        return None
    word = words[at]
    end = content_end(unit, at, later)
    if word == ":":
        return _trim(unit, at + 1, content_end(unit, at + 1, later))
    if word == QUOTE:
        return _trim(unit, at, end)
    if word == "that" and "that" in kinds:
        return _trim(unit, at + 1, end)
    if all(w in TIMES or is_adverb(w) for w in words[start:at]) and (
        (word in WH_WORDS and "wh" in kinds) or ("infinitive" in kinds and _is_infinitive(unit, at))
    ):
        return _trim(unit, at, end)
    if word in CLAUSE_MARKS or word in SENTENCE_ENDS or word in (",", "to"):
        return None
    if "quote" in kinds and _quotation_near(words, at, end):
        return _trim(unit, at, end)
    if cue.shape == INFINITIVE or cue.start == 0:
        return None
    if cue.entry.lemma in _ALWAYS_CLAUSE and at == start and end - at > 2 and word not in PREPOSITIONS:
        return _trim(unit, at, end)
    if "infinitive" in kinds and at == start and _holds_infinitive(unit, at, end):
        return _trim(unit, at, end)
    if "as" in kinds and (said := _as_object(unit, at, end)) is not None:
        return said
    if "object" in kinds and at == start and (stop := _object_end(unit, at, end)) > at:
        return _trim(unit, at, stop)
    if "clause" in kinds and word != "as" and _is_clause(unit, at, end):
        return _trim(unit, at, end)
    if "clause" in kinds and at > start and _is_clause(unit, start, end) and words[start] in PREPOSITIONS:
        return _trim(unit, start, end)
    return None


def _as_object(unit: Unit, at: int, end: int) -> Items | None:
    """`the war as a trap`; of `what they described as a trap` only the trap."""
    words = unit.words
    if words[at] == "as":
        return _trim(unit, at + 1, end)
    for i in range(at + 1, min(end, at + 14)):
        if words[i] == "as":
            return _trim(unit, at, end)
        if words[i] == "," or words[i] in CLAUSE_MARKS or is_finite(unit, i):
            return None
    return None


def _object_end(unit: Unit, at: int, end: int) -> int:
    """Where the object of a verb stops: at a comma, a conjunction or a time."""
    words = unit.words
    if words[at] in PREPOSITIONS or words[at] in COORDINATORS or words[at] in SUBORDINATORS:
        return at
    for i in range(at, end):
        word = words[i]
        if word == "," or (word in CLAUSE_MARKS and word != QUOTE) or word in _AFTER_OBJECT:
            return i
        if word in COORDINATORS and i + 1 < end and is_finite(unit, i + 1):
            return i
        if word in TIMES and unit.tokens[i].text[:1].isupper():
            return i - (words[i - 1] == "on")
    return end


_AFTER_OBJECT = word_set(
    "while after when as because before but though although since until during if unless"
)


def _is_infinitive(unit: Unit, at: int) -> bool:
    at += unit.words[at] == "not"
    if unit.words[at : at + 1] != ["to"] or at + 1 >= len(unit.words):
        return False
    return unit.tokens[at + 1].text[:1].islower() and unit.words[at + 1] not in DETERMINERS


def _holds_infinitive(unit: Unit, at: int, end: int) -> bool:
    """`the council to act`: a noun phrase and what it is to do."""
    for i in range(at + 1, min(end, at + 9)):
        if _is_infinitive(unit, i):
            return True
        if unit.words[i] == "," or unit.words[i] in CLAUSE_MARKS or is_finite(unit, i):
            return False
    return False


def _quotation_near(words: list[str], at: int, end: int) -> bool:
    for i in range(at, min(end, at + 9)):
        if words[i] == QUOTE:
            return True
        if words[i] == ",":
            return False
    return False


def _is_clause(unit: Unit, start: int, end: int) -> bool:
    """Whether the items hold a subject and, as far as forms tell, a finite verb."""
    if end - start < 2:
        return False
    if unit.words[start] in SUBJECT_PRONOUNS or unit.words[start] in _EXISTENTIAL:
        return True
    return any(is_finite(unit, i) for i in range(start + 1, min(end, start + 20)))


def content_end(unit: Unit, start: int, later: Sequence[Cue]) -> int:
    """Where content that begins at `start` stops: at the unit's end, or where the article's own words go on."""
    words = unit.words
    end = len(words)
    while end > start and words[end - 1] in SENTENCE_ENDS:
        end -= 1
    for i in range(start, end):
        if (
            i > start + 1
            and words[i] in _CONTRASTS
            and words[i - 1] == ","
            and words[start] not in _CONTRASTS
        ):
            end = i - 1
            break
        if _ends_in_comma(unit, i) and words[i - 1] != "," and QUOTE not in words[i + 1 : i + 3]:
            end = i + 1
            break
    dashes = [i for i in range(start + 2, end) if words[i] in DASHES and words[i - 1] not in DASHES]
    if len(dashes) % 2:
        end = dashes[-1]
    for cue in later:
        if start < cue.start < end and (stop := _hands_back(unit, cue)) is not None and stop > start:
            end = min(end, stop)
    return end


def _hands_back(unit: Unit, cue: Cue) -> int | None:
    """Where the content before `cue` ends, if the cue belongs to the article's own clause and not to the content."""
    words, at = unit.words, cue.start
    if cue.shape in (PREPOSITION, PARTICIPLE):
        return _before_comma(unit, at)
    if cue.shape != FINITE:
        return None
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
    return at if _ends_in_comma(unit, at - 1) else None


def _ends_in_comma(unit: Unit, i: int) -> bool:
    return unit.words[i] == QUOTE and unit.tokens[i].text.rstrip("\"'”’»").endswith(",")


_ALWAYS_CLAUSE = word_set("say think argue insist")
_THINKING = word_set("think believe hope fear expect know feel understand see learn hear find show agree")


def _trim(unit: Unit, start: int, end: int) -> Items | None:
    while start < end and unit.words[start] in _LOOSE:
        start += 1
    while end > start and (unit.words[end - 1] in _LOOSE or unit.words[end - 1] in SENTENCE_ENDS):
        end -= 1
    return (start, end) if start < end else None


def _content_before(
    unit: Unit, at: int, found: Sequence[Attribution], only_quotation: bool, whole: bool = True
) -> Items | None:
    """What precedes the attribution: a quotation that ends at it, or a clause closed by a comma."""
    words = unit.words
    ends = [c[1] for a in found for c in a.contents if QUOTE in words[c[0] : c[1]] or c[1] < a.clause[0]]
    floor = min(max(ends, default=0), at)
    comma = at > floor and words[at - 1] == ","
    at -= comma
    if at <= floor:
        return None
    if words[at - 1] == QUOTE:
        return _quotation_before(unit, floor, at, comma, only_quotation)
    if only_quotation or not comma:
        return None
    while floor < at and (words[floor] in COORDINATORS or words[floor] in _LOOSE):
        floor += 1
    content = _trim(unit, floor, at)
    if content is None or (whole and QUOTE not in words[slice(*content)] and not _is_clause(unit, *content)):
        return None
    return content


def _quotation_before(unit: Unit, floor: int, at: int, comma: bool, only_quotation: bool) -> Items | None:
    """The quotation that ends at item `at`, with the words of its own sentence before it."""
    words = unit.words
    start = at - 1
    closes = unit.tokens[start].text.rstrip("'\"”’»")[-1:] in tuple(",?!—-–….")
    if not comma and not closes:
        return None
    while start > floor and words[start - 1] == QUOTE:
        start -= 1
    lead = words[floor:start]
    if lead and lead[-1] not in _LOOSE and not only_quotation:
        cut = max((i + 1 for i, w in enumerate(lead) if w == ":"), default=0)
        return _trim(unit, floor + cut, at)
    return (start, at)


# Other shapes -------------------------------------------------------------------------------------------------


def _according(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`according to the mayor`, before what is attributed or after it."""
    words = unit.words
    speaker = noun_phrase_after(unit, cue.end)
    if speaker is None:
        return None
    if cue.start == 0 or words[cue.start - 1] in COORDINATORS:
        comma = next((i for i in range(speaker[1], len(words)) if words[i] == ","), None)
        if comma is None:
            return None
        content = _trim(unit, comma + 1, content_end(unit, comma + 1, later))
    else:
        floor = 0
        while floor < cue.start and (words[floor] in COORDINATORS or words[floor] in _LOOSE):
            floor += 1
        content = _trim(unit, floor, cue.start)
    return Attribution(cue, speaker, [content], (cue.start, speaker[1])) if content else None


def _label(unit: Unit) -> Attribution | None:
    """`Lund: We Are Ready`: in titles, and in transcripts in capitals, the name before the colon speaks."""
    at = next((i for i, w in enumerate(unit.words[:6]) if w == ":"), None)
    if not at or any(not t.text[:1].isupper() for t in unit.tokens[:at]) or unit.words[0] in _NO_SPEAKERS:
        return None
    if any(w.endswith(("'s", "s'")) for w in unit.words[:at]):
        return None
    capitals = all(len(t.text) > 1 and t.text.isupper() for t in unit.tokens[:at])
    if unit.kind != "title" and not capitals:
        return None
    content = _trim(unit, at + 1, len(unit.words))
    return (
        Attribution(Cue(at, at, at + 1, COLON, PREPOSITION), (0, at), [content], (0, at + 1))
        if content
        else None
    )


COLON = Verb("colon", "neutral", (":",))
_NO_SPEAKERS = word_set(
    "exclusive opinion analysis watch video breaking update live editorial review explainer note email"
)


def _as_clause(unit: Unit, cue: Cue, speaker: Items | None, later: Sequence[Cue]) -> Attribution | None:
    """`As the mayor noted, ...`, `..., as the mayor, who is ill, noted`: content stands on the comma's other side."""
    words = unit.words
    if (
        speaker is None
        or speaker[0] == 0
        or words[speaker[0] - 1] != "as"
        or cue.shape != FINITE
        or not _is_closed(unit, cue)
    ):
        return None
    at = speaker[0] - 1
    return _beside(unit, cue, speaker, (at, cue.end), later)


def _beside(
    unit: Unit, cue: Cue, speaker: Items | None, clause: Items, later: Sequence[Cue]
) -> Attribution | None:
    """The attribution whose content stands before the clause, or after its comma where it opens the sentence."""
    words = unit.words
    at, end = clause
    floor = 0
    while floor < at and (words[floor] in COORDINATORS or words[floor] in _LOOSE):
        floor += 1
    if floor < at:
        content = _trim(unit, floor, at) if words[at - 1] in (",", QUOTE) or words[at - 1] in DASHES else None
    else:
        comma = next((i for i in range(end, len(words)) if words[i] == ","), None)
        content = _trim(unit, comma + 1, content_end(unit, comma + 1, later)) if comma else None
    return Attribution(cue, speaker, [content], clause) if content else None


def _noun(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`Moscow's claims that ...`, `the warning by officials that ...`: the noun's possessor speaks."""
    words = unit.words
    at = cue.end
    speaker: Items | None = None
    if at < len(words) and words[at] in ("by", "from", "of"):
        speaker = noun_phrase_after(unit, at + 1)
        at = speaker[1] if speaker else at
    if at >= len(words) or words[at] != "that":
        return None
    speaker = speaker or _possessor(unit, cue.start)
    content = _trim(unit, at + 1, content_end(unit, at + 1, later))
    return Attribution(cue, speaker, [content], (cue.start, at)) if content and speaker else None


def _possessor(unit: Unit, at: int) -> Items | None:
    words = unit.words
    for i in range(at - 1, max(-1, at - 4), -1):
        if words[i] in POSSESSIVES:
            return (i, i + 1)
        if words[i].endswith(("'s", "s'")):
            return (name_start(unit, i), i + 1)
    return None


def _passive(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`was told by officials that ...`, `it was reported that ...`: who speaks stands after `by`, if at all."""
    words = unit.words
    at = cue.end
    speaker = None
    if at < len(words) and words[at] in ("by", "in") and cue.start and words[cue.start - 1] == "as":
        speaker = noun_phrase_after(unit, at + 1)
        return _beside(unit, cue, speaker, (cue.start - 1, speaker[1]), later) if speaker else None
    if at < len(words) and words[at] == "by":
        speaker = noun_phrase_after(unit, at + 1)
        at = speaker[1] if speaker else at
    at = skip_adverbials(words, at)
    if at >= len(words) or words[at] != "that" or "that" not in cue.entry.content:
        return None
    content = _trim(unit, at + 1, content_end(unit, at + 1, later))
    return Attribution(cue, speaker, [content], (cue.start, cue.end)) if content else None
