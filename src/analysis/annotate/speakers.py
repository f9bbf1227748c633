"""Speakers: whom the words before or after a quote mean, resolved within the article.

A speaker is a pronoun, a name or a description. Pronouns go to the nearest person who can be meant, short names to
the fullest form in the article, a bare description (`the report`) to a fuller one before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from analysis.annotate.antecedents import Antecedents, on_line
from analysis.annotate.bodies import Bodies
from analysis.annotate.offices import Offices
from analysis.annotate.persons import Cast, Person
from analysis.annotate.roles import MEDIA, SourceClassifier
from analysis.annotate.speaker_words import can_be_source, narrow
from analysis.annotate.spoken import UNATTRIBUTED, Source, Spoken
from analysis.parse.document import Document
from analysis.parse.names import Mention, find_mentions, head_noun, is_person_noun, without_possessive
from analysis.text import fold

_LABEL_ROLE = re.compile(r",\s([^:\n]{2,80}):")
_OWNED = re.compile(r"[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s[a-z]")
_COMMA = re.compile(r",\s")
_LONGEST_NAME = 8  # words of a body's name
_FARTHEST = 120  # characters before the words for a speaker
_OPENS_CLAUSE = '\n.!?:;”"—–'
_MARKED = re.compile(r"“[^“”\n]*”")

Span = tuple[int, int]


class SpeakerResolver:
    """The speakers of one article, to be resolved in the order of its quotes.

    `quoted`: the spans inside quotation marks, sorted, whose names are not the article's own. `cast`: its persons;
    what resolving finds out about them is added.
    """

    def __init__(self, document: Document, quoted: Sequence[Span], classifier: SourceClassifier) -> None:
        self.document, self.classifier = document, classifier
        self.text, self.language = document.text, document.language
        self.patterns = document.language.patterns
        self.starts = [s.start for s in document.sentences]
        self._openings = frozenset(self.starts)
        self.cast = Cast(document, classifier.holders.surnames)
        marked = sorted({*quoted, *(m.span() for m in _MARKED.finditer(document.text))})
        self.before = Antecedents(document, self.cast, marked, self.is_source)
        self._people_by_end = {m.end: (m, name) for m, name in self.cast.people}
        self.offices = Offices(self.cast, self.before, classifier, document.published)
        self.bodies = Bodies(self.before, classifier)
        self._spoken = Spoken(classifier, document.mentions)

    def resolve(self, start: int, end: int) -> Source:
        """Whom the words from `start` to `end` mean."""
        span = (start, end)
        source = self._spoken.get(span)
        if source is None:
            source = self._resolve(*span)
            self._spoken.add(span, source)
        return source

    def _resolve(self, start: int, end: int) -> Source:
        relative = self.patterns["relative_end"].search(self.text, start, end)
        if relative is not None:
            end = relative.start()
        kept = narrow(self.text, (start, end), self.classifier.reporting, self.language)
        if kept is None:
            return UNATTRIBUTED
        start, end = kept
        words = on_line(self.text[start:end])
        folded = fold(words)
        if self._is_place(folded, start):
            return UNATTRIBUTED
        if folded in self.language["contracted"]:
            folded = folded.partition("'")[0]
            words = words[: len(folded)]
        if words.isupper() and len(words) > 1:
            folded = ""
            label = self.text[end : end + 1] in (":", ",", "(")
            if (labelled := self._person_in_capitals(words, label)) is not None:
                return Source(labelled, words, True)
            if " " in words and "." not in words and not label and not self.classifier.role(words):
                return UNATTRIBUTED  # a heading
        if folded in self.language["for_everybody"] and fold(self.text[max(0, start - 4) : start]) == "not ":
            return Source(f"not {words}", f"not {words}", False)
        placed = self._placed(end, words)
        words = f"{words}{placed}"
        source = (
            self._by_relative(folded, start)
            or self._by_pronoun(folded, words, start)
            or self._by_apposition(start, end, relative is not None)
            or self._by_name(start, end)
            or self._by_description(words, start)
        )
        return source if source.person else replace(source, words=f"{source.words}{self._maker(end, words)}")

    def _is_place(self, folded: str, start: int) -> bool:
        """Whether words only say in which region a place is: `a voter in Norwick, Ohio, who said`."""
        region = folded in self.language["state_of_place"]
        after = region and self.patterns["after_place"].search(self.text, max(0, start - _FARTHEST), start)
        before = self.patterns["before_region"].match(self.text, start)
        named = before is not None and len(before["place"]) == len(folded)
        return bool(after) or folded in self.language["short_state"] or named

    def _placed(self, end: int, words: str) -> str:
        """What follows a source without a name and says where it is: `one source on the panel`."""
        placed = self.patterns["placed"].match(self.text, end)
        seated = self.patterns["seated"].match(self.text, end)
        if seated and not self.before.mentions_person(words):
            return seated.group()
        return placed.group() if placed and self.patterns["anonymous"].search(words) else ""

    def _maker(self, end: int, words: str) -> str:
        """What follows a document and says whose it is: `a complaint filed by the commission`."""
        written = head_noun(words, self.language) in self.language["written_by_body"]
        made = self.patterns["made_by"].match(self.text, end) if written else None
        return f" by {made['by']}" if made else ""

    # Pronouns ---------------------------------------------------------------------------------------------------

    def _by_pronoun(self, folded: str, words: str, start: int) -> Source | None:
        """Whom a pronoun means, or a phrase that owns what was named before: `its report`."""
        if folded in self.language["person_pronoun"]:
            name = self._spoke_before(start, folded)
            somebody = "" if name else self.before.somebody(start, folded)
            if not name and not self.patterns["opens_indefinite"].match(somebody):
                name = self.before.person(start, folded)
            if name or not somebody:
                return Source(name or words, words, bool(name))
            return self._by_description(somebody, start)
        if folded in self.language["group_pronoun"]:
            if folded in self.language["thing_pronoun_alone"] and (author := self._author_of_subject(start)):
                return Source(author, words, True)
            several = folded in self.language["plural_pronoun"]
            group = (self._spoken.several if several else None) or self._spoken.group
            nobody = folded in self.language["thing_pronoun_alone"]
            if nobody and (group is None or self.before.is_somebody(group.words)):
                group = self._body_before(start)
            return group or (UNATTRIBUTED if nobody else Source(words, words, False))
        own = self.patterns["own_document"].match(folded)
        if own is None:
            return None
        if own["owner"] not in self.language["person_pronoun"]:
            return self._spoken.group or self._body_before(start)
        name = self.before.person(start, own["owner"])
        return Source(name, words, True) if name else None

    def _body_before(self, at: int) -> Source | None:
        """Whom its sentence or the one before is about: `Norland's agencies are worried. Their reports say`."""
        body = self.before.body(at)
        return self._by_description(body, at) if body else None

    def _author_of_subject(self, at: int) -> str | None:
        """Whose words the sentence is about in which `its` stands at `at`: `Lund's letter was mocked for its claim`."""
        i = self.before.sentence(at)
        subject = self.patterns["subject_of_words"].match(self.text, self.starts[i], at)
        return self._person_of(subject["owner"]) if subject else None

    def _spoke_before(self, at: int, pronoun: str) -> str | None:
        """The person quoted in the sentence before one that a pronoun opens or closes: `He added that ...`."""
        i = self.before.sentence(at)
        if i < 1 or (self.starts[i] != at and not self.before.closes(at, i)):
            return None
        last = self._spoken.person_since(self.starts[i - 1], at)
        return last.name if last and not self.cast.is_other_gender(last.name, pronoun) else None

    # Relative clauses and appositions -----------------------------------------------------------------------------

    def _by_relative(self, folded: str, start: int) -> Source | None:
        """Whom a relative pronoun alone belongs to: the noun phrase before it, `savers, who fear that`."""
        if folded not in self.language["relative_pronoun"]:
            return None
        before = self.patterns["antecedent"].search(self.text, max(0, start - _FARTHEST), start)
        if before is None:
            return None
        at = before.start("words")
        kept = narrow(self.text, (at, before.end("words")), self.classifier.reporting, self.language)
        if kept is None:
            return None
        return self._by_name(*kept) or self._by_description(on_line(self.text[slice(*kept)]), at)

    def _by_apposition(self, start: int, end: int, relative: bool) -> Source | None:
        """The person named right before words that only say who that is: `Anna Lund (D), a mayor, said`.

        Where no relative pronoun follows, the name has to open a clause: `After meeting Anna Lund, the mayor said`.
        """
        words = on_line(self.text[start:end])
        before = self.patterns["before_apposition"].search(self.text, max(0, start - _FARTHEST), start)
        mention, name = self._people_by_end.get(before.start(), (None, "")) if before else (None, "")
        if mention is None or not self.patterns["apposed_person"].match(words):
            return None
        opens = self.text[: mention.start - len(mention.title) - bool(mention.title)].rstrip(" ")
        closed = self.text[end : end + 1] == "," and (not opens or opens[-1] in _OPENS_CLAUSE)
        noun = head_noun(words, self.language)
        person = is_person_noun(noun, self.language) or noun in self.language["stands_for_body"]
        if not (relative or closed) or not person:
            return None
        self.cast.persons[name].add(words)
        return Source(name, words, True)

    # Names ------------------------------------------------------------------------------------------------------

    def _by_name(self, start: int, end: int) -> Source | None:
        """The person whom a speaker's words name, or who is named beside them."""
        name = self._person_beside(start, end) or self._person_in(start, end)
        if name and (other := self._person_joined(start)):
            name = f"{other} {min(self.language['conjunction'])} {name}"
        return Source(name, on_line(self.text[start:end]), True) if name else None

    def _person_joined(self, start: int) -> str | None:
        """Who speaks beside a person, and is described before: `Anna Lund, the mayor, and Ida Berg`."""
        joint = self.patterns["before_joined"].search(self.text, max(0, start - _FARTHEST), start)
        if joint is None:
            return None
        for mention, name in reversed(
            self.before.people[: bisect_left(self.before.people_starts, joint.start())]
        ):
            described = self.patterns["apposition"].match(self.text, mention.end)
            if self.before.sentence(mention.start) != self.before.sentence(start):
                return None
            if described and described["words"]:
                last = self.patterns["apposition_end"].search(described["words"])
                size = last.start() if last else len(described["words"])
                if described.start("words") + size == joint.start():
                    return name
            elif described and described["bracket"] and described.end("bracket") + 1 == joint.start():
                return name  # `Anna Lund (D) and Ida Berg (R)`
        return None

    def _mentions(self, start: int, end: int) -> list[Mention]:
        """The names in a speaker's words, read by themselves: in a headline words with capitals go on beyond them."""
        return find_mentions(self.text, start, end, self.language)

    def _person_beside(self, start: int, end: int) -> str | None:
        """The person whose office or place comes first: `the mayor of Norwick, Anna Lund`."""
        comma = self.text.find(", ", start, end)
        at = end if comma < 0 else comma
        beside = self.patterns["name_beside"].match(self.text, at)
        if beside is None:
            return None
        first = next(iter(self._mentions(start, end)), None)
        if first and first.start == start and "'" not in fold(self.text[start:end]):
            return None  # begins with a name: what follows explains it
        for mention in self._mentions(*beside.span("name")):
            full = self.cast.full_name(mention)
            if full and mention.has_first_name and full in self.cast.persons:
                words = on_line(self.text[start:at])
                whose = self._with_body(words, start)
                if whose != words:
                    self.cast.persons[full].said.pop(words, None)
                self.cast.persons[full].add(whose)
                return full
        return None

    def _person_in(self, start: int, end: int) -> str | None:
        """Name of the person that a speaker's words name, with those who speak beside them."""
        floor = start
        for part in _COMMA.split(self.text[start:end]):
            stop = floor + len(part)
            for mention in self._mentions(floor, stop):
                full = self.cast.full_name(mention)
                if full and self._is_head(mention, floor, stop):
                    others = self.patterns["with_others"].match(self.text, mention.end, stop)
                    return f"{full} {self._full_names(*others.span('others'))}" if others else full
            floor = stop + 2
        return None

    def _full_names(self, start: int, end: int) -> str:
        """Those who speak beside somebody, with a person's full name for a short one."""
        words = on_line(self.text[start:end])
        for mention in self._mentions(start, end):
            if (full := self.cast.full_name(mention)) is not None:
                titled = f"{mention.title} {' '.join(mention.name)}".strip()
                words = words.replace(titled, full)
        return words

    def _is_head(self, mention: Mention, start: int, end: int) -> bool:
        """Whether the name is the phrase's head: `General Lund`, not `Lund's lawyers` or `officials of Lund`."""
        if self.patterns["after_no_head"].match(self.text[mention.end : end]):
            return False
        owned = self.patterns["before_no_head"].search(self.text[start : mention.start])
        return owned is None or self.patterns["title_with_post"].search(mention.title) is not None

    def _person_in_capitals(self, words: str, label: bool) -> str | None:
        """Whom the label of a transcript means: `LUND`, `SECRETARY LUND`; None where no person is called so."""
        titles = [w for w in words.split() if fold(w) in self.language["title"]]
        articles = self.language["definite_article"]
        own = [w for w in words.split() if w not in titles and fold(w) not in articles]
        folded = {fold(w) for w in own}
        if folded <= self.cast.lower or folded & self.language["no_person"]:
            return None
        full = self.cast.called(own[-1])
        if full is None and len(own) == 1:
            longer = re.search(rf"\b(?:[A-Z][A-Z'’.\-]+ )+{re.escape(own[0])}\b", self.text)
            own = longer.group().split() if longer else own
            own = [w for w in own if fold(w) not in self.language["title"]]
        known = full is not None or len(own) > 1 or bool(titles)
        if not known or not (full or label or self.cast.is_forename(fold(own[0]))):
            return None  # a heading
        full = full or " ".join(own).title()
        introduced = self.text.find(full.upper())
        role = _LABEL_ROLE.match(self.text, introduced + len(full)) if introduced >= 0 else None
        said = (" ".join(titles).lower(), role[1] if role else "")
        self.cast.persons.setdefault(full, Person(full)).add(*said)
        return full

    # Descriptions -----------------------------------------------------------------------------------------------

    def _by_description(self, words: str, start: int) -> Source:
        """The person, body or document that a description means, or the description itself."""
        name = without_possessive(words)
        owned = self.patterns["owned_words"].match(words)
        if owned is not None and (person := self._person_of(owned["owner"])) is not None:
            return Source(person, words, True)
        if (author := self._author(words, start)) is not None:
            return Source(author, words, True)
        owner, pronoun = self._owner(words, start)
        if owner and pronoun and self.is_source(words):
            return Source(re.sub(rf"\b{pronoun}\b", f"{owner}'s", name, count=1), words, False, owner)
        if (whose := self._with_body(words, start)) != words and self.is_source(words):
            return Source(whose, whose, False)
        if (relayed := self.patterns["relayed"].match(name)) is not None:
            name = name[relayed.end() :]
        bare = name
        for opening in ("determined", "modified"):
            found = self.patterns[opening].match(bare)
            bare = bare[found.end() :] if found else bare
        holders = self.classifier.holders
        work = self.patterns["work_of_outlet"].search(bare)
        if work and self.classifier.role(bare[: work.start()]) == MEDIA:
            return Source(holders.with_article(bare[: work.start()]), name, False)
        if not relayed and bare and (bare != name or _OWNED.match(name)):
            if (body := self._spoken.called(bare, start)) is not None:
                return body
            if not self.patterns["indefinite"].match(name) and (person := self.offices.holder(bare, start)):
                return Source(person, words, True)
            if self.patterns["opens_definite"].match(fold(name)) and (
                called := self.bodies.called(bare, start)
            ):
                return Source(called, called, False)
        if (named := self._written_large(bare)) is not None:
            return Source(named, name, False)
        if (full := self.bodies.spelled_out(bare)) is not None:
            return Source(full, f"{name}; {full}", False)
        if (outlet := self.patterns["described_outlet"].match(bare)) is not None:
            return Source(bare[outlet.end() :], name, False)
        if not self.is_source(words, start in self._openings):
            return UNATTRIBUTED
        return Source(holders.with_article(bare) or name, name, False, owner)

    def is_source(self, words: str, begins: bool = False) -> bool:
        """Whether a description can be a source's (see `can_be_source`); `begins`: a sentence begins with it."""
        return can_be_source(words, self.classifier, self.cast.lower if begins else ())

    def _person_of(self, words: str) -> str | None:
        """The full name of the person whom a name means that has been named in the article."""
        full = self.cast.called(words.split()[-1]) or self.cast.spelt_nearly(words) if words else None
        return full if full in self.cast.persons else None

    def _author(self, words: str, at: int) -> str | None:
        """Whose a book or letter is that the article has told of as somebody's: `In her book ...`, then `the book`."""
        if (work := self.patterns["authored"].fullmatch(words)) is None:
            return None
        noun = fold(work["noun"])
        books = self.language["book_noun"]
        noun = "|".join(map(re.escape, sorted(books if noun in books else {noun})))
        told = list(re.finditer(self.patterns["authors_work"].pattern % noun, self.text[:at]))
        if not told:
            return None
        owner, first = told[-1]["owner"] or told[-1]["writer"], told[-1].start()
        if fold(owner) in self.language["person_pronoun"]:
            return self.before.person(first, fold(owner))
        return self._person_of(owner)

    def _owner(self, words: str, start: int) -> tuple[str, str]:
        """The person whose somebody is, "" if nobody's, and the pronoun for the person, "" if it is no pronoun."""
        owned = self.patterns["possessed"].match(words)
        if owned is None:
            return "", ""
        if owned["pronoun"]:
            pronoun = fold(owned["pronoun"])
            personal = pronoun in self.language["person_pronoun"]
            return (self.before.person(start, pronoun) or "") if personal else "", owned["pronoun"]
        return self._person_of(owned["name"] or owned["bare"] or "") or "", ""

    def _with_body(self, words: str, at: int) -> str:
        """The words with the body or state that their `its` means, or the person whose counterpart or spokesman it is."""
        owned = self.patterns["possessed"].match(words)
        pronoun = fold(owned["pronoun"] or "") if owned else ""
        whose = ""
        if pronoun in self.language["thing_pronoun_alone"]:
            whose = without_possessive(self.before.body(at))
        elif head_noun(words, self.language) in self.language["of_another"]:
            whose = (
                self.before.person(at, pronoun) if pronoun in self.language["person_pronoun"] else ""
            ) or ""
        return f"{whose}'s {words[owned.end('pronoun') :].lstrip()}" if owned and whose else words

    def _written_large(self, words: str) -> str | None:
        """The name that the article elsewhere writes with capitals: `the top British medical journal`."""
        parts = words.split()
        if not 3 <= len(parts) <= _LONGEST_NAME or not any(part[:1].isupper() for part in parts[:-1]):
            return None
        for first in range(len(parts) - 2):
            if parts[-1].islower() and parts[first][:1].isupper():
                large = " ".join(part[:1].upper() + part[1:] for part in parts[first:])
                return large if re.search(rf"\b{re.escape(large)}\b", self.text) else None
        return None
