"""Nexis Uni and Lexis Advance: a list of documents, then each with Section, Length, Byline, Body, End of Document."""

from __future__ import annotations

import re

from analysis.dates import find_date
from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order
from analysis.read.wrapping import as_paragraphs

NAME = "Nexis Uni"
_END = re.compile(
    r"^[ \t]*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)[ \t]*$", re.M
)
_BODY = re.compile(r"^[ \t]*(?:Body|Textkörper|Haupttext|Corps|Cuerpo)[ \t]*$", re.M)
_ANNOUNCED = re.compile(r"^[ \t]*(?:Documents?|Dokumente?|Documentos)[ \t]*\((\d+)\)", re.M)
_FIELD = re.compile(
    r"^[ \t]*(?P<name>Section|Length|Byline|Dateline|Highlight|Rubrik|Länge|Verfasser|Autor|Auteur|Longueur|Rubrique):[ \t]*(?P<value>.*)$"
)
_AFTER_BODY = re.compile(
    r"^[ \t]*(?:(?:Classification|Graphic|Notes|Correction|Klassifizierung|Grafik)[ \t]*$|(?:Load-Date|Language|Publication-Type|"
    r"Subject|Correction-Date|Journal Code|Ladedatum|Sprache):)"
)
_NAMES = {
    "section": "genre", "rubrik": "genre", "rubrique": "genre",
    "byline": "author", "verfasser": "author", "autor": "author", "auteur": "author",
    "length": "length", "länge": "length", "longueur": "length",
}  # fmt: skip


def recognises(text: str) -> bool:
    """`End of Document` on a line of its own, and a `Body` or `Length:` above it."""
    end = _END.search(text)
    return bool(
        end
        and (
            _BODY.search(text, 0, end.start()) or re.search(r"^\s*L[eä]ng(th|e):", text[: end.start()], re.M)
        )
    )


def split(text: str) -> Reading:
    said = _ANNOUNCED.search(text)
    chunks = _END.split(text)[:-1]
    articles, without = [], []
    for i, chunk in enumerate(chunks, 1):
        place = f"{i} of {said[1] if said else len(chunks)}"
        found = _document([line.strip() for line in chunk.split("\n")], place)
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else place)
    return Reading(NAME, tuple(articles), int(said[1]) if said else len(chunks), tuple(without))


def _document(lines: list[str], place: str) -> Found:
    body = next((i for i, line in enumerate(lines) if _BODY.match(line)), None)
    fields: dict[str, str] = {}
    start = len(lines) if body is None else body
    first = start
    for i in reversed(range(start)):
        if field := _FIELD.match(lines[i]):
            name = _NAMES.get(field["name"].lower())
            if name:
                fields.setdefault(name, field["value"].strip())
            first = i
        elif lines[i] and i < first - 12:
            break
    day = next((i for i in reversed(range(first)) if len(lines[i]) < 80 and _is_day(lines[i])), None)
    above = [line for line in lines[:day] if line][-2:] if day is not None else []
    known = in_order(
        facts(
            "export field",
            title=above[0] if len(above) == 2 else None,
            outlet=above[-1] if above else None,
            published=lines[day] if day is not None else None,
            author=fields.get("author"),
            genre=fields.get("genre", "").split(";")[0],
        )
    )
    inside = [] if body is None else lines[body + 1 :]
    stop = next((i for i, line in enumerate(inside) if _AFTER_BODY.match(line)), len(inside))
    words = re.sub(r"\D", "", fields.get("length", ""))
    return Found(tuple(as_paragraphs(inside[:stop])), known, place, int(words) if words else None)


def _is_day(line: str) -> bool:
    day = find_date(line)
    return (
        day is not None
        and len(day) >= 7
        and not re.match(r"(?i)copyright|©|timeline|narrowed|date and time", line)
    )
