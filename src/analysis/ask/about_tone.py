"""What is asked about tone."""

from __future__ import annotations

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import STORY, Material
from analysis.compare.shares import actor_tone, mean_tone, shares
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, signed
from analysis.tables import TONES

_WHOSE = {"author": "own words", "quoted": "quoted or reported", "reported": "quoted or reported"}
_FEW = 5  # sentences; a net attitude of fewer is not worth a sentence


def tone(about: Material) -> Comparison:
    """How many sentences are negative, neutral or positive in tone, whoever says them."""
    rows = _scored(about)
    labels = shares(rows, about.story, of="label", labels=list(TONES), groups=about.study.outlets)
    return Comparison(
        about.study,
        "04-tone",
        labels,
        unit="sentences of deck and body, all voices",
        of="label",
        form="sides",
        leads={
            "n": lead("04-sentences", "outlet", "label", part=STORY),
            "total": lead("04-sentences", "outlet", part=STORY),
        },
        behind=lambda: _sentences(about),
        look={"order": list(TONES)},
        **about.trust("sentiment", list(TONES)),
    )


def mean_tone_by_voice(about: Material) -> Comparison:
    """The mean tone of the outlet's own words beside that of what it quotes and reports."""
    rows, outlets = _scored(about), about.study.outlets
    own = mean_tone(rows, voice="author", groups=outlets).assign(whose="own words")
    cited = mean_tone(rows, voice=["quoted", "reported"], groups=outlets).assign(whose="quoted or reported")
    return Comparison(
        about.study,
        "04-voices",
        pd.concat([own, cited]).drop(columns="voice"),
        unit="mean score of sentences; lines: 95% bootstrap over articles, or inside the article where there is one",
        of="whose",
        value="mean",
        form="dots",
        leads={"n": lead("04-sentences", "outlet", "whose", part=STORY)},
        behind=lambda: _sentences(about),
        look={"marks": {0: "neutral"}},
        **about.trust("sentiment", list(TONES)),
    )


def actors(about: Material) -> Comparison:
    """How well or ill the sentences that name an actor speak: their net attitude."""
    names = {code: actor.name for code, actor in about.study.codebook.actors.items()}
    mentions = about.study.with_outlet(about.study.actors)
    net = actor_tone(mentions, labels=list(names), groups=about.study.outlets).drop(columns="voice")
    worst = net[net["n"] >= _FEW].sort_values("net").head(1)
    least = [
        f"{names[row.actor]} in {row.outlet} ({signed(row.net)}, {counted(row.n, 'sentence')})"
        for row in worst.itertuples()
    ]
    return Comparison(
        about.study,
        "04-actors",
        net,
        unit="(positive - negative) / all sentences that name the actor, each voice once",
        of="actor",
        value="net",
        form="balance",
        names=names,
        doubtful=set(names),
        leads={
            "n": lead("04-actors-sentences", "outlet", "actor"),
            **{label: lead("04-actors-sentences", "outlet", "actor", label=label) for label in TONES},
        },
        behind=lambda: _actor_sentences(about, list(names)),
        facts={"least": "".join(least) or None},
    )


def _scored(about: Material) -> pd.DataFrame:
    """The tone of the sentences of deck and body."""
    rows = _with_whose(about)
    return rows[rows["sentence_id"].isin(about.story["sentence_id"])]


def _with_whose(about: Material) -> pd.DataFrame:
    rows = about.study.with_outlet(about.study.sentiment)
    return rows.assign(whose=rows["voice"].map(_WHOSE).fillna("mixed"))


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
