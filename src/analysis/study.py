"""A study: a folder with articles, their metadata, a codebook, human coding, and the tables made from them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from html import escape
from os.path import basename, splitext
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.codebook import Codebook
from analysis.dates import days_come_first, find_date
from analysis.language import ENGLISH, Language, LanguageError, is_language, load_language
from analysis.outside import MAX_COLUMNS, decode_table, load_bytes
from analysis.tables import TableSet, as_meant
from analysis.yaml_places import Place, compose, load_yaml_text, read_shaped, yaml_fault

METADATA = "articles.csv"
ACCOUNT = "account.csv"
SETTINGS = "study.yml"
METADATA_COLUMNS = (
    *("article_id", "file", "sha256", "outlet", "title", "author"),
    *("published", "genre", "url", "language", "note"),
    *("source", "place", "source_sha256", "format", "clean", "found_in", "duplicate_of"),
)
_SHAPE: dict[str, Any] = {
    **dict.fromkeys(("title", "question", "notice", "target", "language", "near_duplicates"), str),
    "coders": dict.fromkeys(("frames", "stance", "sentiment", "role", "side"), str),
    "developed": [str],
}
_NEAR_DUPLICATES = ("once", "each")


class StudyError(ValueError):
    """A study's folder, settings or metadata have faults; the message lists them all, one a line."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))

    def __reduce__(self) -> tuple[type[StudyError], tuple[list[str]]]:
        """So that it comes back from another process as it was."""
        return type(self), (self.faults,)


@dataclass(frozen=True)
class Settings:
    """What `study.yml` says: all of it optional."""

    title: str = ""
    question: str = ""
    notice: str = ""  # shown on top of every page and under every chart, e.g. that a study is invented
    target: str = ""  # the stance target that notebook 05 asks about; without one it asks about none
    language: str = ENGLISH  # of the articles: the name of one that comes along, or another's folder
    near_duplicates: str = "once"  # editions and agency copy are counted once, or each
    coders: Mapping[str, str] = field(default_factory=dict)  # whose codes count, by variable
    developed: Sequence[str] = ()  # coders that were developed on what people coded here


@dataclass(frozen=True, eq=False)
class Study:
    """One study, opened: its settings, its codebook and its tables (see `analysis.tables`).

    `coding` holds the human coding, one frame for each file in `coding/`, by the file's name.
    """

    name: str
    folder: Path
    settings: Settings
    codebook: Codebook
    tables: Mapping[str, pd.DataFrame]
    coding: Mapping[str, pd.DataFrame]
    excerpts: int | None = None  # at most so many words of a sentence are quoted; None: all
    figures: Path | None = None  # the folder for charts, if not the study's own (see `figures_folder`)
    web_charts: bool = False  # charts are saved for dark pages and for phones, too

    articles = property(lambda self: self.tables["articles"], doc="one published text a row")
    blocks = property(lambda self: self.tables["blocks"], doc="one line of an article a row")
    sentences = property(lambda self: self.tables["sentences"], doc="one sentence a row")
    quotes = property(lambda self: self.tables["quotes"], doc="one stretch of reported speech a row")
    refusals = property(lambda self: self.tables["refusals"], doc="one refusal to answer a row")
    sources = property(lambda self: self.tables["sources"], doc="one source of one article a row")
    cast = property(lambda self: self.tables["cast"], doc="one person named in one article a row")
    persons = property(lambda self: self.tables["persons"], doc="one person in all articles a row")
    frames = property(lambda self: self.tables["frames"], doc="one indicator of one frame a row")
    stance = property(lambda self: self.tables["stance"], doc="one position on one target a row")
    sentiment = property(lambda self: self.tables["sentiment"], doc="one sentence's tone a row")
    actors = property(lambda self: self.tables["actors"], doc="one actor in one sentence and voice a row")
    agency = property(lambda self: self.tables["agency"], doc="one deed a row, with who is named as doing it")
    namings = property(lambda self: self.tables["namings"], doc="one mention of one actor a row")
    facts = property(lambda self: self.tables["facts"], doc="one fact told in one sentence a row")
    account = property(
        lambda self: self.tables["account"], doc="one file that was given a row, and what became of it"
    )
    problems = property(lambda self: self.tables["problems"], doc="one fault of an input file a row")

    def __repr__(self) -> str:
        return f"<Study {self.title!r}: {self._counts()}>"

    @property
    def title(self) -> str:
        return self.settings.title or self.name

    @property
    def language(self) -> Language:
        """The language of its articles."""
        return load_language(self.settings.language)

    @property
    def outlets(self) -> list[str]:
        """The outlets in the order of the metadata: the order and colour in every chart."""
        return list(dict.fromkeys(self.articles["outlet"].dropna()))

    @property
    def figures_folder(self) -> Path:
        """Where charts are saved: `figures/<study>/` beside `data/`; for a study that lies elsewhere `figures/` inside it."""
        if self.figures:
            return self.figures
        if self.folder.parent.name == "data":
            return self.folder.parent.parent / "figures" / self.folder.name
        return self.folder / "figures"

    @property
    def missing(self) -> pd.DataFrame:
        """The articles whose texts are not here; their annotations are the published ones."""
        return self.articles[self.articles["text"].isna()]

    @property
    def left_out(self) -> pd.DataFrame:
        """The problems for which a file with an article's text was left out."""
        return self.problems[self.problems["severity"] == "skipped"]

    @property
    def notice(self) -> str:
        """What every page and chart must say of this study; empty where there is nothing to say."""
        parts = [self.settings.notice.strip()] if self.settings.notice else []
        if len(self.missing):
            which = "; ".join(
                f"{a.outlet} ({a.url if isinstance(a.url, str) else a.article_id})"
                for a in self.missing.itertuples()
            )
            parts.append(
                f"The texts of {len(self.missing)} of {len(self.articles)} articles are not here. Numbers come "
                "from the published annotations, and places are named instead of sentences. To see the sentences, save "
                f"each article as a text file into data/{self.folder.name}/articles and make the report again: {which}."
            )
        if len(self.left_out):
            few = "; ".join(f"{p.file} {p.message}" for p in self.left_out.head(3).itertuples())
            more = (
                f"; and {len(self.left_out) - 3} more, which page 01 lists" if len(self.left_out) > 3 else ""
            )
            what = "1 file is" if len(self.left_out) == 1 else f"{len(self.left_out)} files are"
            parts.append(f"{what} left out of every number: {few}{more}.")
        return " ".join(parts)

    def with_outlet(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with its articles' outlet as a further column."""
        outlets = self.articles[["article_id", "outlet"]]
        return table.merge(outlets, on="article_id", how="left", validate="many_to_one")

    def _repr_html_(self) -> str:
        facts = "".join(
            f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in self._facts().items() if words
        )
        title = f"<p><b>{escape(self.title)}</b><br>{escape(self.settings.question)}</p>"
        tables = f'<details class="long"><summary>Its {len(self.tables)} tables</summary>{TableSet(self.tables)._repr_html_()}</details>'
        return f"{title}<dl>{facts}</dl>{tables}"

    def _facts(self) -> dict[str, str]:
        """What there is of the study, in words."""
        articles = self.articles["outlet"].value_counts()
        texts = f"{len(self.missing)} of {len(self.articles)} texts; their published annotations are used"
        coding = ", ".join(f"{name} ({len(frame):,})" for name, frame in self.coding.items())
        return {
            "Outlets": ", ".join(f"{outlet} ({articles[outlet]})" for outlet in self.outlets),
            "Holds": self._counts(),
            "Codebook": str(self.codebook),
            "Coding": coding or "none: nothing the machine found is validated",
            "Missing": texts if len(self.missing) else "",
            "Problems": f"{len(self.problems)}; see `problems`" if len(self.problems) else "",
            "Notice": self.settings.notice.strip(),
        }

    def _counts(self) -> str:
        counts = {"articles": f" of {len(self.outlets)} outlets", "sentences": "", "quotes": ""}
        return ", ".join(f"{len(self.tables[name]):,} {name}{of}" for name, of in counts.items())


def find_study(name: str | Path) -> Path:
    """The folder of a study given as a path or as its name under a `data/` folder here or above.

    Raises StudyError where there is none.
    """
    path = Path(name).expanduser()
    if path.is_dir() and not _is_hidden(path.resolve()):
        return path.resolve()
    places = [root / "data" / path for root in (Path.cwd(), *Path.cwd().parents)]
    for place in places:
        if len(path.parts) == 1 and place.is_dir() and not _is_hidden(place):
            return place.resolve()
    folders = sorted(data_folder().iterdir()) if data_folder().is_dir() else []
    known = [folder.name for folder in folders if folder.is_dir() and not _is_hidden(folder)]
    hint = f"; studies here: {', '.join(known)}" if known else ""
    raise StudyError(
        [f"{name}: no such study (neither a folder nor a name under {data_folder().resolve()}){hint}"]
    )


def how_found(folder: Path) -> str:
    """What `find_study` takes for a study's folder: its name under the nearest `data/`, elsewhere its path."""
    return folder.name if folder.parent == data_folder().resolve() else str(folder)


def _is_hidden(folder: Path) -> bool:
    """Such as what a killed run left: never a study."""
    return folder.name.startswith(".")


def codebook_folder(study: Path) -> Path | None:
    """The study's own codebook; None, which means the general one, where it has none."""
    return study / "codebook" if (study / "codebook").is_dir() else None


def data_folder() -> Path:
    """The nearest `data/` folder here or above."""
    for root in (Path.cwd(), *Path.cwd().parents):
        if (root / "data").is_dir():
            return root / "data"
    return Path.cwd() / "data"


def list_studies() -> list[str]:
    """The names of the studies under `data/`."""
    folders = (path for path in sorted(data_folder().iterdir()) if not _is_hidden(path))
    return [path.name for path in folders if (path / "articles").is_dir()]


def load_settings(folder: Path) -> Settings:
    """The study's `study.yml`; defaults where it has none. Raises StudyError."""
    path = folder / SETTINGS
    if not path.exists():
        return Settings()
    try:
        text = load_yaml_text(path)
        node = compose(text)
    except UnicodeDecodeError:
        raise StudyError([f"{path}: not UTF-8; save it as plain text in UTF-8"]) from None
    except yaml.YAMLError as error:
        line, wrong = yaml_fault(error, text)
        raise StudyError([f"{path}, line {line}: not valid YAML ({wrong})"]) from None
    if node is None:
        return Settings()
    faults: list[str] = []

    def report(place: Place, said: str, _severity: str) -> None:
        faults.append(f"{place.file}, line {place.line}: {said}")

    given = read_shaped(node, _SHAPE, str(path), report)
    if faults:
        raise StudyError(faults)
    settings = Settings(**given.plain())
    if settings.near_duplicates not in _NEAR_DUPLICATES:
        raise StudyError(
            [f"{path}: near_duplicates: write `once` or `each`, not '{settings.near_duplicates}'"]
        )
    return replace(settings, language=_language(settings.language, path))


def _language(name: str, path: Path) -> str:
    """The language as `load_language` takes it; a folder may be given as seen from the study's."""
    own = path.parent / name
    found = str(own) if is_language(own) else name
    try:
        load_language(found)
    except LanguageError as error:
        raise StudyError([f"{path}: language: {error}"]) from None
    return found


def load_metadata(path: Path) -> pd.DataFrame:
    """The rows of `articles.csv` as written, checked; `line` is the row's line in the file.

    Raises StudyError with every fault of the file: unknown columns, bad dates, rows that name neither a file
    nor a content, two rows of one file, one outlet spelt two ways.
    """
    metadata, faults = read_metadata(path)
    if faults:
        raise StudyError(faults)
    return metadata


def read_metadata(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """As `load_metadata`, with the faults beside what could be read all the same.

    Raises StudyError where the rows cannot be read: no CSV, or not its columns.
    """
    columns, rows = _csv_rows(path)
    if faults := _column_faults(path, columns):
        raise StudyError(faults)
    day_first = days_come_first([row.get("published") or "" for row in rows])
    for row in rows:
        if None in row:
            message = "more fields than columns; put text with commas in quotes"
            faults.append(f"{path}, line {row['line']}: {message}")
    given, lacking = [c for c in METADATA_COLUMNS if c in columns], dict.fromkeys(METADATA_COLUMNS)
    rows = [
        {**lacking, **{c: as_meant((row[c] or "").strip()) or None for c in given}, "line": row["line"]}
        for row in rows
    ]
    for row in rows:
        row["published"] = _as_iso(row["published"], day_first)
    faults += [fault for row in rows for fault in _row_faults(path, row)]
    faults += [
        fault for column in ("file", "sha256", "article_id") for fault in _repeated(path, rows, column)
    ]
    faults += _outlets_spelt_two_ways(path, rows)
    for row in rows:
        row["article_id"] = row["article_id"] or splitext(basename(row["file"] or ""))[0] or None
        row["sha256"] = row["sha256"].lower() if row["sha256"] else None
    return pd.DataFrame(rows, columns=[*METADATA_COLUMNS, "line"]), faults


_SEPARATOR = re.compile(r"(?i)sep=(.)[^\n]*\r?\n")


def _csv_rows(path: Path) -> tuple[Sequence[str], list[dict[Any, Any]]]:
    """The columns of a CSV file and its rows, each with its `line`; what has no column is under None.

    As spreadsheets give them back: names in any capitals, empty columns at the end, `sep=;` above them, which Excel reads.
    """
    text, delimiter = load_csv_text(path, otherwise="cp1252")
    above = _SEPARATOR.match(text)
    if above:
        text, delimiter = text[above.end() :], above[1]
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
        rows: list[dict[Any, Any]] = [{**row, "line": reader.line_num + bool(above)} for row in reader]
    except csv.Error as error:
        raise StudyError([f"{path}: not a CSV file ({error})"]) from None
    if not any(row.get("") for row in rows):
        reader.fieldnames = [name for name in reader.fieldnames if name]
    return reader.fieldnames, [row for row in rows if any(v for k, v in row.items() if k != "line")]


@dataclass
class CsvTable:
    """A CSV file whose cells are kept as they are written, to be changed here and there: `opening` is a line `sep=;`."""

    opening: str
    delimiter: str
    columns: list[str]
    rows: list[list[str]]

    @classmethod
    def load(cls, path: Path) -> CsvTable:
        """Raises StudyError where the file is no CSV."""
        text, delimiter = load_csv_text(path, otherwise="cp1252")
        opening = ""
        if above := _SEPARATOR.match(text):
            text, delimiter, opening = text[above.end() :], above[1], above[0]
        try:
            lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if line]
        except csv.Error as error:
            raise StudyError([f"{path}: not a CSV file ({error})"]) from None
        return cls(opening, delimiter, lines[0] if lines else [], lines[1:])

    def replace(self, column: str, values: Mapping[str, str]) -> None:
        """Put other values into a column, where the cell is one of those given."""
        at = self._names().index(column)
        for row in self.rows:
            if at < len(row) and row[at].strip() in values:
                row[at] = values[row[at].strip()]

    def add(self, cells: pd.DataFrame) -> None:
        """Add rows below, by the names of the columns; what the file has no column for gets one."""
        names = self._names()
        wanted = [c for c in METADATA_COLUMNS if c in cells and (c in names or cells[c].notna().any())]
        self.columns += [c for c in wanted if c not in names and c != "sha256"]
        names = self._names()
        for given in cells.to_dict("records"):
            self.rows.append([str(v) if pd.notna(v := given.get(name, pd.NA)) else "" for name in names])

    def write(self, path: Path) -> None:
        """In UTF-8 with the mark that spreadsheets know it by."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(self.opening)
            csv.writer(file, delimiter=self.delimiter, lineterminator="\n").writerows(
                [self.columns, *self.rows]
            )

    def _names(self) -> list[str]:
        return [name.strip().lower() for name in self.columns]


def _column_faults(path: Path, columns: Sequence[str]) -> list[str]:
    where = f"{path}, line 1"
    faults = [_unknown(where, "column", c, METADATA_COLUMNS) for c in columns if c not in METADATA_COLUMNS]
    if not {"file", "sha256"} & set(columns):
        faults.append(f"{where}: needs a column `file` (the article's file name) or `sha256`")
    if "outlet" not in columns:
        faults.append(f"{where}: needs a column `outlet`")
    return faults


def load_csv_text(path: Path, otherwise: str = "") -> tuple[str, str]:
    """A CSV file's text, and the sign between its cells (see `decode_table`). Raises StudyError."""
    try:
        text, delimiter = decode_table(load_bytes(path), otherwise)
    except UnicodeDecodeError:
        raise StudyError([f"{path}: not UTF-8; save it as CSV in UTF-8 (in Excel: `CSV UTF-8`)"]) from None
    if next(iter(text.splitlines()), "").count(delimiter) >= MAX_COLUMNS:
        raise StudyError([f"{path}, line 1: has more than {MAX_COLUMNS:,} columns; name a table"])
    return text, delimiter


def _unknown(where: str, what: str, name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
    return f"{where}: unknown {what} `{name}`; {hint}"


def _row_faults(path: Path, row: dict[str, Any]) -> list[str]:
    where, faults = f"{path}, line {row['line']}", []
    if not row["file"] and not row["sha256"]:
        faults.append(f"{where}: names no file; put the article's file name into `file` or remove the row")
    if not row["outlet"]:
        faults.append(f"{where}: has no outlet; say who published it")
    if row["published"] and not _is_iso_date(row["published"]):
        faults.append(
            f"{where}: published '{row['published']}' is not an ISO date (2025-02-13, 2025-02 or 2025)"
        )
    if row["sha256"] and not re.fullmatch(r"[0-9a-fA-F]{64}", row["sha256"]):
        faults.append(f"{where}: sha256 must be 64 hexadecimal digits; leave it empty if unknown")
    return faults


def _as_iso(day: str | None, day_first: bool | None) -> str | None:
    """The date as ISO 8601 where a spreadsheet wrote it in another form that has one meaning; else as it is."""
    if day is None or _is_iso_date(day) or re.fullmatch(r"\d\d?[./-]\d\d?[./-]\d\d", day):
        return day
    if short := re.fullmatch(r"([^\W\d_]{3,9}\.?)-(\d\d)", day):  # Excel writes 2025-02 as Feb-25
        return find_date(f"{short[1]} 20{short[2]}") or day
    return find_date(day, day_first=day_first) or day


@lru_cache(maxsize=1 << 12)
def _is_iso_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _repeated(path: Path, rows: list[dict[str, Any]], column: str) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        value = row[column]
        if value and value in first:
            faults.append(
                f"{path}, line {row['line']}: {column} '{value}' is on line {first[value]}, too; keep one of them"
            )
        elif value:
            first[value] = row["line"]
    return faults


def _outlets_spelt_two_ways(path: Path, rows: list[dict[str, Any]]) -> list[str]:
    first: dict[str, tuple[str, int]] = {}
    plain = {outlet: _plain(outlet) for outlet in {row["outlet"] for row in rows} if outlet}
    faults = []
    for row in rows:
        if not row["outlet"]:
            continue
        spelling, line = first.setdefault(plain[row["outlet"]], (row["outlet"], row["line"]))
        if spelling != row["outlet"]:
            faults.append(
                f"{path}, line {row['line']}: outlet '{row['outlet']}' is '{spelling}' on line {line}; "
                "spell it one way"
            )
    return faults


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"^the|[\W_]", "", "".join(c for c in letters if not unicodedata.combining(c)))
