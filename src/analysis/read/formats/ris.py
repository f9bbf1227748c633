"""RIS: reference lists of databases and reference managers, some of which hold the full text."""

from __future__ import annotations

import re

from analysis.read.found import Found, Reading, facts
from analysis.read.metadata import in_order, turned_name
from analysis.read.source import Source

NAME, RANK = "RIS", 50
_LINE = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")
SHORTEST_TEXT = 40  # words; a shorter note is no article


def recognises(source: Source) -> bool:
    return source.is_text and re.search(r"^TY  - \w+\s*$", source.beginning[:3000], re.M) is not None


def read(source: Source) -> Reading:
    records: list[dict[str, list[str]]] = []
    field: list[str] | None = None
    for line in re.split(r"\r\n?|\n", source.text):
        if match := _LINE.match(line.rstrip()):
            tag, value = match[1], (match[2] or "").strip()
            if tag == "TY":
                records.append({})
            if tag == "ER" or not records:
                field = None
                continue
            field = records[-1].setdefault(tag, [])
            field.append(value)
        elif field is not None and line.strip():
            field.append(line.strip())
    articles, without = [], []
    for i, record in enumerate(records, 1):
        found = _article(record, f"{i} of {len(records)}")
        if found.paragraphs:
            articles.append(found)
        else:
            without.append(found.facts["title"].value if "title" in found.facts else found.place)
    remarks = ("RIS does not say where paragraphs end",) if articles else ()
    return Reading(NAME, tuple(articles), len(records), tuple(without), remarks=remarks)


def _article(record: dict[str, list[str]], place: str) -> Found:
    def one(*tags: str) -> str | None:
        return next((record[tag][0] for tag in tags if record.get(tag) and record[tag][0]), None)

    texts = [record[tag] for tag in ("N2", "AB", "N1") if tag in record]
    text = max(texts, key=lambda lines: sum(map(len, lines)), default=[])
    if len(" ".join(text).split()) < SHORTEST_TEXT:
        text = []
    authors = [turned_name(name) for tag in ("AU", "A1") for name in record.get(tag, []) if name]
    known = facts(
        "reference",
        title=one("TI", "T1"),
        outlet=one("T2", "JO", "JF", "JA", "PB"),
        author=", ".join(authors),
        published=(one("DA", "Y1", "PY") or "").strip("/"),
        url=one("UR"),
        language=one("LA"),
        genre=one("SE", "M3"),
    )
    return Found(tuple(text), in_order(known), place)
