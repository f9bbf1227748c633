"""A text that may be one article or a database's download of many: each module in `exports/` knows one such form.

An export has `NAME`; `recognises(text)`, by marks that only this database writes; and `split(text)`, which gives a
`Reading`. Whatever gives text (.txt, Word, RTF, PDF) is read through here, so that a download is recognised in each.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from analysis.dates import find_date
from analysis.read import exports
from analysis.read.found import Fact, Found, Reading, UnreadableArticleError, facts
from analysis.read.metadata import author_name, in_order
from analysis.read.walls import find_wall
from analysis.text import count_words

HEAD_LINES = 8  # of an article in Word or print: title, byline, where and when it was published
_BYLINE = re.compile(r"(?i)^(written |reported )?by:?\s+\S")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


class Export(Protocol):
    """A module in `exports/`."""

    NAME: str

    def recognises(self, text: str) -> bool: ...

    def split(self, text: str) -> Reading: ...


@cache
def known_exports() -> tuple[Export, ...]:
    """All exports, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(exports.__path__))
    return tuple(cast("Export", import_module(f"{exports.__name__}.{name}")) for name in names)


def split_export(text: str) -> Reading | None:
    """The articles of a database's download; None where the text is none."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").removeprefix("\ufeff")
    for export in known_exports():
        if export.recognises(plain):
            return export.split(plain)
    return None


def read_text(
    name: str,
    lines: list[str],
    known: dict[str, Fact] | None = None,
    remarks: tuple[str, ...] = (),
    *,
    clean: bool,
) -> Reading:
    """The articles in lines of text: those of a download, or one, whose head is searched for its metadata.

    Raises UnreadableArticleError where there are no words.
    """
    if split := split_export("\n".join(lines)):
        return Reading(
            f"{split.format} ({name})",
            split.articles,
            split.announced,
            split.without_text,
            split.left_out,
            remarks + split.remarks,
            split.mended,
        )
    paragraphs = [line for line in (" ".join(line.split()) for line in lines) if line]
    if not any(c.isalpha() for c in "".join(paragraphs)):
        raise UnreadableArticleError("holds no words; put the article's text into it or remove the file")
    if wall := find_wall("\n".join(paragraphs), "\n".join(paragraphs)):
        raise UnreadableArticleError(wall)
    head, rest = read_head(paragraphs)
    return Reading(name, (Found(tuple(rest), {**head, **(known or {})}, clean=clean),), remarks=remarks)


def read_head(paragraphs: list[str]) -> tuple[dict[str, Fact], list[str]]:
    """What the first lines say (title, byline, outlet and date), and the lines after them.

    The head ends with the last of its lines that is a byline or a date; without one of these nothing is taken off.
    """
    found: dict[str, str] = {}
    end = 0
    for i, line in enumerate(paragraphs[:HEAD_LINES]):
        if count_words(line) > 40:
            break
        if _BYLINE.match(line) and count_words(line) <= 12 and (author := author_name(line)):
            found.setdefault("author", author)
            end = i + 1
        elif (
            count_words(line) <= 12
            and (day := find_date(line))
            and len(day) == 10
            and "published" not in found
        ):
            found["published"] = day
            if outlet := _outlet_before_date(line):
                found["outlet"] = outlet
            end = i + 1
    if not end:
        return {}, paragraphs
    above = [
        line
        for line in paragraphs[:end]
        if not _BYLINE.match(line)
        and not (count_words(line) <= 12 and find_date(line))
        and _WORD.search(line)
    ]
    title = max(above[:2], key=count_words, default="")
    if title:
        found["title"] = title
    kept = [line for line in above if line != title]
    return in_order(facts("head of the text", **found)), kept + paragraphs[end:]


def _outlet_before_date(line: str) -> str | None:
    """`Meridian Wire` of `Meridian Wire, 12 February 2021`; capitals alone are written as names are."""
    before = re.split(r"\s*[,|·–—-]\s*(?=[^,|·–—]*\d)", line, maxsplit=1)[0].strip()
    if not re.fullmatch(r"[^\W\d].{1,60}", before) or find_date(before) or re.search(r"\d", before):
        return None
    if re.match(r"(?i)(published|updated|posted|last|first|\w+day)\b", before):
        return None
    return before.title() if before.isupper() and len(before) > 6 else before
