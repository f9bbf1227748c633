"""Documents: articles read once, so that every stage looks at the same lines, sentences and words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, repeat
from operator import attrgetter
from typing import NamedTuple

import pandas as pd

from analysis.language import Language, load_language
from analysis.parse.blocks import Block, classify_lines
from analysis.parse.names import Mention, find_mentions, find_names, in_title_case
from analysis.parse.quotation_marks import find_quotations
from analysis.parse.scopes import Scope, find_scopes
from analysis.parse.units import LONGEST_SENTENCE, Unit, split_units
from analysis.tables import BLOCKS, SENTENCES, rows_by_article
from analysis.text import Token, split_tokens

# Lines that are read; of the others only the place is kept.
SENTENCE_KINDS = ("title", "deck", "heading", "body")
_QUOTES = frozenset('"“”„«»‟″')
_SCARE = 4  # words in quotation marks that are read as part of their sentence; more are one of their own
Span = tuple[int, int]
# Of the articles, all that a document is made from.
COLUMNS = ("article_id", "text", "title", "outlet", "published", "clean")


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence with its words and marks, whose spans are in the article's text; see the table `sentences`."""

    sentence_id: str
    article_id: str
    paragraph: int
    kind: str
    start: int
    end: int
    tokens: Sequence[Token]
    language: Language

    @cached_property
    def scopes(self) -> Sequence[Scope]:
        """What is negated, denied, doubted, conditional or asked in it."""
        return find_scopes(self.tokens, self.language)

    @cached_property
    def in_title_case(self) -> bool:
        """Whether capitals show no names in it."""
        return in_title_case(self.tokens)


class Paragraph(NamedTuple):
    """The sentences of one paragraph, by their spans."""

    number: int
    kind: str
    sentences: Sequence[Span]

    @property
    def start(self) -> int:
        return self.sentences[0][0]

    @property
    def end(self) -> int:
        return self.sentences[-1][1]


@dataclass(frozen=True, eq=False)
class Document:
    """One article as every stage reads it: made once, never changed.

    `published` is the article's date as the metadata has it, "" where there is none; `blocks` are its lines by kind,
    `sentences` those of title, deck, headings and body, in the order of the text.
    """

    article_id: str
    text: str
    published: str
    language: Language
    blocks: Sequence[Block]
    sentences: Sequence[Sentence]

    @cached_property
    def paragraphs(self) -> Sequence[Paragraph]:
        """The sentences' spans by paragraph."""
        groups = (list(group) for _, group in groupby(self.sentences, key=attrgetter("paragraph")))
        return [Paragraph(own[0].paragraph, own[0].kind, [(s.start, s.end) for s in own]) for own in groups]

    @cached_property
    def lines(self) -> Sequence[tuple[int, Block]]:
        """Its lines that have a form, each with the number of its paragraph, or of the one after it where it is not read."""
        out: list[tuple[int, Block]] = []
        number = 1
        for block in self.blocks:
            if block.form:
                out.append((number, block))
            number += block.kind in SENTENCE_KINDS
        return out

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that the article writes as names, by their capitals."""
        return frozenset().union(*(find_names(s.tokens, self.language) for s in self.sentences))

    @cached_property
    def mentions(self) -> Sequence[Mention]:
        """The names in its sentences, persons' and others', in the order of the text."""
        return [m for s in self.sentences for m in find_mentions(self.text, s.start, s.end, self.language)]

    def units(self, paragraph: Paragraph, start: int = 0) -> list[Unit]:
        """The units of a paragraph from the character `start` on: sentences, joined where one quotation holds both."""
        spans = [(max(a, start), b) for a, b in paragraph.sentences if b > start]
        if not spans:
            return []
        return self._units(spans, paragraph.kind, paragraph.number)

    def unit_of(self, sentence: Sentence) -> Unit:
        """The unit of a sentence by itself, without marks that begin before it."""
        (unit,) = self._units([(sentence.tokens[0].start, sentence.tokens[-1].end)], "body", 0)
        return unit

    def units_through(self, sentence: Sentence) -> Iterator[Unit]:
        """The units of a sentence cut at its quotation marks, so that words inside are read, too; a few marked words cut
        nothing.
        """
        parts: list[list[Token]] = [[]]
        for token in sentence.tokens:
            if token.text in _QUOTES:
                parts.append([])
            else:
                parts[-1].append(token)
        joined: list[list[Token]] = []
        for part in parts:
            if joined and (_is_scare(part) or _is_scare(joined[-1])):
                joined[-1] = joined[-1] + part
            else:
                joined.append(part)
        for part in joined:
            if part and len(part) <= LONGEST_SENTENCE:
                span = (part[0].start, part[-1].end)
                yield from split_units(
                    self.text, [span], part, (), sentence.kind, sentence.paragraph, self.language
                )

    def _units(self, spans: Sequence[Span], kind: str, number: int) -> list[Unit]:
        start, end = spans[0][0], spans[-1][1]
        quotations = find_quotations(self.text, start, end, self.language)
        first = max(0, bisect_right(self._starts, start) - 1)
        sentences = self.sentences[first : bisect_left(self._starts, end)]
        tokens = [token for s in sentences for token in s.tokens]
        return split_units(self.text, spans, tokens, quotations, kind, number, self.language)

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where the sentences start."""
        return [s.start for s in self.sentences]


def _is_scare(tokens: Sequence[Token]) -> bool:
    return sum(token.text[0].isalnum() for token in tokens) < _SCARE


def parse(articles: pd.DataFrame, language: Language) -> list[Document]:
    """The articles of the table as documents, in its order; those without text are left out."""
    documents = []
    for article_id, text, title, outlet, published, clean in _columns(articles):
        blocks = classify_lines(text, language, title, outlet=outlet, clean=clean)
        documents.append(_document(article_id, text, published, language, blocks))
    return documents


def parse_text(text: str, language: Language | None = None, article_id: str = "text") -> Document:
    """A string as a document in which every line is a paragraph of the body, nothing title and nothing clutter."""
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped)
            lines.append(Block(start, start + len(stripped), "body"))
        at += len(line)
    return _document(article_id, text, "", language or load_language(), lines)


def restore(articles: pd.DataFrame, sentences: pd.DataFrame, language: Language) -> list[Document]:
    """The documents of articles whose table of sentences was made before, with these sentences and no blocks."""
    columns = ("sentence_id", "paragraph", "kind", "start", "end")
    rows = rows_by_article(sentences, *columns)
    documents = []
    for article_id, text, _, _, published, _ in _columns(articles):
        own = [
            Sentence(name, article_id, paragraph, kind, a, b, split_tokens(text[a:b], a), language)
            for name, paragraph, kind, a, b in rows.get(article_id, ())
        ]
        documents.append(Document(article_id, text, published, language, (), own))
    return documents


def _columns(articles: pd.DataFrame) -> Iterable[tuple[str, str, str | None, str | None, str, bool]]:
    """Id, text, title, outlet and date of each article that has a text, and whether it is clean."""
    nothing = [None] * len(articles)
    titles, outlets, dates, clean = (
        articles[name].tolist() if name in articles else nothing for name in COLUMNS[2:]
    )
    ids, texts = articles["article_id"].tolist(), articles["text"].tolist()
    for article_id, text, *known, is_clean in zip(ids, texts, titles, outlets, dates, clean, strict=True):
        if isinstance(text, str):
            title, outlet, date = (value if isinstance(value, str) else None for value in known)
            yield article_id, text, title, outlet, date or "", str(is_clean) == "yes"


def _document(
    article_id: str, text: str, published: str, language: Language, blocks: Sequence[Block]
) -> Document:
    from analysis.parse.sentences import find_sentence_spans  # loads NLTK, for which what is kept has no need

    sentences: list[Sentence] = []
    paragraphs = [b for b in blocks if b.kind in SENTENCE_KINDS]
    for number, block in enumerate(paragraphs, start=1):
        for a, b in find_sentence_spans(text[block.start : block.end], language):
            start, end = block.start + a, block.start + b
            name = f"{article_id}:s{len(sentences) + 1}"
            tokens = split_tokens(text[start:end], start)
            sentences.append(Sentence(name, article_id, number, block.kind, start, end, tokens, language))
    return Document(article_id, text, published, language, blocks, sentences)


def block_table(
    documents: Iterable[Document], forms: Iterable[Mapping[int, str]] = repeat({})
) -> pd.DataFrame:
    """The table `blocks`: every line that holds more than white space, with its kind and form.

    `forms`: of each document those that what is said in its lines gives them, by the number of the paragraph.
    """
    rows = []
    for document, own in zip(documents, forms, strict=False):
        number = 0
        for block in document.blocks:
            number += (read := block.kind in SENTENCE_KINDS)
            form = block.form or (own.get(number) if read else None)
            rows.append((document.article_id, block.start, block.end, block.kind, form))
    return BLOCKS.of_tuples(rows)


def sentence_table(documents: Iterable[Document]) -> pd.DataFrame:
    """The table `sentences`: those of title, deck, heading and body, in the order of the text."""
    rows = [
        (s.sentence_id, s.article_id, s.start, s.end, s.paragraph, s.kind)
        for d in documents
        for s in d.sentences
    ]
    return SENTENCES.of_tuples(rows)
