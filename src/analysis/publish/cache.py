"""What need not be made again: known by all that it was made from, and by the bytes of the files that lie there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis import store


def fingerprint(paths: Iterable[Path], *values: object) -> str:
    """A digest of the files' places and bytes, and of the values as Python writes them."""
    digest = sha256(repr(values).encode())
    for path in paths:
        digest.update(f"\0{path}\0{_digest(path)}".encode())
    return digest.hexdigest()


def machinery() -> str:
    """A digest of what makes a report whatever the study: this package's files, Python, what is installed."""
    package = Path(__file__).parent.parent
    own = (p for p in sorted(package.rglob("*")) if p.is_file() and p.suffix != ".pyc")
    return fingerprint(own, sys.version, _installed())


def _installed() -> list[str]:
    """Names with versions of all that is installed: the names of the folders in which installers note it."""
    places = [Path(place) for place in sys.path if os.path.isdir(place)]
    return sorted({p.name for place in places for p in place.glob("*-info")})


def write_record(record: Path, made_from: str, files: Iterable[Path], **known: Any) -> None:
    """Write down from what the files were made, what they hold, and what else is worth knowing the next time."""
    found = {os.path.relpath(path, record.parent): _digest(path) for path in sorted(files)}
    text = json.dumps({"made_from": made_from, "files": found, **known}, ensure_ascii=False, sort_keys=True)
    with suppress(OSError), store.filled(record.parent) as new:  # else it is just made again
        (new / record.name).write_text(text, encoding="utf-8")


def load_unchanged(record: Path, made_from: str) -> Mapping[str, Any] | None:
    """What `write_record` wrote down; None where it was made from something else, or a file is gone or was changed."""
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        if known["made_from"] != made_from:
            return None
        same = all(_digest(record.parent / name) == digest for name, digest in known["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return known if same else None


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
