"""What is asked about frames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import STORY, VOICES, Material
from analysis.compare.shares import shares
from analysis.show.evidence import Evidence
from analysis.show.leads import lead

_PARTS = ["author", "reported", "quoted"]  # of what is said, by its voice
_UNITS = {
    "03-frames": "share of sentences of deck and body with the frame; a sentence may have several",
    "03-lead": "share of the first three sentences of each article with the frame",
    "03-places": "share of the sentences of each place with the frame; the lead is the first three sentences",
}


def frames(about: Material, part: Sequence[str] = STORY, by: str = "outlet") -> Comparison:
    """In how many sentences each frame is found, by outlet or, with by="part", by headline, lead and body.

    `part`: which parts of the articles count, of headline, lead and body.
    """
    names = {code: frame.name for code, frame in about.study.codebook.frames.items()}
    places = by == "part"
    base = about.sentences.dropna(subset=["part"])
    if not places:
        base = base[base["part"].isin(list(part))]
    groups = ["headline", "lead", "body"] if places else about.study.outlets
    name = "03-places" if places else "03-lead" if list(part) == ["lead"] else "03-frames"
    of_part = {} if places else {"part": part}
    shown = about.shares(
        "frames", _with_part(about), base, of="frame", by=by, labels=list(names), groups=groups
    )
    return Comparison(
        about.study,
        name,
        **shown,
        unit=_UNITS[name],
        of="frame",
        by=by,
        form="corrected" if shown["sample"] else "cells",
        names=names,
        leads={
            "n": lead("03-sentences", by, "frame", **of_part),
            "total": lead("04-sentences", by, **of_part),
        },
        behind=lambda: _sentences(about),
    )


def frame_voices(about: Material) -> Comparison:
    """In whose voice the frames are: the article's own, reported or quoted."""
    hits = _with_part(about)
    hits = hits[hits["part"].isin(STORY)]
    hits = hits.assign(mention=hits["sentence_id"] + hits["frame"] + hits["voice"])
    return Comparison(
        about.study,
        "03-voices",
        shares(
            hits,
            hits,
            of="voice",
            unit="mention",
            labels=["author", "reported", "quoted"],
            groups=about.study.outlets,
        ),
        unit="frames in sentences, by the voice of the words that show them",
        of="voice",
        form="parts",
        names=VOICES,
        leads={
            "n": lead("03-sentences", "outlet", "voice", part=STORY),
            "total": lead("03-sentences", "outlet", part=STORY, voice=_PARTS),
        },
        behind=lambda: _sentences(about),
        look={"order": _PARTS},
        uncorrected=about.uncorrected("in whose voice a frame is nobody coded"),
        coder=about.trust("frames", [])["coder"],
    )


@lru_cache(maxsize=1)  # several questions look at them
def _with_part(about: Material) -> pd.DataFrame:
    parts = about.sentences[["sentence_id", "part"]]
    return about.study.with_outlet(about.counted.frames).merge(
        parts, on="sentence_id", validate="many_to_one"
    )


@lru_cache(maxsize=1)  # several questions look at them
def _sentences(about: Material) -> Evidence:
    hits = _with_part(about).dropna(subset=["part"])
    title = "Indicators of frames, in their sentences"
    return about.evidence(hits, title, "03-sentences", also=["part"], each=["frame", "voice"])
