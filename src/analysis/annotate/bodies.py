"""Bodies: the companies, unions and institutes that an article names, by what it says of each: `the mining giant Oreco`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from analysis.annotate.antecedents import Antecedents, on_line
from analysis.annotate.roles import DOCUMENT, MEDIA, SourceClassifier
from analysis.parse.names import head_noun
from analysis.text import fold

_ACRONYM = re.compile(r"[A-Z]{2,6}$")
_CAPITAL_WORD = re.compile(r"\b[A-Z][\w'’.-]+")
_FAR = 1500  # characters; whichever body was named longer ago is not meant by a noun alone
_NEAR = 80  # characters of a description before a name
_SENTENCES = 2  # before the one with the noun, of which a body of unknown kind has to be the subject


class _Named(NamedTuple):
    """A body where it is named, with the description that stands beside it, "" if none."""

    start: int
    name: str
    words: str


class Bodies:
    """The bodies that one article names.

    `before`: what it speaks of before a place, and its persons.
    """

    def __init__(self, before: Antecedents, classifier: SourceClassifier) -> None:
        self.before, self.classifier = before, classifier
        self.text, self.language = before.text, before.language
        self._meant: dict[str, list[str]] = {}  # nouns by which a body was meant

    def described(self, name: str) -> str:
        """What the article says of a body, "" if nothing: descriptions joined by semicolons."""
        said = [b.words for b in self._named if b.words and _is_same(b.name, name)]
        return "; ".join(dict.fromkeys([*said, *self._meant.get(name, ())]))

    def called(self, words: str, at: int) -> str:
        """The body that a noun means at a place, after its article: `Oslo-based company`; "" if none is likely."""
        noun = head_noun(words, self.language)
        if noun not in self.language["body_called"] or not _is_plain(words):
            return ""
        kind = self.classifier.role(noun)
        for body in reversed([b for b in self._named if at - _FAR < b.start < at]):
            if self._fits(body, noun, kind, at):
                self._meant.setdefault(body.name, []).append(words)
                return body.name
        return ""

    def spelled_out(self, acronym: str) -> str | None:
        """The full name of what the article also calls by its initials: `the Norwick Peace Institute (NPI)`."""
        if _ACRONYM.match(acronym) is None:
            return None
        for run in self.language.patterns["name_with_joints"].finditer(self.text):
            words = list(_CAPITAL_WORD.finditer(run.group()))
            at = "".join(word.group()[0] for word in words).find(acronym)
            if at < 0:
                continue
            end = words[at + len(acronym) - 1].end()
            full = run.group()[words[at].start() : end]
            introduced = self.text.startswith(" (", run.start() + end)
            return on_line(full) if introduced or self.classifier.role(full) else None
        return None

    def _fits(self, body: _Named, noun: str, kind: str, at: int) -> bool:
        """Whether a noun of that role can mean a body: it is called so, or of the kind that `the company` means, or
        what the text is about, and then nothing tells that it is of another.
        """
        if fold(body.name).split()[-1] == noun or noun in fold(self.described(body.name)).split():
            return True
        known = self.classifier.role(body.words) or self.classifier.role(body.name)
        if known == kind and noun in self.language["any_body"]:
            return bool(known)
        firm = kind == self.classifier.reader.of_kind("businessperson")
        return known in ("", kind) and firm and (self._opens(body, at) or self._is_alone(body, at))

    def _opens(self, body: _Named, at: int) -> bool:
        """Whether a sentence shortly before begins with a body, so that it is about it."""
        i = self.before.sentence(body.start)
        begins = on_line(self.text[self.before.starts[i] : body.start]).lower() in ("", "the")
        return self._is_near(body, at) and i >= 0 and begins

    def _is_near(self, body: _Named, at: int) -> bool:
        return self.before.sentence(at) - self.before.sentence(body.start) <= _SENTENCES

    def _is_alone(self, body: _Named, at: int) -> bool:
        """Whether shortly before no other body is named."""
        near = {b.name for b in self._named if b.start < at and self._is_near(b, at)}
        return near == {body.name}

    def _is_person(self, name: str) -> bool:
        cast = self.before.cast
        full = name if name in cast.persons else cast.called(name.split()[-1])
        return full is not None and (full not in cast.persons or cast.is_told_as_person(full))

    @cached_property
    def _named(self) -> list[_Named]:
        return list(self._find())

    def _find(self) -> Iterator[_Named]:
        """Names that are no person's, place's, medium's or time's, in the order of the text."""
        patterns, language = self.language.patterns, self.language
        places = language["state"] | language["seat"] | language["dateline_city"] | language["state_of_place"]
        others = places | language["nationality"] | language["day"] | language["month"] | language["title"]
        openings = frozenset(self.before.starts)
        for run in patterns["body_name"].finditer(self.text):
            name = on_line(run.group())
            while (first := name.partition(" "))[2] and fold(first[0]) in language["no_name"]:
                name = first[2]  # `On Tuesday`, `The Oreco`
            folded = fold(name)
            person = self._is_person(name)
            once = run.start() in openings and self.text.count(name) == 1  # a capital that a sentence gives
            ordinary = " " not in name and (once or folded in self.before.cast.lower)
            if (
                person
                or ordinary
                or len(name) < 2
                or folded in language["no_name"]
                or folded in others
                or self.classifier.role(name) == MEDIA
            ):
                continue
            after = patterns["body_apposed"].match(self.text, run.end())
            before = patterns["body_described"].search(self.text, max(0, run.start() - _NEAR), run.start())
            told = next(
                (on_line(m["words"]) for m in (after, before) if m and self._describes(m["words"])), ""
            )
            yield _Named(run.start(), name, told)

    def _describes(self, words: str) -> bool:
        """Whether words beside a name say what a body is: of a text (`a report from the`, `website`) it is none."""
        last = fold(words).split()[-1]
        return last not in self.language["noun_complement"] | self.language["determiner"] and (
            self.classifier.role(words) != DOCUMENT
        )


def _is_same(one: str, other: str) -> bool:
    """Whether one name is the other or a short form of it: `Nordvik`, `Nordvik Systems`."""
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")


def _is_plain(words: str) -> bool:
    """Whether words name nothing but where a body is: `company`, `Oslo-based company`."""
    return all(word.islower() or word.endswith("-based") for word in words.split())
