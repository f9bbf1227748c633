"""Quotes: every stretch of reported speech or writing, with its cue and its speaker.

The stages: quotation marks are paired (marks), sentences become words and quotations (grammar), cues are found
(cues), each cue gets its speaker and its contents (clauses), and quotations without a cue of their own go to the
speaker beside them. Rules only; the reporting verbs are the codebook's. Compare Krestel, Bergler & Witte (2008),
Pareti (2015).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from analysis.annotate.clauses import Attribution, find_attributions
from analysis.annotate.cues import Cue, Lexicon, find_cues, make_lexicon
from analysis.annotate.phrases import Items, main_subject
from analysis.annotate.turns import Turn, find_turns
from analysis.codebook import Codebook, load_codebook
from analysis.parse.document import Document, parse_text
from analysis.parse.quotation_marks import Quotation
from analysis.parse.units import (
    LONGEST_SENTENCE,
    QUOTE,
    Unit,
    ends_in,
    word_set,
)
from analysis.tables import QUOTES
from analysis.text import fold

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"

# Rules by which quotations without a cue of their own get their speaker; those with one have the names of their clauses.
TURN, LABELLED = "turn", "labelled_quotation"
AFTER_SPEAKER, BEFORE_SPEAKER, EARLIER_SPEAKER = "after_speaker", "before_speaker", "earlier_speaker"


_LABEL = re.compile(r"([A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}):\s+(?=\S)")
_STAGE_DIRECTION = re.compile(r"\([^()]*\)\W*|\[[^\[\]]*\]\W*")
_SPEECH_PERSONS = word_set("i i'm i've i'd i'll you you're you've you'd you'll")
_THOUGHTS = word_set(
    "think thinks thought thinking believe believes believed know knows knew known feel feels felt want wants wanted "
    "mean means meant hope hopes hoped expect expects expected see sees saw realize realizes understand understands "
    "understood fear fears feared find finds found show shows showed"
)
_MORE_THAN_A_NAME = 5  # words; shorter quotations without a cue are names, titles and scare quotes

Span = tuple[int, int]


class _Quote(NamedTuple):
    """A quote in the making; spans are in the article's text."""

    start: int
    end: int
    form: str
    quoted: Span | None
    voice: _Voice
    rule: str
    interruption: Span | None = None


def find_quotes(documents: Sequence[Document] | str, codebook: Codebook | None = None) -> pd.DataFrame:
    """The table `quotes`, in the order of the texts; `source_id` is filled by `identify_sources`.

    By default by the general codebook; a string is taken for the body of an article:

    >>> find_quotes('"We are ready," Ms. Lund said.')[["form", "speaker"]].values.tolist()
    [['direct', 'Ms. Lund']]
    """
    if isinstance(documents, str):
        documents = [parse_text(documents)]
    rules = codebook or _general()
    lexicon = make_lexicon(tuple(rules.verbs.values()))
    rows = []
    for document in documents:
        starts = [s.start for s in document.sentences]
        ids = [s.sentence_id for s in document.sentences]
        for number, quote in enumerate(find_in_document(document, lexicon, rules.whole_quotes), start=1):
            rows.append(_row(quote, number, document.article_id, document.text, starts, ids))
    return QUOTES.make(rows)


@cache
def _general() -> Codebook:
    return load_codebook()


def find_in_document(document: Document, lexicon: Lexicon, whole: bool) -> list[_Quote]:
    """The quotes of one article, ordered by their place; `whole`: what an attribution interrupts is one quote."""
    text = document.text
    quotes: list[_Quote] = []
    floor = _Floor()
    turns = find_turns(document)
    for paragraph in document.paragraphs:
        turn = turns.get(paragraph.number)
        units = document.units(paragraph, turn.start if turn else 0)
        if turn is not None:
            floor = _Floor(_Voice(turn.speaker, turn.cue))
            if not units or turn.greets:
                continue
        floor = _Floor(before=floor)
        found = _in_paragraph(text, units, lexicon, floor, whole, turn is not None)
        found = _joined(text, found) if whole else found
        quotes += found if turn is None or turn.asks else _in_turn(text, turn, paragraph.end, found)
    return _without_crossings(sorted(quotes, key=lambda q: (q.start, -q.end)))


def _in_turn(text: str, turn: Turn, end: int, found: list[_Quote]) -> list[_Quote]:
    """The turn as one quote, and in it the words that it hands on; what others think is the speaker's guess."""
    span = (turn.start, end)
    handed_on = [
        q
        for q in found
        if q.voice.cue
        and q.voice.cue != turn.cue
        and q.voice.speaker not in (None, turn.speaker)
        and _THOUGHTS.isdisjoint(fold(text[slice(*q.voice.cue)]).split())
        and (q.start, q.end) != span
    ]
    return [_Quote(*span, DIRECT, span, _Voice(turn.speaker, turn.cue), TURN), *handed_on]


def _is_own(unit: Unit, cue: Cue) -> bool:
    """`I think`, `do you know`: who speaks in a turn hands over to nobody by that."""
    return cue.start > 0 and unit.words[cue.start - 1] in _SPEECH_PERSONS


def _without_crossings(quotes: list[_Quote]) -> list[_Quote]:
    """The quotes without those that repeat one or begin in one and end outside it."""
    kept: list[_Quote] = []
    open_ends: list[int] = []
    for quote in quotes:
        while open_ends and open_ends[-1] <= quote.start:
            open_ends.pop()
        repeats = bool(kept) and (kept[-1].start, kept[-1].end) == (quote.start, quote.end)
        if repeats or (open_ends and quote.end > open_ends[-1]):
            continue
        open_ends.append(quote.end)
        kept.append(quote)
    return kept


def _joined(text: str, quotes: list[_Quote]) -> list[_Quote]:
    """The quotes of a paragraph, with those pieces joined that only their own attribution stands between."""
    joined: list[_Quote] = []
    latest: dict[Span, int] = {}
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        cue = quote.voice.cue
        if cue is None:
            joined.append(quote)
            continue
        whole = _with_next(text, joined[latest[cue]], quote) if cue in latest else None
        if whole:
            joined[latest[cue]] = whole
        else:
            latest[cue] = len(joined)
            joined.append(quote)
    return joined


def _with_next(text: str, quote: _Quote, later: _Quote) -> _Quote | None:
    """Both as one, if nothing but marks stands between them, or for the first time their attribution."""
    cue, gap = quote.voice.cue, (quote.end, later.start)
    apart = any(c.isalnum() for c in text[slice(*gap)])
    own = cue is not None and gap[0] <= cue[0] < gap[1] and not quote.interruption
    announced = (
        quote.form == INDIRECT and later.form == DIRECT and text[quote.end : quote.end + 1] in (".", "!", "?")
    )
    if (
        announced
        or later.start < quote.end
        or (apart and not own)
        or (apart and _stands_in_words(text, gap, later))
    ):
        return None
    quoted = [span for span in (quote.quoted, later.quoted) if span]
    forms = (quote.form, later.form)
    return quote._replace(
        end=later.end,
        form=DIRECT if DIRECT in forms else MIXED if quoted else INDIRECT,
        quoted=(quoted[0][0], quoted[-1][1]) if quoted else None,
        interruption=gap if apart else quote.interruption,
    )


_GOES_ON = re.compile(r",\s+(?:and|but|or|yet)\b[^,]*$")


def _stands_in_words(text: str, gap: Span, quote: _Quote) -> bool:
    """Whether a quotation stands in a sentence of other words: `said Lund, who waited in a "long line"`."""
    between = text[slice(*gap)].rstrip("\"'“‘`« \n")
    quoted = quote.quoted is not None and quote.start == quote.quoted[0]
    return quoted and between[-1:].isalnum() and not _GOES_ON.search(between)


class _Voice(NamedTuple):
    """Who spoke or acted last, and by which cue."""

    speaker: Span | None = None
    cue: Span | None = None


class _Floor:
    """Who has spoken or acted last in a paragraph, else in those `before`.

    Who acts in a sentence is looked for only where a quotation needs it: most need none.
    """

    def __init__(self, voice: _Voice | None = None, before: _Floor | None = None) -> None:
        self.voice, self.before = voice, before
        self.acting: list[Unit] = []

    def take(self, voice: _Voice) -> None:
        self.voice = voice
        self.acting.clear()

    def here(self) -> _Voice | None:
        """Who spoke or acted last in this paragraph, None if nobody did."""
        while self.acting:
            unit = self.acting.pop()
            if subject := main_subject(unit, len(unit.words)):
                self.take(_Voice(unit.span(*subject)))
        return self.voice

    def last(self) -> _Voice:
        """Who spoke or acted last, in this paragraph or before it."""
        floor: _Floor | None = self
        while floor and floor.here() is None:
            floor = floor.before
        self.voice, self.before = (floor and floor.voice) or _Voice(), None
        return self.voice


def _in_paragraph(
    text: str, units: list[Unit], lexicon: Lexicon, floor: _Floor, whole: bool, spoken: bool = False
) -> list[_Quote]:
    """The quotes of a paragraph; who speaks and acts in it takes the `floor`.

    A quotation without a cue of its own belongs to whoever spoke or acted before it in the paragraph, else to the
    first who does so after it, else to who spoke before. In a sentence of other words it must be long enough to
    be more than a name or a scare quote. `spoken`: the paragraph is a turn of a transcript.
    """
    quotes: list[_Quote] = []
    waiting: list[tuple[Unit, int, str]] = []
    for unit in units:
        readable = len(unit.words) <= LONGEST_SENTENCE
        cues = find_cues(unit, lexicon) if readable else []
        attributions = find_attributions(unit, [c for c in cues if not (spoken and _is_own(unit, c))])
        taken: set[int] = set()
        quoting = False
        for attribution in attributions:
            contents = attribution.contents
            quotes_words = any(QUOTE in unit.words[a:b] for a, b in contents)
            # Who hands over a quotation hands over the next one too, whatever is told of them between the two.
            if attribution.speaker and (quotes_words or not quoting):
                floor.take(_voice_of(unit, attribution))
            quoting = quoting or quotes_words
            for items in contents if whole else (p for c in contents for p in _split_at_that(unit, c)):
                quotes.append(_make(text, unit, items, _voice_of(unit, attribution), attribution.rule))
                taken.update(range(*items))
        free = [(unit, i) for i in unit.quotations if i not in taken and _is_spoken(text, unit.quotations[i])]
        labelled = [(i, label) for _, i in free if (label := _label_of(text, unit.quotations[i]))]
        for i, quote in labelled:
            quotes.append(quote)
            free.remove((unit, i))
            floor.take(quote.voice)
        told = not _mostly_quotation(unit, free)
        if told:
            free = [
                (unit, i)
                for _, i in free
                if _words(text, unit.quotations[i]) >= _MORE_THAN_A_NAME or _stands_as_speech(unit, i)
            ]
            if not attributions:
                floor.acting.append(unit)
        waiting += [(*place, AFTER_SPEAKER if floor.here() else BEFORE_SPEAKER) for place in free]
        if waiting and (voice := floor.here()):
            quotes += [_make(text, u, (i, i + 1), voice, rule) for u, i, rule in waiting]
            waiting = []
    if waiting:
        quotes += [_make(text, u, (i, i + 1), floor.last(), EARLIER_SPEAKER) for u, i, _ in waiting]
    return [q for q in quotes if q.start < q.end]


def _voice_of(unit: Unit, attribution: Attribution) -> _Voice:
    cue = unit.span(attribution.cue.verb, attribution.cue.end)
    return _Voice(unit.span(*attribution.speaker) if attribution.speaker else None, cue)


def _split_at_that(unit: Unit, items: Items) -> list[Items]:
    """`that he is "ready" and that talks go on`: clauses apart where one of them holds a quotation."""
    a, b = items
    words = unit.words
    if QUOTE not in words[a:b]:
        return [items]
    cuts = [i for i in range(a + 1, b - 1) if words[i] == "and" and words[i + 1] == "that"]
    return [
        (start, end - (words[end - 1] == ","))
        for start, end in zip([a, *(c + 2 for c in cuts)], [*cuts, b], strict=True)
        if start < end
    ]


def _label_of(text: str, quotation: Quotation) -> _Quote | None:
    """`"LUND: We are ready."`: a piece of a transcript names its speaker itself."""
    label = _LABEL.match(text, quotation.inner_start, quotation.inner_end)
    if label is None:
        return None
    span = (label.end(), _without_comma(text, quotation))
    return _Quote(*span, DIRECT, span, _Voice(label.span(1), (label.end(1), label.end(1) + 1)), LABELLED)


def _mostly_quotation(unit: Unit, loose: list[tuple[Unit, int]]) -> bool:
    if not loose:
        return False
    quoted = sum(unit.quotations[i].end - unit.quotations[i].start for _, i in loose)
    return quoted >= 0.8 * (unit.end - unit.start)


def _stands_as_speech(unit: Unit, i: int) -> bool:
    """Whether a quotation is set like speech, however short: first in its sentence with a comma, or after a colon."""
    if i == 0:
        return ends_in(unit, i, ",?!") and len(unit.tokens[i].text.split()) > 1
    return unit.words[i - 1] == ":" and ends_in(unit, i, ".?!")


def _is_spoken(text: str, quotation: Quotation) -> bool:
    """Whether words stand there, not a transcript's remark in brackets: `(APPLAUSE)`."""
    return not _STAGE_DIRECTION.fullmatch(text, quotation.inner_start, quotation.inner_end)


def _words(text: str, quotation: Quotation) -> int:
    return len(text[quotation.inner_start : quotation.inner_end].split())


def _make(text: str, unit: Unit, items: Items, voice: _Voice, rule: str) -> _Quote:
    """The quote of one stretch of content: direct if it is all quotation and a sentence, mixed if it holds one."""
    a, b = items
    inside = [unit.quotations[i] for i in range(a, b) if i in unit.quotations]
    start, end = unit.span(*items)
    if not inside:
        return _Quote(start, end, INDIRECT, None, voice, rule)
    quoted = (inside[0].inner_start, _without_comma(text, inside[-1]))
    if all(word in (QUOTE, ",") for word in unit.words[a:b]):
        opens = a == 0 and ends_in(unit, b - 1, ",?!")
        form = DIRECT if opens or _is_sentence(text[quoted[0] : quoted[1]]) else MIXED
        return _Quote(*quoted, form, quoted, voice, rule)
    start = quoted[0] if unit.words[a] == QUOTE else start
    end = quoted[1] if unit.words[b - 1] == QUOTE else end
    return _Quote(start, end, MIXED, quoted if quoted[0] < quoted[1] else None, voice, rule)


def _without_comma(text: str, quotation: Quotation) -> int:
    inner = text[quotation.inner_start : quotation.inner_end]
    return quotation.inner_start + len(inner.rstrip().rstrip(",").rstrip())


def _is_sentence(words: str) -> bool:
    return len(words.split()) > 2 and (words.lstrip("[‘'“\"…. ")[:1].isupper() or words.rstrip()[-1:] in "?!")


def _row(
    quote: _Quote, number: int, article_id: str, text: str, starts: list[int], ids: list[str]
) -> dict[str, object]:
    at = max(0, bisect_right(starts, quote.start) - 1)
    row: dict[str, object] = {
        "quote_id": f"{article_id}:q{number}",
        "article_id": article_id,
        "sentence_id": ids[at],
        "form": quote.form,
        "start": quote.start,
        "end": quote.end,
        "rule": quote.rule,
    }
    if quote.interruption:
        row["break_start"], row["break_end"] = quote.interruption
    if quote.quoted:
        row["quoted_start"], row["quoted_end"] = quote.quoted
    for name, span in (("cue", quote.voice.cue), ("speaker", quote.voice.speaker)):
        if span:
            row |= {name: text[span[0] : span[1]], f"{name}_start": span[0], f"{name}_end": span[1]}
    return row
