"""Sentiment: the tone of the wording, by VADER (Hutto & Gilbert 2014) made fit for news."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Sequence
from functools import cache, partial
from importlib.resources import files
from math import prod

import pandas as pd
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

from analysis.annotate.scope import (
    CONDITION,
    DENIAL,
    DOUBT,
    NEGATION,
    QUESTION,
    RELIEF,
    UNDECIDED,
    find_scopes,
)
from analysis.annotate.voice import find_voice
from analysis.codebook import Codebook, load_codebook
from analysis.indicators import Indicators
from analysis.tables import SENTIMENT
from analysis.text import Token, split_tokens

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"

# Facts plainly told are neutral: one mildly toned word in a sentence makes no tone.
NEGATIVE_BELOW, POSITIVE_ABOVE = -0.2, 0.4

# VADER adds up the words' scores and divides by the root of their squared sum plus 15, made for tweets of some
# twenty words: a long sentence collects a tone by chance. Here that number grows with the sentence.
PER_WORD = 15 / 20

NAME, CUE, NOT = "(name)", "(cue)", "(not)"  # stand for names, and for words whose work is done by scopes
NOT_SCORE = -0.3  # on the negativity of negation: Potts 2011
FACTORS = {
    **dict.fromkeys((NEGATION, DENIAL, DOUBT), VaderConstants.N_SCALAR),
    **dict.fromkeys((UNDECIDED, CONDITION, QUESTION), 0.5),
    RELIEF: -0.3,
}


def score_sentiment(
    articles: pd.DataFrame, sentences: pd.DataFrame, quotes: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """One row for each sentence: its score (-1 to 1), its label, and in whose voice it begins."""
    tone = Tone(codebook)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    tokens = [
        split_tokens(texts[s.article_id][s.start : s.end], s.start) for s in sentences.itertuples(index=False)
    ]
    names: dict[str, set[str]] = {}
    for article, words in zip(sentences["article_id"], tokens, strict=True):
        names.setdefault(article, set()).update(find_names(words))
    scores = [
        tone.score(words, names[article])
        for article, words in zip(sentences["article_id"], tokens, strict=True)
    ]
    table = sentences[["sentence_id", "article_id"]].assign(score=scores, label=[label(s) for s in scores])
    return SENTIMENT.make(table.join(find_voice(sentences, quotes)))


def label(score: float) -> str:
    """negative, neutral or positive."""
    return NEGATIVE if score < NEGATIVE_BELOW else POSITIVE if score > POSITIVE_ABOVE else NEUTRAL


class Tone:
    """VADER with a codebook's tone words, ready to score sentences."""

    def __init__(self, codebook: Codebook) -> None:
        self._phrases = Indicators({phrase: [phrase] for phrase in codebook.tone})
        own = {_stand_in(phrase): score for phrase, score in codebook.tone.items()}
        general = {word: score for word, score in _lexicon().items() if word not in codebook.no_tone}
        self._lexicon = {**general, **own, NOT: NOT_SCORE}
        # Made without its own __init__, which looks for a downloaded lexicon.
        self._vader = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
        self._vader.constants = VaderConstants()

    def score(self, tokens: Sequence[Token], names: Collection[str] = ()) -> float:
        """Tone of a sentence, -1 (negative) to 1 (positive); 0.0 where no word carries tone.

        Names, titles and organisations carry none. What is negated or denied counts reversed, what is asked or
        conditional half.
        """
        phrases = {hit.start: hit for hit in reversed(self._phrases.find(tokens))}
        scopes = find_scopes(tokens)
        silent = {scope.cue for scope in scopes if scope.kind in (DENIAL, RELIEF)}
        words: list[str] = []
        scoped: dict[str, float] = {}
        until = 0
        for token, is_name in zip(tokens, _name_flags(tokens, names), strict=True):
            if token.start < until or not token.text[0].isalnum():
                continue
            word = token.lower
            if token.start in phrases and not is_name:
                until = phrases[token.start].end
                word = _stand_in(phrases[token.start].code)
            elif is_name or token.start in silent or _negates(word):
                stand_in = NAME if is_name else NOT if _negates(word) else CUE
                if is_name and words and words[-1] in _ARTICLES:
                    words.pop()
                words += [] if words[-1:] == [stand_in] else [stand_in]
                continue
            kinds = [scope.kind for scope in scopes if scope.holds(token.start)]
            if kinds and word in self._lexicon:
                score = self._lexicon[word] * prod(FACTORS[kind] for kind in kinds)
                word = f"{word}:{':'.join(kinds)}"
                scoped[word] = score
            words.append(word)
        self._vader.lexicon = ChainMap(scoped, self._lexicon)
        self._vader.constants.normalize = partial(
            VaderConstants.normalize, self._vader.constants, alpha=PER_WORD * len(words)
        )
        return float(self._vader.polarity_scores(" ".join(words))["compound"])


@cache
def _lexicon() -> dict[str, float]:
    """VADER's words with their mean rating by ten people, -4 to 4."""
    text = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    return {line.split("\t")[0]: float(line.split("\t")[1]) for line in text.splitlines() if "\t" in line}


def _negates(word: str) -> bool:
    """Whether VADER's own rule would reverse the three words after this one; scopes do that here."""
    return word in VaderConstants.NEGATE or word == "no" or word.endswith("n't")


def _stand_in(phrase: str) -> str:
    """One word without blanks for a codebook's phrase."""
    return "tone:" + "".join(c if c.isalnum() else "_" for c in phrase)


def find_names(tokens: Sequence[Token]) -> set[str]:
    """Words written as names: with a capital, and not because a sentence, quotation or headline begins."""
    return {t.text for t, named in zip(tokens, _name_flags(tokens, ()), strict=True) if named}


def _name_flags(tokens: Sequence[Token], known: Collection[str]) -> list[bool]:
    """Which tokens belong to names; `known` are names from elsewhere in the article."""
    capital = [t.text[0].isupper() and t.text.split("’")[0].split("'")[0] != "I" for t in tokens]
    if _is_headline(tokens):
        return [t.text in known for t in tokens]
    flags = []
    begins = True  # a capital here may only mark the beginning of a sentence or quotation
    for i, token in enumerate(tokens):
        next_to_capital = i + 1 < len(tokens) and capital[i + 1]
        certain = not begins or next_to_capital or token.text in known or token.lower.endswith("'s")
        particle = token.text in _PARTICLES and i > 0 and capital[i - 1] and next_to_capital
        flags.append((capital[i] and certain) or particle)
        begins = (begins and not token.text[0].isalnum()) or token.text in _BEFORE_CAPITALS
    return flags


_PARTICLES = frozenset(["of", "de", "von", "van", "der", "bin", "al", "la", "du", "for"])
_BEFORE_CAPITALS = frozenset(':;?!…—–"“„‘«[')
_ARTICLES = frozenset(["the", "a", "an"])


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Whether nearly every longer word has a capital, so that capitals tell no names."""
    longer = [t for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    capitals = sum(t.text[0].isupper() for t in longer)
    return len(longer) > 3 and capitals > 0.7 * len(longer) and tokens[-1].text != "."


@cache
def _general() -> Tone:
    return Tone(load_codebook())


def toward(text: str, start: int, end: int) -> str:
    """Attitude of a sentence towards the target at `start`:`end`: negative, neutral or positive."""
    return label(_general().score(split_tokens(text)))
