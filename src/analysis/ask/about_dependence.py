"""What is asked about dependence: who follows whom, who credits whom, and how much of each article is its own."""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial

import pandas as pd

from analysis.annotate.voices import find_voices
from analysis.ask.about_reuse import all_words, shared_passages
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.dependence import find_credits, own_words, shared_stretches, who_follows_whom
from analysis.read.duplicates import agency_names
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, listed
from analysis.text import split_tokens

DRAWN = 12  # arrows of the chart
_TAKEN = (
    "words in passages of twelve or more that the outlet behind the arrow had printed on an earlier day, outside "
    "quotation marks"
)


def follows(about: Material) -> Comparison:
    """Who follows whom: the words that an outlet has printed after another, outside quotation marks, and its credits."""
    table = who_follows_whom(_stretches(about), _credits(about))
    arrow = table["outlet"] + " ← " + table["other_outlet"]
    table = table.assign(arrow=arrow)
    noted = table["credits"].map(lambda n: counted(n, "credit") if n else "no credit")
    taken = table[table["words"] > 0]
    silent = taken[taken["credits"] == 0]
    return Comparison(
        about.study,
        "07-follows",
        table,
        unit=_TAKEN if len(taken) else "places where an article names the outlet or agency behind the arrow",
        by="arrow",
        value="words" if len(taken) else "credits",
        form="bars",
        drawn=table.assign(credited=noted).head(DRAWN),
        look={"note": "credited"} if len(taken) else {},
        leads={
            "passages": lead(
                "07-stretches", "outlet", "other_outlet", part="printed before elsewhere", speech="no"
            ),
            "credits": lead("07-credits", "outlet", "other_outlet"),
        },
        behind=partial(_evidence, about),
        facts={
            "follow": listed(
                f"{row.outlet} follows {row.other_outlet} ({counted(row.words, 'word')})"
                for row in taken.head(3).itertuples()
            )
            or None,
            "silent": f"; without a credit in {counted(len(silent), 'case')}" if len(silent) else "",
        },
    )


def credited(about: Material) -> Comparison:
    """Each place where an article names another outlet of the study or an agency."""
    table = _credits(about).drop(columns=["start", "end"])
    return Comparison(
        about.study, "07-credits", table, leads={"article_id": lead("articles/{article_id}.html")}
    )


def own_share(about: Material) -> Comparison:
    """How much of each outlet's text is in no other outlet's."""
    table = _own(about).groupby("outlet", sort=False)[["words", "own", "taken", "first"]].sum().reset_index()
    stretches = _stretches(about).groupby("outlet").size()
    table["passages"] = table["outlet"].map(stretches).fillna(0).astype(int)
    table = table[table["words"] > 0].rename(columns={"words": "total", "own": "n"}).assign(unit="words")
    return Comparison(
        about.study,
        "07-own",
        table.assign(share=table["n"] / table["total"]),
        unit="words that are in no passage of twelve or more that another outlet has",
        form="bars",
        leads={"passages": lead("07-stretches", "outlet")},
        behind=partial(_evidence, about),
    )


def own_articles(about: Material) -> Comparison:
    """How much of each article is its own, the least first."""
    table = _own(about).sort_values("share", kind="stable", ignore_index=True)
    return Comparison(
        about.study,
        "07-own-articles",
        table,
        value="share",
        unit="words",
        leads={"article_id": lead("articles/{article_id}.html")},
    )


@lru_cache(maxsize=1)  # several questions look at them
def _own(about: Material) -> pd.DataFrame:
    articles = about.study.articles.dropna(subset=["text"])
    return own_words(_stretches(about), articles, about.study.sentences, words=all_words(about))


@lru_cache(maxsize=1)  # several questions look at them
def _stretches(about: Material) -> pd.DataFrame:
    articles = about.study.articles.dropna(subset=["text"])
    return shared_stretches(
        shared_passages(about),
        articles,
        about.study.sentences,
        find_voices(about.study.quotes),
        words=all_words(about),
    )


@lru_cache(maxsize=1)  # several questions look at them
def _credits(about: Material) -> pd.DataFrame:
    study = about.study
    return find_credits(study.articles, study.sentences, study.blocks, _names(tuple(study.outlets)))


@cache
def _names(outlets: tuple[str, ...]) -> dict[str, list[str]]:
    """The indicators by which outlets and agencies are named in texts; an outlet goes by its name without `The`, too."""
    names: dict[str, list[str]] = {}
    for agency, forms in agency_names().items():
        names[agency] = [_cased(_capitalised(form)) for form in forms]
    for outlet in outlets:
        bare = outlet.removeprefix("The ")
        names.setdefault(outlet, []).extend({_cased(outlet), _cased(bare)} - {""})
    return names


def _capitalised(agency: str) -> str:
    """An agency's name as texts write it: one of four letters or fewer in capitals."""
    if len(agency) <= _SHORT:
        return agency.upper()
    return re.sub(r"[^\W_]+", lambda m: m[0] if m[0] in _SMALL else m[0].capitalize(), agency)


def _cased(name: str) -> str:
    """A name as an indicator that minds capitals, "" for one without a word.

    Only words are taken over, for signs mean something else in an indicator: of `Arts & Letters` both words, near each other.
    """
    parts = [[t.text for t in split_tokens(word) if t.text[0].isalnum()] for word in name.split()]
    phrases: list[list[str]] = [[]]
    for part in parts:
        if part:
            phrases[-1] += [f"={text}" for text in part]
        else:
            phrases.append([])
    return " ~1 ".join(" ".join(phrase) for phrase in phrases if phrase)


_SMALL = ("of", "the")
_SHORT = 4  # letters


def _evidence(about: Material) -> Evidence:
    stretches = _stretches(about)
    stretches = stretches.assign(speech=stretches["speech"].map({True: "yes", False: "no"}))
    return about.evidence(
        stretches.sort_values("words", ascending=False, kind="stable"),
        "Every stretch that another outlet has, too, the longest first",
        "07-stretches",
        outlets=None,
        sources=None,
        also=["other_outlet", "part", "speech", "words"],
        each=["other_outlet", "start"],
    )
