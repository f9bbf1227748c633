"""Whose codes count: every coder of a study held against people, and the one whose codes its charts draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.coding.agreement import TENTATIVE, agreement, agreement_by_code, scores_by_code
from analysis.coding.coders import RULES, VARIABLES, Coder
from analysis.coding.model.prompt import FRAMES, OF_SOURCES, STANCE
from analysis.study import Study, StudyError
from analysis.tables import SETTLED

STANDING = [
    *("coder", "variable", "code", "against", "n_units", "n_coder", "n_people"),
    *("alpha", "low", "high", "resampled", "precision", "recall", "f1"),
]
_DRAWS = 2_000


@dataclass(frozen=True)
class Counting:
    """Whose codes of a variable count, and how far they agree with people's: alpha, NaN where nobody coded.

    `low`, `high`: its interval, from resampled articles. `named`: the study's settings say so.
    """

    coder: Coder
    alpha: float
    low: float
    high: float
    named: bool

    @property
    def validated(self) -> bool:
        """Whether the interval lies above the gate, or people's own codes count."""
        return self.coder.is_person or self.low >= TENTATIVE


def people(coders: Mapping[str, Coder], variable: str) -> Coder | None:
    """Whose codes of the variable are the truth that others are held against: what was settled, or else one person's.

    Of several persons who settled nothing the one who coded most, the first of the alphabet among equals.
    """
    asked = [c for c in coders.values() if c.is_person and c.asked.get(variable)]
    if not asked:
        return None
    return max(asked, key=lambda c: (c.name == SETTLED, len(c.asked[variable])))


def standing(
    study: Study, coders: Mapping[str, Coder], variables: Sequence[str] | None = None, *, draws: int = _DRAWS
) -> pd.DataFrame:
    """Every coder against people, code by code, side by side: a row a coder, variable and code; code NA is the whole.

    `against`: whose codes those are (see `people`), and of persons those of each other one. `n_coder`, `n_people`: to how
    many of the `n_units` that both coded each gives the code. Alpha of the whole is that of sets of frames by MASI, else
    nominal; intervals are from resampled articles (`resampled`; with one article from units). `variables` as in the
    table `codes`, by default all that a person coded.
    """
    articles = _articles(study)
    rows = []
    for variable in variables or list(
        dict.fromkeys(v for c in coders.values() if c.is_person for v in c.asked)
    ):
        for coder, other in _pairs(coders, variable):
            given = [c.given(variable) for c in (coder, other)]
            if given[0].index.intersection(given[1].index).empty:
                continue
            head = {"coder": coder.name, "variable": variable, "against": other.name}
            rows += [head | row for row in _compared(given[0], given[1], variable, articles, draws)]
    return pd.DataFrame(rows, columns=STANDING)


def _pairs(coders: Mapping[str, Coder], variable: str) -> Iterator[tuple[Coder, Coder]]:
    asked = [c for c in coders.values() if c.asked.get(variable)]
    truth = people(coders, variable)
    for coder in asked:
        if truth and not coder.is_person:
            yield coder, truth
    persons = [c for c in asked if c.is_person and c.name != SETTLED]
    for number, coder in enumerate(persons):
        for other in persons[number + 1 :]:
            yield coder, other


def _compared(
    a: pd.Series, b: pd.Series, variable: str, articles: pd.Series, draws: int
) -> Iterator[dict[str, object]]:
    whole = agreement_on(variable, a, b, articles, draws)
    yield {"code": pd.NA, **whole}
    by_code = agreement_by_code(a, b, articles=articles, draws=draws)
    scores = scores_by_code(a, b)[["code", "precision", "recall", "f1"]]
    table = by_code.merge(scores, on="code", validate="one_to_one")
    table = table.rename(columns={"n_a": "n_coder", "n_b": "n_people"}).assign(resampled=whole["resampled"])
    for row in table.to_dict("records"):
        yield {name: row[name] for name in STANDING if name in row}


def agreement_on(
    variable: str, a: pd.Series, b: pd.Series, articles: pd.Series, draws: int = _DRAWS
) -> dict[str, object]:
    """Agreement of two codings (sets of codes by unit) on a variable as a whole, as `standing` gives it."""
    level = "masi" if variable == FRAMES else "nominal"
    codings = [
        s if level == "masi" else s.map(lambda given: "|".join(sorted(given)) or "none") for s in (a, b)
    ]
    found = agreement(*codings, level=level, articles=articles, draws=draws)  # type: ignore[arg-type]
    return {
        "n_units": found.n_units,
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
        "resampled": found.resampled,
    }


def _articles(study: Study) -> pd.Series:
    """By sentence and by source the article that it is in."""
    parts = [study.sentences.set_index("sentence_id"), study.sources.set_index("source_id")]
    return pd.concat([part["article_id"] for part in parts])


def counting(
    study: Study, coders: Mapping[str, Coder], variables: Sequence[str] = VARIABLES
) -> dict[str, Counting]:
    """Whose codes count for each of these `variables`: whom the study names, or who agrees best with people, or the rules.

    Best is the highest alpha among coders that coded every sentence that is compared, or every source, and whose whole
    interval lies above .667. `stance` is judged on the target that the study asks about, `stance on TARGET` on that one:
    who is validated on one target is not on another. Raises StudyError where the study names a coder that it does not
    have, or who left units out.
    """
    return {of: _counting(study, coders, of) for of in variables}


def _counting(study: Study, coders: Mapping[str, Coder], of: str) -> Counting:
    variable, kind = _judged_on(study, of), of.partition(" ")[0]
    named = study.settings.coders.get(kind)
    asked = variable == _judged_on(
        study, kind
    )  # of another target the coder who is named may have found nothing
    if (
        named
        and (asked or named not in coders)
        and (fault := _cannot_count(study, coders, named, of, variable))
    ):
        raise StudyError([f"{study.folder / 'study.yml'}: coders: {kind}: {fault}"])
    table = _against_people(study, coders, variable)
    if named:
        best = named
    else:
        able = [n for n in table.index if not _cannot_count(study, coders, n, of, variable)]
        good = table.loc[[n for n in able if table["low"][n] >= TENTATIVE], "alpha"]
        best = str(good.idxmax()) if len(good) else RULES
    alpha, low, high = (float(table[c].get(best, float("nan"))) for c in ("alpha", "low", "high"))
    return Counting(coders[best], alpha, low, high, bool(named))


def _against_people(study: Study, coders: Mapping[str, Coder], variable: str) -> pd.DataFrame:
    """How far each coder that is no person agrees with people: alpha, low, high, by coder."""
    articles, rows = _articles(study), {}
    for coder, truth in _pairs(coders, variable):
        given = [c.given(variable) for c in (coder, truth)]
        if not coder.is_person and not given[0].index.intersection(given[1].index).empty:
            rows[coder.name] = agreement_on(variable, given[0], given[1], articles)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["n_units", "alpha", "low", "high", "resampled"]
    )


_STANCE = STANCE.split(" ")[0]


def _judged_on(study: Study, of: str) -> str:
    return of if of != _STANCE else STANCE + study.settings.target


def can_count(study: Study, coder: Coder, of: str) -> bool:
    """Whether a coder has coded all of the study for a variable, as in `counting`, so that its codes may be drawn."""
    return not _cannot_count(study, {coder.name: coder}, coder.name, of, _judged_on(study, of))


def _cannot_count(study: Study, coders: Mapping[str, Coder], name: str, of: str, variable: str) -> str:
    """Why a coder's codes cannot be drawn; empty where they can."""
    if name not in coders:
        return f"the study has no coder '{name}'; there are {', '.join(coders)}"
    coder = coders[name]
    needed = _compared_units(study, of)
    if missing := len(needed - coder.asked.get(variable, frozenset())):
        what = "sources" if of in OF_SOURCES else "sentences of deck and body"
        return f"'{name}' has coded {len(needed) - missing} of {len(needed)} {what}; a coder whose codes count has coded all"
    return ""


def _compared_units(study: Study, of: str) -> frozenset[str]:
    if of in OF_SOURCES:
        return frozenset(study.sources["source_id"])
    story = study.sentences["kind"].isin(["deck", "body"])
    return frozenset(study.sentences.loc[story, "sentence_id"])
