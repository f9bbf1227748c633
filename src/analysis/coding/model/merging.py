"""What a run gives beside what a coder's files have: nothing that has no answer here is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.coding.files import SENTENCE_COLUMNS, STANCE_COLUMNS
from analysis.coding.lasting import with_lasting_sources, with_sources_of
from analysis.coding.model.prompt import FRAMES, OF_SOURCES, STANCE, TONE
from analysis.coding.model.results import Results
from analysis.study import Study, StudyError

_PLACE = ["article_id", "sentence", "start", "end"]


class _Before(NamedTuple):
    """A coder's files, each sentence under the id that it has now.

    `variables`: those of sentences that the files speak of; each sentence in them was asked for all of these.
    """

    codes: pd.DataFrame
    sentences: pd.DataFrame
    stances: pd.DataFrame
    variables: tuple[str, ...]


def with_kept(results: Results, before: Mapping[str, pd.DataFrame], study: Study) -> Results:
    """The results for the files: with what these have of every unit and variable that has no answer here.

    `before`: tables `codes`, `sentences`, `stances`, as far as there are files; answers to what they hold may not be
    here (as in a clone). Raises StudyError where sentences have codes in the files, but no answer yet to what is asked
    for the first time: one table cannot keep their codes and call them uncoded.
    """
    was = _read(before, results, study)
    had = set(was.sentences["sentence"])

    def is_old(unit: str, variable: str) -> bool:
        """Whether what the files say of the unit counts."""
        in_files = unit in had and variable in was.variables
        return in_files and unit not in results.held.get(variable, ())

    asked = [v for v in results.variables if v not in OF_SOURCES]
    variables = list(dict.fromkeys([*was.variables, *sorted(asked)]))
    answered = {u for v in asked for u in results.held[v]}
    coded = {
        unit
        for unit in had | answered
        if all(unit in results.held.get(v, ()) or is_old(unit, v) for v in variables)
    }
    lost = [u for u in had - coded if any(u not in results.held.get(v, ()) for v in was.variables)]
    if lost:
        raise StudyError(
            [
                f"{len(lost):,} of the sentences that the coder's files have codes of have no answer yet to what is asked "
                "now; the coding stays as it was. Answers are kept: run the command again for the rest"
            ]
        )
    return results._replace(
        codes=with_lasting_sources(_codes(results, was, is_old), study),
        sentences=_sentences(results, was, study, variables, coded),
        stances=_stances(results, was, coded),
    )


def _read(before: Mapping[str, pd.DataFrame], results: Results, study: Study) -> _Before:
    """The files without sentences that are cut otherwise now and of which the new ones have answers."""
    sentences = before.get("sentences", pd.DataFrame(columns=_PLACE))
    stances = before.get("stances", pd.DataFrame(columns=STANCE_COLUMNS))
    codes = before.get("codes", results.codes.head(0))
    own = study.sentences[["article_id", "start", "end", "sentence_id"]]
    now = {(a, start, end): unit for a, start, end, unit in own.itertuples(index=False)}
    ids = set(own["sentence_id"])
    names: dict[str, str] = {}
    for article, name, start, end in sentences[_PLACE].itertuples(index=False):
        here = now.get((article, start, end))
        names[name] = here or (f"{article}:{start}-{end}" if name in ids else name)
    gone = _recut({n: p for n, p in names.items() if p not in ids}, sentences, results, study)
    of_sentences = ~codes["variable"].isin(OF_SOURCES)
    sources = with_sources_of(codes, study)["unit"].fillna(codes["unit"])
    units = codes["unit"].replace(names).where(of_sentences, sources)
    variables = [c for c in (FRAMES, TONE) if c in sentences]
    variables += [STANCE + target for target in stances["target"].unique()]
    return _Before(
        codes[~codes["unit"].isin(gone)].assign(unit=units),
        sentences[~sentences["sentence"].isin(gone)].assign(sentence=lambda t: t["sentence"].map(names)),
        stances[~stances["sentence"].isin(gone)].assign(sentence=lambda t: t["sentence"].replace(names)),
        tuple(variables if len(sentences) else ()),
    )


def _recut(
    other: Mapping[str, str], sentences: pd.DataFrame, results: Results, study: Study
) -> frozenset[str]:
    """Those sentences of the files, no longer cut so, that overlap with one that has an answer."""
    if not other:
        return frozenset()
    answered = {unit for of, units in results.held.items() if of not in OF_SOURCES for unit in units}
    new = study.sentences[study.sentences["sentence_id"].isin(answered)]
    both = sentences[sentences["sentence"].isin(list(other))].merge(
        new[["article_id", "start", "end"]], on="article_id", suffixes=("", "_new")
    )
    both = both[(both["start"] < both["end_new"]) & (both["start_new"] < both["end"])]
    return frozenset(both["sentence"])


def _codes(results: Results, was: _Before, is_old: Callable[[str, str], bool]) -> pd.DataFrame:
    new = results.codes.astype(object)
    pairs = list(zip(new["unit"], new["variable"], strict=True))
    given = set(pairs)
    here = [not is_old(*pair) for pair in pairs]
    kept = [
        is_old(unit, of) or (unit not in results.held.get(of, ()) and (unit, of) not in given)
        for unit, of in zip(was.codes["unit"], was.codes["variable"], strict=True)
    ]
    return pd.concat([was.codes[kept], new[here]], ignore_index=True)


def _sentences(
    results: Results, was: _Before, study: Study, variables: Sequence[str], coded: Collection[str]
) -> pd.DataFrame:
    """The coded sentences in the order of the study, then those that it no longer has so."""
    own = study.sentences[["article_id", "sentence_id", "start", "end"]].set_axis(
        ["article_id", *_PLACE[1:]], axis=1
    )
    places = pd.concat([own, was.sentences[_PLACE]]).drop_duplicates("sentence")
    table = places[places["sentence"].isin(coded)].reset_index(drop=True)
    for variable in (of for of in (FRAMES, TONE) if of in variables):
        rows = results.codes[results.codes["variable"] == variable]
        given = rows.groupby("unit", sort=False)["value"].agg("|".join).to_dict()
        held = results.held.get(variable, frozenset())
        if variable in was.sentences:
            before = was.sentences.set_index("sentence")[variable]
            given |= {unit: value for unit, value in before.items() if unit not in held}
        table[variable] = table["sentence"].map(given).fillna("")
    return table[[c for c in SENTENCE_COLUMNS if c in table]]


def _stances(results: Results, was: _Before, coded: Collection[str]) -> pd.DataFrame:
    """The stances on each target from where the answers are."""
    held = [
        sentence in results.held.get(STANCE + target, ())
        for sentence, target in zip(was.stances["sentence"], was.stances["target"], strict=True)
    ]
    both = pd.concat([was.stances[[not one for one in held]], results.stances], ignore_index=True)
    return both[both["sentence"].isin(coded)]
