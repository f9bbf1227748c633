"""From a file to its text, exactly as decoded. What cannot be an article is refused with the reason."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

SUFFIXES = (".txt",)
MAX_BYTES = 5_000_000  # the longest magazine pieces are 0.2 MB: anything above is a book, a dump or a mistake


class UnreadableArticleError(ValueError):
    """The file is not an article; the message says why and what to do."""


def load_text(path: Path) -> tuple[str, str]:
    """The file's text, unchanged, and the SHA-256 of its bytes.

    Raises UnreadableArticleError for an empty, enormous, binary or non-UTF-8 file.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableArticleError(
                f"has {size / 1e6:.0f} MB, more than the {MAX_BYTES / 1e6:.0f} MB an article may have; "
                "put each article into a file of its own"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableArticleError(f"cannot be read ({error.strerror}); check its permissions") from None
    if not data.strip():
        raise UnreadableArticleError("is empty; put the article's text into it or remove the file")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableArticleError("is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise UnreadableArticleError("is binary, not text; save the article as plain text in UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableArticleError(
            f"line {line}: byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8 "
            "(often it is Windows-1252)"
        ) from None
    if not any(c.isalpha() for c in text):
        raise UnreadableArticleError("holds no words; put the article's text into it or remove the file")
    return text, hashlib.sha256(data).hexdigest()
