"""What a codebook holds: codes, targets, office holders, reporting verbs and tone words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from html import escape
from typing import Any

from analysis.indicators import Indicators
from analysis.tables import small_table

VERB_CLASSES = ("neutral", "endorsing", "distancing", "judging")
INTERRUPTED = ("whole", "pieces")
SPEECH, THOUGHT, ACT = "speech", "thought", "act"
REPORTS = (SPEECH, THOUGHT, ACT)  # what a verb reports
FAVOURABLE, UNFAVOURABLE = "favourable", "unfavourable"
POSITION_WORTH = {
    FAVOURABLE: 1.0,
    "sincere": 1.0,
    UNFAVOURABLE: -1.0,
    "insincere": -1.0,
    "neutral": 0.0,
}  # in a net stance
SPELT = {"favorable": FAVOURABLE, "unfavorable": UNFAVOURABLE}  # read as
VERB_CONTENT = ("quote", "that", "clause", "infinitive", "wh", "as", "object")


@dataclass(frozen=True)
class Code:
    """A frame, a role or a side: what it means, and the indicators by which it is recognised."""

    code: str
    name: str
    definition: str = ""
    counts: str = ""
    excludes: str = ""
    example: str = ""
    counter_example: str = ""
    literature: str = ""
    indicators: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target(Code):
    """What a stance is about: `indicators` mention it, `positions` take a stance, `attitudes` ascribe one.

    `context` brings it into view without being about it: its words count with a position only, never as neutral.
    Attitudes are words for somebody's stance (rejects, skeptical): the holder is whoever has it, not who writes.
    `implies` holds, for other targets, which of their positions each of this one's brings with it where the
    sentence names that target, too.
    """

    positions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attitudes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role(Code):
    """What a source is. `occupations`: kinds of nouns for persons (`english/person_nouns.yml`) that have it.

    `former`: the role of those who had this one, and have it no more; only offices name one.
    """

    occupations: tuple[str, ...] = ()
    former: str = ""


@dataclass(frozen=True)
class Fact(Code):
    """What an article may tell or leave out; `name` states it.

    `known`: the day on which everybody could know it, an ISO 8601 date; `source`: the address that shows this. `examples`
    are sentences that tell it: a sentence with most of their words does, too.
    """

    known: str = ""
    source: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficeHolder:
    """A person whose role and side are known; `since` and `until` are ISO dates, empty where open."""

    name: str
    also: tuple[str, ...] = ()
    role: str = ""
    side: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class PersonEdit:
    """A line of persons.csv: what the user says of a name, in all articles or in the one of `article_id`.

    `person`: the one name of whom it means, "" to leave that to the program. `role` and `side` are theirs in articles
    from `since` until `until`, ISO 8601 dates, "" where open.
    """

    name: str
    article_id: str = ""
    person: str = ""
    role: str = ""
    side: str = ""
    since: str = ""
    until: str = ""


def indicators_of(codes: Mapping[str, Code]) -> Indicators:
    """The indicators and exceptions of these codes, to be found in one pass."""
    return _indicators_of(tuple(codes.values()))


@lru_cache(maxsize=64)  # articles come in many lots, and what was made knows the words of those before
def _indicators_of(codes: tuple[Code, ...]) -> Indicators:
    return Indicators({c.code: c.indicators for c in codes}, {c.code: c.exceptions for c in codes})


@dataclass(frozen=True)
class Verb:
    """A reporting verb: its tone, its forms, the nouns that report likewise, and what it can take."""

    lemma: str
    tone: str
    forms: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    addressee: bool = False
    reports: str = SPEECH


@dataclass(frozen=True)
class Codebook:
    """Everything that a study's coding rests on."""

    name: str
    frames: Mapping[str, Code]
    targets: Mapping[str, Target]
    roles: Mapping[str, Role]
    sides: Mapping[str, Code]
    expertise: Mapping[str, Code]  # kinds of experts
    office_holders: tuple[OfficeHolder, ...]
    verbs: Mapping[str, Verb]
    refusals: tuple[str, ...]  # indicators of giving no answer
    whole_quotes: bool  # a quote that its attribution interrupts is one quote, else one a piece
    tone: Mapping[str, float]
    factual: tuple[
        str, ...
    ]  # indicators of words that name what is or happens, whose tone is not the wording's
    no_tone: frozenset[str]
    actors: Mapping[str, Code]  # towards whom an attitude is measured
    facts: Mapping[str, Fact]  # what an outlet may tell or leave out
    persons: tuple[PersonEdit, ...] = ()  # what the user says of single names

    def name_of(self, part: str, code: str) -> str:
        """A code of `part` (frames, targets, roles, ...) by its name; one that the codebook does not have in words."""
        known = getattr(self, part).get(code)
        return known.name if known else code.replace("_", " ")

    def only(self, parts: Collection[str]) -> Codebook:
        """The codebook with these of its fields alone; the others hold nothing."""
        others = {f.name for f in fields(self)} - {*parts, "name"}
        nothing: dict[str, Any] = {name: type(getattr(self, name))() for name in others}
        return replace(self, **nothing)

    def __str__(self) -> str:
        parts = {
            "frames": self.frames,
            "stance targets": self.targets,
            "roles": self.roles,
            "sides": self.sides,
            "office holders": self.office_holders,
            "reporting verbs": self.verbs,
            "tone words": self.tone,
            "facts": self.facts,
        }
        return f"{self.name}: " + ", ".join(
            f"{len(codes)} {name.removesuffix('s') if len(codes) == 1 else name}"
            for name, codes in parts.items()
        )

    def __repr__(self) -> str:
        return f"<Codebook {self}>"

    def _repr_html_(self) -> str:
        sections = {
            "Frames": self.frames,
            "Stance targets": self.targets,
            "Roles of sources": self.roles,
            "Sides of sources": self.sides,
        }
        head = ("code", "name", "definition", "recognised by")
        shown = (
            small_table(
                title, head, [(c.code, c.name, c.definition, _recognised_by(c)) for c in codes.values()]
            )
            for title, codes in sections.items()
            if codes
        )
        return f"<p><b>Codebook</b> {escape(str(self))}</p>" + "".join(shown)


def _recognised_by(code: Code) -> str:
    lists = code.positions if isinstance(code, Target) else {"indicators": code.indicators}
    return ", ".join(f"{name}: {len(texts)}" for name, texts in lists.items() if texts)
