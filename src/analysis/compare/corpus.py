"""What is compared: how long the articles are, when they appeared, what their pages are made of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_PARTS = {
    **dict.fromkeys(("title", "byline", "deck", "heading"), "head"),
    "body": "body",
    **dict.fromkeys(("credit", "boilerplate"), "clutter"),
}


def article_sizes(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """One row an article: article_id, outlet, title, published, genre, sentences, characters (of those sentences)."""
    length = sentences.assign(characters=sentences["end"] - sentences["start"]).groupby("article_id")
    sizes = length.agg(sentences=("sentence_id", "size"), characters=("characters", "sum"))
    table = articles[["article_id", "outlet", "title", "published", "genre"]]
    table = table.merge(sizes, left_on="article_id", right_index=True, how="left", validate="one_to_one")
    return table.fillna({"sentences": 0, "characters": 0}).astype({"sentences": int, "characters": int})


def parts_of_articles(sentences: pd.DataFrame, *, opening: int = 3) -> pd.Series:
    """The part of its article to which each sentence belongs: headline; lead, the first three of deck and body; body.

    NA for headings between paragraphs. `opening`: how many sentences are the lead.
    """
    story = sentences["kind"].isin(["deck", "body"])
    first = sentences[story].groupby("article_id", sort=False).cumcount() < opening
    parts = first.map({True: "lead", False: "body"}).reindex(sentences.index).astype("string")
    return parts.mask(sentences["kind"] == "title", "headline").rename("part")


def publication_dates(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles with a date: article_id, outlet, published (as written), day (a month stands for its 15th, a year for 1 July)."""
    dated = articles.dropna(subset=["published"])[["article_id", "outlet", "published"]]
    whole = dated["published"].map(lambda d: {4: f"{d}-07-01", 7: f"{d}-15"}.get(len(d), d))
    return dated.assign(day=pd.to_datetime(whole)).reset_index(drop=True)


def line_kinds(blocks: pd.DataFrame, groups: Sequence[str], *, by: str = "outlet") -> pd.DataFrame:
    """What pages are made of: by, kind (head, body, clutter), n (characters), total, share (0..1)."""
    sizes = blocks.assign(kind=blocks["kind"].map(_PARTS), n=(blocks["end"] - blocks["start"]).astype(int))
    counts = sizes.groupby([by, "kind"])["n"].sum()
    every = pd.MultiIndex.from_product([groups, ["head", "body", "clutter"]], names=[by, "kind"])
    table = counts.reindex(every, fill_value=0).reset_index()
    table["total"] = table.groupby(by)["n"].transform("sum")
    table["share"] = table["n"] / table["total"].where(table["total"] > 0)
    return table.assign(unit="characters")
