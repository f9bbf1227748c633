"""Agency: who is named as acting in violence and decisions, and in which grammatical form."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.annotate.deeds import ACTIVE, NOUN, Deed, find_deeds
from analysis.codebook import Codebook, indicators_of
from analysis.indicators import Indicators
from analysis.parse.document import Document
from analysis.parse.noun_phrases import (
    BREAKS,
    LONGEST_OWNER,
    Items,
    noun_phrase_after,
    phrase_start,
    possessor,
    subject_of_verb,
)
from analysis.parse.units import Unit
from analysis.tables import AGENCY


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
            for deed in find_deeds(document, s):
                span = deed.unit.span(deed.at, deed.at + 1)
                agent = _named(document, deed, actors)
                rows.append((s.article_id, s.sentence_id, *span, deed.kind, deed.form, *agent))
    return AGENCY.of_tuples(rows)


def _named(
    document: Document, deed: Deed, actors: Indicators
) -> tuple[str | None, int | None, int | None, str | None]:
    """Who does it, as written, where that stands, and which actor it names."""
    items = find_agent(deed)
    if items is None:
        return None, None, None, None
    a, b = deed.unit.span(*items)
    hits = actors.find(deed.unit.tokens[slice(*items)])
    return " ".join(document.text[a:b].split()), a, b, hits[0].code if hits else None


def find_agent(deed: Deed) -> Items | None:
    """The items that name who does it; None where nobody is named."""
    if deed.form == ACTIVE:
        return subject_of_verb(deed.unit, deed.at)
    if deed.form == NOUN:
        return _owner(deed.unit, deed.at) or _maker(deed.unit, deed.at)
    return noun_phrase_after(deed.unit, deed.agent) if deed.agent else None


def _owner(unit: Unit, i: int) -> Items | None:
    """Who owns the deed that the noun at item `i` names: `Mr. Trump's attack`, `its attack`, `the Russian attack`."""
    victim = (
        unit.words[i].removesuffix("s") in unit.language["event_owned_by_victim"] and unit.word(i + 1) != "of"
    )
    nouns = unit.language["violence_noun"] | unit.language["decision_noun"]
    for j in range(i - 1, max(-1, i - 1 - LONGEST_OWNER), -1):
        if unit.has(j, "coordinator") and unit.words[j - 1] in nouns:
            continue  # `its raids and attacks`
        if unit.has(j, "possessive", "possessor"):
            return None if victim else possessor(unit, j)
        if unit.words[j] in unit.language["nationality"] or unit.words[j] in unit.language["acting_body"]:
            return (j, j + 1)
        if unit.words[j] == "'" and unit.words[j - 1].endswith("s"):  # `the rebels' attack`
            return None if victim else (phrase_start(unit, j), j)
        if j in unit.finite or unit.has(j, *BREAKS):
            return None
    return None


def _maker(unit: Unit, i: int) -> Items | None:
    """Who follows the noun as doing it: `attacks by rebels`, `the assault of a reporter by a guard`."""
    for j in range(i + 1, min(len(unit), i + 2 + LONGEST_OWNER)):
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
