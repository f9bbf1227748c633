"""Studies opened, begun and published; and folders of articles annotated without one.

Tables are made once and kept. Only where they have to be made are the annotators loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import store, tables
from analysis.choice import load_choice, require_known_parameters
from analysis.codebook import (
    PERSONS_FILE,
    Codebook,
    PlacedIndicator,
    load_codebook,
    place_indicators,
    place_persons,
    read_codebook,
)
from analysis.coding.files import find_coding_faults, load_coding
from analysis.dates import find_date
from analysis.language import ENGLISH, Language, load_language
from analysis.parse.document import block_table, parse
from analysis.read.articles import account_of, are_in, leave_out, load_articles, read_articles
from analysis.read.intake import Intake, take_in
from analysis.read.metadata import author_name
from analysis.show.wording import Heading, Notice
from analysis.stages import without_collecting
from analysis.study import (
    ACCOUNT,
    METADATA,
    SETTINGS,
    Settings,
    Study,
    StudyError,
    codebook_folder,
    find_study,
    load_metadata,
    load_settings,
    read_metadata,
)
from analysis.tables import Tables
from analysis.text import fold

if TYPE_CHECKING:
    from analysis.ask.questions import Questions


@dataclass(frozen=True, eq=False, repr=False)
class OpenedStudy(Study):
    """A study that can be asked: `study.compare.frames()` and the like give comparisons (see `ask.questions`)."""

    @cached_property
    def compare(self) -> Questions:
        from analysis.ask.questions import Questions  # draws, and so takes longer to import than all the rest

        return Questions(self)

    @property
    def heading(self) -> Heading:
        """What a notebook begins with: the study's title, and what its reader must know."""
        return Heading(self.title, self._counts(), self.notice)

    @property
    def question(self) -> Notice:
        """What the study asks, as its settings have it."""
        return Notice(self.settings.question)


@without_collecting()
def open_study(
    study: str | Path | Mapping[str, Any] | None = None,
    articles: str | Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    excerpts: int | None = None,
    figures: str | Path | None = None,
    web_charts: bool = False,
) -> OpenedStudy:
    """The study with all its tables, made now or taken from `tables/` where nothing has changed since.

    `study` is a folder, or a name under `data/`, or None for the one that is chosen for the notebooks, with its texts
    (see `choice`); `articles` a folder of texts, if not the study's own. Evidence quotes at most `excerpts` words of a
    sentence; charts are saved in `figures`, if not in the study's folder for them, with `web_charts` in versions for dark
    pages and for phones, too. All of these may come as one
    mapping, as `report` gives them to notebooks: {"study": "sample", "excerpts": 25}.
    Articles whose texts are missing get the study's published annotations.
    Raises StudyError or CodebookError with every fault of metadata, settings and codebook.
    """
    require_known_parameters()
    study = load_choice().as_arguments() if study is None else study
    if isinstance(study, Mapping):
        return open_study(**study, on_progress=on_progress)
    folder = find_study(study)
    store.sweep(folder)
    settings = load_settings(folder)
    codebook = load_codebook(codebook_folder(folder), settings.language)
    if faults := _unfit(folder, settings, codebook):
        raise StudyError(faults)
    metadata = load_metadata(folder / METADATA) if (folder / METADATA).exists() else None
    texts = _texts(folder, articles)
    if articles and not texts.is_dir():
        raise StudyError([f"{texts}: no such folder of articles"])
    language = load_language(settings.language)
    table, problems, account = _counted_articles(folder, texts, metadata, settings)
    if articles and table["text"].isna().all():
        raise StudyError([f"{texts}: holds none of this study's texts (they are known by their content)"])
    coding = load_coding(folder)
    if faults := _no_outlet(folder, table) + _coding_faults(folder, table, problems, metadata, codebook):
        raise StudyError(faults)
    if table["text"].isna().any() and not (folder / "annotations").is_dir():
        raise StudyError(_missing(table[table["text"].isna()], texts))
    made = _annotated(folder, table, codebook, settings.language, on_progress)
    found = with_found_titles(table, made["blocks"], language)
    return OpenedStudy(
        name=folder.name,
        folder=folder,
        settings=settings,
        codebook=codebook,
        tables=tables.TableSet({"articles": found}, made, {"problems": problems, "account": account}),
        coding=coding,
        excerpts=excerpts,
        figures=Path(figures) if figures else None,
        web_charts=web_charts,
    )


def _counted_articles(
    folder: Path, texts: Path, metadata: pd.DataFrame | None, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The articles that the study counts, with problems and account. Raises StudyError where there are none."""
    language = load_language(settings.language)
    given, problems = load_articles(texts, metadata, language)
    each = settings.near_duplicates == "each"
    table, problems = leave_out(given, problems, language, near_duplicates=each)
    if table.empty:
        raise StudyError([nothing_to_read(texts, problems)])
    return table, problems, load_account(folder, given, problems)


def _annotated(
    folder: Path,
    articles: pd.DataFrame,
    codebook: Codebook,
    language: str,
    on_progress: Callable[[int, int], None] | None,
) -> Mapping[str, pd.DataFrame]:
    """The tables of a study's articles, made now as far as they are not kept; of those without a text, the published ones."""
    from analysis.kept import HeldPart, annotate_kept

    here, missing = articles[articles["text"].notna()], articles[articles["text"].isna()]
    published = None
    if len(missing):
        ids = dict.fromkeys(missing["article_id"], "published")
        published = HeldPart(ids, {}, _published(folder, missing["article_id"]))
    return annotate_kept(folder / "tables", here, codebook, language, on_progress, published)


def find_faults(study: str | Path, articles: str | Path | None = None) -> tuple[list[str], pd.DataFrame]:
    """Every fault of a study's settings, metadata, coding and files, each with its place and remedy.

    Beside them the table `problems`: the files that are left out. Faults of the codebook are reported by `check_codebook`.
    """
    folder = find_study(study)
    found: list[str] = []
    settings = metadata = None
    problems = tables.PROBLEMS.make()
    try:
        settings = load_settings(folder)
    except StudyError as error:
        found += error.faults
    codebook, remarks = read_codebook(codebook_folder(folder), settings.language if settings else ENGLISH)
    broken = {Path(r.file).name for r in remarks if r.severity == "error"}
    try:
        if (folder / METADATA).exists():
            metadata, found_here = read_metadata(folder / METADATA)
            found += found_here
        table, problems, found_here = read_articles(_texts(folder, articles), metadata)
        found += found_here + ([] if found else _no_outlet(folder, table))
        rules = replace(
            codebook,
            frames={} if "frames.yml" in broken else codebook.frames,
            targets={} if "stance.yml" in broken else codebook.targets,
        )
        found += _coding_faults(folder, table, problems, metadata, rules)
    except StudyError as error:
        found += error.faults
    try:
        load_coding(folder)
    except StudyError as error:
        found += error.faults
    return found + (_unfit(folder, settings, codebook, broken) if settings else []), problems


def find_unused_indicators(study: Study) -> list[PlacedIndicator]:
    """The indicators of frames and positions that are found nowhere in the study's articles, those that come along too."""
    frames, stance = study.frames, study.stance
    used = {*zip(frames["frame"], frames["indicator"], strict=True)}
    used |= {*zip(stance["target"], stance["indicator"], strict=True)}
    placed = place_indicators(codebook_folder(study.folder))
    return [p for p in placed if (p.code, p.indicator) not in used]


def find_unknown_persons(study: Study) -> list[str]:
    """The lines of the codebook's persons.csv with names that no source and no person of the articles has."""
    folder = codebook_folder(study.folder)
    if folder is None or not (folder / PERSONS_FILE).exists():
        return []
    sources, persons = study.sources, study.tables["persons"]
    called = [
        *sources["name"].dropna(),
        *persons["person"],
        *persons["aliases"].dropna().str.split("; ").explode(),
    ]
    known = {fold(name): name for name in called}
    return [
        f"{folder / PERSONS_FILE}, line {line}: no source or person is called {name!r}{_meant(fold(name), known)}"
        for line, name in place_persons(folder)
        if fold(name) not in known
    ]


def _meant(name: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {known[near[0]]!r}?" if near else ""


def _texts(folder: Path, articles: str | Path | None) -> Path:
    """The folder of a study's texts: the one named, or its own."""
    return Path(articles).expanduser() if articles else folder / "articles"


def _no_outlet(folder: Path, articles: pd.DataFrame) -> list[str]:
    """Without a single outlet there is nothing to compare."""
    if articles.empty or articles["outlet"].notna().any():
        return []
    return [
        f"{folder / METADATA}: no outlet is given; write this file, a row an article, with the columns "
        "article_id,file,outlet,title,author,published (or put each outlet's articles into a folder of its name)"
    ]


def _coding_faults(
    folder: Path,
    articles: pd.DataFrame,
    problems: pd.DataFrame,
    metadata: pd.DataFrame | None,
    codebook: Codebook,
) -> list[str]:
    """See `find_coding_faults`; an article whose file could not be read is known all the same."""
    described = metadata["article_id"].dropna().tolist() if metadata is not None else []
    skipped = [Path(name).stem for name in problems["file"]]
    return find_coding_faults(folder, articles, codebook, {*described, *skipped})


def _unfit(folder: Path, settings: Settings, codebook: Codebook, broken: Collection[str] = ()) -> list[str]:
    """What the settings ask and the codebook does not have; of files that are `broken` nothing can be said."""
    faults = []
    if settings.target and settings.target not in codebook.targets and "stance.yml" not in broken:
        known = ", ".join(codebook.targets) or "none, for it has no target"
        faults.append(
            f"{folder / SETTINGS}: target '{settings.target}' is none of the codebook's; write one of: {known} (such as `target: {known.split(', ')[0]}`)"
        )
    if not codebook.frames and "frames.yml" not in broken:
        faults.append(f"{folder / 'codebook' / 'frames.yml'}: has no frames; write one, or remove the file")
    return faults


def annotate_folder(
    place: Path,
    codebook: Path | None = None,
    language: str | Path = ENGLISH,
    on_progress: Callable[[int, int], None] | None = None,
) -> Tables:
    """All tables of a file or of a folder of files, of any format that is read (see `analysis.read.intake`).

    Metadata come from the files themselves, or from the folder's or its parent's articles.csv where there is one.
    Articles in another language than `language` are among the articles, with their lines, and are not annotated.
    """
    from analysis.pipeline import annotate_in_chunks

    rules, own = load_codebook(codebook, language), load_language(language)
    taken = _taken(place, own, on_progress)
    articles = taken.articles
    if articles.empty:
        raise StudyError([nothing_to_read(place, taken.problems)])
    mine = are_in(articles, own)
    made = annotate_in_chunks(articles[mine], rules, language, on_progress)
    lines = [made["blocks"], block_table(parse(articles[~mine], own))]
    made["blocks"] = tables.BLOCKS.make(pd.concat(lines, ignore_index=True))
    found = with_found_titles(articles, made["blocks"], own)
    return {"articles": found, **made, "problems": taken.problems, "account": taken.account}


def _taken(place: Path, language: Language, on_progress: Callable[[int, int], None] | None) -> Intake:
    """The articles of a file or folder; of a study's folder, or the texts in one, by its metadata."""
    if (place / METADATA).exists() and (place / "articles").is_dir():
        place = place / "articles"
    places = [place / METADATA] + ([place.parent / METADATA] if place.name == "articles" else [])
    path = next((p for p in places if p.exists()), None) if place.is_dir() else None
    if path is None:
        return take_in(place, language, on_progress)
    articles, problems = load_articles(place, load_metadata(path), language)
    articles = articles[articles["text"].notna()].reset_index(drop=True)
    return Intake(articles, problems, account_of(articles, problems))


def load_account(folder: Path, articles: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """What became of the files that a study was made from, as `new` wrote it down; else of the texts that lie there.

    Raises StudyError where the file is not as it was written.
    """
    path = folder / ACCOUNT
    if not path.exists():
        return account_of(articles, problems)
    try:
        return tables.load_csv(tables.ACCOUNT, path)
    except (ValueError, KeyError, TypeError, pd.errors.ParserError):
        raise StudyError([f"{path}: is not as `media-analysis new` wrote it; restore or remove it"]) from None


def write_tables(made: Mapping[str, pd.DataFrame], out: Path) -> None:
    """Write every table as Parquet into `out`; what was there stays until all is written.

    An older table `learned` goes where there is no new one: its sentences may not be those of the other tables.
    """
    with store.filled(out) as new:
        for name, frame in made.items():
            (new / f"{name}.parquet").write_bytes(frame.to_parquet(index=False))
    if "learned" not in made:
        (out / "learned.parquet").unlink(missing_ok=True)


def write_published(study: Study) -> Path:
    """Write the annotations, which hold no text, as CSV into the study's `annotations/`; returns that folder."""
    if len(study.missing):
        raise StudyError(
            [f"{study.name}: {len(study.missing)} texts are missing; annotations need all of them"]
        )
    out = study.folder / "annotations"
    with store.sealed(out) as new:
        for table in tables.ANNOTATIONS:
            tables.write_csv(table, study.tables[table.name], new / f"{table.name}.csv")
    return out


def _published(folder: Path, article_ids: pd.Series) -> Tables:
    """The published annotations of these articles. Raises StudyError with each file that is not as it was written."""
    try:
        files = store.load_sealed(folder / "annotations")
    except store.NotWholeError as error:
        remedy = (
            "restore annotations/ from where you have it, or run `media-analysis publish` where the texts are"
        )
        raise StudyError([f"{fault}; {remedy}" for fault in error.faults]) from None
    rows = {}
    for table in tables.ANNOTATIONS:
        data = files.get(f"{table.name}.csv")
        frame = table.make() if data is None else tables.load_csv(table, BytesIO(data))
        rows[table.name] = frame[frame["article_id"].isin(article_ids)]
    return rows


def with_found_titles(articles: pd.DataFrame, blocks: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Where the metadata give no title or author, those in the text."""
    found = articles.copy()
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    for column, kind in (("title", "title"), ("author", "byline")):
        words: dict[str, str] = {}
        lacking = found.loc[found[column].isna() & found["text"].notna(), "article_id"]
        plain = blocks[(blocks["kind"] == kind) & blocks["form"].isna()]  # no time of a live blog
        plain = plain[plain["article_id"].isin(lacking)]
        spans = (plain[c].tolist() for c in ("article_id", "start", "end"))
        for article_id, start, end in zip(*spans, strict=True):
            if article_id in words:
                continue
            line = " ".join(texts[article_id][start:end].split())
            if line := _author_of(line, language) if kind == "byline" else line:
                words[article_id] = line
        found[column] = found[column].fillna(found["article_id"].map(words).astype("string"))
    return found


@lru_cache(maxsize=1 << 12)
def _author_of(byline: str, language: Language) -> str:
    """Who wrote it, of a line that may say when instead."""
    name = language.patterns["byline_opening"].sub("", byline)
    if name == byline and find_date(byline):
        return ""
    return author_name(name) or ""


def nothing_to_read(folder: Path, problems: pd.DataFrame) -> str:
    skipped = "".join(f"\n  {p.file}: {p.message}" for p in problems.itertuples())
    remedy = "" if skipped else "; put web pages, PDF, Word, text, tables or a database's export there"
    return f"{folder}: holds no article that can be read{remedy}{skipped}"


def _missing(articles: pd.DataFrame, texts: Path) -> list[str]:
    return [
        f"{a.article_id} ({a.outlet}): its text is not in {texts}, and the study has no published annotations; "
        f"save the text there{f' (published at {a.url})' if isinstance(a.url, str) else ''}"
        for a in articles.itertuples()
    ]


def open_article(article: str, study: str | None = None) -> tuple[str, Tables, Codebook]:
    """An article's id, its tables and the codebook: a file's, annotated by the study's codebook, or one of the study's by its id.

    Of a file that holds several, `FILE:ID` names one. Raises StudyError where there is no such file or article, its text
    is missing, or the file holds several.
    """
    path, wanted = _file_and_id(article)
    if path.is_file():
        folder = find_study(study) if study else None
        language = load_settings(folder).language if folder else ENGLISH
        own = codebook_folder(folder) if folder else None
        made = annotate_folder(path, own, language)
        ids = made["articles"]["article_id"].tolist()
        if wanted in ids or len(ids) == 1:
            return wanted if wanted in ids else ids[0], made, load_codebook(own, language)
        few = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
        raise StudyError([f"{path}: holds {len(ids)} articles ({few}); name one, as in {path}:{ids[0]}"])
    if not study:
        raise StudyError(
            [f"{path}: no such file; to show an article of a study by its id, add --study STUDY"]
        )
    opened = open_study(study)
    made = dict(opened.tables)
    texts = made["articles"].set_index("article_id")["text"]
    if article not in texts.index:
        raise StudyError([f"{article}: no such article in {study}; there are {', '.join(texts.index)}"])
    if texts.isna()[article]:
        raise StudyError([f"{article}: its text is missing; save it into the study's articles/ first"])
    return article, made, opened.codebook


def _file_and_id(article: str) -> tuple[Path, str]:
    """A file, and which of its articles is meant, where that is said."""
    path = Path(article)
    name, _, wanted = article.rpartition(":")
    return (Path(name), wanted) if name and not path.exists() and Path(name).is_file() else (path, "")
