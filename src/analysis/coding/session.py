"""One person's sitting at a study: which sentence is next, and each answer kept as soon as it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import store
from analysis.coding.agreement import align
from analysis.coding.draws import draws_of
from analysis.coding.files import (
    ASKED,
    SENTENCE_COLUMNS,
    STANCE_COLUMNS,
    asked_codes,
    coded_places,
    coder_fault,
    coding_files,
    join_coding,
    load_coding,
    spelt_otherwise,
)
from analysis.coding.sampling import require_texts
from analysis.study import Study, StudyError
from analysis.tables import TONES
from analysis.text import on_one_line

_AROUND = 2  # sentences shown before the one to code; one after it

# Draws sentences for the study, records the draw, and gives how many they are; 0 where nothing is left to code.
Draw = Callable[[Study], int]


@dataclass(frozen=True)
class Answer:
    """What a coder gave a sentence: its tone, frames, and by target the positions taken on it."""

    tone: str
    frames: tuple[str, ...] = ()
    positions: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Question:
    """A sentence to code: its number in the sitting, how many the draws have, what stands around it, and what was given before."""

    number: int
    total: int
    before: str
    sentence: str
    after: str
    given: Answer | None = None


class Session:
    """Sentences that were drawn and that the coder has not coded yet, wave by wave, each wave in random order.

    All coders have the same order, so that what several coded is the same. Where all are coded, `draw` draws more.
    Neither codes of others nor outlets are in what it gives.
    """

    def __init__(self, study: Study, coder: str, draw: Draw) -> None:
        """Raises StudyError where the name is none for a coder, no text is here, or nothing is left to code."""
        if fault := coder_fault(coder) or spelt_otherwise(coder, study.coding):
            raise StudyError([fault])
        require_texts(study)
        self.study, self.coder = study, coder
        self._draw = draw
        self._answered: list[str] = []
        self._skipped: list[str] = []
        self._given: Answer | None = None
        self._places = study.sentences.set_index("sentence_id")
        self._texts = study.articles.set_index("article_id")["text"]
        self._fill()

    @property
    def question(self) -> Question | None:
        """The sentence to code now; None where all that was drawn is coded, and nothing more is to be drawn."""
        if not self._queue:
            return None
        unit = self._queue[0]
        place = self._places.index.get_loc(unit)
        article = self._places["article_id"].iloc[place]
        near = [
            at
            for at in range(place - _AROUND, place + 2)
            if 0 <= at < len(self._places) and self._places["article_id"].iloc[at] == article
        ]
        said = {at: self._text(at) for at in near}
        done = len(self._answered)
        return Question(
            done + 1,
            done + len(self._queue),
            " ".join(said[at] for at in near if at < place),
            said[place],
            " ".join(said[at] for at in near if at > place),
            self._given,
        )

    def answer(self, answer: Answer) -> None:
        """Keep the answer to the present question and go on to the next. Raises StudyError for codes of no codebook."""
        if faults := _faults(answer, self.study):
            raise StudyError(faults)
        unit = self._queue[0]
        self._write(unit, answer)
        self._answered.append(unit)
        self._queue.pop(0)
        self._given = None
        if not self._queue:
            self._fill()

    def skip(self) -> None:
        """Leave the present sentence to the end of the sitting."""
        unit = self._queue.pop(0)
        self._skipped.append(unit)
        self._queue.append(unit)
        self._given = None

    def undo(self) -> bool:
        """Take back the last answer of this sitting and ask again, with what was given; whether there was one."""
        if not self._answered:
            return False
        unit = self._answered.pop()
        self._given = self._take_out(unit)
        self._queue.insert(0, unit)
        return True

    def _fill(self) -> None:
        """Queue what was drawn and is not coded; where there is nothing, draw more."""
        self._reload()
        self._queue = self._pending()
        if not self._queue and self._draw(self.study):
            self._reload()
            self._queue = self._pending()

    def _reload(self) -> None:
        self.study = replace(self.study, coding=load_coding(self.study.folder))

    def _pending(self) -> list[str]:
        draws = draws_of(self.study)
        self._probability = draws[draws["drawn"]].groupby("sentence_id")["probability"].first().to_dict()
        at = align(self.study.sentences, coded_places(self.study.coding, coding_files(self.coder)[0]))
        coded = set(self.study.sentences.loc[at.notna(), "sentence_id"])
        here = set(self._texts.dropna().index)
        queue: list[str] = []
        for wave, rows in draws[draws["drawn"]].groupby("wave"):
            order = np.random.default_rng(int(wave)).permutation(sorted(rows["sentence_id"]))
            queue += [
                str(unit)
                for unit in order
                if unit not in coded and unit not in queue and self._places["article_id"][unit] in here
            ]
        return queue

    def _text(self, place: int) -> str:
        row = self._places.iloc[place]
        return on_one_line(self._texts[row["article_id"]][row["start"] : row["end"]])

    def _write(self, unit: str, answer: Answer) -> None:
        """Add the answer to the coder's files, stances first: a stop in between leaves the sentence not coded."""
        row = self._places.loc[unit]
        place = {"article_id": row["article_id"], "sentence": unit}
        sentence = {
            **place,
            "start": int(row["start"]),
            "end": int(row["end"]),
            "frames": "|".join(answer.frames),
            "sentiment": answer.tone,
            "probability": self._probability[unit],
            ASKED: asked_codes(self.study.codebook.frames, self.study.codebook.targets),
        }
        stances = [
            {**place, "target": target, "stance": value, "holder": ""}
            for target, values in (answer.positions or {}).items()
            for value in values
        ]
        with store.locked(self.study.folder):
            self._reload()
            joined = join_coding(
                self._without_orphans(),
                self.coder,
                pd.DataFrame([sentence], columns=[*SENTENCE_COLUMNS, ASKED]),
                pd.DataFrame(stances, columns=STANCE_COLUMNS),
                replace=True,
            )
            self._keep(*joined)

    def _without_orphans(self) -> dict[str, pd.DataFrame]:
        """The study's coding without stances that a stop left of the coder's, whose sentences are not coded."""
        coding, names = dict(self.study.coding), coding_files(self.coder)
        if {*names} <= {*coding}:
            stances = coding[names[1]]
            coding[names[1]] = stances[stances["sentence"].isin(coding[names[0]]["sentence"])]
        return coding

    def _take_out(self, unit: str) -> Answer | None:
        """Remove what was given to a sentence, and give it back; the sentence first, as in `_write` last."""
        place = self._places.loc[unit]
        with store.locked(self.study.folder):
            self._reload()
            if not {*coding_files(self.coder)} <= {*self.study.coding}:
                return None
            sentences, stances = (self.study.coding[name] for name in coding_files(self.coder))
            here = (sentences["article_id"] == place["article_id"]) & (sentences["start"] == place["start"])
            mine = sentences[here]  # under the id that the reference coding has for it
            of_it = stances["sentence"].isin(mine["sentence"])
            self._keep(sentences[~here], stances[~of_it], first=0)
        if mine.empty:
            return None
        row, positions = mine.iloc[0], stances[of_it]
        by_target = positions.groupby("target", sort=False)["stance"].agg(tuple).to_dict()
        return Answer(row["sentiment"], tuple(filter(None, row["frames"].split("|"))), by_target)

    def _keep(self, sentences: pd.DataFrame, stances: pd.DataFrame, *, first: int = 1) -> None:
        tables = (sentences, stances)
        names = coding_files(self.coder)
        for at in (first, 1 - first):
            with store.filled(self.study.folder / "coding") as new:
                tables[at].to_csv(new / f"{names[at]}.csv", index=False, lineterminator="\n")


def _faults(answer: Answer, study: Study) -> list[str]:
    book = study.codebook
    faults = [] if answer.tone in TONES else [f"tone '{answer.tone}': choose {', '.join(TONES)}"]
    faults += [
        f"frame '{frame}': the codebook has no such code"
        for frame in answer.frames
        if frame not in book.frames
    ]
    for target, values in (answer.positions or {}).items():
        known: Sequence[str] = list(book.targets[target].positions) if target in book.targets else ()
        faults += [
            f"{target} '{value}': the codebook has no such position" for value in values if value not in known
        ]
    return faults
