"""The whole report in one document: every link leads to a place in it, and nothing in it has two meanings."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from analysis.publish.report import ArticlePage, write_report
from analysis.publish.run import Run, RunError


def run(name: str, source: str, *html: str, error: RunError | None = None) -> Run:
    outputs = [nbformat.v4.new_output("display_data", {"text/html": h}) for h in html]
    cells = [nbformat.v4.new_markdown_cell(source), nbformat.v4.new_code_cell("x", outputs=outputs)]
    return Run(Path(f"{name}.ipynb"), nbformat.v4.new_notebook(cells=cells), error, 0.0)


EVIDENCE = '<a data-page="articles/wire 1.html#s2">there</a> <a href="08-findings.ipynb#why">why</a> <a href="#who">who</a>'
ARTICLE = '<h1>Talks</h1><p><span id="s2" aria-describedby="s2 who">Two.</span> <a data-page="03-framing.ipynb">03</a></p>'


@pytest.fixture
def document(tmp_path: Path) -> str:
    stopped = RunError("03-framing.ipynb", 1, "x", "ValueError", "no")
    runs = [
        run("03-framing", "# 03 Framing\n\n## Who\n\n## Why", EVIDENCE, error=stopped),
        run("08-findings", "# 08 Findings\n\n## Why", '<a href="https://wire.example/#a">outside</a>'),
    ]
    pages = [ArticlePage("articles/wire 1.html", "Wire: Talks", ARTICLE)]
    write_report("talks", runs, tmp_path, title="The talks", articles=pages, single_file=True)
    return (tmp_path / "talks" / "talks-single.html").read_text(encoding="utf-8")


def ids(html: str) -> list[str]:
    return [unescape(i) for i in re.findall(r'<[^<>]* id="([^"]*)"', html)]


def links(html: str) -> list[str]:
    return [unescape(h) for h in re.findall(r'<a [^<>]*href="([^"]*)"', html)]


def test_every_link_leads_to_a_place_in_the_document_or_outside(document: str) -> None:
    inside = [link for link in links(document) if link.startswith("#")]
    assert [link for link in inside if unquote(link[1:]) not in ids(document)] == []
    assert [link for link in links(document) if link not in inside] == ["https://wire.example/#a"]
    (article,) = (i for i in ids(document) if i.startswith("articles/") and i.endswith(".html"))
    assert {f"#{article}:s2", "#index.html:why", "#03-framing.html:who"} <= set(links(document))


def test_no_two_pages_share_an_id(document: str) -> None:
    assert len(ids(document)) == len(set(ids(document)))
    assert {"03-framing.html:why", "index.html:why"} <= set(ids(document))


def test_what_describes_an_element_is_found_in_its_own_page(document: str) -> None:
    (said,) = re.findall(r'aria-describedby="([^"]*)"', document)
    assert all(word.startswith("articles/") for word in said.split()) and said.split()[0] in ids(document)


def test_a_page_that_is_not_complete_says_so_and_names_no_other_file(document: str) -> None:
    assert "03-framing.ipynb, code cell 1 (x): ValueError: no" in document
    assert "The notebook as far as it ran" not in document


def test_words_that_look_like_a_link_are_left_as_they_are(tmp_path: Path) -> None:
    words = '<p>id="x" href="08.html" &lt;a href="#y"&gt;</p>'
    write_report("talks", [run("08", "# 08", words)], tmp_path, single_file=True)
    assert words in (tmp_path / "talks" / "talks-single.html").read_text(encoding="utf-8")


def test_pages_lead_to_the_single_file_only_where_there_is_one(tmp_path: Path) -> None:
    for single_file in (True, False):
        write_report("talks", [run("08", "# 08")], tmp_path, single_file=single_file)
        page = (tmp_path / "talks" / "index.html").read_text(encoding="utf-8")
        assert ('href="talks-single.html"' in page) == single_file
        assert (tmp_path / "talks" / "talks-single.html").exists() == single_file
