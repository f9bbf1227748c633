"""How far a number can be trusted: intervals, permutation tests, many tests at once, and articles needed.

The unit that is resampled or relabelled is the article. Sentences of one article share its author, its day
and its topic: taking them as independent makes every interval too narrow and every p too small.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import exp, factorial, lgamma, prod

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse, special, stats

from analysis.tables import DRAWS, LEVEL, Floats, Places, unit_name

AT_ONCE = 5_000_000  # relabelled articles in memory at one time
KEPT = 100_000_000  # relabelled articles that are kept for the next test, 2 bytes each


def wilson(n: ArrayLike, total: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Low and high end of the Wilson score interval for the share `n / total` (Wilson 1927); 0..1, NaN if total is 0.

    Takes the units as independent draws. With few units it is wide, and it says nothing about the units that
    were not sampled in the first place (other articles, other days).
    """
    n, total = np.asarray(n, float), np.asarray(total, float)
    if np.any(n > total) or np.any(n < 0):
        raise ValueError("wilson: n must lie between 0 and total")
    z = special.ndtri(0.5 + level / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = n / total
        centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
        half = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    # The ends at n = 0 and n = total are exactly 0 and 1; rounding would leave 1e-17.
    low = np.where(n == 0, np.where(total > 0, 0.0, np.nan), centre - half)
    high = np.where(n == total, np.where(total > 0, 1.0, np.nan), centre + half)
    return low, high


_EXACT = 150  # articles; of more the ways to split them are counted by their logarithm


@dataclass(frozen=True)
class Interval:
    """An estimate with its bootstrap interval; `method` is BCa, percentile, none (fewer than two units) or no variation."""

    estimate: float
    low: float
    high: float
    n: int
    method: str


def bootstrap(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """Mean of `values` (weighted, where `weights` are given) with its bootstrap interval over the values.

    BCa from ten values on (Efron 1987), percentile below. `low` and `high` are NaN below two values, since one
    article cannot say how much articles differ, and where all values are equal, since an interval of no width would pass
    for certainty. Below about ten values the interval is too narrow (with two there are only three different resamples).
    """
    values = np.asarray(values, float)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    n = len(values)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan, 0, "none")
    estimate = float(np.average(values, weights=weights))
    if n == 1:
        return Interval(estimate, np.nan, np.nan, 1, "none")
    if np.ptp(values) == 0:
        return Interval(estimate, np.nan, np.nan, n, "no variation")

    def weighted_mean(v: Floats, w: Floats, axis: int = -1) -> Floats:
        return np.asarray((v * w).sum(axis=axis) / w.sum(axis=axis))

    for method in ("BCa", "percentile") if n >= 10 else ("percentile",):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = stats.bootstrap(
                (values, weights),
                weighted_mean,
                paired=True,
                vectorized=True,
                confidence_level=level,
                n_resamples=draws,
                batch=max(1, 2_000_000 // n),
                method=method,
                rng=np.random.default_rng(seed),
            ).confidence_interval
        if np.isfinite(found.low) and np.isfinite(found.high):
            break
    return Interval(estimate, float(found.low), float(found.high), n, method)


def group_means(
    table: pd.DataFrame,
    *,
    value: str,
    by: str = "outlet",
    article: str = "article_id",
    unit: str = "sentence_id",
    groups: Sequence[str] | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Mean of `value` over the rows of each group: by, n (rows), articles, mean, low, high, unit, resampled, method.

    Where a group has two or more articles, whole articles are resampled (Cameron, Gelbach & Miller 2008) and
    `resampled` is "article". With one article the rows inside it are resampled and `resampled` is
    "within the article": the interval then shows how much the rows of this text vary, and nothing about the
    outlet. Two such intervals that do not overlap are a difference between two texts. A group without rows has
    n = 0 and NaN.
    """
    require_groups(table, by)
    rows = table.dropna(subset=[value])
    out = []
    for group in groups if groups is not None else list(pd.unique(table[by])):
        part = rows[rows[by] == group]
        per_article = part.groupby(article, sort=True, observed=True)[value].agg(["mean", "size"])
        if len(per_article) >= 2:
            found = bootstrap(per_article["mean"], per_article["size"], level=level, draws=draws, seed=seed)
            resampled = "article"
        else:
            found = bootstrap(part[value], level=level, draws=draws, seed=seed)
            resampled = "within the article" if len(part) else "nothing"
        out.append(
            (
                group,
                len(part),
                len(per_article),
                found.estimate,
                found.low,
                found.high,
                unit_name(unit),
                resampled,
                found.method,
            )
        )
    columns = [by, "n", "articles", "mean", "low", "high", "unit", "resampled", "method"]
    return pd.DataFrame(out, columns=columns)


def count_relabellings(sizes: Iterable[int]) -> int:
    """M: in how many ways the articles can be split into groups of these sizes, the groups' names not counting.

    Groups of the same size that swap all their articles give the same split, so the smallest p that a two-sided
    permutation test can reach is 1 / M: five outlets with one article each 1.0; 4 against 4 .029; five outlets
    with two articles each .0011.
    """
    sizes = [int(s) for s in sizes if s > 0]
    labelled = factorial(sum(sizes)) // prod(factorial(s) for s in sizes)
    return labelled // prod(factorial(same) for same in Counter(sizes).values())


def smallest_p(sizes: Iterable[int]) -> float:
    """1 / M: the smallest p that articles in groups of these sizes can give, however different the groups are."""
    sizes = [int(s) for s in sizes if s > 0]
    if sum(sizes) <= _EXACT:
        return 1 / count_relabellings(sizes)
    same = Counter(sizes).values()
    less = sum(lgamma(n + 1) for n in [*sizes, *same])
    return exp(less - lgamma(sum(sizes) + 1))  # factorials of a million articles have millions of digits


@dataclass(frozen=True)
class PermutationTest:
    """`effect`: second mean less first, in the order of the groups' names; eta squared (0..1) for more than two.

    `smallest_p`: what the test could reach at best. If it lies above the level asked for, a large p means nothing.
    """

    effect: float
    p: float
    smallest_p: float
    relabellings: int
    exact: bool
    groups: int
    articles: int


def permutation_test(
    table: pd.DataFrame,
    *,
    value: str,
    by: str = "outlet",
    article: str = "article_id",
    draws: int = DRAWS,
    seed: int = 0,
) -> PermutationTest:
    """Do groups differ in the mean of their articles' means, if articles had been dealt to the groups by chance?

    The unit is the article: rows of one article are averaged first, each article then counts once. The statistic
    is the sum of squares between groups (for two groups the absolute difference). All relabellings are tried where
    there are at most `draws`, else `draws` random ones, and p = (1 + as extreme) / (1 + draws)
    (Phipson & Smyth 2010). Read the effect first: p says whether chance could do it, not whether it matters.

    ValueError where fewer than two groups have articles or where every group has one: article and outlet are then
    the same thing, and M is 1.
    """
    sample = _sample(table, value=value, by=by, article=article)
    (extreme,) = _count_extreme([sample], draws, seed)
    return _tested(sample, extreme, draws)


def permutation_tests(
    tables: Sequence[pd.DataFrame],
    *,
    value: str,
    by: str = "outlet",
    article: str = "article_id",
    draws: int = DRAWS,
    seed: int = 0,
) -> list[PermutationTest]:
    """`permutation_test` of each table: the same numbers, found together where as many articles are dealt to as many groups.

    Tables are those of the labels of one measure, or of pairs of groups: a label's has every article, also those with none.
    A family of tests needs `benjamini_hochberg`. Errors as in `permutation_test`.
    """
    alike: dict[tuple[int, ...], list[int]] = {}
    samples = [_sample(table, value=value, by=by, article=article) for table in tables]
    for place, sample in enumerate(samples):
        alike.setdefault(sample.sizes, []).append(place)
    found = {}
    # Tests of as many articles one after the other: they are dealt in the same orders, which are kept.
    for places in sorted(alike.values(), key=lambda places: sum(samples[places[0]].sizes)):
        counts = _count_extreme([samples[place] for place in places], draws, seed)
        found.update({p: _tested(samples[p], n, draws) for p, n in zip(places, counts, strict=True)})
    return [found[place] for place in range(len(samples))]


@dataclass(frozen=True)
class _Sample:
    """What is tested: the articles' values less their mean, group by group, the smallest group first."""

    values: Floats
    sizes: tuple[int, ...]
    apart: float  # the second group's mean less the first's, in the order of their names

    @property
    def total(self) -> float:
        """The sum of squares."""
        return float((self.values**2).sum())

    @property
    def between(self) -> float:
        """Of them that between groups."""
        sums = np.add.reduceat(self.values, np.r_[0, np.cumsum(self.sizes)[:-1]])
        return float((sums**2 / np.array(self.sizes)).sum())


def _sample(table: pd.DataFrame, *, value: str, by: str, article: str) -> _Sample:
    require_groups(table, by)
    means = table.dropna(subset=[value]).groupby([by, article], sort=True, observed=True)[value].mean()
    sizes = means.groupby(level=0, sort=True).size().sort_values(kind="stable")
    if len(sizes) < 2:
        raise ValueError(f"a test needs two groups with articles; '{by}' has {len(sizes)}")
    if (sizes == 1).all():
        raise ValueError(
            f"no test between groups of '{by}': each of the {len(sizes)} has one article, so article and {by} are the "
            "same thing and the smallest p is 1.0; add articles, or describe the variation inside each (group_means)"
        )
    values = np.concatenate([means[group].to_numpy(float) for group in sizes.index])
    first, second = sorted(sizes.index)[:2]
    return _Sample(
        values - values.mean(),  # the statistic does not change, rounding does less harm
        tuple(sizes),
        float(means[second].mean() - means[first].mean()),
    )


def _tested(sample: _Sample, extreme: int, draws: int) -> PermutationTest:
    m = count_relabellings(sample.sizes)
    exact = m <= draws
    effect = sample.apart
    if len(sample.sizes) > 2:
        effect = sample.between / sample.total if sample.total > 0 else 0.0
    return PermutationTest(
        effect=effect,
        p=extreme / m if exact else (1 + extreme) / (1 + draws),
        smallest_p=1 / m if exact else max(1 / m, 1 / (1 + draws)),
        relabellings=m,
        exact=exact,
        groups=len(sample.sizes),
        articles=len(sample.values),
    )


def _count_extreme(samples: Sequence[_Sample], draws: int, seed: int) -> list[int]:
    """Of each sample how many relabellings set its groups as far apart as they are; all have groups of the same sizes."""
    sizes = samples[0].sizes
    n = sum(sizes)
    if count_relabellings(sizes) <= draws:
        orders: Iterable[Places] = [np.array(list(_partings(tuple(range(n)), sizes)))]
    else:
        orders = _orders(n, draws, seed)
    values = np.column_stack([sample.values for sample in samples])
    # Relabellings as extreme as the observed one may differ from it by rounding.
    least = np.array([sample.between - 1e-12 * sample.total for sample in samples])
    found = sum((_between(values, order, sizes) >= least).sum(axis=0) for order in orders)
    return [int(number) for number in np.asarray(found)]


_DEALS = 1999


def largest_difference_p(
    values: pd.DataFrame,
    groups: ArrayLike,
    of: object,
    pair: tuple[object, object],
    *,
    draws: int = _DEALS,
    seed: int = 0,
) -> float:
    """How often articles dealt to the groups by chance would set some two groups as far apart, in some variable, as this pair
    is in `of`: p of a difference that was picked as the largest of all variables and pairs, 0..1.

    The single-step maximum statistic of Westfall & Young (1993). `values`: a row an article, a column a variable, NaN where
    an article has no such units; `groups`: the group of each article. A difference is that of the groups' means, in standard
    deviations of the variable over all articles, which dealing does not change. NaN where a group of the pair has no value
    or all values of `of` are equal.
    """
    known = values.loc[:, values.std(ddof=0) > 0]
    if of not in known:
        return float("nan")
    scaled = ((known - known.mean()) / known.std(ddof=0)).to_numpy(float)
    there = ~np.isnan(scaled)
    codes, names = pd.factorize(np.asarray(groups, object))
    both = np.concatenate([np.where(there, scaled, 0.0), there], axis=1)

    def means(order: ArrayLike) -> Floats:
        member = np.zeros((len(names), len(codes)))
        member[codes, np.asarray(order)] = 1.0
        sums, counts = np.hsplit(member @ both, 2)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / counts)

    a, b = (list(names).index(name) for name in pair)
    column = list(known.columns).index(of)
    own = means(np.arange(len(codes)))[:, column]
    observed = abs(own[a] - own[b])
    if np.isnan(observed):
        return float("nan")
    rng = np.random.default_rng(seed)
    as_far = 0
    for _ in range(draws):
        dealt = means(rng.permutation(len(codes)))
        as_far += bool(np.nanmax(np.nanmax(dealt, axis=0) - np.nanmin(dealt, axis=0)) >= observed - 1e-12)
    return (1 + as_far) / (1 + draws)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """q values, 0..1, in the order given (Benjamini & Hochberg 1995); NaN stays NaN and does not join the family.

    Of all rows with q below .05, about one in twenty may be chance, if the tests are independent or positively
    dependent. q cannot mend a p that took sentences for independent.
    """
    p = np.asarray(p, float)
    q = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    if known.any():
        q[known] = stats.false_discovery_control(p[known], method="bh")
    return q


def articles_needed(effect: float, *, outlets: int = 2, power: float = 0.8, alpha: float = 0.05) -> int:
    """Articles per outlet that a test between outlets would need to find `effect` with probability `power`.

    `effect` is Cohen's d (1988): the difference between the highest and the lowest outlet mean, in standard
    deviations of articles within an outlet; the other outlets lie half-way. By the noncentral t or F, hence for
    measures that are roughly normal over articles, and never fewer than the permutation test needs to reach
    `alpha` at all. A guide to the order of size: with one article an outlet the deviation within outlets is not
    known and has to be assumed.
    """
    if not effect > 0:
        raise ValueError(
            f"effect must be above 0, not {effect}: no number of articles shows a difference of 0"
        )
    if outlets < 2:
        raise ValueError(f"outlets must be 2 or more, not {outlets}")

    def enough(n: int) -> bool:
        if smallest_p([n] * outlets) > alpha:
            return False
        spare = outlets * (n - 1)
        limit = stats.f.isf(alpha, outlets - 1, spare)
        return bool(stats.ncf.sf(limit, outlets - 1, spare, n * effect**2 / 2) >= power)

    low, high = 1, 2
    while not enough(high):
        low, high = high, high * 2
        if high > 10_000_000:
            raise ValueError(f"an effect of {effect} needs more than ten million articles per outlet")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _orders(n: int, draws: int, seed: int) -> Iterable[Places]:
    """So many random orders of `n` things, some at a time, the same for every test of as many."""
    return _kept_orders(n, draws, seed) if n * draws <= KEPT else _drawn_orders(n, draws, seed)


@lru_cache(maxsize=1)  # many tests are of as many articles, and drawing takes longer than the rest of a test
def _kept_orders(n: int, draws: int, seed: int) -> Sequence[Places]:
    return list(_drawn_orders(n, draws, seed))


def _drawn_orders(n: int, draws: int, seed: int) -> Iterator[Places]:
    rng = np.random.default_rng(seed)
    things = np.arange(n, dtype=np.uint16 if n < 1 << 16 else np.int64)
    some = max(1, AT_ONCE // n)
    for start in range(0, draws, some):
        yield rng.permuted(np.tile(things, (min(some, draws - start), 1)), axis=1)


def _between(values: Floats, orders: Places, sizes: Sequence[int]) -> Floats:
    """Sum of squares between groups of these sizes for each order (row) of the values and each of their columns (mean 0)."""
    dealt = orders[:, : -sizes[-1]]  # what the last, largest group has is what the others leave
    some, n = dealt.shape
    begins = np.add.outer(np.arange(some) * n, np.cumsum((0, *sizes[:-2])))
    ends = np.append(begins.ravel(), some * n)
    chosen = sparse.csr_array(
        (np.ones(some * n), dealt.ravel(), ends), shape=(some * (len(sizes) - 1), len(values))
    )
    sums = (chosen @ values).reshape(some, len(sizes) - 1, -1)
    squares = (sums**2 / np.array(sizes[:-1])[:, None]).sum(axis=1)
    return np.asarray(squares + sums.sum(axis=1) ** 2 / sizes[-1])


def _partings(items: tuple[int, ...], sizes: tuple[int, ...], after: int = -1) -> Iterator[tuple[int, ...]]:
    """Every way to deal `items` to groups of `sizes` (ascending), as one order; equal groups in one order only."""
    if not sizes:
        yield ()
        return
    same_size_follows = len(sizes) > 1 and sizes[1] == sizes[0]
    for chosen in combinations(items, sizes[0]):
        # A later group of the same size has to start with a later item, else the same parting comes again.
        if chosen[0] > after:
            rest = tuple(i for i in items if i not in chosen)
            for more in _partings(rest, sizes[1:], chosen[0] if same_size_follows else -1):
                yield (*chosen, *more)


def require_groups(table: pd.DataFrame, by: str) -> None:
    """ValueError where rows have no group: they would silently drop out of every comparison."""
    missing = int(table[by].isna().sum())
    if missing:
        raise ValueError(
            f"{missing} of {len(table)} rows have no '{by}': fill it in the metadata or leave these rows out"
        )
