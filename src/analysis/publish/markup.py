"""HTML from notebooks, made safe and accessible before it enters a page.

Nothing passes that is not on the lists below: no script, style, event handler, form, frame or remote picture, so that
an article's text stays text whatever way it took. (The page's content security policy would stop it once more.)
Tables get a caption, scopes and a scroll area that the keyboard reaches; pictures always have words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import unquote


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words(
    "a abbr article aside b blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong "
    "sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
_VOID = _words("br col hr img wbr")
_SHAPES = _words("g line rect circle path text")  # what a drawing may hold
_DRAWN = _words(
    "class x y x1 x2 y1 y2 cx cy r rx width height d text-anchor dominant-baseline aria-hidden focusable"
)
_SIZE = re.compile(r"[\w\s.,%+-]*\Z")  # numbers, names of classes and paths: no address, no function
_DROPPED_WHOLE = _words("script style template iframe object svg math noscript head title select textarea")
_ATTRIBUTES = _words(
    "alt class colspan datetime dir download height href id lang open reversed role rowspan scope src start tabindex "
    "title value width"
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*\Z")
_LINK = re.compile(r"(?:https?://|mailto:|#|(?![a-z][a-z0-9+.-]*:|[/\\])[^\s])", re.IGNORECASE)
_NUMBERS = re.compile(r"data:text/csv;charset=utf-8,[\w.,:;()/~*!%-]*\Z")  # offered as a file, never opened
_NUMBER = re.compile(r"[-−–+±]?[\d.,  ]*\d(?:\s?%|[eE][-+]?\d+)?\Z|NA\Z|<NA>\Z|NaN\Z")


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass
class _Table:
    """What must be remembered while a table is being read."""

    captioned: bool = False
    in_head: bool = False
    column: int = 0
    plain: bool = True  # no cell spans several columns or rows
    heads: dict[int, int] = field(default_factory=dict)  # column -> where its <th> is in the output
    numbers: dict[int, int] = field(default_factory=dict)  # column -> its numbers less its words


class Cleaner(HTMLParser):
    """Cleans the pieces of one page in their order; `headings` fills up with what the page's contents list needs.

    `links`: where a notebook's name or an article's page leads to in this report, as far as the page exists. `places`:
    on which page each evidence is, by its name; `file` is the page that is being cleaned.
    """

    def __init__(
        self, links: Mapping[str, str] | None = None, file: str = "", places: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.links: Mapping[str, str] = links or {}
        self.file, self.places = file, places
        self.headings: list[Heading] = []
        self._ids: set[str] = set()

    def clean(self, html: str) -> str:
        """The piece with only what is allowed, every element closed."""
        self.reset()
        self._out: list[str] = []
        self._open: list[tuple[str, str, int]] = []  # tag, what closes it, where it is in the output
        self._tables: list[_Table] = []
        self._skipping: list[str] = []
        self.feed(tidy_pandas(html))
        self.close()
        while self._open:
            self._close_last()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if self._drawing(tag, attrs):
            return
        if self._skipping or tag in _DROPPED_WHOLE:
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag not in _TAGS:
            return
        self._caption_before(tag)
        attributes = {
            name: value or "" for name, value in attrs if _allowed(name) and (name != "src" or tag == "img")
        }
        if attributes.get("role") == "region":  # a landmark for each table would bury the real ones
            attributes["role"] = "group"
        if tag == "img":
            self._picture(attributes)
            return
        tag, attributes, closing = self._opened(tag, attributes)
        if tag not in _VOID:
            self._open.append((tag, closing, len(self._out)))
        self._out.append(_start(tag, attributes))

    def _drawing(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> bool:
        """Whether this is a drawing of ours or what one holds: shapes and words alone, written here if it may be there."""
        inside = any(name == "svg" for name, _, _ in self._open)
        if self._skipping or not (inside or (tag == "svg" and ("class", "drawn") in attrs)):
            return False
        if inside and tag == "a":
            shape, link, _ = self._link(tag, {n: v or "" for n, v in attrs if _allowed(n)})
            shape, known = (shape, link) if shape == "a" else ("g", {})
        elif (tag in _SHAPES) if inside else (tag == "svg"):
            shape, known = tag, {n: v for n, v in attrs if n in _DRAWN and v is not None and _SIZE.match(v)}
        else:
            return True
        self._open.append((shape, f"</{shape}>", len(self._out)))
        self._out.append(_start(shape, known))
        return True

    def _caption_before(self, tag: str) -> None:
        """A table without a caption gets the section's name for one, which screen readers need."""
        if self._tables and not self._tables[-1].captioned and tag != "table":
            self._tables[-1].captioned = True
            if tag != "caption":
                self._out.append(f'<caption class="unseen">{escape(self._section())}</caption>')

    def _picture(self, attributes: dict[str, str]) -> None:
        """An embedded picture with words for it, in an area of its own that scrolls; any other is left out."""
        if not _PICTURE.match(attributes.get("src", "")):
            return
        attributes["alt"] = attributes.get("alt", "").strip() or f"Chart in the section “{self._section()}”"
        area = "" if self._in_scroll_area() else _scroll_area("Chart", self._section())
        self._out += [area, _start("img", attributes), "</div>" if area else ""]

    def _opened(self, tag: str, attributes: dict[str, str]) -> tuple[str, dict[str, str], str]:
        """The element as it is written, its attributes, and what closes it."""
        closing = f"</{tag}>"
        if tag == "a" or "data-page" in attributes:
            return self._link(tag, attributes)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            if tag == "h1" and any(heading.level == 1 for heading in self.headings):
                tag, closing = "h2", "</h2>"
            attributes.pop("id", None)
        elif tag == "table":
            self._tables.append(_Table())
            if not self._in_scroll_area():
                self._out.append(_scroll_area("Table", self._section()))
                closing = "</table></div>"
        elif tag == "pre":
            attributes["tabindex"] = "0"
        elif self._tables:
            self._part_of_table(tag, attributes)
        return tag, attributes, closing

    def _part_of_table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("thead", "tbody", "tfoot"):
            self._tables[-1].in_head = tag == "thead"
        elif tag == "tr":
            self._tables[-1].column = 0
        elif tag in ("td", "th"):
            self._cell(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag in self._skipping:
                while self._skipping.pop() != tag:
                    pass
            return
        # A link may stand for another element (or the reverse), a second h1 for an h2: what closes is what was meant.
        names = {"span": ("span", "a"), "a": ("a", "span", "g"), "h1": ("h1", "h2")}.get(tag, (tag,))
        if tag == "thead" and self._tables:
            self._tables[-1].in_head = False
        if any(name in names for name, _, _ in self._open):
            while self._close_last() not in names:
                pass

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._out.append(escape(data, quote=False))

    def _close_last(self) -> str:
        tag, closing, at = self._open.pop()
        if tag in ("h1", "h2", "h3"):
            text = _text(self._out[at + 1 :])
            heading = Heading(int(tag[1]), self._unique(text), text)
            self.headings.append(heading)
            self._out[at] = self._out[at].replace(f"<{tag}", f'<{tag} id="{heading.id}"', 1)
        elif tag in ("td", "th") and self._tables:
            closing = self._finish_cell(tag, at, closing)
        elif tag == "table" and self._tables:
            table = self._tables.pop()
            for column, head in table.heads.items():
                if table.plain and table.numbers.get(column, 0) > 0:
                    self._out[head] = _with_class(self._out[head], "num")
        self._out.append(closing)
        return tag

    def _cell(self, tag: str, attributes: dict[str, str]) -> None:
        table = self._tables[-1]
        wide, tall = attributes.get("colspan", "1") != "1", attributes.get("rowspan", "1") != "1"
        table.plain = table.plain and not (wide or tall)
        if tag == "th":
            if table.in_head:
                attributes.setdefault("scope", "colgroup" if wide else "col")
                table.heads[table.column] = len(self._out)
            else:
                attributes.setdefault("scope", "rowgroup" if tall else "row")
        table.column += 1

    def _finish_cell(self, tag: str, at: int, closing: str) -> str:
        text, table = _text(self._out[at + 1 :]), self._tables[-1]
        if tag == "th" and not text:  # an empty head is no head: pandas' corner
            self._out[at] = re.sub(r' scope="\w+"', "", self._out[at].replace("<th", "<td", 1))
            return "</td>"
        if tag == "td" and text:
            number = _NUMBER.match(text) is not None
            column = table.column - 1
            table.numbers[column] = table.numbers.get(column, 0) + (1 if number else -1)
            if number and ' class="number"' not in self._out[at]:
                self._out[at] = _with_class(self._out[at], "num")
        return closing

    def _link(self, tag: str, attributes: dict[str, str]) -> tuple[str, dict[str, str], str]:
        """A link that leads somewhere, else a span: to a page of this report, a place in this page, or outside."""
        inside, target = attributes.pop("data-page", ""), attributes.pop("href", "")
        wanted = inside or target
        page, hash_mark, place = wanted.rpartition("#") if "#" in wanted else (wanted, "", "")
        numbers = _NUMBERS.match(target) and attributes.get("download", "").endswith(".csv")
        if self.places is not None and not page and "?" in place:  # a count leads to evidence, wherever it is
            name, _, query = place.partition(
                "?"
            )  # which comes first, so that the place is found without a script
            where = self.places.get(unquote(name))
            if where is None:
                return "span", attributes, "</span>"
            href = f"{'' if where == self.file else where}?{query}#{name}"
        elif page in self.links:
            href = self.links[page] + hash_mark + place
        elif tag == "a" and not inside and (_LINK.match(target) or numbers):
            href = target
        else:
            return "span", attributes, "</span>"
        if href.startswith("http"):
            attributes["rel"] = "noopener noreferrer"
        return "a", {"href": href, **attributes}, "</a>"

    def _section(self) -> str:
        return self.headings[-1].text if self.headings else "this page"

    def _in_scroll_area(self) -> bool:
        return bool(self._open) and ' class="scroll"' in self._out[self._open[-1][2]]

    def _unique(self, text: str) -> str:
        stem = re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:60] or "section"
        name, n = stem, 1
        while name in self._ids:
            n += 1
            name = f"{stem}-{n}"
        self._ids.add(name)
        return name


def tidy_pandas(html: str) -> str:
    """A data frame's table as a reader expects it: the index's name in the corner, no column of row numbers."""
    return re.sub(r'<table[^>]*class="dataframe".*?</table>', _tidy_table, html, flags=re.DOTALL)


def _tidy_table(match: re.Match[str]) -> str:
    table = match[0]
    head, mark, body = table.partition("</thead>")
    rows = re.findall(r"<tr.*?</tr>", head, flags=re.DOTALL)
    cells = [re.findall(r"<th[^>]*>(.*?)</th>", row, flags=re.DOTALL) for row in rows]
    if len(rows) == 2 and len(cells[0]) == len(cells[1]) and "span=" not in head:
        n = sum(bool(cell) for cell in cells[1])
        if n and not any(cells[1][n:]) and not any(cells[0][:n]):
            names = "".join(f"<th>{cell}</th>" for cell in cells[1][:n] + cells[0][n:])
            return head[: head.index(rows[0])] + f"<tr>{names}</tr></thead>" + body
    numbers = re.findall(r"<tr>\s*<th>(\d+)</th>", body)
    if (
        len(rows) == 1
        and cells[0][:1] == [""]
        and numbers
        and numbers == [str(n) for n in range(len(numbers))]
    ):
        head = re.sub(r"<th></th>", "", head, count=1)
        body = re.sub(r"(<tr>\s*)<th>\d+</th>", r"\1", body)
    return head + mark + body


def _allowed(name: str) -> bool:
    return name in _ATTRIBUTES or re.fullmatch(r"(?:aria|data)-[a-z-]+", name) is not None


def _start(tag: str, attributes: Mapping[str, str]) -> str:
    written = (f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{''.join(written)}>"


def _scroll_area(what: str, section: str) -> str:
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(f"{what}: {section}")}">'


def _with_class(start: str, name: str) -> str:
    if ' class="' in start:
        return start.replace(' class="', f' class="{name} ', 1)
    return f'{start[:-1]} class="{name}">'


def _text(pieces: Sequence[str]) -> str:
    return unescape(re.sub(r"<[^>]*>", "", "".join(pieces))).strip()
