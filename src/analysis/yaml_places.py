"""Values of a YAML file that remember their place, so that a fault can be reported with its file and line.

A file may be a stranger's: before anything is made of it, its size is measured, how deep it goes, and how much its
aliases stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.outside import load_bytes

MAX_BYTES = 2_000_000  # the longest codebook that comes along has 60,000
MAX_DEPTH, MAX_NODES = 20, 200_000  # levels and values, those counted again that an alias repeats
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # several times as fast, where PyYAML came with it


class Place(NamedTuple):
    """A line of a file."""

    file: str
    line: int


@dataclass(frozen=True)
class PlacedValue:
    """A value of a YAML file with its place."""

    value: Any
    place: Place

    def get(self, key: str) -> PlacedValue | None:
        return self.value.get(key) if isinstance(self.value, dict) else None

    def listed(self, key: str) -> Sequence[PlacedValue]:
        """The items of the list under `key`; none where it is missing."""
        value = self.get(key)
        return value.value if value is not None and isinstance(value.value, list) else ()

    def place_of(self, key: str) -> Place:
        value = self.get(key)
        return value.place if value is not None else self.place

    def items(self) -> list[tuple[str, PlacedValue]]:
        return list(self.value.items()) if isinstance(self.value, dict) else []

    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        return [v.plain() for v in self.value] if isinstance(self.value, list) else self.value


def yaml_fault(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line of a YAML file's `text` that cannot be read, and what is wrong there, in words of its writer."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return 1, str(error)
    problem = str(getattr(error, "problem", None) or error)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return mark.line + 1, "a tab; indent with spaces"
    if "cannot start any token" in problem and line[mark.column : mark.column + 1] == "\t":
        return mark.line + 1, "a tab; write a space"
    if problem.startswith("mapping values are not allowed") and line.count(": ") > 1:
        return mark.line + 1, f"a second colon in {line.strip()!r}; put the text in quotation marks"
    if "cannot start any token" in problem:
        sign = line[mark.column : mark.column + 1]
        return mark.line + 1, f"a text cannot begin with {sign}; put the text in quotation marks"
    if "did not find expected key" in problem or "block end" in problem:
        return mark.line + 1, f"{line.strip()!r} is not indented like the lines that it belongs to"
    return mark.line + 1, problem


def load_yaml_text(path: Path) -> str:
    """The text of a YAML file. Raises UnicodeDecodeError, or OSError as `load_bytes` does."""
    return load_bytes(path, MAX_BYTES).decode("utf-8-sig")


def compose(text: str) -> yaml.Node | None:
    """What a YAML text holds, as nodes; None where it holds nothing. Raises yaml.YAMLError, also where it holds too much."""
    _require_harmless(text)
    return yaml.compose(text, Loader=_LOADER)


def load_yaml(text: str) -> Any:
    """The values of a YAML text. Raises yaml.YAMLError as `compose` does, and where one cannot be or a key comes twice."""
    node = compose(text)
    if node is None:
        return None
    _require_single_keys(node)
    try:
        return yaml.SafeLoader("").construct_document(node)
    except (ValueError, OverflowError) as error:  # such as 2025-02-30, or a number of five thousand digits
        raise yaml.MarkedYAMLError(
            problem=f"a value that cannot be: {error}", problem_mark=node.start_mark
        ) from None


def _require_harmless(text: str) -> None:
    """Raise yaml.YAMLError where a text goes deeper or, its aliases written out, holds more than any codebook."""
    sizes = [0]  # of the values that are open, the outermost first
    named: list[str | None] = []
    known: dict[str, int] = {}
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            named.append(event.anchor)
            sizes.append(0)
        elif isinstance(event, yaml.CollectionEndEvent):
            size, anchor = sizes.pop() + 1, named.pop()
            sizes[-1] += size
            if anchor:
                known[anchor] = size
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in named:
                raise _too_much(f"*{event.anchor}, which holds itself", event)
            sizes[-1] += known.get(event.anchor or "", 1)
        elif isinstance(event, yaml.ScalarEvent):
            sizes[-1] += 1
        if len(sizes) > MAX_DEPTH:
            raise _too_much(f"more than {MAX_DEPTH} levels", event)
        if sizes[-1] > MAX_NODES:
            raise _too_much(f"more than {MAX_NODES:,} values", event)


def _too_much(what: str, event: yaml.Event) -> yaml.YAMLError:
    mark: Any = event.start_mark  # the C parser's is of a type of its own
    return yaml.MarkedYAMLError(problem=what, problem_mark=mark)


def _require_single_keys(node: yaml.Node) -> None:
    """Raise yaml.YAMLError where a mapping has one key twice."""
    children = node.value if isinstance(node, yaml.SequenceNode) else []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"{key.value!r} is here a second time; join the two"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        children = [part for pair in node.value for part in pair]
    for child in children:
        _require_single_keys(child)


Report = Callable[[Place, str, str], None]


def read_shaped(node: yaml.Node, shape: Any, file: str, report: Report, key: str = "") -> PlacedValue:
    """The node's value in the shape given; what does not fit is reported and left out."""
    place = Place(file, node.start_mark.line + 1)
    if key and isinstance(shape, dict | list) and node.tag.endswith(":null"):
        return PlacedValue(
            type(shape)(), place
        )  # an entry with nothing below it, or with remarks alone, is empty
    if isinstance(shape, dict):
        if not isinstance(node, yaml.MappingNode):
            report(place, f"{key or 'the file'} must be a mapping, lines of `key: value`", "error")
            return PlacedValue({}, place)
        return PlacedValue(_mapping(node, shape, file, report), place)
    if isinstance(shape, list):
        if not isinstance(node, yaml.SequenceNode):
            report(place, f"{key} must be a list, lines of `- item`", "error")
            return PlacedValue([], place)
        return PlacedValue(
            [read_shaped(n, shape[0], file, report, f"an item of {key}") for n in node.value], place
        )
    if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
        report(place, f"{key} must be {_CALLED[shape]}", "error")
        return PlacedValue(shape(), place)
    try:
        value = _BOOLEANS[node.value.lower()] if shape is bool else shape(node.value.strip())
        if shape is not float or isfinite(value):
            return PlacedValue(value, place)
    except (ValueError, KeyError):
        pass
    report(place, f"{key} must be {_CALLED[shape]}, not {node.value!r}", "error")
    return PlacedValue(shape(), place)


_CALLED = {str: "a text", float: "a number", bool: "true or false"}
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def _mapping(
    node: yaml.MappingNode, shape: Mapping[str, Any], file: str, report: Report
) -> dict[str, PlacedValue]:
    values: dict[str, PlacedValue] = {}
    for key_node, value_node in node.value:
        key, place = str(key_node.value), Place(file, key_node.start_mark.line + 1)
        if key in values:
            report(place, f"{key!r} is here a second time; join the two", "error")
        elif "*" not in shape and key not in shape:
            near = get_close_matches(key, list(shape), n=1)
            report(place, f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""), "error")
        else:
            value = read_shaped(value_node, shape.get(key, shape.get("*")), file, report, repr(key))
            values[key] = PlacedValue(value.value, place)
    return values
