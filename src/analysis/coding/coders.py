"""Every coder of a study in one shape, the table `codes`: the rules, people, the learned coder, language models.

A unit is a sentence of the study as it is cut now, or one of its sources; what was coded by offsets is brought to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis import tables
from analysis.annotate.voices import AUTHOR, REPORTED
from analysis.coding.agreement import align, match_spans, sets_by_unit
from analysis.coding.files import ASKED, LEARNER, MODEL, OF_TARGET, coded_places, coding_files
from analysis.coding.lasting import with_sources_of
from analysis.coding.model.prompt import FRAMES, OF_SOURCES, ROLE, SIDE, STANCE, TONE
from analysis.study import Study
from analysis.tables import CODES, SENTIMENT, SETTLED, Table, Tables

RULES = "rules"
VARIABLES = (FRAMES, STANCE.split(" ")[0], TONE, *OF_SOURCES)  # what `study.yml` may name a coder for
_NAME = 3  # words; a longer holder that ends in a name may be another's (`aides of Putin`)
_OVERLAP = 0.3  # of the characters of two quotes must be shared for them to be one
TONE_SCORES = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


@dataclass(frozen=True, eq=False)
class Coder:
    """One coder's codes of a study.

    `codes` is a table `codes`; `asked` has by variable the units that the coder looked at, also those that got no code.
    `unasked`: by frame those of them that were coded when the codebook did not have it.
    """

    name: str
    codes: pd.DataFrame
    asked: Mapping[str, frozenset[str]]
    unasked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_person(self) -> bool:
        """Whether people gave the codes, one of them or all together."""
        return self.name not in (RULES, LEARNER) and not self.name.startswith(MODEL)

    def given(self, variable: str) -> pd.Series:
        """By unit the set of values that the coder gave, empty where none was: a coding as `agreement` takes it."""
        rows = self.codes[self.codes["variable"] == variable]
        return sets_by_unit(rows, sorted(self.asked.get(variable, ())), unit="unit", of="value")

    def __repr__(self) -> str:
        return f"<Coder {self.name}: {len(self.codes):,} codes, {', '.join(self.asked)}>"


def load_coders(study: Study) -> dict[str, Coder]:
    """Every coder of the study by name: the rules, what people settled (`settled`), then all others by the alphabet."""
    found = {RULES: rules_as_coder(study)}
    endings = ("_sentences", "_stances", "_quotes", "_codes")
    names = {name.removesuffix(end) for name in study.coding for end in endings if name.endswith(end)}
    if {"sentences", "stances", "quotes"} & set(study.coding):
        names.add(SETTLED)
    for name in sorted(names, key=lambda name: (name != SETTLED, name)):
        coder = load_coder(study, name)
        if coder.asked:
            found[name] = coder
    return found


def rules_as_coder(study: Study) -> Coder:
    """The codebook's rules as a coder; of several indicators for one code of one source the first is the evidence."""
    frames = study.frames.rename(columns={"sentence_id": "unit", "frame": "value"}).assign(variable=FRAMES)
    stance = study.stance.rename(columns={"sentence_id": "unit", "stance": "value"})
    stance = stance.assign(variable=STANCE + stance["target"])
    tone = study.sentiment.rename(columns={"sentence_id": "unit", "label": "value"}).assign(variable=TONE)
    sources = [
        study.sources[["source_id", "article_id", of]]
        .rename(columns={"source_id": "unit", of: "value"})
        .dropna(subset=["value"])
        .assign(variable=of)
        for of in OF_SOURCES
    ]
    sentences = frozenset(study.sentences["sentence_id"].tolist())
    asked = dict.fromkeys((FRAMES, TONE, *(STANCE + target for target in study.codebook.targets)), sentences)
    asked |= {of: frozenset(rows["unit"].tolist()) for of, rows in zip(OF_SOURCES, sources, strict=True)}
    return Coder(RULES, _as_codes(pd.concat([frames, stance, tone, *sources]), RULES), asked)


def load_coder(study: Study, name: str) -> Coder:
    """One coder's files in `coding/` in the one shape; without any file, a coder who was asked nothing.

    Where there is `<name>_codes.csv` its rows are the codes, with evidence; else sentences and stances are, whose
    holders are found among the article's sources by name. Roles and sides come from quotes: a source has those
    that most of its quotes were given.
    """
    own = coding_files(name)
    places = coded_places(study.coding, own[0])
    at = align(study.sentences, places)
    sentences = study.sentences.assign(coded=at).dropna(subset=["coded"])
    units = sentences.groupby("coded", sort=False)["sentence_id"].agg(list).to_dict()
    rows, asked = _of_sentences(study, own, units)
    written = study.coding.get(f"{name}_codes")
    if written is not None:
        rows = [_of_codes(study, written, units)]
    of_sources = "quotes" if name == SETTLED else f"{name}_quotes"
    if of_sources in study.coding:
        rows.append(_of_quotes(study, study.coding[of_sources]))
    table = _as_codes(pd.concat(rows), name) if rows else CODES.make()
    for of in OF_SOURCES:
        if len(mine := table.loc[table["variable"] == of, "unit"]):
            asked[of] = frozenset(mine)
    return Coder(name, table, asked, _unasked(study, study.coding.get(own[0]), units))


def _of_sentences(
    study: Study, files: tuple[str, str], units: Mapping[str, list[str]]
) -> tuple[list[pd.DataFrame], dict[str, frozenset[str]]]:
    """A coder's sentences and stances as rows of codes, and which units were asked for what."""
    coded, stances = (study.coding.get(name) for name in files)
    if coded is None or not units:
        return [], {}
    rows, asked = [], {}
    for of in (FRAMES, TONE):
        if of in coded:
            values = dict(zip(coded["sentence"], coded[of].astype(str).str.split("|"), strict=True))
            # Each sentence has a tone: one without was left open.
            left_open = {s for s, given in values.items() if of == TONE and given == [""]}
            asked[of] = frozenset(u for s, mine in units.items() if s not in left_open for u in mine)
            given = [(u, of, v, "") for s, mine in units.items() for v in values[s] if v for u in mine]
            rows.append(pd.DataFrame(given, columns=["unit", "variable", "value", "holder"]))
    if stances is not None:
        then = _asked_then(coded)
        asked_of = [
            c.removeprefix(OF_TARGET) for codes in then.values() for c in codes if c.startswith(OF_TARGET)
        ]
        for target in dict.fromkeys([*stances["target"], *asked_of]):
            seen = {s for s, codes in then.items() if not codes or OF_TARGET + target in codes}
            asked[STANCE + target] = frozenset(u for s, mine in units.items() if s in seen for u in mine)
        holders = stances["holder"] if "holder" in stances else [""] * len(stances)
        told = zip(stances["sentence"], stances["target"], stances["stance"], holders, strict=True)
        given = [(u, STANCE + target, v, who) for s, target, v, who in told for u in units.get(s, ())]
        rows.append(pd.DataFrame(given, columns=["unit", "variable", "value", "holder"]))
    return [_with_holders(study, pd.concat(rows))] if rows else [], asked


def _asked_then(coded: pd.DataFrame) -> dict[str, frozenset[str]]:
    """By sentence the codes that the codebook had when it was coded; none where nobody recorded them."""
    codes = coded[ASKED].fillna("").astype(str) if ASKED in coded else [""] * len(coded)
    pairs = zip(coded["sentence"], codes, strict=True)
    return {sentence: frozenset(filter(None, given.split("|"))) for sentence, given in pairs}


def _unasked(
    study: Study, coded: pd.DataFrame | None, units: Mapping[str, list[str]]
) -> dict[str, frozenset[str]]:
    """By frame of the codebook the units that were coded when it was not in it."""
    if coded is None:
        return {}
    then = {sentence: codes for sentence, codes in _asked_then(coded).items() if codes}
    return {
        frame: frozenset(u for s in without for u in units.get(s, ()))
        for frame in study.codebook.frames
        if (without := [s for s, codes in then.items() if frame not in codes])
    }


def _with_holders(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their article, and voice and source by the holder's name; a source not found has none.

    A named source is known by its last name, too, alone or after one word (`Putin`, `President Trump`).
    """
    article = rows["unit"].map(study.sentences.set_index("sentence_id")["article_id"])
    last = {(s.article_id, _plain(s.name.split()[-1])): s.source_id for s in _named(study)}
    names = {
        (s.article_id, _plain(name)): s.source_id
        for s in study.sources.itertuples()
        for name in (s.description, s.person, s.name)
        if isinstance(name, str)
    }
    found = []
    for of, holder in zip(article, rows["holder"].fillna(""), strict=True):
        words = str(holder).split()
        by_last = last.get((of, _plain(words[-1]))) if 0 < len(words) < _NAME else None
        found.append(names.get((of, _plain(holder)), by_last))
    voice = rows["holder"].map(lambda who: AUTHOR if who == AUTHOR else REPORTED if who else None)
    return rows.drop(columns="holder").assign(article_id=article, voice=voice, source_id=found)


def _named(study: Study) -> list[Any]:
    """The sources that are named persons, of whom no other in their article has the last name."""
    people = study.sources.dropna(subset=["name"])
    people = people[people["named"].fillna(False).astype(bool) & people["name"].str.contains(" ")]
    alike = people.assign(last=people["name"].str.split().str[-1].map(_plain)).duplicated(
        ["article_id", "last"], keep=False
    )
    return list(people[~alike].itertuples())


def _of_codes(study: Study, written: pd.DataFrame, units: Mapping[str, list[str]]) -> pd.DataFrame:
    """The rows of a file of codes: of sentences for those that hold them now, of sources that are still there."""
    rows = written.replace("", pd.NA)
    rows = rows.assign(**{c: pd.to_numeric(rows[c], errors="coerce") for c in ("start", "end", "confidence")})
    now, of_source = with_sources_of(rows, study), rows["variable"].isin(OF_SOURCES)
    rows["source_id"] = now["source_id"]
    rows["unit"] = rows["unit"].map(units).where(~of_source, now["unit"].map(lambda unit: [unit]))
    rows = rows.explode("unit").dropna(subset=["unit"])
    known = {*study.sources["source_id"], *study.sentences["sentence_id"]}
    return rows[rows["unit"].isin(known)]


def _of_quotes(study: Study, coded: pd.DataFrame) -> pd.DataFrame:
    """Role and side of each of the study's sources whose quotes were coded."""
    pairs = match_spans(coded, study.quotes, _OVERLAP)
    source = study.quotes.loc[pairs["b"], "source_id"].to_numpy()
    told = coded.loc[pairs["a"], ["article_id", *OF_SOURCES]].assign(unit=source).dropna(subset=["unit"])
    rows = told.melt(["article_id", "unit"], value_vars=list(OF_SOURCES), var_name="variable")
    most = rows.groupby(["article_id", "unit", "variable"], sort=False)["value"].agg(
        lambda v: v.mode().iloc[0]
    )
    return most.reset_index()


def _as_codes(rows: pd.DataFrame, coder: str) -> pd.DataFrame:
    columns = [c.name for c in CODES.columns]
    made = CODES.make(rows.assign(coder=coder).reindex(columns=columns))
    return made.drop_duplicates(list(CODES.key), ignore_index=True)


def _plain(name: object) -> str:
    return "".join(c for c in str(name).casefold() if c.isalnum())


def tables_by(study: Study, coder: Coder, variable: str) -> Tables:
    """The study's table of a variable (of VARIABLES) with this coder's codes in place of the rules', which have its own.

    Evidence that is not in the text is its whole sentence, in the voice that most of the sentence is in. A tone has
    the score -1, 0 or 1.
    """
    if coder.name == RULES:
        return {}
    of = coder.codes["variable"].str.partition(" ")[0]
    codes = coder.codes[of == variable]
    if variable in OF_SOURCES:
        missing = {ROLE: "other", SIDE: "unknown"}[variable]
        told = study.sources["source_id"].map(codes.set_index("unit")["value"]).fillna(missing)
        return {"sources": study.sources.assign(**{variable: told.astype("string")})}
    units = codes["unit"]
    places = study.sentences.set_index("sentence_id")
    main = study.sentiment.set_index("sentence_id")
    without = codes["start"].isna()
    mixed = without & codes["voice"].isna()
    rows = codes.rename(columns={"unit": "sentence_id"}).assign(
        start=codes["start"].mask(without, units.map(places["start"])),
        end=codes["end"].mask(without, units.map(places["end"])),
        voice=codes["voice"].mask(mixed, units.map(main["voice"])),
        source_id=codes["source_id"].mask(mixed, units.map(main["source_id"])),
    )
    if variable == TONE:
        voices = {c: units.map(main[c]) for c in ("voice", "source_id")}
        rows = rows.assign(label=rows["value"], score=rows["value"].map(TONE_SCORES), **voices)
        return {"sentiment": _in_table(SENTIMENT, rows)}
    if variable == FRAMES:
        return {"frames": _in_table(tables.FRAMES, rows.assign(frame=rows["value"]))}
    target = rows["variable"].str.removeprefix(STANCE)
    return {"stance": _in_table(tables.STANCE, rows.assign(target=target, stance=rows["value"]))}


def _in_table(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    return table.make(rows.reindex(columns=[c.name for c in table.columns]).reset_index(drop=True))
