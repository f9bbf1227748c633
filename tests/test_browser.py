"""A whole report of the sample study in headless Chromium: offline, silent, accessible, and usable by keyboard."""

from __future__ import annotations

import importlib.resources
import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from analysis import cli
from analysis.show.evidence import evidence
from analysis.show.report import ArticlePage, write_report
from analysis.show.run import Run, RunError
from analysis.show.words import Answer

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HARMLESS = "<img src=x onerror=\"document.title='ran'\"><b>bold</b>"


@pytest.fixture(scope="module")
def reports(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample, with one more article whose text, title and outlet are hostile."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(root / "notebooks", project / "notebooks")
    sample = project / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables", "coding"))
    (sample / "articles" / "odd <b>.txt").write_text(
        f"{HARMLESS}\n\nThe talks failed, said Mara {HARMLESS} Vale, a general. “{HARMLESS} We must stop the war,” she said.\n"
    )
    with (sample / "articles.csv").open("a") as metadata:
        quoted = HARMLESS.replace('"', '""')
        metadata.write(
            f'odd <b>,odd <b>.txt,"Wire {quoted}","{quoted}","{quoted}",2031-06,news,javascript:alert(1),en,x\n'
        )
    settings = sample / "study.yml"
    settings.write_text(settings.read_text() + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.delenv("MEDIA_ANALYSIS_ARTICLES", raising=False)
        assert cli.main(["report", "sample", "--jobs", "2"]) == 0
    return project / "reports"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium, which is not installed")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def pages(reports: Path) -> list[Path]:
    return [reports / "index.html", *sorted((reports / "sample").rglob("*.html"))]


def test_pages_open_from_the_file_system_silently(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    for path in pages(reports):
        page.goto(path.as_uri())
        assert page.title() != "ran", f"{path.name}: a text of the study ran as a script"
        assert page.locator("main").inner_text().strip()
    assert (said, asked) == ([], [])
    assert len(pages(reports)) >= 11
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(reports: Path, browser: Any, scheme: str) -> None:
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text()
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = []
    for path in pages(reports):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (path.name, v["id"], v["nodes"][0]["html"][:160], len(v["nodes"])) for v in result["violations"]
        ]
    context.close()
    assert found == []


def test_a_table_sorts_and_filters_by_keyboard(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "01-corpus.html").as_uri())
    table = page.locator("main table").filter(has_text="wire-1").first
    head = table.locator("th button").filter(has_text="sentences")
    head.focus()
    page.keyboard.press("Enter")
    column = [c.strip() for c in table.locator("thead th").all_inner_texts()].index("sentences")
    numbers = [int(r.split("\t")[column]) for r in table.locator("tbody tr").all_inner_texts()]
    assert numbers == sorted(numbers) and len(numbers) == 21
    page.get_by_label("Filter rows").first.focus()
    page.keyboard.type("clarion")
    assert table.locator("tbody tr:visible").count() == 5
    page.close()


def test_evidence_leads_to_the_sentence_in_its_article(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    page.locator("details.evidence > summary").first.focus()
    page.keyboard.press("Enter")
    row = page.locator("details.evidence tbody tr").filter(has_text="wire-").first
    sentence = row.locator("td.sentence").inner_text()
    row.locator("a").click()
    page.wait_for_url("**/articles/wire-*")
    target = page.locator(page.evaluate("'[id=\"' + location.hash.slice(1) + '\"]'"))
    assert sentence[:40] in target.inner_text()
    page.close()


def test_a_charts_numbers_come_as_a_csv_file(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    with page.expect_download() as download:
        page.get_by_role("link", name="Numbers as 03-frames.csv").click()
    assert download.value.suggested_filename == "03-frames.csv"
    numbers = reports.parent / "figures" / "sample" / "03-frames.csv"
    assert Path(download.value.path()).read_bytes() == numbers.read_bytes()
    page.close()


@pytest.mark.parametrize("width", [320, 550])  # 550: what is left of a laptop's width at 200 % zoom
def test_no_page_scrolls_sideways_on_a_small_screen(reports: Path, browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in pages(reports):
        page.goto(path.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{path.name} is {wide} pixels wider than its window"
    page.close()


def test_a_page_is_small_beside_its_pictures(reports: Path) -> None:

    for path in pages(reports):
        text = re.sub(r"data:image/[^\"]+", "", path.read_text(encoding="utf-8"))
        assert len(text.encode()) < 400_000, path.name


RUN = "document.title='ran'"
HOSTILE = [
    *(f"<{tag} {hook}={RUN}>" for tag in ("img src=x", "svg", "body", "video src=x", "details open", "input autofocus")
      for hook in ("onerror", "onload", "ontoggle", "onfocus")),
    *(f"{end}<script>{RUN}</script>" for end in ("", "</title>", "</style>", "</script>", "</textarea>", "-->", "]]>", "'>", '">', "</td></table>")),
    *(f'<a href="{scheme}{RUN}">x</a>' for scheme in ("javascript:", "JaVaScRiPt:", "\tjavascript:", "data:text/html,<script>", "vbscript:")),
    *(f"<{tag}>" for tag in ("iframe srcdoc='<script>parent.document.title=1</script>'", "object data=data:text/html,x", "embed src=x.swf",
      "base href=https://elsewhere.example/", "meta http-equiv=refresh content='0;url=https://elsewhere.example/'",
      "link rel=stylesheet href=https://elsewhere.example/x.css", "form action=https://elsewhere.example/><button>", "style>*{display:none}</style",
      "img src=https://elsewhere.example/x.png", "math><mi xlink:href=javascript:x>", "template><script>x</script></template",
      "plaintext", "xmp", "noscript><p title='</noscript><img src=x onerror=x>'", "table background=https://elsewhere.example/x.png")),
    "{{ 7 * 7 }}", "{% raw %}", "${alert(1)}", "$x$ <b>", "\\u003cscript\\u003e", "&lt;script&gt;x&lt;/script&gt;", "%3Cscript%3E",
    "\u202eevil\u202c", "[x](javascript:alert(1))", "![x](https://elsewhere.example/x.png)", "`<script>x</script>`", "<!-- --!><img src=x onerror=x>",
]  # fmt: skip


def test_hostile_text_runs_nothing_whichever_way_it_comes(tmp_path: Path, browser: Any) -> None:
    """As text that our code has escaped, and as markup that slipped through: markdown, HTML, tables, names, notes."""
    assert len(set(HOSTILE)) >= 60
    table = pd.DataFrame({"text": HOSTILE, "outlet": HOSTILE}, index=pd.Index(HOSTILE, name=HOSTILE[0]))
    hits = pd.DataFrame({"article_id": HOSTILE, "start": 0, "end": 4, "frame": HOSTILE, "indicator": HOSTILE})
    articles = pd.DataFrame({"article_id": HOSTILE, "outlet": HOSTILE, "text": HOSTILE})
    sentences = pd.DataFrame(
        {
            "sentence_id": [f"{h}:s1" for h in HOSTILE],
            "article_id": HOSTILE,
            "start": 0,
            "end": [len(h) for h in HOSTILE],
            "paragraph": 1,
        }
    )
    new_output, new_code_cell = nbformat.v4.new_output, nbformat.v4.new_code_cell
    shown = [
        table._repr_html_(),
        evidence(hits, articles, sentences, title=HOSTILE[0])._repr_html_(),
        *(Answer(h)._repr_html_() for h in HOSTILE),
        *HOSTILE,
    ]
    outputs = [new_output("display_data", {"text/html": html}) for html in shown]
    outputs += [new_output("display_data", {"text/markdown": h}) for h in HOSTILE]
    outputs += [new_output("display_data", {"text/plain": h}) for h in HOSTILE]
    outputs += [new_output("stream", text="\n".join(HOSTILE))]
    outputs += [new_output("error", ename=HOSTILE[0], evalue=HOSTILE[1], traceback=HOSTILE)]
    cells = [nbformat.v4.new_markdown_cell(f"# {HOSTILE[1]}: {HOSTILE[2]}")]
    cells += [nbformat.v4.new_markdown_cell(f"## {h}\n\n{h}") for h in HOSTILE]
    cells += [new_code_cell("\n".join(f"# {h}" for h in HOSTILE), outputs=outputs)]
    error = RunError("01.ipynb", 1, HOSTILE[0], HOSTILE[1], HOSTILE[2])
    runs = [Run(Path("01.ipynb"), nbformat.v4.new_notebook(cells=cells), error, 0.0)]
    pages = [ArticlePage(f"articles/{h}.html", h, f"<h1>{escape(h)}</h1>{h}") for h in HOSTILE[:8]]
    said = " ".join(HOSTILE)
    first = write_report(
        "odd", runs, tmp_path, title=said, notice=said, provenance={said: said}, articles=pages
    )

    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    for path in [first, tmp_path / "index.html", *(first.parent / "articles").iterdir()]:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        schemes = set(page.evaluate("[...document.links].map(link => link.protocol)"))
        assert schemes <= {"file:", "http:", "https:", "mailto:"}
        assert page.title() != "ran" and page.url == path.as_uri()
        assert page.locator("iframe, object, embed, form, base, main script, main style").count() == 0
    assert (asked, complaints) == ([], [])
    page.close()
