"""The largest contrast between groups that is not chance: what sets outlets apart, if anything does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.uncertainty import wilson
from analysis.tables import LEVEL

FEWEST = 5  # units; a share of fewer, or a finding that rests on fewer, is none


@dataclass(frozen=True)
class Contrast:
    """A label and the two groups that differ most in it, as rows of the table of shares; `difference` of the shares,
    in 0..1."""

    label: str
    most: Mapping[str, Any]
    least: Mapping[str, Any]
    difference: float


def difference_of_shares(
    a: tuple[int, int], b: tuple[int, int], *, level: float = LEVEL
) -> tuple[float, float]:
    """The interval of the difference between two shares, each (n, total): Newcombe (1998), method 10.

    Takes units as independent draws, as `wilson` does. The ends lie in -1..1.
    """
    (n_a, total_a), (n_b, total_b) = a, b
    low, high = wilson([n_a, n_b], [total_a, total_b], level=level)
    share = np.array([n_a / total_a, n_b / total_b])
    difference = share[0] - share[1]
    below = np.hypot(share[0] - low[0], high[1] - share[1])
    above = np.hypot(high[0] - share[0], share[1] - low[1])
    return float(difference - below), float(difference + above)


def contrasts(
    table: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    others: int = 0,
    differences: pd.DataFrame | None = None,
) -> list[Contrast]:
    """Of each label of a table of shares (see `shares`) the two groups furthest apart, the largest contrast first.

    Only those that hold: five units or more of either group, five units or more with the label in the first, and an
    interval of the difference beyond 0 at a level that allows for every pair of groups and every label having been
    looked at (Bonferroni), and `others`: labels looked at elsewhere in search of the same contrast. `of` may be "".
    `differences`, where shares are corrected: label, a, b and whether the difference is `called` (see
    `corrected.corrected_differences`); it decides then, and the units with the label are those estimated.
    """
    rows = table[(table["total"] >= FEWEST).fillna(False)].dropna(subset=["share"])
    labels = list(rows.groupby(of, sort=False)) if of else [("", rows)]
    groups = rows[by].nunique()
    looked_at = max(1, (len(labels) + others) * groups * (groups - 1) // 2)
    level = 1 - (1 - LEVEL) / looked_at
    found = []
    for label, part in labels:
        ordered = part.sort_values("share", ascending=False, kind="stable").to_dict("records")
        if len(ordered) > 1 and _holds(label, ordered[0], ordered[-1], by, level, differences):
            apart = float(ordered[0]["share"] - ordered[-1]["share"])
            found.append(Contrast(str(label), ordered[0], ordered[-1], apart))
    return sorted(found, key=lambda one: -one.difference)


def _holds(
    label: object,
    most: Mapping[str, Any],
    least: Mapping[str, Any],
    by: str,
    level: float,
    differences: pd.DataFrame | None,
) -> bool:
    if differences is not None:
        return round(most["share"] * most["total"]) >= FEWEST and is_called(
            differences, label, most[by], least[by]
        )
    low, _ = difference_of_shares((most["n"], most["total"]), (least["n"], least["total"]), level=level)
    return bool(most["n"] >= FEWEST and low > 0)


def is_called(differences: pd.DataFrame, label: object, a: object, b: object) -> bool:
    """Whether these two groups differ on the label beyond chance, by a table of label, a, b, called."""
    pair = differences[["a", "b"]].apply(frozenset, axis=1) == frozenset((a, b))
    return bool(differences.loc[pair & (differences["label"] == label), "called"].any())


def furthest_apart(
    rows: Iterable[Mapping[str, Any]], value: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The rows with the largest and the smallest value, if their intervals (`low`, `high`) do not meet.

    For means, net values and corrected shares. None where fewer than two rows rest on five units or more (`total`, of
    means and nets `n`, if it is known), or the largest share is one of fewer than five.
    """
    known: Sequence[Mapping[str, Any]] = [
        row
        for row in rows
        if row.get("total", row.get("n", FEWEST)) >= FEWEST
        and row[value] == row[value]
        and row["low"] == row["low"]
    ]
    if len(known) < 2:
        return None
    most, least = (end(known, key=lambda row: row[value]) for end in (max, min))
    if "total" in most and round(most[value] * most["total"]) < FEWEST:
        return None
    return (most, least) if most["low"] > least["high"] else None
