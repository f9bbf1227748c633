"""The quotes of an article, paragraph by paragraph: those with a cue, and quotations that go to the speaker beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from analysis.annotate.quotes.attributions import find_attributions
from analysis.annotate.quotes.content_spans import content_end, trim
from analysis.annotate.quotes.cues import Cue, Lexicon, find_cues
from analysis.annotate.quotes.pieces import (
    DIRECT,
    Quote,
    Span,
    Voice,
    join_pieces,
    label_of,
    make_quote,
    split_at_that,
    without_crossings,
)
from analysis.annotate.quotes.readings import Attribution
from analysis.annotate.quotes.rules import load_rules
from analysis.annotate.turns import Turn, Turns
from analysis.codebook import ACT, SPEECH
from analysis.parse.blocks import ENTRY, POST, QUOTE
from analysis.parse.document import Document
from analysis.parse.noun_phrases import Items, can_speak, first_name, main_subject, subject_before
from analysis.parse.units import LONGEST_SENTENCE, Unit
from analysis.text import fold

# Rules by which quotations without a cue of their own get their speaker; those with one are in attribution.yml.
TURN = "turn"
AFTER_SPEAKER, BEFORE_SPEAKER, EARLIER_SPEAKER = "after_speaker", "before_speaker", "earlier_speaker"
_INSETS = {QUOTE: "quote", POST: "post"}  # forms of lines, and the rules by which they are quotes
_OPENING_MARKS = "\"“„«‘'"
_OBJECT_RULES = ("object", "noun_object")
POINT = "point"  # `The mayor made two claims. First, that ... Second, that ...`
CREDIT_LINE = "credit_line"  # the speaker is named on the line after: `— Anna Lund`

_STAGE_DIRECTION = re.compile(r"\([^()]*\)\W*|\[[^\[\]]*\]\W*")
_MORE_THAN_A_NAME = 5  # words; shorter quotations without a cue are names, titles and scare quotes
_MOSTLY = 0.8  # of a sentence's characters


def find_in_document(document: Document, turns: Turns, lexicon: Lexicon, whole: bool) -> list[Quote]:
    """The quotes of one article, ordered by their place; `whole`: what an attribution interrupts is one quote."""
    text = document.text
    quotes: list[Quote] = []
    floor = Floor()
    insets = find_insets(document)
    credits = _credits(document) | {n: Voice(span) for n, (_, span) in insets.items() if span}
    entries = {number for number, line in document.lines if line.form == ENTRY}
    for paragraph in document.paragraphs:
        floor = Floor() if paragraph.number in entries else floor
        turn, rule = turns.get(paragraph.number), TURN
        if turn is None and paragraph.number in insets and text[paragraph.start] not in _OPENING_MARKS:
            rule, named = insets[paragraph.number]
            above = floor.here()
            turn = Turn(paragraph.start, named or (above.speaker if above else None), None, asks=False)
        units = document.units(paragraph, turn.start if turn else 0)
        if turn is not None:
            floor = Floor(Voice(turn.speaker, turn.cue))
            if not units or turn.greets:
                continue
        own = headline_voice(turns) if paragraph.kind == "title" else None
        floor = Floor(own, before=floor)
        reader = _Reader(text, lexicon, floor, whole, turn is not None, credits.get(paragraph.number))
        found = reader.read(units)
        found = join_pieces(text, found, document.language) if whole else found
        if turn is not None and not turn.asks:
            found = _in_turn(document, turn, paragraph.end, found, rule)
            floor = Floor(Voice(turn.speaker, turn.cue)) if rule != TURN else floor
        quotes += found
    return without_crossings(sorted(quotes, key=lambda q: (q.start, -q.end)))


def headline_voice(turns: Turns) -> Voice | None:
    """Whose words a headline quotes without a name: those of the only person who answers in an interview."""
    answering = {turn.speaker for turn in turns.values() if not turn.asks}
    asked = any(turn.asks for turn in turns.values())
    return Voice(answering.pop()) if asked and len(answering) == 1 else None


def _credits(document: Document) -> dict[int, Voice]:
    """Of each paragraph before a line that is nothing but a dash and a name, by its number: whom that line names."""
    pattern, text = document.language.patterns["credit_line"], document.text
    lines = ((p.number, pattern.fullmatch(text, p.start, p.end)) for p in document.paragraphs)
    return {number - 1: Voice(found.span("name")) for number, found in lines if found is not None}


def find_insets(document: Document) -> dict[int, tuple[str, Span | None]]:
    """Of each paragraph of a block quote or a post, by its number: which it is, and where the line below it says whose."""
    insets: dict[int, tuple[str, Span | None]] = {}
    above: list[int] = []  # paragraphs whose speaker the next line may name
    form = ""
    for number, line in document.lines:
        rule = _INSETS.get(line.form, "")
        if rule != form or (above and number > above[-1] + 1):
            above, form = [], rule
        if rule and line.kind == "body":
            above.append(number)
            insets[number] = (rule, None)
        elif rule:
            found = document.language.patterns[f"{rule}_credit"].match(document.text, line.start, line.end)
            if found is not None:
                groups = [name for name in ("name", "handle") if found.groupdict().get(name)]
                insets |= {n: (rule, found.span(groups[0])) for n in above if groups}
            above = []
    return insets


def _in_turn(
    document: Document, turn: Turn, end: int, found: Iterable[Quote], rule: str = TURN
) -> list[Quote]:
    """The turn as one quote, and in it the words that it hands on; what others think is the speaker's guess."""
    span = (turn.start, end)
    thoughts = document.language["thought"]
    handed_on = [
        q
        for q in found
        if q.voice.cue
        and q.voice.speaker not in (None, turn.speaker)
        and thoughts.isdisjoint(fold(document.text[slice(*q.voice.cue)]).split())
    ]
    return [Quote(*span, DIRECT, span, Voice(turn.speaker, turn.cue), rule), *handed_on]


class Floor:
    """Who has spoken or acted last in a paragraph, else in those `before`.

    Who acts in a sentence is looked for only where a quotation needs it: most need none.
    """

    def __init__(self, voice: Voice | None = None, before: Floor | None = None) -> None:
        self.voice, self.before = voice, before
        self.acting: list[Unit] = []
        self.announced: bool = before is not None and before.announced  # a list of points

    def take(self, voice: Voice) -> None:
        self.voice = voice
        self.acting.clear()

    def here(self) -> Voice | None:
        """Who spoke or acted last in this paragraph, None if nobody did."""
        while self.acting:
            unit = self.acting.pop()
            subject = _announcing(unit) if unit.finite else first_name(unit)
            if subject and can_speak(unit, subject):
                self.take(Voice(unit.span(*subject)))
        return self.voice

    def last(self) -> Voice:
        """Who spoke or acted last, in this paragraph or before it."""
        floor: Floor | None = self
        while floor and floor.here() is None:
            floor = floor.before
        self.voice, self.before = (floor and floor.voice) or Voice(), None
        return self.voice


def _announcing(unit: Unit) -> Items | None:
    """Who acts in a sentence; before a colon at its end who says what follows: `... from Lund, the mayor, who told us:`."""
    closed = unit.has(len(unit) - 1, "colon")
    near = subject_before(unit, unit.group_start[max(unit.finite)]) if closed else None
    return near or main_subject(unit, len(unit))


@dataclass(eq=False)
class _Reader:
    """Reads one paragraph; who speaks and acts in it takes the `floor`. `spoken`: it is a turn of a transcript."""

    text: str
    lexicon: Lexicon
    floor: Floor
    whole: bool
    spoken: bool
    credit: Voice | None = None  # of whom the next line is the name
    waiting: list[tuple[Unit, int, str]] = field(default_factory=list)  # quotations without a speaker so far

    def read(self, units: Iterable[Unit]) -> list[Quote]:
        """The quotes of the paragraph.

        A quotation without a cue of its own belongs to whoever spoke or acted before it in the paragraph, else to the
        first who does so after it, else to who spoke before. In a sentence of other words it must be long enough to
        be more than a name or a scare quote.
        """
        quotes: list[Quote] = []
        for unit in units:
            attributions = self._attributions(unit)
            points = self._point(unit, attributions)
            quotes += self._attributed(unit, attributions) + points
            taken = {i for a in attributions for content in a.contents for i in range(*content)}
            quotes += self._labelled(unit, taken)
            free = [i for i in unit.quotations if i not in taken and _is_spoken(self.text, unit, i)]
            if not _is_mostly(unit, free):
                free = [i for i in free if _is_speech(self.text, unit, i)]
                if not attributions and not points:
                    self.floor.acting.append(unit)
            self.waiting += [(unit, i, AFTER_SPEAKER if self.floor.here() else BEFORE_SPEAKER) for i in free]
            if self.waiting and (voice := self.floor.here()):
                quotes += [make_quote(self.text, u, (i, i + 1), voice, rule) for u, i, rule in self.waiting]
                self.waiting = []
        for unit, i, _ in self.waiting:
            voice = self.credit or self.floor.last()
            rule = CREDIT_LINE if self.credit else EARLIER_SPEAKER
            quotes.append(make_quote(self.text, unit, (i, i + 1), voice, rule))
        return [q for q in quotes if q.start < q.end]

    def _attributions(self, unit: Unit) -> list[Attribution]:
        """What the unit attributes; in a turn, `I think`, `do you know` hand over to nobody."""
        if len(unit) > LONGEST_SENTENCE:
            return []
        cues: Sequence[Cue] = find_cues(unit, self.lexicon)
        if self.spoken:
            cues = [cue for cue in cues if not unit.has(cue.start - 1, "speech_person")]
        return find_attributions(unit, cues, load_rules(unit.language))

    def _attributed(self, unit: Unit, attributions: Iterable[Attribution]) -> list[Quote]:
        """The quotes of a unit's attributions, whose speakers take the floor.

        Who hands over a quotation hands over the next one too, whatever is told of them between the two.
        """
        quotes: list[Quote] = []
        quoting = False
        for attribution in attributions:
            cue = unit.span(attribution.cue.verb, attribution.cue.end)
            speaker, via = (i and unit.span(*i) for i in (attribution.speaker, attribution.via))
            voice = Voice(speaker, cue, _reported(attribution), via)
            contents = attribution.contents
            quotes_words = any(unit.holds(*content, "quotation") for content in contents)
            if attribution.speaker and (quotes_words or not quoting):
                self.floor.take(voice)
            quoting = quoting or quotes_words
            if not self.whole:
                contents = [piece for content in contents for piece in split_at_that(unit, content)]
            quotes += [make_quote(self.text, unit, items, voice, attribution.rule) for items in contents]
        return quotes

    def _point(self, unit: Unit, attributions: Collection[Attribution]) -> list[Quote]:
        """What a sentence adds to a list of points that the sentence before it begins or goes on with."""
        end = unit.match_end("point", 0) if self.floor.announced else None
        announces = bool(attributions) or unit.holds(0, len(unit), "numbered_point")
        self.floor.announced = announces or end is not None
        content = None if end is None else trim(unit, end, content_end(unit, end, ()))
        if content is None:
            return []
        return [make_quote(self.text, unit, content, self.floor.last(), POINT)]

    def _labelled(self, unit: Unit, taken: set[int]) -> list[Quote]:
        """The quotations that name their speakers, who take the floor; they are taken."""
        labelled = []
        for i, quotation in unit.quotations.items():
            if i not in taken and (quote := label_of(self.text, quotation, unit.language)):
                labelled.append(quote)
                taken.add(i)
                self.floor.take(quote.voice)
        return labelled


def _reported(attribution: Attribution) -> str:
    """What an attribution reports: a verb's own way, but an act where nothing but an object follows."""
    own = attribution.cue.entry.reports
    return ACT if own == SPEECH and attribution.rule in _OBJECT_RULES else own


def _is_spoken(text: str, unit: Unit, i: int) -> bool:
    """Whether words stand there, not a transcript's remark in brackets: `(APPLAUSE)`."""
    quotation = unit.quotations[i]
    return not _STAGE_DIRECTION.fullmatch(text, quotation.inner_start, quotation.inner_end)


def _is_mostly(unit: Unit, quotations: Collection[int]) -> bool:
    """Whether the unit is hardly more than these quotations."""
    quoted = sum(unit.quotations[i].end - unit.quotations[i].start for i in quotations)
    return bool(quotations) and quoted >= _MOSTLY * (unit.end - unit.start)


def _is_speech(text: str, unit: Unit, i: int) -> bool:
    """Whether a quotation is long, or set like speech: first in its sentence with a comma, or after a colon."""
    quotation = unit.quotations[i]
    if len(text[quotation.inner_start : quotation.inner_end].split()) >= _MORE_THAN_A_NAME:
        return True
    if i == 0:
        return unit.has(i, "in_comma", "in_question") and len(unit.tokens[i].text.split()) > 1
    return unit.has(i - 1, "colon") and unit.has(i, "in_point", "in_question")
