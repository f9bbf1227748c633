"""Europresse (Eureka.cc, bpe.europresse.com) saved as a page, in its present form and the one before 2014."""

from __future__ import annotations

import re
from typing import Any

from analysis.read.formats.html_page import page_text
from analysis.read.found import Found, Reading, facts
from analysis.read.html_text import lines_of, parse_html, text_of
from analysis.read.metadata import in_order
from analysis.read.source import Source

NAME, RANK = "Europresse", 61
_PAGE = re.compile(r",?\s*p\.\s*\S+$")
_FOOT = re.compile(
    r"^(©|Numéro de document|Document number|Note\(s\)|Illustration\(s\)|Ce certificat|Date d'émission)"
)


def recognises(source: Source) -> bool:
    return (
        source.is_text
        and source.head.startswith(b"<")
        and "DocPublicationName" in source.text
        and "DocHeader" in source.text
    )


def read(source: Source) -> Reading:
    html, remark = page_text(source)
    tree = parse_html(html)
    boxes = [] if tree is None else _boxes(tree)
    articles, without = [], []
    for i, box in enumerate(boxes, 1):
        found = _article(box, f"{i} of {len(boxes)}")
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else found.place)
    return Reading(NAME, tuple(articles), len(boxes), tuple(without), remarks=(remark,) if remark else ())


def _boxes(tree: Any) -> list[Any]:
    """The element of each article: an `article`, or, in the older form, the cell around its publication's name."""
    if found := [box for box in tree.iter("article") if _by_class(box, "DocPublicationName") is not None]:
        return found
    return [
        name.getparent() for name in tree.iter("span") if "DocPublicationName" in (name.get("class") or "")
    ]


def _by_class(box: Any, name: str) -> Any:
    return next(
        (
            e
            for e in box.iter()
            if isinstance(e.tag, str) and name.lower() in (e.get("class") or "").lower().split()
        ),
        None,
    )


def _article(box: Any, place: str) -> Found:
    headers = [e for e in box.iter("span") if "DocHeader" in (e.get("class") or "")]
    said = " ".join(" ".join(text_of(e).split()) for e in headers)
    title = _by_class(box, "titreArticleVisu")
    outlet = _by_class(box, "DocPublicationName")
    section = re.match(r"([^,\d]{3,40}),", said)
    if box.tag == "article":
        text = _by_class(box, "DocText")
        text = next(box.iter("section"), None) if text is None else text
        author, body = _author(title), [] if text is None else lines_of(text)
    else:
        author, body = _below_title(box, title)
    known = facts(
        "export field",
        title=" ".join(text_of(title).split()) if title is not None else None,
        outlet=" ".join(text_of(outlet).split()) if outlet is not None else None,
        published=_PAGE.sub("", said),
        author=author,
        genre=section[1] if section else None,
    )
    return Found(tuple(body), in_order(known), place)


def _author(title: Any) -> str | None:
    """In the present form the author is the element after the title's."""
    while title is not None and title.tag not in ("header", "article", "body"):
        after = title.getnext()
        if after is not None:
            return " ".join(text_of(after).split()) or None
        title = title.getparent()
    return None


def _below_title(box: Any, title: Any) -> tuple[str | None, list[str]]:
    """In the older form the text stands below the title in one cell, the author on a line of his own above it."""
    if title is None:
        return None, []
    from copy import deepcopy

    cell = deepcopy(box)
    marks = [e for e in cell.iter("span") if "titrearticlevisu" in (e.get("class") or "").lower()]
    if not marks:
        return None, []
    before = marks[0]
    for element in list(cell):
        if element is before:
            break
        if isinstance(element.tag, str):
            cell.remove(element)
    tail = before.tail
    before.clear()
    before.tail = tail
    lines = lines_of(cell)
    end = next((i for i, line in enumerate(lines) if _FOOT.match(line)), len(lines))
    lines = lines[:end]
    has_author = len(lines) > 1 and len(lines[0].split()) <= 5 and not re.search(r"[.!?:;]$", lines[0])
    return (lines[0], lines[1:]) if has_author else (None, lines)
