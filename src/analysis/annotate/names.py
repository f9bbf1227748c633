"""Names: the persons of an article, by their full names, titles and what the article says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from analysis.parse.units import AUXILIARIES, ENGLISH
from analysis.text import fold

_NAME_RUN = ENGLISH.pattern("name_run")
_POSSESSIVE = re.compile(r"['’]s?$")
_OWNS = ("'s", "’s")
_UPPER = re.compile(r"[A-Z\x80-\U0010ffff](?<=[^\W\d_a-z])")  # every name begins so

TITLES = ENGLISH["title"]
NO_PERSON = ENGLISH["no_person"]
CALLED = ENGLISH["office"]
DEMONYMS = ENGLISH["called_after"]
_LINKS = ENGLISH["title_link"]
_POSTS = ENGLISH["post"]
_RULING = ENGLISH["ruling_title"]
_BEFORE_NAMES = ENGLISH["before_name"]
_NO_NAME = ENGLISH["no_name"]


class Mention(NamedTuple):
    """A name where it stands: its words and span without the titles before it or the name that owns it (`EU's`)."""

    start: int
    end: int
    name: tuple[str, ...]
    title: str
    owner: str = ""


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


def find_mentions(text: str, start: int, end: int) -> list[Mention]:
    """The names in text[start:end], persons' and others', titles told apart from the name."""
    out = []
    for run in _find_runs(text, start, end):
        words = run.group().split()
        folded = [fold(word) for word in words]
        first = 0
        if not TITLES.isdisjoint(folded):
            first = max(i + 1 for i, word in enumerate(folded) if word in TITLES)
        while first < len(words) and folded[first] in _NO_NAME:
            first += 1
        if (
            not first
            and len(words) > 2
            and folded[0] in _POSTS
            and text[run.start() - 3 : run.start()] in ("to ", "or ")
        ):
            first = 1  # `ambassador to Russia Anna Lund`
        if 0 < first < len(words) - 1 and folded[first] in NO_PERSON:
            first += 1  # `Supreme Allied Commander Europe Anna Lund`
        if first == len(words):
            continue
        at, owner = run.start(), ""
        if first:
            at += len(" ".join(words[:first])) + 1  # one blank stands between the words of a run
        name: list[str] = []
        for word in words[first:]:
            bare = _bare(word)
            name.append(bare)
            if bare != word and word.endswith(_OWNS):  # `the EU's Lund` are two names
                after = at + len(" ".join(name)) + len(word) - len(bare)
                out.append(_mention(text, start, at, name, owner))
                owner, name, at = text[at:after], [], after + 1
        if name:
            out.append(_mention(text, start, at, name, owner))
    return out


def _mention(text: str, floor: int, at: int, name: list[str], owner: str) -> Mention:
    title = _title_before(text, floor, at)
    return Mention(at, at + len(" ".join(name)), tuple(name), title, owner)


def _find_runs(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_NAME_RUN` finds; to look for the capital first takes a fraction of the time."""
    while (capital := _UPPER.search(text, start, end)) and (
        run := _NAME_RUN.match(text, capital.start(), end)
    ):
        yield run
        start = run.end()


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word


def _title_before(text: str, floor: int, at: int) -> str:
    """The titles directly before a name: `former CIA Senior Executive`, `Director of National Intelligence`."""
    before = text[max(floor, at - 90) : at]
    out: list[str] = []
    while words := before.rsplit(maxsplit=1):
        word = words.pop()
        folded = fold(word)
        known = folded in _BEFORE_NAMES or folded.endswith(("-based", "-born"))
        known = known or bool(out and (folded in _LINKS or _UPPER.match(word)))
        if not known or word[-1:] in ',;:—–"“”':
            break
        out.append(word)
        before = "".join(words)
    if not out:  # mostly the word before a name is no title
        return ""
    out = _own_title(out)
    while out and (fold(out[-1]) in _LINKS or fold(out[-1]) in ("of", "the", "then", "now")):
        out.pop()
    titled = out and any(fold(w) in CALLED or fold(w) in ("former", "retired") for w in out)
    return " ".join(reversed(out)) if titled else ""


def _own_title(reversed_words: list[str]) -> list[str]:
    """Of `envoy of US President` before a name only what is the name's: `US President`."""
    for i, word in enumerate(reversed_words):
        if (word == "of" or word in _LINKS) and any(fold(w) in _RULING for w in reversed_words[:i]):
            return reversed_words[:i]
    return reversed_words


class Cast:
    """The persons of one article, found by any form of their name; `known`: folded surnames and whose they are."""

    def __init__(self, text: str, spans: Iterable[tuple[int, int]], known: Mapping[str, str]) -> None:
        self.text = text
        self.known = known
        self.lower = set(re.findall(r"\b[a-z]{2,}\b", text))
        self.mentions = [
            self._without_opener(m, start) for start, end in spans for m in find_mentions(text, start, end)
        ]
        self.persons: dict[str, Person] = {}
        self._by_last: dict[str, str] = {}
        self._alike: dict[str, list[str]] = {}  # surnames by their first two letters
        self._seen: dict[tuple[tuple[str, ...], bool, bool], str | None] = {}
        for mention in self.mentions:
            if len(mention.name) > 1 and self._can_be_person(mention):
                last = fold(_last(mention.name))
                if last not in self._by_last:
                    self._by_last[last] = " ".join(mention.name)
                    self._alike.setdefault(last[:2], []).append(last)
        self.people = [(m, name) for m in self.mentions if (name := self.full_name(m))]
        for mention, name in self.people:
            person = self.persons.setdefault(name, Person(name))
            person.add(mention.title, mention.owner, _before(text, mention), _apposition(text, mention.end))
            if (told := _OF.match(text, mention.end) or _PREDICATE.match(text, mention.end)) is not None:
                person.told[" ".join(told["words"].split()[:_LONGEST_APPOSITION])] = None

    def called(self, surname: str) -> str | None:
        """The full name of the person of that surname, however it is written; None if there is none."""
        return self._by_last.get(fold(surname)) or self.known.get(fold(surname))

    def _without_opener(self, mention: Mention, sentence: int) -> Mention:
        """The name without a sentence's first word, if that is an ordinary word of the article, `Recent Lund`, or what
        somebody known well is the object of: `Contradicting Lund`.
        """
        if mention.start != sentence or len(mention.name) < 2:
            return mention
        first = mention.name[0]
        ordinary = fold(first) in self.lower or fold(first) in AUXILIARIES - {"will"}
        if not ordinary and not (first.endswith("ing") and fold(mention.name[1]) in self.known):
            return mention
        at = mention.start + len(first)
        at += len(self.text[at : mention.end]) - len(self.text[at : mention.end].lstrip())
        return Mention(at, mention.end, mention.name[1:], mention.title)

    def _can_be_person(self, mention: Mention) -> bool:
        words = {fold(w) for w in mention.name}
        if (
            words & NO_PERSON
            or len(mention.name) > 4
            or self._has_article(mention)
            or any(len(w) > 3 and w.isupper() for w in mention.name)
        ):
            return False
        return not words <= self.lower

    def _has_article(self, mention: Mention) -> bool:
        """`the Lund plan`, `the Kremlin`: no person."""
        return self.text[max(0, mention.start - 4) : mention.start].lower() == "the "

    def full_name(self, mention: Mention) -> str | None:
        """The fullest form of a person's name in this article; None where the name is no person's."""
        key = (mention.name, bool(mention.title), self._has_article(mention))
        if key not in self._seen:
            self._seen[key] = self._full_name(mention)
        return self._seen[key]

    def _full_name(self, mention: Mention) -> str | None:
        if not self._can_be_person(mention) and (not mention.title or fold(mention.name[-1]) in NO_PERSON):
            return None
        last = fold(_last(mention.name))
        if last in self._by_last:
            full = self._by_last[last]
            same_first = len(mention.name) == 1 or fold(mention.name[0])[0] == fold(full)[0]
            return full if same_first else " ".join(mention.name)
        alike = self._alike.get(last[:2], ()) if len(last) > 4 else ()
        for other, _, _ in process.extract_iter(last, alike, scorer=ratio, score_cutoff=80):
            return self._by_last[other]
        if len(mention.name) == 1 and last in self.known:
            return self.known[last]
        return " ".join(mention.name) if len(mention.name) > 1 or mention.title else None


def _last(name: tuple[str, ...]) -> str:
    return name[-2] if len(name) > 1 and fold(name[-1]) in ENGLISH["name_suffix"] else name[-1]


_APPOSITION = re.compile(
    r"\s*(?:\((?P<bracket>[^()]{1,40})\))?(?:,\s+(?P<age>\d{1,3})(?=[,.;\s]|$))?"
    r"(?:,\s+(?P<words>(?:(?:of|from|with|at)\s(?:the\s)?[A-Z]\w+|[A-Z][\w.]*(?:\s[A-Z]\w+)*\s(?:[a-z]+\s)?(?:director|analyst|expert|specialist|researcher|minister|fellow|editor|"
    r"correspondent|chief|advis[eo]r|officer|official|ambassador|envoy|spokes\w+|lawmaker|professor|negotiator|diplomat|economist|historian|strategist)|[A-Z][\w.]*['’]s?\s[a-z]\w*|an?|the|his|her|its|who|whose|former|ex-|one|[Cc]hief|[Cc]hair\w*|[Dd]irector|"
    r"[Pp]resident|[Vv]ice[- ]\w+|[Hh]ead|[Cc]o-\w+|[Ff]ounder|[Pp]rofessor|[Rr]ector|[Dd]ean|[Ss]enior|[Dd]eputy|[Ee]xecutive|"
    r"[Mm]anaging|[Ss]ecretary|[Mm]inister|[Ff]ellow|[Mm]ember|author|[Ss]pokes\w+|(?:[a-z-]+ ){1,3}(?:of|at|for|to))\b(?:\b(?:[A-Z]\.)+|[^.;:!?\"“”\n]){3,160}))?"
)
_PREDICATE = re.compile(
    r"(?:\s*(?:…|[–—.]|,\s+and)\s*(?:[Hh]e|[Ss]he)\b|,\s+who\b)?"
    r"(?P<words>(?:['’]s|\s+(?:is|was|serves|served|works|worked))(?:\s+(?:now|currently|also|as))?\s+(?:an?|the|one)\s[^.;:!?\"“”\n]{3,160}"
    r"|\s+(?:researches|teaches|studies|leads|heads|directs|chairs|runs)\s[^.;:!?\"“”\n]{3,160})"
)
_OF = re.compile(
    r"\s+of\s+(?:the\s+)?(?P<words>[A-Z][\w'’.&-]*(?:\s(?:(?:for|of|the|and|on)\s)*[A-Z][\w'’.&-]*){0,8})"
)
_OFFICE_BEFORE = re.compile(
    r"(?:^|[.:;,\"”’]\s+|\b(?:and|but|by|with|to|between|from|said|says|that)\s+)"
    r"((?:[Tt]he|[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?)\s[^,.;:!?\"“”\n]{3,70}),\s$"
)
_APPOSITION_END = re.compile(r",\s|\s+(?:told|said|says|wrote|added|and (?:is|was|has|had))\b")
_LONGEST_APPOSITION = 16  # words; what goes on longer describes something else, and is no short quotation


def _before(text: str, mention: Mention) -> str:
    """The office before a name between commas: `Norwick's top negotiator, Anna Lund, `."""
    at = mention.start - len(mention.title) - bool(mention.title)
    if (
        text[at - 2 : at] != ", "
        or len(mention.name) < 2
        or text[mention.end : mention.end + 1] not in (",", ".", ")")
    ):
        return ""
    line = text.rfind("\n", max(0, at - 120), at) + 1
    found = _OFFICE_BEFORE.search(text[max(line, at - 120) : at])
    return " ".join(found[1].split()) if found and not CALLED.isdisjoint(fold(found[1]).split()) else ""


def _apposition(text: str, at: int) -> str:
    """What stands after a name between commas or in brackets: `, a former judge,`, `(Ret.)`, `(D)`."""
    if text[at : at + 2].lstrip()[:1] not in ("", ",", "("):
        return ""
    found = _APPOSITION.match(text, at)
    if found is None or not found.group().strip():
        return ""
    ends = _APPOSITION_END.search(found["words"] or "")
    if ends and (found["words"] or "").startswith("the ") and not ends.group().startswith(","):
        ends, words = None, ""  # `about Lund, the mayor said`: who speaks is another
    else:
        words = (found["words"] or "")[: ends.start() if ends else None]
    words = " ".join(words.split()[:_LONGEST_APPOSITION])
    return "; ".join(p.strip() for p in (found["bracket"], found["age"], words) if p)
