"""Who is quoted in each group: how many, how evenly, of what kind, in how many words, how high up, by which verb.

An attribution is one row of `quotes`; a source is a person, body or document to which words are attributed. Named
persons are one source across the articles of a group; an unnamed source cannot be recognised in a second article and
counts as another there, so groups with many anonymous sources may look more diverse than they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import special

from analysis.codebook import SPEECH, Verb
from analysis.compare.shares import shares
from analysis.compare.uncertainty import require_groups, wilson
from analysis.tables import LEVEL, Floats, split_at_breaks
from analysis.text import count_words, split_tokens

OFFICIALS = (
    *("head_of_state", "government_official", "legislator", "judiciary"),
    *("intelligence", "military", "law_enforcement", "diplomat"),
)
KINDS = ("official", "expert", "named", "anonymous")
_OF_SOURCE = [
    "name",
    "person",
    "description",
    "role",
    "side",
    "named",
    "expert",
    "anonymity",
    "reason",
    "expertise",
]


def that_report(quotes: pd.DataFrame, reported: Collection[str] = (SPEECH,)) -> pd.DataFrame:
    """The quotes that report speech, or whatever else is asked for: thought, act (see the column `reported`)."""
    return quotes[quotes["reported"].fillna(SPEECH).isin(list(reported))]


def attributions(quotes: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """`quotes` with the columns of their source (name, role, side, named, expert, anonymity ...) and `who`.

    `who` is the same for one source wherever it speaks: for a named person the one name in all articles (`person`),
    else the source_id; NA for a quote without a source.
    """
    known = sources[["source_id", *[c for c in _OF_SOURCE if c in sources]]]
    table = quotes.merge(known, on="source_id", how="left", validate="many_to_one")
    table["who"] = table["source_id"]
    named = table["named"].fillna(False).astype(bool) & table["name"].notna()
    table.loc[named, "who"] = table.loc[named, "person"].fillna(table.loc[named, "name"])
    return table


def diversity(
    quotes: pd.DataFrame, sources: pd.DataFrame, *, by: str = "outlet", groups: Sequence[str] | None = None
) -> pd.DataFrame:
    """How many sources, how evenly quoted: by, sources, attributions, shannon, shannon_mm, d0, d1, d2, evenness, cr1, cr3, unit.

    `shannon` H in nats as counted, `shannon_mm` with Miller & Madow's correction (Miller 1955) H + (S - 1) / 2N;
    Hill numbers (1973) `d0` = S, `d1` = exp H, `d2` = 1 / sum p^2: as many sources as, equally quoted, would give this
    diversity; `evenness` H / ln S (Pielou 1966), NaN for one source; `cr1`, `cr3`: share of the attributions that the
    first one and three sources have (0..1).

    All of them grow with the number of attributions: compare groups of different size by `rarefy` only. With fewer than
    about twenty attributions even that is a rough guide.
    """
    out = []
    for group, counts in _counts(quotes, sources, by, groups).items():
        n, s = int(counts.sum()), len(counts)
        p = counts / n if n else counts
        h = float(-(p * np.log(p)).sum()) if n else np.nan
        top = np.sort(p)[::-1]
        out.append(
            {
                by: group,
                "sources": s,
                "attributions": n,
                "shannon": h,
                "shannon_mm": h + (s - 1) / (2 * n) if n else np.nan,
                "d0": float(s) if n else np.nan,
                "d1": float(np.exp(h)),
                "d2": float(1 / (p**2).sum()) if n else np.nan,
                "evenness": h / np.log(s) if s > 1 else np.nan,
                "cr1": float(top[:1].sum()) if n else np.nan,
                "cr3": float(top[:3].sum()) if n else np.nan,
                "unit": "quotes",
            }
        )
    return pd.DataFrame(out)


def rarefy(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    by: str = "outlet",
    size: int | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Sources expected in the same number of attributions of each group: by, sources, attributions, size, expected, low, high, unit.

    E[S_n] = sum(1 - C(N - N_i, n) / C(N, n)) (Hurlbert 1971), `size` n being that of the smallest group with any
    attribution. `low`, `high`: 95 %, by the unconditional variance of Colwell et al. (2012) with Chao1 (bias-corrected)
    for the sources that the group might still have quoted; normal approximation, held between 1 and n.

    NaN for a group with fewer than `size` attributions. Where no source is quoted only once, Chao1 expects none unseen and
    the interval closes at the group's own size: a limit of the estimate, not certainty. Attributions are taken as independent draws, which those of one
    article are not. If the smallest group has five or ten, all groups look alike: so small an n cannot separate them.
    """
    counts = _counts(quotes, sources, by, groups)
    totals = [int(c.sum()) for c in counts.values() if c.sum()]
    if size is None:
        size = min(totals, default=0)
    out = []
    for group, n_i in counts.items():
        expected = low = high = np.nan
        total = int(n_i.sum())
        if 0 < size <= total:
            expected = float((1 - _missed(total, n_i, size)).sum())
            half = special.ndtri(0.5 + LEVEL / 2) * np.sqrt(_rarefaction_variance(n_i, size, expected))
            low, high = max(1.0, expected - half), min(float(size), expected + half)
        out.append((group, len(n_i), total, size, expected, low, high, "quotes"))
    columns = [by, "sources", "attributions", "size", "expected", "low", "high", "unit"]
    return pd.DataFrame(out, columns=columns)


def source_shares(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    unit: str = "quote_id",
    labels: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Share of attributions of each role, side, form ... (`of`), in the columns of `shares`.

    `unit`: quote_id counts attributions (who speaks how often), who counts sources (who is quoted at all).
    The base is all attributions that have a source. Caveats as in `shares`: attributions of one article are not independent.
    """
    table = attributions(quotes, sources).dropna(subset=["who"])
    return shares(table, table, of=of, by=by, unit=unit, labels=labels, groups=groups)


def source_kinds(
    quotes: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    by: str = "outlet",
    unit: str = "quote_id",
    officials: Collection[str] = OFFICIALS,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Shares of official, expert, named and anonymous sources: by, kind, n, total, share, low, high, unit.

    The kinds overlap (an official may be anonymous), so shares do not add up to 1. `officials`: the roles in office;
    `expert`, `named` and `anonymity` as the sources table says. `unit` as in `source_shares`.
    """
    table = attributions(quotes, sources).dropna(subset=["who"])
    hits = list_kinds(table, officials=officials)
    return shares(hits, table, of="kind", by=by, unit=unit, labels=KINDS, groups=groups)


def list_kinds(attributed: pd.DataFrame, *, officials: Collection[str] = OFFICIALS) -> pd.DataFrame:
    """The rows of `attributions` once for each `kind` (official, expert, named, anonymous) that their source is of."""
    is_kind = {
        "official": attributed["role"].isin(list(officials)),
        "expert": attributed["expert"].fillna(False).astype(bool),
        "named": attributed["named"].fillna(False).astype(bool),
        "anonymous": (attributed["anonymity"] == "anonymous").fillna(False).astype(bool),
    }
    return pd.concat([attributed[is_kind[kind]].assign(kind=kind) for kind in KINDS])


def quote_amounts(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    of: str = "form",
    by: str = "outlet",
    labels: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Quotes and quoted words of each form (or other column `of`): the columns of `shares`, then characters, words, words_share.

    `n` of `total` quotes have the label; `characters` and `words` are how much is attributed, `words_share` (0..1) the
    label's part of the group's words, without interval. Words are NA where an article's text is missing; a quote inside a quote
    counts its words again. Pass the result
    of `attributions` as `quotes` to ask by role or side.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    table = shares(quotes, quotes, of=of, by=by, unit="quote_id", labels=labels, groups=groups)
    pieces = split_at_breaks(quotes)
    sized = pieces[[by, of]].assign(
        characters=(pieces["end"] - pieces["start"]).astype("Int64"),
        words=pd.array(
            [
                pd.NA if pd.isna(t := texts.get(a, pd.NA)) or pd.isna(s) else count_words(t[s:e])
                for a, s, e in zip(pieces["article_id"], pieces["start"], pieces["end"], strict=True)
            ],
            dtype="Int64",
        ),
    )
    # One text that is missing makes the sum of its group unknown, not smaller.
    amounts = sized.groupby([by, of], observed=True)[["characters", "words"]].agg(
        lambda s: s.sum(skipna=False)
    )
    found = amounts.reindex(pd.MultiIndex.from_frame(table[[by, of]]))
    none = (table["n"] == 0).to_numpy()
    for column in ("characters", "words"):
        table[column] = found[column].astype("Int64").mask(none, 0).to_numpy(dtype=object, na_value=pd.NA)
        table[column] = table[column].astype("Int64")
    whole = sized.groupby(by, observed=True)["words"].agg(lambda s: s.sum(skipna=False))
    per_group = table[by].map(whole).astype("Float64")
    table["words_share"] = (table["words"].astype("Float64") / per_group.mask(per_group == 0)).astype(
        "Float64"
    )
    return table


def quote_positions(quotes: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """`quotes` with `position`: how far down the article its sentence is, 0 (first sentence) to 1 (last).

    Counted in sentences of title, deck, headings and body, so page clutter does not matter; NA where the sentence is
    unknown, 0 in an article of one sentence.
    """
    order = sentences.sort_values(["article_id", "start"])[["sentence_id", "article_id"]]
    rank = order.groupby("article_id", observed=True).cumcount()
    last = order.groupby("article_id", observed=True)["sentence_id"].transform("size") - 1
    position = pd.Series((rank / last.clip(lower=1)).to_numpy(float), index=order["sentence_id"].to_numpy())
    return quotes.assign(position=quotes["sentence_id"].map(position).astype("Float64"))


def heard_early(
    quotes: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    of: str,
    by: str = "outlet",
    within: float = 1 / 3,
    labels: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Who is quoted high up: by, of, n, total, share, low, high, median, unit.

    `n` of a label's `total` quotes are in the first part of their article (`within`, 0..1, a third); Wilson interval;
    `median` is their median position (0 top, 1 end). Pass the result of `attributions` as `quotes` to ask by role or
    side. A label with two or three quotes may be high up by chance.
    """
    table = quote_positions(quotes, sentences).dropna(subset=["position", of])
    require_groups(table, by)
    labels = sorted(table[of].unique()) if labels is None else list(labels)
    groups = list(pd.unique(quotes[by])) if groups is None else list(groups)
    found = (
        table.assign(early=(table["position"] < within).astype(int))
        .groupby([by, of], observed=True)
        .agg(n=("early", "sum"), total=("early", "size"), median=("position", "median"))
        .reindex(pd.MultiIndex.from_product([groups, labels], names=[by, of]))
        .reset_index()
    )
    for column in ("n", "total"):
        found[column] = found[column].fillna(0).astype("int64")
    with np.errstate(invalid="ignore"):
        found["share"] = found["n"].to_numpy(float) / found["total"].to_numpy(float)
    found["low"], found["high"] = wilson(found["n"], found["total"])
    found["unit"] = "quotes"
    return found[[by, of, "n", "total", "share", "low", "high", "median", "unit"]]


def classify_cues(cues: pd.Series, verbs: Mapping[str, Verb]) -> pd.Series:
    """The class of the reporting verb (or noun) in each cue: neutral, endorsing, distancing, judging; else none.

    The longest form of the codebook in the cue decides, of equally long ones the last ("was quoted as
    saying"). "none" is a cue without a verb of the codebook (according to), NA a quote without a cue.
    """
    classes = {
        tuple(t.lower for t in split_tokens(form)): verb.tone
        for verb in verbs.values()
        for form in (*verb.nouns, *verb.forms, verb.lemma)
    }
    longest = max(map(len, classes), default=0)

    def classify(cue: str) -> str:
        words = tuple(t.lower for t in split_tokens(cue))
        for length in range(min(longest, len(words)), 0, -1):
            for at in range(len(words) - length, -1, -1):
                if found := classes.get(words[at : at + length]):
                    return found
        return "none"

    return cues.map(classify, na_action="ignore").astype("string")


def verb_classes(
    quotes: pd.DataFrame,
    verbs: Mapping[str, Verb],
    *,
    by: str = "outlet",
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Share of quotes introduced by each class of reporting verb: by, verb_class, n, total, share, low, high, unit.

    The base is quotes that have a cue. Most reporting verbs in news are neutral, so the other classes rest on few
    quotes: read n and the interval, not the share alone.
    """
    table = quotes.assign(verb_class=classify_cues(quotes["cue"], verbs)).dropna(subset=["verb_class"])
    labels = ["neutral", "endorsing", "distancing", "judging", "none"]
    return shares(table, table, of="verb_class", by=by, unit="quote_id", labels=labels, groups=groups)


def shared_sources(
    quotes: pd.DataFrame, sources: pd.DataFrame, *, by: str = "outlet", least: int = 2
) -> pd.DataFrame:
    """Named sources quoted in `least` groups or more: name, by, n, total, share, low, high, groups, unit.

    One row for each source and each group that quotes it: `n` of the group's `total` attributions (those with a source);
    `groups`: in how many groups the source is quoted. Most widely quoted first. Only named persons can be recognised: groups
    that share no name may still have asked the same people.
    """
    table = attributions(quotes, sources).dropna(subset=["who"])
    require_groups(table, by)
    total = table.groupby(by, observed=True).size()
    named = table[table["named"].fillna(False).astype(bool)]
    found = (
        named.groupby(["who", by], observed=True).agg(name=("who", "first"), n=("who", "size")).reset_index()
    )
    found["groups"] = found.groupby("who")[by].transform("size")
    found = found[found["groups"] >= least]
    found["all"] = found.groupby("who")["n"].transform("sum")
    found = found.sort_values(["groups", "all", "name", "n", by], ascending=[False, False, True, False, True])
    found["total"] = found[by].map(total).astype("int64")
    found["share"] = found["n"] / found["total"]
    found["low"], found["high"] = wilson(found["n"], found["total"])
    found["unit"] = "quotes"
    columns = ["name", by, "n", "total", "share", "low", "high", "groups", "unit"]
    return found[columns].reset_index(drop=True)


def source_overlap(quotes: pd.DataFrame, sources: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Each pair of groups: {by}_a, {by}_b, n (named sources of both), total (of either), share (Jaccard), low, high, unit.

    Small groups share few sources by chance alone: compare the share with the most that groups of that size could share.
    """
    table = attributions(quotes, sources)
    require_groups(table, by)
    named = table[table["named"].fillna(False).astype(bool)]
    heard = {group: set(named.loc[named[by] == group, "who"]) for group in pd.unique(table[by])}
    out = [(a, b, len(heard[a] & heard[b]), len(heard[a] | heard[b])) for a, b in combinations(heard, 2)]
    found = pd.DataFrame(out, columns=[f"{by}_a", f"{by}_b", "n", "total"])
    with np.errstate(invalid="ignore"):
        found["share"] = found["n"].to_numpy(float) / found["total"].to_numpy(float)
    found["low"], found["high"] = wilson(found["n"], found["total"])
    found["unit"] = "named sources"
    return found


def _counts(
    quotes: pd.DataFrame, sources: pd.DataFrame, by: str, groups: Sequence[str] | None
) -> dict[str, Floats]:
    """For each group how often each of its sources is quoted."""
    table = attributions(quotes, sources)
    require_groups(table, by)
    counts = table.dropna(subset=["who"]).groupby([by, "who"], observed=True).size()
    heard = set(counts.index.get_level_values(0))
    groups = list(pd.unique(table[by])) if groups is None else list(groups)
    return {g: counts[g].to_numpy(float) if g in heard else np.zeros(0) for g in groups}


def _missed(total: int, counts: Floats, size: int) -> Floats:
    """C(N - N_i, n) / C(N, n): the chance that a source with N_i attributions is not among n drawn ones."""
    rest = total - counts
    log = (
        special.gammaln(rest + 1)
        - special.gammaln(np.maximum(rest - size, 0) + 1)
        - special.gammaln(total + 1)
        + special.gammaln(total - size + 1)
    )
    return np.where(rest >= size, np.exp(log), 0.0)


def _rarefaction_variance(counts: Floats, size: int, expected: float) -> float:
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    total = counts.sum()
    chao1 = len(counts) + (total - 1) / total * once * (once - 1) / (2 * (twice + 1))
    kept = 1 - _missed(int(total), counts, size)
    return max(0.0, float((kept**2).sum() - expected**2 / chao1))
