"""Whether a report keeps to its excerpts: no file of it quotes more words in a row than it may."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from analysis.show.excerpts import WORD
from analysis.study import StudyError

TITLE = 25  # words; a title may be longer than the limit, for it names an article rather than quotes it


def require_excerpts(folder: Path, articles: pd.DataFrame, limit: int) -> None:
    """Raise StudyError if a file in `folder` quotes more than `limit` words in a row of an article's text.

    Whatever way they got there. Stretches of up to 25 words always pass: titles are not distinguished from quotations.
    """
    longest = max(limit, TITLE)
    known = {run for text in articles["text"].dropna() for run in _runs(text, longest + 1)}
    faults = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        written = (run for said in _said(path) for run in _runs(said, longest + 1))
        if found := next((run for run in written if run in known), None):
            faults.append(
                f"{path.relative_to(folder)}: quotes more than {longest} words of an article in a row "
                f"(“{' '.join(found[:5])} ...”), which --excerpts {limit} forbids, so no report was written. Let the "
                "notebook show them as `evidence`, which keeps the limit; for a title, give a shorter one in articles.csv"
            )
    if faults:
        raise StudyError(faults)


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in WORD.findall(text)]
    return zip(*(words[n:] for n in range(length)), strict=False)


_INLINE = re.compile(r"</?(?:a|abbr|b|cite|code|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)\b[^<>]*>")
_DATA = re.compile(r"data:[a-z/+-]+;(?:charset=utf-8;)?base64,([A-Za-z0-9+/=\s]+)")
_CSV = re.compile(r'data:text/csv;charset=utf-8,([^"<>\s]*)')


def _said(path: Path) -> Iterator[str]:
    """The pieces of text in a page or a notebook: what is between its tags, in its attributes, in its data."""
    text = path.read_text(encoding="utf-8")
    for piece in [text] if path.suffix == ".html" else _strings(json.loads(text)):
        for data in _DATA.findall(piece):
            yield base64.b64decode(data).decode("utf-8", errors="replace")
        for data in _CSV.findall(piece):
            yield unquote(data)
        piece = _DATA.sub("", piece)
        for value in re.findall(r'="([^"]*)"', piece):
            yield unescape(value)
        for cell in re.split(
            r"</t[dh]>", piece
        ):  # an outlet's name and its words are two things, also in a transcript
            yield unescape(re.sub(r"<[^<>]*>", " ", _INLINE.sub("", cell)))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return ["".join(value)]  # a notebook writes a text as its lines
    if isinstance(value, dict | list):
        return [s for v in (value.values() if isinstance(value, dict) else value) for s in _strings(v)]
    return []
