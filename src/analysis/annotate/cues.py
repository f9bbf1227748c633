"""Cues: the words by which an article hands over to a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from analysis.annotate.grammar import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    HAVE,
    NEGATIONS,
    POSSESSIVES,
    PREPOSITIONS,
    Unit,
)
from analysis.codebook import Verb
from analysis.text import fold

FINITE, PARTICIPLE, INFINITIVE, PASSIVE, NOUN, PREPOSITION = [
    "finite",
    "participle",
    "infinitive",
    "passive",
    "noun",
    "preposition",
]
ACCORDING = Verb("according to", "neutral", ("according to",), content=("clause", "that", "quote"))
_SAYING = frozenset(
    [
        "say",
        "tell",
        "comment",
        "answer",
        "reply",
        "respond",
        "specify",
        "confirm",
        "disclose",
        "reveal",
        "announce",
        "mention",
    ]
)
_REFUSING = frozenset(["declined", "declines", "refused", "refuses", "refusing", "declining", "failed"])
_IRREGULAR_PARTICIPLES = frozenset(
    [
        "said",
        "told",
        "written",
        "known",
        "seen",
        "shown",
        "thought",
        "held",
        "found",
        "felt",
        "heard",
        "sworn",
        "understood",
        "put",
    ]
)

Lexicon = Mapping[str, list[tuple[tuple[str, ...], Verb, bool]]]


class Cue(NamedTuple):
    """A reporting word or phrase: items `start`..`end` with its auxiliaries, the word itself from `verb`."""

    start: int
    verb: int
    end: int
    entry: Verb
    shape: str


def make_lexicon(verbs: Mapping[str, Verb]) -> Lexicon:
    """First word of each form to its forms, longest first: (words, verb, is it a noun)."""
    lexicon: dict[str, list[tuple[tuple[str, ...], Verb, bool]]] = defaultdict(list)
    for verb in [*verbs.values(), ACCORDING]:
        nouns = [*verb.nouns, *(n + "s" for n in verb.nouns)]
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
    cues: list[Cue] = []
    at = 0
    for i, word in enumerate(words):
        if i < at or word not in lexicon:
            continue
        for form, verb, noun in lexicon[word]:
            end = i + len(form)
            if tuple(words[i:end]) == form and (cue := _read_cue(words, i, end, verb, noun)):
                cues.append(cue)
                at = end
                break
    return cues


def _read_cue(words: list[str], i: int, end: int, verb: Verb, noun: bool) -> Cue | None:
    if verb is ACCORDING:
        return Cue(i, i, end, verb, PREPOSITION)
    before = words[i - 1] if i else ""
    nominal = before in DETERMINERS or before.endswith(("'s", "s'")) or before in PREPOSITIONS - {"to"}
    start = _group_start(words, i)
    group = words[start:i]
    word = words[i]
    if noun:
        return Cue(i, i, end, verb, NOUN) if nominal or (before not in ("to", "") and not group) else None
    if word.endswith("ing"):
        if BE & set(group):
            return None if _is_negated(words, start, i, verb) else Cue(start, i, end, verb, FINITE)
        if before in DETERMINERS - POSSESSIVES or before.endswith("'s"):
            return None
        return Cue(start, i, end, verb, PARTICIPLE)
    if _is_negated(words, start, i, verb):
        return None
    if before == "to":
        return Cue(i - 1, i, end, verb, INFINITIVE)
    if nominal and before not in (
        "that",
        "this",
        "these",
        "those",
        "both",
        "many",
        "some",
        "most",
        "all",
        "her",
        "others",
        "another",
        "no",
        "each",
    ):
        return None
    participle = word.endswith(("ed", "en")) or word in _IRREGULAR_PARTICIPLES
    if participle and BE & set(group) and not HAVE & {group[-1] if group else ""}:
        return Cue(start, i, end, verb, PASSIVE)
    return Cue(start, i, end, verb, FINITE)


def _group_start(words: list[str], i: int) -> int:
    """Where the verb's auxiliaries and adverbs begin: `has also repeatedly said`."""
    start = i
    while start and (
        words[start - 1] in AUXILIARIES or words[start - 1] in ADVERBS or is_adverb(words[start - 1])
    ):
        start -= 1
    return start


def is_adverb(word: str) -> bool:
    return (
        word.endswith("ly")
        and len(word) > 4
        and word not in ("family", "ally", "july", "italy", "reply", "supply")
    )


def _is_negated(words: list[str], start: int, i: int, verb: Verb) -> bool:
    """`did not say`, `declined to say`: no words are handed over; `do not believe` does say what is thought."""
    if verb.lemma not in _SAYING:
        return False
    if NEGATIONS & set(words[start:i]):
        return True
    return words[i - 1 : i] == ["to"] and bool(_REFUSING & set(words[max(0, i - 3) : i]))
