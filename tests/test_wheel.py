"""The package works where it is installed, outside the repository: it carries the notebooks and the sample study."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.project import begin_project

pytest.importorskip("hatchling")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def tracked(root: Path, *folders: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode or not listed.stdout:
        pytest.skip("needs the repository")
    return set(listed.stdout.splitlines())


def test_a_wheel_carries_what_is_in_the_repository_and_no_more(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    places = {"notebooks": "analysis/shipped/notebooks", "data/sample": "analysis/shipped/data/sample"}
    wanted = {name.removeprefix("src/") for name in tracked(root, "src/analysis")}
    for folder, place in places.items():
        wanted |= {name.replace(folder, place, 1) for name in tracked(root, folder)}
    assert names == wanted


@pytest.mark.slow
def test_an_installed_package_makes_a_report_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    place, here = tmp_path / "environment", tmp_path / "here"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (installed,) = place.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    (installed / "others.pth").write_text(sysconfig.get_path("purelib"))  # what it depends on
    here.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def python(*command: str) -> subprocess.CompletedProcess[str]:
        line = [str(place / "bin" / "python"), *command]
        return subprocess.run(line, cwd=here, env=environment, capture_output=True, text=True, check=False)

    said = python("-c", "import analysis; print(analysis.__file__)").stdout
    assert said.startswith(str(installed)), "it is the installed one that runs"
    made = python("-m", "analysis", "report", "--only", "03")
    assert made.returncode == 0, made.stderr
    assert "notebooks was not there; what comes along with the program is in it now" in made.stderr
    assert (here / "reports" / "sample-only-03" / "index.html").exists()
    assert python("-m", "analysis", "report", "--only", "03").stderr == "", "they are there now"


def test_a_project_is_begun_with_what_it_lacks_and_nothing_there_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert begin_project(with_sample=True) == [tmp_path / "notebooks", tmp_path / "data" / "sample"]
    assert not [p for p in tmp_path.rglob("*") if p.name in ("tables", "runs") or p.name.startswith(".")]
    assert main(["check", "sample"]) == 0
    (tmp_path / "notebooks" / "01-corpus.ipynb").write_text("mine")
    assert begin_project(with_sample=True) == []
    assert (tmp_path / "notebooks" / "01-corpus.ipynb").read_text() == "mine"
