"""Files from outside, measured before they are read: a stranger's file can be anything, of any size."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 100_000_000  # a file with tables: a hundred thousand coded sentences have a third of it
MAX_UNPACKED = (
    200_000_000  # what a compressed one holds; a coder with 20,000 words and 20 codes has a tenth of it
)
MAX_COLUMNS = 1_000  # of a table

# Without O_NONBLOCK, to open a pipe waits until somebody writes into it; systems that lack one of these need it not.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def load_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file. Raises OSError, too, where it is a pipe or device, which may never end, or too large."""
    with open_file(path, most) as file:
        return file.read(most + 1)


def decode_table(data: bytes, otherwise: str = "") -> tuple[str, str]:
    """The text of a CSV file, and the sign between its cells: Excel writes a semicolon where the comma is the decimal sign.

    UTF-8, or UTF-16 where the file says so, or else the encoding `otherwise`. Raises UnicodeDecodeError.
    """
    marked = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(marked)
    except UnicodeDecodeError:
        if not otherwise:
            raise
        text = data.decode(otherwise)
    return text, max(",;\t", key=next(iter(text.splitlines()), "").count)


def open_file(path: Path, most: int = MAX_BYTES) -> BinaryIO:
    """The file, open for reading, under the conditions of `load_bytes`."""
    descriptor = os.open(path, _READING)
    found = os.fstat(descriptor)
    wrong = None
    if stat.S_ISDIR(found.st_mode):
        wrong = errno.EISDIR
    elif not stat.S_ISREG(found.st_mode):
        wrong = errno.EINVAL
    elif found.st_size > most:
        wrong = errno.EFBIG
    if wrong:
        os.close(descriptor)
        said = {errno.EINVAL: "Not a file", errno.EFBIG: f"Larger than {most / 1e6:,.0f} MB"}
        raise OSError(wrong, said.get(wrong, os.strerror(wrong)), str(path))
    return os.fdopen(descriptor, "rb")


def require_small(archive: zipfile.ZipFile, most: int = MAX_UNPACKED) -> None:
    """Raise ValueError where an archive unpacks to more than `most` bytes; none of it is unpacked for that."""
    if sum(member.file_size for member in archive.infolist()) > most:
        raise ValueError(f"it unpacks to more than {most / 1e6:,.0f} MB")
