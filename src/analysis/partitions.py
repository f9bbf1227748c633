"""Articles of any number, annotated partition by partition, by many processes or machines: from Parquet to Parquet.

A partition's tables are made and written by one process, which holds no other articles meanwhile. Only to give each
person one name, the names in all articles are read together. What comes out is a folder for each table, a file in it for
each partition, and a manifest that names these with their digests: it is written last, and only what it names counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import store, tables
from analysis.annotate.corpus_persons import WhoIsWho, source_names
from analysis.codebook import Codebook, load_codebook
from analysis.kept import Digests, digest_stages
from analysis.language import ENGLISH, Language, load_language
from analysis.parse.document import block_table, parse
from analysis.pipeline import annotate_apart, in_chunks, stack_apart
from analysis.places import Folder, folder_at
from analysis.read.articles import are_in
from analysis.read.intake import NOTES, take_in
from analysis.studies import nothing_to_read, with_found_titles
from analysis.study import StudyError
from analysis.tables import Tables
from analysis.workers import run_here, run_on_cluster

if TYPE_CHECKING:
    from analysis.compare.by_sql import Counts

SIZE = 1_000  # articles of a partition
MANIFEST = "manifest.json"
_LOTS, _GIVEN, _PARQUET = "lots", "given", ".parquet"
_RECORDS, _APART = (
    f"{_LOTS}/records",
    f"{_LOTS}/sources",
)  # what is written; sources without the other articles


@dataclass(frozen=True)
class Partition:
    """Some articles in their order: so many rows of a Parquet file, from one on."""

    number: int
    folder: Folder
    file: str
    first: int
    rows: int

    def load(self) -> pd.DataFrame:
        """The table `articles`; columns that it does not have are left out."""
        with self.folder.open(self.file) as file:
            parquet = pq.ParquetFile(file)
            groups, start, before = [], self.first, 0
            for group in range(parquet.num_row_groups):
                rows = parquet.metadata.row_group(group).num_rows
                if before < self.first + self.rows and before + rows > self.first:
                    groups.append(group)
                elif before + rows <= self.first:
                    start -= rows
                before += rows
            known = {c.name for c in tables.ARTICLES.columns}
            columns = [name for name in parquet.schema_arrow.names if name in known]
            found = parquet.read_row_groups(groups, columns).slice(start, self.rows).to_pandas()
        days = found.select_dtypes(["datetime", "datetimetz"]).columns
        return tables.ARTICLES.make(found.assign(**{c: found[c].dt.strftime("%Y-%m-%d") for c in days}))


@dataclass(frozen=True)
class Written:
    """One partition's files by their tables: their names, with number of rows and digest."""

    made_from: str
    files: Mapping[str, tuple[str, int, str]]

    def load(self, out: Folder, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        name, _, digest = self.files[table]
        return pd.read_parquet(BytesIO(_whole(out, name, digest)), columns=columns)


@dataclass(frozen=True, eq=False)
class PartitionTask:
    """Annotates one partition and writes its tables, unless they are there already."""

    partition: Partition
    out: Folder
    codebook: Codebook
    language: str | Path
    stages: Digests  # as they are where the run was started

    def __call__(self) -> Written:
        language = load_language(self.language)
        if digest_stages(self.codebook, language) != self.stages:
            raise StudyError(
                [
                    "a worker's code, packages or language differ from those here; install the same on all of them"
                ]
            )
        articles = self.partition.load()
        made_from = _digest(repr(self.stages).encode() + articles.to_parquet(index=False))
        record = _record(self.partition.number)
        if known := _known(self.out, record, made_from):
            return known
        mine = articles["text"].notna() & are_in(articles, language)
        chunks = in_chunks(articles[mine])
        made = stack_apart([annotate_apart(chunk, self.codebook, self.language) for chunk in chunks])
        strangers = block_table(parse(articles[~mine & articles["text"].notna()], language))
        made["blocks"] = tables.BLOCKS.make(pd.concat([made["blocks"], strangers], ignore_index=True))
        made["articles"] = with_found_titles(articles, made["blocks"], language)
        made[_APART] = made.pop("sources")
        written = Written(made_from, _write(self.out, self.partition.number, made))
        self.out.write(record, _as_json({"made_from": written.made_from, "files": written.files}))
        return written


@dataclass(frozen=True, eq=False)
class Partitions(Mapping[str, pd.DataFrame]):
    """Tables in partitions, as `annotate_partitions` wrote them. Asked for by its name, a table comes as a whole."""

    folder: Folder
    files: Mapping[str, Sequence[tuple[str, int, str]]]  # of each table: name, rows, digest

    def __getitem__(self, table: str) -> pd.DataFrame:
        frames = list(self.each(table))
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def each(self, table: str) -> Iterator[pd.DataFrame]:
        """The partitions of a table, one after the other. Raises StudyError where one is not as it was written."""
        for name, _, digest in self.files[table]:
            yield pd.read_parquet(BytesIO(_whole(self.folder, name, digest)))

    def counts(self, memory: str = "2GB") -> Counts:
        """What can be asked of the tables without holding them, with so much memory. Raises StudyError, as `each`."""
        from analysis.compare.by_sql import Counts

        for files in self.files.values():
            for name, _, digest in files:
                _whole(self.folder, name, digest)
        every = {table: [self.folder.path(name) for name, *_ in own] for table, own in self.files.items()}
        return Counts(every, memory=memory, file_system=self.folder.file_system)

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(rows for _, rows, _ in self.files[table])

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def annotate_partitions(
    articles: str,
    out: str,
    codebook: Path | None = None,
    language: str | Path = ENGLISH,
    *,
    size: int = SIZE,
    scheduler: str | None = None,
    jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Partitions:
    """All tables of the articles, written into `out`, `size` articles at a time; the same whoever makes them.

    `articles`: Parquet, a file or a folder of them, with the columns of the table `articles`, at least article_id and
    text; or anything else that `annotate` reads. Both may be paths, or URLs that fsspec knows. Done in `jobs` processes,
    or by the workers of the Dask `scheduler`, who must see both. What an earlier run has made of the same articles with
    the same codebook, language and code is not made again.
    Raises StudyError for what cannot be annotated, and see `workers`.
    """
    place, given = folder_at(out), folder_at(articles)
    _require_apart(given, place)
    if Path(language).is_dir():
        language = Path(language).resolve()  # others may be started elsewhere
    rules, own = load_codebook(codebook, language), load_language(language)
    with _alone(place):
        place.sweep()  # also folders into which nothing has to be written again
        beside: dict[str, tuple[str, int, str]] = {}
        if given.is_local and not given.url.endswith(_PARQUET) and not given.names(_PARQUET):
            given, beside = _as_parquet(Path(given.url), place, own, size)
        partitions = list_partitions(given, size)
        stages = digest_stages(rules, own)
        tasks = [PartitionTask(partition, place, rules, language, stages) for partition in partitions]
        done: dict[int, Written] = {}
        results = run_on_cluster(tasks, scheduler) if scheduler else run_here(tasks, jobs)
        for number, written in results:
            done[number] = written
            if on_progress:
                on_progress(sum(partitions[n].rows for n in done), sum(p.rows for p in partitions))
        parts = [done[number] for number in sorted(done)]
        files = _name_across(parts, place, rules) | {table: [file] for table, file in beside.items()}
        place.write(MANIFEST, _as_json({"files": files}))
        kept = {file[0] for part in parts for file in part.files.values()}
        _remove_all_but(
            kept | {file[0] for own_files in files.values() for file in own_files}, place, len(parts)
        )
    return Partitions(place, files)


def open_partitions(folder: str | Path) -> Partitions:
    """What `annotate_partitions` wrote. Raises StudyError where there is no manifest of it."""
    place = Folder(str(folder))
    try:
        found = json.loads(place.load(MANIFEST))
        files = {str(t): [(str(n), int(r), str(d)) for n, r, d in own] for t, own in found["files"].items()}
    except FileNotFoundError:
        message = f"{place.path(MANIFEST)}: is missing; write it with `media-analysis annotate --partition`"
        raise StudyError([message]) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StudyError([f"{place.path(MANIFEST)}: is no manifest of partitions; annotate anew"]) from None
    return Partitions(place, files)


def list_partitions(folder: Folder, size: int) -> list[Partition]:
    """The partitions of Parquet with articles, a file or a folder. Raises StudyError where that is no such table."""
    if folder.url.endswith(_PARQUET):
        head, _, name = folder.url.rpartition("/")
        folder, names = Folder(head or "."), [name]
    else:
        names = folder.names(_PARQUET)
    found: list[Partition] = []
    ids: list[pa.ChunkedArray] = []
    for name in names:
        try:
            with folder.open(name) as file:
                parquet = pq.ParquetFile(file)
                if lacking := [c for c in ("article_id", "text") if c not in parquet.schema_arrow.names]:
                    raise StudyError(
                        [f"{folder.path(name)}: has no column {' and no column '.join(lacking)}"]
                    )
                ids.append(parquet.read(["article_id"])["article_id"].cast(pa.large_string()))
                rows = parquet.metadata.num_rows
        except pa.ArrowException as error:
            raise StudyError(
                [f"{folder.path(name)}: is not Parquet ({str(error).splitlines()[0]})"]
            ) from None
        for first in range(0, rows, size):
            found.append(Partition(len(found), folder, name, first, min(size, rows - first)))
    if not found:
        raise StudyError([f"{folder.url}: holds no articles"])
    every = pd.Series(pa.chunked_array([c for column in ids for c in column.chunks]).to_pandas())
    if every.isna().any() or not every.is_unique:
        which = every[every.isna() | every.duplicated()].iloc[0]
        raise StudyError(
            [f"{folder.url}: article_id {which!r} is there twice, or missing; give each article its own"]
        )
    return found


def _require_apart(given: Folder, out: Folder) -> None:
    """Raise StudyError where articles would be passed over, or their tables mixed with them."""
    if f"{out.url}/".startswith(f"{given.url}/"):
        raise StudyError([f"{out.url}: is among the articles; name another folder for the tables"])
    names = [] if given.url.endswith(_PARQUET) or not Path(given.url).is_dir() else given.names()
    notes = (*NOTES, "_", MANIFEST)
    others = [n for n in names if not n.endswith(_PARQUET) and not Path(n).name.lower().startswith(notes)]
    if others and len(others) < len([n for n in names if not Path(n).name.lower().startswith(notes)]):
        message = (
            f"{given.url}: holds Parquet and other files, such as {others[0]}; name a folder of one kind"
        )
        raise StudyError([message])


def _as_parquet(
    articles: Path, out: Folder, language: Language, size: int
) -> tuple[Folder, dict[str, tuple[str, int, str]]]:
    """Files of other formats as Parquet, written beside the tables; and the files of `problems` and `account`."""
    taken = take_in(articles, language)
    if taken.articles.empty:
        raise StudyError([nothing_to_read(articles, taken.problems)])
    for name in out.names(_PARQUET):
        if name.startswith(f"{_GIVEN}/"):
            out.remove(name)
    for number, first in enumerate(range(0, len(taken.articles), size)):
        part = taken.articles.iloc[first : first + size]
        out.write(f"{_GIVEN}/{number:06}{_PARQUET}", part.to_parquet(index=False))
    return Folder(out.path(_GIVEN)), _write(out, 0, {"problems": taken.problems, "account": taken.account})


def _name_across(
    parts: Sequence[Written], out: Folder, codebook: Codebook
) -> dict[str, list[tuple[str, int, str]]]:
    """The one step for which all articles' names are read: each person gets one name, and what others say of them."""
    names = pd.concat(
        [source_names(part.load(out, _APART, ["name", "named", "side"])) for part in parts],
        ignore_index=True,
    )
    cast = tables.CAST.make(pd.concat([part.load(out, "cast") for part in parts], ignore_index=True))
    who = WhoIsWho(cast, names.drop_duplicates(), codebook)
    quoted: Counter[str] = Counter()
    files: dict[str, list[tuple[str, int, str]]] = {}
    for number, part in enumerate(parts):
        sources = who.fill(part.load(out, _APART), part.load(out, "cast"))
        quoted.update(sources["person"].value_counts().to_dict())
        named = {**part.files, **_write(out, number, {"sources": sources})}
        for table, file in named.items():
            if table != _APART:
                files.setdefault(table, []).append(file)
    files["persons"] = list(_write(out, 0, {"persons": who.persons(quoted)}).values())
    return files


def _write(out: Folder, number: int, made: Tables) -> dict[str, tuple[str, int, str]]:
    """Write one partition of some tables, each into the table's folder; files are never written over by others."""
    files = {}
    for table, frame in made.items():
        data = frame.to_parquet(index=False)
        name = f"{table}/{number:06}-{_digest(data)[:12]}{_PARQUET}"
        out.write(name, data)
        files[table] = (name, len(frame), _digest(data))
    return files


def _known(out: Folder, record: str, made_from: str) -> Written | None:
    """What an earlier run wrote of the same partition, if all of it is there as it was written."""
    try:
        found = json.loads(out.load(record))
        written = Written(found["made_from"], {table: tuple(file) for table, file in found["files"].items()})
        if written.made_from == made_from:
            for name, _, digest in written.files.values():
                _whole(out, name, digest)
            return written
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # made again
    return None


def _whole(out: Folder, name: str, digest: str) -> bytes:
    """A file's bytes. Raises StudyError where they are not those that were written."""
    data = out.load(name)
    if _digest(data) != digest:
        raise StudyError([f"{out.path(name)}: was cut or changed since it was written; annotate anew"])
    return data


def _remove_all_but(needed: set[str], out: Folder, partitions: int) -> None:
    """Remove files of this module's making that neither the manifest nor a partition's record names."""
    ours = {table.name for table in tables.ALL} | {_LOTS, _GIVEN}
    needed |= {_record(number) for number in range(partitions)}
    for name in out.names():
        if name.partition("/")[0] in ours and name not in needed:
            out.remove(name)


def _record(number: int) -> str:
    return f"{_RECORDS}/{number:06}.json"


def _alone(out: Folder) -> AbstractContextManager[None]:
    """Two runs into one folder of this machine: the second waits for the first."""
    if not out.is_local:
        return nullcontext()
    lots = Path(out.path(_LOTS))
    lots.mkdir(parents=True, exist_ok=True)
    return store.locked(lots)


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
