"""Attribution rules tried on their own examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from analysis.annotate.quotes.rules import CUE_CLASSES, Rule, load_rules
from analysis.annotate.quotes.table import find_quotes
from analysis.codebook import Codebook, load_codebook
from analysis.language import ATTRIBUTION, Language, LanguageError
from analysis.parse.document import parse_text
from analysis.parse.units import SHAPES, patterns_of


def check_rules(language: Language, codebook: Codebook | None = None) -> list[str]:
    """Each fault of a language's attribution rules, with the file, the rule and what was found.

    A rule must find the quote of its example, with its speaker, and none in its counter-example. Examples may use the
    verbs of the general codebook and those of the codebook given.
    """
    general = load_codebook()
    verbs = {**(codebook.verbs if codebook else {}), **general.verbs}
    tried = replace(general, verbs=verbs, whole_quotes=True)
    try:
        rules = load_rules(language)
        for rule in (*rules.of_units, *rules.of_cues):
            rule.pattern.compile()
        return [
            f"{language.folder / ATTRIBUTION}: {fault}"
            for fault in chain(
                _unknown_classes(language),
                *(_faults(rule, language, tried) for rule in (*rules.of_units, *rules.of_cues)),
            )
        ]
    except LanguageError as error:
        return [str(error)]


def _unknown_classes(language: Language) -> Iterator[str]:
    """Classes that a pattern names, but that no item can have."""
    known = {*language.lists, *language.forms, *SHAPES, *CUE_CLASSES}
    for name in sorted(patterns_of(language).classes - known):
        yield f"a pattern there or in phrases.yml names the class {name!r}, which classes.yml has not"


def _faults(rule: Rule, language: Language, codebook: Codebook) -> Iterator[str]:
    """What an example shows to be wrong with a rule."""
    example = rule.example
    wanted = (example.content, example.speaker)
    found = list(_quotes(example.text, language, codebook))
    if (rule.name, *wanted) not in found:
        yield f"{rule.name!r} should find {_said(rule.name, *wanted)} in {example.text!r}; found: {_all(found)}"
    found = list(_quotes(rule.counter_example, language, codebook))
    if any(name == rule.name for name, _, _ in found):
        yield f"{rule.name!r} should find nothing in {rule.counter_example!r}; found: {_all(found)}"


def _quotes(text: str, language: Language, codebook: Codebook) -> Iterator[tuple[str, str, str]]:
    """Rule, content and speaker ("" for none) of each quote."""
    quotes = find_quotes([parse_text(text, language)], codebook)
    for quote in quotes.itertuples():
        yield (
            quote.rule,
            text[quote.start : quote.end],
            quote.speaker if isinstance(quote.speaker, str) else "",
        )


def _said(rule: str, content: str, speaker: str) -> str:
    return f"{content!r} by {speaker or 'nobody'} ({rule})"


def _all(found: list[tuple[str, str, str]]) -> str:
    return "; ".join(_said(*one) for one in found) or "nothing"
