"""Patterns over word classes: regular expressions whose letters are the words of a sentence.

    <determiner>                               one item of that class
    <noun&capital>  <quotation|comma>  <!verb>    of both, of one of them, not of it; `!` binds first, then `&`
    that                                       the word itself, in lower case
    <any>                                      any item
    {noun_phrase}                              the pattern of that name in phrases.yml; what it has matched it keeps
    ( )  |  ?  *  +  {2,5}  ^  $  (?= )  (?! )  (?<= )  (?<! )  (?P<name> )    as in `re`; blanks mean nothing

Each set of classes that an item can have becomes one character of the private use area, a class in a pattern the set of
those characters whose classes it holds for, and the whole a pattern of `re` over the string of a sentence's characters.
Compare the regular expressions over annotations of JAPE (Cunningham, Maynard & Tablan 2000) and TokensRegex (Chang &
Manning 2014); here an item has many classes, and matching is left to `re`, which is many times as fast as Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from analysis.language import PHRASES, LanguageError

_FIRST, _LAST = (
    0xE000,
    0xF8FF,
)  # the private use area of the Basic Multilingual Plane; its first stands for no item
_NO_ITEM = chr(_FIRST)
_PIECE = re.compile(
    r"\(\?P<\w+>|\(\?(?:<=|<!|[:=!>])|[()|*+?^$]|\{\d*,?\d*\}"  # what means in `re` what it means here
    r"|<(?P<classes>[^<>]+)>|\{(?P<name>\w+)\}|(?P<word>[^\s<>{}()|*+?^$]+)|\s+|(?P<fault>.)",
    re.DOTALL,
)
ANY = "any"


class Patterns:
    """The patterns of a language and the characters of its items.

    `sources`: patterns by name, which others may hold as {name}; `also`: patterns without a name that will be compiled,
    for it must be known beforehand what all patterns ask of an item.
    """

    def __init__(self, sources: Mapping[str, str], also: Iterable[str] = (), where: str = PHRASES) -> None:
        self._sources, self._where = dict(sources), where
        pieces = [m for source in (*sources.values(), *also) for m in _PIECE.finditer(source)]
        asked = {m["classes"].replace(" ", "") for m in pieces if m["classes"]}
        self._questions = {classes: 1 << n for n, classes in enumerate(sorted(asked))}
        names = {name for classes in asked for name in re.findall(r"\w+", classes)} - {ANY}
        self._bits = {name: 1 << n for n, name in enumerate(sorted(names))}
        ways = [(bit, way) for classes, bit in self._questions.items() for way in classes.split("|")]
        self._ways = [(bit, self._masks(way)) for bit, way in ways]
        self.words = frozenset(m["word"] for m in pieces if m["word"])
        self._letters: dict[tuple[str, int], str] = {}  # by the word and what it answers
        self._known: dict[tuple[str, frozenset[str]], str] = {}  # by the word and its classes
        self._compiled: dict[str, Pattern] = {}
        self._parts: dict[str, str] = {}
        self.size = 0  # how many characters there are; a pattern compiled when they were fewer knows not all

    @property
    def classes(self) -> Set[str]:
        """The classes that patterns name."""
        return self._bits.keys()

    def __getitem__(self, name: str) -> Pattern:
        """The pattern of that name; one that matches nothing where the language has none."""
        if name not in self._compiled:
            self._compiled[name] = Pattern(self, self._sources.get(name, "(?!)"))
        return self._compiled[name]

    def letter(self, word: str, classes: frozenset[str]) -> str:
        """The character of an item: the same for all that no pattern can tell apart."""
        key = (word if word in self.words else "", classes)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._new_letter(*key)
        return found

    def _new_letter(self, word: str, classes: frozenset[str]) -> str:
        key = (word, self._answers(classes))
        if key not in self._letters:
            if _FIRST + len(self._letters) >= _LAST:
                raise LanguageError(f"{self._where}: more than {_LAST - _FIRST} kinds of items")
            self._letters[key] = chr(_FIRST + 1 + len(self._letters))
            self.size = len(self._letters)
            self._parts.clear()
        return self._letters[key]

    def _masks(self, way: str) -> tuple[int, int]:
        """The bits of the classes that an item must have and of those that it must not have, for `a&!b`."""
        names = set(way.split("&")) - {ANY}
        wanted = sum(bit for name, bit in self._bits.items() if name in names)
        return wanted, sum(bit for name, bit in self._bits.items() if f"!{name}" in names)

    def _answers(self, classes: frozenset[str]) -> int:
        """The bits of the class expressions that hold for an item of these classes."""
        held = sum(self._bits.get(name, 0) for name in classes)
        answers = 0
        for bit, (wanted, unwanted) in self._ways:
            if held & wanted == wanted and not held & unwanted:
                answers |= bit
        return answers

    def questions(self, source: str, name: str) -> set[str]:
        """What a pattern, with those that it holds, asks of items of the class of that name."""
        asked: set[str] = set()
        for piece in _PIECE.finditer(source):
            if piece["name"] in self._sources:
                asked |= self.questions(self._sources[piece["name"]], name)
            elif piece["classes"] and name in piece["classes"].replace("|", "&").split("&"):
                asked.add(piece[0])
        return asked

    def compile(self, source: str, above: tuple[str, ...] = ()) -> str:
        """The pattern as one of `re` over characters. Raises LanguageError where it is none."""
        return "".join(self._translated(source, above))

    def _translated(self, source: str, above: tuple[str, ...]) -> Iterator[str]:
        for piece in _PIECE.finditer(source):
            if piece["fault"]:
                raise LanguageError(
                    f"{self._where}: {source!r} has {piece['fault']!r}, which means nothing here"
                )
            if piece["name"] or piece["classes"] or piece["word"]:
                yield self._part(piece, above)
            else:
                yield piece[0].strip()

    def _part(self, piece: re.Match[str], above: tuple[str, ...]) -> str:
        """The pattern of that name, or the set of characters of a class or a word."""
        if piece[0] not in self._parts:
            if name := piece["name"]:
                if name in above or name not in self._sources:
                    why = "holds itself" if name in above else "is no pattern there"
                    raise LanguageError(f"{self._where}: {{{name}}} {why}")
                made = f"(?>{self.compile(self._sources[name], (*above, name))})"
            elif word := piece["word"]:
                made = _as_set(letter for (held, _), letter in self._letters.items() if held == word)
            else:
                bit = self._questions[piece["classes"].replace(" ", "")]
                made = _as_set(letter for (_, answers), letter in self._letters.items() if answers & bit)
            self._parts[piece[0]] = made
        return self._parts[piece[0]]


class Pattern:
    """A pattern over the characters of a sentence's items, compiled when it is first asked."""

    def __init__(self, patterns: Patterns, source: str, where: str = "") -> None:
        """`where`: what an error's message begins with."""
        self.source, self._patterns, self._where = source, patterns, where
        self._size = -1
        self._compiled: re.Pattern[str]

    def match(self, letters: str, at: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The match that begins at item `at` and looks at nothing from item `end` on."""
        return self.compile().match(letters, at, len(letters) if end is None else end)

    def search(self, letters: str, at: int = 0) -> re.Match[str] | None:
        """The first match from item `at` on."""
        return self.compile().search(letters, at)

    def fullmatch(self, letters: str) -> re.Match[str] | None:
        """The match of all items."""
        return self.compile().fullmatch(letters)

    def finditer(self, letters: str, at: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches from item `at` up to item `end`, none over another."""
        return self.compile().finditer(letters, at, len(letters) if end is None else end)

    def compile(self) -> re.Pattern[str]:
        """The pattern of `re`. Raises LanguageError where it is none."""
        if self._size != self._patterns.size:  # an item with classes not met before
            self._size = self._patterns.size
            try:
                self._compiled = re.compile(self._patterns.compile(self.source))
            except LanguageError as error:
                raise LanguageError(f"{self._where}{error}") from None
            except re.error as error:
                raise LanguageError(f"{self._where}{self.source!r} is no pattern: {error.msg}") from None
        return self._compiled


def _as_set(letters: Iterable[str]) -> str:
    """A set of `re` with these characters, those beside one another as a range, which compiles faster."""
    ranges: list[list[str]] = [[_NO_ITEM, _NO_ITEM]]
    for letter in sorted(letters):
        if ord(letter) == ord(ranges[-1][1]) + 1:
            ranges[-1][1] = letter
        else:
            ranges.append([letter, letter])
    return f"[{''.join(a if a == b else f'{a}-{b}' for a, b in ranges)}]"
