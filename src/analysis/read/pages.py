"""Web pages: the main text, paragraph by paragraph, and what JSON-LD, meta tags and the page itself say of it.

The main text is found by trafilatura (Barbaresi 2021), set to precision; where it finds little, the article body of the
page's JSON-LD and trafilatura's wider search are asked, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from analysis.dates import find_date
from analysis.read.forms import FEWEST, is_time, live_entries, mark_forms, unmarked
from analysis.read.found import Fact, Facts, Found, UnreadableArticleError, facts
from analysis.read.html_text import lines_of, parse_html, text_of
from analysis.read.metadata import in_order, plain_name
from analysis.read.walls import find_cut, find_wall
from analysis.text import count_words

LITTLE = 600  # characters of main text below which other ways are tried
_ARTICLE = re.compile(
    r"(?:News|Reportage|Opinion\w*|Analysis\w*|Review\w*|Blog\w*|LiveBlog\w*|Scholarly)?(?:Article|Posting)$"
)
_META = (
    ("title", ("og:title", "twitter:title", "dc.title", "headline", "parsely-title")),
    ("outlet", ("og:site_name", "application-name", "dc.publisher", "publisher", "twitter:app:name:iphone")),
    ("author", ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")),
    (
        "published",
        ("article:published_time", "og:article:published_time", "article.published", "parsely-pub-date",
         "datepublished", "pubdate", "publishdate", "publish-date", "dc.date.issued", "dc.date", "sailthru.date",
         "date", "cxenseparse:recs:publishtime", "ptime"),
    ),
    ("url", ("og:url", "parsely-link")),
    ("genre", ("article:section", "og:article:section", "parsely-section", "section")),
    ("language", ("content-language", "og:locale", "language")),
)  # fmt: skip


def read_page(html: str, address: str = "", place: str = "") -> Found:
    """The article of a page. Raises UnreadableArticleError where it shows none, saying what it shows instead."""
    tree = parse_html(html)
    if tree is None:
        raise UnreadableArticleError("is no page that can be read; save it again from the browser")
    linked = _linked_data(tree)
    page_text = text_of(tree)
    known = {**_facts_of_markup(tree), **_facts_of_meta(tree), **_facts_of_linked_data(linked)}
    paragraphs, guessed = _main_text(_with_marks(html, tree), tree, linked)
    known = {**guessed, **known}
    if address:
        known["url"] = Fact(address, "address of the saved page")
    known = in_order(known)
    body = "\n".join(paragraphs)
    if wall := find_wall(body, page_text):
        raise UnreadableArticleError(wall)
    if not any(c.isalpha() for c in body):
        raise UnreadableArticleError(
            "shows no article text; save the page complete, or copy the text into a file"
        )
    title = known["title"].value if "title" in known else ""
    return Found(
        tuple(_without_title(paragraphs, title)), known, place, remark=find_cut(body, page_text) or ""
    )


def paragraphs_of_html(html: str) -> list[str]:
    """The paragraphs of a piece of HTML, such as the body that an interface gives; asides and pictures are left out."""
    tree = parse_html(f"<div>{html}</div>")
    if tree is None:
        return []
    mark_forms(tree)
    lines = lines_of(tree, ("aside", "figure", "figcaption", "iframe", "button", "form"))
    return [unmarked(line) for line in lines]


def _with_marks(html: str, tree: Any) -> str:
    """The page with what it sets apart marked for the extractor; changes the tree, too."""
    from lxml.html import tostring

    return str(tostring(tree, encoding="unicode")) if mark_forms(tree) else html


def _main_text(html: str, tree: Any, linked: list[dict[str, Any]]) -> tuple[list[str], dict[str, Fact]]:
    """The main text's paragraphs, and the facts that trafilatura guesses."""
    found = _extract(html, favor_precision=True)
    paragraphs = _paragraphs_of_extract(found)
    length = sum(map(len, paragraphs))
    said = _body_of_linked_data(linked)
    if sum(map(len, said)) > 1.5 * length:
        paragraphs, length = said, sum(map(len, said))
    if length < LITTLE:
        wider = _paragraphs_of_extract(_extract(html, favor_recall=True))
        if sum(map(len, wider)) > 3 * length and count_words(" ".join(wider)) > 60:
            paragraphs = wider
    entries = live_entries(tree) or _updates_of_linked_data(linked)
    if sum(map(len, entries)) > 0.5 * length:
        paragraphs = entries
    guessed = {}
    if found is not None:
        guessed = facts(
            "page",
            title=found.title,
            author=found.author,
            published=found.date,
            outlet=found.sitename,
            url=found.url,
        )
    return paragraphs, guessed


def _extract(html: str, *, favor_precision: bool = False, favor_recall: bool = False) -> Any:
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            html,
            include_comments=False,
            include_images=False,
            date_extraction_params={
                "original_date": True,
                "extensive_search": True,
                "outputformat": "%Y-%m-%d",
            },
            favor_precision=favor_precision,
            favor_recall=favor_recall,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, OverflowError):
        return None  # what breaks an extractor is no reason to lose the other pages


def _paragraphs_of_extract(found: Any) -> list[str]:
    if found is None or not found.text:
        return []
    lines = (" ".join(line.split()) for line in found.text.split("\n") if line.strip(" |-_*"))
    return [unmarked(line) for line in lines]


def _without_title(paragraphs: list[str], title: str) -> Iterator[str]:
    """The paragraphs without the headline and the day, which many pages repeat above the text."""
    plain = plain_name(title)
    live = sum(map(is_time, paragraphs)) >= FEWEST
    for i, paragraph in enumerate(paragraphs):
        repeated = plain and plain_name(paragraph) == plain
        day = count_words(paragraph) <= 6 and find_date(paragraph) and not (live and is_time(paragraph))
        if i >= 3 or not (repeated or day):
            yield paragraph


def _linked_data(tree: Any) -> list[dict[str, Any]]:
    """The JSON-LD items of a page, those of lists and graphs one by one."""
    items: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                waiting = [json.loads(script.text or "", strict=False)]
            except (ValueError, RecursionError):
                continue
            while waiting and len(items) < 500:
                one = waiting.pop(0)
                if isinstance(one, list):
                    waiting = [*one, *waiting]
                elif isinstance(one, dict):
                    items.append(one)
                    waiting += [
                        one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one
                    ]
    return items


def _articles(linked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def kinds(item: dict[str, Any]) -> list[str]:
        kind = item.get("@type")
        return [str(one) for one in (kind if isinstance(kind, list) else [kind])]

    return [item for item in linked if any(_ARTICLE.match(kind) for kind in kinds(item))]


def _facts_of_linked_data(linked: list[dict[str, Any]]) -> dict[str, Fact]:
    for item in _articles(linked):
        found = facts(
            "JSON-LD",
            title=_word(item.get("headline")) or _word(item.get("name")),
            published=_word(item.get("datePublished")) or _word(item.get("dateCreated")),
            author=_names(item.get("author")) or _names(item.get("creator")),
            outlet=_names(item.get("publisher")),
            genre=_word(item.get("articleSection")),
            language=_word(item.get("inLanguage")),
            url=_word(item.get("url")) or _word(item.get("mainEntityOfPage")),
        )
        if found:
            return found
    return {}


def _body_of_linked_data(linked: list[dict[str, Any]]) -> list[str]:
    bodies = (item.get("articleBody") for item in _articles(linked))
    body = max((body for body in bodies if isinstance(body, str)), key=len, default="")
    if re.search(r"<\w+[ >]", body):
        return paragraphs_of_html(body)
    return [" ".join(line.split()) for line in re.split(r"\n+|\\n", body) if line.strip()]


def _updates_of_linked_data(linked: list[dict[str, Any]]) -> list[str]:
    """The entries of a live blog as JSON-LD has them, each below its time."""
    lines: list[str] = []
    for item in _articles(linked):
        updates = item.get("liveBlogUpdate")
        for update in updates if isinstance(updates, list) else []:
            body = update.get("articleBody") if isinstance(update, dict) else None
            if isinstance(body, str) and body.strip():
                when = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", _word(update.get("datePublished")) or "")
                head = " ".join((_word(update.get("headline")) or "").split())
                said = paragraphs_of_html(body)
                lines += [f"{when[1]} {when[2]}"] if when else []
                lines += [head] if head and head not in said[:1] else []
                lines += said
    return lines


def _word(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("name")
    return value if isinstance(value, str) and not value.startswith("#") else None


def _names(value: Any) -> str | None:
    """The names of persons or organisations, as JSON-LD has them in several forms."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            name = name[0] if name else None
        if isinstance(name, str) and name.strip():
            found.append(name.strip())
    return ", ".join(dict.fromkeys(found)) or None


def _facts_of_meta(tree: Any) -> dict[str, Fact]:
    said: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (
            tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or ""
        ).lower()
        content = (tag.get("content") or "").strip()
        if name and content:
            said.setdefault(name, content)
    found = {}
    for field, names in _META:
        values = (said[name] for name in names if name in said)
        if value := next((v for v in values if _fits(field, v)), None):
            found[field] = Fact(value, "meta tag")
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            found["url"] = Fact(link.get("href"), "meta tag")
    return found


def _fits(field: str, value: str) -> bool:
    if field == "published":
        return find_date(value) is not None
    return not (field in ("author", "url") and field == "author" and value.startswith("http"))


def _facts_of_markup(tree: Any) -> dict[str, Fact]:
    """What the page's own elements show: its only h1, a byline, a time."""
    found: dict[str, Fact] = {}
    heads = [" ".join(text_of(h).split()) for h in tree.iter("h1")]
    if len(heads) == 1 and heads[0]:
        found["title"] = Fact(heads[0], "heading")
    for element in tree.iter("a", "span", "div", "p", "address"):
        marks = (
            f"{element.get('rel') or ''} {element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        )
        words = " ".join(text_of(element).split()) if re.search(r"\bauthor\b|\bbyline\b", marks) else ""
        if 3 < len(words) < 120:
            found["author"] = Fact(words, "byline")
            break
    for element in tree.iter("time"):
        if day := find_date(element.get("datetime") or text_of(element)):
            found["published"] = Fact(day, "time on the page")
            break
    else:
        if day := _day_beside_headline(tree):
            found["published"] = Fact(day, "date on the page")
    lang = (tree.get("lang") or "").strip()
    return found | (facts("page", language=lang) if lang else {})


def _day_beside_headline(tree: Any) -> str | None:
    """A short line that is a date, above the fifth paragraph."""
    for line in lines_of(tree)[:60]:
        if len(line) < 60 and (day := find_date(line)) and len(day) == 10:
            return day
    return None


def merged(*found: Facts) -> dict[str, Fact]:
    """Facts of several places; the later ones count more."""
    together: dict[str, Fact] = {}
    for one in found:
        together |= one
    return together
