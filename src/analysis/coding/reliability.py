"""How far each code can be trusted: coder against coder, and the machine against the reference coding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import pandas as pd

from analysis.coding.agreement import (
    GOOD,
    agreement,
    agreement_by_code,
    align,
    coincidence_matrix,
    match_spans,
    score_spans,
    scores_by_code,
    sets_by_unit,
)
from analysis.coding.coders import RULES
from analysis.coding.files import LEARNER, MODEL, coded_places, coder_names, coding_files
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

    `comparison`: coder against coder, where two or more coded, over all of them; machine against reference, or, until
    somebody has settled a reference coding, against each coder; learned against the same, where `media-analysis learn`
    has written its codes. `of` is frames, sentiment or `stance on <target>`; `a`
    is the first coder or the machine, `b` the second coder, or whom the machine is compared with. `alpha` with its
    interval from resampled articles (see `agreement.agreement`); precision, recall and f1 for the machine only. The unit is
    the coded sentence. `targets` gives each stance target's values.
    """
    parts = []
    articles = _articles(coding)
    for comparison, codings in _pairs(tables, coding):
        for of, codes in _codes_of(frames, targets).items():
            given = [codes_given[of] for codes_given in codings if of in codes_given]
            if not _coded_twice(given):
                continue
            table = agreement_by_code(
                given[0], given[1], list(codes), others=given[2:], articles=articles, draws=draws
            )
            if comparison != CODERS:
                scores = scores_by_code(given[0], given[1], list(codes))[
                    ["code", "precision", "recall", "f1"]
                ]
                table = table.merge(scores, on="code", validate="one_to_one")
            parts.append(table.assign(comparison=comparison, of=of))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return found.reindex(columns=COLUMNS)


def not_validated(table: pd.DataFrame, of: str, codes: Sequence[str], coder: str = RULES) -> set[str]:
    """The codes whose numbers nobody should build on: never coded twice, or in a comparison alpha is not surely .667.

    Surely is with the whole interval, and on five units with the code or more (see `agreement.verdict`). A code that the
    reference coding does not hold at all has no alpha and is not validated either.
    """
    verdicts = _of_each(table, of, codes, coder, "verdict")
    return {code for code in codes if not verdicts.loc[code].isin(GOOD).all()}


def code_alpha(table: pd.DataFrame, of: str, codes: Sequence[str], coder: str = RULES) -> dict[str, float]:
    """Each code's alpha: the lower of coder against coder and `coder` against reference; NaN where either is missing.

    Of a person's codes, and of what people settled, it is that of coder against coder alone.
    """
    lower = _of_each(table, of, codes, coder, "alpha").astype(float).min(axis=1, skipna=False)
    return {str(code): float(alpha) for code, alpha in lower.items()}


def _of_each(table: pd.DataFrame, of: str, codes: Sequence[str], coder: str, column: str) -> pd.DataFrame:
    """A column of the table for each code (row) in each comparison that a coder's codes rest on."""
    before = "machine against" if coder == RULES else f"{coder} against"
    against = [c for c in table["comparison"].unique() if c.startswith(before)]
    missing = [] if _is_person(coder) and coder != RULES else [MACHINE]
    rows = table[table["of"] == of]
    each = [
        rows[rows["comparison"] == comparison].set_index("code")[column].reindex(list(codes))
        for comparison in (CODERS, *(against or missing))
    ]
    return pd.concat(each, axis=1)


def score_code(
    tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame], *, of: str, code: str
) -> pd.DataFrame:
    """One code of the machine against the reference coding, one row (see `agreement.scores_by_code`).

    `of` as in `reliability`; no row where nobody has coded that. The unit is the coded sentence.
    """
    reference = _coded(coding.get("sentences"), coding.get("stances")).get(of)
    if reference is None or reference.empty:
        return pd.DataFrame(
            columns=["code", "n", "n_found", "n_reference", "precision", "recall", "f1"], dtype=object
        )
    found = codes_found(tables, coding["sentences"]).get(of, _nothing(reference.index))
    return scores_by_code(found, reference, [code])


def coded_with(
    sentences: pd.DataFrame, coding: Mapping[str, pd.DataFrame], *, of: str, code: str
) -> pd.Series:
    """For each of the machine's sentences whether the reference coding gives it the code; NA where it is not coded."""
    reference = _coded(coding.get("sentences"), coding.get("stances")).get(of)
    if reference is None:
        return pd.Series(pd.NA, index=sentences.index, dtype="boolean")
    has = reference.map(lambda given: code in given).to_dict()
    return align(sentences, coding["sentences"]).map(has).astype("boolean")


def quote_reliability(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The machine's quotes against the coded ones, one row an overlap; no rows where no quote was coded.

    overlap (Jaccard of characters), n, n_found, n_reference, precision, recall, f1, and of the n matched the share
    with the right form, name, role, side, named, expert. A quote that only one coder saw (`coders` = one) is neither
    missed nor, where found, wrong.
    """
    if "quotes" not in coding:
        return pd.DataFrame(columns=["overlap", "n", "n_found", "n_reference", "precision", "recall", "f1"])
    coded, found, pairs = _matched_quotes(tables, coding["quotes"])
    shares = {c: float(right.mean()) if len(right) else float("nan") for c, right in pairs[_TOLD].items()}
    scores = [score_spans(found, coded, overlap, settled=coded["settled"]) for overlap in (_MATCHING, 0.8)]
    return pd.concat(scores, ignore_index=True).assign(**shares)


def quote_errors(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Where the machine's quotes part from the coded ones, one row an error: error, article_id, start, end.

    `error`: missed, invented, or, of a quote that is found, what is wrong of it (`wrong role`). Counted as in
    `quote_reliability` at its lower overlap.
    """
    columns = ["error", "article_id", "start", "end"]
    if "quotes" not in coding:
        return pd.DataFrame(columns=columns)
    coded, found, pairs = _matched_quotes(tables, coding["quotes"])
    parts = [
        coded[coded["settled"] & ~coded.index.isin(pairs["a"])].assign(error="missed"),
        found[~found.index.isin(pairs["b"])].assign(error="invented"),
        *(found.loc[pairs.loc[~pairs[column], "b"]].assign(error=f"wrong {column}") for column in _TOLD),
    ]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def rule_scores(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How often each attribution rule finds a quote, one row a rule, the most frequent first.

    rule; quotes: all that it found; compared: those in articles whose quotes were coded; matched: of these, those that
    overlap a coded quote as in `quote_reliability`; wrong_name: of the matched, those whose source has another name.
    The last three are NA where no quote was coded. A quote that only one coder saw is matched where it overlaps.
    """
    quotes = tables["quotes"]
    counts = quotes.groupby("rule", sort=False).size().rename("quotes").to_frame()
    columns = ["compared", "matched", "wrong_name"]
    if "quotes" in coding:
        _, found, pairs = _matched_quotes(tables, coding["quotes"])
        right = pairs.drop_duplicates("b").set_index("b")["name"]
        here = found[found["article_id"].isin(set(coding["quotes"]["article_id"]))]
        marks = pd.DataFrame(
            {
                "compared": True,
                "matched": here.index.isin(right.index),
                "wrong_name": here.index.map(~right.astype(bool)).fillna(False).astype(bool),
            },
            index=here.index,
        )
        counts = counts.join(marks.groupby(here["rule"]).sum())
    table = counts.reindex(columns=["quotes", *columns]).astype("Int64")
    return table.sort_values("quotes", ascending=False, kind="stable").reset_index()


_TOLD = ["form", "name", "role", "side", "named", "expert"]
_MATCHING = 0.3  # of the characters of two quotes must be shared for them to be one


def _matched_quotes(
    tables: Mapping[str, pd.DataFrame], coded: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Coded quotes (with `settled`), found quotes, and the pairs of them, with whether each of _TOLD is right."""
    known = tables["sources"].drop(columns="article_id")
    found = tables["quotes"].merge(known, on="source_id", how="left", validate="many_to_one")
    coded = coded.assign(
        named=coded["named"] == "yes", expert=coded["expert"] == "yes", name=coded["speaker_name"]
    )
    coded["settled"] = coded["coders"] == "both" if "coders" in coded else True
    pairs = match_spans(coded, found, _MATCHING)
    for column in _TOLD:
        a, b = coded.loc[pairs["a"], column].map(_plain), found.loc[pairs["b"], column].map(_plain)
        pairs[column] = (a.to_numpy() == b.to_numpy()).astype(bool)
    return coded, found, pairs


def labels_compared(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the machine makes of each coded sentence where one answer is asked for, tone and stance: the confusions.

    One row a sentence and question: comparison, of, reference, machine, article_id, sentence, start, end. A stance
    that is not taken is `none`, two have a bar between them. Without a reference coding: against each coder.
    """
    columns = ["comparison", "of", "reference", "machine", "sentence"]
    rows = []
    for comparison, (found, given) in _pairs(tables, coding):
        if not comparison.startswith("machine"):
            continue
        for of in given:
            if of == "frames":
                continue
            a, b = (_as_one_value(codes) for codes in (given[of], found.get(of, _nothing(given[of].index))))
            rows += [(comparison, of, a[unit], b[unit], unit) for unit in a.index if unit in b.index]
    return _placed(pd.DataFrame(rows, columns=columns), coding)


def disagreements(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every sentence and code on which those part whom `reliability` compares, one row each.

    comparison, of, code, error, article_id, sentence, start, end. `error` says of the machine, or the learned coder,
    that it missed or invented the code, of coders that not all of them gave it. A sentence counts where at least two
    have coded it.
    """
    columns = ["comparison", "of", "code", "error", "article_id", "sentence", "start", "end"]
    rows = [
        {"comparison": comparison, "of": of, "code": code, "error": error, "sentence": sentence}
        for comparison, codings in _pairs(tables, coding)
        for of in codings[-1]
        for sentence, given in _given_together(codings, of)
        for code, error in _parted(given, comparison)
    ]
    found = pd.DataFrame(rows, columns=[*columns[:4], "sentence"])
    return _placed(found, coding)


def _places(coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Where each coded sentence is: article_id, sentence, start, end."""
    reference = coding_files(None)[0]
    names = [reference] if reference in coding else [coding_files(coder)[0] for coder in _coders(coding)]
    where = ["article_id", "sentence", "start", "end"]
    places = pd.concat([pd.DataFrame(columns=where), *(coded_places(coding, name) for name in names)])
    return places.drop_duplicates("sentence")


def _articles(coding: Mapping[str, pd.DataFrame]) -> pd.Series:
    """By coded sentence the article that it is in."""
    return _places(coding).set_index("sentence")["article_id"]


def _placed(rows: pd.DataFrame, coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows with the place of their coded sentence in its article."""
    where = ["article_id", "sentence", "start", "end"]
    own = [c for c in rows.columns if c != "sentence"]
    placed = rows.merge(_places(coding), on="sentence", validate="many_to_one")
    return placed[[*own, *where]].astype(dict.fromkeys([*own, *where[:2]], "string"))


def machine_errors(tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Where machine and reference coding part: of, code, error (missed, invented), article_id, sentence, start, end.

    Until somebody has settled a reference coding: where the machine parts from any coder.
    """
    found = disagreements(tables, coding)
    by_machine = found[found["comparison"].str.startswith("machine")]
    return by_machine.drop(columns="comparison").drop_duplicates().reset_index(drop=True)


def _given_together(
    codings: Sequence[Mapping[str, pd.Series]], of: str
) -> Iterator[tuple[str, list[frozenset[str]]]]:
    """The sentences that two or more coded for `of`, with what each gave."""
    asked = [coding[of] for coding in codings if of in coding]
    for sentence in dict.fromkeys(s for given in asked for s in given.index):
        together = [given[sentence] for given in asked if sentence in given.index]
        if len(together) > 1:
            yield sentence, together


def _parted(given: Sequence[frozenset[str]], comparison: str) -> Iterator[tuple[str, str]]:
    """The codes that not all gave, each with how they part."""
    for code in sorted(frozenset.union(*given) - frozenset.intersection(*given)):
        invented = "invented" if code in given[0] else "missed"
        yield code, "not given by all" if comparison == CODERS else invented


def coder_agreement(
    tables: Mapping[str, pd.DataFrame],
    coding: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    *,
    frames: Sequence[str],
    targets: Mapping[str, Sequence[str]],
    draws: int = 10_000,
) -> pd.DataFrame:
    """Every coder against every other, all of them together, and the machine against each: a row a pair and code.

    `coding` gives each coder's sentences and stances (see `coding.sheet_reader.Coded`). Columns as in `reliability`, without
    precision, recall and f1; `comparison` is `all coders` (only where there are three or more), `anna and ben` or
    `machine and anna`. Besides each code there is a row for the whole of a question, with `code` NA: the set of frames
    by MASI distance (Passonneau 2006), tone and stances nominal. Pairs that share no sentence have no rows.
    """
    given = {name: _of_sheet(*tables_of, targets) for name, tables_of in coding.items()}
    pairs = [(f"{a} and {b}", [given[a], given[b]]) for a, b in combinations(given, 2)]
    together = [("all coders", list(given.values()))] if len(given) > 2 else []
    machine = [
        (
            f"machine and {name}",
            [{**_no_stance(sentences, targets), **codes_found(tables, sentences)}, given[name]],
        )
        for name, (sentences, _) in coding.items()
    ]
    parts = []
    for comparison, codings in (*together, *pairs, *machine):
        if not _coded_twice([c["frames"] for c in codings]):
            continue
        for of, codes in _codes_of(frames, targets).items():
            first, second, *others = (c[of] for c in codings)
            table = agreement_by_code(first, second, list(codes), others=others, draws=draws)
            whole = _whole(of, (first, second, *others), draws)
            parts.append(pd.concat([whole, table], ignore_index=True).assign(comparison=comparison, of=of))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return found.reindex(columns=COLUMNS[:-3])


def coder_coincidences(
    coding: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], *, targets: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """The coders' coincidence matrix of each question but the frames, of which several may apply: see `agreement`.

    The rows are values, `none` where a coder saw no stance; a reader can compute alpha from them. Empty for one coder.
    """
    if len(coding) < 2:
        return {}
    given = [_of_sheet(*tables_of, targets) for tables_of in coding.values()]
    questions = [of for of in _codes_of((), targets) if of != "frames"]
    return {of: coincidence_matrix(*[_as_one_value(codes[of]) for codes in given]) for of in questions}


def _whole(of: str, codings: Sequence[pd.Series], draws: int) -> pd.DataFrame:
    """The one row that says how far coders agree on a question as a whole."""
    values = codings if of == "frames" else [_as_one_value(coding) for coding in codings]
    found = agreement(*values, level="masi" if of == "frames" else "nominal", draws=draws)
    row = {
        "code": pd.NA,
        "n_units": found.n_units,
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
    }
    return pd.DataFrame([{**row, "verdict": found.verdict}])


def _as_one_value(coding: pd.Series) -> pd.Series:
    return coding.map(lambda values: "|".join(sorted(values)) or "none")


def _codes_of(frames: Sequence[str], targets: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    stances = {f"stance on {target}": values for target, values in targets.items()}
    return {"frames": frames, "sentiment": TONES, **stances}


def _coded_twice(codings: Sequence[pd.Series]) -> bool:
    units = [unit for coding in codings for unit in coding.index]
    return len(set(units)) < len(units)


def _plain(value: object) -> str:
    return "".join(c for c in str(value).casefold() if c.isalnum() or c == " ").strip()


def _pairs(
    tables: Mapping[str, pd.DataFrame], coding: Mapping[str, pd.DataFrame]
) -> list[tuple[str, list[dict[str, pd.Series]]]]:
    """Who is compared with whom: the coders with one another, the machine with the reference or each coder."""
    coders = {name: codes_given(coding, name) for name in _coders(coding)}
    pairs: list[tuple[str, list[dict[str, pd.Series]]]] = []
    if _coded_twice([codes["frames"] for codes in coders.values()]):
        pairs.append((CODERS, list(coders.values())))
    reference = codes_given(coding)
    machines = {name: codes_given(coding, name) for name in coder_names(coding) if not _is_person(name)}
    if reference:
        pairs.append((MACHINE, [codes_found(tables, coding["sentences"]), reference]))
        return pairs + [(f"{name} against reference", [codes, reference]) for name, codes in machines.items()]
    for name, codes in coders.items():
        if len(places := coded_places(coding, coding_files(name)[0])):
            pairs.append((f"machine against {name}", [codes_found(tables, places), codes]))
    return pairs + [
        (f"{machine} against {name}", [given, codes])
        for machine, given in machines.items()
        for name, codes in coders.items()
    ]


def _coders(coding: Mapping[str, pd.DataFrame]) -> list[str]:
    """Those who read and coded: people, neither the learned coder nor a model."""
    return [name for name in coder_names(coding) if _is_person(name)]


def _is_person(coder: str) -> bool:
    return coder != LEARNER and not coder.startswith(MODEL)


def codes_given(coding: Mapping[str, pd.DataFrame], coder: str | None = None) -> dict[str, pd.Series]:
    """What a coder gave, or, without a name, the reference coding: by question, each sentence's set of codes.

    The questions are those of `reliability`; one that the coder was not asked is not there.
    """
    sentences, stances = coding_files(coder)
    return _coded(coding.get(sentences), coding.get(stances))


def _of_sheet(
    sentences: pd.DataFrame, stances: pd.DataFrame, targets: Mapping[str, Sequence[str]]
) -> dict[str, pd.Series]:
    """One coder's codes; a sheet asks about every target, so one without a stance was coded, with none."""
    return {**_no_stance(sentences, targets), **_coded(sentences, stances)}


def _no_stance(sentences: pd.DataFrame, targets: Iterable[str]) -> dict[str, pd.Series]:
    none = _nothing(pd.Index(sentences["sentence"], name="sentence"))
    return {f"stance on {target}": none for target in targets}


def _nothing(units: pd.Index) -> pd.Series:
    """A coding that gives no code to any of the units."""
    return pd.Series([frozenset()] * len(units), index=units, dtype=object)


def _coded(sentences: pd.DataFrame | None, stances: pd.DataFrame | None) -> dict[str, pd.Series]:
    if sentences is None:
        return {}
    units = sentences["sentence"]
    codes = {of: _split(sentences, of) for of in ("frames", "sentiment") if of in sentences}
    if stances is not None:
        for target, rows in stances.groupby("target", sort=False):
            codes[f"stance on {target}"] = sets_by_unit(rows, units, unit="sentence", of="stance")
    return codes


def _split(sentences: pd.DataFrame, column: str) -> pd.Series:
    sets = [frozenset(x for x in str(v).split("|") if x) for v in sentences[column]]
    return pd.Series(sets, index=pd.Index(sentences["sentence"], name="sentence"), dtype=object)


def codes_found(tables: Mapping[str, pd.DataFrame], coded: pd.DataFrame) -> dict[str, pd.Series]:
    """What the rules found in the coded sentences (article_id, sentence, start, end): as `codes_given`."""
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
