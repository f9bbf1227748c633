"""Factiva's XML: `ppsarticle` with headline, leadParagraph and tailParagraphs."""

from __future__ import annotations

import re
from typing import Any

from analysis.read.archives import parse_xml
from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order
from analysis.read.source import Source

NAME, RANK = "Factiva (XML)", 55


def recognises(source: Source) -> bool:
    return source.head.startswith(b"<") and b"ppsArticleResponse" in source.data[:4096]


def read(source: Source) -> Reading:
    root = parse_xml(source.data)
    articles, without = [], []
    boxes = list(root.iter("{*}ppsarticle"))
    for i, box in enumerate(boxes, 1):
        found = _article(box, f"{i} of {len(boxes)}")
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else found.place)
    said = next((node.get("count") for node in root.iter("{*}ppsarticleResultSet")), None)
    announced = int(said) if said and re.fullmatch(r"\d{1,6}", said) else len(boxes)
    return Reading(NAME, tuple(articles), announced, tuple(without))


def _article(box: Any, place: str) -> Found:
    def paragraphs(name: str) -> list[str]:
        found = [
            " ".join("".join(p.itertext()).split())
            for part in box.iter(f"{{*}}{name}")
            for p in part.iter("{*}paragraph")
        ]
        return [line for line in found if line]

    def one(name: str) -> str | None:
        return next((" ".join("".join(node.itertext()).split()) for node in box.iter(f"{{*}}{name}")), None)

    known = facts(
        "export field",
        title=" ".join(paragraphs("headline")),
        author=" ".join(paragraphs("byline")) or one("byline"),
        outlet=one("sourceName"),
        published=one("publicationDate"),
        language=one("baseLanguage"),
        genre=one("sectionName"),
    )
    words = one("wordCount")
    body = (*paragraphs("leadParagraph"), *paragraphs("tailParagraphs"))
    return Found(body, in_order(known), place, int(words) if words and words.isdigit() else None)
