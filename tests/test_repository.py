"""What must never be in the repository: other people's texts, also in outputs of notebooks, and anything large."""

from __future__ import annotations

import re
import subprocess
from html import unescape
from pathlib import Path
from statistics import median

import nbformat
import pytest

import make_notebooks
from analysis.study import load_metadata, load_settings


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files belong to the repository")
    return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]


def notebooks(root: Path) -> list[Path]:
    return sorted((root / "notebooks").glob("*.ipynb"))


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def shown(path: Path) -> str:
    """The HTML of a notebook's outputs."""
    outputs = (output for cell in code_cells(path) for output in cell.outputs)
    return "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_notebooks_are_stored_with_all_outputs_of_the_sample_study(root: Path) -> None:
    assert len(notebooks(root)) == 8
    title = load_settings(root / "data" / "sample").title
    for path in notebooks(root):
        counts = [cell.execution_count for cell in code_cells(path)]
        assert counts == list(range(1, len(counts) + 1)), f"{path.name}: run `make notebooks`"
        assert f"<b>{title}</b>" in shown(path) and "STUDY = None" in code_cells(path)[0].source
        kinds = {output.output_type for cell in code_cells(path) for output in cell.outputs}
        assert kinds <= {"display_data", "execute_result"}, f"{path.name}: run `make notebooks`"


def test_every_sentence_in_a_stored_notebook_is_of_an_invented_article(root: Path) -> None:
    texts = [p.read_text(encoding="utf-8") for p in (root / "data" / "sample" / "articles").glob("*.txt")]
    invented = " ".join(" ".join(text.split()) for text in texts)
    found = [
        plain(html).removesuffix(" …").strip("“”")
        for path in notebooks(root)
        for html in re.findall(r'<td class="sentence">(.*?)</td>|<blockquote>.*?<p>(“.*?”)</p>', shown(path))
        for html in html
        if html
    ]
    assert len(found) > 100
    assert [sentence for sentence in found if sentence not in invented] == []


def test_the_stored_notebooks_are_small(root: Path) -> None:
    for path in notebooks(root):
        for table in re.findall(r'<details class="evidence".*?</table>', shown(path), re.DOTALL):
            assert table.count('<td class="sentence">') <= make_notebooks.EVIDENCE, path.name
    assert sum(path.stat().st_size for path in notebooks(root)) < 3_000_000


def test_notebooks_import_the_package_alone_and_ask_in_short_cells(root: Path) -> None:
    sources = [cell.source for path in notebooks(root) for cell in code_cells(path)]
    imported = {line for source in sources for line in source.splitlines() if re.match(r"import|from", line)}
    assert imported == {"import analysis"}
    assert not any("# fmt" in source or "lead(" in source for source in sources)
    assert median(len(source.splitlines()) for source in sources) <= 3


def test_a_notebook_opens_with_its_finding_and_a_quotation_and_ends_with_what_was_checked(root: Path) -> None:
    for path in notebooks(root):
        before = shown(path).partition("<blockquote>")[0]
        first = "headline" if "findings" in path.name else "answer"
        assert before.count('class="answer"') + before.count('class="headline"') == 1, path.name
        assert f'class="{first}"' in before and '<figure class="chart"' not in before, path.name
        *_, heading, last = nbformat.read(path, 4).cells
        assert heading.source == "## What was checked" and last.source.endswith(".checked()"), path.name


def test_notebooks_define_no_functions_and_take_the_study_by_one_variable(root: Path) -> None:
    for path in notebooks(root):
        code = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        assert code[0].metadata.get("tags") == ["parameters"]
        assert re.search(r"^STUDY = ", code[0].source, re.M)
        assert not any(re.search(r"^\s*(def|class|lambda) ", c.source, re.M) for c in code), path.name


def test_every_section_of_a_notebook_answers_before_it_shows(root: Path) -> None:
    for path in notebooks(root):
        cells = nbformat.read(path, 4).cells
        questions = [
            c.source
            for c in cells
            if c.cell_type == "markdown" and c.source.startswith("## ") and "?" in c.source.splitlines()[0]
        ]
        answers = [c for c in cells if c.cell_type == "code" and ".answer(" in c.source]
        assert len(answers) >= len(questions) > 0, path.name


def test_no_sentence_of_the_five_articles_is_in_the_repository(
    root: Path, tracked: list[Path], shared: Path
) -> None:
    sentences = {
        words
        for path in (shared / "us-russia-talks" / "articles").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        for words in runs_of_words(line, 14)
    }
    sentences -= runs_of_words(
        " ".join(load_metadata(root / "data/us-russia-talks/articles.csv").title.dropna()), 14
    )
    for path in tracked:
        if path.suffix in (".png", ".parquet"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = sentences.intersection(runs_of_words(text, 14))
        assert not found, f"{path.name} holds a sentence of an article: {min(found)!r}"


def runs_of_words(text: str, n: int) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + n]) for i in range(len(words) - n + 1)}


def test_no_file_is_large(tracked: list[Path]) -> None:
    assert [p.name for p in tracked if p.stat().st_size > 1_500_000] == []


def test_texts_of_real_studies_are_ignored_by_git(root: Path) -> None:
    path = "data/us-russia-talks/articles/any.txt"
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=root).returncode in (0, 128)


def test_every_section_that_asks_names_its_caveat(root: Path) -> None:
    for path in notebooks(root):
        text = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
        sections = re.split(r"(?m)^## ", text)[1:]
        silent = [
            s.splitlines()[0] for s in sections if s.splitlines()[0].endswith("?") and "**Note:**" not in s
        ]
        assert silent == [], path.name
