"""Coding sheets: the sentences that people are to code, as CSV and as a workbook with drop-downs and the codebook.

A sheet says nothing of what the machine found and, unless asked, nothing that shows a reader who published a sentence:
the article's id, which may hold the outlet's name, is in it only in signs.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis import store
from analysis.codebook import Code, Codebook
from analysis.coding.files import coder_fault
from analysis.study import Study, StudyError
from analysis.tables import (
    FORMULA,
    OPEN,
    SETTLED,
    SHEET,
    SHEET_TAB,
    TONES,
    SheetPlace,
    harmless,
    sheet_columns,
)
from analysis.text import on_one_line, text_mark

KINDS = ("csv", "xlsx")
_READ = ("number", "outlet", "before", "sentence")  # these stay in view while the coder scrolls to the right
_TO_FILL_IN = ("tone", "remarks")
_WIDTHS = {"number": 9, "outlet": 16, "before": 32, "sentence": 56, "tone": 11, "remarks": 32}
_OF_A_CODE = ("name", "definition", "counts", "excludes", "example", "counter_example")
_EPOCH = datetime(2000, 1, 1)  # same sheet, same bytes: the file says nothing of when it was made
_LONGEST_LIST = 255  # characters of a drop-down's values; Excel calls a file with more of them damaged

_HOW = (
    "Read the codebook on the second tab before the first sentence, and keep it open.",
    "Code alone. Do not talk about sentences until everybody has finished: agreement is measured on what each of you saw.",
    "Code what the column `sentence` says. `before` is there to understand it, and is not coded.",
    "tone: the tone of the wording as a reader feels it, whoever speaks. Facts plainly reported are neutral, even bad ones, "
    "unless the words are charged. Choose one for every sentence that you code.",
    "A row whose tone is empty counts as not coded, and is left out. Leave nothing in it but remarks.",
    "frame columns: choose yes where the sentence itself has the frame; otherwise leave the cell empty. "
    "Several frames may apply, or none.",
    "stance columns: choose the position that the sentence takes or reports, whoever holds it. Leave the cell empty "
    "where the sentence is not about the target. Where two speakers take different positions, type both with a bar "
    "between them, such as {two}.",
    "remarks: anything that made the choice difficult.",
    "Change nothing else: no sentence, no heading, no row. Sorting whole rows does no harm. The hidden columns on the "
    "right identify the article; leave them as they are.",
    "Save the file under the same name, as XLSX or as CSV in UTF-8.",
)


_HOW_TO_SETTLE = (
    "Each of you has coded these sentences alone, and how far you agree has been measured and will not change.",
    "The first rows are those on which you differ: a cell with ? is open, `remarks` says who gave what. Read the "
    "codebook's entry again, talk it over, and write what you all agree on; a frame or stance that does not "
    "apply becomes an empty cell. Where you cannot agree, let another person decide.",
    "In the rows below you all gave the same. Leave them as they are.",
    "A row in which a ? remains counts as not coded.",
    "remarks: write how you decided; it is the best material for a clearer codebook.",
    *_HOW[-2:],
)


def write_sheets(
    study: Study,
    drawn: pd.DataFrame,
    coders: Sequence[str],
    out: Path,
    *,
    kinds: Sequence[str] = KINDS,
    show_outlet: bool = False,
) -> list[Path]:
    """Write the sentences `drawn` (see `coding.sampling`) as a sheet for each coder, a file a kind; gives the paths.

    Columns of a sheet that `drawn` has already are kept, as in sheets to settle (see `coding.settling`).
    The same sentences give the same bytes. In CSV a cell that a spreadsheet would take for a formula gets an
    apostrophe in front, which reading takes away. Raises StudyError where a name is none for a coder, or another file
    of that name is there already: it may hold somebody's coding.
    """
    if faults := [fault for coder in coders if (fault := coder_fault(coder, settled=True))]:
        raise StudyError(faults)
    files: dict[Path, bytes] = {}
    for coder in coders:
        table = _rows(study, drawn, coder, show_outlet)
        for kind in kinds:
            data = _as_csv(table) if kind == "csv" else _as_xlsx(table, study.codebook)
            files[out / f"{study.name}-{coder}.{kind}"] = data
    faults = [
        f"{path}: is there already and may hold coding; move it, or name another folder with --out"
        for path, data in files.items()
        if path.exists() and path.read_bytes() != data
    ]
    if faults:
        raise StudyError(faults)
    with store.filled(out) as new:
        for path, data in files.items():
            (new / path.name).write_bytes(data)
    return list(files)


def _rows(study: Study, drawn: pd.DataFrame, coder: str, show_outlet: bool) -> pd.DataFrame:
    texts = dict(zip(study.articles["article_id"], study.articles["text"], strict=True))
    before = study.sentences.groupby("article_id")[["start", "end"]].shift()
    before_of = before.set_axis(study.sentences["sentence_id"])
    outlets = dict(zip(study.articles["article_id"], study.articles["outlet"], strict=True))
    rows = []
    for number, s in enumerate(drawn.itertuples(), start=1):
        text, last = texts[s.article_id], before_of.loc[s.sentence_id]
        rows.append(
            {
                "number": f"{number} of {len(drawn)}",
                "outlet": outlets[s.article_id],
                "before": "" if last.isna().any() else on_one_line(text[last["start"] : last["end"]]),
                "sentence": on_one_line(text[s.start : s.end]),
                "study": study.name,
                "coder": coder,
                "place": SheetPlace(s.sentence_id, s.start, s.end, float(s.probability)).as_sign(),
                "mark": text_mark(text[s.start : s.end]),
            }
        )
    codes = sheet_columns(study.codebook.frames, study.codebook.targets)
    table = SHEET.make(rows).reindex(columns=codes)
    given = [
        name for name in codes if name in drawn and (name in _TO_FILL_IN or _values(name, study.codebook))
    ]
    table = table.assign(**{name: drawn[name].to_numpy() for name in given})
    return table if show_outlet else table.drop(columns="outlet")


def _as_csv(table: pd.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow([harmless(_cell(value)) for value in row])
    return out.getvalue().encode("utf-8-sig")  # Excel takes a CSV for UTF-8 only where it has the mark


def _cell(value: object) -> object:
    if pd.isna(value):
        return ""
    return value if isinstance(value, str | float) else int(value)  # type: ignore[call-overload]


def _as_xlsx(table: pd.DataFrame, codebook: Codebook) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET_TAB
    _fill(sheet, table)
    _ease_coding(sheet, table, codebook)
    _fill(book.create_sheet("codebook"), _codebook(codebook), widths=(26, 24, 50, 50, 40, 40, 40))
    lines = _HOW_TO_SETTLE if SETTLED in table["coder"].array else _HOW
    how = pd.DataFrame({"how to code": [line.format(two=_two_positions(codebook)) for line in lines]})
    _fill(book.create_sheet("how to code"), how, widths=(110,))
    book.properties.creator = "media-analysis"
    book.properties.created = _EPOCH
    raw = io.BytesIO()
    book.save(raw)
    return _without_times(raw.getvalue())


def _fill(sheet: Worksheet, table: pd.DataFrame, widths: Sequence[int] = ()) -> None:
    for place, name in enumerate(table.columns, start=1):
        head = sheet.cell(1, place)
        _write(head, str(name))
        head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="E8E8E8")
        for line, value in enumerate(table[name], start=2):
            cell = sheet.cell(line, place)
            _write(cell, _cell(value))
            if cell.value == OPEN:
                cell.fill = PatternFill("solid", start_color="FFE08A")
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def _write(cell: Cell, value: object) -> None:
    cell.value = None if value == "" else value
    if isinstance(value, str) and value:
        cell.data_type = "s"  # neither a formula nor an error value, whatever it begins with
        cell.quotePrefix = value.startswith(FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _ease_coding(sheet: Worksheet, table: pd.DataFrame, codebook: Codebook) -> None:
    """Drop-downs, widths, and the head and the sentence kept in view; what only identifies the article is hidden."""
    last = len(table) + 1
    columns = list(table.columns)
    for name, letter in zip(columns, map(get_column_letter, range(1, len(columns) + 1)), strict=True):
        values = _values(name, codebook)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 14)
        sheet.column_dimensions[letter].hidden = not values and name not in (*_READ, *_TO_FILL_IN)
        if not values or len(",".join(values)) > _LONGEST_LIST:
            continue
        choice = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
        # Two positions in one sentence are typed: Excel asks whether the coder means it.
        choice.errorStyle = "warning" if name.startswith("stance: ") else "stop"
        choice.error = f"{name}: {', '.join(values)}, or empty"
        choice.showErrorMessage = True
        choice.add(f"{letter}2:{letter}{max(last, 2)}")
        sheet.add_data_validation(choice)
    sheet.freeze_panes = f"{get_column_letter(columns.index('sentence') + 2)}2"


def _values(column: str, codebook: Codebook) -> tuple[str, ...]:
    """What may be in a column that the coder fills in; nothing for any other."""
    if column == "tone":
        return TONES
    if column.startswith("frame: "):
        return ("yes",)
    return tuple(codebook.targets[column.removeprefix("stance: ")].positions) if ": " in column else ()


def _codebook(codebook: Codebook) -> pd.DataFrame:
    """A row a column of the sheet: what its code means."""
    codes: Mapping[str, Code] = {
        **{f"frame: {code}": frame for code, frame in codebook.frames.items()},
        **{f"stance: {code}": target for code, target in codebook.targets.items()},
    }
    rows = [{"column": name, **{k: getattr(code, k) for k in _OF_A_CODE}} for name, code in codes.items()]
    table = pd.DataFrame(rows, columns=["column", *_OF_A_CODE])
    return table.rename(columns={"counter_example": "counter-example"})


def _two_positions(codebook: Codebook) -> str:
    values = next(iter(codebook.targets.values())).positions if codebook.targets else ()
    return "|".join([*values][:: max(1, len(values) - 1)])


def _without_times(workbook: bytes) -> bytes:
    """The same workbook with one date for all its parts: openpyxl writes the clock's into each."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for part in made.namelist():
            data = made.read(part)
            if part == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            kept.writestr(zipfile.ZipInfo(part, _EPOCH.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
