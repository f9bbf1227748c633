"""What is asked about the corpus: which articles are compared, from when, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.ask.comparison import Comparison, Piece
from analysis.ask.material import Material
from analysis.compare.corpus import article_sizes, line_kinds, publication_dates
from analysis.show.leads import lead
from analysis.show.wording import counted, listed, percent

_ARTICLE = lead("articles/{article_id}.html")
_APART = {
    "duplicates": "left out because the same text is there already",
    "near_duplicates": "nearly the same as another and counted once",
    "other_language": "in another language and left out",
    "without_text": "only listed, without text",
    "short": "shorter than announced",
    "mended": "places of damage mended",
}
_PARTS = {"head": "title, byline, deck, headings", "body": "body", "clutter": "clutter and credits"}


def articles(about: Material) -> Comparison:
    """The articles, with the sentences and characters that are compared."""
    table = article_sizes(about.study.articles, about.study.sentences)
    ordered = table.sort_values("sentences", kind="stable").to_dict("records")
    ends = {"longest": ordered[-1], "shortest": ordered[0]}
    return Comparison(
        about.study,
        "01-articles",
        table,
        value="sentences",
        leads={"article_id": _ARTICLE, "sentences": _ARTICLE},
        facts={name: _length(row) for name, row in ends.items()},
    )


def _length(row: Mapping[str, Any]) -> list[Piece]:
    return [(counted(row["sentences"], "sentence"), _ARTICLE.address(row)), (f" ({row['outlet']})", "")]


def text_amounts(about: Material) -> Comparison:
    """How many sentences each outlet gives to compare."""
    study = about.study
    sizes = article_sizes(study.articles, study.sentences)
    table = sizes.groupby("outlet", sort=False)[["sentences", "characters"]].sum().reset_index()
    whole = table["sentences"].sum()
    most = table.sort_values("sentences").iloc[-1]
    return Comparison(
        study,
        "01-sentences",
        table,
        unit="sentences of title, deck, headings and body",
        value="sentences",
        form="bars",
        leads={"sentences": lead("01-articles", "outlet")},
        facts={
            "title": study.title,
            "articles": counted(len(sizes), "article"),
            "outlets": f"{counted(len(study.outlets), 'outlet')} ({listed(study.outlets)})",
            "sentences": f"{whole:,} sentences",
            "most": f"({percent(most.sentences / whole)}) in {most.outlet}",
        },
    )


def dates(about: Material) -> Comparison:
    """When the articles appeared."""
    dated = publication_dates(about.study.articles)
    first, last = dated["published"].min(), dated["published"].max()
    undated = len(about.study.articles) - len(dated)
    return Comparison(
        about.study,
        "01-dates",
        dated[["outlet", "article_id", "published"]],
        unit="articles; one dated by its month alone is drawn at the middle of it",
        of="article_id",
        value="published",
        form="points",
        leads={"article_id": _ARTICLE},
        facts={
            "months": f"from {first} to {last}" if len(dated) else "at times that the metadata do not give",
            "undated": f"{counted(undated, 'article has', 'articles have')} no date"
            if undated
            else "all are dated",
        },
        drawn=dated,
        look={"x": "day"},
    )


def page_parts(about: Material) -> Comparison:
    """How much of each page is the article, and how much the clutter around it."""
    study = about.study
    table = line_kinds(study.with_outlet(study.blocks), study.outlets)
    return Comparison(
        study,
        "01-clutter",
        table,
        unit="characters of the lines of each kind",
        of="kind",
        form="parts",
        names=_PARTS,
        look={"order": list(_PARTS)},
    )


def files_left_out(about: Material) -> Comparison:
    """What could not be read, and why."""
    study = about.study
    files, texts = len(study.left_out), len(study.missing)
    return Comparison(
        study,
        "01-problems",
        study.problems,
        facts={
            "files": counted(files, "file was", "files were") if files else "No file was",
            "texts": counted(texts, "text is", "texts are") if texts else "no text is",
            "checked": (
                f"{len(study.articles) - texts} of {counted(len(study.articles), 'article')} have their text here, and a "
                f"report names each by the checksum of its file; {counted(files, 'file')} could not be read. Whether the "
                "right articles were chosen is for the reader to judge: no number can show it."
            ),
        },
    )


def account(about: Material) -> Comparison:
    """What became of each file that the study was made from."""
    table = about.study.account
    sums = table.drop(columns=["file", "format", "remarks"]).fillna(0).sum().astype(int)
    apart = [f"{sums[column]:,} {words}" for column, words in _APART.items() if sums[column]]
    lost = f"{sums['lost']:,} of {table['announced'].fillna(0).sum():,} articles announced are missing from their files"
    return Comparison(
        about.study,
        "01-account",
        table,
        facts={
            "read": f"{counted(sums['read'], 'article')} of {counted(len(table), 'file')}",
            "apart": listed(apart)
            if apart
            else "none of them is there twice, in another language or cut short",
            "lost": lost if sums["lost"] else "no file announces more articles than it holds",
        },
    )


def missing_texts(about: Material) -> Comparison:
    """The articles whose texts are not here."""
    table = about.study.missing[["article_id", "outlet", "title", "url"]]
    return Comparison(about.study, "01-missing", table)
