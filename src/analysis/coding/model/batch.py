"""Requests and answers by way of files, in the form of OpenAI's Batch API, which many providers and runners read.

For half the price where a provider offers it, and for models that no network reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.coding.model.answers import AnswerError, read_answer
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import Request
from analysis.coding.model.sending import Outcome
from analysis.study import StudyError


def export_requests(requests: Iterable[Request], path: Path) -> int:
    """Write the requests, one a line; how many there are comes back. Raises OSError."""
    lines = [
        json.dumps(
            {"custom_id": r.request_id, "method": "POST", "url": "/v1/chat/completions", "body": r.body},
            ensure_ascii=False,
        )
        for r in requests
    ]
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    partial.replace(path)
    return len(lines)


def import_answers(path: Path, requests: Iterable[Request], model: str, ledger: Ledger) -> Outcome:
    """Keep the answers of a file to these requests; those that are known already are passed over.

    Raises StudyError, keeping nothing, where the file is no batch of answers, or answers what was not asked: then it is
    another study's, or codebook or articles have changed since the export.
    """
    asked = {request.request_id: request for request in requests}
    answers = _load(path)
    strangers = [name for name in answers if name not in asked and name not in ledger.requests]
    if strangers:
        raise StudyError(
            [
                f"{path}: {len(strangers)} of {len(answers)} answers are to requests that this study does not make "
                f"(the first is {strangers[0]!r}); the file is of another study or model, or articles or codebook have "
                "changed since the export: export anew"
            ]
        )
    outcome = Outcome()
    for name, content in answers.items():
        if name not in asked:
            continue
        outcome.answered += 1
        try:
            answer = read_answer(asked[name], content)
        except AnswerError as error:
            outcome.unusable |= {unit.unit_id: str(error) for unit in asked[name].units}
            continue
        outcome.unusable |= answer.faults
        if answer.given:
            ledger.keep(asked[name], answer, model)
    return outcome


def _load(path: Path) -> dict[str, str]:
    """The content of each answer by the id of its request."""
    found: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise StudyError(
            [f"{path}: not UTF-8; it should be a file of answers, one JSON object a line"]
        ) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found[str(row["custom_id"])] = _content(row)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            raise StudyError(
                [
                    f"{path}, line {number}: is no answer of a batch (custom_id, response.body.choices); nothing was kept"
                ]
            ) from None
    return found


def _content(row: Mapping[str, Any]) -> str:
    """The words of an answer, "" where the provider reports an error instead of one."""
    response = row.get("response")
    if not response or response.get("status_code", 200) != 200:
        return ""
    return str(response["body"]["choices"][0]["message"]["content"] or "")
