"""A ZIP archive of files that hold articles, as databases and file managers make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from analysis.read.archives import open_zip, read_member
from analysis.read.found import Reading, UnreadableArticleError, together
from analysis.read.registry import read_source
from analysis.read.source import Source

NAME, RANK = "ZIP archive", 40


def recognises(source: Source) -> bool:
    return source.data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def read(source: Source) -> Reading:
    with open_zip(source.data) as archive:
        names = [
            info.filename for info in archive.infolist() if not info.is_dir() and _is_meant(info.filename)
        ]
        if not names:
            raise UnreadableArticleError("is an empty archive; download it again")
        parts = [_member(source, name, read_member(archive, name)) for name in names]
    whole = together(NAME, parts)
    if not whole.articles and not whole.without_text:
        raise UnreadableArticleError(
            f"holds no article ({'; '.join(whole.left_out[:3])}); give the files themselves"
        )
    return whole


def _is_meant(name: str) -> bool:
    """Not what operating systems put beside, nor the pictures and scripts of saved pages."""
    parts = PurePosixPath(name).parts
    return not any(part.startswith((".", "__MACOSX")) or part.endswith("_files") for part in parts)


def _member(source: Source, name: str, data: bytes) -> Reading:
    if not data.strip():
        return Reading(NAME, left_out=(f"{name} is empty",))
    try:
        reading = read_source(Source(name, data, source.depth + 1))
    except UnreadableArticleError as error:
        return Reading(NAME, left_out=(f"{name} {error}",))
    return replace(
        reading,
        articles=tuple(replace(one, place=f"{name} {one.place}".strip()) for one in reading.articles),
        remarks=tuple(f"{name} {remark}" for remark in reading.remarks),
    )
