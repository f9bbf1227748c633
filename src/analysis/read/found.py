"""What a format gives: the articles it found in a file, and what it has to say of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FIELDS = (
    "title",
    "outlet",
    "author",
    "published",
    "url",
    "genre",
    "language",
)  # what can be known of an article


class UnreadableArticleError(ValueError):
    """A file, or a part of one, from which no article can be read; the message says why and what to do."""


class NoArticleError(UnreadableArticleError):
    """The file is plain text under a name that no article has, such as code or another program's notes."""


@dataclass(frozen=True)
class Fact:
    """One value of an article's metadata, and where it was found (JSON-LD, export, column, file name)."""

    value: str
    where: str


Facts = Mapping[str, Fact]  # by the names of FIELDS


def facts(where: str, **values: str | None) -> dict[str, Fact]:
    """The values that are there, all found in one place."""
    return {name: Fact(value.strip(), where) for name, value in values.items() if value and value.strip()}


@dataclass(frozen=True)
class Found:
    """One article in a file.

    `paragraphs`: without title, byline and page clutter where the format can distinguish them (`clean`); `text`: instead,
    a text to be kept as it is; `place`: where in the file, empty where the file is the article; `facts`: its metadata;
    `words`: the length that the file announces, in words; `remark`: what its reader must know.
    """

    paragraphs: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    place: str = ""
    words: int | None = None
    text: str | None = None
    clean: bool = True
    format: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    `announced`: how many articles it says it holds, None where it does not say; `without_text`: the titles of those it
    only lists; `left_out`: what else was passed over, each with the reason; `remarks`: what its reader must know;
    `mended`: damage that was certain and was mended, by kind.
    """

    format: str
    articles: tuple[Found, ...] = ()
    announced: int | None = None
    without_text: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    mended: Mapping[str, int] = field(default_factory=dict)


def together(name: str, readings: Iterable[Reading]) -> Reading:
    """What the parts of a container gave, as one reading."""
    parts = list(readings)
    said = [part.announced for part in parts]
    mended: Counter[str] = Counter()
    for part in parts:
        mended.update(part.mended)
    return Reading(
        name,
        tuple(article for part in parts for article in part.articles),
        sum(len(p.articles) if n is None else n for p, n in zip(parts, said, strict=True))
        if any(n is not None for n in said)
        else None,
        tuple(title for part in parts for title in part.without_text),
        tuple(reason for part in parts for reason in part.left_out),
        tuple(dict.fromkeys(remark for part in parts for remark in part.remarks)),
        mended,
    )
