"""Make `src/analysis/english/verb_forms.yml` from WordNet: present forms that are hardly ever nouns or adjectives.

    python tests/make_verb_forms.py FOLDER   # WordNet's `dict` folder, with index.sense

A verb of one word is taken if texts were tagged with it ten times as often as with the noun or adjective written alike.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from make_person_nouns import entry, write_entries

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "verb_forms.yml"
NOUN, VERB, ADJECTIVES = "1", "2", ("3", "5")
TIMES = 10
_AUXILIARIES = {"be", "do", "have", "may", "can", "will", "need", "dare"}


def third_person(verb: str) -> str:
    if re.search("(s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search("[^aeiou]y$", verb) else f"{verb}s"


def main(folder: Path) -> None:
    counts: dict[str, Counter[str]] = {}
    for line in (folder / "index.sense").read_text(encoding="utf-8").splitlines():
        key, _, _, count = line.split()
        word, _, rest = key.partition("%")
        counts.setdefault(word, Counter())[rest[0]] += int(count)
    verbs = sorted(
        word
        for word, of in counts.items()
        if re.fullmatch("[a-z]{3,}", word)
        and word not in _AUXILIARIES
        and of[VERB] >= TIMES * max(of[NOUN] + sum(of[kind] for kind in ADJECTIVES), 0.1)
    )
    entries = [
        entry("verb_bare", "Verbs that are hardly ever nouns or adjectives.", verbs),
        entry("verb_third", "Their forms after `he` and `she`.", map(third_person, verbs)),
    ]
    write_entries(OUT, "Forms of verbs", "make_verb_forms", entries)
    print(f"{OUT}: {len(verbs)} verbs")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
