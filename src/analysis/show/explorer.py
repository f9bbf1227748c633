"""The explorer: evidence to browse in JupyterLab, and a table of counts with sentences where nobody can click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.show.effect import Change
from analysis.show.evidence import evidence
from analysis.show.html_tables import as_html
from analysis.show.wording import Notice
from analysis.study import Study

FIRSTS = 120  # sentences where nobody can click
WIDGET = "application/vnd.jupyter.widget-view+json"
NOTE = (
    "Open this notebook in JupyterLab and run the cell to browse all sentences and to try other indicators."
)


@dataclass(frozen=True, eq=False)
class Explorer:
    """A study's evidence. Shows itself as a browser (ipywidgets) where somebody can click, else as a table."""

    study: Study
    changes: Sequence[Change]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if somebody_is_there():
            from analysis.show.browser import Browser  # ipywidgets: only who clicks needs them

            view = Browser(self.study, self.changes).box._repr_mimebundle_()
            bundle[WIDGET] = view[WIDGET]
        return bundle

    def _repr_html_(self) -> str:
        study = self.study
        first = study.frames.drop_duplicates(["article_id", "frame"])
        first = study.with_outlet(first).drop_duplicates(["outlet", "frame"])
        names = {code: frame.name for code, frame in study.codebook.frames.items()}
        sample = evidence(
            first.assign(frame=first["frame"].map(names).fillna(first["frame"])),
            study.articles,
            study.sentences,
            sources=study.sources,
            limit=study.excerpts,
            n=FIRSTS,
            title="The first sentence of each frame in each outlet",
        )
        counts = as_html(count_frames(study), "Sentences with each frame, by outlet")
        return Notice(NOTE)._repr_html_() + counts + sample._repr_html_()

    def __repr__(self) -> str:
        counts = count_frames(self.study).to_string(index=False)
        return f"Sentences with each frame, by outlet\n{counts}\n{NOTE}"


def count_frames(study: Study) -> pd.DataFrame:
    """One row a frame: in how many sentences of each outlet it is found; the first row counts all sentences."""
    sentences = study.with_outlet(study.sentences)["outlet"].value_counts()
    found = study.with_outlet(study.frames).drop_duplicates(["sentence_id", "frame"])
    rows = [["all sentences", *(int(sentences.get(outlet, 0)) for outlet in study.outlets)]]
    for code, frame in study.codebook.frames.items():
        counts = found.loc[found["frame"] == code, "outlet"].value_counts()
        rows.append([frame.name, *(int(counts.get(outlet, 0)) for outlet in study.outlets)])
    return pd.DataFrame(rows, columns=["frame", *study.outlets])


def somebody_is_there() -> bool:
    """Whether a front end that somebody sits at asks to show this: only then can it be asked for input.

    Headless runs (ours, nbconvert, papermill) cannot, so that their outputs hold no widget, whose id is random.
    """
    from ipykernel.kernelapp import IPKernelApp

    if not IPKernelApp.initialized():
        return False
    request = IPKernelApp.instance().kernel.get_parent("shell")
    return bool(request.get("content", {}).get("allow_stdin", False))
