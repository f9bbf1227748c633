"""Closed word classes of English, and sentences as sequences of words and quotations."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from analysis.language import load_language
from analysis.parse.quotation_marks import Quotation
from analysis.text import Token, fold, split_tokens

ENGLISH = load_language()


def word_set(words: str) -> frozenset[str]:
    """The words of a text, as a set: how the closed classes are written down here."""
    return frozenset(words.split())


LONGEST_SENTENCE = 500  # words; what is longer is a table or a list, and no clause is read from it
QUOTE = "“”"  # stands for a whole quotation among the words of a sentence

OBJECT_PRONOUNS = ENGLISH["object_pronoun"]
CONTRACTED = ENGLISH["contracted"]
SUBJECT_PRONOUNS = ENGLISH["subject_pronoun"]
PRONOUNS = ENGLISH["pronoun"]
DETERMINERS = ENGLISH["determiner"]
NUMBERS = ENGLISH["number"]
POSSESSIVES = ENGLISH["possessive"]
BE = ENGLISH["be"]
CONTRACTED_BE = ENGLISH["contracted_be"]
HAVE = ENGLISH["have"]
DO = ENGLISH["do"]
MODALS = ENGLISH["modal"]
AUXILIARIES = ENGLISH["auxiliary"]
NEGATIONS = ENGLISH["negation"]
ADVERBS = ENGLISH["adverb"]
SUBORDINATORS = ENGLISH["subordinator"]
WH_WORDS = ENGLISH["wh_word"]
COORDINATORS = ENGLISH["coordinator"]
PREPOSITIONS = ENGLISH["preposition"]
DAYS = ENGLISH["day"]
MONTHS = ENGLISH["month"]
TIMES = ENGLISH["time"]
IRREGULAR_PASTS = ENGLISH["irregular_past"]
POSTPOSED = ENGLISH["postposed"]
SENTENCE_ENDS = ENGLISH["sentence_end"]
DASHES = ENGLISH["dash"]
CLAUSE_MARKS = ENGLISH["clause_mark"]


class Unit(NamedTuple):
    """A sentence, or several that one quotation joins: words outside quotations, each quotation as one item."""

    tokens: list[Token]
    words: list[str]
    quotations: dict[int, Quotation]
    kind: str
    paragraph: int

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Where items `first` up to `after` stand in the text."""
        return self.tokens[first].start, self.tokens[after - 1].end


_ATTRIBUTES = re.compile(
    r"(?:(?:[A-Z][\w.'’-]*|the|a)\s+){1,5}(?:asked|asks|said|says|replied|responded|answered|wondered|added|wrote|"
    r"tweeted|shouted|yelled|joked|exclaimed|quipped|told)\b"
)


def split_units(
    text: str, spans: list[tuple[int, int]], quotations: list[Quotation], kind: str, paragraph: int
) -> list[Unit]:
    """The units of one paragraph whose sentences are `spans`."""
    opens, closes = [q.start for q in quotations], [q.end for q in quotations]
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        # How many quotations open before the last sentence ends: only the last of them can go on into this one.
        begun = bisect_left(opens, joined[-1][1]) if joined else 0
        if begun and (
            start < closes[begun - 1] or _is_asked(text, quotations[begun - 1], joined[-1][1], start)
        ):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    stops = {end for _, end in spans}
    stops |= {end - n for end in stops for n in (1, 2) if text[end - n : end].strip("\"'”’») ") == ""}
    units = (
        _unit(text, a, b, stops, quotations[bisect_right(closes, a) : bisect_left(opens, b)], kind, paragraph)
        for a, b in joined
    )
    return [u for u in units if u.tokens]


def _is_asked(text: str, quotation: Quotation, end: int, start: int) -> bool:
    """Whether a sentence that ends with a quoted question is attributed by the next: `"Is it safe?" Lund asked.`"""
    asks = end <= quotation.end and text[quotation.inner_end - 1] in "?!"
    return asks and _ATTRIBUTES.match(text, start) is not None


def _unit(
    text: str, start: int, end: int, stops: set[int], quotations: list[Quotation], kind: str, paragraph: int
) -> Unit:
    tokens: list[Token] = []
    words: list[str] = []
    inside: dict[int, Quotation] = {}
    at = start
    for q in quotations:
        between = _split(text, at, q.start, stops)
        tokens += between
        words += [_word(t.text) for t in between]
        last = [fold(t.text) for t in tokens[-2:]]
        before = last[-2] if last[-1:] == [","] and last[0] in _WORKS else last[-1] if last else ""
        alone = not text[start : q.start].strip() and not text[q.end : end].strip(" .")
        quoted = Token(text[q.start : q.end], q.start, q.end)
        if _is_title(text[q.inner_start : q.inner_end], _ALONE if alone else before):
            words.append(_word(quoted.text))
        else:
            inside[len(tokens)] = q
            words.append(QUOTE)
        tokens.append(quoted)
        at = q.end
    rest = _split(text, at, end, stops)
    tokens += rest
    words += [_word(t.text) for t in rest]
    if _is_headline(tokens):
        tokens = [Token(t.text.lower(), t.start, t.end) for t in tokens]
        kind = kind if kind == "title" else "heading"
    return Unit(tokens, words, inside, kind, paragraph)


def _is_headline(tokens: list[Token]) -> bool:
    """Whether every word has a capital, as in headlines, so that a capital tells no name from a verb."""
    for token in tokens:  # most sentences are told by their first words
        if len(token.text) > 4 and token.text[0].islower():
            return False
    return sum(t.text[0].isupper() for t in tokens) >= 4


@lru_cache(maxsize=1 << 16)
def _word(text: str) -> str:
    """The folded word; names in capitals that look like pronouns (US, WHO, IT) stay as they are."""
    folded = fold(text)
    return text if folded in PRONOUNS and len(text) > 1 and text.isupper() else folded


def _is_title(quoted: str, before: str) -> bool:
    """Whether a quotation is a title, by its capitals and by the word before: `on "Morning in Norwick"`."""
    words = quoted.rstrip(",.").split()
    if not 0 < len(words) <= 12 or quoted[-1:] in "!?":
        return False
    if not all(
        w[:1].isupper() or w[:1].isdigit() or fold(w) in PREPOSITIONS | DETERMINERS | COORDINATORS
        for w in words
    ):
        return False
    if before == _ALONE:  # a heading in quotation marks: `"Legend of the Coal Fields"`
        return len(words) > 2
    return (
        before in PREPOSITIONS or before in DETERMINERS or before.endswith(("'s", "s'")) or before in _WORKS
    )


_ALONE = "(alone)"  # for the word before a quotation that is all of its sentence


_WORKS = ENGLISH["work"]


_JOINED = frozenset(".-")


def _split(text: str, start: int, end: int, stops: set[int]) -> list[Token]:
    """The tokens of text[start:end]; most have no point but the last, which ends their sentence."""
    piece = text[start:end]
    tokens = split_tokens(piece, start)
    last = tokens and tokens[-1].text == "." and tokens[-1].end in stops
    joined = "-" in piece or piece.count(".") > bool(last)
    return _join_points(tokens, stops) if joined else tokens


def _join_points(tokens: list[Token], stops: set[int]) -> list[Token]:
    """Points that end no sentence, and hyphens after numbers and points, joined to their word: `Sen.`, `F.`,
    `83-year-old`, `U.S.-backed`.
    """
    out: list[Token] = []
    open_hyphen = False  # whether the word before ends in a hyphen that was joined to it
    for token in tokens:
        if (open_hyphen or token.text in _JOINED) and out and out[-1].end == token.start:
            before = out[-1]
            point = token.text == "." and token.end not in stops
            hyphen = token.text == "-" and (before.text[0].isdigit() or before.text[-1] == ".")
            if point or hyphen or open_hyphen:
                out[-1] = Token(before.text + token.text, before.start, token.end)
                open_hyphen = token.text == "-"
                continue
        open_hyphen = False
        out.append(token)
    return out


def ends_in(unit: Unit, i: int, marks: str) -> bool:
    """Whether item `i` is a quotation whose last sign, inside its marks, is one of these."""
    return unit.words[i] == QUOTE and unit.tokens[i].text.rstrip("\"'”’»").endswith(tuple(marks))


def is_adverb(word: str) -> bool:
    """Whether the word looks like an adverb of manner: officially, reportedly."""
    return word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS


def is_finite(unit: Unit, i: int) -> bool:
    """Whether item `i` looks like a finite verb: an auxiliary, a past form, or -s before what a verb takes."""
    word = unit.words[i]
    if word in AUXILIARIES or word.endswith(("n't", "'re", "'ll", "'ve")):
        return True
    before = unit.words[i - 1] if i else ""
    if not unit.tokens[i].text[:1].islower() or before in DETERMINERS or before in PREPOSITIONS:
        return False
    if word in IRREGULAR_PASTS or (word.endswith("ed") and len(word) > 3):
        return True
    if i + 1 >= len(unit.words):
        return False
    after = unit.words[i + 1]
    if before.endswith("s") and not before.endswith(("ss", "us", "'s")) and _is_open(word):
        return (
            after in DETERMINERS
            or after in PREPOSITIONS
            or after in ("that", "to", "far")
            or is_adverb(after)
        )
    if not word.endswith("s") or word.endswith(("ss", "us", "'s")):
        return False
    return (
        after in DETERMINERS
        or after in ("to", "that", "not", "in", "on")
        or is_adverb(after)
        or after in OBJECT_PRONOUNS
    )


def _is_open(word: str) -> bool:
    """Whether the word can be a plural verb: no word of a closed class, no noun or participle by its ending."""
    closed = (
        word in POSTPOSED
        or word in PREPOSITIONS
        or word in COORDINATORS
        or word in SUBORDINATORS
        or word in ADVERBS
        or word in TIMES
    )
    return (
        word.isalpha() and not closed and not word.endswith(("s", "ing", "ly", "ion", "ment", "ness", "ed"))
    )


_NO_ADVERBS = ENGLISH["no_adverb"]
