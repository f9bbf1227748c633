"""The audit: every count of every chart and table, counted again from the sentences that it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.show.evidence import Evidence
from analysis.show.leads import Lead, head
from analysis.show.wording import in_words

SAME, DIFFERS, ORPHAN = "same", "differs", "orphan"
LENGTHS = ("words",)  # columns that measure what they lead to, and count nothing there
COLUMNS = ["chart", "column", "row", "counted", "found", "verdict"]


@dataclass(frozen=True)
class _Place:
    """What a count leads to: rows by the heads that a page shows, and how many further ones of each kind are left out."""

    rows: pd.DataFrame
    left_out: pd.DataFrame

    def count(self, wanted: Sequence[tuple[str, str]], column: str) -> set[int]:
        """How many rows, or distinct places in articles, fit, or what they have of the column together: one was counted."""
        asked: dict[str, set[str]] = {}
        for name, value in wanted:
            if name in self.rows:
                asked.setdefault(name, set()).add(value.strip())
        here = self.rows[_fit(self.rows, asked)]
        if len(self.left_out):
            away = self.left_out[_fit(self.left_out, {k: v for k, v in asked.items() if k in self.left_out})]
            return {len(here) + int(away["rows"].sum())}
        counts = {len(here), here["place"].nunique()} if "place" in here else {len(here)}
        return counts | {int(pd.to_numeric(here[column]).sum())} if column in here else counts


def audit(ask: Material) -> pd.DataFrame:
    """Each count that leads somewhere, counted again there: chart, column, row, counted, found, verdict.

    `verdict`: same; differs; orphan, where nothing lies at the place that it leads to. A count of 0 leads nowhere and is
    not asked. Counts that lead to an article's own page are counted by its sentences.
    """
    comparisons = list(_comparisons(ask))
    places = _places(ask, comparisons)
    rows = [row for one in comparisons for row in _audited(one, places)]
    return pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(ignore_index=True)


def _comparisons(ask: Material) -> Iterator[Comparison]:
    """Every question that gives a comparison, asked as a notebook asks it."""
    kinds = type(ask).__mro__[: type(ask).__mro__.index(Material)]
    for name in dict.fromkeys(name for kind in kinds for name in vars(kind) if not name.startswith("_")):
        answer = getattr(ask, name)()
        if isinstance(answer, Comparison):
            yield answer


def _places(ask: Material, comparisons: Sequence[Comparison]) -> dict[str, _Place]:
    places = {one.name: _Place(_as_shown(one.table), pd.DataFrame()) for one in comparisons}
    seen: set[str] = set()
    for one in comparisons:
        if one.behind is None or one.name in seen:
            continue
        seen.add(one.name)
        found = one.evidence()
        if found.name and found.name not in places:
            places[found.name] = _Place(_as_shown(found.table), _left_out(found))
    sizes = ask.study.sentences.groupby("article_id").size()
    for article, size in sizes.items():
        rows = pd.DataFrame({"sentence": range(size)})
        places[f"articles/{article}.html"] = _Place(rows, pd.DataFrame())
    return places


def _as_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the heads and words that a page gives it."""
    shown = table.map(lambda value: "" if pd.isna(value) else in_words(value)) if len(table) else table
    return shown.rename(columns={column: head(str(column)) for column in table})


def _left_out(found: Evidence) -> pd.DataFrame:
    if not found.left_out:
        return pd.DataFrame()
    heads, *rows = found.left_out
    table = pd.DataFrame(rows, columns=[head(name.replace(" ", "_")) for name in heads])
    return table.assign(rows=table["rows"].astype(int))


def _fit(rows: pd.DataFrame, asked: Mapping[str, set[str]]) -> pd.Series:
    fits = pd.Series(True, index=rows.index)
    for name, values in asked.items():
        fits &= rows[name].map(lambda said, v=values: said in v or bool(v & set(str(said).split(", "))))
    return fits


def _audited(one: Comparison, places: Mapping[str, _Place]) -> Iterator[tuple[str, str, str, int, int, str]]:
    for column, way in one.leads.items():
        if column not in one.table or not pd.api.types.is_integer_dtype(one.table[column]):
            continue  # a name that leads to its page is no count
        addresses = way.addresses(one.table) if isinstance(way, Lead) else list(way)
        for row, address in zip(one.table.to_dict("records"), addresses, strict=True):
            count = row[column]
            if pd.isna(count) or not count:
                continue
            place, _, query = address.rpartition("#")[2].partition("?")
            label = ", ".join(str(row[c]) for c in (one.by, one.of) if c in row)
            if place not in places:
                yield one.name, column, label, int(count), 0, ORPHAN
                continue
            found = places[place].count(parse_qsl(query), head(column))
            _, nearest = min((abs(n - int(count)), n) for n in found)
            if column in LENGTHS and nearest:
                nearest = int(count)
            yield one.name, column, label, int(count), nearest, SAME if nearest == count else DIFFERS
