"""The files of a study's `coding/`: their names, loaded, checked, joined and written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from analysis import store
from analysis.codebook import SPELT, Codebook
from analysis.study import Study, StudyError, load_csv_text
from analysis.tables import SETTLED, TONES

SENTENCE_COLUMNS = ["article_id", "sentence", "start", "end", "frames", "sentiment", "probability"]
ASKED = "asked"  # of a person's sentences: the frames and targets that the codebook had then, as `asked_codes` writes them
OF_TARGET = "stance: "
STANCE_COLUMNS = ["article_id", "sentence", "target", "stance", "holder"]
LEARNER = "learned"  # the coder that learned from the others' coding: neither a person nor the rules
MODEL = "model-"  # begins the name of a coder that is a language model
_LONGEST_NAME = 60  # with a study's name and an ending it has to make the name of a file
_NO_PERSONS = {
    LEARNER: "the coder of `media-analysis learn`",
    SETTLED: "what coders agree on in the end",
    "reference": "what coders agreed on in the end",
    "machine": "the annotation by the codebook's rules",
    "rules": "the annotation by the codebook's rules",
}
# What rows of coding cannot do without; a coder's sentences may take their places from the reference coding.
_CODING_COLUMNS = {
    "sentences": ("sentence",),
    "stances": ("sentence", "target", "stance"),
    "quotes": ("article_id", "start", "end"),
    "draws": ("wave", "article_id", "sentence", "start", "end", "stratum", "probability", "drawn"),
}


def coder_fault(name: str, *, settled: bool = False) -> str:
    """What is wrong with a name for a coder, and how to mend it; empty where it is one.

    Names come with sheets from elsewhere and become parts of names of files, columns and commands: letters, digits,
    - and _, at most 60, and none by which figures call somebody else. `settled`: the name for what coders agreed on
    in the end counts, too.
    """
    short = ascii(name if len(name) <= _LONGEST_NAME else f"{name[:20]}...")
    if not re.fullmatch(r"\w[\w-]*", name) or len(name) > _LONGEST_NAME:
        return (
            f"{short} is no name for a coder; use letters, digits, - and _, at most {_LONGEST_NAME} of them"
        )
    if (other := _NO_PERSONS.get(name.lower())) and not (settled and name == SETTLED):
        return f"'{name.lower()}' is {other}; use another name"
    if name.lower().startswith(MODEL):
        return f"'{name.lower()}' would be a language model; use a name that does not begin with {MODEL}"
    return ""


def asked_codes(frames: Iterable[str], targets: Iterable[str]) -> str:
    """What a person who codes is asked for: `conflict|economy|stance: negotiations`."""
    return "|".join([*frames, *(OF_TARGET + target for target in targets)])


def coding_files(coder: str | None) -> tuple[str, str]:
    """The names in `coding/`, without .csv, of a coder's sentences and stances.

    Without a name, or with that of what coders settled, those of the reference coding.
    """
    before = f"{coder}_" if coder and coder != SETTLED else ""
    return f"{before}sentences", f"{before}stances"


def coder_names(coding: Mapping[str, pd.DataFrame]) -> list[str]:
    """Whoever has sentences in `coding`, people and others, in the order of the alphabet; not the reference coding."""
    ending = f"_{coding_files(None)[0]}"
    return sorted(name.removesuffix(ending) for name in coding if name.endswith(ending))


def load_coding(folder: Path) -> dict[str, pd.DataFrame]:
    """The human coding of a study: one frame for each CSV in `coding/`, by the file's name.

    Raises StudyError with every file that is no CSV or lacks a column by which its rows find their sentence.
    """
    found, faults = {}, []
    for path in sorted((folder / "coding").glob("*.csv")):
        try:
            found[path.stem] = _load_coding(path)
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(faults)
    return found


def _load_coding(path: Path) -> pd.DataFrame:
    text, delimiter = load_csv_text(path)
    try:
        table = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            keep_default_na=False,
            na_values=[],
            dtype={"article_id": str, "sentence": str},
        )
    except ValueError as error:  # pandas' own errors are of this kind
        raise StudyError([f"{path}: not a table in CSV ({' '.join(str(error).split())})"]) from None
    needed = _CODING_COLUMNS.get(path.stem) or _CODING_COLUMNS.get(path.stem.rpartition("_")[2], ())
    if missing := [column for column in needed if column not in table]:
        raise StudyError(
            [
                f"{path}, line 1: has no column {' and no '.join(missing)}; data/README.md says what belongs there"
            ]
        )
    return table.replace({"stance": SPELT}) if "stance" in table else table


def find_coding_faults(
    folder: Path, articles: pd.DataFrame, codebook: Codebook, left_out: Collection[str] = ()
) -> list[str]:
    """What a study's `coding/` says that cannot be: articles it does not have, places outside their texts, codes
    that the codebook does not know. One fault a value, with the first line that has it.

    Of the articles `left_out`, and of texts that are not here, only what needs no text is said. A file that cannot be
    read says nothing here (see `load_coding`).
    """
    texts = zip(articles["article_id"].tolist(), articles["text"].tolist(), strict=True)
    lengths = {article_id: len(text) if isinstance(text, str) else None for article_id, text in texts}
    lengths |= {name: None for name in sorted(left_out) if name not in lengths}
    found: dict[tuple[Path, str], list[int]] = {}
    for path in sorted((folder / "coding").glob("*.csv")):
        if path.stem.rpartition("_")[2] not in ("sentences", "stances", "quotes", "lines"):
            continue  # a draw may well have been made from articles that are gone
        for line, row in _coding_rows(path):
            for fault in (*_place_faults(row, lengths), *_code_faults(row, codebook)):
                found.setdefault((path, fault), []).append(line)
    return [
        f"{path}, line {lines[0]}{f' and {len(lines) - 1} more' if len(lines) > 1 else ''}: {fault}"
        for (path, fault), lines in found.items()
    ]


def _coding_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file of coding with their lines; none of a file that cannot be read."""
    try:
        text, delimiter = load_csv_text(path)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in reader:
            yield reader.line_num, {k: v for k, v in row.items() if k and v}
    except (StudyError, csv.Error):
        return


def _place_faults(row: Mapping[str, str], lengths: Mapping[str, int | None]) -> Iterator[str]:
    article = row.get("article_id")
    if article is not None and article not in lengths:
        yield _unknown_code("article_id", article, lengths, "the study has no such article")
    if "start" not in row or "end" not in row:
        return
    try:
        start, end = float(row["start"]), float(row["end"])
    except ValueError:
        yield f"start {row['start']!r} and end {row['end']!r} are no numbers; count characters from 0"
        return
    length = lengths.get(article or "")
    if not 0 <= start < end:
        yield f"start {row['start']} and end {row['end']} hold no text; start is counted from 0 and lies before end"
    elif length is not None and end > length:
        yield (
            f"{row['start']} to {row['end']} is outside the text of '{article}', which has {length:,} characters; "
            "correct start and end"
        )


def _code_faults(row: Mapping[str, str], codebook: Codebook) -> Iterator[str]:
    """Codes of a row that are unknown; of a question for which the codebook has no codes at all nothing is said."""
    for frame in row.get("frames", "").split("|"):
        if frame and codebook.frames and frame not in codebook.frames:
            yield _unknown_code("frame", frame, codebook.frames)
    for tone in row.get("sentiment", "").split("|"):
        if tone and tone not in TONES:
            yield _unknown_code("sentiment", tone, TONES)
    name = row.get("target")
    if not name or not codebook.targets:
        return
    if name not in codebook.targets:
        yield _unknown_code("target", name, codebook.targets)
    elif (stance := row.get("stance")) and SPELT.get(stance, stance) not in codebook.targets[name].positions:
        yield _unknown_code(f"stance on {name}", stance, codebook.targets[name].positions)


def _unknown_code(
    what: str, given: str, known: Iterable[str], why: str = "the codebook has no such code"
) -> str:
    names = list(known)
    close = get_close_matches(given, names, n=1)
    few = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    hint = f"did you mean '{close[0]}'?" if close else f"write one of: {few}, or remove it"
    return f"{what} '{given}': {why}; {hint}"


def coded_places(coding: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """Where the sentences of `coding/<name>.csv` are: article_id, sentence, start, end.

    A coder's file without offsets takes them from the reference coding; sentences whose place nobody says are left out.
    """
    columns = ["article_id", "sentence", "start", "end"]
    coded = coding.get(name, pd.DataFrame(columns=columns))
    reference = coding.get("sentences", pd.DataFrame(columns=columns))[columns]
    if not {*columns} <= {*coded.columns}:
        coded = coded[["sentence"]].merge(reference, on="sentence", how="left", validate="many_to_one")
    places = coded[columns].assign(**{c: pd.to_numeric(coded[c], errors="coerce") for c in ("start", "end")})
    return places.dropna().astype({"start": int, "end": int}).reset_index(drop=True)


def write_coding(
    study: Study, coded: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], *, replace: bool = False
) -> list[Path]:
    """Add each coder's sentences and stances to `coding/<coder>_sentences.csv` and `_stances.csv`; gives the paths.

    What is settled becomes the reference coding, `sentences.csv` and `stances.csv`.

    What a coder gave before stays. Where it differs, StudyError names each sentence and nothing is written, unless
    `replace` says that the new coding counts (see `join_coding`). What lies in `coding/` at that moment counts, also
    answers that were saved since the study was opened.
    """
    out = study.folder / "coding"
    with store.updated(out) as new:
        files = _joined(load_coding(study.folder), coded, replace)
        _write_tables(new, files)
    return [out / name for name in files]


def _joined(
    coding: Mapping[str, pd.DataFrame],
    coded: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    replace: bool,
) -> dict[str, pd.DataFrame]:
    """The files that new coding makes of those that are there, by their names; StudyError with all that is wrong."""
    files: dict[str, pd.DataFrame] = {}
    faults: list[str] = []
    for coder, (sentences, stances) in coded.items():
        if fault := coder_fault(coder, settled=True) or spelt_otherwise(coder, coding):
            faults.append(fault)
            continue
        try:
            joined = join_coding(coding, coder, sentences, stances, replace=replace)
        except StudyError as error:
            faults += error.faults
        else:
            names = (f"{name}.csv" for name in coding_files(coder))
            files |= dict(zip(names, joined, strict=True))
    if faults:
        raise StudyError(faults)
    return files


def spelt_otherwise(coder: str, coding: Mapping[str, pd.DataFrame]) -> str:
    """Some disks take Anna's file for anna's, whose coding would be replaced."""
    name = coding_files(coder)[0]
    other = next((other for other in coding if other != name and other.lower() == name.lower()), None)
    return f"coding/{other}.csv is there already; '{coder}' has to be spelt as there" if other else ""


def write_learned(study: Study, of: str, coded: pd.DataFrame, codes: Sequence[frozenset[str]]) -> list[Path]:
    """Write a learned coder's codes as one coder more, `coding/learned_sentences.csv` (and `_stances.csv`); the paths.

    `of` is frames, sentiment or `stance:TARGET`; `coded` the sentences (article_id, sentence, start, end). What was
    learned on other questions stays; its older codes on this one are replaced.
    """
    places = coded[["article_id", "sentence", "start", "end"]]
    name, name_of_stances = coding_files(LEARNER)
    sentences = pd.concat([study.coding.get(name, places), places]).drop_duplicates("sentence")
    files = {f"{name}.csv": sentences}
    if of.startswith("stance:"):
        target = of.removeprefix("stance:")
        stances = pd.DataFrame(
            [
                (s.article_id, s.sentence, target, code)
                for s, given in zip(places.itertuples(), codes, strict=True)
                for code in sorted(given)
            ],
            columns=["article_id", "sentence", "target", "stance"],
        )
        before = study.coding.get(name_of_stances, stances)
        files[f"{name_of_stances}.csv"] = pd.concat([before[before["target"] != target], stances])
    else:
        given = dict(zip(places["sentence"], ("|".join(sorted(c)) for c in codes), strict=True))
        files[f"{name}.csv"] = sentences.assign(**{of: sentences["sentence"].map(given)})
    return _write_coding_files(study, files)


def _write_coding_files(study: Study, files: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write tables into `coding/`; what was there stays until all are written."""
    out = study.folder / "coding"
    with store.updated(out) as new:
        _write_tables(new, files)
    return [out / name for name in files]


def _write_tables(folder: Path, files: Mapping[str, pd.DataFrame]) -> None:
    for name, table in files.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")


def join_coding(
    coding: Mapping[str, pd.DataFrame],
    coder: str,
    sentences: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    replace: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A coder's new sentences and stances together with those in the study's `coding`, in the order of the text.

    A sentence that the reference coding, or the coder's older one, holds under an id of its own gets that id. One that
    was coded before, and otherwise now, or that overlaps with one coded before, is a StudyError; with `replace` the new
    coding takes the place of the old.
    """
    before, positions = _coded_before(coding, coder)
    known = pd.concat([coded_places(coding, "sentences"), before])
    ids = {(p.article_id, p.start, p.end): p.sentence for p in known.itertuples()}
    names = {s.sentence: ids.get((s.article_id, s.start, s.end), s.sentence) for s in sentences.itertuples()}
    sentences, stances = (t.assign(sentence=t["sentence"].map(names)) for t in (sentences, stances))
    old, new = _given(before, positions), _given(sentences, stances)
    alike = {unit for unit in new if old.get(unit) == new[unit]}
    before = _asked_in_both(before, sentences[sentences["sentence"].isin(alike)])
    sentences, stances = (t[~t["sentence"].isin(alike)] for t in (sentences, stances))
    differing = sorted((set(old) & set(sentences["sentence"])) | _overlapping(before, sentences))
    if differing and not replace:
        raise StudyError(
            [
                f"coding/{coding_files(coder)[0]}.csv: {unit} was coded otherwise before; --replace puts the new coding "
                "in its place"
                for unit in differing
            ]
        )
    before, positions = (t[~t["sentence"].isin(differing)] for t in (before, positions))
    sentences = pd.concat([t for t in (before, sentences) if len(t)] or [sentences])
    sentences = sentences.sort_values(["article_id", "start", "sentence"], ignore_index=True)
    order = {unit: number for number, unit in enumerate(sentences["sentence"])}
    stances = pd.concat([t for t in (positions, stances) if len(t)] or [stances])
    stances = stances.sort_values(
        "sentence", key=lambda units: units.map(order), kind="stable", ignore_index=True
    )
    return sentences, stances


def _asked_in_both(before: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """The rows of `before`; those that were coded `again`, and alike, were asked for the codes of both times."""
    if ASKED not in again or again.empty:
        return before
    now = dict(zip(again["sentence"], again[ASKED], strict=True))
    then = before[ASKED].fillna("") if ASKED in before else pd.Series("", index=before.index)
    pairs = zip(before["sentence"], then, strict=True)
    asked = [
        "|".join(dict.fromkeys(filter(None, f"{codes}|{now.get(s, '')}".split("|")))) for s, codes in pairs
    ]
    return before.assign(**{ASKED: asked})


def _coded_before(coding: Mapping[str, pd.DataFrame], coder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The coder's tables of the study with all columns; `start` and `end` are NA where nobody says the place."""
    name, of_stances = coding_files(coder)
    sentences = coding.get(name, pd.DataFrame(columns=SENTENCE_COLUMNS))
    places = coded_places(coding, name)
    rest = sentences.drop(columns=["article_id", "start", "end"], errors="ignore")
    sentences = _with_columns(
        rest.merge(places, on="sentence", how="left", validate="one_to_one"), SENTENCE_COLUMNS
    )
    sentences = sentences.astype({"start": "Int64", "end": "Int64"})
    stances = _with_columns(coding.get(of_stances, pd.DataFrame(columns=STANCE_COLUMNS)), STANCE_COLUMNS)
    article = dict(zip(sentences["sentence"], sentences["article_id"], strict=True))
    return sentences, stances.assign(article_id=stances["sentence"].map(article))


def _with_columns(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return table.reindex(columns=[*columns, *(c for c in table.columns if c not in columns)])


def _given(sentences: pd.DataFrame, stances: pd.DataFrame) -> dict[str, tuple[object, ...]]:
    """What was given to each sentence, so that two codings of it can be compared."""
    positions = [(s.sentence, s.target, s.stance) for s in stances.itertuples()]
    return {
        s.sentence: (set(s.frames.split("|")), s.sentiment, {p for p in positions if p[0] == s.sentence})
        for s in sentences.itertuples()
    }


def _overlapping(before: pd.DataFrame, new: pd.DataFrame) -> set[str]:
    """The sentences coded before that share characters with a new one: the articles have been cut otherwise since."""
    both = before.merge(new[["article_id", "start", "end"]], on="article_id", suffixes=("", "_new"))
    return set(both.loc[(both["start"] < both["end_new"]) & (both["end"] > both["start_new"]), "sentence"])
