"""The model as a coder of a study: what is to be asked, where answers are kept, and the coding that comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from analysis.coding.files import MODEL, coding_files, load_coding
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.merging import with_kept
from analysis.coding.model.prompt import (
    OF_SOURCES,
    Question,
    Request,
    Unit,
    build_requests,
    questions_of,
    sentence_units,
    source_units,
)
from analysis.coding.model.results import Results, collect
from analysis.study import Study, StudyError
from analysis.tables import harmless_cells

_LONGEST = 40  # of a model's name in the names of files


@dataclass(frozen=True)
class ModelCoder:
    """One model asked about one study. `twice`: a second time with the codes in the other order."""

    study: Study
    model: str
    questions: Sequence[Question]
    twice: bool = False

    @property
    def name(self) -> str:
        """The coder's name: `model-` and the model's, in small letters, digits and hyphens.

        Where that is another name, with a digest of the model's, so that no two models share their files.
        """
        plain = re.sub(r"[^a-z0-9]+", "-", self.model.lower()).strip("-")[:_LONGEST]
        if plain == self.model:
            return MODEL + plain
        return f"{MODEL}{plain or 'unnamed'}-{sha256(self.model.encode()).hexdigest()[:6]}"

    @property
    def ledger_path(self) -> Path:
        return self.study.folder / "coding" / "answers" / f"{self.name}.jsonl"

    @property
    def problems_path(self) -> Path:
        return self.ledger_path.with_suffix(".problems.csv")

    def units(self, questions: Sequence[Question]) -> list[tuple[list[Unit], list[Question]]]:
        """The sentences, and the sources, each with the questions about them."""
        of_sentences = [q for q in questions if q.variable not in OF_SOURCES]
        of_sources = [q for q in questions if q.variable in OF_SOURCES]
        return [
            *([(sentence_units(self.study), of_sentences)] if of_sentences else []),
            *([(source_units(self.study), of_sources)] if of_sources else []),
        ]

    def requests(self, ledger: Ledger) -> Iterator[Request]:
        """What is to be asked still, in the order of the articles."""
        for order in (0, 1) if self.twice else (0,):
            for units, questions in self.units(self.questions):
                yield from build_requests(units, questions, self.model, order=order, known=ledger.answers)

    def results(self, ledger: Ledger) -> Results:
        """The coding that the ledger's answers make, also those of earlier runs that asked other questions."""
        asked = self.units(questions_of(self.study.codebook))
        return collect(
            self.study, asked, ledger, self.model, self.name, wanted=self.questions, twice=self.twice
        )

    def write(self, results: Results) -> list[Path]:
        """The coding as files of `coding/`, beside those of people; each is replaced whole.

        What is there of variables and units that the results have no answer for stays; without any answer no file is
        touched. Raises OSError; StudyError where it cannot stay.
        """
        if not any(results.held.values()):
            return []
        sentences, stances = coding_files(self.name)
        names = {"sentences": sentences, "stances": stances, "codes": f"{self.name}_codes"}
        folder = self.study.folder / "coding"
        there = load_coding(self.study.folder)
        before = {of: there[stem] for of, stem in names.items() if stem in there}
        results = with_kept(results, before, self.study)
        folder.mkdir(exist_ok=True)
        written = []
        for of, stem in names.items():
            table = getattr(results, of)
            path = folder / f"{stem}.csv"
            partial = path.with_name(f".{path.name}.partial")
            harmless_cells(table).to_csv(partial, index=False)
            partial.replace(path)
            written.append(path)
        return written

    def write_problems(self, faults: Mapping[str, str]) -> None:
        """The units without a usable answer in the last run, with what was wrong; no file where there are none."""
        self.problems_path.unlink(missing_ok=True)
        if faults:
            self.problems_path.parent.mkdir(parents=True, exist_ok=True)
            table = pd.DataFrame(list(faults.items()), columns=["unit", "fault"])
            harmless_cells(table).to_csv(self.problems_path, index=False)


def make_coder(
    study: Study, model: str, variables: Sequence[str] | None = None, *, twice: bool = False
) -> ModelCoder:
    """A model as coder of a study. Raises StudyError where the codebook asks nothing or no text is here."""
    questions = questions_of(study.codebook, variables)
    if not questions:
        raise StudyError(
            [f"{study.name}: the codebook has none of {', '.join(variables or ())}; nothing to ask"]
        )
    if study.articles["text"].isna().all():
        raise StudyError([f"{study.name}: no article's text is here; a model codes texts"])
    return ModelCoder(study, model, questions, twice)


def kept_coders(study: Study) -> Iterator[tuple[ModelCoder, Ledger]]:
    """Each model of which the study has answers, with these; in the order of the files' names."""
    for path in sorted((study.folder / "coding" / "answers").glob("*.jsonl")):
        ledger = Ledger(path)
        for model in sorted(ledger.models):
            yield ModelCoder(study, model, ()), ledger
