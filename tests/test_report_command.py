"""`media-analysis report` from end to end: same bytes the second time, and the others go on where one fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.cli import main

pytestmark = pytest.mark.slow


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks").mkdir()
    for name in ("03-framing", "08-findings"):
        shutil.copy(root / "notebooks" / f"{name}.ipynb", tmp_path / "notebooks")
    sample = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEDIA_ANALYSIS_ARTICLES", raising=False)
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
    assert main(["report"]) == 0
    assert [name for name, data in files(project).items() if first[name] != data] == []
    assert "index.html" in capsys.readouterr().out


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
