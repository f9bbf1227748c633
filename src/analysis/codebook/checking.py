"""What is wrong with a codebook's entries: errors, with which it cannot be used, and warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.codebook.codes import (
    INTERRUPTED,
    POSITION_WORTH,
    REPORTS,
    VERB_CLASSES,
    VERB_CONTENT,
    Code,
    Codebook,
    Target,
)
from analysis.codebook.entries import Entries
from analysis.indicators import IndicatorError, Indicators, parse_indicator
from analysis.language import Language
from analysis.yaml_places import PlacedValue, Report

_INDICATOR_LISTS = ("indicators", "except", "about", "context", "also")
_NEED_DEFINITION = ("frames", "targets", "roles")
_CODES = (
    "frames",
    "targets",
    "roles",
    "sides",
    "expertise",
    "actors",
    "facts",
)  # keys under which codes stand


@dataclass(frozen=True)
class Fault:
    """One fault: an error stops the codebook from being used, a warning does not."""

    file: str
    line: int
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


def check_entries(entries: Entries, codebook: Codebook, report: Report) -> None:
    """Report what single entries say that cannot be, and references to what is not there."""
    for key in _CODES:
        _check_codes(entries[key], key, report)
    for lemma, verb in entries["verbs"].items():
        _check_verb(lemma, verb, report)
    for code, entry in entries["facts"].items():
        _check_fact(code, entry, report)
    _check_content(entries.listed("counts"), "counts", report)
    for key in ("refusals", "factual"):
        _check_indicators(key, entries.listed(key), report)
    _check_interrupted(entries.get("interrupted"), report)
    _check_office_holders(entries.listed("office_holders"), codebook, report)
    for target, entry in entries["targets"].items():
        _check_worth(target, entry, report)
        _check_implied(target, entry, codebook.targets, report)


def check_indicators_in_use(entries: Entries, codebook: Codebook, report: Report) -> None:
    """Warn of examples that indicators do not fit, and of indicators that are given twice; all must be readable."""
    shown = {code: fact for code, fact in codebook.facts.items() if fact.indicators}
    _check_examples({**codebook.frames, **codebook.targets, **shown}, entries, report)
    _check_overlap(entries.frame_indicators(), report)
    for target in codebook.targets:
        _check_overlap(entries.position_indicators(target), report)


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
    reports = verb.get("reports")
    if reports is not None and reports.value not in REPORTS:
        report(
            reports.place, f"{lemma!r}: reports {reports.value!r} is none of {', '.join(REPORTS)}", "error"
        )
    _check_content(verb.listed("content"), repr(lemma), report)


def _check_fact(code: str, entry: PlacedValue, report: Report) -> None:
    """A fact needs the day on which it became known, without which nobody can be said to have left it out."""
    known, source = entry.get("known"), entry.get("source")
    if known is None or not known.value:
        report(
            entry.place, f"{code!r} has no day on which it became known; write `known: 2025-02-18`", "error"
        )
    elif not _is_day(known.value):
        report(
            known.place,
            f"{code!r}: known is {known.value!r}; write a date such as 2025-02-18 or 2025-02",
            "error",
        )
    if not any(entry.listed(key) for key in ("indicators", "also", "examples")):
        message = f"{code!r} has neither indicators nor examples and will never be found"
        report(entry.place, message, "error")
    if source is None or not source.value:
        message = f"{code!r} has no source; give the address that shows on which day it became known"
        report(entry.place, message, "warning")


def _is_day(text: str) -> bool:
    """Whether it is an ISO 8601 date, or a month or year of one."""
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return len(text) in (4, 7, 10)


def _check_content(kinds: Sequence[PlacedValue], where: str, report: Report) -> None:
    for kind in kinds:
        if kind.value not in VERB_CONTENT:
            message = f"{where}: content {kind.value!r} is none of {', '.join(VERB_CONTENT)}"
            report(kind.place, message, "error")


def _check_interrupted(said: PlacedValue | None, report: Report) -> None:
    if said and said.value not in INTERRUPTED:
        known = " or ".join(INTERRUPTED)
        report(said.place, f"interrupted is {said.value!r}; it must be {known}", "error")


def _check_office_holders(holders: Sequence[PlacedValue], codebook: Codebook, report: Report) -> None:
    for holder in holders:
        for key, known in (("role", codebook.roles), ("side", codebook.sides)):
            given = holder.get(key)
            if given is not None and given.value not in known:
                report(given.place, f"{key} {given.value!r} is none of {', '.join(known)}", "error")


def check_roles(roles: PlacedValue, language: Language, report: Report) -> None:
    """Report kinds of nouns for persons that the language does not have, and former roles that are none."""
    known = {name.removesuffix("_noun") for name in language.lists if name.endswith("_noun")}
    for code, entry in roles.items():
        for kind in entry.listed("occupations"):
            if kind.value not in known:
                message = (
                    f"{code!r}: occupation {kind.value!r} is no kind of nouns for persons in {language.name}"
                )
                report(kind.place, message, "warning")
        former = entry.get("former")
        if former is not None and former.value not in roles.value:
            known_roles = ", ".join(roles.value)
            report(former.place, f"{code!r}: former {former.value!r} is none of {known_roles}", "error")


def _check_worth(target: str, entry: PlacedValue, report: Report) -> None:
    """Warn of positions that are neither for nor against: a net stance cannot count them."""
    positions = entry.get("positions")
    if positions is None:
        return
    if unknown := [one for one, _ in positions.items() if one not in POSITION_WORTH]:
        known = ", ".join(POSITION_WORTH)
        message = (
            f"{target!r}: net stance cannot count {', '.join(map(repr, unknown))}; what it knows is {known}"
        )
        report(positions.place, message, "warning")


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


def _check_examples(codes: Mapping[str, Code], entries: Entries, report: Report) -> None:
    """Warn of an example that its own code does not match, and of a counter-example that it does."""
    placed = dict([entry for key in ("frames", "targets", "facts") for entry in entries[key].items()])
    for code, meant in codes.items():
        lists = (
            [*meant.positions.values(), *meant.attitudes.values()]
            if isinstance(meant, Target)
            else [meant.indicators]
        )
        if not any(lists):
            report(placed[code].place, f"{code!r} has no indicators and will never be found", "warning")
            continue
        finder = Indicators({code: [i for texts in lists for i in texts]}, {code: meant.exceptions})
        for key, wanted in (("example", True), ("counter_example", False)):
            text = getattr(meant, key)
            hits = finder.find(text) if text else []
            if text and bool(hits) != wanted:
                said = f"is matched ({hits[0].indicator!r})" if hits else "is not matched"
                report(
                    placed[code].place_of(key),
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
