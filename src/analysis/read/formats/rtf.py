r"""RTF: control words are left out, `\'e9` and `\u8217?` become letters, each `\par` ends a line."""

from __future__ import annotations

import codecs
import re

from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.source import Source
from analysis.read.texts import read_text

NAME, RANK = "RTF", 30
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_NO_TEXT = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerl", b"headerr"),
    *(b"headerf", b"footerl", b"footerr", b"footerf", b"listtable", b"listoverridetable", b"fldinst", b"datafield"),
    *(b"themedata", b"colorschememapping", b"latentstyles", b"datastore", b"generator", b"xmlnstbl", b"rsidtbl", b"revtbl"),
    *(b"footnote", b"annotation", b"bkmkstart", b"bkmkend", b"filetbl", b"nonshppict"),
}  # fmt: skip
_LINES = {b"par", b"line", b"sect", b"page", b"row", b"column"}
_SIGNS = {
    b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip


def recognises(source: Source) -> bool:
    return source.head.startswith(b"{\\rtf")


def read(source: Source) -> Reading:
    lines: list[str] = []
    for line in rtf_text(source.data).split("\n"):
        lines += [line, ""]
    return read_text(NAME, lines, clean=False)


def rtf_text(data: bytes) -> str:
    """The text, one paragraph a line. Raises UnreadableArticleError for an encoding that is not known."""
    encoding = _encoding(data)
    parts: list[str] = []
    pending = bytearray()  # bytes of letters that take several
    stack: list[tuple[bool, int]] = []
    hidden, after_unicode, skip = False, 1, 0

    def flush() -> None:
        if pending:
            parts.append(bytes(pending).decode(encoding, "replace"))
            pending.clear()

    for m in _TOKEN.finditer(data):
        word, number, code, sign, brace, text = m.groups()
        if brace == b"{":
            flush()
            stack.append((hidden, after_unicode))
        elif brace:
            flush()
            hidden, after_unicode = stack.pop() if stack else (False, 1)
        elif code:
            if skip:
                skip -= 1
            elif not hidden:
                pending.append(int(code, 16))
        elif text:
            if skip:
                skip, text = max(0, skip - len(text)), text[skip:]
            if not hidden:
                flush()
                parts.append(text.decode(encoding, "replace"))
        elif sign:
            flush()
            hidden = hidden or sign == b"*"
            if not hidden:
                parts.append(
                    {b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}.get(
                        sign, sign.decode("ascii", "ignore") if sign in b"\\{}" else ""
                    )
                )
        elif word:
            flush()
            if word == b"uc":
                after_unicode = max(0, min(int(number or 1), 8))
            elif word == b"u" and number:
                skip = after_unicode
                if not hidden:
                    parts.append(_letter(int(number)))
            elif word in _NO_TEXT:
                hidden = True
            elif not hidden:
                parts.append("\n" if word in _LINES else _SIGNS.get(word, ""))
    flush()
    return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _letter(number: int) -> str:
    return chr(number % 65536)


def _encoding(data: bytes) -> str:
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    name = f"cp{page[1].decode()}" if page else "mac_roman" if b"\\mac" in data[:200] else "cp1252"
    name = {"cp65001": "utf-8", "cp10000": "mac_roman"}.get(name, name)
    try:
        codecs.lookup(name)
    except LookupError:
        raise UnreadableArticleError(
            f"is RTF in the encoding {name}, which is not known; save it as .docx"
        ) from None
    return name
