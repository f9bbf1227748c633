"""Words and marks in a text, as spans: the smallest things that rules look at."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache, partial
from typing import NamedTuple

# One token: an abbreviation with inner points (U.S., a.m.), a number, a word with inner apostrophes or hyphens,
# or a single mark. A closing full stop stays a mark of its own, except in an abbreviation. What has matched is not
# given back (++, *+): nothing after it could fail, and to remember each letter takes as long as to read it.
_TOKEN = re.compile(
    r"[a-zA-Z]++(?=[ ,])"  # most words, told at once
    r"|[^\W\d_]\.(?:[^\W\d_]\.)++"
    r"|\d++(?:[.,:]\d++)*"
    r"|(?<![\w.])\.\d++"  # .38
    r"|[^\W_]++(?:['’\-‐‑][^\W_]++)*+"
    r"|[^\w\s]|_"
)

_WORD = re.compile(r"[^\W_]++(?:['’\-‑][^\W_]++)*+")

# What the XML inside a spreadsheet's file cannot hold.
_NOT_IN_A_CELL = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"


# What acts on a terminal instead of being shown, but for line end and tab: C0, C1, and what turns the direction of
# writing (Boucher & Anderson 2021).
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_controls(text: str) -> str:
    """The text with a sign of replacement for each character that would act on a terminal."""
    return _CONTROL.sub("\ufffd", text)


class Token(NamedTuple):
    """A word or mark with its span in the text that `offset` was counted from; `lower` is the word, folded."""

    text: str
    start: int
    end: int
    lower: str


_STRAIGHT = str.maketrans("’‘‑‐", "''--")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The word in lower case with straight apostrophes: the form in which words are compared."""
    return fold_text(word)


def fold_text(text: str) -> str:
    """`fold` of many words at once, which is not worth remembering."""
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_STRAIGHT)


_token = partial(tuple.__new__, Token)  # `Token` without the Python function that a named tuple calls first


def split_tokens(text: str, offset: int = 0) -> list[Token]:
    """Words, numbers and single marks of `text`, in order; `offset` is added to their spans."""
    return [
        _token((word := m[0], m.start() + offset, m.end() + offset, fold(word)))
        for m in _TOKEN.finditer(text)
    ]


def count_words(text: str) -> int:
    """Number of words (not marks) in `text`."""
    return len(_WORD.findall(text))


def on_one_line(text: str) -> str:
    """The text as one cell of a spreadsheet can hold it: no line breaks, no control characters, 32,000 characters."""
    return " ".join(re.sub(_NOT_IN_A_CELL, " ", text).split())[:32_000].rstrip()


def text_mark(text: str) -> str:
    """A short hash by which a sentence is recognised. It begins with a letter, so that Excel does not take it for a number."""
    return "h" + hashlib.sha256(on_one_line(text).encode()).hexdigest()[:11]
