"""Make `src/analysis/english/nicknames.yml`: which first names are short or familiar forms of which others.

    python tests/make_nicknames.py names.csv   # of the package `nicknames`, version 1.0.1

The rows of the file are a name, `has_nickname` and the nickname. Names that hold anything but letters are left out.
"""

from __future__ import annotations

import csv
import sys
import textwrap
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "nicknames.yml"
HEAD = """\
# First names that are short or familiar forms of others. Made by tests/make_nicknames.py from names.csv of the package
# `nicknames` 1.0.1 (Carlton Northern, Nick Crews and others, https://github.com/carltonnorthern/nicknames): do not edit, run it
# again. The data are under the Apache License, Version 2.0, https://www.apache.org/licenses/LICENSE-2.0; changed: written as
# pairs, the nickname first.

nickname:
  for: "First names with what they stand for: `bill:william`."
  words: >-
"""


def main(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["name2"].lower(), row["name1"].lower()) for row in csv.DictReader(file)]
    pairs = sorted({f"{short}:{full}" for short, full in rows if short.isalpha() and full.isalpha()})
    text = textwrap.indent("\n".join(textwrap.wrap(" ".join(pairs), 116)), "    ")
    OUT.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    print(f"{OUT}: {len(pairs)} pairs")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
