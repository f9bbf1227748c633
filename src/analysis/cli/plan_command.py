"""`media-analysis plan`: how much more people should code for findings to be sure enough, and which sentences."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.coding_sheet_command import coder_names, seed_number
from analysis.cli.common import OK, Add, positive, progress

if TYPE_CHECKING:
    from analysis.compare.coding_plan import CodingPlan, Planner


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "plan", run, "say how many sentences more to code for findings to be sure enough, and draw them"
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--finding",
        action="append",
        default=[],
        metavar="CODE",
        help="frames:NAME, sentiment:NAME or TARGET:POSITION in every outlet; with @OUTLET in one, with @all in all "
        "articles together; may be given several times (default: each outlet's most frequent frame)",
    )
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--points", type=_points, metavar="P", help="how sure: plus or minus so many points (default: 5)"
    )
    much.add_argument(
        "--minutes", type=positive, metavar="M", help="how sure findings can be after M minutes"
    )
    parser.add_argument(
        "--pace", type=positive, default=60, metavar="S", help="seconds that a sentence takes (default: 60)"
    )
    parser.add_argument(
        "--out",
        nargs="?",
        type=Path,
        const=Path(),
        metavar="FOLDER",
        help="draw just these sentences and write sheets into FOLDER (default: the study's sheets/wave-N)",
    )
    parser.add_argument(
        "--coders",
        type=coder_names,
        default=["coder_1", "coder_2"],
        metavar="NAMES",
        help="with --out: names with commas between them (default: coder_1,coder_2)",
    )
    parser.add_argument(
        "--seed",
        type=seed_number,
        default=1,
        metavar="S",
        help="with --out: another number draws other sentences (default: 1)",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.ask.about_plan import change_line, plan_line, plan_table
    from analysis.compare.coding_plan import POINTS, Planner
    from analysis.show.terminal import plain_console, print_plan
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    planner = Planner(study)
    findings = [one for text in arguments.finding for one in planner.read(text)]
    findings = list(dict.fromkeys(findings)) or planner.default()
    if arguments.minutes:
        planned = planner.plan_within(findings, arguments.minutes * 60 // arguments.pace)
    else:
        planned = planner.plan(findings, arguments.points or POINTS)
    print_plan(plan_table(study, planned), plain_console())
    if changed := change_line(planner, findings):
        print(changed)
    print(plan_line(planned, pace=arguments.pace))
    if arguments.out is not None:
        _write(planner, planned, arguments)
    elif planned.more:
        print("To draw them: the same command with --out and --coders NAMES.")
    return OK


def _write(planner: Planner, planned: CodingPlan, arguments: argparse.Namespace) -> None:
    """Draw what is planned, and write a sheet for each coder."""
    from analysis.coding.sheet_writer import write_sheets

    drawn, wave = planner.draw(planned, seed=arguments.seed)
    study = planner.study
    out = arguments.out if arguments.out != Path() else study.folder / "sheets" / f"wave-{wave}"
    paths = write_sheets(study, drawn, arguments.coders, out)
    for path in paths:
        print(path)
    sheets = [shlex.quote(str(path)) for path in paths if path.suffix == ".xlsx"]
    print("They hold text of the articles: do not publish them. When they are coded:")
    print(f"  media-analysis agreement {' '.join(sheets)} --save")


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = 0.0
    if not 0.1 <= points <= 50:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of points between 0.1 and 50")
    return points
