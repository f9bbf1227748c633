"""The house keeps its floors: a module imports only from floors below, no modules import in a circle, no name is given twice."""

from __future__ import annotations

import ast
import re
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "analysis"
GROUND = (
    "outside",
    "store",
    "tables",
    "text",
    "ids",
    "dates",
    "yaml_places",
    "language",
    "indicators",
    "codebook",
    "stages",
    "study",
)  # modules; each may use those before it
ROOMS = (
    "read",
    "parse",
    "annotate",
    "coding",
    "compare",
    "show",
    "ask",
    "publish",
)  # folders; each may use those before it
TOP = (
    "workers",
    "pipeline",
    "kept",
    "project",
    "choice",
    "studies",
    "places",
    "partitions",
    "new_studies",
    "draft_codebook",
    "try_codebook",
    "cli",
    "__main__",
    "__init__",
)  # each may use those before it
FLOORS = (*GROUND, *ROOMS, *TOP)
DATA = ("english", "codebooks")


def floor(module: str) -> int:
    """The height of `analysis.<module>`: a folder with all its modules is one floor."""
    return FLOORS.index(module.split(".")[0])


def name(path: Path, source: Path = SOURCE) -> str:
    """The module's name without the leading `analysis.`; a folder's `__init__` has the folder's."""
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def imports(path: Path, source: Path = SOURCE) -> set[str]:
    """The modules of the package that a file imports, also within functions, without the leading `analysis.`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            found.add("relative import")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "analysis":
            module = (node.module or "").removeprefix("analysis").strip(".")
            inside = [".".join(filter(None, (module, alias.name))) for alias in node.names]
            found |= {one if _exists(source, one) else module for one in inside}
        elif isinstance(node, ast.Import):
            found |= {a.name.removeprefix("analysis").strip(".") for a in node.names if _is_ours(a.name)}
    return found


def _exists(source: Path, module: str) -> bool:
    path = source.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _is_ours(module: str) -> bool:
    return module.split(".")[0] == "analysis"


def find_circle(source: Path) -> list[str]:
    """Modules that import one another in a circle, the first once more at the end; none where there is no circle.

    What a folder's `__init__` imports counts as its own, and its modules do not import it: Python does, but for nothing.
    """
    graph = {name(path, source): imports(path, source) for path in source.rglob("*.py")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_the_floors_below(path: Path) -> None:
    me = name(path)
    for other in imports(path):
        assert other != "relative import", f"{me} uses a relative import; name the module in full"
        assert other, f"{me} imports the package itself; name the module that is meant"
        same_folder = me.split(".")[0] == other.split(".")[0] and me.split(".")[0] in (
            *ROOMS,
            "codebook",
            "cli",
        )
        assert same_folder or floor(other) < floor(me), f"{me} imports {other}, which is not on a floor below"


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert find_circle(SOURCE) == []


def test_a_circle_of_two_modules_is_found_also_where_one_imports_late(tmp_path: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "one.py").write_text("def f():\n    from analysis.show.two import x\n")
    (tmp_path / "show" / "two.py").write_text("from analysis.show import one\n")
    assert set(find_circle(tmp_path)) == {"show.one", "show.two"}


def test_no_two_modules_have_one_name() -> None:
    names = Counter(name(path).split(".")[-1] for path in MODULES)
    assert [one for one, n in names.items() if n > 1] == []


def test_no_environment_variable_changes_what_is_drawn_or_read() -> None:
    """Whoever starts kernels hands on the environment; a model's address gets its key from it. Nobody else looks at it."""
    asks = re.compile(r"\bos\.(environ|getenv)\b|\bimport (environ|getenv)\b")
    asking = {name(path) for path in MODULES if asks.search(path.read_text(encoding="utf-8"))}
    assert asking == {"publish.kernels", "publish.fork_server", "coding.model.sending"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_every_function_is_small_enough_to_read(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 60, f"{node.name} has {lines} lines: give a step of it a name of its own"


def test_every_module_is_small_enough_to_read() -> None:
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 700, f"{path.name} has {lines} lines: make it a folder of its own name"


def test_the_table_in_contributing_has_the_floors_in_their_order(root: Path) -> None:
    table = (
        (root / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .split("| in `src/analysis/` |")[1]
        .split("\n\n")[0]
    )
    firsts = [line.split("|")[1] for line in table.splitlines()[2:]]
    named = [one.removesuffix(".py") for cell in firsts for one in re.findall(r"`(\w+(?:\.py)?)/?`", cell)]
    assert [one for one in named if one not in DATA] == [one for one in FLOORS if not one.startswith("__")]
