"""Excel (.xlsx): the sheet whose columns hold texts."""

from __future__ import annotations

import io
from typing import Any

from analysis.read.archives import open_zip
from analysis.read.found import Reading, UnreadableArticleError, together
from analysis.read.records import read_records
from analysis.read.source import Source

NAME, RANK = "Excel", 20
MOST_ROWS, MOST_COLUMNS = 200_000, 500
EMPTY_ROWS = 1_000  # after so many a sheet ends, whatever is far below


def recognises(source: Source) -> bool:
    return source.data.startswith(b"PK") and b"xl/workbook" in source.data


def read(source: Source) -> Reading:
    with open_zip(source.data):
        pass  # a bomb is named before anything is unpacked
    parts, faults = [], []
    for title, rows in _sheets(source.data):
        if rows:
            try:
                parts.append(read_records(NAME, rows, first=2, row=f"{title}, row" if title else "row"))
            except UnreadableArticleError as error:
                faults.append(str(error))
    if not parts:
        raise UnreadableArticleError(faults[0] if faults else "is a workbook without rows; export it again")
    return together(NAME, parts)


def _sheets(data: bytes) -> list[tuple[str, list[dict[str, Any]]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
        return [(name if len(names) > 1 else "", _rows(book[name])) for name in names]
    except UnreadableArticleError:
        raise
    except Exception:  # noqa: BLE001 -- openpyxl raises whatever a broken part makes it raise
        raise UnreadableArticleError("is a broken workbook; save it again as .xlsx, or as CSV") from None


def _rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows below the first, by its names."""
    header: list[str] = []
    rows: list[dict[str, Any]] = []
    empty = 0
    for values in sheet.iter_rows(values_only=True, max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        if all(value is None for value in values):
            empty += 1
            if empty > EMPTY_ROWS:
                break
        elif not header:
            header = [str(value).strip() if value is not None else "" for value in values]
        else:
            rows.append({n: v for n, v in zip(header, values, strict=False) if n})
    return rows
