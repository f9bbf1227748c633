"""Reports to share: a page for each notebook that was run, one for each article, and a list of all studies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from analysis import store
from analysis.publish.markup import Cleaner
from analysis.publish.page import (
    SHEET,
    Page,
    evidence_places,
    folded,
    linked,
    load_sheet,
    notebook_page,
    render,
)
from analysis.publish.provenance import RECORD, Entity, crate, load_crate
from analysis.publish.run import Run
from analysis.publish.single_file import single_document
from analysis.study import StudyError

FINDINGS = "findings"  # how the name of the notebook ends with which a report begins
FEW_ARTICLES = 40  # more are listed on a page of their own instead of beside every page
NOT_COMPLETE = "-not-complete"  # how the name of a report ends that lies beside a complete one


@dataclass(frozen=True)
class ArticlePage:
    """An article with its annotations marked, or an outlet: where its page is in the report, its title, its HTML."""

    file: str
    title: str
    html: str
    outlet: str = ""
    published: str = ""


def write_report(
    study: str,
    runs: Sequence[Run],
    out: Path,
    *,
    title: str = "",
    notice: str = "",
    summary: str = "",
    provenance: Mapping[str, str] | None = None,
    articles: Sequence[ArticlePage] = (),
    outlets: Sequence[ArticlePage] = (),
    inputs: Sequence[Entity] = (),
    command: str = "",
    single_file: bool = False,
    check: Callable[[Path], None] | None = None,
) -> Path:
    """Write `out/<study>/` and the list of all reports, `out/index.html`; the study's first page comes back.

    The notebook named findings, else the last, is the first page (index.html); the others follow in their order.
    `summary` is what the list of all reports says of this one, `notice` is on top of every page, `provenance` (name: value) at its foot; both are plain text, in which web
    addresses become links. `inputs` and `command` go into the report's RO-Crate (see `provenance`), which lists its
    files, too. `single_file` adds `<study>-single.html`, the whole report in one document.
    The old report is replaced only when the new one is written and `check`, which is given its folder, raises
    nothing. Where a notebook stopped, an old report without such a page stays, and the new one lies beside it in
    `out/<study>-not-complete/` until one is complete. Same input, same bytes.
    """
    if not runs:
        raise ValueError(f"study {study}: no notebook was run, so there is nothing to report")
    title = title or study
    order = _findings_first(runs)
    files = {run.path.name: "index.html" if run is order[0] else f"{run.path.stem}.html" for run in order}
    links = {**files, **{page.file: _safe(page.file) for page in (*articles, *outlets)}}
    articles, outlets = ([replace(a, file=links[a.file]) for a in kind] for kind in (articles, outlets))
    evidence = {name: files[run.path.name] for run in order for name in evidence_places(run)}
    pages = [notebook_page(run, files[run.path.name], links, evidence) for run in order]
    told, portraits = _beside(articles, outlets, links, evidence)
    listed = [_list_of_articles(articles, outlets)] if len(articles) > FEW_ARTICLES else []
    common: dict[str, Any] = {
        "study": title,
        "notice": notice,
        "provenance": dict(provenance or {}),
        "contents": pages,
        "articles": told,
        "outlets": portraits,
        "all_articles": listed[0].file if listed else "",
        "record": RECORD,
        "single": f"{study}-single.html" if single_file else "",
    }
    ran = [(run.path.name, page.file, str(run.error or "")) for run, page in zip(order, pages, strict=True)]
    with _placed(out, study, order) as new:
        _write_pages(new, pages, [*listed, *portraits, *told], common)
        _write_stopped(new, order, pages)
        record = crate(
            new, title=title, notice=notice, summary=summary, command=command, inputs=inputs, runs=ran
        )
        _write(new / RECORD, record)
        if check:
            check(new)
    write_contents(out)
    return _place(out, study, order) / "index.html"


def _beside(
    articles: Sequence[ArticlePage],
    outlets: Sequence[ArticlePage],
    links: Mapping[str, str],
    evidence: Mapping[str, str],
) -> tuple[list[Page], list[Page]]:
    """The pages of articles and of outlets, which lie in folders beside the notebooks' pages."""
    above = {place: f"../{file}" for place, file in links.items()}
    sentences = {name: f"../{file}" for name, file in evidence.items()}
    told = [Page(a.file, a.title, Cleaner(above).clean(a.html), kind="article") for a in articles]
    portraits = [
        Page(o.file, o.title, Cleaner(above, o.file, sentences).clean(o.html), kind="outlet") for o in outlets
    ]
    return told, portraits


@contextmanager
def _placed(out: Path, study: str, runs: Sequence[Run]) -> Iterator[Path]:
    """An empty folder for the report, which is in its place when the block ends."""
    with store.replaced(_place(out, study, runs)) as new:
        yield new
    if not any(run.error for run in runs):
        store.remove(out / f"{study}{NOT_COMPLETE}")


def _place(out: Path, study: str, runs: Sequence[Run]) -> Path:
    """Where the report of these runs belongs: one that is not complete, beside a complete one."""
    stopped = any(run.error for run in runs) and _is_complete(out / study)
    return out / f"{study}{NOT_COMPLETE}" if stopped else out / study


def _is_complete(folder: Path) -> bool:
    """Whether a report lies there of which no notebook stopped."""
    try:
        return not any("error" in run for run in _runs(load_crate(folder)))
    except StudyError:
        return False


def _runs(known: Mapping[str, Entity]) -> list[Entity]:
    """What the report's record says of each notebook's run."""
    return [entity for name, entity in known.items() if name.startswith("#run/")]


def _findings_first(runs: Sequence[Run]) -> list[Run]:
    first = next((run for run in runs if run.path.stem.endswith(FINDINGS)), runs[-1])
    return [first, *(run for run in runs if run is not first)]


def _write_pages(new: Path, pages: Sequence[Page], told: Sequence[Page], common: Mapping[str, Any]) -> None:
    """The notebooks' pages, each with links to those around it, the articles' pages, and all of them in one file."""
    for n, page in enumerate(pages):
        around = (pages[n - 1] if n else None, pages[n + 1] if n + 1 < len(pages) else None)
        _write(new / page.file, render(page, "../index.html", *around, **common))
    for page in told:
        _write(new / page.file, render(page, f"{'../' * page.file.count('/')}../index.html", **common))
    if told:
        _write(new / SHEET, load_sheet())
    if common["single"]:
        others = [page for page in told if page.kind != "list-of-articles"]
        _write(new / common["single"], single_document([*pages, *others], common))


def _write_stopped(new: Path, runs: Sequence[Run], pages: Sequence[Page]) -> None:
    """The notebooks that stopped, as far as they ran."""
    for run, page in zip(runs, pages, strict=True):
        if run.error:
            from nbformat import writes

            _write(new / page.partial, writes(run.notebook) + "\n")


def _list_of_articles(articles: Sequence[ArticlePage], outlets: Sequence[ArticlePage]) -> Page:
    """A page with a table of all articles, which can be sorted and searched."""
    pages = {outlet.title: outlet.file for outlet in outlets}

    def named(outlet: str) -> str:
        words = f'<span dir="auto">{escape(outlet)}</span>'
        return f'<a href="{escape(pages[outlet])}">{words}</a>' if outlet in pages else words

    rows = "".join(
        f'<tr><td>{named(a.outlet)}</td><td><a href="{escape(a.file)}" dir="auto">{escape(a.title.removeprefix(f"{a.outlet}: "))}</a>'
        f"</td><td>{escape(a.published)}</td></tr>"
        for a in articles
    )
    table = f"<table><thead><tr><th>outlet</th><th>article</th><th>published</th></tr></thead><tbody>{rows}</tbody></table>"
    body = Cleaner().clean(f"<h1>The articles</h1>{table}")
    return Page("articles.html", "The articles", body, kind="list-of-articles")


def write_contents(out: Path) -> Path:
    """Write `out/index.html`, the list of the reports in `out`."""
    items = []
    reports = {
        record.parent.name: load_crate(record.parent) for record in sorted(out.glob(f"[!.]*/{RECORD}"))
    }
    titles = [known["./"]["name"] for known in reports.values()]
    for folder, known in reports.items():
        runs = _runs(known)
        failed = sum("error" in run for run in runs)
        title = known["./"]["name"]
        lines = [
            f"in {folder}/" if titles.count(title) > 1 else "",  # reports with options of one study
            known["./"].get("disambiguatingDescription"),
            f"{failed} of {len(runs)} pages not complete" if failed else "",
        ]
        said = "".join(f"<p>{escape(line)}</p>" for line in lines if line) + _noticed(
            known["./"].get("abstract", "")
        )
        address = escape(f"{folder}/index.html")
        items.append(f'<li><a href="{address}">{escape(title)}</a>{said}</li>')
    body = f'<h1>Reports</h1><ul class="studies">{"".join(items)}</ul>'
    page = Page("index.html", "Reports", body, kind="list")
    nothing: dict[str, Any] = {
        "notice": "",
        "provenance": {},
        "contents": [],
        "articles": [],
        "outlets": [],
        "all_articles": "",
        "record": "",
        "single": "",
    }
    _write(out / "index.html", render(page, "", study="Reports", **nothing))
    return out / "index.html"


def _noticed(notice: str) -> str:
    """A study's notice in the list: its first sentence, the rest folded away, with its addresses as links."""
    first, rest = folded(notice)
    if not rest:
        return f"<p>{linked(first)}</p>" if first else ""
    return f"<details><summary>{linked(first)}</summary><p>{linked(rest)}</p></details>"


def _safe(file: str) -> str:
    """The page under a name that cannot lead out of the report's folder, nor mean anything in an address."""
    folder, _, name = file.removesuffix(".html").partition("/")
    plain = re.sub(r"[^\w.-]", "-", name).lstrip(".")
    if plain != name:
        plain = f"{plain[:80]}-{sha256(name.encode()).hexdigest()[:8]}"
    return f"{folder}/{plain}.html"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
