"""What is asked about one outlet: where it is furthest from the others, whom it quotes, and its articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from analysis.ask.about_all import profile
from analysis.ask.about_strips import strips_by_outlet
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.contrast import FEWEST
from analysis.show.drawing import with_style
from analysis.show.html_tables import as_html
from analysis.show.leads import Lead, lead
from analysis.show.pictures import Sketch, picture
from analysis.show.strips import Strips
from analysis.show.wording import Answer, counted, listed, percent, uncapitalised

_FIRST = 12  # articles whose strips are shown
_NAMES = 10  # speakers that are listed
_CLEAR = 3  # measures that the first sentence names


@dataclass(frozen=True)
class OutletPortrait:
    """One outlet beside the median of all: in the main measures, in its speakers, in the course of its articles."""

    outlet: str
    about: Answer
    answer: Answer
    picture: str
    strips: Strips
    speakers: pd.DataFrame
    speaker_leads: Lead
    articles: pd.DataFrame
    article_pages: Sequence[str]
    roles: Mapping[str, str]  # in words

    def _repr_html_(self) -> str:
        measures = (
            f'<figure class="picture"><figcaption>{escape(self.outlet)} and the median of the outlets</figcaption>'
            f'{self.picture}</figure><p class="note">The bar is this outlet, the upright line the median of all '
            "outlets with five units or more; each number links to its sentences.</p>"
        )
        speakers = as_html(
            self.speakers, "Who is quoted most", {"quotes": self.speaker_leads}, names=self.roles
        )
        articles = as_html(self.articles, "Its articles", {"title": self.article_pages})
        return with_style(
            f'<h1><span dir="auto">{escape(self.outlet)}</span></h1><p>{self.about.inline()}</p>{self.answer._repr_html_()}'
            f"<h2>How does it differ from the others?</h2>{measures}<h2>How does each article run?</h2>{self.strips._repr_html_()}"
            f"<h2>Whom does it quote?</h2>{speakers}<h2>Which articles?</h2>{articles}"
        )

    def __repr__(self) -> str:
        return f"{self.outlet}: {self.about}\n{self.answer}"


def outlet_portraits(about: Material) -> list[OutletPortrait]:
    """A portrait of each outlet, in the order of the study's outlets."""
    measured = profile(about)
    ways = measured.leads["n"]
    assert not isinstance(ways, Lead)
    table = measured.table.assign(address=list(ways))
    enough = table[table["total"] >= FEWEST] if "total" in table else table
    table["middle"] = table["measure"].map(enough.groupby("measure")["share"].median())
    strips = strips_by_outlet(about, _FIRST)
    return [
        _portrait(about, measured, outlet, table[table["outlet"] == outlet], strips[outlet])
        for outlet in about.study.outlets
    ]


def _portrait(
    about: Material, measured: Comparison, outlet: str, rows: pd.DataFrame, strips: Strips
) -> OutletPortrait:
    study = about.study
    articles = study.articles[study.articles["outlet"] == outlet].sort_values("published", kind="stable")
    sizes = study.sentences["article_id"].value_counts()
    rows = rows.assign(away=(rows["share"] - rows["middle"]).abs()).sort_values(
        "away", ascending=False, kind="stable"
    )
    listed_articles = pd.DataFrame(
        {
            "title": articles["title"].fillna(articles["article_id"]),
            "published": articles["published"],
            "sentences": articles["article_id"].map(sizes).fillna(0).astype(int),
        }
    )
    days = articles["published"].dropna()
    when = (
        ""
        if days.empty
        else f", from {days.min()} to {days.max()}"
        if days.min() != days.max()
        else f", of {days.min()}"
    )
    counts = f"{counted(len(articles), 'article')}{when}, {counted(int(listed_articles['sentences'].sum()), 'sentence')}."
    drawn = picture(
        "portrait",
        Sketch(
            rows,
            "",
            "measure",
            "share",
            measured.names,
            measured.doubtful,
            list(rows["address"]),
            title=f"{outlet}: the measures",
        ),
    )
    return OutletPortrait(
        outlet,
        Answer(counts),
        _furthest(rows.to_dict("records")),
        drawn,
        strips,
        _speakers(about, outlet),
        lead("06-sentences", "speaker", outlet=outlet),
        listed_articles,
        [f"articles/{article}.html" for article in articles["article_id"]],
        {code: role.name for code, role in study.codebook.roles.items()},
    )


def _furthest(rows: Sequence[dict[str, Any]]) -> Answer:
    """Where the outlet's interval leaves out the median of the outlets, the largest distances."""
    clear = [
        row
        for row in rows
        if row["share"] == row["share"]
        and row["total"] >= FEWEST
        and not row["low"] <= row["middle"] <= row["high"]
    ]
    if not clear:
        return Answer("In none of the main measures is it clearly away from the median of the outlets.")
    said = [
        (f"{_in_sentence(row['measure'])} {percent(row['share'])} (median {percent(row['middle'])})", row)
        for row in clear[:_CLEAR]
    ]
    text = f"Furthest from the median of the outlets: {listed(words for words, _ in said)}."
    return Answer(text, [(percent(row["share"]), row["address"]) for _, row in said if row["address"]])


def _in_sentence(measure: str) -> str:
    """A measure of the profile within a sentence: quotes: expert are expert sources there."""
    topic, _, code = measure.partition(": ")
    return {"quotes": f"{code} sources", "frame": f"the frame {uncapitalised(code)}"}.get(topic, measure)


def _speakers(about: Material, outlet: str) -> pd.DataFrame:
    """The named sources with the most quotes: speaker, role, quotes."""
    study = about.study
    quotes = study.with_outlet(study.quotes.dropna(subset=["source_id"]))
    quotes = quotes[quotes["outlet"] == outlet]
    known = quotes.merge(study.sources[["source_id", "name", "role"]], on="source_id", validate="many_to_one")
    known = known.dropna(subset=["name"])
    found = (
        known.groupby("name", sort=False)
        .agg(role=("role", "first"), quotes=("quote_id", "size"))
        .reset_index()
    )
    found = found.sort_values("quotes", ascending=False, kind="stable").head(_NAMES)
    return found.rename(columns={"name": "speaker"})
