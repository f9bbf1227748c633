"""What comes from outside is measured before it is read: no file ends the program, holds it up or fills the memory."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from analysis.cli import main
from analysis.codebook import check_codebook
from analysis.coding.learned import fit, load
from analysis.outside import load_bytes
from analysis.study import StudyError, load_csv_text, load_settings
from analysis.yaml_places import MAX_BYTES, compose, load_yaml

DEEP = "frames: " + "[" * 100_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(f'*{a}' for _ in range(9))}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DEEP, "more than 20 levels"),
        ("title: " + "[" * 1000 + "]" * 1000, "more than 20 levels"),
        (BOMB, "more than 200,000 values"),
        ("title: &a [*a]", "which holds itself"),
        ("title: Trams\ntitle: Trains\n", "line 2: 'title' is here a second time"),
        ("title: [a, b]", "line 1: 'title' must be a text"),
        ("title: {a: b}", "line 1: 'title' must be a text"),
        ("3: Trams", "line 1: unknown key '3'"),
        ("# " + "x" * MAX_BYTES, "Larger than 2 MB"),
    ],
)
def test_settings_that_are_none_are_one_message(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "study.yml").write_text(text)
    assert main(["check", str(tmp_path)]) in (1, 2)
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


@pytest.mark.parametrize("title", ["2025-02-33", "1" * 5000, "yes", ".nan", "2025-02-13"])
def test_a_title_is_a_text_whatever_yaml_would_take_it_for(tmp_path: Path, title: str) -> None:
    (tmp_path / "study.yml").write_text(f"title: {title}\n")
    assert load_settings(tmp_path).title == title


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("frames.yml", DEEP, "more than 20 levels"),
        ("frames.yml", BOMB, "more than 200,000 values"),
        ("tone.yml", "words: {good: .nan}", "must be a number, not '.nan'"),
        ("tone.yml", "words: {good: nan, bad: -inf}", "must be a number, not '-inf'"),
    ],
)
def test_a_codebook_that_is_none_is_a_remark(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    assert any(said in str(remark) for remark in check_codebook(tmp_path) if remark.severity == "error")


@pytest.mark.parametrize(
    "text", ["published: 2025-02-33", f"number: {'1' * 5000}", "a: 1\nb:\n  a: 1\n  a: 2\n"]
)
def test_values_that_cannot_be_are_faults_of_the_file(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        load_yaml(text)


@given(st.recursive(st.text("ab", min_size=1), lambda x: st.lists(x) | st.dictionaries(st.text("ab"), x)))
def test_what_is_no_more_than_a_codebook_is_read_as_ever(held: object) -> None:
    text = yaml.safe_dump({"held": held, "again": held})
    assert load_yaml(text) == yaml.safe_load(text)
    assert yaml.serialize(compose(text)) == yaml.serialize(yaml.compose(text))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name there")
@pytest.mark.parametrize("name", ["study.yml", "articles.csv", "codebook/frames.yml", "coding/sentences.csv"])
def test_a_pipe_for_a_file_is_one_message_and_waits_for_nobody(
    root: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    shutil.copytree(root / "data" / "sample", study, ignore=shutil.ignore_patterns("tables", "runs"))
    (study / name).unlink(missing_ok=True)
    os.mkfifo(study / name)
    assert main(["check", str(study)]) == 1
    assert f"{study / name}: Not a file; name a file" in capsys.readouterr().err


def test_only_so_many_bytes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1234")
    assert load_bytes(path, 4) == b"1234"
    with pytest.raises(OSError, match="Larger than 0 MB"):
        load_bytes(path, 3)
    with pytest.raises(IsADirectoryError):
        load_bytes(tmp_path)


def test_a_csv_of_a_hundred_thousand_columns_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("a," * 100_000)
    with pytest.raises(StudyError, match="line 1: has more than 1,000 columns"):
        load_csv_text(tmp_path / "articles.csv")


@pytest.fixture(scope="module")
def coder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("coder") / "a.coder"
    texts = [f"{word} {n}" for n in range(8) for word in ("war guns", "talks peace")]
    fit(texts, [{"war"} if "war" in text else {"peace"} for text in texts]).save(path)
    return path


def rewritten(coder: Path, name: str, data: bytes) -> bytes:
    """The coder's archive with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(coder) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, data if member == f"{name}.npy" else old.read(member))
    return out.getvalue()


def array(values: np.ndarray, shape: str = "") -> bytes:
    """An array as its file has it; under another shape, where one is given."""
    file = io.BytesIO()
    np.save(file, values)
    data = file.getvalue()
    if not shape:
        return data
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    return data[:10] + head.ljust(len(data[:128]) - 11).encode() + b"\n" + data[128:]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("idf", array(np.zeros(40_000_000))),
        ("idf", array(np.zeros(3), shape="(99999999999,)")),
        ("idf", b"\x93NUMPY"),
        ("weights", None),
        ("about", array(np.frombuffer(b"[" * 99_999, np.uint8))),
    ],
    ids=["unpacks to 320 MB", "claims 800 GB", "cut", "not numbers", "deep JSON"],
)
def test_a_coder_that_would_fill_the_memory_or_is_none_is_refused(
    tmp_path: Path, coder: Path, name: str, data: bytes | None
) -> None:
    assert load(coder).predict(["war guns"]) == [{"war"}]
    if data is None:
        with np.load(coder) as held:
            data = array(np.full_like(held[name], np.nan))
    (tmp_path / "b.coder").write_bytes(rewritten(coder, name, data))
    with pytest.raises(StudyError, match=r"b\.coder: is no coder that media-analysis saved"):
        load(tmp_path / "b.coder")


def test_bytes_that_do_not_unpack_are_no_coder(tmp_path: Path, coder: Path) -> None:
    data = bytearray(coder.read_bytes())
    data[len(data) // 4 : len(data) // 2] = b"\xff" * (len(data) // 2 - len(data) // 4)
    (tmp_path / "b.coder").write_bytes(data)
    with pytest.raises(StudyError, match="is no coder"):
        load(tmp_path / "b.coder")


def test_a_workbook_that_reaches_to_the_last_row_or_unpacks_to_too_much_is_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "sample"
    shutil.copytree(root / "data" / "sample", study, ignore=shutil.ignore_patterns("tables", "runs"))
    assert main(["coding-sheet", str(study), "--coders", "ada", "--out", str(tmp_path / "sheets")]) == 0
    (path,) = (tmp_path / "sheets").glob("*.xlsx")
    book = load_workbook(path)
    book.worksheets[-1].cell(1_048_576, 1, "x")
    for sheet in book.worksheets:
        sheet.cell(1_048_576, 1, "x")
    book.save(tmp_path / "far.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", bytes(250_000_000))
    capsys.readouterr()
    for name, said in (
        ("far.xlsx", "reaches down to cell"),
        ("bomb.xlsx", "not a workbook that can be read"),
    ):
        assert main(["agreement", str(tmp_path / name), "--study", str(study)]) == 2
        assert said in capsys.readouterr().err


def test_answers_that_go_too_deep_are_no_answers(tmp_path: Path) -> None:
    from analysis.coding.model.batch import _load

    (tmp_path / "answers.jsonl").write_text("[" * 99_999 + "\n")
    with pytest.raises(StudyError, match="line 1: is no answer of a batch"):
        _load(tmp_path / "answers.jsonl")
    assert sys.getrecursionlimit() < 99_999
    with pytest.raises(RecursionError):
        json.loads("[" * 99_999)
