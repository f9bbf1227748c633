"""`media-analysis report`: run the notebooks on studies and write HTML reports."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import (
    FAILED,
    OK,
    Add,
    begin,
    positive,
    progress,
    progress_of_notebooks,
    stopped,
    tell_account,
    tell_problems,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.publish.fork_server import ForkServer
    from analysis.publish.request import Request
    from analysis.study import Study


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("report", run, "run the notebooks on studies and write HTML reports")
    parser.add_argument(
        "studies", nargs="*", metavar="STUDY", help="folder or name under data/ (default: all there)"
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="PATH",
        type=Path,
        help="begin a study from this file or folder, of any format, as `new` does, and report on it",
    )
    parser.add_argument("--name", metavar="NAME", help="with --from: name of the study; it becomes data/NAME")
    parser.add_argument("--join-outlets", action="store_true", help="with --from: as for `new`")
    parser.add_argument(
        "--articles", metavar="FOLDER", type=Path, help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        default=Path("reports"),
        help="where to write (default: reports)",
    )
    parser.add_argument(
        "--only",
        metavar="NN",
        action="append",
        default=[],
        help="only this notebook, such as 03, into a report of its own; may be repeated",
    )
    parser.add_argument(
        "--jobs", type=positive, metavar="N", help="notebooks at once (default: processors and one)"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="make everything again, also what has not changed since"
    )
    parser.add_argument(
        "--single-file", action="store_true", help="also the whole report as one HTML file, to send by mail"
    )
    parser.add_argument(
        "--web-charts",
        action="store_true",
        help="also save each chart as SVG for dark pages and for phones: NAME-dark, NAME-narrow, NAME-narrow-dark",
    )
    parser.add_argument(
        "--excerpts",
        type=positive,
        metavar="N",
        help="quote at most N words of a sentence and leave the articles' pages out, for texts not to be passed on",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="make the report again elsewhere, with its own options, and say which files of the one there differ",
    )
    parser.add_argument("--strict", action="store_true", help="stop if an article cannot be read")


def run(arguments: argparse.Namespace) -> int:
    from analysis.publish.fork_server import fork_server
    from analysis.publish.request import Options, Request, find_notebooks, update_contents
    from analysis.study import StudyError, data_folder, find_study, list_studies

    lost = _begin_study(arguments) if arguments.source or arguments.name else 0
    begin(with_sample=not arguments.studies)
    options = Options(
        [number.zfill(2) for number in arguments.only],
        arguments.excerpts,
        arguments.single_file,
        arguments.web_charts,
    )
    notebooks = find_notebooks(data_folder().parent / "notebooks", options.only)
    folders = [find_study(name) for name in arguments.studies or list_studies()]
    _make_folder(arguments.out)
    if arguments.articles and len(folders) != 1:
        raise StudyError(
            [
                "--articles names the texts of one study: say which, as in `report us-russia-talks --articles DIR`"
            ]
        )
    failed = 0
    with fork_server(notebooks) as server:
        for folder in folders:
            request = Request(folder, notebooks, arguments.out, options, arguments.articles, arguments.strict)
            result = (_verify if arguments.verify else _report)(request, arguments, server)
            if result is None:
                return stopped()
            failed += result
    if not arguments.verify:
        print(f"All reports: {update_contents(arguments.out, fresh=arguments.fresh)}")
    return FAILED if failed or lost else OK


def _begin_study(arguments: argparse.Namespace) -> int:
    """Make the study that --from and --name ask for, and name it to be reported; how many articles were lost."""
    from analysis.cli.new_command import tell_counted, tell_outlets
    from analysis.new_studies import UNKNOWN, new_study
    from analysis.study import StudyError

    if not arguments.source or not arguments.name or arguments.studies:
        raise StudyError(
            [
                "--from PATH and --name NAME belong together, without a STUDY: `report --from FOLDER --name my-topic`"
            ]
        )
    with progress("reading") as step:
        made = new_study(
            arguments.name,
            arguments.source,
            step,
            join_outlets=arguments.join_outlets,
            outlet_for_all=True,
        )
    tell_problems(made.problems)
    tell_account(made.account)
    tell_counted(made)
    tell_outlets(made)
    table = made.folder / "articles.csv"
    if unknown := int((made.articles["outlet"] == UNKNOWN).sum()):
        print(
            f"{table}: nothing says who published {unknown} of the articles; write it into the column outlet and report again"
        )
    print(f"{made.folder} is there, with what is known of each article in {table}")
    arguments.studies = [str(made.folder)]
    return made.lost


def _make_folder(out: Path) -> None:
    from analysis.study import StudyError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(
            [f"--out {out}: no folder can be made there ({error.strerror}); name another"]
        ) from None


def _report(request: Request, arguments: argparse.Namespace, server: ForkServer) -> int | None:
    """Write the report, unless it is there, unchanged; how many notebooks failed, None to stop."""
    from analysis.tables import PROBLEMS

    if not arguments.fresh and (known := request.find_unchanged()):
        problems = PROBLEMS.make(known["problems"])
        tell_problems(problems)
        print(f"{known['title']}: {request.out / known['page']} (unchanged){_without(problems)}")
        return 0
    server.start()  # it imports while this process does

    from analysis.choice import remember_texts
    from analysis.publish.make import make_report

    study = _open(request)
    if study is None:
        return None
    with progress_of_notebooks(study.name) as step:
        made = make_report(
            study, request, server=server, fresh=arguments.fresh, jobs=arguments.jobs, progress=step
        )
    if request.articles:
        remember_texts(request.folder, request.articles)
    _tell_errors(made.errors)
    if made.page.parent != request.place:
        print(f"media-analysis: {request.place} is the last complete report and stays", file=sys.stderr)
    told = f" ({made.unchanged} of {len(made.runs)} notebooks unchanged)" if made.unchanged else ""
    print(f"{study.title}: {made.page}{told}{_without(study.problems)}")
    return len(made.errors)


def _verify(request: Request, arguments: argparse.Namespace, server: ForkServer) -> int | None:
    """Tell how the report differs from the one that comes out now: 1 if it does, None to stop."""
    from analysis.publish.make import make_again
    from analysis.show.wording import counted

    server.start()
    study = _open(request)
    if study is None:
        return None
    with progress_of_notebooks(study.name) as step:
        again = make_again(study, request, server=server, jobs=arguments.jobs, progress=step)
    _tell_errors(again.errors)
    for change in again.changed_inputs:
        print(f"input changed: {change}")
    for verdict, file, remark in again.files:
        print(f"{verdict:<8} {file}{f' ({remark})' if remark else ''}")
    n, differ = len(again.files), again.n_different
    inputs = counted(len(again.changed_inputs), "input") if again.changed_inputs else "no input"
    same = f"{counted(differ, 'file')} of {n} not the same" if differ else f"all {n} files the same"
    print(f"{request.place}: {same}, {inputs} changed")
    return int(differ > 0)


def _tell_errors(errors: Sequence[str]) -> None:
    for error in errors:
        print(f"media-analysis: {error}", file=sys.stderr)


def _open(request: Request) -> Study | None:
    """The study, its problems reported; None where they stop --strict."""
    from analysis.studies import open_study

    with progress(f"{request.folder.name}: annotating") as step:
        study = open_study(request.folder, request.articles, step)
    return None if tell_problems(study.problems) and request.strict else study


def _without(problems: pd.DataFrame) -> str:
    """What the reader of the last line must not miss: that articles are not in the report."""
    from analysis.show.wording import counted

    skipped = int((problems["severity"] == "skipped").sum())
    return f"; without {counted(skipped, 'file')} that could not be used, named above" if skipped else ""
