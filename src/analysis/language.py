"""A language as data: its word classes, word lists, patterns and models, in a folder of YAML files.

`english/` is such a folder; a second language is a second folder and no line of code. Each file holds entries by name:

    object_pronoun:
      for: What a verb takes for its object.      # why the list is there, in one line
      words: me him her us them it                # words between blanks, or a list where some hold blanks
      includes: [possessive]                      # the words of other lists, too
      without: [who]                              # words that other lists bring along and that do not belong here

    shortened:
      for: Titles that a point shortens.
      pattern: '(?:{title})\\.'                   # a regular expression; {title} stands for that list's words, longest first

Entries of `classes.yml` are word classes: each word of a sentence has the set of those that hold it. What a language
does not have is an empty list, or a pattern that matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

CLASSES, SETTINGS = "classes.yml", "language.yml"
NOTHING: frozenset[str] = frozenset()
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = {"for", "words", "includes", "without", "pattern"}


class LanguageError(ValueError):
    """A language's folder with a fault; the message says in which file and how to mend it."""


@dataclass(frozen=True, eq=False)
class Language:
    """Word lists, word classes and patterns of one language.

    `lists`: words by the list's name; `word_classes`: for each word of classes.yml the names of the classes that hold
    it; `settings`: what language.yml says: code (ISO 639-1), and which models read its sentences and its tone.
    """

    name: str
    lists: Mapping[str, frozenset[str]]
    word_classes: Mapping[str, frozenset[str]]
    patterns: Mapping[str, str]
    settings: Mapping[str, Any]

    def __getitem__(self, name: str) -> frozenset[str]:
        """The words of a list; none where the language has no such list."""
        return self.lists.get(name, NOTHING)

    @property
    def code(self) -> str:
        """ISO 639-1."""
        return str(self.settings.get("code", ""))

    def classes_of(self, word: str) -> frozenset[str]:
        """The word classes of a folded word; empty for a word that is in none."""
        return self.word_classes.get(word, NOTHING)

    def pattern(self, name: str, flags: int = 0) -> re.Pattern[str]:
        """The pattern of that name, compiled; one that matches nothing where the language has none."""
        return _compile(self.patterns.get(name, "(?!)"), flags)


_compile = cache(re.compile)


@cache
def load_language(name: str | Path = "english") -> Language:
    """The language of that name among those that come along, or of a folder.

    Raises LanguageError where there is none, or where a file of it cannot be read.
    """
    folder = Path(name)
    if not folder.is_dir():
        folder = Path(str(files("analysis"))) / name
    if not (folder / CLASSES).is_file():
        raise LanguageError(
            f"{name}: no such language; a language is a folder with {CLASSES} and other lists"
        )
    entries: dict[str, dict[str, Any]] = {}
    classes: list[str] = []
    settings: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        held = _load(path)
        if path.name == SETTINGS:
            settings = held
            continue
        if path.name == ATTRIBUTION:
            continue
        for key, entry in held.items():
            if key in entries:
                raise LanguageError(f"{path}: {key!r} is in another file of the language, too; join the two")
            entries[key] = _checked(path, key, entry)
        if path.name == CLASSES:
            classes = list(held)
    lists = {key: _words(key, entries) for key, entry in entries.items() if "pattern" not in entry}
    return Language(
        name=folder.name,
        lists=lists,
        word_classes=_by_word({key: lists[key] for key in classes if key in lists}),
        patterns={key: _filled(e["pattern"], lists) for key, e in entries.items() if "pattern" in e},
        settings=settings,
    )


ATTRIBUTION = "attribution.yml"  # rules, read where they are applied


def _load(path: Path) -> dict[str, Any]:
    try:
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LanguageError(f"{path}: cannot be read as YAML in UTF-8 ({error})") from None
    if not isinstance(held, dict):
        raise LanguageError(f"{path}: must be a mapping, lines of `name: entry`")
    return held


def _checked(path: Path, key: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not entry.get("for"):
        raise LanguageError(f"{path}: {key!r} needs a line `for:` that says what the list is for")
    if unknown := set(entry) - _KEYS:
        raise LanguageError(
            f"{path}: {key!r} has unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}"
        )
    return entry


def _words(key: str, entries: Mapping[str, dict[str, Any]], above: tuple[str, ...] = ()) -> frozenset[str]:
    """The words of an entry with those of the lists that it includes."""
    if key in above:
        raise LanguageError(f"{key!r} includes itself by way of {', '.join(above)}")
    if key not in entries or "pattern" in entries[key]:
        raise LanguageError(f"{above[-1]!r} names {key!r}, which is no list of words")
    entry = entries[key]
    own = entry.get("words", "")
    words = set(map(str, own if isinstance(own, list) else str(own).split()))
    for other in entry.get("includes", ()):
        words |= _words(other, entries, (*above, key))
    for other in entry.get("without", ()):
        words -= _words(other, entries, (*above, key)) if other in entries else {other}
    return frozenset(words)


def _by_word(classes: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in classes.items():
        for word in words:
            found.setdefault(word, set()).add(name)
    shared = {frozenset(names): frozenset(names) for names in found.values()}  # one object for each set
    return {word: shared[frozenset(names)] for word, names in found.items()}


def _filled(pattern: str, lists: Mapping[str, frozenset[str]]) -> str:
    """The pattern with {name} replaced by the words of that list, longest first."""

    def words(match: re.Match[str]) -> str:
        if match[1] not in lists:
            raise LanguageError(f"a pattern names {{{match[1]}}}, which is no list of words")
        return "|".join(map(re.escape, sorted(lists[match[1]], key=lambda w: (-len(w), w)))) or "(?!)"

    return re.sub(r"\{([a-z_]+)\}", words, pattern)
