"""Quotation marks: which opens, which closes, and what stands between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from analysis.language import Language

# The patterns begin with the mark itself, for which Python looks many times as fast as for what must stand around it.
_DOUBLE = re.compile(r"[\"“”„«»‟″'`‘’](?:(?<=[\"“”„«»‟″])|(?<=')'|(?<=`)`|(?<=‘)‘|(?<=’)’)")
_ONLY_OPEN = {"“", "„", "«", "``", "‘‘", "‟"}
_ONLY_CLOSE = {"”", "»", "’’"}
_SINGLE_OPEN = re.compile(r"['‘](?<![\w'’.,!?].)(?=[^\W\d])")
_SINGLE_CLOSE = re.compile(r"['’](?<=[^\s'‘].)(?!\w)")
_SINGLE_END = re.compile(r"[.,!?…]['’](?!\w)")
_BEFORE_OPENING = " \t\n\u00a0([{—–-/‘'"


class Quotation(NamedTuple):
    """A stretch in quotation marks; `inner` leaves the marks out. Unclosed ones run to the paragraph's end."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool


def find_quotations(text: str, start: int, end: int, language: Language) -> list[Quotation]:
    """The outermost quotations of the paragraph text[start:end], in order and without overlap."""
    double = list(_pair_double(text, start, end))
    around = list(_single_around(text, start, end, double, language)) if double else []
    double = [q for q in double if not any(a.start < q.start < a.end for a in around)] + around
    double.sort()
    return sorted(double + list(_pair_single(text, start, end, double, language)))


def _pair_double(text: str, start: int, end: int) -> Iterator[Quotation]:
    marks = [
        (m.start(), m.end(), _directions(text, m.start(), m.end(), start, end))
        for m in _DOUBLE.finditer(text, start, end)
    ]
    if not marks:
        return
    closing = _count_after(can_close for _, _, (_, can_close) in marks)
    only_opening = _count_after(can_open and not can_close for _, _, (can_open, can_close) in marks)
    opened: tuple[int, int] | None = None
    depth = 0
    for i, (a, b, (can_open, can_close)) in enumerate(marks):
        if opened is None:
            if can_open:
                opened, depth = (a, b), 1
        elif (can_close and not (can_open and text[a - 1].isspace())) or (
            text[opened[0]] == "„" and text[a] == "“" and not text[a - 1].isspace()
        ):  # a German quotation closes with the mark that opens an English one
            depth -= 1
            if depth == 0:
                yield Quotation(opened[0], b, opened[1], a, True)
                opened = None
        elif can_open:
            if closing[i] >= depth + 1 + only_opening[i]:
                depth += 1
            else:
                yield _unclosed(text, opened, a)
                opened, depth = (a, b), 1
    if opened is not None:
        yield _unclosed(text, opened, end)


def _count_after(flags: Iterable[bool]) -> list[int]:
    """For each place how many of the later ones are true."""
    counts = list(accumulate(reversed(list(flags)), initial=0))
    return counts[-2::-1]


def _unclosed(text: str, opened: tuple[int, int], end: int) -> Quotation:
    inner_end = opened[1] + len(text[opened[1] : end].rstrip())
    return Quotation(opened[0], inner_end, opened[1], inner_end, False)


def _directions(text: str, a: int, b: int, start: int, end: int) -> tuple[bool, bool]:
    """Whether the mark text[a:b] can open and whether it can close, by its form and its neighbours."""
    mark = text[a:b]
    before = text[a - 1] if a > start else " "
    after = text[b] if b < end else " "
    if mark in _ONLY_OPEN:
        return True, False
    could_open = before in _BEFORE_OPENING and not after.isspace()
    if mark in _ONLY_CLOSE:
        return could_open and before.isspace(), True
    return could_open, not before.isspace() or after.isspace()


LONGEST_SINGLE = 2000  # characters; without a bound, a text full of stray marks takes time by their square


def _pair_single(
    text: str, start: int, end: int, double: list[Quotation], language: Language
) -> Iterator[Quotation]:
    """Quotations in single marks outside the double ones; apostrophes are neither."""
    gaps = zip([start, *(q.end for q in double)], [*(q.start for q in double), end], strict=True)
    for a, b in gaps:
        at = a
        while opening := _SINGLE_OPEN.search(text, at, b):
            at = opening.end()
            if language.patterns["shortened_start"].match(text, opening.start()):
                continue
            close = _single_close(text, opening.end(), min(b, opening.end() + LONGEST_SINGLE))
            if close is not None:
                yield Quotation(opening.start(), close + 1, opening.end(), close, True)
                at = close + 1


def _single_around(
    text: str, start: int, end: int, double: list[Quotation], language: Language
) -> Iterator[Quotation]:
    """Quotations in single marks that hold double ones and end with a mark: `‘They said “no” to us,’ she said`."""
    at = start
    for inner in double:
        if inner.start < at or not inner.closed:
            continue
        opening = next(
            (
                m
                for m in _SINGLE_OPEN.finditer(text, at, inner.start)
                if not language.patterns["shortened_start"].match(text, m.start())
                and _single_close(text, m.end(), inner.start) is None
            ),
            None,
        )
        at = inner.end
        if opening is None:
            continue
        holds = [q for q in double if q.start > opening.start()]
        for close in _SINGLE_END.finditer(text, inner.end, min(end, opening.end() + LONGEST_SINGLE)):
            if not any(q.start < close.start() < q.end for q in holds):
                yield Quotation(opening.start(), close.end(), opening.end(), close.end() - 1, True)
                at = close.end()
                break


def _single_close(text: str, a: int, b: int) -> int | None:
    """Where the single quotation closes; a plural's apostrophe only if nothing else does."""
    plural = None
    for m in _SINGLE_CLOSE.finditer(text, a, b):
        if text[m.start() - 1] == "s" and re.match(r"\s+[a-z]", text[m.end() : m.end() + 3]):
            plural = plural or m.start()
        else:
            return m.start()
    return plural
