"""What a change costs in a large study, and how large its report is: `python tests/measure_amount.py [ARTICLES] [--report]`.

A study of so many articles (1,000 by default), made of the invented sample, is opened: from nothing, with nothing
changed, with one article changed, and with one indicator of one frame more. With `--report` its report is made, and
again after one article has changed. Prints processors' seconds, their share of the first run's, and megabytes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from many_articles import make_study
from measure_report import ROOT, measure

OPEN = ("timeit", "-n1", "-r1", "import analysis; dict(analysis.open_study('study').tables)")
REPORT = ("analysis", "report", "study")


def change_article(study: Path) -> None:
    """One sentence more in one article."""
    path = sorted((study / "articles").glob("*.txt"))[len(list((study / "articles").glob("*.txt"))) // 2]
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\nThe envoys left the hall.\n", encoding="utf-8")


def change_frame(study: Path) -> None:
    """One indicator more of one frame."""
    path = study / "codebook" / "frames.yml"
    text = path.read_text(encoding="utf-8")
    assert "\nframes:\n" in text
    new = "frames:\n  hall: {definition: Is about the hall., indicators: [hall]}\n"
    path.write_text(text.replace("frames:\n", new, 1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="?", type=int, default=1000)
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        study = make_study(folder / "data" / "study", arguments.articles)
        whole = seconds(folder, OPEN, "from nothing")
        seconds(folder, OPEN, "nothing changed", whole)
        change_article(study)
        seconds(folder, OPEN, "one article changed", whole)
        change_frame(study)
        seconds(folder, OPEN, "one frame more", whole)
        if arguments.report:
            whole = seconds(folder, REPORT, "the report")
            change_article(study)
            seconds(folder, REPORT, "the report, one article changed", whole)
            files = [p for p in (folder / "reports").rglob("*") if p.is_file()]
            print(f"{sum(p.stat().st_size for p in files) / 1e6:8.1f} MB   in {len(files)} files")


def seconds(folder: Path, command: tuple[str, ...], what: str, whole: float = 0) -> float:
    """Processors' seconds that the command takes; printed, with their share of `whole`."""
    _, processors = measure(folder, *command)
    print(f"{processors:8.1f} s   {what}{f', {processors / whole:.1%}' if whole else ''}", flush=True)
    return processors


if __name__ == "__main__":
    main()
