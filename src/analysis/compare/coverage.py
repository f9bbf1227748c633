"""Which group carries which item, which lacks it, and which left out what was already known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.compare.uncertainty import require_groups


def coverage(
    items: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    item: str = "item",
    by: str = "outlet",
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Each item in each group: item, by, status, n, total, share, known_since, unit.

    `items`: one row for each article that carries an item (article_id, `item`); `articles`: article_id, `by`,
    `published`. `status`: present (n of the group's `total` articles carry it); omitted: none does, although another
    group's article that carries it had certainly appeared before one of theirs; absent: none does, and the item cannot
    be shown to have been known. `known_since`: date of the earliest article that carries it, as published.

    "Certainly before" means the earlier date ends before the later begins: within one day, or within one month where
    only the month is known, nothing counts as known. Omitted is no reproach: the outlet may have printed it in an
    article that is not in the study, which with one article an outlet is the likelier explanation. `.pivot(index=item,
    columns=by, values="status")` gives the matrix.
    """
    require_groups(articles, by)
    groups = list(pd.unique(articles[by])) if groups is None else list(groups)
    known = articles[["article_id", by, "published"]].copy()
    periods = [_period(published) for published in known["published"]]
    known["first"], known["last"] = [p[0] for p in periods], [p[1] for p in periods]
    carried = items[["article_id", item]].dropna().drop_duplicates().astype({"article_id": "string"})
    carried = carried.merge(known, on="article_id", validate="many_to_one")
    out = []
    for name in pd.unique(carried[item]):
        carriers = carried[carried[item] == name]
        dated = carriers.dropna(subset=["last"]).sort_values(["last", "first"])
        for group in groups:
            theirs = known[known[by] == group]
            n = int((carriers[by] == group).sum())
            earlier = dated.loc[dated[by] != group, "last"]
            if n:
                status = "present"
            elif len(earlier) and (theirs["first"] > earlier.iloc[0]).any():
                status = "omitted"
            else:
                status = "absent"
            since = dated["published"].iloc[0] if len(dated) else pd.NA
            share = n / len(theirs) if len(theirs) else float("nan")
            out.append((name, group, status, n, len(theirs), share, since, "articles"))
    return pd.DataFrame(out, columns=[item, by, "status", "n", "total", "share", "known_since", "unit"])


def _period(published: object) -> tuple[pd.Timestamp, pd.Timestamp]:
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
