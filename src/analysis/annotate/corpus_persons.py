"""Persons across a corpus: one name for one person in all articles, and what other articles say of who they are.

One article introduces `GOP nominee Anna Lund`, the next writes `Lund`. Sources get the role and side that another
article of the corpus gives the same person; the one nearest in date counts, for offices change hands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.annotate.persons import SAME_SURNAME
from analysis.annotate.roles import OTHER, UNKNOWN, is_expert
from analysis.codebook import Codebook
from analysis.tables import PERSONS, SOURCES
from analysis.text import fold

_AGREEING = 2 / 3  # of the articles that tell a role: fewer speak of several persons of one name
_FAR = 10**6  # days, between articles of which one has no date


class Told(NamedTuple):
    """What one article says of a person: a role and a side, "" where it says none."""

    article_id: str
    published: str
    role: str
    side: str


def name_persons(
    sources: pd.DataFrame, cast: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sources with one name for one person in all articles and what other articles say of them; the table `persons`.

    `person` is the name that the codebook lists (Joe Biden for Joseph Biden); of others the fullest form, where first
    names are equal and surnames begin alike and are nearly so (rapidfuzz ratio of 80): Zelenskyy is Zelensky, Mark is
    not Mike. A surname alone is the person's who alone has it in the corpus. `name` stays as the article has it. A role
    or side that the source's own article does not tell is taken from the article nearest in date that tells one, which
    `role_from` and `side_from` name.
    """
    named = sources["named"].fillna(False).astype(bool) & sources["name"].notna()
    names = _one_name(dict.fromkeys([*cast["name"], *sources.loc[named, "name"]]), codebook)
    person = sources["name"].map(names).where(named)
    told = _told(cast, names)
    rows = sources.assign(person=person).to_dict("records")
    offices = {code for role in codebook.roles.values() if role.former for code in (role.code, role.former)}
    dates = dict(zip(cast["article_id"], cast["published"].fillna(""), strict=True))
    for row in rows:
        if not pd.isna(row["person"]):
            _fill(row, told.get(row["person"], ()), dates.get(row["article_id"], ""), offices)
    filled = SOURCES.make(rows)
    return filled, _person_table(filled, cast, names, told)


def _one_name(names: Iterable[str], codebook: Codebook) -> dict[str, str]:
    """For each name the one that the same person has in the whole corpus."""
    listed = {fold(form): h.name for h in codebook.office_holders for form in (h.name, *h.also)}
    met: dict[tuple[str, str], list[str]] = {}
    of: dict[str, str] = {}
    by_surname: dict[str, set[str]] = defaultdict(set)
    for name in names:
        known = listed.get(fold(name), name)
        words = fold(known).split() or [""]
        if len(words) > 1:
            alike = met.setdefault((words[0], words[-1][:2]), [])
            of[name] = next(
                (n for n in alike if ratio(fold(n).split()[-1], words[-1]) >= SAME_SURNAME), known
            )
            if of[name] == known and known not in alike:
                alike.append(known)
            by_surname[fold(of[name]).split()[-1]].add(of[name])
        else:
            of[name] = known
    for name, known in of.items():
        bearers = by_surname.get(fold(known), ())
        if len(bearers) == 1:
            of[name] = next(iter(bearers))
    return of


def _told(cast: pd.DataFrame, names: Mapping[str, str]) -> dict[str, list[Told]]:
    told: dict[str, list[Told]] = defaultdict(list)
    columns = (cast[c].fillna("") for c in ("name", "article_id", "published", "role", "side"))
    for name, *said in zip(*columns, strict=True):
        if said[2] or said[3]:
            told[names.get(name, name)].append(Told(*said))
    return told


def _fill(row: dict[str, object], told: Iterable[Told], published: str, offices: Collection[str]) -> None:
    """Give a source the role and side that other articles tell and its own does not."""
    for key, nothing in (("role", OTHER), ("side", UNKNOWN)):
        giver = f"{key}_from"
        if not pd.isna(row.get(giver)):  # made once more
            row[key] = nothing
        row[giver] = pd.NA
        own = {row[key]} - {nothing}
        elsewhere = [t for t in told if getattr(t, key) and t.article_id != row["article_id"]]
        if own or not elsewhere:
            continue
        counts: dict[str, int] = defaultdict(int)
        for other in elsewhere:
            counts[getattr(other, key)] += 1
        nearest = min(elsewhere, key=lambda t: (_days(t.published, published), -counts[getattr(t, key)]))
        alike = [t for t in elsewhere if _fits(getattr(t, key), getattr(nearest, key), offices)]
        if len(alike) < _AGREEING * len(elsewhere):  # namesakes
            continue
        row[key], row[giver] = getattr(nearest, key), nearest.article_id
        if key == "role":
            row["expert"] = is_expert(str(row["role"]))


def _fits(one: str, other: str, offices: Collection[str]) -> bool:
    """Whether one person may have both: offices follow one another, a baker does not become a judge."""
    return one == other or (one in offices and other in offices)


def _days(one: str, other: str) -> int:
    """How many days lie between two dates, about; far where one is not known."""
    try:
        first, second = (
            date.fromisoformat(f"{day}-01-01"[:10] if len(day) == 4 else f"{day}-01"[:10])
            for day in (one, other)
        )
    except ValueError:
        return _FAR
    return abs((first - second).days)


def _person_table(
    sources: pd.DataFrame, cast: pd.DataFrame, names: Mapping[str, str], told: Mapping[str, list[Told]]
) -> pd.DataFrame:
    """The table `persons`: those who are named in the articles with what each article says of them."""
    quoted = sources["person"].dropna().value_counts().to_dict()
    columns = (cast[c].fillna("").tolist() for c in ("name", "article_id", "published", "aliases"))
    here: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, *seen in zip(*columns, strict=True):
        here[names.get(name, name)].append(tuple(seen))
    made = []
    for person, seen_in in here.items():
        ids, published, aliases = zip(*seen_in, strict=True)
        dates = sorted(filter(None, published))
        forms = dict.fromkeys(form for given in aliases for form in given.split("; ") if form)
        forms.pop(person, None)
        said = told.get(person, [])
        made.append(
            {
                "person": person,
                "aliases": "; ".join(forms) or None,
                "role": _most(t.role for t in said) or OTHER,
                "side": _most(t.side for t in said) or UNKNOWN,
                "roles": _by_article((t.role, t.article_id) for t in said),
                "sides": _by_article((t.side, t.article_id) for t in said),
                "first_seen": dates[0] if dates else None,
                "last_seen": dates[-1] if dates else None,
                "articles": len(set(ids)),
                "quoted_in": quoted.get(person, 0),
            }
        )
    return PERSONS.make(made)


def _most(codes: Iterable[str]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for code in filter(None, codes):
        counts[code] += 1
    return max(counts, key=counts.__getitem__, default="")


def _by_article(codes: Iterable[tuple[str, str]]) -> str | None:
    """`campaign: one, two; expert: three`."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, article_id in codes:
        if code:
            found[code].append(article_id)
    return "; ".join(f"{code}: {', '.join(ids)}" for code, ids in found.items()) or None
