"""Values of a YAML file that remember their place, so that a fault can be reported with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

import yaml


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
    return mark.line + 1, problem


Report = Callable[[Place, str, str], None]


def read_shaped(node: yaml.Node, shape: Any, file: str, report: Report, key: str = "") -> PlacedValue:
    """The node's value in the shape given; what does not fit is reported and left out."""
    place = Place(file, node.start_mark.line + 1)
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
        return PlacedValue(
            _BOOLEANS[node.value.lower()] if shape is bool else shape(node.value.strip()), place
        )
    except (ValueError, KeyError):
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
