"""No CSV that is written holds a text that a spreadsheet would compute, and none of them loses a character."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import tables
from analysis.new_studies import new_study
from analysis.publish.export import export_quotes
from analysis.show.figure import make_figure
from analysis.studies import open_study
from analysis.study import Study, load_metadata

HOSTILE = (
    "=HYPERLINK(1)",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''",
    "'tis",
)


@given(st.text() | st.sampled_from(HOSTILE))
def test_no_cell_begins_as_a_formula_does_and_each_is_read_as_it_was_meant(text: str) -> None:
    cell = tables.harmless(text)
    assert isinstance(cell, str) and not cell.startswith((*tables.FORMULA, "\r"))
    assert tables.as_meant(cell) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"n": [-1, 2], "share": [-0.5, 0.5], "outlet": ["-x", "y"], "flag": [True, None]})
    safe = tables.harmless_cells(frame)
    assert safe[["n", "share"]].equals(frame[["n", "share"]]) and safe.outlet.tolist() == ["'-x", "y"]
    assert safe.flag.tolist() == [True, None]


def test_a_published_table_is_read_as_it_was(tmp_path: Path) -> None:
    made = tables.SOURCES.make({"source_id": f"a:p{n}", "name": name} for n, name in enumerate(HOSTILE))
    tables.write_csv(tables.SOURCES, made, tmp_path / "sources.csv")
    assert cells_that_compute((tmp_path / "sources.csv").read_text(encoding="utf-8")) == []
    read = tables.load_csv(tables.SOURCES, tmp_path / "sources.csv")
    assert read.name.tolist() == [name.replace("\r", "\n") for name in HOSTILE]


@pytest.fixture
def hostile(tmp_path: Path) -> Study:
    """A study whose outlets, titles and speakers begin as formulas do."""
    folder = tmp_path / "data" / "hostile"
    (folder / "articles").mkdir(parents=True)
    rows = []
    for n, name in enumerate(name.strip() for name in HOSTILE[:4]):
        text = f'{name} {n}\n\n"=1+{n} is the talks\' sum of it," said =Mara Vale, a general. Nobody came.\n'
        (folder / "articles" / f"{n}.txt").write_text(text, encoding="utf-8")
        rows.append({"file": f"{n}.txt", "outlet": name, "title": name})
    pd.DataFrame(rows).to_csv(folder / "articles.csv", index=False)
    return open_study(folder, figures=tmp_path / "figures")


def cells_that_compute(text: str) -> list[str]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return [cell for row in rows for cell in row if cell.startswith(tables.FORMULA) and not is_number(cell)]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_the_numbers_of_a_chart_compute_nothing(hostile: Study, tmp_path: Path) -> None:
    numbers = pd.DataFrame({"outlet": hostile.outlets, "mean": [-0.5, 0.1, -0.2, 0.3]})
    figure = make_figure(
        plt.figure().gca(), numbers, hostile, "x", title="X", unit="sentences", label="outlet", value="mean"
    )
    assert cells_that_compute(figure.csv) == []
    assert (tmp_path / "figures" / "x.csv").read_text(encoding="utf-8") == figure.csv
    assert "'=HYPERLINK(1),-0.5000" in figure.csv and hostile.outlets[0] == "=HYPERLINK(1)"
    assert "'=" not in figure._repr_html_().split("</table>")[0]


def test_exported_quotes_compute_nothing(hostile: Study, tmp_path: Path) -> None:
    assert export_quotes(hostile.tables, tmp_path / "quotes.csv")
    assert cells_that_compute((tmp_path / "quotes.csv").read_text(encoding="utf-8")) == []


def test_a_new_studys_metadata_compute_nothing_and_keep_the_titles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "=1.txt").write_text("=HYPERLINK(1) is what it is called\n\nThe talks failed on Monday.\n")
    monkeypatch.chdir(tmp_path)
    folder = new_study("mine", texts).folder
    written = (folder / "articles.csv").read_text(encoding="utf-8")
    assert "'=1.txt" in written and cells_that_compute(written) == []
    (folder / "articles.csv").write_text(written.replace("'=1.txt,", "'=1.txt,Wire", 1), encoding="utf-8")
    metadata = load_metadata(folder / "articles.csv")
    assert metadata.file.tolist() == ["=1.txt"] and str(metadata.title[0]).startswith("=HYPERLINK(1)")
