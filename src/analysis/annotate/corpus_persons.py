"""Persons across a corpus: one name for one person in all articles, and what other articles say of who they are.

One article introduces `GOP nominee Anna Lund`, the next writes `Lund`. Sources get the role and side that another
article of the corpus gives the same person; the one nearest in date counts, for offices change hands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.annotate.corpus_bodies import name_bodies
from analysis.annotate.persons import SAME_SURNAME, differ_in_middle
from analysis.annotate.roles import OTHER, UNKNOWN, is_expert
from analysis.codebook import PERSONS_FILE, Codebook, PersonEdit
from analysis.language import Language, load_language
from analysis.parse.names import surname_of
from analysis.tables import PERSONS, SOURCES
from analysis.text import fold

_AGREEING = 2 / 3  # of the articles that tell a role: fewer speak of several persons of one name


NameIn = Callable[[str, str], str]  # the one name of whom an article calls so


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
    not Mike. A surname alone is the person's whom two thirds of the full names with it are for. `name` stays as the article has it. A role
    or side that the source's own article does not tell is taken from the article nearest in date that tells one, which
    `role_from` and `side_from` name. What the codebook's persons.csv says of a name comes before all of this; `role_from`
    then names the file. Bodies get one name likewise (see `corpus_bodies`).
    """
    known = WhoIsWho(cast, source_names(sources), codebook)
    filled = known.fill(sources, cast)
    return filled, known.persons(filled["person"].value_counts())


def source_names(sources: pd.DataFrame) -> pd.DataFrame:
    """Each name of a source once, with whether it is a person's (`named`) and the side that the source has."""
    names = sources[["name", "named", "side"]].dropna(subset=["name"]).drop_duplicates()
    return names.assign(named=names["named"].fillna(False).astype(bool))


@dataclass(frozen=True, eq=False)
class WhoIsWho:
    """Who the persons of a corpus are: from the `cast` of all its articles, and the names of all its sources."""

    cast: pd.DataFrame
    source_names: pd.DataFrame
    codebook: Codebook

    @cached_property
    def names(self) -> Mapping[str, str]:
        """For each name the one that the same person has in the whole corpus."""
        own = self.source_names.loc[self.source_names["named"], "name"]
        return _one_name(Counter(self.cast["name"].tolist() + own.tolist()), self.codebook)

    @cached_property
    def bodies(self) -> Mapping[str, str]:
        """For each name of a body the one that the same body has in the whole corpus."""
        own = self.source_names[~self.source_names["named"]]
        return name_bodies(own[["name", "side"]], self.names, self.codebook)

    @cached_property
    def _edits(self) -> Edits:
        return Edits(self.codebook.persons)

    @cached_property
    def _told(self) -> Mapping[str, list[Told]]:
        return _told(self.cast, self._name_in)

    def _name_in(self, name: str, article_id: str) -> str:
        """The one name of whom an article calls so."""
        return self._edits.person_in(name, article_id) or self.names.get(name, name)

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
        dates = dict(zip(cast["article_id"].tolist(), cast["published"].fillna("").tolist(), strict=True))
        own = _told_here(self._told if cast is self.cast else _told(cast, self._name_in))
        columns = ["article_id", "role", "side", "expert", "role_from", "side_from"]
        filled = {name: sources[name].tolist() for name in columns}
        persons = self._persons_of(sources)
        named = sources["named"].fillna(False).tolist()
        for place, person in self._unsettled(persons, named, sources):
            row = {name: values[place] for name, values in filled.items()}
            published = dates.get(row["article_id"], "")
            if named[place]:
                here = own.get((person, row["article_id"]), ())
                _fill(row, person, self._said, here, published, offices)
            self._edits.apply(row, person, published)
            for name, values in filled.items():
                values[place] = row[name]
        return SOURCES.make(sources.assign(person=persons, **filled))

    def _unsettled(
        self, persons: Sequence[str | None], named: Sequence[bool], sources: pd.DataFrame
    ) -> Iterator[tuple[int, str]]:
        """The places and persons of the sources of whom their own article does not tell all, or persons.csv tells more."""
        lacks = sources["role"].eq(OTHER) | sources["side"].eq(UNKNOWN)
        again = sources["role_from"].notna() | sources["side_from"].notna()
        asks = (lacks | again).fillna(True).tolist()
        for place, person in enumerate(persons):
            if person is not None and ((named[place] and asks[place]) or self._edits.has(person)):
                yield place, person

    def _persons_of(self, sources: pd.DataFrame) -> list[str | None]:
        """The one name of each source; None where it has no name of its own."""
        columns = (sources[c].tolist() for c in ("name", "named", "article_id"))
        return [
            None
            if not isinstance(name, str)
            else self._name_in(name, article_id)
            if named is True
            else self._edits.person_in(name, article_id) or self.bodies.get(name)
            for name, named, article_id in zip(*columns, strict=True)
        ]

    def persons(self, quoted: Mapping[str, int]) -> pd.DataFrame:
        """The table `persons`; `quoted`: of how many sources each is the person."""
        made = _person_table(self.cast, self._name_in, self._told, quoted)
        for row in made:
            self._edits.apply(row, str(row["person"]), str(row["last_seen"] or ""))
        return PERSONS.make(made)


class Edits:
    """What persons.csv says, found by name and article and by person."""

    def __init__(self, edits: Sequence[PersonEdit]) -> None:
        self._here = {(fold(e.name), e.article_id): e.person for e in edits if e.person and e.article_id}
        self._of: dict[str, list[PersonEdit]] = defaultdict(list)
        for edit in edits:
            if edit.role or edit.side:
                self._of[fold(edit.person or edit.name)].append(edit)

    def person_in(self, name: str, article_id: str) -> str | None:
        """Whom a name means in this article, where the file says it for this article alone."""
        return self._here.get((fold(name), article_id)) if self._here else None

    def has(self, person: str) -> bool:
        """Whether the file says what role or side the person has."""
        return bool(self._of) and fold(person) in self._of

    def apply(self, row: dict[str, Any], person: str, published: str) -> None:
        """Give a row the role and side that the file says the person has on that day."""
        for edit in self._of.get(fold(person), ()):
            if edit.article_id not in ("", row.get("article_id", "")) or not _in_term(edit, published):
                continue
            for key, code in (("role", edit.role), ("side", edit.side)):
                if code:
                    row[key] = code
                    row |= {f"{key}_from": PERSONS_FILE} if f"{key}_from" in row else {}
            if edit.role and "expert" in row:
                row["expert"] = is_expert(edit.role)


def _in_term(edit: PersonEdit, published: str) -> bool:
    """Whether a day, perhaps only a month, lies in the time of which a line speaks; where no day is known, it does."""
    size = len(published)
    return not size or (
        edit.since[:size] <= published and not (edit.until and edit.until[:size] <= published)
    )


def _one_name(names: Counter[str], codebook: Codebook) -> dict[str, str]:
    """For each name, with how many articles have it, the one that the same person has in the whole corpus."""
    language = load_language()
    listed = {fold(form): h.name for h in codebook.office_holders for form in (h.name, *h.also)}
    said = {fold(e.name): e.person for e in codebook.persons if e.person and not e.article_id}
    said |= {fold(e.person): e.person for e in codebook.persons if e.person}
    met: dict[tuple[str, str], list[str]] = {}
    of: dict[str, str] = {}
    for name in names:
        known = said.get(fold(name)) or listed.get(fold(name), name)
        words = fold(known).split()
        if fold(known) not in said and len(words) > 1:
            alike = met.setdefault((words[0], surname_of(words, language)[:2]), [])
            known = next((n for n in alike if _is_respelt(n, known, language)), known)
            if known not in alike:
                alike.append(known)
        of[name] = known
    settled = {fold(name) for name in (*said, *listed, *listed.values())}
    short = _of_short_names(Counter({k: names[k] for k in of.values() if fold(k) not in settled}), language)
    of = {name: short.get(known, known) for name, known in of.items()}
    by_surname: dict[str, Counter[str]] = defaultdict(Counter)
    for name, known in of.items():
        words = fold(known).split()
        last = surname_of(words, language)
        if len(words) > 1 and (fold(known) not in said or surname_of(fold(name).split(), language) == last):
            by_surname[last][known] += names[name]
    for name, known in of.items():
        bearers = by_surname.get(fold(known), Counter()) if fold(known) not in said else Counter[str]()
        best = max(bearers, key=bearers.__getitem__, default="")
        if best and bearers[best] >= _AGREEING * bearers.total():
            of[name] = best
    return of


def _is_respelt(one: str, other: str, language: Language) -> bool:
    """Whether two full names with one first name are one person's: their surnames are nearly so, and no son's."""
    words = [fold(name).split() for name in (one, other)]
    sons = [own[-1] in language["name_suffix"] for own in words]
    surnames = [surname_of(own, language) for own in words]
    return sons[0] == sons[1] and ratio(*surnames) >= SAME_SURNAME and not differ_in_middle(*words)


def _of_short_names(names: Counter[str], language: Language) -> dict[str, str]:
    """For full names of which one has the short form of another's first name, the more frequent one: Bill, William Lund.

    Where the short form may be either of two, Chris Lund of Christopher and Christina, nobody's name is another's.
    """
    full: dict[str, set[str]] = defaultdict(set)
    for pair in language["nickname"]:
        short, _, whole = pair.partition(":")
        full[short].add(whole)
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in names:
        first, *_ = words = fold(name).split()
        if len(words) > 1:
            for root in (first, *full.get(first, ())):
                groups[root, surname_of(words, language)].add(name)
    found: dict[str, str] = {}
    near: dict[str, set[str]] = defaultdict(set)
    for group in groups.values():
        for name in group:
            near[name] |= {name, *(n for n in group if fold(n).split()[0] != fold(name).split()[0])}
    for name, others in near.items():
        if len(others) > 1 and all(near[other] == others for other in others):
            found[name] = max(sorted(others), key=names.__getitem__)
    return found


def _told(cast: pd.DataFrame, name_in: NameIn) -> dict[str, list[Told]]:
    told: dict[str, list[Told]] = defaultdict(list)
    columns = (cast[c].fillna("").tolist() for c in ("name", "article_id", "published", "role", "side"))
    for name, *said in zip(*columns, strict=True):
        if said[2] or said[3]:
            told[name_in(name, said[0])].append(Told(*said))
    return told


def _told_here(told: Mapping[str, list[Told]]) -> Mapping[tuple[str, str], list[Told]]:
    """What each article tells of each person."""
    here: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for person, all_told in told.items():
        for one in all_told:
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
        if isinstance(row[giver], str):  # made once more
            row[key] = nothing
        row[giver] = pd.NA
        if pd.isna(row[key]) or row[key] != nothing or (person, key) not in said:
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
        self._known: dict[
            str, tuple[str, str] | None
        ] = {}  # by date, for articles that tell nothing themselves

    def nearest(
        self, article_id: str, own: Counter[str], published: str, offices: Collection[str]
    ) -> tuple[str, str] | None:
        """The code, and the article nearest in date that tells it; None where no other does, or they speak of namesakes.

        `own`: what the article itself tells, which does not count.
        """
        if own:
            return self._nearest(article_id, own, published, offices)
        if published not in self._known:
            self._known[published] = self._nearest("", own, published, offices)
        return self._known[published]

    def _nearest(
        self, article_id: str, own: Counter[str], published: str, offices: Collection[str]
    ) -> tuple[str, str] | None:
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

        def distance(place: int) -> int:
            return abs(self._days[place] - day)

        at = bisect_left(self._days, day)
        outward = merge(range(at - 1, -1, -1), range(at, len(self._days)), key=distance)
        for _, places in groupby(outward, key=distance):
            yield tuple(self._days[place] for place in places)
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
    name_in: NameIn,
    told: Mapping[str, list[Told]],
    quoted: Mapping[str, int],
) -> list[dict[str, Any]]:
    """The rows of the table `persons`: those who are named in the articles with what each article says of them."""
    columns = (cast[c].fillna("").tolist() for c in ("name", "article_id", "published", "aliases"))
    here: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, *seen in zip(*columns, strict=True):
        here[name_in(name, seen[0])].append(tuple(seen))
    made: list[dict[str, Any]] = []
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
    return made


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
