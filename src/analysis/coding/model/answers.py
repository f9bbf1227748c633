"""Answers of a language model, checked: only codes of the codebook, only evidence that is in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analysis.coding.model.prompt import (
    AUTHOR,
    FRAMES,
    OTHER,
    STANCE,
    TONE,
    Question,
    Request,
    Unit,
)


class AnswerError(ValueError):
    """An answer, or a unit's part of it, that cannot be used; the message says why."""


class Given(NamedTuple):
    """One code that was given: its evidence in the article (None where none was found there), and its holder.

    `holder` is a source's id, `author` or `other`, "" where nobody was asked for one.
    """

    value: str
    start: int | None
    end: int | None
    holder: str


@dataclass(frozen=True)
class Answer:
    """What was answered to each question on each unit; a question without a code has an empty list.

    `faults` says of each unit that cannot be used what is wrong with its part.
    """

    given: Mapping[tuple[str, Question], Sequence[Given]]
    faults: Mapping[str, str]


_FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")  # in which some models wrap what they answer


def read_answer(request: Request, content: str) -> Answer:
    """The answer to a request. Raises AnswerError where it is no JSON object with a list `units`."""
    try:
        held = json.loads(_FENCE.sub("", content.strip()))
    except ValueError as error:
        raise AnswerError(f"is not JSON ({error})") from None
    parts = held.get("units") if isinstance(held, dict) else None
    if not isinstance(parts, list):
        raise AnswerError("has no list `units`")
    given: dict[tuple[str, Question], Sequence[Given]] = {}
    faults: dict[str, str] = {}
    for number, unit in enumerate(request.units, start=1):
        own = [p for p in parts if isinstance(p, dict) and p.get("id") == number]
        if len(own) != 1:
            faults[unit.unit_id] = f"has {len(own)} entries for unit {number}, not one"
            continue
        try:
            _check_codes(own[0], request.questions)
            codes = {question: _given(question, own[0], unit) for question in request.questions}
        except AnswerError as fault:
            faults[unit.unit_id] = str(fault)
        else:
            given |= {(unit.unit_id, question): found for question, found in codes.items()}
    return Answer(given, faults)


def _check_codes(part: Mapping[str, Any], questions: Sequence[Question]) -> None:
    """Raises AnswerError where the part gives a frame or speaks of a target that was not asked for."""
    for field, name, asked in (
        ("frames", "code", [q.code for q in questions if q.variable == FRAMES]),
        ("stances", "target", [q.code for q in questions if q.variable.startswith(STANCE)]),
    ):
        for row in _rows(part, field) if asked else ():
            _known(row.get(name), asked)


def _given(question: Question, part: Mapping[str, Any], unit: Unit) -> list[Given]:
    """The codes that a unit's part of an answer gives to one question. Raises AnswerError."""
    if question.variable == FRAMES:
        own = [row for row in _rows(part, "frames") if row.get("code") == question.code]
        return [_found("yes", row, unit, "") for row in own[:1]]
    if question.variable.startswith(STANCE):
        rows = [row for row in _rows(part, "stances") if row.get("target") == question.code]
        found = [
            _found(_known(row.get("stance"), question.values), row, unit, _holder(row.get("holder"), unit))
            for row in rows
        ]
        return list({given.holder: given for given in reversed(found)}.values())[::-1]
    if question.variable == TONE:
        row = part.get("tone")
        if not isinstance(row, dict):
            raise AnswerError("has no tone")
        return [_found(_known(row.get("value"), question.values), row, unit, "")]
    return [Given(_known(part.get(question.variable), question.values), None, None, "")]


def _rows(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = part.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise AnswerError(f"has no list `{name}`")
    return rows


def _known(value: object, values: Sequence[str]) -> str:
    if value not in values:
        raise AnswerError(f"{value!r} is none of {', '.join(values)}")
    return str(value)


def _holder(value: object, unit: Unit) -> str:
    if value in (AUTHOR, OTHER):
        return str(value)
    number = re.fullmatch(r"S(\d+)", str(value))
    if number is None or not 1 <= int(number[1]) <= len(unit.holders):
        raise AnswerError(f"holder {value!r} is nobody who speaks in the sentence")
    return unit.holders[int(number[1]) - 1]


def _found(value: str, row: Mapping[str, Any], unit: Unit, holder: str) -> Given:
    place = find_evidence(unit.text, str(row.get("evidence") or ""))
    if place is None:
        return Given(value, None, None, holder)
    return Given(value, unit.start + place[0], unit.start + place[1], holder)


_ALIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def find_evidence(text: str, words: str) -> tuple[int, int] | None:
    """Where the words are in the text: as written, or but for white space, capitals and the form of marks; else None.

    Models copy verbatim two times in three; words that the text does not hold are no evidence.
    """
    wanted = words.translate(_ALIKE).strip().strip(".…\"' ").split()
    if not wanted:
        return None
    pattern = r"\s+".join(map(re.escape, wanted))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", text.translate(_ALIKE), re.IGNORECASE)
    return found.span() if found else None
