"""The how-to pages do what they say: their diffs fit the code as it is, and their examples give what they show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import doctest, sys
done = [doctest.testfile(page, False, optionflags=doctest.ELLIPSIS) for page in sys.argv[1:]]
sys.exit(any(result.failed or not result.attempted for result in done))
"""


def howtos(root: Path) -> list[Path]:
    return sorted(p for p in (root / "docs" / "howto").glob("*.md") if p.name != "index.md")


def apply(diff: str, project: Path) -> None:
    """Change files as a diff says; each of its places has to be in its file once, word for word.

    Where one is not, the page has to follow the code.
    """
    for part in re.split(r"^--- .+\n", diff, flags=re.M)[1:]:
        head, _, changes = part.partition("\n")
        name = head.removeprefix("+++ b/")
        path = project / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for hunk in re.split(r"^@@.*\n", changes, flags=re.M):
            lines = [line or " " for line in hunk.splitlines()]
            before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
            after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
            assert before or not text, f"{name}: is there already"
            assert not before or text.count(before) == 1, f"{name}: not there, or more than once:\n{before}"
            text = text.replace(before, after) if before else after
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def changed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's code after all the diffs of all the pages."""
    project = tmp_path_factory.mktemp("changed")
    (project / "tests").mkdir()
    shutil.copy(root / "tests" / "test_repository.py", project / "tests")
    for folder in ("src", "data/sample"):
        made = shutil.ignore_patterns("__pycache__", "tables", "runs", "sheets", "models")
        shutil.copytree(root / folder, project / folder, ignore=made)
    for page in howtos(root):
        for diff in re.findall(r"^```diff\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            apply(diff, project)
    return project


def test_every_example_gives_what_its_page_shows(root: Path, changed: Path, tmp_path: Path) -> None:
    pages = []
    for page in howtos(root):
        examples = re.findall(r"^```pycon\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
        if examples:
            pages.append(tmp_path / f"{page.stem}.txt")
            pages[-1].write_text("\n\n".join(examples), encoding="utf-8")
    assert len(pages) >= 9
    how = {**os.environ, "PYTHONPATH": str(changed / "src")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, pages)], env=how, cwd=changed, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_diff_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\n")
    with pytest.raises(AssertionError, match="not there"):
        apply("--- a/a.py\n+++ b/a.py\n one\n+more\n three\n", tmp_path)
    apply("--- a/a.py\n+++ b/a.py\n one\n-two\n+2\n", tmp_path)
    assert (tmp_path / "a.py").read_text() == "one\n2\n"
