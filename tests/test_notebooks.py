"""The eight notebooks run from top to bottom, with texts and without, and say what the README says they say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from analysis import tables
from analysis.cli import main
from analysis.publish.fork_server import ForkServer, fork_server
from analysis.publish.run import Run, run_notebooks
from analysis.studies import open_study
from analysis.tables import SheetPlace
from make_notebooks import with_outputs, without_pictures

pytestmark = pytest.mark.slow


def run_all(root: Path, project: Path, study: str, *, only: tuple[str, ...] = ("",), **how: Any) -> list[Run]:
    """All notebooks on one study, or some by their numbers, in a copy of the project that they may write into."""
    (project / "notebooks").mkdir()
    for path in notebooks(root):
        if path.name.startswith(only):
            shutil.copy(path, project / "notebooks")
    ignore = shutil.ignore_patterns("tables", "articles" if study != "sample" else "")
    shutil.copytree(root / "data" / study, project / "data" / study, ignore=ignore)
    return run_notebooks(notebooks(project), parameters={"STUDY": study}, **how)


def notebooks(project: Path) -> list[Path]:
    return sorted((project / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def stack(root: Path) -> Iterator[ForkServer]:
    with fork_server(notebooks(root)) as process:
        yield process


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory, stack: ForkServer) -> tuple[Path, list[Run]]:
    project = tmp_path_factory.mktemp("sample")
    return project, run_all(root, project, "sample", server=stack)


@pytest.fixture(scope="module")
def talks(root: Path, tmp_path_factory: pytest.TempPathFactory, stack: ForkServer) -> tuple[Path, list[Run]]:
    project = tmp_path_factory.mktemp("talks")
    return project, run_all(root, project, "us-russia-talks", server=stack)


def outputs(runs: list[Run]) -> list[str]:
    return [
        output.data["text/html"]
        for run in runs
        for cell in run.notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]


def answers(runs: list[Run]) -> list[str]:
    found = (
        m for html in outputs(runs) for m in re.findall(r'<p class="(?:answer|aside)[^"]*">(.*?)</p>', html)
    )
    return [unescape(re.sub(r"<[^>]*>", "", m)) for m in found]


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_every_notebook_runs(study: str, request: pytest.FixtureRequest) -> None:
    _, runs = request.getfixturevalue(study)
    assert [str(run.error) for run in runs if run.error] == []
    assert len(runs) == 8


def test_forked_kernels_give_the_same_notebooks_and_figures_as_fresh_ones(
    root: Path, sample: tuple[Path, list[Run]], tmp_path: Path
) -> None:
    forked_in, forked = sample
    fresh = run_all(root, tmp_path, "sample", only=("03", "08"))
    assert [run.notebook for run in forked if run.path.name[:2] in ("03", "08")] == [
        run.notebook for run in fresh
    ]
    made = {p.name: p.read_bytes() for p in (tmp_path / "figures" / "sample").iterdir()}
    figures = {p.name: p.read_bytes() for p in (forked_in / "figures" / "sample").iterdir()}
    assert made == {name: data for name, data in figures.items() if name[:2] in ("03", "08")}
    shown = [p for run in fresh for p in run.figure_files(tmp_path / "figures" / "sample")]
    assert {p.name for p in shown} == set(made)


def test_the_stored_outputs_are_those_of_the_present_code(root: Path, sample: tuple[Path, list[Run]]) -> None:
    project, runs = sample
    for run in runs:
        made = with_outputs(run, project / "figures" / "sample")
        stored = nbformat.read(root / "notebooks" / run.path.name, 4)
        assert without_pictures(made) == without_pictures(stored), f"{run.path.name}: run `make notebooks`"


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_no_warning_reaches_the_reader(study: str, request: pytest.FixtureRequest) -> None:
    _, runs = request.getfixturevalue(study)
    said = [
        output.text
        for run in runs
        for cell in run.notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert said == []


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_no_output_holds_a_widget_whose_id_is_random(study: str, request: pytest.FixtureRequest) -> None:
    _, runs = request.getfixturevalue(study)
    kinds = {
        kind
        for run in runs
        for cell in run.notebook.cells
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    }
    assert "text/html" in kinds and [kind for kind in kinds if "widget" in kind] == []
    assert any("Open this notebook in JupyterLab" in html for html in outputs(runs))


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_every_answer_is_a_sentence_of_words_and_numbers(study: str, request: pytest.FixtureRequest) -> None:
    _, runs = request.getfixturevalue(study)
    found = answers(runs)
    assert len(found) > 20
    assert [a for a in found if not a.endswith(".") or "nan" in a.lower().split() or "{" in a] == []


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_every_chart_is_saved_with_its_numbers_and_its_words(
    study: str, request: pytest.FixtureRequest
) -> None:
    project, runs = request.getfixturevalue(study)
    (figures,) = (project / "figures").iterdir()
    charts = {p.stem for p in figures.glob("*.svg")}
    shown = [
        m
        for html in outputs(runs)
        for m in re.findall(
            r'<figure class="chart" id="([^"]+)">.*?(?:<img alt|role="group" aria-label)="([^"]+)"',
            html,
            re.DOTALL,
        )
    ]
    assert charts == {name for name, _ in shown}
    assert len(charts) >= 19
    for name, alt in shown:
        numbers = pd.read_csv(figures / f"{name}.csv")
        assert len(numbers) > 0
        assert (figures / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (figures / f"{name}.txt").read_text(encoding="utf-8").strip() == unescape(alt)
        assert any(c.isdigit() for c in alt), f"{name}: alt text without a number"


def test_the_sample_is_said_to_be_invented_on_every_chart(sample: tuple[Path, list[Run]]) -> None:
    captions = [
        m for html in outputs(sample[1]) for m in re.findall(r'<span class="counted">(.*?)</span>', html)
    ]
    assert captions and all("Invented sample" in caption for caption in captions)


def test_without_texts_places_are_named_and_no_sentence_is_shown(talks: tuple[Path, list[Run]]) -> None:
    evidence = [html for html in outputs(talks[1]) if 'class="evidence"' in html]
    assert evidence and all("text not here; characters" in html for html in evidence)
    assert any("The texts of 5 of 5 articles are not here" in html for html in outputs(talks[1]))


def test_the_committed_figures_are_those_of_the_published_annotations(
    root: Path, talks: tuple[Path, list[Run]]
) -> None:
    made, committed = talks[0] / "figures" / "us-russia-talks", root / "figures" / "us-russia-talks"
    differ = [p.name for p in made.glob("*.csv") if p.read_bytes() != (committed / p.name).read_bytes()]
    assert differ == [], "run: media-analysis report us-russia-talks --articles FOLDER"


def test_the_readme_says_what_notebook_08_computes(root: Path, talks: tuple[Path, list[Run]]) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    block = readme.split("<!-- findings")[1].split("-->", 1)[1].split("<!-- /findings")[0]
    said = [" ".join(item.split()) for item in re.split(r"\n- ", "\n" + block.strip()) if item.strip()]
    computed = [" ".join(a.split()) for a in answers(talks[1][-1:])]
    assert len(said) >= 3
    assert [sentence for sentence in said if sentence not in computed] == [], computed


def test_the_published_annotations_are_those_of_the_texts(root: Path, shared: Path, tmp_path: Path) -> None:
    study = tmp_path / "us-russia-talks"
    shutil.copytree(root / "data" / "us-russia-talks", study, ignore=shutil.ignore_patterns("tables"))
    opened = open_study(study, shared / "us-russia-talks" / "articles")
    for table in tables.ANNOTATIONS:
        tables.write_csv(table, opened.tables[table.name], tmp_path / "now.csv")
        published = root / "data" / "us-russia-talks" / "annotations" / f"{table.name}.csv"
        assert (tmp_path / "now.csv").read_bytes() == published.read_bytes(), (
            f"{table.name}: run `media-analysis publish us-russia-talks --articles FOLDER`"
        )


def test_a_frame_written_into_the_codebook_is_in_every_table_and_chart_of_frames(
    root: Path, tmp_path: Path, stack: ForkServer
) -> None:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(root / "notebooks" / "03-framing.ipynb", tmp_path / "notebooks")
    shutil.copytree(
        root / "data" / "sample", tmp_path / "data" / "sample", ignore=lambda *_: {"tables", "runs"}
    )
    with (tmp_path / "data" / "sample" / "codebook" / "frames.yml").open("a", encoding="utf-8") as file:
        file.write(
            "  weather:\n    name: The weather\n    definition: Is about it.\n    indicators: [(rain*|snow*|wind)]\n"
        )
    (run,) = run_notebooks(notebooks(tmp_path), parameters={"STUDY": "sample"}, server=stack)
    assert run.error is None
    figures = tmp_path / "figures" / "sample"
    for chart in ("03-frames", "03-lead"):
        numbers = pd.read_csv(figures / f"{chart}.csv")
        assert (numbers["frame"] == "weather").sum() == numbers["outlet"].nunique()
        assert "The weather" in (figures / f"{chart}.svg").read_text(encoding="utf-8")
    shown = "".join(outputs([run]))
    assert "<td>weather</td>" in shown and "what=weather" in shown


@pytest.mark.parametrize("study", ["sample", "talks"])
def test_every_chart_of_codes_says_how_far_they_can_be_trusted(study: str, request: Any) -> None:
    project, _ = request.getfixturevalue(study)
    folder = project / "figures" / ("sample" if study == "sample" else "us-russia-talks")
    drawn = ["03-frames", "04-tone", "05-stance", "05-voices", "05-holders"]
    for chart in drawn + ["03-lead"] * (study == "sample"):  # three sentences an outlet are too few to draw
        said = (folder / f"{chart}.txt").read_text(encoding="utf-8")
        if study == "sample":  # nobody coded its sentences
            assert "Krippendorff's alpha: none" in said, chart
            assert "not validated" in (folder / f"{chart}.svg").read_text("utf-8").lower(), chart
        else:
            assert re.search(r"Krippendorff's alpha.*\.\d\d", said), chart


TRAM = {
    "one": "Tram opens\n\nThe new tram line opened on Monday. “It is a great success,” said Ida Lund, the mayor.\nIt was late.\n",
    "two": "Tram late again\n\nThe tram line is a failure, residents said.\nNobody came.\n",
    "three": "Rain\n\nIt rained.\n",
}


def test_all_notebooks_run_on_a_small_study_with_one_stance_target_of_its_own(
    root: Path, tmp_path: Path, stack: ForkServer
) -> None:
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    study = tmp_path / "data" / "tram"
    (study / "articles").mkdir(parents=True)
    (study / "codebook").mkdir()
    for name, text in TRAM.items():
        (study / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    (study / "articles.csv").write_text("file,outlet\none.txt,Courier\ntwo.txt,Gazette\nthree.txt,Gazette\n")
    (study / "study.yml").write_text("title: Tram\ntarget: tram\n")
    (study / "codebook" / "stance.yml").write_text(
        "targets:\n  tram:\n    name: The tram\n    definition: The new line.\n    about: [tram]\n"
        "    positions:\n      favourable: [success]\n      unfavourable: [failure]\n"
    )
    runs = run_notebooks(notebooks(tmp_path), parameters={"STUDY": "tram"}, server=stack)
    assert [str(run.error) for run in runs if run.error] == []
    said = [re.sub(r"<[^>]+>", "", html) for html in outputs(runs) if 'class="answer"' in html]
    assert len(said) >= 25
    assert [answer for answer in said if re.search(r"\bnan\b|\bNone\b|\bis \.|NaN|<NA>", answer)] == []


def test_notebook_02_shows_people_machine_and_learned_coder_of_a_coded_study(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: ForkServer
) -> None:
    """Two people code the sample's sentences as the rules do, but ben sees conflict only every other time."""
    (tmp_path / "notebooks").mkdir()
    shutil.copy(root / "notebooks" / "02-reliability.ipynb", tmp_path / "notebooks")
    folder = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", folder, ignore=lambda *_: {"tables", "runs", "sheets"})
    monkeypatch.chdir(tmp_path)
    assert main(["coding-sheet", "sample", "--sentences", "120", "--coders", "anna,ben", "--csv"]) == 0
    study = open_study("sample")
    frames = {s: set(rows["frame"]) for s, rows in study.frames.groupby("sentence_id")}
    tones = dict(zip(study.sentiment["sentence_id"], study.sentiment["label"], strict=True))
    sheets = [folder / "sheets" / f"sample-{coder}.csv" for coder in ("anna", "ben")]
    for sheet in sheets:
        rows = pd.read_csv(sheet, dtype=str, keep_default_na=False)
        units = rows["place"].map(lambda sign: SheetPlace.from_sign(sign).sentence_id)
        rows["tone"] = units.map(tones)
        for frame in study.codebook.frames:
            rows[f"frame: {frame}"] = ["yes" if frame in frames.get(unit, ()) else "" for unit in units]
        if "ben" in sheet.name:
            rows.loc[rows.index[::2], "frame: conflict"] = ""
        rows.to_csv(sheet, index=False)
    assert main(["agreement", *map(str, sheets), "--save"]) == 0
    assert main(["learn", "sample", "--coder", "anna"]) == 0
    (run,) = run_notebooks(notebooks(tmp_path), parameters={"STUDY": "sample"}, server=stack)
    assert run.error is None
    numbers = pd.read_csv(tmp_path / "figures" / "sample" / "02-frames.csv")
    alpha = numbers.set_index(["comparison", "code"])["alpha"]
    assert set(numbers["comparison"]) == {
        *("coder against coder", "machine against anna", "machine against ben"),
        *("learned against anna", "learned against ben"),
    }
    assert alpha["coder against coder", "diplomacy"] == alpha["machine against anna", "conflict"] == 1
    assert alpha["coder against coder", "conflict"] == alpha["machine against ben", "conflict"] < 0.8
    assert alpha["learned against anna", "diplomacy"] < 1
    missed = sum("conflict" in frames.get(unit, ()) for unit in units[::2])
    shown = "".join(outputs([run]))
    said = [re.sub(r"<[^>]+>", "", html) for html in outputs([run]) if 'class="answer"' in html]
    assert any("The machine and the coders differ on" in answer for answer in said)
    assert any("that the machine and the coders can be compared on" in answer for answer in said)
    assert f"The machine and the coders differ on {missed} decisions" in " ".join(said)
    assert "learned against anna" in shown and "invented" in shown
