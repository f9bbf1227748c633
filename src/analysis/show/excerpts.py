"""Excerpts: where texts must not be passed on, no more than so many words of a sentence are quoted."""

from __future__ import annotations

import re

WORD = re.compile(r"\w+")  # so counted, a text has at least as many words as in any other way


def excerpt(text: str, start: int, end: int, limit: int | None) -> tuple[int, int]:
    """The part of `start` to `end` to quote: all of it, or its first `limit` words.

    Always the same ones: around what is marked they would differ from page to page, and together give the sentence.
    """
    words = [match.span() for match in WORD.finditer(text, start, end)]
    if limit is None or len(words) <= limit:
        return start, end
    return start, words[limit - 1][1]


def shortened(words: str, limit: int | None) -> str:
    """The words, with a limit no more than so many of them."""
    end = excerpt(words, 0, len(words), limit)[1]
    return words if end == len(words) else f"{words[:end]} …"
