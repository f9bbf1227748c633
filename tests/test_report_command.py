"""`media-analysis report` from end to end: same bytes the second time, and the others go on where one fails."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest

from analysis.cli import main
from analysis.publish.fork_server import ForkServer, fork_server
from analysis.studies import open_study
from measure_report import second_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def annotated(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with the tables that the program keeps."""
    sample = tmp_path_factory.mktemp("annotated") / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables"))
    open_study(sample)
    return sample


@pytest.fixture(scope="module")
def stack(root: Path) -> Iterator[ForkServer]:
    with fork_server(sorted((root / "notebooks").glob("*.ipynb"))) as process:
        yield process


@pytest.fixture
def project(
    root: Path, annotated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: ForkServer
) -> Path:
    """The sample, and the beginnings of two notebooks: what is in a report is tested elsewhere. One process imports for
    all of these reports.
    """
    (tmp_path / "notebooks").mkdir()
    for name in ("03-framing.ipynb", "08-findings.ipynb"):
        notebook = nbformat.read(root / "notebooks" / name, 4)
        notebook.cells = [c for c in notebook.cells[:8] if not re.search("front_page|quotation", c.source)]
        nbformat.write(notebook, tmp_path / "notebooks" / name)
    shutil.copytree(annotated, tmp_path / "data" / "sample")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("analysis.publish.fork_server.fork_server", lambda _: nullcontext(stack))
    return tmp_path


def files(project: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(project)): p.read_bytes()
        for folder in ("reports", "figures")
        for p in (project / folder).rglob("*")
        if p.is_file()
    }


def test_a_second_report_has_the_same_bytes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    first = files(project)
    assert {Path(name).suffix for name in first} >= {".html", ".svg", ".png", ".csv"}
    shutil.rmtree(project / "data" / "sample" / "tables")
    capsys.readouterr()
    assert main(["report", "--fresh"]) == 0
    assert [name for name, data in files(project).items() if first[name] != data] == []
    said = capsys.readouterr().out
    assert "index.html" in said and "unchanged" not in said


def test_where_the_texts_lie_changes_no_page(project: Path) -> None:
    assert main(["report", "sample", "--only", "03"]) == 0
    first = files(project)
    (project / "data" / "sample" / "articles").rename(project / "texts")
    assert main(["report", "sample", "--only", "03", "--articles", "texts"]) == 0
    assert {name: data for name, data in files(project).items() if "/." not in name} == {
        name: data for name, data in first.items() if "/." not in name
    }


def test_what_has_not_changed_is_not_made_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def again(*arguments: str) -> str:
        assert main(["report", "sample", *arguments]) == 0
        return capsys.readouterr().out.splitlines()[0].partition("index.html")[2]

    assert again() == ""
    first = files(project)
    assert again() == " (unchanged)"
    pages, chart = project / "reports" / "sample", project / "figures" / "sample" / "03-frames.svg"
    (pages / "index.html").write_text("written over")
    assert again() == " (2 of 2 notebooks unchanged)"
    chart.unlink()
    assert again() == " (1 of 2 notebooks unchanged)"
    assert files(project) == first
    (project / "reports" / "index.html").unlink()
    assert again() == " (unchanged)"
    assert files(project) == first
    with (project / "data" / "sample" / "study.yml").open("a") as settings:
        settings.write("# a remark\n")
    assert again() == ""


def test_an_article_left_out_is_told_at_the_end_and_on_every_page(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = project / "data" / "sample"
    (sample / "articles" / "wire-2.txt").write_bytes(b"\0\1\2\xff" * 50)
    for made in ("index.html\n", "(unchanged)"):
        assert main(["report", "sample"]) == 0
        said = capsys.readouterr()
        assert "wire-2.txt" in said.err and "is binary, not text" in said.err
        assert "; without 1 file that could not be used" in said.out and made.strip() in said.out
    for page in ("index.html", "03-framing.html", "articles/wire-1.html"):
        html = (project / "reports" / "sample" / page).read_text(encoding="utf-8")
        assert "1 file is left out of every number: wire-2.txt" in html
    assert main(["report", "sample", "--strict", "--fresh"]) == 1


def test_a_second_report_takes_a_small_part_of_the_first_ones_time(project: Path) -> None:
    assert second_run(project) < 0.3  # measured: a tenth or less of the whole report; the machine may be busy


def test_files_left_out_are_named_again_where_nothing_has_changed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "data" / "sample" / "articles" / "scan.jpg").write_bytes(b"a picture")
    assert main(["report", "sample", "--only", "08"]) == 0
    first = capsys.readouterr()
    assert main(["report", "sample", "--only", "08"]) == 0
    second = capsys.readouterr()
    assert "*.jpg (1) a study keeps its texts as plain text" in first.err
    assert (second.err, "(unchanged)" in second.out) == (first.err, True)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a single process there")
def test_ctrl_c_leaves_the_old_report_whole_and_says_one_line(project: Path) -> None:
    code = "import os, pathlib, time\npathlib.Path(f'pid-{os.getpid()}').touch()\ntime.sleep(60)"
    for name in ("04-long", "05-long"):
        cells = [nbformat.v4.new_code_cell("import pandas"), nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / f"{name}.ipynb")
    (project / "reports" / "sample").mkdir(parents=True)
    (project / "reports" / "sample" / "index.html").write_text("the old report")
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "report", "sample", "--jobs", "4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs inherit a SIGINT that is ignored; somebody at a keyboard has one that is not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while len(kernels := list((project / "notebooks").glob("pid-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=20)
    assert (said, errors) == ("", "media-analysis: stopped; what was there before is unchanged\n")
    assert process.returncode == 130
    assert files(project).get("reports/sample/index.html") == b"the old report"
    assert os.listdir(project / "reports") == ["sample"]
    assert len(kernels) == 2
    for kernel in kernels:
        with pytest.raises(ProcessLookupError):
            os.kill(int(kernel.name.removeprefix("pid-")), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
def test_a_complete_report_stays_where_the_process_dies_that_kernels_are_forked_from(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.publish.fork_server.fork_server", fork_server)  # one of its own
    code = "import os\nimport signal\nfrom pathlib import Path\n"
    code += "if Path('kill').exists():\n    os.kill(os.getppid(), signal.SIGTERM)"
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(broken, project / "notebooks" / "05-broken.ipynb")
    assert main(["report", "sample"]) == 0
    before = {name: data for name, data in files(project).items() if name.startswith("reports/sample/")}
    (project / "notebooks" / "kill").touch()
    assert main(["report", "sample", "--fresh"]) == 1
    said = capsys.readouterr()
    assert "reports/sample is the last complete report and stays" in said.err and "Traceback" not in said.err
    after = files(project)
    assert {name: after.get(name) for name in before} == before
    assert "not complete" in after["reports/sample-not-complete/index.html"].decode()


def test_a_failing_notebook_is_named_and_the_others_are_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [
        nbformat.v4.new_code_cell("STUDY = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("1 / 0"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / "05-broken.ipynb")
    assert main(["report", "sample", "--jobs", "2"]) == 1
    said = capsys.readouterr()
    assert "05-broken.ipynb, code cell 2 (1 / 0): ZeroDivisionError" in said.err
    assert "Traceback" not in said.err
    pages = project / "reports" / "sample"
    assert "ZeroDivisionError" in (pages / "05-broken.html").read_text(encoding="utf-8")
    assert "Most frequent frame" in (pages / "index.html").read_text(encoding="utf-8")


def test_only_runs_what_is_named_and_leaves_the_whole_report(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "reports" / "sample").mkdir(parents=True)
    (project / "reports" / "sample" / "index.html").write_text("the whole report")
    assert main(["report", "sample", "--only", "08"]) == 0
    assert sorted(p.name for p in (project / "reports" / "sample-only-08").glob("*.html")) == ["index.html"]
    assert (project / "reports" / "sample" / "index.html").read_text() == "the whole report"
    assert main(["report", "sample", "--only", "99"]) == 2
    assert "--only 99: no such notebook; there are 03-framing, 08-findings" in capsys.readouterr().err


def test_a_report_that_can_be_made_again_is_verified_and_nothing_is_touched(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "sample", "--excerpts", "30", "--single-file"]) == 0
    for path in (project / "figures").rglob("*.csv"):
        path.write_text("mine")
    before = files(project)
    capsys.readouterr()
    assert main(["report", "sample", "--excerpts", "30", "--verify"]) == 0
    told = capsys.readouterr().out
    assert "same     03-framing.html\n" in told and "same     sample-excerpts-single.html\n" in told
    assert told.endswith("all 4 files the same, no input changed\n")
    assert files(project) == before


def test_what_differs_is_named_and_so_is_the_input_that_made_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "sample", "--only", "08"]) == 0
    report = project / "reports" / "sample-only-08"
    with (project / "data" / "sample" / "articles" / "wire-1.txt").open("a") as article:
        article.write("\nThe talks failed, and the war goes on.\n")
    (report / "articles" / "wire-2.html").unlink()
    (report / "notes.txt").write_text("mine")
    with (report / "articles" / "wire-3.html").open("a") as page:
        page.write("<!-- edited -->")
    before = files(project)
    capsys.readouterr()
    assert main(["report", "sample", "--only", "08", "--verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "input changed: article wire-1: different content" in lines
    assert "differs  articles/wire-1.html" in lines
    assert "missing  articles/wire-2.html" in lines
    assert "extra    notes.txt" in lines
    assert "differs  articles/wire-3.html (changed after it was written)" in lines
    assert len([line for line in lines if line.startswith("input changed")]) == 1
    assert files(project) == before


def test_there_must_be_a_report_to_verify(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "sample", "--verify"]) == 2
    assert "no report is there (ro-crate-metadata.json is missing)" in capsys.readouterr().err
