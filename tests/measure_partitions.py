"""What any number of articles costs: `python tests/measure_partitions.py [ARTICLES] [--copies N]`.

So many made articles (400 by default) are annotated by partitions: by one process, by two, and by two workers of a Dask
scheduler; and a half each by two processes that share nothing, which is the most that this machine gives; then once more with nothing to do but the names in all articles. Prints processors' seconds, the time they
take together, the most memory that one process holds, and whether the files are the same to the bit. Then each table is
copied N times (250) under other ids, and DuckDB counts in all of it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb

from analysis.partitions import open_partitions
from analysis.read.articles import load_articles
from analysis.study import load_metadata
from many_articles import SAMPLE, make_study

ANNOTATE = """
import resource, sys
from pathlib import Path
from analysis.partitions import annotate_partitions
articles, out, codebook, jobs, scheduler = sys.argv[1:]
annotate_partitions(articles, out, Path(codebook), size=100, jobs=int(jobs), scheduler=scheduler or None)
own, workers = (resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(f"{own:.0f} MB, workers {workers:.0f} MB")
"""
COUNT = """
import resource, sys, time
from analysis.compare.by_sql import Counts
from pathlib import Path
counts = Counts({p.name: [str(f) for f in p.glob("*.parquet")] for p in Path(sys.argv[1]).iterdir()}, memory="1GB")
def asked(name, question):
    before = time.process_time(), time.monotonic()
    rows = question()
    print(f"{time.process_time() - before[0]:8.1f} s of processors, {time.monotonic() - before[1]:6.1f} s   {name}: {len(rows)} rows")
asked("frames by outlet", counts.frames)
asked("tone by outlet, shares and means", lambda: (counts.tones(), counts.tone()))
asked("positions", lambda: counts.positions("negotiations"))
asked("quotes by role, sources by role", lambda: (counts.quotes_by("role"), counts.quotes_by("role", "who")))
asked("evidence", lambda: counts.evidence("frames", 500, frame="conflict").hits)
if len(sys.argv) > 2:
    asked("distinctive words", counts.terms)
print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:8.0f} MB at most")
"""

NAME = """
import resource, sys, time
from hashlib import sha256
from pathlib import Path
from analysis.codebook import load_codebook
from analysis.partitions import _APART, Written, _name_across
from analysis.places import Folder
out = Path(sys.argv[1])
def file(name):
    return (name, 0, sha256((out / name).read_bytes()).hexdigest())
names = sorted(p.name for p in (out / "cast").iterdir())
parts = [Written("", {"cast": file(f"cast/{n}"), _APART: file(f"sources/{n}")}) for n in names]
before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
_name_across(parts, Folder(str(out)), load_codebook())
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(f"{time.process_time() - before[0]:8.1f} s of processors, {most:.0f} MB at most ({before[1]:.0f} before): names in all of them")
"""


def annotate(what: str, articles: int, *arguments: str) -> float:
    """Processors' seconds of one run, printed."""
    return annotate_at_once(what, articles, arguments)


def annotate_at_once(what: str, articles: int, *runs: Sequence[str]) -> float:
    """As `annotate`, of runs that are begun together and share nothing."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    commands = [[sys.executable, "-c", ANNOTATE, *arguments] for arguments in runs]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    said = "; ".join(process.communicate()[0].strip() for process in started)
    if any(process.returncode for process in started):
        raise SystemExit(f"{what}: failed")
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{spent:8.1f} s of processors, {1e3 * spent / articles:5.1f} ms an article, {took:6.1f} s   {what}; {said}",
        flush=True,
    )
    return took


def on_cluster(what: str, articles: int, folder: Path, *arguments: str) -> float:
    """As `annotate`, by two workers that are started for it."""
    told = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    started = [subprocess.Popen([*scheduler, "--no-dashboard", "--scheduler-file", str(told)], **quiet)]
    try:
        while not told.exists():
            time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        worker = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            address,
            "--nthreads",
            "1",
            "--no-dashboard",
        ]
        started += [subprocess.Popen([*worker, "--no-nanny"], **quiet) for _ in range(2)]
        time.sleep(8)  # until both are there
        return annotate(what, articles, *arguments, "1", address)
    finally:
        for process in started:
            process.kill()
            process.wait()


def copy(out: Path, place: Path, copies: int) -> None:
    """Each table so many times, under other ids."""
    made = open_partitions(out)
    duckdb.sql("SET enable_progress_bar = false")
    for table in made:
        if table == "persons":
            continue
        (place / table).mkdir(parents=True)
        names = [str(out / name) for name, *_ in made.files[table]]
        ids = [c for c in made[table] if c in ("article_id", "sentence_id", "quote_id", "source_id")]
        for n in range(copies):
            other = ", ".join(f"{c} || '-{n}' AS {c}" for c in ids)
            duckdb.sql(f"SELECT * REPLACE ({other}) FROM read_parquet({names})").write_parquet(
                str(place / table / f"{n:06}.parquet")
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="?", type=int, default=400)
    parser.add_argument("--copies", type=int, default=250)
    parser.add_argument("--words", action="store_true", help="count distinctive words, too")
    arguments = parser.parse_args()
    n = arguments.articles
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        study = make_study(folder / "study", n)
        articles, given = (
            load_articles(study / "articles", load_metadata(study / "articles.csv"))[0],
            folder / "given.parquet",
        )
        articles.to_parquet(given, index=False)
        common = (str(given),)
        codebook = str(SAMPLE / "codebook")
        one = annotate("one process", n, *common, str(folder / "one"), codebook, "1", "")
        two = annotate("two processes", n, *common, str(folder / "two"), codebook, "2", "")
        dask = on_cluster(
            "two workers of Dask, whose seconds are not counted",
            n,
            folder,
            *common,
            str(folder / "dask"),
            codebook,
        )
        halves = [folder / "first.parquet", folder / "second.parquet"]
        for half, rows in zip(halves, (articles.iloc[: n // 2], articles.iloc[n // 2 :]), strict=True):
            rows.to_parquet(half, index=False)
        runs = [(str(half), str(folder / half.stem), codebook, "1", "") for half in halves]
        apart = annotate_at_once("a half each by two processes that share nothing", n, *runs)
        print(
            f"{one / two:8.2f} times as fast by two processes, {one / dask:.2f} by two workers of Dask, of {os.cpu_count()} processors, "
            f"on which two processes that share nothing are {one / apart:.2f} times as fast as one"
        )
        files = [
            {
                p.relative_to(folder / run).as_posix(): p.read_bytes()
                for p in (folder / run).rglob("*")
                if p.is_file()
            }
            for run in ("one", "two", "dask")
        ]
        print("the same to the bit" if files[0] == files[1] == files[2] else "NOT THE SAME", flush=True)
        annotate("nothing but names in all articles", n, *common, str(folder / "one"), codebook, "1", "")
        sizes: Counter[str] = Counter()
        for name, data in files[0].items():
            sizes[name.split("/")[0]] += len(data)
        print(
            ", ".join(f"{table} {size / n:,.0f}" for table, size in sizes.most_common()),
            "bytes an article",
            flush=True,
        )
        copy(folder / "one", folder / "copies", arguments.copies)
        print(f"of {n * arguments.copies:,} articles:", flush=True)
        subprocess.run([sys.executable, "-c", NAME, str(folder / "copies")], check=True)
        print(f"counted by DuckDB in {n * arguments.copies:,} articles:", flush=True)
        subprocess.run(
            [sys.executable, "-c", COUNT, str(folder / "copies"), *(["words"] if arguments.words else [])],
            check=True,
        )


if __name__ == "__main__":
    main()
