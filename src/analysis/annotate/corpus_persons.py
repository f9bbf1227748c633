"""Persons across a corpus: one name for one person in all articles, and what other articles say of who they are.

One article introduces `GOP nominee Anna Lund`, the next writes `Lund`. Sources get the role and side that another
article of the corpus gives the same person; the one nearest in date counts, for offices change hands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.annotate.persons import SAME_SURNAME
from analysis.annotate.roles import OTHER, UNKNOWN, is_expert
from analysis.codebook import Codebook
from analysis.tables import PERSONS, SOURCES
from analysis.text import fold

_AGREEING = 2 / 3  # of the articles that tell a role: fewer speak of several persons of one name


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
    known = WhoIsWho(cast, source_names(sources), codebook)
    filled = known.fill(sources, cast)
    return filled, known.persons(filled["person"].value_counts())


def source_names(sources: pd.DataFrame) -> pd.Series:
    """The names of those sources that have one; NA elsewhere."""
    return sources["name"].where(sources["named"].fillna(False).astype(bool))


@dataclass(frozen=True, eq=False)
class WhoIsWho:
    """Who the persons of a corpus are: from the `cast` of all its articles, and the names of all its sources."""

    cast: pd.DataFrame
    source_names: pd.Series
    codebook: Codebook

    @cached_property
    def names(self) -> Mapping[str, str]:
        """For each name the one that the same person has in the whole corpus."""
        return _one_name(dict.fromkeys([*self.cast["name"], *self.source_names.dropna()]), self.codebook)

    @cached_property
    def _told(self) -> Mapping[str, list[Told]]:
        return _told(self.cast, self.names)

    @cached_property
    def _said(self) -> Mapping[tuple[str, str], _Said]:
        """What is told of each person's role and side."""
        return {
            (person, key): _Said((t.article_id, t.published, code) for t in told if (code := getattr(t, key)))
            for person, told in self._told.items()
            for key in ("role", "side")
        }

    def fill(self, sources: pd.DataFrame, cast: pd.DataFrame) -> pd.DataFrame:
        """Some of the corpus' sources, with the `cast` of their articles: `person` filled, and roles and sides (see above)."""
        offices = {code for r in self.codebook.roles.values() if r.former for code in (r.code, r.former)}
        dates = dict(zip(cast["article_id"], cast["published"].fillna(""), strict=True))
        own = _told_here(cast, self.names)
        columns = ["article_id", "role", "side", "expert", "role_from", "side_from"]
        person = source_names(sources).map(self.names)
        filled = {name: sources[name].tolist() for name in columns}
        persons = person.tolist()
        for place in person.notna().to_numpy().nonzero()[0]:
            row = {name: values[place] for name, values in filled.items()}
            here = own.get((persons[place], row["article_id"]), ())
            _fill(row, persons[place], self._said, here, dates.get(row["article_id"], ""), offices)
            for name, values in filled.items():
                values[place] = row[name]
        return SOURCES.make(sources.assign(person=person, **filled))

    def persons(self, quoted: Mapping[str, int]) -> pd.DataFrame:
        """The table `persons`; `quoted`: of how many sources each is the person."""
        return _person_table(self.cast, self.names, self._told, quoted)


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


def _told_here(cast: pd.DataFrame, names: Mapping[str, str]) -> Mapping[tuple[str, str], list[Told]]:
    """What each article tells of each person."""
    here: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for person, told in _told(cast, names).items():
        for one in told:
            here[person, one.article_id].append(one)
    return here


def _fill(
    row: dict[str, Any],
    person: str,
    said: Mapping[tuple[str, str], _Said],
    own: Sequence[Told],
    published: str,
    offices: Collection[str],
) -> None:
    """Give a source the role and side that other articles tell and its own does not."""
    for key, nothing in (("role", OTHER), ("side", UNKNOWN)):
        giver = f"{key}_from"
        if not pd.isna(row[giver]):  # made once more
            row[key] = nothing
        row[giver] = pd.NA
        if (person, key) not in said or row[key] != nothing:
            continue
        told = Counter(code for t in own if (code := getattr(t, key)))
        found = said[person, key].nearest(row["article_id"], told, published, offices)
        if found is None:
            continue
        row[key], row[giver] = found
        if key == "role":
            row["expert"] = is_expert(str(row["role"]))


class _Said:
    """What articles tell of one person's role, or side: asked in time that does not grow with the articles."""

    def __init__(self, told: Iterable[tuple[str, str, str]]) -> None:
        """`told`: article, its date and the code, in the order of the corpus."""
        self._counts: Counter[str] = Counter()
        # Of each day, and of all together (0), each code with the first two articles that tell it: one may be the asker's.
        self._first: dict[int | None, dict[str, list[tuple[int, str]]]] = defaultdict(dict)
        for place, (article_id, published, code) in enumerate(told):
            self._counts[code] += 1
            for day in (_day(published), 0):
                first = self._first[day].setdefault(code, [])
                if len(first) < 2 and all(article_id != other for _, other in first):
                    first.append((place, article_id))
        self._days = sorted(day for day in self._first if day)

    def nearest(
        self, article_id: str, own: Counter[str], published: str, offices: Collection[str]
    ) -> tuple[str, str] | None:
        """The code, and the article nearest in date that tells it; None where no other does, or they speak of namesakes.

        `own`: what the article itself tells, which does not count.
        """
        counts = self._counts - own
        for days in self._outward(_day(published)):
            found = [
                (-counts[code], place, other, code)
                for day in days
                for code, first in self._first.get(day, {}).items()
                for place, other in first
                if other != article_id
            ]
            if found:
                _, _, giver, code = min(found)
                alike = sum(n for other, n in counts.items() if _fits(other, code, offices))
                return (code, giver) if alike >= _AGREEING * counts.total() else None
        return None

    def _outward(self, day: int | None) -> Iterator[tuple[int | None, ...]]:
        """The days with something told, the nearest first, those equally near together, then what has no date."""
        if day is None:
            yield (0,)
            return
        after = bisect_left(self._days, day)
        before = after - 1
        while before >= 0 or after < len(self._days):
            near = [self._days[i] for i in (before, after) if 0 <= i < len(self._days)]
            least = min(abs(one - day) for one in near)
            now = tuple(one for one in near if abs(one - day) == least)
            before -= any(one < day for one in now)
            after += any(one >= day for one in now)
            yield now
        yield (None,)


def _fits(one: str, other: str, offices: Collection[str]) -> bool:
    """Whether one person may have both: offices follow one another, a baker does not become a judge."""
    return one == other or (one in offices and other in offices)


@cache
def _day(published: str) -> int | None:
    """The date as a number of days, above 0; None where it is not known."""
    try:
        whole = f"{published}-01-01"[:10] if len(published) == 4 else f"{published}-01"[:10]
        return date.fromisoformat(whole).toordinal()
    except ValueError:
        return None


def _person_table(
    cast: pd.DataFrame,
    names: Mapping[str, str],
    told: Mapping[str, list[Told]],
    quoted: Mapping[str, int],
) -> pd.DataFrame:
    """The table `persons`: those who are named in the articles with what each article says of them."""
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
