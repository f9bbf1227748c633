"""A whole report in one document, to send by mail: each page a section of it, each link between them within it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape, unescape
from typing import Any

from analysis.publish.page import Page, render

# A page's body has been cleaned: `<` and `>` are in it for tags alone, and every value has double quotes.
_TAG = re.compile(r"<[a-z][^<>]*>")
_PLACE = re.compile(r' (id|href|aria-(?:labelledby|describedby|controls|details|owns))="([^"]*)"')


def single_document(pages: Sequence[Page], common: Mapping[str, Any]) -> str:
    """All pages as one HTML document that needs no other file. A page's file becomes the id of its section."""
    files = [page.file for page in pages]
    lists = {
        name: [replace(page, file=f"#{page.file}") for page in common[name]]
        for name in ("contents", "articles", "outlets")
    }
    parts = [replace(page, body=_within(page, files), partial="") for page in pages]
    whole = Page("", common["study"], "", kind="single")
    return render(
        whole, "", parts=parts, **{**common, **lists, "all_articles": "", "record": "", "single": ""}
    )


def _within(page: Page, files: Collection[str]) -> str:
    """The page's body with ids that no other page has, and links to other pages as links to their sections."""

    def renamed(match: re.Match[str]) -> str:
        name, value = match[1], unescape(match[2])
        if name == "href":
            value = _target(value, page.file, files)
        else:
            value = " ".join(f"{page.file}:{word}" for word in value.split())
        return f' {name}="{escape(value)}"'

    return _TAG.sub(lambda tag: _PLACE.sub(renamed, tag[0]), page.body)


def _target(href: str, file: str, files: Collection[str]) -> str:
    address, _, place = href.partition("#")
    address, mark, query = address.partition("?")
    page = posixpath.normpath(posixpath.join(posixpath.dirname(file), address)) if address else file
    if page not in files:
        return href
    return f"{mark}{query}#{page}:{place}" if place else f"#{page}"
