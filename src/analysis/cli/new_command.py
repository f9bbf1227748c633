"""`media-analysis new`: a study of one's own from a folder of texts."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import OK, Add, tell_problems


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("new", run, "start a study from a folder of article files")
    parser.add_argument("name", metavar="NAME", help="name of the study; it becomes data/NAME")
    parser.add_argument(
        "--articles", type=Path, required=True, metavar="FOLDER", help="the article files to copy in"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.studies import new_study

    folder, problems = new_study(arguments.name, arguments.articles)
    tell_problems(problems)
    name = f'"{folder.name}"' if " " in folder.name else folder.name
    print(
        f"{folder} is there. Now say who published what in {folder / 'articles.csv'} (column outlet), then:"
    )
    print(f"  media-analysis check {name}")
    print(f"  media-analysis report {name}")
    return OK
