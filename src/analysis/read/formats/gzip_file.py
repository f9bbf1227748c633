"""A file packed by gzip (.gz): read as what it holds."""

from __future__ import annotations

from dataclasses import replace

from analysis.read.archives import gunzip
from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.registry import read_source
from analysis.read.source import Source

NAME, RANK = "gzip", 8


def recognises(source: Source) -> bool:
    return source.data.startswith(b"\x1f\x8b")


def read(source: Source) -> Reading:
    data, whole = gunzip(source.data)
    if not data.strip():
        raise UnreadableArticleError("is an empty archive; download it again")
    reading = read_source(Source(source.name.removesuffix(".gz"), data, source.depth + 1, source.address))
    if whole:
        return reading
    return replace(
        reading, remarks=(*reading.remarks, "breaks off; what came before is read; download it again")
    )
