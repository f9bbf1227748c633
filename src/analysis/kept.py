"""A study's tables, kept article by article, so that only what has changed is made again.

A part is a folder that nothing changes, with the tables of some articles. It is used for the articles whose text, for
the stages whose share of the codebook, and with the code that it was made from; what no part has is made, a lot at a
time, and each lot is a new part as soon as it is done. Parts that nobody uses are removed; many small ones become a
few large ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from analysis import store, tables
from analysis.codebook import Codebook
from analysis.language import Language, load_language
from analysis.parse.blocks import names_outlet
from analysis.parse.document import COLUMNS
from analysis.stages import SPEECH, STAGES, Stage
from analysis.tables import Tables

if TYPE_CHECKING:
    from analysis.pipeline import Lot

PART = 2_000  # articles of a part that was put together
FEW = 8  # parts more than are needed, which are not yet put together
# What the tables depend on: code by its files, other people's by its version.
_CODE = (
    "*.py",
    *(f"{folder}/**/*.{kind}" for folder in ("codebook", "parse", "annotate") for kind in ("py", "yml")),
)
_PACKAGES = ("nltk", "pandas", "rapidfuzz", "vadersentiment")
_FORMAT = "1"
_TABLES = {table.name: table for table in tables.ANNOTATIONS}
# Made of all articles together: a person has one name in them.
_OF_CORPUS = {"sources": tables.SOURCES, "persons": tables.PERSONS}
Digests = Mapping[str, str]  # of articles by their ids, or of stages by their names


class Part(Protocol):
    """Tables of some articles."""

    @property
    def articles(self) -> Digests:
        """What each article's tables were made from."""

    @property
    def stages(self) -> Digests:
        """With what each stage was made."""

    def load(self, table: str) -> pd.DataFrame:
        """One table of one of its stages."""


@dataclass(frozen=True, eq=False)
class StoredPart:
    """A part in its folder."""

    entry: store.Entry

    @property
    def articles(self) -> Digests:
        found: Digests = self.entry.made_from["articles"]
        return found

    @property
    def stages(self) -> Digests:
        found: Digests = self.entry.made_from["stages"]
        return found

    def load(self, table: str) -> pd.DataFrame:
        return _load(self.entry, table)


@dataclass(frozen=True, eq=False)
class HeldPart:
    """A part in memory: published annotations, or tables where no folder can be written."""

    articles: Digests
    stages: Digests
    tables: Tables

    def load(self, table: str) -> pd.DataFrame:
        return self.tables[table]


@dataclass(frozen=True, eq=False)
class KeptTables(Mapping[str, pd.DataFrame]):
    """The annotation tables of a study, each put together from its parts when it is first asked for.

    `uses`: for each stage, the articles in their order, each with the part that has its tables. `persons`: what those who
    speak in all articles are made from, by which they are kept in the folder `root`; none where articles have no text.
    """

    uses: Mapping[str, Mapping[str, Part]]
    codebook: Codebook
    root: Path
    persons: Mapping[str, str] | None
    _made: Tables = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in _OF_CORPUS and name not in self._made:
            self._made.update(self._of_corpus())
        elif name not in self._made:
            self._made[name] = stacked(name, self.uses[_stage_of(name).name])
        return self._made[name]

    def _of_corpus(self) -> Tables:
        """The tables made of all articles together, as kept; made now, and kept, where they are not."""
        if self.persons:
            with suppress(OSError, store.NotWholeError):
                entry = store.Entry(store.entry_place(self.root, self.persons))
                return {name: table.make(_load(entry, name)) for name, table in _OF_CORPUS.items()}
        from analysis.annotate.corpus_persons import name_persons

        found = name_persons(stacked("sources", self.uses[SPEECH.name]), self["cast"], self.codebook)
        made = dict(zip(_OF_CORPUS, found, strict=True))
        if self.persons:
            with suppress(OSError), store.entry(self.root, self.persons) as new:
                _write(made, new)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*_TABLES, *_OF_CORPUS)))

    def __len__(self) -> int:
        return len({*_TABLES, *_OF_CORPUS})


def annotate_kept(
    root: Path,
    articles: pd.DataFrame,
    codebook: Codebook,
    language: str | Path,
    on_progress: Callable[[int, int], None] | None = None,
    published: Part | None = None,
) -> KeptTables:
    """The annotation tables of articles with text, taken from the parts in the folder `root` as far as they are there.

    Behind them the `published` ones, of articles without. What had to be made is kept in `root`; where that cannot be
    written, it is just made again the next time.
    """
    wanted = digest_articles(articles)
    stages = digest_stages(codebook, load_language(language))
    persons = {"persons": _digest([stages[SPEECH.name], codebook.persons, list(wanted.items())])}
    entries = store.load_entries(root)
    parts: list[Part] = [StoredPart(entry) for entry in entries if "articles" in entry.made_from]
    lacking = _lacking(parts, wanted, stages)
    if lacking:
        from analysis.pipeline import annotate_lots  # loads the annotators

        lots = list(_lots(articles, lacking, parts, wanted, stages))
        done, total = 0, sum(len(lot.articles) for lot in lots)
        for number, made in annotate_lots(lots, codebook, language):
            lot = lots[number]
            digests = {article_id: wanted[article_id] for article_id in lot.articles["article_id"]}
            parts.append(_keep(root, digests, {s.name: stages[s.name] for s in lot.stages}, made))
            done += len(digests)
            if on_progress:
                on_progress(done, total)
    uses = {name: _users(parts, wanted, name, digest) for name, digest in stages.items()}
    _put_together(root, uses, wanted, stages)
    _remove_unused(parts, uses)
    for entry in entries:
        if "articles" not in entry.made_from and entry.made_from != persons:
            entry.remove()
    if published:
        for used in uses.values():
            used.update(dict.fromkeys(published.articles, published))
    return KeptTables(uses, codebook, root, None if published else persons)


def digest_articles(articles: pd.DataFrame) -> dict[str, str]:
    """A digest of all that each article's tables are made from; of its outlet the name, where a line is that alone."""
    rows = articles[list(COLUMNS)].astype(object).where(articles[list(COLUMNS)].notna(), None)
    pairs = zip(rows["text"], rows["outlet"], strict=True)
    rows["outlet"] = [
        outlet if text and outlet and names_outlet(text, outlet) else None for text, outlet in pairs
    ]
    return {row[0]: _digest(row) for row in rows.itertuples(index=False, name=None)}


def digest_stages(codebook: Codebook, language: Language) -> dict[str, str]:
    """A digest of all that each stage's tables are made with: code, language, its share of the codebook, speech."""
    found: dict[str, str] = {}
    code = _code_digest()
    for stage in STAGES:
        rules = {name: getattr(codebook, name) for name in stage.reads}
        # The order of a set changes from run to run.
        plain = {name: sorted(r) if isinstance(r, frozenset) else r for name, r in rules.items()}
        found[stage.name] = _digest((code, language.digest, plain, found.get(SPEECH.name)))
    return found


def _digest(made_from: object) -> str:
    return sha256(repr(made_from).encode("utf-8", "surrogatepass")).hexdigest()


def _code_digest() -> str:
    package = Path(__file__).parent
    digest = sha256(repr([_FORMAT, *map(version, _PACKAGES)]).encode())
    for path in sorted({path for pattern in _CODE for path in package.glob(pattern)}):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _stage_of(table: str) -> Stage:
    return next(stage for stage in STAGES if table in stage.tables)


def _users(parts: Iterable[Part], wanted: Digests, stage: str, digest: str) -> dict[str, Part]:
    """The articles that some part has for this stage, in the order wanted, each with the part."""
    found: dict[str, Part] = {}
    for part in parts:
        if part.stages.get(stage) == digest:
            found |= {a: part for a, made_from in part.articles.items() if wanted.get(a) == made_from}
    return {article_id: found[article_id] for article_id in wanted if article_id in found}


def _lacking(parts: Sequence[Part], wanted: Digests, stages: Digests) -> dict[Sequence[Stage], list[str]]:
    """The articles for which no part has all stages, by the stages that have to be made."""
    uses = {name: _users(parts, wanted, name, digest) for name, digest in stages.items()}
    found: dict[Sequence[Stage], list[str]] = defaultdict(list)
    for article_id in wanted:
        lacks = tuple(stage for stage in STAGES if article_id not in uses[stage.name])
        if lacks:
            found[STAGES if SPEECH in lacks else lacks].append(article_id)
    return found


def _lots(
    articles: pd.DataFrame,
    lacking: Mapping[Sequence[Stage], list[str]],
    parts: Sequence[Part],
    wanted: Digests,
    stages: Digests,
) -> Iterator[Lot]:
    """What has to be made, in lots of articles that lack the same stages."""
    from analysis.pipeline import Lot, in_chunks

    spoken = _users(parts, wanted, SPEECH.name, stages[SPEECH.name])
    for lacks, ids in lacking.items():
        known: Tables = {}
        if SPEECH not in lacks:
            here = {article_id: spoken[article_id] for article_id in ids}
            known = {name: stacked(name, here) for name in ("sentences", "quotes")}
        for chunk in in_chunks(articles[articles["article_id"].isin(ids)]):
            yield Lot(chunk, lacks, _of(chunk, known) if known else None)


def _of(articles: pd.DataFrame, made: Tables) -> Tables:
    return {name: frame[frame["article_id"].isin(articles["article_id"])] for name, frame in made.items()}


def stacked(name: str, used: Mapping[str, Part]) -> pd.DataFrame:
    """A table's rows of these articles, in their order, from the parts that have them."""
    order = {article_id: place for place, article_id in enumerate(used)}
    own: dict[Part, set[str]] = defaultdict(set)
    for article_id, part in used.items():
        own[part].add(article_id)
    frames = []
    for part, ids in own.items():
        frame = part.load(name)
        frames.append(frame if len(ids) == len(part.articles) else frame[frame["article_id"].isin(ids)])
    if not frames:
        return _TABLES[name].make()
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    rows = frame["article_id"]
    begins = rows.ne(rows.shift(fill_value=""))  # of an article
    if not rows[begins].map(order).is_monotonic_increasing:
        frame = frame.iloc[rows.map(order).to_numpy().argsort(kind="stable")]
    return _TABLES[name].make(frame.reset_index(drop=True))


def _load(entry: store.Entry, table: str) -> pd.DataFrame:
    return pd.read_parquet(BytesIO(entry.load(f"{table}.parquet")))


def _write(made: Tables, folder: Path) -> None:
    for name, frame in made.items():
        (folder / f"{name}.parquet").write_bytes(frame.to_parquet(index=False))


def _keep(root: Path, articles: Digests, stages: Digests, made: Tables) -> Part:
    """The tables as a part in its folder; in memory where that cannot be written."""
    made_from: dict[str, Any] = {"stages": stages, "articles": articles}
    try:
        with store.entry(root, made_from) as new:
            _write(made, new)
        return StoredPart(store.Entry(store.entry_place(root, made_from)))
    except (OSError, store.NotWholeError):
        return HeldPart(articles, stages, made)


def _put_together(root: Path, uses: Mapping[str, dict[str, Part]], wanted: Digests, stages: Digests) -> None:
    """Let many small parts be a few large ones, in `root` and in `uses`."""
    if len({part for used in uses.values() for part in used.values()}) <= FEW + len(wanted) // PART:
        return
    ids = list(wanted)
    for start in range(0, len(ids), PART):
        some = {article_id: wanted[article_id] for article_id in ids[start : start + PART]}
        made = {
            table: stacked(table, {article_id: uses[stage.name][article_id] for article_id in some})
            for stage in STAGES
            for table in stage.tables
        }
        part = _keep(root, some, stages, made)
        for used in uses.values():
            used.update(dict.fromkeys(some, part))


def _remove_unused(parts: Iterable[Part], uses: Mapping[str, Mapping[str, Part]]) -> None:
    used = {part for of_stage in uses.values() for part in of_stage.values()}
    for part in parts:
        if isinstance(part, StoredPart) and part not in used:
            part.entry.remove()
