"""What holds for every command: nothing acts on the terminal, and what goes wrong is one message, not a traceback."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cli import main
from analysis.cli.guard import explain, was_interrupted
from analysis.publish.report import write_contents
from analysis.study import StudyError, find_study, list_studies
from analysis.text import without_controls

CODES = "\x1b[2J\x1b]0;PWNED\x1b\\\x07\x08\x9b2J\x85\u202egnp\u2066\u200f\r"
ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study whose every name and text holds codes for the terminal."""
    study = tmp_path / "data" / "study"
    (study / "articles").mkdir(parents=True)
    text = f"Envoys {CODES} Meet\n\nThe talks {CODES} failed, said Mara {CODES} Vale, a general.\n"
    (study / "articles" / "one\x1b[2J.txt").write_text(text, encoding="utf-8", newline="")
    (study / "articles" / "empty\x1b[2J.txt").write_text("")
    title = CODES.replace("\r", "")
    (study / "articles.csv").write_text(
        f"file,outlet,title\none\x1b[2J.txt,Wire {title},Envoys {title}\n", encoding="utf-8"
    )
    (study / "study.yml").write_text('title: "Talks \\e[2J \\u202e"\n')
    monkeypatch.chdir(tmp_path)
    return study


@pytest.mark.parametrize(
    "command",
    [
        ("check", "study"),
        ("show", "data/study/articles/one\x1b[2J.txt"),
        ("show", "one\x1b[2J", "--study", "study"),
        ("show", "no\x1b[2Jne", "--study", "study"),
        ("annotate", "data/study/articles", "--out", "o\x1b[2Jut"),
        ("quotes", "study", "--out", "q\x1b[2J.csv"),
        ("coding-sheet", "study", "--coders", "a\x1b[2J"),
        ("coding-sheet", "study", "--out", "s\x1b[2J"),
        ("check", "no\x1b[2Jne"),
    ],
    ids=lambda command: ascii(" ".join(command)),
)
def test_nothing_that_is_printed_acts_on_the_terminal(
    hostile: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with suppress(SystemExit):  # how argparse answers a wrong option
        main(command)
    said = "".join(capsys.readouterr())
    assert ("\ufffd" in said or "\\x1b" in said) and not ACTS.search(said)


def test_colours_and_bars_are_drawn_all_the_same(
    hostile: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["show", "one\x1b[2J", "--study", "study"]) == 0
    shown = capsys.readouterr().out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert plain != shown and "\ufffd" in plain and not ACTS.search(plain)
    assert main(["quotes", "study", "--out", "quotes.csv"]) == 0
    assert (
        "\x1b[2K" in (bars := capsys.readouterr().err)
        and "\ufffd[" not in bars.partition("media-analysis:")[0]
    )


@given(st.text())
def test_only_what_acts_is_replaced(text: str) -> None:
    shown = without_controls(text)
    assert len(shown) == len(text) and not ACTS.search(shown)
    assert all(a == b for a, b in zip(text, shown, strict=True) if not ACTS.match(a))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(a) for a in arguments])
    return code, capsys.readouterr().err


def test_a_file_where_a_folder_has_to_be_and_a_folder_where_a_file_is_one_message(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "sample"
    shutil.copytree(root / "data" / "sample", study, ignore=shutil.ignore_patterns("tables"))
    (tmp_path / "file").write_text("")
    (tmp_path / "quotes.json").mkdir()
    articles = study / "articles"
    for arguments in (
        ("annotate", articles, "--out", tmp_path / "file"),
        ("annotate", articles, "--out", tmp_path / "file" / "out"),
        ("annotate", articles, "--out", tmp_path / ("a" * 300)),
        ("quotes", articles, "--out", tmp_path / "quotes.json"),
        ("coding-sheet", study, "--out", tmp_path / "file"),
        ("check", "a" * 300),
    ):
        code, err = run(capsys, *arguments)
        assert code in (1, 2) and err.startswith("media-analysis: ") and len(err.splitlines()) == 1, err
    for name in ("study.yml", "articles.csv"):
        (study / name).unlink()
        (study / name).mkdir()
        code, err = run(capsys, "check", study)
        assert (
            code == 1
            and err
            == f"media-analysis: {study / name}: Is a directory; name a file, or move the folder away\n"
        )
        (study / name).rmdir()
        shutil.copy(root / "data" / "sample" / name, study)
    assert (tmp_path / "file").read_text() == "" and not any(tmp_path.glob("*/.*"))


def test_each_error_of_the_system_says_where_what_and_what_helps() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "data/s/tables")
    assert (
        explain(full)
        == "data/s/tables: No space left on device; make room on the disk and run the command again"
    )
    assert explain(OSError(errno.ENOSPC, "No space left on device")).startswith(
        "No space left on device; make"
    )
    assert (
        explain(OSError("Cannot save file")) == "Cannot save file; check the place and run the command again"
    )
    assert explain(UnicodeEncodeError("ascii", "café.txt", 3, 4, "no")).startswith(
        r"'caf\xe9.txt' cannot be written"
    )
    assert explain(BrokenProcessPool("terminated abruptly")).endswith(
        "or found no memory; run the command again, where there is more memory"
    )
    assert explain(KeyError("a fault of the program")) == ""


def test_a_fault_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("analysis.cli._run", fails)
    with pytest.raises(ZeroDivisionError):
        main(["check", "sample"])


def test_an_import_that_ctrl_c_broke_off_counts_as_interrupted() -> None:
    error = ImportError("numpy was not imported")
    assert not was_interrupted(error)
    error.__context__ = KeyboardInterrupt()
    assert was_interrupted(error)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_a_command_with_a_word_and_its_workers_without(number: str, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, time, analysis.__main__ as program, analysis.cli as cli\n"
        "def run(_):\n"
        "    worker = os.fork()\n"
        "    time.sleep(0.2 if worker else 20)\n"
        f"    os.kill(worker, signal.{number})\n"
        "    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) < 0\n"
        f"    os.kill(os.getpid(), signal.{number}); time.sleep(20)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler); program._ANSWER = signal.default_int_handler\n"
        "cli._run = run; sys.argv = ['media-analysis', 'lab']; sys.exit(program.main())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=15)
    assert done.returncode == 130, done.stderr
    assert done.stderr == "media-analysis: stopped; what was there before is unchanged\n"


@pytest.mark.parametrize(
    "setting",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=lambda setting: next(iter(setting)),
)
@pytest.mark.parametrize(
    "command", [("check", "sample"), ("show", "data/sample/articles/wire-1.txt")], ids=str
)
def test_a_terminal_without_the_letters_is_no_fault(
    root: Path, command: tuple[str, ...], setting: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *command],
        cwd=root,
        env=os.environ | setting,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0 and done.stderr == b"" and done.stdout.isascii()


def test_a_hidden_folder_is_never_a_study_and_never_a_report(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("talks", ".talks.part-01234567", ".t.partial"):
        (tmp_path / "data" / name / "articles").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert list_studies() == ["talks"]
    for name in (".t.partial", str(tmp_path / "data" / ".t.partial")):
        with pytest.raises(StudyError, match=r"studies here: talks$"):
            find_study(name)
    (tmp_path / "reports" / ".talks.part-01234567").mkdir(parents=True)
    (tmp_path / "reports" / ".talks.part-01234567" / "ro-crate-metadata.json").write_text("{}")
    assert "part-01234567" not in write_contents(tmp_path / "reports").read_text(encoding="utf-8")


def test_tables_are_written_beside_and_other_files_stay(tmp_path: Path, root: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    left = out / ".files.part-01234567"
    left.mkdir()
    assert main(["annotate", str(root / "data" / "sample" / "articles"), "--out", str(out)]) == 0
    assert (out / "notes.txt").read_text() == "mine" and not left.exists()
    assert len(pd.read_parquet(out / "articles.parquet")) > 1
