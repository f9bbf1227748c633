"""How far two codings agree: coder with coder, machine with reference.

A coding is a Series whose index is the unit and whose value is one label, a number, or a set of codes
("a|b" in a coding sheet). Missing (NA) means not coded; an empty set means coded, with no code that fits.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.tables import DRAWS, LEVEL, Floats, Places

Level = Literal["nominal", "ordinal", "interval", "masi"]
TENTATIVE, RELIABLE = 0.667, 0.800
FEWEST_CASES = 5  # units with a code; of fewer a perfect alpha has an interval of no width, and one unit more changes the verdict
GOOD = ("reliable", "tentative")  # verdicts on which a conclusion may rest


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha (1 perfect, 0 chance, below 0 worse than chance) with its bootstrap interval.

    `resampled`: article where whole articles were drawn, else unit. `p_low`: share of the draws in which alpha lies below .667. `n_units`: units that two coders or more coded.
    `undefined_draws`: share of the draws without any variation, which are left out of `low`, `high` and `p_low`;
    where it is not near 0 the code is too rare for the interval to mean much. A perfect alpha has an interval of no
    width: no resample can hold a disagreement that the sample lacks, however few units it has.
    """

    alpha: float
    low: float
    high: float
    p_low: float
    n_units: int
    verdict: str
    level: str
    undefined_draws: float
    draws: int
    seed: int
    resampled: str = "unit"


def krippendorff_alpha(
    *codings: pd.Series, level: Level = "nominal", order: Sequence[Any] | None = None
) -> float:
    """Krippendorff's alpha = 1 - D_o / D_e (Krippendorff 2019, ch. 12) of two or more codings; NaN without variation.

    `level`: nominal; ordinal (`order` gives the values from low to high, else they are sorted); interval (numbers);
    masi, for sets of codes (Passonneau 2006). Units are joined by index; a unit with one coding says nothing and is
    left out. With few units, or few that have a rare code, one disagreement moves alpha a great deal.
    """
    counts = _counts(codings, level, order)
    return float(_alphas(counts, counts.times[None, :])[0])


def agreement(
    *codings: pd.Series,
    level: Level = "nominal",
    order: Sequence[Any] | None = None,
    articles: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Agreement:
    """Alpha with a 95 % percentile interval over resampled articles, P(alpha < .667) and the verdict in words.

    `articles` says by unit in which article it is: whole articles are drawn (Zapf et al. 2016 on resampling alpha;
    Cameron, Gelbach & Miller 2008 on groups). Without it, or with one article alone, units are drawn as if they were
    independent, which sentences of one article are not quite: that interval is a little too narrow.
    """
    counts = _counts(codings, level, order)
    within = None if articles is None else _patterns_of_articles(counts, articles)
    n = int(counts.times.sum())
    alpha = float(_alphas(counts, counts.times[None, :])[0])
    low = high = p_low = np.nan
    undefined = 1.0
    if not np.isnan(alpha):
        rng = np.random.default_rng(seed)
        # Units coded alike are drawn together: a multinomial over patterns is a resample of units.
        of_articles = np.eye(len(counts.times)) if within is None else within
        chance = counts.times / n if within is None else np.full(len(within), 1 / len(within))
        widest = max(len(counts.times), counts.units.shape[1] ** (2 if level == "ordinal" else 1))
        step = max(1, 4_000_000 // widest)
        drawn_in_all = n if within is None else len(within)
        parts = [
            _alphas(counts, rng.multinomial(drawn_in_all, chance, size=min(step, draws - done)) @ of_articles)
            for done in range(0, draws, step)
        ]
        drawn = np.concatenate(parts)
        undefined = float(np.isnan(drawn).mean())
        drawn = drawn[~np.isnan(drawn)]
        low, high = (float(x) for x in np.quantile(drawn, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2]))
        p_low = float((drawn < TENTATIVE).mean())
    resampled = "unit" if within is None else "article"
    return Agreement(
        alpha, low, high, p_low, n, verdict(alpha, low), level, undefined, draws, seed, resampled
    )


def verdict(alpha: float, low: float, cases: int = FEWEST_CASES) -> str:
    """Krippendorff's (2019, p. 356) rule in words: reliable, tentative, draw no conclusion, or undefined.

    It holds of what was sampled, too (Hayes & Krippendorff 2007): where the interval begins (`low`) below .667 the verdict
    is "not sure", and where fewer than five units (`cases`) have the code "too few to say".
    """
    if np.isnan(alpha):
        return "undefined: no variation"
    if alpha < TENTATIVE:
        return "draw no conclusion"
    if cases < FEWEST_CASES:
        return "too few to say"
    if low < TENTATIVE:
        return "not sure"
    return "reliable" if alpha >= RELIABLE else "tentative"


def coincidence_matrix(*codings: pd.Series, order: Sequence[Any] | None = None) -> pd.DataFrame:
    """Krippendorff's coincidences: value by value, how often both were given to one unit; rows sum to n_v.

    Each unit with m codings adds its m (m - 1) ordered pairs, each 1 / (m - 1): a reader can check alpha with it.
    """
    counts = _counts(codings, "nominal", order)
    names = [_name(v) for v in counts.values]
    return pd.DataFrame(_coincidences(counts, counts.times[None, :])[0], index=names, columns=names)


def gwet_ac1(*codings: pd.Series, values: Sequence[Any] | None = None) -> float:
    """Gwet's AC1 (2008): agreement beyond chance, which stays steady where a code is rare; 1 perfect.

    `values`: all values that coders could give (so that "present" counts although nobody used it); else those seen.
    NaN where only one value could be given. AC1 is high whenever nearly all units lack the code: never read it
    without n and without alpha.
    """
    counts = _counts(codings, "nominal", None, single=True)
    q = len(set(counts.values) | set(values or ()))
    m = counts.units.sum(axis=1)
    both = m >= 2
    if q < 2 or not both.any():
        return float("nan")
    agreeing = (counts.units * (counts.units - 1)).sum(axis=1)[both] / (m * (m - 1))[both]
    observed = np.average(agreeing, weights=counts.times[both])
    share = np.average(counts.units / m[:, None], axis=0, weights=counts.times)
    chance = (share * (1 - share)).sum() / (q - 1)
    return float((observed - chance) / (1 - chance))


def agreement_by_code(
    a: pd.Series,
    b: pd.Series,
    codes: Sequence[str] | None = None,
    *,
    others: Sequence[pd.Series] = (),
    articles: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Each code taken as present or absent in each unit that two codings or more hold.

    One row a code: code, n_units, n_a, n_b (units to which the first and the second coding give the code), alpha, low,
    high, p_low, ac1, verdict. Codings hold one label, a set, or "a|b"; `others` are further coders, whom alpha and AC1
    take in; `articles` as in `agreement`; `verdict` is "too few to say" where fewer than five units have the code. For a code in only a handful of units alpha depends on one or two of them, whatever the number of units: look
    at n_a, n_b and the width of the interval before the verdict.
    """
    codings = _both(a, b) if not others else _twice_coded(a, b, *others)
    out = []
    for code in _codes(*codings) if codes is None else codes:
        given = [s.map(lambda sets, code=code: code in sets).astype(bool) for s in codings]
        found = agreement(*given, articles=articles, draws=draws, seed=seed)
        ac1 = gwet_ac1(*given, values=[True, False])
        numbers = (found.alpha, found.low, found.high, found.p_low, ac1)
        counts = (found.n_units, int(given[0].sum()), int(given[1].sum()))
        cases = int(pd.concat(given, axis=1).eq(True).any(axis=1).sum())
        out.append((code, *counts, *numbers, verdict(found.alpha, found.low, cases)))
    columns = ["code", "n_units", "n_a", "n_b", "alpha", "low", "high", "p_low", "ac1", "verdict"]
    return pd.DataFrame(out, columns=columns)


def scores_by_code(
    found: pd.Series, reference: pd.Series, codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Machine against reference: code, n (right), n_found, n_reference, precision, recall, f1 (0..1).

    Units are those that both hold. Precision is NaN where nothing was found, recall where the reference has nothing,
    f1 only where both. `.f1.mean()` is macro-F1. With n_reference of five, one unit is worth .2 of recall.
    """
    found, reference = _both(found, reference)
    out = []
    for code in _codes(found, reference) if codes is None else codes:
        f, r = ({unit for unit, given in s.items() if code in given} for s in (found, reference))
        out.append((code, len(f & r), len(f), len(r), *_scores(len(f & r), len(f), len(r))))
    return pd.DataFrame(out, columns=["code", "n", "n_found", "n_reference", "precision", "recall", "f1"])


def sets_by_unit(hits: pd.DataFrame, units: Iterable[Hashable], *, unit: str, of: str) -> pd.Series:
    """A coding from a table of hits: for each of `units` the frozenset of its `of` values, empty where it has none."""
    given = hits[[unit, of]].dropna().groupby(unit, observed=True)[of].agg(frozenset).to_dict()
    index = pd.Index(list(dict.fromkeys(units)), name=unit)
    return pd.Series([given.get(u, frozenset()) for u in index], index=index, name=of, dtype=object)


def align(spans: pd.DataFrame, coded: pd.DataFrame, *, start: str = "start", end: str = "end") -> pd.Series:
    """For each span of a machine table the coded sentence of the same article that holds its middle, else NA.

    `coded` has article_id, sentence, start, end; its sentences must not overlap (ValueError). The result has the
    index of `spans`.
    """
    result = pd.Series(pd.NA, index=spans.index, name="sentence", dtype="string")
    ordered = coded[["article_id", "sentence", "start", "end"]].drop_duplicates().sort_values("start")
    by_article = dict(iter(ordered.groupby("article_id", observed=True)))
    middles = (spans[start].astype("Float64") + spans[end].astype("Float64")) / 2
    for article, middle in middles.groupby(spans["article_id"], observed=True):
        if article not in by_article:
            continue
        sentences = by_article[article]
        first, last = sentences["start"].to_numpy(float), sentences["end"].to_numpy(float)
        if (first[1:] < last[:-1]).any():
            raise ValueError(f"coded sentences of article {article} overlap; mend their start and end")
        known = middle.dropna()
        at = np.searchsorted(first, known.to_numpy(float), side="right") - 1
        inside = (at >= 0) & (known.to_numpy(float) < last[np.maximum(at, 0)])
        result[known.index[inside]] = sentences["sentence"].astype("string").to_numpy()[at[inside]]
    return result


def match_spans(a: pd.DataFrame, b: pd.DataFrame, overlap: float = 0.3) -> pd.DataFrame:
    """Spans of one article matched one to one, best Jaccard overlap of characters first: a, b, jaccard.

    `a` and `b` are index labels of the tables given (article_id, start, end); pairs below `overlap` (0..1) are left out.
    """
    out = []
    others = dict(iter(b.dropna(subset=["start", "end"]).groupby("article_id", observed=True)))
    for article, mine in a.dropna(subset=["start", "end"]).groupby("article_id", observed=True):
        if article not in others:
            continue
        theirs = others[article]
        s, e = (mine[c].to_numpy(float)[:, None] for c in ("start", "end"))
        t, f = (theirs[c].to_numpy(float)[None, :] for c in ("start", "end"))
        shared = np.clip(np.minimum(e, f) - np.maximum(s, t), 0, None)
        jaccard = np.divide(shared, (e - s) + (f - t) - shared, out=np.zeros_like(shared), where=shared > 0)
        rows, columns = np.nonzero((jaccard >= overlap) & (shared > 0))
        best = sorted(zip(-jaccard[rows, columns], rows, columns, strict=True))
        taken_a: set[Any] = set()
        taken_b: set[Any] = set()
        for score, i, j in best:
            if i not in taken_a and j not in taken_b:
                taken_a.add(i)
                taken_b.add(j)
                out.append((mine.index[i], theirs.index[j], -float(score)))
    return pd.DataFrame(out, columns=["a", "b", "jaccard"])


def score_spans(
    found: pd.DataFrame, reference: pd.DataFrame, overlap: float = 0.3, *, settled: pd.Series | None = None
) -> pd.DataFrame:
    """Found spans against reference spans, one row: overlap, n (matched), n_found, n_reference, precision, recall, f1.

    `settled` (boolean, by the index of `reference`): reference spans that count; one that is not settled is neither
    missed nor, where found, wrong. Only articles that both tables hold can match.
    """
    pairs = match_spans(reference, found, overlap)
    settled = pd.Series(True, index=reference.index) if settled is None else settled.astype(bool)
    n = int(settled.loc[pairs["a"]].sum())
    n_found, n_reference = len(found) - (len(pairs) - n), int(settled.sum())
    columns = ["overlap", "n", "n_found", "n_reference", "precision", "recall", "f1"]
    return pd.DataFrame(
        [(overlap, n, n_found, n_reference, *_scores(n, n_found, n_reference))], columns=columns
    )


@dataclass(frozen=True)
class _Counts:
    """Each pattern of coding once: how often its units were given each value, and how many units (`times`).

    `index` has the units, `pattern` the number of each one's pattern. `distance` between values is None for ordinal, where it depends on how often each was given.
    """

    units: Floats
    times: Floats
    values: list[Any]
    level: Level
    distance: Floats | None
    index: pd.Index
    pattern: Places


def _counts(
    codings: Sequence[pd.Series], level: Level, order: Sequence[Any] | None, *, single: bool = False
) -> _Counts:
    """Units that have two codings or more (with `single`: one or more), as counts of values."""
    if len(codings) < 2:
        raise ValueError("agreement needs two codings or more")
    for number, coding in enumerate(codings, start=1):
        if coding.index.has_duplicates:
            twice = coding.index[coding.index.duplicated()][0]
            raise ValueError(f"coding {number}: unit {twice!r} appears twice; one value a unit")
    codings = [c.map(_as_set, na_action="ignore") if level == "masi" else c for c in codings]
    data = pd.concat([c.astype(object) for c in codings], axis=1, keys=range(len(codings)), sort=False)
    data = data[data.notna().sum(axis=1) >= (1 if single else 2)]
    seen = set(pd.unique(data.to_numpy().ravel())) if len(data) else set()
    seen = {
        v for v in seen if not (isinstance(v, float) and np.isnan(v)) and v is not pd.NA and v is not None
    }
    if order is not None:
        if unknown := seen - set(order):
            raise ValueError(f"values {sorted(map(str, unknown))} are not in the order {list(order)}")
        values = list(order)
    else:
        values = sorted(seen, key=_name if level in ("nominal", "masi") else None)
    place = {v: i for i, v in enumerate(values)}
    units = np.zeros((len(data), len(values)))
    for column in data.columns:
        at = data[column].map(place, na_action="ignore")
        known = at.notna().to_numpy()
        units[np.flatnonzero(known), at[known].astype(int)] += 1
    units, pattern, times = np.unique(units, axis=0, return_inverse=True, return_counts=True)
    distance = None if level == "ordinal" else _distances(values, level)
    return _Counts(units, times.astype(float), values, level, distance, data.index, pattern.reshape(-1))


def _patterns_of_articles(counts: _Counts, articles: pd.Series) -> Floats | None:
    """How many units of each pattern (column) each article (row) has; None where there is one article alone."""
    number, names = pd.factorize(counts.index.map(articles))
    if len(names) < 2 or (number < 0).any():
        return None
    within = np.zeros((len(names), len(counts.times)))
    np.add.at(within, (number, counts.pattern), 1.0)
    return within


def _distances(values: Sequence[Any], level: Level) -> Floats:
    if level == "interval":
        numbers = np.array(values, float)
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    if level == "masi":
        return np.array([[_masi(v, w) for w in values] for v in values]).reshape(len(values), len(values))
    return 1.0 - np.eye(len(values))


def _masi(a: frozenset[str], b: frozenset[str]) -> float:
    from nltk.metrics.distance import masi_distance  # NLTK takes a second to load, and few codings are sets

    # NLTK divides by the size of the union, which two empty sets do not have.
    return float(masi_distance(a, b)) if a or b else 0.0


def _alphas(counts: _Counts, weights: Floats) -> Floats:
    """Alpha for each row of `weights` (how often each pattern was drawn); NaN where nothing varies."""
    per_value = weights @ counts.units
    n = per_value.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if counts.distance is None:
            # Krippendorff's ordinal distance is the squared difference of mid-ranks among the values given.
            rank = np.cumsum(per_value, axis=1) - per_value / 2
            both = np.einsum("dv,dvw,dw->d", rank, _coincidences(counts, weights), rank)
            squares = (per_value * rank**2).sum(axis=1)
            observed = 2 * (squares - both) / n
            expected = 2 * (n * squares - (per_value * rank).sum(axis=1) ** 2) / (n * (n - 1))
        else:
            given = counts.units
            m = given.sum(axis=1)
            inside = ((given @ counts.distance) * given).sum(axis=1) / (m - 1)
            observed = (weights @ inside) / n
            if counts.level == "interval":  # the same sum by moments: scores have too many values for pairs
                value = np.array(counts.values, float)
                pairs = 2 * (n * (per_value @ value**2) - (per_value @ value) ** 2)
            else:
                pairs = ((per_value @ counts.distance) * per_value).sum(axis=1)
            expected = pairs / (n * (n - 1))
        return np.where(expected > 1e-12, 1 - observed / expected, np.nan)


def _coincidences(counts: _Counts, weights: Floats) -> Floats:
    given = counts.units
    share = weights / (given.sum(axis=1) - 1)
    cross = np.einsum("du,uv,uw->dvw", share, given, given, optimize=True)
    cross[:, range(given.shape[1]), range(given.shape[1])] -= share @ given
    return np.asarray(cross)


def _as_set(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(code.strip() for code in value.split("|") if code.strip())
    return frozenset(value)


def _both(a: pd.Series, b: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Both codings as sets, over the units that both coded, in the order of `a`."""
    a, b = a.dropna().map(_as_set), b.dropna().map(_as_set)
    for name, coding in (("first", a), ("second", b)):
        if coding.index.has_duplicates:
            twice = coding.index[coding.index.duplicated()][0]
            raise ValueError(f"{name} coding: unit {twice!r} appears twice; one value a unit")
    shared = [unit for unit in a.index if unit in b.index]
    if not shared:
        raise ValueError("the two codings share no unit: do they use the same sentence ids?")
    return a.loc[shared], b.loc[shared]


def _twice_coded(*codings: pd.Series) -> tuple[pd.Series, ...]:
    """The codings as sets, over the units that two coders or more coded."""
    given = [coding.dropna().map(_as_set) for coding in codings]
    times = pd.concat([pd.Series(1, index=s.index) for s in given]).groupby(level=0).sum()
    units = times.index[times >= 2]
    if units.empty:
        raise ValueError("no unit was coded twice: do the codings use the same sentence ids?")
    return tuple(s[s.index.isin(units)] for s in given)


def _codes(*codings: pd.Series) -> list[str]:
    return sorted({code for coding in codings for given in coding for code in given})


def _scores(n: int, n_found: int, n_reference: int) -> tuple[float, float, float]:
    precision = n / n_found if n_found else float("nan")
    recall = n / n_reference if n_reference else float("nan")
    f1 = 2 * n / (n_found + n_reference) if n_found + n_reference else float("nan")
    return precision, recall, f1


def _name(value: Any) -> str:
    return "|".join(sorted(value)) if isinstance(value, frozenset) else str(value)
