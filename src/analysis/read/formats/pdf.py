"""PDF with a text layer: printed pages, newspaper pages in columns, downloads of databases.

Lines come in the order of PDFium, which reads a column to its end; what stands at the top or foot of several pages is
left out, and lines are joined to paragraphs by gaps, indents and short last lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from analysis.dates import find_date
from analysis.read.found import Fact, Found, Reading, UnreadableArticleError
from analysis.read.metadata import in_order, plain_name
from analysis.read.source import Source
from analysis.read.texts import read_head, read_text, split_export
from analysis.read.wrapping import join_lines
from analysis.text import count_words

NAME, RANK = "PDF", 5
MOST_PAGES = 3_000
TITLE_WITHIN = 25  # paragraphs
SHORT = 0.75  # of a full line; a shorter one ends its paragraph
_PRINTED = re.compile(
    r"^\d{1,2}[./]\d{1,2}[./]\d{2,4},? +\d{1,2}:\d\d|^(https?|file)://\S+( +\d+/\d+)?$|^(page |p\. ?)?\d+( ?(/|of) ?\d+)?$",
    re.I,
)
_ENDS = re.compile(r"[.!?:…][”\"’'»)\]]*$")


@dataclass(frozen=True)
class Line:
    """A line of print; places in points from the page's left and foot."""

    text: str
    left: float
    right: float
    foot: float
    height: float
    page: int


def recognises(source: Source) -> bool:
    return b"%PDF-" in source.data[:1024]


def read(source: Source) -> Reading:
    lines, title, n_pages = _lines(source.data)
    if sum(c.isalpha() for line in lines for c in line.text) < 40 * min(n_pages, 3):
        raise UnreadableArticleError(
            "has no text layer: it holds pictures of text only; run text recognition on it (OCR, such as `ocrmypdf`) and give "
            "the result"
        )
    address = next(
        (m[0] for line in lines if (m := re.match(r"https?://\S+", line.text)) and _PRINTED.match(line.text)),
        None,
    )
    paragraphs = _paragraphs(_without_heads_and_feet(lines))
    spaced = [line for paragraph in paragraphs for line in (paragraph, "")]
    if split_export("\n".join(spaced)):
        return read_text(NAME, spaced, clean=False)
    known, rest = _below_title(paragraphs, title)
    if address:
        known["url"] = Fact(address, "foot of the page")
    if not rest:
        raise UnreadableArticleError("holds no words; give the page itself, or its text")
    return Reading(NAME, (Found(tuple(rest), in_order(known), clean=False),))


def _lines(data: bytes) -> tuple[list[Line], str, int]:
    """The lines of all pages, the title that the file gives itself, and the number of pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableArticleError(
                "is encrypted; open it with its password and print it into a new PDF"
            ) from None
        raise UnreadableArticleError("is a broken PDF; download or print it again") from None
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableArticleError(
                f"has {len(document):,} pages, more than the {MOST_PAGES:,} that are read; split it"
            )
        title = _own_title(document)
        lines: list[Line] = []
        for number in range(len(document)):
            try:
                lines += _lines_of_page(document[number], number)
            except (pypdfium2.PdfiumError, ValueError):
                continue  # a broken page is no reason to lose the others
        return lines, " ".join(title.split()), len(document)
    finally:
        document.close()


def _own_title(document: Any) -> str:
    try:
        return document.get_metadata_value("Title") or ""
    except ValueError:  # no letters of any encoding
        return ""


def _lines_of_page(page: Any, number: int) -> list[Line]:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    n = text_page.count_chars()
    lines = []
    for m in re.finditer(r"[^\r\n]+", text):
        words = " ".join(m[0].replace("\ufffe", "\u00ad").replace("\x02", "\u00ad").split())
        if not words or m.end() > n:
            continue
        inside = [m.start() + i for i, c in enumerate(m[0]) if not c.isspace()]
        first, last = (
            text_page.get_charbox(inside[0], loose=True),
            text_page.get_charbox(inside[-1], loose=True),
        )
        lines.append(Line(words, first[0], last[2], first[1], abs(first[3] - first[1]), number))
    text_page.close()
    return lines


def _without_heads_and_feet(lines: list[Line]) -> list[Line]:
    """Without lines that stand, but for their digits, on several pages at their edge, and without those of a browser's print."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges: Counter[str] = Counter()
    by_edge: dict[int, set[Line]] = {}
    for number, own in pages.items():
        ordered = sorted(own, key=lambda line: line.foot)
        by_edge[number] = {*ordered[:3], *ordered[-3:]}
        edges.update({_without_digits(line.text) for line in by_edge[number]})
    enough = max(2, len(pages) // 2)
    return [
        line
        for line in lines
        if not (
            line in by_edge[line.page]
            and (
                _PRINTED.match(line.text) or (len(pages) > 1 and edges[_without_digits(line.text)] >= enough)
            )
        )
    ]


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _paragraphs(lines: list[Line]) -> list[str]:
    known = "\n".join(line.text for line in lines)
    gaps = [a.foot - b.foot for a, b in pairwise(lines) if a.page == b.page and 0 < a.foot - b.foot < 60]
    usual = median(gaps) if gaps else 12.0
    width = _column_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _opens_paragraph(groups[-1], line, usual, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [join_lines([line.text for line in group], known) for group in groups]


def _column_width(lines: list[Line]) -> float:
    """The width that full lines have, in points: that of the ninth of ten lines, by length."""
    widths = sorted(line.right - line.left for line in lines)
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0.0


def _opens_paragraph(group: list[Line], line: Line, usual: float, width: float) -> bool:
    before = group[-1]
    if re.match(r"[,.;:!?)]", line.text):
        return False
    if abs(line.height - before.height) > 0.18 * before.height:
        return True
    ended = bool(_ENDS.search(before.text))
    short = before.right - before.left < SHORT * width
    if line.page != before.page or line.foot > before.foot:  # next page or column
        return ended or (short and len(group) == 1)
    gap = before.foot - line.foot
    if gap > 1.45 * usual or (short and (ended or len(group) == 1)):
        return True
    indented = line.left > group[0 if len(group) == 1 else 1].left + 0.6 * line.height
    return ended and (indented or gap > 1.2 * usual)


def _below_title(paragraphs: list[str], file_title: str) -> tuple[dict[str, Fact], list[str]]:
    """What the head of the page says, and the paragraphs below it.

    Where the file's own title stands in print, what is above it is the page's head, of which outlet and date are taken.
    """
    title, _, site = (part.strip() for part in _split_site(file_title))
    wanted = {plain_name(title), plain_name(file_title)} - {""}
    at = next((i for i, line in enumerate(paragraphs[:TITLE_WITHIN]) if plain_name(line) in wanted), None)
    if at is None or count_words(title) < 3:
        return read_head(paragraphs)
    above, below = paragraphs[:at], paragraphs[at + 1 :]
    known, rest = read_head([title, *below])
    heads, _ = read_head([line for line in above if count_words(line) <= 12 and find_date(line)])
    heads.pop("title", None)
    known = {**heads, **known, "title": Fact(title, "title of the file")}
    if site and "outlet" not in known:
        known["outlet"] = Fact(site, "title of the file")
    return known, rest[1:] if rest and plain_name(rest[0]) in wanted else rest


def _split_site(title: str) -> tuple[str, str, str]:
    match = re.match(r"^(.{12,}?)\s+([|–—-])\s+([^|–—-]{2,50})$", title)
    return (match[1], match[2], match[3]) if match else (title, "", "")
