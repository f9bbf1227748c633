"""What coders differ on, put together so that they can settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.coding.sheet_writer import write_sheets
from analysis.study import Study, StudyError
from analysis.tables import OPEN, SETTLED

Coding = Mapping[
    str, tuple[pd.DataFrame, pd.DataFrame]
]  # each coder's sentences and stances, as in `sheet_reader.Coded`


def write_sheet_to_settle(study: Study, coding: Coding, out: Path) -> tuple[list[Path], pd.DataFrame]:
    """Write a sheet with what coders differ on (see `to_settle`) into `out`; its paths and its rows.

    Raises StudyError where no two of them coded the same sentence.
    """
    targets = {code: list(target.positions) for code, target in study.codebook.targets.items()}
    sentences = to_settle(coding, frames=list(study.codebook.frames), targets=targets)
    if sentences.empty:
        raise StudyError(["no two coders coded the same sentence: there is nothing to settle"])
    return write_sheets(study, sentences, [SETTLED], out), sentences


def to_settle(
    coding: Coding,
    *,
    frames: Sequence[str],
    targets: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """The sentences that two coders or more coded, one row each, those first on which they differ.

    `targets` gives each stance target's values.
    sentence_id, article_id, start, end, probability, then the columns of a coding sheet: what all gave, `OPEN` where
    they differ, and in `remarks` who gave what. Differences are talked over until all agree, or a further person
    decides (Krippendorff 2019, ch. 11); reliability is measured before, on what each gave alone.
    """
    cells: dict[str, dict[str, dict[str, str]]] = {}
    places: dict[str, dict[str, object]] = {}
    for coder, (sentences, stances) in coding.items():
        given = stances.groupby(["sentence", "target"])["stance"].agg(set).to_dict()
        for s in sentences.itertuples():
            positions = {
                f"stance: {target}": "|".join(v for v in values if v in given.get((s.sentence, target), ()))
                for target, values in targets.items()
            }
            yes = {f"frame: {code}": "yes" if code in s.frames.split("|") else "" for code in frames}
            cells.setdefault(s.sentence, {})[coder] = {"tone": s.sentiment, **yes, **positions}
            place = {c: getattr(s, c) for c in ("article_id", "start", "end", "probability")}
            places.setdefault(s.sentence, {"sentence_id": s.sentence, **place})
    rows = [{**places[s], **_settled(by_coder)} for s, by_coder in cells.items() if len(by_coder) > 1]
    columns = ["tone", *(f"frame: {code}" for code in frames), *(f"stance: {target}" for target in targets)]
    table = pd.DataFrame(
        rows, columns=["sentence_id", "article_id", "start", "end", "probability", *columns, "remarks"]
    )
    agreed = (table["remarks"] == "").rename("agreed")
    order = ["agreed", "article_id", "start"]
    return table.assign(agreed=agreed).sort_values(order, ignore_index=True).drop(columns="agreed")


def _settled(by_coder: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """A sentence's cells, and what is in them where its coders differ: `tone: anna neutral, ben negative`."""
    first = next(iter(by_coder.values()))
    apart = [column for column in first if len({cells[column] for cells in by_coder.values()}) > 1]
    said = [
        f"{column.rpartition(': ')[2]}: " + ", ".join(f"{c} {v[column] or 'no'}" for c, v in by_coder.items())
        for column in apart
    ]
    return {**first, **dict.fromkeys(apart, OPEN), "remarks": "; ".join(said)}
