"""`media-analysis new`: a study of one's own from whatever files there are."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import FAILED, OK, Add, progress, tell_account, tell_problems

if TYPE_CHECKING:
    from analysis.new_studies import NewStudy


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("new", run, "start a study from a file or a folder of files of any format")
    parser.add_argument("name", metavar="NAME", help="name of the study; it becomes data/NAME")
    parser.add_argument(
        "--articles",
        type=Path,
        required=True,
        metavar="PATH",
        help="a file or folder: web pages, PDF, Word, RTF, text, tables, database exports, web archives; they stay as they are",
    )
    parser.add_argument(
        "--join-outlets",
        action="store_true",
        help="give outlets that are spelt two ways the more frequent spelling",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.new_studies import new_study

    with progress("reading") as step:
        made = new_study(arguments.name, arguments.articles, step, join_outlets=arguments.join_outlets)
    tell_problems(made.problems)
    tell_account(made.account)
    tell_outlets(made)
    name = f'"{made.folder.name}"' if " " in made.folder.name else made.folder.name
    table = made.folder / "articles.csv"
    if made.without_outlet:
        print(
            f"{made.folder} is there. Now say who published what in {table} (column outlet, {made.without_outlet} empty), then:"
        )
    else:
        print(f"{made.folder} is there. Look through {table}, then:")
    print(f"  media-analysis check {name}")
    print(f"  media-analysis report {name}")
    return FAILED if made.lost else OK


def tell_outlets(made: NewStudy) -> None:
    """Name outlets that are spelt two ways, and how to put them together."""
    for one, *others in made.outlets_alike:
        also = ", ".join(f"'{other}'" for other in others)
        print(
            f"'{one}' is also spelt {also}: spell it one way in articles.csv (or remove {made.folder} and begin anew with --join-outlets)"
        )
