"""`media-analysis quotes`: who says what, as JSON or CSV for use elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import OK, Add, progress, tell_problems
from analysis.language import ENGLISH


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("quotes", run, "write the quotes of a study or a folder of articles as JSON or CSV")
    parser.add_argument("articles", metavar="STUDY", help="a study, or a file or folder of articles")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .json or .csv file")
    parser.add_argument(
        "--codebook", type=Path, metavar="CODEBOOK", help="for a folder: as for `annotate` (default: general)"
    )
    parser.add_argument(
        "--language",
        default=ENGLISH,
        metavar="LANGUAGE",
        help="for a folder: as for `annotate` (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.publish.export import export_quotes
    from analysis.show.wording import counted
    from analysis.studies import annotate_folder, open_study
    from analysis.study import METADATA, StudyError, find_study

    out = arguments.out
    if out.suffix.lower() not in (".json", ".csv") or not out.absolute().parent.is_dir():
        raise StudyError([f"--out {out}: name a .json or .csv file in a folder that is there"])
    folder = Path(arguments.articles)
    with progress("annotating") as step:
        if folder.exists() and not (folder / METADATA).exists():
            made = annotate_folder(folder, arguments.codebook, arguments.language, step)
            problems = made["problems"]
        else:
            study = open_study(find_study(arguments.articles), None, step)
            made, problems = dict(study.tables), study.problems
    tell_problems(problems)
    print(f"{counted(export_quotes(made, out), 'quote')}: {out}")
    return OK
