"""Attribution clauses: around each cue, who speaks and what is attributed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.annotate.cues import FINITE, INFINITIVE, NOUN, PARTICIPLE, PASSIVE, PREPOSITION, Cue, is_adverb
from analysis.annotate.grammar import (
    ADVERBS,
    AUXILIARIES,
    CLAUSE_MARKS,
    COORDINATORS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    QUOTE,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    WH_WORDS,
    Unit,
)

Items = tuple[int, int]  # items of a unit, from .. to, end-exclusive
_ENDS = frozenset([".", "!", "?"])


class Attribution(NamedTuple):
    """A cue with its speaker and its contents, as items of the unit; the clause is cue and speaker together."""

    cue: Cue
    speaker: Items | None
    contents: list[Items]
    clause: Items


def find_attributions(unit: Unit, cues: Sequence[Cue]) -> list[Attribution]:
    """The attributions of a unit, one for each cue that has content, in order of their cues."""
    found: list[Attribution] = []
    for n, cue in enumerate(cues):
        attribution = _around(unit, cue, cues[n + 1 :], found)
        if attribution is not None:
            found.append(attribution)
    return found


def _around(unit: Unit, cue: Cue, later: Sequence[Cue], found: Sequence[Attribution]) -> Attribution | None:
    if cue.shape == PREPOSITION:
        return _according(unit, cue, later)
    if cue.shape == NOUN:
        return _noun(unit, cue, later)
    speaker = _subject(unit, cue, found)
    begin = min(cue.start, speaker[0]) if speaker and speaker[1] <= cue.start else cue.start
    after = _content_after(unit, cue, cue.end, later)
    if (
        (speaker is None or speaker[1] > cue.start)
        and cue.shape == FINITE
        and begin
        and unit.words[begin - 1] in (QUOTE, ",")
    ):
        inverted = noun_phrase_after(unit, cue.end)
        if inverted is not None:
            speaker = inverted
            after = (
                _content_after(unit, cue, inverted[1], later)
                if unit.words[inverted[1] : inverted[1] + 1] != ["."]
                else None
            )
            if after is not None and unit.words[after[0]] != QUOTE:
                after = None
    if cue.shape == PASSIVE:
        return None
    clause = (begin, max(cue.end, speaker[1] if speaker else 0))
    contents: list[Items] = []
    before = _content_before(unit, clause[0], found, quote_only=after is not None or cue.shape != FINITE)
    if before is not None and (cue.shape in (FINITE, PARTICIPLE)):
        contents.append(before)
    if after is not None:
        contents.append(after)
    return Attribution(cue, speaker, contents, clause) if contents else None


# Content ------------------------------------------------------------------------------------------------------


def _content_after(unit: Unit, cue: Cue, at: int, later: Sequence[Cue]) -> Items | None:
    """What follows the cue and is attributed: a quotation, a that-clause, a clause, an infinitive or a question."""
    words, kinds = unit.words, cue.entry.content
    if cue.entry.addressee:
        at = _skip_addressee(unit, at)
    at = skip_adverbials(words, at)
    if at < len(words) and words[at] == "," and at + 1 < len(words) and words[at + 1] in (QUOTE, "that"):
        at += 1
    if at >= len(words):
        return None
    word = words[at]
    end = _content_end(unit, at, later)
    if word == ":":
        return _trim(unit, at + 1, _content_end(unit, at + 1, later))
    if word == QUOTE:
        return _trim(unit, at, end)
    if word == "that" and "that" in kinds:
        return _trim(unit, at + 1, end)
    if word in WH_WORDS and "wh" in kinds:
        return _trim(unit, at, end)
    if word == "to" and "infinitive" in kinds:
        return _trim(unit, at, end)
    if word in (",", ".", "to", "as") or word in CLAUSE_MARKS or word in _ENDS:
        return None
    if "quote" in kinds and QUOTE in words[at:end] and words[at:end].index(QUOTE) <= 12:
        return _trim(unit, at, end)
    if "clause" in kinds and looks_like_clause(words, at, end):
        return _trim(unit, at, end)
    return None


def looks_like_clause(words: list[str], start: int, end: int) -> bool:
    """Whether the words hold a subject and, as far as forms tell, a finite verb."""
    if end - start < 2:
        return False
    if words[start] in SUBJECT_PRONOUNS or words[start] in (
        "there",
        "it's",
        "he's",
        "she's",
        "they're",
        "that's",
    ):
        return True
    head = words[start + 1 : min(end, start + 15)]
    return any(
        w in AUXILIARIES
        or w.endswith(("n't", "'re", "ed"))
        or (w.endswith("s") and not w.endswith(("ss", "'s")))
        for w in head
    )


def _content_end(unit: Unit, start: int, later: Sequence[Cue]) -> int:
    """Where what began at `start` stops: at the unit's end, or where the article's own clause goes on."""
    words = unit.words
    end = len(words)
    while end > start and words[end - 1] in _ENDS:
        end -= 1
    for cue in later:
        if cue.start <= start:
            continue
        before = words[cue.start - 1]
        if cue.shape == PREPOSITION and before == ",":
            return min(end, cue.start - 1)
        if cue.shape == PARTICIPLE and before == ",":
            return min(end, cue.start - 1)
        if cue.shape == FINITE and before in COORDINATORS:
            stop = cue.start - 1
            return min(end, stop - (words[stop - 1] == ","))
    return end


def _trim(unit: Unit, start: int, end: int) -> Items | None:
    while start < end and unit.words[start] in (",", ":", ";", "-", "–", "—"):
        start += 1
    while end > start and unit.words[end - 1] in (",", ":", ";", "-", "–", "—", ".", "!", "?"):
        end -= 1
    return (start, end) if start < end else None


def _content_before(
    unit: Unit, clause_start: int, found: Sequence[Attribution], quote_only: bool
) -> Items | None:
    """What precedes the attribution: a quotation that ends at it, or a clause closed by a comma."""
    words = unit.words
    floor = max((max(a.clause[1], *(c[1] for c in a.contents)) for a in found), default=0)
    floor = min(floor, clause_start)
    at = clause_start
    comma = at > floor and words[at - 1] == ","
    if comma:
        at -= 1
    if at <= floor:
        return None
    if words[at - 1] == QUOTE:
        start = at - 1
        if comma or unit.tokens[at - 1].text.rstrip("'\"”’»")[-1:] in tuple(",?!—-–…."):
            while start > floor and words[start - 1] == QUOTE:
                start -= 1
            lead = words[floor:start]
            if lead and lead[-1] != "," and not quote_only:
                start = floor
            return (start, at)
        return None
    if quote_only or not comma:
        return None
    return _trim(unit, _strip_lead(words, floor, at), at)


def _strip_lead(words: list[str], start: int, end: int) -> int:
    while start < end and (words[start] in COORDINATORS or words[start] in (",", ".")):
        start += 1
    return start


def _according(unit: Unit, cue: Cue, later: Sequence[Cue]) -> Attribution | None:
    words = unit.words
    speaker = noun_phrase_after(unit, cue.end)
    if speaker is None:
        return None
    at = speaker[1]
    if cue.start == 0 or words[cue.start - 1] in COORDINATORS:
        comma = next((i for i in range(at, len(words)) if words[i] == ","), None)
        if comma is None:
            return None
        content = _trim(unit, comma + 1, _content_end(unit, comma + 1, later))
    else:
        content = _trim(unit, _strip_lead(words, 0, cue.start), cue.start)
    return Attribution(cue, speaker, [content], (cue.start, at)) if content else None


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
    if speaker is None:
        speaker = _possessor(unit, cue.start)
    if speaker is None:
        return None
    content = _trim(unit, at + 1, _content_end(unit, at + 1, later))
    return Attribution(cue, speaker, [content], (speaker[0], at)) if content else None


def _possessor(unit: Unit, at: int) -> Items | None:
    words = unit.words
    for i in range(at - 1, max(-1, at - 4), -1):
        if words[i] in POSSESSIVES:
            return (i, i + 1)
        if words[i].endswith(("'s", "s'")):
            return (name_start(unit, i), i + 1)
    return None


# Speakers -----------------------------------------------------------------------------------------------------


def _subject(unit: Unit, cue: Cue, found: Sequence[Attribution]) -> Items | None:
    """The noun phrase that speaks: before the verb, else that of the clause before."""
    words = unit.words
    if cue.shape == PARTICIPLE:
        return _main_subject(unit, cue.start, found)
    at = cue.start
    if cue.shape == INFINITIVE:
        return _main_subject(unit, cue.start, found)
    if at == 0 or words[at - 1] == QUOTE:
        return None
    if words[at - 1] in COORDINATORS or (at > 1 and words[at - 1] == "," and words[at - 2] == QUOTE):
        return _main_subject(unit, at, found) if words[at - 1] in COORDINATORS else None
    floor = _clause_floor(words, at)
    return _noun_phrase_before(unit, floor, at)


def _main_subject(unit: Unit, at: int, found: Sequence[Attribution]) -> Items | None:
    if found and found[-1].speaker:
        return found[-1].speaker
    return main_subject(unit, at)


def main_subject(unit: Unit, end: int) -> Items | None:
    """The first noun phrase of the unit that can be a subject."""
    words = unit.words
    at = 0
    for _ in range(4):
        while at < end and (
            words[at] in COORDINATORS
            or words[at] in (",", QUOTE)
            or words[at] in ADVERBS
            or is_adverb(words[at])
        ):
            at += 1
        if at < end and (
            words[at] in PREPOSITIONS or words[at] in SUBORDINATORS or words[at].endswith("ing")
        ):
            comma = next((i for i in range(at, end) if words[i] == ","), None)
            if comma is None:
                return None
            at = comma + 1
        else:
            break
    return noun_phrase_after(unit, at) if at < end else None


def _clause_floor(words: list[str], at: int) -> int:
    """The left edge of the clause whose verb group begins at `at`."""
    for i in range(at - 1, -1, -1):
        word = words[i]
        if word in CLAUSE_MARKS or word in _ENDS:
            return i + 1
        if word in (
            "that",
            "because",
            "although",
            "though",
            "while",
            "but",
            "if",
            "whether",
            "as",
            "when",
            "what",
        ):
            return i + 1
        if word in ("and", "or") and i and words[i - 1] == ",":
            return i + 1
    return 0


def _noun_phrase_before(unit: Unit, floor: int, at: int) -> Items | None:
    """The subject among the items floor..at: the last segment between commas, or the one an apposition explains."""
    words = unit.words
    commas = [i for i in range(floor, at) if words[i] == ","]
    edges = [floor, *(c + 1 for c in commas)]
    segments = [(a, b) for a, b in zip(edges, [*commas, at], strict=True)]
    closed = segments[-1][0] >= segments[-1][1]
    segments = [s for s in segments if s[0] < s[1]]
    if not segments:
        return None
    if not closed:
        subject = _subject_in(unit, *segments[-1])
        if subject is not None or len(segments) == 1:
            return subject
        segments.pop()
    for n in range(len(segments) - 1, -1, -1):
        a, b = segments[n]
        if _is_apposition(words, a) and n:
            continue
        subject = _subject_in(unit, a, b)
        if subject is not None:
            return subject
    return None


def _is_apposition(words: list[str], start: int) -> bool:
    return (
        words[start] in DETERMINERS
        or words[start] in PREPOSITIONS
        or words[start] in ("who", "which", "whose", "former", "himself", "herself", "jr", "sr")
    )


def _subject_in(unit: Unit, start: int, end: int) -> Items | None:
    """The noun phrase at the end of a segment, after leading adverbials."""
    words = unit.words
    while start < end and (
        words[start] in COORDINATORS or words[start] in ADVERBS or is_adverb(words[start])
    ):
        start += 1
    if start < end and words[start] in PREPOSITIONS:
        start = skip_adverbials(words, start)
    for i in range(end - 1, start - 1, -1):
        if words[i] in ("who", "which") and i > start:
            end = i
            break
    while end > start and (words[end - 1] in TIMES or words[end - 1] in ("on", ",")):
        end -= 1
    if end - start > 25 or start >= end:
        return None
    return (start, end)


def noun_phrase_after(unit: Unit, start: int) -> Items | None:
    """The noun phrase that begins at `start`, with its of-phrases, without appositions."""
    words, tokens = unit.words, unit.tokens
    if start >= len(words):
        return None
    if words[start] in PRONOUNS:
        return (start, start + 1)
    i = start
    while i < len(words):
        w = words[i]
        if (w in CLAUSE_MARKS and w != QUOTE) or w in _ENDS or w == "," or (w == QUOTE and i > start):
            break
        if w in AUXILIARIES or w in SUBORDINATORS or w in ("who", "which"):
            break
        if w in PREPOSITIONS and w not in ("of", "for", "with", "from", "at"):
            break
        if w in TIMES and i > start and tokens[i].text[0].isupper():
            break
        if i > start and w in PRONOUNS:
            break
        i += 1
    return (start, i) if i > start else None


def name_start(unit: Unit, at: int) -> int:
    """Where the run of capitalised words that holds item `at` begins."""
    while at and unit.tokens[at - 1].text[:1].isupper() and unit.words[at - 1] != QUOTE:
        at -= 1
    if at and unit.words[at - 1] in DETERMINERS:
        at -= 1
    return at


# Steps over words that are neither speaker nor content ---------------------------------------------------------


def skip_adverbials(words: list[str], at: int) -> int:
    """The item after times, adverbs and prepositional phrases: `on Monday in a statement that` gives `that`."""
    while at < len(words):
        word = words[at]
        if (
            word in TIMES
            or is_adverb(word)
            or word in ("also", "again", "too", "further", "repeatedly", "instead", "first")
        ):
            at += 1
        elif (word in PREPOSITIONS and word not in ("to",)) or (
            word == "to" and at + 1 < len(words) and words[at + 1] in DETERMINERS | PRONOUNS
        ):
            at = _skip_preposition(words, at)
        else:
            break
    return at


def _skip_preposition(words: list[str], at: int) -> int:
    i = at + 1
    while i < len(words) and words[i] in TIMES | {"the", "this", "that", "a"} and words[i] != "that":
        i += 1
    if i > at + 1 and words[i - 1] in TIMES:
        return i + 1 if i < len(words) and words[i].isdigit() else i
    i = at + 1
    while i < len(words):
        w = words[i]
        if (
            w in CLAUSE_MARKS
            or w in _ENDS
            or w == ","
            or w == "that"
            or w in AUXILIARIES
            or w in SUBJECT_PRONOUNS
            or w in WH_WORDS
        ):
            break
        i += 1
    return i


def _skip_addressee(unit: Unit, at: int) -> int:
    words, tokens = unit.words, unit.tokens
    if at >= len(words) or words[at] in ("that", "to", ",", ":", QUOTE) or words[at] in WH_WORDS:
        return at
    if words[at] in PRONOUNS:
        return at + 1
    i = at
    if words[i] in DETERMINERS:
        i += 1
        while i < len(words) and not (
            words[i] in CLAUSE_MARKS
            or words[i] in _ENDS
            or words[i] in (",", "that", "to")
            or words[i] in WH_WORDS
            or words[i] in AUXILIARIES
            or words[i] in SUBJECT_PRONOUNS
            or words[i] in PREPOSITIONS
        ):
            i += 1
        return i
    if tokens[i].text[:1].isupper():
        while (
            i < len(words)
            and (tokens[i].text[:1].isupper() or words[i] in ("of", "the", "'s"))
            and words[i] not in TIMES
        ):
            i += 1
        return i
    while (
        i < len(words)
        and i < at + 4
        and not (
            words[i] in CLAUSE_MARKS
            or words[i] in _ENDS
            or words[i] in (",", "that", "to")
            or words[i] in WH_WORDS
            or words[i] in PREPOSITIONS
            or words[i] in DETERMINERS
            or words[i] in SUBJECT_PRONOUNS
            or tokens[i].text[:1].isupper()
        )
    ):
        i += 1
    return i
