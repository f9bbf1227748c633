"""Stance: who holds which position on the codebook's targets, read with negation, denial and doubt."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

import pandas as pd

from analysis.annotate.voices import AUTHOR, REPORTED, Voice, Voices, shared_voice
from analysis.codebook import Code, Codebook, Target, indicators_of
from analysis.indicators import Hit, Indicators
from analysis.parse.document import Document, Sentence
from analysis.parse.scopes import OPEN, OPPOSITE, find_clause_ends, find_holding
from analysis.tables import STANCE
from analysis.text import fold

NEUTRAL = "neutral"
_ASCRIBED = " ascribed"
_ABOUT, _CONTEXT = "about", "context"
SHORT = 2  # sentences of a paragraph that may go on with the one before


class Position(NamedTuple):
    """A position, the words that show it and the voices of the first and last of these; `ascribed` to somebody else than
    who speaks ("rejects").
    """

    target: str
    stance: str
    start: int
    end: int
    indicator: str
    said_by: tuple[Voice, Voice]
    ascribed: bool = False


# article, sentence, target, stance, start, end, indicator, voice, source
_Row = tuple[str, str, str, str, int, int, str, str | None, str | None]


def find_stance(
    documents: Sequence[Document], quotes: pd.DataFrame, voices: Voices, codebook: Codebook
) -> pd.DataFrame:
    """One row for each position on each target that a holder takes in a sentence, at the words that show it.

    A position counts where its target is named in the sentence or in the one before it in the paragraph; where a
    paragraph of a sentence or two begins, in the one before it if its pronouns may point there. The holder is the author, or
    the source whose quotation, reported speech or attitude it is; `source_id` is NA where an attitude is ascribed to
    somebody who is never quoted. A sentence that names a target without any position is one row, neutral, where the
    codebook counts that. A position may bring one on another target with it, where the sentence names that one, too
    (the codebook's `implies`). What is negated, denied or doubted counts for the opposite position; what is asked,
    conditional or undecided for none.
    """
    rules = {code: _Rules(target) for code, target in codebook.targets.items()}
    speakers = _speakers(quotes)
    rows: list[_Row] = []
    for document in documents:
        own = speakers.get(document.article_id, {})
        for s, positions in _positions(document, voices, rules):
            named = [(t.start, own[t.lower]) for t in s.tokens if t.lower in own] if positions else []
            for position in positions:
                voice = shared_voice(*position.said_by)
                if position.ascribed and voice[0] in (AUTHOR, None):
                    before = bisect_left(named, position.start, key=itemgetter(0))
                    voice = (REPORTED, named[before - 1][1] if before else None)
                rows.append((s.article_id, s.sentence_id, *position[:5], *voice))
    return STANCE.of_tuples(_one_per_holder(rows))


def _speakers(quotes: pd.DataFrame) -> Mapping[str, dict[str, str]]:
    """The source behind each last word of a speaker's name, by article."""
    speakers: dict[str, dict[str, str]] = defaultdict(dict)
    named = quotes.dropna(subset=["speaker", "source_id"])
    for article, speaker, source in zip(
        named["article_id"], named["speaker"], named["source_id"], strict=True
    ):
        last = speaker.split()[-1]
        if last != last.lower():
            speakers[article].setdefault(fold(last), source)
    return speakers


def _one_per_holder(found: Sequence[_Row]) -> list[_Row]:
    """One row for each holder of a sentence: the position with most indicators, of equals the later."""
    held: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for n in sorted(range(len(found)), key=lambda n: found[n][4:6]):
        _, sentence, target, _, _, _, _, *voice = found[n]
        held[sentence, target, *voice].append(n)
    kept = []
    for numbers in held.values():
        most = Counter(found[n][3] for n in reversed(numbers)).most_common(1)[0][0]
        kept.append(next(n for n in numbers if found[n][3] == most))
    return [found[n] for n in sorted(kept)]


def _positions(
    document: Document, voices: Voices, rules: Mapping[str, _Rules]
) -> Iterator[tuple[Sentence, list[Position]]]:
    """Each sentence with the positions in it whose target is in view."""
    lengths = Counter(s.paragraph for s in document.sentences)
    before: Sentence | None = None
    named: set[str] = set()
    for s in document.sentences:
        in_view = named if before and _goes_on(s, before, lengths[s.paragraph]) else set()
        mentions = {code: rule.views.find(s.tokens) for code, rule in rules.items()}
        named = {code for code, hits in mentions.items() if hits}
        spoken_of = {code: rule for code, rule in rules.items() if code in named | in_view}
        yield s, list(_taken(s, spoken_of, mentions, voices.of_tokens[s.sentence_id])) if spoken_of else []
        before = s


def _goes_on(sentence: Sentence, before: Sentence, length: int) -> bool:
    """Whether what the sentence before names is still in view; `length` is the number of sentences in its paragraph.

    Where paragraphs are of a sentence or two, as agencies write, a new one need be no new subject.
    """
    if sentence.paragraph == before.paragraph:
        return True
    pointing_back = sentence.language["pointing_back"]
    return length <= SHORT and any(token.lower in pointing_back for token in sentence.tokens)


def _taken(
    sentence: Sentence,
    rules: Mapping[str, _Rules],
    mentions: Mapping[str, Sequence[Hit]],
    voices: Sequence[Voice],
) -> Iterator[Position]:
    """The positions of a sentence on the targets in view; those it names may be implied by others, or be neutral."""
    said = {code: list(rule.positions(sentence, voices)) for code, rule in rules.items()}
    for code, rule in rules.items():
        yield from said[code]
        plainly = next((hit for hit in mentions[code] if hit.code == _ABOUT), None)
        if plainly is None:
            continue
        implied = [
            position._replace(target=code, stance=values[position.stance])
            for position in chain(*said.values())
            if position.stance in (values := rules[position.target].target.implies.get(code, {}))
        ]
        yield from implied
        if not said[code] and not implied and NEUTRAL in rule.target.positions:
            by = _said_by(plainly, [t.start for t in sentence.tokens], voices)
            yield Position(code, NEUTRAL, plainly.start, plainly.end, plainly.indicator, by)


class _Rules:
    """The indicators of one target, ready to find in a sentence what brings it into `views`, and its positions."""

    def __init__(self, target: Target) -> None:
        self.target = target
        ascribed = {value + _ASCRIBED: words for value, words in target.attitudes.items()}
        self.views = _found_by({_ABOUT: target.indicators, _CONTEXT: target.context}, target.exceptions)
        self._positions = _found_by({**target.positions, **ascribed}, target.exceptions)
        values = [value for value in target.positions if value != NEUTRAL]
        # Of more than two values none is the opposite of another.
        self._opposites = dict(zip(values, reversed(values), strict=True)) if len(values) == 2 else {}

    def positions(self, sentence: Sentence, voices: Sequence[Voice]) -> Iterator[Position]:
        """Every position of a sentence, the target taken to be in view; not neutral.

        `voices` are those of the tokens: what one voice says leaves another's positions alone.
        """
        starts = [t.start for t in sentence.tokens]
        said_by = {hit: _said_by(hit, starts, voices) for hit in self._positions.find(sentence.tokens)}
        hits = _longest(said_by)
        if not hits:
            return
        ascribed = _ascribed(hits, said_by, sentence)
        for hit, around in zip(hits, find_holding(sentence.scopes, [hit.start for hit in hits]), strict=True):
            kinds = [scope.kind for scope in around]
            if stance := self._stance(hit, kinds, sentence):
                words = (hit.start, hit.end, hit.indicator)
                yield Position(self.target.code, stance, *words, said_by[hit], hit in ascribed)

    def _stance(self, hit: Hit, scopes: Sequence[str], sentence: Sentence) -> str:
        """The position that a hit within these kinds of scopes shows; empty where it shows none."""
        stance, is_attitude, _ = hit.code.partition(_ASCRIBED)
        if OPEN.intersection(scopes):
            return ""
        turned = sum(kind in OPPOSITE for kind in scopes) % 2
        if not turned or _presupposed(hit, sentence):
            return stance
        return "" if is_attitude else self._opposites.get(stance, "")  # not to reject is not to support


def _found_by(words: Mapping[str, tuple[str, ...]], exceptions: tuple[str, ...]) -> Indicators:
    codes = (Code(code, code, indicators=own, exceptions=exceptions) for code, own in words.items())
    return indicators_of({code.code: code for code in codes})


def _said_by(hit: Hit, starts: Sequence[int], voices: Sequence[Voice]) -> tuple[Voice, Voice]:
    """The voices of a hit's first and last word."""
    return voices[bisect_right(starts, hit.start) - 1], voices[bisect_right(starts, hit.end - 1) - 1]


def _longest(said_by: Mapping[Hit, tuple[Voice, Voice]]) -> list[Hit]:
    """The hits that none of another code covers, said by the same."""
    covered: set[Hit] = set()
    before: list[Hit] = []  # those that may cover more
    for hit in sorted(said_by, key=lambda h: (h.start, -h.end)):
        before = [o for o in before if o.end > hit.start]
        if any(o.code != hit.code and said_by[o] == said_by[hit] and _inside(hit, o) for o in before):
            covered.add(hit)
        before.append(hit)
    return [hit for hit in said_by if hit not in covered]


def _inside(hit: Hit, other: Hit) -> bool:
    """Whether `other` covers `hit` and more: of two readings the longer counts."""
    return hit.end <= other.end and hit.end - hit.start < other.end - other.start


def _ascribed(
    hits: Sequence[Hit], said_by: Mapping[Hit, tuple[Voice, Voice]], sentence: Sentence
) -> set[Hit]:
    """The attitudes among the hits, and what follows one in its clause in the same voice: "fears a bad deal"."""
    attitudes = [hit for hit in hits if hit.code.endswith(_ASCRIBED)]
    clauses = find_clause_ends(sentence.tokens, [hit.end for hit in attitudes], sentence.language)
    waiting = deque(zip(attitudes, clauses, strict=True))
    reach: dict[Voice, int] = {}  # how far the attitudes go that began before, by whose they are
    found = set()
    for hit in hits:
        while waiting and waiting[0][0].start <= hit.start:
            attitude, clause = waiting.popleft()
            whose = said_by[attitude][0]
            reach[whose] = max(reach.get(whose, 0), clause)
        if hit.start < reach.get(said_by[hit][0], 0):
            found.add(hit)
    return found


def _presupposed(hit: Hit, sentence: Sentence) -> bool:
    """Whether the words are taken for granted, as in "did not give up its maximalist aims"."""
    before = bisect_left(sentence.tokens, hit.start, key=attrgetter("start"))
    return before > 0 and sentence.tokens[before - 1].lower in sentence.language["definite"]
