"""Archives unpacked without trust: what would fill the memory is named, not unpacked. XML without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from analysis.read.found import UnreadableArticleError
from analysis.read.source import MAX_UNPACKED

MOST_RATIO = 400  # of unpacked to packed size, from 10 MB on; text packs to a twentieth at most
_BOMB = "unpacks to far more than any article has (a zip bomb?), so it was not unpacked; take the file from its source anew"


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Raises UnreadableArticleError for a broken, encrypted or suspicious archive."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, OverflowError):
        raise UnreadableArticleError("is a broken archive; download or save it again") from None
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableArticleError("is an archive with a password; unpack it and give the files")
    if sum(info.file_size for info in infos) > MAX_UNPACKED or len(infos) > 100_000:
        raise UnreadableArticleError(_BOMB)
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of an archive. Raises UnreadableArticleError."""
    try:
        info = archive.getinfo(name)
        with archive.open(info) as file:
            data = file.read(MAX_UNPACKED + 1)
    except KeyError:
        raise UnreadableArticleError(f"lacks its part {name}; save it again") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise UnreadableArticleError("is a broken archive; download or save it again") from None
    if len(data) > MAX_UNPACKED or (
        len(data) > 10_000_000 and len(data) > MOST_RATIO * max(info.compress_size, 1)
    ):
        raise UnreadableArticleError(_BOMB)
    return data


def gunzip(data: bytes) -> tuple[bytes, bool]:
    """The content of a gzip file, all of its members, and whether it has its end. Raises UnreadableArticleError."""
    parts, size, whole = [], 0, True
    try:
        while data:
            unpacker = zlib.decompressobj(wbits=31)
            part = unpacker.decompress(data, MAX_UNPACKED + 1 - size)
            size += len(part)
            if size > MAX_UNPACKED or (size > 10_000_000 and size > MOST_RATIO * 4 * len(data)):
                raise UnreadableArticleError(_BOMB)
            parts.append(part)
            data = unpacker.unused_data.lstrip(b"\0")
            if not unpacker.eof:
                whole = False
                break
    except zlib.error:
        whole = False
        if not parts:
            raise UnreadableArticleError("is a broken gzip file; download it again") from None
    return b"".join(parts), whole


def parse_xml(data: bytes) -> Any:
    """The root of an XML document. No entity is resolved, none is fetched. Raises UnreadableArticleError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableArticleError("is broken XML; download or save it again")
    return root
