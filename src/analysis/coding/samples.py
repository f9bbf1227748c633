"""What people coded of a study, as the sample that corrects the machine's shares (see `compare.corrected`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.coding.agreement import align
from analysis.coding.coders import RULES, Coder, load_coders
from analysis.coding.counting import counting
from analysis.coding.draws import draws_of, sampling_weights
from analysis.coding.files import coded_places, coding_files
from analysis.coding.model.prompt import FRAMES, STANCE, TONE
from analysis.ids import among
from analysis.study import Study
from analysis.tables import SETTLED, TONES


@dataclass(frozen=True, eq=False)
class HumanSample:
    """What people gave the sentences of a study for one variable: frames, sentiment or `stance on TARGET`.

    `units`: the sentences in question, sentence_id, article_id and outlet. `coded`, a row each of those that people
    coded: sentence_id, coder, wave, probability (above 0 to 1, the inverse is how many sentences it stands for; 1 where it
    stands for itself alone). `human`, a row a code given: sentence_id, value; the other coded ones were given none.
    `unasked`, sentence_id and value: coded sentences for which nobody was asked for this value, as the codebook did
    not have it yet. `left_out`: coded sentences that were not drawn at random and so say nothing of others.

    The tables are arguments of `compare.corrected.corrected_shares` (with of="value") and its likes.
    """

    variable: str
    units: pd.DataFrame
    coded: pd.DataFrame
    human: pd.DataFrame
    unasked: pd.DataFrame
    left_out: int

    @property
    def is_census(self) -> bool:
        """All sentences in question were coded: nothing is estimated."""
        return 0 < len(self.units) == len(self.coded)

    @property
    def coders(self) -> list[str]:
        """Whose codes count, `settled` for what coders agreed on, in the order of how often."""
        return [str(name) for name in self.coded["coder"].value_counts().index]


def human_sample(
    study: Study,
    variable: str,
    units: pd.DataFrame | None = None,
    *,
    coders: Mapping[str, Coder] | None = None,
    until: int | None = None,
) -> HumanSample:
    """What people coded of `units`, some of the study's sentences (default: all), as a random sample.

    `coders`: the study's, where they are loaded already (see `coders.load_coders`).

    The settled code counts; where nothing was settled that of the person who coded most. Sentences count by the
    probabilities in `coding/draws.csv` (see `draws.sampling_weights`), or, where they were drawn before draws were
    recorded, by that of the coder's sentences. Coded ones that nobody drew count where the rest of their outlet was
    coded or could be drawn, and stand for themselves. `until`: what was drawn in later waves is not counted as coded.
    """
    coders = load_coders(study) if coders is None else coders
    all_coded = _coded(study, variable, coders)
    units = study.sentences if units is None else units
    outlets = study.articles[["article_id", "outlet"]]
    units = (
        units[["sentence_id", "article_id"]].drop_duplicates("sentence_id").merge(outlets, on="article_id")
    )
    draws = draws_of(study)
    first = draws[draws["drawn"]].groupby("sentence_id")["wave"].min()
    wave = all_coded["sentence_id"].map(first).astype(float)
    all_coded = all_coded.assign(wave=wave.mask(wave.isna() & all_coded["probability"].notna(), 0))
    if until is not None:
        all_coded, draws = all_coded[~(all_coded["wave"] > until)], draws[draws["wave"] <= until]
    old = all_coded[all_coded["wave"] == 0]
    before = dict(zip(old["sentence_id"], 1 / old["probability"], strict=True))
    weights, reached = sampling_weights(draws, all_coded["sentence_id"], before)
    reached |= set(study.sentences["sentence_id"]) if before else set()
    coded = all_coded[among(all_coded["sentence_id"], units["sentence_id"])]
    known = among(units["sentence_id"], reached | set(coded["sentence_id"]))
    whole = set(units.loc[known.groupby(units["outlet"], dropna=False).transform("all"), "sentence_id"])
    counts = among(coded["sentence_id"], whole | set(weights))
    probability = 1 / coded["sentence_id"].map(weights).astype(float).fillna(1.0)
    rows = coded.assign(probability=probability.clip(upper=1))[counts]
    human = rows[["sentence_id", "codes"]].explode("codes").dropna().rename(columns={"codes": "value"})
    return HumanSample(
        variable,
        units.reset_index(drop=True),
        rows[["sentence_id", "coder", "wave", "probability"]].reset_index(drop=True),
        human.reset_index(drop=True),
        _unasked(coders, variable, rows),
        int((~counts).sum()),
    )


def machine_codes(study: Study, variable: str, coders: Mapping[str, Coder] | None = None) -> pd.DataFrame:
    """What the coder gave whose codes the study's charts draw (see `counting`): sentence_id, value, a row a code.

    Where that is a person, what the rules gave: people's codes are not corrected.
    """
    coders = load_coders(study) if coders is None else coders
    counts = counting(study, coders, [variable])[variable].coder
    codes = (coders[RULES] if counts.is_person else counts).codes
    rows = codes[codes["variable"] == variable].rename(columns={"unit": "sentence_id"})
    return rows[["sentence_id", "value"]].drop_duplicates(ignore_index=True)


def variables_of(study: Study) -> dict[str, Sequence[str]]:
    """The variables that people can code in sentences, and the values of each."""
    stances = {STANCE + code: list(target.positions) for code, target in study.codebook.targets.items()}
    return {FRAMES: list(study.codebook.frames), TONE: TONES, **stances}


def _coded(study: Study, variable: str, coders: Mapping[str, Coder]) -> pd.DataFrame:
    """The study's sentences that people coded for the variable: sentence_id, coder, codes (a list), probability.

    `probability` is what the coder's own file says, NA where it says nothing.
    """
    people = [coder for coder in coders.values() if coder.is_person]
    people.sort(key=lambda coder: (coder.name != SETTLED, -len(coder.asked.get(FRAMES, ()))))
    parts = [_coded_by(study, variable, coder) for coder in people]
    columns = ["sentence_id", "coder", "codes", "probability"]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return rows.drop_duplicates("sentence_id", ignore_index=True)


def _coded_by(study: Study, variable: str, coder: Coder) -> pd.DataFrame:
    given = coder.given(variable)
    if variable not in coder.asked and variable.startswith(STANCE):
        # Sheets ask for every target, and nobody may have taken a position on it.
        seen = sorted(coder.asked.get(FRAMES, ()))
        given = pd.Series([frozenset()] * len(seen), index=seen, dtype=object)
    drawn = _own_probability(study, coder.name).reindex(given.index)
    return pd.DataFrame(
        {
            "sentence_id": given.index,
            "coder": coder.name,
            "codes": given.map(sorted).to_numpy(),
            "probability": drawn.to_numpy(float),
        }
    )


def _unasked(coders: Mapping[str, Coder], variable: str, coded: pd.DataFrame) -> pd.DataFrame:
    pairs = [
        (unit, value)
        for name, mine in coded.groupby("coder")["sentence_id"]
        for value, units in (coders[str(name)].unasked.items() if variable == FRAMES else ())
        for unit in mine
        if unit in units
    ]
    return pd.DataFrame(pairs, columns=["sentence_id", "value"])


def _own_probability(study: Study, coder: str) -> pd.Series:
    """By sentence of the study the probability in the coder's file."""
    file = study.coding.get(coding_files(coder)[0])
    if file is None or "probability" not in file:
        return pd.Series(dtype=float)
    at = align(study.sentences, coded_places(study.coding, coding_files(coder)[0]))
    known = pd.to_numeric(file.set_index("sentence")["probability"], errors="coerce")
    return at.map(known).astype(float).set_axis(study.sentences["sentence_id"])
