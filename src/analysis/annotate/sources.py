"""Sources: who stands behind each quote (first, plain version)."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.tables import QUOTES, SOURCES


def identify_sources(
    articles: pd.DataFrame, sentences: pd.DataFrame, quotes: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quotes with `source_id`, and the table `sources`."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    ids: list[object] = []
    for article_id, speaker in zip(quotes["article_id"], quotes["speaker"], strict=True):
        if pd.isna(speaker):
            ids.append(pd.NA)
            continue
        key = (article_id, speaker)
        if key not in rows:
            number = 1 + sum(k[0] == article_id for k in rows)
            rows[key] = {
                "source_id": f"{article_id}:p{number}",
                "article_id": article_id,
                "name": speaker,
                "description": speaker,
                "role": "other",
                "side": "unknown",
                "named": speaker[:1].isupper(),
                "expert": False,
                "anonymity": "described",
            }
        ids.append(rows[key]["source_id"])
    return QUOTES.make(quotes.assign(source_id=ids)), SOURCES.make(list(rows.values()))
