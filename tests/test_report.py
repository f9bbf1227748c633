"""Pages of a report, made from notebooks that have run. The notebooks here are built by hand."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import nbformat
import pytest

from analysis.publish import report
from analysis.publish.markup import Cleaner
from analysis.publish.provenance import RECORD, crate
from analysis.publish.report import ArticlePage, write_contents, write_report
from analysis.publish.run import Run, RunError
from analysis.show.wording import UNASKED, Answer, Heading

STOPPED = RunError("01-corpus.ipynb", 1, "fail()", "ValueError", "no")


def run(name: str, *cells: nbformat.NotebookNode, error: RunError | None = None) -> Run:
    return Run(Path(f"{name}.ipynb"), nbformat.v4.new_notebook(cells=list(cells)), error, 0.0)


def words(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text)


def code(source: str, *html: str) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", {"text/html": h}) for h in html]
    return nbformat.v4.new_code_cell(source, outputs=outputs)


@pytest.fixture
def runs() -> list[Run]:
    return [
        run("01-corpus", words("# 01 Corpus\n\n## Which?"), code("x = 1", "<p class='answer'>Five.</p>")),
        run(
            "08-findings",
            words("# 08 Findings"),
            code("y = 2", "<table><tr><th></th><th>n</th></tr></table>"),
        ),
    ]


def page(out: Path, name: str) -> str:
    return (out / "talks" / name).read_text(encoding="utf-8")


def test_the_last_notebook_is_the_first_page_and_all_are_linked(runs: list[Run], tmp_path: Path) -> None:
    first = write_report("talks", runs, tmp_path, title="The talks")
    assert first == tmp_path / "talks" / "index.html"
    assert "<h1" in page(tmp_path, "index.html") and "08 Findings" in page(tmp_path, "index.html")
    assert 'rel="next" href="01-corpus.html"' in page(tmp_path, "index.html")
    assert 'rel="prev" href="index.html"' in page(tmp_path, "01-corpus.html")
    contents = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "The talks" in contents and "in talks/" not in contents
    write_report("talks-excerpts", runs, tmp_path, title="The talks")
    contents = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "in talks/" in contents and "in talks-excerpts/" in contents  # two of one title


def test_the_findings_are_the_first_page_whichever_notebooks_follow(tmp_path: Path) -> None:
    write_report(
        "talks", [run("08-findings", words("# 08 Findings")), run("09-more", words("# 09 More"))], tmp_path
    )
    assert "08 Findings</h1>" in page(tmp_path, "index.html") and "09 More</h1>" in page(
        tmp_path, "09-more.html"
    )


def test_the_code_is_there_but_folded_away(runs: list[Run], tmp_path: Path) -> None:
    write_report("talks", runs, tmp_path)
    assert re.search(
        r'<details class="code"><summary>Code</summary>.*x.*=.*1', page(tmp_path, "01-corpus.html"), re.S
    )


def test_notice_and_provenance_stand_on_every_page(runs: list[Run], tmp_path: Path) -> None:
    write_report("talks", runs, tmp_path, notice="All <invented>.", provenance={"Codebook": "ten & two"})
    for name in ("index.html", "01-corpus.html"):
        assert "All &lt;invented&gt;." in page(tmp_path, name)
        assert "ten &amp; two" in page(tmp_path, name)


def test_a_notebook_that_failed_says_so_and_the_others_are_whole(runs: list[Run], tmp_path: Path) -> None:
    traceback = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
    cell = nbformat.v4.new_code_cell("fail()", outputs=[traceback])
    failed = run("01-corpus", words("# 01 Corpus"), cell, error=STOPPED)
    write_report("talks", [failed, runs[1]], tmp_path)
    assert "01-corpus.ipynb, code cell 1 (fail()): ValueError: no" in page(tmp_path, "01-corpus.html")
    assert (tmp_path / "talks" / "01-corpus.ipynb").exists()
    assert "not complete" in page(tmp_path, "index.html")


def test_a_report_that_is_not_complete_lies_beside_a_complete_one_until_there_is_a_new_one(
    runs: list[Run], tmp_path: Path
) -> None:
    failed = [replace(runs[0], error=STOPPED), runs[1]]
    beside = tmp_path / "talks-not-complete"
    write_report("talks", failed, tmp_path)
    assert write_report("talks", failed, tmp_path).parent == tmp_path / "talks", "no complete one is there"
    write_report("talks", runs, tmp_path)
    complete = {path.name: path.read_bytes() for path in (tmp_path / "talks").iterdir()}
    assert write_report("talks", failed, tmp_path) == beside / "index.html"
    assert {path.name: path.read_bytes() for path in (tmp_path / "talks").iterdir()} == complete
    assert "1 of 2 pages not complete" in (tmp_path / "index.html").read_text(encoding="utf-8")
    write_report("talks", runs, tmp_path)
    assert not beside.exists()


def test_an_interrupted_run_leaves_the_old_report_whole(
    runs: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report("talks", runs, tmp_path)
    before = {p.name: p.read_bytes() for p in (tmp_path / "talks").iterdir()}

    def stop(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        write_report("talks", runs[:1], tmp_path)
    assert {p.name: p.read_bytes() for p in (tmp_path / "talks").iterdir()} == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_the_same_notebooks_give_the_same_bytes(runs: list[Run], tmp_path: Path) -> None:
    for out in (tmp_path / "a", tmp_path / "b"):
        write_report("talks", runs, out, provenance={"Made with": "x"})
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert [f for f in files if (tmp_path / "a" / f).read_bytes() != (tmp_path / "b" / f).read_bytes()] == []


def test_pages_load_nothing_and_run_only_their_own_script(runs: list[Run], tmp_path: Path) -> None:
    write_report("talks", runs, tmp_path)
    html = page(tmp_path, "01-corpus.html")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html).group(1)
    policy = unescape(policy)
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []
    assert len(html) < 100_000


def test_article_pages_are_linked_from_their_evidence(runs: list[Run], tmp_path: Path) -> None:
    linked = run(
        "03",
        words("# 03"),
        code("", '<a data-page="articles/a.html#s1">a</a> <a data-page="articles/b.html">b</a>'),
    )
    article = ArticlePage("articles/a.html", "Wire: a", "<h1>A</h1><p id='s1'>Words.</p>")
    write_report("talks", [linked, *runs], tmp_path, articles=[article])
    html = page(tmp_path, "03.html")
    assert 'href="articles/a.html#s1"' in html
    assert "articles/b.html" not in html  # a page that this report does not have
    assert "<h1" in page(tmp_path, "articles/a.html")


class Seen(HTMLParser):
    """Tags and attributes that a browser would act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


ACTIVE = (
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "link",
    "meta",
    "svg",
    "math",
    "video",
)
HOOKS = ("onerror", "onload", "onclick", "style", "formaction", "srcdoc")
SCHEMES = (
    "javascript:x",
    "JaVaScRiPt:x",
    " javascript:x",
    "data:text/html,x",
    "vbscript:x",
    "//elsewhere.example/x",
)
HOSTILE = [
    *(f"<{tag}>x</{tag}>" for tag in ACTIVE),
    *(f"<{tag}/src=x {hook}=x>" for tag, hook in product(("img", "p", "details"), HOOKS)),
    *(f'<a href="{scheme}">x</a>' for scheme in SCHEMES),
    *(f'<img src="{scheme}">' for scheme in (*SCHEMES, "https://elsewhere.example/x.png")),
    *(
        f"<{a}><{b}>x"
        for a, b in product(("table", "select", "noscript", "template"), ("script", "style", "svg"))
    ),
    *(
        "<scr<script>ipt>x",
        "<<script>x",
        "<!--><script>x-->",
        "<p title='\"><script>x'>",
        "<script",
        "</title><script>x",
    ),
]


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_made_inert(html: str) -> None:
    seen = Seen()
    seen.feed(Cleaner().clean(html))
    assert seen.tags.isdisjoint(ACTIVE)
    assert [n for n, _ in seen.attributes if n.startswith("on") or n in HOOKS] == []
    reaching = [
        v
        for n, v in seen.attributes
        if n in ("href", "src") and re.match(r"(?i)\s*(javascript|vbscript|data:text/html|//)", v)
    ]
    assert reaching == []
    assert not any(n == "src" and not v.startswith("data:image/") for n, v in seen.attributes)


def test_there_are_sixty_hostile_pieces_or_more() -> None:
    assert len(set(HOSTILE)) >= 60


def test_tables_get_captions_scopes_and_no_empty_head() -> None:
    html = Cleaner().clean(
        "<h2>Frames</h2><table><thead><tr><th></th><th>n</th></tr></thead><tr><th>a</th><td>1</td></tr></table>"
    )
    assert "<caption" in html and 'scope="col"' in html and 'scope="row"' in html
    assert "<th></th>" not in html


def test_a_picture_always_has_words() -> None:
    html = Cleaner().clean("<h2>Frames</h2><img src='data:image/png;base64,AAAA'>")
    assert 'alt="Chart in the section “Frames”"' in html


def test_a_title_is_a_topic_and_a_question(runs: list[Run], tmp_path: Path) -> None:
    asked = run("03-framing", words("# 03 Framing: what is it about?"))
    write_report("talks", [asked, *runs], tmp_path)
    html = page(tmp_path, "03-framing.html")
    assert '<span class="question">what is it about?</span>' in html
    assert "<title>03 Framing · talks</title>" in html
    assert ">03 Framing</a>" in page(tmp_path, "index.html")


def test_code_without_outputs_is_shown_with_the_next_that_has_some(tmp_path: Path) -> None:
    notebook = run(
        "01", words("# 01"), code("first = 1"), words("## Then"), code("second = 2", "<p>Two.</p>")
    )
    write_report("talks", [notebook], tmp_path)
    assert page(tmp_path, "index.html").count("<summary>Code</summary>") == 1


def test_a_section_of_which_the_study_asks_nothing_is_no_section_of_the_page(tmp_path: Path) -> None:
    unasked, none = Answer("Not asked.", kind=UNASKED)._repr_html_(), '<p class="empty">Positions: none.</p>'
    notebook = run(
        "05",
        words("# 05"),
        code("a", unasked),
        *(words("## Who holds it?"), code("b", unasked), code("c", "", none), words("**Note:** of holders.")),
        *(words("## What else?"), code("d", unasked), code("e", "<p class='answer'>Five.</p>")),
    )
    write_report("talks", [notebook], tmp_path)
    html = page(tmp_path, "index.html")
    assert "Not asked." in html and "Who holds it?" not in html and "of holders" not in html
    assert "What else?" in html and "Five." in html
    write_report("talks", [run("05", words("# 05"), words("## Who?"), code("b", none))], tmp_path)
    assert "Who?" in page(tmp_path, "index.html")


def test_the_notice_of_the_study_is_not_said_twice(tmp_path: Path) -> None:
    said = Heading("Talks", "2 articles", "Texts & more are missing.")._repr_html_()
    other = '<p class="notice" role="note">No chart.</p>'
    write_report("talks", [run("01", code("", said, other))], tmp_path, notice="Texts & more are missing.")
    html = page(tmp_path, "index.html")
    assert html.count("Texts &amp; more are missing.") == 1
    assert "No chart." in html


@pytest.mark.parametrize("name", ["../../up", "a/b", "a b", "a#b", "a%2e", ".hidden", "ä<b>", "c:\\d"])
def test_an_articles_page_stays_in_the_report_and_is_linked_whatever_its_name(
    runs: list[Run], tmp_path: Path, name: str
) -> None:
    file = f"articles/{name}.html"
    linked = run("03", code("", f'<a data-page="{escape(file)}#s1">here</a>'))
    write_report("talks", [linked, *runs], tmp_path / "out", articles=[ArticlePage(file, name, "<h1>A</h1>")])
    (written,) = (tmp_path / "out" / "talks" / "articles").iterdir()
    assert f'<a href="articles/{written.name}#s1">here</a>' in page(tmp_path / "out", "03.html")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert re.fullmatch(r"[\w.-]+", written.name)


def test_addresses_in_a_notice_are_links_without_the_marks_around_them(
    runs: list[Run], tmp_path: Path
) -> None:
    notice = "Missing: Wire (https://a.example/x?p=1&q=2); Herald (https://b.example/y-z). <b>"
    write_report("talks", runs, tmp_path, notice=notice)
    html = page(tmp_path, "index.html")
    assert 'href="https://a.example/x?p=1&amp;q=2"' in html and 'href="https://b.example/y-z"' in html
    assert "); Herald (" in html and "). &lt;b&gt;" in html


def test_pages_do_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    runs = [run("08-findings", words("# 08 Findings"))]

    def made(n: int) -> dict[str, int]:
        articles = [
            ArticlePage(f"articles/{i:04}.html", f"Wire: {i:04}", "<h1>A</h1>", "Wire") for i in range(n)
        ]
        write_report("talks", runs, tmp_path / str(n), articles=articles)
        folder = tmp_path / str(n) / "talks"
        return {name: len((folder / name).read_bytes()) for name in ("index.html", "articles/0007.html")}

    few, many = made(report.FEW_ARTICLES), made(report.FEW_ARTICLES + 1)
    assert many["index.html"] < few["index.html"]
    assert {name: size + 1 for name, size in many.items()} == made(100), "(100) has a digit more than (41)"
    listed = (tmp_path / "100" / "talks" / "articles.html").read_text(encoding="utf-8")
    assert listed.count('href="articles/') == 100 and ">Wire</span></td>" in listed
    assert 'href="../articles.html">The articles (100)' in (
        tmp_path / "100" / "talks" / "articles" / "0007.html"
    ).read_text(encoding="utf-8")
    assert (tmp_path / "100" / "talks" / "style.css").exists()


def test_the_list_of_reports_says_what_each_asks_and_folds_its_notice_with_links(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    said = {
        "title": "Talks",
        "summary": "Who? 2 articles.",
        "notice": "Some are missing. At https://a.example/1",
    }
    record = crate(tmp_path / "talks", **said, command="", inputs=[], runs=[])
    (tmp_path / "talks" / RECORD).write_text(record)
    html = write_contents(tmp_path).read_text("utf-8")
    assert "<p>Who? 2 articles.</p><details><summary>Some are missing.</summary>" in html
    assert '<a href="https://a.example/1" rel="noopener noreferrer">' in html
