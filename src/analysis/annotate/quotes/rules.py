"""Attribution rules: a language's attribution.yml, read, and tried on their own examples.

    inverted:
      pattern: (?<=<quotation|comma>) <cue&finite> (?P<speaker>{noun_phrase})
      content: before
      example: {text: '"We are ready," said Anna Lund.', speaker: Anna Lund, content: We are ready}
      counter_example: '"We are ready," she waved.'

`pattern` is one over word classes (`analysis.parse.patterns`) that begins at a cue, which is one item of its own classes:
`cue`, its shape (`finite`, `participle`, `infinitive`, `passive`, `noun`, `prepositional`), what its verb takes
(`takes_that`, `takes_clause`, `takes_quote`, ..., `takes_hearer`), the classes of its verb (`calling`) and, for verbs with a
subject, `active`, `with_subject`, `opened` (the sentence begins with a subordinator). In patterns with an item `between`
that stands for all between a verb and what is said, as {to_content} finds it: `empty` if it is nothing but a hearer,
`timed` if nothing but a hearer and times. A pattern with a group `cue` of its own begins before the first item, at one
item that has the unit's kind for its class.

`via: subject`: the subject of the verb, or else a group `via`, is the medium that hands the source on. `speaker` is the group of that name in the pattern, or else `subject` (of the verb), `possessor` (before the noun),
`possessor_or_none`, `owner` (the possessor, for a pronoun the sentence's subject), `maker` (who made the statement). `content` says how what is attributed lies to the group `content` of the pattern, or to
the cue; `CONTENTS` in `analysis.annotate.quotes.content_ways` has the ways. Rules are tried in the file's order; the first
that finds contents counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from analysis.language import ATTRIBUTION, Language, LanguageError
from analysis.parse.patterns import Pattern, Patterns
from analysis.parse.units import HEADS, patterns_of

_SPEAKERS = ("", "subject", "possessor", "possessor_or_none", "owner", "maker")
CUE_CLASSES = frozenset(
    (
        *("cue", "finite", "participle", "infinitive", "passive", "noun", "prepositional", "with_subject"),
        *("active", "opened", "view", "poll", "according", "takes_hearer", "takes_quote", "takes_that"),
        *("takes_clause", "takes_infinitive", "takes_wh", "takes_as", "takes_object", "between", "empty"),
        *("timed", "start", "head"),
        *(*HEADS, "deck", "body"),
    )
)  # of the items that stand for a cue, for what is between it and its content, and for the place before a unit
CONTENT_WAYS = (
    *("following", "group", "predicate", "object", "called", "before_verb", "object_before_verb"),
    *("preceding", "aside", "other_side", "before_inversion", "around_inversion"),
    *("interrupted", "quotation_first", "clause_first"),
    *("rest", "all"),  # of units: what stands after the cue; any, were it nothing
)
_KEYS = {"pattern", "speaker", "via", "content", "example", "counter_example"}


@dataclass(frozen=True)
class Example:
    """A text with the speaker ("" for none) and the content of the quote that a rule finds in it."""

    text: str
    speaker: str
    content: str


@dataclass(frozen=True, eq=False)
class Rule:
    """One entry of attribution.yml."""

    name: str
    patterns: Patterns
    pattern: Pattern
    speaker: str
    via: str
    content: str
    example: Example
    counter_example: str

    @cached_property
    def is_whole(self) -> bool:
        """Whether it reads the whole unit and brings its own cue."""
        return "(?P<cue>" in self.pattern.source

    @cached_property
    def cue(self) -> Pattern:
        """A pattern of one item: the cues that the rule can be of."""
        asked = self.patterns.questions(self.pattern.source, "cue")
        return Pattern(self.patterns, " | ".join(sorted(asked)) or "(?!)")

    @cached_property
    def skips(self) -> bool:
        """Whether one item stands for all between a verb and what is said."""
        return "<between" in self.pattern.source


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of a language in their order."""

    of_units: Sequence[Rule]
    of_cues: Sequence[Rule]
    _by_letter: dict[str, Sequence[Rule]]

    def of_cue(self, letter: str) -> Sequence[Rule]:
        """The rules that can be of the cue with this character."""
        if letter not in self._by_letter:
            self._by_letter[letter] = [rule for rule in self.of_cues if rule.cue.match(letter)]
        return self._by_letter[letter]


@lru_cache(maxsize=8)
def load_rules(language: Language) -> Rules:
    """The rules of a language. Raises LanguageError where an entry is no rule; of a pattern, when it is first tried."""
    rules = [_rule(language, name, entry) for name, entry in language.rules.items()]
    return Rules([r for r in rules if r.is_whole], [r for r in rules if not r.is_whole], {})


def _rule(language: Language, name: str, entry: Any) -> Rule:
    where = f"{language.folder / ATTRIBUTION}: {name!r}"
    if not isinstance(entry, Mapping) or not {"pattern", "content", "example", "counter_example"} <= set(
        entry
    ):
        raise LanguageError(f"{where} needs pattern, content, example and counter_example")
    if unknown := set(entry) - _KEYS:
        raise LanguageError(
            f"{where} has unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}"
        )
    speaker = str(entry.get("speaker", ""))
    if speaker not in _SPEAKERS:
        raise LanguageError(f"{where}: speaker must be one of {', '.join(_SPEAKERS[1:])}, not {speaker!r}")
    via = str(entry.get("via", ""))
    if via not in ("", "subject"):
        raise LanguageError(f"{where}: via must be subject, not {via!r}")
    if entry["content"] not in CONTENT_WAYS:
        ways = ", ".join(CONTENT_WAYS)
        raise LanguageError(f"{where}: content must be one of {ways}, not {entry['content']!r}")
    example = entry["example"]
    if not isinstance(example, Mapping) or not {"text", "content"} <= set(example):
        raise LanguageError(f"{where}: example needs text, speaker and content")
    pattern = Pattern(patterns_of(language), str(entry["pattern"]), f"{where}: ")
    given = Example(str(example["text"]), str(example.get("speaker", "")), str(example["content"]))
    return Rule(
        name,
        patterns_of(language),
        pattern,
        speaker,
        via,
        str(entry["content"]),
        given,
        str(entry["counter_example"]),
    )
