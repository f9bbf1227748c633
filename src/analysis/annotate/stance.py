"""Stance: who holds which position on the codebook's targets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.annotate.evidence import find_evidence_voice
from analysis.annotate.scope import OPEN, OPPOSITE, find_clause_end, find_scopes
from analysis.annotate.voice import AUTHOR, REPORTED
from analysis.codebook import Codebook, Target
from analysis.indicators import Hit, Indicators
from analysis.tables import STANCE
from analysis.text import Token, fold, split_tokens

NEUTRAL = "neutral"
_NOBODY_QUOTED = ""
_ASCRIBED = " ascribed"
_DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "its", "his", "her", "their", "our", "your", "my"}
)
_FOUND = ["article_id", "sentence_id", "target", "stance", "start", "end", "indicator", "ascribed_to"]
_HOLDER = ["sentence_id", "target", "voice", "source_id"]


def find_stance(
    articles: pd.DataFrame, sentences: pd.DataFrame, quotes: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """One row for each position on each target that a holder takes in a sentence, at the words that show it.

    The holder is the author, or the source whose quotation or reported speech or attitude it is; `source_id` is NA
    where an attitude is ascribed to somebody who is never quoted. A sentence about a target in which nobody takes
    a position is one row, neutral. What is negated, denied or doubted counts for the opposite position; what is
    asked, conditional or undecided for none.
    """
    rules = [_Rules(target) for target in codebook.targets.values()]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    speakers = _speakers(quotes)
    rows: list[tuple[object, ...]] = []
    before: tuple[str, object] | None = None
    in_view: set[str] = set()
    for s in sentences.itertuples(index=False):
        tokens = split_tokens(texts[s.article_id][s.start : s.end], s.start)
        if (s.article_id, s.paragraph) != before:
            before, in_view = (s.article_id, s.paragraph), set()
        named = {r.target.code for r in rules if r.mentions(tokens)}
        for rule in rules:
            code = rule.target.code
            if code not in named | in_view:
                continue
            found = [
                (
                    *(s.article_id, s.sentence_id, code, value, hit.start, hit.end, hit.indicator),
                    _speaker_before(hit.start, tokens, speakers.get(s.article_id, {})) if ascribed else None,
                )
                for value, hit, ascribed in rule.positions(tokens)
            ]
            if not found and code in named and rule.has_neutral:
                about = rule.mentions(tokens)[0]
                found = [
                    (
                        s.article_id,
                        s.sentence_id,
                        code,
                        NEUTRAL,
                        about.start,
                        about.end,
                        about.indicator,
                        None,
                    )
                ]
            rows += found
        in_view = named
    positions = pd.DataFrame(rows, columns=_FOUND)
    positions = positions.join(find_evidence_voice(positions, quotes))
    ascribed = positions["ascribed_to"].notna() & (positions["voice"].fillna(AUTHOR) == AUTHOR)
    positions.loc[ascribed, "source_id"] = positions["ascribed_to"].replace(_NOBODY_QUOTED, pd.NA)
    positions.loc[ascribed, "voice"] = REPORTED
    return STANCE.make(_one_per_holder(positions).drop(columns="ascribed_to"))


@dataclass(frozen=True)
class _Rules:
    """The indicators of one target, ready to find."""

    target: Target

    @cached_property
    def _about(self) -> Indicators:
        return Indicators(
            {self.target.code: self.target.indicators}, {self.target.code: self.target.exceptions}
        )

    @cached_property
    def _positions(self) -> Indicators:
        ascribed = {value + _ASCRIBED: words for value, words in self.target.attitudes.items()}
        codes = {**self.target.positions, **ascribed}
        return Indicators(codes, dict.fromkeys(codes, self.target.exceptions))

    @property
    def has_neutral(self) -> bool:
        """Whether speaking of the target without a position is a finding."""
        return NEUTRAL in self.target.positions

    def mentions(self, tokens: Sequence[Token]) -> list[Hit]:
        return self._about.find(tokens)

    def positions(self, tokens: Sequence[Token]) -> list[tuple[str, Hit, bool]]:
        """Every position taken: value, where, and whether it is ascribed to somebody other than who writes."""
        hits = self._positions.find(tokens)
        hits = [h for h in hits if not any(h.code != o.code and _inside(h, o) for o in hits)]
        scopes = find_scopes(tokens) if hits else []
        # What follows an attitude in its clause belongs to it: "fears a bad deal".
        attitudes = [(h.start, find_clause_end(tokens, h.end)) for h in hits if h.code.endswith(_ASCRIBED)]
        taken = []
        for hit in hits:
            value, ascribed, _ = hit.code.partition(_ASCRIBED)
            kinds = [scope.kind for scope in scopes if scope.cue < hit.start and scope.holds(hit.start)]
            if OPEN.intersection(kinds):
                continue
            if sum(kind in OPPOSITE for kind in kinds) % 2 and not _presupposed(hit, tokens):
                value = "" if ascribed else self.opposite(value)  # not to reject is not yet to support
            if value:
                taken.append((value, hit, any(a <= hit.start < b for a, b in attitudes)))
        return taken

    def opposite(self, value: str) -> str:
        """The other of two positions; empty where there are more than two."""
        others = [v for v in self.target.positions if v not in (value, NEUTRAL)]
        return others[0] if len(others) == 1 else ""


def _inside(hit: Hit, other: Hit) -> bool:
    """Whether `other` covers `hit` and more: of two readings the longer counts."""
    return other.start <= hit.start and hit.end <= other.end and hit.end - hit.start < other.end - other.start


def _presupposed(hit: Hit, tokens: Sequence[Token]) -> bool:
    """Whether the words are taken for granted, as in "did not give up its maximalist aims"."""
    before = [t.lower for t in tokens if t.start < hit.start]
    return bool(before) and before[-1] in _DEFINITE


def _speakers(quotes: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The source behind each last word of a speaker's name, by article."""
    speakers: dict[str, dict[str, str]] = defaultdict(dict)
    named = quotes.dropna(subset=["speaker", "source_id"])
    for article, speaker, source in zip(
        named["article_id"], named["speaker"], named["source_id"], strict=True
    ):
        if (last := speaker.split()[-1]) != last.lower():
            speakers[article].setdefault(fold(last), source)
    return speakers


def _speaker_before(start: int, tokens: Sequence[Token], speakers: Mapping[str, str]) -> str:
    """The source named last before `start`; _NOBODY_QUOTED where none is."""
    before = [speakers[t.lower] for t in tokens if t.start < start and t.lower in speakers]
    return before[-1] if before else _NOBODY_QUOTED


def _one_per_holder(positions: pd.DataFrame) -> pd.DataFrame:
    """One row for each holder in a sentence: the position with most indicators, of equals the later."""
    kept = []
    for _, group in positions.groupby(_HOLDER, sort=False, dropna=False):
        counts = Counter(group["stance"])
        most = max(counts.values())
        last = next(v for v in reversed(list(group.sort_values("start")["stance"])) if counts[v] == most)
        kept.append(group[group["stance"] == last].sort_values(["start", "end"]).index[0])
    return positions.loc[kept]
