"""Sentiment: the tone of each sentence's wording, and the attitude of a sentence towards somebody it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache, partial
from pathlib import Path

import pandas as pd

from analysis.annotate.tone import FACTS, Tone
from analysis.annotate.voices import AUTHOR, Voice, Voices
from analysis.codebook import Codebook, load_codebook
from analysis.language import ENGLISH, load_language
from analysis.parse.document import Document, Sentence
from analysis.tables import SENTIMENT
from analysis.text import Token, split_tokens

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"

# Facts plainly told are neutral: one mildly toned word in a sentence makes no tone. The lexicon leans to the
# positive, so a positive tone needs more.
NEGATIVE_BELOW, POSITIVE_ABOVE = -0.15, 0.3

# Towards a target, where an attitude is likelier: set on the training part of NewsMTSC (Hamborg & Donnay 2021).
AGAINST_BELOW, FOR_ABOVE = 0.0, 0.1
# The share of a sentence's words that makes it one voice's: only these count. Beside a source's words stands who
# speaks, plainly; what an author's sentence takes up from a source it takes up because it is charged.
SOURCE_ALONE, AUTHOR_ALONE = 0.6, 0.75

NEAR = 8  # words on either side of a target that count double


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
            speaker, own = _main_voice(s, voices.of_tokens(s))
            whole = len(own) == len(s.tokens)
            score = tone.score(own, document.names, s.scopes if whole else None, FACTS)
            rows.append((s.sentence_id, s.article_id, score, label(score), *speaker))
    return SENTIMENT.make(pd.DataFrame(rows, columns=[c.name for c in SENTIMENT.columns]))


def _main_voice(sentence: Sentence, voices: Sequence[Voice]) -> tuple[Voice, Sequence[Token]]:
    """Whose words most of a sentence are, and these; nobody's and all of them where several voices share it."""
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


def toward(text: str, start: int, end: int, language: str | Path = ENGLISH) -> str:
    """Attitude of a sentence towards the target at `start`:`end`: negative, neutral or positive.

    Somebody who is only named as having said something is neutral; else the words near the target count double.
    The words are the language's and the general codebook's. Raises ValueError where no word stands at the span.
    """
    tone, speaking = general_tone(language)
    tokens = split_tokens(text)
    first, last = find_target(tokens, start, end)
    return attitude(tokens, first, last, tone, speaking)


def find_target(tokens: list[Token], start: int, end: int) -> tuple[int, int]:
    """The first and the last token of the target at `start`:`end`; ValueError where there is none."""
    inside = [i for i, t in enumerate(tokens) if t.start < end and t.end > start]
    if not inside:
        raise ValueError(
            f"no word of the text at {start}:{end}; the target's span counts from the text's beginning"
        )
    return inside[0], inside[-1]


def attitude(
    tokens: Sequence[Token],
    first: int,
    last: int,
    tone: Tone,
    speaking: Collection[str],
    names: Collection[str] = (),
) -> str:
    """`toward` for tokens already split: the target is `first`..`last`, both included.

    `speaking` are the forms of neutral reporting verbs, `names` those known from the rest of the article.
    """
    if _speaks(tokens, first, last, speaking):
        return NEUTRAL
    near = tokens[max(0, first - NEAR) : last + 1 + NEAR]
    return label((tone.score(tokens, names) + tone.score(near, names)) / 2, AGAINST_BELOW, FOR_ABOVE)


def _speaks(tokens: Sequence[Token], first: int, last: int, speaking: Collection[str]) -> bool:
    """Whether the words at `first`..`last` are only the speaker: "he told", or "...,” said he"."""
    if any(t.lower in speaking for t in tokens[last + 1 : last + 3]):
        return True
    before = tokens[max(0, first - 4) : first]
    return any(t.lower in speaking for t in before[-2:]) and any(t.text in '"”’,' for t in before)


@cache
def general_tone(language: str | Path = ENGLISH) -> tuple[Tone, frozenset[str]]:
    """The general codebook's tone, and the forms of its neutral reporting verbs."""
    codebook = load_codebook(None, language)
    return Tone(codebook, load_language(language)), speaking_verbs(codebook)


def speaking_verbs(codebook: Codebook) -> frozenset[str]:
    """The forms of the codebook's neutral reporting verbs: whoever stands beside one only speaks."""
    neutral = (v for v in codebook.verbs.values() if v.tone == NEUTRAL and "quote" in v.content)
    return frozenset(form for verb in neutral for form in verb.forms)
