"""`media-analysis publish`: a study's annotations, which hold no text, for its repository."""

from __future__ import annotations

import argparse

from analysis.cli.common import OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("publish", run, "write a study's annotations, which hold no text, into its annotations/")
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.studies import open_study, write_published

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    print(write_published(study))
    return OK
