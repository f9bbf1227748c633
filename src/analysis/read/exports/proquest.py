"""ProQuest: documents between rules, each with `Full text:` and fields such as `Publication title:` below it."""

from __future__ import annotations

import re

from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order, turned_name
from analysis.read.wrapping import as_paragraphs

NAME = "ProQuest"
_RULE = re.compile(r"^_{20,}[ \t]*$", re.M)
_ANNOUNCED = re.compile(r"^[ \t]*Document \d+ of (\d+)", re.M)
_FIELD = re.compile(r"^(?P<name>[A-Z][A-Za-z/() -]{2,40}): ?(?P<value>.*)$")
_FIELDS = {
    *("abstract", "links", "full text", "subject", "title", "publication title", "publication year", "publication date"),
    *("section", "publisher", "place of publication", "country of publication", "publication subject", "issn", "source type"),
    *("language of publication", "document type", "proquest document id", "document url", "copyright", "last updated"),
    *("database", "author", "pages", "volume", "issue", "location", "people", "company / organization", "credit", "url"),
    *("number of pages", "column", "dateline", "e-issn", "identifier / keyword", "business indexing term", "caption"),
    *("illustration", "headline", "duration", "classification", "publication note", "document feature"),
}  # fmt: skip
_NO_TEXT = re.compile(
    r"(?i)^(none available|not available|full text (is )?(not available|unavailable)).{0,80}$"
)


def recognises(text: str) -> bool:
    """A `Full text:` or a ProQuest document's number, between rules."""
    mark = re.search(
        r"^ProQuest document ID:|^Database copyright .{0,20}ProQuest|^Document URL: \S*proquest", text, re.M
    )
    return bool(mark and (_RULE.search(text) or "Full text:" in text))


def split(text: str) -> Reading:
    announced = _ANNOUNCED.search(text)
    chunks = [
        chunk
        for chunk in _RULE.split(text)
        if re.search(r"^(ProQuest document ID|Full text|Publication title):", chunk, re.M)
    ]
    articles, without = [], []
    for i, chunk in enumerate(chunks, 1):
        place = f"{i} of {announced[1] if announced else len(chunks)}"
        found = _document(chunk, place)
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else place)
    return Reading(NAME, tuple(articles), int(announced[1]) if announced else len(chunks), tuple(without))


def _document(chunk: str, place: str) -> Found:
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    loose = current  # lines of no field, of which the first is the title
    for line in chunk.split("\n"):
        field = _FIELD.match(line.strip())
        if field and field["name"].lower() in _FIELDS:
            current = fields.setdefault(field["name"].lower(), [])
            current.append(field["value"])
        elif re.match(r"(CAPTION|CREDIT|ILLUSTRATION|GRAPHIC)S?:", line.strip()):
            current = fields.setdefault("caption", [])
        elif line.strip() or any(current is fields.get(name) for name in ("full text", "abstract")):
            current.append(line)
        else:
            current = loose
    text = as_paragraphs(fields.get("full text", []))
    if len(text) == 1 and _NO_TEXT.match(text[0]):
        text = []

    def one(name: str) -> str | None:
        return " ".join(" ".join(fields.get(name, [])).split()) or None

    outlet = one("publication title")
    first = [
        line.strip() for line in loose if line.strip() and not line.strip().startswith(("Document ", "http"))
    ]
    known = in_order(
        facts(
            "export field",
            title=one("title") or (first[0] if first else None),
            outlet=re.split(r"\s*;\s*", outlet)[0] if outlet else None,
            published=one("publication date") or one("publication year"),
            author=_authors(one("author")),
            url=one("document url"),
            genre=one("section") or one("document type"),
            language=one("language of publication"),
        )
    )
    return Found(tuple(text), known, place)


def _authors(said: str | None) -> str | None:
    """ProQuest writes `Corrant, Lida; Rudge, Anselm`, sometimes with the place after a point."""
    if not said:
        return None
    return ", ".join(turned_name(name.strip(" .")) for name in said.split(";") if name.strip())
