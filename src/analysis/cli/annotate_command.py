"""`media-analysis annotate`: from files of any format to tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import FAILED, OK, Add, progress, stopped, tell_problems
from analysis.language import ENGLISH


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("annotate", run, "annotate a file or a folder of articles and write every table as Parquet")
    parser.add_argument(
        "folder",
        type=Path,
        metavar="PATH",
        help="a file or folder of articles in any format that `new` reads",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="folder for the tables")
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
    parser.add_argument("--strict", action="store_true", help="stop if an article cannot be read")


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.learned import find_learned, load
    from analysis.studies import annotate_folder, write_tables

    coder = load(arguments.model) if arguments.model else None
    with progress("annotating") as step:
        made = annotate_folder(arguments.folder, arguments.codebook, arguments.language, step)
    if coder:
        made["learned"] = find_learned(made["articles"], made["sentences"], coder)
    if tell_problems(made["problems"]) and arguments.strict:
        return stopped()
    write_tables(made, arguments.out)
    print(
        f"{len(made['articles'])} articles, {len(made['quotes'])} quotes, {len(made['sources'])} sources: {arguments.out}"
    )
    lost = int(made["account"]["lost"].fillna(0).sum())
    return FAILED if lost else OK
