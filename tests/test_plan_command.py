"""`plan` as a scholar uses it: a pilot, how much more to code, just those drawn, and what they changed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import open_study
from analysis.ask.about_plan import in_time, plan_line
from analysis.coding.draws import sampling_weights
from analysis.coding.files import load_coding
from analysis.compare.coding_plan import Finding, Planner
from analysis.compare.corrected import CodedGroup, poststratified
from analysis.compare.planner import draw_next, plan
from analysis.study import StudyError
from test_coding_commands import code_all, rows_of, run, sentences_of


@pytest.fixture
def study(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample study in a project of its own."""
    sample = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("sheets"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return sample


CONFLICT = ("--finding", "frames:conflict@all", "--finding", "sentiment:negative@all")


def code_by_number(sheet: Path) -> None:
    """Every third sentence is negative, and every fourth a conflict: what the machine finds is no matter."""
    rows = rows_of(sheet)
    for number, row in enumerate(rows):
        row |= {"tone": "negative" if number % 3 == 0 else "neutral"}
        row |= {"frame: conflict": "yes" if number % 4 == 0 else ""}
    pd.DataFrame(rows).to_csv(sheet, index=False, encoding="utf-8-sig")


def more_of(out: str) -> int:
    found = re.search(r"Code ([\d,]+) more sentence", out)
    assert found, out
    return int(found[1].replace(",", ""))


def test_from_a_pilot_to_what_the_planned_sentences_changed(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "plan", "sample", *CONFLICT)
    assert code == 0 and "First code 60 sentences, about 1 hour, to learn" in out
    assert not (study / "coding" / "draws.csv").exists()
    run(capsys, "plan", "sample", *CONFLICT, "--out", "--coders", "anna")
    first = study / "sheets" / "wave-1" / "sample-anna.csv"
    assert len(rows_of(first)) == 60
    code_by_number(first)
    run(capsys, "agreement", first, "--save")

    code, out, _ = run(capsys, "plan", "sample", *CONFLICT, "--points", 6)
    assert code == 0 and "plus or minus 6 points on these 2 findings" in out
    assert "What was coded last" not in out
    planned = more_of(out)
    code, out, _ = run(capsys, "plan", "sample", *CONFLICT, "--points", 6, "--out", "--coders", "anna,ben")
    anna, ben = (study / "sheets" / "wave-2" / f"sample-{coder}.csv" for coder in ("anna", "ben"))
    assert len(rows_of(anna)) == planned and "agreement" in out
    assert sentences_of(anna) == sentences_of(ben) and not sentences_of(anna) & sentences_of(first)
    page = open_study(study).compare.coding_plan().answer("{line}").text
    assert page.startswith("Code ") and page.endswith(
        "The command media-analysis plan sample --out draws them."
    )
    before = (study / "coding" / "draws.csv").read_bytes()
    assert run(capsys, "plan", "sample", *CONFLICT, "--points", 6, "--out", "--coders", "anna,ben")[0] == 0
    assert (study / "coding" / "draws.csv").read_bytes() == before

    for sheet in (anna, ben):
        code_by_number(sheet)
    run(capsys, "agreement", anna, ben, "--save")
    code, out, _ = run(capsys, "plan", "sample", *CONFLICT, "--points", 6)
    assert code == 0
    said = re.search(
        r"What was coded last \(wave 2\) changed (.*) from (\d+)% .* to (\d+)%", out.replace("\n", " ")
    )
    assert said, out
    left = more_of(out) if "Code " in out else 0
    assert left < planned / 4


def test_after_as_many_minutes_as_there_are_findings_are_as_sure_as_they_can_be(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "plan", "sample", "--out", "--coders", "anna")
    sheet = study / "sheets" / "wave-1" / "sample-anna.csv"
    code_by_number(sheet)
    run(capsys, "agreement", sheet, "--save")
    out = run(capsys, "plan", "sample", *CONFLICT, "--minutes", 30, "--pace", 45)[1]
    assert 30 <= more_of(out) <= 40 and "minutes, for plus or minus" in out
    planner = Planner(open_study(study))
    findings = [one for text in CONFLICT[1::2] for one in planner.read(text)]
    wide, narrow = (planner.plan_within(findings, n) for n in (10, 60))
    assert wide.points > narrow.points and wide.more <= 10 and narrow.more <= 60
    assert planner.plan(findings, narrow.points - 0.2).more > 60


def test_by_default_each_outlets_most_frequent_frame_is_to_be_sure(root: Path) -> None:
    study = open_study(root / "data" / "sample")
    findings = Planner(study).default()
    assert [one.outlet for one in findings] == study.outlets
    counts = study.compare.frames().table.sort_values("n", ascending=False).drop_duplicates("outlet")
    top = counts.set_index("outlet")["n"]
    table = study.compare.frames().table.set_index(["outlet", "frame"])["n"]
    assert [table[one.outlet, one.value] for one in findings] == [top[one.outlet] for one in findings]


def test_where_all_is_coded_nothing_more_is_asked_for(root: Path) -> None:
    study = open_study(root / "data" / "us-russia-talks")
    planned = Planner(study).plan(Planner(study).default())
    assert planned.more == 0 and "every sentence behind these 5 findings" in plan_line(planned)
    said = study.compare.coding_plan().answer("{line}").text
    assert "every sentence behind each outlet’s most frequent frame" in said
    assert "--out" not in said
    with pytest.raises(StudyError, match="texts are not here"):
        Planner(study).draw(planned)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("frames:conflct@all", "no code 'conflct'; did you mean 'conflict'?"),
        ("frame:conflict", "no variable 'frame'; did you mean 'frames'?"),
        ("frames", "no code ''"),
        ("negotiations:favourabel", "did you mean 'favourable'?"),
        ("sentiment:negative@Nowhere", "no outlet 'Nowhere'; there are:"),
    ],
)
def test_a_finding_that_is_none_is_named_with_what_was_meant(
    study: Path, capsys: pytest.CaptureFixture[str], finding: str, said: str
) -> None:
    code, _, err = run(capsys, "plan", "sample", "--finding", finding)
    assert code == 2 and said in err


@pytest.mark.parametrize(
    "options", [("--points", "0"), ("--points", "x"), ("--minutes", "0"), ("--points", "5", "--minutes", "5")]
)
def test_options_that_ask_for_nothing_are_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert run(capsys, "plan", "sample", *options)[0] == 2


def test_a_finding_stands_for_every_outlet_unless_it_names_one(root: Path) -> None:
    study = open_study(root / "data" / "sample")
    assert [one.outlet for one in Planner(study).read("negotiations:favourable")] == study.outlets
    only = study.outlets[1]
    assert Planner(study).read(f"sentiment:negative@{only}") == [Finding("sentiment", "negative", only)]


def test_time_is_said_as_people_say_it() -> None:
    assert [in_time(n) for n in (1, 40, 60, 61, 214)] == [
        *("1 minute", "40 minutes", "1 hour", "1 hour", "3 hours 30 minutes"),
    ]


def test_shares_corrected_by_a_pilot_and_a_planned_wave_are_right_on_average_and_intervals_hold() -> None:
    """The whole way, 80 times over one set of sentences: stratified pilot, plan by what it gave, second wave, correction."""
    rng = np.random.default_rng(8)
    n = 240
    y = (rng.random(n) < 0.25).astype(float)
    f = np.where(rng.random(n) < 0.75, y, (rng.random(n) < 0.4).astype(float))
    place = (np.arange(n) < 40).astype(int)  # the pilot takes more of the first forty
    units = pd.DataFrame({"sentence_id": np.arange(n)})
    shares, held, pilots = [], [], []
    for _ in range(80):
        drawn = np.concatenate(
            [
                rng.choice(np.flatnonzero(place == 1), 15, False),
                rng.choice(np.flatnonzero(place == 0), 25, False),
            ]
        )
        chance = np.where(place == 1, 15 / 40, 25 / 200)
        first = units.assign(
            wave=1, stratum=place, probability=chance, drawn=units["sentence_id"].isin(drawn)
        )
        human = np.where(first["drawn"], y, np.nan)
        one = CodedGroup("all", "war", f, human, 1 / chance, np.arange(n))
        made = plan([one], 0.05)
        second = draw_next(units, made, set(drawn), seed=int(rng.integers(1 << 30)))
        chance = second.set_index("stratum")["probability"].groupby(level=0).first()
        later = units.assign(
            wave=2, stratum=made.stratum, drawn=units["sentence_id"].isin(second["sentence_id"])
        )
        later["probability"] = later["stratum"].map(chance).fillna(0.0).mask(first["drawn"])
        coded = {*drawn.tolist(), *second["sentence_id"]}
        weights, _ = sampling_weights(pd.concat([first, later]), coded)
        found = poststratified(
            f, np.where(units["sentence_id"].isin(coded), y, np.nan), units["sentence_id"].map(weights)
        )
        pilots.append(poststratified(f, human, 1 / np.where(place == 1, 15 / 40, 25 / 200)).share)
        shares.append(found.share)
        held.append(found.low <= y.mean() <= found.high)
    assert abs(np.mean(shares) - y.mean()) < 0.012
    assert np.std(shares) < np.std(pilots)
    assert np.mean(held) >= 0.88
    assert abs(f.mean() - y.mean()) > 0.03  # the machine alone is off


def test_the_draw_of_a_plan_is_recorded_with_those_of_which_it_takes_nothing(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "plan", "sample", *CONFLICT, "--out", "--coders", "anna")
    sheet = study / "sheets" / "wave-1" / "sample-anna.csv"
    code_all(sheet)
    run(capsys, "agreement", sheet, "--save")
    outlet = open_study(study).outlets[0]
    run(capsys, "plan", "sample", "--finding", f"sentiment:negative@{outlet}", "--out", "--coders", "anna")
    draws = load_coding(study)["draws"]
    second = draws[draws["wave"] == 2].assign(probability=lambda t: pd.to_numeric(t["probability"]))
    outlets = open_study(study).articles.set_index("article_id")["outlet"]
    others = second[second["article_id"].map(outlets) != outlet]
    assert set(others["drawn"]) == {"no"} and set(others["probability"].dropna()) == {0.0}
    assert (second["drawn"] == "yes").sum() > 0
