"""Bodies across a corpus: one name for one body in all articles: FBI and Federal Bureau of Investigation, Lund's campaign."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

import pandas as pd

from analysis.annotate.roles import UNKNOWN
from analysis.codebook import Codebook
from analysis.parse.names import without_possessive
from analysis.text import fold

_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")
_SMALL = 3  # letters of the words between those with capitals: Bank of England


def name_bodies(given: pd.DataFrame, persons: Mapping[str, str], codebook: Codebook) -> dict[str, str]:
    """For each name of a body the one name of that body; without those that are no names: `two officials`.

    `given`: names and sides of the sources that are no persons; `persons`: the one name of each person by each other.
    Full names take in their initials where one body alone has these; listed ones take in their other forms; what a person
    owns is called after the person's one name. Bodies that different articles put on different sides have one name and
    are several (Foreign Ministry): they stay as they are, and get none.
    """
    listed = {fold(form): h.name for h in codebook.office_holders for form in (h.name, *h.also)}
    sides: dict[str, set[str]] = defaultdict(set)
    for name, side in zip(given["name"], given["side"].fillna(UNKNOWN), strict=True):
        sides[name] |= {side} - {UNKNOWN}
    small = {fold(name) for name in sides if name[:1].islower()}
    bodies = {name for name in sides if fold(name) in listed or _is_name(name, small)}
    by_initials: dict[str, set[str]] = defaultdict(set)
    for name in bodies:
        if len(name.split()) > 1:
            by_initials[_initials(name)].add(name)
    owners = _owners(persons)
    found = {}
    for name in sides:
        full = by_initials.get(name.replace(".", ""), set()) if _ACRONYM.fullmatch(name) else set()
        one = listed.get(fold(name)) or (min(full) if len(full) == 1 else "") or _of_owner(name, owners)
        if one or name in bodies:
            found[name] = one or name
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, set[str]] = defaultdict(set)
    for name, one in found.items():
        spellings[fold(one)][one] += 1
        told[fold(one)] |= sides[name]
    return {
        name: max(spellings[fold(one)], key=spellings[fold(one)].__getitem__)
        for name, one in found.items()
        if len(told[fold(one)]) < 2 or fold(name) in listed
    }


def _is_name(name: str, small: set[str]) -> bool:
    """Whether words are a body's name: two with capitals and but small words between, or initials.

    One word alone may be no more than the first of a sentence: it is a name where no source is written so in small letters,
    and no plural.
    """
    words = name.split()
    capital = [word for word in words if word[0].isupper()]
    if len(words) == 1:
        return _ACRONYM.fullmatch(name) is not None or (
            bool(capital) and fold(name) not in small and not name.endswith("s")
        )
    between = all(word[0].isupper() or word[0].isdigit() or len(word) <= _SMALL for word in words)
    return len(capital) > 1 and between and words[-1][0].isupper() and fold(name) not in small


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


def _owners(persons: Mapping[str, str]) -> dict[str, str]:
    """Each name of a person, and each surname that one alone has, with the one name."""
    surnames: dict[str, set[str]] = defaultdict(set)
    for person in persons.values():
        surnames[person.split()[-1]].add(person)
    return {**{s: min(of) for s, of in surnames.items() if len(of) == 1}, **persons}


def _of_owner(name: str, owners: Mapping[str, str]) -> str:
    """`Lund campaign`, `Lund's campaign` and `Anna Lund's campaign` as the last of them; "" where nobody known owns it."""
    *words, noun = name.split()
    owner = without_possessive(" ".join(words))
    return f"{owners[owner]}'s {noun}" if owner in owners and noun[0].islower() else ""
