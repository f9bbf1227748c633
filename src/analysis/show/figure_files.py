"""Which files a notebook's run has written: its figures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Environment variable: the file in which a notebook's run takes down the files that the notebook writes.
WRITTEN = "MEDIA_ANALYSIS_WRITTEN"


def take_down(*paths: Path) -> None:
    """Where a run takes down what its notebook writes, add these files."""
    if file := os.environ.get(WRITTEN):
        with open(file, "a", encoding="utf-8") as written:
            written.writelines(f"{path.resolve()}\n" for path in paths)


def taken_down(file: Path) -> Iterator[Path]:
    """The files that were added."""
    if file.exists():
        yield from map(Path, dict.fromkeys(file.read_text(encoding="utf-8").splitlines()))
