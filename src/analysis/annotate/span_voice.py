"""Whose words a span is, where several may speak in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import pandas as pd

from analysis.annotate.voice import REPORTED, find_voice
from analysis.text import Token

Voice = tuple[str | None, str | None]  # voice and source_id


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


def find_token_voices(
    sentences: pd.DataFrame, tokens: Sequence[Sequence[Token]], quotes: pd.DataFrame
) -> Iterator[list[Voice]]:
    """For each sentence the voice and source of each of its tokens."""
    articles = sentences["article_id"].repeat([len(words) for words in tokens]).array
    starts = [token.start for words in tokens for token in words]
    found = find_voice(pd.DataFrame({"article_id": articles, "start": starts}), quotes)
    sources = found["source_id"].to_numpy(dtype=object, na_value=None)
    voices = iter(zip(found["voice"].tolist(), sources.tolist(), strict=True))
    return (list(islice(voices, len(words))) for words in tokens)
