"""A saved web page."""

from __future__ import annotations

import re

from analysis.read.found import Reading
from analysis.read.pages import read_page
from analysis.read.source import Source, decode

NAME, RANK = "web page", 70
_OPENS = re.compile(
    rb"(?i)(<\?xml[^>]*\?>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body|meta|title)\b",
    re.DOTALL,
)
_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)")


def recognises(source: Source) -> bool:
    """A text that opens as HTML does, or has its first tags near the beginning and begins with one."""
    if not source.is_text:
        return False
    if _OPENS.match(source.head):
        return True
    begins = source.head.startswith(b"<") or source.beginning.lstrip().startswith("<")
    return begins and bool(re.search(r"(?i)<(html|body|article|p|div)[\s>]", source.beginning))


def read(source: Source) -> Reading:
    html, remark = page_text(source)
    return Reading(NAME, (read_page(html, source.address),), remarks=(remark,) if remark else ())


def page_text(source: Source) -> tuple[str, str]:
    """The page as decoded, by what the server or the page itself says of its encoding, and a remark."""
    announced = source.charset or charset_of(source.data)
    return decode(source.data, announced)


def charset_of(data: bytes) -> str:
    """The encoding that a page names in its first 4,096 bytes; empty where it names none."""
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else ""
