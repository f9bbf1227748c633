"""`report --excerpts`: what a report quotes of a sentence is short, whatever way it took."""

from __future__ import annotations

import base64
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cli import main
from analysis.publish.excerpt_check import require_excerpts
from analysis.show.evidence import evidence
from analysis.show.excerpts import excerpt
from analysis.study import StudyError

TEXT = "One two three four five six seven eight nine ten."


def shown(limit: int | None) -> str:
    start, end = excerpt(TEXT, 0, len(TEXT), limit)
    return TEXT[start:end]


def test_the_first_words_of_a_sentence_are_quoted_and_no_others() -> None:
    assert shown(4) == "One two three four"
    assert shown(None) == shown(10) == TEXT


@given(st.text(), st.integers(1, 12))
def test_no_more_words_than_the_limit_are_quoted(text: str, limit: int) -> None:
    start, end = excerpt(text, 0, len(text), limit)
    assert 0 <= start <= end <= len(text)
    assert len(re.findall(r"\w+", text[start:end])) <= limit


def test_evidence_keeps_the_marks_and_says_that_it_is_cut() -> None:
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["Wire"], "text": [TEXT]})
    sentences = pd.DataFrame(
        {"sentence_id": ["a:s1"], "article_id": "a", "start": 0, "end": len(TEXT), "paragraph": 1}
    )
    hits = pd.DataFrame({"article_id": "a", "start": [4, 45], "end": [7, 48], "frame": "x"})
    cut = evidence(hits, articles, sentences, title="Frames", limit=4)
    assert cut.sentences == ["One <mark>two</mark> three four …"]
    assert cut.table["sentence"].tolist() == ["One two three four …"]
    assert "Frames, at most 4 words of each sentence" in cut._repr_html_()


WORDS = " ".join(f"word{n}" for n in range(40))
HIDDEN = [
    f"<p>{WORDS.replace('word9', 'wo<mark>rd9</mark>').upper()}</p>",
    f'<img alt="{WORDS}">',
    f'<a href="data:text/csv;charset=utf-8,{WORDS.replace(" ", "%20")}">numbers</a>',
    f'<img src="data:image/svg+xml;base64,{base64.b64encode(WORDS.encode()).decode()}">',
    "<p>" + "</b> <b>".join(WORDS.split()) + "</p>",
]


@pytest.mark.parametrize("html", HIDDEN)
def test_a_page_that_quotes_more_is_refused_wherever_it_does(tmp_path: Path, html: str) -> None:
    articles = pd.DataFrame({"article_id": ["a"], "text": [f"Before. {WORDS} After."]})
    (tmp_path / "01.html").write_text(html)
    with pytest.raises(StudyError, match=r"01.html: quotes more than 25 words"):
        require_excerpts(tmp_path, articles, 25)
    require_excerpts(tmp_path, articles, 40)


def test_an_outlets_name_in_a_cell_of_its_own_is_no_part_of_what_it_says(tmp_path: Path) -> None:
    articles = pd.DataFrame({"article_id": ["a"], "text": [f"The Daily Wire: {WORDS}"]})
    short = " ".join(WORDS.split()[:25])
    (tmp_path / "01.html").write_text(f"<td>The Daily Wire</td><td>{short}</td>")
    require_excerpts(tmp_path, articles, 25)


# The whole report ---------------------------------------------------------------------------------------------

PASSAGE = (
    "The envoys of both sides, tired after nine days of talks in the old customs house above the harbour, agreed on "
    "Friday that the prisoners of the first winter should go home before the snow came, whatever else was settled."
)


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, with a passage of more than 26 words that two outlets share and one of them puts into quotes."""
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    sample = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables"))
    for name, words in (("wire-1", PASSAGE), ("voice-1", f'"{PASSAGE}" Ilka Morvane said.')):
        with (sample / "articles" / f"{name}.txt").open("a") as article:
            article.write(f"\n\n{words}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for _, value in attrs:
            if value and (data := re.match(r"data:[^,]*;base64,(.*)", value, re.S)):
                value = base64.b64decode(data[1]).decode("utf-8", errors="replace")
            self.pieces.append(f" {value} ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def said(path: Path) -> list[str]:
    """All words of a file, between tags, in attributes and in the data that they hold."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix in (".html", ".svg"):
        parser = Text()
        parser.feed(text)
        text = " ".join(parser.pieces) + " ".join(["", *re.findall(r">([^<]*)<", text)])
    return re.findall(r"\w+", text.casefold())


def quoted(files: list[Path], articles: Path, length: int) -> list[str]:
    """The files that hold as many words in a row of an article."""
    known: set[tuple[str, ...]] = set()
    for article in articles.glob("*.txt"):
        words = said(article)
        known.update(tuple(words[n : n + length]) for n in range(len(words) - length + 1))
    return [
        path.name
        for path in files
        for words in [said(path)]
        if any(tuple(words[n : n + length]) in known for n in range(len(words) - length + 1))
    ]


@pytest.mark.slow
def test_no_file_quotes_more_than_the_limit(project: Path) -> None:
    articles = project / "data" / "sample" / "articles"
    for notebook in (project / "notebooks").glob("*.ipynb"):
        if notebook.name[:2] not in ("03", "07", "08"):  # evidence, side by side, the front page
            notebook.unlink()
    assert main(["report", "sample", "--excerpts", "25", "--single-file", "--jobs", "2"]) == 0
    files = [p for folder in ("reports", "figures") for p in (project / folder).rglob("*") if p.is_file()]
    assert {p.suffix for p in files} >= {".html", ".json", ".csv", ".svg", ".txt"}
    assert quoted(files, articles, 26) == []
    assert {"03-framing.html", "sample-excerpts-single.html"} <= set(quoted(files, articles, 20))
    framing = (project / "reports" / "sample-excerpts" / "03-framing.html").read_text(encoding="utf-8")
    assert "at most 25 words of each sentence" in framing
    assert not (project / "reports" / "sample-excerpts" / "articles").exists() and "articles/" not in framing
    more = project / "more.html"
    more.write_text(framing.replace("</main>", f"<p><mark>The envoys</mark>{PASSAGE[10:]}</p></main>"))
    assert quoted([more], articles, 26) == ["more.html"]


@pytest.mark.slow
def test_a_notebook_that_shows_texts_is_refused_and_the_old_report_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [
        nbformat.v4.new_code_cell('STUDY = "sample"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "import analysis\nprint(analysis.open_study(STUDY).articles.text[0])\n1 / 0"
        ),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / "09-leak.ipynb")
    old = project / "reports" / "sample-only-09"
    old.mkdir(parents=True)
    (old / "index.html").write_text("the old report")
    assert main(["report", "sample", "--excerpts", "25", "--only", "09"]) == 2
    told = capsys.readouterr().err
    assert "index.html: quotes more than 25 words" in told and "09-leak.ipynb: quotes more than" in told
    assert [p.name for p in old.iterdir()] == ["index.html"]
    assert (old / "index.html").read_text() == "the old report"
    assert json.loads((project / "notebooks" / "09-leak.ipynb").read_text())["cells"]
