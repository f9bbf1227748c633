"""The command line: exit codes, messages, and what is there afterwards. Nothing ends in a traceback."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import tables
from analysis.cli import main

STORY = "Envoys Meet\n\nThe talks failed, said Mara Vale, a former general. “They want war,” she said.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "one.txt").write_text(STORY, encoding="utf-8")
    return articles


@pytest.fixture
def study(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample study in a project of its own."""
    sample = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables"))
    monkeypatch.chdir(tmp_path)
    return sample


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def test_annotate_writes_every_table_of_the_design(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "annotate", folder, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.startswith("1 articles")
    for table in tables.ALL:
        frame = pd.read_parquet(tmp_path / "out" / f"{table.name}.parquet")
        assert list(frame.columns) == [c.name for c in table.columns]
    quotes = pd.read_parquet(tmp_path / "out" / "quotes.parquet")
    assert [STORY[q.start : q.end] for q in quotes.itertuples()] == ["The talks failed", "They want war"]


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run(capsys, "annotate", tmp_path / "empty", "--out", tmp_path / "out")
    assert code == 2
    assert "holds no article that can be read; put web pages, PDF, Word, text, tables" in err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "annotate", tmp_path / "none", "--out", tmp_path / "out")
    assert code == 2
    assert "none: no such file or folder" in err


def test_what_cannot_be_read_is_listed_and_the_others_go_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.txt").write_bytes(b"\0\1")
    code, _, err = run(capsys, "annotate", folder, "--out", tmp_path / "out")
    assert code == 0
    assert "bad.txt is binary" in err
    assert pd.read_parquet(tmp_path / "out" / "problems.parquet").file.tolist() == ["bad.txt"]


def test_strict_stops_and_leaves_what_was_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "annotate", folder, "--out", tmp_path / "out")
    before = (tmp_path / "out" / "articles.parquet").read_bytes()
    (folder / "bad.txt").write_bytes(b"")
    code, _, _ = run(capsys, "annotate", folder, "--out", tmp_path / "out", "--strict")
    assert code == 1
    assert (tmp_path / "out" / "articles.parquet").read_bytes() == before


def test_check_passes_the_sample(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "sample")
    assert code == 0
    assert "20 articles of 4 outlets, 0 texts missing, 0 files left out" in out


def test_check_lists_all_faults_of_metadata_at_once(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = study / "articles.csv"
    rows = path.read_text(encoding="utf-8").replace("2031-02-12", "12/02/31").replace("2031-03-04", "soon")
    path.write_text(rows, encoding="utf-8")
    code, out, _ = run(capsys, "check", "sample")
    assert code == 2
    assert "line 2: published '12/02/31' is not an ISO date" in out
    assert "line 3: published 'soon' is not an ISO date" in out


def test_check_lists_faults_of_the_codebook_with_file_and_line(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study / "codebook" / "frames.yml").write_text(
        "frames:\n  war:\n    nmae: War\n    indicators: ['(war']\n"
    )
    code, out, err = run(capsys, "check", "sample")
    assert code == 2
    assert "frames.yml, line 3" in out + err and "line 4" in out + err


def test_show_prints_an_annotated_article(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", folder / "one.txt")
    assert code == 0
    assert "Envoys Meet" in out and "Mara Vale" in out


def test_show_says_how_to_name_an_article(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "show", "wire-1")
    assert code == 2
    assert "add --study" in err


def test_new_starts_a_study_and_never_overwrites_one(
    study: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b.docx").write_bytes(b"PK")
    (folder / "c.jpg").write_bytes(b"picture")
    code, out, err = run(capsys, "new", "mine", "--articles", folder)
    assert code == 0 and "articles.csv" in out
    assert "*.jpg (1) no article has this ending" in err
    assert "b.docx is binary, not text in a form that is read" in err
    code, out, _ = run(capsys, "check", "mine")
    assert code == 2 and "line 2: has no outlet; say who published it" in out
    metadata = study.parent / "mine" / "articles.csv"
    metadata.write_text(metadata.read_text().replace("one.txt,", "one.txt,Wire"))
    code, out, _ = run(capsys, "check", "mine")
    assert code == 0 and "1 article of 1 outlet" in out
    code, _, err = run(capsys, "new", "mine", "--articles", folder)
    assert code == 2 and "is there already" in err
    code, _, err = run(capsys, "new", "../mine", "--articles", folder)
    assert code == 2 and "is no name for a study" in err


def test_check_tells_faults_of_every_kind_at_once(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = study / "articles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2031-02-12", "12/02/31"), encoding="utf-8")
    (study / "study.yml").write_text("target: wheat\n")
    code, out, _ = run(capsys, "check", "sample")
    assert code == 2
    assert "line 2: published '12/02/31'" in out
    assert "target 'wheat' is none of the codebook's; write one of: negotiations" in out
    (study / "codebook" / "frames.yml").write_text("frames:\n  war:\n    nmae: War\n")
    code, out, _ = run(capsys, "check", "sample")
    assert "12/02/31" in out and "frames.yml, line 3" in out and "target 'wheat'" in out
    (study / "codebook" / "stance.yml").write_text("targets: [\n")
    _, out, _ = run(capsys, "check", "sample")
    assert "stance.yml, line" in out and "wheat" not in out


def test_a_report_folder_that_cannot_be_made_is_named(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-x.ipynb").write_text("{}")
    (tmp_path / "taken").write_text("a file")
    code, _, err = run(capsys, "report", "--out", tmp_path / "taken")
    assert code == 2 and "no folder can be made there" in err


def test_an_unknown_study_is_answered_with_those_there_are(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "check", "smaple")
    assert code == 2
    assert "studies here: sample" in err


def test_help_tells_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    for name in (
        "report",
        "annotate",
        "check",
        "new",
        "coding-sheet",
        "agreement",
        "publish",
        "show",
        "lab",
        "examples:",
    ):
        assert name in out


def test_a_folder_with_none_of_the_studys_texts_is_named(
    root: Path,
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(root / "data" / "us-russia-talks", tmp_path / "data" / "talks")
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "check", "talks", "--articles", folder)
    assert code == 2
    assert "holds none of this study's texts" in err


def test_check_tells_which_indicators_of_the_study_find_nothing(capsys):
    assert main(["check", "sample"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"data/sample/codebook/\w+\.yml, line \d+: '\w+': '.+' finds nothing in .+", out)
    assert re.search(r"\d+ indicators without a hit", out)


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("import analysis.__main__; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
        (
            "import analysis.__main__ as program, analysis.cli as cli;"
            "cli._run = lambda _: os.kill(os.getpid(), signal.SIGINT) or time.sleep(9);"
            "sys.argv = ['media-analysis', 'lab']; sys.exit(program.main())",
            130,
        ),
    ],
    ids=["while it is loaded", "while it runs"],
)
def test_ctrl_c_gives_no_traceback(when: str, code: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"import os, signal, sys, time; {when}"], capture_output=True, text=True
    )
    assert told.returncode == code and "Traceback" not in told.stderr


def test_a_misspelt_option_is_named_with_the_one_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "sample", "--onyl", "02"])
    assert "unknown argument '--onyl'; did you mean --only?" in capsys.readouterr().err


def test_root_is_told_what_the_lab_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.spawnv", lambda _mode, _path, command: commands.append(command) or 1)
    assert main(["lab"]) == 1 and "add --allow-root" in capsys.readouterr().err
    assert main(["lab", "--allow-root"]) == 1 and "add --allow-root" not in capsys.readouterr().err
    assert [command[-1] == "--allow-root" for command in commands] == [False, True]
