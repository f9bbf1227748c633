"""Plain text and Markdown: one article, or a database's download of many. The last to be asked."""

from __future__ import annotations

import re

from analysis.read.found import Fact, Found, NoArticleError, Reading, UnreadableArticleError, facts
from analysis.read.metadata import in_order
from analysis.read.source import MAX_ARTICLE, Source
from analysis.read.texts import split_export
from analysis.read.walls import FEW_WORDS, find_wall
from analysis.text import count_words

NAME, RANK = "text", 100
_FRONT = re.compile(r"\A---[ \t]*\n(?P<lines>(?:[^\n]*\n){1,60}?)---[ \t]*\n")


_NAMES = (
    "",
    ".txt",
    ".text",
    ".asc",
    ".md",
    ".markdown",
)  # what a single article in plain text may be called
_BINARY_NAMES = (
    ".docx",
    ".xlsx",
    ".pdf",
    ".zip",
    ".gz",
    ".parquet",
    ".doc",
    ".xls",
    ".odt",
    ".epub",
    ".pages",
)


def recognises(source: Source) -> bool:
    """Whatever can be text, but for scraps of a file that by its name should be something else."""
    return source.is_text and not (source.suffix in _BINARY_NAMES and len(source.data) < 200)


def read(source: Source) -> Reading:
    """One article keeps its text as it is: page clutter, title and byline are told apart line by line, later."""
    text = source.text
    if not any(c.isalpha() for c in text):
        raise UnreadableArticleError("holds no words; put the article's text into it or remove the file")
    remarks = (source.encoding_remark,) if source.encoding_remark else ()
    if split := split_export(text):
        return Reading(
            f"{split.format} (text)", split.articles, split.announced, split.without_text, remarks=remarks
        )
    if source.suffix not in _NAMES and not source.suffix[1:].isdigit():
        raise NoArticleError(f"is text, but no article is called *{source.suffix}; name it .txt if it is one")
    if len(text) > MAX_ARTICLE:
        raise UnreadableArticleError(
            f"has {len(text) / 1e6:.0f} million characters, more than the {MAX_ARTICLE / 1e6:.0f} that an article may have, and "
            "is no database's download that is known; put each article into a file of its own"
        )
    if count_words(text) < FEW_WORDS and (wall := find_wall(text, text)):
        raise UnreadableArticleError(wall)
    known: dict[str, Fact] = {}
    if source.suffix in (".md", ".markdown") and (front := _FRONT.match(text.replace("\r\n", "\n"))):
        known, text = _front_matter(front["lines"]), text.replace("\r\n", "\n")[front.end() :]
    return Reading(NAME, (Found(text=text, facts=known, clean=False),), remarks=remarks)


def _front_matter(lines: str) -> dict[str, Fact]:
    """`title: ...` and the like, as Markdown files have them between two rules."""
    pairs = dict(re.findall(r"^(\w+)\s*:\s*[\"']?(.*?)[\"']?\s*$", lines, re.M))
    names = {
        "date": "published",
        "published": "published",
        "source": "outlet",
        "outlet": "outlet",
        "publication": "outlet",
    }
    names |= {name: name for name in ("title", "author", "url", "language")}
    return in_order(
        facts("front matter", **{names[k.lower()]: v for k, v in pairs.items() if k.lower() in names})
    )
