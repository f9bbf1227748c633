"""Units: sentences as rules read them: words with their classes, and each quotation as one item among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product

from analysis.language import NOTHING, Language
from analysis.parse.names import is_joined
from analysis.parse.patterns import Patterns
from analysis.parse.quotation_marks import Quotation
from analysis.text import Token, fold

SHAPES = frozenset(
    (
        *("capital", "lower", "capitals", "digits", "numeral", "alphabetic", "mark", "quotation", "finite"),
        *("in_comma", "in_point", "in_question", "in_break", "in_lower"),
    )
)  # classes that items have in every language
LONGEST_SENTENCE = 500  # words; what is longer is a table or a list, and no clause is read from it
QUOTE = "“”"  # stands for a whole quotation among the words of a sentence
HEADS = ("title", "heading")  # kinds whose words may all have capitals
_IN_VERB_GROUP = ("auxiliary", "adverb", "manner", "contracted_auxiliary")
_CLOSING_MARKS = "\"'”’»"
_JOINED = frozenset(".-")
_MIN_HEADLINE, _LONGEST_TITLE = 4, 12  # words

Item = tuple[str, frozenset[str]]  # the folded word and its classes


@dataclass(frozen=True, eq=False)
class Unit:
    """A sentence, or several that one quotation joins: its items are the words outside quotations and each quotation.

    `words` are folded; `classes` the word classes of each, those of the language and the shapes: capital, lower (by the
    first letter), capitals (all letters), digits, numeral (begins with a digit), alphabetic, mark; quotation, and how it
    ends: in_comma, in_point, in_question (or exclamation), in_break (dash or points), and begins: in_lower.
    """

    tokens: Sequence[Token]
    words: Sequence[str]
    classes: Sequence[frozenset[str]]
    quotations: Mapping[int, Quotation]
    kind: str
    paragraph: int
    language: Language

    def __len__(self) -> int:
        return len(self.words)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Where items `first` up to `after` stand in the text."""
        return self.tokens[first].start, self.tokens[after - 1].end

    def word(self, i: int) -> str:
        """The word of item `i`; "" where there is none."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def has(self, i: int, *names: str) -> bool:
        """Whether item `i` has one of these classes; no item has none."""
        return 0 <= i < len(self.classes) and not self.classes[i].isdisjoint(names)

    def holds(self, start: int, end: int, *names: str) -> bool:
        """Whether one of the items `start` up to `end` has one of these classes."""
        return any(not classes.isdisjoint(names) for classes in self.classes[start:end])

    def find(self, name: str, start: int, end: int | None = None) -> int | None:
        """The first item of that class from `start` on."""
        end = len(self) if end is None else min(end, len(self))
        return next((i for i in range(start, end) if name in self.classes[i]), None)

    @cached_property
    def group_start(self) -> Sequence[int]:
        """For each item, where the auxiliaries and adverbs before it begin."""
        starts = [0]
        for i, classes in enumerate(self.classes):
            starts.append(i + 1 if classes.isdisjoint(_IN_VERB_GROUP) else starts[-1])
        return starts

    @cached_property
    def patterns(self) -> Patterns:
        """The patterns of the unit's language."""
        return patterns_of(self.language)

    @cached_property
    def finite(self) -> frozenset[int]:
        """The items that look like finite verbs: auxiliaries, past forms, -s before what a verb takes."""
        return frozenset(m.start() for m in self.patterns["finite"].finditer(self._plain_letters))

    @cached_property
    def letters(self) -> str:
        """The characters of the items, over which patterns are matched; finite verbs have the class `finite`."""
        letters = list(self._plain_letters)
        for i in self.finite:
            letters[i] = self.patterns.letter(self.words[i], _with_finite(self.classes[i]))
        return "".join(letters)

    @cached_property
    def _plain_letters(self) -> str:
        return "".join(map(self.patterns.letter, self.words, self.classes))

    def match_end(self, name: str, at: int, end: int | None = None) -> int | None:
        """The item after the pattern of that name that begins at item `at`; None where it does not."""
        found = self.patterns[name].match(self.letters, at, end)
        return found.end() if found else None


@cache
def patterns_of(language: Language) -> Patterns:
    """The patterns of a language, with the characters of all items that can be foreseen."""
    rules = [str(rule.get("pattern", "")) for rule in language.rules.values() if isinstance(rule, dict)]
    patterns = Patterns(language.phrases, rules, str(language.folder))
    words = {*language.word_classes, *patterns.words, "2012", "20", "9:00"}
    for word in words:
        for text in (word, word.capitalize(), word.upper()):
            item = _item(language, text)
            patterns.letter(*item)
            if not item[1].isdisjoint(_FINITE):
                patterns.letter(item[0], _with_finite(item[1]))
    forms = {language.classes_of(word) - language.word_classes.get(word, NOTHING) for word in words}
    for form, shape, kind in product(forms, _FORESEEN, (["alphabetic"], ["mark"], [])):
        patterns.letter("", form.union(shape.split(), kind))
    for form, more in product(forms, (["alphabetic"], ["auxiliary"], [])):
        patterns.letter("", form.union(more, ["finite", "lower"]))
    for place, head in product(("title", "deck", "heading", "body"), ("head", "")):
        patterns.letter("", frozenset(f"start {place} {head}".split()))
    for empty, timed in product(("empty", ""), ("timed", "")):
        patterns.letter("", frozenset(f"between {empty} {timed}".split()))
    for last, first in product((",", ".", "?", "…", "a"), ("", "a", "A")):
        patterns.letter(*_quotation(language, f"“{first}{last}”"))
    return patterns


def split_units(
    text: str,
    sentences: Sequence[tuple[int, int]],
    tokens: Sequence[Token],
    quotations: Sequence[Quotation],
    kind: str,
    paragraph: int,
    language: Language,
) -> list[Unit]:
    """The units of one paragraph, of whose sentences the spans and the tokens are given."""
    opens, closes = [q.start for q in quotations], [q.end for q in quotations]
    joined: list[tuple[int, int]] = []
    for start, end in sentences:
        # How many quotations open before the last sentence ends: only the last of them can go on into this one.
        begun = bisect_left(opens, joined[-1][1]) if joined else 0
        if begun and (
            start < closes[begun - 1]
            or _is_asked(text, quotations[begun - 1], joined[-1][1], start, language)
        ):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    stops = {end for _, end in sentences}
    stops |= {end - n for end in stops for n in (1, 2) if text[end - n : end].strip("\"'”’») ") == ""}
    maker = _Maker(text, tokens, [t.start for t in tokens], stops, language)
    made = [
        maker.make(a, b, quotations[bisect_right(closes, a) : bisect_left(opens, b)], kind, paragraph)
        for a, b in joined
    ]
    return [unit for unit in made if unit.tokens]


def _is_asked(text: str, quotation: Quotation, end: int, start: int, language: Language) -> bool:
    """Whether a sentence that ends with a quoted question is attributed by the next: `"Is it safe?" Lund asked.`"""
    asks = end <= quotation.end and text[quotation.inner_end - 1] in "?!"
    return asks and language.patterns["asked"].match(text, start) is not None


@dataclass(frozen=True)
class _Maker:
    """Makes the units of one paragraph; `stops`: where a point ends a sentence."""

    text: str
    tokens: Sequence[Token]
    starts: Sequence[int]
    stops: Collection[int]
    language: Language

    def make(self, start: int, end: int, quotations: Sequence[Quotation], kind: str, paragraph: int) -> Unit:
        """The unit of text[start:end]."""
        tokens: list[Token] = []
        items: list[Item] = []
        inside: dict[int, Quotation] = {}
        at, titled = start, -1
        for q in quotations:
            self._add(tokens, items, at, q.start)
            alone = not self.text[start : q.start].strip() and not self.text[q.end : end].strip(" .")
            quoted = Token(self.text[q.start : q.end], q.start, q.end, QUOTE)
            second = titled >= 0 and len(items) == titled + 2 and "coordinator" in items[-1][1]
            before = items[:titled] if second else items  # of titles in a row the word before the first tells
            if self._is_title(self.text[q.inner_start : q.inner_end], before, alone):
                titled = titled if second else len(items)
                items.append(_item(self.language, quoted.text))
            else:
                inside[len(tokens)] = q
                items.append(_quotation(self.language, quoted.text))
            tokens.append(quoted)
            at = q.end
        self._add(tokens, items, at, end)
        if _is_headline(tokens):
            tokens = [t._replace(text=t.text.lower()) for t in tokens]
            items = [
                item if i in inside else _lowered(self.language, item[0], tokens[i].text)
                for i, item in enumerate(items)
            ]
            kind = kind if kind == "title" else "heading"
        words, classes = [word for word, _ in items], [held for _, held in items]
        return Unit(tokens, words, classes, inside, kind, paragraph, self.language)

    def _add(self, tokens: list[Token], items: list[Item], start: int, end: int) -> None:
        """Add the words between two quotations."""
        found = self.tokens[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        if not _JOINED.isdisjoint([t.text for t in found]):
            found = _join_points(found, self.stops)
        tokens += found
        items += [_item(self.language, t.text) for t in found]

    def _is_title(self, quoted: str, before: Sequence[Item], alone: bool) -> bool:
        """Whether a quotation is a title, by its capitals and by the word before: `on "Morning in Norwick"`.

        One that is `alone` in its sentence is a heading in quotation marks: `"Legend of the Coal Fields"`.
        """
        words = quoted.rstrip(",.").split()
        if not 0 < len(words) <= _LONGEST_TITLE or quoted[-1:] in "!?":
            return False
        small = ("preposition", "determiner", "coordinator")
        if not all(
            w[:1].isupper() or w[:1].isdigit() or not self.language.classes_of(fold(w)).isdisjoint(small)
            for w in words
        ):
            return False
        if alone:
            return len(words) > 2
        after_comma = before and "comma" in before[-1][1]
        if after_comma:
            return len(before) > 1 and "work" in before[-2][1]
        opened = bool(before) and not before[-1][1].isdisjoint(("title_opener", "possessor"))
        return opened or any("naming" in held for _, held in before[-_NEAR_NAMING:])


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Whether every word has a capital, as in headlines, so that a capital tells no name from a verb.

    What ends in a colon leads to what follows and is none: `And from Mayor Anna Lund:`.
    """
    if tokens and tokens[-1].text == ":":
        return False
    for token in tokens:  # most sentences are told by their first words
        if len(token.text) > 4 and token.text[0].islower():
            return False
    return sum(t.text[0].isupper() for t in tokens) >= _MIN_HEADLINE


_NEAR_NAMING = 4  # words: `call the tower "The Toaster"`
_FORESEEN = ("lower", "capital", "capital capitals", "digits numeral", "numeral", "capitals numeral", "")
_FINITE = ("auxiliary", "contracted_auxiliary", "past", "s_form", "bare_form")


@lru_cache(maxsize=1 << 12)
def _with_finite(classes: frozenset[str]) -> frozenset[str]:
    return classes | {"finite"}


@lru_cache(maxsize=1 << 16)
def _item(language: Language, text: str) -> Item:
    """The folded word and its classes; names in capitals that look like pronouns (US, WHO, IT) stay as they are."""
    folded = fold(text)
    is_name = len(text) > 1 and text.isupper() and "pronoun" in language.classes_of(folded)
    return _lowered(language, text if is_name else folded, text)


@lru_cache(maxsize=1 << 12)
def _lowered(language: Language, word: str, text: str) -> Item:
    """The word with the shapes of its text."""
    capital = text[:1].isupper() or is_joined(text, language)
    shapes = {
        "capital": capital,
        "lower": text[:1].islower() and not capital,
        "capitals": len(text) > 1 and text.isupper(),
        "digits": word.isdigit(),
        "numeral": word[:1].isdigit(),
        "alphabetic": word.isalpha(),
        "mark": not word[:1].isalnum(),
    }
    return word, language.classes_of(word).union(name for name, has in shapes.items() if has)


_ENDS = {",": "in_comma", ".": "in_point", "?": "in_question", "!": "in_question"} | dict.fromkeys(
    "—-–…", "in_break"
)


def _quotation(language: Language, text: str) -> Item:
    """The item that stands for a quotation."""
    last = text.rstrip(_CLOSING_MARKS)[-1:]
    first = text.lstrip("\"'“‘`")[:1]
    shapes = [_ENDS[last]] if last in _ENDS else []
    shapes += ["in_lower"] if first.islower() else []
    return QUOTE, language.classes_of(QUOTE).union(("quotation", "mark", *shapes))


def _join_points(tokens: Sequence[Token], stops: Collection[int]) -> list[Token]:
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
                joined = (before.text + token.text, before.start, token.end, before.lower + token.lower)
                out[-1] = Token(*joined)
                open_hyphen = token.text == "-"
                continue
        open_hyphen = False
        out.append(token)
    return out
