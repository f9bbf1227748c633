"""What is asked about one event in several outlets: its wordings side by side, and who has it or has left it out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.ask.about_reuse import utterance_matches
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.coverage import coverage
from analysis.compare.reuse import list_utterances
from analysis.show.excerpts import excerpt
from analysis.show.side_by_side import Carried, Coverage, Event, SideBySide, Version
from analysis.show.wording import counted
from analysis.text import fold

SHOWN, LISTED = 12, 30  # utterances side by side, and rows of the matrix
_LABEL = 70  # characters


def side_by_side(about: Material) -> SideBySide:
    """Each utterance that several outlets quote, in each one's own words, those in most outlets first.

    The first version is the earliest and, of one day, the longest; the others are compared with it word by word.
    """
    events = _events(about)
    title = "One utterance, in each outlet’s words"
    return SideBySide(title, events[:SHOWN], max(0, len(events) - SHOWN))


def coverage_matrix(about: Material) -> Coverage:
    """Who has each utterance and each refusal to answer that two outlets or more report: told, left out, or not yet known.

    Left out is said only where another outlet had printed it on an earlier day than an article of this outlet.
    """
    items = _items(about)
    outlets = about.study.outlets
    if items.empty:
        return Coverage(_TITLE, outlets, [])
    table = coverage(items, about.study.articles, groups=outlets)
    places = items.drop_duplicates(["item", "outlet"]).set_index(["item", "outlet"])
    rows = []
    for item, cells in table.groupby("item", sort=False):
        by_outlet = cells.set_index("outlet").to_dict("index")
        rows.append((str(item), [_carried(by_outlet[o], places, str(item), o) for o in outlets]))
    return Coverage(_TITLE, outlets, rows[:LISTED])


def omissions(about: Material) -> Comparison:
    """How many of the shared items each outlet has, of those that it has or could have known."""
    items, outlets = _items(about), about.study.outlets
    statuses = coverage(items, about.study.articles, groups=outlets)[["outlet", "status"]]
    counts = statuses.groupby(["outlet", "status"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=outlets, columns=["present", "omitted", "absent"], fill_value=0)
    table = counts.rename_axis(columns=None).reset_index().rename(columns={"present": "n"})
    table["total"] = table["n"] + table["omitted"]
    table = table[table["total"] > 0].assign(unit="items")
    left_out = int(table["omitted"].sum())
    return Comparison(
        about.study,
        "07-coverage",
        table.assign(share=table["n"] / table["total"]),
        unit="utterances and refusals that an outlet has, of those that it has or could have known",
        facts={
            "left_out": f"{counted(left_out, 'time an outlet', 'times an outlet')} left out what another had printed before"
            if left_out
            else "No outlet can be shown to have left out what was known"
        },
    )


_TITLE = "Who has what: the paragraph (¶) where it is told, or why it is not there"


def _items(about: Material) -> pd.DataFrame:
    """item, article_id, outlet, page, place: each utterance of several outlets, and each refusal to answer."""
    quotes = _quoted(about)
    parts = []
    if len(quotes):
        first = quotes.drop_duplicates("utterance").set_index("utterance")
        label = (first["speaker"].fillna("somebody") + ": " + first["words"]).map(_short)
        parts.append(quotes.assign(item=quotes["utterance"].map(label)))
    silent = about.study.with_outlet(about.study.refusals.dropna(subset=["speaker"]))
    silent = silent.assign(item="no answer from " + _same_body(silent["speaker"]))
    parts.append(silent[silent.groupby("item")["outlet"].transform("nunique") > 1])
    columns = ["item", "article_id", "outlet", "sentence_id"]
    table = pd.concat([part[columns] for part in parts], ignore_index=True)
    paragraphs = about.study.sentences.set_index("sentence_id")["paragraph"]
    table["place"] = table["sentence_id"].map(paragraphs).astype(int)
    anchors = table["sentence_id"].str.rsplit(":", n=1).str[-1]
    return table.assign(page="articles/" + table["article_id"] + ".html#" + anchors)


def _short(words: str) -> str:
    return words if len(words) <= _LABEL else f"{words[: _LABEL - 1].rstrip()}…"


def _same_body(names: pd.Series) -> pd.Series:
    """The names, those with the same words (articles and conjunctions aside) as the first of them is written."""
    keys = names.map(lambda name: " ".join(sorted(set(fold(name).split()) - _LITTLE)))
    return keys.map(dict(zip(keys[::-1], names[::-1], strict=True)))


_LITTLE = {"the", "a", "an", "and"}


def _carried(cell: dict[str, Any], places: pd.DataFrame, item: str, outlet: str) -> Carried:
    if cell["status"] == "present":
        found = places.loc[(item, outlet)]
        return Carried(f"¶ {found['place']}", str(found["page"]), "present")
    if cell["status"] == "omitted":
        return Carried(f"left out, though printed {cell['known_since']}", kind="omitted")
    return Carried("not there")


def _quoted(about: Material) -> pd.DataFrame:
    """Every quote of every utterance of several outlets, with its words, the first version of each at its head."""
    same = list_utterances(utterance_matches(about))[["utterance", "quote_id"]]
    study = about.study
    table = same.merge(study.with_outlet(study.quotes), on="quote_id", validate="many_to_one")
    names = dict(zip(study.sources["source_id"], study.sources["name"], strict=True))
    table["speaker"] = table["source_id"].map(names).astype("string").fillna(table["speaker"])
    articles = study.articles.set_index("article_id")
    table["published"] = table["article_id"].map(articles["published"]).astype("string").fillna("")
    ends = study.sentences.set_index("sentence_id")[["start", "end"]]
    words = [_words(about, articles["text"][q.article_id], q, ends) for q in table.itertuples()]
    table["words"] = pd.Series(words, index=table.index, dtype="string")
    table["size"] = -table["words"].str.len()
    late = table["published"].replace("", "9999")
    return table.assign(late=late).sort_values(["utterance", "late", "size"], kind="stable")


def _words(about: Material, text: object, quote: Any, sentences: pd.DataFrame) -> str:
    """The quote's words without the attribution inside them; no more of its sentence than may be quoted."""
    if not isinstance(text, str):
        return ""
    start, end = int(quote.start), int(quote.end)
    if about.study.excerpts is not None:
        sentence = sentences.loc[quote.sentence_id]
        end = min(end, excerpt(text, int(sentence["start"]), int(sentence["end"]), about.study.excerpts)[1])
    spans = [(start, end)]
    if pd.notna(quote.break_start):
        spans = [(start, min(int(quote.break_start), end)), (int(quote.break_end), end)]
    return " ".join(" ".join(text[a:b].split()) for a, b in spans if a < b)


def _events(about: Material) -> list[Event]:
    quotes = _quoted(about)
    pairs = utterance_matches(about)
    related: dict[frozenset[str], str] = {
        frozenset((p.quote_a, p.quote_b)): p.kind for p in pairs.itertuples()
    }
    known = [*pairs["quote_a"], *pairs["quote_b"]]
    kinds: dict[str, str] = dict(zip(known, [*pairs["kind"], *pairs["kind"]], strict=True))
    events = []
    for _, rows in quotes.groupby("utterance", sort=False):
        first = rows.iloc[0]["quote_id"]
        versions = [
            Version(
                row["outlet"],
                row["published"],
                row["words"],
                f"articles/{row['article_id']}.html#{str(row['sentence_id']).rsplit(':', 1)[-1]}",
                row["form"],
                row["cue"] if pd.notna(row["cue"]) else "",
                row["speaker"] if pd.notna(row["speaker"]) else "",
                ""
                if row["quote_id"] == first
                else related.get(frozenset((first, row["quote_id"]))) or kinds[row["quote_id"]],
            )
            for row in rows.to_dict("records")
        ]
        events.append(Event(versions[0].speaker or "Somebody", versions))
    return sorted(events, key=lambda event: -len({v.outlet for v in event.versions}))
