"""Kept answers: one line of a file for each, written as soon as it is there, never changed.

A line holds codes and offsets, no words of an article. A run that is killed has every answer that came back; what a
full disk or a kill left of a last line is not read. Nothing is asked twice whose key is here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.coding.model.answers import Answer, Given
from analysis.coding.model.prompt import Request, key_of


class Ledger:
    """The answers of one model to one study's questions, in one file; `path` need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: dict[str, list[Given]] = {}
        self.requests: set[str] = set()
        self.models: set[str] = set()
        self.tokens = 0
        self.damaged: list[int] = []  # numbers of lines that are not as they were written
        self._end = 0  # bytes up to the last whole line
        if path.exists():
            self._read()

    def _read(self) -> None:
        data = self.path.read_bytes()
        self._end = data.rfind(b"\n") + 1
        for number, line in enumerate(data[: self._end].splitlines(), start=1):
            entry = _unsealed(line)
            if entry is None:
                self.damaged.append(number)
            else:
                self._take(entry)

    def _take(self, entry: Mapping[str, Any]) -> None:
        self.requests.add(str(entry["request"]))
        self.models.add(str(entry["model"]))
        self.tokens += int(entry.get("tokens", 0))
        for key, given in entry["answers"].items():
            self.answers[key] = [Given(*row) for row in given]

    def keep(self, request: Request, answer: Answer, model: str, tokens: int = 0) -> None:
        """Write the answer down. Raises OSError; what was kept before stays."""
        units = {unit.unit_id: unit for unit in request.units}
        entry = {
            "request": request.request_id,
            "model": model,
            "tokens": tokens,
            "answers": {
                key_of(units[unit], question, model, request.order): [list(g) for g in given]
                for (unit, question), given in answer.given.items()
            },
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if self.path.exists() else "wb") as file:
            file.seek(self._end)
            file.truncate()  # the torn end of a line
            file.write(_sealed(entry))
            file.flush()
            os.fsync(file.fileno())
            self._end = file.tell()
        self._take(entry)


def _sealed(entry: Mapping[str, Any]) -> bytes:
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    return f"{_digest(text)} {text}\n".encode()


def _unsealed(line: bytes) -> dict[str, Any] | None:
    """The entry of a line; None where the line is not as it was written."""
    try:
        digest, _, text = line.decode().partition(" ")
        entry = json.loads(text) if digest == _digest(text) else None
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
