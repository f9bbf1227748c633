"""Leads: from a count to what it counts, the rows of an evidence or a table, in this page or another of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import pandas as pd

from analysis.show.wording import in_words, is_name

_NO_LETTER = re.compile(r"[^\w.~-]")
# What evidence calls a row's code, and who speaks.
_HEADS = {**dict.fromkeys(("frame", "stance", "label", "error"), "what"), "name": "speaker"}


@dataclass(frozen=True)
class Lead:
    """Where the rows stand that are behind the counts of a table; made by `lead`."""

    place: str
    columns: Sequence[str]
    wanted: Mapping[str, Sequence[str]]

    def address(self, row: Mapping[str, Any]) -> str:
        """Where what this row counts stands, such as `#03-sentences?what=conflict&outlet=Wire`."""
        place = self.place.format_map(row)
        place = place if "#" in place or "{" in self.place else f"#{place}"
        own = [(head(c), str(row[c]) if is_name(c) else in_words(row[c])) for c in self.columns]
        query = [*own, *((head(c), value) for c, values in self.wanted.items() for value in values)]
        asked = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query)
        return f"{place}?{asked}" if asked else place

    def addresses(self, table: pd.DataFrame) -> list[str]:
        """The address for each row of the table."""
        return [self.address(row) for row in table.to_dict("records")]


def _quoted(words: str) -> str:
    """The words for an address, letters of every script as they are, in a sixth of the room that their bytes take."""
    return _NO_LETTER.sub(lambda m: quote(m[0], safe=""), words)


def lead(place: str, *columns: str, **wanted: str | Iterable[str]) -> Lead:
    """A lead to those rows of `place` that have the count's own values in these columns, and one of those `wanted`.

    `place` is the name of an evidence or table of this page, or with the notebook of another one,
    `03-framing.ipynb#03-sentences`; or a page, in whose name {article_id} stands for the row's own. `frame`,
    `stance`, `label` and `error` are the evidence's column `what`, `name` is its `speaker`.
    """
    fixed = {c: (w,) if isinstance(w, str) else tuple(w) for c, w in wanted.items()}
    return Lead(place, columns, fixed)


def head(column: str) -> str:
    """What the column is called in the head of a table."""
    return _HEADS.get(column, column.removesuffix("_id").replace("_", " "))


def linked(words: str, address: str) -> str:
    """The words, which are HTML, as a link; one to another page only where the report has that page."""
    key = "href" if address.startswith("#") else "data-page"
    return f'<a {key}="{escape(address)}">{words}</a>'
