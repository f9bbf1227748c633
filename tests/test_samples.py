"""What people coded, as a random sample: the right weights after one wave, two, and three, whatever was left out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import open_study
from analysis.coding.draws import draws_of, list_drawn_from, record_draw, sampling_weights
from analysis.coding.files import load_coding
from analysis.coding.samples import human_sample, machine_codes
from analysis.coding.sampling import draw_for_coders
from analysis.compare.corrected import corrected_shares
from analysis.study import Study

N = 60


def wave(number: int, strata: np.ndarray, take: dict[int, int], coded: set[int], seed: int) -> pd.DataFrame:
    """A draw of so many units of each stratum from those not coded, as `draws_of` has it."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"sentence_id": range(N), "wave": number, "stratum": strata, "drawn": False})
    rows["probability"] = np.nan
    for stratum in np.unique(strata):
        could = [u for u in range(N) if strata[u] == stratum and u not in coded]
        n = min(take.get(int(stratum), 0), len(could))
        rows.loc[could, "probability"] = n / len(could) if could else np.nan
        rows.loc[rng.choice(could, n, replace=False) if n else [], "drawn"] = True
    return rows


def coded_in(draws: pd.DataFrame) -> set[int]:
    return set(draws.loc[draws["drawn"], "sentence_id"])


def strata(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, count, N)


def test_one_wave_gives_the_inverse_of_the_recorded_probability() -> None:
    draws = wave(1, strata(1, 3), {0: 5, 1: 9, 2: 2}, set(), 4)
    weights, reached = sampling_weights(draws, coded_in(draws))
    known = draws.set_index("sentence_id")["probability"]
    assert weights == pytest.approx({u: 1 / known[u] for u in coded_in(draws)})
    assert reached == set(range(N))


def test_a_stratum_of_which_nothing_was_drawn_is_not_reached() -> None:
    draws = wave(1, strata(1, 3), {0: 5, 1: 9}, set(), 4)
    weights, reached = sampling_weights(draws, coded_in(draws))
    assert reached == set(np.flatnonzero(strata(1, 3) != 2))
    assert sum(weights.values()) == pytest.approx(len(reached))


def test_a_later_wave_speaks_for_what_was_added_since_alone() -> None:
    """Articles that came after the first wave: its sentences say nothing of theirs."""
    first = wave(1, np.zeros(N, int), {0: 20}, set(), 1)
    first = first[first["sentence_id"] < 40]
    coded = coded_in(first)
    both = pd.concat([first, wave(2, np.zeros(N, int), {0: 12}, coded, 2)])
    weights, _ = sampling_weights(both, coded_in(both))
    new = sum(weight for unit, weight in weights.items() if unit >= 40)
    assert new == pytest.approx(20)
    assert sum(weights.values()) == pytest.approx(N)


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4))
def test_weights_add_up_to_all_units_and_none_is_below_one(seed: int, one: int, two: int) -> None:
    rng = np.random.default_rng(seed)
    first = wave(1, strata(seed, one), {s: int(rng.integers(2, 8)) for s in range(one)}, set(), seed)
    took = {s: int(rng.integers(0, 15)) for s in range(two)}
    both = pd.concat([first, wave(2, strata(seed + 1, two), took, coded_in(first), seed)])
    coded = coded_in(both)
    weights, reached = sampling_weights(both, coded)
    assert reached == set(range(N))
    assert min(weights.values()) >= 1 - 1e-9
    last = both[both["wave"] == 2]
    for _, rows in last.groupby("stratum"):
        mine = [weights[unit] for unit in rows["sentence_id"] if unit in coded]
        if sum(mine) > len(mine) + 1e-9:  # somebody speaks for the others
            assert sum(mine) == pytest.approx(len(rows))


@pytest.mark.parametrize("plan_looks_at_answers", [False, True])
def test_totals_from_two_waves_are_right_on_average(plan_looks_at_answers: bool) -> None:
    """The second wave takes from some strata more, from one nothing and, as a plan does, by what was coded."""
    rng = np.random.default_rng(3)
    a, b = strata(1, 3), strata(2, 4)
    y = (rng.random(N) < 0.15 + 0.2 * a * (b > 1)).astype(float)
    totals, first_alone, unweighted = [], [], []
    for seed in range(250):
        first = wave(1, a, {0: 3, 1: 8, 2: 12}, set(), seed)
        coded = coded_in(first)
        yes = sum(y[u] for u in coded if b[u] == 3) if plan_looks_at_answers else 2
        both = pd.concat([first, wave(2, b, {1: 4, 2: 7, 3: 3 + 2 * int(min(yes, 2))}, coded, seed + 50_000)])
        weights, _ = sampling_weights(both, coded_in(both))
        totals.append(sum(weight * y[u] for u, weight in weights.items()))
        first_alone.append(sum(weight * y[u] for u, weight in sampling_weights(first, coded)[0].items()))
        unweighted.append(N * np.mean([y[u] for u in coded_in(both)]))
    error = np.std(totals) / np.sqrt(len(totals))
    assert abs(np.mean(totals) - y.sum()) < 4 * error + 0.01 * y.sum()
    assert abs(np.mean(unweighted) - y.sum()) > 0.15 * y.sum()
    assert np.std(totals) < np.std(first_alone)


def test_a_wave_that_nobody_has_coded_yet_changes_nothing() -> None:
    first = wave(1, strata(1, 3), {0: 5, 1: 9, 2: 4}, set(), 4)
    both = pd.concat([first, wave(2, strata(2, 4), {0: 5, 1: 9}, coded_in(first), 2)])
    assert sampling_weights(both, coded_in(first)) == sampling_weights(first, coded_in(first))


def test_what_was_drawn_alike_twice_counts_alike() -> None:
    first = wave(1, np.zeros(N, int), {0: 10}, set(), 1)
    both = pd.concat([first, wave(2, np.zeros(N, int), {0: 20}, coded_in(first), 2)])
    weights, _ = sampling_weights(both, coded_in(both))
    assert set(np.round(list(weights.values()), 9)) == {2.0}


def test_what_was_drawn_before_draws_were_recorded_counts_by_its_own_probability() -> None:
    weights, reached = sampling_weights(
        wave(1, np.zeros(N, int), {}, set(), 1).head(0), {"a", "b"}, {"a": 4.0, "b": 2.0}
    )
    assert weights == {"a": 4.0, "b": 2.0}
    assert reached == {"a", "b"}


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 11), min_size=1))
def test_rows_never_coded_change_no_proportion_between_the_others(missing: set[int]) -> None:
    draws = wave(1, np.zeros(N, int), {0: 12}, set(), 1)
    coded = sorted(coded_in(draws))
    left = {unit for place, unit in enumerate(coded) if place not in missing}
    weights, _ = sampling_weights(draws, left)
    assert sum(weights.values()) == pytest.approx(N if left else 0)
    assert len(set(weights.values())) <= 1


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Study:
    """The sample study in a folder of its own."""
    folder = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", folder, ignore=shutil.ignore_patterns("sheets"))
    return open_study(folder)


def with_coding(study: Study, sample: pd.DataFrame, coder: str = "anna", **columns: object) -> Study:
    """The study after a coder found all that is drawn to be neutral, and a conflict."""
    rows = sample.rename(columns={"sentence_id": "sentence"})
    rows = rows[["article_id", "sentence", "start", "end"]].assign(
        frames="conflict", sentiment="neutral", **columns
    )
    coding = {**load_coding(study.folder)}
    before = coding.get(f"{coder}_sentences")
    rows = pd.concat([before, rows]) if before is not None else rows
    (study.folder / "coding").mkdir(exist_ok=True)
    rows.to_csv(study.folder / "coding" / f"{coder}_sentences.csv", index=False)
    return replace(study, coding=load_coding(study.folder))


def test_a_draw_is_recorded_whole_and_once(study: Study) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 24)
    draw_for_coders(study, ["anna"], 24)
    draws = load_coding(study.folder)["draws"]
    assert set(draws["wave"]) == {1} and len(draws) == len(study.sentences)
    drawn = draws[draws["drawn"] == "yes"]
    assert set(drawn["sentence"]) == set(sample["sentence_id"])
    known = sample.set_index("sentence_id")["probability"]
    assert dict(zip(drawn["sentence"], drawn["probability"].astype(float), strict=True)) == pytest.approx(
        known.to_dict()
    )
    study = with_coding(study, sample)
    draw_for_coders(study, ["anna"], 24)
    draws = load_coding(study.folder)["draws"]
    assert draws["wave"].value_counts().to_dict() == {1: len(study.sentences), 2: len(study.sentences)}
    second = draws[draws["wave"] == 2]
    left_out = second.loc[second["probability"] == "", "sentence"]
    assert set(left_out) == set(sample["sentence_id"])


def test_the_sample_of_a_study_corrects_its_shares(study: Study) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 24)
    study = with_coding(study, sample)
    second, _ = draw_for_coders(study, ["anna"], 30, seed=5)
    study = with_coding(study, second)
    found = human_sample(study, "frames")
    assert len(found.coded) == 54 and found.left_out == 0 and not found.is_census
    assert found.coders == ["anna"] and set(found.human["value"]) == {"conflict"}
    assert (1 / found.coded["probability"]).sum() == pytest.approx(len(study.sentences), rel=0.05)
    shares = corrected_shares(
        machine_codes(study, "frames"), found.human, found.units, found.coded, of="value"
    )
    of_conflict = shares[shares["value"] == "conflict"]
    assert of_conflict["coded"].sum() == 54
    assert (of_conflict["low"] > of_conflict["machine"]).all()  # all that was coded was conflict


def test_a_settled_code_counts_before_that_of_a_coder(study: Study) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 24)
    study = with_coding(study, sample)
    settled = sample.head(5).rename(columns={"sentence_id": "sentence"})
    settled = settled[["article_id", "sentence", "start", "end"]].assign(frames="", sentiment="negative")
    study = replace(study, coding={**study.coding, "sentences": settled})
    found = human_sample(study, "sentiment")
    assert found.human["value"].value_counts().to_dict() == {"neutral": 19, "negative": 5}
    assert found.coders == ["anna", "settled"]


def test_what_nobody_drew_counts_only_where_all_is_coded(study: Study) -> None:
    chosen = study.sentences.head(10)
    study = with_coding(study, chosen)
    some = human_sample(study, "frames")
    assert some.coded.empty and some.left_out == 10
    whole = human_sample(study, "frames", chosen)
    assert whole.is_census and set(whole.coded["probability"]) == {1.0}


def test_the_coded_articles_of_the_first_study_are_a_census(root: Path) -> None:
    study = open_study(root / "data" / "us-russia-talks")
    story = study.sentences[study.sentences["kind"].isin(["deck", "body"])]
    for variable in ("frames", "sentiment", "stance on negotiations"):
        assert human_sample(study, variable, story).is_census


def test_a_sample_from_sheets_that_are_older_than_draws_counts_by_the_coders_probability(
    study: Study,
) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 24)
    (study.folder / "coding" / "draws.csv").unlink()
    old = human_sample(with_coding(study, sample, probability=sample["probability"]), "frames")
    assert old.coded["probability"].tolist() == pytest.approx(
        old.coded["sentence_id"].map(sample.set_index("sentence_id")["probability"]).tolist()
    )


def test_a_target_that_a_coder_never_saw_taken_a_position_on_was_coded_with_none(study: Study) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 24)
    target = next(iter(study.codebook.targets))
    found = human_sample(with_coding(study, sample), f"stance on {target}")
    assert len(found.coded) == 24 and found.human.empty


def test_a_list_that_a_draw_was_made_from_has_those_left_out_without_probability(study: Study) -> None:
    listed = study.sentences.head(6).assign(stratum=[0, 0, 0, 1, 1, 2])
    sample = listed.iloc[[1, 3]]
    rows = list_drawn_from(listed, sample, set(listed["sentence_id"].iloc[[0, 5]]))
    assert rows["probability"].fillna(-1).tolist() == [-1, 0.5, 0.5, 0.5, 0.5, -1]
    record_draw(study, rows)
    again = draws_of(replace(study, coding=load_coding(study.folder)))
    assert again["probability"].fillna(-1).tolist() == [-1, 0.5, 0.5, 0.5, 0.5, -1]
    assert again["drawn"].tolist() == [False, True, False, True, False, False]


def test_a_frame_that_the_codebook_did_not_have_then_was_not_coded_then(study: Study) -> None:
    """Of two waves the first was coded without the frame `economy`, and before there was a second target."""
    sample, _ = draw_for_coders(study, ["anna"], 24)
    others = [code for code in study.codebook.frames if code != "economy"]
    first, second = study.codebook.targets
    study = with_coding(study, sample, asked="|".join([*others, f"stance: {first}"]))
    second_wave, _ = draw_for_coders(study, ["anna"], 30, seed=5)
    every = "|".join([*study.codebook.frames, f"stance: {first}", f"stance: {second}"])
    study = with_coding(study, second_wave, asked=every)
    none = pd.DataFrame(columns=["article_id", "sentence", "target", "stance", "holder"])
    study = replace(study, coding={**study.coding, "anna_stances": none})
    found = human_sample(study, "frames")
    assert set(found.unasked["sentence_id"]) == set(sample["sentence_id"])
    assert set(found.unasked["value"]) == {"economy"}
    shares = corrected_shares(
        machine_codes(study, "frames"),
        found.human,
        found.units,
        found.coded,
        of="value",
        unasked=found.unasked,
    )
    coded = shares.groupby("value")["coded"].sum()
    assert coded["economy"] == 30 and coded["conflict"] == 54
    assert len(human_sample(study, f"stance on {first}").coded) == 54
    assert len(human_sample(study, f"stance on {second}").coded) == 30
