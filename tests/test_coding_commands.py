"""`coding-sheet` and `agreement` as a scholar uses them: draw, code, compare, keep."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import open_study
from analysis.cli import main
from analysis.tables import SheetPlace


@pytest.fixture
def study(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample study in a project of its own."""
    sample = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("sheets"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return sample


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main([str(a) for a in arguments])
    except SystemExit as stop:  # how argparse answers a wrong option
        code = int(str(stop.code))
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def sentences_of(path: Path) -> set[str]:
    return {place.sentence_id for row in rows_of(path) if (place := SheetPlace.from_sign(row["place"]))}


def code_all(path: Path, tone: str = "neutral", **columns: str) -> None:
    rows = rows_of(path)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "tone": tone, **columns} for row in rows)


def test_sheets_are_drawn_coded_compared_and_kept(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "coding-sheet", "sample", "--sentences", 24, "--coders", "anna,ben")
    assert code == 0 and "24 sentences of" in out
    anna, ben = (study / "sheets" / f"sample-{coder}.csv" for coder in ("anna", "ben"))
    assert sorted(p.name for p in (study / "sheets").iterdir()) == [
        *("sample-anna.csv", "sample-anna.xlsx", "sample-ben.csv", "sample-ben.xlsx")
    ]
    code_all(anna, **{"frame: conflict": "yes"})
    code_all(ben)
    code, out, _ = run(capsys, "agreement", anna, ben)
    assert code == 0 and not (study / "coding" / "anna_sentences.csv").exists()
    assert (
        "anna: 24 sentences coded, 0 left empty" in out and "machine and ben: 24 sentences in common" in out
    )
    assert max(len(line.rstrip()) for line in out.splitlines()) <= 80 and "\x1b" not in out
    code, out, _ = run(capsys, "agreement", anna, ben, "--save")
    kept = pd.read_csv(study / "coding" / "anna_sentences.csv")
    assert list(kept.columns)[:6] == ["article_id", "sentence", "start", "end", "frames", "sentiment"]
    assert len(kept) == 24 and set(kept["frames"]) == {"conflict"}
    texts = open_study(study).articles.set_index("article_id")["text"]
    there = {" ".join(texts[k.article_id][k.start : k.end].split()) for k in kept.itertuples()}
    assert there == {row["sentence"].removeprefix("'") for row in rows_of(anna)}
    assert "anna_sentences" in open_study(study).coding


def test_what_is_kept_is_replaced_only_when_told(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "coding-sheet", "sample", "--sentences", 5, "--coders", "anna", "--csv")
    sheet = study / "sheets" / "sample-anna.csv"
    code_all(sheet)
    run(capsys, "agreement", sheet, "--save")
    kept = study / "coding" / "anna_sentences.csv"
    before = kept.read_bytes()
    code_all(sheet, "positive")
    code, _, err = run(capsys, "agreement", sheet, "--save")
    assert code == 2 and err.count("otherwise before; --replace puts the new coding in its place") == 5
    assert kept.read_bytes() == before
    assert run(capsys, "agreement", sheet, "--save", "--replace")[0] == 0
    assert set(pd.read_csv(kept)["sentiment"]) == {"positive"}


def test_what_coders_differ_on_is_settled_and_becomes_the_reference(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "coding-sheet", "sample", "--sentences", 12, "--coders", "anna,ben")
    anna, ben = (study / "sheets" / f"sample-{coder}.csv" for coder in ("anna", "ben"))
    code_all(anna, **{"frame: conflict": "yes", "stance: negotiations": "favourable"})
    code_all(ben, "negative", **{"frame: conflict": "yes"})
    code, out, _ = run(capsys, "agreement", anna, ben, "--save", "--settle")
    sheet = study / "sheets" / "sample-settled.csv"
    assert code == 0 and "12 of 12 sentences to settle" in out
    first = rows_of(sheet)[0]
    assert (first["tone"], first["frame: conflict"], first["stance: negotiations"]) == ("?", "yes", "?")
    assert first["remarks"] == "tone: anna neutral, ben negative; negotiations: anna favourable, ben no"
    how = openpyxl.load_workbook(sheet.with_suffix(".xlsx"))["how to code"]
    assert "coded these sentences alone" in how["A2"].value
    code, out, _ = run(capsys, "agreement", sheet, "--save")
    assert "settled: 0 sentences coded, 12 left empty" in out
    code_all(sheet, "neutral", **{"stance: negotiations": ""})
    code, out, _ = run(capsys, "agreement", sheet, "--save")
    assert code == 0 and "machine and settled: 12 sentences in common" in out
    coding = open_study(study).coding
    assert set(coding["sentences"]["frames"]) == {"conflict"} and set(coding["sentences"]["sentiment"]) == {
        "neutral"
    }
    assert {"anna_sentences", "ben_sentences"} <= set(coding) and "settled_sentences" not in coding
    code, _, err = run(capsys, "coding-sheet", "sample", "--coders", "anna,settled")
    assert code == 2 and "'settled' is what coders agree on in the end" in err


def test_what_both_have_coded_is_not_drawn_again(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = ("coding-sheet", "sample", "--sentences", 30, "--coders", "anna,ben", "--csv", "--out")
    run(capsys, *draw, "first")
    sheets = [Path("first") / f"sample-{coder}.csv" for coder in ("anna", "ben")]
    for sheet in sheets:
        code_all(sheet)
    run(capsys, "agreement", *sheets, "--save")
    first = sentences_of(sheets[0])
    run(capsys, *draw, "second")
    second = sentences_of(Path("second") / "sample-anna.csv")
    assert len(second) == 30 and not first & second
    run(capsys, *draw, "again", "--again")
    assert sentences_of(Path("again") / "sample-anna.csv") == first
    run(capsys, *draw[:2], "--sentences", 9999, *draw[4:], "rest")
    for coder in ("anna", "ben"):
        code_all(Path("rest") / f"sample-{coder}.csv")
    run(capsys, "agreement", *(Path("rest") / f"sample-{coder}.csv" for coder in ("anna", "ben")), "--save")
    code, _, err = run(capsys, *draw, "none")
    assert code == 2 and "anna and ben have coded every sentence; --again draws from them" in err


def test_coding_that_was_done_is_never_overwritten(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "coding-sheet", "sample", "--sentences", 3, "--xlsx")
    assert sorted(p.name for p in (study / "sheets").iterdir()) == [
        *("sample-coder_1.xlsx", "sample-coder_2.xlsx")
    ]
    assert run(capsys, "coding-sheet", "sample", "--sentences", 3, "--xlsx")[0] == 0
    code, _, err = run(capsys, "coding-sheet", "sample", "--sentences", 4)
    assert code == 2 and err.count("is there already and may hold coding") == 2


def test_faults_of_all_sheets_are_told_at_once(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "coding-sheet", "sample", "--sentences", 2, "--coders", "anna,ben", "--csv")
    anna, ben = (study / "sheets" / f"sample-{coder}.csv" for coder in ("anna", "ben"))
    code_all(anna, "glum")
    code_all(ben, **{"frame: economy": "perhaps"})
    code, out, err = run(capsys, "agreement", anna, ben)
    assert (code, out) == (2, "")
    assert (
        err.count("'glum' is not a possible value") == 2
        and err.count("'perhaps' is not a possible value; write yes") == 2
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--coders", "anna,Anna"), "names a coder twice"),
        (("--coders", "../anna"), "is no name for a coder"),
        (("--sentences", "0"), "is not a whole number above 0"),
        (("--seed", "-1"), "is not a whole number"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: tuple[str, ...], message: str, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "coding-sheet", "sample", *options)
    assert code == 2 and message in err


def test_a_study_without_texts_says_what_is_missing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talks = root / "data" / "us-russia-talks"
    shutil.copytree(talks, tmp_path / "data" / "talks", ignore=shutil.ignore_patterns("*.txt", "tables"))
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "coding-sheet", "talks")
    assert code == 2 and "its texts are not here; name their folder with --articles" in err


def test_sheets_are_kept_out_of_git(root: Path) -> None:
    assert "data/*/sheets/" in (root / ".gitignore").read_text().splitlines()


def test_a_sheet_with_fewer_sentences_than_asked_for_says_why(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = ("coding-sheet", "sample", "--coders", "anna", "--csv", "--out")
    _, out, _ = run(capsys, *sheet, study / "five", "--sentences", 5)
    assert "They are fewer" not in out
    _, out, _ = run(capsys, *sheet, study / "all", "--sentences", 5000)
    assert "They are fewer than the 5,000 asked for: the texts that are here have no more." in out
    code_all(study / "five" / "sample-anna.csv")
    run(capsys, "agreement", study / "five" / "sample-anna.csv", "--save")
    _, out, _ = run(capsys, *sheet, study / "rest", "--sentences", 5000)
    assert "fewer than the 5,000 asked for: 5 sentences that anna has coded are left out; --again" in out
