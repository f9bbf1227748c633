"""What is asked about a study as a whole: every outlet in the main measures, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from analysis.ask.about_frames import frames
from analysis.ask.about_sources import roles, source_kinds_heard
from analysis.ask.about_stance import positions
from analysis.ask.about_tone import tone
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.uncertainty import articles_needed, smallest_p
from analysis.show.leads import Lead
from analysis.show.wording import counted, in_words, listed, probability, uncapitalised

_FRAMES = 5  # the most frequent ones are shown
_COLUMNS = ["measure", "outlet", "n", "total", "share", "low", "high", "unit"]
_CORRECTED = ["measure", "outlet", "n", "total", "machine", "coded", "share", "low", "high", "unit"]


def profile(about: Material) -> Comparison:
    """Each outlet in the main measures: its most frequent frames, negative wording, positions, and who is quoted."""
    framed = frames(about)
    used = framed.table.groupby("frame")["n"].sum().sort_values(ascending=False).head(_FRAMES).index
    stances = positions(about)
    asked = [] if stances.unasked else [("unfavourable", "against"), ("favourable", "for")]
    parts = [
        _measured(replace(framed.only(*used), doubtful=set(framed.doubtful) & set(used)), "frame: {}"),
        _measured(tone(about).only("negative"), "{} wording"),
        *(_measured(stances.only(code), f"positions {way}") for code, way in asked),
        _measured(source_kinds_heard(about).only("expert", "official", "anonymous"), "quotes: {}"),
    ]
    corrected = any(part.sample for part in parts)
    table = pd.concat([part.table for part in parts], ignore_index=True)
    compares = "length" if corrected else "colour"
    return Comparison(
        about.study,
        "08-profile",
        table.reindex(columns=_CORRECTED) if corrected else table[_COLUMNS],
        unit=f"share of sentences (frames, wording), positions or quotes (official: all official roles together); {compares} compares within a row",
        of="measure",
        form="corrected" if corrected else "cells",
        doubtful={measure for part in parts for measure in part.doubtful},
        leads={
            column: [address for part in parts for address in _addresses(part, column)]
            for column in ("n", "total")
        },
        look={"each_row": True},
        coder=listed(dict.fromkeys(part.coder for part in parts if part.coder)),
        sample="; ".join(dict.fromkeys(part.sample for part in parts if part.sample)),
    )


def limits(about: Material) -> Comparison:
    """How many articles each outlet has, and what no test between outlets can show with so few."""
    sizes = about.study.articles.groupby("outlet", sort=False).size()
    least, most = int(sizes.min()), int(sizes.max())
    framed = frames(about)
    doubtful = sorted(framed.names[code].lower() for code in framed.doubtful)
    articles = f"{least}–{most} articles" if most > least else counted(least, "article")
    return Comparison(
        about.study,
        "08-limits",
        sizes.rename("articles").reset_index(),
        value="articles",
        facts={
            "articles": articles,
            "tests": _tests(articles, sizes.tolist()),
            "needed": str(articles_needed(1.0, outlets=len(sizes))) if len(sizes) > 1 else None,
            "checked": _checked(about),
            "doubtful": f"Not validated: the {'frame' if len(doubtful) == 1 else 'frames'} {listed(doubtful)}."
            if doubtful
            else "All frames are validated.",
        },
    )


def _tests(articles: str, sizes: Sequence[int]) -> str | None:
    """The smallest p that tests of all outlets could give, and those of two, of those with the most articles and with the
    fewest; that none is made where each has one."""
    if len(sizes) < 2:
        return None
    if max(sizes) == 1:
        return (
            "With one article per outlet, article and outlet are the same thing: no test between outlets is made, and these "
            "are findings about texts."
        )
    each = sorted({smallest_p(pair) for pair in combinations(sorted(sizes), 2)})
    of_two = probability(each[0]) + (f" to {probability(each[-1])}" if len(each) > 1 else "")
    together = probability(smallest_p(sizes))
    return f"With {articles} per outlet, the smallest p that a test of all outlets could reach is {together}, and of two of them {of_two}."


def _checked(about: Material) -> str:
    codes = (frames(about), tone(about), positions(about))
    known, doubtful = sum(len(one.alpha) for one in codes), sum(len(one.doubtful) for one in codes)
    between = (
        "between coders"
        if all(one.sample for one in codes if one.alpha)
        else "between coders and against them"
    )
    return (
        f"Of {known} codes of frames, tone and stance, {known - doubtful or 'none'} surely reach Krippendorff’s alpha of .667 "
        f"{between}: with the whole interval, on five cases or more (notebook 02). {roles(about).checked()}"
    )


def _measured(part: Comparison, measure: str) -> Comparison:
    """The comparison with its labels as measures. What is not validated of it makes the measure doubtful."""
    names = {
        code: measure.format(uncapitalised(part.names.get(code, in_words(code))))
        for code in part.table[part.of].unique()
    }
    table = part.table.assign(measure=part.table[part.of].map(names))
    doubtful = {names[code] for code in part.doubtful if code in names}
    return replace(part, table=table, doubtful=doubtful)


def _addresses(part: Comparison, column: str) -> list[str]:
    way = part.leads[column]
    return way.addresses(part.table) if isinstance(way, Lead) else list(way)
