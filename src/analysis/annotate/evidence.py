"""Evidence: whose words an indicator found, where several may speak in one sentence."""

from __future__ import annotations

import pandas as pd

from analysis.annotate.voice import REPORTED, find_voice


def find_evidence_voice(spans: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
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
