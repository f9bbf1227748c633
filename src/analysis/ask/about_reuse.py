"""What is asked about shared material: utterances, passages and words."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.reuse import containment_of_groups, find_shared_passages
from analysis.compare.terms import count_terms, distinctive_terms, find_terms
from analysis.compare.utterances import list_utterances, match_utterances
from analysis.compare.words import Words, read_words
from analysis.show.evidence import Evidence
from analysis.show.html_tables import LONGEST
from analysis.show.leads import lead
from analysis.show.wording import counted, listed, outlet_by_outlet

CERTAIN, FREQUENT, SHOWN = 1.96, 3, 6  # z, paragraphs and words an outlet of the chart


def utterances(about: Material) -> Comparison:
    """The pairs of quotes in two outlets that render one utterance: how many in the same words, how many in others."""
    pairs = utterance_matches(about)
    table = pairs.groupby("kind").size().rename("pairs").reset_index()
    return Comparison(
        about.study,
        "07-utterances",
        table,
        unit="pairs of quotes of five words or more in two outlets",
        by="kind",
        value="pairs",
        form="bars",
        leads={"pairs": lead("07-pairs", "kind")},
        behind=lambda: _utterances(about),
        facts={
            "utterances": counted(pairs["utterance"].nunique(), "utterance") if len(pairs) else None,
            "pairs": counted(len(pairs), "pair") if len(pairs) else None,
            "kinds": listed(f"{row.pairs:,} {row.kind}" for row in table.itertuples()),
            "checked": (
                "Nobody has coded what is shared. Every pair and every passage is listed above, so that each can be read and "
                "judged; words are compared by counting alone."
            ),
        },
    )


def utterance_pairs(about: Material) -> Comparison:
    """The same pairs, one row each."""
    table = utterance_matches(about).drop(columns=["quote_a", "quote_b"])
    return Comparison(about.study, "07-pairs", table, leads={"utterance": lead("07-quotes", "utterance")})


def passages(about: Material) -> Comparison:
    """The passages of twelve words or more that two outlets have in the same words; of very many the longest."""
    found = shared_passages(about)
    shown = found if len(found) <= LONGEST else found.nlargest(LONGEST, "words")
    longest = [
        f"; the longest has {row.words} words ({row.outlet_a} and {row.outlet_b})"
        for row in found.sort_values("words", ascending=False).head(1).itertuples()
    ]
    return Comparison(
        about.study,
        "07-shared",
        shown.drop(columns=["start_a", "end_a", "start_b", "end_b"]),
        value="words",
        leads={"passage": lead("07-passages", "passage"), "words": lead("07-passages", "passage")},
        behind=lambda: _passage_sentences(about, shown),
        facts={
            "passages": counted(
                len(found), "passage of twelve words or more is", "passages of twelve words or more are"
            ),
            "longest": "".join(longest) or None,
        },
    )


def overlap(about: Material) -> Comparison:
    """How much of one outlet's text is also in another's."""
    table = containment_of_groups(_texts(about), about.study.sentences, words=all_words(about))
    return Comparison(
        about.study,
        "07-overlap",
        table[table["n"] > 0],
        unit="runs of five words in the row's articles that the column's articles have too",
        of="outlet_b",
        by="outlet_a",
        form="pairs",
        look={"order": about.study.outlets, "digits": 1},
    )


def words(about: Material) -> Comparison:
    """The words that set each outlet apart from all others, the first six of each."""
    own, sure = _own_words(about)
    said = [f"in {outlet}: {listed(rows['term'])}" for outlet, rows in own.groupby("outlet", sort=False)]
    return Comparison(
        about.study,
        "07-words",
        own,
        unit="z of the log-odds with a Dirichlet prior (Monroe, Colaresi & Quinn 2008); words of z >= 1.96 in three "
        "paragraphs or more, without function words and those that report speech",
        of="term",
        value="z",
        form="terms",
        leads={"n": lead("07-words-sentences", "outlet", "term")},
        behind=lambda: _word_sentences(about, pd.concat([own, sure.head(LONGEST)])),
        facts={"words": outlet_by_outlet(said) or None},
    )


def certain_words(about: Material) -> Comparison:
    """All words that set an outlet apart with q < .05, with their dispersion."""
    leads = {"n": lead("07-words-sentences", "outlet", "term")}
    return Comparison(
        about.study, "07-certain-words", _own_words(about)[1], of="term", value="z", leads=leads
    )


@lru_cache(maxsize=1)  # several questions look at them
def all_words(about: Material) -> Words:
    """The words of all sentences whose text is known."""
    return read_words(_texts(about), about.study.sentences)


def _texts(about: Material) -> pd.DataFrame:
    return about.study.articles.dropna(subset=["text"])


@lru_cache(maxsize=1)  # several questions look at them
def utterance_matches(about: Material) -> pd.DataFrame:
    """The pairs of quotes in two outlets that render one utterance (see `compare.utterances.match_utterances`)."""
    texts, quotes = _texts(about), about.quotes
    return match_utterances(
        quotes[quotes["article_id"].isin(texts["article_id"])],
        about.study.sources,
        texts,
        about.study.language.stop_words(),
    )


@lru_cache(maxsize=1)  # several questions look at them
def _utterances(about: Material) -> Evidence:
    quotes = about.study.with_outlet(about.study.quotes)
    same = list_utterances(utterance_matches(about))[["quote_id", "utterance"]].merge(
        quotes, on="quote_id", validate="many_to_one"
    )
    title, each = "The utterances, as each outlet gives them", ["utterance", "quote_id"]
    return about.evidence(same, title, "07-quotes", also=["utterance"], each=each)


@lru_cache(maxsize=1)  # several questions look at them
def shared_passages(about: Material) -> pd.DataFrame:
    """The passages of twelve words or more that two outlets have, numbered (see `compare.reuse.find_shared_passages`)."""
    found = find_shared_passages(_texts(about), about.study.sentences, words=all_words(about))
    found.insert(0, "passage", [f"p{n + 1}" for n in range(len(found))])
    return found


def _passage_sentences(about: Material, found: pd.DataFrame) -> Evidence:
    columns = ["passage", "words", "article_id", "start", "end"]
    ends = [
        found[["passage", "words", f"article_{x}", f"start_{x}", f"end_{x}"]].set_axis(columns, axis=1)
        for x in "ab"
    ]
    hits = pd.concat(ends).sort_values("words", ascending=False, kind="stable")
    title = "The shared passages, the longest first"
    return about.evidence(
        hits, title, "07-passages", outlets=None, sources=None, also=["passage"], each=["passage"]
    )


@lru_cache(maxsize=1)  # several questions look at them
def _own_words(about: Material) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The words of the chart, and all that are certain."""
    terms = distinctive_terms(
        count_terms(
            _texts(about),
            _read(about),
            leave_out=about.study.language.stop_words(),
            outside=about.cues,
            words=all_words(about),
        )
    )
    own = terms[(terms["z"] >= CERTAIN) & (terms["paragraphs"] >= FREQUENT)]
    return own.groupby("outlet", sort=False).head(SHOWN), terms[(terms["z"] > 0) & (terms["q"] < 0.05)]


def _read(about: Material) -> pd.DataFrame:
    return about.study.sentences[about.study.sentences["kind"] != "title"]


def _word_sentences(about: Material, terms: pd.DataFrame) -> Evidence:
    return term_sentences(
        about, terms, "The words, in their sentences", "07-words-sentences", outside=about.cues
    )


def term_sentences(
    about: Material,
    terms: pd.DataFrame,
    title: str,
    name: str,
    sentences: pd.DataFrame | None = None,
    outside: pd.DataFrame | None = None,
) -> Evidence:
    """The sentences of each outlet that hold its terms (columns outlet, term); all but titles, or those of `sentences`.

    Terms in the spans of `outside` are passed over (see `count_terms`).
    """
    asked = terms[["outlet", "term"]].drop_duplicates()
    voices = about.study.sentiment[["sentence_id", "voice"]].fillna({"voice": "mixed"})
    read = _read(about) if sentences is None else sentences
    places = about.study.with_outlet(
        find_terms(_texts(about), read, set(asked["term"]), outside, all_words(about))
    )
    places = places.merge(voices, on="sentence_id", how="left", validate="many_to_one")
    hits = asked.merge(places, on=["outlet", "term"], validate="one_to_many")
    return about.evidence(hits, title, name, outlets=None, sources=None, also=["term"], each=["start"])
