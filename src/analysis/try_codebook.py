"""Codebook changes tried on a study before anybody writes them down, and the browser to try them in.

The annotators are loaded only when something is tried: NLTK takes a second, and to look at evidence needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from analysis.codebook import CodebookError
from analysis.coding.reliability import coded_with, score_code
from analysis.indicators import IndicatorError, parse_indicator
from analysis.language import Language
from analysis.show.effect import Change, Effect
from analysis.show.evidence import Evidence, evidence
from analysis.show.explorer import Explorer
from analysis.show.wording import counted
from analysis.study import Study, StudyError
from analysis.tables import TONES, Tables

if TYPE_CHECKING:
    from analysis.annotate.voices import Voices
    from analysis.parse.document import Document

LOWEST, HIGHEST = -4, 4  # tone of a word, on VADER's scale
_NEUTRAL = "neutral"
_Entry = TypeVar("_Entry")


def explore(study: Study) -> Explorer:
    """A browser of the study's evidence, in which changes of its codebook can be tried.

    Widgets where somebody sits before the notebook; a headless run and an exported page show counts and sentences.
    """
    return Explorer(study, list(_changes(study)))


def try_frame(study: Study, frame: str, indicators: Sequence[str]) -> Effect:
    """What the frame would find with these indicators in place of its own; its exceptions stay.

    Nothing is written. Indicators as in `analysis.indicators`, also as a line of YAML (`- "=US"`).
    Raises CodebookError with every faulty indicator, StudyError where no text is here.
    """
    from analysis.annotate.frames import find_frames

    code = _known(study.codebook.frames, frame, "frame")
    changed = replace(study.codebook, frames={frame: replace(code, indicators=_indicators(indicators))})
    here = _with_texts(study)
    documents, voices = _read(here, study.language)
    before, after = here["frames"], voices.fill(find_frames(documents, changed))
    return _effect(
        study, code.name, "frames", frame, here, {**here, "frames": after}, _of(before, frame=frame), after
    )


def try_stance(study: Study, target: str, value: str, indicators: Sequence[str]) -> Effect:
    """What the target's position `value` would find with these indicators; see `try_frame`.

    A sentence has one position a holder, so that a change of one position moves the others, too.
    """
    from analysis.annotate.stance import find_stance

    known = _known(study.codebook.targets, target, "stance target")
    _known(known.positions, value, f"position on {target}")
    positions = {**known.positions, value: _indicators(indicators)}
    changed = replace(study.codebook, targets={target: replace(known, positions=positions)})
    here = _with_texts(study)
    documents, voices = _read(here, study.language)
    after = find_stance(documents, here["quotes"], voices, changed)
    return _effect(
        study, f"{known.name}: {value}", f"stance on {target}", value, here, {**here, "stance": after},
        _of(here["stance"], target=target, stance=value), _of(after, stance=value),
    )  # fmt: skip


def try_tone(study: Study, label: str, words: Sequence[str]) -> Effect:
    """What would be `label` (negative, neutral, positive) with these tone words in place of the codebook's.

    `words`: lines such as `sham*: -1.9`; see `try_frame`. The lexicon of everyday words below them stays.
    """
    from analysis.annotate.sentiment import score_sentiment

    changed = replace(study.codebook, tone=_tone_words(words))
    here = _with_texts(study)
    spans = here["sentences"][["sentence_id", "start", "end"]]
    after = score_sentiment(*_read(here, study.language), changed)
    before, now = (
        _of(table, label=label).merge(spans, on="sentence_id", validate="one_to_one")
        for table in (here["sentiment"], after)
    )
    return _effect(
        study, f"Tone: {label}", "sentiment", label, here, {**here, "sentiment": after}, before, now
    )


def _changes(study: Study) -> Iterator[Change]:
    """Everything that can be tried, as it is in the codebook now."""
    book = study.codebook
    for code in book.frames.values():
        yield Change(f"Frame: {code.name}", code.indicators, partial(try_frame, study, code.code))
    for target in book.targets.values():
        for value, texts in target.positions.items():
            name = f"{target.name}: {value}"
            yield Change(name, texts, partial(try_stance, study, target.code, value))
    words = [f"{word}: {score:g}" for word, score in book.tone.items()]
    for label in TONES:
        if label != _NEUTRAL:
            yield Change(f"Tone: {label}", words, partial(try_tone, study, label))


def _known(codes: Mapping[str, _Entry], code: str, what: str) -> _Entry:
    if code not in codes:
        raise CodebookError(f"{code!r} is no {what} of the codebook; there are: {', '.join(codes)}")
    return codes[code]


def _lines(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers from 1; a YAML list's hyphen and quotation marks are left out."""
    for number, text in enumerate(texts, start=1):
        plain = text.strip().removeprefix("- ").strip()
        if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
            plain = plain[1:-1]
        if plain and not plain.startswith("#"):
            yield number, plain


def _indicators(texts: Sequence[str]) -> tuple[str, ...]:
    faults, good = [], []
    for number, text in _lines(texts):
        try:
            good.append(parse_indicator(text).text)
        except IndicatorError as error:
            faults.append(f"line {number}: indicator {error}")
    if faults:
        raise CodebookError("\n".join(faults))
    return tuple(good)


def _score(text: str) -> float:
    """Raises ValueError where the text is no score of tone."""
    score = float(text)
    if not LOWEST <= score <= HIGHEST:
        raise ValueError(text)
    return score


def _tone_words(texts: Sequence[str]) -> dict[str, float]:
    faults, scores = [], {}
    for number, text in _lines(texts):
        phrase, _, score = (part.strip() for part in text.rpartition(":"))
        try:
            scores[parse_indicator(phrase).text.lower()] = _score(score)
        except IndicatorError as error:
            faults.append(f"line {number}: indicator {error}")
        except ValueError:
            faults.append(
                f"line {number}: {text!r} needs a score from {LOWEST} to {HIGHEST}, as in `sham*: -1.9`"
            )
    if faults:
        raise CodebookError("\n".join(faults))
    return scores


def _with_texts(study: Study) -> Tables:
    """The study's tables without the articles whose texts are missing."""
    here = study.articles.loc[study.articles["text"].notna(), "article_id"]
    if here.empty:
        raise StudyError(
            [f"{study.name}: none of its texts is here, and a codebook can be tried on texts only"]
        )
    return {
        name: table[table["article_id"].isin(here)].reset_index(drop=True)
        for name, table in study.tables.items()
        if "article_id" in table
    }


def _read(here: Tables, language: Language) -> tuple[list[Document], Voices]:
    """The documents and voices of a study's tables, for a stage that is to be run again."""
    from analysis.annotate.voices import find_voices
    from analysis.parse.document import restore

    documents = restore(here["articles"], here["sentences"], language)
    return documents, find_voices(here["quotes"], documents)


def _of(table: pd.DataFrame, **values: str) -> pd.DataFrame:
    for column, value in values.items():
        table = table[(table[column] == value).fillna(False)]
    return table


def _effect(
    study: Study,
    name: str,
    of: str,
    code: str,
    present: Tables,
    tried: Tables,
    before: pd.DataFrame,
    after: pd.DataFrame,
) -> Effect:
    """Both sets of hits of one code compared, sentence by sentence and with the reference coding."""
    coding = {
        key: frame[frame["article_id"].isin(present["articles"]["article_id"])]
        if "article_id" in frame
        else frame
        for key, frame in study.coding.items()
    }
    sentences = present["sentences"]
    was, now = (sentences["sentence_id"].isin(hits["sentence_id"]) for hits in (before, after))
    coded = coded_with(sentences, coding, of=of, code=code)
    scores = pd.concat(
        [
            score_code(tables, coding, of=of, code=code).assign(codebook=codebook)
            for codebook, tables in (("present", present), ("tried", tried))
        ],
        ignore_index=True,
    )
    said = coded.map({True: "in the reference", False: "not in the reference"}).fillna("not coded")
    words = dict(zip(sentences["sentence_id"], said, strict=True))
    kinds = {"gained": (now & ~was, after), "lost": (was & ~now, before), "kept": (was & now, after)}
    return Effect(
        code=name,
        sentences=pd.DataFrame(
            {"sentence_id": sentences["sentence_id"], "was": was, "now": now, "coded": coded}
        ),
        scores=scores[["codebook", "n", "n_found", "n_reference", "precision", "recall", "f1"]],
        evidence={
            kind: _evidence(
                study, hits[hits["sentence_id"].isin(sentences.loc[which, "sentence_id"])], words, kind
            )
            for kind, (which, hits) in kinds.items()
        },
    )


def _evidence(study: Study, hits: pd.DataFrame, words: Mapping[str, str], kind: str) -> Evidence:
    labelled = hits.drop(columns=["frame", "stance"], errors="ignore").assign(
        label=hits["sentence_id"].map(words)
    )
    title = f"{kind.capitalize()} ({counted(labelled['sentence_id'].nunique(), 'sentence')})"
    return evidence(
        labelled, study.articles, study.sentences, sources=study.sources, title=title, limit=study.excerpts
    )
