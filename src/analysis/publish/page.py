"""One page of a report: a notebook that was run, or an article, as HTML that needs nothing from elsewhere.

Style, script and pictures are in the page, and its content security policy forbids the rest; the pages of articles, of
which there may be thousands, share one style sheet that lies beside them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.publish.markup import Cleaner, Heading
from analysis.publish.run import INJECTED, Run, RunError
from analysis.show.drawing import picture_style
from analysis.show.wording import UNASKED

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Page:
    """A page: its file in the report, its title, its cleaned HTML, its headings, and where its notebook stopped."""

    file: str
    title: str
    body: str
    sections: Sequence[Heading] = ()
    error: RunError | None = None
    partial: str = ""  # the file with the notebook as far as it ran
    kind: str = "notebook"


_PLACE = re.compile(r'<div class="(?:found|scroll)" id="([^"]+)"')


def evidence_places(run: Run) -> list[str]:
    """The names of the evidence and tables that a notebook shows, to which counts lead from wherever they are."""
    outputs = (output.get("data", {}) for cell in run.notebook.cells for output in cell.get("outputs", []))
    return [unescape(name) for data in outputs for name in _PLACE.findall(data.get("text/html", ""))]


def notebook_page(
    run: Run, file: str, links: Mapping[str, str], places: Mapping[str, str] | None = None
) -> Page:
    """The notebook as the page `file`; `links` and `places` as a `Cleaner` takes them."""
    cleaner = Cleaner(links, file, places)
    body = _body(run.notebook, cleaner)
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
    return Page(file, topic, body, sections, run.error, f"{run.path.stem}.ipynb")


_HEADING = '<div class="study">'
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>[^<]*</a>')  # nbconvert's ¶ behind each heading


def _body(notebook: NotebookNode, cleaner: Cleaner) -> str:
    """Words and outputs in the notebook's order; below each run of outputs, folded away, the code that made them.

    The study's heading is left out: every page has it in its own head.
    """
    from nbconvert.filters import markdown2html  # its import takes longer than writing a report

    pieces: list[str] = []
    code: list[str] = []
    outputs: list[str] = []

    def finish(last: bool = False) -> None:
        if outputs:
            pieces.append(f'<div class="outputs">{"".join(outputs)}</div>')
        if code and (outputs or last):
            shown = cleaner.clean(_highlight("\n\n".join(code)))
            pieces.append(f'<details class="code"><summary>Code</summary>{shown}</details>')
            code.clear()
        outputs.clear()

    for cell in _asked(notebook.cells):
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
            outputs.extend(html for html in shown if html and not html.startswith(_HEADING))
    finish(last=True)
    return "\n".join(pieces)


def _asked(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The cells without the sections of which the study asks nothing: those that only say so, or that there is nothing."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    first, *others = sections
    said = [[html for cell in section for html in _html_of(cell)] for section in others]
    unasked = any(UNASKED in html for section in said for html in section)
    kept = [
        section
        for section, outputs in zip(others, said, strict=True)
        if not (unasked and outputs and all(_NOTHING.match(html) for html in outputs))
    ]
    return [cell for section in (first, *kept) for cell in section]


_NOTHING = re.compile(rf'<p class="(?:{UNASKED}|empty)">|\Z')


def _html_of(cell: NotebookNode) -> list[str]:
    """The outputs of a cell as HTML; of another kind its name."""
    return [output.get("data", {}).get("text/html", output.output_type) for output in cell.get("outputs", ())]


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

    return str(highlight(code, PythonLexer(), HtmlFormatter(nowrap=False, cssclass="source")))


_TEMPLATES = Path(__file__).parent / "templates"
SHEET = "style.css"  # which the pages of articles share; all others have it in themselves
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_ADDRESS = re.compile(r"(https?://[^\s<>\"'()\[\];,]*[^\s<>\"'()\[\];,.:!?])")


def linked(text: str) -> Markup:
    """Plain text as HTML, its web addresses as links."""
    pieces = [escape(piece) for piece in _ADDRESS.split(text)]
    pieces[1::2] = [
        f'<a href="{address}" rel="noopener noreferrer">{address}</a>' for address in pieces[1::2]
    ]
    return Markup("".join(pieces))


def folded(notice: str) -> tuple[str, str]:
    """The first sentence of a notice, which is always seen, and the rest of it."""
    end = re.search(r"[.!?](?=\s+[A-Z0-9])", notice)
    return (notice[: end.end()], notice[end.end() :].strip()) if end else (notice, "")


_ENVIRONMENT.filters |= {"linked": linked, "folded": folded}


def render(
    page: Page,
    others: str,
    previous: Page | None = None,
    next: Page | None = None,
    *,
    parts: Sequence[Page] = (),
    **common: Any,
) -> str:
    """The page as an HTML document: `common` to all pages of the report, `others` leads to the list of reports.

    A document of several pages has them as `parts`; their files are the ids of its sections.
    """
    style = load_sheet()
    pieces = {"article": ("place", "article"), "single": ("place", "script", "article")}
    script = "".join(_script(name) for name in pieces.get(page.kind, ("place", "script")))
    root = "../" * page.file.count("/")
    sheet = SHEET if page.kind in ("article", "outlet") else ""  # they are many
    origin = "'self' file:" if sheet else f"'{_hash(style)}'"
    return _ENVIRONMENT.get_template("page.html.j2").render(
        common,
        page=page,
        parts=parts or [page],
        previous=previous,
        next=next,
        root=root,
        home="#main" if parts else f"{root}index.html" if common["contents"] else "",
        others=others,
        sheet=sheet,
        style=Markup(style),
        script=Markup(script),
        policy=(
            "default-src 'none'; img-src data: 'self'; base-uri 'none'; form-action 'none'; "
            f"style-src {origin}; script-src '{_hash(script)}'"
        ),
    )


@cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


@cache
def _script(name: str) -> str:
    """A script as pages have it, of which there may be thousands: without its indentation."""
    return "".join(f"{line.strip()}\n" for line in _template(f"{name}.js").splitlines())


@cache
def load_sheet() -> str:
    """The style of all pages."""
    return _template(SHEET) + picture_style()


@cache
def _hash(source: str) -> str:
    return "sha256-" + b64encode(sha256(source.encode()).digest()).decode()
