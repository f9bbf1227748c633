"""How much more to code, and what: no more than needed, drawn so that it can be weighted back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.draws import sampling_weights
from analysis.compare.corrected import CodedGroup, posterior, poststratified
from analysis.compare.planner import draw_next, plan, units_needed


def pilot(p: float = 0.2, n: int = 400, coded: int = 40, seed: int = 0, label: str = "war") -> CodedGroup:
    """A machine that finds a code of share `p` in four of five places, and people who coded the first `coded`."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < p).astype(float)
    f = np.where(rng.random(n) < 0.9, y, (rng.random(n) < p).astype(float))
    human = np.where(np.arange(n) < coded, y, np.nan)
    return CodedGroup("all", label, f, human, np.full(n, n / coded), np.arange(n))


def test_a_share_of_one_half_takes_the_384_sentences_of_the_textbooks() -> None:
    assert units_needed(10_000_000, 0.25, 0.05) == 385
    assert units_needed(1000, 0.25, 0.05) == 278
    assert units_needed(1000, 0.0, 0.05) == 0


@given(st.integers(1, 10_000), st.floats(0, 0.25), st.floats(0.01, 0.5))
def test_never_more_than_there_are_are_needed_and_fewer_for_less(n: int, variance: float, h: float) -> None:
    assert units_needed(n, variance, h * 1.1) <= units_needed(n, variance, h) <= n


def test_a_precision_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="above 0"):
        units_needed(100, 0.25, 0)
    with pytest.raises(ValueError, match="above 0"):
        plan([pilot()], 0)


def test_a_plan_without_a_pilot_says_to_code_one() -> None:
    with pytest.raises(ValueError, match="pilot"):
        plan([], 0.05)
    one = pilot()
    nothing = CodedGroup("all", "war", one.machine, np.full(400, np.nan), one.weights, one.places)
    with pytest.raises(ValueError, match="pilot"):
        plan([one, nothing], 0.05)


@pytest.mark.parametrize("half_width", [0.08, 0.05, 0.03])
def test_after_coding_as_planned_the_interval_is_as_narrow_as_said(half_width: float) -> None:
    rng = np.random.default_rng(5)
    ratios = []
    for seed in range(15):
        one = pilot(seed=seed, coded=60)
        truth = (np.random.default_rng(seed).random(400) < 0.2).astype(float)
        made = plan([one], half_width)
        units = pd.DataFrame({"sentence_id": range(400)})
        first = units.assign(stratum=0, probability=60 / 400, wave=1, drawn=units["sentence_id"] < 60)
        drawn = draw_next(units, made, set(range(60)), seed=int(rng.integers(1000)))
        second = units.assign(
            stratum=made.stratum, probability=np.where(units["sentence_id"] < 60, np.nan, 0.5), wave=2
        )
        second["drawn"] = second["sentence_id"].isin(drawn["sentence_id"])
        coded = {*range(60), *drawn["sentence_id"]}
        weights, _ = sampling_weights(pd.concat([first, second]), coded)
        found = poststratified(
            one.machine,
            np.where(units["sentence_id"].isin(coded), truth, np.nan),
            units["sentence_id"].map(weights).to_numpy(),
        )
        ratios.append((found.high - found.low) / 2 / made.findings["expected"][0])
    assert np.mean(ratios) == pytest.approx(1, abs=0.15)


def test_a_finding_that_is_narrow_enough_needs_nothing() -> None:
    made = plan([pilot(coded=300)], 0.1)
    assert made.more == 0
    units = pd.DataFrame({"sentence_id": range(400)})
    assert draw_next(units, made, set(range(300))).empty


def test_all_findings_together_take_no_less_than_the_hardest_and_less_than_one_by_one() -> None:
    findings = [
        pilot(0.3, label="war"),
        pilot(0.2, seed=1, label="peace"),
        pilot(0.05, seed=2, label="trade"),
    ]
    made = plan(findings, 0.05)
    assert made.findings["alone"].max() <= made.more + 2
    assert made.more < made.findings["alone"].sum()
    assert (made.findings["expected"] <= 0.0505).all()


def test_findings_on_two_outlets_are_drawn_for_separately() -> None:
    north, south = pilot(), pilot(seed=3)
    south = CodedGroup("south", "war", south.machine, south.human, south.weights, south.places + 400)
    made = plan([north, south], 0.06)
    strata = np.unique(made.stratum[:400]), np.unique(made.stratum[400:])
    assert not set(strata[0]) & set(strata[1])
    assert made.more == made.findings["alone"].sum()


def test_what_the_machine_finds_rarely_is_drawn_more_often() -> None:
    made = plan([pilot(0.05)], 0.03)
    rare = made.strata.sort_values("total").iloc[0]
    often = made.strata.sort_values("total").iloc[-1]
    assert (rare["coded"] + rare["more"]) / rare["total"] > (often["coded"] + often["more"]) / often["total"]


@given(st.sets(st.integers(0, 79), min_size=12, max_size=60), st.integers(0, 100))
def test_what_is_drawn_was_not_coded_and_has_its_probability(coded: set[int], seed: int) -> None:
    rng = np.random.default_rng(1)
    f, y = (rng.random((2, 80)) < 0.3).astype(float)
    human = np.where(np.isin(np.arange(80), list(coded)), y, np.nan)
    one = CodedGroup("all", "war", f, human, np.full(80, 80 / len(coded)), np.arange(80))
    made = plan([one], 0.06)
    units = pd.DataFrame({"sentence_id": range(80)})
    drawn = draw_next(units, made, coded, seed=seed)
    assert len(drawn) == made.more
    assert drawn["sentence_id"].is_unique
    assert not set(drawn["sentence_id"]) & coded
    assert drawn["probability"].between(0, 1, inclusive="right").all()
    for stratum, rows in drawn.groupby("stratum"):
        could = [u for u in range(80) if made.stratum[u] == stratum and u not in coded]
        assert rows["probability"].tolist() == [len(rows) / len(could)] * len(rows)
    pd.testing.assert_frame_equal(drawn, draw_next(units, made, coded, seed=seed))


def test_the_expected_half_width_is_that_of_the_posterior_where_all_is_as_in_the_pilot() -> None:
    one = pilot(coded=200)
    made = plan([one], 0.5)
    low, high = posterior(one.machine, one.human, one.weights).interval()
    assert made.more == 0
    assert made.findings["expected"][0] == pytest.approx((high - low) / 2, abs=0.006)
    assert made.findings["half_width"][0] == (high - low) / 2
