"""The notebooks need nothing of this package's runner: Jupyter's own tools run them, from wherever they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies, and a notebook as far as its first chart."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "notebooks").mkdir()
    notebook = nbformat.read(root / "notebooks" / "01-corpus.ipynb", 4)
    first = next(n for n, cell in enumerate(notebook.cells) if ".chart(" in cell.source)
    notebook.cells = [c for c in notebook.cells[: first + 1] if ".quotation(" not in c.source]
    nbformat.write(notebook, folder / "notebooks" / "01-corpus.ipynb")
    for study in ("sample", "us-russia-talks"):
        ignored = shutil.ignore_patterns("tables", "runs", *(() if study == "sample" else ("articles",)))
        shutil.copytree(root / "data" / study, folder / "data" / study, ignore=ignored)
    return folder


def run(*command: str, cwd: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MEDIA_ANALYSIS_")}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_papermill_with_a_parameter_that_notebooks_do_not_have_is_an_error(
    project: Path, tmp_path: Path
) -> None:
    command = [
        "papermill",
        "-p",
        "study",
        "us-russia-talks",
        "notebooks/01-corpus.ipynb",
        str(tmp_path / "out.ipynb"),
    ]
    done = subprocess.run([sys.executable, "-m", *command], cwd=project, capture_output=True, text=True)
    assert done.returncode != 0
    assert "study: the notebooks have no such parameter; write `-p STUDY NAME`" in done.stderr


def test_the_chosen_study_is_that_of_a_notebook_without_parameters(project: Path, tmp_path: Path) -> None:
    choice = project / "notebooks" / "study.yml"
    choice.write_text("study: us-russia-talks\n")
    try:
        run(
            "nbconvert",
            "--execute",
            "--to",
            "notebook",
            "--output-dir",
            str(tmp_path),
            "notebooks/01-corpus.ipynb",
            cwd=project,
        )
    finally:
        choice.unlink()
    assert "Türkiye Today" in answers(tmp_path / "01-corpus.ipynb")


def answers(path: Path) -> str:
    cells = nbformat.read(path, 4).cells
    return "".join(o["data"].get("text/html", "") for c in cells for o in c.get("outputs", []) if "data" in o)


def test_nbconvert_runs_a_notebook_from_another_folder(project: Path, tmp_path: Path) -> None:
    notebook = str(project / "notebooks" / "01-corpus.ipynb")
    run("nbconvert", "--execute", "--to", "notebook", "--output-dir", str(tmp_path), notebook, cwd=tmp_path)
    assert "invented sample" in answers(tmp_path / "01-corpus.ipynb")
    assert (project / "figures" / "sample" / "01-sentences.svg").exists()


def test_papermill_asks_the_same_of_another_study(project: Path, tmp_path: Path) -> None:
    source, target = "notebooks/01-corpus.ipynb", tmp_path / "done.ipynb"
    run("papermill", "--no-progress-bar", "-p", "STUDY", "us-russia-talks", source, str(target), cwd=project)
    assert "Türkiye Today" in answers(target)
    assert (project / "figures" / "us-russia-talks" / "01-sentences.svg").exists()
