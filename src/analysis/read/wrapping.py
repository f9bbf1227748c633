"""Lines of print and of fixed width, joined to the paragraphs that they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_ENDS = re.compile(r"[.!?:…][”\"’'»)\]]*$")
_HYPHENED = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
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
    first, second, words = first.lower(), second.lower(), _words_of(known)
    if first + second in words:
        return False
    if f"{first}-{second}" in words:
        return True
    return all(len(half) >= 4 and half in words for half in (first, second))


@lru_cache(maxsize=8)
def _words_of(text: str) -> frozenset[str]:
    """The text's words in lower case, those with hyphens whole."""
    return frozenset(word.lower().replace("‐", "-") for word in _HYPHENED.findall(text))


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
