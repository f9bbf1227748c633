"""What people coded of a study, as the sample that corrects the machine's shares (see `compare.corrected`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.coding.agreement import align
from analysis.coding.draws import draws_of, sampling_weights
from analysis.coding.files import LEARNER, MODEL, coded_places, coder_names, coding_files
from analysis.coding.reliability import codes_given
from analysis.study import Study
from analysis.tables import SETTLED, TONES

STANCE_ON = "stance on "


@dataclass(frozen=True, eq=False)
class HumanSample:
    """What people gave the sentences of a study for one variable: frames, sentiment or `stance on TARGET`.

    `units`: the sentences in question, sentence_id, article_id and outlet. `coded`, a row each of those that people
    coded: sentence_id, coder, probability (above 0 to 1, the inverse is how many sentences it stands for; 1 where it
    stands for itself alone). `human`, a row a code given: sentence_id, value; the other coded ones were given none.
    `left_out`: coded sentences that were not drawn at random and so say nothing of others.

    The three tables are arguments of `compare.corrected.corrected_shares` (with of="value") and its likes.
    """

    variable: str
    units: pd.DataFrame
    coded: pd.DataFrame
    human: pd.DataFrame
    left_out: int

    @property
    def is_census(self) -> bool:
        """All sentences in question were coded: nothing is estimated."""
        return 0 < len(self.units) == len(self.coded)

    @property
    def coders(self) -> list[str]:
        """Whose codes count, `settled` for what coders agreed on, in the order of how often."""
        return [str(name) for name in self.coded["coder"].value_counts().index]


def human_sample(study: Study, variable: str, units: pd.DataFrame | None = None) -> HumanSample:
    """What people coded of `units`, some of the study's sentences (default: all), as a random sample.

    The settled code counts; where nothing was settled that of the person who coded most. Sentences count by the
    probabilities in `coding/draws.csv` (see `draws.sampling_weights`), or, where they were drawn before draws were
    recorded, by that of the coder's sentences. Coded ones that nobody drew count where the rest of their outlet was
    coded or could be drawn, and stand for themselves.
    """
    all_coded = _coded(study, variable)
    units = study.sentences if units is None else units
    outlets = study.articles[["article_id", "outlet"]]
    units = (
        units[["sentence_id", "article_id"]].drop_duplicates("sentence_id").merge(outlets, on="article_id")
    )
    draws = draws_of(study)
    drawn = set(draws.loc[draws["drawn"], "sentence_id"])
    old = all_coded[~all_coded["sentence_id"].isin(drawn)].dropna(subset=["probability"])
    before = dict(zip(old["sentence_id"], 1 / old["probability"], strict=True))
    weights, reached = sampling_weights(draws, all_coded["sentence_id"], before)
    reached |= set(study.sentences["sentence_id"]) if before else set()
    coded = all_coded[all_coded["sentence_id"].isin(units["sentence_id"])]
    known = units["sentence_id"].isin(reached | set(coded["sentence_id"]))
    whole = set(units.loc[known.groupby(units["outlet"], dropna=False).transform("all"), "sentence_id"])
    counts = coded["sentence_id"].isin(whole | set(weights))
    probability = 1 / coded["sentence_id"].map(weights).astype(float).fillna(1.0)
    rows = coded.assign(probability=probability.clip(upper=1))[counts]
    human = rows[["sentence_id", "codes"]].explode("codes").dropna().rename(columns={"codes": "value"})
    return HumanSample(
        variable,
        units.reset_index(drop=True),
        rows[["sentence_id", "coder", "probability"]].reset_index(drop=True),
        human.reset_index(drop=True),
        int((~counts).sum()),
    )


def rules_codes(study: Study, variable: str) -> pd.DataFrame:
    """What the rules gave for the variable: sentence_id, value, a row a code and sentence."""
    if variable == "frames":
        found = study.frames.rename(columns={"frame": "value"})
    elif variable == "sentiment":
        found = study.sentiment.rename(columns={"label": "value"})
    else:
        of_target = study.stance["target"] == variable.removeprefix(STANCE_ON)
        found = study.stance[of_target].rename(columns={"stance": "value"})
    return found[["sentence_id", "value"]].dropna().drop_duplicates().reset_index(drop=True)


def variables_of(study: Study) -> dict[str, Sequence[str]]:
    """The variables that people can code in sentences, and the values of each."""
    stances = {STANCE_ON + code: list(target.positions) for code, target in study.codebook.targets.items()}
    return {"frames": list(study.codebook.frames), "sentiment": TONES, **stances}


def _coded(study: Study, variable: str) -> pd.DataFrame:
    """The study's sentences that people coded for the variable: sentence_id, coder, codes (a list), probability."""
    people = [name for name in coder_names(study.coding) if name != LEARNER and not name.startswith(MODEL)]
    people.sort(key=lambda name: -len(study.coding[coding_files(name)[0]]))
    parts = [_coded_by(study, variable, name) for name in (None, *people)]
    return pd.concat(parts, ignore_index=True).drop_duplicates("sentence_id", ignore_index=True)


def _coded_by(study: Study, variable: str, coder: str | None) -> pd.DataFrame:
    columns = ["sentence_id", "coder", "codes", "probability"]
    file = coding_files(coder)[0]
    given = codes_given(study.coding, coder).get(variable)
    places = coded_places(study.coding, file)
    if (
        given is None and places.size and variable.startswith(STANCE_ON)
    ):  # asked, as all targets are, and never given
        given = pd.Series([frozenset()] * len(places), index=places["sentence"], dtype=object)
    if given is None:
        return pd.DataFrame(columns=columns)
    at = align(study.sentences, places)
    rows = pd.DataFrame({"sentence_id": study.sentences["sentence_id"], "sentence": at}).dropna()
    rows = rows.assign(codes=rows["sentence"].map(given.map(sorted)), coder=coder or SETTLED)
    drawn = study.coding[file].reindex(columns=["sentence", "probability"]).drop_duplicates("sentence")
    rows = rows.dropna(subset=["codes"]).merge(drawn, on="sentence", how="left")
    if variable == "sentiment":  # a sentence without a tone was not coded
        rows = rows[rows["codes"].map(len) > 0]
    return rows.assign(probability=pd.to_numeric(rows["probability"], errors="coerce"))[columns]
