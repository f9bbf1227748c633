"""Lines of print and of fixed width, joined to the paragraphs that they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ENDS = re.compile(r"[.!?:…][”\"’'»)\]]*$")
_BROKEN = re.compile(r"(?P<first>[^\W\d_]+)[-‐\u00ad]$")


def join_lines(lines: Iterable[str], known: str = "") -> str:
    """The lines as one; a word that was broken at a line's end is whole again.

    `known`: the text around, whose words decide whether a hyphen belongs to a word (`self-made`).
    """
    joined = ""
    for line in (one.strip() for one in lines):
        if not line:
            continue
        broken = _BROKEN.search(joined)
        second = re.match(r"[^\W\d_]+", line)
        if not joined or re.match(r"[,.;:!?](\s|$)", line):
            joined += line
        elif broken and second and (joined.endswith("\u00ad") or second[0][0].islower()):
            keep = hyphen_belongs(broken["first"], second[0], known) and not joined.endswith("\u00ad")
            joined = (joined if keep else joined[:-1]) + line
        elif broken and second:
            joined += line
        else:
            joined += f" {line}"
    return joined


def hyphen_belongs(first: str, second: str, known: str) -> bool:
    """Whether a hyphen at a line's end is the word's own, as the rest of the text shows."""
    whole = rf"\b{re.escape(first)}{re.escape(second)}\b"
    if re.search(whole, known, re.IGNORECASE):
        return False
    if re.search(rf"\b{re.escape(first)}[-‐]{re.escape(second)}\b", known, re.IGNORECASE):
        return True
    return all(
        len(half) >= 4 and re.search(rf"(?<![-‐\w]){re.escape(half)}(?![-‐\w])", known, re.IGNORECASE)
        for half in (first, second)
    )


def paragraphs_at_gaps(lines: Sequence[str]) -> list[str]:
    """Paragraphs of lines of fixed width: what lies between two empty lines is one."""
    known = "\n".join(lines)
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [join_lines(group, known) for group in groups if group]


def are_wrapped(lines: Sequence[str]) -> bool:
    """Whether most lines were cut at a fixed width: alike in length, and no sentence ends with them."""
    full = [line.rstrip() for line in lines if line.strip()]
    if len(full) < 4:
        return False
    width = max(map(len, full))
    if width > 110:
        return False
    long = [line for line in full if len(line) >= 0.75 * width]
    return len(long) >= 0.4 * len(full) and sum(not _ENDS.search(line) for line in long) >= 0.5 * len(long)


def as_paragraphs(lines: Sequence[str]) -> list[str]:
    """The paragraphs of a text: one a line, or, where lines were cut at a fixed width, between empty lines."""
    if are_wrapped(lines):
        return paragraphs_at_gaps(lines)
    return [" ".join(line.split()) for line in lines if line.strip()]
