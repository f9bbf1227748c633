"""Whose words a span is, where several may speak in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from analysis.annotate.voice import ALONE, REPORTED, Voice, find_pieces, find_voice
from analysis.annotate.words import Words


def find_span_voice(spans: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Columns `voice` and `source_id` for each span, aligned to the index of `spans`.

    Both NA where a span begins in one voice and ends in another: nobody said it all. Words partly quoted and partly
    reported of one source are reported.
    """
    first = find_voice(spans, quotes)
    last = find_voice(spans.assign(start=spans["end"] - 1), quotes)
    same_source = first["source_id"].fillna("") == last["source_id"].fillna("")
    same_voice = first["voice"] == last["voice"]
    found = first.copy()
    found.loc[same_source & ~same_voice & first["source_id"].notna(), "voice"] = REPORTED
    found.loc[~same_source | (~same_voice & first["source_id"].isna()), ["voice", "source_id"]] = pd.NA
    return found


def find_token_voices(sentences: Iterable[Words], quotes: pd.DataFrame) -> Iterator[list[Voice]]:
    """For each sentence the voice and source of each of its tokens."""
    pieces = find_pieces(quotes)
    for sentence in sentences:
        own, tokens = pieces.get(sentence.article_id, ALONE), sentence.tokens
        if tokens and own.number(tokens[0].start) == (last := own.number(tokens[-1].start)):
            yield [own.voices[last]] * len(tokens)  # as in most sentences
        else:
            yield [own.voices[own.number(token.start)] for token in tokens]
