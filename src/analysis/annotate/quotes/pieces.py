"""Pieces of quotes: what form each has, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.codebook import SPEECH
from analysis.language import Language
from analysis.parse.noun_phrases import Items
from analysis.parse.quotation_marks import Quotation
from analysis.parse.units import Unit

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
LABELLED = "labelled_quotation"  # the rule of a quotation that names its speaker itself
_OPENING_MARKS = "\"'“‘`« \n"

Span = tuple[int, int]


@dataclass(frozen=True)
class Voice:
    """Who speaks, by which cue, what that reports, and the medium between source and article."""

    speaker: Span | None = None
    cue: Span | None = None
    reported: str = SPEECH
    via: Span | None = None


@dataclass(frozen=True)
class Quote:
    """A quote in the making; spans are in the article's text."""

    start: int
    end: int
    form: str
    quoted: Span | None
    voice: Voice
    rule: str
    interruption: Span | None = None


def make_quote(text: str, unit: Unit, items: Items, voice: Voice, rule: str) -> Quote:
    """The quote of one stretch of content: direct if it is all quotation and a sentence, mixed if it holds one."""
    a, b = items
    inside = [unit.quotations[i] for i in range(a, b) if i in unit.quotations]
    start, end = unit.span(*items)
    if not inside:
        return Quote(start, end, INDIRECT, None, voice, rule)
    quoted = (inside[0].inner_start, without_comma(text, inside[-1]))
    if all(unit.has(i, "quotation", "comma") for i in range(a, b)):
        opens = a == 0 and unit.has(b - 1, "in_comma", "in_question")
        form = DIRECT if opens or _is_sentence(text[slice(*quoted)]) else MIXED
        return Quote(*quoted, form, quoted, voice, rule)
    start = quoted[0] if unit.has(a, "quotation") else start
    end = quoted[1] if unit.has(b - 1, "quotation") else end
    return Quote(start, end, MIXED, quoted if quoted[0] < quoted[1] else None, voice, rule)


def label_of(text: str, quotation: Quotation, language: Language) -> Quote | None:
    """`"LUND: We are ready."`: a piece of a transcript names its speaker itself."""
    label = language.patterns["label"].match(text, quotation.inner_start, quotation.inner_end)
    if label is None:
        return None
    span = (label.end(), without_comma(text, quotation))
    return Quote(*span, DIRECT, span, Voice(label.span(1), (label.end(1), label.end(1) + 1)), LABELLED)


def without_comma(text: str, quotation: Quotation) -> int:
    """Where the words in quotation marks end."""
    inner = text[quotation.inner_start : quotation.inner_end]
    return quotation.inner_start + len(inner.rstrip().rstrip(",").rstrip())


def _is_sentence(words: str) -> bool:
    return len(words.split()) > 2 and (words.lstrip("[‘'“\"…. ")[:1].isupper() or words.rstrip()[-1:] in "?!")


def split_at_that(unit: Unit, items: Items) -> list[Items]:
    """`that he is "ready" and that talks go on`: clauses apart where one of them holds a quotation."""
    a, b = items
    if not unit.holds(a, b, "quotation"):
        return [items]
    cuts = [m.span() for m in unit.patterns["second_clause"].finditer(unit.letters, a + 1, b)]
    edges = zip([a, *(end for _, end in cuts)], [*(start for start, _ in cuts), b], strict=True)
    return [(start, end - unit.has(end - 1, "comma")) for start, end in edges]


def join_pieces(text: str, quotes: Iterable[Quote], language: Language) -> list[Quote]:
    """The quotes of a paragraph, with those pieces joined that only their own attribution stands between."""
    joined: list[Quote] = []
    latest: dict[Span, int] = {}
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        cue = quote.voice.cue
        if cue is None:
            joined.append(quote)
            continue
        whole = _with_next(text, joined[latest[cue]], quote, language) if cue in latest else None
        if whole:
            joined[latest[cue]] = whole
        else:
            latest[cue] = len(joined)
            joined.append(quote)
    return joined


def _with_next(text: str, quote: Quote, later: Quote, language: Language) -> Quote | None:
    """Both as one, if nothing but marks stands between them, or for the first time their attribution."""
    gap = (quote.end, later.start)
    apart = any(c.isalnum() for c in text[slice(*gap)])
    if apart and not _is_interrupted(text, quote, later, language):
        return None
    if quote.form == INDIRECT and later.form == DIRECT and text[quote.end : quote.end + 1] in (".", "!", "?"):
        return None  # the first announces the second
    quoted = [span for span in (quote.quoted, later.quoted) if span]
    direct = DIRECT in (quote.form, later.form)
    return replace(
        quote,
        end=later.end,
        form=DIRECT if direct else MIXED if quoted else INDIRECT,
        quoted=(quoted[0][0], quoted[-1][1]) if quoted else None,
        interruption=gap if apart else quote.interruption,
    )


def _is_interrupted(text: str, quote: Quote, later: Quote, language: Language) -> bool:
    """Whether the attribution of both stands between them, and `later` is no quotation in a sentence of other words:
    `said Lund, who waited in a "long line"`.
    """
    cue = quote.voice.cue
    if cue is None or quote.interruption or not quote.end <= cue[0] < later.start:
        return False
    between = text[quote.end : later.start].rstrip(_OPENING_MARKS)
    quoted = later.quoted is not None and later.start == later.quoted[0]
    goes_on = language.patterns["goes_on"].search(between)
    return not (quoted and between[-1:].isalnum() and not goes_on)


def without_crossings(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without those that repeat one or begin in one and end outside it."""
    kept: list[Quote] = []
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
