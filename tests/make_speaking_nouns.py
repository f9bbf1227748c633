"""Make `src/analysis/english/speaking_nouns.yml` from WordNet: nouns for what can say something beside persons.

    python tests/make_speaking_nouns.py FOLDER   # WordNet's `dict` folder, with data.noun, index.noun and index.sense

Bodies are the nouns for groups of persons in WordNet's file of groups, texts those for what is written or published in its
file of communication: in their most frequent sense or, if texts were tagged with it, their second. Only nouns that texts were
tagged with are taken.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from make_person_nouns import Synset, entry, plural, synsets, tagged, write_entries

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "speaking_nouns.yml"
FILES = {"group": (14, "groups and bodies of persons"), "text": (10, "what is written or published")}
# Offsets of the synsets in WordNet 3.1 data.noun under which the nouns are.
ABOVE = {
    "group": {"07967506", "07958392", "07991473", "08255384"},  # social group, people, gathering, class
    "text": {"06360590", "06601855"},  # written communication, publication
}


def lineage(offset: str, known: dict[str, Synset]) -> set[str]:
    """A synset and all above it."""
    seen, left = set[str](), [offset]
    while left:
        if (at := left.pop()) not in seen:
            seen.add(at)
            left += known[at].above
    return seen


def main(folder: Path) -> None:
    known, counts = synsets(folder / "data.noun"), tagged(folder / "index.sense")
    words: dict[str, set[str]] = {kind: set() for kind in FILES}
    for line in (folder / "index.noun").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        noun = fields[0]
        if line.startswith("  ") or not re.fullmatch("[a-z]{3,}", noun):
            continue
        senses = fields[-int(fields[2]) :]
        for offset in senses[:2]:
            kind = next((kind for kind, (file, _) in FILES.items() if known[offset].file == file), None)
            if kind is not None and counts.get((noun, offset), 0) and not known[offset].instance:
                if not ABOVE[kind].isdisjoint(lineage(offset, known)):
                    words[kind] |= {noun, plural(noun)}
                break
    entries = [entry(f"{kind}_noun", f"Nouns for {FILES[kind][1]}.", held) for kind, held in words.items()]
    write_entries(OUT, "Nouns for bodies and texts", "make_speaking_nouns", entries)
    print(f"{OUT}: {sum(map(len, words.values()))} words, singular and plural")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
