"""What is asked about one event in several outlets: its wordings side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.ask.about_reuse import utterance_matches
from analysis.ask.material import Material
from analysis.compare.utterances import list_utterances
from analysis.show.excerpts import excerpt
from analysis.show.leads import lead
from analysis.show.side_by_side import Event, SideBySide, Version

SHOWN = 12  # utterances side by side


def side_by_side(about: Material) -> SideBySide:
    """Each utterance that several outlets quote, in each one's own words, those in most outlets first.

    The first version is the earliest and, of one day, the longest; the others are compared with it word by word.
    """
    events = _events(about)
    title = "One utterance, in each outlet’s words"
    return SideBySide(title, events[:SHOWN], max(0, len(events) - SHOWN))


def quoted_utterances(about: Material) -> pd.DataFrame:
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
    quotes = quoted_utterances(about)
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
                about.frames_of_sentences.get(row["sentence_id"], ""),
            )
            for row in rows.to_dict("records")
        ]
        all_of_it = lead("07-quotes", "utterance").address(dict(rows.iloc[0]))
        events.append(Event(versions[0].speaker or "Somebody", versions, all_of_it))
    return sorted(events, key=lambda event: -len({v.outlet for v in event.versions}))
