"""The codebook: what counts as what, read from YAML that a colleague without Python can dispute.

A folder holds frames.yml, stance.yml, sources.yml, verbs.yml and tone.yml. A file it lacks is the general
codebook's; `extends: NAME` at a file's top takes over a shipped codebook's entries, and a code of the same name
then takes from it what it doesn't say itself (`also:` adds indicators to those taken over).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.indicators import IndicatorError, Indicators, parse_indicator
from analysis.tables import small_table
from analysis.yaml_places import Place, PlacedValue, Report, read_shaped, yaml_fault

GENERAL = "general"
VERB_CLASSES = ("neutral", "endorsing", "distancing", "judging")
INTERRUPTED = ("whole", "pieces")
VERB_CONTENT = ("quote", "that", "clause", "infinitive", "wh", "as", "object")


class CodebookError(ValueError):
    """A codebook with faults; the message lists them all, each with file and line."""


@dataclass(frozen=True)
class Fault:
    """One fault: an error stops the codebook from being used, a warning does not."""

    file: str
    line: int
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


@dataclass(frozen=True)
class Code:
    """A frame, a role or a side: what it means, and the indicators by which it is recognised."""

    code: str
    name: str
    definition: str = ""
    counts: str = ""
    excludes: str = ""
    example: str = ""
    counter_example: str = ""
    literature: str = ""
    indicators: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target(Code):
    """What a stance is about: `indicators` mention it, `positions` take a stance, `attitudes` ascribe one.

    `context` brings it into view without being about it: its words count with a position only, never as neutral.
    Attitudes are words for somebody's stance (rejects, skeptical): the holder is whoever has it, not who writes.
    `implies` holds, for other targets, which of their positions each of this one's brings with it where the
    sentence names that target, too.
    """

    positions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attitudes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficeHolder:
    """A person whose role and side are known; `since` and `until` are ISO dates, empty where open."""

    name: str
    also: tuple[str, ...] = ()
    role: str = ""
    side: str = ""
    since: str = ""
    until: str = ""


def indicators_of(codes: Mapping[str, Code]) -> Indicators:
    """The indicators and exceptions of these codes, to be found in one pass."""
    return _indicators_of(tuple(codes.values()))


@lru_cache(maxsize=64)  # articles come in many lots, and what was made knows the words of those before
def _indicators_of(codes: tuple[Code, ...]) -> Indicators:
    return Indicators({c.code: c.indicators for c in codes}, {c.code: c.exceptions for c in codes})


@dataclass(frozen=True)
class Verb:
    """A reporting verb: its tone, its forms, the nouns that report likewise, and what it can take."""

    lemma: str
    tone: str
    forms: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    addressee: bool = False


@dataclass(frozen=True)
class Codebook:
    """Everything that a study's coding rests on."""

    name: str
    frames: Mapping[str, Code]
    targets: Mapping[str, Target]
    roles: Mapping[str, Code]
    sides: Mapping[str, Code]
    office_holders: tuple[OfficeHolder, ...]
    verbs: Mapping[str, Verb]
    refusals: tuple[str, ...]  # indicators of giving no answer
    whole_quotes: bool  # a quote that its attribution interrupts is one quote, else one a piece
    tone: Mapping[str, float]
    no_tone: frozenset[str]
    actors: Mapping[str, Code]  # towards whom an attitude is measured

    def __str__(self) -> str:
        parts = {
            "frames": self.frames,
            "stance targets": self.targets,
            "roles": self.roles,
            "sides": self.sides,
            "office holders": self.office_holders,
            "reporting verbs": self.verbs,
            "tone words": self.tone,
        }
        return f"{self.name}: " + ", ".join(f"{len(codes)} {name}" for name, codes in parts.items())

    def __repr__(self) -> str:
        return f"<Codebook {self}>"

    def _repr_html_(self) -> str:
        sections = {
            "Frames": self.frames,
            "Stance targets": self.targets,
            "Roles of sources": self.roles,
            "Sides of sources": self.sides,
        }
        head = ("code", "name", "definition", "recognised by")
        shown = (
            small_table(
                title, head, [(c.code, c.name, c.definition, _recognised_by(c)) for c in codes.values()]
            )
            for title, codes in sections.items()
            if codes
        )
        return f"<p><b>Codebook</b> {escape(str(self))}</p>" + "".join(shown)


def _recognised_by(code: Code) -> str:
    lists = code.positions if isinstance(code, Target) else {"indicators": code.indicators}
    return ", ".join(f"{name}: {len(texts)}" for name, texts in lists.items() if texts)


def load_codebook(folder: Path | None = None) -> Codebook:
    """The codebook of a folder, or a shipped one by its name, by default the general one.

    Raises CodebookError with all its errors at once.
    """
    codebook, faults = read_codebook(folder)
    errors = [str(f) for f in faults if f.severity == "error"]
    if errors:
        raise CodebookError("\n".join(errors))
    return codebook


def codebook_files(folder: Path | None = None) -> list[Path]:
    """The files that `load_codebook` begins with: the folder's own, and the general ones for those it lacks."""
    general = _shipped() / GENERAL
    own = folder if folder is not None and folder.is_dir() else general
    return [own / name if (own / name).exists() else general / name for name in _SHAPES]


def check_codebook(folder: Path | None = None) -> list[Fault]:
    """Every fault of a codebook: errors, then warnings, each by file and line."""
    return sorted(read_codebook(folder)[1], key=lambda f: (f.severity, f.file, f.line))


# What each file may hold --------------------------------------------------------------------------------------

# A shape is str, float or bool; [shape] for a list; {"*": shape} for any keys; else the keys that are allowed there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # several times as fast, where PyYAML came with it
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
_SHAPES: dict[str, dict[str, Any]] = {
    "frames.yml": {"frames": {"*": _CODE}},
    "stance.yml": {"targets": {"*": _TARGET}},
    "sources.yml": {
        "roles": {"*": _CODE},
        "sides": {"*": _CODE},
        "office_holders": [{"name": str, "also": _WORDS, "role": str, "side": str, "from": str, "to": str}],
    },
    "verbs.yml": {
        "counts": _WORDS,
        "interrupted": str,
        "refusals": _WORDS,
        "verbs": {
            "*": {"class": str, "forms": _WORDS, "nouns": _WORDS, "content": _WORDS, "addressee": bool}
        },
    },
    "tone.yml": {"words": {"*": float}, "no_tone": _WORDS, "actors": {"*": _CODE}},
}
_INDICATOR_LISTS = ("indicators", "except", "about", "context", "also")
_NEED_DEFINITION = ("frames", "targets", "roles")


def _read_file(folder: Path, name: str, report: Report, seen: tuple[str, ...] = ()) -> PlacedValue:
    """One file of a codebook with what it extends; the general codebook's where the folder lacks it."""
    path = folder / name
    nothing = PlacedValue({}, Place(name, 1))
    if not path.exists():
        general = _shipped() / GENERAL
        return nothing if folder == general else _read_file(general, name, report)
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        line, wrong = yaml_fault(error, text)
        report(Place(str(path), line), f"cannot be read as YAML: {wrong}", "error")
        return nothing
    except UnicodeDecodeError as error:
        report(Place(str(path), 1), f"cannot be read as YAML in UTF-8: {error}", "error")
        return nothing
    if node is None:
        return nothing
    own = read_shaped(node, {**_SHAPES[name], "extends": str}, str(path), report)
    base = own.get("extends")
    if base is None:
        return own
    base_folder = _shipped() / base.value
    if not (base_folder / name).exists():
        known = ", ".join(sorted(p.parent.name for p in _shipped().glob(f"*/{name}")))
        report(base.place, f"extends {base.value!r}, which has no {name}; there are: {known}", "error")
        return own
    if base.value in seen:
        report(base.place, f"extends {base.value!r}, which extends this one", "error")
        return own
    return _merged(_read_file(base_folder, name, report, (*seen, base.value)), own)


def _shipped() -> Path:
    return Path(str(files("analysis"))) / "codebooks"


def _merged(base: PlacedValue, own: PlacedValue) -> PlacedValue:
    """`own` laid over `base`: mappings key by key, free lists one after the other, all else replaced."""
    merged = dict(base.value)
    for key, value in own.value.items():
        if key == "extends":
            continue
        before = base.get(key)
        if before is not None and isinstance(value.value, dict) and isinstance(before.value, dict):
            merged[key] = _merged(before, value)
        elif before is not None and key in ("no_tone", "office_holders", "also"):
            merged[key] = PlacedValue([*before.value, *value.value], value.place)
        else:
            merged[key] = value
    return PlacedValue(merged, own.place)


# From values to the codebook ----------------------------------------------------------------------------------


def read_codebook(folder: Path | None = None) -> tuple[Codebook, list[Fault]]:
    """The codebook as far as it can be read, and every fault of it."""
    faults: list[Fault] = []

    def report(place: Place, message: str, severity: str) -> None:
        faults.append(Fault(place.file, place.line, message, severity))

    home = _home(folder)
    held = {name: _read_file(home, name, report) for name in _SHAPES}
    for path in sorted(home.glob("*.y*ml")):
        if path.name not in _SHAPES:
            near = get_close_matches(path.name, list(_SHAPES), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            report(Place(str(path), 1), f"is not a file of a codebook and is not read{hint}", "warning")

    def section(file: str, key: str) -> PlacedValue:
        return held[file].get(key) or PlacedValue({}, Place(file, 1))

    sections = {
        "frames": section("frames.yml", "frames"),
        "targets": section("stance.yml", "targets"),
        "roles": section("sources.yml", "roles"),
        "sides": section("sources.yml", "sides"),
        "actors": section("tone.yml", "actors"),
    }
    for key, codes in sections.items():
        _check_codes(codes, key, report)
    for lemma, verb in section("verbs.yml", "verbs").items():
        _check_verb(lemma, verb, report)
    _check_content(held["verbs.yml"].listed("counts"), "counts", report)
    _check_indicators("refusals", held["verbs.yml"].listed("refusals"), report)
    counts = [kind.value for kind in held["verbs.yml"].listed("counts")] or VERB_CONTENT
    interrupted = held["verbs.yml"].get("interrupted")
    _check_interrupted(interrupted, report)
    holders = held["sources.yml"].listed("office_holders")
    codebook = Codebook(
        name=home.parent.name if home.name == "codebook" else home.name,
        frames={c: _code(c, v.plain()) for c, v in sections["frames"].items()},
        targets={c: _target(c, v.plain()) for c, v in sections["targets"].items()},
        roles={c: _code(c, v.plain()) for c, v in sections["roles"].items()},
        sides={c: _code(c, v.plain()) for c, v in sections["sides"].items()},
        office_holders=tuple(_office_holder(h.plain()) for h in holders),
        verbs={k: _verb(k, v.plain(), counts) for k, v in section("verbs.yml", "verbs").items()},
        refusals=tuple(r.value for r in held["verbs.yml"].listed("refusals")),
        whole_quotes=interrupted is None or interrupted.value != "pieces",
        tone={k.lower(): v.value for k, v in section("tone.yml", "words").items()},
        no_tone=frozenset(w.lower() for w in section("tone.yml", "no_tone").plain() or ()),
        actors={c: _code(c, v.plain()) for c, v in sections["actors"].items()},
    )
    _check_office_holders(holders, codebook, report)
    for target, entry in sections["targets"].items():
        _check_implied(target, entry, codebook.targets, report)
    if not any(f.severity == "error" for f in faults):
        _check_examples({**codebook.frames, **codebook.targets}, sections, report)
        _check_overlap(_indicators_of_frames(sections["frames"]), report)
        for target, entry in sections["targets"].items():
            _check_overlap(_indicators_of_target(target, entry), report)
    return codebook, faults


def _home(folder: Path | None) -> Path:
    """The codebook's folder: the one named, or one that comes along. Raises CodebookError where there is none."""
    shipped = _shipped() / (folder or GENERAL)
    if folder is not None and folder.is_dir():
        return folder
    if shipped.is_dir():
        return shipped
    known = ", ".join(sorted(p.name for p in _shipped().iterdir() if p.is_dir()))
    raise CodebookError(
        f"{folder}: no such folder; a codebook is a folder with frames.yml, stance.yml, ... "
        f"or one that comes along: {known}"
    )


def _check_interrupted(said: PlacedValue | None, report: Report) -> None:
    if said and said.value not in INTERRUPTED:
        known = " or ".join(INTERRUPTED)
        report(said.place, f"interrupted is {said.value!r}; it must be {known}", "error")


def _check_implied(target: str, entry: PlacedValue, targets: Mapping[str, Target], report: Report) -> None:
    """Each `implies` names another target, and positions of both."""
    for other, positions in (entry.get("implies") or PlacedValue({}, entry.place)).items():
        if other == target or other not in targets:
            report(positions.place, f"{target!r} implies {other!r}, which is no other target", "error")
            continue
        for own, implied in positions.items():
            for value, code in ((own, target), (implied.value, other)):
                if value not in targets[code].positions:
                    known = ", ".join(targets[code].positions)
                    report(implied.place, f"{value!r} is no position of {code!r} ({known})", "error")


def _code(code: str, given: dict[str, Any]) -> Code:
    return Code(
        code, **_common(code, given), indicators=(*given.get("indicators", ()), *given.get("also", ()))
    )


def _target(code: str, given: dict[str, Any]) -> Target:
    also = given.get("also", {})
    return Target(
        code,
        **_common(code, given),
        indicators=(*given.get("about", ()), *also.get("about", ())),
        context=(*given.get("context", ()), *also.get("context", ())),
        positions=_with_neutral(
            {value: (*words, *also.get(value, ())) for value, words in given.get("positions", {}).items()}
        ),
        attitudes={value: tuple(words) for value, words in given.get("attitudes", {}).items()},
        implies=given.get("implies", {}),
    )


def _with_neutral(positions: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """For and against leave room for neither: speaking of the target without a position is neutral."""
    if {"favourable", "unfavourable"} <= set(positions):
        return {**positions, "neutral": positions.get("neutral", ())}
    return positions


def _common(code: str, given: dict[str, Any]) -> dict[str, Any]:
    texts = ("definition", "counts", "excludes", "example", "counter_example", "literature")
    return {
        "name": given.get("name", code.replace("_", " ")),
        **{k: given.get(k, "") for k in texts},
        "exceptions": tuple(given.get("except", ())),
    }


def _office_holder(given: dict[str, Any]) -> OfficeHolder:
    return OfficeHolder(
        name=given.get("name", ""),
        also=tuple(given.get("also", ())),
        role=given.get("role", ""),
        side=given.get("side", ""),
        since=given.get("from", ""),
        until=given.get("to", ""),
    )


def _verb(lemma: str, given: dict[str, Any], counts: Sequence[str]) -> Verb:
    return Verb(
        lemma,
        tone=given.get("class", "neutral"),
        forms=tuple(given.get("forms", ())) or inflect(lemma),
        nouns=tuple(given.get("nouns", ())),
        content=tuple(kind for kind in given.get("content", ()) if kind in counts),
        addressee=given.get("addressee", False),
    )


def inflect(lemma: str) -> tuple[str, ...]:
    """The regular forms of an English verb, its first word inflected: warn, warns, warned, warning."""
    verb, blank, rest = lemma.partition(" ")
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        forms = (verb + "es", verb + "ed", verb + "ing")
    elif verb.endswith("e"):
        forms = (verb + "s", verb + "d", verb[:-1] + "ing")
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        forms = (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    else:
        forms = (verb + "s", verb + "ed", verb + "ing")
    return tuple(form + blank + rest for form in (verb, *forms))


# What is wrong with the values --------------------------------------------------------------------------------


def _check_codes(codes: PlacedValue, section: str, report: Report) -> None:
    for code, entry in codes.items():
        definition = entry.get("definition")
        if section in _NEED_DEFINITION and not (definition and definition.value):
            report(entry.place, f"{code!r} has no definition; say in one sentence what it means", "error")
        _check_indicators(repr(code), _indicators(entry), report)


def _check_indicators(of: str, texts: Iterable[PlacedValue], report: Report) -> None:
    for text in texts:
        try:
            parse_indicator(text.value)
        except IndicatorError as error:
            report(text.place, f"{of}, indicator {error}", "error")


def _indicators(entry: PlacedValue) -> Iterator[PlacedValue]:
    """Every indicator of a code, its exceptions and positions too."""
    for key in _INDICATOR_LISTS:
        yield from entry.listed(key)
    for key in ("positions", "attitudes", "also"):
        if values := entry.get(key):
            for _, texts in values.items():  # noqa: PERF102 - it is no dict
                yield from texts.value


def _check_verb(lemma: str, verb: PlacedValue, report: Report) -> None:
    tone = verb.get("class")
    if tone is None:
        report(verb.place, f"{lemma!r} has no class; one of {', '.join(VERB_CLASSES)}", "error")
    elif tone.value not in VERB_CLASSES:
        report(tone.place, f"{lemma!r}: class {tone.value!r} is none of {', '.join(VERB_CLASSES)}", "error")
    _check_content(verb.listed("content"), repr(lemma), report)


def _check_content(kinds: Sequence[PlacedValue], where: str, report: Report) -> None:
    for kind in kinds:
        if kind.value not in VERB_CONTENT:
            message = f"{where}: content {kind.value!r} is none of {', '.join(VERB_CONTENT)}"
            report(kind.place, message, "error")


def _check_office_holders(holders: Sequence[PlacedValue], codebook: Codebook, report: Report) -> None:
    for holder in holders:
        for key, known in (("role", codebook.roles), ("side", codebook.sides)):
            given = holder.get(key)
            if given is not None and given.value not in known:
                report(given.place, f"{key} {given.value!r} is none of {', '.join(known)}", "error")


def _check_examples(codes: Mapping[str, Code], sections: Mapping[str, PlacedValue], report: Report) -> None:
    """Warn of an example that its own code does not match, and of a counter-example that it does."""
    entries = dict([*sections["frames"].items(), *sections["targets"].items()])
    for code, meant in codes.items():
        lists = (
            [*meant.positions.values(), *meant.attitudes.values()]
            if isinstance(meant, Target)
            else [meant.indicators]
        )
        if not any(lists):
            report(entries[code].place, f"{code!r} has no indicators and will never be found", "warning")
            continue
        finder = Indicators({code: [i for texts in lists for i in texts]}, {code: meant.exceptions})
        for key, wanted in (("example", True), ("counter_example", False)):
            text = getattr(meant, key)
            hits = finder.find(text) if text else []
            if text and bool(hits) != wanted:
                said = f"is matched ({hits[0].indicator!r})" if hits else "is not matched"
                report(
                    entries[code].place_of(key),
                    f"{code!r}: its {key} {said} by its own indicators",
                    "warning",
                )


def _check_overlap(indicators: Iterable[tuple[str, PlacedValue]], report: Report) -> None:
    """Warn of an indicator that is in two frames or positions: every hit of the one is a hit of the other."""
    first: dict[str, str] = {}
    for code, text in indicators:
        if first.setdefault(text.value, code) != code:
            message = f"{code!r}: indicator {text.value!r} is also in {first[text.value]!r}"
            report(text.place, message, "warning")


def _indicators_of_frames(frames: PlacedValue) -> Iterator[tuple[str, PlacedValue]]:
    for code, entry in frames.items():
        for key in ("indicators", "also"):
            yield from ((code, text) for text in entry.listed(key))


def _indicators_of_target(target: str, entry: PlacedValue) -> Iterator[tuple[str, PlacedValue]]:
    """The indicators of a target's positions, under names such as `negotiations: favourable`."""
    for key in ("positions", "also"):
        if values := entry.get(key):
            for value, texts in values.items():
                yield from ((f"{target}: {value}", text) for text in texts.value)


class PlacedIndicator(NamedTuple):
    """An indicator of a frame (or of a target's positions) and where it is written."""

    code: str
    indicator: str
    file: str
    line: int


def place_indicators(folder: Path | None = None) -> list[PlacedIndicator]:
    """Every indicator of a codebook's frames and positions with its file and line, those it extends included.

    `code` is the frame or the target. The codebook must be one that `load_codebook` takes.
    """
    home = folder or _shipped() / GENERAL

    def nothing_new(place: Place, message: str, severity: str) -> None:
        """Faults are reported by `check_codebook`."""

    frames = _read_file(home, "frames.yml", nothing_new).get("frames")
    targets = _read_file(home, "stance.yml", nothing_new).get("targets")
    found = list(_indicators_of_frames(frames)) if frames else []
    for target, entry in targets.items() if targets else ():
        found += [(target, text) for _, text in _indicators_of_target(target, entry)]
    return [PlacedIndicator(code, text.value, *text.place) for code, text in found]
