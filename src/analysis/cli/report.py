"""`media-analysis report`: run the notebooks on studies and write HTML reports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

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
    from analysis.show.forks import Forks
    from analysis.show.report import ArticlePage
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
    parser.add_argument("--strict", action="store_true", help="stop if an article cannot be read")


def run(arguments: argparse.Namespace) -> int:
    from analysis.show.forks import forks
    from analysis.show.kept import fingerprint, keep, kept
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
    failed = 0
    with forks(notebooks) as stack:
        for folder in folders:
            result = _report(folder, notebooks, out, arguments, stack)
            if result is None:
                return stopped()
            failed += result
    reports, contents = sorted(out.glob("*/run.json")), out / ".contents.json"
    if arguments.fresh or not kept(contents, fingerprint(reports)):
        from analysis.show.report import write_contents

        keep(contents, fingerprint(reports), [write_contents(out)])
    print(f"All reports: {out / 'index.html'}")
    return FAILED if failed else OK


def _report(
    folder: Path, notebooks: Sequence[Path], out: Path, arguments: argparse.Namespace, stack: Forks
) -> int | None:
    """Write the report on one study, unless it is there, unchanged; how many notebooks failed, None to stop."""
    from analysis.show.kept import fingerprint, keep, kept, machinery

    asked = {name: value for name, value in vars(arguments).items() if name not in _NOT_SEEN_IN_A_REPORT}
    made_from = fingerprint(_inputs(folder, arguments.articles), machinery())
    whole = fingerprint(notebooks, made_from, sorted(asked.items()))
    part = f"-only-{'-'.join(arguments.only)}" if arguments.only else ""
    record = out / f".{folder.name}{part}.json"
    if not arguments.fresh and (known := kept(record, whole)):
        _tell(known["problems"])
        print(f"{known['title']}: {out / known['page']} (unchanged)")
        return 0
    stack.start()  # it imports while this process does

    from analysis.show.report import write_report
    from analysis.show.run import run_changed
    from analysis.studies import TEXTS, open_study

    with progress(f"{folder.name}: annotating") as step:
        study = open_study(folder, arguments.articles, step)
    if tell_problems(study.problems) and arguments.strict:
        return None
    if arguments.articles:
        os.environ[TEXTS] = str(Path(arguments.articles).resolve())
    here = folder.name if folder.parent.name == "data" else str(folder)
    with progress_of_notebooks(folder.name) as step:
        runs = run_changed(
            notebooks,
            parameters={"STUDY": here},
            kept_in=folder / "runs",
            made_from=made_from,
            fresh=arguments.fresh,
            jobs=arguments.jobs or None,
            progress=step,
            forks=stack,
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
    failed, unchanged = sum(run.error is not None for run in runs), sum(run.unchanged for run in runs)
    if not failed:
        files = [p for p in page.parent.rglob("*") if p.is_file()]
        files += [figure for run in runs for figure in run.written]
        said = study.problems.to_dict("records")
        keep(
            record,
            whole,
            files,
            title=study.title,
            page=page.relative_to(out).as_posix(),
            problems=said,
        )
    told = f" ({unchanged} of {len(runs)} notebooks unchanged)" if unchanged else ""
    print(f"{study.title}: {page}{told}")
    return failed


# What a report is the same with or without.
_NOT_SEEN_IN_A_REPORT = ("run", "studies", "out", "jobs", "fresh")
_MADE = ("tables", "runs", "figures")  # folders of a study that hold what was made from the rest


def _inputs(folder: Path, articles: str | None) -> list[Path]:
    """Every file that a report on the study may be made from: all in its folder, and texts that lie elsewhere."""
    texts = Path(articles or os.environ.get("MEDIA_ANALYSIS_ARTICLES") or folder / "articles").expanduser()
    own = [p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in _MADE]
    return [p for p in sorted({*own, *texts.rglob("*")}) if p.is_file()]


def _tell(problems: Sequence[dict[str, str]]) -> None:
    import pandas as pd

    if problems:
        tell_problems(pd.DataFrame(problems))


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
