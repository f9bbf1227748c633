"""Turns: who speaks in each paragraph of a transcript or an interview.

A turn begins with its speaker's name and a colon, with `Q:` or `A:`, with a dash, or it follows a question put to
`you` that is a paragraph of its own. Who asks speaks for the outlet; what the others say are their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from analysis.annotate.persons import Cast
from analysis.parse.blocks import QUESTION
from analysis.parse.document import Document, Paragraph
from analysis.parse.names import Mention
from analysis.text import fold

Span = tuple[int, int]

_OFTEN = 0.3  # of somebody's turns; who asks as often leads the talk
_FEWEST = 3  # labels; two may be datelines
_LONGEST_LABEL = 160  # characters, with what it says of the speaker
_LONGEST_GREETING = 14  # words of one sentence
ANSWER, TURN = "answer", "turn"  # forms of paragraphs
_QUESTION, _ANSWER = "(question)", "(answer)"  # for the speakers of turns without a label
_DASH = re.compile(r"[–—―-]\s*(?=[^\W\d_])")
_MARKS = "\"“„«'‘"
_STAGE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\W*")
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

    paragraph: Paragraph
    start: int
    key: str
    said: str = ""
    speaker: Span | None = None
    cue: Span | None = None


Turns = Mapping[int, Turn]  # by the number of the paragraph; {} for what is no transcript or interview


def find_turns(documents: Iterable[Document]) -> list[Turns]:
    """The turns of each article."""
    return [_turns_of(document) for document in documents]


def _turns_of(document: Document) -> Turns:
    body = [p for p in document.paragraphs if p.kind != "title"]
    openings = _labelled(document, body)
    askers = _askers(document, openings) if openings else {_QUESTION}
    openings = openings or _dashed(document, body) or _asked(document, body)
    nameless = {_ANSWER, *document.language["answer_label"]}
    if any(o.key in nameless for o in openings):
        speaker = _interviewed(document, openings, nameless)
        openings = [o._replace(speaker=speaker or o.speaker) if o.key in nameless else o for o in openings]
    return _turns(document, body, openings, askers) if openings else {}


def forms_of(turns: Turns) -> dict[int, str]:
    """The form of each paragraph that is a turn: question, answer, or turn where nobody asks."""
    asked = any(turn.asks for turn in turns.values())
    answer = ANSWER if asked else TURN
    return {number: QUESTION if turn.asks else answer for number, turn in turns.items()}


def _turns(
    document: Document, body: Iterable[Paragraph], openings: Iterable[_Opening], askers: set[str]
) -> Turns:
    """Each paragraph's turn: one without an opening goes on with the turn before it, the last turn no longer than others."""
    text = document.text
    by_number = {o.paragraph.number: o for o in openings}
    last = max(by_number)
    turns: dict[int, Turn] = {}
    current: _Opening | None = None
    size = longest = 0  # paragraphs of this turn, and of the longest before the last
    for paragraph in body:
        number, start, end = paragraph.number, paragraph.start, paragraph.end
        alone = number in by_number and by_number[number].start >= end  # the label is all of the paragraph
        size = 1 - alone if number in by_number else size + 1
        longest = max(longest, size) if number < last else longest
        if number in by_number:
            current = by_number[number]
            start = current.start
        elif (
            current is None
            or document.language.patterns["afterword"].match(text, start, end)
            or (number > last and size > longest)
        ):
            current = None
            continue
        remark = _STAGE.match(text, start, end)  # `(SOUNDBITE OF MUSIC)` is none of the turn's words
        start = min(remark.end(), end) if remark else min(start, end)
        greets = _greets(document, text[start:end])
        turns[number] = Turn(start, current.speaker, current.cue, current.key in askers, greets)
    return turns


def _greets(document: Document, words: str) -> bool:
    greeting = document.language.patterns["turn_greeting"]
    sentences = [s.strip() for s in _SENTENCE.findall(words) if s.strip(" \"'”’)-–—")]
    return all(greeting.fullmatch(s) and len(s.split()) <= _LONGEST_GREETING for s in sentences)


def _labelled(document: Document, body: Sequence[Paragraph]) -> list[_Opening]:
    """The openings by names with a colon, [] where they are too few or too far apart to be a transcript's."""
    openings = [o for p in body if (o := _labelled_opening(document, p))]
    if len(openings) < _FEWEST:
        return []
    keys = [o.key for o in openings]
    written = {o.key for o in openings if _is_written_so(document, o)}
    places = document.language["city"] | document.language["seat"]  # `LONDON: Two men were held.`
    known = [o for o in openings if keys.count(o.key) > 1 or (o.key in written and o.key not in places)]
    if len(known) < _FEWEST + (not written) or len({o.key for o in known}) < 2:
        return []
    spoken = document.language.patterns["spoken"]
    talking = sum(bool(spoken.search(document.text, o.start, o.paragraph.end)) for o in known)
    if not written and 2 * talking < len(known):
        return []
    first, last = known[0].paragraph.number, known[-1].paragraph.number
    return known if 2 * len(known) >= sum(first <= p.number <= last for p in body) else []


def _labelled_opening(document: Document, paragraph: Paragraph) -> _Opening | None:
    text, start, language = document.text, paragraph.start, document.language
    if ":" not in text[start : start + _LONGEST_LABEL] and text[start + 1 : start + 2] != ".":
        return None
    label = language.patterns["turn_label"].match(text, start, paragraph.end)
    if label is None or not language.patterns["turn_name"].match(label["name"]):
        return None
    words = fold(label["name"]).split()
    if not language["no_label"].isdisjoint(words):
        return None
    at = label.end("said")
    return _Opening(paragraph, label.end(), words[-1], label["said"], label.span("name"), (at, at + 1))


def _is_written_so(document: Document, opening: _Opening) -> bool:
    """Whether the label is one by its writing, in capitals or as `Question:`."""
    name = document.text[slice(*opening.speaker)] if opening.speaker else ""
    labels = document.language["question_label"] | document.language["answer_label"]
    return name.isupper() or opening.key in labels


def _askers(document: Document, openings: Sequence[_Opening]) -> set[str]:
    """Who asks: those whose label says so, else the one whose turns end in a question far more often than others' do."""
    asking, role = document.language["asking_label"], document.language.patterns["asking_role"]
    named = {o.key for o in openings if o.key in asking or role.search(o.said)}
    if named:
        return named
    asked: dict[str, list[bool]] = {}
    for o in openings:
        words = document.text[o.start : o.paragraph.end].rstrip('"”’) ')
        asked.setdefault(o.key, []).append(words.endswith("?"))
        if _has_title(document, o):
            asked[o.key].append(False)
    shares = sorted(((sum(own) / len(own), key) for key, own in asked.items()), reverse=True)
    most, key = shares[0]
    return {key} if most >= _OFTEN and 2 * shares[1][0] <= most else set()


def _has_title(document: Document, opening: _Opening) -> bool:
    """Whether the label begins with a title in capitals: `SEN. LUND`, `THE PRESIDENT`."""
    first = document.text[slice(*opening.speaker)].split()[0] if opening.speaker else ""
    titles = document.language["title"] | document.language["definite_article"]
    return first.isupper() and not titles.isdisjoint((fold(first), f"{fold(first)}."))


def _dashed(document: Document, body: Iterable[Paragraph]) -> list[_Opening]:
    """The openings by dashes, question and answer by turns."""
    found = [(p, dash) for p in body if (dash := _DASH.match(document.text, p.start))]
    asking = ["?" in document.text[dash.start() : p.end] for p, dash in found]
    questions, answers = asking[::2], asking[1::2]
    if len(found) < 2 or 3 * sum(questions) < 2 * len(questions) or sum(answers) >= sum(questions):
        return []
    return [_Opening(p, dash.end(), _ANSWER if i % 2 else _QUESTION) for i, (p, dash) in enumerate(found)]


def _asked(document: Document, body: Sequence[Paragraph]) -> list[_Opening]:
    """The openings of an interview whose questions are paragraphs without labels."""
    text, language = document.text, document.language
    marked = {number for number, line in document.lines if line.form == QUESTION}
    asks = [
        p.number in marked or (not marked and text[p.end - 1] == "?" and text[p.start] not in _MARKS)
        for p in body
    ]
    questions = [p for p, own in zip(body, asks, strict=True) if own]
    answers = [p for p, own, before in zip(body[1:], asks[1:], asks, strict=False) if before and not own]
    fewest = _FEWEST - _is_all_asked(body, asks)
    if len(questions) < fewest:
        return []
    yours = sum(bool(language.patterns["addresses"].search(text, p.start, p.end)) for p in questions)
    mine = sum(bool(language.patterns["first_person"].search(text, p.start, p.end)) for p in answers)
    if len(answers) < fewest or 2 * yours < len(questions) or 2 * mine < len(answers):
        return []
    openings = [_Opening(p, p.start, _QUESTION) for p in questions]
    return sorted(openings + [_Opening(p, p.start, _ANSWER) for p in answers], key=lambda o: o.start)


def _is_all_asked(body: Sequence[Paragraph], asks: Sequence[bool]) -> bool:
    """Whether from the first question on each second paragraph is one, so that nothing else is told."""
    first = asks.index(True) if True in asks else len(asks)
    told = [p.kind == "body" for p in body[first:]]
    return all(own == (n % 2 == 0) for n, own in enumerate(asks[first : first + sum(told)]))


def _interviewed(document: Document, openings: Sequence[_Opening], nameless: set[str]) -> Span | None:
    """Where the text names the person interviewed: `spoke to Anna Lund`, else whom the introduction names most often,
    else whom a question addresses.
    """
    people = Cast(document, {}).people
    first = openings[0].paragraph.start
    introduced = [(m, name) for m, name in people if m.start < first and " " in name]
    found = _introduced(document, [m for m, _ in introduced])
    if found is None and introduced:
        names = [name for _, name in introduced]
        found = introduced[names.index(max(dict.fromkeys(names), key=names.count))][0]
    if found is None:
        questions = [o.paragraph for o in openings if o.key not in nameless]
        addressed = (m for m, _ in people if any(p.start <= m.start < p.end for p in questions))
        found = next((m for m in addressed if _is_addressed(document.text, m)), None)
    return (found.start, found.end) if found else None


def _introduced(document: Document, mentions: Sequence[Mention]) -> Mention | None:
    """The first name after `spoke to` in its sentence."""
    for sentence in document.sentences:
        found = document.language.patterns["introduced"].search(document.text, sentence.start, sentence.end)
        inside = (m for m in mentions if found and found.end() <= m.start < sentence.end)
        if (mention := next(inside, None)) is not None:
            return mention
    return None


def _is_addressed(text: str, mention: Mention) -> bool:
    """Whether a name with a title stands between marks: `What do you make of it, Mr. Lund?`"""
    before = text[: mention.start - len(mention.title) - 1]
    after = text[mention.end : mention.end + 1]
    return bool(mention.title) and after in (",", "?") and before.endswith((", ", ": ", "\n"))
