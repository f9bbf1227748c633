"""What a model gave, as tables: codes with their evidence, and sentences and stances as people's coding has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.annotate.sentiment import NEUTRAL
from analysis.annotate.voices import AUTHOR, REPORTED, Voices, find_voices
from analysis.coding.files import SENTENCE_COLUMNS, STANCE_COLUMNS
from analysis.coding.model.answers import Given
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import FRAMES, OF_SOURCES, OTHER, STANCE, TONE, Question, Unit, key_of
from analysis.study import Study, StudyError
from analysis.tables import CODES


class Results(NamedTuple):
    """`codes` as the table of that name; `sentences` and `stances` as in `coding/`; `sources` beside their places.

    `unanchored`: codes whose evidence is not in the text and which are kept without; a neutral tone needs none.
    `variables`: what they speak of, as in the table `codes`.
    """

    codes: pd.DataFrame
    sentences: pd.DataFrame
    stances: pd.DataFrame
    unanchored: int
    variables: frozenset[str]


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
    variables = set()
    for unit, answers in _answered(asked, ledger, model, wanted):
        variables |= {question.variable for question in answers}
        for question, given in answers.items():
            again = ledger.answers.get(key_of(unit, question, model, 1)) if twice else None
            rows += [_row(unit, question, code, again, voices, coder) for code in given or ()]
        if unit.text and answers and None not in answers.values():
            sentences.append(_sentence(unit, answers))
            stances += list(_stances(unit, answers, names))
    codes = CODES.make(pd.DataFrame(rows, columns=[c.name for c in CODES.columns]))
    plain = codes["variable"].eq(TONE) & codes["value"].eq(NEUTRAL)  # which no words show
    unanchored = codes["start"].isna() & ~codes["variable"].isin(OF_SOURCES) & ~plain
    columns = [c for c in SENTENCE_COLUMNS[:-1] if c not in (FRAMES, TONE) or c in variables]
    return Results(
        codes,
        pd.DataFrame(sentences, columns=columns),
        pd.DataFrame(stances, columns=STANCE_COLUMNS),
        int(unanchored.sum()),
        frozenset(variables),
    )


def with_unasked(results: Results, before: Mapping[str, pd.DataFrame]) -> Results:
    """The results with what a coder's files have of other variables, whose answers may not be here (as in a clone).

    `before`: tables `codes`, `sentences`, `stances`, as far as there are files. Raises StudyError where sentences with such codes
    have no answer yet: one table cannot keep their codes and call them uncoded.
    """
    asked = {v.partition(" ")[0] for v in results.variables.difference(OF_SOURCES)}
    if "codes" in before:
        kept = before["codes"][~before["codes"]["variable"].isin(list(results.variables))]
        results = results._replace(codes=pd.concat([kept, results.codes.astype(object)], ignore_index=True))
    if "stances" in before and STANCE.partition(" ")[0] not in asked:
        results = results._replace(stances=before["stances"])
    if "sentences" not in before:
        return results
    sentences, place = before["sentences"], ["article_id", "start", "end"]
    if not asked:
        return results._replace(sentences=sentences)
    columns = [c for c in (FRAMES, TONE) if c in sentences and c not in asked]
    coded = pd.MultiIndex.from_frame(sentences[place])
    if columns and (unfinished := len(coded.difference(pd.MultiIndex.from_frame(results.sentences[place])))):
        raise StudyError(
            [
                f"{unfinished:,} of the sentences coded for {' and '.join(columns)} have no answer yet to what is asked now; the "
                "coding stays as it was. Answers are kept: run the command again for the rest"
            ]
        )
    both = results.sentences.merge(sentences[[*place, *columns]], on=place, how="left")
    order = [c for c in SENTENCE_COLUMNS if c in both]
    return results._replace(sentences=both.fillna(dict.fromkeys(columns, ""))[order])


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
    unit: Unit, answers: dict[Question, list[Given] | None], names: dict[str, str]
) -> Iterator[dict[str, object]]:
    for question, given in answers.items():
        if question.variable.startswith(STANCE):
            for code in given or ():
                holder = names.get(code.holder, code.holder)
                place = {"article_id": unit.article_id, "sentence": unit.unit_id}
                yield {**place, "target": question.code, "stance": code.value, "holder": holder}
