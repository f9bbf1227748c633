"""`media-analysis agreement`: how far coders agree, with one another and with the machine."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import OK, Add, progress

if TYPE_CHECKING:
    from analysis.coding.settling import Coding
    from analysis.study import Study


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("agreement", run, "read coding sheets back, check every row and say how far coders agree")
    parser.add_argument("sheets", nargs="+", type=Path, metavar="SHEET", help="coded sheets, .csv or .xlsx")
    parser.add_argument(
        "--study", metavar="STUDY", help="folder or name under data/ (default: as the sheet says)"
    )
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--save", action="store_true", help="keep the coding, without text, in the study's coding/"
    )
    parser.add_argument(
        "--settle",
        action="store_true",
        help="write one sheet more, with what the coders differ on, to be settled by them",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="with --save: where a coder coded otherwise before, take the new",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.files import write_coding
    from analysis.coding.reliability import coder_agreement, coder_coincidences
    from analysis.coding.sheet_reader import load_sheets, study_of_sheet
    from analysis.show.terminal import plain_console, print_agreement
    from analysis.studies import open_study

    name = arguments.study or study_of_sheet(arguments.sheets[0])
    with progress("annotating") as step:
        study = open_study(name, arguments.articles, step)
    coded = load_sheets(arguments.sheets, study)
    targets = {code: list(target.positions) for code, target in study.codebook.targets.items()}
    coding = {coder: (c.sentences, c.stances) for coder, c in coded.items()}
    found = coder_agreement(study.tables, coding, frames=list(study.codebook.frames), targets=targets)
    print_agreement(
        found,
        coder_coincidences(coding, targets=targets),
        {coder: (len(c.sentences), c.uncoded) for coder, c in coded.items()},
        plain_console(),
    )
    if arguments.save:
        for path in write_coding(study, coding, replace=arguments.replace):
            print(path)
    if arguments.settle:
        _settle(study, coding, arguments.sheets[0].parent)
    return OK


def _settle(study: Study, coding: Coding, out: Path) -> None:
    from analysis.coding.settling import write_sheet_to_settle
    from analysis.show.wording import counted

    paths, sentences = write_sheet_to_settle(study, coding, out)
    for path in paths:
        print(path)
    n = int((sentences["remarks"] != "").sum())
    print(f"{n} of {counted(len(sentences), 'sentence')} to settle, marked ?. When that is done:")
    print(f"  media-analysis agreement {shlex.quote(str(paths[-1]))} --save")
