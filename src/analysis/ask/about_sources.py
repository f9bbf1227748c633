"""What is asked about sources: who is heard, as what, and by which verbs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypedDict

import pandas as pd

from analysis.ask.comparison import Comparison
from analysis.ask.material import Material, coder_in_words
from analysis.ask.noise import find_differences
from analysis.codebook import REPORTS, SPEECH
from analysis.coding.reliability import quote_reliability
from analysis.compare.shares import shares
from analysis.compare.sourcing import (
    KINDS,
    attributions,
    classify_cues,
    diversity,
    heard_early,
    list_kinds,
    quote_positions,
    rarefy,
    shared_sources,
    verb_classes,
)
from analysis.ids import joined_words
from analysis.show.evidence import Evidence
from analysis.show.leads import Lead, lead
from analysis.show.wording import counted, listed, outlet_by_outlet, percent

VERBS = {
    "neutral": "neutral (said)",
    "endorsing": "endorsing (noted)",
    "distancing": "distancing (claimed)",
    "judging": "judging (boasted)",
    "none": "no verb",
}
_LISTED = 12  # names; of more so many are counted, not named
_OUTLETS, _EACH = 6, 3  # of more outlets so many names each
_LAST = ("other", "unknown")  # sides that say little, at the end of a bar
_UNTOLD = "untold"  # of experts of whom no kind is told
_NOT_CODED = ("anonymous",)  # kinds of sources for which people are not asked
_FEW = 3  # quotes; how high up fewer are placed is chance


def roles(about: Material) -> Comparison:
    """The roles of those who are quoted, the most frequent first."""
    shown = _shares(about, "role")
    table = shown["table"]
    present = table.groupby("role")[["n", "share"]].sum().sort_values(["n", "share"], ascending=False)
    present = present[(present > 0).any(axis=1)]
    table = table[table["role"].isin(present.index)]
    order = table["role"].astype("category").cat.set_categories(present.index)
    shown["table"] = table.assign(role=order).sort_values("role", kind="stable").astype({"role": "string"})
    return Comparison(
        about.study,
        "06-roles",
        **shown,
        unit=_counted(about, bool(shown["sample"])),
        of="role",
        form="corrected" if shown["sample"] else "cells",
        names={code: role.name for code, role in about.study.codebook.roles.items()},
        leads={"n": lead("06-sentences", "outlet", "role"), "total": _OF_OUTLET},
        behind=lambda: _sentences(about),
        facts={"checked": _checked(about)},
        coder=coder_in_words(about.counting["role"].coder.name),
    )


def what_is_reported(about: Material) -> Comparison:
    """How much of all that is attributed to somebody is speech, thought and act, whichever of them is counted elsewhere."""
    every = about.study.with_outlet(about.study.quotes.dropna(subset=["source_id"]))
    every = every.assign(reported=every["reported"].fillna(SPEECH))
    return Comparison(
        about.study,
        "06-reported",
        shares(
            every,
            every,
            of="reported",
            by="outlet",
            unit="quote_id",
            labels=REPORTS,
            groups=about.study.outlets,
        ),
        unit="attributions whose source is known",
        of="reported",
        form="parts",
        leads={"n": lead("06-attributed", "outlet", "reported"), "total": lead("06-attributed", "outlet")},
        behind=lambda: about.evidence(
            every,
            "What is attributed, and as what",
            "06-attributed",
            also=["reported"],
            each=["quote_id"],
        ),
        look={"order": list(REPORTS)},
    )


def source_kinds_heard(about: Material) -> Comparison:
    """How many quotes come from official, expert, named and anonymous sources; a source may be several of these."""
    shown = _shares(about, "kind")
    return Comparison(
        about.study,
        "06-kinds",
        **shown,
        unit=_counted(about, bool(shown["sample"])),
        of="kind",
        form="corrected" if shown["sample"] else "cells",
        coder=coder_in_words(about.counting["role"].coder.name),
        leads={"n": lead("06-sentences", "outlet", "kind"), "total": _OF_OUTLET},
        behind=lambda: _sentences(about),
    )


def experts(about: Material) -> Comparison:
    """How many quotes come from experts, and who they are."""
    kinds = source_kinds_heard(about).only("expert")
    table = kinds.table
    n, total = table["n"].astype(str), table["total"].astype(str)
    if kinds.sample:  # what people counted
        n = (table["share"] * table["coded"]).round().fillna(0).astype("Int64").astype(str)
        total = table["coded"].astype("Int64").astype(str)
    people = about.study.with_outlet(about.counted.sources)
    people = people[people["expert"].fillna(False) & people["named"].fillna(False)]
    most = _LISTED if people["outlet"].nunique() <= _OUTLETS else _EACH
    names = people.groupby("outlet")["name"].agg(lambda name: listed(dict.fromkeys(name), most=most))
    first = table.sort_values("share", ascending=False, kind="stable")["outlet"]
    by_name = [f"{outlet}: {names[outlet]}" for outlet in first if outlet in names]
    return Comparison(
        about.study,
        "06-experts",
        table.assign(counts=n + " of " + total),
        unit=f"{about.reported_in_words} whose source speaks from expertise and holds no office in a party"
        + ("" if kinds.sample else "; lines: 95% Wilson interval"),
        form="bars",
        differences=None if kinds.differences is None else kinds.differences.assign(label=""),
        sample=kinds.sample,
        uncorrected=kinds.uncorrected,
        coder=kinds.coder,
        leads={"n": lead("06-sentences", "outlet", "kind"), "total": _OF_OUTLET},
        behind=lambda: _sentences(about),
        facts={"names": outlet_by_outlet(by_name) or "nobody"},
        look={"low": "low", "high": "high", "note": "counts"},
    )


def expert_kinds(about: Material) -> Comparison:
    """Of what kind the experts are who are quoted, by what the articles say of them."""
    names = {code: kind.name for code, kind in about.study.codebook.expertise.items()} | {
        _UNTOLD: "not stated"
    }
    heard = attributions(_quotes(about), _sources(about))
    heard = heard[heard["expert"].fillna(False).astype(bool)]
    heard = heard.assign(expertise=heard["expertise"].fillna(_UNTOLD))
    table = shares(
        heard,
        heard,
        of="expertise",
        by="outlet",
        unit="quote_id",
        labels=list(names),
        groups=about.study.outlets,
    )
    present = table.groupby("expertise")["n"].sum()
    table = table[table["expertise"].isin(present[present > 0].index) & (table["total"] > 0)]
    return Comparison(
        about.study,
        "06-expert-kinds",
        table,
        unit=f"{about.reported_in_words} of experts",
        of="expertise",
        form="cells",
        names=names,
        leads={
            "n": lead("06-sentences", "outlet", "expertise"),
            "total": lead("06-sentences", "outlet", kind="expert"),
        },
        behind=lambda: _sentences(about),
    )


def expert_standing(about: Material) -> Comparison:
    """Each expert with kind, side and what the article says that gives standing: body and interest."""
    people, book = about.study.with_outlet(_sources(about)), about.study.codebook
    people = people[people["expert"].fillna(False).astype(bool)]
    columns = ["outlet", "name", "expertise", "side", "affiliation", "interest", "description"]
    table = people[columns].drop_duplicates(["outlet", "name"]).reset_index(drop=True)
    told, paid = int(table["affiliation"].notna().sum()), int(table["interest"].notna().sum())
    return Comparison(
        about.study,
        "06-expert-standing",
        table,
        names={code: one.name for codes in (book.sides, book.expertise) for code, one in codes.items()},
        facts={
            "experts": counted(len(table), "expert"),
            "told": str(told) if len(table) else None,
            "interest": str(paid) if paid else "none",
        },
    )


def sides(about: Material) -> Comparison:
    """From which side the quotes come."""
    names = {code: side.name for code, side in about.study.codebook.sides.items()}
    labels = [code for code in names if code not in _LAST] + list(_LAST)
    shown = _shares(about, "side", labels)
    table = shown["table"]
    return Comparison(
        about.study,
        "06-sides",
        **shown,
        unit=_counted(about, bool(shown["sample"])),
        of="side",
        form="corrected" if shown["sample"] else "parts",
        names=names,
        leads={"n": lead("06-sentences", "outlet", "side"), "total": _OF_OUTLET},
        behind=lambda: _sentences(about),
        look={} if shown["sample"] else {"order": list(dict.fromkeys(table["side"]))},
        coder=coder_in_words(about.counting["side"].coder.name),
    )


def source_diversity(about: Material) -> Comparison:
    """How many different sources a reader meets in equally many quotes of each outlet."""
    table = rarefy(_quotes(about), _sources(about), groups=about.study.outlets)
    size = table["size"].iloc[-1] if len(table) else 0
    return Comparison(
        about.study,
        "06-diversity",
        table,
        unit="expected number of sources in as many quotes as the smallest outlet has (Hurlbert 1971); lines: 95% interval",
        value="expected",
        form="dots",
        leads={"attributions": _OF_OUTLET},
        facts={"size": counted(int(size), "quote")},
        drawn=table.dropna(subset=["expected"]),
    )


def source_evenness(about: Material) -> Comparison:
    """How many sources each outlet has and how evenly they are heard, in the measures of `compare.sourcing.diversity`."""
    table = diversity(_quotes(about), _sources(about), groups=about.study.outlets)
    return Comparison(about.study, "06-evenness", table, value="evenness", leads={"attributions": _OF_OUTLET})


def verbs(about: Material) -> Comparison:
    """The classes of the verbs that introduce the quotes."""
    table = verb_classes(_quotes(about), about.study.codebook.verbs, groups=about.study.outlets)
    judged = table[table["verb_class"].isin(["distancing", "judging"])]
    judged = judged.groupby("outlet", sort=False)["share"].sum(min_count=1).dropna()
    facts: dict[str, str | None] = {"most_distant": None, "least_distant": None}
    if len(judged) > 1:
        most, least = judged.idxmax(), judged.idxmin()
        facts = {
            "most_distant": f"{most} ({percent(judged[most])} of quotes)",
            "least_distant": f"{least} ({percent(judged[least])})",
        }
    return Comparison(
        about.study,
        "06-verbs",
        table,
        unit=f"{about.reported_in_words} with a cue and a known source, by the class of its verb in the codebook",
        of="verb_class",
        form="parts",
        names=VERBS,
        leads={
            "n": lead("06-sentences", "outlet", "verb_class"),
            "total": lead("06-sentences", "outlet", verb_class=list(VERBS)),
        },
        behind=lambda: _sentences(about),
        facts=facts,
        look={"order": list(VERBS)},
    )


def heard_first(about: Material) -> Comparison:
    """Who is quoted in the first third of the article; roles with three quotes or more."""
    table = heard_early(
        attributions(_quotes(about), _sources(about)),
        about.study.sentences,
        of="role",
        groups=about.study.outlets,
    )
    return Comparison(
        about.study,
        "06-early",
        table[table["total"] >= _FEW],
        of="role",
        names={code: role.name for code, role in about.study.codebook.roles.items()},
        leads={
            "n": lead("06-sentences", "outlet", "role", stands="first third"),
            "total": lead("06-sentences", "outlet", "role"),
        },
        behind=lambda: _sentences(about),
    )


def sources_in_common(about: Material) -> Comparison:
    """The named sources whom two outlets or more quote."""
    table = shared_sources(_quotes(about), _sources(about))
    names = list(dict.fromkeys(table["name"]))
    return Comparison(
        about.study,
        "06-common",
        table,
        of="name",
        leads={"n": lead("06-sentences", "outlet", "name"), "total": _OF_OUTLET},
        behind=lambda: _sentences(about),
        facts={
            "people": counted(len(names), "named person speaks", "named people speak"),
            "names": listed(names, most=_LISTED) if names else None,
        },
    )


def refusals(about: Material) -> Comparison:
    """Who was asked and gave no answer, as the articles report it."""
    rows = about.study.with_outlet(about.study.refusals)
    most = rows["outlet"].mode()
    return Comparison(
        about.study,
        "06-refusals",
        rows,
        behind=lambda: about.evidence(
            rows.assign(label=rows["speaker"].fillna("not named")), "Who gave no answer", ""
        ),
        facts={
            "refusals": counted(len(rows), "refusal or silence is", "refusals or silences are"),
            "most_often": most.iloc[0] if len(most) else None,
        },
    )


class _Shown(TypedDict):
    """The fields of a comparison of quotes: its table, which differences hold, what corrected it or why nothing did."""

    table: pd.DataFrame
    differences: pd.DataFrame | None
    sample: str
    uncorrected: str


def _shares(about: Material, of: str, labels: Sequence[str] | None = None) -> _Shown:
    """Shares of quotes by role, side or kind of their source; where people coded all quotes, those that they saw.

    Quotes are found, not drawn, so that no sample of them corrects the rest: people's shares count where they coded the quotes of
    every article. `machine` is then the share by the coder who counts; what people did not code, such as who is
    anonymous, stays as it is.
    """
    people, told = _by_people(about), _attributed(about).dropna(subset=["who"])
    rows = {
        name: list_kinds(one) if of == "kind" else one
        for name, one in (("machine", told), ("people", people))
    }
    if labels is None:
        labels = (
            KINDS if of == "kind" else sorted({*rows["machine"][of].dropna(), *rows["people"][of].dropna()})
        )
    how: dict[str, Any] = {"of": of, "unit": "quote_id", "labels": labels, "groups": about.study.outlets}
    table = shares(rows["machine"], told, **how)
    if people.empty:
        why = about.uncorrected("people have not coded the quotes of every article")
        return {"table": table, "differences": None, "sample": "", "uncorrected": why}
    seen = shares(rows["people"], people, **how)
    coded = ~seen[of].isin(_NOT_CODED)
    # What sets outlets apart has to be more than chance would give so few quotes, though all of them were coded.
    likely = table.assign(**{c: table[c].mask(coded, seen[c]) for c in ("share", "low", "high")})
    apart = find_differences(likely, value="share", of=of, by="outlet")
    table = table.assign(
        machine=table["share"].where(coded),
        coded=seen["total"].where(coded).astype(float),
        **{c: table[c].mask(coded, seen["share"]) for c in ("share", "low", "high")},
    )
    sample = f"census, people coded all {counted(len(people), 'quote')}"
    return {"table": table, "differences": apart, "sample": sample, "uncorrected": ""}


def _by_people(about: Material) -> pd.DataFrame:
    """The quotes as people coded them, in the columns of `attributions`; none unless they coded those of every article.

    What only one coder took for a quote is left out, as where agreement is measured. Without a row, too, where people's
    codes of roles count already.
    """
    columns = ["quote_id", "outlet", "role", "side", "named", "expert", "anonymity"]
    coded, found = about.study.coding.get("quotes"), set(about.study.quotes["article_id"])
    if coded is None or not found <= set(coded["article_id"]) or about.counting["role"].coder.is_person:
        return pd.DataFrame(columns=columns)
    rows = coded[
        coded["article_id"].isin(about.study.articles["article_id"])
    ]  # of the others no file is read
    rows = rows[rows["coders"] != "one"] if "coders" in rows else rows
    rows = about.study.with_outlet(rows).reset_index(drop=True)
    told = {of: rows[of].eq("yes") for of in ("named", "expert")}
    return rows.assign(**told, quote_id=rows.index.astype(str), anonymity=pd.NA)[columns]


@lru_cache(maxsize=1)  # several questions look at them
def _attributed(about: Material) -> pd.DataFrame:
    return attributions(_quotes(about), _sources(about))


def _counted(about: Material, by_people: bool) -> str:
    """What is counted, for a caption. People were not asked what a quote reports, so all that they coded counts."""
    counted = f"{about.reported_in_words} whose source is known"
    return f"{counted}; people's: all that they coded" if by_people else counted


def _quotes(about: Material) -> pd.DataFrame:
    return about.quotes.dropna(subset=["source_id"])


def _sources(about: Material) -> pd.DataFrame:
    """The sources, a person under one name in all articles."""
    sources = about.counted.sources
    return sources.assign(name=sources["person"].fillna(sources["name"]))


def _checked(about: Material) -> str:
    found = quote_reliability(about.study.tables, about.study.coding)
    if found.empty:
        return "Nobody has coded quotes of this study, so neither quotes nor sources are validated."
    first = found.iloc[0]
    return (
        f"Of {first.n_reference:.0f} coded quotes {first.n:.0f} are found (F1 {first.f1:.2f}); of these {percent(first['name'])} have "
        f"the right source, and {percent(first['role'])} the right role (notebook 02)."
    )


@lru_cache(maxsize=1)  # several questions look at them
def _sentences(about: Material) -> Evidence:
    hits = quote_positions(_attributed(about), about.study.sentences)
    listed_kinds = list_kinds(hits)
    kinds = joined_words(listed_kinds["quote_id"], listed_kinds["kind"], ", ")
    hits = hits.assign(
        verb_class=classify_cues(hits["cue"], about.study.codebook.verbs),
        kind=hits["quote_id"].map(kinds),
        stands=(hits["position"] < 1 / 3).map({True: "first third", False: "later"}),
        expertise=hits["expertise"].fillna(_UNTOLD).where(hits["expert"].fillna(False).astype(bool)),
    )
    also = ["role", "side", "kind", "expertise", "verb_class", "stands"]
    return about.evidence(
        hits,
        "Quotes and who says them",
        "06-sentences",
        sources=_sources(about),
        also=also,
        each=["quote_id"],
    )


_OF_OUTLET: Lead = lead("06-sentences", "outlet")
