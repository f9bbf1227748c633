"""Run the eight notebooks on the invented sample study and store them with their outputs: `make notebooks`.

Whoever browses the repository reads the answers and sees the charts. Of long tables the first rows are stored, of
charts a small PNG, which every place that shows notebooks can draw. Same code, same notebooks: nothing is written
where only a picture's bytes differ, as they may from one machine to another.
"""

from __future__ import annotations

import base64
import re
import shutil
import tempfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from PIL import Image

from analysis.publish.fork_server import fork_server
from analysis.publish.run import INJECTED, Run, run_notebooks
from analysis.show.figure_files import DRAWN

ROOT = Path(__file__).parent.parent
EVIDENCE, ROWS = 10, 40  # rows of an evidence, and of any other table, that are stored
COLOURS = 48  # of a stored chart
_CHART = re.compile(
    r'<(?:img alt|div class="picture" role="group" aria-label)="([^"]*)".*?<!-- picture -->', re.DOTALL
)
_CAPTION = re.compile("<figcaption>.*?</figcaption>", re.DOTALL)
_TABLE = re.compile(r'(<details class="evidence"|<table)(.*?)<tbody>(.*?)</tbody></table>', re.DOTALL)
_STYLE = re.compile("<style>.*?</style>", re.DOTALL)  # no place that shows stored notebooks takes it
_LONG = re.compile(r' data-(?:total|left)="[^"]*"')  # what a page's script needs


def copy_project(project: Path) -> list[Path]:
    """The notebooks in a copy of the project that has the sample alone, so that no other study can be meant."""
    shutil.copytree(
        ROOT / "notebooks", project / "notebooks", ignore=shutil.ignore_patterns("study.yml", ".*")
    )
    made = shutil.ignore_patterns("tables", "runs", "sheets", "models")
    shutil.copytree(ROOT / "data" / "sample", project / "data" / "sample", ignore=made)
    return sorted((project / "notebooks").glob("*.ipynb"))


def with_outputs(run: Run, figures: Path) -> NotebookNode:
    """The notebook as it is stored: its own cells, with the outputs of the run made short."""
    notebook = nbformat.read(ROOT / "notebooks" / run.path.name, 4)
    ran = [cell for cell in run.notebook.cells if cell.id != INJECTED]
    count = 0
    for cell, done in zip(notebook.cells, ran, strict=True):
        if cell.cell_type == "code":
            count += 1
            outputs = (short for output in done.outputs for short in _short(output, figures))
            cell.update(execution_count=count, outputs=[_numbered(output, count) for output in outputs])
    return notebook


def without_pictures(notebook: NotebookNode) -> str:
    """All of a notebook but the bytes of its charts."""
    return re.sub(r'"image/png": "[^"]*"', '"image/png": ""', nbformat.writes(notebook))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        paths = copy_project(project)
        with fork_server(paths) as server:
            runs = run_notebooks(paths, parameters={}, server=server)
        for run in runs:
            if run.error:
                raise SystemExit(str(run.error))
            place = ROOT / "notebooks" / run.path.name
            made = with_outputs(run, project / "figures" / "sample")
            if without_pictures(made) != without_pictures(nbformat.read(place, 4)):
                place.write_text(nbformat.writes(made) + "\n", encoding="utf-8")
                print(f"{place.relative_to(ROOT)}: stored anew")


def _short(output: NotebookNode, figures: Path) -> Iterator[NotebookNode]:
    html = output.get("data", {}).get("text/html")
    if html is None:
        yield output
        return
    html = _STYLE.sub("", html)
    if (chart := _CHART.search(html)) and (name := output.metadata.get(DRAWN)):
        data = {"image/png": _picture(figures / f"{name}.png"), "text/plain": name}
        about = {"image/png": {"alt": unescape(chart[1])}}
        yield nbformat.v4.new_output("display_data", data, metadata=about)
        html = _CAPTION.sub("", html.replace(chart[0], ""))  # the picture has the caption in it
    html = _LONG.sub("", _TABLE.sub(_first_rows, html))
    plain = output.data["text/plain"].strip("\n").partition("\n")[0]  # all of it is in the HTML
    yield nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": plain})


def _first_rows(table: re.Match[str]) -> str:
    kind, head, body = table.groups()
    rows = body.split("</tr>")[:-1]
    most = EVIDENCE if kind != "<table" else ROWS
    if len(rows) <= most:
        return table[0]
    more = f"<p>The first {most} of {len(rows)} rows; run the notebook to see them all.</p>"
    return f"{kind}{head}<tbody>{'</tr>'.join(rows[:most])}</tr></tbody></table>{more}"


def _picture(path: Path) -> str:
    small = BytesIO()
    picture = Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return base64.b64encode(small.getvalue()).decode() + "\n"


def _numbered(output: NotebookNode, count: int) -> NotebookNode:
    return (
        NotebookNode(output | {"execution_count": count})
        if output.output_type == "execute_result"
        else output
    )


if __name__ == "__main__":
    main()
