"""The entries of a codebook's files, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from analysis.codebook.codes import SPELT
from analysis.yaml_places import Place, PlacedValue, Report, compose, load_yaml_text, read_shaped, yaml_fault

GENERAL = "general"

# A shape is str, float or bool; [shape] for a list; {"*": shape} for any keys; else the keys that are allowed there.
_WORDS = [str]
_CODE = {
    **dict.fromkeys(
        ["name", "definition", "counts", "excludes", "example", "counter_example", "literature"], str
    ),
    **dict.fromkeys(["indicators", "except", "also"], _WORDS),
}
_TARGET: dict[str, Any] = {
    **{k: v for k, v in _CODE.items() if k not in ("indicators", "also")},
    **dict.fromkeys(["about", "context"], _WORDS),
    **{key: {"*": _WORDS} for key in ("positions", "attitudes", "also")},
    "implies": {"*": {"*": str}},
}
_ROLE: dict[str, Any] = {**_CODE, "occupations": _WORDS, "former": str}
_FACT: dict[str, Any] = {**_CODE, "known": str, "source": str, "examples": _WORDS}
SHAPES: dict[str, dict[str, Any]] = {
    "frames.yml": {"frames": {"*": _CODE}},
    "stance.yml": {"targets": {"*": _TARGET}},
    "sources.yml": {
        "roles": {"*": _ROLE},
        "sides": {"*": _CODE},
        "expertise": {"*": _CODE},
        "office_holders": [{"name": str, "also": _WORDS, "role": str, "side": str, "from": str, "to": str}],
    },
    "verbs.yml": {
        "counts": _WORDS,
        "interrupted": str,
        "refusals": _WORDS,
        "verbs": {
            "*": {
                "class": str,
                "reports": str,
                "addressee": bool,
                **dict.fromkeys(["forms", "nouns", "content"], _WORDS),
            }
        },
    },
    "tone.yml": {
        "words": {"*": float},
        **dict.fromkeys(["factual", "no_tone"], _WORDS),
        "actors": {"*": _CODE},
    },
    "facts.yml": {"facts": {"*": _FACT}},
}
_FILE_OF = {key: file for file, keys in SHAPES.items() for key in keys}


class CodebookError(ValueError):
    """A codebook with faults; the message lists them all, each with file and line."""


@dataclass(frozen=True)
class Entries:
    """What the files of a codebook hold, with what they extend; of a file that the folder lacks, the general one's."""

    folder: Path
    files: Mapping[str, PlacedValue]

    def __getitem__(self, key: str) -> PlacedValue:
        """The value of a key at a file's top; an empty mapping where it is missing."""
        return self.get(key) or PlacedValue({}, Place(_FILE_OF[key], 1))

    def get(self, key: str) -> PlacedValue | None:
        return self.files[_FILE_OF[key]].get(key)

    def listed(self, key: str) -> Sequence[PlacedValue]:
        """The items of the list under a key; none where it is missing."""
        return self.files[_FILE_OF[key]].listed(key)

    def frame_indicators(self) -> Iterator[tuple[str, PlacedValue]]:
        """Each indicator of each frame."""
        for code, entry in self["frames"].items():
            for key in ("indicators", "also"):
                yield from ((code, text) for text in entry.listed(key))

    def position_indicators(self, target: str) -> Iterator[tuple[str, PlacedValue]]:
        """The indicators of a target's positions, under names such as `negotiations: favourable`."""
        entry = self["targets"].value[target]
        for key in ("positions", "also"):
            if values := entry.get(key):
                for value, texts in values.items():
                    yield from ((f"{target}: {value}", text) for text in texts.value)


def read_entries(folder: Path | None, report: Report) -> Entries:
    """The entries of a codebook's folder, or of one that comes along; what cannot be read is reported and left out.

    Raises CodebookError where there is no such folder.
    """
    own = home(folder)
    entries = Entries(own, {name: read_file(own, name, report) for name in SHAPES})
    for path in sorted(own.glob("*.y*ml")):
        if path.name not in SHAPES:
            near = get_close_matches(path.name, list(SHAPES), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            report(Place(str(path), 1), f"is not a file of a codebook and is not read{hint}", "warning")
    return entries


def home(folder: Path | None) -> Path:
    """The codebook's folder: the one named, or one that comes along. Raises CodebookError where there is none."""
    known_here = shipped()
    named = known_here / (folder or GENERAL)
    if folder is not None and folder.is_dir():
        return folder
    if named.is_dir():
        return named
    known = ", ".join(sorted(p.name for p in known_here.iterdir() if p.is_dir()))
    raise CodebookError(
        f"{folder}: no such folder; a codebook is a folder with frames.yml, stance.yml, ... "
        f"or one that comes along: {known}"
    )


def shipped() -> Path:
    """The folder of the codebooks that come along."""
    return Path(str(files("analysis"))) / "codebooks"


def read_file(folder: Path, name: str, report: Report, seen: tuple[str, ...] = ()) -> PlacedValue:
    """One file of a codebook with what it extends; the general codebook's where the folder lacks it."""
    path = folder / name
    nothing = PlacedValue({}, Place(name, 1))
    if not path.exists():
        general = shipped() / GENERAL
        return nothing if folder == general else read_file(general, name, report)
    try:
        text = load_yaml_text(path)
        node = compose(text)
    except yaml.YAMLError as error:
        line, wrong = yaml_fault(error, text)
        report(Place(str(path), line), f"cannot be read as YAML: {wrong}", "error")
        return nothing
    except UnicodeDecodeError as error:
        report(Place(str(path), 1), f"cannot be read as YAML in UTF-8: {error}", "error")
        return nothing
    if node is None:
        return nothing
    own = read_shaped(node, {**SHAPES[name], "extends": str}, str(path), report)
    if targets := own.get("targets"):
        own.value["targets"] = _in_one_spelling(targets, report)
    base = own.get("extends")
    if base is None:
        return own
    base_folder = shipped() / base.value
    if not (base_folder / name).exists():
        known = ", ".join(sorted(p.parent.name for p in shipped().glob(f"*/{name}")))
        report(base.place, f"extends {base.value!r}, which has no {name}; there are: {known}", "error")
        return own
    if base.value in seen:
        report(base.place, f"extends {base.value!r}, which extends this one", "error")
        return own
    return _merged(read_file(base_folder, name, report, (*seen, base.value)), own)


_OF_POSITIONS = ("positions", "attitudes", "also")  # keys of a target under which its positions stand


def _in_one_spelling(targets: PlacedValue, report: Report) -> PlacedValue:
    """The targets with each position spelt as the code knows it: favorable is favourable."""

    def renamed(entry: PlacedValue) -> PlacedValue:
        values: dict[str, PlacedValue] = {}
        for key, value in entry.items():
            if SPELT.get(key, key) in values:
                report(
                    value.place, f"{key!r} is here a second time, in another spelling; join the two", "error"
                )
            values.setdefault(SPELT.get(key, key), value)
        return PlacedValue(values, entry.place)

    def respelt(key: str, entry: PlacedValue) -> PlacedValue:
        if key in _OF_POSITIONS:
            return renamed(entry)
        if key != "implies":
            return entry
        implied = {
            other: PlacedValue(
                {own: PlacedValue(SPELT.get(v.value, v.value), v.place) for own, v in renamed(pairs).items()},
                pairs.place,
            )
            for other, pairs in entry.items()
        }
        return PlacedValue(implied, entry.place)

    known = {
        code: PlacedValue({key: respelt(key, value) for key, value in target.items()}, target.place)
        for code, target in targets.items()
    }
    return PlacedValue(known, targets.place)


def _merged(base: PlacedValue, own: PlacedValue) -> PlacedValue:
    """`own` laid over `base`: mappings key by key, free lists one after the other, all else replaced."""
    merged = dict(base.value)
    for key, value in own.value.items():
        if key == "extends":
            continue
        before = base.get(key)
        if before is not None and isinstance(value.value, dict) and isinstance(before.value, dict):
            merged[key] = _merged(before, value)
        elif before is not None and key in ("factual", "no_tone", "office_holders", "also"):
            merged[key] = PlacedValue([*before.value, *value.value], value.place)
        else:
            merged[key] = value
    return PlacedValue(merged, own.place)
