"""What is asked about one event in several outlets: its wordings side by side, and what may be one statement."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

import pandas as pd

from analysis.ask.about_reuse import utterance_matches
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.paraphrases import find_paraphrases
from analysis.compare.utterances import list_utterances, rendering
from analysis.show.excerpts import excerpt
from analysis.show.leads import lead
from analysis.show.pictures import MANY
from analysis.show.side_by_side import Event, SideBySide, Version
from analysis.show.wording import counted
from analysis.text import fold

SHOWN = 12  # utterances side by side, and points


def side_by_side(about: Material) -> SideBySide:
    """Each utterance that several outlets quote, in each one's own words, those in most outlets first.

    The first version is the earliest and, of one day, the longest; the others are compared with it word by word.
    """
    quotes = quoted_utterances(about)
    outlets = quotes.groupby("utterance", sort=False)["outlet"].nunique()
    shown = list((-outlets).sort_values(kind="stable").index[:SHOWN])
    events = _events(about, quotes[quotes["utterance"].isin(shown)])
    title = "One utterance, in each outlet’s words"
    return SideBySide(title, [events[utterance] for utterance in shown], len(outlets) - len(shown))


def points(about: Material) -> Comparison:
    """Each point on which two outlets give one speaker, or say that somebody gave no answer; see `find_paraphrases`."""
    said, silent = _on_one_point(about), refusals_of_several(about)
    # Of many outlets those that stand side by side: the others would double the page.
    listed = said if len(about.study.outlets) <= MANY else said[said["place"] < SHOWN]
    rows = [
        {"point": point, "speaker": of["speaker"].iloc[0], "n": len(of), "likeness": of["likeness"].max()}
        for point, of in said.groupby("point", sort=False)
    ]
    table = pd.DataFrame(rows, columns=["point", "speaker", "n", "likeness"])
    return Comparison(
        about.study,
        "07-points",
        table,
        unit="quotes of one speaker on one point, in two outlets or more",
        of="point",
        value="n",
        leads={"n": lead("07-point-sentences", "point")},
        behind=lambda: about.evidence(
            listed.drop(columns=["outlet", "likeness", "place"]),
            "The sentences on one point",
            "07-point-sentences",
            also=["point"],
            each=["point", "quote_id"],
        ),
        facts={
            "points": counted(len(table), "point") if len(table) else None,
            "silent": f"{counted(silent['body'].nunique(), 'refusal to answer is', 'refusals to answer are')} reported by two or more"
            if len(silent)
            else "no refusal to answer is reported by two",
        },
    )


def points_side_by_side(about: Material) -> SideBySide:
    """Each point in each outlet's sentence, the likest sentences first; then who gave no answer, as each outlet says it."""
    said, silent = _on_one_point(about), refusals_of_several(about)
    address = lead("07-point-sentences", "point").address
    on_points, refused = said["point"].nunique(), silent["body"].nunique()
    few = SHOWN - min(refused, SHOWN // 2)
    events = [
        Event(of["speaker"].iloc[0], _versions(about, of), address({"point": point}))
        for point, of in islice(said.groupby("point", sort=False), few)
    ]
    refusals = [
        Event(f"No answer: {body}", _versions(about, of))
        for body, of in islice(silent.groupby("body", sort=False), SHOWN - len(events))
    ]
    title = "One speaker on one point, in each outlet’s sentence"
    left_out = on_points + refused - len(events) - len(refusals)
    return SideBySide(title, [*events, *refusals], left_out, differences=False)


@lru_cache(maxsize=1)  # several questions look at them
def _on_one_point(about: Material) -> pd.DataFrame:
    """point, likeness and the columns of `quotes`, with `speaker` the name of the source: those that are no utterance."""
    study, known = about.study, utterance_matches(about)
    told = {frozenset(pair) for pair in zip(known["quote_a"], known["quote_b"], strict=True)}
    pairs = find_paraphrases(
        about.quotes, study.sources, study.articles, study.sentences, study.language, but=told
    )
    ends = [
        pairs[["point", "likeness", f"quote_{side}"]].set_axis(["point", "likeness", "quote_id"], axis=1)
        for side in "ab"
    ]
    ends_of = pd.concat(ends).sort_values("likeness", ascending=False, kind="stable")
    order = {point: place for place, point in enumerate(dict.fromkeys(ends_of["point"]))}
    rows = ends_of.drop_duplicates(["point", "quote_id"]).merge(
        about.quotes, on="quote_id", validate="one_to_one"
    )
    names = dict(zip(study.sources["source_id"], study.sources["name"], strict=True))
    rows["speaker"] = rows["source_id"].map(names).astype("string").fillna(rows["speaker"])
    return rows.assign(place=rows["point"].map(order)).sort_values("place", kind="stable")


def refusals_of_several(about: Material) -> pd.DataFrame:
    """The refusals of whom two outlets or more say that they gave no answer, with their outlet and `body`, who that is."""
    silent = about.study.with_outlet(about.study.refusals).dropna(subset=["speaker"])
    functional = about.study.language.stop_words()
    keys = silent["speaker"].map(lambda name: " ".join(sorted(set(fold(name).split()) - functional)))
    first = dict(zip(keys[::-1], silent["speaker"][::-1], strict=True))
    silent = silent.assign(body=keys.map(first))
    return silent[silent.groupby("body")["outlet"].transform("nunique") > 1]


def _versions(about: Material, rows: pd.DataFrame) -> list[Version]:
    """Each row's sentence in its outlet, the earliest first."""
    study = about.study
    own, sentences = study.articles, study.sentences
    own, sentences = (
        table[table[key].isin(set(rows[key]))].set_index(key)
        for table, key in ((own, "article_id"), (sentences, "sentence_id"))
    )
    articles, ends = own[["text", "published"]].to_dict("index"), sentences[["start", "end"]]
    versions = []
    for row in rows.to_dict("records"):
        article = articles[row["article_id"]]
        words = said = ""
        if isinstance(text := article["text"], str):
            start, end = ends.loc[row["sentence_id"]]
            start, end = excerpt(text, int(start), max(int(end), int(row["end"])), study.excerpts)
            words = " ".join(text[start:end].split())
            said = " ".join(text[max(start, int(row["start"])) : min(end, int(row["end"]))].split())
        versions.append(
            Version(
                row["outlet"],
                "" if pd.isna(article["published"]) else str(article["published"]),
                words,
                _page(row),
                row.get("form", ""),
                row["cue"] if pd.notna(row.get("cue")) else "",
                row["speaker"] if "form" in row else "",
                frames=about.frames_of_sentences.get(row["sentence_id"], ""),
                attributed=said,
            )
        )
    return sorted(versions, key=lambda version: version.published or "9999")


def _page(row: Mapping[str, Any]) -> str:
    """The address of a row's sentence in its article."""
    return f"articles/{row['article_id']}.html#{str(row['sentence_id']).rsplit(':', 1)[-1]}"


@lru_cache(maxsize=1)  # several questions look at them
def quoted_utterances(about: Material) -> pd.DataFrame:
    """Every quote of every utterance of several outlets, with its words, the first version of each at its head."""
    same = list_utterances(utterance_matches(about))[["utterance", "quote_id"]]
    study = about.study
    table = same.merge(study.with_outlet(study.quotes), on="quote_id", validate="many_to_one")
    names = dict(zip(study.sources["source_id"], study.sources["name"], strict=True))
    table["speaker"] = table["source_id"].map(names).astype("string").fillna(table["speaker"])
    articles = study.articles.set_index("article_id")
    table["published"] = table["article_id"].map(articles["published"]).astype("string").fillna("")
    texts, ends = articles["text"].to_dict(), study.sentences.set_index("sentence_id")[["start", "end"]]
    words = [_words(about, texts[q.article_id], q, ends) for q in table.itertuples()]
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


def _events(about: Material, quotes: pd.DataFrame) -> dict[str, Event]:
    """The event of each utterance that the quotes give."""
    pairs = utterance_matches(about)
    pairs = pairs[pairs["utterance"].isin(set(quotes["utterance"]))]
    related: dict[frozenset[str], str] = {
        frozenset((p.quote_a, p.quote_b)): p.kind for p in pairs.itertuples()
    }
    known = [*pairs["quote_a"], *pairs["quote_b"]]
    kinds: dict[str, str] = dict(zip(known, [*pairs["kind"], *pairs["kind"]], strict=True))
    events = {}
    for utterance, rows in quotes.groupby("utterance", sort=False):
        first = rows.iloc[0]

        def relation(row: Mapping[str, Any], first: pd.Series = first) -> str:
            if row["quote_id"] == first["quote_id"]:
                return ""
            if said := related.get(frozenset((first["quote_id"], row["quote_id"]))):
                return said
            # Those that a third version connects are compared here as they are shown.
            alike = rendering(first["words"], row["words"]) if first["words"] and row["words"] else ""
            return alike or kinds[row["quote_id"]]

        versions = [
            Version(
                row["outlet"],
                row["published"],
                row["words"],
                _page(row),
                row["form"],
                row["cue"] if pd.notna(row["cue"]) else "",
                row["speaker"] if pd.notna(row["speaker"]) else "",
                relation(row),
                about.frames_of_sentences.get(row["sentence_id"], ""),
            )
            for row in rows.to_dict("records")
        ]
        all_of_it = lead("07-quotes", "utterance").address(dict(rows.iloc[0]))
        events[utterance] = Event(versions[0].speaker or "Somebody", versions, all_of_it)
    return events
