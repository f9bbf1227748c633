"""`media-analysis export`: what a study says of places in its texts, for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "export",
        run,
        "write a study's texts with quotes, frames, positions, tone and coding for other programs",
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="by its ending: .jsonld (W3C Web Annotation), .qdpx (REFI-QDA: NVivo, MAXQDA, ATLAS.ti), .xmi.zip (UIMA CAS XMI: INCEpTION), .jsonl (doccano)",
    )
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.publish.interchange.coded import export_marks
    from analysis.show.wording import counted
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    n, articles = export_marks(study, arguments.out)
    print(f"{counted(n, 'mark')} in {counted(articles, 'article')}, with their texts: {arguments.out}")
    return OK
