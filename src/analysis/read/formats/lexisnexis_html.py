"""LexisNexis' older downloads saved as a page: the same documents and fields as in its text."""

from __future__ import annotations

import re

from analysis.read import texts
from analysis.read.formats.html_page import page_text
from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.html_text import lines_of, parse_html
from analysis.read.source import Source

NAME, RANK = "LexisNexis (page)", 63


def recognises(source: Source) -> bool:
    return (
        source.is_text
        and source.head.startswith(b"<")
        and bool(re.search(r"<DOCFULL>|DOC NUMBER=\d+|LXNComment", source.text))
    )


def read(source: Source) -> Reading:
    html, remark = page_text(source)
    tree = parse_html(html)
    lines = [] if tree is None else lines_of(tree)
    split = texts.split_export("\n\n".join(lines))
    if split is None:
        raise UnreadableArticleError(
            "is a page of LexisNexis without documents; download it again with full texts"
        )
    errors = sum(1 for line in lines if re.search(r"error in this document|not possible to display", line))
    remarks: tuple[str, ...] = (remark,) if remark else ()
    if errors:
        remarks += (f"holds {errors} documents that LexisNexis could not show; download them again",)
    said = re.search(r"(?i)<meta[^>]+documents=\"(\d{1,6})\"", html)
    announced = int(said[1]) if said else split.announced
    return Reading(
        NAME,
        split.articles,
        announced,
        split.without_text + tuple("a document with an error" for _ in range(errors)),
        remarks=remarks,
    )
