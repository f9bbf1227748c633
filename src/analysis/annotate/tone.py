"""Tone of wording, by VADER (Hutto & Gilbert 2014) made fit for news."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt

from analysis.annotate.valence import TURNED, Valence
from analysis.codebook import Code, Codebook, indicators_of
from analysis.indicators import Hit
from analysis.language import Language
from analysis.parse.names import flag_names
from analysis.parse.scopes import (
    CONDITION,
    DENIAL,
    DOUBT,
    NEGATION,
    QUESTION,
    RELIEF,
    UNDECIDED,
    Scope,
    find_holding,
    find_scopes,
)
from analysis.text import Token

# By what a word's score is multiplied within each scope.
FACTORS = {
    **dict.fromkeys((NEGATION, DENIAL, DOUBT), TURNED),
    **dict.fromkeys((UNDECIDED, CONDITION, QUESTION), 0.5),
    RELIEF: -0.3,
}

# What is not bad is less good than what is good (Potts 2011): the part that is left of a bad word turned round.
NOT_BAD = 0.5

# Readers give bad words more weight than good ones (Rozin & Royzman 2001): beside clearly bad words, of at least
# this score together, the good ones count by that part.
CHARGED, BESIDE_BAD = -1.0, 0.6

# VADER divides the sum of the words' scores by the root of its square plus 15: made for tweets of some twenty
# words. A long sentence collects a tone by chance, so here that number grows with the sentence; and of a very short
# one a single mild word makes none, so it counts as some words longer.
PER_WORD, MORE_WORDS = 15 / 20, 4

# What is left of a word's tone where only the wording counts and the word just names what is or happens.
FACTS = 0.35
_FACTUAL = "(factual)"

# Stand-ins for names, for words whose work scopes do, and for negations, which carry a slight tone of their own
# (Potts 2011, On the negativity of negation).
NAME, CUE, NOT = "(name)", "(cue)", "(not)"
NOT_SCORE = -0.3


@dataclass(frozen=True)
class Wording:
    """The tone of a sentence's words, read once; of each word the number of its first token, and by its place the tone of each
    that has one.
    """

    numbers: Sequence[int]
    tones: Mapping[int, float]

    def score(self, part: Collection[int] | None = None) -> float:
        """Tone of the words that begin with these tokens, of all by default: -1 (negative) to 1 (positive), 0.0 where none has tone."""
        own = [i for i, n in enumerate(self.numbers) if part is None or n in part]
        tones = [self.tones[i] for i in own if i in self.tones]
        if sum(tone for tone in tones if tone < 0) < CHARGED:
            tones = [tone * BESIDE_BAD if tone > 0 else tone for tone in tones]
        total = sum(tones)
        return round(total / sqrt(total * total + PER_WORD * (len(own) + MORE_WORDS)), 4) if total else 0.0


_PLAIN = Wording((), {})


class Tone:
    """VADER with a codebook's tone words, ready to score sentences of one language."""

    def __init__(self, codebook: Codebook, language: Language) -> None:
        self.language = language
        phrases = {phrase: Code(phrase, phrase, indicators=(phrase,)) for phrase in codebook.tone}
        factual = Code(_FACTUAL, _FACTUAL, indicators=codebook.factual)
        self._phrases = indicators_of({**phrases, _FACTUAL: factual})
        # Those of an extending codebook come last.
        self._rank = {phrase: number for number, phrase in enumerate(codebook.tone)}
        self._valence = Valence(language)
        lexicon = {
            word: score for word, score in language.tone_lexicon().items() if word not in codebook.no_tone
        }
        scores = {_stand_in(phrase): score for phrase, score in codebook.tone.items()}
        self._lexicon = {**lexicon, **scores, NOT: NOT_SCORE}
        self._bearing = frozenset(self._lexicon) | language["negator"]

    def read(
        self,
        tokens: Sequence[Token],
        names: Collection[str] = (),
        scopes: Sequence[Scope] | None = None,
        facts: float = 1.0,
    ) -> Wording:
        """The tone of each word of a sentence.

        Names, titles and organisations carry none; `names` are those known from the rest of the article. What is
        negated, denied or doubted counts reversed, what is asked or conditional half. `scopes` are those of the
        tokens, where they are known already. `facts` is what the codebook's factual words weigh, from 0 to 1.
        """
        found = self._phrases.find(tokens)
        phrases = [hit for hit in found if hit.code != _FACTUAL]
        if not phrases and self._bearing.isdisjoint([token.lower for token in tokens]):
            return _PLAIN
        if scopes is None:
            scopes = find_scopes(tokens, self.language)
        words, numbers = self._stand_ins(tokens, phrases, scopes, flag_names(tokens, self.language, names))
        weights = dict.fromkeys(_factual(found, phrases), facts) if facts != 1 else {}
        scores = self._in_scope(words, [tokens[n].start for n in numbers], scopes, weights)
        return Wording(numbers, self._valence.weigh(words, scores)) if any(scores.values()) else _PLAIN

    def score_word(self, word: str) -> float:
        """What a single word brings along, about -4 to 4; 0.0 for one without tone."""
        return self._lexicon.get(word, 0.0)

    def _stand_ins(
        self, tokens: Sequence[Token], phrases: Sequence[Hit], scopes: Sequence[Scope], named: Sequence[bool]
    ) -> tuple[list[str], list[int]]:
        """The sentence in words to look up, and the token with which each begins: phrases, names, cues and negations each as
        one, marks left out.
        """
        by_length = sorted(phrases, key=lambda hit: (hit.end, self._rank[hit.code]))
        at = {hit.start: hit for hit in by_length}  # the longest counts, and of these the codebook's last
        silent = {scope.cue for scope in scopes if scope.kind in (DENIAL, RELIEF)}
        articles, negators = self.language["article"], self.language["negator"]
        words: list[str] = []
        numbers: list[int] = []
        until = 0
        for n, (token, is_name) in enumerate(zip(tokens, named, strict=True)):
            if token.start < until or not token.text[0].isalnum():
                continue
            word = token.lower
            if is_name:  # a name is one word however long, with or without "the"
                if words and (words[-1] == NAME or words[-1] in articles):
                    words.pop()
                    numbers.pop()
                word = NAME
            elif token.start in at:
                until = at[token.start].end
                word = _stand_in(at[token.start].code)
            elif word in negators:
                word = NOT
            elif token.start in silent:
                word = CUE
            words.append(word)
            numbers.append(n)
        return words, numbers

    def _in_scope(
        self, words: list[str], starts: Sequence[int], scopes: Sequence[Scope], weights: Mapping[int, float]
    ) -> dict[str, float]:
        """The tone of each word that has one, by its weight where it has one at its place.

        Within scopes the word gets their names, for it has another tone there; likewise with its weight.
        """
        toned = [i for i, word in enumerate(words) if word in self._lexicon]
        scores = {}
        for i, around in zip(toned, find_holding(scopes, [starts[i] for i in toned]), strict=True):
            own = score = self._lexicon[words[i]]
            if kinds := [scope.kind for scope in around]:
                score *= prod(FACTORS[kind] for kind in kinds)
                if score > 0 > own:
                    score *= NOT_BAD
                words[i] += f":{':'.join(kinds)}"
            if starts[i] in weights:
                score *= weights[starts[i]]
                words[i] += f":{_FACTUAL}"
            scores[words[i]] = score
        return scores


def _factual(found: Sequence[Hit], phrases: Sequence[Hit]) -> Iterator[int]:
    """Where the factual words begin that are no beginning of a longer phrase with a tone of its own."""
    ends = {hit.start: hit.end for hit in sorted(phrases, key=lambda hit: hit.end)}
    return (h.start for h in found if h.code == _FACTUAL and ends.get(h.start, h.end) <= h.end)


def _stand_in(phrase: str) -> str:
    """One word for a codebook's phrase, which no text has."""
    return f"tone:{phrase}"
