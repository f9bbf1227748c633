"""Attribution clauses: around each cue, who speaks and what is attributed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.annotate.contents import (
    after_comma,
    content_after,
    content_before,
    content_end,
    is_clause,
    is_closed,
    is_infinitive,
    is_naming,
    names_end,
    object_until,
    skip_openers,
    trim,
)
from analysis.annotate.cues import (
    FINITE,
    INFINITIVE,
    NOUN,
    PARTICIPLE,
    PASSIVE,
    PREPOSITION,
    TIME_CLAUSES,
    VIEW,
    Cue,
    group_start,
)
from analysis.annotate.phrases import (
    Items,
    main_subject,
    name_start,
    noun_phrase_after,
    skip_adverbials,
    subject_before,
)
from analysis.codebook import Verb
from analysis.parse.units import (
    ADVERBS,
    CLAUSE_MARKS,
    CONTRACTED,
    COORDINATORS,
    DASHES,
    DETERMINERS,
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
    ends_in,
    is_adverb,
    is_finite,
    word_set,
)

COLON = Verb("colon", "neutral", (":",))
CREDIT = Verb("credit", "neutral", ("-",))
_LONGEST_CREDIT = 10  # words
_SHORT = 3  # words; too few before an aside to be what somebody says
_OPENERS = word_set("when whenever once if while after as since although though before because until")
_ABOUT = word_set("of on for about against over to")  # between a noun of speech and what is spoken of
_SUBJECT = 25  # words
_ISSUING = word_set(
    "issued issues released releases sent sends posted posts published put circulated distributed"
)
_MAKING = word_set(
    "made makes make making issued issues issuing gave gives giving repeated repeats voiced raised levelled leveled "
    "delivered sent offered"
)
_DOCUMENTS = word_set("statement letter memo email message note tweet post video release communique")
_THINGS = word_set("it this that which there it's")
_NOBODY = word_set("nobody none neither no-one")
_PURPOSE = word_set("intend plan")  # `is intended to` tells what a thing is for
_APPOSED = word_set("a an the who which former chief")
_NEVER_INVERTED = word_set("it them him me us")
_NO_SPEAKERS = word_set(
    "exclusive opinion analysis watch video breaking update live editorial review explainer note email look bombshell latest "
    "revealed correction related developing letter letters column commentary editor's"
)


class Attribution(NamedTuple):
    """A cue with its speaker and its contents, as items of the unit; the clause is cue and speaker together."""

    cue: Cue
    speaker: Items | None
    contents: list[Items]
    clause: Items
    rule: str


def find_attributions(unit: Unit, cues: Sequence[Cue]) -> list[Attribution]:
    """The attributions of a unit, one for each cue that has content, in the order of their cues."""
    label = _label(unit, cues) or _credit(unit)
    if label is not None:
        return [label]
    found: list[Attribution] = []
    for n, cue in enumerate(cues):
        attribution = _read(unit, cue, cues[:n], cues[n + 1 :], found)
        if attribution is not None and not _is_lost_inside(unit, attribution, found):
            found.append(attribution)
    return [a for a in found if not _is_lost_inside(unit, a, found)]


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
    first = inner.contents[0][0]
    speaker = unit.words[inner.speaker[0]] if inner.speaker else None
    himself = speaker in SUBJECT_PRONOUNS and speaker != "who"
    if first < inner.cue.start:
        return inside and (speaker is None or unit.words[first] != QUOTE)
    return inside and (speaker is None or himself or unit.words[first - 1] not in ("that", ",", ":"))


def _read(
    unit: Unit, cue: Cue, earlier: Sequence[Cue], later: Sequence[Cue], found: Sequence[Attribution]
) -> Attribution | None:
    """The attribution of one cue, by the cue's shape; None if nothing is attributed."""
    if cue.shape == PREPOSITION:
        return _according(unit, cue, later)
    if cue.shape == NOUN:
        return _noun(unit, cue, later)
    if cue.shape == PASSIVE or (cue.shape == FINITE and cue.start and unit.words[cue.start - 1] == "as"):
        return _passive(unit, cue, later)
    if cue.shape == FINITE and _describes(unit, cue):
        return None
    words = unit.words
    speaker = _subject(unit, cue, earlier, found)
    if speaker and words[speaker[0]] in _NOBODY:
        return None
    if cue.start == 0 and speaker is None and unit.kind != "title":
        return _opening(unit, cue, later)
    if cue.shape == INFINITIVE and speaker and unit.words[speaker[0]] in ("it", "it's"):
        return None
    floor = _floor(unit, cue, found)
    precedes = speaker is not None and speaker[1] <= cue.start
    if cue.shape == FINITE and _may_be_inverted(unit, cue, precedes):
        inverted = _inverted(unit, cue, floor, later)
        if inverted is not None:
            return inverted
    own = speaker is not None and precedes and not _is_other_clause(unit, speaker, cue)
    clause = (speaker[0] if own and speaker else cue.start, cue.end)
    found_after = content_after(unit, cue, cue.end, later)
    if found_after is not None:
        rule, after = found_after
        if own and _opens_sentence(unit, clause[0]):
            after = (after[0], min(after[1], _comma_before_clause(unit, after[0]) or after[1]))
        elif speaker and words[cue.start - 1] in ("who", "which") and _awaits_verb(unit, speaker[0]):
            after = (after[0], min(after[1], _comma_before_verb(unit, after[0]) or after[1]))
        contents = _with_after(unit, cue, speaker, clause, after, floor)
    elif (as_clause := _as_clause(unit, cue, speaker, later)) is not None:
        return as_clause
    else:
        contents = _without_after(unit, cue, clause, floor, later)
        interrupts = any(content[0] >= cue.end for content in contents)
        rule = "interruption" if interrupts else _rule_before(unit, contents)
    return Attribution(cue, speaker, contents, clause, rule) if contents else None


def _rule_before(unit: Unit, contents: Sequence[Items]) -> str:
    return "quotation_first" if any(unit.words[end - 1] == QUOTE for _, end in contents) else "clause_first"


def _describes(unit: Unit, cue: Cue) -> bool:
    """`a plan floated in May, criticized as naive`: one comma parts no subject from its verb."""
    words, at = unit.words, cue.start
    if cue.end - cue.start > 1 or words[at - 1 : at] != [","] or not words[at].endswith("ed"):
        return False
    if words[cue.end : cue.end + 1] != ["as"]:
        return False
    return at >= 2 and words[at - 2] != QUOTE and "," not in words[: at - 1]


def _floor(unit: Unit, cue: Cue, found: Sequence[Attribution]) -> int:
    """Where content before the cue may begin: after quotations, and what else stood before a cue of its own."""
    contents = [(a.clause[0], c) for a in found for c in a.contents]
    ends = [c[1] for begin, c in contents if QUOTE in unit.words[c[0] : c[1]] or c[1] < begin]
    return max((e for e in ends if e <= cue.start), default=0)


def _with_after(
    unit: Unit, cue: Cue, speaker: Items | None, clause: Items, after: Items, floor: int
) -> list[Items]:
    """The contents where something follows the cue: that, or with it a quotation that the clause interrupts."""
    words = unit.words
    before = content_before(unit, clause[0], floor, only_quotation=True) or _begun(
        unit, cue, clause, floor, after
    )
    no_person = speaker is not None and words[speaker[1] - 1] in _THINGS and _is_stand(unit, cue, after)
    goes_on = before is None or words[after[0]] == QUOTE or QUOTE not in words[slice(*before)]
    return [*([before] if before else []), *([after] if goes_on and not no_person else [])]


def _begun(unit: Unit, cue: Cue, clause: Items, floor: int, after: Items) -> Items | None:
    """The words before an attribution that what follows goes on with: `The bridge, she said, "is safe".`"""
    words = unit.words
    begin, end = clause
    interrupts = begin > floor and words[begin - 1] == "," and words[end : end + 1] == [","]
    if cue.shape != FINITE or not interrupts:
        return None
    if not unit.tokens[after[0]].text.lstrip("\"'“‘`")[:1].islower():
        return None
    content = content_before(unit, begin, floor, only_quotation=False, whole=False)
    if content is None or content[1] - content[0] > _SUBJECT:
        return None
    first = words[content[0]]
    return (
        None
        if first in PREPOSITIONS or first in SUBORDINATORS or first in TIMES or is_adverb(first)
        else content
    )


def _without_after(unit: Unit, cue: Cue, clause: Items, floor: int, later: Sequence[Cue]) -> list[Items]:
    """The contents where the clause follows what it attributes, or stands in it: `The bridge, she said, is safe.`"""
    words = unit.words
    begin, end = clause
    stated = not {"that", "clause"}.isdisjoint(cue.entry.content)
    closed = cue.shape == FINITE and stated and is_closed(unit, cue)
    aside = words[end : end + 1] == [","]
    before = content_before(unit, begin, floor, only_quotation=not closed, whole=not aside)
    interrupts = aside and begin > 0 and words[begin - 1] == ","
    first = end + 1 + 2 * (words[end + 1 : end + 3] in (["is", "that"], ["was", "that"]))
    after = trim(unit, first, content_end(unit, first, later)) if interrupts else None
    if before is None:
        opens = after and skip_openers(unit, 0, begin) == begin  # `And, she said, the bridge is safe.`
        return [after] if after and opens else []
    if after is None or words[after[0]].endswith("ing"):
        return [before]
    short = before[1] - before[0] <= _SHORT and QUOTE not in words[before[0] : before[1]]
    word = words[before[0]]
    adverbial = short and (word in ADVERBS or is_adverb(word) or not is_finite(unit, after[0]))
    return [after] if adverbial else [before, after]


def _is_stand(unit: Unit, cue: Cue, content: Items) -> bool:
    """Whether the content is what somebody wants or stands for, an infinitive or an object, and not what they say."""
    if not {"object", "infinitive"} & set(cue.entry.content) or unit.words[content[0]] == QUOTE:
        return False
    if unit.words[content[0]] == "to":
        return True
    return not {"that", "clause"} & set(cue.entry.content)


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
    if cue.shape == INFINITIVE or before in COORDINATORS or (before == "," and words[at] == "then"):
        return _taken_over(unit, at, earlier, found)
    if at == 0:
        return None
    if before == QUOTE or (before == "," and at > 1 and words[at - 2] == QUOTE):
        return _explained(unit, at)
    subject = subject_before(unit, at, floor)
    if cue.shape == PARTICIPLE and subject and (issuer := _issuer(unit, subject)):
        return issuer
    return subject or main_subject(unit, at)


def _issuer(unit: Unit, document: Items) -> Items | None:
    """`The mayor issued a statement saying ...`: the mayor."""
    words, (start, end) = unit.words, document
    start += words[start] == "out"
    verb = start - 1 - (words[start - 1] == "out")
    if verb < 1 or words[verb] not in _ISSUING or not _DOCUMENTS & set(words[start:end]):
        return None
    verb = group_start(words, verb)
    return subject_before(unit, verb) or main_subject(unit, verb)


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
    contents = [c for a in found for c in a.contents]

    def stands_beside(cue: Cue) -> bool:
        return all((start <= cue.start < end) == (start <= at < end) for start, end in contents)

    last = next((a for a in reversed(found) if a.speaker and stands_beside(a.cue)), None)
    verb = next((c for c in reversed(earlier) if c.shape == FINITE and stands_beside(c)), None)
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
    if cue.end >= len(words) or words[cue.end] == ",":
        return False
    if cue.entry.addressee and not (words[0] in SUBORDINATORS and unit.tokens[cue.end].text[:1].isupper()):
        return False
    phrase = noun_phrase_after(unit, cue.end)
    if phrase is None or words[phrase[0]] in TIMES or words[phrase[0]] in PREPOSITIONS:
        return False
    after = words[phrase[1]] if phrase[1] < len(words) else "."
    return after in SENTENCE_ENDS or after in (",", "who", "in")


def _inverted(unit: Unit, cue: Cue, floor: int, later: Sequence[Cue]) -> Attribution | None:
    """`"...," said Anna Lund, the mayor.`; `If it rains, said Lund, the bridge is closed.`"""
    words = unit.words
    speaker = noun_phrase_after(unit, cue.end)
    if speaker is None or words[speaker[1] - 1] in _NEVER_INVERTED:
        return None
    clause = (cue.start, speaker[1])
    if (around := _around(unit, cue, clause, floor, later)) is not None:
        return Attribution(cue, speaker, around, clause, "inverted_interruption")
    before = content_before(unit, cue.start, floor, only_quotation=False)
    if before is None:
        return None
    contents = [before]
    after = content_after(unit, cue, speaker[1], later)
    if after is not None and words[after[1][0]] == QUOTE:
        contents.append(after[1])
    return Attribution(cue, speaker, contents, clause, "inverted")


def _around(unit: Unit, cue: Cue, clause: Items, floor: int, later: Sequence[Cue]) -> list[Items] | None:
    """What stands before an inverted clause and after it, where neither is whole: a clause with `if`, a subject."""
    words = unit.words
    kinds = cue.entry.content
    named = (
        words[cue.end] in DETERMINERS or words[cue.end] in PRONOUNS or unit.tokens[cue.end].text[:1].isupper()
    )
    if not named or words[clause[1] : clause[1] + 1] != [","] or "clause" not in kinds or "object" in kinds:
        return None
    before = content_before(unit, clause[0], floor, only_quotation=False, whole=False)
    after = after_comma(unit, _after_appositions(unit, clause[1]), later)
    if before is None or after is None or QUOTE in words[slice(*before)]:
        return None
    first = words[before[0]]
    if (first in SUBORDINATORS and first != "that") or first in PREPOSITIONS:
        return [before, after] if is_clause(unit, *after) else None
    return [before, after] if is_finite(unit, after[0]) and not is_clause(unit, *before) else None


# Other shapes -------------------------------------------------------------------------------------------------


def _opening(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`Said Lund: "..."`"""
    speaker = noun_phrase_after(unit, cue.end)
    if cue.shape != FINITE or speaker is None or unit.words[speaker[1] : speaker[1] + 1] != [":"]:
        return None
    content = trim(unit, speaker[1], content_end(unit, speaker[1], later))
    return Attribution(cue, speaker, [content], (cue.start, speaker[1]), "opening") if content else None


def _according(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`according to the mayor`, before what is attributed or after it; `in the mayor's view` before it."""
    if cue.entry is VIEW:
        content = after_comma(unit, cue.end, later)
        poll = cue.end - cue.start == 1
        speaker = noun_phrase_after(unit, cue.end) if poll else _possessor(unit, cue.end - 1)
        if content is None or speaker is None or content[1] - content[0] < 2:
            return None
        return Attribution(cue, speaker, [content], (cue.start, cue.end), "poll" if poll else "view")
    speaker = noun_phrase_after(unit, cue.end)
    if speaker is None:
        return None
    begins = cue.start == 0 or unit.words[cue.start - 1] in COORDINATORS
    aside = unit.words[cue.start - 1] == "," and unit.words[cue.start - 2] in COORDINATORS | SUBORDINATORS
    rule = "according_first" if begins or aside else "according_last"
    if begins or aside:
        content = after_comma(unit, _after_appositions(unit, speaker[1]), later)
    else:
        content = trim(unit, skip_openers(unit, 0, cue.start), cue.start)
        if content and content[1] - content[0] <= _SHORT and unit.words[speaker[1] : speaker[1] + 1] == [","]:
            # `The port, according to the mayor, is safe.`
            content, rule = after_comma(unit, speaker[1], later) or content, "according_aside"
    return Attribution(cue, speaker, [content], (cue.start, speaker[1]), rule) if content else None


def _after_appositions(unit: Unit, at: int) -> int:
    """The comma before what is attributed: `According to Anna Lund, a lawyer, who knows it, the case is lost.`"""
    words = unit.words
    while words[at : at + 1] == [","]:
        end = next((i for i in range(at + 1, min(at + 20, len(words))) if words[i] == ","), None)
        if end is None or words[at + 1] not in _APPOSED:
            break
        if words[at + 1] not in ("who", "which") and any(is_finite(unit, i) for i in range(at + 2, end)):
            break
        at = end
    return at


def _label(unit: Unit, cues: Sequence[Cue]) -> Attribution | None:
    """`Lund: We Are Ready`: in titles, and in transcripts in capitals, the name before the colon speaks."""
    words = unit.words
    at = words.index(":") if ":" in words[:9] else 0
    first = 2 if at > 2 and words[1] in DASHES and words[0] in _NO_SPEAKERS else 0  # `EXCLUSIVE - Lund: ...`
    named = words[first:at]
    if (
        not 0 < len(named) <= 6
        or (cues and cues[0].start < at)
        or named[0] in _NO_SPEAKERS
        or named[-1] in _NO_SPEAKERS
    ):
        return None
    if any(not w[0].isalnum() or w.endswith(("'s", "s'")) for w in named):
        return None
    tokens = [t.text for t in unit.tokens[first:at]]
    head = unit.kind == "title" or unit.paragraph == 1
    if not head and any(len(t) < 2 or not t.isupper() for t in tokens):
        return None
    lowered = not any(t.text[0].isupper() for t in unit.tokens)  # a headline all in capitals
    if lowered and any(w in SUBORDINATORS or is_finite(unit, i) for i, w in enumerate(named, first)):
        return None
    if not lowered and any(t[0].islower() and t not in PREPOSITIONS for t in tokens):
        return None
    content = trim(unit, at + 1, len(words))
    cue = Cue(at, at, at + 1, COLON, PREPOSITION)
    return Attribution(cue, (first, at), [content], (first, at + 1), "label") if content else None


def _credit(unit: Unit) -> Attribution | None:
    """`"We are ready." - Anna Lund, Norwick`: the name after a dash speaks what is quoted before it."""
    words, end = unit.words, len(unit.words)
    while end and words[end - 1] in SENTENCE_ENDS:
        end -= 1
    first = max(0, end - _LONGEST_CREDIT)
    if DASHES.isdisjoint(words[first:end]):
        return None
    dash = next((i for i in range(first, end - 1) if words[i] in DASHES), None)
    if dash is None or (dash and words[dash - 1] != QUOTE) or (not dash and QUOTE in words):
        return None
    comma = next((i for i in range(dash + 1, end) if words[i] == ","), end)
    if not all(unit.tokens[i].text[:1].isupper() for i in range(dash + 1, comma)) or comma == dash + 1:
        return None
    content = trim(unit, 0, dash)
    cue = Cue(dash, dash, dash + 1, CREDIT, PREPOSITION)
    return Attribution(cue, (dash + 1, comma), [content] if content else [], (dash, end), "credit")


def _as_clause(unit: Unit, cue: Cue, speaker: Items | None, later: Sequence[Cue]) -> Attribution | None:
    """`As the mayor noted, ...`, `..., as the mayor, who is ill, noted`: content stands on the comma's other side."""
    words = unit.words
    if (
        speaker is None
        or speaker[0] == 0
        or words[speaker[0] - 1] != "as"
        or cue.shape != FINITE
        or not is_closed(unit, cue)
    ):
        return None
    at = speaker[0] - 1
    return _beside(unit, cue, speaker, (at, cue.end), later, "as_clause")


def _beside(
    unit: Unit, cue: Cue, speaker: Items | None, clause: Items, later: Sequence[Cue], rule: str
) -> Attribution | None:
    """The attribution whose content stands before the clause, or after its comma where it opens the sentence."""
    words = unit.words
    at, end = clause
    floor = skip_openers(unit, 0, at)
    if floor == at:
        content = after_comma(unit, end, later)
    else:
        divided = words[at - 1] in (",", QUOTE) or words[at - 1] in DASHES
        content = trim(unit, floor, at) if divided else None
    return Attribution(cue, speaker, [content], clause, rule) if content else None


def _noun(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`Moscow's claims that ...`, `the warning by officials that ...`, `cries of "..."`: the noun's possessor speaks."""
    words = unit.words
    at = cue.end
    if words[at : at + 2] == ["of", QUOTE]:
        return Attribution(
            cue,
            _possessor(unit, cue.start),
            [(at + 1, names_end(words, at + 1))],
            (cue.start, at),
            "noun_quotation",
        )
    kinds = cue.entry.content
    owner = _possessor(unit, cue.start)
    if owner and words[at] != "that":
        content, rule = None, "noun_infinitive" if words[at] == "to" else "noun_object"
        if words[at] == "to" and "infinitive" in kinds and is_infinitive(unit, at):
            content = trim(unit, at, _before_verb(unit, at + 2, content_end(unit, at, later)))
        elif words[at] in _ABOUT and "object" in kinds:
            content = object_until(unit, at + 1, _before_verb(unit, at + 1, content_end(unit, at + 1, later)))
        if content:
            spoken_for = main_subject(unit, owner[0]) if words[owner[0]] in POSSESSIVES else None
            return Attribution(cue, spoken_for or owner, [content], (cue.start, content[0]), rule)
    speaker: Items | None = None
    if words[at] in ("by", "from", "of"):
        speaker = noun_phrase_after(unit, at + 1)
        at = speaker[1] if speaker else at
    if at >= len(words) or words[at] != "that" or "that" not in kinds:
        return None
    speaker = speaker or owner or _maker(unit, cue.start)
    content = trim(unit, at + 1, content_end(unit, at + 1, later))
    return Attribution(cue, speaker, [content], (cue.start, at), "noun_that") if content and speaker else None


def _before_verb(unit: Unit, at: int, end: int) -> int:
    """Where the verb stands whose subject the phrase at item `at` belongs to, if there is one before `end`."""
    for i in range(at, end):
        if unit.words[i] in SUBORDINATORS or unit.words[i] == "who":
            return end
        if is_finite(unit, i):
            return i
    return end


def _maker(unit: Unit, at: int) -> Items | None:
    """`Oskara made accusations that ...`, `issued a warning that ...`: the subject of the verb."""
    verb = next((i for i in range(at - 1, max(0, at - 5), -1) if unit.words[i] in _MAKING), None)
    return None if verb is None else subject_before(unit, group_start(unit.words, verb))


def _possessor(unit: Unit, at: int) -> Items | None:
    words = unit.words
    for i in range(at - 1, max(-1, at - 4), -1):
        if words[i] in POSSESSIVES:
            return (i, i + 1)
        if words[i].endswith(("'s", "s'")):
            return (name_start(unit, i), i + 1)
    return None


def _passive(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    """`was told by officials that ...`, `described by Lund as ...`: who speaks stands after `by`, if at all."""
    words = unit.words
    at = cue.end
    speaker = None
    if at < len(words) and words[at] in ("by", "in") and cue.start and words[cue.start - 1] == "as":
        speaker = noun_phrase_after(unit, at + 1)
        return _beside(unit, cue, speaker, (cue.start - 1, speaker[1]), later, "as_by") if speaker else None
    if at < len(words) and words[at] == "by":
        speaker = noun_phrase_after(unit, at + 1)
        at = speaker[1] if speaker else at
    at = skip_adverbials(words, at)
    if is_naming(cue.entry) and words[at : at + 1] == ["as"]:
        content = trim(unit, at + 1, content_end(unit, at + 1, later))
        return Attribution(cue, speaker, [content], (cue.start, at), "passive_as") if content else None
    kinds = cue.entry.content
    if at >= len(words):
        return None
    # `Asked whether it was safe, Lund nodded.`: a clause that opens the sentence ends at its comma.
    opens = cue.start == 0 or (cue.start == 1 and words[0] in TIME_CLAUSES)
    end = _comma_before_clause(unit, at) if opens else None
    end = content_end(unit, at, later) if end is None else end
    if cue.entry.lemma == "ask about" and not speaker:
        content, rule = object_until(unit, at, end), "asked_about"
    elif words[at] == "that" and "that" in kinds:
        content, rule = trim(unit, at + 1, end), "passive_that"
    elif (words[at] in WH_WORDS and "wh" in kinds) or (
        "infinitive" in kinds and cue.entry.lemma not in _PURPOSE and is_infinitive(unit, at)
    ):
        content, rule = trim(unit, at, end), "passive_question"
    else:
        return None
    return Attribution(cue, speaker, [content], (cue.start, cue.end), rule) if content else None


def _opens_sentence(unit: Unit, at: int) -> bool:
    """Whether the clause at item `at` is a subordinate one before the main clause: `When Lund said ..., Berg left.`"""
    return at > 0 and unit.words[at - 1] in _OPENERS and _awaits_verb(unit, at - 1)


def _awaits_verb(unit: Unit, at: int) -> bool:
    """Whether no main verb stands before item `at`."""
    return all(unit.words[i] not in CLAUSE_MARKS and not is_finite(unit, i) for i in range(at))


def _comma_before_verb(unit: Unit, at: int) -> int | None:
    """The first comma from item `at` on that a finite verb follows."""
    return next(
        (i for i in range(at, len(unit.words) - 1) if unit.words[i] == "," and is_finite(unit, i + 1)), None
    )


def _comma_before_clause(unit: Unit, at: int) -> int | None:
    """The first comma from item `at` on that a noun phrase with a finite verb follows."""
    words = unit.words
    for i in range(at, len(words) - 2):
        if (words[i] == "," or ends_in(unit, i, ",")) and words[i + 1] not in SUBORDINATORS:
            phrase = noun_phrase_after(unit, i + 1)
            verb = phrase[1] if phrase else len(words)
            if words[i + 1] in CONTRACTED or (
                verb < len(words) and (is_finite(unit, verb) or words[verb] == ",")
            ):
                return i + (words[i] != ",")
    return None
