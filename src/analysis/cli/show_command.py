"""`media-analysis show`: one annotated article in the terminal."""

from __future__ import annotations

import argparse

from analysis.cli.common import OK, Add


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("show", run, "show one annotated article in the terminal")
    parser.add_argument(
        "article",
        metavar="ARTICLE",
        help="a file (FILE:ID, if it holds several articles), or an article's id together with --study",
    )
    parser.add_argument("--study", metavar="STUDY", help="the study whose article and codebook are meant")


def run(arguments: argparse.Namespace) -> int:
    from analysis.show.terminal import plain_console, print_article
    from analysis.studies import open_article

    print_article(*open_article(arguments.article, arguments.study), plain_console())
    return OK
