"""Positions on a target corrected by what people coded: shares of each and their net, with intervals.

A sentence may hold several positions, of several holders, and most hold none; so the share of favourable ones is a ratio
of two counts, both of them estimated. See `compare.corrected` for what is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.compare.corrected import CENSUS, NO_SAMPLE, POSTSTRATIFIED, SAMPLE, group_weights
from analysis.tables import LEVEL, Floats

NET = "net"
_DRAWS = 4_000


@dataclass(frozen=True, eq=False)
class _Group:
    """Of a group's units how many positions of each label (column) the machine and people see, and the weights."""

    machine: Floats
    human: Floats
    weights: Floats
    coded: NDArray[np.bool_]


def corrected_positions(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    worth: Mapping[str, float],
    of: str = "stance",
    by: str = "outlet",
    unit: str = "sentence_id",
    groups: Sequence[object] | None = None,
    developed: bool = False,
    level: float = LEVEL,
    draws: int = _DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Share of each position among all, and their net, in each group, as people would have coded it.

    A row a group and label, and one for `net`: by, of, coded and units (sentences), positions (how many there are of any
    label, as estimated), machine, share, low, high, method.
    `machine` and `human` have a row a position (`unit`, `of`); `worth` gives each label's value, 1 favourable, -1
    unfavourable, 0 neither; net = sum of worth / positions. Other arguments as in `corrected.corrected_shares`.

    Units that the machine codes alike are a cell. How often people give each pattern of positions within a cell is
    Dirichlet with Perks' prior, which weighs as one unit; the units not coded are multinomial (the many-valued form of
    `corrected.posterior`). The interval is that of `draws` draws of the ratio, equal-tailed. NaN where nothing was coded
    or nobody sees a position.
    """
    rows = []
    for group, one in _groups(machine, human, units, coded, list(worth), of, by, unit, groups):
        estimate, drawn, method = _estimated(one, developed, draws, np.random.default_rng(seed))
        value = np.array([*np.eye(len(worth)), list(worth.values())]).T
        with np.errstate(invalid="ignore", divide="ignore"):
            seen, shown, spread = (
                np.atleast_2d(counts) @ value / np.atleast_2d(counts).sum(axis=1, keepdims=True)
                for counts in (one.machine.sum(axis=0), estimate, drawn)
            )
        known = spread[~np.isnan(spread[:, -1])]
        for number, label in enumerate((*worth, NET)):
            low = high = np.nan
            if len(known) and not np.isnan(shown[0, number]):
                ends = np.quantile(known[:, number], [0.5 - level / 2, 0.5 + level / 2])
                low, high = min(ends[0], shown[0, number]), max(ends[1], shown[0, number])
            counts = (int(one.coded.sum()), len(one.coded), float(estimate.sum()))
            rows.append((group, label, *counts, seen[0, number], shown[0, number], low, high, method))
    columns = [by, of, "coded", "units", "positions", "machine", "share", "low", "high", "method"]
    return pd.DataFrame(rows, columns=columns)


def _groups(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame,
    labels: Sequence[str],
    of: str,
    by: str,
    unit: str,
    groups: Sequence[object] | None,
) -> Iterator[tuple[object, _Group]]:
    units, is_coded, weights = group_weights(units, coded, by=by, unit=unit)
    counts = [_counts(hits, units[unit], labels, of, unit) for hits in (machine, human)]
    for group in list(pd.unique(units[by])) if groups is None else groups:
        mine = (units[by] == group).to_numpy(bool)
        yield group, _Group(counts[0][mine], counts[1][mine], weights[mine], is_coded[mine])


def _counts(hits: pd.DataFrame, ids: pd.Series, labels: Sequence[str], of: str, unit: str) -> Floats:
    known = hits[hits[of].isin(list(labels))]
    table = pd.crosstab(known[unit], known[of]).reindex(index=ids, columns=list(labels), fill_value=0)
    return np.asarray(table, float)


def _estimated(
    one: _Group, developed: bool, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats, str]:
    """How many positions of each label there are: the estimate, and draws of what there may be."""
    labels = one.machine.shape[1]
    if not one.coded.any():
        return np.full(labels, np.nan), np.full((1, labels), np.nan), NO_SAMPLE
    counted = one.human[one.coded].sum(axis=0)
    if one.coded.all():
        return counted, counted[None, :], CENSUS
    patterns = np.unique(np.vstack([one.human[one.coded], np.zeros((1, labels)), np.eye(labels)]), axis=0)
    cells = np.zeros(len(one.coded)) if developed else np.unique(one.machine, axis=0, return_inverse=True)[1]
    weighted = len(np.unique(one.weights[one.coded])) > 1
    estimate, drawn = np.zeros(labels), np.zeros((draws, labels))
    for cell in np.unique(cells):
        mine = cells.reshape(-1) == cell
        # As in `corrected.posterior`: who represents itself alone is counted, unless nobody else speaks for the others.
        alone = mine & one.coded & (one.weights <= 1 + 1e-9) & weighted
        if (mine & ~one.coded).any() and not (mine & one.coded & ~alone).any():
            alone[:] = False
        there, rest = mine & one.coded & ~alone, int((mine & ~alone).sum())
        share, known = _shares(patterns, one.human[there], one.weights[there])
        known = rest if one.coded[mine].all() else known
        certain, unseen = one.human[alone].sum(axis=0), round(rest - known)
        estimate += certain + rest * (share @ patterns)
        p = rng.dirichlet(known * share + 1 / len(patterns), size=draws)
        drawn += certain + (rest - unseen) * (share @ patterns) + rng.multinomial(unseen, p) @ patterns
    return estimate, drawn, SAMPLE if developed else POSTSTRATIFIED


def _shares(patterns: Floats, given: Floats, weights: Floats) -> tuple[Floats, float]:
    """The weighted share of each pattern among a cell's coded units, alike where there are none, and how many they weigh.

    The latter is the effective number of units (Kish 1965).
    """
    if not len(given):
        return np.full(len(patterns), 1 / len(patterns)), 0.0
    same = (given[:, None, :] == patterns[None, :, :]).all(axis=2)
    return np.asarray(weights @ same / weights.sum()), float(weights.sum() ** 2 / (weights @ weights))
