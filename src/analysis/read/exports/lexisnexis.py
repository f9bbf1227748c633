"""LexisNexis' older downloads: documents headed `1 of 100 DOCUMENTS`, fields in capitals, lines of 78 characters."""

from __future__ import annotations

import re
from collections import Counter

from analysis.dates import find_date
from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order
from analysis.read.wrapping import join_lines

NAME = "LexisNexis"
_HEAD = re.compile(
    r"^[ \t]*(?:(?P<n>\d+) (?:of|de|von) (?P<all>\d[\d,.]*) DOCUMENTS?|(?:Dokument|DOKUMENT) (?P<n2>\d+) (?:von|VON) (?P<all2>\d+))[ \t]*$",
    re.M,
)
_SELECTED = re.compile(r"Selected Items:\s*(\d+)\s*-\s*(\d+)")
_HEADING_FIELDS = {
    "BYLINE": "author", "AUTHOR": "author", "AUTEUR": "author", "AUTOR": "author", "VERFASSER": "author",
    "SECTION": "genre", "RUBRIQUE": "genre", "RUBRIK": "genre", "SECCIÓN": "genre",
    "LENGTH": "length", "LONGUEUR": "length", "LÄNGE": "length", "LONGITUD": "length",
    "DATELINE": "", "HIGHLIGHT": "", "ENCART": "", "HIGHLIGHTS": "", "SERIES": "", "HEADLINE": "title", "TITRE": "title",
    "TITLE": "title",
}  # fmt: skip
_TAIL_FIELDS = (
    *(
        "LOAD-DATE",
        "LANGUAGE",
        "GRAPHIC",
        "PUBLICATION-TYPE",
        "DOCUMENT-TYPE",
        "JOURNAL-CODE",
        "SUBJECT",
        "ORGANIZATION",
    ),
    *(
        "PERSON",
        "COMPANY",
        "TICKER",
        "INDUSTRY",
        "GEOGRAPHIC",
        "CITY",
        "STATE",
        "COUNTRY",
        "DISTRIBUTION",
        "URL",
        "NOTES",
    ),
    *(
        "CORRECTION",
        "CORRECTION-DATE",
        "TYPE",
        "DATE-CHARGEMENT",
        "LANGUE",
        "TYPE-PUBLICATION",
        "TYPE-DOC",
        "SUJET",
    ),
    *(
        "LOCALISATION-GEO",
        "ILLUSTRATION",
        "PERSONNE",
        "SOCIETE",
        "UPDATE",
        "SPRACHE",
        "PUBLIKATIONSTYP",
        "GRAFIK",
        "NAME",
    ),
)
_FIELD = re.compile(
    rf"^[ \t]*(?P<name>{'|'.join(sorted({*_HEADING_FIELDS, *_TAIL_FIELDS}, key=len, reverse=True))}):[ \t]*(?P<value>.*)",
    re.DOTALL,
)
_COPYRIGHT = re.compile(r"(?i)^(copyright|copy|©)\s.{0,80}\d{4}|^(all rights reserved|tous droits réservés)")
_EDITION = re.compile(r"(?i)\b(edition|ausgabe|édition|correction appended|\d{1,2}:\d\d)\b|^edition \d")
_ERROR = re.compile(
    r"(?i)error in this document|not possible to display|not available (online|due)|copyright restrictions"
)


def recognises(text: str) -> bool:
    """A line such as `1 of 100 DOCUMENTS`, and a field in capitals below it."""
    head = _HEAD.search(text)
    return bool(
        head
        and re.search(
            r"^\s*(LENGTH|LOAD-DATE|BYLINE|SECTION|LANGUAGE|LONGUEUR|LÄNGE|LANGUE):", text[head.end() :], re.M
        )
    )


def split(text: str) -> Reading:
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    articles, without = [], []
    for i, (head, end) in enumerate(zip(heads, ends, strict=True), 1):
        place = f"{i} of {len(heads)}"
        found = _document(text[head.end() : end], place)
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else place)
    return Reading(NAME, tuple(articles), _announced(text, heads), tuple(without))


def _announced(text: str, heads: list[re.Match[str]]) -> int:
    """How many documents the download should hold: as it was ordered, else up to the total, else up to its last."""
    if ordered := _SELECTED.search(text):
        return int(ordered[2]) - int(ordered[1]) + 1
    first = int(heads[0]["n"] or heads[0]["n2"])
    totals = Counter(int(re.sub(r"\D", "", head["all"] or head["all2"])) for head in heads)
    total = totals.most_common(1)[0][0]
    last = int(heads[-1]["n"] or heads[-1]["n2"])
    return total if first == 1 and total >= len(heads) else max(last - first + 1, len(heads))


def _document(text: str, place: str) -> Found:
    groups = [group.strip("\n") for group in re.split(r"\n[ \t]*\n", text) if group.strip()]
    fields: dict[str, str] = {}
    title_lines: list[str] = []
    outlet = day = None
    body: list[str] = []
    state = "head"
    for group in groups:
        field = _FIELD.match(group)
        if field and (field["name"] in _HEADING_FIELDS) and state != "tail" and not body:
            state = "fields"
            name = _HEADING_FIELDS[field["name"]]
            if name:
                fields.setdefault(name, join_lines(field["value"].split("\n")))
        elif field:
            state = "tail"
        elif _COPYRIGHT.match(group.strip()):
            if body:
                state = "tail"
        elif state == "head":
            outlet, day = _in_head(group, outlet, day, title_lines)
        elif state == "fields" and not _ERROR.search(group):
            body.append(group)
    if state == "head" and not _ERROR.search(" ".join(title_lines)):
        body, title_lines = title_lines[1:], title_lines[:1]
    known = in_order(
        facts(
            "export field",
            title=fields.get("title") or join_lines(title_lines),
            outlet=outlet,
            published=day,
            author=fields.get("author"),
            genre=fields.get("genre", "").split(";")[0],
        )
    )
    words = re.sub(r"\D", "", fields.get("length", "").split(" ")[0])
    known_text = "\n".join(body)
    paragraphs = tuple(join_lines(group.split("\n"), known_text) for group in body)
    return Found(paragraphs, known, place, int(words) if words else None)


def _in_head(
    group: str, outlet: str | None, day: str | None, title: list[str]
) -> tuple[str | None, str | None]:
    """Above the fields come the outlet, the date with the edition, and the title, one below the other."""
    lines = [line for line in group.split("\n") if line.strip()]
    first = lines[0].strip()
    if outlet is None:
        outlet = " ".join(join_lines(lines).split())
    elif day is None and (found := find_date(join_lines(lines))):
        day = found
    elif day is not None and not title and _EDITION.search(first) and len(join_lines(lines)) < 60:
        pass
    elif day is not None:
        title += lines
    return outlet, day
