"""Spoken: the sources of an article so far, and which of them words mean that name nobody: `they`, `the agency`."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.annotate.roles import MEDIA, SourceClassifier
from analysis.parse.names import Mention, head_noun
from analysis.text import fold

Span = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """A source in the making; quotes with equal ones have the same source.

    `words`: how the article describes it; `owner`: the person whose it is, `Lund's lawyer`.
    """

    name: str
    words: str
    person: bool
    owner: str = ""


UNATTRIBUTED = Source("", "", False)


class Spoken:
    """The sources of one article in the order of its quotes, as far as they are resolved.

    `mentions`: the names of the article, for a medium that has not spoken yet. `group`: the last that is no person;
    `several`: the last that `they` can mean.
    """

    def __init__(self, classifier: SourceClassifier, mentions: Sequence[Mention]) -> None:
        self.classifier, self.language = classifier, classifier.language
        self.group: Source | None = None
        self.several: Source | None = None
        self._mentions = mentions
        self._resolved: dict[Span, Source] = {}  # in the order of the quotes
        self._starts: list[int] = []  # sorted
        self._body: Source | None = None  # the last group with a name
        self._medium: Source | None = None
        self._by_noun: dict[str, Source] = {}  # the last group by each noun for it

    def get(self, span: Span) -> Source | None:
        """Whom these words mean, where it is known already."""
        return self._resolved.get(span)

    def add(self, span: Span, source: Source) -> None:
        """Keep whom the words of a speaker mean."""
        self._resolved[span] = source
        insort(self._starts, span[0])
        if not source.person and source != UNATTRIBUTED:
            self._remember(source)
        if self._is_several(source):
            self.several = source

    def person_since(self, start: int, at: int) -> Source | None:
        """The source of the last quote added of which words stand before `at`, if it is a person and some do from `start` on."""
        last = next((s for (first, _), s in reversed(self._resolved.items()) if first < at), None)
        n = bisect_left(self._starts, at)
        spoke = bool(n) and self._starts[n - 1] >= start
        return last if last is not None and last.person and spoke else None

    def _remember(self, source: Source) -> None:
        """Keep a body or document for what means it later."""
        self.group = source
        words = source.name.split()
        if words:
            last = fold(words[-1]) if words[-1][:1].isupper() or len(words) < 3 else ""
            nouns = [head_noun(named, self.language) for named in (source.name, source.words)]
            self._by_noun.update(dict.fromkeys([last or nouns[0], *nouns], source))
            named = words[0][:1].isupper()
            if any(w[:1].isupper() for w in words[1:]):
                self._body = source
            if named and self.classifier.role(source.words) == MEDIA:
                self._medium = source

    def _is_several(self, source: Source) -> bool:
        """Whether `they` can mean the source: several named, or a noun in the plural."""
        if self.language.patterns["conjoined"].search(source.name):
            return True
        noun = head_noun(source.words, self.language)
        return not source.person and noun.endswith("s") and not noun.endswith("ss")

    def called(self, words: str, at: int) -> Source | None:
        """Which body or document a noun alone means: the last with that noun, else the last named one.

        With other words beside the noun it is the last named one if it has the same role: `the intelligence agency`.
        """
        noun = head_noun(words, self.language)
        body = self._body if noun in self.language["body_noun"] else None
        if noun in self.language["media_work"]:
            return self._medium or self._medium_before(at)
        if " " not in words:
            known = self._by_noun.get(noun) or body
            return self._body_of(known) if known and noun in self.language["body_noun"] else known
        if body is None or any(w[:1].isupper() for w in words.split()):
            return None
        role = self.classifier.role(words)
        return body if role and role == self.classifier.role(body.words) else None

    def _body_of(self, source: Source) -> Source:
        """The body itself where somebody spoke for it: of `officials at the Norwick Institute` the institute."""
        of = self.language.patterns["members_of"].match(source.name)
        return Source(source.name[of.end() :], source.name[of.end() :], False) if of else source

    def _medium_before(self, at: int) -> Source | None:
        """The medium named last before, also where it has not spoken yet."""
        for mention in reversed(self._mentions):
            name = " ".join(mention.name)
            if mention.start < at and self.classifier.role(name) == MEDIA:
                return Source(self.classifier.holders.with_article(name), name, False)
        return None
