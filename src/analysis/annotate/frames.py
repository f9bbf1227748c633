"""Frames: every place where an indicator of a frame stands."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.codebook import Codebook, indicators_of
from analysis.parse.document import Document
from analysis.tables import FRAMES


def find_frames(documents: Sequence[Document], codebook: Codebook) -> pd.DataFrame:
    """One row for each indicator of each frame (Entman 1993), in the order of the text.

    An indicator fires within one sentence. Several may carry one frame and one sentence several frames: count
    sentences or articles, not rows. `voice` and `source_id` are filled by `Voices.fill`: an indicator inside a quotation
    or reported speech is its source's; one that lies across the edge of a quotation has no voice (NA).
    """
    indicators = indicators_of(codebook.frames)
    rows = [
        (s.article_id, s.sentence_id, hit.code, hit.start, hit.end, hit.indicator)
        for document in documents
        for s in document.sentences
        for hit in indicators.find(s.tokens)
    ]
    return FRAMES.of_tuples(rows)


def count_indicators(frames: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """One row for each indicator of each frame: `hits`, and `articles` in which it was found, 0 for the unused.

    An indicator found in one article only tells of that article, not yet of its frame.
    """
    every = [(code, text) for code, frame in codebook.frames.items() for text in frame.indicators]
    rows = pd.DataFrame(every, columns=["frame", "indicator"]).drop_duplicates()
    found = (
        frames.groupby(["frame", "indicator"])["article_id"]
        .agg(hits="size", articles="nunique")
        .reset_index()
    )
    counted = rows.merge(found, on=["frame", "indicator"], how="left", validate="one_to_one")
    return counted.fillna({"hits": 0, "articles": 0}).astype({"hits": int, "articles": int})
