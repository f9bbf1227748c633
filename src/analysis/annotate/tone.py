"""Tone of wording, by VADER (Hutto & Gilbert 2014) made fit for news."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial
from math import prod

from analysis.codebook import Code, Codebook, indicators_of
from analysis.language import Language
from analysis.nltk_alone import vader
from analysis.parse.capitals import flag_names
from analysis.parse.scopes import (
    CONDITION,
    DENIAL,
    DOUBT,
    NEGATION,
    QUESTION,
    RELIEF,
    UNDECIDED,
    find_holding,
    find_scopes,
)
from analysis.text import Token

# By what a word's score is multiplied within each scope.
FACTORS = {
    **dict.fromkeys((NEGATION, DENIAL, DOUBT), vader.VaderConstants.N_SCALAR),
    **dict.fromkeys((UNDECIDED, CONDITION, QUESTION), 0.5),
    RELIEF: -0.3,
}

# What is not bad is less good than what is good (Potts 2011): the part that is left of a bad word turned round.
NOT_BAD = 0.5

# Readers give bad words more weight than good ones (Rozin & Royzman 2001): beside clearly bad words, of at least
# this score together, the good ones count by that part.
CHARGED, BESIDE_BAD = -1.0, 0.6

# VADER divides the sum of the words' scores by the root of its square plus 15: made for tweets of some twenty
# words. A long sentence collects a tone by chance, so here that number grows with the sentence.
PER_WORD = 15 / 20

# Stand-ins for names, for words whose work scopes do, and for negations, which carry a slight tone of their own
# (Potts 2011, On the negativity of negation).
NAME, CUE, NOT = "(name)", "(cue)", "(not)"
NOT_SCORE = -0.3


class _Vader(vader.SentimentIntensityAnalyzer):  # type: ignore[misc]
    """VADER with weights for bad and good words."""

    def __init__(self) -> None:
        # Not its own, which looks for a downloaded lexicon.
        self.constants = vader.VaderConstants()
        # Words come without marks, and to look for some takes half of the time, of a long sentence nearly all.
        self.constants.PUNC_LIST = ()
        self.constants.REGEX_REMOVE_PUNCTUATION = re.compile(r"(?s).+")

    def score_valence(self, sentiments: list[float], text: str) -> dict[str, float]:
        if sum(score for score in sentiments if score < 0) < CHARGED:
            sentiments = [score * BESIDE_BAD if score > 0 else score for score in sentiments]
        valence: dict[str, float] = super().score_valence(sentiments, text)
        return valence


class Tone:
    """VADER with a codebook's tone words, ready to score sentences of one language."""

    def __init__(self, codebook: Codebook, language: Language) -> None:
        self._language = language
        self._phrases = indicators_of(
            {phrase: Code(phrase, phrase, indicators=(phrase,)) for phrase in codebook.tone}
        )
        # Those of an extending codebook come last.
        self._rank = {phrase: number for number, phrase in enumerate(codebook.tone)}
        self._lexicon = {
            word: score for word, score in language.tone_lexicon().items() if word not in codebook.no_tone
        }
        self._lexicon |= {_stand_in(phrase): score for phrase, score in codebook.tone.items()} | {
            NOT: NOT_SCORE
        }
        self._vader = _Vader()

    def score(self, tokens: Sequence[Token], names: Collection[str] = ()) -> float:
        """Tone of a sentence, -1 (negative) to 1 (positive); 0.0 where no word carries tone.

        Names, titles and organisations carry none; `names` are those known from the rest of the article. What is
        negated, denied or doubted counts reversed, what is asked or conditional half.
        """
        words, scores = self._stand_ins(tokens, flag_names(tokens, self._language, names))
        if not any(scores.values()):
            return 0.0  # VADER would say the same, in much longer
        self._vader.lexicon = scores
        self._vader.constants.normalize = partial(
            vader.VaderConstants.normalize, self._vader.constants, alpha=PER_WORD * len(words)
        )
        return float(self._vader.polarity_scores(" ".join(words))["compound"])

    def score_word(self, word: str) -> float:
        """What a single word brings along, about -4 to 4; 0.0 for one without tone."""
        return self._lexicon.get(word, 0.0)

    def _stand_ins(
        self, tokens: Sequence[Token], named: Sequence[bool]
    ) -> tuple[list[str], dict[str, float]]:
        """The sentence in words for VADER to look up, and the scores of those that carry tone."""
        found = sorted(self._phrases.find(tokens), key=lambda hit: (hit.end, self._rank[hit.code]))
        phrases = {hit.start: hit for hit in found}  # the longest counts, and of these the codebook's last
        scopes = find_scopes(tokens, self._language)
        silent = {scope.cue for scope in scopes if scope.kind in (DENIAL, RELIEF)}
        articles = self._language["article"]
        words: list[str] = []
        scores: dict[str, float] = {}
        until = 0
        holding = find_holding(scopes, [token.start for token in tokens])
        for token, is_name, around in zip(tokens, named, holding, strict=True):
            if token.start < until or not token.text[0].isalnum():
                continue
            word = token.lower
            if is_name:
                if words[-1:] != [NAME]:  # a name is one word however long, with or without "the"
                    words[-1:] = [NAME] if words and words[-1] in articles else [*words[-1:], NAME]
                continue
            if token.start in phrases:
                until = phrases[token.start].end
                word = _stand_in(phrases[token.start].code)
            elif _negates(word):
                word = NOT
            elif token.start in silent:
                word = CUE
            if word in self._lexicon:
                score = self._lexicon[word]
                if kinds := [scope.kind for scope in around]:
                    score *= prod(FACTORS[kind] for kind in kinds)
                    if score > 0 > self._lexicon[word]:
                        score *= NOT_BAD
                    word = f"{word}:{':'.join(kinds)}"
                scores[word] = score
            words.append(word)
        return words, scores


def _negates(word: str) -> bool:
    """Whether VADER's own rule would reverse the three words after this one; scopes do that here."""
    return word in vader.VaderConstants.NEGATE or word == "no" or word.endswith("n't")


def _stand_in(phrase: str) -> str:
    """One word without blanks for a codebook's phrase."""
    return "tone:" + "".join(c if c.isalnum() else "_" for c in phrase)
