"""Reports on studies: made where something has changed, and made again elsewhere to see whether they come out the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from analysis.publish.excerpt_check import require_excerpts
from analysis.publish.fork_server import ForkServer
from analysis.publish.provenance import in_words, load_crate, made_from, recorded_options
from analysis.publish.report import ArticlePage, write_report
from analysis.publish.request import Options, Request
from analysis.publish.run import Progress, Run, run_changed, run_notebooks
from analysis.publish.verify import compare_inputs, compare_reports
from analysis.show.evidence import SHOWN, annotated_article
from analysis.show.wording import counted
from analysis.study import Study, how_found
from analysis.tables import rows_of_articles


@dataclass(frozen=True)
class Made:
    """A report that was made: its first page, and each notebook's run."""

    page: Path
    runs: Sequence[Run]

    @property
    def errors(self) -> list[str]:
        """Where and why notebooks stopped."""
        return [str(run.error) for run in self.runs if run.error]

    @property
    def unchanged(self) -> int:
        """How many notebooks were not run, because nothing has changed since they were."""
        return sum(run.unchanged for run in self.runs)


@dataclass(frozen=True)
class MadeAgain:
    """How a report differs from the one that comes out now: its inputs in words, and a row a file (see `verify`)."""

    changed_inputs: Sequence[str]
    files: Sequence[tuple[str, str, str]]  # verdict, file, remark
    errors: Sequence[str]  # where and why notebooks stopped

    @property
    def n_different(self) -> int:
        return sum(verdict != "same" for verdict, _, _ in self.files)


def make_report(
    study: Study,
    request: Request,
    *,
    server: ForkServer | None = None,
    fresh: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Made:
    """Run the notebooks that have changed (`fresh`: all) on the study, and write its report.

    `server`, `jobs` and `progress` as for `run.run_notebooks`. Raises StudyError where a page quotes more than it may.
    """
    figures = study.figures_folder
    run = partial(run_changed, records_in=study.folder / "runs", made_from=request.made_from, figures=figures)
    run = partial(run, fresh=fresh, server=server, jobs=jobs, progress=progress)
    made = _make(study, request, run)
    if not made.errors:
        request.remember(study, made.page, [path for one in made.runs for path in one.figure_files(figures)])
    return made


def make_again(
    study: Study,
    request: Request,
    *,
    server: ForkServer | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> MadeAgain:
    """Make the report again, elsewhere and with its own options, and compare it with the one that lies there.

    Nothing of the study and its report is touched. Raises StudyError where no report lies there.
    """
    run = partial(run_notebooks, server=server, jobs=jobs, progress=progress)
    options = Options.from_record(recorded_options(load_crate(request.place)))
    with tempfile.TemporaryDirectory() as elsewhere:
        other = replace(request, out=Path(elsewhere, "reports"), options=options)
        made = _make(replace(study, figures=Path(elsewhere, "figures")), other, run)
        there, here = request.place, made.page.parent
        return MadeAgain(compare_inputs(there, here), compare_reports(there, here), made.errors)


def _make(study: Study, request: Request, run: Callable[..., list[Run]]) -> Made:
    """Run the notebooks on the study and write its report."""
    options = request.options
    limit, given = options.excerpts, options.as_record()
    inputs = made_from(study, request.notebooks, given)
    shown = {"study": how_found(study.folder), "excerpts": limit}
    places = {
        "articles": request.articles and request.articles.expanduser().resolve(),
        "figures": study.figures,
        "web_charts": options.web_charts or None,
    }
    runs = run(
        request.notebooks,
        parameters={"STUDY": _opening(shown | places)},
        recorded={"STUDY": _opening(shown)},
    )
    command = options.command(study.name)
    page = write_report(
        request.place.name,
        runs,
        request.out,
        title=study.title,
        notice=study.notice,
        summary=_summary(study),
        provenance=in_words(inputs, command),
        inputs=inputs,
        command=command,
        articles=[] if limit else article_pages(study),
        outlets=[] if limit else outlet_pages(study),
        check=partial(require_excerpts, articles=study.articles, limit=limit) if limit else None,
        single_file=options.single_file,
    )
    return Made(page, runs)


def _summary(study: Study) -> str:
    """The study's question, how many articles it has, and of which days."""
    days = study.articles["published"].dropna().astype(str)
    spread = f", {' to '.join(dict.fromkeys((days.min(), days.max())))}" if len(days) else ""
    counts = f"{counted(len(study.articles), 'article')} of {counted(len(study.outlets), 'outlet')}{spread}."
    return f"{study.settings.question} {counts}".strip()


def _opening(arguments: dict[str, Any]) -> Any:
    """What a notebook gives `open_study`: the study alone, or a mapping with what else is given."""
    given = {k: str(v) if isinstance(v, Path) else v for k, v in arguments.items() if v is not None}
    return given if len(given) > 1 else given["study"]


def article_pages(study: Study) -> list[ArticlePage]:
    """A page for each article, with everything that was found in it."""
    of = rows_of_articles({name: study.tables[name] for name in SHOWN})
    return [
        ArticlePage(
            file=f"articles/{article.article_id}.html",
            title=f"{article.outlet}: {next(filter(_known, (article.title, article.published, article.article_id)))}",
            html=annotated_article(article.article_id, of[article.article_id], study.codebook),
            outlet=article.outlet if _known(article.outlet) else "",
            published=article.published if _known(article.published) else "",
        )
        for article in study.articles.itertuples()
    ]


def outlet_pages(study: Study) -> list[ArticlePage]:
    """A page for each outlet, beside the others; of one alone the first page is its portrait."""
    if len(study.outlets) < 2:
        return []
    from analysis.ask.about_outlets import outlet_portraits  # loads what only comparisons need
    from analysis.ask.questions import Questions

    return [
        ArticlePage(
            f"outlets/{portrait.outlet}.html", portrait.outlet, portrait._repr_html_(), portrait.outlet
        )
        for portrait in outlet_portraits(Questions(study))
    ]


def _known(value: object) -> bool:
    return isinstance(value, str) and value != ""
