"""What a change costs in a large study, and how large its report is: `python tests/measure_amount.py [ARTICLES] [--report] [--notebooks] [--guard]`.

A study of so many articles (1,000 by default), made of the invented sample, is opened: from nothing, with nothing
changed, with one article changed, and with one indicator of one frame more; its quotes are exported. With `--report` its
report is made, and again after one article has changed; with `--notebooks` each notebook is run alone. Prints processors'
seconds with their share of the first run's, the most memory of any one process, and megabytes of what was made. With
`--guard` all of it is done once more with four times the articles; what grows faster than they do is named, and the exit
code is 1: `python tests/measure_amount.py 500 --report --notebooks --guard`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from many_articles import make_study
from measure_report import ROOT

OPEN = ("timeit", "-n1", "-r1", "import analysis; dict(analysis.open_study('study').tables)")
REPORT = ("analysis", "report", "study")
EXPORT = ("analysis", "quotes", "study", "--out", "quotes.json")


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


# What four times the articles may cost: a processor that others use, too, is not as fast each time.
TIMES, SLACK = 4, 1.3


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="?", type=int, default=1000)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--notebooks", action="store_true")
    parser.add_argument("--guard", action="store_true")
    arguments = parser.parse_args()
    how = {"report": arguments.report, "notebooks": arguments.notebooks}
    few = costs(arguments.articles, **how)
    if not arguments.guard:
        return 0
    many = costs(TIMES * arguments.articles, **how)
    grown = {what: many[what] / cost for what, cost in few.items() if cost}
    print(f"with {TIMES} times the articles")
    for what, times in sorted(grown.items(), key=lambda one: -one[1]):
        print(f"{times:8.1f} times   {what}{', more than linear' * (times > TIMES * SLACK)}")
    return int(max(grown.values()) > TIMES * SLACK)


def costs(articles: int, *, report: bool, notebooks: bool) -> dict[str, float]:
    """What each step costs with so many articles: processors' seconds, and megabytes of memory and of files; printed."""
    print(f"{articles:,} articles", flush=True)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        study = make_study(folder / "data" / "study", articles)

        def note(what: str, command: tuple[str, ...], whole: float = 0) -> float:
            seconds, memory = measure(folder, *command)
            share = f", {seconds / whole:.1%}" if whole else ""
            print(f"{seconds:8.1f} s {memory:8.0f} MB   {what}{share}", flush=True)
            found[f"seconds: {what}"], found[f"memory: {what}"] = seconds, memory
            return seconds

        whole = note("from nothing", OPEN)
        note("nothing changed", OPEN, whole)
        change_article(study)
        note("one article changed", OPEN, whole)
        change_frame(study)
        note("one frame more", OPEN, whole)
        note("quotes as data", EXPORT)
        made = [study / "tables", folder / "quotes.json"]
        if report:
            whole = note("the report", REPORT)
            change_article(study)
            note("the report, one article changed", REPORT, whole)
            made.append(folder / "reports")
        for notebook in sorted((folder / "notebooks").glob("*.ipynb")) if notebooks else ():
            note(f"notebook {notebook.stem}", (*REPORT, "--only", notebook.name[:2], "--excerpts", "20"))
        for place in made:
            files = [p for p in [place, *place.rglob("*")] if p.is_file()]
            found[f"bytes: {place.name}"] = sum(p.stat().st_size for p in files) / 1e6
            print(f"{found[f'bytes: {place.name}']:8.1f} MB   {place.name}, {len(files)} files", flush=True)
    return found


def measure(folder: Path, *command: str) -> tuple[float, float]:
    """Processors' seconds that a command takes with all it starts, and megabytes of the largest of these processes."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MEDIA_ANALYSIS_")}
    with (folder / "said.txt").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=environment, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}:\n{said.read().decode(errors='replace')}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
