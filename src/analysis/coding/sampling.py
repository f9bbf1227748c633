"""Which sentences people should code: a stratified random sample, small enough to code, that can be weighted back."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from math import sqrt

import numpy as np
import pandas as pd

from analysis.coding.agreement import align
from analysis.coding.draws import list_drawn_from, record_draw
from analysis.coding.files import coded_places, coding_files
from analysis.study import Study, StudyError

HEADLINE, LEAD, BODY = "headline", "lead", "body"
STRATA = ("found", "outlet", "place")
COLUMNS = ["sentence_id", "article_id", "start", "end", *STRATA, "population", "drawn", "probability"]


def draw_for_coders(
    study: Study, coders: Sequence[str], n: int, *, seed: int = 1, again: bool = False
) -> tuple[pd.DataFrame, int]:
    """Sentences of the study for these coders, as `draw_sentences` gives them, and how many were left out.

    Left out is what all of them have coded before, but not if `again`. The draw is recorded in the study's
    `coding/draws.csv` (see `coding.draws`). Raises StudyError where nothing is left.
    """
    require_texts(study)
    coded = set() if again else coded_by_all(study, coders)
    drawn, drawn_from = draw_with_list(study.tables, n, seed=seed, leave_out=coded)
    if drawn.empty:
        who = " and ".join(coders)
        raise StudyError([f"{study.name}: {who} have coded every sentence; --again draws from them"])
    record_draw(study, drawn_from)
    return drawn, len(coded)


def require_texts(study: Study) -> None:
    """Raise StudyError where none of the study's texts is here: then there is nothing to read and code."""
    if study.articles["text"].isna().all():
        raise StudyError([f"{study.name}: its texts are not here; name their folder with --articles"])


def coded_by_all(study: Study, coders: Sequence[str]) -> set[str]:
    """The study's sentences that each of the coders has coded before."""
    coded = set(study.sentences["sentence_id"])
    for coder in coders:
        try:
            at = align(study.sentences, coded_places(study.coding, coding_files(coder)[0]))
        except ValueError as error:
            raise StudyError([f"{study.folder / 'coding'}, {coder}: {error}"]) from None
        coded &= set(study.sentences.loc[at.notna(), "sentence_id"])
    return coded


def draw_sentences(
    tables: Mapping[str, pd.DataFrame], n: int, *, seed: int = 1, leave_out: Collection[str] = ()
) -> pd.DataFrame:
    """`n` sentences (all, where there are no more) in random order, each with its probability of being drawn.

    One row a sentence: sentence_id, article_id, start, end; found (the rules saw a frame or a stance there), outlet,
    place (headline; lead, an article's first paragraph of body; body); population and drawn (sentences of its
    stratum, and how many of them are in the sample); probability = drawn / population, in (0, 1]: a share in the
    sample weighted by 1 / probability estimates the share in all sentences that could be drawn (Horvitz & Thompson
    1952). Sentences of `leave_out` and of articles without text cannot be.

    Strata are found x outlet x place, so that rare codes, short articles and headlines get a chance; where that makes
    more strata than `n`, place is given up first, then outlet, for a stratum without a sentence could not be weighted
    back. Sizes follow the square root of the population (power allocation, Bankier 1988), rounded by priority values
    (Wright 2012), one sentence a stratum at least; inside a stratum every sentence is as likely as another, without
    replacement (Lohr 2022, Sampling: Design and Analysis, ch. 3; for content analysis Riffe, Lacy & Fico 2014, ch. 5).
    The same tables, `n` and `seed` give the same rows. Raises ValueError where `n` is below 1.
    """
    return draw_with_list(tables, n, seed=seed, leave_out=leave_out)[0]


def draw_with_list(
    tables: Mapping[str, pd.DataFrame], n: int, *, seed: int = 1, leave_out: Collection[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As `draw_sentences`; beside the sample the list that it was drawn from (see `draws.list_drawn_from`)."""
    if n < 1:
        raise ValueError(f"a sample has one sentence or more, not {n}")
    listed = _sentences_with_strata(tables)
    out = listed["sentence_id"].isin(list(leave_out))
    listed = listed.assign(stratum=_strata(listed, ~out, n))
    could = listed[~out]
    sizes = could["stratum"].value_counts().sort_index()
    drawn = allocate(sizes.to_dict(), n)
    rng = np.random.default_rng(seed)
    parts = [
        rng.choice(could.index[could["stratum"] == stratum], size=drawn[stratum], replace=False)
        for stratum in sizes.index
    ]
    order = rng.permutation(np.concatenate(parts)) if parts else np.array([], dtype=int)
    sample = could.loc[order]
    sample = sample.assign(population=sample["stratum"].map(sizes), drawn=sample["stratum"].map(drawn))
    sample["probability"] = sample["drawn"] / sample["population"]
    return sample[COLUMNS].reset_index(drop=True), list_drawn_from(listed, sample, leave_out)


def allocate(sizes: Mapping[int, int], n: int) -> dict[int, int]:
    """How many of `n` units each stratum gets: by the square root of its size, one at least, never more than it has.

    Where `n` is below the number of strata, the largest get one each.
    """
    given = dict.fromkeys(sizes, 0)
    # Wright 2012: the next unit goes to the stratum where sqrt(k (k + 1) / N) is smallest, k being what it has: first
    # to those without any. Size, then number, break ties, so that the same input gives the same sample.
    waiting = [(0.0, -size, stratum) for stratum, size in sizes.items() if size]
    heapq.heapify(waiting)
    for _ in range(min(n, sum(sizes.values()))):
        _, size, stratum = heapq.heappop(waiting)
        given[stratum] += 1
        k = given[stratum]
        if k < -size:
            heapq.heappush(waiting, (sqrt(k * (k + 1) / -size), size, stratum))
    return given


def _strata(sentences: pd.DataFrame, could: pd.Series, n: int) -> pd.Series:
    """The number of each sentence's stratum, by as many of STRATA as give those that `could` be drawn no more than `n`."""
    for count in range(len(STRATA), 0, -1):
        numbers = sentences.groupby(list(STRATA[:count]), dropna=False).ngroup()
        if numbers[could].nunique() <= n:
            return numbers
    return pd.Series(0, index=sentences.index)


def _sentences_with_strata(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    articles = tables["articles"]
    here = articles.loc[articles["text"].notna(), ["article_id", "outlet"]]
    sentences = tables["sentences"].merge(here, on="article_id", validate="many_to_one")
    body = sentences["kind"] == BODY
    first = sentences["paragraph"].where(body).groupby(sentences["article_id"]).transform("min")
    place = pd.Series(HEADLINE, index=sentences.index).mask(body, BODY)
    place = place.mask(body & (sentences["paragraph"] == first).fillna(False).astype(bool), LEAD)
    found = {*tables["frames"]["sentence_id"].dropna(), *tables["stance"]["sentence_id"].dropna()}
    return sentences.assign(place=place, found=sentences["sentence_id"].isin(found))
