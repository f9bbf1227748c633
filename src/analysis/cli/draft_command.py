"""`media-analysis draft`: a first codebook from a study's articles, to be edited."""

from __future__ import annotations

import argparse

from analysis.cli.common import OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "draft", run, "draft a study's codebook from who and what its articles name most, to be edited"
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.draft_codebook import find_unwritten, write_draft
    from analysis.show.wording import counted
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    folder, written, kept = write_draft(study)
    print(
        f"{folder}: drafted {', '.join(written)}" + (f"; {', '.join(kept)} stayed as it is" if kept else "")
    )
    print(
        f"{counted(len(find_unwritten(folder)), 'text')} to be written; `media-analysis check {study.name}` lists them"
    )
    return OK
