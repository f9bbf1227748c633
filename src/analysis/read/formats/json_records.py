"""JSON and JSON Lines: the answers of news interfaces (Guardian, News API) and data sets of articles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.records import read_records
from analysis.read.source import Source

NAME, RANK = "JSON", 60
_LISTS = (
    "results",
    "articles",
    "docs",
    "items",
    "data",
    "documents",
    "stories",
    "hits",
    "news",
    "value",
    "records",
    "response",
)


def recognises(source: Source) -> bool:
    """A text that begins as an object or a list of objects does."""
    return source.is_text and re.match(r"\s*(\{\s*[\"}]|\[\s*[\[{\]])", source.beginning) is not None


def read(source: Source) -> Reading:
    text, remark = source.text, source.encoding_remark
    remarks = [remark] if remark else []
    rows, broken = _rows(text)
    if broken:
        remarks.append(f"{broken} of its lines are no JSON; left out")
    if not rows:
        raise UnreadableArticleError("holds no list of articles; export it as JSON Lines, one article a line")
    return read_records(NAME, [flattened(row) for row in rows], tuple(remarks), row="record")


def _rows(text: str) -> tuple[list[Mapping[str, Any]], int]:
    """The records, and how many lines were none."""
    try:
        return _records(json.loads(text)), 0
    except (ValueError, RecursionError):
        pass
    rows: list[Mapping[str, Any]] = []
    broken = 0
    for line in text.split("\n"):
        if line.strip():
            try:
                one = json.loads(line)
            except (ValueError, RecursionError):
                broken += 1
                continue
            if isinstance(one, dict):
                rows += _records(one) if any(isinstance(one.get(k), list) for k in _LISTS) else [one]
    return rows, broken


def _records(value: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """The longest list of objects, in the places where interfaces put it; else the object itself."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, dict)]
    if not isinstance(value, dict) or depth > 4:
        return []
    for name in _LISTS:
        inside = value.get(name)
        if isinstance(inside, (list, dict)) and (found := _records(inside, depth + 1)):
            if found != [inside] or name not in ("response", "data"):
                return found
            return found
    return [value] if value else []


def flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record with what stands in `fields`, `_source` or `attributes` beside its own values, which count less."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict) and key in ("fields", "_source", "attributes", "article", "content"):
            flat |= value
        elif not isinstance(value, dict):
            flat.setdefault(key, value)
        else:
            names = ("main", "name", "original", "title", "text")
            flat.setdefault(key, next((value[n] for n in names if value.get(n)), None))
    return flat
