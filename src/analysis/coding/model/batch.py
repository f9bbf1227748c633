"""Requests and answers by way of files, in the form of OpenAI's Batch API, which many providers and runners read.

For half the price where a provider offers it, and for models that no network reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

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

    Raises StudyError, keeping nothing, where the file is no batch of answers, or holds none, or answers what was not
    asked: then it is another study's, or codebook or articles have changed since the export.
    """
    asked = {request.request_id: request for request in requests}
    answers = _load(path)
    if not answers:
        raise StudyError(
            [
                f"{path}: holds no answers; give the file of answers that the provider made of the exported requests. "
                "The coding stays as it was"
            ]
        )
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
    for name, (content, error, tokens) in answers.items():
        if name not in asked:
            continue
        outcome.answered += 1
        outcome.tokens += tokens
        try:
            answer = read_answer(asked[name], content)
        except AnswerError as fault:
            outcome.unusable |= {unit.unit_id: error or str(fault) for unit in asked[name].units}
            continue
        outcome.unusable |= answer.faults
        if answer.given:
            ledger.keep(asked[name], answer, model, tokens)
    return outcome


class _Row(NamedTuple):
    content: str
    error: str  # what the provider says where there is no answer
    tokens: int


def _load(path: Path) -> dict[str, _Row]:
    """What the file has for each request, by its id."""
    found: dict[str, _Row] = {}
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
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            what = (
                "is a request" if '"body"' in line and '"response"' not in line else "is no answer of a batch"
            )
            raise StudyError(
                [
                    f"{path}, line {number}: {what}; give the file of answers that the provider made of the exported "
                    "requests (custom_id, response.body.choices); nothing was kept"
                ]
            ) from None
    return found


def _content(row: Mapping[str, Any]) -> _Row:
    """An answer, or the reason where the provider reports an error instead. Raises KeyError where the row has neither."""
    response, error = row.get("response"), row.get("error")
    if not {"response", "error"} & set(row):
        raise KeyError("response")
    status = (response or {}).get("status_code", 200)
    if not response or status != 200:
        said = error.get("message") if isinstance(error, dict) else error
        why = " ".join(str(said or "no reason given").split())[:200]
        return _Row("", f"the provider reports an error{f' {status}' if status != 200 else ''} ({why})", 0)
    body = response["body"]
    used = int((body.get("usage") or {}).get("total_tokens") or 0)
    return _Row(str(body["choices"][0]["message"]["content"] or ""), "", used)
