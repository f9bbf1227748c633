"""CPU of annotation here against another checkout: `python tests/measure_annotation.py OTHER FOLDER [rounds]`.

OTHER is a folder with another state of this repository (`git worktree add OTHER REVISION`), FOLDER one with articles. Each
state annotates in a process of its own; they take turns at every seven articles, so that what else the machine does falls on
both alike, and of several rounds the fastest counts. Prints the ratio of the sums, without start and first patterns.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

AT_ONCE = 7
HERE = Path(__file__).resolve().parent.parent

# Runs in either state, so it uses nothing that one of them may lack.
WORKER = f"""
import sys, time
from pathlib import Path
from analysis.codebook import load_codebook
from analysis.pipeline import annotate
from analysis.read.articles import load_articles
articles = load_articles(Path(sys.argv[1]), None)[0]
codebook = load_codebook()
annotate(articles.head(2), codebook)
print(len(articles), flush=True)
for line in sys.stdin:
    first = int(line)
    start = time.process_time()
    annotate(articles.iloc[first : first + {AT_ONCE}], codebook)
    print(time.process_time() - start, flush=True)
"""


def main(other: Path, folder: Path, rounds: int) -> None:
    """Print seconds and ratio."""
    workers = [_started(state, folder) for state in (HERE, other)]
    n = min(int(_answer(worker)) for worker in workers)
    fastest: dict[tuple[int, int], float] = defaultdict(lambda: float("inf"))
    for turn in range(rounds):
        for first in range(0, n, AT_ONCE):
            for which in (0, 1) if (turn + first // AT_ONCE) % 2 else (1, 0):
                worker = workers[which]
                worker.stdin.write(f"{first}\n")  # type: ignore[union-attr]
                worker.stdin.flush()  # type: ignore[union-attr]
                fastest[which, first] = min(fastest[which, first], float(_answer(worker)))
    here, there = (sum(s for (which, _), s in fastest.items() if which == one) for one in (0, 1))
    print(f"{n} articles: here {here:.2f} s, there {there:.2f} s, ratio {here / there:.3f}")


def _started(state: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder.resolve())],
        env=os.environ | {"PYTHONPATH": str(state.resolve() / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _answer(worker: subprocess.Popen[str]) -> str:
    if not (line := worker.stdout.readline()):  # type: ignore[union-attr]
        sys.exit("a state could not annotate; its message is above")
    return line


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) == 4 else 3)
