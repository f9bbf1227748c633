"""The tables: what one row is, its key and its columns, written down once.

A table is a pandas DataFrame. A column with one name means the same thing in every table.
Spans (`start`, `end` and every `..._start`, `..._end`) are Unicode code points in `articles.text`,
0-based, end-exclusive. Missing is `NA`, never "" or -1.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]  # where things are in another array
Tables = dict[str, pd.DataFrame]  # a study's tables by their names
TEXT, SPAN, NUMBER, FLAG = "string", "Int64", "Float64", "boolean"


@dataclass(frozen=True)
class Column:
    name: str
    dtype: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One kind of table: `row` says what a row is, `key` identifies it, `columns` in their order."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def make(self, rows: Iterable[Mapping[str, Any]] | pd.DataFrame = ()) -> pd.DataFrame:
        """A frame with exactly these columns and types, in the order given; missing columns are NA."""
        if isinstance(rows, pd.DataFrame):
            given, length = set(rows.columns), len(rows)
        else:
            rows = list(rows)
            given, length = set().union(*rows), len(rows)
        unknown = given - {c.name for c in self.columns}
        if unknown:
            raise ValueError(f"table {self.name}: unknown columns {sorted(unknown)}")
        missing = [pd.NA] * length
        return pd.DataFrame(
            {
                c.name: _values(rows, c) if c.name in given else pd.array(missing, c.dtype)
                for c in self.columns
            }
        )

    def of_tuples(self, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
        """`make` of rows that give the values of the first columns, as many in each."""
        names = [c.name for c in self.columns[: len(rows[0])]] if rows else None
        return self.make(pd.DataFrame(rows, columns=names))


def _values(rows: list[Mapping[str, Any]] | pd.DataFrame, column: Column) -> pd.api.extensions.ExtensionArray:
    if isinstance(rows, pd.DataFrame):
        given = rows[column.name]
        right = given.dtype == pd.api.types.pandas_dtype(column.dtype)  # as what is read back mostly is
        return given.array if right else given.astype(column.dtype).array
    return pd.array([row.get(column.name) for row in rows], column.dtype)


ARTICLE_ID = Column(
    "article_id", TEXT, "the article: the metadata's id, else the file's name without its ending"
)
SENTENCE_ID = Column("sentence_id", TEXT, "the sentence that holds the span's first character")
START = Column("start", SPAN, "first character of the span")
END = Column("end", SPAN, "character after the span's last")
VOICE = Column(
    "voice", TEXT, "author; quoted (inside quotation marks); reported (indirect speech); NA where voices mix"
)
SOURCE_ID = Column("source_id", TEXT, "the source that speaks; NA in the author's voice")
INDICATOR = Column("indicator", TEXT, "the codebook's indicator that fired")

ARTICLES = Table(
    "articles",
    "one published text",
    ("article_id",),
    (
        ARTICLE_ID,
        Column("outlet", TEXT, "who published it; NA where no metadata says"),
        Column("title", TEXT, "from the metadata, else from the text's title line"),
        Column("author", TEXT, "from the metadata, else from the byline"),
        Column("published", TEXT, "ISO 8601 date, may be a month (2025-02)"),
        Column("genre", TEXT, "kind of article, as the metadata says"),
        Column("url", TEXT, "where it was published"),
        Column("language", TEXT, "ISO 639-1 code"),
        Column("note", TEXT, "remark from the metadata"),
        Column("file", TEXT, "name of the file read; NA where the text is missing"),
        Column("sha256", TEXT, "hash of the text in UTF-8; of a study's text file, of the file's bytes"),
        Column("source", TEXT, "in a study: the file that the text was taken from; NA where that is `file`"),
        Column("place", TEXT, "where in that file, such as 2 of 100 or row 7; NA where it holds one article"),
        Column("source_sha256", TEXT, "hash of that file's bytes"),
        Column("format", TEXT, "format it was read from; NA for texts put into a study by hand"),
        Column(
            "clean",
            TEXT,
            "yes where the page's clutter was taken off when it was read; else lines are told apart",
        ),
        Column("found_in", TEXT, "where title, outlet and the others were found, such as `title: JSON-LD`"),
        Column("duplicate_of", TEXT, "the article whose near-duplicate it is; a study counts the two once"),
        Column("text", TEXT, "the text that all spans refer to; NA where it is missing"),
    ),
)
BLOCKS = Table(
    "blocks",
    "one line of an article, with its kind",
    ("article_id", "start"),
    (
        ARTICLE_ID,
        START,
        END,
        Column("kind", TEXT, "title, byline, deck, heading, body, credit or boilerplate"),
        Column(
            "form",
            TEXT,
            "what is set apart: quote (a block quote), post, entry (opens one of a live blog), question, answer, turn "
            "(of a transcript in which nobody asks); NA: running text",
        ),
    ),
)
SENTENCES = Table(
    "sentences",
    "one sentence of title, deck, heading or body",
    ("sentence_id",),
    (
        Column("sentence_id", TEXT, "article_id:s1, counted through the article"),
        ARTICLE_ID,
        START,
        END,
        Column(
            "paragraph", SPAN, "number of the paragraph in the article, from 1, title and headings counted"
        ),
        Column("kind", TEXT, "title, deck, heading or body"),
    ),
)
QUOTES = Table(
    "quotes",
    "one stretch of reported speech or writing",
    ("quote_id",),
    (
        Column("quote_id", TEXT, "article_id:q1, counted through the article"),
        ARTICLE_ID,
        SENTENCE_ID,
        Column("form", TEXT, "direct (full quoted sentences), mixed (quoted words in a sentence), indirect"),
        Column(
            "reported",
            TEXT,
            "what the attribution reports: speech; thought (believes that ...); act (supports the plan, rejects the offer)",
        ),
        Column("start", SPAN, "first character of all that is attributed, without attribution"),
        END,
        Column("break_start", SPAN, "where the attribution interrupts the quote; NA where it does not"),
        Column("break_end", SPAN, "where the quote goes on after the interruption"),
        Column("quoted_start", SPAN, "first character inside the quotation marks; NA for indirect"),
        Column("quoted_end", SPAN, "character after the last inside the quotation marks; NA for indirect"),
        Column("cue", TEXT, "the reporting words (said, according to)"),
        Column("cue_start", SPAN, "first character of the cue"),
        Column("cue_end", SPAN, "character after the cue"),
        Column("speaker", TEXT, "the source as written in this attribution"),
        Column("speaker_start", SPAN, "first character of `speaker`"),
        Column("speaker_end", SPAN, "character after `speaker`"),
        Column(
            "via",
            TEXT,
            "the medium by which the source is quoted, as written; NA where the article quotes itself",
        ),
        Column("via_start", SPAN, "first character of `via`"),
        Column("via_end", SPAN, "character after `via`"),
        SOURCE_ID,
        Column("rule", TEXT, "the attribution rule that found it"),
    ),
)
REFUSALS = Table(
    "refusals",
    "one refusal to answer, or silence when asked",
    ("article_id", "start", "end"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        START,
        END,
        Column("indicator", TEXT, "the codebook's words for a refusal that were found"),
        Column(
            "speaker",
            TEXT,
            "who gave no answer, as written in this sentence, several without their articles; NA where it does not say",
        ),
        Column("speaker_start", SPAN, "first character of `speaker`"),
        Column("speaker_end", SPAN, "character after `speaker`"),
    ),
)
SOURCES = Table(
    "sources",
    "one source in one article",
    ("source_id",),
    (
        Column("source_id", TEXT, "article_id:p1, in the order of first mention"),
        ARTICLE_ID,
        Column(
            "name",
            TEXT,
            "full name (the listed one where the article has the surname alone), or the description of an unnamed "
            "source; NA where the article gives none",
        ),
        Column(
            "person",
            TEXT,
            "the one name of the person or body in all articles; NA where the source has no name of its own",
        ),
        Column("description", TEXT, "what the article says the source is"),
        Column("role", TEXT, "a role of the codebook; other where none fits"),
        Column("side", TEXT, "a side of the codebook; unknown where none fits"),
        Column(
            "role_from",
            TEXT,
            "the article that tells the role, or persons.csv, where this one does not; NA where it does",
        ),
        Column(
            "side_from",
            TEXT,
            "the article that tells the side, or persons.csv, where this one does not; NA where it does",
        ),
        Column("named", FLAG, "a named person"),
        Column("expert", FLAG, "speaks from expertise, holds no office in a party to the talks"),
        Column("anonymity", TEXT, "named; described (office or group given, no name); anonymous"),
        Column("reason", TEXT, "the reason the article gives for anonymity"),
        Column(
            "nearness",
            TEXT,
            "how near to the matter an unnamed source is said to be (familiar with the talks)",
        ),
        Column("expertise", TEXT, "of experts: the kind, by the codebook; NA where the article does not say"),
        Column(
            "affiliation", TEXT, "of experts: the body they belong to, as written; NA where none is given"
        ),
        Column(
            "interest", TEXT, "of experts: the interest or funding told (a consultant for); NA where none is"
        ),
    ),
)
CAST = Table(
    "cast",
    "one person named in one article that quotes somebody",
    ("article_id", "name"),
    (
        ARTICLE_ID,
        Column("published", TEXT, "the article's date; NA where none is known"),
        Column("name", TEXT, "the fullest form of the name in this article"),
        Column("aliases", TEXT, "all forms in which the article has the name, joined by semicolons"),
        Column("role", TEXT, "the role that the article tells; NA where it tells none"),
        Column("side", TEXT, "the side that the article tells; NA where it tells none"),
    ),
)
PERSONS = Table(
    "persons",
    "one person in all articles",
    ("person",),
    (
        Column("person", TEXT, "the one name for the person in all articles"),
        Column("aliases", TEXT, "other forms of the name that articles use, joined by semicolons"),
        Column("role", TEXT, "the role that most articles tell; other where none does"),
        Column("side", TEXT, "the side that most articles tell; unknown where none does"),
        Column("roles", TEXT, "each role with the articles that tell it"),
        Column("sides", TEXT, "each side with the articles that tell it"),
        Column(
            "first_seen", TEXT, "date of the first article that names the person; NA where dates are missing"
        ),
        Column("last_seen", TEXT, "date of the last"),
        Column("articles", SPAN, "number of articles that name the person"),
        Column("quoted_in", SPAN, "number of articles in which the person is a source"),
    ),
)
FRAMES = Table(
    "frames",
    "one indicator of one frame",
    ("article_id", "frame", "start", "end", "indicator"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        Column("frame", TEXT, "code of the frame in the codebook"),
        START,
        END,
        INDICATOR,
        VOICE,
        SOURCE_ID,
    ),
)
STANCE = Table(
    "stance",
    "one position on one target",
    ("article_id", "sentence_id", "target", "stance", "start", "end"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        Column("target", TEXT, "code of the stance target in the codebook"),
        Column(
            "stance",
            TEXT,
            "favourable, unfavourable, neutral; or the target's own values (sincere, insincere)",
        ),
        START,
        END,
        INDICATOR,
        VOICE,
        SOURCE_ID,
    ),
)
SENTIMENT = Table(
    "sentiment",
    "one sentence's tone",
    ("sentence_id",),
    (
        Column("sentence_id", TEXT, "the sentence"),
        ARTICLE_ID,
        Column("score", NUMBER, "tone of the wording, -1 (negative) to 1 (positive)"),
        Column("label", TEXT, "negative, neutral or positive"),
        VOICE,
        SOURCE_ID,
    ),
)
ACTORS = Table(
    "actors",
    "one actor in one sentence and voice, with the attitude towards it",
    ("article_id", "actor", "start", "end"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        Column("actor", TEXT, "code of the actor in the codebook"),
        START,
        END,
        Column("label", TEXT, "attitude towards the actor: negative, neutral or positive"),
        VOICE,
        SOURCE_ID,
    ),
)
FACTS = Table(
    "facts",
    "one fact told in one sentence",
    ("sentence_id", "fact"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        Column("fact", TEXT, "code of the fact in the codebook"),
        START,
        END,
        Column("indicator", TEXT, "the codebook's indicator that fired, or the example that is alike"),
        VOICE,
        SOURCE_ID,
    ),
)
AGENCY = Table(
    "agency",
    "one deed, violence or a decision, and who is named as doing it",
    ("article_id", "start"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        START,
        END,
        Column("deed", TEXT, "violence or decision"),
        Column(
            "form", TEXT, "active, by (passive with `by`), passive (nobody named), noun (`the killing of`)"
        ),
        Column("agent", TEXT, "who does it, as written; NA where nobody is named in this form"),
        Column("agent_start", SPAN, "first character of `agent`"),
        Column("agent_end", SPAN, "character after `agent`"),
        Column("actor", TEXT, "code of the codebook's actor that `agent` names; NA where it names none"),
        VOICE,
        SOURCE_ID,
    ),
)
NAMINGS = Table(
    "namings",
    "one mention of one actor, with the name that it is given",
    ("article_id", "actor", "start"),
    (
        ARTICLE_ID,
        SENTENCE_ID,
        Column("actor", TEXT, "code of the actor in the codebook"),
        Column("name", TEXT, "the actor's name here with titles and the noun beside it, without possessive"),
        START,
        END,
        VOICE,
        SOURCE_ID,
    ),
)
LEARNED = Table(
    "learned",
    "one code that a learned coder gave",
    ("article_id", "sentence_id", "code"),
    (
        ARTICLE_ID,
        Column(
            "sentence_id", TEXT, "the sentence; NA where the coder learned from, and codes, whole articles"
        ),
        Column("code", TEXT, "one of those that the coder learned"),
        Column(
            "confidence", NUMBER, "that the text has the code, above 0 to 1, as among the texts learned from"
        ),
    ),
)
CODES = Table(
    "codes",
    "one code that one coder gave to one unit",
    ("coder", "unit", "variable", "value", "source_id"),
    (
        Column("unit", TEXT, "the sentence or source that was coded, by its id"),
        ARTICLE_ID,
        Column("variable", TEXT, "frames, sentiment, `stance on TARGET`, role or side"),
        Column("value", TEXT, "the code of the codebook"),
        Column(
            "start", SPAN, "first character of the evidence; NA where none was given or found in the text"
        ),
        Column("end", SPAN, "character after the evidence"),
        VOICE,
        SOURCE_ID,
        Column(
            "confidence", NUMBER, "0 to 1; of a model asked twice, the share of readings that gave the code"
        ),
        Column("coder", TEXT, "who gave it: rules, learned, model-NAME, or a person"),
    ),
)
PROBLEMS = Table(
    "problems",
    "one thing that was wrong with one input file",
    ("file", "message"),
    (
        Column("file", TEXT, "the file"),
        Column("message", TEXT, "what is wrong and how to mend it"),
        Column("severity", TEXT, "skipped (the article is left out) or warning"),
    ),
)
ACCOUNT = Table(
    "account",
    "one file that was given, and what became of its articles",
    ("file",),
    (
        Column("file", TEXT, "the file, as seen from the folder that was given"),
        Column("format", TEXT, "what it was recognised as; NA for a file that could not be read"),
        Column("announced", SPAN, "articles that the file says it holds; NA where it does not say"),
        Column("read", SPAN, "articles with a text"),
        Column("without_text", SPAN, "articles that it only lists"),
        Column("lost", SPAN, "articles announced that were neither read nor listed: an error"),
        Column("duplicates", SPAN, "of those read, texts that are there already; left out"),
        Column("near_duplicates", SPAN, "of those read, near-duplicates of others; kept, counted once"),
        Column("other_language", SPAN, "of those read, in another language; listed, not annotated"),
        Column("short", SPAN, "of those read, shorter than the length announced by a fifth or more"),
        Column("mended", SPAN, "places where damage was certain and was mended"),
        Column("remarks", TEXT, "what was left out and why, what was mended, and what looks wrong"),
    ),
)
SHEET = Table(
    "sheet",
    "one sentence for one coder to code",
    ("coder", "place"),
    (
        Column("number", TEXT, "its place in the sheet, such as 7 of 100"),
        Column("outlet", TEXT, "who published it; only where coders are to see it"),
        Column("before", TEXT, "the sentence before it in its article, to be read, not coded"),
        Column("sentence", TEXT, "the sentence to code, on one line"),
        Column("tone", TEXT, "negative, neutral or positive; empty means that the sentence is not coded"),
        Column("remarks", TEXT, "what the coder wants to say"),
        Column("study", TEXT, "name of the study"),
        Column("coder", TEXT, "who codes"),
        Column(
            "place",
            TEXT,
            "article, sentence, span and probability of being drawn, in signs not read at sight",
        ),
        Column("mark", TEXT, "hash of the sentence, by which a changed one is noticed"),
    ),
)
LEVEL, DRAWS = (
    0.95,
    10_000,
)  # of every interval from `low` to `high`: its level, and the resamples it comes from
TONES = ("negative", "neutral", "positive")
SHEET_TAB = "to code"  # the first tab of a workbook
SETTLED = "settled"  # stands for a coder where coders have settled what they differed on
OPEN = "?"  # in a sheet to settle: coders differ
FORMULA = ("=", "+", "-", "@", "\t", "\n")  # a spreadsheet takes what begins so for a formula

ANNOTATIONS = (
    BLOCKS,
    SENTENCES,
    QUOTES,
    REFUSALS,
    SOURCES,
    CAST,
    FRAMES,
    STANCE,
    SENTIMENT,
    ACTORS,
    FACTS,
    AGENCY,
    NAMINGS,
)
ALL = (ARTICLES, *ANNOTATIONS, PERSONS, PROBLEMS, ACCOUNT)


def rows_by_article(table: pd.DataFrame, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each article as tuples of these columns, articles and rows in the table's order.

    What loops over an article's rows takes them from here: a frame for each article takes longer than the loop.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for article_id, *row in zip(*(table[c].tolist() for c in ("article_id", *columns)), strict=True):
        rows.setdefault(article_id, []).append(tuple(row))
    return rows


def rows_of_articles(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, pd.DataFrame]]:
    """The rows of each article in each table that has articles, by the article's id; found in one pass over each table."""
    ids = list(tables["articles"]["article_id"])
    of: dict[str, dict[str, pd.DataFrame]] = {article_id: {} for article_id in ids}
    for name, frame in tables.items():
        if "article_id" in frame:
            places = frame.groupby("article_id", sort=False).indices
            for article_id in ids:
                own = places.get(article_id, ())
                together = len(own) and own[-1] - own[0] + 1 == len(own)  # then a slice, which copies nothing
                of[article_id][name] = frame.iloc[own[0] : own[-1] + 1] if together else frame.iloc[list(own)]
    return of


def unit_name(column: str) -> str:
    """What a column's values identify, in plain words: quote_id quotes, who sources."""
    return "sources" if column == "who" else f"{column.removesuffix('_id')}s"


def split_at_breaks(quotes: pd.DataFrame) -> pd.DataFrame:
    """The quotes with a row for each piece of those that their attribution interrupts, and no break any more.

    `"We are ready," she said, "to talk."` is one quote of two pieces; rows keep their other columns and their index.
    """
    broken = quotes["break_start"].notna().to_numpy()
    if not broken.any():
        return quotes
    row = np.repeat(np.arange(len(quotes)), 1 + broken)  # those that are broken twice, one after the other
    second = np.append(False, row[1:] == row[:-1])
    first = np.append(second[1:], False)
    pieces = quotes.iloc[row]
    stop, go_on = pieces["break_start"].where(first), pieces["break_end"].where(second)
    quoted_start, quoted_end = pieces["quoted_start"], pieces["quoted_end"]
    quoted_start = quoted_start.mask((quoted_start < go_on).fillna(False), go_on)
    quoted_end = quoted_end.mask((quoted_end > stop).fillna(False), stop)
    unquoted = (quoted_start >= quoted_end).fillna(True)
    return pieces.assign(
        start=go_on.fillna(pieces["start"]),
        end=stop.fillna(pieces["end"]),
        quoted_start=quoted_start.mask(unquoted),
        quoted_end=quoted_end.mask(unquoted),
        break_start=stop.mask(first),
        break_end=go_on.mask(second),
    )


def sheet_columns(frames: Iterable[str], targets: Iterable[str]) -> list[str]:
    """The columns of a coding sheet in their order; those of the codebook's frames and targets before the remarks."""
    names = [c.name for c in SHEET.columns]
    place = names.index("remarks")
    codes = [f"frame: {code}" for code in frames] + [f"stance: {code}" for code in targets]
    return [*names[:place], *codes, *names[place:]]


class SheetPlace(NamedTuple):
    """Where a sheet's sentence is; `probability`: of being drawn, above 0 to 1; its inverse weights shares back."""

    sentence_id: str
    start: int
    end: int
    probability: float

    def as_sign(self) -> str:
        """In letters and digits that do not show a coder the article or the outlet; no secret, for it has no key."""
        words = f"{self.start} {self.end} {self.probability!r} {self.sentence_id}"
        return "p" + b32encode(words.encode()).decode().rstrip("=").lower()

    @classmethod
    def from_sign(cls, sign: str) -> SheetPlace | None:
        """What `as_sign` gave; None where it is something else."""
        try:
            words = b32decode(sign[1:].upper() + "=" * (-len(sign[1:]) % 8)).decode()
            start, end, probability, sentence_id = words.split(" ", 3)
            place = cls(sentence_id, int(start), int(end), float(probability))
        except ValueError:
            return None
        return place if place.as_sign() == sign.strip().lower() and 0 < place.probability <= 1 else None


class TableSet(Mapping[str, pd.DataFrame]):
    """Tables by their names, each taken from the mapping that has it when it is asked for.

    Shows how many rows each has and what one of them is, not the rows.
    """

    def __init__(self, *groups: Mapping[str, pd.DataFrame]) -> None:
        self._homes = {name: group for group in groups for name in group}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._homes[name][name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)

    def overview(self) -> list[tuple[str, str, str]]:
        """Each table's name, number of rows, and what one row is."""
        rows = {table.name: table.row for table in ALL}
        return [(name, f"{len(frame):,}", rows.get(name, "")) for name, frame in self.items()]

    def __repr__(self) -> str:
        return "\n".join(f"{name:<10} {n:>9}  {row}" for name, n, row in self.overview())

    def _repr_html_(self) -> str:
        return small_table("Tables", ("table", "rows", "one row is"), self.overview())


def small_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of words as an HTML table, every word escaped; the first of each row is its head."""
    left = ' style="text-align:left"'  # JupyterLab sets all cells to the right
    heads = "".join(f'<th scope="col"{left}>{escape(word)}</th>' for word in head)
    body = "".join(
        f'<tr><th scope="row"{left}>{escape(first)}</th>'
        + "".join(f"<td{left}>{escape(word)}</td>" for word in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f"<table><caption{left}>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def harmless(value: object) -> object:
    """A cell with an apostrophe in front where a spreadsheet would compute it, or where the text has one itself.

    Numbers stay numbers. Of line breaks only the plain one is left: after a lone return the next words would be a
    cell of their own. See OWASP on CSV injection; `as_meant` takes the apostrophe off.
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


_HARMLESS = tuple(f"'{sign}" for sign in (*FORMULA, "'"))


def as_meant(cell: str) -> str:
    """The text that `harmless` made a cell of; any other text as it is."""
    return cell[1:] if cell.startswith(_HARMLESS) else cell


def harmless_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with every text as `harmless` has it, to be written as CSV."""
    words = frame.select_dtypes(["object", "string", "category"]).columns
    return frame.assign(**{c: frame[c].astype("object").map(harmless) for c in words})


def write_csv(table: Table, frame: pd.DataFrame, path: Path) -> None:
    """Write the table for people and version control: flags as yes and no, numbers to four places, texts `harmless`."""
    flags = {c.name: frame[c.name].map({True: "yes", False: "no"}) for c in table.columns if c.dtype == FLAG}
    harmless_cells(frame.assign(**flags)).to_csv(path, index=False, float_format="%.4f", lineterminator="\n")


def load_csv(table: Table, path: Path | BinaryIO) -> pd.DataFrame:
    """Read what `write_csv` wrote."""
    frame = pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""])
    for column in (c for c in table.columns if c.name in frame):
        if column.dtype == FLAG:
            frame[column.name] = frame[column.name].map({"yes": True, "no": False})
        elif column.dtype in (SPAN, NUMBER):
            frame[column.name] = pd.to_numeric(frame[column.name])
        else:
            frame[column.name] = frame[column.name].map(as_meant, na_action="ignore")
    return table.make(frame)
