"""How many more sentences people should code for findings of a wanted precision, and which ones to draw next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analysis.compare.corrected import Cell, CodedGroup, distribution, posterior
from analysis.tables import LEVEL, Floats, Places

STRATUM = "stratum"
_ROUNDS = 3  # of bringing the rough half-width into line with the exact one


def units_needed(units: int, variance: float, half_width: float, *, level: float = LEVEL) -> int:
    """n = N z^2 S^2 / (N h^2 + z^2 S^2): how many of N `units` to draw at random for a mean within +- `half_width` h.

    S^2, `variance`, is that of what is left to estimate: of y - f for shares that the machine's codes correct, of y
    without a machine (Cochran 1977, ch. 4). From a pilot sample it is as uncertain as the pilot is small; for a code in few
    units the normal interval behind it is too narrow (see `plan`).
    """
    if not half_width > 0:
        raise ValueError(f"half_width must be above 0, not {half_width}")
    z2 = special.ndtri(0.5 + level / 2) ** 2
    return min(units, int(np.ceil(units * z2 * variance / (units * half_width**2 + z2 * variance) - 1e-9)))


@dataclass(frozen=True, eq=False)
class Plan:
    """What to code next.

    `findings`, a row each: group, label, coded, total, share, half_width (now), alone (how many more this finding would
    need by itself), expected (the half-width after coding). `strata`, a row each: stratum, total, coded, more.
    `more`: sentences to code for all findings at once; `stratum`: that of each unit, in their order.
    """

    findings: pd.DataFrame
    strata: pd.DataFrame
    more: int
    stratum: Places


def plan(findings: Sequence[CodedGroup], half_width: float, *, level: float = LEVEL) -> Plan:
    """How many more units to code, and in which strata, for every finding to be within +- `half_width` (0..1).

    `findings` are groups with machine's and people's codes of a pilot sample (see `corrected.coded_groups`). Strata are what the machine gave for the findings together, in
    each group: so a code that it rarely gives gets its share. Sentences are added one by one where they narrow the
    widest finding most (a greedy multivariate allocation; Bethel 1989 has the optimum), first one in each stratum, until
    the interval that `corrected.posterior` may be expected to give, with the pilot's error rates, is narrow enough for
    all. Raises ValueError without findings, or with one of which no unit is coded.
    """
    if not findings or any(np.isnan(one.human).all() for one in findings):
        raise ValueError(
            "a plan needs findings with a pilot sample: code a few sentences of each group first"
        )
    if not half_width > 0:
        raise ValueError(f"half_width must be above 0, not {half_width}")
    stratum = _strata(findings)
    coded = np.zeros(len(stratum), bool)
    for one in findings:
        coded[one.places] |= ~np.isnan(one.human)
    used = stratum >= 0
    sizes = np.bincount(stratum[used])
    now = np.bincount(stratum[used & coded], minlength=len(sizes))
    forecasts = [_Forecast.of(one, stratum[one.places], len(sizes), level) for one in findings]
    given = _allocate(forecasts, sizes, now, half_width)
    alone = [int((_allocate([f], sizes, now, half_width) - now).sum()) for f in forecasts]
    rows = []
    for one, forecast, more in zip(findings, forecasts, alone, strict=True):
        found = posterior(one.machine, one.human, one.weights)
        low, high = found.interval(level)
        counts = (int((~np.isnan(one.human)).sum()), len(one.human))
        after = forecast.half_width(given, sizes)
        rows.append((one.group, one.label, *counts, found.share, (high - low) / 2, more, after))
    columns = ["group", "label", "coded", "total", "share", "half_width", "alone", "expected"]
    strata = pd.DataFrame({STRATUM: range(len(sizes)), "total": sizes, "coded": now, "more": given - now})
    return Plan(pd.DataFrame(rows, columns=columns), strata, int((given - now).sum()), stratum)


def _strata(findings: Sequence[CodedGroup]) -> Places:
    """The number of each unit's stratum: which findings it belongs to and what the machine gave; -1 where to none."""
    units = max(int(one.places.max()) for one in findings) + 1
    said = np.full((units, len(findings)), -1)
    for j, one in enumerate(findings):
        said[one.places, j] = one.machine
    used = (said >= 0).any(axis=1)
    stratum = np.full(units, -1)
    stratum[used] = np.unique(said[used], axis=0, return_inverse=True)[1].reshape(-1)
    return stratum


@dataclass(frozen=True, eq=False)
class _Forecast:
    """What a finding's interval will be: in which strata its units are, by the machine's code, and people's rate of yes."""

    inside: Floats  # machine's codes x strata: how many units
    rate: Floats
    units: int
    z: float
    level: float

    @classmethod
    def of(cls, one: CodedGroup, stratum: Places, strata: int, level: float) -> _Forecast:
        codes = np.unique(one.machine)
        inside = np.zeros((len(codes), strata))
        rate = np.zeros(len(codes))
        coded = ~np.isnan(one.human)
        for k, code in enumerate(codes):
            mine = one.machine == code
            inside[k] = np.bincount(stratum[mine], minlength=strata)
            y, w = one.human[mine & coded], one.weights[mine & coded]
            yes = len(y) * (w @ y) / w.sum() if len(y) else 0.0
            # Half the prior: without any, a code not seen yet is taken for absent; a whole one, which the interval has too, counts twice.
            rate[k] = (yes + 0.25) / (len(y) + 0.5)
        return cls(inside, rate, len(one.human), float(special.ndtri(0.5 + level / 2)), level)

    def known(self, given: Places, sizes: Places) -> Floats:
        """How many units drawn alike would say as much as `given` to the strata, for each machine's code (Kish 1965).

        `given` may have a row for each of several allocations; codes then are the first axis, allocations the second.
        """
        share = np.maximum(given, 0.5) / sizes
        total = self.inside.sum(axis=1)
        # Units of a stratum that the finding does not hold are coded for others, and tell nothing here.
        return np.asarray((total**2 / (self.inside / share[..., None, :]).sum(axis=-1)).T)

    def rough(self, given: Places, sizes: Places) -> Floats:
        """z times the standard deviation of the share, for each allocation: the half-width were it normal."""
        total = self.inside.sum(axis=1)[:, None]
        known = self.known(np.atleast_2d(given), sizes)
        p = (known * self.rate[:, None] + 0.5) / (known + 1)
        variance = (total - known) * p * (1 - p) * (total + 1) / (known + 2)
        return np.asarray(self.z * np.sqrt(variance.clip(0).sum(axis=0)) / self.units)

    def half_width(self, given: Places, sizes: Places) -> float:
        """Of the interval that `corrected.posterior` gives, between whole units, where people say yes as often as now."""
        known = self.known(given, sizes)
        cells = [
            Cell(int(n), k, p) for n, k, p in zip(self.inside.sum(axis=1), known, self.rate, strict=True)
        ]
        _, mass = distribution(cells)
        ends = np.interp([0.5 - self.level / 2, 0.5 + self.level / 2], np.cumsum(mass), np.arange(len(mass)))
        return float(ends[1] - ends[0]) / 2 / self.units


def _allocate(forecasts: Sequence[_Forecast], sizes: Places, now: Places, half_width: float) -> Places:
    """How many units of each stratum are to be coded in all, those coded `now` among them."""
    wanted = np.full(len(forecasts), half_width)
    given = now
    for _ in range(_ROUNDS):
        given = _narrow(forecasts, sizes, now, wanted)
        widths = np.array([f.half_width(given, sizes) for f in forecasts])
        rough = np.array([f.rough(given, sizes)[0] for f in forecasts])
        if (given == sizes).all() or not rough.all():
            break
        wanted = half_width * rough / widths  # a skewed interval is wider, or narrower, than a normal one
    return given


def _narrow(forecasts: Sequence[_Forecast], sizes: Places, now: Places, wanted: Floats) -> Places:
    """Add units one by one where the finding that is farthest from its half-width wanted gains most."""
    held = np.array([(f.inside > 0).any(axis=0) for f in forecasts])
    given = now.copy()
    while True:
        widths = np.array([f.rough(given, sizes)[0] for f in forecasts]) / wanted
        worst = int(widths.argmax())
        if widths[worst] <= 1:
            return given
        # A stratum of an open finding without any coded unit comes first: its units could not be weighted back.
        free = (given < sizes) & held[worst]
        if (empty := free & (given == 0)).any():
            given[int(empty.argmax())] += 1
            continue
        if not free.any():
            return given
        added = given + np.eye(len(sizes), dtype=int)
        narrowed = np.where(free, forecasts[worst].rough(added, sizes), np.inf)
        given[int(narrowed.argmin())] += 1


def draw_next(
    units: pd.DataFrame, made: Plan, coded: Collection[str], *, unit: str = "sentence_id", seed: int = 1
) -> pd.DataFrame:
    """The units to code next, in random order: the rows of `units` with stratum, population, drawn and probability.

    As many of each stratum as `made` says, at random and without replacement from those that are not `coded`; probability
    = drawn / population, where population is what of the stratum is not coded yet. The same arguments give the same rows.
    `units` are those that the plan was made for, in their order.
    """
    rows = units.reset_index(drop=True).assign(**{STRATUM: -1})
    rows.loc[: len(made.stratum) - 1, STRATUM] = made.stratum
    could = rows[~rows[unit].isin(list(coded))]
    rng = np.random.default_rng(seed)
    parts = []
    for line in made.strata.itertuples():
        mine = could.index[could[STRATUM] == line.stratum]
        if more := min(
            line.more, len(mine)
        ):  # where not all texts are here, fewer can be drawn than are missing
            drawn = rng.choice(mine, size=more, replace=False)
            parts.append(rows.loc[drawn].assign(population=len(mine), drawn=more))
    if not parts:
        return could.head(0).assign(population=0, drawn=0, probability=0.0)
    sample = pd.concat(parts).iloc[rng.permutation(sum(map(len, parts)))].reset_index(drop=True)
    return sample.assign(probability=sample["drawn"] / sample["population"])
