"""The house keeps its floors: a module imports from the floors below it, never from a sibling folder, never up."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "analysis"
GROUND = (
    "tables",
    "text",
    "nltk_alone",
    "indicators",
    "located",
    "codebook",
    "study",
)  # each may use those before it
FOLDERS = ("read", "annotate", "compare", "show")
TOP = ("pipeline", "studies", "trials", "cli", "__main__", "__init__")  # each may use those before it


def floor(module: str) -> float:
    """The height of `analysis.<module>`: ground 0.x, the four folders 1, the top 2.x."""
    first = module.split(".")[0]
    if first in GROUND:
        return GROUND.index(first) / 10
    if first in FOLDERS:
        return 1.0
    return 2.0 + TOP.index(first) / 10


def imports(path: Path) -> list[str]:
    """The modules of the package that a file imports, without the leading `analysis.`."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and node.level == 0
            and (node.module or "").split(".")[0] == "analysis"
        ):
            rest = (node.module or "").removeprefix("analysis").strip(".")
            found += [rest] if rest else [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.append("relative import")
        elif isinstance(node, ast.Import):
            found += [a.name.removeprefix("analysis.") for a in node.names if a.name.startswith("analysis.")]
    return found


MODULES = sorted(p for p in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_the_floors_below(path: Path) -> None:
    me = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for other in imports(path):
        assert other != "relative import", f"{me} uses a relative import; name the module in full"
        same_folder = me.split(".")[0] == other.split(".")[0] and me.split(".")[0] in (*FOLDERS, "cli")
        assert same_folder or floor(other) < floor(me), f"{me} imports {other}, which is not on a floor below"


def test_nobody_inside_imports_the_package_itself() -> None:
    for path in MODULES:
        assert "" not in imports(path)


def test_every_module_is_small_enough_to_read() -> None:
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 700, f"{path.name} has {lines} lines: make it a folder of its own name"
