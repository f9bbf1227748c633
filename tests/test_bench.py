"""`make bench` compares with textacy where it is installed, and says so in one line where it is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# What stands in for the two: spaCy's document is the text, and textacy refuses unpaired marks as the real one does.
STAND_INS = {
    "spacy.py": "def load(name, exclude):\n    return lambda text: text\n",
    "textacy/__init__.py": "",
    "textacy/extract/__init__.py": "",
    "textacy/extract/triples.py": """
def direct_quotations(doc):
    if doc.count('"') % 2:
        raise ValueError("an unclosed quotation")
    yield from doc.split('"')[1::2]
""",
}
ABSENT = {"spacy.py": "raise ImportError(\"No module named 'spacy'\")\n"}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(
        '"We will talk to them again," said Ilka Morvane. She said that Varnia was ready.\n'
    )
    (folder / "b.txt").write_text('"The road is open and will stay open, said Tomas Brell.\n')
    return folder


def bench(root: Path, articles: Path, modules: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    """The lines printed and the figures on the last one, with these modules first on the path."""
    folder = articles.parent / "modules"
    for name, content in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    path = os.pathsep.join([str(folder), str(root / "src")])
    done = subprocess.run(
        [sys.executable, root / "tests/bench/bench_quotes.py", articles, "--rounds", "1"],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    return lines, json.loads(last)


def test_without_textacy_it_prints_ours_and_one_line_on_what_is_missing(root: Path, articles: Path) -> None:
    (ours, missing), figures = bench(root, articles, ABSENT)
    assert ours.startswith("ours: ") and ours.endswith("0 of 2 articles raised an error")
    assert "No module named 'spacy'" in missing and "make bench" in missing
    assert figures["times_as_fast"] is None and "textacy" not in figures
    assert figures["ours"]["errors"] == 0
    assert figures["ours"]["quotes"]["direct"] >= 1 and figures["ours"]["quotes"]["indirect"] >= 1


def test_it_compares_the_times_and_counts_the_articles_that_raise_an_error(
    root: Path, articles: Path
) -> None:
    _, figures = bench(root, articles, STAND_INS)
    assert figures["articles"] == 2
    assert figures["textacy"] == {"quotes": {"direct": 1}, "errors": 1}
    for times in figures["times_as_fast"].values():
        assert 0 < times["least"] <= times["median"] <= times["most"]


def test_what_is_compared_with_is_pinned_and_names_no_address(root: Path) -> None:
    text = (root / "tests/bench/requirements.txt").read_text()
    packages = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in packages if line.count("==") != 1] == []
    assert "://" not in text
