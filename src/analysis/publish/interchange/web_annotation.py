"""W3C Web Annotation (JSON-LD): each mark by position and, to be found again in another copy, by its words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.publish.interchange.marked import Mark, Marked, checked, the_text
from analysis.study import StudyError

NAME, ENDING = "W3C Web Annotation", ".jsonld"
AROUND = 32  # characters of the text before and after


def write(marked: Marked, path: Path) -> None:
    items = [_annotation(mark, marked.texts[mark.article_id]) for mark in marked.marks]
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:media-analysis:annotations",
        "type": "AnnotationPage",
        "items": items,
    }
    path.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _annotation(mark: Mark, text: str) -> dict[str, Any]:
    body = [
        {"type": "TextualBody", "purpose": "classifying", "value": mark.layer},
        {"type": "TextualBody", "purpose": "tagging", "value": mark.code},
    ]
    if mark.note:
        body.append({"type": "TextualBody", "purpose": "commenting", "value": mark.note})
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[mark.start : mark.end],
        "prefix": text[max(0, mark.start - AROUND) : mark.start],
        "suffix": text[mark.end : mark.end + AROUND],
    }
    position = {"type": "TextPositionSelector", "start": mark.start, "end": mark.end}
    return {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, repr(mark))}",
        "type": "Annotation",
        "body": body,
        "target": {"source": f"urn:media-analysis:article:{mark.article_id}", "selector": [position, quote]},
    }


def read(path: Path, texts: Mapping[str, str]) -> Marked:
    """Raises StudyError for another form, and where the words of a mark are not in the text."""
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
        items = page["items"] if isinstance(page, dict) else page
        marks = [_mark(item, texts, path) for item in items]
    except StudyError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StudyError([f"{path}: is no page of Web Annotations (JSON-LD with `items`)"]) from None
    used = {mark.article_id for mark in marks}
    return Marked({name: text for name, text in texts.items() if name in used}, tuple(marks))


def _mark(item: Mapping[str, Any], texts: Mapping[str, str], path: Path) -> Mark:
    said = {body.get("purpose"): body["value"] for body in item["body"]}
    selectors = {one["type"]: one for one in item["target"]["selector"]}
    article_id = item["target"]["source"].removeprefix("urn:media-analysis:article:")
    text = the_text(article_id, None, texts, path)
    place, quote = selectors.get("TextPositionSelector"), selectors.get("TextQuoteSelector")
    start, end = (place["start"], place["end"]) if place else (-1, -1)
    if quote is not None and text[max(start, 0) : end] != quote["exact"]:
        around = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
        if text.count(around) != 1:
            raise StudyError(
                [f"{path}: the words {quote['exact'][:60]!r} are not in {article_id!r} where they should be"]
            )
        start = text.index(around) + len(quote.get("prefix", ""))
        end = start + len(quote["exact"])
    layer, code = said.get("classifying", "code"), said.get("tagging", "")
    return checked(Mark(article_id, start, end, layer, code, said.get("commenting", "")), text, path)
