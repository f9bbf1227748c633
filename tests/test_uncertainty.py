from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.compare import uncertainty
from analysis.compare.uncertainty import (
    articles_needed,
    benjamini_hochberg,
    bootstrap,
    count_relabellings,
    group_means,
    largest_difference_p,
    permutation_test,
    permutation_tests,
    smallest_p,
    wilson,
)


def articles(**values: list[float]) -> pd.DataFrame:
    rows = [(outlet, f"{outlet}{i}", v) for outlet, vs in values.items() for i, v in enumerate(vs)]
    return pd.DataFrame(rows, columns=["outlet", "article_id", "score"])


@given(st.integers(1, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_equals_scipy(counts):
    n, total = counts
    low, high = wilson(n, total)
    theirs = stats.binomtest(n, total).proportion_ci(method="wilson")
    assert low == pytest.approx(theirs.low, abs=1e-12)
    assert high == pytest.approx(theirs.high, abs=1e-12)
    assert 0 <= low <= n / total <= high <= 1


def test_wilson_of_nothing_is_unknown():
    assert np.isnan(wilson(0, 0)).all()
    with pytest.raises(ValueError, match="between 0 and total"):
        wilson(3, 2)


def test_bootstrap_equals_scipys_bca_from_ten_values_on():
    values = np.random.default_rng(1).normal(size=25)
    mine = bootstrap(values, draws=2000)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=2000, method="BCa", rng=np.random.default_rng(7))
    assert mine.method == "BCa"
    assert mine.low == pytest.approx(theirs.confidence_interval.low, abs=0.05)
    assert mine.high == pytest.approx(theirs.confidence_interval.high, abs=0.05)


def test_bootstrap_is_a_percentile_interval_below_ten_values_and_none_below_two():
    assert bootstrap([1, 2, 3, 5], draws=500).method == "percentile"
    one = bootstrap([0.4])
    assert (one.estimate, one.method) == (0.4, "none")
    assert np.isnan([one.low, one.high]).all()
    assert np.isnan(bootstrap([]).estimate)


def test_bootstrap_repeats_with_its_seed_and_weights_pull_the_mean():
    assert bootstrap([1, 2, 4], seed=3, draws=300) == bootstrap([1, 2, 4], seed=3, draws=300)
    assert bootstrap([0, 1], [3, 1], draws=100).estimate == 0.25


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=15), st.floats(-5, 5))
def test_bootstrap_interval_holds_the_estimate_and_moves_with_the_values(values, shift):
    found = bootstrap(values, draws=100)
    if len(set(values)) == 1:
        assert found.method == "no variation" and np.isnan([found.low, found.high]).all()
        return
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert bootstrap(np.array(values) + shift, draws=100).estimate == pytest.approx(found.estimate + shift)


@pytest.mark.parametrize(
    ("sizes", "p"),
    [([1] * 5, 1.0), ([4, 4], 0.029), ([2] * 5, 0.0011), ([3, 5], 1 / 56), ([7], 1.0), ([0, 4, 4], 0.029)],
)
def test_smallest_p_counts_distinct_relabellings(sizes, p):
    assert smallest_p(sizes) == pytest.approx(p, abs=0.0005 if p < 1 else 0)


@given(st.lists(st.integers(1, 3), min_size=2, max_size=3))
def test_relabellings_are_as_many_as_different_partings(sizes):
    cuts = np.cumsum(sizes)[:-1]
    different = (
        {
            frozenset(frozenset(part.tolist()) for part in np.split(np.array(order), cuts))
            for order in permutations(range(sum(sizes)))
        }
        if sum(sizes) <= 7
        else None
    )
    if different is not None:
        assert count_relabellings(sizes) == len(different)


def test_the_smallest_p_of_many_articles_goes_on_from_that_of_few():
    for sizes in ([76, 75], [30, 40, 90], [51, 51, 51]):
        assert smallest_p(sizes) == pytest.approx(1 / count_relabellings(sizes))
    assert smallest_p([1_000_000] * 4) == 0


def test_four_against_four_fully_apart_reach_the_smallest_p():
    found = permutation_test(articles(a=[1, 2, 3, 4], b=[11, 12, 13, 14]), value="score")
    assert (found.p, found.smallest_p, found.relabellings) == (1 / 35, 1 / 35, 35)
    assert found.exact and found.effect == 10


def test_five_outlets_with_two_articles_each_reach_the_smallest_p():
    found = permutation_test(
        articles(a=[0, 1], b=[10, 11], c=[20, 21], d=[30, 31], e=[40, 41]), value="score"
    )
    assert found.p == found.smallest_p == 1 / 945
    assert 0.99 < found.effect <= 1


# Whole numbers: those that differ by a rounding error are ties to one programme and none to the other.
_SCORES = st.lists(st.integers(-3000, 3000), min_size=2, max_size=4)


@given(_SCORES, _SCORES)
def test_exact_test_equals_scipys(a, b):
    mine = permutation_test(articles(a=a, b=b), value="score")
    theirs = stats.permutation_test(
        (np.array(a), np.array(b)),
        lambda x, y: abs(np.mean(x) - np.mean(y)),
        alternative="greater",
        n_resamples=np.inf,
        vectorized=False,
    )
    assert mine.p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_the_unit_of_measurement_changes_no_p():
    table = articles(a=[1, 5, 2], b=[3, 8, 9])
    small = table.assign(score=table["score"] * 1e-9)
    assert permutation_test(small, value="score").p == permutation_test(table, value="score").p


def test_groups_of_unequal_size_are_relabelled_in_every_way_once():
    found = permutation_test(articles(a=[0, 1], b=[5, 6, 7], c=[2, 3]), value="score")
    assert found.relabellings == 105
    assert found.p >= found.smallest_p == 1 / 105


@given(st.permutations(range(9)))
def test_the_order_of_rows_changes_no_p(order):
    table = articles(a=[1, 5, 2], b=[3, 8, 9], c=[2, 2, 7])
    assert (
        permutation_test(table.iloc[list(order)], value="score").p == permutation_test(table, value="score").p
    )


def test_many_relabellings_are_drawn_and_p_is_never_zero():
    rng = np.random.default_rng(0)
    table = articles(a=list(rng.normal(0, 1, 20)), b=list(rng.normal(9, 1, 20)))
    found = permutation_test(table, value="score", draws=999)
    assert not found.exact
    assert found.p == found.smallest_p == 1 / 1000


def test_p_is_the_same_however_many_relabellings_are_in_memory(monkeypatch):
    rng = np.random.default_rng(0)
    table = articles(a=list(rng.normal(0, 1, 20)), b=list(rng.normal(0.4, 1, 20)))
    at_once = permutation_test(table, value="score", draws=999).p
    assert 0.005 < at_once < 0.5
    uncertainty._kept_orders.cache_clear()
    monkeypatch.setattr(uncertainty, "AT_ONCE", 280)
    assert permutation_test(table, value="score", draws=999).p == at_once
    monkeypatch.setattr(uncertainty, "KEPT", 0)
    assert permutation_test(table, value="score", draws=999).p == at_once
    uncertainty._kept_orders.cache_clear()


def test_rows_of_one_article_count_as_one_article():
    table = articles(a=[1, 2], b=[3, 4])
    assert permutation_test(pd.concat([table] * 50), value="score").articles == 4


def test_a_test_between_outlets_with_one_article_each_is_refused():
    with pytest.raises(ValueError, match="one article"):
        permutation_test(articles(a=[1], b=[2], c=[3]), value="score")
    with pytest.raises(ValueError, match="two groups"):
        permutation_test(articles(a=[1, 2]), value="score")


def test_rows_without_a_group_are_not_dropped_in_silence():
    with pytest.raises(ValueError, match="1 of 2 rows have no 'outlet'"):
        permutation_test(articles(a=[1, 2]).assign(outlet=["a", None]), value="score")


def test_tests_made_together_are_those_made_alone():
    rng = np.random.default_rng(0)
    few = [
        articles(a=[1, 2, 3], b=[7, 8, 9]),
        articles(a=[1, 2, 3], b=[2, 1, 3]),
        articles(a=[1, 5], b=[2, 7, 9]),
    ]
    many = [
        articles(**{name: list(rng.normal(0, 1, n)) for name, n in sizes.items()})
        for sizes in ({"a": 20, "b": 15, "c": 9}, {"a": 20, "b": 15, "c": 9}, {"a": 9, "b": 20, "c": 15}, {"a": 24, "b": 20})
    ]  # fmt: skip
    together = permutation_tests([*few, *many], value="score", draws=999)
    assert together == [permutation_test(table, value="score", draws=999) for table in (*few, *many)]
    assert list(benjamini_hochberg([together[0].p, together[1].p])) == pytest.approx([0.2, 1])
    assert permutation_tests([], value="score") == []


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30))
def test_q_is_never_below_p_and_keeps_the_order(p):
    q = benjamini_hochberg(p)
    p = np.array(p, float)
    known = ~np.isnan(p)
    assert (np.isnan(q) == np.isnan(p)).all()
    assert (q[known] >= p[known] - 1e-12).all()
    assert (np.diff(q[known][np.argsort(p[known], kind="stable")]) >= -1e-12).all()


def test_articles_needed_equals_the_textbook():
    assert articles_needed(0.5) == 64  # Cohen 1988, table 2.4.1
    assert articles_needed(0.8) == 26
    assert articles_needed(0.25 * np.sqrt(8), outlets=4) == 45  # f = .25, four groups
    assert articles_needed(50) >= 4  # three against three could not reach .05 (1 / 10)
    with pytest.raises(ValueError, match="above 0"):
        articles_needed(0)


def test_a_group_with_one_article_is_resampled_within_it_and_says_so():
    table = pd.DataFrame(
        {
            "outlet": ["a"] * 4 + ["b"] * 4,
            "article_id": ["1"] * 4 + ["2", "2", "3", "3"],
            "score": [0.1, 0.2, 0.3, 0.4] * 2,
        }
    )
    found = group_means(table, value="score", draws=200, groups=["b", "a", "z"])
    assert list(found.columns) == [
        "outlet",
        "n",
        "articles",
        "mean",
        "low",
        "high",
        "unit",
        "resampled",
        "method",
    ]
    assert found["resampled"].tolist() == ["article", "within the article", "nothing"]
    assert found["n"].tolist() == [4, 4, 0]
    assert found["mean"].tolist()[:2] == pytest.approx([0.25, 0.25])
    assert found.iloc[0][["low", "high"]].tolist() == pytest.approx([0.15, 0.35])
    assert found.iloc[2][["mean", "low", "high"]].isna().all()


def _noise(seed: int, variables: int = 30) -> tuple[pd.DataFrame, list[str]]:
    values = pd.DataFrame(np.random.default_rng(seed).random((24, variables)))
    return values, ["Wire", "Post", "Herald", "Star"] * 6


def _furthest(values: pd.DataFrame, groups: list[str]) -> tuple[object, tuple[object, object]]:
    means = values.groupby(groups).mean() / values.std(ddof=0)
    of = (means.max() - means.min()).idxmax()
    return of, (means[of].idxmax(), means[of].idxmin())


def test_the_largest_of_many_differences_of_noise_is_seldom_taken_for_one():
    found = []
    for seed in range(100, 140):
        values, groups = _noise(seed)
        found.append(largest_difference_p(values, groups, *_furthest(values, groups), draws=199))
    assert sum(p < 0.05 for p in found) <= 5 and 0.35 < np.mean(found) < 0.65


def test_a_difference_beyond_all_that_dealing_gives_is_found_whatever_else_was_looked_at():
    values, groups = _noise(1)
    values[7] += np.array([3.0 if group == "Wire" else 0.0 for group in groups])
    values.iloc[3, 5] = np.nan
    assert largest_difference_p(values, groups, 7, ("Wire", "Post"), draws=199) < 0.02
    assert largest_difference_p(values, groups, 7, ("Post", "Star"), draws=199) > 0.5
    assert np.isnan(largest_difference_p(values.assign(same=1.0), groups, "same", ("Wire", "Post")))
