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
        metavar="PATH",
        help="a file or folder: web pages, PDF, Word, RTF, text, tables, database exports, web archives; they stay as they are",
    )
    parser.add_argument(
        "--join-outlets",
        action="store_true",
        help="give outlets that are spelt two ways the more frequent spelling",
    )

    parser.add_argument(
        "--add",
        action="store_true",
        help="put the files' articles into a study that is there; nothing of it is changed or lost",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.new_studies import add_to_study, new_study
    from analysis.study import StudyError

    if not arguments.articles and not (arguments.add and arguments.join_outlets):
        raise StudyError(["say where the articles are: `media-analysis new NAME --articles PATH`"])
    with progress("reading") as step:
        make = add_to_study if arguments.add else new_study
        made = make(arguments.name, arguments.articles, step, join_outlets=arguments.join_outlets)
    tell_problems(made.problems)
    if arguments.articles:
        tell_account(made.account)
    tell_outlets(made)
    name = f'"{made.folder.name}"' if " " in made.folder.name else made.folder.name
    table = made.folder / "articles.csv"
    if arguments.add:
        again = f"; {made.again} of the files had been read before" if made.again else ""
        print(f"{len(made.articles)} articles are new in {made.folder}{again}.")
    else:
        tell_counted(made)
    if made.without_outlet:
        print(
            f"{made.folder} is there. Now say who published what in {table} (column outlet, {made.without_outlet} empty), then:"
        )
    else:
        print(f"{made.folder} is there. Look through {table}, then:")
    print(f"  media-analysis check {name}")
    print(f"  media-analysis report {name}")
    return FAILED if made.lost else OK


def tell_counted(made: NewStudy) -> None:
    """Say how many articles there are in the end, of how many outlets, and what of them is not known."""
    from analysis.show.wording import counted

    articles = made.counted
    outlets = articles["outlet"].nunique()
    unknown, undated = (int(articles[column].isna().sum()) for column in ("outlet", "published"))
    of = f" of {counted(outlets, 'outlet')}" if outlets and not unknown else ""
    said = f"{counted(len(articles), 'article')}{of} {'is' if len(articles) == 1 else 'are'} counted"
    if outlets and unknown:
        said += f"; {len(articles) - unknown} of {counted(outlets, 'outlet')}, {unknown} of an outlet that nothing names"
    print(said + (f"; {undated} without a date (column published)" if undated else ""))


def tell_outlets(made: NewStudy) -> None:
    """Name outlets that are spelt two ways, and how to put them together; and those that may be."""
    from analysis.new_studies import find_outlets_almost_alike

    for one, *others in made.outlets_alike:
        also = ", ".join(f"'{other}'" for other in others)
        print(
            f"'{one}' is also spelt {also}: spell it one way in articles.csv, or run "
            f"`media-analysis new {made.folder.name} --add --join-outlets`"
        )
    for one, other in find_outlets_almost_alike(made.articles["outlet"].dropna()):
        print(almost_alike(one, other))


def almost_alike(one: str, other: str) -> str:
    """What is said of two outlets whose names differ by a letter or two."""
    return f"outlets '{one}' and '{other}' are spelt almost alike: if they are one, spell it one way in articles.csv"
