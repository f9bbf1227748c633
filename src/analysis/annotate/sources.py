"""Sources: who stands behind each quote, resolved within the article.

A speaker is a pronoun, a name or a description. Pronouns go to the nearest person who can be meant, short names to
the fullest form in the article, a bare description (`the report`) to a fuller one before it. Roles and sides come
from the article's own words by the codebook's indicators, and only then from its list of office holders.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.annotate.names import CALLED, DEMONYMS, NO_PERSON, TITLES, Cast, Mention, Person, find_mentions
from analysis.codebook import Codebook, OfficeHolder, indicators_of
from analysis.parse.document import Document
from analysis.parse.units import CONTRACTED, ENGLISH, word_set
from analysis.tables import QUOTES, SOURCES, rows_by_article, split_at_breaks
from analysis.text import fold, split_tokens

NAMED, DESCRIBED, ANONYMOUS = "named", "described", "anonymous"
UNKNOWN, OTHER = "unknown", "other"
SURNAME = 80  # rapidfuzz ratio, 0..100: a slip or another transliteration, not another name
EXPERT_ROLES = ("expert", "former_")
CITIZEN = "citizen"
MEDIA = "media"
HEAD_OF_STATE = "head_of_state"
GOVERNMENT = "government_official"
_UNIONS = ENGLISH["union"]
_NEAR = 2  # sentences before one in which two states are named
_FAR_BACK = 200  # mentions of persons; whoever was named longer ago is not meant by an office alone

_SINGULAR = word_set("he she him her his hers who himself herself")
_PLURAL = word_set("they them their it its which both others some all most many several")
_DETERMINER = re.compile(r"^(?:the|an?|that|this|these|those|his|her|its|their)\s+", re.IGNORECASE)
_OWNER = re.compile(r"((?:[A-Z][\w.]*\s)?[A-Z]\w+)['’]s?\s+(?:own\s+)?[a-z]")
_OWNED = re.compile(r"[A-Z][\w.]*(?:\s[A-Z]\w+)?['’]s?\s[a-z]")
_INDEFINITE = re.compile(r"an?\s", re.IGNORECASE)
_FRESHLY = re.compile(r"^\w+ly\s+\w+ed\s+")
_RELATIVE = re.compile(r"(?<=\w),?\s+(?:who|which|that)$")
_RELAYED = re.compile(
    r"^(?:(?:the|an?|this)\s+)?(?:(?:classified|secret|internal|recent|latest|new|annual|joint|separate)\s+)?"
    r"(?:reports?|reporting|assessments?|analys[ei]s|findings|estimates?)\s+(?:by|from)\s+(?:the\s+)?(?=\S)",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"(?<=\w)\s+(?:reports?|articles?|story|stories|editorial|analysis|investigation|interview)$"
)
_ALLIES = re.compile(
    r"\s+and\s+(?:its|their)\s+(?:[\w-]+\s+){0,2}(?:allies|partners|neighbou?rs|backers|supporters)$"
)
_MEMBERS = re.compile(r"^[^,]*\b(?:states|countries|nations|members)\s+(?=[A-Z])")
_AGENCY = re.compile(
    r"^[\w\s'’-]*\b(?:agency|newspaper|daily|broadcaster|magazine|outlet|tabloid|weekly|website|portal|channel|network|think tank)\s+"
    r"(?=[A-Z]\w)"
)
_ABOUT = frozenset(
    {"of", "for", "at", "to", "in", "from", "with", "on"}
)  # after the noun that tells who it is
_ACRONYM = re.compile(r"[A-Z]{2,6}$")
_CAPITAL_WORD = re.compile(r"\b[A-Z][\w'’.-]+")
_CAPITALISED = re.compile(
    rf"{_CAPITAL_WORD.pattern}(?:(?:\s(?:for|of|the|and|on|in|to|de|la))*\s{_CAPITAL_WORD.pattern})+"
)
_PAIR = re.compile(
    r"\b(?:the\s+)?(?:two|both)(?:\s+\w+)?\s+(?:countries|nations|states|governments|capitals)\b"
)
_LABEL_ROLE = re.compile(r",\s([^:\n]{2,80}):")
_GROUP = re.compile(
    r"(?:(?:one|two|three|four|five|six|another|others?|the|these|those|some|several|a|second|third|same|anonymous|unnamed|senior)\s)+"
    r"(?P<noun>(?!sources?\b|people\b|persons?\b)\w+)$"
)  # no more than whom the article told of before: `the other officials`
_OWN_WORDS = re.compile(
    r"(his|her|their|its) (?:own |latest |new |recent |internal |classified |public )*"
    r"(?:assessments?|findings?|reports?|analys[ei]s|conclusions?|estimates?|statements?|letters?|memos?|briefings?)$"
)
_BODIES = word_set(
    "agency service outlet publication newspaper paper broadcaster network website magazine daily organization "
    "organisation institute tank centre center group report yearbook assessment document study analysis memo"
)
_ANONYMOUS = re.compile(
    r"\b(?:sources?|(?:person|people|somebody|someone|individuals?)\s+(?:familiar|close|briefed|with knowledge)|insiders?)\b",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(
    r"(?:condition of anonymity|anonymously|not to be (?:named|identified|quoted)|declined to be (?:named|identified)"
    r"|without being named|not (?:be )?(?:publicly )?(?:named|identified))\s*,?\s*"
    r"(?P<reason>(?:because|since|as|to|in order to|due to|for fear|citing)\b[^.,;\n\"“”]{3,200})?",
    re.IGNORECASE,
)
_UNAUTHORISED = re.compile(r"\b(?:was|were|is|are)?\s*not authori[sz]ed to [^.,;\n\"“”]{3,80}", re.IGNORECASE)
# One of these stands in whatever the two find, and to look for them takes a fraction of the time.
_ON_NAMES = ("authori", "anonym", "named", "identified", "quoted")
_NAME_BESIDE = re.compile(
    r",\s+((?:[A-Z][\w.'’\-]+\s+){1,3}[A-Z][\w'’\-]+)(?=\s*[,.;\n]|\s+(?:said|told|says)\b|\s*$)"
)
_FORMER = re.compile(
    r"\b(?:former|formerly|retired|ex|onetime|one-time|who (?:once |previously )?served)\b", re.IGNORECASE
)
_SERVING = re.compile(r"\b(?:current|serving|sitting)\b", re.IGNORECASE)
_HEADS = ENGLISH["leading_noun"]
_YEARS = re.compile(r"\d{1,3}-year-old")
_AGE = re.compile(r"(?:^|; )\d{1,3}(?:;|$)|\b\d{1,3}-year-old\b")


@dataclass(frozen=True)
class _Source:
    """A source in the making; two quotes with an equal one have the same source."""

    name: str
    words: str
    person: bool


_UNATTRIBUTED = _Source("", "", False)


def identify_sources(
    documents: Sequence[Document], quotes: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quotes with `source_id` filled, and the table `sources`: one row for each source of an article.

    What an article attributes to nobody ("it was reported that ...") has one source without a name, in each article.
    `expert` is true of experts and of former officers and officials; a person with an office in what is told is
    none, whatever they know.
    """
    judge = _Judge(codebook)
    by_id = {document.article_id: document for document in documents}
    places = ["start", "end", "break_start", "break_end", "quoted_start", "quoted_end"]
    pieces = split_at_breaks(quotes[["article_id", *places]])
    quoted = rows_by_article(pieces[pieces["quoted_start"].notna()], "quoted_start", "quoted_end")
    source_ids: dict[str, Iterator[str | None]] = {}  # of each article's quotes, in their order
    rows: list[dict[str, object]] = []
    for article_id, speakers in rows_by_article(quotes, "speaker_start", "speaker_end").items():
        own_quoted = sorted(quoted.get(article_id, []))
        reader = _Reader(by_id[article_id], speakers, own_quoted, judge)
        numbers: dict[str, str] = {}
        for source in reader.sources:
            if source.name not in numbers:
                numbers[source.name] = f"{article_id}:p{len(numbers) + 1}"
                row = judge.describe(source, reader)
                rows.append({"source_id": numbers[source.name], "article_id": article_id, **row})
        source_ids[article_id] = iter([numbers[s.name] for s in reader.sources])
    column = pd.array([next(source_ids[a]) for a in quotes["article_id"].tolist()], dtype="string")
    return QUOTES.make(quotes.assign(source_id=column)), SOURCES.make(rows)


def name_persons(sources: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The sources with `person` filled: one name for one person in all articles, so that outlets can be compared.

    It is the name that the codebook lists (Joe Biden for Joseph Biden); of others the spelling met first, where first
    names are equal and surnames begin alike and are nearly so (rapidfuzz ratio of 80): Zelenskyy is Zelensky, Mark is
    not Mike. `name` stays as the article has it.
    """
    listed = {fold(form): h.name for h in codebook.office_holders for form in (h.name, *h.also)}
    named = sources["named"].fillna(False).astype(bool) & sources["name"].notna()
    met: dict[tuple[str, str], list[str]] = {}
    person = {}
    for name in dict.fromkeys(sources.loc[named, "name"]):
        known = listed.get(fold(name), name)
        words = fold(known).split() or [""]
        alike = met.setdefault((words[0], words[-1][:2]), [])
        person[name] = next((n for n in alike if ratio(fold(n).split()[-1], words[-1]) >= SURNAME), known)
        if person[name] == known and known not in alike:
            alike.append(known)
    return SOURCES.make(sources.assign(person=sources["name"].map(person).where(named)))


class _Reader:
    """One article: its persons, and the source of each of its quotes."""

    def __init__(
        self,
        document: Document,
        speakers: Sequence[tuple[int, int]],
        quoted: list[tuple[int, int]],
        judge: _Judge,
    ) -> None:
        self.text = document.text
        self.spans = [(s.start, s.end) for s in document.sentences]
        self.starts = [s for s, _ in self.spans]
        self.cast = Cast(self.text, self.spans, judge.surnames)
        self.quoted = quoted
        self.people = [(m, n) for m, n in self.cast.people if not self._is_quoted(m.start)]
        self.people_starts = [m.start for m, _ in self.people]
        self.judge, self.date = judge, document.published
        self.sources: list[_Source] = []
        self.sides: dict[str, str] = {}  # of the group told last, by its noun
        seen: dict[tuple[int, int], _Source] = {}
        order: list[_Source] = []
        self.places: list[tuple[int, int]] = []  # where those of `order` stand
        self.place_starts: list[int] = []  # sorted
        self.bodies: dict[str, _Source] = {}  # the last that is no person, by the last word of its name
        self.named_body: _Source | None = None
        for span in speakers:
            if pd.isna(span[0]):
                self.sources.append(_UNATTRIBUTED)
                continue
            if span not in seen:
                seen[span] = self._resolve(*span, order)
                order.append(seen[span])
                self.places.append(span)
                insort(self.place_starts, span[0])
                self._remember(seen[span])
            self.sources.append(seen[span])

    def _remember(self, source: _Source) -> None:
        """Keep a body or document for what means it later."""
        words = source.name.split()
        if words and not source.person:
            for noun in {fold(words[-1]), _head(source.name), _head(source.words)}:
                self.bodies[noun] = source
            if any(w[:1].isupper() for w in words[1:]):
                self.named_body = source

    def _is_quoted(self, at: int) -> bool:
        i = bisect_right(self.quoted, (at, 10**9)) - 1
        return i >= 0 and self.quoted[i][0] <= at < self.quoted[i][1]

    def _resolve(self, start: int, end: int, before: list[_Source]) -> _Source:
        end -= len(self.text[start:end]) - len(_RELATIVE.sub("", self.text[start:end]))
        words = " ".join(self.text[start:end].split())
        folded = fold(words)
        folded = re.sub(r"'\w+$", "", folded) if folded in CONTRACTED else folded
        if words.isupper() and len(words) > 1:
            folded = ""
            if (labelled := self._person_in_capitals(words, start)) is not None:
                return _Source(labelled, words, True)
            if words.startswith("THE "):
                words = words.lower()
        if folded in _SINGULAR:
            name = self._spoke_before(start, before) or self._person_before(start)
            return _Source(name, words, True) if name else _Source(words, words, False)
        if folded in _PLURAL:
            body = next((s for s in reversed(before) if not s.person), None)
            return body or self._pair_beside(start) or _Source(words, words, False)
        if _PAIR.fullmatch(folded) and (states := self._states_before(start)) is not None:
            return states
        if (owner := _OWN_WORDS.match(folded)) is not None:
            return self._owner(owner[1], words, start, before)
        person = self._person_beside(start, end) or self._person_in(start, end)
        if person is not None:
            return _Source(*person, True)
        return self._description(words, start, before)

    def _spoke_before(self, at: int, before: list[_Source]) -> str | None:
        """The person quoted in the sentence before one that a pronoun opens or closes: `He added that ...`."""
        i = bisect_right(self.starts, at) - 1
        if i < 1 or (self.starts[i] != at and not self._closes(at, i)):
            return None
        last = next((n for n in reversed(range(len(before))) if self.places[n][0] < at), None)
        if last is None or not before[last].person:
            return None
        n = bisect_left(self.place_starts, at)
        return before[last].name if n and self.place_starts[n - 1] >= self.starts[i - 1] else None

    def _closes(self, at: int, i: int) -> bool:
        """Whether the words at `at` follow all that sentence `i` says: `Lund must resign, he said.`"""
        return (
            self.text[at - 2 : at] == ", "
            and not self._is_quoted(at)
            and at > (self.starts[i] + self.spans[i][1]) / 2
        )

    def _person_in_capitals(self, words: str, at: int) -> str | None:
        """Whom the label of a transcript means: `LUND`, `SECRETARY LUND`; None where no person is called so."""
        own = [w for w in words.split() if fold(w) not in TITLES and fold(w) != "the"]
        folded = {fold(w) for w in own}
        if folded <= self.cast.lower or folded & NO_PERSON:
            return None
        full = self.cast.called(own[-1])
        if full is None and len(own) == 1:
            longer = re.search(rf"\b(?:[A-Z][A-Z'’.\-]+ )+{re.escape(own[0])}\b", self.text)
            own = [w for w in longer.group().split() if fold(w) not in TITLES] if longer else own
        if full is None and len(own) < 2 and len(own) == len(words.split()):
            return None
        full = full or " ".join(own).title()
        person = self.cast.persons.setdefault(full, Person(full))
        introduced = self.text.find(full.upper())
        said = _LABEL_ROLE.match(self.text, introduced + len(full)) if introduced >= 0 else None
        titles = " ".join(w for w in words.split() if fold(w) in TITLES)
        person.add(titles.lower(), said[1] if said else "")
        return full

    def _pair_beside(self, at: int) -> _Source | None:
        """The two states that a sentence speaks of before `they`."""
        i = max(0, bisect_right(self.starts, at) - 1)
        pair = _PAIR.search(fold(self.text[self.starts[i] : at])) if self.starts else None
        return self._states_before(self.starts[i] + pair.start()) if pair else None

    def _states_before(self, at: int) -> _Source | None:
        """Which two states `both countries` are: those named last."""
        i = bisect_right(self.starts, at) - 1
        floor = self.starts[max(0, i - _NEAR)] if self.starts else 0
        named: dict[str, str] = {}  # the first form of each state's name
        for found in self.judge.states.finditer(self.text, floor, at):
            named.setdefault(self.judge.seats[found.group()], found.group())
        if len(named) < 2:
            return None
        name = " and ".join(list(named.values())[-2:])
        return _Source(name, name, False)

    def _owner(self, pronoun: str, words: str, start: int, before: list[_Source]) -> _Source:
        """Whose `their assessments` or `his letter` are: the body quoted last, or the person named last."""
        if pronoun in _SINGULAR:
            name = self._person_before(start)
            return _Source(name, words, True) if name else self._description(words, start, before)
        body = next((s for s in reversed(before) if not s.person), None)
        return body or self._description(words, start, before)

    def _person_beside(self, start: int, end: int) -> tuple[str, str] | None:
        """The person whose office or place comes first: `the mayor of Norwick, Anna Lund`."""
        comma = self.text.find(", ", start, end)
        at = end if comma < 0 else comma
        beside = _NAME_BESIDE.match(self.text, at)
        if beside is None:
            return None
        first = next(iter(find_mentions(self.text, start, end)), None)
        if first and first.start == start and "'" not in fold(self.text[start:end]):
            return None  # begins with a name: what follows explains it
        for mention in find_mentions(self.text, *beside.span(1)):
            full = self.cast.full_name(mention)
            if full and len(mention.name) > 1 and full in self.cast.persons:
                self.cast.persons[full].add(" ".join(self.text[start:at].split()))
                return full, " ".join(self.text[start:end].split())
        return None

    def _person_before(self, at: int) -> str | None:
        """The person whom `he` or `she` means: the first named in this sentence, else in the nearest before it."""
        i = bisect_left(self.people_starts, at) - 1
        if i < 0:
            return None
        sentence = self.starts[max(0, bisect_right(self.starts, self.people_starts[i]) - 1)]
        return self.people[min(i, bisect_left(self.people_starts, sentence))][1]

    def _person_in(self, start: int, end: int) -> tuple[str, str] | None:
        """Name and words of the person that a speaker's words name, with those who speak beside them."""
        head = re.split(r",\s", self.text[start:end])
        floor = start
        for part in head:
            stop = floor + len(part)
            mentions = find_mentions(self.text, floor, stop)
            for mention in mentions:
                full = self.cast.full_name(mention)
                if full and _is_head(self.text, floor, mention, stop):
                    rest = re.match(r"(?:['’]s)?\s+(and\s.+)", self.text[mention.end : stop], re.DOTALL)
                    return (f"{full} {' '.join(rest[1].split())}" if rest else full), " ".join(
                        self.text[start:end].split()
                    )
            floor = stop + 2
        return None

    def _description(self, words: str, start: int, before: list[_Source]) -> _Source:
        name = re.sub(r"['’]s?$", "", words)
        relayed = _RELAYED.match(name)
        if relayed:
            name = name[relayed.end() :]
        name = _MEMBERS.sub("", name)
        bare = _FRESHLY.sub("", _DETERMINER.sub("", name))
        work = _WORK.search(bare)
        if work and self.judge.role(bare[: work.start()]) == MEDIA:
            return _Source(self.judge.with_article(bare[: work.start()]), name, False)
        if not relayed and bare and (bare != name or _OWNED.match(name)):
            head = _head(bare)
            if (body := self._body_called(bare, head)) is not None:
                return body
            definite = _INDEFINITE.match(name) is None
            by_nation = head in DEMONYMS and bare.split()[-1][:1].isupper()
            titled = head in CALLED or head in _HEADS or by_nation
            person = self._holder_of(bare, head, start) if definite and titled else None
            if definite and _YEARS.fullmatch(bare):
                person = self._person_before(start)
            if person:
                return _Source(person, words, True)
        if (full := self._spelled_out(bare)) is not None:
            return _Source(full, f"{name}; {full}", False)
        if (agency := _AGENCY.match(bare)) is not None:
            return _Source(bare[agency.end() :], name, False)
        return _Source(self.judge.with_article(bare) or name or words, name, False)

    def _spelled_out(self, acronym: str) -> str | None:
        """The full name of what the article also calls by its initials: `the Norwick Peace Institute (NPI)`."""
        if _ACRONYM.match(acronym) is None:
            return None
        for run in _CAPITALISED.finditer(self.text):
            words = list(_CAPITAL_WORD.finditer(run.group()))
            at = "".join(word.group()[0] for word in words).find(acronym)
            if at < 0:
                continue
            full = run.group()[words[at].start() : words[at + len(acronym) - 1].end()]
            after = run.start() + words[at + len(acronym) - 1].end()
            introduced = self.text[after : after + 2] == " ("
            return " ".join(full.split()) if introduced or self.judge.role(full) else None
        return None

    def _body_called(self, words: str, noun: str) -> _Source | None:
        """Which body or document a noun alone means: the last with that noun, else the last named one.

        With other words beside the noun it is the last named one if it has the same role: `the intelligence agency`.
        """
        if " " not in words:
            return self.bodies.get(noun) or (self.named_body if noun in _BODIES else None)
        if noun not in _BODIES or self.named_body is None or any(w[:1].isupper() for w in words.split()):
            return None
        role = self.judge.role(words)
        return self.named_body if role and role == self.judge.role(self.named_body.words) else None

    def _holder_of(self, office: str, noun: str, at: int) -> str | None:
        """Whom an office alone means, of those named before: whoever the article calls just that, else the last of
        the same side who is called so or has that role.
        """
        role, side = self.judge.role(office), self.judge.side(office)
        nouns = _HEADS if noun in _HEADS else {noun}
        fitting = []
        last = bisect_left(self.people_starts, at)
        for name in dict.fromkeys(n for _, n in reversed(self.people[max(0, last - _FAR_BACK) : last])):
            said = self.cast.persons[name].description
            own_role, own_side = self.judge.place(name, said, self.date)
            called = noun in re.findall(r"\w+", fold(said)) or noun in DEMONYMS
            if (called or (role and role == own_role)) and (not side or side == own_side):
                if fold(office) in fold(said).split("; "):
                    return name
                fitting.append(name)
        if fitting or not role or not side:
            return fitting[0] if fitting else None
        later = []
        for name in dict.fromkeys(n for _, n in self.people[last : last + _FAR_BACK]):
            said = self.cast.persons[name].description
            if self.judge.place(name, said, self.date) == (role, side):
                if not nouns.isdisjoint(re.findall(r"\w+", fold(said))):
                    return name
                later.append(name)
        return later[0] if role == HEAD_OF_STATE and len(later) == 1 else None


def _head(phrase: str) -> str:
    """The noun that a phrase is about, folded: `head` of `head of the delegation`."""
    words = fold(phrase).split()
    at = next((i for i, word in enumerate(words) if i and word in _ABOUT), len(words))
    return words[at - 1] if words else ""


_OWNS_OR_IS_BEFORE_NOUN = re.compile(r"['’]s?\s+\w|\s+(?!and\b)[a-z]+(?<!\bof)(?<!\bwho)\b")
_AFTER_PREPOSITION = re.compile(r"\b(?:of|for|from|by|to|with|in|on|at|near)\s+(?:[A-Z]\S*\s+)*$")


def _is_head(text: str, start: int, mention: Mention, end: int) -> bool:
    """Whether the name is the phrase's head: `General Lund`, not `Lund's lawyers` or `officials of Lund`."""
    after = text[mention.end : end]
    if _OWNS_OR_IS_BEFORE_NOUN.match(after):
        return False
    before = text[start : mention.start]
    return not _AFTER_PREPOSITION.search(before) or bool(
        mention.title and re.search(r"\b(?:of|to|for)\b", mention.title)
    )


class _Judge:
    """The codebook's rules for roles and sides."""

    def __init__(self, codebook: Codebook) -> None:
        self.roles = list(codebook.roles)
        self.role_rules = indicators_of(codebook.roles)
        self.side_rules = indicators_of(codebook.sides)
        self._roles: dict[str, str] = {}  # by the words that tell them
        self.holders: dict[str, list[OfficeHolder]] = {}
        namesakes: dict[str, set[str]] = {}
        for holder in codebook.office_holders:
            for form in {holder.name, *holder.also}:
                self.holders.setdefault(fold(form), []).append(holder)
                if " " in holder.name and " " not in form:
                    namesakes.setdefault(fold(form), set()).add(holder.name)
        # Governments are listed by their seat, without a date; unions of states are none.
        seats = [
            h for h in codebook.office_holders if h.role == GOVERNMENT and not h.since and " " not in h.name
        ]
        self.seats = {
            form: h.name for h in seats for form in (h.name, *h.also) if fold(h.name) not in _UNIONS
        }
        forms = "|".join(map(re.escape, sorted(self.seats, key=len, reverse=True)))
        self.states = re.compile(rf"\b(?:{forms or '(?!)'})(?!\w)")
        listed = [form for h in codebook.office_holders for form in (h.name, *h.also)]
        self.articled = {fold(form[4:]): form for form in listed if form.startswith("The ")}
        self.surnames = {form: min(names) for form, names in namesakes.items() if len(names) == 1}

    def describe(self, source: _Source, reader: _Reader) -> dict[str, object]:
        """The columns of the source's row, apart from its ids."""
        person = reader.cast.persons.get(source.name.split(" and ")[0]) if source.person else None
        said = person.description if person else source.words
        name = source.name.split(" and ")[0]
        role, side = self.place(name if source.person else source.name, said, reader.date)
        if not source.person and (owner := _OWNER.match(said)) is not None:
            known = self._holder(owner[1], reader.date)
            side = side or (known.side if known else "")
            role = role or (GOVERNMENT if known and known.role == HEAD_OF_STATE else "")
        if not source.person and " and " in said:  # of several groups the first
            role = self.role(said.split(" and ")[0]) or role
        if not source.person and not side and (group := _GROUP.match(fold(source.words))) is not None:
            side = reader.sides.get(group["noun"].rstrip("s"), "")
        if not source.person and source.words:
            noun = _head(source.words)
            mixed = noun in fold(said).partition(" and ")[0].split() and " and " in said
            reader.sides[noun.rstrip("s")] = "" if mixed else side
        if person and person.told and not (role and side):
            told = "; ".join(person.told)
            role, side = role or self.role(told), side or self.side(told)
            said = "; ".join([*filter(None, [said]), told])
        unnamed = not source.words or _ANONYMOUS.search(source.words)
        listed = source.person or self._holder(name, reader.date)
        anonymity = NAMED if listed else ANONYMOUS if unnamed else DESCRIBED
        reason = None if source.person or not source.words else _reason(source, reader)
        return {
            "name": source.name or None,
            "description": said or None,
            "role": role or OTHER,
            "side": side or UNKNOWN,
            "named": source.person,
            "expert": role.startswith(EXPERT_ROLES) or self._is_former(said),
            "anonymity": ANONYMOUS if reason and not source.person else anonymity,
            "reason": reason,
        }

    def with_article(self, name: str) -> str:
        """The name, with the article that the list gives it: `The Norwick Post`."""
        return self.articled.get(fold(name), name)

    def place(self, name: str, said: str, date: str) -> tuple[str, str]:
        """Role and side, by what the article says, else by the list of office holders; "" where neither tells."""
        known = self._holder(name, date) or self._several(name, date)
        listed = (known.role, known.side) if known else ("", "")
        return self.role(said) or listed[0], self.side(said) or listed[1]

    def _several(self, name: str, date: str) -> OfficeHolder | None:
        """`Belgium and Italy`, `Rome and its allies`: the entry of the first, where all who are named have its role."""
        if " and" not in name and "," not in name:
            return None
        own = _ALLIES.sub("", name)
        parts = [self._holder(part, date) for part in re.split(r",?\sand\s|,\s", own)]
        if own != name:
            return parts[0]
        return parts[0] if len(parts) > 1 and len({p.role if p else None for p in parts}) == 1 else None

    def role(self, words: str) -> str:
        """The role that the words tell, "" if none."""
        if words not in self._roles:
            self._roles[words] = self._role(words)
        return self._roles[words]

    def _role(self, words: str) -> str:
        hits = {h.code for h in self.role_rules.find(split_tokens(words))}
        # Newsrooms give the age of those who speak for nobody but themselves.
        private = CITIZEN if CITIZEN in self.roles and _AGE.search(words) else ""
        return next((code for code in self.roles if code in hits), private)

    def _is_former(self, words: str) -> bool:
        """Whether the words give the source a role, and none but a former one: `a former ambassador`."""
        parts = [part for part in words.split("; ") if self.role(part)]
        return bool(parts) and all(_FORMER.search(part) and not _SERVING.search(part) for part in parts)

    def side(self, words: str) -> str:
        """The side that the words tell first, "" if none."""
        hits = self.side_rules.find(split_tokens(words))
        return min(hits, key=lambda h: h.start).code if hits else ""

    def _holder(self, name: str, date: str) -> OfficeHolder | None:
        """The list's entry for the name, the one in office at the date if there are several."""
        form = fold(name)
        entries = self.holders.get(form) or self.holders.get(form.removeprefix("the ").lstrip(), [])
        if not entries and " " in name:  # `Vladimir Zelensky`: another spelling of the first name
            first, last = fold(name).split()[0], fold(name).split()[-1]
            entries = [
                h for h in self.holders.get(last, []) if fold(h.name)[0] == first[0] and last in self.surnames
            ]
        fitting = [h for h in entries if not date or _in_office(h, date)]
        return next(iter(fitting or entries), None)


def _in_office(holder: OfficeHolder, date: str) -> bool:
    """Whether the date, perhaps only a month, lies in the term."""
    size = len(date)
    return holder.since[:size] <= date and (not holder.until or date <= holder.until[:size])


def _reason(source: _Source, reader: _Reader) -> str | None:
    """Why the article does not name the source, in its own words, if it says so beside the source's words."""
    at = reader.text.find(source.words)
    if at < 0:
        return None
    i = max(0, bisect_right(reader.starts, at) - 1)
    if i >= len(reader.spans):
        return None
    sentence = reader.text[reader.spans[i][0] : reader.spans[i][1]]
    lower = sentence.lower()
    if not any(words in lower for words in _ON_NAMES):
        return None
    if (unauthorised := _UNAUTHORISED.search(sentence)) is not None:
        return unauthorised.group().strip()
    stated = _NOT_NAMED.search(sentence)
    return (stated["reason"] or stated.group()).strip() if stated else None
