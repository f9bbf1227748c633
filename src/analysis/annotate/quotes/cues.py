"""Cues: the words by which an article hands over to a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from analysis.codebook import Verb
from analysis.language import Language
from analysis.parse.units import HEADS, Unit, patterns_of
from analysis.text import fold

FINITE, PARTICIPLE, INFINITIVE = "finite", "participle", "infinitive"
PASSIVE, NOUN, PREPOSITION = "passive", "noun", "prepositional"
_SHAPES = {
    FINITE: ("", "active", "active with_subject", "active opened", "active with_subject opened"),
    PARTICIPLE: ("", "active"),
    INFINITIVE: ("", "active"),
    PASSIVE: ("",),
    NOUN: ("",),
    PREPOSITION: ("",),
}  # with the classes that a cue can get where it stands
_STATEMENT = ("clause", "that", "quote")
_FAR = 9  # items between a plural subject and its verb

Lexicon = Mapping[str, list[tuple[tuple[str, ...], Verb, bool]]]


class Cue(NamedTuple):
    """A reporting word or phrase: items `start`..`end` with its auxiliaries, the word itself from `verb`."""

    start: int
    verb: int
    end: int
    entry: Verb
    shape: str


def _phrase(name: str, *forms: str) -> Verb:
    return Verb(name, "neutral", forms, content=_STATEMENT)


_OPENINGS = tuple(map(_phrase, ("view", "poll")))  # phrases.yml has a pattern of each name
COLON, CREDIT = Verb("colon", "neutral", (":",)), Verb("credit", "neutral", ("-",))


@lru_cache(maxsize=4)  # articles come in many lots
def make_lexicon(verbs: tuple[Verb, ...], language: Language) -> Lexicon:
    """First word of each form to its forms, longest first: (words, verb, is it a noun)."""
    lexicon: dict[str, list[tuple[tuple[str, ...], Verb, bool]]] = defaultdict(list)
    verbs = (*verbs, _phrase("according", *sorted(language["according"])))
    for verb in verbs:
        nouns = [*verb.nouns, *(n[:-1] + "ies" if n.endswith("y") else n + "s" for n in verb.nouns)]
        for form, noun in [*((f, False) for f in verb.forms), *((n, True) for n in nouns)]:
            words = tuple(fold(form).split())
            if words:
                lexicon[words[0]].append((words, verb, noun))
    for entries in lexicon.values():
        entries.sort(key=lambda e: (-len(e[0]), e[2]))
    for verb, (shape, ways) in product([*verbs, *_OPENINGS], _SHAPES.items()):
        for more in ways:  # each that is not foreseen makes patterns compile anew
            patterns_of(language).letter("", cue_classes(verb, shape, language).union(more.split()))
    return dict(lexicon)


@lru_cache(maxsize=1 << 14)
def cue_classes(verb: Verb, shape: str, language: Language) -> frozenset[str]:
    """The classes of a cue as one item of a pattern."""
    classes = {"cue", shape, *(f"takes_{kind}" for kind in verb.content)}
    classes |= {"takes_hearer"} if verb.addressee else set()
    classes |= {verb.lemma} if shape == PREPOSITION else set()
    return language.classes_of(verb.lemma).union(classes)


def find_cues(unit: Unit, lexicon: Lexicon) -> list[Cue]:
    """The cues outside quotation marks, in order; a negated `say` hands over to nobody and is none."""
    reported = [n for n, word in enumerate(unit.words) if word in lexicon]
    cues = list(_opening_phrase(unit))
    at = cues[0].end if cues else 0
    for i in reported:
        if i < at or not _is_written_as_word(unit, i):
            continue
        cue = next(_cues_at(unit, i, lexicon), None)
        cited = bool(cues) and cues[-1].end == i and cues[-1].entry.lemma == "according"
        if cue is not None and not cited:  # `according to documents`
            cues.append(cue)
            at = cue.end
    return cues


def _opening_phrase(unit: Unit) -> Iterator[Cue]:
    """`In the mayor's view, ...`, `In a poll last week, ...`: the phrase before the comma that opens a sentence."""
    if not unit.has(0, "view_opener") and not unit.has(1, "view_opener"):
        return
    for entry in _OPENINGS:
        if found := unit.patterns[entry.lemma].match(unit.letters):
            start, end = found.span("cue")
            yield Cue(start, start, end, entry, PREPOSITION)
            return


def _is_written_as_word(unit: Unit, i: int) -> bool:
    """A capital inside a sentence belongs to a name (`Washington Post`), but in titles to every word."""
    return i == 0 or unit.kind in HEADS or "capital" not in unit.classes[i]


def _cues_at(unit: Unit, i: int, lexicon: Lexicon) -> Iterator[Cue]:
    """The cues that item `i` begins, the longest first."""
    for form, verb, noun in lexicon[unit.words[i]]:
        end = i + len(form)
        if len(form) > 1 and tuple(unit.words[i:end]) != form:
            continue
        if verb.lemma == "according":
            yield Cue(i, i, end, verb, PREPOSITION)
        elif noun:
            if unit.has(end, "after_noun"):
                yield Cue(i, i, end, verb, NOUN)
        elif not _is_noun_here(unit, i, end, lexicon):
            start = group_start(unit, i)
            if shape := _verb_shape(unit, start, i, end, verb):
                yield Cue(i - 1 if shape == INFINITIVE else start, i, end, verb, shape)


def _is_noun_here(unit: Unit, i: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a form that is noun and verb (`reports`, `claim`) stands before another verb or as a noun's head."""
    if not any(noun for _, _, noun in lexicon[unit.words[i]]):
        return False
    if i == 0 or unit.has(i - 1, "adjectival"):
        return True  # `his territorial demands`
    named = unit.kind in HEADS or unit.has(i - 1, "subject_pronoun", "capital")
    if unit.word(end) == "to" and named:
        return False  # `Lund vows to`
    if unit.has(end, "auxiliary", "coordinator") or (
        unit.has(end, "preposition") and unit.words[end] != "about"
    ):
        return True
    verbal = any(not noun for _, _, noun in lexicon.get(unit.word(end), ()))
    return verbal and not unit.has(end, "noun_after_noun")


def _verb_shape(unit: Unit, start: int, i: int, end: int, verb: Verb) -> str | None:
    """The shape of the verb at `i`, whose auxiliaries begin at `start`; None where it hands over nothing."""
    if (
        unit.match_end("unnamed", end)
        or unit.match_end("refusal", i)
        or unit.holds(start, i, "obliging")
        or _is_negated(unit, start, i, verb)
        or _hears_nothing(unit, start, end, verb)
        or _is_aside(unit, start, i, verb)
    ):
        return None
    before = unit.word(i - 1)
    passive = unit.holds(start, i, "be")
    if unit.has(i, "gerund"):
        if passive or unit.has(i - 1, "contracted_be"):
            return FINITE
        nominal = unit.has(i - 1, "determiner", "possessive") or before.endswith("'s")
        return None if nominal else PARTICIPLE
    if before == "to":
        granted = unit.has(i - 2, "anonymity")  # `granted anonymity to discuss the talks`
        return None if granted else INFINITIVE
    if _owns_noun(unit, start - 1, i):
        return None
    if unit.has(i, "participle"):
        return _participle_shape(unit, start, i, end, verb)
    agrees = unit.has(i, "past") or unit.holds(start, i, "auxiliary") or _agrees(unit, start, i)
    return FINITE if agrees else None


def _owns_noun(unit: Unit, before: int, i: int) -> bool:
    """Whether the word before makes item `i` a noun: `the reports`, `of claims`, `Moscow's claims`; not `One in five say`."""
    if unit.has(before, "can_be_subject") or (unit.has(before, "number") and unit.has(i, "never_noun")):
        return False
    if unit.has(before, "possessive") and unit.has(before - 1, "preposition") and unit.has(i, "never_noun"):
        return False  # `people close to her say`
    if unit.word(before - 1) == "of" and unit.has(i, "said"):
        return False  # `a friend of his said`
    if unit.has(before, "contracted_have") and unit.has(i, "participle"):
        return before < i - 1 or unit.word(i + 1) == "to"  # `She's said`, but `she's expected to`
    return unit.has(before, "determiner", "preposition", "possessor")


def _hears_nothing(unit: Unit, start: int, end: int, verb: Verb) -> bool:
    """Whether a verb that reports without `that` for some bodies only has another subject: `the court heard`."""
    only = "heard_only" in unit.language.classes_of(verb.lemma)
    return only and unit.word(end) != "that" and not unit.has(start - 1, "hearing_body")


def _is_aside(unit: Unit, start: int, i: int, verb: Verb) -> bool:
    """Whether what somebody is stands without a verb: `Lund, critical of the plan, left`."""
    predicative = "predicative" in unit.language.classes_of(verb.lemma)
    return predicative and not unit.holds(start, i, "be") and not unit.has(start - 1, "contracted_be")


def _participle_shape(unit: Unit, start: int, i: int, end: int, verb: Verb) -> str | None:
    """The shape of a past participle, which mostly is a past form, too."""
    if unit.has(i - 1, "comma") and unit.word(end) == "as":
        return None  # `the officer, identified as Lund, was shot`
    on = verb.addressee and start == i and unit.word(end) == "on" and not unit.has(end + 1, "time")
    if on or unit.word(i - 1) == "than":  # `an official briefed on it`, `sooner than expected`
        return None
    if verb.addressee or not unit.language.classes_of(verb.lemma).isdisjoint(("asking_about",)):
        begins = start == 0 or (unit.has(i - 1, "comma") and unit.has(i - 2, "said"))
        if unit.has(i - 1, "time_clause") or (begins and _is_told(unit, end, verb)):
            return PASSIVE  # `when asked whether ...`, `Told that ...`
    by = start == i and unit.word(end) == "by" and not unit.has(end + 1, "means")
    if by and unit.word(i - 1) != "as":
        return PASSIVE if "as" in verb.content else None
    worrying = "worrying" in unit.language.classes_of(verb.lemma)
    if unit.holds(start, i, "be") and not worrying:
        nobody_yet = "as" in verb.content and unit.holds(start, i, "modal") and unit.word(end) != "by"
        return None if nobody_yet else PASSIVE  # `will be seen as weakness`
    return FINITE


def _is_told(unit: Unit, end: int, verb: Verb) -> bool:
    """Whether what follows a hearer's participle fits it, be it a source or a time that stands before the content."""
    return " " in verb.lemma or unit.word(end) == "that" or unit.has(end, "wh_word", "time", "preposition")


def group_start(unit: Unit, i: int) -> int:
    """Where the verb's auxiliaries, adverbs and times begin: `has also repeatedly said`, `on Friday said`."""
    start = i
    while start > 1 and unit.has(start - 1, "auxiliary", "adverb", "manner"):
        if unit.has(start - 1, "plural_number") and unit.has(start - 2, "comma", "coordinator"):
            break  # `Lund and Berg spoke, and both vowed`
        start -= 1
    if start > 1 and unit.has(start - 1, "time"):
        first = start - 1
        while first > 1 and unit.has(first - 1, "time"):
            first -= 1
        first -= unit.has(first - 1, "before_time")
        start = first or start
    return start


def _agrees(unit: Unit, start: int, i: int) -> bool:
    """Whether the word before fits a present form as its subject: `he says`, `they say`, `officials say`."""
    subject = start - 1
    if unit.has(i, "seldom_verb"):  # what is no document is more often a member of a union
        listed = unit.has(subject, "comma") and unit.has(i + 1, "manner", "auxiliary")
        stated = unit.has(subject, "stating_thing") and not listed
        return stated or unit.holds(0, i, "quotation")
    if subject < 0 or unit.has(i, "never_noun") or unit.has(subject, "agreeing"):
        return True
    if unit.has(i, "third_person"):
        return not unit.has(subject, "ed_form")
    plural = unit.has(subject, "plural", "number", "s_ending", "numeral")
    return plural or _are_two(unit, subject) or _is_far(unit, subject)


def _is_far(unit: Unit, last: int) -> bool:
    """Whether a plural subject has its own clause or phrase between it and the verb: `papers seen by the Courier show`."""
    for at in range(last - 1, max(0, last - _FAR), -1):
        if unit.has(at, "comma", "finite", "cue"):
            return False
        if unit.has(at, "ed_form"):
            several = unit.has(at - 1, "s_ending") and not unit.has(at - 1, "auxiliary", "pronoun")
            return several and unit.has(at + 1, "preposition")
    return False


def _are_two(unit: Unit, last: int) -> bool:
    """Whether a name ends at item `last` that `and` joins to another: `Lund and Berg say`."""
    first = last
    while unit.has(first, "capital"):
        first -= 1
    return first < last and unit.word(first) == "and" and unit.has(first - 1, "capital")


def _is_negated(unit: Unit, start: int, i: int, verb: Verb) -> bool:
    """`did not say`, `without saying`, `declined to say`: no words are handed over; `do not believe` says a thought."""
    if "denied" not in unit.language.classes_of(verb.lemma):
        return False
    if unit.holds(start, i, "negation") or unit.word(i - 1) == "without":
        return True
    return unit.word(i - 1) == "to" and unit.holds(max(0, i - 3), i, "refusing")
