r"""A language as data: its word classes, word lists, patterns and models, in a folder of YAML files.

`english/` is such a folder; a second language is a second folder and no line of code. Each file holds entries by name,
each with one line that says what it is for, and one of five kinds:

    object_pronoun:
      for: What a verb takes for its object.
      words: me him her us them it                # words between blanks, or a list where some hold blanks
      includes: [possessive]                      # the words of other lists, too
      without: [who]                              # words that other lists bring along and that do not belong here

    offices:
      for: Offices in full, in the plural, shortened.
      columns: [full_title, plural_title, short_title]  # lists, whose words stand in the cells of the rows
      rows: |
        senator | senators | sen. sens.
        mayor

    shortened:
      for: Titles that a point shortens.
      pattern: '(?:{title})\.'                    # a regular expression; {title} stands for another entry's words, longest
                                                  # first, or for its pattern
    page_link:
      for: What links to other pages say.
      any:                                        # regular expressions of which one has to match
        - read more\b.{0,140}
        - (?:next|previous) article

    doubt_cue:
      for: Doubts what follows.
      indicators: ["doubt* (that|about|)"]        # in the notation of codebooks; `except` takes away what stands inside
      except: [no doubt]

Entries of `classes.yml` are word classes: each word of a sentence has the set of those that hold it. A class may also be
told by the form of a word: `form` is then what the whole word looks like (`'.{3,}ly'`), `without` the exceptions.
`phrases.yml` holds patterns over word classes (see `analysis.parse.patterns`), `attribution.yml` the rules by which
quotes are found (see `analysis.annotate.quotes.rules`). What a language does not have is an empty list, or a pattern
that matches nothing. `language.yml` has no entries but settings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from analysis.yaml_places import load_yaml, load_yaml_text

ENGLISH = "english"
CLASSES, SETTINGS = "classes.yml", "language.yml"
PHRASES, ATTRIBUTION = "phrases.yml", "attribution.yml"
CALLED_AFTER = {"nationality", "demonym"}  # columns of the tables of states
NOTHING: frozenset[str] = frozenset()
_KINDS = (
    {"words", "includes", "without", "form"},
    {"columns", "rows"},
    {"pattern"},
    {"any"},
    {"indicators", "except"},
)
_SETTINGS = {"code", "sentences", "tone", "stop_words", "idioms", "verb_forms", "stemmer"}


class LanguageError(ValueError):
    """A language's folder with a fault; the message says in which file and how to mend it."""


@dataclass(frozen=True, eq=False)
class Language:
    """Word lists, word classes, patterns and models of one language.

    `lists`: words by the list's name; `word_classes`: for each word of classes.yml the names of the classes that hold
    it; `forms`: classes that the form of a word tells, with their exceptions; `expressions`: regular expressions, filled
    in; `cues`: indicators and their exceptions; `phrases`: patterns over word classes; `rules`: the entries of
    attribution.yml in their order; `states`: the state or union of what is called after it (`french`, `frenchman`);
    `settings`: what language.yml says; `digest`: a hash of all files of `folder`.
    """

    name: str
    folder: Path
    digest: str
    lists: Mapping[str, frozenset[str]]
    word_classes: Mapping[str, frozenset[str]]
    forms: Mapping[str, tuple[re.Pattern[str], frozenset[str]]]
    expressions: Mapping[str, str]
    phrases: Mapping[str, str]
    rules: Mapping[str, Any]
    cues: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    states: Mapping[str, str]
    settings: Mapping[str, Any]

    def __getitem__(self, name: str) -> frozenset[str]:
        """The words of a list; none where the language has no such list."""
        return self.lists.get(name, NOTHING)

    def among(self, *names: str) -> frozenset[str]:
        """The words of all these lists together."""
        return _among(self, names)

    @property
    def code(self) -> str:
        """ISO 639-1."""
        return str(self.settings.get("code", ""))

    def classes_of(self, word: str) -> frozenset[str]:
        """The word classes of a folded word, by lists and by its form; empty for a word that is in none."""
        return _classes_of(self, word)

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The regular expressions by name, each compiled when it is first asked for; one that matches nothing where the
        language has none. Asking raises LanguageError for one that is no regular expression.
        """
        return _Compiled(self)

    def indicators(self, name: str) -> tuple[str, ...]:
        """The indicators of that name, as strings; none where the language has none."""
        return self.cues.get(name, ((), ()))[0]

    def exceptions(self, name: str) -> tuple[str, ...]:
        """What the indicators of that name do not count inside of."""
        return self.cues.get(name, ((), ()))[1]

    def inflect(self, verb: str) -> tuple[str, ...]:
        """A regular verb and its other forms, its first word inflected: warn, warns, warned, warning."""
        first, blank, rest = verb.partition(" ")
        for rule in self.settings.get("verb_forms", ()):
            ending = re.compile(f"(?:{rule['ending']})$")
            if ending.search(first):
                forms = (first, *(ending.sub(form, first, count=1) for form in rule["forms"]))
                return tuple(form + blank + rest for form in forms)
        return (verb,)

    def stem(self, word: str) -> str:
        """What a folded word has in common with its other forms, by Snowball (Porter 2001); itself without a stemmer."""
        return _stem(str(self.settings["stemmer"]), word) if "stemmer" in self.settings else word

    def state_of(self, word: str) -> str:
        """The state after which a folded word is called, in the singular or plural; the word itself if there is none."""
        return self.states.get(word) or self.states.get(word.removesuffix("s"), word)

    def sentence_model(self) -> ModuleType | None:
        """The parameters of Punkt (Kiss & Strunk 2006) for this language; None where it has none."""
        return self._import("sentences") if "sentences" in self.settings else None

    def stop_words(self) -> frozenset[str]:
        """Function words, which `count_terms` can leave out; those of English are scikit-learn's, with some faults
        (Nothman, Qin & Yurchak 2018).
        """
        named = self._import("stop_words") if "stop_words" in self.settings else ()
        return self["stop_word"] | frozenset(map(str, named))

    def tone_lexicon(self) -> Mapping[str, float]:
        """Words with their tone, -4 to 4; those of English are VADER's, rated by ten people (Hutto & Gilbert 2014)."""
        return (
            _lexicon(self.folder, str(self.settings["tone"]), self.digest) if "tone" in self.settings else {}
        )

    def _import(self, setting: str) -> Any:
        """The module or the module's constant that a setting names."""
        name = str(self.settings[setting])
        try:
            return _constant(name) if name.rpartition(".")[2].isupper() else import_module(name)
        except (ImportError, AttributeError, ValueError) as error:
            raise LanguageError(
                f"{self.folder / SETTINGS}: {setting}: {name!r} is not there ({error})"
            ) from None


class _Compiled(dict[str, re.Pattern[str]]):
    """The patterns of a language, as far as they have been asked for."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, name: str) -> re.Pattern[str]:
        try:
            compiled = self[name] = re.compile(self._language.expressions.get(name, "(?!)"))
        except re.error as error:
            raise LanguageError(
                f"{self._language.folder}: {name!r} is no regular expression ({error}, in {error.pattern!r})"
            ) from None
        return compiled


@cache
def _constant(name: str) -> Any:
    """A module's constant; the packages around the module are not run, which takes scikit-learn's a second."""
    where, _, constant = name.rpartition(".")
    package, *inside = where.split(".")
    found = find_spec(package)
    path = Path(found.origin if found and found.origin else "").parent.joinpath(*inside).with_suffix(".py")
    alone = spec_from_file_location(where, path) if inside and path.is_file() else None
    if alone is None or alone.loader is None:
        return getattr(import_module(where), constant)
    module = module_from_spec(alone)
    alone.loader.exec_module(module)
    return getattr(module, constant)


@lru_cache(maxsize=1 << 16)
def _stem(stemmer: str, word: str) -> str:
    return str(_stemmer(stemmer).stem(word))


@cache
def _stemmer(name: str) -> Any:
    """NLTK's, read when first asked for: it takes a third of a second."""
    from nltk.stem.snowball import SnowballStemmer

    if name not in SnowballStemmer.languages:
        known = ", ".join(SnowballStemmer.languages)
        raise LanguageError(f"{SETTINGS}: stemmer: there is none of {name!r}; there are {known}")
    return SnowballStemmer(name)


@lru_cache(maxsize=1 << 16)
def _classes_of(language: Language, word: str) -> frozenset[str]:
    forms = language.forms.items()
    told = [name for name, (form, but) in forms if word not in but and form.fullmatch(word)]
    return language.word_classes.get(word, NOTHING).union(told)


@lru_cache(maxsize=1 << 10)
def _among(language: Language, names: tuple[str, ...]) -> frozenset[str]:
    return NOTHING.union(*(language[name] for name in names))


@cache
def _lexicon(folder: Path, name: str, _digest: str) -> Mapping[str, float]:
    """The lexicon in a file of the language's folder, or in one that a package holds (`package/file`)."""
    package, _, inside = name.partition("/")
    try:
        here = (folder / name).is_file() or not inside
        file = folder / name if here else files(package).joinpath(inside)
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
        return {row[0]: float(row[1]) for row in rows}
    except (OSError, ImportError, ValueError) as error:
        raise LanguageError(
            f"{folder / SETTINGS}: tone: {name!r} is no lexicon, lines of word, tab and tone ({error})"
        ) from None


def known_languages() -> list[str]:
    """The names of the languages that come along."""
    return sorted(path.parent.name for path in _shipped().glob(f"*/{CLASSES}"))


def is_language(folder: Path) -> bool:
    """Whether the folder holds a language."""
    return (folder / CLASSES).is_file()


def load_language(name: str | Path = ENGLISH) -> Language:
    """The language of that name among those that come along, or of a folder.

    Raises LanguageError where there is none, or where a file of it cannot be read.
    """
    folder = Path(name) if is_language(Path(name)) else _shipped() / name
    if not is_language(folder):
        raise LanguageError(
            f"{name}: no such language; there are {', '.join(known_languages())}, or a folder with {CLASSES} and "
            "other lists"
        )
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return _language(folder, digest.hexdigest())


def _shipped() -> Path:
    return Path(str(files("analysis")))


@lru_cache(maxsize=8)  # read anew where a file has changed
def _language(folder: Path, digest: str) -> Language:
    entries: dict[str, dict[str, Any]] = {}
    classes: list[str] = []
    phrases: dict[str, str] = {}
    rules: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == SETTINGS:
            continue
        held = _load(path)
        if path.name == ATTRIBUTION:
            rules = held
            continue
        if path.name == PHRASES:
            phrases = {key: str(_checked(path, key, entry).get("pattern")) for key, entry in held.items()}
            continue
        for key, entry in held.items():
            if key in entries:
                raise LanguageError(f"{path}: {key!r} is in another file of the language, too; join the two")
            entries[key] = _checked(path, key, entry)
        if path.name == CLASSES:
            classes = list(held)
    states = _states(entries)
    entries = _with_columns(entries)
    lists = {key: _words(key, entries) for key, entry in entries.items() if _is_list(entry)}
    return Language(
        name=folder.name,
        folder=folder,
        digest=digest,
        lists=lists,
        word_classes=_by_word({key: lists[key] for key in classes if key in lists}),
        forms={key: _form(folder, key, entry, lists) for key, entry in entries.items() if "form" in entry},
        phrases=phrases,
        rules=rules,
        expressions={
            key: _filled(key, entries, lists) for key, e in entries.items() if {"pattern", "any"} & set(e)
        },
        cues={
            k: (tuple(e["indicators"]), tuple(e.get("except", ())))
            for k, e in entries.items()
            if "indicators" in e
        },
        states=states,
        settings=_settings(folder / SETTINGS),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        held = load_yaml(load_yaml_text(path)) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LanguageError(f"{path}: cannot be read as YAML in UTF-8 ({error})") from None
    if not isinstance(held, dict):
        raise LanguageError(f"{path}: must be a mapping, lines of `name: entry`")
    return held


def _settings(path: Path) -> dict[str, Any]:
    """What language.yml says; a language need not have one."""
    held = _load(path) if path.is_file() else {}
    if unknown := set(held) - _SETTINGS:
        raise LanguageError(
            f"{path}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(_SETTINGS))}"
        )
    return held


def _checked(path: Path, key: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not entry.get("for"):
        raise LanguageError(f"{path}: {key!r} needs a line `for:` that says what the list is for")
    if not any(set(entry) - {"for"} <= kind for kind in _KINDS):
        kinds = "; or ".join(", ".join(sorted(kind)) for kind in _KINDS)
        raise LanguageError(f"{path}: {key!r} has {', '.join(entry)}; beside `for` it may have {kinds}")
    for part in ("columns", "any", "indicators", "except"):
        if not isinstance(entry.get(part, []), list):
            raise LanguageError(f"{path}: {key!r}: {part} must be a list, lines of `- item`")
    return entry


def _with_columns(entries: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries with a list for each column of a table; columns of one name in several tables are one list."""
    out = {key: entry for key, entry in entries.items() if "columns" not in entry}
    for key, table in entries.items():
        columns = table.get("columns", ())
        if taken := [c for c in columns if c in entries]:
            raise LanguageError(f"{key!r} has a column {taken[0]!r}, which is an entry elsewhere; rename one")
        for row in str(table.get("rows", "")).splitlines() if columns else ():
            cells = row.split("|")
            if len(cells) > len(columns):
                raise LanguageError(f"{key!r}: the row {row.strip()!r} has more cells than there are columns")
            for column, cell in zip(columns, cells, strict=False):
                out.setdefault(column, {"words": []})["words"] += cell.split()
    return out


def _states(entries: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """What is called after a state: the words of the columns of CALLED_AFTER, each with the first name of its row."""
    found: dict[str, str] = {}
    for table in entries.values():
        columns = table.get("columns", ())
        for row in str(table.get("rows", "")).splitlines() if CALLED_AFTER & set(columns) else ():
            cells = dict(zip(columns, row.split("|"), strict=False))
            name = cells[columns[0]].split()
            for column in CALLED_AFTER & set(cells) if name else ():
                found |= dict.fromkeys(cells[column].split(), name[0])
    return found


def _is_list(entry: Mapping[str, Any]) -> bool:
    return not {"pattern", "any", "indicators"} & set(entry)


def _words(key: str, entries: Mapping[str, dict[str, Any]], above: tuple[str, ...] = ()) -> frozenset[str]:
    """The words of an entry with those of the lists that it includes."""
    if key in above:
        raise LanguageError(f"{key!r} includes itself by way of {', '.join(above)}")
    if key not in entries or not _is_list(entries[key]):
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


def _form(
    folder: Path, key: str, entry: Mapping[str, Any], lists: Mapping[str, frozenset[str]]
) -> tuple[re.Pattern[str], frozenset[str]]:
    """What the words of a class look like, and the words that only look so."""
    exceptions = (lists.get(name, frozenset([name])) for name in entry.get("without", ()))
    try:
        return re.compile(entry["form"]), frozenset().union(*exceptions)
    except re.error as error:
        raise LanguageError(f"{folder}: {key!r}: form is no regular expression ({error})") from None


def _filled(
    key: str,
    entries: Mapping[str, dict[str, Any]],
    lists: Mapping[str, frozenset[str]],
    above: tuple[str, ...] = (),
) -> str:
    """The pattern of an entry; {name} is replaced by the words of that list, longest first, or by that pattern."""
    if key in above:
        raise LanguageError(f"the pattern {key!r} holds itself by way of {', '.join(above)}")

    def inserted(match: re.Match[str]) -> str:
        name = match[1]
        if name in lists:
            return "|".join(map(re.escape, sorted(lists[name], key=lambda w: (-len(w), w)))) or "(?!)"
        if name in entries and "indicators" not in entries[name]:
            return f"(?:{_filled(name, entries, lists, (*above, key))})"
        raise LanguageError(f"the pattern {key!r} names {{{name}}}, which is no list of words and no pattern")

    entry = entries[key]
    pattern = entry["pattern"] if "pattern" in entry else "|".join(map(str, entry["any"])) or "(?!)"
    return re.sub(r"\{([a-z_]+)\}", inserted, pattern)
