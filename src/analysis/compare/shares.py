"""Shares, net stance and mean tone of each group, always with what was counted and how far to trust it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.compare.uncertainty import group_means, require_groups, wilson
from analysis.tables import DRAWS, unit_name


def shares(
    hits: pd.DataFrame,
    base: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    unit: str = "sentence_id",
    labels: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Share of units that contain each label, in each group: by, of, n, total, share, low, high, unit.

    A unit without a hit still counts in `total`: the base comes from `base`, never from `hits`, and a hit in a unit
    that the base does not hold is not counted (so a base of headlines asks about headlines). Every label appears in
    every group, with n = 0 where there is none; `labels` and `groups` fix which and their order.
    `low`, `high`: 95 % Wilson interval (Wilson 1927). All three are fractions in 0..1, NaN where total is 0.

    The interval takes units as independent. Sentences of one article are not: it is then too narrow, and with one
    article a group it describes this text and not the outlet. Labels of a unit with several add up to more than 1.
    """
    require_groups(base, by)
    units = base[[by, unit]].dropna().drop_duplicates()
    labels = sorted(hits[of].dropna().unique()) if labels is None else list(labels)
    groups = list(pd.unique(units[by])) if groups is None else list(groups)
    counted = (
        hits[[by, unit, of]].dropna().drop_duplicates().merge(units, on=[by, unit], validate="many_to_one")
    )
    return shares_of_counts(
        counted.groupby([by, of], observed=True).size(),
        units.groupby(by, observed=True).size(),
        labels=labels,
        groups=groups,
        unit=unit,
    )


def shares_of_counts(
    counts: pd.Series, totals: pd.Series, *, labels: Sequence[str], groups: Sequence[str], unit: str
) -> pd.DataFrame:
    """The table of `shares`, of units counted by group and label, and by group: both named in the index of `counts`."""
    by, of = counts.index.names
    every = pd.MultiIndex.from_product([groups, labels], names=[by, of])
    table = counts.reindex(every, fill_value=0).rename("n").reset_index()
    table["n"] = table["n"].astype("int64")
    table["total"] = table[by].map(totals).fillna(0).astype("int64")
    with np.errstate(invalid="ignore"):
        table["share"] = table["n"].to_numpy(float) / table["total"].to_numpy(float)
    table["low"], table["high"] = wilson(table["n"], table["total"])
    table["unit"] = unit_name(unit)
    return table


def article_frames(
    frames: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    at_least: int = 2,
    at_least_share: float = 0.05,
) -> pd.DataFrame:
    """Which frames each article uses: article_id, frame, n, total, share, low, high, unit, used.

    A frame is used where `at_least` sentences of the article carry it, and `at_least_share` (0..1) of all its
    sentences do: one word in passing is not a frame of the article (Entman 1993: to frame is to make salient), and
    nor are two in a long one. One rule for all frames; `n`, `total` and `share` show how near the others came.
    Every article that `sentences` holds has a row for each frame found, or for each of `labels`. The rule looks at
    how often, not where: for a headline or a lead alone give its sentences, and `at_least=1`.
    """
    table = shares(frames, sentences, of="frame", by="article_id", labels=labels)
    table["used"] = (table["n"] >= at_least) & (table["share"] >= at_least_share)
    return table


def share_differences(table: pd.DataFrame, *, of: str, by: str = "outlet") -> pd.DataFrame:
    """Each pair of groups in a table made by `shares`: of, {by}_a, {by}_b, difference, low, high, h, unit.

    `difference`: share of a minus share of b, -1..1, with Newcombe's interval (1998, method 10); `h`: Cohen's effect
    size (1988; .2 small, .5 medium, .8 large). An effect, not a test: for a test between outlets see `permutation_test`.
    The interval takes units as independent, which sentences of one article are not.
    """
    out = []
    for label, part in table.groupby(of, sort=False):
        for a, b in combinations(part.itertuples(index=False), 2):
            difference = a.share - b.share
            low = difference - np.hypot(a.share - a.low, b.high - b.share)
            high = difference + np.hypot(a.high - a.share, b.share - b.low)
            h = 2 * np.arcsin(np.sqrt(a.share)) - 2 * np.arcsin(np.sqrt(b.share))
            out.append((label, getattr(a, by), getattr(b, by), difference, low, high, h, a.unit))
    return pd.DataFrame(out, columns=[of, f"{by}_a", f"{by}_b", "difference", "low", "high", "h", "unit"])


def net_stance(
    stance: pd.DataFrame,
    *,
    target: str,
    by: str = "outlet",
    voice: str | Collection[str] | None = None,
    favourable: Collection[str] = ("favourable", "sincere"),
    unfavourable: Collection[str] = ("unfavourable", "insincere"),
    neutral: Collection[str] = ("neutral",),
    groups: Sequence[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Net stance of each group on one target, for the voice or voices asked for (None: all voices).

    One row a group: by, target, voice, favourable, unfavourable, neutral (counts), n (their sum), articles, net, low,
    high, unit, resampled, method. net = (favourable - unfavourable) / n, from -1 to 1. What is counted is a position:
    one holder's stance in one sentence, once, however many indicators fired. `low`, `high`: bootstrap over articles, or
    within the article where the group has one (see `group_means`, also for what few articles cannot show).

    A net of 0 may be silence, balance or neutrality: look at the three counts. With n below about ten one more
    sentence moves it visibly.
    """
    worth = dict.fromkeys(favourable, 1.0) | dict.fromkeys(unfavourable, -1.0) | dict.fromkeys(neutral, 0.0)
    rows = _of_voice(stance, voice)
    rows = rows[(rows["target"] == target).fillna(False) & rows["stance"].isin(worth)]
    rows = rows.drop_duplicates(["article_id", "sentence_id", "voice", "source_id", "stance"])
    rows = rows.assign(value=rows["stance"].map(worth).astype(float))
    if groups is None:
        groups = list(pd.unique(stance[by]))
    means = group_means(rows, value="value", by=by, unit="position", groups=groups, draws=draws, seed=seed)
    counts = pd.crosstab(rows[by].to_numpy(), rows["value"].to_numpy()).reindex(
        index=groups, columns=[1.0, -1.0, 0.0], fill_value=0
    )
    means = means.rename(columns={"mean": "net"})
    means.insert(1, "target", target)
    means.insert(2, "voice", _voice_name(voice))
    for place, (name, score) in enumerate(
        (("favourable", 1.0), ("unfavourable", -1.0), ("neutral", 0.0)), start=3
    ):
        means.insert(place, name, counts[score].to_numpy("int64"))
    return means


def actor_tone(
    actors: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    by: str = "outlet",
    voice: str | Collection[str] | None = None,
    groups: Sequence[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Net attitude of each group towards each actor (or each of `labels`), in the columns of `net_stance`.

    by, actor, voice, positive, negative, neutral (counts of sentences that name the actor, once for each voice), n, ...,
    net = (positive - negative) / n, -1 to 1. The attitude is that of the words around a name, so bad news about somebody
    counts against them like blame.
    """
    rows = actors.rename(columns={"actor": "target", "label": "stance"})
    every = list(pd.unique(rows["target"])) if labels is None else list(labels)
    kinds = {"favourable": ["positive"], "unfavourable": ["negative"], "neutral": ["neutral"]}
    groups = list(pd.unique(rows[by])) if groups is None else list(groups)
    parts = [
        net_stance(rows, target=actor, by=by, voice=voice, groups=groups, draws=draws, seed=seed, **kinds)
        for actor in every
    ]
    table = pd.concat(parts, ignore_index=True) if parts else net_stance(rows, target="", by=by, groups=[])
    table = table.rename(columns={"target": "actor", "favourable": "positive", "unfavourable": "negative"})
    return table.assign(unit="mentions")


def mean_tone(
    sentiment: pd.DataFrame,
    *,
    by: str = "outlet",
    voice: str | Collection[str] | None = None,
    groups: Sequence[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Mean tone of the sentences of each group: by, voice, n, articles, mean, low, high, unit, resampled, method.

    -1 (negative) to 1 (positive). `low`, `high`: bootstrap over articles, or over the sentences inside the article
    where the group has one; the latter says how much tone varies in this text, not how the outlet writes (see
    `group_means`). A mean near 0 may be all neutral or half and half: look at `shares` of the labels too.
    """
    if groups is None:
        groups = list(pd.unique(sentiment[by]))
    table = group_means(
        _of_voice(sentiment, voice), value="score", by=by, groups=groups, draws=draws, seed=seed
    )
    table.insert(1, "voice", _voice_name(voice))
    return table


def _of_voice(table: pd.DataFrame, voice: str | Collection[str] | None) -> pd.DataFrame:
    if voice is None:
        return table
    return table[table["voice"].isin([voice] if isinstance(voice, str) else list(voice))]


def _voice_name(voice: str | Collection[str] | None) -> str:
    return "all" if voice is None else voice if isinstance(voice, str) else ", ".join(voice)
