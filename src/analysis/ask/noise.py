"""What is too little, or too near to chance, to be said: findings from few units, differences inside the noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from analysis.compare.contrast import FEWEST, is_called
from analysis.tables import LEVEL

COLUMNS = ["label", "a", "b", "difference", "called"]


def large_enough(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose value rests on five units or more, by the column that says how many: coded, total or n.

    A table without units (of texts, of dates) is kept as it is.
    """
    column = next((c for c in ("total", "n") if c in table), None)
    if column is None or "unit" not in table:
        return table
    enough = table[column] >= FEWEST
    return table[enough & ~(table["coded"] < FEWEST)] if "coded" in table else table[enough]


def find_differences(table: pd.DataFrame, *, value: str, of: str, by: str) -> pd.DataFrame | None:
    """Each pair of groups, label by label: label, a, b, difference, and whether it is `called`; None without intervals.

    Called is what chance does not give: the interval of the difference, made of the two values' own (Zou & Donner 2008;
    for shares that is Newcombe's), leaves 0 out at a level that all pairs of the table share (Bonferroni). The intervals
    are those of the table, so what they take as independent is so here, too.
    """
    if not {"low", "high", value} <= set(table):
        return None
    rows = large_enough(table).dropna(subset=[value])
    rows = rows.assign(label=rows.get(of, ""))
    pairs = [
        (label, a, b)
        for label, part in rows.groupby("label", sort=False, observed=True)
        for a, b in combinations(part.to_dict("records"), 2)
    ]
    wider = _wider(len(pairs))
    found = [
        (label, a[by], b[by], a[value] - b[value], _is_apart(a, b, value, wider)) for label, a, b in pairs
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype({"called": bool})


def as_frequent(
    best: Mapping[str, Any], others: Sequence[Mapping[str, Any]], value: str
) -> list[Mapping[str, Any]]:
    """Those of the other rows of a group whose value is above 0 and not surely below the best one's (as above)."""
    if not {"low", "high"} <= set(best):
        return []
    wider = _wider(len(others))
    return [row for row in others if row[value] > 0 and not _is_apart(best, row, value, wider)]


def _is_apart(a: Mapping[str, Any], b: Mapping[str, Any], value: str, wider: float) -> bool:
    upper, lower = (a, b) if a[value] >= b[value] else (b, a)
    reach = np.hypot(upper[value] - upper["low"], lower["high"] - lower[value])
    return bool(upper[value] - lower[value] > wider * reach)


def _wider(pairs: int) -> float:
    """How many times wider intervals are where the level is shared by so many pairs."""
    return float(special.ndtri(1 - (1 - LEVEL) / 2 / max(pairs, 1)) / special.ndtri(0.5 + LEVEL / 2))


def differ(differences: pd.DataFrame | None, label: object, a: object, b: object) -> bool:
    """Whether these two groups differ on the label beyond the noise; where nothing is known of noise, they do."""
    return differences is None or is_called(differences, label, a, b)
