"""What a page sets apart from its running text, kept in plain text: block quotes, posts, questions, entries of a live blog.

A study keeps its texts as plain text, to which all spans refer; so what tags say has to stand in the text itself, as it
does in Markdown and in mail: `> ` before each line of a block quote or a post, `**` around a question, the time alone on
a line above an entry. Whoever saves a text by hand can write the same. `analysis.parse.blocks` reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from analysis.read.html_text import lines_of, text_of

QUOTED, STRONG = "> ", "**"  # before a quoted line; around a question
_MARKS = {"⟪quoted⟫": QUOTED, "⟪strong⟫": STRONG}  # as they pass through an extractor, which drops others
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
FEWEST = 3  # questions make an interview, entries a live blog
_LEAST_WORDS = 12  # of half the entries; lists of headlines have fewer

_POST = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|text-post-media)\b"
)
_PULLED = re.compile(r"(?i)pull-?_?quote")
_SHARED = re.compile(r"\bfb-xfbml-parse-ignore\b|\bcomment")
_LINK_ALONE = re.compile(
    r"(?:View (?:this|more) (?:post|profile|on)\b.*|(?:https?://|pic\.twitter\.com/)\S+)$"
)
_WORDLESS = ("script", "style", "noscript", "img", "svg", "iframe", "br", "hr", "link", "meta")
_BOXES = ("div", "figure", "span", "section", "center")
_ENTRY = ("article", "section", "div", "li")
_LIVE = re.compile(r"(?i)live-?_?(?:blog|update|story|post|feed|event|stream)|lx-stream")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:.][0-5]\d(?!\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d ")
_LONGEST_TIME = 40  # characters
_NO_ENTRY = re.compile(r"(?i)comment|related|most-|sidebar|widget|share|newsletter")
_ASIDE = ("aside", "figure", "figcaption", "iframe", "button", "form", "time", "nav", "footer")


def mark_forms(tree: Any) -> bool:
    """Put marks before what the page sets apart, which `unmarked` turns into plain text; whether there was any.

    Quotes that repeat the text (pull quotes) go; where block quotes hold most of the text, they are no more than a style.
    """
    insets = [q for q in tree.iter("blockquote") if not _is_inside(q, "blockquote")]
    posts = [q for q in insets if _POST.search(q.get("class") or "")]
    quotes = [q for q in insets if q not in posts and not _is_inside(q, "", _SHARED)]
    pulled = [q for q in quotes if _is_inside(q, "", _PULLED)]
    quotes = [q for q in quotes if q not in pulled]
    inside, paragraphs = sum(map(_size, quotes)), sum(map(_size, tree.iter("p")))
    quotes = [] if 2 * inside > paragraphs else quotes
    for element in pulled:
        _replace(element, [])
    for element in (*posts, *quotes):
        _replace(_wrapper(element), [f"⟪quoted⟫{line}" for line in _said(element)])
    questions = list(_questions(tree))
    for element in questions:
        lines = [line.strip("* ") for line in lines_of(element)]
        _replace(element, [f"⟪strong⟫{line}⟪strong⟫" for line in lines])
    return bool(pulled or posts or quotes or questions)


def unmarked(line: str) -> str:
    """A line of an extractor's with the marks of plain text; one that only looks so loses its mark."""
    if "⟪" in line:
        return _MARK.sub(lambda m: _MARKS[m[0]], line)
    return line.lstrip("> ") if line.startswith(">") else line


def live_entries(tree: Any) -> list[str]:
    """The lines of a live blog, each entry's time above it; [] where the page is none."""
    times = [t for t in tree.iter("time") if _clock(t)]
    if len(times) < FEWEST:
        return []
    held: Counter[Any] = Counter(around for t in times for around in t.iterancestors())
    entries: dict[Any, Any] = {}  # and their first times
    for time in times:
        if (entry := _entry_of(time, held)) is not None:
            entries.setdefault(entry, time)
    found = [(_clock(time), lines_of(entry, _ASIDE)) for entry, time in entries.items()]
    long = sum(sum(len(line.split()) for line in lines) >= _LEAST_WORDS for _, lines in found)
    if len(found) < FEWEST or 2 * long < len(found):
        return []
    return [unmarked(line) for clock, lines in found for line in (clock, *_without_repeat(lines))]


def _said(element: Any) -> list[str]:
    """The lines of a block quote; whose it is, where the page says so by a tag, as the last line with a dash."""
    lines = [line for line in lines_of(element, ("cite", "footer")) if not _LINK_ALONE.match(line)]
    named = [text_of(e).replace("\n", ", ").lstrip("—–- ") for e in element.iter("cite", "footer")]
    return lines + [f"— {name}" for name in named[-1:] if name]


def _without_repeat(lines: list[str]) -> Iterator[str]:
    """The lines without times, which stand above, and without what one has twice in a row."""
    before = ""
    for line in lines:
        if line != before and not is_time(line):
            yield line
        before = line


def is_time(line: str) -> bool:
    """Whether a line is the time above an entry."""
    return len(line) <= _LONGEST_TIME and bool(_CLOCK.match(_DAY.sub("", line)))


def _clock(element: Any) -> str:
    """The time that a reader sees, else the one of the markup; empty where there is no time of day."""
    shown = " ".join("".join(element.itertext()).split())
    if len(shown) <= _LONGEST_TIME and _CLOCK.match(shown):
        return shown
    given = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", element.get("datetime") or "")
    return f"{given[1]} {given[2]}" if given else ""


def _entry_of(time: Any, held: Counter[Any]) -> Any:
    """The largest element around a time that holds no other; None where nothing says that it is one of a live blog.

    `held`: how many times each element holds.
    """
    own = None
    around = list(time.iterancestors())
    for element in around:
        if held[element] > 1:
            break
        if element.tag in _ENTRY:
            own = element
    if own is None or _NO_ENTRY.search(_marks(own)):
        return None
    return own if any(_LIVE.search(_marks(element)) for element in around) else None


def _marks(element: Any) -> str:
    """What names an element: its class, id and type."""
    return " ".join(
        str(element.get(name) or "") for name in ("class", "id", "itemtype", "itemprop", "data-type")
    )


def _questions(tree: Any) -> Iterator[Any]:
    """The paragraphs that put a question by their form: all in bold, or the terms of a list, most with a question mark."""
    terms = list(tree.iter("dt"))
    bold = [p for p in tree.iter("p") if _is_bold(p) and _text(p).endswith("?")]
    asked = [t for t in terms if _text(t).endswith("?")]
    if len(asked) >= FEWEST and 2 * len(asked) > len(terms):
        for said in [*tree.iter("dd")]:
            _replace(said, lines_of(said))
        for listed in tree.iter("dl"):
            listed.tag = "div"
        yield from terms
    if len(bold) >= FEWEST:
        yield from bold


def _is_bold(paragraph: Any) -> bool:
    """Whether all words of a paragraph stand in one bold element."""
    children = [child for child in paragraph if isinstance(child.tag, str) and child.tag != "br"]
    alone = len(children) == 1 and children[0].tag in ("b", "strong") and not (paragraph.text or "").strip()
    return alone and not (children[0].tail or "").strip()


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _size(element: Any) -> int:
    return len(_text(element)) if not (element.tag == "p" and _is_inside(element, "p")) else 0


def _is_inside(element: Any, tag: str, named: re.Pattern[str] | None = None) -> bool:
    """Whether an element around it has the tag; or it, or one around it, a name that the pattern finds."""
    if named is None:
        return next(element.iterancestors(tag), None) is not None
    around = (element, *element.iterancestors())
    return any(named.search(e.get("class") or "") for e in around if e.tag not in ("body", "html"))


def _wrapper(element: Any) -> Any:
    """The outermost box that shows nothing else: boxes around embedded posts are named as what extractors drop."""
    while (parent := element.getparent()) is not None and parent.tag in _BOXES and _is_alone(element, parent):
        element = parent
    return element


def _is_alone(element: Any, parent: Any) -> bool:
    """Whether nothing beside the element can be read in its box."""
    return not (parent.text or "").strip() and all(
        (child is element or child.tag in _WORDLESS or not isinstance(child.tag, str))
        and not (child.tail or "").strip()
        for child in parent
    )


def _replace(element: Any, lines: list[str]) -> None:
    """Put a paragraph for each line in the element's place; what follows the element stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    for line in lines:
        before = parent.makeelement("p", {})
        before.text = line
        element.addprevious(before)
    if element.tail and element.tail.strip():
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
