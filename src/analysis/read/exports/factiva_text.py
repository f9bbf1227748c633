"""Factiva as text, Word or RTF: each article ends with `Document CODE`; above it title, words, date, outlet, language."""

from __future__ import annotations

import re

from analysis.dates import find_date
from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order
from analysis.read.wrapping import as_paragraphs

NAME = "Factiva"
_END = re.compile(r"^[ \t]*(?:AN[ \t]+)?Document ([A-Z0-9]{4,}\d{8}[a-z0-9]{4,})[ \t]*$", re.M)
_WORDS = re.compile(r"^[ \t]*(?:WC[ \t]+)?([\d.,]+) (?:words|mots|Wörter|palabras)[ \t]*$", re.M)
_LABEL = re.compile(
    r"^[ \t]*(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|SE|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART)(?:[ \t]+(.*))?$"
)
_COPYRIGHT = re.compile(r"(?i)^(\(c\)|©|copyright)")


def recognises(text: str) -> bool:
    """`Document CODE` below a line that says how many words the article has."""
    end = _END.search(text)
    return bool(end and _WORDS.search(text, 0, end.start()))


def split(text: str) -> Reading:
    parts = _END.split(text)
    chunks = parts[:-1:2]
    articles, without = [], []
    for i, chunk in enumerate(chunks, 1):
        place = f"{i} of {len(chunks)}"
        lines = [line.strip() for line in chunk.strip("\n").split("\n")]
        found = (
            _labelled(lines, place)
            if sum(bool(_LABEL.match(x)) for x in lines) >= 5
            else _plain(lines, place)
        )
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else place)
    return Reading(NAME, tuple(articles), None, tuple(without))


def _labelled(lines: list[str], place: str) -> Found:
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        if label := _LABEL.match(line):
            current = fields.setdefault(label[1], [])
            line = label[2] or ""
        current.append(line)

    def one(name: str) -> str | None:
        return " ".join(" ".join(fields.get(name, [])).split()) or None

    return Found(
        tuple(as_paragraphs([*fields.get("LP", []), "", *fields.get("TD", [])])),
        in_order(
            facts(
                "export field",
                title=one("HD"), author=one("BY"), published=one("PD"), outlet=one("SN"), genre=one("SE"), language=one("LA"),
            )
        ),
        place,
        _number(one("WC")),
    )  # fmt: skip


def _plain(lines: list[str], place: str) -> Found:
    words = next((i for i, line in enumerate(lines) if _WORDS.match(line)), None)
    if words is None:
        return Found(place=place)
    above = [line for line in lines[:words] if line]
    byline = next((line for line in above if re.match(r"(?i)by\s", line)), None)
    title = [line for line in above if line != byline][-1:]
    below = lines[words + 1 :]
    end = next((i + 1 for i, line in enumerate(below[:14]) if _COPYRIGHT.match(line)), 0)
    head = [line for line in below[:end] if line]
    day = next((line for line in head if (found := find_date(line)) and len(found) == 10), None)
    names = [
        x
        for x in head
        if x != day and not re.fullmatch(r"\d{1,2}:\d\d.*|[A-Z0-9]{2,8}|\d+", x) and not _COPYRIGHT.match(x)
    ]
    return Found(
        tuple(as_paragraphs(below[end:])),
        in_order(
            facts(
                "export field",
                title=title[0] if title else None,
                author=byline,
                published=day,
                outlet=names[0] if names else None,
                language=names[-1] if len(names) > 1 else None,
            )
        ),
        place,
        _number(lines[words]),
    )


def _number(said: str | None) -> int | None:
    digits = re.sub(r"\D", "", (said or "").split(" ")[0])
    return int(digits) if digits else None
