"""How far a model that read everything twice, the second time with the codes in another order, agrees with itself."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.coding.counting import agreement_on
from analysis.coding.model.coder import ModelCoder
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import FRAMES, Question, Unit, key_of, questions_of

_COLUMNS = ["variable", "n_units", "same", "alpha", "low", "high", "resampled"]


def agreement_with_itself(coder: ModelCoder, ledger: Ledger) -> pd.DataFrame:
    """A row for each variable that the ledger has both readings of: the first against the second.

    `same` is the share of the `n_units` read twice that were given the same codes both times; alpha, its interval and
    `resampled` as in `counting.agreement_on`.
    """
    rows = []
    for units, questions in coder.units(questions_of(coder.study.codebook)):
        for variable in dict.fromkeys(question.variable for question in questions):
            own = [question for question in questions if question.variable == variable]
            twice = [
                (unit, first, second)
                for unit in units
                if (first := _reading(unit, own, coder.model, ledger, 0)) is not None
                and (second := _reading(unit, own, coder.model, ledger, 1)) is not None
            ]
            if not twice:
                continue
            ids = [unit.unit_id for unit, *_ in twice]
            articles = pd.Series([unit.article_id for unit, *_ in twice], index=ids)
            a, b = (pd.Series([each[n] for each in twice], index=ids) for n in (1, 2))
            rows.append(
                {
                    "variable": variable,
                    "same": float((a == b).mean()),
                    **agreement_on(variable, a, b, articles),
                }
            )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _reading(
    unit: Unit, questions: Sequence[Question], model: str, ledger: Ledger, order: int
) -> frozenset[str] | None:
    """The codes that one reading gave the unit; None where some question has no answer of it."""
    answers = [ledger.answers.get(key_of(unit, question, model, order)) for question in questions]
    codes: set[str] = set()
    for question, given in zip(questions, answers, strict=True):
        if given is None:
            return None
        codes |= {question.code if question.variable == FRAMES else code.value for code in given}
    return frozenset(codes)
