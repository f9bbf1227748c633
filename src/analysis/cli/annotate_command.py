"""`media-analysis annotate`: from files of any format to tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import FAILED, OK, Add, positive, progress, stopped, tell_problems
from analysis.language import ENGLISH


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("annotate", run, "annotate a file or a folder of articles and write every table as Parquet")
    parser.add_argument(
        "folder",
        metavar="PATH",
        help="a file or folder of articles in any format that `new` reads",
    )
    parser.add_argument("--out", required=True, metavar="OUT", help="folder for the tables")
    parser.add_argument(
        "--codebook",
        type=Path,
        metavar="CODEBOOK",
        help="its folder, or the name of one that ships with the library (default: general)",
    )
    parser.add_argument(
        "--language",
        default=ENGLISH,
        metavar="LANGUAGE",
        help="of the articles: the name of one that comes along, or another's folder (default: %(default)s)",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="a coder that `learn` saved; its codes are the table `learned`",
    )
    parser.add_argument(
        "--partition",
        type=positive,
        metavar="N",
        help="hold no more than N articles in each process, for any amount: each table is a folder of Parquet files, and "
        "what is there from an earlier run is not made again; PATH, as Parquet, and OUT may be URLs, such as s3://bucket/corpus",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let the workers of this Dask scheduler do it, such as tcp://host:8786, by partitions (of 1,000 articles "
        "without --partition)",
    )
    parser.add_argument("--strict", action="store_true", help="stop if an article cannot be read")


def run(arguments: argparse.Namespace) -> int:
    if arguments.partition or arguments.scheduler:
        return _run_by_partitions(arguments)
    from analysis.coding.learned import find_learned, load
    from analysis.studies import annotate_folder, write_tables

    folder, out = Path(arguments.folder), Path(arguments.out)
    coder = load(arguments.model) if arguments.model else None
    with progress("annotating") as step:
        made = annotate_folder(folder, arguments.codebook, arguments.language, step)
    if coder:
        made["learned"] = find_learned(made["articles"], made["sentences"], coder)
    if tell_problems(made["problems"]) and arguments.strict:
        return stopped()
    write_tables(made, out)
    print(
        f"{len(made['articles'])} articles, {len(made['quotes'])} quotes, {len(made['sources'])} sources: {arguments.out}"
    )
    lost = int(made["account"]["lost"].fillna(0).sum())
    return FAILED if lost else OK


def _run_by_partitions(arguments: argparse.Namespace) -> int:
    import os

    from analysis.partitions import SIZE, annotate_partitions
    from analysis.study import StudyError

    if arguments.model or arguments.strict:
        raise StudyError(["--model and --strict need all articles at once; leave them or the partitions out"])
    with progress("annotating") as step:
        made = annotate_partitions(
            arguments.folder,
            arguments.out,
            arguments.codebook,
            arguments.language,
            size=arguments.partition or SIZE,
            scheduler=arguments.scheduler,
            jobs=os.cpu_count() or 1,
            on_progress=step,
        )
    counts = ", ".join(f"{made.rows(table)} {table}" for table in ("articles", "quotes", "sources"))
    print(f"{counts}: {arguments.out}")
    if "account" not in made:
        return OK
    tell_problems(made["problems"])
    return FAILED if int(made["account"]["lost"].fillna(0).sum()) else OK
