"""Which sentences were drawn for coding, wave by wave: `coding/draws.csv`, and what each coded sentence stands for.

A wave is one draw of `coding-sheet`, `plan` or `analysis.code`. Of each wave the whole list is kept that it was drawn
from, with strata and probabilities: so its sample can be weighted back also when codebook, rules or articles have
changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analysis import store
from analysis.coding.agreement import align
from analysis.coding.files import load_coding
from analysis.study import Study

DRAWS = "draws"
_PLACE = ["article_id", "sentence", "start", "end"]
_COLUMNS = ["wave", *_PLACE, "stratum", "probability", "drawn"]
_EXACT = 12  # decimal places of a probability: the same after it was written and read


def list_drawn_from(sentences: pd.DataFrame, sample: pd.DataFrame, left_out: Collection[str]) -> pd.DataFrame:
    """The list of a draw: all `sentences` (with their `stratum`), as rows of `coding/draws.csv` without a wave.

    article_id, sentence, start, end, stratum, probability (drawn / those of the stratum that could be drawn, 0 where
    none of it was, NA for those `left_out`), drawn (yes, no).
    """
    rows = sentences.rename(columns={"sentence_id": "sentence"})[[*_PLACE, "stratum"]]
    drawn = rows["sentence"].isin(set(sample["sentence_id"]))
    could = ~rows["sentence"].isin(set(left_out))
    probability = drawn.groupby(rows["stratum"]).transform("sum") / could.groupby(rows["stratum"]).transform(
        "sum"
    )
    rows = rows.assign(probability=probability.where(could).astype(float).round(_EXACT))
    return rows.assign(drawn=drawn.map({True: "yes", False: "no"})).reset_index(drop=True)


def record_draw(study: Study, drawn_from: pd.DataFrame) -> int:
    """Add a draw (see `list_drawn_from`) to the study's `coding/draws.csv` as its last wave, whose number comes back.

    The same draw made once more, as after a stop, is the same wave.
    """
    with store.locked(study.folder):
        before = load_coding(study.folder).get(DRAWS, pd.DataFrame(columns=_COLUMNS))
        for number, wave in before.groupby("wave"):
            if _comparable(wave).equals(_comparable(drawn_from)):
                return int(number)
        number = int(before["wave"].max()) + 1 if len(before) else 1
        new = drawn_from.assign(wave=number)[_COLUMNS]
        with store.filled(study.folder / "coding") as folder:
            pd.concat([before, new] if len(before) else [new]).to_csv(
                folder / f"{DRAWS}.csv", index=False, lineterminator="\n"
            )
    return number


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """A draw as it is equal to itself once it was written and read."""
    numbers = {"start": int, "end": int, "stratum": int, "drawn": str}
    probability = pd.to_numeric(rows["probability"], errors="coerce").astype(float).round(_EXACT)
    rows = rows.assign(probability=probability)[_COLUMNS[1:]]
    return rows.astype({"article_id": str, "sentence": str} | numbers).reset_index(drop=True)


def draws_of(study: Study) -> pd.DataFrame:
    """The waves of the study's `coding/draws.csv` in its present sentences: sentence_id, wave, stratum, probability, drawn.

    `drawn` is a flag. Sentences are found by their place; of one that has been divided since each part has the row.
    """
    draws = study.coding.get(DRAWS)
    columns = ["sentence_id", "wave", "stratum", "probability", "drawn"]
    if draws is None or draws.empty:
        return pd.DataFrame(columns=columns).astype({"drawn": bool})
    places = draws[_PLACE].drop_duplicates("sentence")
    at = align(study.sentences, places)
    here = study.sentences.loc[at.notna(), ["sentence_id"]].assign(sentence=at.dropna())
    rows = here.merge(draws, on="sentence", how="inner").sort_values("wave", kind="stable")
    probability = pd.to_numeric(rows["probability"], errors="coerce")
    return rows.assign(drawn=rows["drawn"] == "yes", probability=probability)[columns].reset_index(drop=True)


def sampling_weights(
    draws: pd.DataFrame, coded: Collection[str], before: Mapping[str, float] | None = None
) -> tuple[dict[str, float], set[str]]:
    """How many sentences each coded one stands for, by its id, and the sentences for which one stands.

    `draws` as in `draws_of`. In a stratum n of those that could be drawn were drawn and coded: each stands for that
    many divided by n, the inverse of its recorded probability where all that were drawn are coded. `before`: what the
    coded sentences stand for that were drawn before draws were recorded.

    A later wave is drawn from what was not coded by then: of a stratum with N sentences n1 were coded before and n2
    now, and all stand for themselves. For the rest, N - n1, both can speak: the first by the earlier waves, in
    proportion to W - 1 where W is what they stood for; the second as a random sample of just that. Each estimate is
    right on average, so is a mean of them; the first get the share a = n1 (N - n1 - n2) / ((n1 + n2) (N - n1)), by which all
    weigh alike where the first were drawn alike, too. Where a wave drew nothing of a stratum, the earlier ones go on
    speaking for it (two-phase adaptive samples: Thompson & Seber 1996; McIsaac & Cook 2015).
    """
    weights, coded = dict(before or {}), set(coded)
    reached = {*draws["sentence_id"], *weights} if before else set()
    for _, wave in draws.groupby("wave"):
        now = set(wave.loc[wave["drawn"], "sentence_id"]) & coded - set(weights)
        if not now:
            continue  # drawn and not coded yet: it says nothing
        could = set(wave.loc[wave["probability"] > 0, "sentence_id"])
        reached_now: set[str] = set()
        for _, rows in wave.groupby([wave["stratum"], wave["sentence_id"].isin(reached)]):
            ids = set(rows["sentence_id"])
            first, second = ids & set(weights), ids & now
            weights |= _shared_out(weights, first, second, len(ids & could - first), len(ids - first))
            reached_now |= ids if second else set()
        reached |= reached_now
    return weights, reached


def _shared_out(
    weights: Mapping[str, float], first: Collection[str], second: Collection[str], could: int, rest: int
) -> dict[str, float]:
    """The weights of a stratum's coded sentences after a wave; `could` of its `rest` could be drawn, if it drew any."""
    spoken = sum(weights[one] - 1 for one in first)
    n1, n2 = len(first), len(second)
    if not second:
        return {one: 1 + (weights[one] - 1) * rest / spoken for one in first} if spoken else {}
    a = n1 * (could - n2) / ((n1 + n2) * could) if spoken else 0.0
    new = {one: 1 + a * (weights[one] - 1) * could / spoken if spoken else 1.0 for one in first}
    return new | dict.fromkeys(second, (1 - a) * could / n2)
