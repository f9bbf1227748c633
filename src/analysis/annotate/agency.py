"""Agency: who is named as acting in violence and decisions, and in which grammatical form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pandas as pd

from analysis.annotate.agents import maker_of, owner_of, subject_of_verb
from analysis.codebook import Codebook, indicators_of
from analysis.indicators import Indicators
from analysis.language import Language
from analysis.parse.document import Document, Sentence
from analysis.parse.noun_phrases import Items, noun_phrase_after
from analysis.parse.units import HEADS, Unit
from analysis.tables import AGENCY

VIOLENCE, DECISION = "violence", "decision"
ACTIVE, BY, PASSIVE, NOUN = "active", "by", "passive", "noun"
FORMS = (ACTIVE, BY, PASSIVE, NOUN)
_NO_NOUN = (  # classes of words that are no noun
    *(
        "preposition",
        "coordinator",
        "subordinator",
        "auxiliary",
        "adverb",
        "manner",
        "time",
        "past",
        "relative",
    ),
)
_CLOSED = (*_NO_NOUN, "mark")
_NOT_ACTING = (
    "gerund",
    "time",
    "numeral",
    "mark",
    "manner",
)  # classes of words with which nobody's name begins
_NEAR = 6  # items between a participle and its `by`


def find_agency(documents: Sequence[Document], codebook: Codebook) -> pd.DataFrame:
    """One row for each deed, violence or decision: its form, and who is named as doing it, in the order of the text.

    Passive without an agent and event nouns leave out who acts (van Leeuwen 1996 on backgrounding; Henley, Miller & Beazley
    1995 on reports of violence). `form`: active, by (passive with `by`), passive (without), noun (`the killing of`).
    Words are those of the language's agency.yml, whatever is meant by them: `attacked her rival` counts as violence.
    Names, compounds (`shooting victims`) and adjectives (`wounded soldiers`) are left out. The agent is told by word
    classes alone: the subject, the phrase after `by`, the owner or adjective of nation of a noun. `actor` is the
    codebook's actor named in it. `voice` and `source_id` are filled by `Voices.fill`.
    """
    actors = indicators_of(codebook.actors)
    rows = []
    for document in documents:
        for s in document.sentences:
            for deed in _find_deeds(document, s):
                span = deed.unit.span(deed.at, deed.at + 1)
                agent = _named(document, deed, actors)
                rows.append((s.article_id, s.sentence_id, *span, deed.kind, deed.form, *agent))
    return AGENCY.of_tuples(rows)


class _Deed(NamedTuple):
    """A deed at item `at` of a unit: violence or decision, its form, and the items that name who does it."""

    unit: Unit
    at: int
    kind: str
    form: str
    agent: Items | None


def _named(
    document: Document, deed: _Deed, actors: Indicators
) -> tuple[str | None, int | None, int | None, str | None]:
    """Who does it, as written, where that stands, and which actor it names."""
    if deed.agent is None:
        return None, None, None, None
    a, b = deed.unit.span(*deed.agent)
    hits = actors.find(deed.unit.tokens[slice(*deed.agent)])
    return " ".join(document.text[a:b].split()), a, b, hits[0].code if hits else None


@dataclass(frozen=True)
class DeedWords:
    """The words of a language for deeds: which class each has, and in which forms it is used."""

    classes: dict[str, str]
    present: frozenset[str]
    past: frozenset[str]
    participle: frozenset[str]
    ing: frozenset[str]
    noun: frozenset[str]
    phrases: Indicators  # in which they name none


@cache
def deed_words(language: Language) -> DeedWords:
    """The deeds of agency.yml; none where the language has no such file."""
    forms = {deed: _forms(deed, language) for deed in (VIOLENCE, DECISION)}
    classes = {word: deed for deed, lists in forms.items() for words in lists.values() for word in words}
    lists = {kind: words | forms[DECISION][kind] for kind, words in forms[VIOLENCE].items()}
    phrases = Indicators(
        {"no_deed": language.indicators("no_deed")}, {"no_deed": language.exceptions("no_deed")}
    )
    return DeedWords(classes, **lists, phrases=phrases)


def _forms(deed: str, language: Language) -> dict[str, frozenset[str]]:
    return {
        "present": language[f"{deed}_present"],
        "past": language[f"{deed}_past"],
        "participle": language[f"{deed}_participle"],
        "ing": language[f"{deed}_ing"],
        "noun": language[f"{deed}_noun"],
    }


def _find_deeds(document: Document, sentence: Sentence) -> Iterator[_Deed]:
    """The deeds of a sentence, without names and phrases that name none."""
    words = deed_words(document.language)
    if words.classes.keys().isdisjoint(token.lower for token in sentence.tokens):
        return
    fixed = [(hit.start, hit.end) for hit in words.phrases.find(sentence.tokens)]
    for unit in document.units_through(sentence):
        for i, token in enumerate(unit.tokens):
            if unit.words[i] not in words.classes or _is_name(unit, i, document):
                continue
            if any(a <= token.start < b for a, b in fixed):
                continue
            by = _by_agent(unit, i)
            if form := _form(unit, i, by, words):
                yield _Deed(unit, i, words.classes[unit.words[i]], form, _agent(unit, i, form, by))


def _agent(unit: Unit, i: int, form: str, by: int | None) -> Items | None:
    """The items that name who does the deed at item `i`; None where nobody is named."""
    if form == ACTIVE:
        return subject_of_verb(unit, i)
    if form == NOUN:
        return owner_of(unit, i) or maker_of(unit, i)
    return noun_phrase_after(unit, by) if form == BY and by else None


def _is_name(unit: Unit, i: int, document: Document) -> bool:
    """Whether the word belongs to a name: `Ban Ki-moon`, `Loretta Lynch`; in a headline all words have capitals."""
    text = unit.tokens[i].text
    if not unit.has(i, "capital"):
        return False
    if i > 0 and not unit.has(i - 1, "mark"):
        return True
    return text in document.names


def _form(unit: Unit, i: int, by: int | None, words: DeedWords) -> str | None:
    """How item `i`, a word for a deed, is used: active, passive (with or without `by`) or noun; None where it is none.

    Told by the words around it: the agent after `by`, auxiliaries before a participle, what can be an object after it, what opens a noun
    phrase before it.
    """
    word = unit.words[i]
    if word in words.ing:
        found = _ing_form(unit, i, words)
    elif word in words.past or word in words.participle:
        found = _past_form(unit, i, by)
    elif word in words.present and _is_verb(unit, i, words):
        found = ACTIVE
    else:
        found = NOUN if word in words.noun else None
    return None if found == NOUN and _modifies(unit, i) else found


def _by_agent(unit: Unit, i: int) -> int | None:
    """The item after the `by` that belongs to the participle at item `i`, where somebody can be meant; None where nobody is.

    Between them may be where and when, but no other deed: `killed on Monday by rebels`, not `killed in an attack by rebels`.
    """
    deeds = deed_words(unit.language).classes
    for by in range(i + 1, min(len(unit) - 1, i + 1 + _NEAR)):
        if unit.words[by] in unit.language["agent_preposition"]:
            return by + 1 if _can_act(unit, by + 1) else None
        closed = by in unit.finite or unit.has(by, "comma", "clause_mark", "coordinator", "relative")
        if closed or unit.words[by] in deeds:
            return None
    return None


def _can_act(unit: Unit, i: int) -> bool:
    noun = unit.word(i + unit.has(i, "determiner"))
    return not unit.has(i, *_NOT_ACTING) and noun not in unit.language["not_acting"]


def _starts_object(unit: Unit, i: int) -> bool:
    """Whether an object can begin at item `i`."""
    if unit.word(i) in unit.language["object_start"]:
        return True
    if unit.has(i, "capital", "numeral"):
        return not unit.has(i, "time")
    noun = unit.has(i, "lower") and not unit.has(i, *_CLOSED)
    return noun and unit.word(i) not in unit.language["after_deed"]


def _opens_noun(unit: Unit, i: int) -> bool:
    """Whether the word before item `i` makes a noun of it: `the attack`, `his attack`, `Lund's attack`, `deadly attack`."""
    opening = ("determiner", "possessive", "possessor", "adjectival", "preposition", "numeral", "number")
    return unit.word(i - 1) in unit.language["deed_adjective"] or unit.has(i - 1, *opening)


def _is_verb(unit: Unit, i: int, words: DeedWords) -> bool:
    """Whether a present form is a verb, not a noun: by its auxiliary or subject before it and its object after it."""
    start = unit.group_start[i]
    plain = unit.words[i] in words.noun or unit.words[i] in unit.language["not_a_deed"]
    bare = not unit.has(i, "s_form")
    certain = unit.word(i + 1) in unit.language["object_start"] or unit.has(i + 1, "capital", "numeral")
    if plain and unit.word(i - 1) == "that":
        return certain  # `that strike came late`
    if unit.holds(start, i, "modal", "do") or unit.has(start - 1, "subject_pronoun", "relative"):
        return True
    if unit.word(start - 1) == "to" and bare:
        return True
    if (noun := _opens_noun(unit, i)) or not plain:
        return not noun
    if bare:
        agrees = unit.has(start - 1, "s_ending", "plural", "coordinator")
        return agrees and (certain or unit.has(i + 1, "s_form"))
    return start > 0 and certain


def _past_form(unit: Unit, i: int, by: int | None) -> str | None:
    """The form of a past form or participle."""
    start = unit.group_start[i]
    passive = BY if by else PASSIVE
    if unit.holds(start, i, "be") or unit.has(start - 1, "contracted_be"):
        return passive
    if unit.word(start - 1) in unit.language["get_passive"]:
        return passive
    if unit.holds(start, i, "have", "contracted_auxiliary"):
        return ACTIVE
    if _is_joined_to_passive(unit, start):
        return passive
    if unit.words[i] in unit.language["never_passive"]:
        return ACTIVE
    if by and not _starts_object(unit, i + 1):
        return BY
    if _opens_noun(unit, i) and not unit.has(i - 1, "preposition", "lower"):
        return None  # `Lund's wounded man`
    if unit.has(i - 1, "determiner", "possessive", "adjectival"):
        return None  # `the wounded man`
    if _starts_object(unit, i + 1) or unit.has(start - 1, "subject_pronoun", "relative_pronoun"):
        return ACTIVE
    # `the deadline Congress set in May`: a name after a noun is the subject of a clause without `that`.
    named = unit.has(start - 1, "capital") and _ends_noun_before_name(unit, start - 1)
    return ACTIVE if named or _is_only_verb(unit, i) else PASSIVE


def _is_only_verb(unit: Unit, i: int) -> bool:
    """Whether a clause of a plain subject has no verb but the one at item `i`: `The missile struck before noon`."""
    edges = ("comma", "clause_mark", "subordinator", "coordinator", "sentence_end")
    first = next((j + 1 for j in range(i - 1, -1, -1) if unit.has(j, *edges)), 0)
    after = next((j for j in range(i + 1, len(unit)) if unit.has(j, *edges)), len(unit))
    if not unit.has(first, "determiner", "possessive"):
        return False
    return not unit.holds(first, i, "preposition") and not any(j in unit.finite for j in range(i + 1, after))


def _ends_noun_before_name(unit: Unit, i: int) -> bool:
    while unit.has(i, "capital"):
        i -= 1
    if unit.has(i, "relative"):
        return True
    closed = unit.has(i, *_NO_NOUN, "determiner", "office")
    return i > 0 and unit.has(i, "lower") and not closed


def _is_joined_to_passive(unit: Unit, start: int) -> bool:
    """Whether `and` joins the participle whose group begins at `start` to a passive one: `was shot and killed`."""
    if not unit.has(start - 1, "coordinator") or not unit.has(start - 2, "past", "participle"):
        return False
    group = unit.group_start[start - 2]
    return unit.holds(group, start - 2, "be") or unit.word(group - 1) in unit.language["get_passive"]


def _ing_form(unit: Unit, i: int, words: DeedWords) -> str | None:
    """The form of an -ing form: `is killing`, `by killing two`; or the noun, `the killing of two`."""
    start = unit.group_start[i]
    if unit.words[i] in unit.language["not_a_deed"]:
        return ACTIVE if unit.word(i + 1) in unit.language["object_start"] else None
    if unit.holds(start, i, "be") or unit.has(start - 1, "contracted_be"):
        return ACTIVE
    noun = unit.words[i] in words.noun
    if unit.word(i + 1) == "of":
        return NOUN if noun else None
    nominal = _opens_noun(unit, i) and not (unit.has(i - 1, "preposition") and _starts_object(unit, i + 1))
    if noun and unit.has(i - 1, "comma") and not unit.has(i + 1, "comma", "coordinator", "auxiliary"):
        return ACTIVE  # `, killing at least nine`
    if nominal or not _starts_object(unit, i + 1):
        return NOUN if noun else None
    if not noun or unit.word(i + 1) in unit.language["object_start"] or unit.has(i + 1, "capital", "numeral"):
        return ACTIVE
    # Before a noun alone it belongs to that, but after what takes a clause: `shooting victims`, `by shooting victims`.
    opened = unit.has(i - 1, "comma", "preposition", "subordinator", "capital")
    return ACTIVE if opened and unit.kind not in HEADS else None


def _modifies(unit: Unit, i: int) -> bool:
    """Whether a noun stands before the noun that it belongs to: `shooting victims`, `veto power`."""
    after = i + 1
    if unit.has(i, "s_form") or not unit.has(after, "lower") or after in unit.finite:
        return False
    closed = (*_NO_NOUN, "determiner", "pronoun", "possessive", "postposed")
    return unit.word(after) != "to" and not unit.has(after, *closed)
