"""A file's bytes, or those of a part of one, and the text they stand for."""

from __future__ import annotations

import codecs
import errno
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from analysis.outside import load_bytes
from analysis.read.found import UnreadableArticleError

MAX_FILE = 500_000_000  # bytes; what is larger is no download of articles but a dump of a data base
MAX_ARTICLE = 5_000_000  # characters; the longest magazine pieces have 200,000: above is a book or a mistake
MAX_UNPACKED = 500_000_000  # bytes out of one archive
MAX_DEPTH = 4  # archives in archives
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)
BINARY = "is binary, not text in a form that is read; save the article as a web page, PDF, Word or plain text"
_SINGLE_BYTES = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Source:
    """`data` is what the file holds; `name` how it is called, `depth` in how many archives it lies."""

    name: str
    data: bytes
    depth: int = 0
    address: str = ""  # where it was published, as the archive says
    charset: str = ""  # the encoding that the archive announces

    @classmethod
    def from_file(cls, path: Path) -> Source:
        """Raises UnreadableArticleError for a file that is too large, empty or cannot be read."""
        try:
            data = load_bytes(path, MAX_FILE)
        except OSError as error:
            raise UnreadableArticleError(_why_not_read(path, error)) from None
        if not data or data.isspace():
            raise UnreadableArticleError("is empty; put the article's text into it or remove the file")
        return cls(path.name, data)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, without a byte order mark and blanks."""
        head = self.data[:4096]
        return head.removeprefix(codecs.BOM_UTF8).lstrip()

    @cached_property
    def is_text(self) -> bool:
        """Whether the bytes can be text at all."""
        if self.data.startswith(_MARKS):
            return True
        if b"\0" not in self.data and self.utf8 is not None:  # also with codes for a terminal in it
            return True
        sample = self.data[:65536]
        return len(_CONTROLS.findall(sample)) <= len(sample) // 1000

    @cached_property
    def utf8(self) -> str | None:
        """The bytes read as UTF-8, with any byte order mark; None where they are none."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return None

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return decode(self.data, self.charset)

    @property
    def text(self) -> str:
        """The text as decoded, without a byte order mark, all line ends as they are. Raises UnreadableArticleError."""
        return self._decoded[0]

    @property
    def encoding_remark(self) -> str:
        """What to say of the encoding; empty for UTF-8."""
        return self._decoded[1]

    @cached_property
    def beginning(self) -> str:
        """The first 20,000 characters of the text; empty for what is no text."""
        try:
            return self.text[:20_000] if self.is_text else ""
        except UnreadableArticleError:
            return ""


def _why_not_read(path: Path, error: OSError) -> str:
    if error.errno == errno.EFBIG:
        size, most = path.stat().st_size / 1e6, MAX_FILE / 1e6
        return f"has {size:,.0f} MB, more than the {most:,.0f} MB that are read; split it into smaller files"
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ENXIO):
        return "is no file; name one that holds articles"
    return f"cannot be read ({error.strerror}); check its permissions"


def decode(data: bytes, announced: str = "") -> tuple[str, str]:
    """The text of the bytes, and a remark where they are not UTF-8.

    By byte order mark, then UTF-8 (other bytes are hardly ever valid as that), then as announced, then Windows-1252 where its typographical signs or Western
    letters explain the bytes, and last what charset-normalizer finds. Raises UnreadableArticleError for binary data.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                break
            name = "" if encoding == "utf-8-sig" else encoding.upper()
            return text.removeprefix("\ufeff"), f"is {name}; read as that" if name else ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        wrong = error
    if announced and (found := _as_announced(data, announced)):
        return found
    if len(_CONTROLS.findall(data[:65536])) > len(data[:65536]) // 1000:
        raise UnreadableArticleError(BINARY)
    line = data.count(b"\n", 0, wrong.start) + 1
    where = f"line {line}: byte 0x{data[wrong.start]:02X} is not UTF-8"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return _guessed(data, where)
    if _looks_western(data):
        return text, f"{where}; read as Windows-1252"
    return _guessed(data, where)


def _as_announced(data: bytes, announced: str) -> tuple[str, str] | None:
    """Pages that say ISO-8859-1 are Windows-1252 (WHATWG); None where the bytes are not what they are said to be."""
    name = "cp1252" if re.fullmatch(r"(?i)(iso-?8859-?1|latin-?1|(us-)?ascii)", announced) else announced
    try:
        return data.decode(name), ""
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _looks_western(data: bytes) -> bool:
    """Whether the bytes above ASCII are rare, as in English, or letters and signs of Western Europe."""
    high = _SINGLE_BYTES.findall(data)
    western = sum(
        byte[0]
        in b"\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xbb"
        or byte[0] >= 0xC0
        for byte in high
    )
    return len(high) < 0.08 * len(data) and western >= 0.9 * len(high)


def _guessed(data: bytes, where: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000]).best()
    if best is None:
        return data.decode(
            "cp1252", "replace"
        ), f"{where}, nor any encoding that is known; some letters are lost"
    return data.decode(
        best.encoding, "replace"
    ), f"{where}; read as {best.encoding}, which is a guess: if letters look wrong, save the file as UTF-8"
