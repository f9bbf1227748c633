"""Reports to share: a page for each notebook that was run, one for each article, and a list of all studies.

A page needs nothing but itself: style, script and pictures are in it, and its content security policy forbids the rest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.show.markup import Cleaner, Heading
from analysis.show.run import INJECTED, Run, RunError

if TYPE_CHECKING:
    from nbformat import NotebookNode

RECORD = "run.json"


@dataclass(frozen=True)
class ArticlePage:
    """An article with its annotations marked: where its page lies in the report, its title, its HTML."""

    file: str
    title: str
    html: str


@dataclass(frozen=True)
class _Page:
    file: str
    title: str
    body: str
    sections: Sequence[Heading] = ()
    error: RunError | None = None
    partial: str = ""
    kind: str = "notebook"


def write_report(
    study: str,
    runs: Sequence[Run],
    out: Path,
    *,
    title: str = "",
    notice: str = "",
    provenance: Mapping[str, str] | None = None,
    articles: Sequence[ArticlePage] = (),
    record: Mapping[str, Any] | None = None,
) -> Path:
    """Write `out/<study>/` and the list of all reports, `out/index.html`; the study's first page comes back.

    The last notebook, where the argument ends, is the first page (index.html); the others follow in their order.
    `notice` stands on top of every page, `provenance` (name: value) at its foot; both are plain text, in which web
    addresses become links. `record` is added to run.json, which the list of reports is made from.
    The old report is replaced only when the new one is complete. Same input, same bytes.
    """
    if not runs:
        raise ValueError(f"study {study}: no notebook was run, so there is nothing to report")
    title = title or study
    order = [runs[-1], *runs[:-1]]
    files = {run.path.name: "index.html" if run is order[0] else f"{run.path.stem}.html" for run in order}
    places = {article.file: _safe(article.file) for article in articles}
    articles = [replace(article, file=places[article.file]) for article in articles]
    links = {**files, **places}
    pages = [_notebook_page(run, files[run.path.name], links, notice) for run in order]
    common = {
        "study": title,
        "notice": notice,
        "provenance": dict(provenance or {}),
        "contents": pages,
        "articles": articles,
    }
    record = {
        "study": study,
        "title": title,
        "notice": notice,
        "provenance": dict(provenance or {}),
        "pages": [
            {"file": p.file, "title": p.title, "error": str(p.error) if p.error else None} for p in pages
        ],
        **(record or {}),
    }
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{study}-", dir=out) as temporary:
        new = Path(temporary) / "new"
        for n, page in enumerate(pages):
            around = {
                "previous": pages[n - 1] if n else None,
                "next": pages[n + 1] if n + 1 < len(pages) else None,
            }
            _write(new / page.file, _render(page, "../index.html", **common, **around))
        for article in articles:
            cleaner = Cleaner({page: f"../{file}" for page, file in links.items()})
            body = cleaner.clean(article.html)
            page = _Page(article.file, article.title, body, kind="article")
            _write(new / page.file, _render(page, "../../index.html", **common, previous=None, next=None))
        from nbformat import writes

        for run, page in zip(order, pages, strict=True):
            if run.error:
                _write(new / page.partial, writes(run.notebook) + "\n")
        _write(new / RECORD, json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        _swap(new, out / study, Path(temporary) / "old")
    write_contents(out)
    return out / study / "index.html"


def write_contents(out: Path) -> Path:
    """Write `out/index.html`, the list of the reports that lie in `out`."""
    items = []
    for record in sorted(out.glob(f"*/{RECORD}")):
        known = json.loads(record.read_text(encoding="utf-8"))
        failed = sum(page["error"] is not None for page in known["pages"])
        lines = [known["notice"], f"{failed} of {len(known['pages'])} pages not complete" if failed else ""]
        said = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
        address = escape(f"{record.parent.name}/index.html")
        items.append(f'<li><a href="{address}">{escape(known["title"])}</a>{said}</li>')
    body = f'<h1>Reports</h1><ul class="studies">{"".join(items)}</ul>'
    page = _Page("index.html", "Reports", body, kind="list")
    nothing: dict[str, Any] = {"notice": "", "provenance": {}, "contents": [], "articles": []}
    _write(out / "index.html", _render(page, "", study="Reports", previous=None, next=None, **nothing))
    return out / "index.html"


def _notebook_page(run: Run, file: str, links: Mapping[str, str], notice: str) -> _Page:
    cleaner = Cleaner(links)
    body = _body(run.notebook, cleaner, notice)
    first = next((heading.text for heading in cleaner.headings if heading.level == 1), "")
    title = first or re.sub(r"^\d+[-_ ]*", "", run.path.stem).replace("-", " ").capitalize()
    if not first:
        body = f"<h1>{escape(title)}</h1>\n{body}"
    topic, _, question = title.partition(": ")
    if question:  # "03 Framing: what is the story about?" is a topic and a question
        body = re.sub(
            r"(<h1[^>]*>)([^<:]+)(: )([^<]+)</h1>",
            r'\1<span class="topic">\2<span class="unseen">\3</span></span><span class="question">\4</span></h1>',
            body,
            count=1,
        )
    sections = [heading for heading in cleaner.headings if heading.level == 2]
    return _Page(file, topic, body, sections, run.error, f"{run.path.stem}.ipynb")


_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>[^<]*</a>')  # nbconvert's ¶ behind each heading


def _body(notebook: NotebookNode, cleaner: Cleaner, notice: str) -> str:
    """Words and outputs in the notebook's order; below each run of outputs, folded away, the code that made them.

    The study's notice is left out: it stands on top of every page anyway.
    """
    from nbconvert.filters import markdown2html  # its import takes longer than writing a report

    pieces: list[str] = []
    code: list[str] = []
    outputs: list[str] = []
    repeated = f'<p class="notice" role="note">{escape(notice, quote=False)}</p>'

    def finish(last: bool = False) -> None:
        if outputs:
            pieces.append(f'<div class="outputs">{"".join(outputs)}</div>')
        if code and (outputs or last):
            shown = cleaner.clean(_highlight("\n\n".join(code)))
            pieces.append(f'<details class="code"><summary>Code</summary>{shown}</details>')
            code.clear()
        outputs.clear()

    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            finish()
            html = cleaner.clean(_ANCHOR.sub("", markdown2html(cell.source)))
            named = " ".join(escape(tag) for tag in tags)
            pieces.append(f'<div class="{named}">{html}</div>' if named else html)
        elif cell.cell_type == "code" and INJECTED not in tags and "parameters" not in tags:
            if cell.source.strip():
                code.append(cell.source.strip())
            shown = (_output(output, cleaner) for output in cell.outputs)
            outputs.extend(html for html in shown if html and html != repeated)
    finish(last=True)
    return "\n".join(pieces)


def _output(output: NotebookNode, cleaner: Cleaner) -> str:
    from nbconvert.filters import markdown2html, strip_ansi

    if output.output_type == "stream":
        return cleaner.clean(f'<pre class="{output.name}">{escape(output.text)}</pre>')
    if output.output_type == "error":
        return cleaner.clean(f'<pre class="error">{escape(strip_ansi(chr(10).join(output.traceback)))}</pre>')
    data = output.data
    if "text/html" in data:
        html = cleaner.clean(data["text/html"])
        return f'<div class="table">{html}</div>' if 'class="dataframe"' in html else html
    if "text/markdown" in data:
        return f'<div class="answer">{cleaner.clean(markdown2html(data["text/markdown"]))}</div>'
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            image = data[kind] if kind != "image/svg+xml" else b64encode(data[kind].encode()).decode()
            alt = output.metadata.get(kind, {}).get("alt", "")
            picture = f'<img alt="{escape(alt)}" src="data:{kind};base64,{image.strip()}">'
            return cleaner.clean(f'<figure class="chart">{picture}</figure>')
    return cleaner.clean(f"<pre>{escape(data.get('text/plain', ''))}</pre>")


def _highlight(code: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=False, cssclass="source"))


_TEMPLATES = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_ADDRESS = re.compile(r"(https?://[^\s<>\"'()\[\];,]*[^\s<>\"'()\[\];,.:!?])")


def _linked(text: str) -> Markup:
    """Plain text as HTML, its web addresses as links."""
    pieces = [escape(piece) for piece in _ADDRESS.split(text)]
    pieces[1::2] = [
        f'<a href="{address}" rel="noopener noreferrer">{address}</a>' for address in pieces[1::2]
    ]
    return Markup("".join(pieces))


_ENVIRONMENT.filters["linked"] = _linked


def _render(page: _Page, others: str, **given: Any) -> str:
    style, script = ((_TEMPLATES / name).read_text("utf-8") for name in ("style.css", "script.js"))
    return _ENVIRONMENT.get_template("page.html.j2").render(
        given,
        file=page.file,
        title=page.title,
        kind=page.kind,
        body=Markup(page.body),
        sections=page.sections,
        error=str(page.error) if page.error else "",
        partial=page.partial,
        root="../" * page.file.count("/"),
        home="../" * page.file.count("/") + "index.html" if given["contents"] else "",
        others=others,
        style=Markup(style),
        script=Markup(script),
        policy=(
            "default-src 'none'; img-src data: 'self'; base-uri 'none'; form-action 'none'; "
            f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
        ),
    )


def _safe(file: str) -> str:
    """The article's page under a name that cannot lead out of the report's folder, nor mean anything in an address."""
    name = file.removeprefix("articles/").removesuffix(".html")
    plain = re.sub(r"[^\w.-]", "-", name).lstrip(".")
    if plain != name:
        plain = f"{plain[:80]}-{sha256(name.encode()).hexdigest()[:8]}"
    return f"articles/{plain}.html"


def _hash(source: str) -> str:
    return "sha256-" + b64encode(sha256(source.encode()).digest()).decode()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(new: Path, place: Path, aside: Path) -> None:
    """Put the folder `new` in its `place`; what was there goes `aside`, and comes back if that fails."""
    if not place.exists():
        os.replace(new, place)
        return
    os.replace(place, aside)
    try:
        os.replace(new, place)
    except BaseException:
        if not place.exists():
            os.replace(aside, place)
        raise
    shutil.rmtree(aside)
