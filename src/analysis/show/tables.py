"""Tables as a page shows them: captioned, escaped, sortable, and no longer than a reader wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from analysis.show.words import in_words

WORDY = 30  # characters; a cell with more is given room, so that a title is not broken at every word
LONGEST = 400  # rows; the CSV beside a chart and the Parquet tables have them all


@dataclass(frozen=True)
class Shown:
    """A table with its caption. Shows itself as HTML; every value is escaped."""

    table: pd.DataFrame
    caption: str

    def _repr_html_(self) -> str:
        return as_html(self.table, self.caption)

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.table.to_string(index=False)}"


def as_html(table: pd.DataFrame, caption: str, links: Sequence[str | None] | None = None) -> str:
    """The table in accessible HTML: caption, column scopes, fractions to three places, missing as a dash.

    Codes (human_cost) are written as words; names of articles and files as they are. `links`: where each row's count
    (column `n`) leads to, None where nowhere.
    """
    if table.empty:
        return f'<p class="empty">{escape(caption)}: none.</p>'
    more = f" (the first {LONGEST} of {len(table)} rows)" if len(table) > LONGEST else ""
    names = [str(c).removesuffix("_id").replace("_", " ") for c in table.columns]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    whole = [_is_whole(table[c]) for c in table.columns]
    named = table.assign(**{c: table[c].map(in_words, na_action="ignore") for c in _with_codes(table)})
    counts = list(table.columns).index("n") if "n" in table else -1
    rows = ""
    for number, row in enumerate(named.head(LONGEST).itertuples(index=False)):
        cells = [_cell(v, w) for v, w in zip(row, whole, strict=True)]
        if links and counts >= 0 and (link := links[number]):
            cells[counts] = re.sub(
                r"(?<=>)([^<]+)", rf'<a href="{escape(link)}">\1</a>', cells[counts], count=1
            )
        rows += f"<tr>{''.join(cells)}</tr>"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="sortable"><caption>{escape(caption + more)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _with_codes(table: pd.DataFrame) -> list[str]:
    """The columns of words that are no names: of articles and files, whose underscores are their own."""
    return [
        c
        for c in table.select_dtypes(["object", "string", "category"])
        if not str(c).startswith(("article", "file")) and not str(c).endswith("_id")
    ]


def _is_whole(column: pd.Series) -> bool:
    """Whether a column's numbers are counts: then all are written without a fraction."""
    numbers = [v for v in column if isinstance(v, float) and not pd.isna(v)]
    return all(v.is_integer() for v in numbers)


def _cell(value: object, whole: bool) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "<td>–</td>"
    if isinstance(value, bool | np.bool_):
        return f"<td>{'yes' if value else 'no'}</td>"
    if isinstance(value, float):
        return f'<td class="number">{value:,.0f}</td>' if whole else f'<td class="number">{value:.3f}</td>'
    if hasattr(value, "__index__"):
        return f'<td class="number">{value}</td>'
    words = ' class="words"' if len(str(value)) > WORDY else ""
    return f"<td{words}>{escape(str(value))}</td>"
