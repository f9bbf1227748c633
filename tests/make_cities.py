"""Make `src/analysis/english/cities.yml` from WordNet 3.0: words of cities' names, by which a dateline is told from a speaker.

    python tests/make_cities.py FOLDER   # WordNet 3.0's `dict` folder, with data.noun and index.noun

Of 3.0, unlike the other lists: by 3.1 New Delhi is not among the cities that are taken.

A city is an instance of WordNet's city or of a kind of city, such as a national capital. Left out are names that are
a person's, too (Lincoln, Houston), which before a colon may well speak, places of which WordNet says nothing that makes
them a city of note (Lund, Preston), whose names are oftener a surname, and paraphrases (`capital of Austria`). Seats of
governments are in `places.yml`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from make_person_nouns import entry, synsets, write_entries

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "cities.yml"
CITY = "08524735"
PARAPHRASING = {"capital", "city", "of", "the"}
NOTED = re.compile(r"capital|largest|biggest|metropol|major|chief|principal|financial|million|main|most")


def main(folder: Path) -> None:
    known, kind = synsets(folder / "data.noun"), {CITY}
    while more := {offset for offset, s in known.items() if not kind.isdisjoint(s.above)} - kind:
        kind |= more
    of = {}
    for line in (folder / "data.noun").read_text(encoding="utf-8").splitlines():
        if not line.startswith("  "):
            data, _, gloss = line.partition("|")
            fields = data.split()
            at = 4 + 2 * int(fields[3], 16)
            of[fields[0]] = NOTED.search(gloss) and {
                fields[i + 1] for i in range(at, len(fields) - 1) if fields[i] == "@i"
            }
    words: dict[str, set[str]] = {"city": set(), "city_part": set()}
    for line in (folder / "index.noun").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if line.startswith("  ") or not re.fullmatch("[a-z_]{3,}", fields[0]):
            continue
        senses = fields[-int(fields[2]) :]
        city = any(not (of[offset] or set()).isdisjoint(kind) for offset in senses)
        person = any(known[offset].file == 18 for offset in senses)
        name = set(fields[0].split("_"))
        if city and not person and name.isdisjoint(PARAPHRASING):
            words["city_part" if len(name) > 1 else "city"] |= name
    told = {
        "city": '"Cities from which news comes: `LAGOS: `."',
        "city_part": '"Words of names of such cities that have several: `NEW YORK: `."',
    }
    entries = [entry(kind, told[kind], held) for kind, held in words.items()]
    write_entries(OUT, "Words of cities' names", "make_cities", entries, release=("3.0", "2006"))
    print(f"{OUT}: {sum(map(len, words.values()))} words")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
