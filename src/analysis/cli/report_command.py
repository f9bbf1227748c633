"""`media-analysis report`: run the notebooks on studies and write HTML reports."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.cli.common import (
    FAILED,
    OK,
    Add,
    positive,
    progress,
    progress_of_notebooks,
    stopped,
    tell_problems,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.publish.fork_server import Forks
    from analysis.publish.report import ArticlePage
    from analysis.publish.run import Run
    from analysis.study import Study


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("report", run, "run the notebooks on studies and write HTML reports")
    parser.add_argument(
        "studies", nargs="*", metavar="STUDY", help="folder or name under data/ (default: all there)"
    )
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--out", metavar="FOLDER", default="reports", help="where to write (default: reports)"
    )
    parser.add_argument(
        "--only",
        metavar="NN",
        action="append",
        help="only this notebook, such as 03, into a report of its own; may be repeated",
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=0,
        metavar="N",
        help="notebooks at once (default: processors and one)",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="make everything again, also what has not changed since"
    )
    parser.add_argument(
        "--single-file", action="store_true", help="also the whole report as one HTML file, to send by mail"
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
    from analysis.publish.cache import fingerprint, keep, kept
    from analysis.publish.fork_server import forks
    from analysis.publish.provenance import RECORD
    from analysis.show.excerpts import excerpt_limit
    from analysis.study import StudyError, data_folder, find_study

    arguments.only = [number.zfill(2) for number in arguments.only or ()]
    notebooks = _notebooks(data_folder().parent / "notebooks", arguments.only)
    names = arguments.studies or [
        p.name for p in sorted(data_folder().iterdir()) if (p / "articles").is_dir()
    ]
    folders = [find_study(name) for name in names]
    out = Path(arguments.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(
            [f"--out {out}: no folder can be made there ({error.strerror}); name another"]
        ) from None
    if arguments.articles and len(folders) != 1:
        raise StudyError(
            [
                "--articles names the texts of one study: say which, as in `report us-russia-talks --articles DIR`"
            ]
        )
    chosen = {
        "only": arguments.only,
        "excerpts": arguments.excerpts or excerpt_limit(),
        "single-file": arguments.single_file,
    }
    options = {name: value for name, value in chosen.items() if value}
    failed = 0
    with forks(notebooks) as stack:
        for folder in folders:
            result = (_verify if arguments.verify else _report)(
                folder, notebooks, out, arguments, options, stack
            )
            if result is None:
                return stopped()
            failed += result
    if arguments.verify:
        return FAILED if failed else OK
    reports, contents = sorted(out.glob(f"*/{RECORD}")), out / ".contents.json"
    if arguments.fresh or not kept(contents, fingerprint(reports)):
        from analysis.publish.report import write_contents

        keep(contents, fingerprint(reports), [write_contents(out)])
    print(f"All reports: {out / 'index.html'}")
    return FAILED if failed else OK


def _report(
    folder: Path,
    notebooks: Sequence[Path],
    out: Path,
    arguments: argparse.Namespace,
    options: Mapping[str, Any],
    stack: Forks,
) -> int | None:
    """Write the report on one study, unless it is there, unchanged; how many notebooks failed, None to stop."""
    from analysis.publish.cache import fingerprint, keep, kept, machinery
    from analysis.tables import PROBLEMS

    made_from = fingerprint(_inputs(folder, arguments.articles), machinery(), options.get("excerpts"))
    whole = fingerprint(notebooks, made_from, sorted(options.items()), arguments.articles, arguments.strict)
    record = out / f".{_called(folder.name, options)}.json"
    if not arguments.fresh and (known := kept(record, whole)):
        problems = PROBLEMS.make(known["problems"])
        tell_problems(problems)
        print(f"{known['title']}: {out / known['page']} (unchanged){_without(problems)}")
        return 0
    stack.start()  # it imports while this process does

    from analysis.publish.run import run_changed

    study = _open(folder, arguments)
    if study is None:
        return None
    run = partial(run_changed, kept_in=folder / "runs", made_from=made_from, fresh=arguments.fresh)
    page, runs = _make(study, notebooks, out, arguments, options, partial(run, forks=stack))
    failed, unchanged = sum(run.error is not None for run in runs), sum(run.unchanged for run in runs)
    if not failed:
        files = [p for p in page.parent.rglob("*") if p.is_file()]
        files += [figure for run in runs for figure in run.written]
        place, said = page.relative_to(out).as_posix(), study.problems.to_dict("records")
        keep(record, whole, files, title=study.title, page=place, problems=said)
    told = f" ({unchanged} of {len(runs)} notebooks unchanged)" if unchanged else ""
    print(f"{study.title}: {page}{told}{_without(study.problems)}")
    return failed


def _open(folder: Path, arguments: argparse.Namespace) -> Study | None:
    """The study, its problems told; None where they stop --strict."""
    from analysis.studies import open_study

    with progress(f"{folder.name}: annotating") as step:
        study = open_study(folder, arguments.articles, step)
    return None if tell_problems(study.problems) and arguments.strict else study


_MADE = ("tables", "runs", "figures")  # folders of a study that hold what was made from the rest


def _inputs(folder: Path, articles: str | None) -> list[Path]:
    """Every file that a report on the study may be made from: all in its folder, and texts that lie elsewhere."""
    texts = Path(articles or os.environ.get("MEDIA_ANALYSIS_ARTICLES") or folder / "articles").expanduser()
    own = [p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in _MADE]
    return [p for p in sorted({*own, *texts.rglob("*")}) if p.is_file()]


def _without(problems: pd.DataFrame) -> str:
    """What the reader of the last line must not miss: that articles are not in the report."""
    from analysis.show.wording import counted

    skipped = int((problems["severity"] == "skipped").sum())
    return f"; without {counted(skipped, 'file')} that could not be used, named above" if skipped else ""


def _make(
    study: Study,
    notebooks: Sequence[Path],
    out: Path,
    arguments: argparse.Namespace,
    options: Mapping[str, Any],
    run: Callable[..., list[Run]],
    environment: Mapping[str, str] | None = None,
) -> tuple[Path, list[Run]]:
    """Run the notebooks on the study and write its report; its first page and the runs, whose errors are told."""
    from analysis.publish.excerpt_check import require_excerpts
    from analysis.publish.provenance import in_words, made_from
    from analysis.publish.report import write_report
    from analysis.show.excerpts import LIMIT
    from analysis.studies import TEXTS

    limit = options.get("excerpts")
    inputs, command = made_from(study, notebooks, options), _command(study, options)
    here = study.folder.name if study.folder.parent.name == "data" else str(study.folder)
    environment = {LIMIT: str(limit or ""), **(environment or {})}
    if arguments.articles:
        environment[TEXTS] = str(Path(arguments.articles).resolve())
    with progress_of_notebooks(study.name) as step, _environment(environment):
        runs = run(notebooks, parameters={"STUDY": here}, jobs=arguments.jobs or None, progress=step)
    page = write_report(
        _called(study.name, options),
        runs,
        out,
        title=study.title,
        notice=study.notice,
        provenance=in_words(inputs, command),
        inputs=inputs,
        command=command,
        articles=[] if limit else _article_pages(study),
        check=partial(require_excerpts, articles=study.articles, limit=limit) if limit else None,
        single_file="single-file" in options,
    )
    for one in runs:
        if one.error:
            print(f"media-analysis: {one.error}", file=sys.stderr)
    return page, runs


def _verify(
    folder: Path,
    notebooks: Sequence[Path],
    out: Path,
    arguments: argparse.Namespace,
    options: Mapping[str, Any],
    stack: Forks,
) -> int | None:
    """Make the report again, elsewhere and with its own options, and tell how the one in `out` differs: 1 if it does."""
    from analysis.publish.provenance import load_crate, recorded_options
    from analysis.publish.run import run_notebooks
    from analysis.publish.verify import compare_inputs, compare_reports
    from analysis.show.figure import FIGURES
    from analysis.show.wording import counted

    stack.start()
    study = _open(folder, arguments)
    if study is None:
        return None
    there = out / _called(study.name, options)
    options = recorded_options(load_crate(there))
    run = partial(run_notebooks, forks=stack)
    with tempfile.TemporaryDirectory() as elsewhere:
        figures = {FIGURES: str(Path(elsewhere, "figures"))}
        page, _ = _make(study, notebooks, Path(elsewhere, "reports"), arguments, options, run, figures)
        changes = compare_inputs(there, page.parent)
        rows = compare_reports(there, page.parent)
    for change in changes:
        print(f"input changed: {change}")
    for verdict, file, remark in rows:
        print(f"{verdict:<8} {file}{f' ({remark})' if remark else ''}")
    differ = sum(verdict != "same" for verdict, _, _ in rows)
    inputs = counted(len(changes), "input") if changes else "no input"
    same = (
        f"{counted(differ, 'file')} of {len(rows)} not the same"
        if differ
        else f"all {len(rows)} files the same"
    )
    print(f"{there}: {same}, {inputs} changed")
    return int(differ > 0)


def _called(study: str, options: Mapping[str, Any]) -> str:
    """The report's folder: one of some notebooks, or with excerpts alone, lies beside the whole one."""
    only = f"-only-{'-'.join(options['only'])}" if options.get("only") else ""
    return f"{study}{only}{'-excerpts' if options.get('excerpts') else ''}"


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    """Within this, the kernels' environment holds what is given; afterwards it is as it was."""
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _notebooks(folder: Path, only: Sequence[str] | None) -> list[Path]:
    from analysis.study import StudyError

    paths = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    if not paths:
        raise StudyError([f"{folder}: no notebooks; run this command inside the project"])
    for number in only or ():
        if not any(p.name.startswith(number) for p in paths):
            raise StudyError(
                [f"--only {number}: no such notebook; there are {', '.join(p.stem for p in paths)}"]
            )
    return [p for p in paths if not only or any(p.name.startswith(n) for n in only)]


def _article_pages(study: Study) -> list[ArticlePage]:
    from analysis.publish.report import ArticlePage
    from analysis.show.evidence import annotated_article

    return [
        ArticlePage(
            file=f"articles/{article.article_id}.html",
            title=f"{article.outlet}: {next(filter(_known, (article.title, article.published, article.article_id)))}",
            html=annotated_article(article.article_id, study.tables),
        )
        for article in study.articles.itertuples()
    ]


def _known(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _command(study: Study, options: Mapping[str, Any]) -> str:
    """The command that makes this report; where the texts lie is left out, their hashes say which they are."""
    words = ["media-analysis report", study.name]
    for name, value in options.items():
        given = [""] if value is True else value if isinstance(value, list) else [value]
        words += [f"--{name} {item}".strip() for item in given]
    return " ".join(words)
