"""MHTML: a page saved as one file (Chrome's "Webpage, Single File", Explorer's .mht)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header

from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.registry import read_source
from analysis.read.source import Source

NAME, RANK = "web page (MHTML)", 10


def recognises(source: Source) -> bool:
    """A mail header that announces parts of a page."""
    head = source.head[:3000]
    return bool(
        re.match(rb"(?i)[a-z-]{2,40}:\s", head)
        and re.search(rb"(?im)^(mime-version|snapshot-content-location):", head)
        and re.search(rb"(?i)content-type:\s*(multipart/related|text/html)", head)
    )


def read(source: Source) -> Reading:
    """The first HTML part; the `Date:` of the file is the day of saving and is not taken."""
    try:
        message = message_from_bytes(source.data.lstrip())
        page = next(part for part in message.walk() if part.get_content_type() == "text/html")
        data = page.get_payload(decode=True)
    except (StopIteration, MessageError, ValueError, LookupError, RecursionError):
        raise UnreadableArticleError("holds no page; save it again from the browser") from None
    if not isinstance(data, bytes) or not data.strip():
        raise UnreadableArticleError("holds an empty page; save it again from the browser")
    said = message.get("Snapshot-Content-Location") or page.get("Content-Location") or ""
    address = str(make_header(decode_header(str(said)))) if "=?" in str(said) else str(said)
    charset = page.get_content_charset() or ""
    part = Source(
        f"{source.name}.html", data, source.depth + 1, address if address.startswith("http") else "", charset
    )
    reading = read_source(part)
    return Reading(
        NAME,
        reading.articles,
        reading.announced,
        reading.without_text,
        reading.left_out,
        reading.remarks,
        reading.mended,
    )
