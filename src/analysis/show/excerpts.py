"""Excerpts: where texts must not be passed on, a report quotes no more than so many words of a sentence."""

from __future__ import annotations

import os
import re

from analysis.study import StudyError

LIMIT = (
    "MEDIA_ANALYSIS_EXCERPTS"  # environment variable: the words that `report --excerpts` allows a sentence
)
WORD = re.compile(r"\w+")  # so counted, a text has at least as many words as in any other way


def excerpt_limit() -> int | None:
    """The words that may be quoted of a sentence; None where nothing limits them. Raises StudyError."""
    given = os.environ.get(LIMIT, "").strip()
    if given and not (given.isdigit() and int(given)):
        raise StudyError([f"{LIMIT} is '{given}'; give it a whole number above 0, or unset it"])
    return int(given) if given else None


def excerpt(text: str, start: int, end: int, limit: int | None) -> tuple[int, int]:
    """The part of `start` to `end` to quote: all of it, or its first `limit` words.

    Always the same ones: around what is marked they would differ from page to page, and together give the sentence.
    """
    words = [match.span() for match in WORD.finditer(text, start, end)]
    if limit is None or len(words) <= limit:
        return start, end
    return start, words[limit - 1][1]
