"""The command line: `media-analysis` (also `python -m analysis`)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import Progress, TaskID

    from analysis.show.report import ArticlePage
    from analysis.study import Study

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

_EPILOG = """\
examples:
  media-analysis report                                  a report for every study under data/
  media-analysis report us-russia-talks --articles DIR   one study, its texts in DIR
  media-analysis new my-topic --articles DIR             a study of your own from a folder of texts
  media-analysis annotate DIR --out OUT                  only the tables, as Parquet
  media-analysis show data/sample/articles/wire-1.txt    one annotated article in the terminal
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 something failed, 2 the input has faults."""
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("media-analysis: stopped; what was there before is unchanged", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _run(arguments: argparse.Namespace) -> int:
    from analysis.codebook import CodebookError
    from analysis.study import StudyError

    try:
        return int(arguments.run(arguments))
    except (StudyError, CodebookError) as error:
        for line in str(error).splitlines():
            print(f"media-analysis: {line}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="media-analysis",
        description="Compare how news outlets tell one story: frames, tone, stance on negotiations, sources.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"media-analysis {version('media-analysis')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    report = command("report", _report, "run the notebooks on studies and write HTML reports")
    report.add_argument(
        "studies", nargs="*", metavar="STUDY", help="folder or name under data/ (default: all there)"
    )
    report.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    report.add_argument(
        "--out", metavar="FOLDER", default="reports", help="where to write (default: reports)"
    )
    report.add_argument(
        "--only",
        metavar="NN",
        action="append",
        help="only this notebook, such as 03, into a report of its own; may be repeated",
    )
    report.add_argument(
        "--jobs", type=_positive, default=0, metavar="N", help="notebooks at once (default: processors)"
    )
    report.add_argument("--strict", action="store_true", help="stop if an article cannot be read")

    annotate = command(
        "annotate", _annotate, "annotate a folder of articles and write every table as Parquet"
    )
    annotate.add_argument(
        "folder", type=Path, metavar="FOLDER", help="article files (.txt, UTF-8), one article a file"
    )
    annotate.add_argument("--out", type=Path, required=True, metavar="OUT", help="folder for the tables")
    annotate.add_argument(
        "--codebook", type=Path, metavar="DIR", help="codebook folder (default: the general one)"
    )
    annotate.add_argument("--strict", action="store_true", help="stop if an article cannot be read")

    check = command("check", _check, "check a study's metadata, codebook and articles, and list every fault")
    check.add_argument("study", metavar="STUDY", help="folder or name under data/")
    check.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )

    new = command("new", _new, "start a study from a folder of article files")
    new.add_argument("name", metavar="NAME", help="name of the study; it becomes data/NAME")
    new.add_argument(
        "--articles", type=Path, required=True, metavar="FOLDER", help="the article files to copy in"
    )

    publish = command(
        "publish", _publish, "write a study's annotations, which hold no text, into its annotations/"
    )
    publish.add_argument("study", metavar="STUDY", help="folder or name under data/")
    publish.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )

    show = command("show", _show, "show one annotated article in the terminal")
    show.add_argument(
        "article", metavar="ARTICLE", help="a text file, or an article's id together with --study"
    )
    show.add_argument("--study", metavar="STUDY", help="the study whose article and codebook are meant")

    command("lab", _lab, "open JupyterLab on the notebooks")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def _annotate(arguments: argparse.Namespace) -> int:
    from analysis.studies import annotate_folder, write_tables

    with _progress("annotating") as step:
        made = annotate_folder(arguments.folder, arguments.codebook, step)
    if _tell_problems(made["problems"]) and arguments.strict:
        return _stopped()
    write_tables(made, arguments.out)
    print(
        f"{len(made['articles'])} articles, {len(made['quotes'])} quotes, {len(made['sources'])} sources: {arguments.out}"
    )
    return OK


def _report(arguments: argparse.Namespace) -> int:
    from analysis.show.report import write_report
    from analysis.show.run import run_notebooks
    from analysis.studies import TEXTS, open_study
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
    part = f"-only-{'-'.join(arguments.only)}" if arguments.only else ""
    failed = 0
    for folder in folders:
        with _progress(f"{folder.name}: annotating") as step:
            study = open_study(folder, arguments.articles, step)
        if _tell_problems(study.problems) and arguments.strict:
            return _stopped()
        if arguments.articles:
            os.environ[TEXTS] = str(Path(arguments.articles).resolve())
        here = folder.name if folder.parent.name == "data" else str(folder)
        with _progress_of_notebooks(folder.name) as step:
            runs = run_notebooks(
                notebooks, parameters={"STUDY": here}, jobs=arguments.jobs or None, progress=step
            )
        page = write_report(
            study.name + part,
            runs,
            out,
            title=study.title,
            notice=study.notice,
            provenance=_provenance(study),
            articles=_article_pages(study),
        )
        for run in runs:
            if run.error:
                print(f"media-analysis: {run.error}", file=sys.stderr)
        failed += sum(run.error is not None for run in runs)
        print(f"{study.title}: {page}")
    print(f"All reports: {out / 'index.html'}")
    return FAILED if failed else OK


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
    from analysis.show.evidence import annotated_article
    from analysis.show.report import ArticlePage

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


def _provenance(study: Study) -> dict[str, str]:
    texts = ", ".join(f"{a.article_id} {str(a.sha256)[:12]}" for a in study.articles.itertuples())
    return {
        "Articles (SHA-256)": texts,
        "Codebook": f"{study.codebook.name}, {len(study.codebook.frames)} frames, {len(study.codebook.targets)} targets",
        "Reference coding": ", ".join(study.coding) or "none",
        "Made with": f"media-analysis {version('media-analysis')}",
        "Command": f"media-analysis report {study.name}",
    }


def _check(arguments: argparse.Namespace) -> int:
    from analysis.codebook import check_codebook
    from analysis.show.words import counted
    from analysis.studies import find_faults, open_study
    from analysis.study import codebook_folder, find_study

    folder = find_study(arguments.study)
    faults = find_faults(folder, arguments.articles)
    remarks = check_codebook(codebook_folder(folder))
    for said in (*faults, *remarks):
        print(said)
    if faults or any(remark.severity == "error" for remark in remarks):
        return BAD_INPUT
    with _progress("annotating") as step:
        study = open_study(folder, arguments.articles, step)
    skipped = _tell_problems(study.problems)
    for article in study.missing.itertuples():
        where = f"; published at {article.url}" if isinstance(article.url, str) else ""
        print(f"{article.article_id} ({article.outlet}): its text is missing{where}")
    print(
        f"{study.name}: {counted(len(study.articles), 'article')} of {counted(len(study.outlets), 'outlet')}, "
        f"{counted(len(study.missing), 'text')} missing, {counted(skipped, 'file')} left out, "
        f"{counted(len(remarks), 'remark')} on the codebook"
    )
    return FAILED if skipped else OK


def _new(arguments: argparse.Namespace) -> int:
    from analysis.studies import new_study

    folder, problems = new_study(arguments.name, arguments.articles)
    _tell_problems(problems)
    name = f'"{folder.name}"' if " " in folder.name else folder.name
    print(
        f"{folder} is there. Now say who published what in {folder / 'articles.csv'} (column outlet), then:"
    )
    print(f"  media-analysis check {name}")
    print(f"  media-analysis report {name}")
    return OK


def _publish(arguments: argparse.Namespace) -> int:
    from analysis.studies import open_study, write_published

    with _progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    print(write_published(study))
    return OK


def _show(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from analysis.show.terminal import print_article
    from analysis.studies import annotate_file, open_study
    from analysis.study import StudyError, codebook_folder, find_study

    path = Path(arguments.article)
    if path.is_file():
        codebook = codebook_folder(find_study(arguments.study)) if arguments.study else None
        tables = annotate_file(path, codebook)
        article_id = path.stem
    elif arguments.study:
        tables = dict(open_study(arguments.study).tables)
        article_id = arguments.article
        texts = tables["articles"].set_index("article_id")["text"]
        if article_id not in texts.index:
            raise StudyError(
                [f"{article_id}: no such article in {arguments.study}; there are {', '.join(texts.index)}"]
            )
        if texts[article_id] is None or texts.isna()[article_id]:
            raise StudyError([f"{article_id}: its text is missing; save it into the study's articles/ first"])
    else:
        raise StudyError(
            [f"{path}: no such file; to show an article of a study by its id, add --study STUDY"]
        )
    print_article(article_id, tables, Console())
    return OK


def _lab(_arguments: argparse.Namespace) -> int:
    from analysis.study import data_folder

    command = lab_command(data_folder().parent)
    return os.spawnv(os.P_WAIT, command[0], command)


def lab_command(project: Path) -> list[str]:
    """The command that opens JupyterLab on the project's notebooks and asks the network for nothing."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--notebook-dir={project}"),
        "--LabApp.default_url=/lab/tree/notebooks/08-findings.ipynb",
        f"--LabApp.app_settings_dir={Path(__file__).parent / 'show' / 'lab'}",
    ]


def _stopped() -> int:
    print("media-analysis: stopped, because of --strict; nothing was written", file=sys.stderr)
    return FAILED


def _tell_problems(problems: pd.DataFrame) -> int:
    from analysis.show.words import counted

    for problem in problems.itertuples():
        print(f"media-analysis: {problem.file} {problem.message}", file=sys.stderr)
    skipped = int((problems["severity"] == "skipped").sum())
    if skipped:
        print(f"media-analysis: {counted(skipped, 'file')} left out", file=sys.stderr)
    return skipped


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    with _bars() as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def _progress_of_notebooks(study: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each notebook, a step a cell."""
    with _bars() as bars:
        tasks: dict[str, TaskID] = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(f"{study}: {name}", total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield step


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
