"""HTML as a tree, and its text, a line for each block."""

from __future__ import annotations

import re
from typing import Any


def parse_html(html: str) -> Any:
    """The page as a tree; None where there is none. No network, no entities from elsewhere."""
    from lxml import etree
    from lxml import html as parser

    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html, count=1).replace("\0", "")
    if not html.strip():
        return None
    try:
        return parser.document_fromstring(html, parser=parser.HTMLParser(no_network=True, encoding=None))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


_UNREAD = {"script", "style", "noscript", "template", "svg", "head"}
_BLOCKS = {
    *("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article"),
    *(
        "blockquote",
        "br",
        "header",
        "footer",
        "aside",
        "figure",
        "figcaption",
        "td",
        "body",
        "html",
        "hr",
        "dd",
        "dt",
    ),
}


def lines_of(element: Any, left_out: tuple[str, ...] = ()) -> list[str]:
    """The text below an element, a line for each block, without the elements that are named."""
    parts: list[str] = []
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, closing = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        block = tag in _BLOCKS
        if closing:
            if block:
                parts.append("\n")
            continue
        tail = node.tail if node is not element else None
        if tail:
            stack.append((re.sub(r"\s+", " ", tail), False))
        if not tag or tag in _UNREAD or tag in left_out:
            continue
        if block:
            parts.append("\n")
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
        if node.text:
            parts.append(re.sub(r"\s+", " ", node.text))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return [line for line in lines if line]


def text_of(element: Any) -> str:
    """All text below an element, a line for each block."""
    return "\n".join(lines_of(element))
