"""Roles and sides of sources, by the codebook: its indicators on what the article says, then its list of office holders.

`president of the dockers' union` is about a president, and whose president: of a state, a union or a bank. So of a
description's words those that hold its head count before all others, the longest first; a noun that only says that somebody
stands for a body (`spokeswoman`, `president`) takes the body's role; what stands elsewhere says nothing of who it is (`the
son of a senator`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from analysis.codebook import Codebook, OfficeHolder, Role, indicators_of
from analysis.indicators import Hit
from analysis.language import Language
from analysis.parse.names import is_person_noun
from analysis.text import Token, fold, split_tokens

CITIZEN = "citizen"
MEDIA = "media"
DOCUMENT = "document"
HEAD_OF_STATE = "head_of_state"
LEGISLATOR, CAMPAIGN = "legislator", "campaign"
UNKNOWN, OTHER = "unknown", "other"
_RANKED = (
    "military_officer",
    "police_officer",
    "expert",
)  # kinds with titles that somebody keeps in any office
_EXPERT_ROLES = ("expert", "former_")


def is_expert(role: str) -> bool:
    """Whether who has the role speaks from expertise: experts, and those whose office is over."""
    return role.startswith(_EXPERT_ROLES)


class OfficeHolders:
    """The codebook's list of persons, governments and bodies, by each form of their names.

    `surnames`: the full name for each surname, folded, that one person of the list alone has.
    """

    def __init__(self, holders: Sequence[OfficeHolder], language: Language) -> None:
        self.language = language
        self._by_form: dict[str, list[OfficeHolder]] = {}
        self._articled: dict[str, str] = {}
        namesakes: dict[str, set[str]] = {}
        for holder in holders:
            for form in dict.fromkeys((holder.name, *holder.also)):
                self._by_form.setdefault(fold(form), []).append(holder)
                if " " in holder.name and " " not in form:
                    namesakes.setdefault(fold(form), set()).add(holder.name)
                if (article := language.patterns["opens_definite"].match(fold(form))) is not None:
                    self._articled[fold(form[article.end() :])] = form
        self.surnames = {form: min(names) for form, names in namesakes.items() if len(names) == 1}

    def find(self, name: str, date: str) -> OfficeHolder | None:
        """The list's entry for the name, the one in office at the date if there are several."""
        form = fold(name)
        article = self.language.patterns["opens_definite"].match(form)
        entries = self._by_form.get(form) or self._by_form.get(form[article.end() :] if article else form, [])
        if not entries and " " in name:  # `Vladimir Zelensky`: another spelling of the first name
            last = form.split()[-1]
            entries = [
                h for h in self._by_form.get(last, []) if fold(h.name)[0] == form[0] and last in self.surnames
            ]
        return next((h for h in entries if not date or _in_office(h, date)), next(iter(entries), None))

    def with_article(self, name: str) -> str:
        """The name, with the article that the list gives it: `The Norwick Post`."""
        return self._articled.get(fold(name), name)


def _in_office(holder: OfficeHolder, date: str) -> bool:
    """Whether the date, perhaps only a month, lies in the term."""
    size = len(date)
    return holder.since[:size] <= date and (not holder.until or date <= holder.until[:size])


_NONE = Role("", "")


class Reading(NamedTuple):
    """The role that one phrase gives ("" for none), whether somebody had it and has it no more, whether the phrase is a
    title alone, whether only the trade that it names gives the role, whether it says who a person or body is at all, and
    whether who has it leads or speaks for a body.
    """

    role: str
    former: bool
    title: bool
    trade: bool
    telling: bool
    leads: bool


class RoleReader:
    """The roles of a codebook, read out of descriptions: phrases joined by semicolons, as an article gives them."""

    def __init__(self, roles: Mapping[str, Role], language: Language) -> None:
        self.roles, self.language = roles, language
        self._order = {code: n for n, code in enumerate(roles)}
        self._indicators = indicators_of(roles)
        self._by_noun: dict[str, str] = {}
        for code, role in roles.items():
            for kind in role.occupations:
                for noun in language[f"{kind}_noun"]:
                    self._by_noun.setdefault(noun, code)
        self._kinds = {kind: code for code, role in roles.items() for kind in role.occupations}
        self._former = {role.former for role in roles.values()} - {""}
        self._read: dict[str, list[Reading]] = {}

    def role(self, words: str, *, trades: bool = True) -> str:
        """The role that a description gives; "" if none. `trades`: whether a mere trade (`a baker`) gives one.

        An office counts before one that is over, and this before any other role; else the first in the codebook's order.
        A rank or title that is kept for life does not speak against its being over.
        """
        readings = self.readings(words)
        if any(reading.former and not reading.role for reading in readings):  # `(Ret.)`
            readings = [reading._replace(former=True) for reading in readings]
        over = {
            reading.role
            for reading in readings
            if reading.former and self.roles.get(reading.role, _NONE).former
        }
        ranks = over | ({self._kinds.get("military_officer")} if over else set())
        if any(reading.leads and reading.role and not reading.title for reading in readings):
            ranks |= {self._kinds.get(kind) for kind in _RANKED}  # `Sgt. Lund, president of the union`
        codes = [
            self._as_former(reading.role) if reading.former else reading.role
            for reading in readings
            if reading.role
            and (reading.former or not reading.title or reading.role not in ranks)
            and (trades or not reading.trade)
        ]
        return min(codes, key=self._rank, default="")

    def of_kind(self, kind: str) -> str:
        """The role with these occupations (`official`); "" where the codebook has none."""
        return self._kinds.get(kind, "")

    def readings(self, words: str) -> list[Reading]:
        """What each phrase of the description gives, in order."""
        if words not in self._read:
            self._read[words] = [self._phrase(phrase) for phrase in words.split("; ") if phrase]
        return self._read[words]

    def _as_former(self, code: str) -> str:
        return self.roles[code].former or code

    def _rank(self, code: str) -> tuple[int, int]:
        in_office = bool(self.roles[code].former)
        return (0 if in_office else 1 if code in self._former else 2), self._order[code]

    def _phrase(self, phrase: str) -> Reading:
        language = self.language
        clause = language.patterns["role_clause"].match(phrase)
        said = self.language.patterns["degree"].sub("", phrase[clause.end() :] if clause else phrase)
        if (partitive := language.patterns["partitive"].match(said)) is not None:
            said = said[partitive.end() :]
        tokens = split_tokens(said)
        hits = self._indicators.find(tokens)
        end = self._end_of_noun_phrase(tokens, {hit.end for hit in hits})
        past = clause is not None and language.patterns["past_clause"].match(phrase) is not None
        before = said[: tokens[end - 1].end] if end else said
        former = past or (
            language.patterns["former"].search(before) is not None
            and language.patterns["serving"].search(before) is None
        )
        head = tokens[end - 1] if end else None
        role = self._of_phrase(said, hits, head)
        trade = head is not None and not any(hit.code == role and hit.start < head.end for hit in hits)
        words = (token.lower for token in tokens if token.text != ".")
        title = all(word in language["title"] or f"{word}." in language["title"] for word in words)
        noun = head.lower if head else ""
        known = noun in language["stands_for_body"] | language["office"] or is_person_noun(noun, language)
        return Reading(
            role,
            former,
            title,
            trade,
            bool(role) or known or phrase[:1].isupper(),
            noun in language["speaks_for_body"],
        )

    def _end_of_noun_phrase(self, tokens: Sequence[Token], known: Collection[int]) -> int:
        """The number of tokens up to the phrase's head; 0 where it begins with a clause.

        `known`: where words of a role end: of `a developer and spokeswoman for the coalition` the first is the head.
        """
        stops, joints = self.language["after_head"], self.language["conjunction"]
        for i, token in enumerate(tokens):
            joins = i and token.text in joints and self._says(tokens[i - 1], known)
            if token.lower in stops or token.text in ",()" or joins:
                return i
        end = len(tokens)
        while end and tokens[end - 1].text == ".":
            end -= 1
        return end

    def _says(self, token: Token, known: Collection[int]) -> bool:
        """Whether a word says by itself who a person is."""
        noun = token.lower
        person = noun in self.language["person_noun"] and noun not in self.language["stands_for_body"]
        return token.text == noun and person and (noun in self._by_noun or token.end in known)

    def _of_phrase(self, said: str, hits: Sequence[Hit], head: Token | None) -> str:
        if head is None:
            return self._of_clause(said, hits)
        noun = head.lower.removesuffix("'s")
        after = fold(said[head.end :]).split()[:1]
        if noun in self.language["stands_for_body"] and not self.language["only_near"].isdisjoint(after):
            return ""  # `a person close to the Kremlin` is not of it
        covering = [hit for hit in hits if hit.start < head.end <= hit.end]
        single = not any(hit.end - hit.start > len(head.text) + 1 for hit in covering)
        stands = noun in self.language["stands_for_body"] or noun in self.language["written_by_body"]
        if stands and single:
            rest = [hit for hit in hits if hit not in covering]
            if body := self._of_body(said, rest, head):
                return self._kinds.get("official", body) if body == self._kinds.get("head_of_state") else body
            company = noun in self.language["speaks_for_body"] and self.language.patterns[
                "unknown_body"
            ].search(said, head.end)
            if company and not covering:
                return self._kinds.get("businessperson", "")
        if covering:
            code = min(covering, key=lambda hit: (hit.start - hit.end, self._order[hit.code])).code
            heads_state = code == self._kinds.get("head_of_state")
            return "" if heads_state and self._leads_body(said[: head.start]) else code
        if noun in self.language["stands_for_body"]:
            sent = noun in self.language["sent"] and self._owner(said[: head.start]) in self.language["state"]
            return self.of_kind("diplomat") if sent else ""
        definite = self.language.patterns["opens_definite"].match(said.lower())
        named = (
            definite and definite.end() == head.start and head.text[0].isupper()
        )  # `The Courier`, a newspaper
        if not named and ((role := self._of_noun(noun)) or noun in self.language["person_noun"]):
            return role
        return min(
            (hit.code for hit in hits if hit.end <= head.start), key=self._order.__getitem__, default=""
        )

    def _owner(self, before: str) -> str:
        """Who owns the noun that `before` stands before, folded, "" if nobody: `norland` of `Norland's permanent`."""
        owner, mark, _ = fold(before).rpartition("'s ")
        return owner.removeprefix("the ") if mark else ""

    def _leads_body(self, before: str) -> bool:
        """Whether initials before an office are a body's and no state's: `AFT President`, not `US President`."""
        initials = (word for word in before.split() if len(word) > 1 and word.isalpha() and word.isupper())
        states = self.language["state_short"] | self.language["union_short"]
        return any(fold(word) not in states for word in initials)

    def _of_clause(self, said: str, hits: Sequence[Hit]) -> str:
        """Of a clause: what its verb leads (`who runs the union`), or what its first words say (`who teaches law`)."""
        leading = self.language.patterns["leading_clause"].match(said)
        start = leading.end() if leading else 0
        fitting = [hit for hit in hits if (hit.start >= start if leading else hit.start == 0)]
        first = min(fitting, key=lambda hit: (hit.start, -hit.end, self._order[hit.code]), default=None)
        return first.code if first else ""

    def _of_noun(self, noun: str) -> str:
        """By the kind of person that a noun is for; `-ologist` is for scholars."""
        if "person_form" in self.language.classes_of(noun):
            return self._by_noun.get(noun) or self._kinds.get("scientist", "")
        return self._by_noun.get(noun, "")

    def _of_body(self, said: str, hits: Sequence[Hit], head: Token) -> str:
        """Whose the person is: of the body named first after the noun, else of the one nearest before it."""
        after = [hit for hit in hits if hit.start >= head.end]
        if after:
            end = self._end_of_body(said, head.end)
            whole = [hit for hit in after if hit.start < end <= hit.end]  # `president of the police union`
            return min(whole or after, key=lambda hit: (hit.start, -hit.end, self._order[hit.code])).code
        before = [hit for hit in hits if hit.end <= head.start]
        last = max(before, key=lambda hit: (hit.end, -hit.start, -self._order[hit.code]), default=None)
        return last.code if last else ""

    def _end_of_body(self, said: str, start: int) -> int:
        """Where the noun ends that says what the body is whose preposition stands at `start`."""
        end = start
        for n, token in enumerate(split_tokens(said[start:])):
            if n and (token.lower in self.language["after_head"] or token.text in ",()"):
                break
            end = start + token.end
        return end


class SourceClassifier:
    """Gives roles and sides to sources by the codebook's rules; `holders` is its list of office holders."""

    def __init__(self, codebook: Codebook, language: Language) -> None:
        self.language = language
        self.holders = OfficeHolders(codebook.office_holders, language)
        self.reader = RoleReader(codebook.roles, language)
        self.reporting = frozenset(fold(form) for verb in codebook.verbs.values() for form in verb.forms)
        self._codes = frozenset(codebook.roles)
        self._side_rules = indicators_of(codebook.sides)
        self._kinds = list(codebook.expertise)
        self._kind_rules = indicators_of(codebook.expertise)
        self._roles: dict[str, str] = {}  # by the words that tell them
        self._sides: dict[str, str] = {}
        self._classified: dict[tuple[str, str, str], tuple[str, str]] = {}

    def classify(self, name: str, said: str, date: str) -> tuple[str, str]:
        """Role and side, by what the article says, else by the list of office holders; "" where neither tells.

        A side may also be told by the name itself, where the codebook names persons or bodies among a side's words.
        """
        key = (name, said, date)
        if key not in self._classified:
            known = self.holders.find(name, date)
            role, side = (known.role, known.side) if known else ("", "")
            role = self.role(said) or role
            if not role and self._is_state(name):
                role = self.reader.of_kind("official")
            self._classified[key] = role, self.side(said) or side or self._side_of(name)
        return self._classified[key]

    def _is_state(self, name: str) -> bool:
        """Whether a name is a state's or its seat's, or several such, which stand for governments: `Norland refuses`."""
        definite = self.language.patterns["opens_definite"]
        known = self.language["state"] | self.language["seat"]
        parts = fold(self.language.patterns["conjoined"].sub(", ", name)).split(", ")
        return all(part[found.end() if (found := definite.match(part)) else 0 :] in known for part in parts)

    def role(self, words: str) -> str:
        """The role that the words tell, "" if none."""
        if words not in self._roles:
            aged = CITIZEN in self._codes and self.language.patterns["age"].search(words) is not None
            role = self.reader.role(words, trades=not aged)
            self._roles[words] = role or (CITIZEN if aged else "")
        return self._roles[words]

    def side(self, words: str) -> str:
        """The side that the words tell first, "" if none; phrases that do not say who somebody is tell none."""
        if words not in self._sides:
            phrases = zip(filter(None, words.split("; ")), self.reader.readings(words), strict=True)
            told = (self._side_of(phrase) for phrase, reading in phrases if reading.telling)
            self._sides[words] = next(filter(None, told), "")
        return self._sides[words]

    def _side_of(self, words: str) -> str:
        """The side whose words stand first; a party's mark (`D-Iowa`) stands for its name."""
        mark = self.language.patterns["party_mark"].search(words)
        hits = self._side_rules.find(split_tokens(words))
        if not hits and mark is not None:
            hits = self._side_rules.find(mark.lastgroup or "")
        return min(hits, key=lambda h: h.start).code if hits else ""

    def expertise(self, role: str, words: str) -> str:
        """The kind of expert that the words or the role's name tell, the first in the codebook's order; "" if none."""
        named = f"{self.reader.roles[role].name}; {words}" if role in self.reader.roles else words
        hits = {hit.code for hit in self._kind_rules.find(split_tokens(named))}
        return next((kind for kind in self._kinds if kind in hits), "")

    def is_former(self, words: str) -> bool:
        """Whether the words give the source a role, and none but a former one: `a former ambassador`."""
        former, serving = self.language.patterns["former"], self.language.patterns["serving"]
        parts = [part for part in words.split("; ") if self.role(part)]
        return bool(parts) and all(former.search(part) and not serving.search(part) for part in parts)
