"""Turns: who speaks in each paragraph of a transcript or an interview.

A turn begins with its speaker's name and a colon, with `Q:` or `A:`, with a dash, or it follows a question put to
`you` that is a paragraph of its own. Who asks speaks for the outlet; what the others say are their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.annotate.names import Cast
from analysis.parse.document import Paragraph
from analysis.parse.units import word_set
from analysis.text import fold

Span = tuple[int, int]

_OFTEN = 0.3  # of somebody's turns; who asks as often leads the talk
_FEWEST = 3  # labels; two may be datelines
_CAPITALS = r"(?:Mc|Mac|O['’])?[A-Z](?:[A-Z'’\-]+\.?|\.)"
_LABEL = re.compile(
    rf"(?P<name>{_CAPITALS}(?:\s{_CAPITALS}){{0,4}}|[QA](?=[:.])|Question(?=:)|Answer(?=:)|(?!\d)[\w.'’/\-]+(?:\s[\w.'’\-]+){{0,3}})"
    r"(?P<said>(?:,\s[^:\n\"“”]{2,80}?)?(?:\s?[(\[][^()\[\]\n]{2,60}[)\]])?)(?::|(?<=^[QA])\.|(?<=\n[QA])\.)(?=[\s\w\"“]|$)\s*"
)
_NAME = re.compile(r"(?:[A-Z][\w.'’/\-]*)(?:\s(?:(?:de|van|von|der|al|bin)\s)?[A-Z][\w.'’\-]*){0,3}$")
_ASKING = word_set("q question questioner reporter interviewer moderator host anchor press")
_NAMELESS = word_set("a answer")  # who answers, where no label names them
_ASKS = re.compile(r"\b(?:host|byline|anchor|reporter|correspondent|moderator|interviewer)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:SEN|REP|MR|MS|MRS|DR|GEN|GOV|AMB)\.?\s|(?:THE|SECRETARY|PRESIDENT|CHAIR\w*|JUDGE)\b"
)
_NO_LABELS = word_set(
    "note read watch see also more related photo photos video source sources credit update editor's warning listen "
    "subscribe share copyright tags topics topic exclusive opinion analysis fact claim verdict rating"
)
_DASH = re.compile(r"[–—―-]\s*(?=[^\W\d_])")
_MARKS = "\"“„«'‘"
_YOU = re.compile(r"\b(?:you|your|you're|you've)\b", re.IGNORECASE)
_I = re.compile(r"\b(?:I|I'm|I’m|I've|I’ve|my|me|we|our)\b")
_SPEECH = re.compile(r"\b(?:I|you|your|we|my|me|our)\b|[?]", re.IGNORECASE)
_AFTERWORD = re.compile(
    r"(?:this|the) (?:interview|conversation|transcript)\b|copyright\b|©|transcript (?:provided|by|created)|edited for (?:length|clarity)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?:interview(?:ed|s)?(?: with)?|(?:spoke|speaks|spoken|talk(?:ed|s)?|conversation|sat down) (?:to|with)|joined by|asked)\s"
)
_STAGE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\W*")
_GREETING = re.compile(
    r"(?:(?:well|and|oh|yes|hi|hello|hey|so)\b,?\s*)*(?:good (?:morning|afternoon|evening|day|night)|hello|hi|hey|welcome|"
    r"thanks|thank you|great to|good to|nice to|glad to be|happy to be|(?:it's |it’s |it is )?(?:a |my )?pleasure|appreciate|"
    r"bye|goodbye|take care|you bet|you're welcome|you’re welcome|of course|sure)\b[^.?!;]*",
    re.IGNORECASE,
)
_LONGEST_GREETING = 14  # words of one sentence
_SENTENCE = re.compile(r"[^.?!…]+")


class Turn(NamedTuple):
    """A paragraph's part in a turn: its words without the label, and whose they are; `asks`: the outlet's own."""

    start: int
    speaker: Span | None
    cue: Span | None
    asks: bool
    greets: bool = False


class _Opening(NamedTuple):
    """What opens a turn; those of one `key` are of one speaker."""

    number: int
    start: int
    key: str
    said: str
    speaker: Span | None
    cue: Span | None


def find_turns(text: str, paragraphs: Sequence[Paragraph]) -> dict[int, Turn]:
    """The turns by the number of the paragraph, {} for what is no transcript or interview."""
    body = [p for p in paragraphs if p[1] != "title"]
    openings = _labelled(text, body)
    askers = _askers(text, body, openings) if openings else {"q"}
    openings = openings or _dashed(text, body) or _asked(text, body)
    if any(o.key in _NAMELESS for o in openings):
        speaker = _introduced(text, paragraphs, openings)
        openings = [o._replace(speaker=speaker or o.speaker) if o.key in _NAMELESS else o for o in openings]
    return _turns(text, body, openings, askers) if openings else {}


def _turns(
    text: str, body: Iterable[Paragraph], openings: Iterable[_Opening], askers: set[str]
) -> dict[int, Turn]:
    """Each paragraph's turn: one without an opening goes on with the turn before it, the last turn no longer than others."""
    by_number = {o.number: o for o in openings}
    last = max(by_number)
    turns: dict[int, Turn] = {}
    current: _Opening | None = None
    size = longest = 0  # paragraphs of this turn, and of the longest before the last
    for number, _, spans in body:
        start, end = spans[0][0], spans[-1][1]
        alone = number in by_number and by_number[number].start >= end  # the label is all of the paragraph
        size = 1 - alone if number in by_number else size + 1
        longest = max(longest, size) if number < last else longest
        if number in by_number:
            current = by_number[number]
            start = current.start
        elif current is None or _AFTERWORD.match(text, start, end) or (number > last and size > longest):
            current = None
            continue
        start = min(start + len(_stage(text, start, end)), end)
        turns[number] = Turn(
            start, current.speaker, current.cue, current.key in askers, _greets(text[start:end])
        )
    return turns


def _stage(text: str, start: int, end: int) -> str:
    """`(SOUNDBITE OF MUSIC)`: a remark in brackets that opens a turn is none of its words."""
    remark = _STAGE.match(text, start, end)
    return remark.group() if remark else ""


def _greets(words: str) -> bool:
    sentences = [s.strip() for s in _SENTENCE.findall(words) if s.strip(" \"'”’)-–—")]
    return all(_GREETING.fullmatch(s) and len(s.split()) <= _LONGEST_GREETING for s in sentences)


def _labelled(text: str, body: Sequence[Paragraph]) -> list[_Opening]:
    """The openings by names with a colon, [] where they are too few or too far apart to be a transcript's."""
    openings = [o for p in body if (o := _labelled_opening(text, p))]
    if len(openings) < _FEWEST:
        return []
    keys = [o.key for o in openings]
    written = {o.key for o in openings if _in_capitals(text, o)}
    known = [o for o in openings if o.key in written or keys.count(o.key) > 1]
    if len(known) < _FEWEST + (not written) or len({o.key for o in known}) < 2:
        return []
    ends = {number: spans[-1][1] for number, _, spans in body}
    spoken = sum(bool(_SPEECH.search(text, o.start, ends[o.number])) for o in known)
    if not written and 2 * spoken < len(known):
        return []
    between = [number for number, _, _ in body if known[0].number <= number <= known[-1].number]
    return known if 2 * len(known) >= len(between) else []


def _labelled_opening(text: str, paragraph: Paragraph) -> _Opening | None:
    number, _, spans = paragraph
    start, end = spans[0][0], spans[-1][1]
    if ":" not in text[start : start + 160] and text[start : start + 2] not in ("Q.", "A."):
        return None
    label = _LABEL.match(text, start, end)
    if label is None or not _NAME.match(label["name"]):
        return None
    words = fold(label["name"]).split()
    if not _NO_LABELS.isdisjoint(words):
        return None
    at = label.end("said")
    return _Opening(number, label.end(), words[-1], label["said"], label.span("name"), (at, at + 1))


def _in_capitals(text: str, opening: _Opening) -> bool:
    name = text[slice(*opening.speaker)] if opening.speaker else ""
    return name.isupper() or opening.key in ("question", "answer")


def _askers(text: str, body: Iterable[Paragraph], openings: Sequence[_Opening]) -> set[str]:
    """Who asks: those whose label says so, else the one whose turns end in a question far more often than others' do."""
    named = {o.key for o in openings if o.key in _ASKING or _ASKS.search(o.said)}
    if named:
        return named
    ends = {number: spans[-1][1] for number, _, spans in body}
    asked: dict[str, list[bool]] = {}
    for o in openings:
        asked.setdefault(o.key, []).append(text[o.start : ends[o.number]].rstrip('"”’) ').endswith("?"))
        if o.speaker and _OFFICE.match(text, o.speaker[0]):
            asked[o.key].append(False)
    shares = sorted(((sum(own) / len(own), key) for key, own in asked.items()), reverse=True)
    most, key = shares[0]
    return {key} if most >= _OFTEN and 2 * shares[1][0] <= most else set()


def _dashed(text: str, body: Iterable[Paragraph]) -> list[_Opening]:
    """The openings by dashes, question and answer by turns."""
    found = [(p, dash) for p in body if (dash := _DASH.match(text, p[2][0][0]))]
    asking = ["?" in text[dash.start() : p[2][-1][1]] for p, dash in found]
    questions, answers = asking[::2], asking[1::2]
    if len(found) < 2 or 3 * sum(questions) < 2 * len(questions) or sum(answers) >= sum(questions):
        return []
    return [
        _Opening(p[0], dash.end(), "a" if i % 2 else "q", "", None, None) for i, (p, dash) in enumerate(found)
    ]


def _asked(text: str, body: Sequence[Paragraph]) -> list[_Opening]:
    """The openings of an interview whose questions are paragraphs without labels."""
    asking = {n for n, _, spans in body if text[spans[-1][1] - 1] == "?" and text[spans[0][0]] not in _MARKS}
    if len(asking) < _FEWEST:
        return []
    openings: list[_Opening] = []
    yours: list[bool] = []
    mine: list[bool] = []
    before = False  # whether the paragraph before asks
    for number, _, spans in body:
        start, end = spans[0][0], spans[-1][1]
        if number in asking:
            openings.append(_Opening(number, start, "q", "", None, None))
            yours.append(bool(_YOU.search(text, start, end)))
        elif before:
            openings.append(_Opening(number, start, "a", "", None, None))
            mine.append(bool(_I.search(text, start, end)))
        before = number in asking
    fits = len(mine) >= _FEWEST and 2 * sum(yours) >= len(yours) and 2 * sum(mine) >= len(mine)
    return openings if fits else []


def _introduced(text: str, paragraphs: Sequence[Paragraph], openings: Sequence[_Opening]) -> Span | None:
    """Where the text names the person interviewed: `spoke to Anna Lund`, else whom the introduction names most often,
    else whom a question addresses.
    """
    spans = [span for number, _, own in paragraphs if number < openings[0].number for span in own]
    people = [(m, name) for m, name in Cast(text, spans, {}).people if len(name.split()) > 1]
    for start, end in spans:
        introduced = _INTRODUCED.search(text, start, end)
        if introduced:
            for mention, _ in people:
                if introduced.end() <= mention.start < end:
                    return mention.start, mention.end
    names = [name for _, name in people]
    if names:
        most = max(dict.fromkeys(names), key=names.count)
        mention = next(m for m, name in people if name == most)
        return mention.start, mention.end
    asking = {o.number for o in openings if o.key not in _NAMELESS}
    asked = [span for number, _, own in paragraphs if number in asking for span in own]
    for mention, _ in Cast(text, asked, {}).people:
        addressed = text[mention.end : mention.end + 1] in (",", "?")
        if (
            mention.title
            and addressed
            and text[: mention.start - len(mention.title) - 1].endswith((", ", ": ", "\n"))
        ):
            return mention.start, mention.end
    return None
