"""What must never be in the repository: other people's texts, outputs of notebooks, anything large."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nbformat
import pytest

from analysis.study import load_metadata


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files belong to the repository")
    return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]


def notebooks(root: Path) -> list[Path]:
    return sorted((root / "notebooks").glob("*.ipynb"))


def test_notebooks_are_kept_without_outputs(root: Path) -> None:
    assert len(notebooks(root)) == 8
    for path in notebooks(root):
        for cell in nbformat.read(path, 4).cells:
            assert not cell.get("outputs") and cell.get("execution_count") is None, (
                f"{path.name}: run nbstripout"
            )


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
