"""Agency: who is named as acting in violence and decisions, and in which grammatical form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from analysis.annotate.deeds import ACTIVE, BY, NOUN, DeedWords, by_agent, deed_words, form_of, verb_group
from analysis.annotate.quotes.noun_phrases import Items, main_subject, noun_phrase_after, subject_before
from analysis.codebook import Codebook, indicators_of
from analysis.indicators import Indicators
from analysis.parse.document import Document, Sentence
from analysis.parse.names import is_person_noun
from analysis.parse.units import LONGEST_SENTENCE, Unit, split_units
from analysis.tables import AGENCY
from analysis.text import Token

_QUOTES = frozenset('"“”„«»‟″')
_SCARE = 4  # words in quotation marks that are read as part of their sentence; more are one of their own
_OWNER = 6  # items between a noun and whoever owns it: `Mr. Trump's second sharp attack`


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
        words = deed_words(document.language)
        for s in document.sentences:
            if any(token.lower in words.classes for token in s.tokens):
                rows += [(s.article_id, s.sentence_id, *deed) for deed in _deeds(document, s, words, actors)]
    return AGENCY.of_tuples(rows)


def _deeds(
    document: Document, sentence: Sentence, words: DeedWords, actors: Indicators
) -> Iterator[tuple[Any, ...]]:
    """start, end, deed, form, agent, agent_start, agent_end, actor of each deed of a sentence."""
    fixed = [(hit.start, hit.end) for hit in words.phrases.find(sentence.tokens)]
    for unit in _units(document, sentence):
        for i, token in enumerate(unit.tokens):
            if unit.words[i] not in words.classes or _is_name(unit, i, document):
                continue
            if any(a <= token.start < b for a, b in fixed):
                continue
            form = form_of(unit, i, words)
            if form is None:
                continue
            row = (token.start, token.end, words.classes[unit.words[i]], form)
            items = find_agent(unit, i, form)
            if items is None:
                yield (*row, None, None, None, None)
                continue
            a, b = unit.span(*items)
            named = actors.find(unit.tokens[items[0] : items[1]])
            said = " ".join(document.text[a:b].split())
            yield (*row, said, a, b, named[0].code if named else None)


def _units(document: Document, sentence: Sentence) -> Iterator[Unit]:
    """The sentence cut at its quotation marks, so that words inside are read, too; a few marked words cut nothing."""
    parts: list[list[Token]] = [[]]
    for token in sentence.tokens:
        if token.text in _QUOTES:
            parts.append([])
        else:
            parts[-1].append(token)
    joined: list[list[Token]] = []
    for part in parts:
        short = sum(t.text[0].isalnum() for t in part) < _SCARE
        if joined and (short or sum(t.text[0].isalnum() for t in joined[-1]) < _SCARE):
            joined[-1] = joined[-1] + part
        else:
            joined.append(part)
    for part in joined:
        if part and len(part) <= LONGEST_SENTENCE:
            span = (part[0].start, part[-1].end)
            yield from split_units(
                document.text, [span], part, (), sentence.kind, sentence.paragraph, document.language
            )


def _is_name(unit: Unit, i: int, document: Document) -> bool:
    """Whether the word belongs to a name: `Ban Ki-moon`, `Loretta Lynch`; in a headline all words have capitals."""
    text = unit.tokens[i].text
    if not unit.has(i, "capital"):
        return False
    if i > 0 and not unit.has(i - 1, "mark"):
        return True
    return text in document.names or unit.has(i + 1, "capital")


def find_agent(unit: Unit, i: int, form: str) -> Items | None:
    """The items that name who does the deed at item `i`; None where nobody is named."""
    if form == BY:
        return noun_phrase_after(unit, by_agent(unit, i) or i + 2)
    if form == NOUN:
        return _owner(unit, i) or _maker(unit, i)
    if form != ACTIVE:
        return None
    start = verb_group(unit, i)
    if unit.word(start - 1) == "to":
        if unit.has(start - 2, "object_pronoun"):
            return start - 2, start - 1
        if unit.has(start - 2, "capital") and not unit.has(start - 2, "possessor"):
            return _name_start(unit, start - 1), start - 1  # `pushed Lund to reject it`
        return _persons_before(unit, start - 1) or _governing_subject(unit, start - 1)
    if unit.has(i, "gerund") and not unit.holds(start, i, "be") and not unit.has(start - 1, "contracted_be"):
        return _subject_of_participle(unit, start)
    return _subject(unit, start)


def _subject(unit: Unit, start: int) -> Items | None:
    """Who does what the finite verb says whose group begins at item `start`."""
    if unit.has(start - 1, "coordinator"):
        if unit.has(start - 2, "comma"):
            return _somebody(unit, main_subject(unit, start))
        return _governing_subject(unit, start - 1)
    if unit.word(start - 1) == "that" and start > 1:
        return _before_that(unit, start - 1)
    return _somebody(unit, subject_before(unit, start))


def _somebody(unit: Unit, items: Items | None) -> Items | None:
    """The items from the last word on that opens a clause among them; None for small words alone: `and`, `so far`, `them`."""
    if items is None:
        return None
    opened = [
        i
        for i in range(items[0], items[1] - 1)
        if unit.has(i, "subordinator", "wh_word") and unit.words[i] != "who"
    ]
    items = (opened[-1] + 1, items[1]) if opened else items
    small = ("coordinator", "adverb", "preposition", "object_pronoun", "subordinator", "manner")
    return (
        None
        if all(unit.has(i, *small) and not unit.has(i, "subject_pronoun") for i in range(*items))
        else items
    )


def _before_that(unit: Unit, that: int) -> Items | None:
    """The noun phrase that a relative clause belongs to: `the strike that killed nine`."""
    opens = (
        j for j in range(that - 1, -1, -1) if unit.has(j, "determiner", "possessive", "clause_mark", "comma")
    )
    start = next(opens, 0)
    start += unit.has(start, "clause_mark", "comma")
    end = unit.find("preposition", start, that) or that
    return (start, end) if start < end else None


def _subject_of_participle(unit: Unit, start: int) -> Items | None:
    """Who does what an -ing form says: `Lund, after imposing it, left`; `blamed Lund for imposing it`; `Lund imposing it`."""
    before = start - 1
    if unit.has(before, "preposition", "subordinator"):
        if unit.has(before - 1, "comma"):
            return _somebody(unit, subject_before(unit, before - 1))
        if unit.word(before) in unit.language["blaming"] and unit.has(before - 1, "capital"):
            return _name_start(unit, before), before
    elif unit.has(before, "capital") and not unit.has(before, "possessor"):
        return _name_start(unit, start), start
    return _governing_subject(unit, start)


def _governing_subject(unit: Unit, at: int) -> Items | None:
    """The subject of the verb before item `at`, on which an infinitive or -ing form depends; or the owner of its noun."""
    for i in range(at - 1, 0, -1):
        if unit.has(i, "clause_mark", "sentence_end"):
            return None
        if (i in unit.finite and not _is_plural(unit, i)) or unit.has(i, "catenative"):
            return _subject(unit, verb_group(unit, i))
        owned = unit.word(at) == "to" and not unit.holds(i + 1, at, "preposition", "coordinator", "comma")
        if owned and unit.has(i, "possessor", "possessive") and at - i <= _OWNER:
            return _owner(unit, i + 1)
    return None


def _persons_before(unit: Unit, to: int) -> Items | None:
    """Those whom somebody moves to do it: `pressed the board to oust her`, `urged voters to reject it`."""
    last = unit.word(to - 1)
    if not is_person_noun(last, unit.language) and last not in unit.language["acting_body"]:
        return None
    start = to - 1
    while start > 0 and unit.has(start - 1, "lower", "capital", "possessor") and to - start < _OWNER:
        if start - 1 in unit.finite or unit.has(start - 1, *_BREAKS, "gerund"):
            break
        start -= 1
    start -= unit.has(start - 1, "determiner", "possessive")
    return start, to


def _is_plural(unit: Unit, i: int) -> bool:
    """Whether what looks like a verb is a noun in the plural: `until February's primaries to decide`."""
    before = ("possessor", "possessive", "determiner", "preposition", "adjectival", "numeral", "number")
    return unit.has(i, "s_form") and not unit.has(i, "auxiliary", "past") and unit.has(i - 1, *before)


def _owner(unit: Unit, i: int) -> Items | None:
    """Who owns the deed that the noun at item `i` names: `Mr. Trump's attack`, `its attack`, `the Russian attack`."""
    victim = (
        unit.words[i].removesuffix("s") in unit.language["event_owned_by_victim"] and unit.word(i + 1) != "of"
    )
    deeds = deed_words(unit.language).noun
    for j in range(i - 1, max(-1, i - 1 - _OWNER), -1):
        if unit.has(j, "coordinator") and unit.words[j - 1] in deeds:
            continue  # `its raids and attacks`
        if unit.has(j, "possessive") or (unit.has(j, "possessor") and unit.has(j, "contracted")):
            return None if victim else (j, j + 1)
        if unit.has(j, "possessor"):
            owner = unit.words[j].removesuffix("'s").removesuffix("'")
            if victim or owner in unit.language["time"]:
                return None
            return _name_start(unit, j), j + 1
        if unit.words[j] in unit.language["nationality"] or unit.words[j] in unit.language["acting_body"]:
            return (j, j + 1)
        if unit.words[j] == "'" and unit.words[j - 1].endswith("s"):  # `the rebels' attack`
            return None if victim else (_name_start(unit, j), j)
        if j in unit.finite or unit.has(j, *_BREAKS):
            return None
    return None


_BREAKS = (
    "determiner",
    "preposition",
    "clause_mark",
    "comma",
    "auxiliary",
    "coordinator",
    "past",
    "relative",
)


def _name_start(unit: Unit, j: int) -> int:
    """Where the name or noun phrase begins that ends at the possessor `j`."""
    start = j
    while start > 0 and unit.has(start - 1, "capital", "name_link") and not unit.has(start - 1, "mark"):
        start -= 1
    if start == j and not unit.has(j, "capital"):
        while start > 0 and unit.has(start - 1, "lower", "capital") and j - start < _OWNER:
            closed = ("preposition", "auxiliary", "coordinator", "past", "subordinator")
            if unit.has(start - 1, *closed) or start - 1 in unit.finite:
                break
            start -= 1
            if unit.has(start, "determiner"):
                break
    return start


def _maker(unit: Unit, i: int) -> Items | None:
    """Who follows the noun as doing it: `attacks by rebels`, `the assault of a reporter by a guard`."""
    for j in range(i + 1, min(len(unit), i + 2 + _OWNER)):
        by = unit.word(j) in unit.language["agent_preposition"]
        ruled = unit.word(j) in unit.language["maker"] and unit.words[i] in unit.language["word_of_command"]
        if by or (ruled and j == i + 1 and _is_body(unit, j + 1)):
            return (
                noun_phrase_after(unit, j + 1) if j + 1 < len(unit) and _names_somebody(unit, j + 1) else None
            )
        if j in unit.finite or unit.has(j, "clause_mark", "sentence_end", "comma", "relative"):
            return None
    return None


def _is_body(unit: Unit, i: int) -> bool:
    after = i + unit.has(i, "determiner")
    return unit.has(after, "capital") or unit.word(after) in unit.language["acting_body"]


def _names_somebody(unit: Unit, i: int) -> bool:
    after = i + unit.has(i, "determiner")
    return not unit.has(i, "gerund", "time", "numeral", "mark") and not unit.has(after, "time")
