"""Directives whose content is read from the package, so that pages cannot say anything else.

`{table-columns} quotes`: what a row of a table is, its key and its columns. `{modules} annotate`: every module of a folder (or
the single modules, without an argument) with its public functions and classes. `{public-names}`: what `import analysis`
offers. `{command} report`: a command's help.
"""

from __future__ import annotations

import inspect
from typing import Any

from descriptions import PACKAGE, as_restructured_text, describe_command, describe_table, module_names
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import analysis


class TableDirective(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(PACKAGE / "tables.py"))
        return self.parse_text_to_nodes(describe_table(self.arguments[0]))


class CommandDirective(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        help_text = describe_command(self.arguments[0])
        return [nodes.literal_block(help_text, help_text, language="text")]


class ModulesDirective(SphinxDirective):
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        text = "\n".join(
            f"## {name.removeprefix('analysis.')}\n\n```{{eval-rst}}\n.. automodule:: {name}\n```\n"
            for name in module_names(*self.arguments)
        )
        return self.parse_text_to_nodes(text, allow_section_headings=True)


class PublicNamesDirective(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        things = map(analysis.__getattr__, analysis.__all__)  # as an attribute, `annotate` is also a folder
        lines = [
            f".. auto{'class' if inspect.isclass(thing) else 'function'}:: "
            f"{thing.__module__}.{thing.__name__}\n   :no-index:"
            for thing in things
        ]
        return self.parse_text_to_nodes("\n\n".join(["```{eval-rst}", *lines, "```"]))


def _skip_field(_app: Sphinx, _what: str, _name: str, thing: Any, *_: Any) -> bool | None:
    """Fields of named tuples are in their signature; their own docstrings only number them."""
    return True if str(thing.__doc__).startswith("Alias for field number") else None


def _read_docstring(*given: Any) -> None:
    lines = given[-1]
    lines[:] = as_restructured_text(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("table-columns", TableDirective)
    app.add_directive("command", CommandDirective)
    app.add_directive("modules", ModulesDirective)
    app.add_directive("public-names", PublicNamesDirective)
    app.connect("autodoc-skip-member", _skip_field)
    app.connect("autodoc-process-docstring", _read_docstring)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
