"""Are the tables of several hundred articles what they were? For changes that are to leave every figure as it is.

    python tests/compare_tables.py save OLD      # before the change: the tables of all corpora, into folder OLD
    python tests/compare_tables.py against OLD   # after it: made anew and compared, value by value
    python tests/compare_tables.py against OLD five sample   # only these corpora

Corpora are the sample study and, where `MEDIA_ANALYSIS_SHARED` (by default ../shared) has them, the five articles, the
cases and the development parts of public sets: about 1,200 articles. Columns that are new are named and left out of the
comparison; a table, a column or a row that is gone or differs is an error. CPU seconds of each corpus are printed.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
SHARED = (ROOT / os.environ.get("MEDIA_ANALYSIS_SHARED", "../shared")).resolve()
TALKS = ROOT / "data/us-russia-talks/codebook"


def corpora(scratch: Path) -> Iterator[tuple[str, Path, str | None]]:
    """Name, folder of texts and codebook of each corpus that is here."""
    benchmarks = SHARED / "benchmarks"
    candidates = [
        ("sample", ROOT / "data/sample/articles", str(ROOT / "data/sample/codebook")),
        ("five", SHARED / "us-russia-talks/articles", str(TALKS)),
        ("talks", benchmarks / "talks/articles", str(TALKS)),
        ("election", benchmarks / "election/articles", str(benchmarks / "election/codebook")),
        ("frames", benchmarks / "frames/articles", "policy-frames"),
        ("polnear_dev", benchmarks / "polnear/dev", None),
        ("polnear_train", benchmarks / "polnear/train", None),
        ("cases", _cases(scratch), None),
    ]
    return ((name, folder, codebook) for name, folder, codebook in candidates if folder.is_dir())


def _cases(scratch: Path) -> Path:
    """The cases as articles, one file each; no folder where they are not here."""
    folder, path = scratch / "cases", SHARED / "cases/cases.jsonl"
    if not path.exists():
        return folder
    folder.mkdir()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        given = json.loads(line)["input"]
        if isinstance(given, dict):
            given = given.get("article") or given.get("sentence")
        text = "\n\n".join(map(str, given)) if isinstance(given, list) else given
        if isinstance(text, str) and text.strip():
            (folder / f"c{number:04d}.txt").write_text(f"{text}\n\n{number}.\n", encoding="utf-8")
    return folder


def make(out: Path, only: Sequence[str]) -> None:
    """The tables of each corpus (or of those named) as Parquet, in a folder of its name."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, folder, codebook in corpora(Path(scratch)):
            if only and name not in only:
                continue
            command = [sys.executable, "-m", "analysis", "annotate", str(folder), "--out", str(out / name)]
            before = _cpu()
            subprocess.run(
                [*command, *(["--codebook", codebook] if codebook else [])], check=True, capture_output=True
            )
            print(f"{name}: {_cpu() - before:.1f} s of CPU")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def differences(old: Path, new: Path, only: Sequence[str]) -> Iterator[str]:
    """What is not as it was, a line each."""
    for before in sorted(old.glob("*/*.parquet")):
        name = before.relative_to(old)
        if only and name.parts[0] not in only:
            continue
        if not (new / name).exists():
            yield f"{name}: is gone"
            continue
        was, now = pd.read_parquet(before), pd.read_parquet(new / name)
        if gone := [c for c in was if c not in now]:
            yield f"{name}: columns {', '.join(gone)} are gone"
        if added := [c for c in now if c not in was]:
            print(f"{name}: new columns {', '.join(added)}")
        common = [c for c in was if c in now]
        yield from (f"{name}: {line}" for line in _rows_that_differ(was[common], now[common]))


def _rows_that_differ(was: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    if was.equals(now):
        return
    lines = [frame.astype("string").fillna("<NA>").agg("\t".join, axis=1) for frame in (was, now)]
    gone, come = lines[0][~lines[0].isin(lines[1])], lines[1][~lines[1].isin(lines[0])]
    yield f"{len(gone)} rows gone, {len(come)} come, of {len(was)} and {len(now)}"
    yield from (f"  - {line}" for line in gone.head(5))
    yield from (f"  + {line}" for line in come.head(5))


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] not in ("save", "against"):
        print(__doc__)
        return 2
    folder, only = Path(sys.argv[2]), sys.argv[3:]
    if sys.argv[1] == "save":
        make(folder, only)
        return 0
    with tempfile.TemporaryDirectory() as new:
        make(Path(new), only)
        found = list(differences(folder, Path(new), only))
    print("\n".join(found) or "no table differs")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
