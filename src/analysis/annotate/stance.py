"""Stance: who holds which position on the codebook's targets."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

import pandas as pd

from analysis.annotate.positions import Position, Positions
from analysis.annotate.voices import AUTHOR, REPORTED, Voices
from analysis.codebook import Codebook, Target
from analysis.indicators import Hit
from analysis.parse.document import Document, Sentence
from analysis.tables import STANCE
from analysis.text import Token, fold

_FOUND = ["article_id", "sentence_id", *Position._fields[:-1], "voice", "source_id"]
SHORT = 2  # sentences of a paragraph that may go on with the one before
_HOLDER = ["sentence_id", "target", "voice", "source_id"]


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
    rules = [Positions(target) for target in codebook.targets.values()]
    speakers = _speakers(quotes)
    rows = []
    for document in documents:
        own = speakers.get(document.article_id, {})
        for s, positions in _positions(document, voices, rules):
            named = _speakers_named(s.tokens, own) if positions else []
            for position in positions:
                voice = voices.of_span(s.article_id, position.start, position.end)
                if position.ascribed and voice[0] in (AUTHOR, None):
                    before = bisect_left(named, position.start, key=itemgetter(0))
                    voice = (REPORTED, named[before - 1][1] if before else None)
                rows.append((s.article_id, s.sentence_id, *position[:-1], *voice))
    return STANCE.make(_one_per_holder(pd.DataFrame(rows, columns=_FOUND)))


def _positions(
    document: Document, voices: Voices, rules: Sequence[Positions]
) -> Iterator[tuple[Sentence, list[Position]]]:
    """Each sentence with the positions in it whose target is in view."""
    lengths = Counter(s.paragraph for s in document.sentences)
    before: Sentence | None = None
    named: set[str] = set()
    for s in document.sentences:
        in_view = named if before and _goes_on(s, before, lengths[s.paragraph]) else set()
        mentions = {rule.target.code: rule.find_mentions(s.tokens) for rule in rules}
        named = {code for code, hits in mentions.items() if hits}
        spoken_of = [rule for rule in rules if rule.target.code in named | in_view]
        yield s, list(_taken(s, spoken_of, mentions, voices)) if spoken_of else []
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
    sentence: Sentence, rules: Sequence[Positions], mentions: Mapping[str, Sequence[Hit]], voices: Voices
) -> Iterator[Position]:
    """The positions of a sentence on the targets in view; those it names may be implied by others, or be neutral."""
    targets = {rule.target.code: rule.target for rule in rules}
    whose = voices.of_tokens(sentence)
    said = {code: rule.find(sentence, whose) for code, rule in zip(targets, rules, strict=True)}
    for rule in rules:
        own = said[rule.target.code]
        yield from own
        if plainly := rule.named(mentions[rule.target.code]):
            implied = [p for q in chain(*said.values()) if (p := _implied(q, rule.target, targets))]
            yield from implied if own or implied else rule.neutral(plainly)


def _implied(position: Position, target: Target, targets: Mapping[str, Target]) -> Position | None:
    """The position on the target that one on another target brings with it, if the codebook says so."""
    values = targets[position.target].implies.get(target.code, {})
    return (
        position._replace(target=target.code, stance=values[position.stance])
        if position.stance in values
        else None
    )


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


def _speakers_named(tokens: Sequence[Token], speakers: Mapping[str, str]) -> list[tuple[int, str]]:
    """Where a sentence names whom the article quotes, and which source each is."""
    return [(t.start, speakers[t.lower]) for t in tokens if t.lower in speakers]


def _one_per_holder(found: pd.DataFrame) -> pd.DataFrame:
    """One row for each holder of a sentence: the position with most indicators, of equals the later."""
    kept = []
    for _, group in found.sort_values(["start", "end"]).groupby(_HOLDER, sort=False, dropna=False):
        counts = Counter(reversed(list(group["stance"])))
        kept.append(group.index[group["stance"] == counts.most_common(1)[0][0]][0])
    return found.loc[sorted(kept)]
