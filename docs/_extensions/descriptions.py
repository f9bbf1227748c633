"""What the directives of `from_the_code` say, as text: nothing here needs Sphinx."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import analysis
from analysis import cli, tables

PACKAGE = Path(analysis.__file__).parent
TABLES = {t.name: t for t in vars(tables).values() if isinstance(t, tables.Table)}


def describe_table(name: str) -> str:
    """A table as Markdown: its row, its key, and a line for each column."""
    table = TABLES[name]
    key = ", ".join(f"`{column}`" for column in table.key)
    rows = [f"| `{c.name}` | {c.dtype} | {c.meaning} |" for c in table.columns]
    head = f"One row is {table.row}; the key is {key}."
    return "\n".join([head, "", "| column | type | meaning |", "|---|---|---|", *rows])


def module_names(folder: str = "") -> list[str]:
    """The modules below a folder of the package, or, without one, those that lie in none."""
    paths = (PACKAGE / folder).rglob("*.py") if folder else PACKAGE.glob("*.py")
    found = (path.relative_to(PACKAGE.parent).with_suffix("").parts for path in sorted(paths))
    return [".".join(parts) for parts in found if parts[-1] not in ("__init__", "__main__")]


def describe_command(name: str) -> str:
    """A command's `--help`, 100 columns wide whatever the terminal."""
    parser = _commands().choices[name]
    parser.formatter_class = lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=100)
    return parser.format_help()


def _commands() -> Any:
    actions = cli._parser()._actions
    return next(a for a in actions if isinstance(a, argparse._SubParsersAction))


def as_restructured_text(docstring: Iterable[str]) -> list[str]:
    """A docstring's lines as autodoc reads them: `names` and indented blocks as code, no other sign with a meaning."""
    return _MEANT.sub(_as_restructured_text, "\n".join(docstring)).split("\n")


_MEANT = re.compile(
    r"""(?<=\n\n)(?P<block>[ ]{4}.*\n(?:[ ]{4}.*\n|\n)*)  # what Markdown takes for code
    |(?P<name>`[^`]+`)(?P<letter>\w?)
    |(?P<sign>[*|\\]|_(?!\w))""",
    re.VERBOSE,
)


def _as_restructured_text(match: re.Match[str]) -> str:
    block, name, letter, sign = match.groups()
    if block:
        return f"::\n\n{block}"
    if name:
        return f"`{name}`" + (f"\\ {letter}" if letter else "")  # no letter may follow code at once
    return f"\\{sign}"
