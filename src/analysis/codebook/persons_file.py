"""persons.csv: who a name means and what is known of them, as the user says it once for all runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from analysis.codebook.codes import PersonEdit
from analysis.outside import decode_table, load_bytes
from analysis.yaml_places import Place, Report

PERSONS_FILE = "persons.csv"
_COLUMNS = {
    "name": "name",
    "article_id": "article_id",
    "person": "person",
    "role": "role",
    "side": "side",
    "from": "since",
    "to": "until",
}  # of the file, and of `PersonEdit`


def read_persons(
    folder: Path, roles: Collection[str], sides: Collection[str], report: Report
) -> tuple[PersonEdit, ...]:
    """The lines of a codebook's persons.csv, none where it has none; a line that cannot be is reported and left out."""
    path = folder / PERSONS_FILE
    if not path.exists():
        return ()
    try:
        text, delimiter = decode_table(load_bytes(path))
        lines = [(n, row) for n, row in _rows(text, delimiter) if any(cell.strip() for cell in row)]
    except UnicodeDecodeError:
        report(Place(str(path), 1), "is not UTF-8; save it as CSV in UTF-8 (in Excel: `CSV UTF-8`)", "error")
        return ()
    except csv.Error as error:
        report(Place(str(path), 1), f"is no table in CSV ({error})", "error")
        return ()
    head = [cell.strip().lower() for cell in lines[0][1]] if lines else []
    faults = [_unknown("column", name, _COLUMNS) for name in head if name not in _COLUMNS]
    if "name" not in head:
        faults.append("has no column `name`; each line begins with a name that articles use")
    for fault in faults:
        report(Place(str(path), 1), fault, "error")
    if faults:
        return ()
    edits = []
    for number, row in lines[1:]:
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        found = list(_faults(cells, {"role": roles, "side": sides}))
        for fault in found:
            report(Place(str(path), number), fault, "error")
        if not found:
            edits.append(PersonEdit(**{_COLUMNS[key]: value for key, value in cells.items()}))
    return tuple(edits)


def place_persons(folder: Path) -> list[tuple[int, str]]:
    """Number and name of each line of a persons.csv that `read_persons` takes."""
    path = folder / PERSONS_FILE
    if not path.exists():
        return []
    text, delimiter = decode_table(load_bytes(path))
    (_, head), *lines = [(n, row) for n, row in _rows(text, delimiter) if any(cell.strip() for cell in row)]
    keys = [cell.strip().lower() for cell in head]
    cells = [(n, dict(zip(keys, (cell.strip() for cell in row), strict=False))) for n, row in lines]
    return [(n, row["name"]) for n, row in cells]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        yield reader.line_num, row


def _faults(cells: Mapping[str, str], known: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with a line."""
    if not cells.get("name"):
        yield "has no name; say which name of the articles is meant, or remove the line"
    if not any(cells.get(key) for key in ("person", "role", "side")):
        yield "says nothing; give `person` (the one name), `role` or `side`, or remove the line"
    for key, codes in known.items():
        if (code := cells.get(key)) and code not in codes:
            yield _unknown(key, code, codes)
    for key in ("from", "to"):
        if (day := cells.get(key)) and not _is_date(day):
            yield f"{key} {day!r} is not a date in ISO 8601 (2021-01-20)"
    if (cells.get("from") or cells.get("to")) and not (cells.get("role") or cells.get("side")):
        yield "has dates, but neither a role nor a side that would begin or end on them"


def _unknown(what: str, given: str, known: Collection[str]) -> str:
    near = get_close_matches(given, list(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it must be one of {', '.join(known)}"
    return f"unknown {what} {given!r}; {hint}"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
