"""Make `src/analysis/english/person_nouns.yml` from WordNet: nouns for persons, by their kinds.

    python tests/make_person_nouns.py FOLDER   # WordNet's `dict` folder, with data.noun, index.noun and index.sense

A noun belongs to the nearest of the kinds below that WordNet has it under, in the sense that is its most frequent or,
where that is no person, its second if texts were tagged with it. Words that name a nationality or a people are left
out (`places.yml` has them), as are words of several parts: a phrase is called after its head.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "person_nouns.yml"

# Kind to the offset of its synset in WordNet 3.1 data.noun.
KINDS = {
    "scientist": "10580065",
    "scholar": "10577282",
    "academic": "09778400",
    "health_professional": "10184702",
    "engineer": "09638837",
    "expert": "09640897",
    "educator": "10065521",
    "lawyer": "10269647",
    "judge": "10244889",
    "prosecutor": "10504443",
    "juror": "10247948",
    "police_officer": "10269156",
    "firefighter": "10111420",
    "serviceman": "10602198",
    "military_officer": "10336665",
    "legislator": "10273692",
    "diplomat": "10033672",
    "official": "10392072",
    "civil_administrator": "10470837",
    "politician": "10469877",
    "head_of_state": "10184340",
    "sovereign": "10648006",
    "candidate": "09909143",
    "journalist": "10244248",
    "editor": "10064687",
    "broadcaster": "09895252",
    "athlete": "09839665",
    "coach": "09951098",
    "entertainer": "09639952",
    "artist": "09831743",
    "writer": "10813654",
    "businessperson": "09902168",
    "capitalist": "09632262",
    "manufacturer": "10311977",
    "owner": "10409097",
    "proprietor": "10408623",
    "clergyman": "09946909",
    "spiritual_leader": "09528285",
    "member_of_order": "10538195",
    "reformer": "10534787",
    "relative": "10255246",
    "juvenile": "09645219",
    "sick_person": "10615055",
    "student": "10685137",
    "traveler": "09652940",
    "peer": "09649426",
    "unfortunate": "09653829",
    "worker": "09655706",
}
# Of these only words that texts were tagged with: the others are mostly rare, or meant to hurt.
FREQUENT_ONLY = {"", "relative", "juvenile", "sick_person", "traveler", "peer", "unfortunate", "worker"}
LEFT_OUT = {"09643248", "09659294", "09564864", "09505418"}  # inhabitants, peoples, spirits, beings of myth
PERSON = "00007846"
NOUN_PERSON = 18  # WordNet's file of nouns denoting people
_SLUR = re.compile(r"slur|offensive|disparag|derogat|insulting|contempt|slang|pejorative|archaic")
NOTICE = """\
# Nouns for persons, by kinds. Made by tests/make_person_nouns.py from WordNet 3.1: do not edit, run it again.
#
# WordNet Release 3.1, copyright 2011 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED
# "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. Permission to use, copy,
# modify and distribute this database and its documentation for any purpose and without fee or royalty is granted,
# provided that this notice appears on all copies, including modifications. https://wordnet.princeton.edu/license-and-commercial-use
"""


class Synset(NamedTuple):
    file: int
    slur: bool
    above: tuple[str, ...]
    instance: bool


def synsets(path: Path) -> dict[str, Synset]:
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        fields, _, gloss = line.partition("|")[0].split(), *line.partition("|")[1:]
        at = 4 + 2 * int(fields[3], 16)
        pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
        above = tuple(p[1] for p in pointers if p[0] == "@")
        found[fields[0]] = Synset(
            int(fields[1]), _SLUR.search(gloss) is not None, above, any(p[0] == "@i" for p in pointers)
        )
    return found


def tagged(path: Path) -> dict[tuple[str, str], int]:
    """How often texts were tagged with a noun in a sense."""
    counts = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, offset, _, count = line.split()
        if "%1:" in key:
            counts[key.partition("%")[0], offset] = int(count)
    return counts


def nearest_kind(offset: str, known: dict[str, Synset]) -> str | None:
    """The nearest kind above a synset, "" for another person, None for what is left out or no person."""
    kinds = {kind_offset: kind for kind, kind_offset in KINDS.items()}
    left, seen, nearest = deque([offset]), set[str](), ""
    while left:
        at = left.popleft()
        if at in LEFT_OUT:
            return None
        if at in seen:
            continue
        seen.add(at)
        nearest = nearest or kinds.get(at, "")
        left.extend(known[at].above)
    return nearest if PERSON in seen else None


def plural(noun: str) -> str:
    if noun.endswith("man"):
        return noun[:-2] + "en"
    if noun.endswith("child"):
        return noun + "ren"
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", noun) + "s"


def entry(name: str, told: str, words: Iterable[str]) -> str:
    """One list of a language's YAML files, its words in order; `told` as YAML has it."""
    text = "\n".join(textwrap.wrap(" ".join(sorted(words)), 116, break_on_hyphens=False))
    return f"{name}:\n  for: {told}\n  words: >-\n{textwrap.indent(text, '    ')}\n"


def write_entries(
    out: Path, what: str, maker: str, entries: Iterable[str], release: tuple[str, str] = ("3.1", "2011")
) -> None:
    """The file with WordNet's notice: what is in it, which script made it, and of which release and year WordNet is."""
    notice = NOTICE.replace("Nouns for persons, by kinds", what).replace("make_person_nouns", maker)
    notice = notice.replace("3.1", release[0]).replace("2011", release[1])
    out.write_text(notice + "\n" + "\n".join(entries), encoding="utf-8")


def main(folder: Path) -> None:
    known, counts = synsets(folder / "data.noun"), tagged(folder / "index.sense")
    words: dict[str, set[str]] = {kind: set() for kind in ["", *KINDS]}
    for line in (folder / "index.noun").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        noun = fields[0]
        if line.startswith("  ") or not re.fullmatch("[a-z]{3,}", noun):
            continue
        senses = fields[-int(fields[2]) :]
        for rank, offset in enumerate(senses[:2]):
            if known[offset].file != NOUN_PERSON or known[offset].instance or known[offset].slur:
                continue
            kind = nearest_kind(offset, known)
            often = counts.get((noun, offset), 0)
            if kind is not None and (often and rank == 0 if kind in FREQUENT_ONLY else often or rank == 0):
                words[kind] |= {noun, plural(noun)}
                break
    entries = []
    for kind, held in words.items():
        name = f"{kind}_noun" if kind else "other_person_noun"
        told = f"Kinds of {kind.replace('_', ' ')}." if kind else "Persons of no other kind here."
        entries.append(entry(name, told, held))
    included = ", ".join(f"{kind}_noun" if kind else "other_person_noun" for kind in words)
    every = "\n".join(textwrap.wrap(f"[{included}]", 110))
    entries.append(
        f"person_noun:\n  for: All nouns for persons.\n  includes:\n{textwrap.indent(every, '    ')}\n"
    )
    write_entries(OUT, "Nouns for persons, by kinds", "make_person_nouns", entries)
    print(f"{OUT}: {sum(map(len, words.values()))} words, singular and plural")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
