"""`media-analysis import`: what was coded in another program, into a study's coding."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("import", run, "take what was coded in another program into a study's coding")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a .jsonld, .qdpx, .xmi.zip or .jsonl file, as of `export`"
    )
    parser.add_argument("--study", required=True, metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--coder", required=True, metavar="NAME", help="who coded; begins the names of the files in coding/"
    )
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.publish.interchange.coded import import_marks
    from analysis.show.wording import counted
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    n, files = import_marks(study, arguments.file, arguments.coder)
    print(f"{counted(n, 'mark')} taken in; written: {', '.join(files)}")
    return OK
