"""Refusals: who was asked and gave no answer, as far as the article says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from analysis.annotate.quotes.cues import group_start
from analysis.annotate.voices import QUOTED, Voices
from analysis.codebook import Code, Codebook, indicators_of
from analysis.language import Language
from analysis.parse.document import Document
from analysis.parse.noun_phrases import main_subject, noun_phrase_after, subject_before
from analysis.parse.units import LONGEST_SENTENCE, Unit
from analysis.tables import REFUSALS
from analysis.text import fold


def find_refusals(documents: Sequence[Document], voices: Voices, codebook: Codebook) -> pd.DataFrame:
    """The table `refusals`, in the order of the texts: `the ministry did not respond`, `she declined to comment`.

    A refusal hands over no words, so it is no quote; one told inside quotation marks is the source's story and left
    out. `speaker` is who gave no answer, as written there, NA where the sentence does not say. Which words make a
    refusal is the codebook's (verbs.yml, `refusals`).
    """
    indicators = indicators_of({"refusal": Code("refusal", "refusal", indicators=codebook.refusals)})
    rows = []
    for document in documents:
        for s in document.sentences:
            hits = indicators.find(s.tokens)
            heard = zip(s.tokens, voices.of_tokens[s.sentence_id], strict=True)
            quoted = [token for token, (voice, _) in heard if voice == QUOTED] if hits else []
            hits = [hit for hit in hits if not any(t.start <= hit.start < t.end for t in quoted)]
            unit = document.unit_of(s) if hits else None
            for hit in hits:
                row: dict[str, object] = {"article_id": s.article_id, "sentence_id": s.sentence_id}
                row |= {"start": hit.start, "end": hit.end, "indicator": hit.indicator}
                if unit and (speaker := _speaker(unit, hit.start, hit.end)):
                    a, b = speaker
                    said = _listed(" ".join(document.text[a:b].split()), document.language)
                    row |= {"speaker": said, "speaker_start": a, "speaker_end": b}
                rows.append(row)
    return REFUSALS.make(rows)


def _listed(said: str, language: Language) -> str:
    """Several bodies without their articles, which outlets set as they like; one as it stands."""
    conjoined = language.patterns["conjoined"]
    if conjoined.search(said) is None:
        return said
    joints = list(re.finditer(rf"{conjoined.pattern}|,\s", said))
    starts = [0, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), len(said)]
    parts = [said[a:b] for a, b in zip(starts, ends, strict=True)]
    bare = [p[m.end() :] if (m := language.patterns["opens_definite"].match(fold(p))) else p for p in parts]
    between = [*(joint.group() for joint in joints), ""]
    return "".join(part + joint for part, joint in zip(bare, between, strict=True))


def _speaker(unit: Unit, first: int, last: int) -> tuple[int, int] | None:
    """The subject of the refusal at first..last, or whom `from` names after it: `no comment from the mayor`."""
    if len(unit) > LONGEST_SENTENCE:
        return None
    at = group_start(unit, next(i for i, token in enumerate(unit.tokens) if token.end > first))
    after = next((i for i, token in enumerate(unit.tokens) if token.start >= last), len(unit.tokens))
    if unit.words[after - 1] == "from":
        items = noun_phrase_after(unit, after)
    else:
        items = subject_before(unit, at) or main_subject(unit, at)
    return unit.span(*items) if items else None
