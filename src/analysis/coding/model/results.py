"""What a model gave, as tables: codes with their evidence, and sentences and stances as people's coding has them."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.annotate.sentiment import NEUTRAL
from analysis.annotate.voices import AUTHOR, REPORTED, Voices, find_voices
from analysis.coding.files import SENTENCE_COLUMNS, STANCE_COLUMNS
from analysis.coding.model.answers import Given
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import FRAMES, OF_SOURCES, OTHER, STANCE, TONE, Question, Unit, key_of
from analysis.study import Study
from analysis.tables import CODES


class Results(NamedTuple):
    """`codes` as the table of that name; `sentences` and `stances` as in `coding/`.

    `unanchored`: codes whose evidence is not in the text and which are kept without; a neutral tone needs none.
    `held`: by variable, as in the table `codes`, the units of which all its questions have answers.
    """

    codes: pd.DataFrame
    sentences: pd.DataFrame
    stances: pd.DataFrame
    unanchored: int
    held: Mapping[str, frozenset[str]]

    @property
    def variables(self) -> frozenset[str]:
        """What the answers speak of, as in the table `codes`."""
        return frozenset(self.held)


def collect(
    study: Study,
    asked: Iterable[tuple[Sequence[Unit], Sequence[Question]]],
    ledger: Ledger,
    model: str,
    coder: str,
    *,
    wanted: Collection[Question],
    twice: bool = False,
) -> Results:
    """All codes that the ledger has for these units and the questions asked of them, by the codebook as it is now.

    Questions that are not `wanted` count where an earlier run asked them, so that some unit has an answer. A sentence counts as coded where every question of sentences has its answer. `confidence` of a code is, with
    `twice`, the share of the two readings that gave it (Pangakis, Wolken & Fasching 2023: agreement with itself predicts
    being right), else NA.
    """
    voices = find_voices(study.quotes)
    names = study.sources.set_index("source_id")["name"].to_dict()
    rows, sentences, stances = [], [], []
    held: dict[str, set[str]] = {}
    for unit, answers in _answered(asked, ledger, model, wanted):
        open_still = {question.variable for question, given in answers.items() if given is None}
        for variable in {question.variable for question in answers}:
            units = held.setdefault(variable, set())
            if variable not in open_still:
                units.add(unit.unit_id)
        for question, given in answers.items():
            again = ledger.answers.get(key_of(unit, question, model, 1)) if twice else None
            rows += [_row(unit, question, code, again, voices, coder) for code in given or ()]
        if unit.text and answers and not open_still:
            sentences.append(_sentence(unit, answers))
        stances += list(_stances(unit, answers, names, open_still))
    codes = CODES.make(pd.DataFrame(rows, columns=[c.name for c in CODES.columns]))
    plain = codes["variable"].eq(TONE) & codes["value"].eq(NEUTRAL)  # which no words show
    unanchored = codes["start"].isna() & ~codes["variable"].isin(OF_SOURCES) & ~plain
    columns = [c for c in SENTENCE_COLUMNS[:-1] if c not in (FRAMES, TONE) or c in held]
    return Results(
        codes,
        pd.DataFrame(sentences, columns=columns),
        pd.DataFrame(stances, columns=STANCE_COLUMNS),
        int(unanchored.sum()),
        {variable: frozenset(units) for variable, units in held.items()},
    )


def _answered(
    asked: Iterable[tuple[Sequence[Unit], Sequence[Question]]],
    ledger: Ledger,
    model: str,
    wanted: Collection[Question],
) -> Iterator[tuple[Unit, dict[Question, list[Given] | None]]]:
    """Each unit with its answers to the questions that count, None where there is none yet."""
    for units, questions in asked:
        found = {q: [ledger.answers.get(key_of(unit, q, model, 0)) for unit in units] for q in questions}
        counts = {q: own for q, own in found.items() if q in wanted or any(a is not None for a in own)}
        for number, unit in enumerate(units):
            yield unit, {q: own[number] for q, own in counts.items()}


def _row(
    unit: Unit, question: Question, given: Given, again: Sequence[Given] | None, voices: Voices, coder: str
) -> tuple[object, ...]:
    value = question.code if question.variable == FRAMES else given.value
    confidence = None if again is None else (1 + any(_alike(given, other) for other in again)) / 2
    voice, source = _voice(unit, given, voices)
    return (
        *(unit.unit_id, unit.article_id, question.variable, value),
        *(given.start, given.end, voice, source, confidence, coder),
    )


def _alike(a: Given, b: Given) -> bool:
    return (a.value, a.holder) == (b.value, b.holder)


def _voice(unit: Unit, given: Given, voices: Voices) -> tuple[str | None, str | None]:
    """Who holds or says it: whom the model named as holder, else whose words the evidence is."""
    if given.holder == AUTHOR:
        return AUTHOR, None
    if given.holder == OTHER:
        return REPORTED, None
    if given.holder:
        said = (
            voices.of_span(unit.article_id, given.start, given.end or 0)
            if given.start is not None
            else (None, None)
        )
        return (said[0] if said[1] == given.holder else REPORTED), given.holder
    if given.start is None or given.end is None:
        return None, None
    return voices.of_span(unit.article_id, given.start, given.end)


def _sentence(unit: Unit, answers: dict[Question, list[Given] | None]) -> dict[str, object]:
    frames = [q.code for q, given in answers.items() if q.variable == FRAMES and given]
    tones = [g.value for q, given in answers.items() if q.variable == TONE for g in given or ()]
    return {
        "article_id": unit.article_id,
        "sentence": unit.unit_id,
        "start": unit.start,
        "end": unit.start + len(unit.text),
        "frames": "|".join(frames),
        "sentiment": "|".join(tones),
    }


def _stances(
    unit: Unit, answers: dict[Question, list[Given] | None], names: dict[str, str], open_still: Container[str]
) -> Iterator[dict[str, object]]:
    for question, given in answers.items():
        if question.variable.startswith(STANCE) and question.variable not in open_still:
            for code in given or ():
                holder = names.get(code.holder, code.holder)
                place = {"article_id": unit.article_id, "sentence": unit.unit_id}
                yield {**place, "target": question.code, "stance": code.value, "holder": holder}
