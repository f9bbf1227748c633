"""Roles and sides of sources, by the codebook: its indicators on what the article says, then its list of office holders."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.annotate.role_reading import RoleReader
from analysis.codebook import Codebook, OfficeHolder, indicators_of
from analysis.language import Language
from analysis.text import fold, split_tokens

CITIZEN = "citizen"
MEDIA = "media"
HEAD_OF_STATE = "head_of_state"
LEGISLATOR, CAMPAIGN = "legislator", "campaign"
UNKNOWN, OTHER = "unknown", "other"
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
            role = (
                self.role(said) or role or (self.reader.of_kind("official") if self._is_state(name) else "")
            )
            self._classified[key] = role, self.side(said) or side or self._side_of(name)
        return self._classified[key]

    def _is_state(self, name: str) -> bool:
        """Whether a name is a state's or its seat's, or several such, which stand for governments: `Norland refuses`."""
        definite, known = (
            self.language.patterns["opens_definite"],
            self.language["state"] | self.language["seat"],
        )
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
