"""Cues: the words by which an article hands over to a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from analysis.codebook import Verb
from analysis.parse.units import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONTRACTED_BE,
    COORDINATORS,
    DETERMINERS,
    HAVE,
    IRREGULAR_PASTS,
    NEGATIONS,
    NUMBERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    QUOTE,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    WH_WORDS,
    Unit,
    is_adverb,
    word_set,
)
from analysis.text import fold

FINITE, PARTICIPLE, INFINITIVE = "finite", "participle", "infinitive"
PASSIVE, NOUN, PREPOSITION = "passive", "noun", "preposition"
ACCORDING = Verb(
    "according to", "neutral", ("according to", "in the words of"), content=("clause", "that", "quote")
)

VIEW = Verb("in their view", "neutral", ("view",), content=("clause",))
_VIEWS = word_set(
    "view opinion judgment judgement assessment estimate estimation eyes account telling perspective"
)

_POLLS = word_set("poll polls survey surveys")

_SAYING = word_set("say tell comment answer reply respond specify confirm disclose reveal announce mention")
_REFUSING = word_set("declined declines refused refuses refusing declining failed")
_IRREGULAR_PARTICIPLES = word_set(
    "said told written known seen shown thought held found felt heard sworn understood"
)
_NEVER_NOUNS = word_set(
    "say says tell tells believe believes think thinks argue argues insist insists suggest suggests agree agrees"
)
_MEANS = word_set("telephone phone email e-mail text video letter fax")  # `said by telephone`
_AFTER_NOUN = word_set("that by from of to on for about against over")
_SAID = word_set("said says replied answered responded added")
_FELT = word_set("worry")  # `is worried that` tells what its subject thinks
_STATE_THINGS = word_set(
    ", it he she which report document memo letter statement assessment text treaty plan draft article law study yearbook review"
)
_PLURALS = word_set(
    "who that people police others many some most both all we they i you few more staff media"
)
_CAN_BE_SUBJECT = word_set(
    "that this these those both several few many some most all others another each one two three"
)

_ADJECTIVE_ENDINGS = ("ical", "ional", "orial", "ious", "eous", "ible", "able", "ful", "less", "ish", "ive")
_PERSON_ENDINGS = (
    "ative",
    "utive",
    "ective",
    "essional",
    "ssive",
)  # representative, executive, detective, professional

HEADS = ("title", "heading")  # kinds whose words may all have capitals

TIME_CLAUSES = word_set("when once if until after")

Lexicon = Mapping[str, list[tuple[tuple[str, ...], Verb, bool]]]


class Cue(NamedTuple):
    """A reporting word or phrase: items `start`..`end` with its auxiliaries, the word itself from `verb`."""

    start: int
    verb: int
    end: int
    entry: Verb
    shape: str


@lru_cache(maxsize=4)  # articles come in many lots
def make_lexicon(verbs: tuple[Verb, ...]) -> Lexicon:
    """First word of each form to its forms, longest first: (words, verb, is it a noun)."""
    lexicon: dict[str, list[tuple[tuple[str, ...], Verb, bool]]] = defaultdict(list)
    for verb in [*verbs, ACCORDING]:
        nouns = [*verb.nouns, *(n[:-1] + "ies" if n.endswith("y") else n + "s" for n in verb.nouns)]
        for form, noun in [*((f, False) for f in verb.forms), *((n, True) for n in nouns)]:
            words = tuple(fold(form).split())
            if words:
                lexicon[words[0]].append((words, verb, noun))
    for entries in lexicon.values():
        entries.sort(key=lambda e: (-len(e[0]), e[2]))
    return dict(lexicon)


def find_cues(unit: Unit, lexicon: Lexicon) -> list[Cue]:
    """The cues outside quotation marks, in order; a negated `say` hands over to nobody and is none."""
    words = unit.words
    cues = _opening_view(words)
    at = cues[0].end if cues else 0
    for i in [n for n, word in enumerate(words) if word in lexicon]:
        if i < at or not _is_written_as_word(unit, i):
            continue
        for form, verb, noun in lexicon[words[i]]:
            end = i + len(form)
            if len(form) > 1 and tuple(words[i:end]) != form:
                continue
            if verb is ACCORDING:
                cue: Cue | None = Cue(i, i, end, verb, PREPOSITION)
            elif noun:
                cue = _as_noun(words, i, end, verb)
            elif _is_noun_here(unit, i, end, lexicon):
                cue = None
            else:
                cue = _as_verb(words, i, end, verb)
            if cue is not None:
                cues.append(cue)
                at = end
                break
    return cues


def _opening_view(words: list[str]) -> list[Cue]:
    """`In the mayor's view, ...`, `In a poll last week, ...`: the phrase before the comma that opens a sentence."""
    first = 1 if words[:1] and words[0] in COORDINATORS else 0
    if words[first : first + 1] not in (["in"], ["from"]):
        return []
    comma = next((i for i in range(first + 2, min(first + 15, len(words))) if words[i] == ","), None)
    if comma is None or words[first + 1] in ("my", "our"):
        return []
    owned = words[first + 1] in POSSESSIVES or words[comma - 2].endswith(("'s", "s'"))
    held = owned and words[comma - 1] in _VIEWS and comma - first < 9
    polled = words[first] == "in" and not _POLLS.isdisjoint(words[first + 1 : comma])
    return [Cue(first, first, comma if held else first + 1, VIEW, PREPOSITION)] if held or polled else []


def _is_written_as_word(unit: Unit, i: int) -> bool:
    """A capital inside a sentence belongs to a name (`Washington Post`), but in titles to every word."""
    return i == 0 or unit.kind in HEADS or not unit.tokens[i].text[:1].isupper()


def _is_noun_here(unit: Unit, i: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a form that is noun and verb (`reports`, `claim`) stands before another verb or as a noun's head."""
    words = unit.words
    if not any(noun for _, _, noun in lexicon[words[i]]):
        return False
    after = words[end] if end < len(words) else "."
    if i == 0 or words[i - 1] in SUBORDINATORS - {"that"}:
        return True
    before = words[i - 1]
    if before.endswith(_ADJECTIVE_ENDINGS) and not before.endswith(_PERSON_ENDINGS) and before not in ADVERBS:
        return True  # `his territorial demands`
    named = before in SUBJECT_PRONOUNS or unit.kind in HEADS or unit.tokens[i - 1].text[:1].isupper()
    if after == "to" and named:
        return False  # `Lund vows to`
    verbal = after in AUXILIARIES or (
        any(not noun for _, _, noun in lexicon.get(after, ())) and after not in ("that", "show")
    )
    return verbal or after in PREPOSITIONS - {"about"} or after in COORDINATORS


def _as_noun(words: list[str], i: int, end: int, verb: Verb) -> Cue | None:
    return Cue(i, i, end, verb, NOUN) if end < len(words) and words[end] in _AFTER_NOUN else None


def _as_verb(words: list[str], i: int, end: int, verb: Verb) -> Cue | None:
    if words[end : end + 3] == ["not", "to", "be"]:  # `who asked not to be named`
        return None
    start = group_start(words, i)
    group = set(words[start:i])
    before = words[i - 1] if i else ""
    word = words[i]
    if _is_negated(words, start, i, verb) or group & {"must", "should"}:
        return None
    if word.endswith("ing"):
        if BE & group or before in CONTRACTED_BE:
            return Cue(start, i, end, verb, FINITE)
        nominal = before in DETERMINERS - POSSESSIVES or before.endswith("'s") or before in POSSESSIVES
        return None if nominal else Cue(start, i, end, verb, PARTICIPLE)
    if before == "to":
        return Cue(i - 1, i, end, verb, INFINITIVE)
    if _is_nominal(words, start):
        return None
    participle = word.endswith(("ed", "en")) or word in _IRREGULAR_PARTICIPLES
    if participle and before == "than":  # `sooner than expected`
        return None
    if verb.addressee or verb.lemma == "ask about":
        after = words[end] if end < len(words) else ""
        begins = start == 0 or (before == "," and words[i - 2] in _SAID)
        if participle and (before in TIME_CLAUSES or (begins and _is_told(after, verb))):
            return Cue(start, i, end, verb, PASSIVE)  # `when asked whether ...`, `Told that ...`
    if (
        participle
        and not group
        and before != "as"
        and words[end : end + 1] == ["by"]
        and not _MEANS & set(words[end + 1 : end + 2])
    ):
        return Cue(start, i, end, verb, PASSIVE) if "as" in verb.content else None
    if participle and BE & group and not (HAVE & {before}) and verb.lemma not in _FELT:
        return Cue(start, i, end, verb, PASSIVE)
    if (
        not participle
        and word not in IRREGULAR_PASTS
        and not group & AUXILIARIES
        and not _agrees(words, start, i)
    ):
        return None
    return Cue(start, i, end, verb, FINITE)


def _is_told(after: str, verb: Verb) -> bool:
    """Whether what follows a hearer's participle fits it, be it a source or a time that stands before the content."""
    return (
        " " in verb.lemma or after in WH_WORDS or after in TIMES or after in PREPOSITIONS or after == "that"
    )


def group_start(words: list[str], i: int) -> int:
    """Where the verb's auxiliaries, adverbs and times begin: `has also repeatedly said`, `on Friday said`."""
    start = i
    while start > 1 and (
        words[start - 1] in AUXILIARIES or words[start - 1] in ADVERBS or is_adverb(words[start - 1])
    ):
        start -= 1
    if start > 1 and words[start - 1] in TIMES:
        first = start - 1
        while first > 1 and words[first - 1] in TIMES:
            first -= 1
        if words[first - 1] in ("on", "in"):
            first -= 1
        if first:
            start = first
    return start


def _is_nominal(words: list[str], start: int) -> bool:
    """Whether the word before makes a noun of what follows: `the reports`, `of claims`, `Moscow's claims`."""
    before = words[start - 1] if start else ""
    if before in _CAN_BE_SUBJECT:
        return False
    return before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "s'"))


def _agrees(words: list[str], start: int, i: int) -> bool:
    """Whether the word before fits a present form as its subject: `he says`, `they say`, `officials say`."""
    before = words[start - 1] if start else ""
    if words[i] == "states":  # what is no document is more often a member of a union
        after = words[i + 1] if i + 1 < len(words) else ""
        listed = before == "," and is_adverb(after)
        return (before in _STATE_THINGS and not listed) or after in (QUOTE, ":") or QUOTE in words[:i]
    if words[i] in _NEVER_NOUNS or before in (
        ",",
        ")",
        "",
        "”",
        "“”",
        "and",
        "or",
        "but",
        "who",
        "which",
        "that",
    ):
        return True
    third = words[i].endswith("s") and not words[i].endswith("ss")
    if third:
        return before not in ("they", "we", "i", "you") and not (
            before.endswith("ed") and before not in PRONOUNS
        )
    return (
        before in _PLURALS
        or before in NUMBERS
        or (before.endswith("s") and not before.endswith("'s"))
        or before[:1].isdigit()
    )


def _is_negated(words: list[str], start: int, i: int, verb: Verb) -> bool:
    """`did not say`, `without saying`, `declined to say`: no words are handed over; `do not believe` says a thought."""
    if verb.lemma not in _SAYING:
        return False
    if NEGATIONS & set(words[start:i]) or words[i - 1 : i] == ["without"]:
        return True
    return words[i - 1 : i] == ["to"] and bool(_REFUSING & set(words[max(0, i - 3) : i]))
