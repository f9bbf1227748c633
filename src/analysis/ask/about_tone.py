"""What is asked about tone."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analysis.annotate.tone import Tone
from analysis.ask.about_reuse import all_words, term_sentences
from analysis.ask.about_stance import with_net
from analysis.ask.comparison import Comparison
from analysis.ask.material import STORY, Material
from analysis.ask.noise import differ, find_differences, large_enough
from analysis.coding.coders import RULES, TONE_SCORES
from analysis.compare.contrast import FEWEST
from analysis.compare.corrected_positions import NET
from analysis.compare.shares import actor_tone, mean_tone
from analysis.compare.terms import count_terms
from analysis.compare.terms import word_shift as one_by_one
from analysis.ids import among
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, listed, signed
from analysis.tables import TONES

_WHOSE = {"author": "own words", "quoted": "quoted or reported", "reported": "quoted or reported"}
_MEAN = "mean {} of sentences; lines: 95% bootstrap over articles, or inside the article where there is one"
_FIXED = "(positive − negative) / all sentences; whose words they are is as the rules find it"
_SCORED = 20  # words with a score; of fewer one word makes the whole shift
_SHIFTING, _NAMED = 12, 5  # words of the shift that are drawn, and of these that are named


def tone(about: Material) -> Comparison:
    """How many sentences are negative, neutral or positive in tone, whoever says them."""
    shown = about.shares(
        "sentiment",
        _scored(about),
        about.story,
        of="label",
        labels=list(TONES),
        groups=about.study.outlets,
    )
    return Comparison(
        about.study,
        "04-tone",
        **shown,
        unit="sentences of deck and body, all voices",
        of="label",
        form="corrected" if shown["sample"] else "sides",
        leads={
            "n": lead("04-sentences", "outlet", "label", part=STORY),
            "total": lead("04-sentences", "outlet", part=STORY),
        },
        behind=lambda: _sentences(about),
        look={} if shown["sample"] else {"order": list(TONES)},
    )


def mean_tone_by_voice(about: Material) -> Comparison:
    """The mean tone of the outlet's own words beside that of what it quotes and reports."""
    table, sample = _means(about)
    score = "score" if about.counting["sentiment"].coder.name == RULES else "label, -1, 0 or 1,"
    return Comparison(
        about.study,
        "04-voices",
        table,
        unit=_FIXED if sample else _MEAN.format(score),
        of="whose",
        value="mean",
        form="dots",
        leads={"n": lead("04-sentences", "outlet", "whose", part=STORY)},
        behind=lambda: _sentences(about),
        look={"marks": {0: "neutral"}} | ({"light": "machine"} if sample else {}),
        sample=sample,
        **about.trust("sentiment", list(TONES), corrected=bool(sample)),
    )


def actors(about: Material) -> Comparison:
    """How well or ill the sentences that name an actor speak: their net attitude."""
    names = {code: actor.name for code, actor in about.study.codebook.actors.items()}
    mentions = about.study.with_outlet(about.study.actors)
    net = actor_tone(mentions, labels=list(names), groups=about.study.outlets).drop(columns="voice")
    enough = net[net["n"] >= FEWEST]
    worst = enough[enough["net"] == enough["net"].min()]
    least = [
        f"{names[row.actor]} in {row.outlet} ({signed(row.net)}, {counted(row.n, 'sentence')})"
        for row in worst.itertuples()
    ]
    return Comparison(
        about.study,
        "04-actors",
        net,
        unit="(positive − negative) / all sentences that name the actor, each voice once",
        of="actor",
        value="net",
        form="balance",
        names=names,
        doubtful=set(names),
        uncorrected=about.uncorrected("nobody coded attitudes towards actors"),
        leads={
            "n": lead("04-actors-sentences", "outlet", "actor"),
            **{label: lead("04-actors-sentences", "outlet", "actor", label=label) for label in TONES},
        },
        behind=lambda: _actor_sentences(about, list(names)),
        facts={"least": listed(least) or None},
    )


def word_shift(about: Material) -> Comparison:
    """Which words make the difference in tone between the darkest and the brightest outlet, if they differ.

    By the scores of single words in the codebook's tone words and VADER's, wherever the codes of tone come from: see
    `compare.terms.word_shift`.
    """
    means = mean_tone(_scored(about), groups=about.study.outlets)
    apart = find_differences(means, value="mean", of="", by="outlet")
    known = large_enough(means).dropna(subset=["mean"]).sort_values("mean")
    a, b = (str(known["outlet"].iloc[place]) if len(known) else "" for place in (0, -1))
    texts = about.study.articles.dropna(subset=["text"])
    table = pd.DataFrame(columns=["term", "contribution"])
    if a != b and len(texts) and differ(apart, "", a, b):
        counts = count_terms(texts, about.story, words=all_words(about))
        tone = Tone(about.study.codebook, about.study.language)
        scores = {term: score for term in counts["term"].unique() if (score := tone.score_word(term))}
        scored = counts[counts["term"].isin(list(scores))].groupby("outlet")["n"].sum()
        if min(scored.get(a, 0), scored.get(b, 0)) >= _SCORED:
            table = one_by_one(counts, scores, a=a, b=b).head(_SHIFTING)
    brighter = [f"{row.term} ({signed(row.contribution)})" for row in table.head(_NAMED).itertuples()]
    return Comparison(
        about.study,
        "04-shift",
        table.drop(columns=["kind"], errors="ignore"),
        unit=f"what each word adds to the mean score of words, {b} less {a}; the words that add most",
        by="term",
        value="contribution",
        form="bars",
        leads={column: lead("04-words", "term", outlet=name) for column, name in (("n_a", a), ("n_b", b))},
        behind=lambda: term_sentences(
            about, _both(table, a, b), "The words, in their sentences", "04-words", about.story
        ),
        facts={"dark": a, "bright": b, "words": listed(brighter) or None} if len(table) else {"dark": None},
    )


def _both(table: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Each term in either outlet."""
    return pd.concat([table[["term"]].assign(outlet=name) for name in (a, b)])


def _means(about: Material) -> tuple[pd.DataFrame, str]:
    """The mean tone by outlet of own words and of others', corrected where people coded, and what corrected it.

    Corrected it is that of labels: people give no scores.
    """
    rows, outlets = _scored(about), about.study.outlets
    rows = rows[rows["voice"].isin(list(_WHOSE))]
    rows = rows.assign(group=rows["whose"] + rows["outlet"])
    base = about.story.merge(rows[["sentence_id", "group"]], on="sentence_id", validate="one_to_one")
    fixed, sample = about.ratios("sentiment", rows, base, of="label", worth=TONE_SCORES, by="group")
    parts = []
    for whose in dict.fromkeys(_WHOSE.values()):
        table = mean_tone(rows[rows["whose"] == whose], groups=outlets)
        if sample:
            net = fixed[fixed["label"].eq(NET) & fixed["group"].str.startswith(whose)]
            table = with_net(table, net.assign(outlet=net["group"].str.removeprefix(whose)), "mean")
        parts.append(table.assign(whose=whose))
    return pd.concat(parts).drop(columns="voice"), sample


@lru_cache(maxsize=1)  # several questions look at them
def _scored(about: Material) -> pd.DataFrame:
    """The tone of the sentences of deck and body."""
    rows = _with_whose(about)
    return rows[among(rows["sentence_id"], about.story["sentence_id"])]


@lru_cache(maxsize=1)  # several questions look at them
def _with_whose(about: Material) -> pd.DataFrame:
    rows = about.study.with_outlet(about.counted.sentiment)
    return rows.assign(whose=rows["voice"].map(_WHOSE).fillna("mixed"))


@lru_cache(maxsize=1)  # several questions look at them
def _sentences(about: Material) -> Evidence:
    columns = ["sentence_id", "label", "score", "voice", "source_id", "whose"]
    placed = about.sentences.dropna(subset=["part"])
    hits = placed.merge(_with_whose(about)[columns], on="sentence_id", validate="one_to_one")
    hits = hits.sort_values("score", key=abs, ascending=False, kind="stable")
    return about.evidence(
        hits, "The sentences, the most charged first", "04-sentences", n=700, also=["whose", "part"]
    )


def _actor_sentences(about: Material, names: list[str]) -> Evidence:
    hits = about.study.with_outlet(about.study.actors)
    hits = hits[hits["actor"].isin(names)].sort_values(
        "label", key=lambda label: label == "neutral", kind="stable"
    )
    return about.evidence(
        hits,
        "Sentences that name an actor, those that speak well or ill of one first",
        "04-actors-sentences",
        n=400,
        also=["actor"],
        each=["actor", "voice", "source_id"],
    )
