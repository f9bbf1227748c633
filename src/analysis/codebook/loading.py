"""From a codebook's folder to the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from analysis.codebook.checking import Fault, check_entries, check_indicators_in_use, check_roles
from analysis.codebook.codes import (
    FAVOURABLE,
    SPEECH,
    UNFAVOURABLE,
    VERB_CONTENT,
    Code,
    Codebook,
    Fact,
    OfficeHolder,
    Role,
    Target,
    Verb,
)
from analysis.codebook.entries import GENERAL, SHAPES, CodebookError, Entries, read_entries, shipped
from analysis.codebook.persons_file import read_persons
from analysis.language import ENGLISH, Language, load_language
from analysis.yaml_places import Place, Report


def load_codebook(folder: Path | None = None, language: str | Path = ENGLISH) -> Codebook:
    """The codebook of a folder, or a shipped one by its name, by default the general one.

    The language inflects the reporting verbs that are given without their forms.
    Raises CodebookError with all its errors at once.
    """
    _, codebook, faults = _read(folder, language)
    errors = [str(f) for f in faults if f.severity == "error"]
    if errors:
        raise CodebookError("\n".join(errors))
    return codebook


def codebook_files(folder: Path | None = None) -> list[Path]:
    """The files that `load_codebook` begins with: the folder's own, and the general ones for those it lacks."""
    general = shipped() / GENERAL
    own = folder if folder is not None and folder.is_dir() else general
    return [own / name if (own / name).exists() else general / name for name in SHAPES]


def check_codebook(folder: Path | None = None, language: str | Path = ENGLISH) -> list[Fault]:
    """Every fault of a codebook: errors, then warnings, each by file and line."""
    return sorted(read_codebook(folder, language)[1], key=lambda f: (f.severity, f.file, f.line))


def read_codebook(folder: Path | None = None, language: str | Path = ENGLISH) -> tuple[Codebook, list[Fault]]:
    """The codebook as far as it can be read, and every fault of it."""
    entries, codebook, faults = _read(folder, language)
    if not any(fault.severity == "error" for fault in faults):
        check_indicators_in_use(entries, codebook, _into(faults))
    return codebook, faults


def _into(faults: list[Fault]) -> Report:
    def report(place: Place, message: str, severity: str) -> None:
        faults.append(Fault(place.file, place.line, message, severity))

    return report


def _read(folder: Path | None, language: str | Path) -> tuple[Entries, Codebook, list[Fault]]:
    """The entries, the codebook made of them, and every fault with which it could not be used."""
    faults: list[Fault] = []
    report = _into(faults)
    entries = read_entries(folder, report)
    codebook = _codebook(entries, load_language(language))
    persons = read_persons(entries.folder, codebook.roles, codebook.sides, report)
    codebook = replace(codebook, persons=persons)
    check_entries(entries, codebook, report)
    check_roles(entries["roles"], load_language(language), report)
    return entries, codebook, faults


def _codebook(entries: Entries, language: Language) -> Codebook:
    home = entries.folder
    interrupted = entries.get("interrupted")
    counts = [kind.value for kind in entries.listed("counts")] or VERB_CONTENT

    def codes(key: str) -> dict[str, Code]:
        return {code: _code(code, entry.plain()) for code, entry in entries[key].items()}

    return Codebook(
        name=home.parent.name if home.name == "codebook" else home.name,
        frames=codes("frames"),
        targets={code: _target(code, entry.plain()) for code, entry in entries["targets"].items()},
        roles={code: _role(code, entry.plain()) for code, entry in entries["roles"].items()},
        sides=codes("sides"),
        expertise=codes("expertise"),
        office_holders=tuple(_office_holder(holder.plain()) for holder in entries.listed("office_holders")),
        verbs={verb: _verb(verb, v.plain(), counts, language) for verb, v in entries["verbs"].items()},
        refusals=tuple(text.value for text in entries.listed("refusals")),
        whole_quotes=interrupted is None or interrupted.value != "pieces",
        tone={word.lower(): score.value for word, score in entries["words"].items()},
        factual=tuple(text.value for text in entries.listed("factual")),
        no_tone=frozenset(word.value.lower() for word in entries.listed("no_tone")),
        actors=codes("actors"),
        facts={code: _fact(code, entry.plain()) for code, entry in entries["facts"].items()},
    )


def _code(code: str, given: dict[str, Any]) -> Code:
    return Code(code, **_common(code, given), indicators=_all_indicators(given))


def _role(code: str, given: dict[str, Any]) -> Role:
    return Role(
        code,
        **_common(code, given),
        indicators=_all_indicators(given),
        occupations=tuple(given.get("occupations", ())),
        former=given.get("former", ""),
    )


def _fact(code: str, given: dict[str, Any]) -> Fact:
    return Fact(
        code,
        **_common(code, given),
        indicators=_all_indicators(given),
        known=given.get("known", ""),
        source=given.get("source", ""),
        examples=tuple(given.get("examples", ())),
    )


def _all_indicators(given: dict[str, Any]) -> tuple[str, ...]:
    return (*given.get("indicators", ()), *given.get("also", ()))


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
    if {FAVOURABLE, UNFAVOURABLE} <= set(positions):
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


def _verb(lemma: str, given: dict[str, Any], counts: Sequence[str], language: Language) -> Verb:
    return Verb(
        lemma,
        tone=given.get("class", "neutral"),
        forms=tuple(given.get("forms", ())) or language.inflect(lemma),
        nouns=tuple(given.get("nouns", ())),
        content=tuple(kind for kind in given.get("content", ()) if kind in counts),
        addressee=given.get("addressee", False),
        reports=given.get("reports", SPEECH),
    )


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

    def nothing_new(place: Place, message: str, severity: str) -> None:
        """Faults are reported by `check_codebook`."""

    entries = read_entries(folder, nothing_new)
    found = list(entries.frame_indicators())
    for target in dict(entries["targets"].items()):
        found += [(target, text) for _, text in entries.position_indicators(target)]
    return [PlacedIndicator(code, text.value, *text.place) for code, text in found]
