"""The study is chosen in one place for all notebooks, and a parameter that they do not have is an error."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import analysis
from analysis.choice import (
    Choice,
    load_choice,
    remember_texts,
    remembered_texts,
    require_known_parameters,
    write_choice,
)
from analysis.cli import main
from analysis.study import StudyError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    study = tmp_path / "data" / "tram"
    (study / "articles").mkdir(parents=True)
    (study / "articles" / "one.txt").write_text("Tram opens\n\nThe new tram line opened on Monday.\n")
    (study / "articles.csv").write_text("file,outlet\none.txt,Courier\n")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def test_nothing_chosen_is_the_sample(project: Path) -> None:
    assert load_choice() == Choice("sample", "")


def test_what_is_chosen_is_opened_with_its_texts(project: Path) -> None:
    elsewhere = project / "elsewhere"
    (project / "data" / "tram" / "articles").rename(elsewhere)
    write_choice(Choice("tram", str(elsewhere)))
    study = analysis.open_study()
    assert (study.name, len(study.missing)) == ("tram", 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("studie: tram\n", "may hold study and articles"),
        ("- tram\n", "may hold study and articles"),
        ("a: [\n", "line 2: not valid YAML"),
    ],
)
def test_a_choice_that_cannot_be_read_is_an_error(project: Path, text: str, message: str) -> None:
    (project / "notebooks" / "study.yml").write_text(text)
    with pytest.raises(StudyError, match=message):
        load_choice()


def test_lab_chooses_the_study_for_all_notebooks(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "spawnv", lambda *_: 0)
    assert main(["lab", "tram", "--articles", str(project / "data")]) == 0
    assert load_choice() == Choice("tram", str((project / "data").resolve()))
    assert main(["lab"]) == 0
    assert capsys.readouterr().out.count("The notebooks are about tram.") == 2
    assert main(["lab", "bus"]) != 0 and load_choice().study == "tram"
    assert main(["lab", "--articles", "x"]) != 0


def test_lab_finds_the_texts_where_a_report_last_found_them(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "spawnv", lambda *_: 0)
    texts = project / "texts"
    texts.mkdir()
    study = project / "data" / "tram"
    assert remembered_texts(study) == ""
    remember_texts(study, texts)
    assert main(["lab", "tram"]) == 0
    assert load_choice() == Choice("tram", str(texts.resolve()))
    texts.rmdir()
    assert main(["lab", "tram"]) == 0 and load_choice() == Choice("tram")


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("# Parameters\nSTUDY = 'x'\n", ""),
        ("# Parameters\nstudy = 'x'\nN = 2\n", "N: .*\nstudy: "),
        ("study = 1", ""),
    ],
)
def test_a_parameter_that_notebooks_do_not_have_is_an_error(
    monkeypatch: pytest.MonkeyPatch, cell: str, wrong: str
) -> None:
    kernel = SimpleNamespace(user_ns={"In": ["", "STUDY = None", cell]})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: kernel))
    if not wrong:
        require_known_parameters()
        return
    with pytest.raises(StudyError, match=wrong):
        require_known_parameters()
