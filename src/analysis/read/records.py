"""Rows with named columns (tables, interfaces, data files) as articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.dates import days_come_first, find_date
from analysis.read.found import FIELDS, Fact, Found, Reading, UnreadableArticleError
from analysis.read.metadata import in_order
from analysis.read.pages import paragraphs_of_html

_TAG = re.compile(
    r"</?(p|br|div|h\d|li|ul|a|strong|em|b|i|span|figure|aside|blockquote)\b[^>]*>", re.IGNORECASE
)
SHORTEST_TEXT = 20  # words on average; a column with less holds titles or summaries


@cache
def _columns() -> dict[str, list[str]]:
    path = Path(__file__).parent / "columns.yml"
    return {name: words.split() for name, words in yaml.safe_load(path.read_text(encoding="utf-8")).items()}


def _plain(name: object) -> str:
    return re.sub(r"[\W_]", "", str(name).lower())


@dataclass(frozen=True)
class Columns:
    """Which of a table's columns holds what: by the names of FIELDS, and `text`."""

    by_field: Mapping[str, str]

    @classmethod
    def of(cls, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Columns:
        """By their usual names (`columns.yml`); of several texts the longest."""
        known = {_plain(name): name for name in reversed(names)}
        found: dict[str, str] = {}
        for field in ("text", *FIELDS):
            wanted = [known[word] for word in _columns()[field] if word in known]
            wanted = [name for name in wanted if name not in found.values()]
            if wanted:
                found[field] = (
                    max(wanted[:4], key=lambda n: _length(rows, n)) if field == "text" else wanted[0]
                )
        return cls(found)


def _length(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    """Letters of the first rows in a column; a text in HTML counts twice, for it keeps its paragraphs."""
    texts = [str(row.get(name) or "") for row in rows[:50]]
    return sum(len(text) * (2 if _TAG.search(text) else 1) for text in texts)


def read_records(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    remarks: tuple[str, ...] = (),
    *,
    first: int = 1,
    row: str = "row",
) -> Reading:
    """The articles of a table. A row without text is announced and counts as without text.

    Raises UnreadableArticleError where no column holds texts, naming the columns that are there.
    """
    names = list(dict.fromkeys(str(key) for one in rows[:200] for key in one))
    columns = Columns.of(names, rows)
    text_column = columns.by_field.get("text")
    if not rows or not names:
        raise UnreadableArticleError("is a table without rows; export it again")
    if text_column is None or not any(_has_text(one.get(text_column)) for one in rows):
        raise UnreadableArticleError(_no_text(rows, names))
    published = columns.by_field.get("published")
    day_first = days_come_first([str(one.get(published) or "") for one in rows]) if published else None
    articles, without = [], []
    for i, one in enumerate(rows, first):
        known = in_order(_facts(one, columns, day_first))
        place = f"{row} {i}"
        if _has_text(one.get(text_column)):
            articles.append(Found(tuple(_paragraphs(str(one[text_column]))), known, place))
        else:
            without.append(known["title"].value if "title" in known else place)
    return Reading(name, tuple(articles), len(rows), tuple(without), remarks=remarks)


def _no_text(rows: Sequence[Mapping[str, Any]], names: list[str]) -> str:
    listed = ", ".join(names[:12])
    if _plain("media_name") in map(_plain, names) and _plain("media_url") in map(_plain, names):
        return (
            f"lists {len(rows)} articles of Media Cloud, which gives no texts (title, outlet, date and address only); "
            "save the pages at the addresses in its column `url` and give their folder"
        )
    return (
        f"is a table of {len(rows)} rows without a column of texts (it has: {listed}); name the column that holds them "
        "`text`, or export the table with texts"
    )


def _has_text(value: object) -> bool:
    return isinstance(value, str) and len(re.findall(r"\w+", _TAG.sub(" ", value))) >= 3


def _paragraphs(text: str) -> list[str]:
    if len(_TAG.findall(text)) >= 2:
        return paragraphs_of_html(text)
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def _facts(row: Mapping[str, Any], columns: Columns, day_first: bool | None) -> dict[str, Fact]:
    found = {}
    for field, column in columns.by_field.items():
        value = row.get(column)
        if field == "text" or value is None or value != value:
            continue
        if field == "published":
            said = value if isinstance(value, (date, datetime)) else str(value)
            words = find_date(said, day_first=day_first) or ""
        else:
            words = _words(value)
        if words.strip():
            found[field] = Fact(words, f"column {column}")
    return found


def _words(value: Any) -> str:
    """A cell as words: lists joined, names taken out of mappings such as {"name": ...}."""
    if isinstance(value, Mapping):
        return _words(value.get("name") or value.get("title") or value.get("id") or "")
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, (_words(one) for one in value)))
    text = "" if value is None else str(value)
    if re.fullmatch(r"\[('[^']*'(, )?)+\]", text):  # a list as Python prints it, in many shared tables
        return ", ".join(re.findall(r"'([^']*)'", text))
    return re.sub(r"<[^>]+>", "", text)
