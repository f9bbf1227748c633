"""What is asked about coverage and omission: which outlet has what several have, or what the codebook lists as known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from analysis.ask.about_events import quoted_utterances, refusals_of_several
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.coverage import ABSENT, EARLY, OMITTED, PRESENT, coverage
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.side_by_side import Carried, Coverage
from analysis.show.wording import counted

LISTED = 30  # rows of the matrix
FACT, UTTERANCE, REFUSAL = "fact", "utterance", "refusal"
_LABEL = 70  # characters
_TITLE = "Who has what: the paragraph (¶) where it is told and in whose words, or why it is not there"
# Cells without the item, by what is known of it.
_LACKS = {
    (FACT, OMITTED): "left out, though known since {}",
    (FACT, EARLY): "not yet known",
    (FACT, ABSENT): "not told; perhaps not yet known",
    OMITTED: "left out, though printed {}",
    EARLY: "appeared before",
    ABSENT: "not there",
}


def coverage_matrix(about: Material) -> Coverage:
    """Who has each fact of the codebook, and each utterance and refusal to answer that two outlets or more report.

    Told: where first, and in whose words; left out; or not yet known. Left out is said only where the fact was known, or
    another outlet had printed the item, on an earlier day than an article of this outlet (see `compare.coverage`). What is
    compared are the facts that could be told, not only those that somebody told (Groeling 2013 on unobserved news).
    """
    outlets = about.study.outlets
    items, statuses = _items(about), _statuses(about)
    first = items.drop_duplicates(["item", "outlet"]).set_index(["item", "outlet"]).to_dict("index")
    rows = []
    for item, cells in statuses.groupby("item", sort=False):
        by_outlet = cells.set_index("outlet").to_dict("index")
        rows.append((str(item), [_cell(by_outlet[o], first.get((item, o), {})) for o in outlets]))
    return Coverage(_TITLE, outlets, rows[:LISTED])


def omissions(about: Material) -> Comparison:
    """How many of these items each outlet has, of those that it has or could have known."""
    counts = _statuses(about).groupby(["outlet", "status"]).size().unstack(fill_value=0)
    kinds = [PRESENT, OMITTED, EARLY, ABSENT]
    counts = counts.reindex(index=about.study.outlets, columns=kinds, fill_value=0)
    table = counts.rename_axis(columns=None).reset_index().rename(columns={PRESENT: "n"})
    table["total"] = table["n"] + table[OMITTED]
    table = table[table["total"] > 0].assign(unit="items")
    left_out = int(table["omitted"].sum())
    return Comparison(
        about.study,
        "07-coverage",
        table.assign(share=table["n"] / table["total"]),
        unit="facts, utterances and refusals that an outlet has, of those that it has or could have known",
        leads={"n": lead("07-told", "outlet")},
        behind=partial(_firsts, about),
        facts={
            "left_out": f"{counted(left_out, 'time an outlet', 'times an outlet')} left out what was known or what another had printed before"
            if left_out
            else "No outlet can be shown to have left out what was known"
        },
    )


def told_facts(about: Material) -> Comparison:
    """Each fact in each outlet that tells it: how many sentences do, how many in the outlet's own words, and the first paragraph."""
    told = _facts(about)
    known = {fact.name: fact.known for fact in about.study.codebook.facts.values()}
    table = told.groupby(["item", "outlet"], as_index=False, sort=False).agg(
        n=("item", "size"), own=("own", "sum"), paragraph=("place", "min")
    )
    table = table.astype({"own": int}).rename(columns={"item": "fact"})
    table.insert(2, "known", table["fact"].map(known))
    table = table.sort_values(["known", "fact"], kind="stable", ignore_index=True)
    return Comparison(
        about.study,
        "07-told-facts",
        table,
        of="fact",
        value="n",
        unit="sentences",
        leads={
            "n": lead("07-fact-sentences", "outlet", "fact"),
            "own": lead("07-fact-sentences", "outlet", "fact", voice="author"),
        },
        behind=lambda: about.evidence(
            told.rename(columns={"item": "fact"}),
            "The sentences that tell the facts",
            "07-fact-sentences",
            also=["fact"],
            each=["fact"],
        ),
    )


def _firsts(about: Material) -> Evidence:
    """The first place of each item in each outlet."""
    first = _items(about).drop_duplicates(["item", "outlet"])
    title = "Where each outlet first tells each of them"
    return about.evidence(first, title, "07-told", also=["kind", "item"], each=["item"])


@lru_cache(maxsize=1)  # several questions look at them
def _statuses(about: Material) -> pd.DataFrame:
    """item, kind, outlet, status, known_since of every item in every outlet, facts first.

    Where a text is missing nothing can be said of its utterances, nor of facts unless some are published.
    """
    study, items = about.study, _items(about)
    known = {fact.name: fact.known for fact in study.codebook.facts.values()}
    here = study.articles["text"].notna()
    read: Mapping[str, pd.Series] = {
        FACT: here | study.articles["article_id"].isin(study.facts["article_id"]),
        UTTERANCE: here,
        REFUSAL: pd.Series(True, index=study.articles.index),
    }
    parts = [
        coverage(
            items[items["kind"] == kind],
            study.articles[these],
            groups=study.outlets,
            known=known if kind == FACT else None,
        ).assign(kind=kind)
        for kind, these in read.items()
    ]
    return pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=1)  # several questions look at them
def _items(about: Material) -> pd.DataFrame:
    """item, kind, article_id, outlet, sentence_id, place (paragraph), own (in the outlet's words), who, start, end, voice,
    source_id: every place of every fact, utterance of several outlets and refusal, each outlet's earliest first.
    """
    parts = [_facts(about), _utterances(about), _refusals(about)]
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _facts(about: Material) -> pd.DataFrame:
    study = about.study
    names = {code: fact.name for code, fact in study.codebook.facts.items()}
    rows = study.facts[study.facts["fact"].isin(list(names))]
    return _placed(about, rows.assign(item=rows["fact"].map(names)), FACT)


def _utterances(about: Material) -> pd.DataFrame:
    quotes = quoted_utterances(about)
    if quotes.empty:
        return _placed(about, about.study.quotes.head(0).assign(item=pd.NA), UTTERANCE)
    first = quotes.drop_duplicates("utterance").set_index("utterance")
    label = (first["speaker"].fillna("somebody") + ": " + first["words"]).map(_short)
    quotes = quotes.assign(item=quotes["utterance"].map(label), voice=pd.NA)
    return _placed(about, quotes.drop(columns="outlet"), UTTERANCE)


def _refusals(about: Material) -> pd.DataFrame:
    silent = refusals_of_several(about)
    return _placed(
        about, silent.assign(item="no answer from " + silent["body"]).drop(columns="outlet"), REFUSAL
    )


def _placed(about: Material, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The columns of `_items`, of places in articles."""
    study = about.study
    published = study.articles.set_index("article_id")["published"]
    names = dict(zip(study.sources["source_id"], study.sources["name"], strict=True))
    paragraphs = study.sentences.set_index("sentence_id")["paragraph"]
    rows = study.with_outlet(rows).assign(kind=kind)
    for column in ("voice", "source_id"):
        rows[column] = (
            rows[column].astype("string") if column in rows else pd.array([pd.NA] * len(rows), "string")
        )
    rows["place"] = rows["sentence_id"].map(paragraphs).astype(int)
    rows["own"] = rows["voice"].eq("author").fillna(False).astype(bool)
    rows["who"] = rows["source_id"].map(names).astype("string").fillna("")
    rows["late"] = rows["article_id"].map(published).astype("string").fillna("9999")
    rows = rows.sort_values(["late", "article_id", "start"], kind="stable")
    columns = ["item", "kind", "article_id", "outlet", "sentence_id", "place", "own", "who"]
    return rows[[*columns, "start", "end", "voice", "source_id"]].reset_index(drop=True)


def _cell(cell: Mapping[str, Any], first: Mapping[str, Any]) -> Carried:
    if cell["status"] == PRESENT:
        anchor = str(first["sentence_id"]).rsplit(":", 1)[-1]
        whose = "own words" if first["own"] else first["who"] if cell["kind"] == FACT else ""
        said = f"¶ {first['place']}{f', {whose}' if whose else ''}"
        return Carried(said, f"articles/{first['article_id']}.html#{anchor}", PRESENT)
    said = _LACKS.get((cell["kind"], cell["status"])) or _LACKS[cell["status"]]
    return Carried(said.format(cell["known_since"]), kind=cell["status"])


def _short(words: str) -> str:
    return words if len(words) <= _LABEL else f"{words[: _LABEL - 1].rstrip()}…"
