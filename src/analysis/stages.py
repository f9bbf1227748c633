"""The parts of the flow that may be made again by themselves, and what each is given of the codebook."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@contextmanager
def without_collecting() -> Iterator[None]:
    """Nothing that is read or annotated refers to itself in a circle; looking for that is a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True)
class Stage:
    """A part of the flow that may be made again by itself: its tables, and all that it is given of the codebook."""

    name: str
    tables: Sequence[str]
    reads: Sequence[str]


SPEECH = Stage(
    "speech",
    ("blocks", "sentences", "quotes", "refusals", "sources", "cast"),
    ("roles", "sides", "expertise", "office_holders", "verbs", "refusals", "whole_quotes"),
)  # all others build on it
FRAMES = Stage("frames", ("frames",), ("frames",))
STANCE = Stage("stance", ("stance",), ("targets",))
TONE = Stage("tone", ("sentiment", "actors"), ("tone", "factual", "no_tone", "actors", "verbs"))
TOLD = Stage("facts", ("facts",), ("facts",))
ACTING = Stage("agency", ("agency", "namings"), ("actors",))
STAGES = (SPEECH, FRAMES, STANCE, TONE, TOLD, ACTING)
