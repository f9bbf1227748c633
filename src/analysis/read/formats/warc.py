"""Web archives (.warc, .warc.gz): each page that was answered with 200, once."""

from __future__ import annotations

import hashlib
import io
from collections import Counter

from analysis.read.found import Reading, UnreadableArticleError, together
from analysis.read.registry import read_source
from analysis.read.source import MAX_UNPACKED, Source

NAME, RANK = "web archive", 5


def recognises(source: Source) -> bool:
    if source.data.startswith(b"WARC/"):
        return True
    if not source.data.startswith(b"\x1f\x8b"):
        return False
    import zlib

    try:
        return zlib.decompressobj(wbits=31).decompress(source.data[:65536], 16).startswith(b"WARC/")
    except zlib.error:
        return False


def read(source: Source) -> Reading:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    parts: list[Reading] = []
    passed: Counter[str] = Counter()
    seen: set[str] = set()
    size = 0
    remarks: tuple[str, ...] = ()
    try:
        for record in ArchiveIterator(io.BytesIO(source.data)):
            if record.rec_type != "response":
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            status = record.http_headers.get_statuscode() if record.http_headers else ""
            kind = (
                record.http_headers.get_header("Content-Type") or "" if record.http_headers else ""
            ).lower()
            if status != "200":
                passed[f"answered with {status or 'nothing'}"] += 1
            elif "html" not in kind:
                passed[f"no page ({kind.split(';')[0] or 'unknown kind'})"] += 1
            else:
                data = record.content_stream().read(MAX_UNPACKED - size + 1)
                size += len(data)
                if size > MAX_UNPACKED:
                    remarks = ("unpacks to more than is read; the pages after that are left out",)
                    break
                digest = hashlib.sha256(data).hexdigest()
                if digest in seen:
                    passed["the same page again"] += 1
                    continue
                seen.add(digest)
                parts.append(_page(source, address, data, kind))
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError, TypeError):
        remarks = ("breaks off; what came before is read",)
    whole = together(NAME, parts)
    left_out = tuple(f"{n} × {why}" if n > 1 else why for why, n in passed.items()) + whole.left_out
    if not whole.articles:
        said = f" ({'; '.join(left_out)})" if left_out else ""
        raise UnreadableArticleError(f"holds no article{said}; record the pages again")
    return Reading(
        NAME, whole.articles, None, whole.without_text, left_out, whole.remarks + remarks, whole.mended
    )


def _page(source: Source, address: str, data: bytes, kind: str) -> Reading:
    """One page; one that cannot be read is named and the others go on."""
    charset = kind.partition("charset=")[2].strip("\"' ;")
    try:
        reading = read_source(Source("page.html", data, source.depth + 1, address, charset))
    except UnreadableArticleError as error:
        return Reading(NAME, left_out=(f"{address or 'a page'} {error}",))
    from dataclasses import replace

    return replace(
        reading, articles=tuple(replace(one, place=one.place or address) for one in reading.articles)
    )
