"""Changes of a codebook, and their effect: what a change that was tried finds, loses and gains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.show.evidence import Evidence
from analysis.show.html_tables import as_html
from analysis.show.wording import Answer, counted


@dataclass(frozen=True)
class Effect:
    """What a change of one code's indicators does to a study. Shows itself with the sentences behind it.

    `sentences`: one row a sentence: sentence_id; `was`, `now`: whether the code is found with the present and with the
    tried indicators; `coded`: whether the reference coding gives it, NA where the sentence is not coded.
    `scores`: one row for each of the two codebooks (`present`, `tried`): n (right), n_found, n_reference, precision,
    recall, f1 (0..1) over the coded sentences; no row where nothing is coded.
    `evidence`: the sentences `gained`, `lost` and `kept`, their words marked.
    """

    code: str
    sentences: pd.DataFrame
    scores: pd.DataFrame
    evidence: Mapping[str, Evidence]

    @property
    def answer(self) -> str:
        """The outcome in words."""
        was, now = self.sentences["was"], self.sentences["now"]
        return (
            f"{self.code}: found in {counted(int(now.sum()), 'sentence')}, before in {was.sum():,}; "
            f"gained {(now & ~was).sum():,}, lost {(was & ~now).sum():,}. {self._verdict()}"
        )

    def _verdict(self) -> str:
        if self.scores.empty:
            return "Nobody has coded this in the study, so nothing says whether that is better."
        before, after = (f"{f1:.2f}" if pd.notna(f1) else "undefined" for f1 in self.scores["f1"])
        held = "stays" if before == after else f"goes from {before} to"
        return f"F1 against the reference coding {held} {after}."

    def _repr_html_(self) -> str:
        scores = "" if self.scores.empty else as_html(self.scores, "Against the reference coding")
        found = "".join(shown._repr_html_() for shown in self.evidence.values())
        return Answer(self.answer)._repr_html_() + scores + found

    def __repr__(self) -> str:
        return self.answer if self.scores.empty else f"{self.answer}\n{self.scores.to_string(index=False)}"


@dataclass(frozen=True)
class Change:
    """Something of the codebook that can be changed to try: its indicators now, and what tries others."""

    name: str
    indicators: Sequence[str]
    attempt: Callable[[Sequence[str]], Effect]
