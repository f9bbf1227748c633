"""Facts: every place where an article tells one of those that the codebook lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from analysis.codebook import Codebook, Fact, indicators_of
from analysis.indicators import Hit, Indicators
from analysis.parse.document import Document, Sentence
from analysis.tables import FACTS
from analysis.text import Token, split_tokens

ALIKE = 0.5  # least Jaccard of the content words; quotes of one speaker need .4, but here nobody vouches for the match


def find_facts(documents: Sequence[Document], codebook: Codebook) -> pd.DataFrame:
    """One row for each sentence and fact of the codebook (facts.yml) that it tells, in the order of the text.

    A sentence tells a fact where an indicator finds it, or where it shares content words with one of the fact's examples
    (Jaccard of .5 or more). What is told by the context alone is not found. The span is that of the indicator, else of the
    shared words. `voice` and `source_id` are filled by `Voices.fill`.
    """
    if not codebook.facts:
        return FACTS.make()
    indicators = indicators_of(codebook.facts)
    rows = []
    for document in documents:
        examples = _Examples.of(codebook.facts, document.language.stop_words())
        for s in document.sentences:
            rows += [(s.article_id, s.sentence_id, *told) for told in _told(s, indicators, examples)]
    return FACTS.of_tuples(rows)


def _told(sentence: Sentence, indicators: Indicators, examples: _Examples) -> Iterator[Hit]:
    """Each fact that the sentence tells, once, with what shows it: an indicator before an example."""
    seen = set()
    for hit in chain(indicators.find(sentence.tokens), examples.like(sentence.tokens)):
        if hit.code not in seen:
            seen.add(hit.code)
            yield hit


@dataclass(frozen=True)
class _Examples:
    """The examples of all facts, found by their words, so that no sentence meets those with which it shares none."""

    known: Sequence[tuple[str, str, frozenset[str]]]  # fact, example, its content words
    having: Mapping[str, Sequence[int]]
    stop_words: Collection[str]

    @classmethod
    def of(cls, facts: Mapping[str, Fact], stop_words: Collection[str]) -> _Examples:
        known = [
            (code, text, _content(split_tokens(text), stop_words))
            for code, fact in facts.items()
            for text in fact.examples
        ]
        having: dict[str, list[int]] = defaultdict(list)
        for number, (_, _, words) in enumerate(known):
            for word in words:
                having[word].append(number)
        return cls(known, having, stop_words)

    def like(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """The facts whose examples have the sentence's content words for the most part, with the span of these."""
        if not self.known:
            return
        words = _content(tokens, self.stop_words)
        for number in sorted({number for word in words for number in self.having.get(word, ())}):
            code, text, theirs = self.known[number]
            shared = words & theirs
            if len(shared) >= ALIKE * len(words | theirs):
                own = [token for token in tokens if _plain(token) in shared]
                yield Hit(code, own[0].start, own[-1].end, text)


def _content(tokens: Sequence[Token], stop_words: Collection[str]) -> frozenset[str]:
    words = (_plain(token) for token in tokens if token.text[0].isalnum())
    return frozenset(word for word in words if word not in stop_words)


def _plain(token: Token) -> str:
    return token.lower.removesuffix("'s")
