"""How long a whole report takes, against Jupyter's own export of the same notebooks: `python tests/measure_report.py`.

In a copy of the project, three times in turn: `jupyter nbconvert --execute --to html` of the eight notebooks, the
report of the same eight with nothing kept from before, and the report again with nothing changed. Tables are made
beforehand, so that neither side annotates. Prints the medians of the ratios; seconds differ from machine to machine.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ROUNDS = 3


def project(folder: Path) -> Path:
    """A copy of the notebooks and the sample study."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    ignored = shutil.ignore_patterns("tables", "runs")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample", ignore=ignored)
    return folder


def measure(folder: Path, *command: str) -> tuple[float, float]:
    """Seconds on the clock and of processors that a command takes, with all it starts."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MEDIA_ANALYSIS_")}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, check=True, capture_output=True
    )
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def second_run(folder: Path) -> float:
    """Time of a second report, unchanged, as a part of the first one's."""
    first, _ = measure(folder, "analysis", "report", "sample", "--fresh")
    return measure(folder, "analysis", "report", "sample")[0] / first


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = project(Path(temporary))
        names = sorted(str(path.relative_to(folder)) for path in (folder / "notebooks").glob("*.ipynb"))
        export = ("nbconvert", "--execute", "--to", "html", "--output-dir", "html", *names)
        measure(folder, "analysis", "check", "sample")
        rounds = []
        for _ in range(ROUNDS):
            jupyter = measure(folder, *export)
            first = measure(folder, "analysis", "report", "sample", "--fresh")
            second = measure(folder, "analysis", "report", "sample")
            rounds.append((first[0] / jupyter[0], first[1] / jupyter[1], second[0] / first[0]))
    whole, processors, again = map(median, zip(*rounds, strict=True))
    print(f"report / nbconvert: {whole:.2f} of its time, {processors:.2f} of its processors' time")
    print(f"second report / first: {again:.2f}")


if __name__ == "__main__":
    main()
