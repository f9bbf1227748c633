"""What is asked about chance: could shuffling the articles have made it, and how many would it take to know?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.ask.about_reuse import all_words, words
from analysis.ask.about_stance import not_asked
from analysis.ask.comparison import Comparison
from analysis.ask.material import STANCES, Material
from analysis.codebook import POSITION_WORTH
from analysis.compare.shares import shares
from analysis.compare.sourcing import attributions, list_kinds
from analysis.compare.terms import count_terms
from analysis.compare.uncertainty import (
    articles_needed,
    benjamini_hochberg,
    largest_difference_p,
    permutation_tests,
    smallest_p,
)
from analysis.ids import among
from analysis.show.wording import counted, in_words, listed, probability, uncapitalised
from analysis.tables import TONES

ALL, OTHERS = "all outlets", "all others"
_PAIRS = 6  # outlets; of more only all together are tested, for every pair would be hundreds of tests
_SURE = 0.05
_COLUMNS = ["articles", "effect", "p", "q", "smallest_p", "needed"]


def frames_by_chance(about: Material) -> Comparison:
    """Whether articles shuffled among the outlets would differ as much in each frame, all outlets and each two."""
    names = {code: frame.name for code, frame in about.study.codebook.frames.items()}
    return _tested(about, "03-chance", _frames_of_articles(about), "frame", names)


def tone_by_chance(about: Material) -> Comparison:
    """The same of the share of negative, neutral and positive sentences."""
    return _tested(about, "04-chance", _tone_of_articles(about), "tone", {})


def stance_by_chance(about: Material) -> Comparison:
    """The same of net stance on the study's target, in all voices and in the outlets' own."""
    if about.target is None:
        return not_asked(about, "05-chance", "voices", "p", by="outlets")
    rows = _positions(about)
    rows = rows.assign(value=rows["stance"].map(POSITION_WORTH)).dropna(subset=["value"])
    parts = [rows.assign(voices="all voices"), rows[rows["voice"] == "author"].assign(voices="own voice")]
    values = pd.concat(parts).groupby(["article_id", "voices"], as_index=False)["value"].mean()
    return _tested(about, "05-chance", values, "voices", {})


def sources_by_chance(about: Material) -> Comparison:
    """The same of the share of quotes from official, expert and anonymous sources."""
    return _tested(about, "06-chance", _kinds_of_articles(about), "kind", {})


def words_by_chance(about: Material) -> Comparison:
    """The same of each outlet's own words (see `about_reuse.words`), the outlet against all others: uses in 1,000 words."""
    own = words(about).table[["outlet", "term"]]
    texts = about.study.articles.dropna(subset=["text"])
    counts = count_terms(
        texts,
        about.story,
        leave_out=about.study.language.stop_words(),
        outside=about.cues,
        words=all_words(about),
    )
    length = counts.groupby("article_id")["n"].sum()
    used = counts.groupby(["term", "article_id"])["n"].sum()
    home = about.study.articles.set_index("article_id")["outlet"]
    terms, tables = [], []
    for outlet, term in own.itertuples(index=False):
        uses = used.get(term, pd.Series(dtype=float)).reindex(length.index, fill_value=0)
        table = pd.DataFrame({"article_id": length.index, "value": (uses / length * 1000).to_numpy()})
        sides = table["article_id"].map(home).where(lambda name, own=outlet: name == own, OTHERS)
        terms.append((term, f"{outlet} and {OTHERS}"))
        tables.append(table.assign(outlet=sides))
    rows = [(*which, *test) for which, test in zip(terms, _tests(tables), strict=True)]
    return _comparison(about, "07-chance", rows, "term", {})


def confirmed(about: Material, measure: str, label: str, outlets: tuple[str, str]) -> bool:
    """Whether two outlets differ in a share (frame, tone, stance, experts) by more than dealing whole articles would set any
    two outlets apart in any share that was looked at (p < .05, see `compare.uncertainty.largest_difference_p`).

    False where there are too few articles to know.
    """
    parts = []
    for name, values_of in _SHARES.items():
        if name == "stance" and about.target is None:
            continue
        values = values_of(about)
        values = values.assign(looked_at=name + ": " + values[values.columns[1]].astype(str))
        parts.append(values[["article_id", "looked_at", "value"]])
    home = about.study.articles.set_index("article_id")["outlet"]
    looked_at = pd.concat(parts).pivot(index="article_id", columns="looked_at", values="value")
    looked_at = looked_at[looked_at.index.isin(home.index)]
    p = largest_difference_p(looked_at, home[looked_at.index], f"{measure}: {label}", outlets)
    return bool(p < _SURE)


def _frames_of_articles(about: Material) -> pd.DataFrame:
    story = about.asked_of("frames", about.story)
    return _by_article(about.counted.frames, story, "frame", list(about.study.codebook.frames))


def _tone_of_articles(about: Material) -> pd.DataFrame:
    story = about.asked_of("sentiment", about.story)
    return _by_article(about.counted.sentiment, story, "label", TONES).rename(columns={"label": "tone"})


def _stances_of_articles(about: Material) -> pd.DataFrame:
    rows = _positions(about).assign(position=lambda table: range(len(table)))
    return _by_article(rows, rows, "stance", STANCES, "position")


def _kinds_of_articles(about: Material) -> pd.DataFrame:
    told = attributions(about.quotes.dropna(subset=["source_id"]), about.counted.sources)
    return _by_article(list_kinds(told), told, "kind", ("official", "expert", "anonymous"), "quote_id")


def _by_article(
    hits: pd.DataFrame, base: pd.DataFrame, of: str, labels: Sequence[str], unit: str = "sentence_id"
) -> pd.DataFrame:
    """Each article's share (`value`) of each label."""
    found = shares(hits, base, of=of, by="article_id", unit=unit, labels=list(labels))
    return found.rename(columns={"share": "value"})


def _positions(about: Material) -> pd.DataFrame:
    """Each position on the study's target in deck and body once, however many indicators fired."""
    rows = about.counted.stance
    rows = rows[among(rows["sentence_id"], about.story["sentence_id"])]
    rows = rows[rows["target"] == about.study.settings.target]
    return rows.drop_duplicates(["article_id", "sentence_id", "voice", "source_id", "stance"])


_SHARES: Mapping[str, Callable[[Material], pd.DataFrame]] = {
    "frame": _frames_of_articles,
    "tone": _tone_of_articles,
    "stance": _stances_of_articles,
    "experts": _kinds_of_articles,
}


def _tested(
    about: Material, name: str, values: pd.DataFrame, of: str, names: Mapping[str, str]
) -> Comparison:
    """Tests of each label over all outlets, and over each two; `values` has a row an article and label: value."""
    outlets = about.study.outlets
    groups: list[Sequence[str]] = [outlets]
    if 2 < len(outlets) <= _PAIRS:
        groups += list(combinations(outlets, 2))
    values = about.study.with_outlet(values[["article_id", of, "value"]]).dropna(subset=["value"])
    parts = dict(list(values.groupby(of, sort=False)))
    asked = [(label, chosen) for label in parts for chosen in groups]
    tests = _tests([parts[label][parts[label]["outlet"].isin(chosen)] for label, chosen in asked])
    rows = [
        (label, ALL if len(chosen) > 2 else listed(chosen), *test)
        for (label, chosen), test in zip(asked, tests, strict=True)
    ]
    return _comparison(about, name, rows, of, names)


def _tests(tables: Sequence[pd.DataFrame]) -> list[tuple[int, float, float, float, float]]:
    """articles, effect, p, smallest p, articles an outlet needed; NaN where articles and outlets are the same thing."""
    sizes = [table.groupby("outlet").size() for table in tables]
    known = [place for place, own in enumerate(sizes) if len(own) > 1 and own.max() > 1]
    found = dict(zip(known, permutation_tests([tables[n] for n in known], value="value"), strict=True))
    rows: list[tuple[int, float, float, float, float]] = []
    for place, (table, own) in enumerate(zip(tables, sizes, strict=True)):
        if test := found.get(place):
            rows.append((test.articles, test.effect, test.p, test.smallest_p, _needed(table)))
        else:
            rows.append((len(table), np.nan, np.nan, smallest_p(own) if len(own) > 1 else 1.0, np.nan))
    return rows


def _needed(table: pd.DataFrame) -> float:
    """Articles an outlet that would find the difference between the outlets' means with probability .8; NaN where none would."""
    by_outlet = table.groupby("outlet")["value"]
    means, spare = by_outlet.mean(), len(table) - by_outlet.ngroups
    within = np.sqrt(((table["value"] - by_outlet.transform("mean")) ** 2).sum() / spare)
    if not within > 0 or means.max() == means.min():
        return np.nan
    try:
        return float(articles_needed((means.max() - means.min()) / within, outlets=len(means)))
    except ValueError:
        return np.nan


def _comparison(
    about: Material, name: str, rows: Sequence[tuple[object, ...]], of: str, names: Mapping[str, str]
) -> Comparison:
    columns = [of, "outlets", "articles", "effect", "p", "smallest_p", "needed"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.assign(q=benjamini_hochberg(table["p"].to_numpy(float)))[[of, "outlets", *_COLUMNS]]
    return Comparison(
        about.study,
        name,
        table
        if table["p"].notna().any()
        else table.head(0),  # of articles that are their outlets nothing is tested
        of=of,
        by="outlets",
        value="p",
        names=names,
        facts={
            "tested": _said(table, of, names)
            if len(about.study.outlets) > 1
            else "no test is made, for there is one outlet"
        },
    )


def _said(table: pd.DataFrame, of: str, names: Mapping[str, str]) -> str | None:
    """What the tests over all outlets found, and the smallest p that they, and those of two outlets, could give."""
    if table.empty:
        return None
    together = table[table["outlets"] == ALL] if (table["outlets"] == ALL).any() else table
    if table["p"].isna().all():
        return (
            "no test is made, for each outlet has one article: article and outlet are the same thing, and the smallest p "
            "that shuffling articles could reach is 1"
        )
    sure = together[together["q"] < _SURE]
    words = [uncapitalised(names.get(str(label), in_words(label))) for label in sure[of]]
    which = f" ({listed(words)})" if words else ""
    pairs = table[(table["outlets"] != ALL) & table["p"].notna()]
    least = probability(float(together["smallest_p"].min()))
    of_two = (
        f" ({probability(float(pairs['smallest_p'].min()))} for two outlets)"
        if len(pairs) < len(table) and len(pairs)
        else ""
    )
    return (
        f"{len(sure) or 'none'} of {counted(len(together), 'comparison')} differ by more than chance, at q < .05{which}; the smallest p "
        f"that such a comparison could reach is {least}{of_two}"
    )
