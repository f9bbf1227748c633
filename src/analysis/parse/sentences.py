"""Sentences, by NLTK's Punkt (Kiss & Strunk 2006) with the language's model, and what news adds to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from analysis.language import Language
from analysis.parse.nltk_punkt import punkt
from analysis.text import fold


class _NewsLanguage(punkt.PunktLanguageVars):  # type: ignore[misc]
    # Closing curly quotes belong to the sentence before them, as straight ones do in NLTK.
    re_boundary_realignment = re.compile(r"[\"')\]}”’»]+?(?:\s+|(?=--)|$)", re.MULTILINE)

    def __init__(self) -> None:
        # NLTK's patterns in Python's own engine: the guarded one that NLTK uses takes three times as long, and gives
        # up after five seconds, however long the text is.
        self._re_word_tokenizer = re.compile(self._word_tokenizer_re().pattern, re.VERBOSE)
        self._re_period_context = re.compile(self.period_context_re().pattern, re.VERBOSE)


_NUMERIC = re.compile(punkt.PunktToken._RE_NUMERIC.pattern)  # as above


class _NewsToken(punkt.PunktToken):  # type: ignore[misc]
    """NLTK's token; whether it is a number, an ellipsis or an initial is asked only where it can be one."""

    __slots__ = ()

    def _get_type(self, tok: str) -> str:
        return tok.lower() if tok.rstrip(".").isalpha() else _NUMERIC.sub("##number##", tok.lower())

    @property
    def is_ellipsis(self) -> bool:
        return self.tok.startswith("..") and bool(super().is_ellipsis)

    @property
    def is_initial(self) -> bool:
        return len(self.tok) == 2 and bool(super().is_initial)


@cache
def _splitter(language: Language) -> punkt.PunktSentenceTokenizer:
    """Punkt with the language's model; without one it goes by the language's abbreviations alone."""
    parameters = punkt.PunktParameters()
    parameters.abbrev_types = {word.removesuffix(".") for word in language["abbreviation"]}
    if model := language.sentence_model():
        parameters.abbrev_types |= model.ABBREV_TYPES
        parameters.collocations = set(model.COLLOCATIONS)
        parameters.sent_starters = set(model.SENT_STARTERS)
        parameters.ortho_context.update(model.ORTHO_CONTEXT)
    splitter = punkt.PunktSentenceTokenizer(parameters, lang_vars=_NewsLanguage(), token_cls=_NewsToken)
    # What two words mean that a full stop stands between (`Mr. Lund`), they mean again.
    splitter.text_contains_sentbreak = lru_cache(maxsize=1 << 14)(splitter.text_contains_sentbreak)
    return splitter


_GOES_ON = re.compile(r"[\s\"'”’»]*[,;:)\]–—a-z]")


def _awaits_name(text: str, start: int, end: int, language: Language) -> bool:
    """Whether the piece ends in a title or in a person's initials: `the book of Mr.`, `President George H.W.`"""
    if text[end - 1] != ".":
        return False
    space = text.rfind(" ", start, end)
    last = text[space + 1 : end].lstrip("\"'“‘(")
    if fold(last) in language["short_title"]:  # in `Mr. Hedge` Punkt takes the name for a common word
        return True
    named = text[text.rfind(" ", start, max(start, space)) + 1 : space]
    return named.isalpha() and named.istitle() and language.patterns["initials"].fullmatch(last) is not None


_MAY_END_INSIDE = re.compile(r"[.?!…](?![\"'”’»)\]}\s]*$)")


def find_sentence_spans(text: str, language: Language) -> list[tuple[int, int]]:
    """Spans of the sentences of one paragraph, without the white space between them.

    A piece that begins in lower case, with a comma or with a closing bracket goes on with the sentence
    before it: `"When?" he said.`, `General Keane (Ret.), who ...`; and so does what follows a person's title.
    """
    if _MAY_END_INSIDE.search(text) is None:  # then Punkt, which is slow, would not look further either
        return [(0, len(text.rstrip()))] if text.strip() else []
    spans: list[tuple[int, int]] = []
    for start, end in _split_after_quotes(text, _splitter(language).span_tokenize(text)):
        goes_on = spans and (_awaits_name(text, *spans[-1], language) or _GOES_ON.match(text, start, end))
        if goes_on:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


# Punkt looks for a boundary only where a sentence's mark is followed by white space; it takes the curly quote
# after a full stop for a part of the word. Of straight ones it takes `"No." "We are ready."` for one sentence.
_AFTER_QUOTE = re.compile(r"[”’»](?<=[.!?…].)\s+(?=[“‘«\"'(]?[A-Z0-9])|\"(?<=[.!?…].)\s+(?=\")")


def _split_after_quotes(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        for gap in _AFTER_QUOTE.finditer(text, start, end):
            yield start, gap.start() + 1
            start = gap.end()
        yield start, end
