"""Shares of codes corrected by what people coded: the machine codes every unit, people a random sample of them.

Everything here is about the units in hand, the sentences of these articles, not about the outlet behind them: so it
holds with one article an outlet, too. Four things must be so: the sample was drawn at random with the recorded
probabilities; the machine was fixed before the sample was seen (else say `developed`); the people's code is the truth;
and no more is claimed than these articles.

In what follows f is the machine's code of a unit and y the people's (1 there, 0 not), N the units, n those coded, and w
the units that a coded one represents, the inverse of its probability of being drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import signal, special, stats

from analysis.compare.uncertainty import require_groups
from analysis.tables import LEVEL, Floats, Places, unit_name

POSTSTRATIFIED, DIFFERENCE, POWERED = "poststratified", "difference", "prediction-powered"
METHODS = (POSTSTRATIFIED, DIFFERENCE, POWERED)
CENSUS, SAMPLE, NO_SAMPLE = "census", "sample alone", "nothing coded"
SURE = 0.99  # a difference is called where its sign is right with this probability, by the model; of those called fewer hold
_PRIOR = 0.5  # Jeffreys
_CAUTION = 0.95  # of the lower bound of how far differences are spread


@dataclass(frozen=True)
class Estimate:
    """A share with its interval, fractions in 0..1, NaN where nothing was coded; `method` as in `corrected_shares`."""

    share: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, eq=False)
class Posterior:
    """How many of `units` carry a code: `first` + k with probability `mass[k]`.

    `share` is the estimate; `least` and `most` what the coded units leave possible, as numbers of units.
    """

    units: int
    first: float
    mass: Floats
    share: float
    least: float
    most: float

    @property
    def mean(self) -> float:
        """The expected share, nearer to one half than `share` by what the prior weighs."""
        return float(self.first + self.mass @ np.arange(len(self.mass))) / self.units

    @property
    def variance(self) -> float:
        """The variance of the share."""
        k = np.arange(len(self.mass))
        return float(self.mass @ (k - self.mass @ k) ** 2) / self.units**2

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The equal-tailed interval of the share; it holds the estimate and nothing that the coded units exclude."""
        below = np.cumsum(self.mass)
        ends = np.searchsorted(below, [0.5 - level / 2, 0.5 + level / 2]).clip(max=len(below) - 1)
        # Units are whole; with unequal weights what they add up to is not.
        low, high = np.floor(self.first + ends + 0.5 - 1e-9)
        estimate = self.share * self.units
        low = max(min(low, estimate), self.least)
        high = min(max(high, estimate), self.most)
        return float(low / self.units), float(high / self.units)


def posterior(machine: ArrayLike, human: ArrayLike, weights: ArrayLike | None = None) -> Posterior:
    """What a sample says of all units: poststratified by the machine's code, finite-population beta-binomial.

    `machine` holds f of all N units, `human` y where it was coded, else NaN, `weights` w of the coded ones (others are
    not looked at; without, all alike). share = sum_k N_k/N p_k over the machine's codes k, where p_k is the weighted mean
    of y among the coded units with f = k (Holt & Smith 1979), one half where none was coded.

    p_k ~ Beta(s_k + 1/2, n_k - s_k + 1/2) with s_k = n_k p_k, and of the units not coded Binomial(N_k - n_k, p_k)
    carry the code (Bolfarine & Zacks 1992, ch. 2; the prior is Jeffreys', Brown, Cai & DasGupta 2001). Their sum is
    computed exactly, by convolution. With unequal weights n_k is the effective number (sum w)^2 / sum w^2 (Kish 1965; for
    such intervals Franco, Little, Louis & Slud 2019); a unit with weight 1 stands for itself alone and is counted.
    Raises ValueError where no unit was coded.
    """
    f, y = np.asarray(machine, float), np.asarray(human, float)
    coded = ~np.isnan(y)
    if not coded.any():
        raise ValueError("a posterior needs one coded unit or more; none is coded")
    w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
    if coded.all():
        w = np.ones(len(y))
    weighted = len(np.unique(w[coded])) > 1
    certain, cells = 0.0, []
    for code in np.unique(f):
        mine = f == code
        alone = mine & coded & (w <= 1 + 1e-9) & (weighted or coded.all())
        if (mine & ~coded).any() and not (mine & coded & ~alone).any():
            alone[:] = False  # nobody else speaks for those not coded
        certain, rest = certain + float(y[alone].sum()), mine & ~alone
        known, p = _effective(y[rest & coded], w[rest & coded])
        units = int(rest.sum())
        cells.append(Cell(units, float(units) if coded[rest].all() else known, p))
    least = float(y[coded].sum())
    most = float(len(y) - (coded.sum() - least))
    share = min(max(certain + sum(c.units * c.p for c in cells), least), most) / len(y)
    return Posterior(len(y), *distribution(cells, certain), share, least, most)


@dataclass(frozen=True)
class Cell:
    """Units with one machine's code: how many there are, how many are `known` (effectively), and the share `p` of those."""

    units: int
    known: float
    p: float


def distribution(cells: Sequence[Cell], certain: float = 0.0) -> tuple[float, Floats]:
    """How many units carry the code: the least number, and the probability of each that many more; see `posterior`."""
    first, mass = certain, np.ones(1)
    for cell in cells:
        unseen = round(cell.units - cell.known)
        first += (cell.units - unseen) * cell.p
        yes, no = cell.known * cell.p, cell.known * (1 - cell.p)
        mass = _sum_of(mass, beta_binomial(unseen, yes + _PRIOR, no + _PRIOR))
    return first, mass


def _effective(y: Floats, w: Floats) -> tuple[float, float]:
    """How many units drawn alike would say as much, and the weighted mean; 0 and one half where there are none."""
    if not len(y):
        return 0.0, 0.5
    # Mean 1 first: equal weights then give n itself, without rounding.
    w = w / w.mean()
    return float(len(y) ** 2 / (w @ w)), float(w @ y / len(y))


def beta_binomial(units: int, a: float, b: float) -> Floats:
    """P(k of `units` carry a code) for k = 0..units, where the share is Beta(a, b): an array that sums to 1."""
    k = np.arange(units + 1)
    chosen = special.gammaln(units + 1) - special.gammaln(k + 1) - special.gammaln(units - k + 1)
    mass = np.exp(chosen + special.betaln(k + a, units - k + b) - special.betaln(a, b))
    return np.asarray(mass / mass.sum())


def _sum_of(a: Floats, b: Floats) -> Floats:
    """The distribution of the sum of two independent counts."""
    mass = signal.convolve(a, b).clip(min=0)  # where it goes by Fourier transform, zeros come out as -1e-18
    return np.asarray(mass / mass.sum())


def poststratified(
    machine: ArrayLike, human: ArrayLike, weights: ArrayLike | None = None, *, level: float = LEVEL
) -> Estimate:
    """The share by `posterior`, with its equal-tailed interval; holds for rare codes, too.

    All units coded: the people's share, and an interval of no width.
    """
    y = np.asarray(human, float)
    if np.isnan(y).all():
        return Estimate(np.nan, np.nan, np.nan, NO_SAMPLE)
    found = posterior(machine, human, weights)
    method = POSTSTRATIFIED if np.isnan(y).any() else CENSUS
    return Estimate(found.share, *found.interval(level), method)


def difference_estimate(
    machine: ArrayLike,
    human: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    strata: ArrayLike | None = None,
    level: float = LEVEL,
) -> Estimate:
    """share = mean(f) + sum_h N_h/N mean_h(y - f): the difference estimator, or design-based supervised learning.

    Arguments as in `posterior`; `strata` gives the stratum of every unit, within which coded ones were drawn alike.
    Without, units of one weight are a stratum, and N_h is what they represent. Variance, without replacement: sum_h
    (N_h/N)^2 (1 - n_h/N_h) s_h^2/n_h with s_h^2 the variance of y - f (Saerndal, Swensson & Wretman 1992, ch. 6; Egami,
    Hinck, Stewart & Wei 2023); a stratum with one coded unit has the variance of them all. The interval is the
    normal one: for a code in few units it is too narrow, and it may leave 0..1; clipped.
    """
    f, y = np.asarray(machine, float), np.asarray(human, float)
    coded = ~np.isnan(y)
    n, total = int(coded.sum()), len(y)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, NO_SAMPLE)
    if n == total:
        return _normal(y.mean(), 0.0, level, CENSUS)
    error, w = (y - f)[coded], np.ones(n) if weights is None else np.asarray(weights, float)[coded]
    if strata is None:
        _, stratum = np.unique(w.round(9), return_inverse=True)
        sizes = np.bincount(stratum, w) * total / w.sum()
    else:
        _, every = np.unique(np.asarray(strata), return_inverse=True)
        stratum, sizes = every[coded], np.bincount(every).astype(float)
        sizes *= (
            total / sizes[np.unique(stratum)].sum()
        )  # one without a coded unit is taken to be like the others
    drawn = np.bincount(stratum, minlength=len(sizes)).astype(float)
    there = drawn > 0
    sizes, drawn = sizes[there], drawn[there]
    _, stratum = np.unique(stratum, return_inverse=True)
    means = np.bincount(stratum, error) / drawn
    share = f.mean() + sizes @ means / total
    spread = np.bincount(stratum, (error - means[stratum]) ** 2)
    overall = error.var(ddof=1) if n > 1 else 0.25
    variance = np.where(drawn > 1, spread / np.maximum(drawn - 1, 1), overall)
    se = np.sqrt(((sizes / total) ** 2 * (1 - drawn / sizes).clip(0) * variance / drawn).sum())
    return _normal(share, se, level, DIFFERENCE)


def prediction_powered(
    machine: ArrayLike,
    human: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    lam: float | None = 1.0,
    level: float = LEVEL,
) -> Estimate:
    """share = lam mean(f, not coded) + mean(y - lam f, coded): prediction-powered inference.

    Arguments as in `posterior`. `lam` = 1 is that of Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023, Science);
    None takes cov(y, f) / ((1 + n/M) var f), clipped to 0..1 (PPI++, Angelopoulos, Duchi & Zrnic 2023), M being the units
    not coded. Its normal interval is for units drawn from endlessly many: wider than those for the units in hand, and as
    poor as others of its kind for a code in few units. Clipped to 0..1.
    """
    f, y = np.asarray(machine, float), np.asarray(human, float)
    coded = ~np.isnan(y)
    n, m = int(coded.sum()), int((~coded).sum())
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, NO_SAMPLE)
    if m == 0:
        return _normal(y.mean(), 0.0, level, CENSUS)
    w = np.ones(n) if weights is None else np.asarray(weights, float)[coded]
    w = w * n / w.sum()
    if lam is None:
        lam = _best_lam(y[coded], f[coded], f[~coded], w)
    rectified = w * (y[coded] - lam * f[coded])
    share = lam * f[~coded].mean() + rectified.mean()
    se = np.sqrt(lam**2 * f[~coded].var() / m + rectified.var() / n)
    return _normal(share, se, level, POWERED)


def _best_lam(y: Floats, f: Floats, f_uncoded: Floats, w: Floats) -> float:
    estimate = f_uncoded.mean() + (w * (y - f)).mean()
    of_y, of_f = w * (y - estimate), w * (f - estimate)
    covariance = ((of_y - of_y.mean()) * (of_f - of_f.mean())).mean()
    variance = np.concatenate([of_f, f_uncoded - estimate]).var(ddof=1)
    if variance == 0:
        return 0.0
    return float(np.clip(covariance / ((1 + len(y) / len(f_uncoded)) * variance), 0, 1))


def _normal(share: float, se: float, level: float, method: str) -> Estimate:
    z = special.ndtri(0.5 + level / 2)
    low, high = np.clip([share - z * se, share + z * se], 0, 1)
    return Estimate(float(np.clip(share, 0, 1)), float(low), float(high), method)


_ESTIMATORS = {
    POSTSTRATIFIED: poststratified,
    DIFFERENCE: difference_estimate,
    POWERED: prediction_powered,
}


def sample_weights(units: pd.DataFrame, coded: pd.DataFrame, *, unit: str = "sentence_id") -> Floats:
    """How many units each of `units` represents, if it was coded: an array in their order, NaN where it was not.

    `coded` has `unit` and `probability`, that of being coded, in one draw or in several together (see `coding.samples`);
    its inverses, made to add up to all units (Hajek 1971), are the weights. Raises ValueError where a probability is missing or
    not in (0, 1], unless all units are coded.
    """
    given = coded.reindex(columns=[unit, "probability"]).drop_duplicates(unit).assign(coded=True)
    rows = units[[unit]].merge(given, on=unit, how="left", validate="many_to_one")
    here = rows["coded"].notna()
    if here.all():
        return np.ones(len(rows))
    known = pd.to_numeric(rows["probability"], errors="coerce").where(here)
    if wrong := int((here & ~((known > 0) & (known <= 1))).sum()):
        raise ValueError(
            f"{wrong} of {int(here.sum())} coded units have no probability between 0 and 1 of being drawn: only a sample "
            "that `coding-sheet` or `plan` drew, or a coding of all units, corrects shares"
        )
    weights: Floats = (1 / known).to_numpy(float)
    return weights * len(rows) / np.nansum(weights) if here.any() else weights


@dataclass(frozen=True, eq=False)
class CodedGroup:
    """The units of one group for one code: f, y (NaN where not coded) and w; see the head of this module.

    `places`: which of all units they are, 0-based, in the order of their first rows.
    """

    group: object
    label: str
    machine: Floats
    human: Floats
    weights: Floats
    places: Places


def group_weights(
    units: pd.DataFrame, coded: pd.DataFrame, *, by: str, unit: str
) -> tuple[pd.DataFrame, NDArray[np.bool_], Floats]:
    """Each unit once, whether it is coded, and how many it represents (see `sample_weights`).

    A group that is coded in full needs no probabilities, whatever the others have.
    """
    require_groups(units, by)
    units = units.drop_duplicates(unit).reset_index(drop=True)
    is_coded = units[unit].isin(coded[unit])
    partly = ~is_coded.groupby(units[by]).transform("all").to_numpy(bool)
    weights = np.ones(len(units))
    weights[partly] = sample_weights(
        units[partly], coded[coded[unit].isin(units.loc[partly, unit])], unit=unit
    )
    return units, is_coded.to_numpy(bool), weights


def coded_groups(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    unit: str = "sentence_id",
    labels: Sequence[str] | None = None,
    groups: Sequence[object] | None = None,
    unasked: pd.DataFrame | None = None,
) -> Iterator[CodedGroup]:
    """The arrays of each group and label, for the estimators; arguments as in `corrected_shares`."""
    units, is_coded, weights = group_weights(units, coded, by=by, unit=unit)
    labels = sorted({*machine[of].dropna(), *human[of].dropna()}) if labels is None else list(labels)
    groups = list(pd.unique(units[by])) if groups is None else list(groups)
    given = {}
    for label in labels:
        f, y = (
            units[unit].isin(hits.loc[hits[of] == label, unit]).to_numpy(float) for hits in (machine, human)
        )
        known = is_coded
        if unasked is not None:
            known = known & ~units[unit].isin(unasked.loc[unasked[of] == label, unit]).to_numpy()
        given[label] = f, np.where(known, y, np.nan)
    for group in groups:
        mine = np.flatnonzero(units[by] == group)
        for label, (f, y) in given.items():
            yield CodedGroup(group, label, f[mine], y[mine], weights[mine], mine)


def corrected_shares(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    unit: str = "sentence_id",
    labels: Sequence[str] | None = None,
    groups: Sequence[object] | None = None,
    unasked: pd.DataFrame | None = None,
    method: str = POSTSTRATIFIED,
    developed: bool = False,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Share of units that carry each label, in each group, as people would have coded it had they coded all.

    One row a group and label: by, of, coded (units that people coded), total, machine (the machine's share), share, low,
    high, method, developed, unit. Shares are fractions in 0..1, NaN where nothing was coded.

    `machine` and `human` hold a row a code given (`unit`, `of`), `units` all units with their group, `coded` those that
    people coded, also those to which they gave no code, with `probability` (see `sample_weights`); `unasked` (`unit`,
    `of`) those of them that count as not coded for a label, which the codebook did not have then. `method`:
    poststratified (see `posterior`; the one for rare codes), difference, prediction-powered. Where people coded every unit
    of a group it is a census, the people's share without an interval, and the machine plays no part.

    `developed`: the machine was developed on the coded units, so that its errors there say too little of those
    elsewhere; then it corrects nothing, and what is not a census is estimated from the sample alone.
    """
    if method not in METHODS:
        raise ValueError(f"method '{method}' is none of {', '.join(METHODS)}")
    rows = []
    for one in coded_groups(
        machine, human, units, coded, of=of, by=by, unit=unit, labels=labels, groups=groups, unasked=unasked
    ):
        f = _predictor(one, developed)
        found = _ESTIMATORS[method](f, one.human, one.weights, level=level)
        how = SAMPLE if developed and found.method in METHODS else found.method
        counts = (int((~np.isnan(one.human)).sum()), len(one.human))
        share = one.machine.mean() if len(one.machine) else np.nan
        rows.append(
            (one.group, one.label, *counts, share, found.share, found.low, found.high, how, developed)
        )
    columns = [by, of, "coded", "total", "machine", "share", "low", "high", "method", "developed"]
    return pd.DataFrame(rows, columns=columns).assign(unit=unit_name(unit))


def _predictor(one: CodedGroup, developed: bool) -> Floats:
    """What the coded units are poststratified by: the machine's code, or nothing where it knew their codes before."""
    return np.zeros(len(one.machine)) if developed else one.machine


def corrected_differences(
    machine: pd.DataFrame,
    human: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    unit: str = "sentence_id",
    labels: Sequence[str] | None = None,
    groups: Sequence[object] | None = None,
    unasked: pd.DataFrame | None = None,
    developed: bool = False,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Each pair of groups: of, {by}_a, {by}_b, difference (share of a less that of b, -1..1), low, high, sure, called, unit.

    Arguments as in `corrected_shares`; the groups' posteriors are independent, and the interval is that of their
    difference, computed exactly. Groups without a coded unit have no rows.

    `sure`, .5 to 1: how probable it is that the sign is right, and `called` where that is .99 or more. The many
    differences of a table are mostly small, and among the few that look large chance is favoured (Gelman & Tuerlinckx
    2000); so each is drawn towards 0 (Stephens 2017), as if all came from one heap: with the spread that dealing the same
    units at random to the two groups would give, or, where the table's differences are surely farther apart than that, with
    the 95 % lower bound of theirs (the Q profile, Viechtbauer 2007). An interval without 0 alone calls nothing.
    """
    found: dict[str, list[tuple[object, Posterior]]] = {}
    for one in coded_groups(
        machine, human, units, coded, of=of, by=by, unit=unit, labels=labels, groups=groups, unasked=unasked
    ):
        if not np.isnan(one.human).all():
            what = posterior(_predictor(one, developed), one.human, one.weights)
            found.setdefault(one.label, []).append((one.group, what))
    pairs = [(label, a, b) for label, of_label in found.items() for a, b in combinations(of_label, 2)]
    sure = sign_probability([(a, b) for _, (_, a), (_, b) in pairs])
    rows = [
        (label, name_a, name_b, a.share - b.share, *difference_interval(a, b, level))
        for label, (name_a, a), (name_b, b) in pairs
    ]
    table = pd.DataFrame(rows, columns=[of, f"{by}_a", f"{by}_b", "difference", "low", "high"])
    return table.assign(sure=sure, called=sure >= SURE, unit=unit_name(unit))


def difference_interval(a: Posterior, b: Posterior, level: float = LEVEL) -> tuple[float, float]:
    """The equal-tailed interval of the share of a less that of b, -1..1; it holds the difference of the estimates."""
    share_a = (a.first + np.arange(len(a.mass))) / a.units
    share_b = (b.first + np.arange(len(b.mass))) / b.units
    below_a = np.append(0.0, np.cumsum(a.mass))

    def below(difference: float) -> float:
        """P(a - b <= difference)."""
        return float(b.mass @ below_a[np.searchsorted(share_a, share_b + difference + 1e-12, side="right")])

    ends = []
    for level_of_end in (0.5 - level / 2, 0.5 + level / 2):
        low, high = share_a[0] - share_b[-1] - 1e-9, share_a[-1] - share_b[0]
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) < level_of_end else (low, middle)
        ends.append(high)
    estimate = a.share - b.share
    return float(max(min(ends[0], estimate), -1)), float(min(max(ends[1], estimate), 1))


def sign_probability(pairs: Sequence[tuple[Posterior, Posterior]]) -> Floats:
    """P(the difference has the sign that it seems to have) for each pair of groups, .5 to 1: see `corrected_differences`."""
    difference = np.array([a.mean - b.mean for a, b in pairs], float)
    error = np.array([a.variance + b.variance for a, b in pairs], float)
    shares = [(a.share * a.units + b.share * b.units) / (a.units + b.units) for a, b in pairs]
    dealt = np.array(
        [p * (1 - p) * (1 / a.units + 1 / b.units) for p, (a, b) in zip(shares, pairs, strict=True)]
    )
    spread = dealt * _times_chance(difference, error, dealt)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.abs(difference) / np.sqrt(error) * np.sqrt(spread / (spread + error))
    certain = np.where(difference == 0, 0.5, 1.0)  # both groups are coded in full
    return np.where(error > 0, special.ndtr(np.nan_to_num(z)), certain)


def _times_chance(difference: Floats, error: Floats, dealt: Floats) -> float:
    """How many times the variance of chance dealing the true differences have, at least, and never below one."""
    known = (dealt > 0) & (error > 0)
    if not known.any():
        return 1.0
    squares, noise = difference[known] ** 2 / dealt[known], error[known] / dealt[known]
    limit = stats.chi2.ppf(_CAUTION, known.sum())

    def too_low(times: float) -> bool:
        return bool((squares / (times + noise)).sum() > limit)

    low, high = 1.0, 1.0
    while too_low(high):
        low, high = high, high * 2
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return low
