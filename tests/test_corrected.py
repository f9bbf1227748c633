"""Shares corrected by a coded sample: equal to other software, and right at the edges."""

from __future__ import annotations

import json
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from analysis.compare.corrected import (
    CENSUS,
    NO_SAMPLE,
    POSTSTRATIFIED,
    SAMPLE,
    beta_binomial,
    corrected_differences,
    corrected_shares,
    difference_estimate,
    difference_interval,
    posterior,
    poststratified,
    prediction_powered,
    sample_weights,
    sign_probability,
)
from analysis.compare.uncertainty import wilson

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]
REFERENCE = json.loads(Path(__file__).with_name("corrected_reference.json").read_text(encoding="utf-8"))
Z = special.ndtri(0.975)


@pytest.fixture
def reference() -> dict[str, np.ndarray]:
    units = {name: np.array(values) for name, values in REFERENCE["units"].items()}
    return units | {"human": np.where(units["coded"] == 1, units["y"], np.nan)}


@pytest.mark.parametrize(
    ("name", "options", "weighted"),
    [("lam 1", {}, False), ("lam tuned", {"lam": None}, False), ("lam 1 weighted", {}, True)],
)
def test_prediction_powered_shares_are_those_of_ppi_python(
    reference: dict[str, np.ndarray], name: str, options: dict[str, Any], weighted: bool
) -> None:
    found = prediction_powered(
        reference["f"], reference["human"], reference["weight"] if weighted else None, **options
    )
    assert [found.share, found.low, found.high] == pytest.approx(REFERENCE["ppi"][name], abs=1e-9)


@pytest.mark.parametrize("strata", [True, False], ids=["strata named", "strata by weight"])
def test_the_difference_estimator_is_that_of_survey(reference: dict[str, np.ndarray], strata: bool) -> None:
    found = difference_estimate(
        reference["f"],
        reference["human"],
        reference["weight"],
        strata=reference["stratum"] if strata else None,
    )
    error, se = REFERENCE["survey"]["stratified error"]
    assert found.share == pytest.approx(reference["f"].mean() + error, abs=1e-9)
    assert (found.high - found.low) / 2 == pytest.approx(Z * se, abs=1e-9)


def test_a_useless_machine_leaves_the_stratified_sample_of_survey(reference: dict[str, np.ndarray]) -> None:
    nothing = np.zeros(len(reference["f"]))
    found = difference_estimate(nothing, reference["human"], reference["weight"])
    share, se = REFERENCE["survey"]["stratified human"]
    assert [found.share, (found.high - found.low) / 2] == pytest.approx([share, Z * se], abs=1e-9)


@pytest.mark.parametrize(("name", "weighted"), [("poststratified", False), ("weighted poststratified", True)])
def test_the_poststratified_share_is_that_of_survey(
    reference: dict[str, np.ndarray], name: str, weighted: bool
) -> None:
    found = poststratified(reference["f"], reference["human"], reference["weight"] if weighted else None)
    assert found.share == pytest.approx(REFERENCE["survey"][name][0], abs=1e-9)


def test_the_beta_binomial_is_the_integral_of_binomials_over_jeffreys_posterior() -> None:
    p = (np.arange(200_000) + 0.5) / 200_000
    density = p ** (3 + 0.5 - 1) * (1 - p) ** (7 + 0.5 - 1)
    density /= density.sum()
    summed = [comb(12, k) * (p**k * (1 - p) ** (12 - k)) @ density for k in range(13)]
    assert beta_binomial(12, 3.5, 7.5) == pytest.approx(summed, abs=1e-7)


def test_the_interval_is_that_of_two_cells_added_up_by_hand() -> None:
    machine = np.array([0.0] * 40 + [1.0] * 10)
    human = np.full(50, np.nan)
    human[:20] = [1] * 2 + [0] * 18
    human[40:45] = [1] * 4 + [0]
    below = np.zeros(51)
    for i, p in enumerate(beta_binomial(20, 2.5, 18.5)):
        for j, q in enumerate(beta_binomial(5, 4.5, 1.5)):
            below[6 + i + j :] += p * q
    found = poststratified(machine, human)
    assert found.share == pytest.approx((40 * 0.1 + 10 * 0.8) / 50)
    assert found.low * 50 == pytest.approx(np.flatnonzero(below >= 0.025)[0])
    assert found.high * 50 == pytest.approx(np.flatnonzero(below >= 0.975)[0])


@st.composite
def samples(draw: st.DrawFn, least: int = 1) -> Arrays:
    """f of 2 to 60 units, y of at least `least` of them, else NaN, and weights from 1 on."""
    n = draw(st.integers(2, 60))
    f = np.array(draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n)))
    y = np.array(draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n)))
    coded = draw(st.sets(st.integers(0, n - 1), min_size=least))
    w = np.array(draw(st.lists(st.sampled_from([1.0, 2.0, 5.5]), min_size=n, max_size=n)))
    return f, np.where(np.isin(np.arange(n), list(coded)), y, np.nan), w


@given(samples(), st.sampled_from([poststratified, difference_estimate, prediction_powered]))
def test_every_interval_holds_its_share_and_stays_between_0_and_1(sample: Arrays, estimate: Any) -> None:
    found = estimate(*sample)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1


@given(samples())
def test_no_interval_contradicts_what_was_coded(sample: Arrays) -> None:
    _, y, _ = sample
    found = poststratified(*sample)
    assert found.low * len(y) >= np.nansum(y) - 1e-9
    assert found.high * len(y) <= len(y) - np.nansum(1 - y) + 1e-9


@given(samples(), st.integers(0, 2**32 - 1))
def test_the_order_of_units_does_not_matter(sample: Arrays, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(sample[0]))
    for estimate in (poststratified, difference_estimate, prediction_powered):
        a, b = estimate(*sample), estimate(*(x[order] for x in sample))  # type: ignore[operator]
        assert (a.share, a.low, a.high) == pytest.approx((b.share, b.low, b.high), abs=1e-9)


@given(samples(), st.sampled_from([poststratified, difference_estimate, prediction_powered]))
def test_a_census_gives_peoples_share_without_an_interval(sample: Arrays, estimate: Any) -> None:
    f, y, w = sample
    y = np.nan_to_num(y)
    found = estimate(f, y, w)
    assert (found.share, found.low, found.high) == pytest.approx((y.mean(),) * 3)
    assert found.method == CENSUS


@given(samples())
def test_a_machine_without_errors_keeps_its_share(sample: Arrays) -> None:
    f, y, w = sample
    y = np.where(np.isnan(y), np.nan, f)
    assert difference_estimate(f, y, w).share == pytest.approx(f.mean())
    if set(f) <= set(y):
        assert poststratified(f, y, w).share == pytest.approx(f.mean())


@given(st.integers(1, 200), st.data())
def test_a_code_that_nobody_saw_may_still_be_there(n: int, data: st.DataObject) -> None:
    coded = data.draw(st.integers(1, n))
    y = np.where(np.arange(n) < coded, 0.0, np.nan)
    found = poststratified(np.zeros(n), y)
    assert found.share == found.low == 0
    assert found.high <= (n - coded) / n
    assert (found.high > 0) == (n - coded > 0 and beta_binomial(n - coded, 0.5, coded + 0.5)[0] < 0.975)


@given(samples())
@settings(max_examples=50)
def test_the_interval_of_a_difference_is_that_of_all_pairs_of_counts(sample: Arrays) -> None:
    f, y, w = sample
    a, b = posterior(f, y, w), posterior(1 - f, np.where(np.arange(len(y)) % 2, y, np.nan_to_num(y)))
    counts = [(x.first + np.arange(len(x.mass))) / x.units for x in (a, b)]
    every = np.subtract.outer(*counts).ravel()
    order = np.argsort(every, kind="stable")
    below = np.cumsum(np.outer(a.mass, b.mass).ravel()[order])
    ends = every[order][np.searchsorted(below, [0.025 - 1e-12, 0.975 - 1e-12]).clip(max=len(every) - 1)]
    low, high = difference_interval(a, b)
    estimate = a.share - b.share
    assert low <= max(ends[0], -1) + 1e-6
    assert high >= min(ends[1], 1) - 1e-6
    assert low <= estimate + 1e-9
    assert high >= estimate - 1e-9


def _tables(n: int = 40) -> dict[str, pd.DataFrame]:
    """Two outlets of `n` sentences each, half of them coded; `war` is in a half of north, of which the machine finds one
    half, and in a tenth of south."""
    ids = np.arange(2 * n)
    units = pd.DataFrame({"sentence_id": ids, "outlet": np.where(ids < n, "north", "south")})
    true = ids[np.where(ids < n, ids % 4 < 2, ids % 10 == 0)]
    found = ids[np.where(ids < n, ids % 4 == 0, ids % 10 == 0)]
    half = np.random.default_rng(1).permuted(ids.reshape(2, n), axis=1)[:, : n // 2].ravel()
    coded = pd.DataFrame({"sentence_id": half, "probability": 0.5})
    machine, human = (pd.DataFrame({"sentence_id": x, "frame": "war"}) for x in (found, true))
    human = human[human["sentence_id"].isin(half)]
    return {"machine": machine, "human": human, "units": units, "coded": coded}


def test_the_table_has_a_row_a_group_and_code_with_what_was_counted() -> None:
    table = corrected_shares(**_tables(), of="frame", labels=["war", "peace"])
    assert table.columns.tolist() == [
        *(
            "outlet",
            "frame",
            "coded",
            "total",
            "machine",
            "share",
            "low",
            "high",
            "method",
            "developed",
            "unit",
        )
    ]
    assert table[["outlet", "frame"]].values.tolist() == [
        *(["north", "war"], ["north", "peace"], ["south", "war"], ["south", "peace"])
    ]
    assert set(table["coded"]) == {20}
    assert set(table["total"]) == {40}
    assert table["machine"].tolist() == [0.25, 0, 0.1, 0]
    assert set(table["method"]) == {POSTSTRATIFIED}
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()


def test_a_machine_developed_on_the_sample_corrects_nothing_and_is_named() -> None:
    tables = _tables()
    table = corrected_shares(**tables, of="frame", developed=True)
    assert set(table["method"]) == {SAMPLE}
    assert table["developed"].all()
    human = tables["human"].merge(tables["units"])["outlet"].value_counts()
    assert table["share"].tolist() == [human["north"] / 20, human["south"] / 20]


def test_a_group_coded_in_full_is_a_census_and_one_without_coding_has_no_share() -> None:
    tables = _tables()
    north = tables["units"].loc[tables["units"]["outlet"] == "north", ["sentence_id"]]
    table = corrected_shares(**tables | {"coded": north}, of="frame").set_index("outlet")
    assert table["method"].to_dict() == {"north": CENSUS, "south": NO_SAMPLE}
    assert table.loc["north", "low"] == table.loc["north", "high"] == table.loc["north", "share"]
    assert table.loc["south", ["share", "low", "high"]].isna().all()


def test_a_sample_without_probabilities_corrects_nothing() -> None:
    tables = _tables()
    with pytest.raises(ValueError, match="no probability between 0 and 1"):
        corrected_shares(**tables | {"coded": tables["coded"].drop(columns="probability")}, of="frame")


def test_an_unknown_method_is_an_error() -> None:
    with pytest.raises(ValueError, match="none of poststratified"):
        corrected_shares(**_tables(), of="frame", method="wilson")


def test_the_machines_own_interval_misses_what_the_corrected_one_holds() -> None:
    tables = _tables(400)
    north = corrected_shares(**tables, of="frame").iloc[0]
    low, high = wilson(north["machine"] * 400, 400)
    assert not low <= 0.5 <= high
    assert north["low"] <= 0.5 <= north["high"]


def test_weights_make_up_for_unequal_chances_of_being_drawn() -> None:
    units = pd.DataFrame({"sentence_id": range(100), "outlet": "north"})
    coded = pd.DataFrame({"sentence_id": [*range(10), *range(50, 55)], "probability": [0.2] * 10 + [0.1] * 5})
    weights = sample_weights(units, coded)
    assert np.nansum(weights) == pytest.approx(100)
    assert weights[0] * 2 == pytest.approx(weights[50])
    assert np.isnan(weights[99])


def test_a_clear_difference_is_called_and_none_is_not() -> None:
    tables = _tables(400)
    units = tables["units"].assign(half=np.where(np.arange(800) % 40 < 20, "a", "b"))
    clear = corrected_differences(**tables, of="frame").iloc[0]
    assert clear["called"]
    assert clear["low"] > 0
    assert clear["difference"] == pytest.approx(0.4, abs=0.05)
    same = corrected_differences(**tables | {"units": units}, of="frame", by="half").iloc[0]
    assert not same["called"]
    assert same["low"] < 0 < same["high"]


def test_a_difference_of_two_censuses_is_sure_unless_it_is_none() -> None:
    y = np.array([1.0, 0, 0, 0])
    a, b = posterior(y, y), posterior(y, np.array([1.0, 1, 0, 0]))
    assert sign_probability([(a, b), (a, a)]).tolist() == [1, 0.5]
    assert difference_interval(a, b) == pytest.approx((-0.25, -0.25))


def test_among_many_differences_of_chance_a_lone_large_one_is_doubted() -> None:
    rng = np.random.default_rng(4)

    def half(p: float) -> Any:
        y = (rng.random(200) < p).astype(float)
        return posterior(np.zeros(200), np.where(np.arange(200) < 60, y, np.nan))

    alike = [(half(0.2), half(0.2)) for _ in range(12)]
    far = [(half(0.1), half(0.5)) for _ in range(12)]
    doubtful = (half(0.12), half(0.27))
    among_alike, among_far = (sign_probability([doubtful, *others])[0] for others in (alike, far))
    assert 0.5 < among_alike < among_far < 1


def test_a_posterior_needs_a_coded_unit() -> None:
    with pytest.raises(ValueError, match="none is coded"):
        posterior([0, 1], [np.nan, np.nan])
    assert poststratified([0, 1], [np.nan, np.nan]).method == NO_SAMPLE
