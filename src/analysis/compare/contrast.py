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
    in 0..1, with its interval."""

    label: str
    most: Mapping[str, Any]
    least: Mapping[str, Any]
    difference: float
    low: float
    high: float


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


def contrasts(table: pd.DataFrame, *, of: str, by: str = "outlet", others: int = 0) -> list[Contrast]:
    """Of each label of a table of shares (see `shares`) the two groups furthest apart, the largest contrast first.

    Only those that hold: five units or more of either group, five units or more with the label in the first, and an
    interval of the difference beyond 0 at a level that allows for every pair of groups and every label having been
    looked at (Bonferroni), and `others`: labels looked at elsewhere in search of the same contrast. `of` may be "".
    """
    rows = table[(table["total"] >= FEWEST).fillna(False)].dropna(subset=["share"])
    labels = list(rows.groupby(of, sort=False)) if of else [("", rows)]
    groups = rows[by].nunique()
    looked_at = max(1, (len(labels) + others) * groups * (groups - 1) // 2)
    level = 1 - (1 - LEVEL) / looked_at
    found = (_contrast(str(label), part, level) for label, part in labels)
    return sorted((one for one in found if one), key=lambda one: -one.difference)


def _contrast(label: str, rows: pd.DataFrame, level: float) -> Contrast | None:
    ordered = rows.sort_values("share", ascending=False, kind="stable").to_dict("records")
    if len(ordered) < 2:
        return None
    most, least = ordered[0], ordered[-1]
    low, high = difference_of_shares((most["n"], most["total"]), (least["n"], least["total"]), level=level)
    if most["n"] < FEWEST or low <= 0:
        return None
    return Contrast(label, most, least, float(most["share"] - least["share"]), low, high)


def furthest_apart(
    rows: Iterable[Mapping[str, Any]], value: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The rows with the largest and the smallest value, if their intervals (`low`, `high`) do not meet.

    For means and net values, which are no shares. None where fewer than two rows rest on five units (`n`, if it is known) or more.
    """
    known: Sequence[Mapping[str, Any]] = [
        row
        for row in rows
        if row.get("n", FEWEST) >= FEWEST and row[value] == row[value] and row["low"] == row["low"]
    ]
    if len(known) < 2:
        return None
    most, least = (end(known, key=lambda row: row[value]) for end in (max, min))
    return (most, least) if most["low"] > least["high"] else None
