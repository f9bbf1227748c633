"""Make `src/analysis/english/first_names_elsewhere.yml`: first names of many countries, which the U.S. Census hardly knows.

    pip download --no-deps faker && unzip faker-*.whl -d FOLDER
    python tests/make_first_names_elsewhere.py FOLDER

The names are those by which Faker (MIT licence, copyright Daniele Faraglia and contributors) makes up persons in each of
its countries, in Latin letters, also without accents, and Russian, Ukrainian, Bulgarian and Macedonian ones romanised as
newspapers do. Left out are names that are men's in one country and women's in another, names that are not twice as
often first as family names, and words of English that the language's other lists hold.
"""

from __future__ import annotations

import importlib
import re
import sys
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.language import load_language
from analysis.text import fold

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "first_names_elsewhere.yml"
HEAD = """\
# First names of many countries. Made by tests/make_first_names_elsewhere.py from Faker {version} (MIT licence, copyright Daniele
# Faraglia and contributors): do not edit, run it again.
"""
LETTERS = dict(zip("абвгґдѓеєжзѕиіїйјклљмнњопрстќуфхцчџшщъыьэюяёў", (
    "a b v g g d g e ye zh z dz i i yi y j k l lj m n nj o p r s t kj u f kh ts ch dz sh shch _ y _ e yu ya yo u".replace("_", "").split(" ")
), strict=True))  # fmt: skip
UKRAINIAN = LETTERS | {"и": "y", "г": "h", "є": "ie", "й": "i"}
ENDINGS = (("iy", "y"), ("yy", "y"), ("yi", "iy"), ("ii", "iy"))  # Дмитрий is Dmitry, Андрій Andrii or Andriy
SHORTEST = 3  # letters
KNOWN_BETTER = ("en", "en_US")  # by the Census
ORDINARY = (
    *("person_noun", "group_noun", "text_noun", "verb_bare", "verb_third", "title", "state", "seat", "dateline_city", "day", "month"),
    *("male_census_forename", "female_census_forename", "mostly_male_forename", "mostly_female_forename"),
    *("preposition", "determiner", "adverb", "coordinator", "pronoun", "nationality", "well_known", "no_person", "place_word"),
)  # fmt: skip


def names_of(provider: Any, pattern: str) -> Iterator[str]:
    """The names in a provider's tables that are called so."""
    for attribute in filter(re.compile(pattern).fullmatch, dir(provider)):
        table = getattr(provider, attribute)
        if isinstance(table, (tuple, list, set, frozenset, dict)):
            for entry in table:
                yield from (entry,) if isinstance(entry, str) else entry


def spellings(name: str) -> set[str]:
    """How newspapers write a name; none where it has letters that are not told here."""
    low = fold(name)
    ways = {low}
    if any("\u0400" <= letter <= "\u04ff" for letter in low):
        ways = {"".join(table.get(letter, letter) for letter in low) for table in (LETTERS, UKRAINIAN)}
        ways |= {way.removesuffix(end) + other for way in ways for end, other in ENDINGS if way.endswith(end)}
    ways |= {
        "".join(c for c in unicodedata.normalize("NFD", way) if not unicodedata.combining(c)) for way in ways
    }
    ways |= {way.translate(str.maketrans("łøđıæß", "lodias")) for way in ways}
    return {way for way in ways if len(way) >= SHORTEST and re.fullmatch(r"[a-z\u00df-\u024f]+", way)}


def countries(folder: Path) -> Iterator[Any]:
    """Faker's providers of persons."""
    sys.path.insert(0, str(folder))
    for place in sorted((folder / "faker" / "providers" / "person").iterdir()):
        if (place / "__init__.py").is_file() and place.name not in KNOWN_BETTER:
            yield importlib.import_module(f"faker.providers.person.{place.name}").Provider


def entry(gender: str, told: str, names: Iterable[str]) -> str:
    text = textwrap.indent("\n".join(textwrap.wrap(" ".join(sorted(names)), 116)), "    ")
    return f"{gender}_forename_elsewhere:\n  for: First names of {told} in many countries.\n  words: >-\n{text}\n"


def main(folder: Path) -> None:
    given = {"male": Counter[str](), "female": Counter[str]()}
    surnames = Counter[str]()
    for provider in countries(folder):
        surnames.update(set().union(*map(spellings, names_of(provider, r"last_(\w*_)?names(_\w+)?"))))
        for gender, count in given.items():
            found = names_of(provider, rf"first_(\w*_)?names?(_\w+)?_{gender}|first_name_{gender}_pairs")
            count.update(set().union(*map(spellings, found)))
    language = load_language("english")
    ordinary = language.among(*ORDINARY)
    entries = []
    for gender, other, told in (("male", "female", "men"), ("female", "male", "women")):
        own = {n for n, times in given[gender].items() if not given[other][n] and times > 2 * surnames[n]}
        entries.append(entry(gender, told, own - ordinary))
    version = next(folder.glob("faker-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    OUT.write_text(HEAD.format(version=version) + "\n" + "\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
