"""What is known of an article, put in order: names, titles and dates as they should be, and what a file's name says."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from analysis.dates import find_date
from analysis.read.found import Fact, Facts
from analysis.read.languages import language_code

_BY = re.compile(r"^(?:(?:written |reported |story |words )?by|von|par)\s*:?\s+(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|net|co\.uk)\b", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"(?i)^(unknown|anonymous|admin(istrator)?|none( available)?|n/?a|nan|null|-+|staff|guest|editor|web ?master|superuser)$"
)
_TAIL = re.compile(r"^(?P<title>.{8,}?)\s+[|–—\-·»•:]{1,2}\s+(?P<site>[^|–—·»•]{2,60})$", re.DOTALL)
_NAMED = re.compile(
    r"^(?P<outlet>[A-Za-z][A-Za-z .&'-]{0,40}?)[_ -]+(?P<date>(?:19|20)\d\d-?\d\d-?\d\d)(?:[_ -]|$)"
)
_HOST = re.compile(r"^(?:www\d?|m|amp|edition|mobile)\.")


def in_order(found: Facts) -> dict[str, Fact]:
    """The facts with each value in its usual form; what is no title, author or date after all is left out."""
    ordered = {name: Fact(_on_one_line(fact.value), fact.where) for name, fact in found.items()}
    ordered = {name: fact for name, fact in ordered.items() if fact.value}
    _set(ordered, "published", lambda value: find_date(value))
    _set(ordered, "language", language_code)
    _set(ordered, "url", lambda value: value if re.match(r"https?://\S+$", value) else None)
    outlet = ordered["outlet"].value if "outlet" in ordered else ""
    host = _host(ordered["url"].value) if "url" in ordered else ""
    _set(ordered, "author", lambda value: author_name(value, outlet, host))
    _set(ordered, "title", lambda value: without_site(value, outlet, host))
    return ordered


def _set(ordered: dict[str, Fact], name: str, change: object) -> None:
    if name not in ordered:
        return
    value = change(ordered[name].value)  # type: ignore[operator]
    if value:
        ordered[name] = Fact(value, ordered[name].where)
    else:
        del ordered[name]


def author_name(value: str, outlet: str = "", host: str = "") -> str | None:
    """The author without `By`; None for the publisher's name, an address, or a word that stands for nobody."""
    value = _BY.sub("", value.strip(" ,;|/")).strip()
    if _ADDRESS.search(value):
        value = _BY.sub("", _without_addresses(value))
    plain = plain_name(value)
    if not plain or _NO_AUTHOR.match(value) or len(value) > 200:
        return None
    if outlet and plain == plain_name(outlet):
        return None
    if host and plain == plain_name(host.rsplit(".", 1)[0]):
        return None
    return value


def _without_addresses(value: str) -> str:
    parts = [part.strip() for part in re.split(r"[,;|]|\s{2,}", value)]
    return ", ".join(part for part in parts if part and not _ADDRESS.search(part))


def turned_name(value: str) -> str:
    """`Corrant, Lida` as `Lida Corrant`; other names as they are."""
    parts = [part.strip() for part in value.split(",")]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else value.strip()


def without_site(title: str, outlet: str = "", host: str = "") -> str:
    """The title without the site's name at its end, such as ` | The Daily Clarion`."""
    for _ in range(2):
        match = _TAIL.match(title)
        if not match:
            break
        site, known = (
            plain_name(match["site"]),
            {plain_name(outlet), plain_name(host.rsplit(".", 1)[0])} - {""},
        )
        if not any(site == name or (len(name) > 3 and (name in site or site in name)) for name in known):
            break
        title = match["title"].rstrip(" |–—-·»•:")
    return title


def plain_name(name: str) -> str:
    """A name as it is compared: no capitals, marks, blanks, accents, no leading `the`."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"^the(?=\W)|[\W_]", "", letters)


def _host(url: str) -> str:
    try:
        return _HOST.sub("", urlsplit(url).hostname or "")
    except ValueError:
        return ""


def host_of(url: str | None) -> str:
    """The address's host without `www`; empty where there is none."""
    return _host(url) if url else ""


def facts_of_name(name: str) -> dict[str, Fact]:
    """Outlet and day from a file name such as `nyt_2016-09-08_a-title.txt`, the day from other names that have one."""
    stem = PurePosixPath(name).stem
    named = _NAMED.match(stem)
    found: dict[str, Fact] = {}
    if day := find_date(re.sub(r"[_ ]", " ", stem)) if re.search(r"(?:19|20)\d\d", stem) else None:
        if len(day) == 10:
            found["published"] = Fact(day, "file name")
        if named and len(day) == 10:
            found["outlet"] = Fact(named["outlet"].strip(" _-"), "file name")
    return found


def _on_one_line(value: str) -> str:
    return " ".join(value.split())
