"""Which group carries which item, which lacks it, and which left out what was already known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from analysis.compare.uncertainty import require_groups

PRESENT, OMITTED, EARLY, ABSENT = "present", "omitted", "early", "absent"


def coverage(
    items: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    item: str = "item",
    by: str = "outlet",
    groups: Sequence[str] | None = None,
    known: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Each item in each group: item, by, status, n, total, share, known_since, unit.

    `items`: one row for each article that carries an item (article_id, `item`); `articles`: article_id, `by`,
    `published`; `known`: items with the day on which everybody could know them, also those that no article carries.
    `status`: present (n of the group's `total` articles carry it); omitted: none does, although one of its articles had
    certainly appeared after the item was known or after another group's article that carries it; early: none does, and
    all its articles had certainly appeared before both; absent: none does, and neither can be shown. `known_since`: the
    day known, else the date of the earliest article that carries it, whichever is certainly the earlier.

    "Certainly before" means the earlier date ends before the later begins: within one day, or within one month where
    only the month is known, nothing counts as known. Omitted is no reproach: the outlet may have printed it in an
    article that is not in the study, which with one article an outlet is the likelier explanation. `.pivot(index=item,
    columns=by, values="status")` gives the matrix.
    """
    require_groups(articles, by)
    groups = list(pd.unique(articles[by])) if groups is None else list(groups)
    carried = items[["article_id", item]].dropna().drop_duplicates().astype({"article_id": "string"})
    carried = carried.merge(
        articles[["article_id", by, "published"]], on="article_id", validate="many_to_one"
    )
    carriers: dict[str, list[_Carrier]] = {name: [] for name in known or {}}
    for name, group, published in carried[[item, by, "published"]].itertuples(index=False):
        carriers.setdefault(name, []).append((*period_of(published), group, published))
    periods: dict[Hashable, list[_Period]] = defaultdict(list)
    for group, published in articles[[by, "published"]].itertuples(index=False):
        periods[group].append(period_of(published))
    out = []
    for name, rows in carriers.items():
        public = period_of((known or {}).get(name))
        dated = sorted((row for row in rows if row[1] is not pd.NaT), key=lambda row: (row[1], row[0]))
        since = _since(dated, public, (known or {}).get(name))
        for group in groups:
            theirs = periods[group]
            n = sum(row[2] == group for row in rows)
            status = PRESENT if n else _status(theirs, public, [row for row in dated if row[2] != group])
            share = n / len(theirs) if theirs else float("nan")
            out.append((name, group, status, n, len(theirs), share, since, "articles"))
    return pd.DataFrame(out, columns=[item, by, "status", "n", "total", "share", "known_since", "unit"])


_Period = tuple[pd.Timestamp, pd.Timestamp]  # first and last moment; NaT if unknown
_Carrier = tuple[
    pd.Timestamp, pd.Timestamp, Hashable, str
]  # of an article that carries an item, with its group and date


def _status(theirs: Sequence[_Period], public: _Period, others: Sequence[_Carrier]) -> str:
    """What is to be said of a group that does not have an item, `others` being the dated articles that do."""
    known = [end for end in (public[1], others[0][1] if others else pd.NaT) if end is not pd.NaT]
    begun = [start for start in (public[0], *(row[0] for row in others)) if start is not pd.NaT]
    if any(first > end for first, _ in theirs for end in known):
        return OMITTED
    if theirs and begun and all(last < min(begun) for _, last in theirs):
        return EARLY
    return ABSENT


def _since(dated: Sequence[_Carrier], public: _Period, day: str | None) -> object:
    """The date from which an item was known, as written."""
    if day and not (dated and dated[0][1] < public[0]):
        return day
    return dated[0][3] if dated else pd.NA


@lru_cache(maxsize=1 << 16)  # many articles are of one day
def period_of(published: object) -> _Period:
    """First and last moment that an ISO 8601 date can mean: a month, a day or a point in time; NaT if unknown."""
    text = "" if pd.isna(published) else str(published).strip()
    if "T" in text or " " in text:
        moment = pd.to_datetime(text, utc=True, errors="coerce")
        return moment, moment
    first = pd.to_datetime(text or None, utc=True, errors="coerce", format="ISO8601")
    if pd.isna(first):
        return pd.NaT, pd.NaT
    step = {4: pd.DateOffset(years=1), 7: pd.DateOffset(months=1)}.get(len(text), pd.DateOffset(days=1))
    return first, first + step - pd.Timedelta(1, "ns")
