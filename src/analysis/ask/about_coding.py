"""What is asked about coding: how far coders agree, with one another and with the machine, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pandas as pd

from analysis.annotate.frames import count_indicators
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material, coder_in_words
from analysis.coding.agreement import GOOD, RELIABLE, TENTATIVE
from analysis.coding.behaviour import (
    COUNTER_EXAMPLE,
    DEFINITION,
    EXAMPLE,
    Coder,
    UnansweredError,
    compare_changed,
    examine,
    recorded,
)
from analysis.coding.behaviour import rules as behaviour_of_rules
from analysis.coding.coders import RULES
from analysis.coding.counting import standing
from analysis.coding.model.coder import kept_coders
from analysis.coding.model.rereading import agreement_with_itself
from analysis.coding.reliability import (
    CODERS,
    MACHINE,
    disagreements,
    labels_compared,
    quote_errors,
    quote_reliability,
    rule_scores,
)
from analysis.show.evidence import Evidence
from analysis.show.leads import lead
from analysis.show.wording import counted, in_words, listed
from analysis.study import Study
from analysis.tables import TONES

_KEY = ["comparison", "of", "code"]
_COLUMNS = [
    *(*_KEY, "verdict", "alpha", "low", "high"),
    *("n_a", "n_b", "apart", "ac1", "f1"),
]
_MARKS = {TENTATIVE: "tentative", RELIABLE: "reliable"}
_UNIT = "Krippendorff's alpha over coded sentences, {} present or absent; lines: 95% interval from resampled articles"


def agreement(about: Material) -> Comparison:
    """Agreement on every code: coder against coder, and the machine against the coders."""
    table = _agreement(about)
    by_machine, by_coders = (table[table["comparison"].str.startswith(who)] for who in ("machine", CODERS))
    sure = by_machine["verdict"].isin(GOOD).groupby([by_machine["of"], by_machine["name"]]).all()
    coded = int(table["n_units"].max()) if len(table) else 0
    return Comparison(
        about.study,
        "02-agreement",
        table[_COLUMNS],
        of="code",
        by="comparison",
        value="alpha",
        leads={"apart": _APART},
        behind=lambda: _differing(about, disagreements(about.study.tables, about.study.coding)),
        facts={
            "codes": counted(len(sure), "code") if len(table) else None,
            "whom": _whom(table),
            "good": str(int(sure.sum()) or "none"),
            "coders": f"{by_coders['verdict'].isin(GOOD).sum()} of {len(by_coders)}",
            "sentences": counted(coded, "coded sentence") if coded else None,
            "checked": _checked(about, coded),
        },
    )


def coders(about: Material) -> Comparison:
    """Every coder against people, for each question as a whole, a model that read twice also against itself; and whose codes count."""
    table = _standing(about)
    table = table[table["code"].isna()].drop(
        columns=["code", "precision", "recall", "f1", "n_coder", "n_people"]
    )
    chosen = [
        about.counts(of).coder.name == who for of, who in zip(table["variable"], table["coder"], strict=True)
    ]
    table = table.assign(counts=chosen, variable=table["variable"].str.replace("_", " "))
    if itself := _rereadings(about):
        table = pd.concat([table, *itself], ignore_index=True)
    pairs = zip(table["coder"], table["against"], strict=True)
    drawn = table.assign(who=[_pair_in_words(about, a, b) for a, b in pairs])
    said: dict[str, list[str]] = {}
    for of, one in about.counting.items():
        main = about.counting[of.partition(" ")[0]]
        if one is not main and (one.coder, one.validated) == (main.coder, main.validated):
            continue
        sure = "" if one.validated else ", not validated"
        said.setdefault(f"{coder_in_words(one.coder.name)}{sure}", []).append(of.replace("_", " "))
    return Comparison(
        about.study,
        "02-coders",
        table,
        unit="Krippendorff's alpha with people's codes (of people: with one another), each question as a whole; lines: 95% "
        "interval from resampled articles",
        of="coder",
        by="variable",
        value="alpha",
        form="dots",
        facts={
            "counting": "; ".join(f"{who} ({listed(of)})" for who, of in said.items()),
            "coders": _all_coders(about),
        },
        drawn=drawn.dropna(subset=["alpha"]),
        look={"marks": _MARKS, "group": "who"},
    )


_ITSELF = "itself, codes in the other order"


def _rereadings(about: Material) -> list[pd.DataFrame]:
    """Rows as in `standing` of each coder that is a model and read twice: its first reading against its second."""
    found = [
        agreement_with_itself(coder, ledger).assign(coder=coder.name, against=_ITSELF, counts=False)
        for coder, ledger in kept_coders(about.study)
        if coder.name in about.coders
    ]
    return [table for table in found if len(table)]


def _pair_in_words(about: Material, coder: str, other: str) -> str:
    if other == _ITSELF:
        return f"{coder_in_words(coder)} with itself"
    return f"{coder} with {other}" if about.coders[coder].is_person else coder_in_words(coder)


def _all_coders(about: Material) -> str:
    """Who coded the study: the rules, people by their names, models."""
    said = listed(map(coder_in_words, about.coders), most=8)
    return said[:1].upper() + said[1:]


def coders_by_code(about: Material) -> Comparison:
    """Every coder against people, code by code."""
    table = _standing(about).dropna(subset=["code"])
    return Comparison(about.study, "02-coders-by-code", table, of="code", by="coder", value="alpha")


def agreement_on_frames(about: Material) -> Comparison:
    """Agreement on each frame."""
    table = _agreement(about)
    return _intervals(about, "02-frames", table[table["of"] == "frames"], "name", _UNIT.format("frame"))


def agreement_on_stance_and_tone(about: Material) -> Comparison:
    """Agreement on each value of tone and of each stance target."""
    table = _agreement(about)
    table = table[table["of"] != "frames"]
    table = table.dropna(subset=["alpha"]).assign(label=lambda t: t["of"] + ": " + t["name"])
    return _intervals(about, "02-stance-and-tone", table, "label", _UNIT.format("value"))


def indicators(about: Material) -> Comparison:
    """The indicators of each frame by the number of articles in which they are found."""
    found = count_indicators(about.study.frames, about.study.codebook)
    kinds = {
        "without_a_hit": found["articles"] == 0,
        "in_one_article": found["articles"] == 1,
        "in_several": found["articles"] > 1,
    }
    each = found.assign(indicators=1, **kinds).groupby("frame", sort=False)[["indicators", *kinds]].sum()
    total = each.astype(int).sum()
    return Comparison(
        about.study,
        "02-indicators",
        each.astype(int).reset_index(),
        of="frame",
        facts={name: str(total[name]) for name in each},
    )


def quote_agreement(about: Material) -> Comparison:
    """How many coded quotes are found, and how often form and source of a found quote are right."""
    table = quote_reliability(about.study.tables, about.study.coding)
    first = table.iloc[0] if len(table) else None
    return Comparison(
        about.study,
        "02-found-quotes",
        table,
        value="f1",
        facts={
            "coded": f"{first.n_reference:.0f}" if first is not None else None,
            "found": f"{first.n:.0f}" if first is not None else None,
            "f1": f"{first.f1:.2f}" if first is not None else None,
        },
    )


def quotes_in_error(about: Material) -> Comparison:
    """How many quotes are missed, invented or wrong in something."""
    wrong = quote_errors(about.study.tables, about.study.coding)
    title = "Quotes that were missed, invented, or of which something is wrong"
    return Comparison(
        about.study,
        "02-quote-errors",
        wrong.groupby("error", sort=False).size().rename("quotes").reset_index(),
        by="error",
        value="quotes",
        leads={"quotes": lead("02-quotes", "error")},
        behind=lambda: _plain(about, wrong, title, "02-quotes", n=200, each=["error", "start"]),
    )


def rules(about: Material) -> Comparison:
    """How many quotes each attribution rule finds, and how many of those that were coded it gets right."""
    table = rule_scores(about.study.tables, about.study.coding)
    sums = table.drop(columns="rule").sum()
    compared = f"of {sums['compared']} in coded articles, {sums['matched']} overlap a coded quote"
    return Comparison(
        about.study,
        "02-rules",
        table,
        by="rule",
        value="quotes",
        facts={
            "rules": counted(len(table), "attribution rule"),
            "quotes": counted(sums["quotes"], "quote"),
            "often": f"“{in_words(table['rule'].iloc[0])}” ({table['quotes'].iloc[0]})"
            if len(table)
            else None,
            "compared": compared if sums["compared"] else "none was coded to compare them with",
        },
    )


def behaviour(about: Material) -> Comparison:
    """How the rules do on what the codebook says of its own codes, and what order and names of codes change.

    So does each model that `media-analysis check --coder` has asked for all of it.
    """
    study = about.study
    given, changed = _tried(study, behaviour_of_rules(study.language))
    rows = [table.assign(coder=coder_in_words(RULES)) for table in (given, changed)]
    for coder, ledger in kept_coders(study):
        with suppress(UnansweredError):
            own = _tried(study, recorded(coder.model, ledger))
            rows += [table.assign(coder=coder_in_words(coder.name)) for table in own]
    sums = {
        row.kind: f"{row.count} of {counted(row.total, row.kind)}" for row in given.itertuples(index=False)
    }
    return Comparison(
        study,
        "02-behaviour",
        pd.concat(rows)[["coder", "test", "count", "total"]],
        of="coder",
        by="test",
        value="count",
        facts={
            "examples": sums.get(EXAMPLE),
            "counter_examples": sums.get(COUNTER_EXAMPLE, "no counter-example"),
            "definitions": sums.get(DEFINITION),
            "changed": str(int(changed["count"].sum()) or "none"),
        },
    )


def _tried(study: Study, coder: Coder) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How many of the codebook's texts are given their code, by kind, and how many decisions change, by change."""
    given = examine(study.codebook, coder).groupby("kind", sort=False)["given"].agg(count="sum", total="size")
    given = given.reset_index().assign(test=lambda t: t["kind"].map("{} given its code".format))
    changed = compare_changed(study.codebook, coder).rename(columns={"changed": "count"})
    return given, changed.assign(test=changed["change"] + ": decisions changed")


def confusions(about: Material, of: str = "") -> Comparison:
    """What coders and machine call the same sentence: `of` sentiment, `stance`, or all questions that have one answer."""
    cells = _confused(about)
    wrong = cells[cells["reference"] != cells["machine"]].sort_values(
        "sentences", ascending=False, kind="stable"
    )
    often = [
        f"{row.reference} for {row.machine} ({row.of}, {counted(row.sentences, 'sentence')})"
        for row in wrong.drop_duplicates("of").itertuples()
    ]
    shown, order = (wrong, []) if not of else _confusion(about, cells, of)
    return Comparison(
        about.study,
        {"sentiment": "02-taken-tone", "stance": "02-taken-stance"}.get(of, "02-confusions"),
        shown,
        unit="coded sentences; each row is what coders gave, and adds up to all of them",
        of="machine",
        by="reference",
        form="pairs" if of else "",
        leads={"sentences": lead("02-taken", "of", "reference", "machine")},
        behind=lambda: _all_compared(about),
        facts={"often": "; ".join(often) or None},
        look={"order": order, "each_row": True},
    )


def machine_disagreements(about: Material) -> Comparison:
    """Where the machine, or the learned coder, differs from the coders: counted by code and kind."""
    apart = _apart(about)
    errors = apart[apart["comparison"].str.startswith("machine")]
    return Comparison(
        about.study,
        "02-errors",
        errors.groupby([*_KEY, "error"]).size().rename("sentences").reset_index(),
        of="code",
        by="comparison",
        value="sentences",
        leads={"sentences": lead("02-sentences", *_KEY, "error")},
        behind=lambda: _differing(about, apart),
        facts={
            "whom": _whom(_agreement(about)) if len(_agreement(about)) else None,
            "decisions": counted(len(errors), "decision"),
        },
    )


_APART = lead("02-sentences", *_KEY)


def _standing(about: Material) -> pd.DataFrame:
    return standing(about.study, about.coders)


def _agreement(about: Material) -> pd.DataFrame:
    """The agreement on every code with its name and how many sentences those compared differ on (`apart`)."""
    frames = {code: frame.name for code, frame in about.study.codebook.frames.items()}
    table = about.agreement.assign(name=about.agreement["code"].map(frames).fillna(about.agreement["code"]))
    table["of"] = table["of"].str.replace("_", " ")
    apart = _apart(about).groupby(_KEY).size()
    table["apart"] = apart.reindex(pd.MultiIndex.from_frame(table[_KEY]), fill_value=0).to_numpy()
    return table


def _apart(about: Material) -> pd.DataFrame:
    apart = disagreements(about.study.tables, about.study.coding)
    return apart.assign(of=apart["of"].str.replace("_", " "))


def _whom(table: pd.DataFrame) -> str:
    return "the reference coding" if MACHINE in set(table["comparison"]) else "the coders"


def _checked(about: Material, coded: int) -> str:
    if not coded:
        return "Nobody has coded sentences of this study, so no frame, stance or tone of it is validated."
    people = len({name for name in about.study.coding if name.endswith("_sentences")})
    return (
        f"{counted(people, 'coder')} read {counted(coded, 'sentence')}; agreement is Krippendorff’s alpha, with an interval "
        "by bootstrap over articles. Who the coders were, and how they were trained, no number here can show."
    )


def _intervals(about: Material, name: str, table: pd.DataFrame, rows: str, unit: str) -> Comparison:
    return Comparison(
        about.study,
        name,
        table.dropna(subset=["alpha"]),
        unit=unit,
        of="comparison",
        by=rows,
        value="alpha",
        form="dots",
        leads={"apart": _APART},
        look={"marks": _MARKS},
    )


def _confused(about: Material) -> pd.DataFrame:
    """of, reference, machine, sentences, share (of the sentences to which the coders gave `reference`)."""
    taken = _compared(about)
    cells = taken.groupby(["of", "reference", "machine"]).size().rename("sentences").reset_index()
    whole = cells.groupby(["of", "reference"])["sentences"].transform("sum")
    return cells.assign(share=cells["sentences"] / whole)


def _confusion(about: Material, cells: pd.DataFrame, of: str) -> tuple[pd.DataFrame, list[str]]:
    """The cells of one question, and the order of its values."""
    if of == "stance":
        known = about.study.codebook.targets.get(about.study.settings.target)
        labels = [*known.positions, "none"] if known else []
        rows = cells[cells["of"] == f"stance on {about.study.settings.target}".replace("_", " ")]
    else:
        labels, rows = list(TONES), cells[cells["of"] == of]
    return rows, list(dict.fromkeys([*labels, *rows["reference"], *rows["machine"]]))


def _compared(about: Material) -> pd.DataFrame:
    taken = labels_compared(about.study.tables, about.study.coding)
    return taken.assign(of=taken["of"].str.replace("_", " "))


def _all_compared(about: Material) -> Evidence:
    columns = ["of", "reference", "machine"]
    title = "What coders and machine call each sentence"
    return _plain(about, _compared(about), title, "02-taken", also=columns, each=[*columns, "start"])


def _differing(about: Material, apart: pd.DataFrame) -> Evidence:
    apart = apart.assign(of=apart["of"].str.replace("_", " "))
    title = "Sentences on which coders, or the machine and the coders, differ"
    return _plain(
        about,
        apart,
        title,
        "02-sentences",
        also=["of", "code", "comparison"],
        each=["of", "code", "comparison", "error"],
    )


def _plain(
    about: Material,
    hits: pd.DataFrame,
    title: str,
    name: str,
    *,
    each: Sequence[str],
    n: int = 500,
    also: Sequence[str] = (),
) -> Evidence:
    """Evidence of whole sentences, of all outlets, without speakers."""
    return about.evidence(hits, title, name, n=n, outlets=None, sources=None, also=also, each=each)
