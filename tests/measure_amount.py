"""What a change costs in a large study, and how large its report is: `python tests/measure_amount.py [ARTICLES] [--report] [--guard]`.

A study of so many articles (1,000 by default), made of the invented sample, is opened: from nothing, with nothing
changed, with one article changed, and with one indicator of one frame more. With `--report` its report is made, and
again after one article has changed. Prints processors' seconds, their share of the first run's, and megabytes. With
`--guard` all of it is done once more with four times the articles; what grows faster than they do is named, and the exit
code is 1: `python tests/measure_amount.py 500 --report --guard`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
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


TIMES, SLACK = (
    4,
    1.3,
)  # what four times the articles may cost: a processor that others use, too, is not as fast each time


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="?", type=int, default=1000)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--guard", action="store_true")
    arguments = parser.parse_args()
    few = costs(arguments.articles, report=arguments.report)
    if not arguments.guard:
        return 0
    many = costs(TIMES * arguments.articles, report=arguments.report)
    grown = {what: many[what] / cost for what, cost in few.items()}
    for what, times in grown.items():
        print(f"{times:8.1f} times with {TIMES} times the articles   {what}")
    return int(max(grown.values()) > TIMES * SLACK)


def costs(articles: int, *, report: bool) -> dict[str, float]:
    """What each step costs with so many articles: processors' seconds, or megabytes; printed."""
    print(f"{articles:,} articles", flush=True)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        study = make_study(folder / "data" / "study", articles)

        def note(what: str, command: tuple[str, ...], whole: float = 0) -> float:
            found[what] = seconds(folder, command, what, whole)
            return found[what]

        whole = note("from nothing", OPEN)
        note("nothing changed", OPEN, whole)
        change_article(study)
        note("one article changed", OPEN, whole)
        change_frame(study)
        note("one frame more", OPEN, whole)
        made = [study / "tables"]
        if report:
            whole = note("the report", REPORT)
            change_article(study)
            note("the report, one article changed", REPORT, whole)
            made.append(folder / "reports")
        for place in made:
            files = [p for p in place.rglob("*") if p.is_file()]
            found[f"megabytes of {place.name}"] = sum(p.stat().st_size for p in files) / 1e6
            print(
                f"{found[f'megabytes of {place.name}']:8.1f} MB   {place.name}, {len(files)} files",
                flush=True,
            )
    return found


def seconds(folder: Path, command: tuple[str, ...], what: str, whole: float = 0) -> float:
    """Processors' seconds that the command takes; printed, with their share of `whole`."""
    _, processors = measure(folder, *command)
    print(f"{processors:8.1f} s   {what}{f', {processors / whole:.1%}' if whole else ''}", flush=True)
    return processors


if __name__ == "__main__":
    sys.exit(main())
