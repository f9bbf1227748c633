"""Corrected shares of positions and their net: what must always hold, and that intervals hold the truth."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from analysis.compare.corrected import corrected_shares
from analysis.compare.corrected_positions import NET, corrected_positions

TRIALS = int(os.environ.get("MEDIA_ANALYSIS_TRIALS", "100"))  # `make fuzz` takes 500
WORTH = {"unfavourable": -1.0, "neutral": 0.0, "favourable": 1.0}


def made(units: int, seed: int, error: float = 0.2) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Units of one outlet, and positions that people and a machine which errs see in them; some hold two."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"sentence_id": [f"s{n}" for n in range(units)], "outlet": "Wire"})
    labels = list(WORTH)
    human = [
        (u, labels[rng.choice(3, p=[0.5, 0.3, 0.2])]) for u in table["sentence_id"] if rng.random() < 0.35
    ]
    human += [(u, "favourable") for u, _ in human if rng.random() < 0.15]
    machine = [
        (u, labels[rng.integers(3)] if rng.random() < error else label)
        for u, label in human
        if rng.random() > error
    ]
    machine += [(u, "unfavourable") for u in table["sentence_id"] if rng.random() < error / 4]
    columns = ["sentence_id", "stance"]
    return table, pd.DataFrame(machine, columns=columns), pd.DataFrame(human, columns=columns)


def by_label(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("stance")


def true_shares(human: pd.DataFrame) -> pd.Series:
    shares = human["stance"].value_counts(normalize=True).reindex(list(WORTH), fill_value=0.0)
    return pd.concat([shares, pd.Series({NET: (shares * pd.Series(WORTH)).sum()})])


def test_where_all_was_coded_people_s_own_positions_are_counted_without_an_interval() -> None:
    units, machine, human = made(80, 1)
    found = by_label(corrected_positions(machine, human, units, units, worth=WORTH))
    assert found["share"].to_dict() == pytest.approx(true_shares(human).to_dict())
    assert (found["low"] == found["share"]).all() and (found["high"] == found["share"]).all()
    assert set(found["method"]) == {"census"} and set(found["coded"]) == {80}
    assert found.loc[NET, "machine"] == pytest.approx((machine["stance"].map(WORTH)).mean())


def test_with_nothing_coded_or_no_position_there_is_no_share() -> None:
    units, machine, human = made(40, 2)
    nobody = corrected_positions(machine, human, units, units.head(0), worth=WORTH)
    assert nobody["share"].isna().all() and set(nobody["method"]) == {"nothing coded"}
    silent = corrected_positions(machine, human.head(0), units, units, worth=WORTH)
    assert silent["share"].isna().all() and silent["low"].isna().all()


def test_intervals_hold_the_truth_as_often_as_they_say_and_shares_are_right_on_average() -> None:
    units, machine, human = made(400, 3)
    right, found = true_shares(human), []
    rng = np.random.default_rng(0)
    for _ in range(TRIALS):
        coded = units.iloc[rng.choice(400, 120, replace=False)].assign(probability=0.3)
        mine = human[human["sentence_id"].isin(coded["sentence_id"])]
        found.append(by_label(corrected_positions(machine, mine, units, coded, worth=WORTH, draws=400)))
    for label, share in right.items():
        inside = np.mean([t.loc[label, "low"] - 1e-9 <= share <= t.loc[label, "high"] + 1e-9 for t in found])
        assert inside > 0.9, label
        assert np.mean([t.loc[label, "share"] for t in found]) == pytest.approx(share, abs=0.02)


def test_unequal_probabilities_are_weighted_back() -> None:
    units, machine, human = made(400, 4)
    spoken = units["sentence_id"].isin(machine["sentence_id"])
    probability = np.where(spoken, 0.6, 0.15)
    rng, nets = np.random.default_rng(1), []
    for _ in range(TRIALS):
        coded = units.assign(probability=probability)[rng.random(400) < probability]
        mine = human[human["sentence_id"].isin(coded["sentence_id"])]
        found = by_label(
            corrected_positions(machine, mine, units, coded, worth=WORTH, draws=50, developed=True)
        )
        nets.append(found.loc[NET, "share"])
    assert np.mean(nets) == pytest.approx(true_shares(human)[NET], abs=0.03)


def test_of_one_position_a_sentence_it_is_the_share_that_is_corrected_sentence_by_sentence() -> None:
    units, machine, human = made(300, 5)
    human, machine = human.drop_duplicates("sentence_id"), machine.drop_duplicates("sentence_id")
    coded = units.sample(150, random_state=1).assign(probability=0.5)
    mine = human[human["sentence_id"].isin(coded["sentence_id"])]
    positions = by_label(corrected_positions(machine, mine, units, coded, worth=WORTH))
    sentences = corrected_shares(machine, mine, units, coded, of="stance", labels=list(WORTH)).set_index(
        "stance"
    )
    ratio = sentences["share"] / sentences["share"].sum()
    assert positions.loc[list(WORTH), "share"].to_dict() == pytest.approx(ratio.to_dict(), abs=0.06)


def test_the_same_coding_gives_the_same_figures_and_a_developed_machine_plays_no_part() -> None:
    units, machine, human = made(200, 6)
    coded = units.head(90).assign(probability=0.45)
    mine = human[human["sentence_id"].isin(coded["sentence_id"])]
    one, two = (corrected_positions(machine, mine, units, coded, worth=WORTH) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    alone = [
        corrected_positions(m, mine, units, coded, worth=WORTH, developed=True)
        for m in (machine, machine.head(1))
    ]
    assert alone[0]["share"].tolist() == alone[1]["share"].tolist() and set(alone[0]["method"]) == {
        "sample alone"
    }
