"""What is asked about agency and naming: who is named as acting in violence and decisions, and what actors are called."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.annotate.agency import DECISION, FORMS, VIOLENCE
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.compare.uncertainty import wilson
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, listed

OWN, CITED = "own voice", "cited voices"
NOBODY, OTHERS = "nobody named", "somebody else"
NAMES = 3  # of each actor in the chart; the table has all
_SAID = {VIOLENCE: "violence", DECISION: "decisions"}
_NAMES_OF_FORMS = {
    "by": "passive with by",
    "passive": "passive without by",
}
_CHECKED = (
    "Forms were checked on 300 sentences that were coded before the rules were run (see the page on quality); who acts is told "
    "by the order of words alone, and less surely: read the sentences before you rely on a name."
)


def violence(about: Material) -> Comparison:
    """In which form each outlet tells of violence: active, passive with `by`, passive without, as a noun."""
    return _forms(about, VIOLENCE)


def decisions(about: Material) -> Comparison:
    """In which form each outlet tells of decisions."""
    return _forms(about, DECISION)


def acting(about: Material) -> Comparison:
    """Whom each outlet names as doing violence: actors of the codebook, somebody else, or nobody."""
    deeds = _deeds(about)
    deeds = deeds[deeds["deed"] == VIOLENCE]
    order = [actor.name for actor in about.study.codebook.actors.values()]
    table = _shares(deeds, about.study.outlets, "actor", [*order, OTHERS, NOBODY])
    kept = table.groupby("actor")["n"].transform("sum") > 0
    return Comparison(
        about.study,
        "03-acting",
        table[kept],
        unit="mentions of violence, by whom the same phrase names as doing it",
        of="actor",
        form="cells",
        leads={
            "n": lead("03-deeds", "outlet", "actor", deed=VIOLENCE),
            "total": lead("03-deeds", "outlet", deed=VIOLENCE),
        },
        behind=partial(_evidence, about),
    )


def unnamed(about: Material) -> Comparison:
    """How often nobody is named as doing violence, in each outlet's own voice and in the voices that it cites."""
    deeds = _deeds(about)
    deeds = deeds[(deeds["deed"] == VIOLENCE) & deeds["kind_of_voice"].notna()]
    every = pd.MultiIndex.from_product([about.study.outlets, [OWN, CITED]], names=["outlet", "kind_of_voice"])
    total = deeds.groupby(["outlet", "kind_of_voice"]).size().reindex(every, fill_value=0)
    n = (
        deeds[deeds["actor"] == NOBODY]
        .groupby(["outlet", "kind_of_voice"])
        .size()
        .reindex(every, fill_value=0)
    )
    table = pd.DataFrame({"n": n, "total": total}).reset_index()
    table = table[table["total"] > 0].assign(unit="mentions of violence")
    return Comparison(
        about.study,
        "03-unnamed",
        table.assign(share=table["n"] / table["total"]),
        unit="mentions of violence with nobody named as doing it",
        of="kind_of_voice",
        form="cells",
        leads={
            "n": lead("03-deeds", "outlet", "kind_of_voice", deed=VIOLENCE, actor=NOBODY),
            "total": lead("03-deeds", "outlet", "kind_of_voice", deed=VIOLENCE),
        },
        behind=partial(_evidence, about),
    )


def namings(about: Material) -> Comparison:
    """What each outlet calls each actor of the codebook: the share of each name among its mentions of the actor."""
    named = _named(about)
    counts = named.groupby(["actor", "naming"]).size().rename("all").reset_index()
    counts = counts.sort_values(["actor", "all", "naming"], ascending=[True, False, True])
    most = counts.groupby("actor").head(NAMES)
    totals = named.groupby(["actor", "outlet"], as_index=False).agg(total=("naming", "size"))
    table = counts.merge(totals, on="actor")
    found = named.groupby(["actor", "naming", "outlet"], as_index=False).agg(
        n=("naming", "size"), own=("own", "sum")
    )
    table = table.merge(found, on=["actor", "naming", "outlet"], how="left", validate="one_to_one")
    table = table.fillna({"n": 0, "own": 0}).astype({"n": int, "own": int})
    frequent = pd.MultiIndex.from_frame(table[["actor", "naming"]]).isin(
        pd.MultiIndex.from_frame(most[["actor", "naming"]])
    )
    table = table.assign(share=table["n"] / table["total"], unit="mentions", frequent=frequent)
    kept = table["frequent"] | ((table["n"] > 0) & (table["all"] > 1))
    place = table["outlet"].map({outlet: n for n, outlet in enumerate(about.study.outlets)})
    table = table.assign(place=place)[kept].sort_values(
        ["actor", "all", "naming", "place"], ascending=[True, False, True, True], ignore_index=True
    )
    shown = table[["actor", "naming", "outlet", "n", "own", "total", "share", "unit"]]
    firsts = [
        f"{actor}: {listed(f'{called} ({n})' for called, n in zip(rows['naming'], rows['all'], strict=True))}"
        for actor, rows in most.groupby("actor", sort=False)
    ]
    return Comparison(
        about.study,
        "03-names",
        shown,
        unit="mentions of each actor of the codebook, by the name that it is given, all voices",
        of="naming",
        form="cells",
        drawn=shown[table["frequent"]],
        names=dict(zip(most["naming"], most["actor"] + ": " + most["naming"], strict=True)),
        look={"as_listed": True},
        leads={
            "n": lead("03-namings", "outlet", "actor", "naming"),
            "own": lead("03-namings", "outlet", "actor", "naming", voice="author"),
            "total": lead("03-namings", "outlet", "actor"),
        },
        behind=partial(_naming_evidence, about),
        facts={"names": "; ".join(firsts) or None},
    )


def _forms(about: Material, deed: str) -> Comparison:
    deeds = _deeds(about)
    deeds = deeds[deeds["deed"] == deed]
    table = _shares(deeds, about.study.outlets, "form", list(FORMS))
    low, high = wilson(table["n"], table["total"])
    return Comparison(
        about.study,
        f"03-{deed}",
        table.assign(low=low, high=high),
        unit=f"mentions of {_SAID[deed]}, verbs and nouns, all voices",
        of="form",
        form="parts",
        names=_NAMES_OF_FORMS,
        leads={
            "n": lead("03-deeds", "outlet", "form", deed=deed),
            "total": lead("03-deeds", "outlet", deed=deed),
        },
        behind=partial(_evidence, about),
        look={"order": list(FORMS)},
        facts={"mentions": counted(len(deeds), "mention") if len(deeds) else None, "checked": _CHECKED},
    )


def _shares(rows: pd.DataFrame, outlets: list[str], of: str, values: list[str]) -> pd.DataFrame:
    """outlet, `of`, n, total, share, unit: of each outlet's deeds those of each value; outlets without any are left out."""
    every = pd.MultiIndex.from_product([outlets, values], names=["outlet", of])
    table = rows.groupby(["outlet", of]).size().reindex(every, fill_value=0).rename("n").reset_index()
    table["total"] = table.groupby("outlet")["n"].transform("sum")
    table = table[table["total"] > 0].reset_index(drop=True)
    return table.assign(share=table["n"] / table["total"], unit="mentions")


def _deeds(about: Material) -> pd.DataFrame:
    """The table `agency` with outlet, the actor's name, and whose voice it is (NA where voices mix)."""
    table = about.study.with_outlet(about.study.agency)
    names = {code: actor.name for code, actor in about.study.codebook.actors.items()}
    acting = table["actor"].map(names).astype("string")
    acting = acting.mask(acting.isna() & table["agent"].notna(), OTHERS).fillna(NOBODY)
    return table.assign(actor=acting, kind_of_voice=_whose(table["voice"]))


def _named(about: Material) -> pd.DataFrame:
    """The table `namings` with outlet, actor in words, `naming` and whether it is in the outlet's own voice."""
    table = about.study.with_outlet(about.study.namings)
    names = {code: actor.name for code, actor in about.study.codebook.actors.items()}
    table = table.rename(columns={"name": "naming"})
    own = table["voice"].eq("author").fillna(False).astype(int)
    return table.assign(actor=table["actor"].map(names).astype("string"), own=own)


def _whose(voice: pd.Series) -> pd.Series:
    return voice.map({"author": OWN, "quoted": CITED, "reported": CITED}).astype("string")


def _evidence(about: Material) -> Evidence:
    return about.evidence(
        _deeds(about).drop(columns="agent"),
        "The sentences that tell of violence and decisions",
        "03-deeds",
        also=["deed", "form", "actor", "kind_of_voice"],
        each=["start"],
    )


def _naming_evidence(about: Material) -> Evidence:
    return about.evidence(
        _named(about),
        "The sentences that name the actors",
        "03-namings",
        also=["actor", "naming"],
        each=["start", "actor"],
    )
