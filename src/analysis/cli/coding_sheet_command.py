"""`media-analysis coding-sheet`: a sample of sentences for people to code."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from analysis.cli.common import OK, Add, positive, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("coding-sheet", run, "draw a random sample of sentences and write a sheet for each coder")
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--sentences", type=positive, default=100, metavar="N", help="how many (default: 100)"
    )
    parser.add_argument(
        "--coders",
        type=coder_names,
        default=["coder_1", "coder_2"],
        metavar="NAMES",
        help="names with commas between them (default: coder_1,coder_2)",
    )
    parser.add_argument(
        "--seed",
        type=seed_number,
        default=1,
        metavar="S",
        help="another number draws other sentences (default: 1)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to write (default: the study's sheets/)"
    )
    parser.add_argument("--show-outlet", action="store_true", help="let coders see who published a sentence")
    parser.add_argument(
        "--again", action="store_true", help="draw also from what all these coders have coded"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--csv", dest="kinds", action="store_const", const=("csv",), help="only CSV")
    kind.add_argument("--xlsx", dest="kinds", action="store_const", const=("xlsx",), help="only XLSX")


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.sampling import draw_for_coders
    from analysis.coding.sheet_writer import KINDS, write_sheets
    from analysis.show.wording import counted
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    asked, coders, seed = arguments.sentences, arguments.coders, arguments.seed
    drawn, left_out = draw_for_coders(study, coders, asked, seed=seed, again=arguments.again)
    out = arguments.out or study.folder / "sheets"
    kinds = arguments.kinds or KINDS
    paths = write_sheets(study, drawn, coders, out, kinds=kinds, show_outlet=arguments.show_outlet)
    for path in paths:
        print(path)
    print(
        f"{counted(len(drawn), 'sentence')} of {counted(drawn['article_id'].nunique(), 'article')}, seed "
        f"{seed}. They hold text of the articles: do not publish them."
    )
    if len(drawn) < asked:
        print(_fewer(asked, coders, left_out))
    sheets = [shlex.quote(str(path)) for path in paths if path.suffix == f".{kinds[-1]}"]
    print("When they are coded:")
    print(f"  media-analysis agreement {' '.join(sheets)}")
    return OK


def _fewer(asked: int, coders: list[str], coded: int) -> str:
    """Why the sample is smaller than what was asked for."""
    from analysis.show.wording import counted, listed

    if not coded:
        return f"They are fewer than the {asked:,} asked for: the texts that are here have no more."
    have = "has" if len(coders) == 1 else "have"
    return (
        f"They are fewer than the {asked:,} asked for: {counted(coded, 'sentence')} that {listed(coders)} {have} coded "
        "are left out; --again draws from them too."
    )


def coder_names(text: str) -> list[str]:
    """Coders from the command line, with commas between them."""
    from analysis.coding.files import coder_fault

    names = [name.strip() for name in text.split(",")]
    for name in names:
        if fault := coder_fault(name):
            raise argparse.ArgumentTypeError(fault)
    if len({name.lower() for name in names}) < len(names):
        raise argparse.ArgumentTypeError(f"'{text}' names a coder twice")
    return names


def seed_number(text: str) -> int:
    """The number that a draw begins with, from the command line."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)
