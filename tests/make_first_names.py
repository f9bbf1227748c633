"""Make `src/analysis/english/first_names.yml`: first names by the gender in which nearly all, or most, of their bearers have them.

    python tests/make_first_names.py FOLDER   # with dist.male.first and dist.female.first

The files are those of the U.S. Census Bureau, Frequently Occurring Names in the 1990 Census: a name, the share of
people of that gender who have it, in percent, the cumulated share and the rank. They are in the public domain.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "analysis" / "english" / "first_names.yml"
NEARLY_ALL, MOST = 0.95, 0.85
HEAD = """\
# First names with the gender that at least 95%, or 85%, of their bearers have. Made by tests/make_first_names.py from the U.S. Census
# Bureau's Frequently Occurring Names in the 1990 Census (public domain): do not edit, run it again.
"""


def shares(path: Path) -> dict[str, float]:
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name.lower(): float(share) for name, share, *_ in rows}


def main(folder: Path) -> None:
    given = {gender: shares(folder / f"dist.{gender}.first") for gender in ("male", "female")}
    entries = []
    for least, under, which in ((NEARLY_ALL, 1.01, ""), (MOST, NEARLY_ALL, "mostly_")):
        for gender, other in (("male", "female"), ("female", "male")):
            own, others = given[gender], given[other]
            shared = {name: share / (share + others.get(name, 0.0)) for name, share in own.items()}
            kept = sorted(name for name, share in shared.items() if least <= share < under)
            text = textwrap.indent("\n".join(textwrap.wrap(" ".join(kept), 116)), "    ")
            told = {"male": "men", "female": "women"}[gender]
            mostly = "that are mostly those " if which else ""
            where = "" if which else " in the United States"
            entries.append(
                f"{which}{gender}{'' if which else '_census'}_forename:\n  for: First names {mostly}of {told}{where}.\n  words: >-\n{text}\n"
            )
    OUT.write_text(HEAD + "\n" + "\n".join(entries), encoding="utf-8")
    print(OUT)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
