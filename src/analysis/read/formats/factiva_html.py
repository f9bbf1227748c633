"""Factiva saved as a page: each article a table whose rows are labelled HD, BY, SN, PD, LP, TD."""

from __future__ import annotations

import re

from analysis.read.formats.html_page import page_text
from analysis.read.found import Found, Reading, UnreadableArticleError, facts
from analysis.read.html_text import lines_of, parse_html, text_of
from analysis.read.metadata import in_order
from analysis.read.source import Source

NAME, RANK = "Factiva", 62
_ARTICLE = re.compile(r"\barticle\b|\b\w\wArticle\b")


def recognises(source: Source) -> bool:
    """Labelled rows: `<b>HD</b>` in a cell, and the class of Factiva's articles."""
    if not source.is_text or not source.head.startswith(b"<"):
        return False
    text = source.text
    return "Article" in text and bool(re.search(r"<b>\s*(HD|SN|WC)\s*</b>", text))


def read(source: Source) -> Reading:
    html, remark = page_text(source)
    tree = parse_html(html)
    articles, without = [], []
    boxes = (
        []
        if tree is None
        else [d for d in tree.iter("div") if re.search(r"\b\w\wArticle\b", d.get("class") or "")]
    )
    for i, box in enumerate(boxes, 1):
        found = _article(box, f"{i} of {len(boxes)}")
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else found.place)
    if not boxes:
        raise UnreadableArticleError("is a page of Factiva without articles; save it again with full texts")
    return Reading(NAME, tuple(articles), len(boxes), tuple(without), remarks=(remark,) if remark else ())


def _article(box: object, place: str) -> Found:
    fields: dict[str, list[str]] = {}
    for row in box.iter("tr"):  # type: ignore[attr-defined]
        cells = [cell for cell in row if cell.tag == "td"]
        if len(cells) >= 2 and re.fullmatch(r"[A-Z]{2,4}", label := text_of(cells[0]).strip(" \u00a0\n")):
            fields.setdefault(label, lines_of(cells[1]))

    def one(name: str) -> str | None:
        return " ".join(fields.get(name, [])) or None

    known = facts(
        "export field",
        title=one("HD"),
        author=one("BY"),
        outlet=one("SN"),
        published=one("PD"),
        genre=one("SE"),
        language=one("LA"),
    )
    words = re.sub(r"\D", "", (one("WC") or "").split(" ")[0])
    return Found(
        (*fields.get("LP", []), *fields.get("TD", [])), in_order(known), place, int(words) if words else None
    )
