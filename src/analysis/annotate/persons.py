"""Persons: those whom an article names, each with every form of the name and what the article says of who it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from analysis.language import Language
from analysis.parse.document import Document
from analysis.parse.names import Mention, head_noun, is_person_noun, surname_of
from analysis.parse.units import HEADS
from analysis.text import fold

SAME_SURNAME = 80  # rapidfuzz ratio, 0..100: a slip or another transliteration, not another name
_LONGEST_NAME = 4  # words
_LONGEST_APPOSITION = 16  # words; what goes on longer describes something else, and is no short quotation
_FARTHEST = 120  # characters that an office before a name may take


class _Listed(NamedTuple):
    """What is said of several before their names, and where the first of these ends; -1 for the last."""

    words: str
    end: int


GENDERS = ("male", "female")


@dataclass
class Person:
    """A person of one article: the full name and what titles and appositions say."""

    name: str
    said: dict[str, None] = field(default_factory=dict)  # in order, each once
    told: dict[str, None] = field(default_factory=dict)  # what sentences say: `Anna Lund is a professor`

    def add(self, *said: str) -> None:
        """Take in what titles and appositions say; "" says nothing."""
        self.said.update(dict.fromkeys(filter(None, said)))

    @property
    def description(self) -> str:
        return "; ".join(self.said)


class Cast:
    """The persons of one article, found by any form of their name.

    `known`: surnames, folded, of persons whom the codebook lists, and their full names; `people`: each mention of a
    person with the full name, in the order of the text; `persons`: what the article says of each.
    """

    def __init__(self, document: Document, known: Mapping[str, str]) -> None:
        self.text, self.language = document.text, document.language
        famous = {**well_known(document.language), **known}
        self.known = {surname_of([last], self.language): name for last, name in famous.items()}
        self.lower = set(re.findall(r"\b[a-z]{2,}\b", self.text))
        starts = {sentence.start for sentence in document.sentences}
        mentions = [self._without_opener(m, m.start in starts) for m in document.mentions]
        heads = [(s.start, s.end) for s in document.sentences if s.kind in HEADS or s.in_title_case]
        in_head = [any(start <= m.start < end for start, end in heads) for m in mentions]
        self._headlined = self._cut_headlined(mentions, in_head)
        mentions = [self._without_headline(m) for m in mentions]
        self._single = Counter(m.folded[0] for m in mentions if not m.has_first_name)
        self._titled = {m.folded[0] for m in mentions if m.title and not m.has_first_name}
        self._aged = {
            m.folded[0] for m in mentions if not m.has_first_name and self._match("aged_after", m.end)
        }
        self._followed_by_who = {
            m.folded[0] for m in mentions if not m.has_first_name and self._match("who_after", m.end)
        }
        self._full = Counter(" ".join(m.name) for m in mentions)
        self._addressed = Counter(
            (m.folded[0], gender) for m in mentions if not m.has_first_name for gender in self._titles(m)
        )
        self.persons: dict[str, Person] = {}
        self._genders: dict[str, str] = {}
        self._by_last: dict[str, str] = {}  # the fullest form of the one whom the surname alone means
        self._bearers: dict[str, dict[str, None]] = {}  # of each surname the full names
        self._by_first: dict[str, set[str]] = {}  # full names by their first word
        self._alike: dict[str, list[str]] = {}  # surnames by their first two letters
        self._seen: dict[tuple[tuple[str, ...], str, bool], str | None] = {}
        for mention, _ in sorted(zip(mentions, in_head, strict=True), key=lambda pair: pair[1]):
            if self._is_full(mention) and self._can_be_person(mention):
                self._add_full(mention)
        self.people = [(m, name) for m in mentions if (name := self.full_name(m))]
        listed: _Listed | None = None
        for mention, name in self.people:
            person = self.persons.setdefault(name, Person(name))
            before, after = self._office_before(mention), self._apposition(mention.end)
            listed = self._listed(mention, listed)
            person.add(mention.title, mention.owner, before, after, listed.words if listed else "")
            told = self._match("membership", mention.end) or self._match("predicate", mention.end)
            if told is not None:
                person.told[_shortened(told["words"])] = None

    def _cut_headlined(
        self, mentions: Sequence[Mention], in_head: Sequence[bool]
    ) -> dict[tuple[str, ...], tuple[int, int]]:
        """Which words are the name of what headlines alone name with other words: `Urges Norland`, `Anna Lund Says`."""
        pairs = list(zip(mentions, in_head, strict=True))
        outside = {m.folded for m, headline in pairs if not headline}
        surnames = {words[-1] for words in outside if len(words) > 1}.union(self.known)
        surnames |= {
            m.folded[0] for m, headline in pairs if m.title and not headline and not m.has_first_name
        }
        cut = {}
        for words in {m.folded for m, headline in pairs if headline and m.has_first_name} - outside:
            size = len(words)
            parts = [(first, end) for first in range(size) for end in range(first + 2, size + 1)]
            known = max(
                (p for p in parts if words[slice(*p)] in outside), key=lambda p: p[1] - p[0], default=None
            )
            forename = next((i for i in range(size - 1) if self.is_forename(words[i])), None)
            surname = next((i for i in range(size) if words[i] in surnames), None)
            if known or forename == 0:
                cut[words] = known or (0, size)
            elif surname is not None:
                cut[words] = (surname - (forename == surname - 1), surname + 1)
            elif words[0] in self.lower or words[0] in self.language["name_opener"]:
                cut[words] = (size - 1 if forename is None else forename, size)
        return cut

    def _without_headline(self, mention: Mention) -> Mention:
        """The name without the words of a headline that are none of it."""
        first, end = self._headlined.get(mention.folded, (0, len(mention.name)))
        return mention if end - first == len(mention.name) else self._part(mention, first, end)

    def _part(self, mention: Mention, first: int, end: int) -> Mention:
        """Some of the words of a name; a title before it belongs to its first word."""
        words = list(re.finditer(r"\S+", self.text[mention.start : mention.end]))
        start, stop = mention.start + words[first].start(), mention.start + words[end - 1].end()
        name, folded = mention.name[first:end], mention.folded[first:end]
        surname = surname_of(folded, self.language)
        return Mention(start, stop, name, folded, surname, "" if first else mention.title)

    def _titles(self, mention: Mention) -> list[str]:
        """The genders that the form of address tells: `Mrs.`."""
        title = set(fold(mention.title).split())
        return [gender for gender in GENDERS if not self.language[f"{gender}_word"].isdisjoint(title)]

    def _add_full(self, mention: Mention) -> None:
        """Take in a full name."""
        last, full = mention.surname, " ".join(mention.name)
        self._by_first.setdefault(mention.folded[0], set()).add(full)
        self._bearers.setdefault(last, {})[full] = None
        known = self._by_last.get(last)
        if known is None:
            self._alike.setdefault(last[:2], []).append(last)
        if known is None or full.endswith(f" {known}") or self._yields(known, full):
            self._by_last[last] = full

    def _yields(self, one: str, other: str) -> bool:
        """Whether of two of one surname the second is meant by it: the first is rather called by a first name alone."""
        first, second = (fold(name.split()[0]) for name in (one, other))
        often = self._single[first] > max(self._single[fold(one).split()[-1]], self._full[one])
        return often and not self._single[second]

    def is_other_gender(self, name: str, pronoun: str, mostly: bool = False) -> bool:
        """Whether a pronoun is not one for the person, as far as titles, descriptions and the first name tell.

        `mostly`: also by first names that some of the other gender have, Chris or Robin.
        """
        of_men, of_women = (pronoun in self.language[f"{g}_pronoun"] for g in GENDERS)
        gender = self._gender(name) or (self._forename_gender(name, "mostly_") if mostly else "")
        return (of_men and gender == "female") or (of_women and gender == "male")

    def is_told_as_person(self, name: str) -> bool:
        """Whether a first name or initial, a title, a description or the surname alone tells that it is a person's."""
        *given, last = map(fold, name.split())
        first_names = _first_names(self.language)
        if last in self._titled or any("." in word or word in first_names for word in given):
            return True
        place = last in self.language["place_word"] | self.language["state_of_place"]
        if not given:
            return last in first_names and not place
        opening = self.language["preposition"] | self.language["determiner"]
        said = self.persons[name].said
        described = any(fold(words).split()[-1] not in opening for words in said)  # no `chairman of the`
        return described or (self._single[last] > 0 and not place)

    def _gender(self, name: str) -> str:
        """`male` or `female`; "" where nothing tells it."""
        if name not in self._genders:
            said = self.persons[name].said if name in self.persons else ()
            relative = self.language["relative"]
            # `a doctor who lost a son` is no man: of whom a clause speaks is another.
            words = [
                w for phrase in said for w in takewhile(lambda w: w not in relative, fold(phrase).split())
            ]
            told = [g for g in GENDERS if not self.language[f"{g}_word"].isdisjoint(words)]
            told = told or [g for g in GENDERS if name in self.language[f"{g}_well_known"]]
            self._genders[name] = told[0] if len(told) == 1 else self._forename_gender(name)
        return self._genders[name]

    def called(self, surname: str) -> str | None:
        """The full name of the person of that surname, however it is written; None if there is none."""
        last = surname_of([fold(surname)], self.language)
        return self._by_last.get(last) or self.known.get(last)

    def spelt_nearly(self, surname: str) -> str | None:
        """The full name of the person whose surname is spelt nearly so, of five letters or more; None if there is none."""
        last = surname_of(fold(surname).split(), self.language)
        alike = self._alike.get(last[:2], ()) if len(last) > 4 else ()
        found = process.extract_iter(last, alike, scorer=ratio, score_cutoff=SAME_SURNAME)
        return next((self._by_last[other] for other, _, _ in found), None)

    def full_name(self, mention: Mention) -> str | None:
        """The fullest form of a person's name in this article; None where the name is no person's."""
        mention = self._without_headline(mention)
        key = (mention.name, mention.title, self._has_article(mention))
        if key not in self._seen:
            self._seen[key] = self._full_name(mention)
        return self._seen[key]

    def _is_full(self, mention: Mention) -> bool:
        """Whether the name has a first name before the surname: `Joost van der Meulen`, but not `Van der Meulen`."""
        return mention.has_first_name and mention.folded[0] not in self.language["surname_opener"]

    def _full_name(self, mention: Mention) -> str | None:
        no_person = mention.folded[-1] in self.language["no_person"] or _is_acronym(mention)
        if not self._can_be_person(mention) and (not mention.title or no_person):
            return None
        last = mention.surname
        if last in self._by_last:
            full, own = self._bearer(mention), " ".join(mention.name)
            same_first = (
                not self._is_full(mention)
                or self._is_same_first(own, full)
                or f" {full}".endswith(f" {own}")
                or f" {own}".endswith(f" {full}")  # with a word of a headline before it: `Calls Anna Lund`
            )
            return full if same_first else own
        if (other := self.spelt_nearly(last)) is not None:
            return other
        if not mention.has_first_name and last in self.known:
            return self.known[last]
        if not mention.has_first_name and len(named := self._by_first.get(last, ())) == 1:
            return next(iter(named))  # a surname that stands first, or a first name alone
        alone = mention.has_first_name or last in self._titled | self._aged or self._is_first_name(last)
        return " ".join(mention.name) if alone else None

    def _is_same_first(self, one: str, other: str) -> bool:
        """Whether two full names of one surname can be one person's: `A. Lund`, `Anna M. Lund`, `Ann Lund`; no son's."""
        names = [fold(name).split() for name in (one, other)]
        suffixes = [name[-1] if name[-1] in self.language["name_suffix"] else "" for name in names]
        if suffixes[0] != suffixes[1] or differ_in_middle(*names):
            return False
        (first, *_), (second, *_) = sorted(names, key=lambda words: len(words[0]))
        return (
            second.startswith(first.rstrip("."))
            or ratio(first, second) >= SAME_SURNAME
            or are_short_and_full(first, second, self.language)
        )

    def _bearer(self, mention: Mention) -> str:
        """Who of that surname is meant; forms of address tell a husband from his wife: `Mrs. Lund`.

        Of who is addressed so and named in full nowhere it is the surname, or the full name of who needs no introduction.
        """
        last, full = mention.surname, self._by_last[mention.surname]
        if mention.has_first_name:
            return full
        gender, other = self._forename_gender(full), self._addressed_gender(mention)
        if not gender or not other or gender == other:
            return full
        namesakes = [*self._bearers[last], *filter(None, [self.known.get(last)])]
        fitting = (name for name in namesakes if self._forename_gender(name) == other)
        return next(fitting, " ".join(mention.name))

    def _addressed_gender(self, mention: Mention) -> str:
        """The gender that the title tells, or titles of the surname elsewhere, where no full name is as frequent as they."""
        if titles := self._titles(mention):
            return titles[0]
        last = mention.surname
        told = [gender for gender in GENDERS if self._addressed[last, gender]]
        rare = len(told) == 1 and self._addressed[last, told[0]] > sum(
            self._full[n] for n in self._bearers[last]
        )
        return told[0] if rare else ""

    def _forename_gender(self, name: str, which: str = "") -> str:
        """`male` or `female` by the first name, in one kind of lists of them; "" where it tells neither."""
        first = fold(name.split()[0])
        named = [g for g in GENDERS if first in self.language[f"{which}{g}_forename"]]
        return named[0] if len(named) == 1 else ""

    def _is_first_name(self, word: str) -> bool:
        """Whether somebody is called by a first name alone, and more than once or as a person is: `Melanie, who left`."""
        return self.is_forename(word) and (self._single[word] > 1 or word in self._followed_by_who)

    def _without_opener(self, mention: Mention, begins: bool) -> Mention:
        """The name without a first word that is none: before a first name (`Pollster Anna Lund`), and where a sentence
        begins an ordinary word of the article (`Recent Lund`) or one before somebody known well (`Contradicting Lund`).
        """
        if not mention.has_first_name:
            return mention
        first, folded = mention.name[0], mention.folded[0]
        known = self.is_forename(folded)
        opens = 2 < len(mention.name) <= _LONGEST_NAME and not known and self.is_forename(mention.folded[1])
        opens = opens and (begins or is_person_noun(folded, self.language))
        if begins and not opens:
            ordinary = folded in self.lower or folded in self.language["name_opener"]
            participle = self.language.patterns["opening_participle"].fullmatch(first)
            no_name = not known and (participle or self._is_once(mention))
            opens = ordinary or bool(no_name and mention.folded[1] in self.known)
        if not opens:
            return mention
        at = mention.start + len(first)
        at += len(self.text[at : mention.end]) - len(self.text[at : mention.end].lstrip())
        title = mention.title or (first if is_person_noun(folded, self.language) else "")
        return Mention(at, mention.end, mention.name[1:], mention.folded[1:], mention.surname, title)

    def _is_once(self, mention: Mention) -> bool:
        """Whether the article writes the name so nowhere else."""
        return self.text.count(self.text[mention.start : mention.end]) == 1

    def is_forename(self, word: str) -> bool:
        """Whether a folded word is a first name."""
        return any(word in self.language[f"{g}_forename"] for g in GENDERS)

    def _can_be_person(self, mention: Mention) -> bool:
        words, last = mention.folded, mention.folded[-1]
        return not (
            not self.language["no_person"].isdisjoint(words)
            or self._is_of_many(words)
            or last in self.language["headline_verb"]
            or last in self.language["day"]
            or last in self.language["region"]
            or (not mention.title and last in self.language["place_word"] and not self._has_surname(mention))
            or len(mention.name) > _LONGEST_NAME
            or self._has_article(mention)
            or any(len(w) > 3 and w.isupper() for w in mention.name)
            or self.lower.issuperset(words)
        )

    def _is_of_many(self, words: Sequence[str]) -> bool:
        """Whether a name without a first name ends as a body's does: `Midwives Organization`, `Rail Engineers`."""
        last = words[-1]
        several = last in self.language["group_noun"] or (
            last.endswith("s") and is_person_noun(last, self.language)
        )
        return len(words) > 1 and several and not self.is_forename(words[0])

    def _has_surname(self, mention: Mention) -> bool:
        """Whether a name that may be a place's has a first name and does not say where: `Fiona Hill`, not `in Rose Hill`."""
        words, before = mention.folded, self.text[max(0, mention.start - 20) : mention.start].split()
        placed = bool(before) and fold(before[-1]) in self.language["preposition"]
        if words[-1] not in self.language["surname_of_place"] or placed:
            return False
        return self.is_forename(words[0]) if mention.has_first_name else words[0] in self._by_last

    def _has_article(self, mention: Mention) -> bool:
        """`the Lund plan`, `the Kremlin`: no person; but one whose first name is told, `the Anna Lund campaign`."""
        before = max(0, mention.start - 4), mention.start
        if self.language.patterns["article_before"].search(self.text, *before) is None:
            return False
        full = mention.has_first_name and self.is_forename(mention.folded[0])
        return not full or self._match("noun_after_name", mention.end) is None

    def _match(self, pattern: str, at: int) -> re.Match[str] | None:
        return self.language.patterns[pattern].match(self.text, at)

    def _office_before(self, mention: Mention) -> str:
        """The office before a name between commas: `Norwick's top negotiator, Anna Lund, `."""
        text, at = self.text, mention.start - len(mention.title) - bool(mention.title)
        closes = text[mention.end : mention.end + 1] in (",", ".", ")") or self._belongs(mention)
        if text[at - 2 : at] != ", " or not mention.has_first_name or not closes:
            return ""
        start = max(text.rfind("\n", max(0, at - _FARTHEST), at) + 1, at - _FARTHEST)
        found = self.language.patterns["office_before"].search(text[start:at])
        said = " ".join(found["words"].split()) if found else ""
        if found and self._goes_on(text[start : start + found.start("words")]):
            return ""  # `an adviser to the president, Anna Lund`
        words = fold(said).split()
        titled = words and (
            is_person_noun(words[-1], self.language) or not self.language["office"].isdisjoint(words)
        )
        return said if titled else ""

    def _goes_on(self, before: str) -> bool:
        """Whether an office before a name belongs to a longer one: `adviser to` stands before `the president`."""
        *_, noun, link = ["", "", *fold(before).split()[-2:]]
        return link in self.language["title_joint"] and is_person_noun(noun, self.language)

    def _belongs(self, mention: Mention) -> bool:
        """Whether where somebody belongs follows the name: `Anna Lund of Norwick`."""
        after = self.text[mention.end : mention.end + _FARTHEST].split(maxsplit=1)
        return bool(after) and after[0] in self.language["preposition"]

    def _listed(self, mention: Mention, before: _Listed | None) -> _Listed | None:
        """What is said of several before their names, of the first and the next: `two developers, Anna Lund and Ida Berg,`,
        `residents such as Anna Lund`.
        """
        joined = before is not None and self._match("conjoined", before.end)
        if before is not None and joined and joined.end() == mention.start:
            return _Listed(before.words, -1)
        at = mention.start - len(mention.title) - bool(mention.title)
        around = self.text, max(0, at - _FARTHEST), at
        found = self.language.patterns["example_before"].search(*around)
        if found is None and self._match("listed_after", mention.end) is not None:
            found = self.language.patterns["listed_before"].search(*around)
        if not found or not mention.has_first_name:
            return None
        noun = fold(found["noun"])
        people = is_person_noun(noun, self.language) or noun in self.language["people"]
        return _Listed(found["words"], mention.end) if people else None

    def _apposition(self, at: int) -> str:
        """What stands after a name between commas or in brackets: `, a former judge,`, `(Ret.)`, `(D)`."""
        dashed = self._match("dashed_apposition", at)
        if dashed is not None and is_person_noun(head_noun(dashed["words"], self.language), self.language):
            return _shortened(dashed["words"])
        if self.text[at : at + 2].lstrip()[:1] not in ("", ",", "("):
            return ""
        found = self._match("apposition", at)
        if found is None or not found.group().strip():
            return ""
        words = found["words"] or ""
        end = self.language.patterns["apposition_end"].search(words)
        if end is not None:  # `about Lund, the mayor said`: who speaks is another
            speaks = end["verb"] and self.language.patterns["opens_definite"].match(words)
            body = self.language.patterns["body_explained"].match(words)
            words = "" if speaks else words[: body.end() if body else end.start()]
        said = (found["bracket"], found["age"], *self._each(_shortened(words)))
        return "; ".join(part.strip() for part in said if part)

    def _each(self, words: str) -> list[str]:
        """What somebody is and what else: `author of "The Bridge" and a fellow of the Harbour Institute`."""
        joint = self.language.patterns["also_is"].search(words)
        if joint is None or not is_person_noun(fold(joint["noun"]), self.language):
            return [words]
        return [words[: joint.start()], words[joint.start("also") :]]


def well_known(language: Language) -> dict[str, str]:
    """The full names of who needs no introduction, by surname, folded."""
    return {fold(name).split()[-1]: name for name in language["well_known"]}


def are_short_and_full(one: str, other: str, language: Language) -> bool:
    """Whether of two first names, folded, one is a short or familiar form of the other: Bill and William."""
    return not {f"{one}:{other}", f"{other}:{one}"}.isdisjoint(language["nickname"])


def differ_in_middle(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two full names, folded words, have initials between first name and surname that are not alike."""
    initials = [{word[0] for word in words[1:-1] if word.endswith(".")} for words in (one, other)]
    return all(initials) and not initials[0] & initials[1]


def _is_acronym(mention: Mention) -> bool:
    """Whether a name is initials of four letters or more, which a title makes no person's: `founder of NATO`."""
    return not mention.has_first_name and len(mention.name[0]) > 3 and mention.name[0].isupper()


def _shortened(words: str) -> str:
    return " ".join(words.split()[:_LONGEST_APPOSITION])


@lru_cache(maxsize=8)
def _first_names(language: Language) -> frozenset[str]:
    """First names and their short forms."""
    lists = [language[f"{mostly}{gender}_forename"] for mostly in ("", "mostly_") for gender in GENDERS]
    return frozenset().union(*lists, (pair.partition(":")[0] for pair in language["nickname"]))
