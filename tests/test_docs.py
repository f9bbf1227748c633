"""What the documentation says of tables, commands, modules, paths and layout is what is there."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from analysis import cli, pipeline, tables
from analysis.codebook import check_codebook, load_codebook

TABLES = [table for table in vars(tables).values() if isinstance(table, tables.Table)]
MADE_HERE = {
    *("reports", "build", "tables", "sheets", "runs", "models", ".venv", ".venv-bench"),
    *(
        "ro-crate-metadata.json",
        "learned_sentences.csv",
        "learned_stances.csv",
        "draws.csv",
        "account.csv",
        "persons.csv",
    ),
}  # folders and files that a page may name although a fresh clone has none
ENDINGS = "csv|css|ini|ipynb|j2|js|json|lock|md|py|toml|txt|yml"


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[Path, str]:
    """The text of each page; of notebooks that of their Markdown cells."""
    folders = (root / "docs", root / "data", root / "src")
    found = [*root.glob("*.md"), *(page for folder in folders for page in folder.rglob("*.md"))]
    texts = {page: page.read_text(encoding="utf-8") for page in found}
    for notebook in (root / "notebooks").glob("*.ipynb"):
        cells = nbformat.read(notebook, 4).cells
        texts[notebook] = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return texts


@pytest.fixture(scope="module")
def descriptions(root: Path) -> ModuleType:
    """The module of docs/ that says in words what the code holds."""
    path = root / "docs" / "_extensions" / "descriptions.py"
    spec = importlib.util.spec_from_file_location("descriptions", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def directives(pages: dict[Path, str], name: str) -> list[str]:
    """The arguments of a directive wherever it is on a page, "" where it has none."""
    return [a.strip() for text in pages.values() for a in re.findall(rf"^```{{{name}}}(.*)$", text, re.M)]


def without_code(text: str) -> str:
    return re.sub(r"^(```|:::)[^\n]*\n.*?^\1:*$", "", text, flags=re.M | re.S)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_data_dictionary_has_every_table(pages: dict[Path, str]) -> None:
    assert sorted(directives(pages, "table-columns")) == sorted(table.name for table in TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_the_data_dictionary_describes_every_column(table: tables.Table, descriptions: ModuleType) -> None:
    text = descriptions.describe_table(table.name)
    assert f"One row is {table.row}; the key is {', '.join(f'`{k}`' for k in table.key)}." in text
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", text, re.M)
    assert rows == [(c.name, c.dtype, c.meaning) for c in table.columns]


def test_every_command_has_its_help_on_a_page(pages: dict[Path, str], descriptions: ModuleType) -> None:
    parser = cli._parser()
    commands = next(a.choices for a in parser._actions if isinstance(a.choices, dict))
    assert sorted(directives(pages, "command")) == sorted(commands)
    for command in commands:
        assert f"usage: media-analysis {command} " in descriptions.describe_command(command)


def test_every_module_is_on_a_page(root: Path, pages: dict[Path, str], descriptions: ModuleType) -> None:
    shown = [name for folder in directives(pages, "modules") for name in descriptions.module_names(folder)]
    source = root / "src"
    paths = [p.relative_to(source).with_suffix("") for p in (source / "analysis").rglob("*.py")]
    assert sorted(shown) == sorted(".".join(p.parts) for p in paths if not p.name.startswith("__"))


def test_docstrings_are_read_as_they_are_written(descriptions: ModuleType) -> None:
    lines = ["`CreateAction`s of *_all* `a|b`,", ">>> find_quotes(x)", "", "    negotiat*", "", "and a_"]
    plain = [r"``CreateAction``\ s of \*_all\* ``a|b``,", ">>> find_quotes(x)", "", "::", ""]
    plain += ["    negotiat*", "", r"and a\_"]
    assert descriptions.as_restructured_text(lines) == plain


def test_links_in_the_documentation_lead_somewhere(pages: dict[Path, str]) -> None:
    for page, text in pages.items():
        for target in re.findall(r"\]\((?!https?://)([^)\s]+)", without_code(text)):
            path, _, anchor = target.partition("#")
            aim = (page.parent / path).resolve() if path else page
            assert aim.exists(), f"{page.name} points to {target}"
            assert not anchor or anchor in anchors(pages[aim]), f"{page.name} points to {target}"


def test_every_page_of_the_site_is_in_its_contents(root: Path, pages: dict[Path, str]) -> None:
    listed = {root / "docs" / "index.md"}
    for page, text in pages.items():
        for block in re.findall(r"^```{toctree}\n(.*?)^```", text, re.M | re.S):
            for line in block.splitlines():
                if line and not line.startswith(":"):
                    name = re.sub(r".*<(.+)>", r"\1", line)
                    aims = list(page.parent.glob(f"{name}.*"))
                    assert aims, f"{page.name} lists {name}"
                    listed |= {aim.resolve() for aim in aims}
    assert [p for p in pages if p.is_relative_to(root / "docs") and p not in listed] == []


def named_paths(text: str) -> Iterator[str]:
    """What a page names between backticks that looks like a path, without those that stand for any name."""
    for name in re.findall(r"`([\w.<>*-]+(?:/[\w.<>*-]+)*/?)`", without_code(text)):
        looks_so = "/" in name or re.fullmatch(rf"[\w-]+\.(?:{ENDINGS})", name)
        if looks_so and not re.search(r"<|my-topic|OUT|FOLDER|NAME", name):
            yield name


def test_no_page_names_a_path_that_does_not_exist(root: Path, pages: dict[Path, str]) -> None:
    bases = [root, root / "src" / "analysis", root / "tests", *(root / "data").iterdir()]
    bases += [root / "data" / "us-russia-talks" / part for part in ("annotations", "codebook", "coding")]
    missing = [
        f"{page.name}: {name}"
        for page, text in pages.items()
        for name in named_paths(text)
        if MADE_HERE.isdisjoint(name.split("/"))
        and not any(next(base.glob(name.rstrip("/")), None) for base in bases if base.is_dir())
    ]
    assert missing == [], "\n".join(missing)


def test_make_help_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M).group(1).split())
    assert set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M)) == phony


def test_the_readme_is_short(root: Path) -> None:
    assert len((root / "README.md").read_text(encoding="utf-8").split()) <= 900


def test_no_quality_is_promised_but_the_floors(root: Path) -> None:
    floors = json.loads((root / "tests" / "quality_floors.json").read_text())
    page = (root / "docs" / "quality.md").read_text(encoding="utf-8")
    promised = re.findall(r"^\| .+ \| ([.\d]+) \| `([a-z_]+)\.([^`]+(?:''[^`]*)?)` \|$", page, re.M)
    assert {group for _, group, _ in promised} == {*floors}
    assert [(g, name) for figure, g, name in promised if floors[g].get(name) != float(figure)] == []


@pytest.mark.parametrize(("heading", "file"), [("A frame of", "frames.yml"), ("Stance:", "stance.yml")])
def test_the_examples_of_the_codebook_guide_are_faultless(
    root: Path, tmp_path: Path, heading: str, file: str
) -> None:
    guide = (root / "docs" / "guide" / "codebook.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", guide.split(f"\n## {heading}")[1], re.S).group(1)
    (tmp_path / file).write_text(example, encoding="utf-8")
    assert [str(fault) for fault in check_codebook(tmp_path)] == []
    codebook = load_codebook(tmp_path)
    assert "jobs" in codebook.frames or {"tram", "council"} == {*codebook.targets}


def test_the_stance_example_gives_what_the_guide_shows(root: Path, tmp_path: Path) -> None:
    guide = (root / "docs" / "guide" / "codebook.md").read_text(encoding="utf-8").split("\n## Stance:")[1]
    (tmp_path / "stance.yml").write_text(re.search(r"```yaml\n(.*?)```", guide, re.S).group(1), "utf-8")
    rows = re.findall(r"^\| ([^|`]+\.[^|`]*) \| ((?:`\w+`(?:, )?)+) \| (\w+)[^|]* \|", guide, re.M)
    assert len(rows) == 5
    text = "\n\n".join(["Tram line opens", " ".join(sentence for sentence, _, _ in rows)])
    articles = tables.ARTICLES.make([{"article_id": "one", "text": text}])
    made = pipeline.annotate(articles, load_codebook(tmp_path))
    found = [
        (target, stance)
        for start, end in zip(made["sentences"]["start"], made["sentences"]["end"], strict=True)
        for target, stance, at in zip(
            *(made["stance"][c] for c in ("target", "stance", "start")), strict=True
        )
        if start <= at < end and start > 0
    ]
    wanted = [(t, stance) for _, targets, stance in rows for t in re.findall(r"\w+", targets)]
    assert sorted(found) == sorted(wanted)


def test_the_documentation_shows_the_pipeline_as_it_is(root: Path, pages: dict[Path, str]) -> None:
    page = root / "docs" / "reference" / "architecture.md"
    shown, name = re.search(r"^```{literalinclude} (\S+)\n:pyobject: (\w+)\n```$", pages[page], re.M).groups()
    assert (page.parent / shown).resolve() == Path(pipeline.__file__)
    assert f"def {name}(" in Path(pipeline.__file__).read_text(encoding="utf-8") and name == "annotate_apart"


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_asks_for_nothing_from_elsewhere(
    root: Path, tmp_path: Path
) -> None:
    pytest.importorskip("myst_nb", reason="the extra `docs` is not installed: nothing to build the site with")
    pytest.importorskip("furo", reason="the extra `docs` is not installed: nothing to build the site with")
    how = ["-q", "-W", "--keep-going", "-b", "html", "-c", "docs", "-d", str(tmp_path / "doctrees")]
    # Without each function in the side bars: they take half of the time and can give no warning.
    how += ["-D", "toc_object_entries=0"]
    site = tmp_path / "site"
    build = [sys.executable, "-m", "sphinx", *how, ".", str(site)]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        asked = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(https?:)?//', html)
        assert asked == [], page.relative_to(site)
    methods = (site / "docs" / "methods.html").read_text(encoding="utf-8")
    assert methods.count("<math") > 30
