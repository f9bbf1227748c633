"""Sentiment: the tone of each sentence's wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial

import pandas as pd

from analysis.annotate.tone import FACTS, Tone
from analysis.annotate.voices import AUTHOR, Voice, Voices
from analysis.codebook import Codebook
from analysis.parse.document import Document, Sentence
from analysis.tables import SENTIMENT
from analysis.text import Token

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"

# Facts plainly told are neutral: one mildly toned word in a sentence makes no tone. The lexicon leans to the
# positive, so a positive tone needs more.
NEGATIVE_BELOW, POSITIVE_ABOVE = -0.15, 0.3

# The share of a sentence's words that makes it one voice's: only these count. Beside a source's words stands who
# speaks, plainly; what an author's sentence takes up from a source it takes up because it is charged.
SOURCE_ALONE, AUTHOR_ALONE = 0.6, 0.75


def score_sentiment(documents: Sequence[Document], voices: Voices, codebook: Codebook) -> pd.DataFrame:
    """One row for each sentence: its score (-1 to 1), its label, and whose words they are.

    Where most words are one voice's, only these count: what somebody is quoted with never changes the author's
    score, nor the other way round. Where several voices share a sentence, all words count and the voice is NA.
    An author shares it sooner than a source, whose sentence is the author's only in naming the source.
    The tone is of the wording, not of what is told.
    """
    tone_of = cache(partial(Tone, codebook))  # one for each language
    rows = []
    for document in documents:
        tone = tone_of(document.language)
        for s in document.sentences:
            speaker, own = _main_voice(s, voices.of_tokens[s.sentence_id])
            whole = len(own) == len(s.tokens)
            score = tone.read(own, document.names, s.scopes if whole else None, FACTS).score()
            rows.append((s.sentence_id, s.article_id, score, label(score), *speaker))
    return SENTIMENT.of_tuples(rows)


def _main_voice(sentence: Sentence, voices: Sequence[Voice]) -> tuple[Voice, Sequence[Token]]:
    """Whose words most of a sentence are, and these; nobody's and all of them where several voices share it."""
    if voices and voices.count(voices[0]) == len(voices):  # as in most sentences
        return voices[0], sentence.tokens
    speaker, most = Counter(voices).most_common(1)[0] if voices else ((AUTHOR, None), 0)
    alone = SOURCE_ALONE if speaker[0] != AUTHOR else AUTHOR_ALONE if _opens(sentence, voices) else 1
    if most < alone * len(voices):
        return (None, None), sentence.tokens
    return speaker, [token for token, whose in zip(sentence.tokens, voices, strict=True) if whose == speaker]


def _opens(sentence: Sentence, voices: Sequence[Voice]) -> bool:
    """Whether a sentence begins with the author's words; one that begins with a source's goes on to say who speaks."""
    words = (v for token, v in zip(sentence.tokens, voices, strict=True) if token.text[0].isalnum())
    return next(words, (AUTHOR, None))[0] == AUTHOR


def label(score: float, low: float = NEGATIVE_BELOW, high: float = POSITIVE_ABOVE) -> str:
    """negative, neutral or positive."""
    return NEGATIVE if score < low else POSITIVE if score > high else NEUTRAL
