"""Hostile words of a study stay words, whichever way they come into its report: nothing runs, nothing is sent."""

from __future__ import annotations

import csv
import shutil
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import yaml

from analysis.cli import main
from analysis.publish.report import ArticlePage, write_report
from analysis.publish.run import Run, RunError
from analysis.read.articles import KEPT
from analysis.show.evidence import evidence
from analysis.show.wording import Answer

pytestmark = [pytest.mark.slow, pytest.mark.browser]
RUN = "alert(window.__ran=1)"
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
        assert page.evaluate("window.__ran") is None and page.url == path.as_uri()
        assert page.locator("iframe, object, embed, form, base, main script, main style").count() == 0
    assert (asked, complaints) == ([], [])
    page.close()


# A whole study -------------------------------------------------------------------------------------------------

GROUPS = 8  # outlets and frames, each named after several payloads: what runs alone runs among others
WAYS = [
    *HOSTILE[:24:3],
    *HOSTILE[24:],
]  # each tag and each event once: long names take their time to be drawn


def shared_out(number: int) -> str:
    return " ".join(WAYS[number::GROUPS])


def rows(path: Path, columns: list[str], values: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *values])


def write_study(folder: Path) -> None:
    """A study in which every payload stands in every place that a user, or the author of an article, can write to."""
    for part in ("articles", "codebook", "coding"):
        (folder / part).mkdir(parents=True)
    metadata: list[list[object]] = []
    for n, payload in enumerate(WAYS):
        name = f"{n:02} {payload.replace('/', '|').strip()[:90]}{KEPT}"
        text = (
            f"{payload} and the talks\n\nBy {payload}\n\nThe talks on peace failed, said Mara {payload} Vale, a general of the army.\n"
            f"“{payload} We must stop the war and the deal,” said Ilka Morvane, the president of {payload}. {payload}\n"
        )
        (folder / "articles" / name).write_text(text, encoding="utf-8")
        outlet = f"Outlet {n % GROUPS} {shared_out(n % GROUPS)}"
        metadata.append([name, outlet, payload, payload, "2031-06", payload, payload, "en", payload])
    columns = ["file", "outlet", "title", "author", "published", "genre", "url", "language", "note"]
    rows(folder / "articles.csv", columns, metadata)
    words = ["talks", "peace", "war", "deal", "stop", "failed", "general", "president"]
    frames = {
        f"code{n} {shared_out(n)}": {
            "name": f"Frame {n} {shared_out(n)}", "definition": shared_out(n), "counts": shared_out(n), "indicators": [word],
        }
        for n, word in enumerate(words)
    }  # fmt: skip
    named = {"name": shared_out(1), "definition": shared_out(2), "about": ["talks"]}
    positions = {"favourable": ["peace"], "unfavourable": ["failed", "stop"]}
    role = {"name": shared_out(3), "definition": shared_out(4), "indicators": ["general", "president"]}
    files: dict[str, Any] = {
        "frames": {"frames": frames},
        "stance": {"extends": "general", "targets": {"negotiations": {**named, "positions": positions}, HOSTILE[0]: named}},
        "sources": {"extends": "general", "roles": {HOSTILE[1]: role}, "sides": {HOSTILE[2]: role}},
    }  # fmt: skip
    for name, content in files.items():
        (folder / "codebook" / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    said = " ".join(WAYS)
    settings = {"title": said, "question": said, "notice": said}
    (folder / "study.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    ids = [Path(str(row[0])).stem for row in metadata]
    coded = [[a, f"{a}-{h}", 0, 100, f"code0 {shared_out(0)}", "negative"] for a, h in zip(ids, WAYS, strict=True)]  # fmt: skip
    rows(
        folder / "coding" / "sentences.csv",
        ["article_id", "sentence", "start", "end", "frames", "sentiment"],
        coded,
    )
    columns = ["article_id", "start", "end", "form", "speaker_start", "speaker_end", "speaker", "speaker_name", "role", "side", "named", "expert", "cue"]  # fmt: skip
    quotes = [[a, 60, 90, "direct", 30, 50, h, h, h, h, "yes", "no", h] for a, h in zip(ids, WAYS, strict=True)]  # fmt: skip
    rows(folder / "coding" / "quotes.csv", columns, quotes)
    rows(folder / "coding" / f"{HOSTILE[3].replace('/', '|')}.csv", ["x"], [[h] for h in WAYS])


def test_a_hostile_study_runs_nothing_and_sends_nothing(
    root: Path, tmp_path: Path, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(tmp_path / "data" / "odd <b>")
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    assert main(["report", "odd <b>", "--single-file", "--jobs", "2"]) == 0
    pages = sorted((tmp_path / "reports").rglob("*.html"))
    assert (
        len(pages) == 1 + 8 + 1 + len(WAYS) + GROUPS + 1
    )  # reports, notebooks, articles, each of them, each outlet, all in one file

    context = browser.new_context()
    asked: list[str] = []
    said: list[str] = []
    shown: dict[str, str] = {}

    def stop(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:")), stop)
    page = context.new_page()
    page.on("dialog", lambda d: (said.append(f"dialog: {d.message}"), d.dismiss()))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("window.__ran") is None, path.name
        assert page.url == path.as_uri()
        assert set(page.evaluate("[...document.links].map(a => a.protocol)")) <= {
            "file:",
            "data:",
            "http:",
            "https:",
        }
        assert (
            page.locator(
                "iframe, object, embed, form, base, main script, main style, "
                "main svg foreignObject, main svg image, main svg use, main svg script, main svg style"
            ).count()
            == 0
        )
        assert (
            page.evaluate(  # charts are drawn as SVG by ours; nothing in one acts by itself
                "[...document.querySelectorAll('main svg, main svg *')]"
                ".flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
            )
            == []
        )
        shown[path.parent.name] = shown.get(path.parent.name, "") + page.locator("body").text_content()
    assert (said, asked) == ([], [])
    for where in ("articles", "odd <b>"):  # they were there, as text
        words = " ".join(shown[where].split())
        assert [payload for payload in WAYS if " ".join(payload.split()) not in words] == []
    context.close()
