"""Namings: what an article calls the actors of the codebook, mention by mention."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.codebook import Codebook, indicators_of
from analysis.indicators import Indicators
from analysis.language import Language
from analysis.parse.document import Document, Sentence
from analysis.parse.names import without_possessive
from analysis.parse.units import HEADS
from analysis.tables import NAMINGS
from analysis.text import Token

_LONGEST = 6  # words of a name with its titles


def find_namings(documents: Sequence[Document], codebook: Codebook) -> pd.DataFrame:
    """One row for each mention of an actor of the codebook (tone.yml, `actors`), in the order of the text, with its name.

    The name is what an indicator finds, with the names beside it and the noun that says what it is: `the Kremlin`, `the
    Putin regime`, `President Tomas Brekk`. Who is named by name, office or kind is told apart in social actor analysis
    (van Leeuwen 1996: nomination, functionalisation, classification); here the words themselves are kept. Pronouns are no
    names. `voice` and `source_id` are filled by `Voices.fill`.
    """
    if not codebook.actors:
        return NAMINGS.make()
    actors = indicators_of(codebook.actors)
    rows = [
        (s.article_id, s.sentence_id, *naming)
        for document in documents
        for s in document.sentences
        for naming in _named(s, actors)
    ]
    return NAMINGS.of_tuples(rows)


def _named(sentence: Sentence, actors: Indicators) -> Iterator[tuple[str, str, int, int]]:
    """The actors that a sentence names: code, name, span; two indicators of one actor in one name are one.

    In a headline, whose words may all have capitals, a name is what the indicator finds.
    """
    tokens, language = sentence.tokens, sentence.language
    plain = sentence.kind in HEADS
    ends: dict[str, int] = {}
    starts = [token.start for token in tokens]
    for hit in actors.find(tokens):
        first, last = bisect_right(starts, hit.start) - 1, bisect_left(starts, hit.end) - 1
        if hit.start < ends.get(hit.code, 0):
            continue
        while not plain and last - first < _LONGEST and _goes_before(tokens, first - 1, language):
            first -= 1
        while not plain and last - first < _LONGEST and _goes_after(tokens, last, language):
            last += 1
        words = [without_possessive(token.text) for token in tokens[first : last + 1]]
        ends[hit.code] = tokens[last].end
        yield hit.code, " ".join(words), tokens[first].start, tokens[last].end


def _goes_before(tokens: Sequence[Token], i: int, language: Language) -> bool:
    """Whether the word at `i` belongs to the name after it: a name or title, or a noun such as `dictator`."""
    if i < 0:
        return False
    token = tokens[i]
    if token.lower in language["ruling_noun"]:
        return True
    if token.lower == "of":  # `Secretary of State Marco Rubio`
        return i > 0 and tokens[i - 1].lower in language["office"] and tokens[i + 1].text[0].isupper()
    if not token.text[0].isupper() or token.text != without_possessive(token.text):
        return False
    classes = language.classes_of(token.lower)
    return classes.isdisjoint(_NO_NAME) and (i > 0 or token.lower in language["office"])


def _goes_after(tokens: Sequence[Token], i: int, language: Language) -> bool:
    """Whether the word after `i` belongs to the name: a further name, not of another owner, or a noun such as `regime`."""
    if i + 1 == len(tokens):
        return False
    after = tokens[i + 1]
    if after.lower in language["ruling_noun"]:
        return True
    owns = tokens[i].text != without_possessive(tokens[i].text)
    named = after.text[0].isupper() and language.classes_of(after.lower).isdisjoint(_NO_NAME)
    return named and not owns and (tokens[i].text[0].isupper() or tokens[i].lower in language["ruling_noun"])


_NO_NAME = frozenset(
    ("determiner", "pronoun", "preposition", "coordinator", "subordinator", "time", "adverb")
)
