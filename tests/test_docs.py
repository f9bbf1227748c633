"""What the documentation says of tables, commands and layout is what is there."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from analysis import cli, pipeline, tables
from analysis.codebook import check_codebook, load_codebook


@pytest.mark.parametrize("table", (*tables.ALL, tables.LEARNED, tables.SHEET), ids=lambda t: t.name)
def test_the_data_dictionary_describes_every_table(root: Path, table: tables.Table) -> None:
    text = (root / "data" / "README.md").read_text(encoding="utf-8")
    section = text.split(f"### `{table.name}`\n")[1].split("\n##")[0]
    assert f"One row is {table.row}; the key is {', '.join(f'`{k}`' for k in table.key)}." in section
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", section, re.M)
    assert rows == [(c.name, c.dtype, c.meaning) for c in table.columns]


def test_the_readme_names_every_command(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    parser = cli._parser()
    commands = next(a.choices for a in parser._actions if isinstance(a.choices, dict))
    assert [c for c in commands if f"media-analysis {c}" not in readme] == []


def test_links_in_the_documentation_lead_somewhere(root: Path) -> None:
    for page in [*root.glob("*.md"), *(root / "data").rglob("*.md"), *(root / "src").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_make_help_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M).group(1).split())
    assert set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M)) == phony


def test_the_readme_promises_no_quality_but_the_floors(root: Path) -> None:
    floors = json.loads((root / "tests" / "quality_floors.json").read_text())
    readme = (root / "README.md").read_text(encoding="utf-8")
    promised = re.findall(
        r"^\| .+ \| `(talks|polnear_dev|policy_frames|newsmtsc_dev)\.([^`]+)` \| ([.\d]+) \|", readme, re.M
    )
    assert len(promised) >= 8
    assert [(g, name) for g, name, figure in promised if floors[g].get(name) != float(figure)] == []


def test_the_frame_in_the_codebook_guide_is_faultless(root: Path, tmp_path: Path) -> None:
    guide = (root / "data" / "CODEBOOK.md").read_text(encoding="utf-8")
    (tmp_path / "frames.yml").write_text(
        re.search(r"```yaml\n(.*?)```", guide, re.S).group(1), encoding="utf-8"
    )
    assert [str(fault) for fault in check_codebook(tmp_path)] == []
    assert "jobs" in load_codebook(tmp_path).frames


def test_the_readme_shows_the_pipeline_as_it_is(root: Path) -> None:
    assert inspect.getsource(pipeline.annotate) in (root / "README.md").read_text(encoding="utf-8")
