"""How far each code can be trusted: coder against coder, and the machine against the reference coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.compare.agreement import (
    TENTATIVE,
    agreement_by_code,
    align,
    match_spans,
    score_spans,
    scores_by_code,
    sets_by_unit,
)
from analysis.tables import TONES

CODERS = "coder against coder"
MACHINE = "machine against reference"
COLUMNS = [
    *("comparison", "of", "code", "n_units", "n_a", "n_b", "alpha", "low", "high"),
    *("ac1", "verdict", "precision", "recall", "f1"),
]


def reliability(
    tables: Mapping[str, pd.DataFrame],
    coding: Mapping[str, pd.DataFrame],
    *,
    frames: Sequence[str],
    targets: Mapping[str, Sequence[str]],
    draws: int = 10_000,
) -> pd.DataFrame:
    """Agreement on every code of a study, one row a comparison and code; no rows where nothing was coded.

    `of` is frames, sentiment or `stance on <target>`; `a` is the first coder or the machine, `b` the second coder or
    the reference. `alpha` with its bootstrap interval (see `agreement.agreement_by_code`); precision, recall and f1
    for the machine only. The unit is the coded sentence. `targets` gives each stance target's values.
    """
    parts = []
    for comparison, first, second in _pairs(tables, coding):
        for of, codes in {
            "frames": frames,
            "sentiment": TONES,
            **{f"stance on {t}": v for t, v in targets.items()},
        }.items():
            if of not in first or of not in second:
                continue
            table = agreement_by_code(first[of], second[of], list(codes), draws=draws)
            if comparison == MACHINE:
                scores = scores_by_code(first[of], second[of], list(codes))[
                    ["code", "precision", "recall", "f1"]
                ]
                table = table.merge(scores, on="code", validate="one_to_one")
            parts.append(table.assign(comparison=comparison, of=of))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return found.reindex(columns=COLUMNS)


def not_validated(table: pd.DataFrame, of: str, codes: Sequence[str]) -> set[str]:
    """The codes whose numbers nobody should build upon: alpha below .667 in a comparison, or never coded twice.

    A code that the reference coding does not hold at all has no alpha and is not validated either.
    """
    good = set(codes)
    for comparison in (CODERS, MACHINE):
        rows = table[(table["comparison"] == comparison) & (table["of"] == of)]
        good &= set(rows.loc[rows["alpha"] >= TENTATIVE, "code"])
    return set(codes) - good


def quote_reliability(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The machine's quotes against the coded ones, one row an overlap; no rows where no quote was coded.

    overlap (Jaccard of characters), n, n_found, n_reference, precision, recall, f1, and of the n matched the share
    with the right form, name, role, side, named, expert. A quote that only one coder saw (`coders` = one) is neither
    missed nor, where found, wrong.
    """
    coded = coding.get("quotes")
    if coded is None:
        return pd.DataFrame(columns=["overlap", "n", "n_found", "n_reference", "precision", "recall", "f1"])
    known = tables["sources"].drop(columns="article_id")
    found = tables["quotes"].merge(known, on="source_id", how="left", validate="many_to_one")
    coded = coded.assign(
        named=coded["named"] == "yes", expert=coded["expert"] == "yes", name=coded["speaker_name"]
    )
    settled = coded["coders"] == "both" if "coders" in coded else pd.Series(True, index=coded.index)
    right = {}
    pairs = match_spans(coded, found, 0.3)
    for column in ("form", "name", "role", "side", "named", "expert"):
        a, b = coded.loc[pairs["a"], column].map(_plain), found.loc[pairs["b"], column].map(_plain)
        right[column] = float((a.to_numpy() == b.to_numpy()).mean()) if len(pairs) else float("nan")
    scores = [score_spans(found, coded, overlap, settled=settled) for overlap in (0.3, 0.8)]
    return pd.concat(scores, ignore_index=True).assign(**right)


def machine_errors(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Where machine and reference coding part: of, code, error (missed, invented), article_id, sentence, start, end."""
    columns = ["of", "code", "error", "article_id", "sentence", "start", "end"]
    pairs = [(a, b) for comparison, a, b in _pairs(tables, coding) if comparison == MACHINE]
    if not pairs:
        return pd.DataFrame(columns=columns)
    found, reference = pairs[0]
    rows = [
        {"of": of, "code": code, "error": error, "sentence": sentence}
        for of in reference
        if of in found
        for sentence in reference[of].index
        for error, codes in (
            ("missed", reference[of][sentence] - found[of][sentence]),
            ("invented", found[of][sentence] - reference[of][sentence]),
        )
        for code in sorted(codes)
    ]
    places = coding["sentences"][["article_id", "sentence", "start", "end"]]
    errors = pd.DataFrame(rows, columns=["of", "code", "error", "sentence"])
    return errors.merge(places, on="sentence", validate="many_to_one").reindex(columns=columns)


def _plain(value: object) -> str:
    return "".join(c for c in str(value).casefold() if c.isalnum() or c == " ").strip()


def _pairs(
    tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]
) -> list[tuple[str, dict[str, pd.Series], dict[str, pd.Series]]]:
    reference = _coded(coding.get("sentences"), coding.get("stances"))
    if not reference:
        return []
    pairs = []
    coders = sorted(name.removesuffix("_sentences") for name in coding if name.endswith("_sentences"))
    if len(coders) >= 2:
        a, b = (_coded(coding.get(f"{c}_sentences"), coding.get(f"{c}_stances")) for c in coders[:2])
        pairs.append((CODERS, a, b))
    pairs.append((MACHINE, _found(tables, coding["sentences"]), reference))
    return pairs


def _coded(sentences: pd.DataFrame | None, stances: pd.DataFrame | None) -> dict[str, pd.Series]:
    if sentences is None:
        return {}
    units = sentences["sentence"]
    codes = {"frames": _split(sentences, "frames"), "sentiment": _split(sentences, "sentiment")}
    if stances is not None:
        for target, rows in stances.groupby("target", sort=False):
            codes[f"stance on {target}"] = sets_by_unit(rows, units, unit="sentence", of="stance")
    return codes


def _split(sentences: pd.DataFrame, column: str) -> pd.Series:
    sets = [frozenset(x for x in str(v).split("|") if x) for v in sentences[column]]
    return pd.Series(sets, index=pd.Index(sentences["sentence"], name="sentence"), dtype=object)


def _found(tables: Mapping[str, pd.DataFrame], coded: pd.DataFrame) -> dict[str, pd.Series]:
    units = coded["sentence"]
    frames, stance = (
        tables[name].assign(sentence=align(tables[name], coded)) for name in ("frames", "stance")
    )
    sentences = tables["sentences"].assign(sentence=align(tables["sentences"], coded))
    tone = sentences.merge(
        tables["sentiment"][["sentence_id", "label"]], on="sentence_id", validate="one_to_one"
    )
    found = {
        "frames": sets_by_unit(frames, units, unit="sentence", of="frame"),
        "sentiment": sets_by_unit(tone.drop_duplicates("sentence"), units, unit="sentence", of="label"),
    }
    for target, rows in stance.groupby("target", sort=False):
        found[f"stance on {target}"] = sets_by_unit(rows, units, unit="sentence", of="stance")
    return found
