"""Actors: with what attitude a sentence speaks of those whom the codebook names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, partial

import pandas as pd

from analysis.annotate.attitude import attitude, speaking_verbs
from analysis.annotate.tone import Tone
from analysis.annotate.voices import Voice, Voices
from analysis.codebook import Codebook, indicators_of
from analysis.indicators import Hit
from analysis.parse.document import Document
from analysis.tables import ACTORS
from analysis.text import Token


def find_actors(documents: Sequence[Document], voices: Voices, codebook: Codebook) -> pd.DataFrame:
    """One row for each sentence, actor and voice: where the actor is first named, and the attitude towards it.

    Actors are the codebook's (tone.yml, `actors`). The attitude is that of `attitude.toward`, by the words of the
    voice that names the actor: what a source says of somebody never colours the outlet's own words, nor the other
    way round. Somebody who is only named as speaking is neutral.
    """
    actors = indicators_of(codebook.actors)
    if not codebook.actors:
        return ACTORS.make()
    tone_of, speaking = cache(partial(Tone, codebook)), speaking_verbs(codebook)
    rows = []
    for document in documents:
        tone = tone_of(document.language)
        for s in document.sentences:
            hits = actors.find(s.tokens)
            for hit, voice, own in (
                _first_mentions(hits, s.tokens, voices.of_tokens[s.sentence_id]) if hits else ()
            ):
                inside = [i for i, token in enumerate(own) if token.start < hit.end and token.end > hit.start]
                found = attitude(own, inside[0], inside[-1], tone, speaking, document.names)
                rows.append((s.article_id, s.sentence_id, hit.code, hit.start, hit.end, found, *voice))
    return ACTORS.of_tuples(rows)


def _first_mentions(
    hits: Sequence[Hit], words: Sequence[Token], voices: Sequence[Voice]
) -> Iterator[tuple[Hit, Voice, list[Token]]]:
    """Each actor's first mention in each voice of a sentence, with that voice's words."""
    starts = [word.start for word in words]
    seen = set()
    for hit in sorted(hits, key=lambda h: h.start):
        voice = voices[bisect_right(starts, hit.start) - 1]  # a hit may begin inside a word: `US-Russia`
        if (hit.code, voice) not in seen:
            seen.add((hit.code, voice))
            yield hit, voice, [w for w, whose in zip(words, voices, strict=True) if whose == voice]
