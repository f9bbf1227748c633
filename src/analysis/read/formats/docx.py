"""Word (.docx): one article, or a database's download of many."""

from __future__ import annotations

from typing import Any

from analysis.read.archives import open_zip, parse_xml, read_member
from analysis.read.forms import QUOTED
from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.source import Source
from analysis.read.texts import read_text

NAME, RANK = "Word", 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTING = ("Quote", "IntenseQuote")  # Word's own styles
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SKIPPED = {
    f"{_W}{tag}" for tag in ("del", "instrText", "delText", "footnoteReference", "pict", "object", "moveFrom")
}


def recognises(source: Source) -> bool:
    """An archive with Word's main part; and what older Word or a password made of it, to say so."""
    if source.data.startswith(_OLD_OFFICE):
        return True
    return source.data.startswith(b"PK") and b"word/document" in source.data


def read(source: Source) -> Reading:
    if source.data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in source.data:
            raise UnreadableArticleError("is encrypted; open it with its password and save it without one")
        raise UnreadableArticleError(
            "is in the format of an older Office (.doc, .xls); save it as .docx or .xlsx"
        )
    with open_zip(source.data) as archive:
        main = next(
            (n for n in archive.namelist() if n.startswith("word/document") and n.endswith(".xml")),
            "word/document.xml",
        )
        root = parse_xml(read_member(archive, main))
    lines: list[str] = []
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        mark = QUOTED if style is not None and style.get(f"{_W}val") in _QUOTING else ""
        lines += [*(f"{mark}{line}" for line in _text(paragraph).split("\n")), ""]
    return read_text(NAME, lines, clean=False)


def _text(paragraph: Any) -> str:
    """A paragraph's text without what is deleted, field codes, and paragraphs inside it (text boxes have their own)."""
    parts: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        tag = node.tag
        if tag in _SKIPPED or tag == f"{_W}p":
            continue
        if tag == f"{_W}t":
            parts.append(node.text or "")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}tab":
            parts.append("\t")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif isinstance(tag, str) and not tag.endswith("}Fallback"):
            waiting.extend(reversed(node))
    return "".join(parts)
