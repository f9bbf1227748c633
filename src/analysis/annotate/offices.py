"""Offices: whom of those that an article names an office, a nation, a party or an age alone means: `the minister`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from analysis.annotate.antecedents import Antecedents
from analysis.annotate.persons import Cast
from analysis.annotate.roles import CAMPAIGN, HEAD_OF_STATE, LEGISLATOR, SourceClassifier
from analysis.parse.names import Mention, head_noun, is_person_noun
from analysis.text import fold

_FAR_BACK = 200  # mentions of persons; whoever was named longer ago is not meant by an office alone
_MOSTLY = 2 / 3  # of the mentions of heads of state


class Offices:
    """The persons of one article by what it says of each: role, side, and the words for them.

    `cast`: its persons; `before`: where it speaks of them; `date`: of the article, which tells who is in office.
    """

    def __init__(self, cast: Cast, before: Antecedents, classifier: SourceClassifier, date: str) -> None:
        self.cast, self.before, self.classifier, self._date = cast, before, classifier, date
        self.language = classifier.language

    @cached_property
    def is_of_parliament(self) -> bool:
        """Whether more members of parliaments are named than candidates, so that `Republicans` are most likely members."""
        roles = [role for _, _, role, _ in self._described(self.cast.persons)]
        members = roles.count(LEGISLATOR)
        return members > 1 and members > roles.count(CAMPAIGN)

    @cached_property
    def side_of_government(self) -> str:
        """The side of the head of state whom the article names, or names most; "" where it names several as often."""
        named = Counter(name for _, name in self.before.people)
        heads = {
            name: side for name, _, role, side in self._described(self.cast.persons) if role == HEAD_OF_STATE
        }
        counts = Counter({name: named[name] for name in heads})
        name, most = next(iter(counts.most_common(1)), ("", 0))
        return heads[name] if most >= _MOSTLY * counts.total() > 0 else ""

    def holder(self, words: str, at: int) -> str | None:
        """Whom an office, a nation, a party or an age alone means."""
        if self.language.patterns["aged"].fullmatch(words):
            return self.before.person(at)
        noun = head_noun(words, self.language)
        by_nation = noun in self.language["called_after"] and words.split()[-1][:1].isupper()
        if not by_nation and noun not in self.language["office"]:
            return self._told_first(words, noun, at)
        role, side = self.classifier.role(words), self.classifier.side(words)
        last = bisect_left(self.before.people_starts, at)
        earlier = self.before.people[max(0, last - _FAR_BACK) : last]
        alike = {noun, *self.language[f"{noun}_title"]}
        bodies = {fold(word) for word in words.split() if len(word) > 1 and word.isupper()}
        fitting: list[str] = []
        for name, said, *own in self._described(name for _, name in reversed(earlier)):
            if not bodies <= set(_words(said)):
                continue  # `the NPA leader` leads no other party
            called = not alike.isdisjoint(_words(said)) or noun in self.language["called_after"]
            if (called or (role and role == own[0] and not self._holds_another(said, noun))) and (
                not side or side == own[1]
            ):
                if fold(words) in fold(said).split("; "):
                    return name
                fitting.append(name)
        if fitting or not role or not side:
            return fitting[0] if fitting else None
        return self._only_one(side, earlier)

    def _holds_another(self, said: str, noun: str) -> bool:
        """Whether what is said of somebody names another office than the noun: of a mayor, for `the commissioner`."""
        titles = self.language["title"]
        return noun in titles and any(
            word in titles and is_person_noun(word, self.language) for word in _words(said)
        )

    def _told_first(self, words: str, noun: str, at: int) -> str | None:
        """Whom a first sentence only describes, and the next one names: `Lund's former doctor`, then `Dr. Ida Berg, who`."""
        i = self.before.sentence(at)
        titles = {noun, *self.language[f"{noun}_title"]}
        if i not in (0, 1) or "'" not in fold(words):
            return None
        last = bisect_left(self.before.people_starts, at)
        for mention, name in self.before.people[last:]:
            if self.before.sentence(mention.start) > i + 1:
                return None
            if self.before.sentence(mention.start) == i + 1 and mention.has_first_name:
                said = _words(self.cast.persons[name].description)
                return None if titles.isdisjoint(said) else name
        return None

    def _only_one(self, side: str, people: Sequence[tuple[Mention, str]]) -> str | None:
        """The one person of a side of whom nothing else is told: `Lund`, then `the Liberal nominee`."""
        fitting = [name for name, _, *own in self._described(name for _, name in people) if own == ["", side]]
        return fitting[0] if len(fitting) == 1 else None

    def _described(self, names: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
        """Each person once, with what is said of them, their role and side."""
        for name in dict.fromkeys(names):
            said = self.cast.persons[name].description
            yield name, said, *self.classifier.classify(name, said, self._date)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
