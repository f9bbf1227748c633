"""Tables as text (.csv, .tsv): commas, semicolons, tabs or bars; `sep=;` on the first line; any encoding."""

from __future__ import annotations

import csv
import io
import re

from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.records import read_records
from analysis.read.source import Source

NAME, RANK = "table", 80
_SEPARATORS = ",;\t|"
_NO_SEPARATOR = "\x1f"  # in a single column commas are text


def recognises(source: Source) -> bool:
    """A first row of short names, as many in the next; a text of sentences with commas is none."""
    if not source.is_text:
        return False
    named = source.suffix in (".csv", ".tsv", ".tab")
    head = source.beginning.lstrip("\ufeff")
    if head.lower().startswith("sep="):
        return True
    names, _ = _header(head)
    short = len(names) >= 2 and all(0 < len(name.strip()) <= 40 and "\n" not in name for name in names)
    if named:
        return short or _is_one_column(names)
    known = {
        "text",
        "title",
        "headline",
        "body",
        "content",
        "url",
        "date",
        "source",
        "author",
        "published",
        "outlet",
    }
    plain = [re.sub(r"[\W_]", "", name.lower()) for name in names]
    return short and len(names) >= 3 and len(known & set(plain)) >= 2


def _is_one_column(names: list[str]) -> bool:
    """Whether the first line is a single column's name: a word or a few, and no sentence."""
    return (
        len(names) == 1
        and bool(re.fullmatch(r"\w[\w -]{0,39}", names[0].strip()))
        and len(names[0].split()) <= 3
    )


def _header(text: str) -> tuple[list[str], str]:
    """The names on the first line, and what stands between them."""
    first = text.partition("\n")[0].rstrip("\r")
    separator = max(_SEPARATORS, key=first.count)
    try:
        return next(csv.reader([first], delimiter=separator), []), separator
    except csv.Error:
        return [], separator


def read(source: Source) -> Reading:
    text, remark = source.text.lstrip("\ufeff"), source.encoding_remark
    separator = ""
    if said := re.match(r"(?i)sep=(.)[^\n]*\r?\n", text):
        separator, text = said[1], text[said.end() :]
    names, likely = _header(text)
    separator = separator or (_NO_SEPARATOR if _is_one_column(names) else likely)
    csv.field_size_limit(50_000_000)
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
        rows = [{str(k): v for k, v in row.items() if k is not None} for row in reader]
    except csv.Error as error:
        raise UnreadableArticleError(
            f"is no table that can be read ({error}); save it as CSV in UTF-8"
        ) from None
    return read_records(NAME, rows, (remark,) if remark else ())
