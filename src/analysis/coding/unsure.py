"""Sentences of which a coder that learns from people is least sure, drawn more often than others, and how often is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.coding.draws import list_drawn_from, record_draw
from analysis.coding.learned import fit
from analysis.coding.model.prompt import FRAMES
from analysis.coding.samples import human_sample
from analysis.study import Study, StudyError

_SHARES = (1, 2, 4)  # of the draw: from the surest third, the middle one, the least sure


def uncertainty(study: Study, variable: str = FRAMES) -> pd.Series:
    """By sentence how unsure a coder is that learned the variable from what people coded: 0 sure, 1 not at all.

    The mean over codes of 4 p (1 - p), p being its confidence that the sentence has the code (the variance of a yes or no;
    uncertainty sampling: Lewis & Gale 1994). Raises StudyError where people have not coded enough to learn from.
    """
    sample = human_sample(study, variable)
    given = sample.human.groupby("sentence_id")["value"].agg(set)
    texts = study.articles.set_index("article_id")["text"]
    here = study.sentences[study.sentences["article_id"].map(texts.notna())]
    words = [texts[s.article_id][s.start : s.end] for s in here.itertuples()]
    by_sentence = dict(zip(here["sentence_id"], words, strict=True))
    coded = [unit for unit in sample.coded["sentence_id"] if unit in by_sentence]
    try:
        coder = fit([by_sentence[unit] for unit in coded], [given.get(unit, set()) for unit in coded])
    except ValueError as error:
        raise StudyError(
            [f"{study.name}: nobody can say yet where a coder would be unsure of {variable}: {error}"]
        ) from None
    p = coder.confidence(words).to_numpy()
    return pd.Series(4 * (p * (1 - p)).mean(axis=1), index=here["sentence_id"])


def draw_uncertain(
    study: Study, n: int, *, variable: str = FRAMES, seed: int = 1
) -> tuple[pd.DataFrame, int]:
    """Draw `n` sentences that nobody coded, four times as many from the least sure third as from the surest; record the draw.

    Its rows (sentence_id, article_id, start, end, probability) and its wave. Within a third all are as likely, so the
    sample is weighted back as any other. Raises StudyError as `uncertainty`, and where nothing is left.
    """
    unsure = uncertainty(study, variable)
    coded = set(human_sample(study, variable).coded["sentence_id"])
    missing = set(study.sentences["sentence_id"]) - set(unsure.index)
    listed = study.sentences.assign(unsure=study.sentences["sentence_id"].map(unsure))
    could = listed[~listed["sentence_id"].isin(coded | missing)].sort_values("unsure", kind="stable")
    if could.empty:
        raise StudyError([f"{study.name}: people have coded every sentence"])
    third = np.arange(len(could)) * len(_SHARES) // len(could)
    stratum = pd.Series(third, index=could.index)
    rng = np.random.default_rng(seed)
    parts = []
    for number, wanted in enumerate(_taken(np.bincount(third, minlength=len(_SHARES)), n)):
        mine = could.index[third == number]
        drawn = rng.choice(mine, size=wanted, replace=False)
        parts.append(listed.loc[drawn].assign(probability=wanted / max(len(mine), 1)))
    sample = pd.concat(parts)
    numbers = stratum.reindex(listed.index).fillna(-1).astype(int)
    wave = record_draw(study, list_drawn_from(listed.assign(stratum=numbers), sample, coded | missing))
    order = rng.permutation(len(sample))
    return sample.iloc[order][["sentence_id", "article_id", "start", "end", "probability"]].reset_index(
        drop=True
    ), wave


def _taken(sizes: np.ndarray, n: int) -> list[int]:
    """How many of each third: by _SHARES, one of each at least, none more than it has; what is left over goes to the least sure."""
    n = min(n, int(sizes.sum()))
    given = [
        min(int(size), max(1, n * share // sum(_SHARES))) for size, share in zip(sizes, _SHARES, strict=True)
    ]
    for place in (2, 1, 0):
        given[place] += max(0, min(int(sizes[place]) - given[place], n - sum(given)))
    while sum(given) > n:
        given[int(np.argmax(given))] -= 1
    return given
