"""Coding sheets read back: every row checked against the sheet, the codebook and the articles before it counts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.codebook import SPELT
from analysis.coding.files import ASKED, SENTENCE_COLUMNS, STANCE_COLUMNS, asked_codes, coder_fault
from analysis.outside import load_bytes, require_small
from analysis.study import Study, StudyError, load_csv_text
from analysis.tables import (
    OPEN,
    SETTLED,
    SHEET,
    SHEET_TAB,
    TONES,
    SheetPlace,
    as_meant,
    sheet_columns,
)
from analysis.text import text_mark

MAX_WORKBOOK = 20_000_000  # bytes; a sheet of ten thousand sentences has a tenth of it
MAX_CELLS = 2_000_000  # of a tab, from its first cell to its last
_NEEDED = [c.name for c in SHEET.columns if c.name not in ("outlet", "number", "before", "remarks")]


@dataclass(frozen=True, eq=False)
class Coded:
    """What one coder gave: tables shaped like `coding/<coder>_sentences.csv` and `_stances.csv`.

    `asked`, of each sentence: the codes that sheet and codebook both have (see `files.asked_codes`). `added` and
    `dropped`: columns for codes that only the codebook has, or only the sheet, which was made with an older one.
    `uncoded`: rows whose tone was left empty or, in a sheet to settle, where a cell is still open, which count as not
    coded. `holder` is empty: sheets do not ask for it.
    """

    sentences: pd.DataFrame
    stances: pd.DataFrame
    uncoded: int
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def load_sheets(paths: Sequence[Path], study: Study) -> dict[str, Coded]:
    """What each coder gave in the sheets, CSV or XLSX, by the coder's name; several sheets of one coder are joined.

    A row with a tone is coded, and no frame in it means that none applies; a row without is left out. Of a sheet made
    with another codebook what both have is read. Raises
    StudyError with every fault of every sheet: file, row, column, what is wrong and how to mend it.
    """
    sheets: list[_Sheet] = []
    faults: list[str] = []
    for path in paths:
        try:
            sheets.append(_load(path))
        except StudyError as error:
            faults += error.faults
    for sheet in sheets:
        faults += _wrong_file(sheet, study) or (
            _wrong_coders(sheet) + _wrong_columns(sheet, study) + _wrong_rows(sheet, study)
        )
    faults += _twice(sheets)
    if faults:
        raise StudyError(faults)
    rows = [row for sheet in sheets for row in sheet.rows]
    coders = sorted({row["coder"] for row in rows})
    if faults := [fault for coder in coders for fault in _overlaps(coder, rows)]:
        raise StudyError(faults)
    return {coder: _coded([row for row in rows if row["coder"] == coder], study) for coder in coders}


def study_of_sheet(path: Path) -> str:
    """The name of the study that a sheet was drawn from. Raises StudyError where the file is no sheet."""
    name = str(_load(path).rows[0]["study"])
    if Path(name).name != name:
        raise StudyError(
            [
                f"{path}, column study: {name[:60]!a} is not the name of a study; copy the name from another row"
            ]
        )
    return name


@dataclass(frozen=True)
class _Sheet:
    """A sheet as it is: its rows by column, all values as text; `row` is the number that a spreadsheet shows.

    `at` is the place that the row's signs stand for, None where they are none.
    """

    path: Path
    columns: list[str]
    rows: list[dict[str, Any]]


def _load(path: Path) -> _Sheet:
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StudyError([f"{path}: is neither .csv nor .xlsx; save the sheet as one of them"])
    try:
        lines = list(reader(path))
    except OSError as error:
        raise StudyError([f"{path}: cannot be read ({error.strerror or error}); check the name"]) from None
    head = _head(path, lines)
    rows, faults = _rows(path, head, lines[1:])
    if faults:
        raise StudyError(faults)
    return _Sheet(path, head, rows)


def _head(path: Path, lines: Sequence[Sequence[str]]) -> list[str]:
    """The names of the columns. Raises StudyError where one is missing or appears twice."""
    head = [cell.strip() for cell in lines[0]] if lines else []
    while head and not head[-1]:
        head.pop()
    if missing := [c for c in _NEEDED if c not in head]:
        raise StudyError(
            [
                f"{path}, row 1: is not a coding sheet, or has lost its column{'s' if missing[1:] else ''} "
                f"{', '.join(missing)}; take the file that `media-analysis coding-sheet` wrote"
            ]
        )
    if twice := sorted({c for c in head if head.count(c) > 1}):
        raise StudyError([f"{path}, row 1: column {', '.join(twice)} appears twice; remove one of them"])
    return head


def _rows(
    path: Path, head: Sequence[str], lines: Iterable[Sequence[str]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows that hold something, by column, and what is wrong with the sheet's shape."""
    rows, faults = [], []
    for number, line in enumerate(lines, start=2):
        if any(cell.strip() for cell in line[len(head) :]):
            faults.append(f"{path}, row {number}: has more cells than row 1 has headings; clear those beyond")
        if any(cell.strip() for cell in line):
            cells = [*line[: len(head)], *[""] * (len(head) - len(line))]
            row: dict[str, Any] = dict(zip(head, cells, strict=True))
            row["coder"] = row["coder"].strip()
            rows.append({**row, "row": number, "at": SheetPlace.from_sign(row["place"].strip())})
    if not rows:
        faults.append(f"{path}: has no rows; take the file that `media-analysis coding-sheet` wrote")
    return rows, faults


def _csv_rows(path: Path) -> Iterable[list[str]]:
    # Windows' Excel writes its own encoding where nobody asks for UTF-8; each sentence's mark shows whether it is right.
    text, delimiter = load_csv_text(path, otherwise="cp1252")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise StudyError([f"{path}: not a CSV file ({error}); save it again, or as XLSX"]) from None
    return [[as_meant(cell) for cell in line] for line in lines]


def _xlsx_rows(path: Path) -> Iterable[list[str]]:
    from openpyxl import load_workbook

    data = load_bytes(path, MAX_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            require_small(archive)
        book = load_workbook(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - what openpyxl raises depends on the part of the file that is damaged
        raise StudyError([f"{path}: not a workbook that can be read; save it again as XLSX"]) from None
    sheet = book[SHEET_TAB] if SHEET_TAB in book.sheetnames else book.worksheets[0]
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        last = f"{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        raise StudyError(
            [
                f"{path}: reaches down to cell {last}; delete the rows and columns beyond what is filled, and save it again"
            ]
        )
    return [[_as_text(value) for value in line] for line in sheet.iter_rows(values_only=True)]


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _wrong_file(sheet: _Sheet, study: Study) -> list[str]:
    names = list(dict.fromkeys(str(row["study"]) for row in sheet.rows))
    if names == [study.name]:
        return []
    return [
        f"{sheet.path}, column study: is a sheet of '{', '.join(names)}', not of '{study.name}'; name the sheets of "
        "one study, and another study with --study"
    ]


def _wrong_coders(sheet: _Sheet) -> list[str]:
    """What is not a name for a coder, each with the first of its rows."""
    rows: dict[str, list[int]] = {}
    for row in sheet.rows:
        rows.setdefault(row["coder"], []).append(row["row"])
    faults = []
    for name, at in rows.items():
        if fault := coder_fault(name, settled=True) if name else "is empty; copy the name from another row":
            more = f" and {len(at) - 1} more" if at[1:] else ""
            faults.append(f"{sheet.path}, row {at[0]}{more}, column coder: {fault}")
    return faults


def _wrong_columns(sheet: _Sheet, study: Study) -> list[str]:
    """Columns that nobody could have meant; codes that the codebook has no longer, or not yet had, are no fault."""
    known = sheet_columns(study.codebook.frames, study.codebook.targets)
    missing = [name for name in known if name not in sheet.columns]
    faults = []
    for name in (name for name in sheet.columns if name and name not in known):
        if close := get_close_matches(name, missing if _is_of_a_code(name) else known, n=1, cutoff=0.8):
            faults.append(f"{sheet.path}, row 1: unknown column `{name}`; did you mean `{close[0]}`?")
        elif not _is_of_a_code(name):
            faults.append(
                f"{sheet.path}, row 1: unknown column `{name}`; the codebook has no such code; remove it"
            )
    if not any(_is_of_a_code(name) for name in sheet.columns if name in known):
        faults.append(
            f"{sheet.path}, row 1: has no code of the codebook; use the codebook that the sheet was made with"
        )
    return faults


def _is_of_a_code(column: str) -> bool:
    return column.startswith(("frame: ", "stance: "))


def _wrong_rows(sheet: _Sheet, study: Study) -> list[str]:
    places = _Places(study)
    faults = [
        f"{sheet.path}, row {row['row']}, column {column}: {what}"
        for row in sheet.rows
        for column, what in (*places.faults(row), *_wrong_codes(row, study))
    ]
    return faults + _gaps(sheet)


class _Places:
    """Where sentences are in a study's articles."""

    def __init__(self, study: Study) -> None:
        self.name = study.name
        articles = study.articles
        self.texts = dict(zip(articles["article_id"], articles["text"], strict=True))
        columns = study.sentences[["article_id", "start", "end"]]
        self.known = set(columns.itertuples(index=False, name=None))

    def faults(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Column and message for all that is wrong with where the row says its sentence is."""
        if text_mark(row["sentence"]) != row["mark"]:
            said = "is not the text that was drawn: the sentence, or its mark, was changed"
            return [("sentence", f"{said}; copy the row from the sheet as it was written")]
        if row["at"] is None:
            return [("place", f"'{row['place']}' is not what was written there; copy the row again")]
        article, (_, start, end, _) = _article_of(row), row["at"]
        if article not in self.texts:
            return [("place", f"study {self.name} has no article '{article}'; copy the row again")]
        text = self.texts[article]
        if isinstance(text, str):
            there = text_mark(text[start:end]) == row["mark"]
        else:
            there = (article, start, end) in self.known
        if not there:
            return [("sentence", f"is not at {start} to {end} of {article}; has the article changed?")]
        return []


def _wrong_codes(row: Mapping[str, Any], study: Study) -> list[tuple[str, str]]:
    if _is_open(row):
        return []
    faults = []
    known = sheet_columns(study.codebook.frames, study.codebook.targets)
    given = {name: _plain(row[name]) for name in known if _is_of_a_code(name) and name in row}
    tone = _plain(row["tone"])
    if tone and tone not in TONES:
        faults.append(("tone", _no_value(row["tone"], TONES)))
    if not tone and any(given.values()):
        coded = ", ".join(name for name, value in given.items() if value)
        faults.append(("tone", f"is empty, but {coded} is coded; choose {', '.join(TONES)}"))
    for name, value in given.items():
        kind, _, code = str(name).partition(": ")
        if kind == "frame" and value not in ("", "yes"):
            faults.append((str(name), _no_value(row[name], ["yes"])))
        if kind == "stance" and code in study.codebook.targets:
            values = list(study.codebook.targets[code].positions)
            if None in _positions(value, values):
                faults.append((str(name), _no_value(row[name], values)))
    return faults


def _no_value(value: str, values: Sequence[str]) -> str:
    close = get_close_matches(_plain(value), values, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"write {' or '.join(values)}, or leave it empty"
    return f"'{value}' is not a possible value; {hint}"


def _gaps(sheet: _Sheet) -> list[str]:
    """Sentences that the sheet was made with and has no longer, by its numbers: 7 of 100."""
    numbers = [str(row.get("number", "")).partition(" of ") for row in sheet.rows]
    counted = [(int(n), int(total)) for n, _, total in numbers if n.isdecimal() and total.isdecimal()]
    there = {n for n, _ in counted}
    total = max((total for _, total in counted), default=0)
    return [
        f"{sheet.path}: sentence {n} of {total} is missing; put its row back, with an empty tone if it is not coded"
        for n in range(1, total + 1)
        if n not in there
    ]


def _twice(sheets: Iterable[_Sheet]) -> list[str]:
    first: dict[tuple[str, str], str] = {}
    faults = []
    for sheet in sheets:
        for row in sheet.rows:
            where = f"{sheet.path}, row {row['row']}"
            before = first.setdefault((row["coder"], row["place"]), where)
            if before != where and row["at"]:
                faults.append(
                    f"{where}, column place: {row['at'].sentence_id} by {row['coder']} is in {before}, too; "
                    "keep one of them"
                )
    return faults


def _overlaps(coder: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sentences of one coder that share characters: between their sheets the articles were split differently."""
    mine = [row for row in rows if row["coder"] == coder]
    places = sorted((_article_of(r), r["at"].start, r["at"].end, r["at"].sentence_id) for r in mine)
    return [
        f"{b[3]} by {coder}: overlaps with {a[3]}, which the same coder has in another row; leave one of the sheets out"
        for a, b in pairwise(places)
        if a[0] == b[0] and b[1] < a[2]
    ]


def _coded(rows: Sequence[Mapping[str, Any]], study: Study) -> Coded:
    done = [row for row in rows if _plain(row["tone"]) and not _is_open(row)]
    book = study.codebook
    sentences, stances = [], []
    for row in done:
        place = {"article_id": _article_of(row), "sentence": row["at"].sentence_id}
        frames = [code for code in book.frames if f"frame: {code}" in row]
        targets = [code for code in book.targets if f"stance: {code}" in row]
        sentences.append(
            {
                **place,
                "start": row["at"].start,
                "end": row["at"].end,
                "frames": "|".join(code for code in frames if _plain(row[f"frame: {code}"])),
                "sentiment": _plain(row["tone"]),
                "probability": row["at"].probability,
                ASKED: asked_codes(frames, targets),
            }
        )
        stances += [
            {**place, "target": target, "stance": value, "holder": ""}
            for target in targets
            for value in _positions(row[f"stance: {target}"], book.targets[target].positions)
        ]
    known = [name for name in sheet_columns(book.frames, book.targets) if _is_of_a_code(name)]
    seen = dict.fromkeys(name for row in rows for name in row if _is_of_a_code(str(name)))
    return Coded(
        pd.DataFrame(sentences, columns=[*SENTENCE_COLUMNS, ASKED]),
        pd.DataFrame(stances, columns=STANCE_COLUMNS),
        len(rows) - len(done),
        tuple(name for name in known if any(name not in row for row in rows)),
        tuple(name for name in seen if name not in known),
    )


def _is_open(row: Mapping[str, Any]) -> bool:
    """A row of a sheet to settle in which something is not settled yet."""
    codes = [cell for name, cell in row.items() if name.startswith(("tone", "frame: ", "stance: "))]
    return row["coder"] == SETTLED and OPEN in map(_plain, codes)


def _article_of(row: Mapping[str, Any]) -> str:
    return str(row["at"].sentence_id).rpartition(":")[0]


def _plain(cell: str) -> str:
    return str(cell).strip().lower()


def _positions(cell: str, values: Iterable[str]) -> list[str | None]:
    """The positions given, with a bar between them where there are two; None for what is none of the values."""
    known = {_plain(value): value for value in values}
    given = (_plain(part) for part in cell.split("|") if part.strip())
    return list(dict.fromkeys(known.get(SPELT.get(part, part)) for part in given))
