"""Antecedents: whom or what the words before a place in the text can mean there, `he`, `it`, somebody without a name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from analysis.annotate.persons import GENDERS, Cast
from analysis.parse.document import Document
from analysis.parse.names import head_noun, is_person_noun, without_possessive
from analysis.parse.noun_phrases import main_subject
from analysis.text import fold

_FAR_FOR_PRONOUN = 12  # mentions of persons that a pronoun may pass over
_FARTHEST = 120  # characters before a pronoun

Span = tuple[int, int]


class Antecedents:
    """What one article speaks of before a place.

    `quoted`: the spans inside quotation marks, sorted, whose names are not the article's own; `is_source`: whether words
    can be a source's. `people`: each mention of a person outside them with the full name, in the order of the text.
    """

    def __init__(
        self, document: Document, cast: Cast, quoted: Sequence[Span], is_source: Callable[[str], bool]
    ) -> None:
        self.document, self.cast, self.is_source = document, cast, is_source
        self.text, self.language = document.text, document.language
        self.patterns = document.language.patterns
        self.starts = [s.start for s in document.sentences]
        self._quoted = quoted
        self.people = [(m, name) for m, name in cast.people if not self.is_quoted(m.start)]
        self.people_starts = [m.start for m, _ in self.people]

    def person(self, at: int, pronoun: str = "") -> str | None:
        """The person whom `he` or `she` means: the first named in this sentence, else in the nearest before it.

        Persons whom the pronoun is not for are passed over, where another was named not long before, and so are names
        that nothing tells to be a person's: `El Paso`.
        """
        last = bisect_left(self.people_starts, at) - 1
        i, doubtful = last, None
        while i >= 0 and last - i < _FAR_FOR_PRONOUN:
            first = self._sentence_start(i)
            fitting = [
                n for n in range(first, i + 1) if not (self._is_other(n, pronoun) or self._is_met(n, at))
            ]
            likely = [n for n in fitting if not self._is_other(n, pronoun, mostly=True)]
            named = likely or fitting
            told = [self.cast.is_told_as_person(self.people[n][1]) for n in named]
            if any(told):
                return self.people[self._spoken_of(named[told.index(True) :])][1]
            if named:
                doubtful = doubtful or self.people[self._spoken_of(named)][1]
            i = first - 1
        if doubtful is not None:
            return doubtful
        return self.people[self._sentence_start(last)][1] if last >= 0 else None

    def _spoken_of(self, fitting: Sequence[int]) -> int:
        """Of whom a sentence names the first, or the second where the first ought to know about them."""
        found, *others = fitting
        return others[0] if others and self._ought_to_know(found, others[0]) else found

    def _ought_to_know(self, one: int, other: int) -> bool:
        """Whether the article says what one person ought to know of the other, of whom it then goes on to speak."""
        between = self.text[self.people[one][0].end : self.people[other][0].start]
        return self.patterns["ought_to_know"].search(between) is not None

    def _sentence_start(self, i: int) -> int:
        """The first person named in the sentence of the `i`th, up to that one."""
        sentence = self.starts[max(0, self.sentence(self.people_starts[i]))]
        return min(i, bisect_left(self.people_starts, sentence))

    def _is_met(self, i: int, at: int) -> bool:
        """Whether the `i`th person is whom somebody does something to whose pronoun stands at `at`: `after meeting Lund, he`."""
        met = self.patterns["doing_clause"].search(self.text, max(0, at - _FARTHEST), at)
        return met is not None and met.start() < self.people_starts[i]

    def _is_other(self, i: int, pronoun: str, mostly: bool = False) -> bool:
        return self.cast.is_other_gender(self.people[i][1], pronoun, mostly)

    def body(self, at: int) -> str:
        """The body or state that `it` means: what its sentence, else the one before, is about; "" if a person."""
        return next(self._subjects_before(at), "")

    def somebody(self, at: int, pronoun: str) -> str:
        """Who without a name is meant by `he`, where the sentence before is about them: `A boy laughed.`; "" if nobody.

        Whoever is new (`a boy`) is meant rather than who is named; who is not (`the boy`), where nobody is.
        """
        i = self.sentence(at)
        words = next(self._subjects_before(at), "") if i > 0 else ""
        if not words or not self.is_somebody(words) or self._is_of_other_gender(words, pronoun):
            return ""
        if self.patterns["opens_indefinite"].match(words):
            return words
        named = bisect_left(self.people_starts, self.starts[i - 1])
        return "" if named < len(self.people_starts) and self.people_starts[named] < at else words

    def _is_of_other_gender(self, words: str, pronoun: str) -> bool:
        """Whether a description tells that a pronoun is not for whom it describes: `a man`, `she`."""
        told = {g for g in GENDERS if not self.language[f"{g}_word"].isdisjoint(fold(words).split())}
        return len(told) == 1 and pronoun not in self.language[f"{told.pop()}_pronoun"]

    def _subjects_before(self, at: int) -> Iterator[str]:
        """What its sentence and the one before are about, but persons with a name."""
        first = max(0, self.sentence(at) - 1)
        for sentence in reversed(self.document.sentences[first : self.sentence(at) + 1]):
            unit = self.document.unit_of(sentence)
            items = main_subject(unit, sum(token.start < at for token in unit.tokens))
            if items is not None and not unit.has(items[0], "pronoun", "possessive"):
                joint = unit.find("coordinator", *items)
                start, stop = unit.span(items[0], joint or items[1])
                words = on_line(self.text[start:stop])
                person = self.mentions_person(without_possessive(words))
                other = self.patterns["apposed_to_name"].match(self.text, stop) is not None
                if not (person or other or self.is_quoted(start)) and self.is_source(words):
                    yield words

    def is_somebody(self, words: str) -> bool:
        """Whether somebody is described as a person, whom `it` does not mean."""
        noun = head_noun(words, self.language)
        return is_person_noun(noun, self.language) and not noun.endswith("s")

    def mentions_person(self, words: str) -> bool:
        return any(self.cast.called(word) for word in words.split())

    def sentence(self, at: int) -> int:
        """The number of the sentence that the character lies in; -1 before the first."""
        return bisect_right(self.starts, at) - 1

    def closes(self, at: int, i: int) -> bool:
        """Whether the words at `at` follow all that sentence `i` says: `Lund must resign, he said.`"""
        sentence = self.document.sentences[i]
        return self.text[at - 2 : at] == ", " and at > (sentence.start + sentence.end) / 2

    def is_quoted(self, at: int) -> bool:
        i = bisect_right(self._quoted, (at, len(self.text))) - 1
        return i >= 0 and self._quoted[i][0] <= at < self._quoted[i][1]


def on_line(text: str) -> str:
    """The text with single blanks between its words."""
    return " ".join(text.split())
