"""What each line of an article is: title, byline, deck, heading, body, credit or boilerplate.

Nothing is cut from the text: page clutter is marked, and later steps read the other lines only.
The rules look at a line's words, its length, its punctuation and its place; of the outlet they know the name, where the metadata have it.

Beside its kind a line may have a form, by the marks of Markdown and mail, which `read/` writes where a file says as much:
`> ` before a block quote or a post, `**` around a question, the time alone on a line above an entry of a live blog.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from analysis.language import Language
from analysis.text import count_words

_OPENS_WITH_QUOTE = re.compile(r"^\s*[\"“„«‘]")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;,][\"”’'»)\]]*\s*$|[.!?…]?[”\"]\s*$")

LONGEST_SCRAP = 600  # characters; a longer line is no credit, byline or clutter
HEADING_WORDS = 20  # longer lines without a full stop are paragraphs that lost it
TITLE_WORDS = 30
DECK_WORDS = 30
BYLINE_WORDS, DATED_WORDS = 15, 20  # of `By ...` in the head; of a byline with date or place, anywhere
CLUTTER_WORDS, APPEAL_WORDS = 45, 60
PARAGRAPH_WORDS = TOPIC_WORDS = (
    6  # from here a sentence is a paragraph, up to here a line in the head a topic
)


QUOTE, POST = "quote", "post"  # forms of lines: of a block quote, of a post
ENTRY, QUESTION = "entry", "question"  # what opens an entry of a live blog; what is asked in an interview
FEWEST_ENTRIES = 3  # times on lines make a live blog


class Block(NamedTuple):
    """A stretch of lines of one kind and form, without the marks of the form; see the table `blocks`."""

    start: int
    end: int
    kind: str
    form: str = ""


class _Line(NamedTuple):
    """A line without its `mark`: `>`, `**` or none."""

    start: int
    end: int
    text: str
    words: int
    mark: str = ""


Kinds = list[str | None]  # of each line; None where it is still open


def classify_lines(
    text: str,
    language: Language,
    title: str | None = None,
    *,
    outlet: str | None = None,
    clean: bool = False,
) -> list[Block]:
    """The non-empty lines of `text`, each with its kind; `title` and `outlet` are the known ones, where there are any.

    A line that is the outlet's name alone is part of the byline. `clean`: the page's clutter was taken off when the text
    was read, so that no line's place speaks against it.
    """
    lines = [_line(text, a, b) for a, b in _paragraph_spans(text)]
    given = [
        "byline" if outlet and _is_name_alone(line.text, outlet) else _kind_by_words(line, language)
        for line in lines
    ]
    if clean:
        sure = _kinds_of_clean_text(lines, given, title)
        return _with_forms(lines, sure, language)
    kinds = _with_links(lines, given, language)
    kinds = _with_captions(
        lines, _with_comments(lines, _with_tail(lines, kinds, language), language), language
    )
    kinds = _with_head(lines, kinds, language, title)
    kinds = _with_deck(lines, _with_headings(lines, kinds))
    return _with_forms(lines, [str(kind) for kind in kinds], language)


def names_outlet(text: str, outlet: str) -> bool:
    """Whether a line of the text is the outlet's name alone, so that its name says what the lines are."""
    name, most = _plain(outlet), _longest(outlet)
    lines = [line for line in text.splitlines() if 0 < len(line) <= most]
    return name != "" and any(_plain(line) == name for line in lines)


def _is_name_alone(line: str, name: str) -> bool:
    return len(line) <= _longest(name) and _plain(line) == _plain(name) != ""


def _longest(name: str) -> int:
    """How many characters a line that is a name alone has at most."""
    return 2 * len(name) + 10


_MARKED = re.compile(r"(?P<quoted>>)[>\s]*\s(?=[^>\s])|(?P<strong>\*\*)(?=[^*\s][^*]*\*\*$)")


def _line(text: str, start: int, end: int) -> _Line:
    """The line at `start` without the mark of its form."""
    found = _MARKED.match(text, start, end)
    if found is None:
        return _Line(start, end, text[start:end], count_words(text[start:end]))
    after = end - 2 if found["strong"] else end
    words = text[found.end() : after]
    return _Line(found.end(), after, words, count_words(words), found["quoted"] or found["strong"])


def _with_forms(lines: list[_Line], kinds: Sequence[str], language: Language) -> list[Block]:
    """The lines with their kinds and, where marks or the lines themselves tell one, their forms."""
    forms = [""] * len(lines)
    said = list(kinds)
    named = [_matches(line, "post_credit", language) for line in lines]
    for is_quoted, group in groupby(range(len(lines)), key=lambda i: lines[i].mark == ">"):
        for part in _parts(list(group), named) if is_quoted else ():
            last = part[-1]
            credited = named[last] or (len(part) > 1 and _matches(lines[last], "quote_credit", language))
            if credited or any(_ENDS_A_SENTENCE.search(lines[i].text) for i in part):
                for i in part:
                    forms[i] = POST if named[last] else QUOTE
                    said[i] = "boilerplate" if said[i] == "boilerplate" else "body"
            if credited:
                said[last] = "credit"
    for i in range(1, len(lines)):
        if named[i] and not forms[i] and said[i - 1] == "body":
            forms[i - 1], forms[i] = POST, POST
    for i, line in enumerate(lines):
        if line.mark == "**" and line.text.endswith("?"):
            forms[i] = QUESTION
    timed = [i for i, line in enumerate(lines) if not forms[i] and _matches(line, "entry_time", language)]
    if len(timed) >= FEWEST_ENTRIES:
        for i in timed:
            forms[i] = ENTRY
            alone = _matches(lines[i], "time_alone", language)
            said[i] = "byline" if alone else "body" if said[i] == "boilerplate" else said[i]
    return [Block(line.start, line.end, *both) for line, *both in zip(lines, said, forms, strict=True)]


def _parts(numbers: Sequence[int], ends: Sequence[bool]) -> Iterator[list[int]]:
    """Lines in a row, cut after each that ends a part."""
    part: list[int] = []
    for i in numbers:
        part.append(i)
        if ends[i]:
            yield part
            part = []
    if part:
        yield part


def _kinds_of_clean_text(lines: list[_Line], given: Kinds, title: str | None) -> list[str]:
    """Title first, then body and its headings; only what by its own words can be nothing else is set apart."""
    kinds = []
    for i, line in enumerate(lines):
        if i == 0 and title is not None and _plain(line.text) == _plain(title):
            kind = "title"
        elif (found := given[i]) and (line.words or i + 1 < len(lines)):
            kind = found
        else:
            follows = i + 1 < len(lines)
            heads = follows and 0 < line.words <= HEADING_WORDS and _looks_like_heading(line.text)
            kind = "heading" if heads and not _ends_otherwise(line.text) else "body"
        kinds.append(kind)
    return kinds


def _ends_otherwise(text: str) -> bool:
    """Whether the line ends as sentences do in scripts without capitals and points."""
    return text.rstrip()[-1:] in "。！？」』）।؟"


_LINE = re.compile(r"\S(?:[^\n\r\u2028\u2029]*\S)?")
_LINES_UP_TO_A_GAP = re.compile(r"\S(?:(?!\r?\n[ \t]*\r?\n)[\s\S])*(?<=\S)")


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    """One paragraph a line, as on the web; in hard-wrapped text, the lines between two empty lines."""
    lines = [m.span() for m in _LINE.finditer(text)]
    followed = [(a, b) for (a, b), (c, _) in pairwise(lines) if text.count("\n", b, c) == 1]
    cut = [1 for a, b in followed if 50 <= b - a <= 100 and not _ENDS_A_SENTENCE.search(text[a:b])]
    if len(followed) >= 4 and len(cut) > 0.6 * len(followed):
        return [m.span() for m in _LINES_UP_TO_A_GAP.finditer(text)]
    return lines


def _kind_by_words(line: _Line, language: Language) -> str | None:
    """Kinds that a line's own words give away; None where its place must decide."""
    if line.words == 0:
        return "boilerplate"
    if len(line.text) > LONGEST_SCRAP:
        return None
    if _matches(line, "credit", language) and not _matches(line, "source_without_colon", language):
        return "credit"
    if line.words <= DATED_WORDS and _matches(line, "byline", language):
        return "byline"
    if _OPENS_WITH_QUOTE.match(line.text):
        return None
    if line.words <= CLUTTER_WORDS and _matches(line, "clutter_line", language):
        return "boilerplate"
    return "boilerplate" if line.words <= APPEAL_WORDS and _is_appeal(line.text, language) else None


def _matches(line: _Line, pattern: str, language: Language) -> bool:
    return language.patterns[pattern].match(line.text) is not None


def _is_appeal(text: str, language: Language) -> bool:
    unquoted = re.sub(r"[\"“][^\"”]*[\"”]", " ", text)
    asks = language.patterns["asks_first"].match(unquoted) or language.patterns["speaks_to_reader"].search(
        unquoted
    )
    return bool(asks and language.patterns["wares"].search(unquoted))


def _with_links(lines: list[_Line], kinds: Kinds, language: Language) -> Kinds:
    """Below a line that opens links to other articles, the titles that follow it are clutter, too."""
    kinds = list(kinds)
    opened = False
    for i, line in enumerate(lines):
        if kinds[i] == "boilerplate" and _matches(line, "link_line", language):
            opened = True
        elif (
            opened
            and kinds[i] is None
            and line.words <= HEADING_WORDS
            and not _ENDS_A_SENTENCE.search(line.text)
        ):
            kinds[i] = "boilerplate"
        elif kinds[i] != "boilerplate":
            opened = False
    return kinds


def _with_tail(lines: list[_Line], kinds: Kinds, language: Language) -> Kinds:
    """After the last paragraph, a line that opens a tail makes clutter of the titles and scraps that follow it."""
    paragraphs = [i for i, kind in enumerate(kinds) if kind is None and _looks_like_paragraph(lines[i])]
    after = paragraphs[-1] + 1 if paragraphs else 0
    clutter = [i for i in range(after, len(lines)) if kinds[i] == "boilerplate"]
    first = next((i for i in clutter if _matches(lines[i], "tail", language)), len(lines))
    return kinds[:first] + [kind or "boilerplate" for kind in kinds[first:]]


def _with_comments(lines: list[_Line], kinds: Kinds, language: Language) -> Kinds:
    """Below a line that heads readers' comments all is clutter, if most of the paragraphs stand above it."""
    paragraphs = [i for i, kind in enumerate(kinds) if kind is None and _looks_like_paragraph(lines[i])]
    for i, line in enumerate(lines):
        above = sum(p < i for p in paragraphs)
        if 2 * above > len(paragraphs) and _matches(line, "comments_heading", language):
            return kinds[:i] + ["boilerplate"] * (len(lines) - i)
    return kinds


def _with_captions(lines: list[_Line], kinds: Kinds, language: Language) -> Kinds:
    """Neighbouring lines without a full stop, one of which points at a picture, are captions."""
    open_ended = [
        kind is None and line.words >= PARAGRAPH_WORDS and not _ENDS_A_SENTENCE.search(line.text)
        for line, kind in zip(lines, kinds, strict=True)
    ]
    pointing = language.patterns["points_at_picture"]
    kinds = list(kinds)
    for is_open, group in groupby(range(len(lines)), key=open_ended.__getitem__):
        run = list(group)
        if is_open and any(pointing.search(lines[i].text) for i in run):
            for i in run:
                kinds[i] = "credit"
    return kinds


def _looks_like_paragraph(line: _Line) -> bool:
    return line.words > HEADING_WORDS or (
        line.words >= PARAGRAPH_WORDS and bool(_ENDS_A_SENTENCE.search(line.text))
    )


def _with_head(lines: list[_Line], kinds: Kinds, language: Language, title: str | None) -> Kinds:
    """The lines above the first paragraph: title, byline, and a deck in sentence case.

    A headline is short and takes no full stop. Where the title is known and stands elsewhere, the first line is a deck.
    """
    kinds = list(kinds)
    above = [i for i, kind in enumerate(kinds) if kind != "boilerplate"]
    if above and kinds[above[0]] is None and _looks_like_title(lines[above[0]], title):
        first = above.pop(0)
        kinds[first] = "title" if title is None or _alike(lines[first].text, title) else "deck"
    for i in above:
        if kinds[i] is None:
            if _looks_like_paragraph(lines[i]):
                break
            kinds[i] = _kind_in_head(lines[i], language)
    return kinds


def _kind_in_head(line: _Line, language: Language) -> str | None:
    if line.words <= BYLINE_WORDS and _matches(line, "author_line", language):
        return "byline"
    return "deck" if line.words > TOPIC_WORDS and not _title_case(_words(line.text)) else None


def _looks_like_title(line: _Line, title: str | None) -> bool:
    known = title is not None and _plain(line.text) == _plain(title)
    return known or (line.words <= TITLE_WORDS and not re.search(r"[.:;,]\s*$", line.text))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’'-]*", text)


def _with_headings(lines: list[_Line], kinds: Kinds) -> Kinds:
    """A short line without closing punctuation heads the paragraph below it; above nothing, it is clutter."""
    kinds = list(kinds)
    below: str | None = None  # kind of the nearest line below that is neither heading nor undecided
    for i in reversed(range(len(lines))):
        if kinds[i] is None and lines[i].words <= HEADING_WORDS and _looks_like_heading(lines[i].text):
            kinds[i] = "heading" if below in ("body", "byline", "heading", "credit") else "boilerplate"
        kinds[i] = kinds[i] or "body"
        if kinds[i] != "boilerplate" or below is None:
            below = kinds[i]
    return kinds


def _looks_like_heading(text: str) -> bool:
    if _OPENS_WITH_QUOTE.match(text) and _ENDS_A_SENTENCE.search(text):
        return False
    if not _ENDS_A_SENTENCE.search(text):
        return True
    words = _words(text)
    return text.rstrip().endswith("?") and (len(words) <= 4 or _title_case(words))


def _title_case(words: list[str]) -> bool:
    long = [w for w in words if len(w) > 3]
    return bool(long) and sum(w[0].isupper() for w in long) >= 0.8 * len(long)


def _with_deck(lines: list[_Line], kinds: Kinds) -> Kinds:
    """One short sentence before the story, set apart from it by a byline or by clutter, is the deck."""
    first = next((i for i, kind in enumerate(kinds[:-1]) if kind not in ("title", "boilerplate")), None)
    if first is None or kinds[first] not in ("body", "heading"):
        return kinds
    set_apart = kinds[first + 1] in ("byline", "boilerplate") and "body" in kinds[first + 1 :]
    one_sentence = len(re.findall(r"[.!?]\W*(?:\s|$)", lines[first].text)) <= 1
    if set_apart and one_sentence and lines[first].words <= DECK_WORDS:
        return [*kinds[:first], "deck", *kinds[first + 1 :]]
    return kinds


def _alike(a: str, b: str) -> bool:
    """Whether half of the shorter text's words stand in the other: one headline in two versions."""
    words = sorted((set(_plain(a).split()), set(_plain(b).split())), key=len)
    return 2 * len(words[0] & words[1]) >= len(words[0])


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
