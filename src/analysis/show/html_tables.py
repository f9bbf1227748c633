"""Tables as a page shows them: captioned, escaped, sortable, and no longer than a reader wants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd

from analysis.show.leads import Lead, linked
from analysis.show.wording import in_words, is_name

Leads = Mapping[str, Lead | Sequence[str]]  # of columns: a lead, or an address for each row
WORDY = 30  # characters; a cell with more is given room, so that a title is not broken at every word
_SHORT = 20  # characters; a name of no more is not broken
LONGEST = 200  # rows; the CSV beside a chart and the Parquet tables have them all
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
FOLDED = 24  # rows; a longer table is folded away until somebody asks for it


@dataclass(frozen=True)
class Shown:
    """A table with its caption, whose first sentence names it and whose others explain its columns. Shows itself as HTML;
    every value is escaped.

    `leads`: where the values of a column lead to; leads come to this table by its `name` (see `show.leads`).
    """

    table: pd.DataFrame
    caption: str
    leads: Leads | None = None
    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)  # codes in words

    def _repr_html_(self) -> str:
        return as_html(self.table, self.caption, self.leads, self.name, names=self.names)

    def __repr__(self) -> str:
        more = f"\n(the first {LONGEST} of {len(self.table)} rows)" if len(self.table) > LONGEST else ""
        return f"{self.caption}\n{self.table.head(LONGEST).to_string(index=False)}{more}"


def as_html(
    table: pd.DataFrame,
    caption: str,
    leads: Leads | None = None,
    name: str = "",
    *,
    fold: bool = True,
    names: Mapping[str, str] | None = None,
) -> str:
    """The table in accessible HTML: caption, column scopes, fractions to three places, missing as a dash.

    Codes (human_cost) are written by their `names`, or as words; names of articles, outlets and people as they are. `leads`: where the
    values of a column lead to, those that are not 0; `name`: by which leads come to the table. `fold`: a long one is folded away.
    """
    caption, _, explained = caption.partition(". ")
    if table.empty:
        return f'<p class="empty">{escape(re.split("[:,;] ", caption)[0])}: none.</p>'
    more = f" (the first {LONGEST} of {len(table)} rows)" if len(table) > LONGEST else ""
    columns = list(table.columns)
    heads = "".join(f'<th scope="col">{escape(_head(str(c)))}</th>' for c in columns)
    known_names = names or {}

    def word(code: object) -> str:
        return known_names.get(str(code)) or in_words(code)

    kinds = [(_is_whole(table[c]), is_name(str(c))) for c in columns]
    shown = table.head(LONGEST)
    named = shown.assign(**{c: shown[c].map(word, na_action="ignore") for c in _with_codes(shown)})
    ways = {columns.index(c): way for c, way in (leads or {}).items() if c in columns}
    rows: list[str] = []
    for row, known in zip(named.itertuples(index=False), shown.to_dict("records"), strict=True):
        cells = [_cell(v, *kind) for v, kind in zip(row, kinds, strict=True)]
        for column, way in ways.items():
            if _is_something(row[column]):
                address = way.address(known) if isinstance(way, Lead) else way[len(rows)]
                before, words, after = re.split(r"(?<=>)([^<]+)", cells[column], maxsplit=1)
                cells[column] = f"{before}{linked(words, address)}{after}"
        rows.append(f"<tr>{''.join(cells)}</tr>")
    place = f' id="{escape(name)}"' if name else ""
    html = (
        f'<div class="scroll"{place} tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="sortable"><caption>{escape(caption + more)}{_small(explained)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    if len(rows) <= FOLDED or not fold:
        return html
    return f'<details class="long"><summary>{escape(caption)}: {len(table):,} rows</summary>{html}</details>'


def _small(explained: str) -> str:
    """What the columns are, below the name of the table; the name of one stands in `marks`."""
    marked = re.sub("`([^`]+)`", r"<code>\1</code>", escape(explained))
    return f" <small>{marked}</small>" if explained else ""


def _head(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def _with_codes(table: pd.DataFrame) -> list[str]:
    """The columns of words that are no names."""
    words = table.select_dtypes(["object", "string", "category"])
    return [c for c in words if not is_name(str(c))]


def _is_something(value: object) -> bool:
    return not pd.isna(value) and value != 0


def _is_whole(column: pd.Series) -> bool:
    """Whether a column's numbers are counts: then all are written without a fraction."""
    if isinstance(column.dtype, pd.StringDtype) or pd.api.types.is_integer_dtype(column.dtype):
        return True
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
        known = column.to_numpy()[column.notna()]
        return bool((known == np.floor(known)).all() and np.isfinite(known).all())
    numbers = [v for v in column.tolist() if isinstance(v, float) and not pd.isna(v)]
    return all(v.is_integer() for v in numbers)


def _cell(value: object, whole: bool, name: bool) -> str:
    """A value as a cell; numbers of a `whole` column without a fraction, a short `name` in one line."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "<td>–</td>"
    if isinstance(value, bool | np.bool_):
        return f"<td>{'yes' if value else 'no'}</td>"
    if isinstance(value, float):
        written = (f"{value:,.0f}" if whole else f"{value:.3f}").replace("-", "−")
        return f'<td class="number">{written}</td>'
    if hasattr(value, "__index__"):
        return f'<td class="number">{value}</td>'
    words = str(value)
    if name and len(words) <= _SHORT:
        return f'<td class="name">{escape(words)}</td>'
    kind = ' class="words"' if len(words) > WORDY else ' class="day"' if _DAY.fullmatch(words) else ""
    return f"<td{kind}>{escape(words)}</td>"
