"""`media-analysis agreement`: how far coders agree, with one another and with the machine."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import OK, Add, progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from analysis.coding.settling import Coding
    from analysis.coding.sheet_reader import Coded
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
    for coder, c in coded.items():
        for line in _other_codebook(coder, c):
            print(line)
    # Codes that one of them was not asked for say nothing of agreement.
    added = {name for c in coded.values() for name in c.added}
    frames = [code for code in study.codebook.frames if f"frame: {code}" not in added]
    of_all = {code: values for code, values in targets.items() if f"stance: {code}" not in added}
    compared = {
        coder: (_of_frames(s, frames), p[p["target"].isin(of_all)]) for coder, (s, p) in coding.items()
    }
    print_agreement(
        coder_agreement(study.tables, compared, frames=frames, targets=of_all),
        coder_coincidences(compared, targets=of_all),
        {coder: (len(c.sentences), c.uncoded) for coder, c in coded.items()},
        plain_console(),
    )
    if arguments.save:
        for path in write_coding(study, coding, replace=arguments.replace):
            print(path)
    if arguments.settle:
        _settle(study, coding, arguments.sheets[0].parent)
    return OK


def _other_codebook(coder: str, coded: Coded) -> Iterator[str]:
    """What is to be known of a sheet that was made with another codebook."""
    if coded.added:
        yield (
            f"{coder}: the sheet does not ask for {', '.join(coded.added)}, which the codebook has now: these sentences "
            "count as not coded for that"
        )
    if coded.dropped:
        yield f"{coder}: the sheet asks for {', '.join(coded.dropped)}, which the codebook has no longer: not read"


def _of_frames(sentences: pd.DataFrame, frames: Sequence[str]) -> pd.DataFrame:
    """The sentences with these frames alone."""
    kept = ["|".join(code for code in given.split("|") if code in frames) for given in sentences["frames"]]
    return sentences.assign(frames=kept)


def _settle(study: Study, coding: Coding, out: Path) -> None:
    from analysis.coding.settling import write_sheet_to_settle
    from analysis.show.wording import counted

    paths, sentences = write_sheet_to_settle(study, coding, out)
    for path in paths:
        print(path)
    n = int((sentences["remarks"] != "").sum())
    print(f"{n} of {counted(len(sentences), 'sentence')} to settle, marked ?. When that is done:")
    print(f"  media-analysis agreement {shlex.quote(str(paths[-1]))} --save")
