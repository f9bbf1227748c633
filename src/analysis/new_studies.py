"""A study begun from whatever a person has: each article as a text of its own, one CSV to fill in, one account."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis import store, tables
from analysis.language import load_language
from analysis.parse.document import block_table, parse
from analysis.read.articles import are_in, read_articles
from analysis.read.intake import Intake, take_in
from analysis.read.metadata import host_of, plain_name
from analysis.studies import load_account, nothing_to_read, with_found_titles
from analysis.study import (
    ACCOUNT,
    METADATA,
    METADATA_COLUMNS,
    SETTINGS,
    CsvTable,
    StudyError,
    data_folder,
    find_study,
    load_settings,
    read_metadata,
)

UNKNOWN = "unknown outlet"  # stands in a first report for whoever is not known to have published an article
ALMOST_ALIKE = 90  # rapidfuzz ratio of two outlets' names, 0..100, from which on one of them may be a slip
_SETTINGS = """\
title: {name}
# question: What is compared, in one sentence?
# target: CODE  (the stance target of the codebook that the study asks about; without it no page asks about stance)
"""
_LONGEST_NAME = 120  # bytes; some systems allow 143
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


@dataclass(frozen=True)
class NewStudy:
    """`folder`: where it is; `articles`: one published text a row; `outlets_alike`: spellings of one outlet, each group."""

    folder: Path
    articles: pd.DataFrame
    problems: pd.DataFrame
    account: pd.DataFrame
    outlets_alike: list[list[str]]
    again: int = 0  # files that were not read, since the study has their articles

    @property
    def without_outlet(self) -> int:
        """How many articles nobody is known to have published."""
        return int(self.articles["outlet"].isna().sum())

    @property
    def counted(self) -> pd.DataFrame:
        """The articles that a study counts: without near-duplicates."""
        return self.articles[self.articles["duplicate_of"].isna()]

    @property
    def lost(self) -> int:
        """How many articles the files announced that they do not hold."""
        return int(self.account["lost"].sum())


def new_study(
    name: str,
    place: Path,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    join_outlets: bool = False,
    outlet_for_all: bool = False,
) -> NewStudy:
    """Make `data/NAME` from a file or a folder of files: the texts, an articles.csv to fill in, an account.

    Each text is kept in UTF-8 under its article's id, with its source's name, place in it and hash in articles.csv; the
    files themselves stay as they are. `join_outlets` gives one spelling to outlets spelt two ways; `outlet_for_all` names
    an article after its address's host, or `unknown outlet`, where nothing says who published it.

    Raises StudyError where the study is there already or nothing can be read.
    """
    if not re.fullmatch(r"\w[\w .-]*", name):
        raise StudyError(
            [f"'{name}' is no name for a study; use letters, digits, hyphens, such as trade-talks"]
        )
    if not place.exists():
        raise StudyError([f"{place}: no such file or folder of articles"])
    folder = data_folder() / name
    if folder.exists():
        raise StudyError(
            [
                f"{folder}: is there already; choose another name, or put the files into it: "
                f"`media-analysis new {name} --articles {place} --add`"
            ]
        )
    language = load_language()
    taken = take_in(place, language, on_progress)
    articles = taken.articles[are_in(taken.articles, language)].reset_index(drop=True)
    if articles.empty:
        raise StudyError([nothing_to_read(place, taken.problems)])
    articles = with_found_titles(articles, block_table(parse(articles, language)), language)
    alike = find_outlets_alike(articles["outlet"].dropna())
    if join_outlets:
        articles["outlet"] = articles["outlet"].replace(_one_spelling(alike))
        alike = []
    if outlet_for_all:
        articles["outlet"] = _outlets_for_all(articles)
    articles = articles.assign(source=articles["file"], file=_file_names(articles["article_id"]))
    with store.replaced(folder) as new:
        (new / "articles").mkdir(parents=True)
        for file, text in zip(articles["file"], articles["text"], strict=True):
            (new / "articles" / file).write_bytes(text.encode())
        columns = [c for c in METADATA_COLUMNS if c != "sha256"]
        cells = _cells(articles)[columns]
        cells.to_csv(new / METADATA, index=False, encoding="utf-8-sig", lineterminator="\n")
        tables.write_csv(tables.ACCOUNT, taken.account, new / ACCOUNT)
        (new / SETTINGS).write_text(_SETTINGS.format(name=name), encoding="utf-8")
    return NewStudy(folder, articles, taken.problems, taken.account, alike)


def add_to_study(
    name: str,
    place: Path | None,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    join_outlets: bool = False,
) -> NewStudy:
    """Put the articles of more files into a study that is there.

    Its texts, the rows of its articles.csv, its coding stay as they are; new rows, texts and lines of the account are
    added, with ids and file names of their own. A file that articles came from before is not read again; what the study
    has already is left out. `join_outlets` gives outlets spelt two ways their more frequent spelling, in all rows.

    Raises StudyError where there is no such study, its articles.csv cannot be read, or the files hold no article.
    """
    folder = find_study(name)
    path, settings = folder / METADATA, load_settings(folder)
    if not path.exists():
        raise StudyError(
            [f"{path}: is not there; a study whose texts have no table takes them in articles/ itself"]
        )
    language = load_language(settings.language)
    metadata, _ = read_metadata(path)
    known, problems, _ = read_articles(folder / "articles", metadata, language)
    account = load_account(folder, known, problems)
    taken = Intake(tables.ARTICLES.make(), tables.PROBLEMS.make(), tables.ACCOUNT.make())
    if place is not None:
        taken = take_in(place, language, on_progress, known)
    articles = taken.articles[are_in(taken.articles, language)].reset_index(drop=True)
    if place is not None and articles.empty and not taken.again and not taken.account["duplicates"].sum():
        raise StudyError([nothing_to_read(place, taken.problems)])
    articles = with_found_titles(articles, block_table(parse(articles, language)), language)
    files = _file_names(articles["article_id"], {path.name for path in (folder / "articles").glob("*")})
    articles = articles.assign(source=articles["file"], file=files)
    everyone = pd.concat([metadata["outlet"].astype("string"), articles["outlet"]]).dropna()
    alike = find_outlets_alike(everyone)
    table = CsvTable.load(path)
    if join_outlets:
        table.replace("outlet", _one_spelling(alike))
        articles["outlet"] = articles["outlet"].replace(_one_spelling(alike))
        alike = []
    table.add(_cells(articles))
    (folder / "articles").mkdir(exist_ok=True)
    with store.filled(folder / "articles") as new:
        for file, text in zip(articles["file"], articles["text"], strict=True):
            (new / file).write_bytes(text.encode())
    more = _with_names_of_their_own(taken.account, account["file"])
    with store.filled(folder) as new:
        tables.write_csv(tables.ACCOUNT, pd.concat([account, more], ignore_index=True), new / ACCOUNT)
        table.write(new / METADATA)
    return NewStudy(folder, articles, taken.problems, taken.account, alike, taken.again)


def _with_names_of_their_own(account: pd.DataFrame, taken: Collection[str]) -> pd.DataFrame:
    """The account with a number behind the names of files that an account has already."""
    names: list[str] = []
    for file in account["file"]:
        name, n = file, 2
        while name in {*taken, *names}:
            name, n = f"{file} ({n})", n + 1
        names.append(name)
    return account.assign(file=pd.array(names, "string"))


def _one_spelling(alike: list[list[str]]) -> dict[str, str]:
    """For each other spelling of an outlet the most frequent one."""
    return {other: one for one, *others in alike for other in others}


_NUMBERS_OR_DAYS = re.compile(r"[\d\W_]+|\d+[eE]\d+")


def _cells(articles: pd.DataFrame) -> pd.DataFrame:
    """The rows as CSV has them; an id that a spreadsheet would rewrite is left to the file's name, which says the same."""
    ids, files = articles["article_id"], articles["file"]
    risky = [
        bool(_NUMBERS_OR_DAYS.fullmatch(i)) and Path(f).stem == i for i, f in zip(ids, files, strict=True)
    ]
    return tables.harmless_cells(articles.assign(article_id=ids.mask(pd.Series(risky, ids.index, bool))))


def find_outlets_alike(outlets: Collection[str]) -> list[list[str]]:
    """Spellings of one outlet that differ in capitals, marks, accents or `the`, the most frequent of each group first."""
    counts = Counter(outlets)
    groups: dict[str, list[str]] = {}
    for outlet in sorted(counts, key=lambda o: (-counts[o], o)):
        groups.setdefault(plain_name(outlet), []).append(outlet)
    return [group for group in groups.values() if len(group) > 1]


def find_outlets_almost_alike(outlets: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of outlets whose names differ by a letter or two, the more frequent first: perhaps a slip, perhaps two outlets.

    Numbers are no slips: `Channel 4` is not `Channel 5`.
    """
    counts = Counter(outlets)
    names = {name: plain_name(name) for name in sorted(counts, key=lambda o: (-counts[o], o))}
    return [
        (one, other)
        for one, other in combinations(names, 2)
        if ratio(names[one], names[other], score_cutoff=ALMOST_ALIKE)
        and names[one] != names[other]
        and re.findall(r"\d+", one) == re.findall(r"\d+", other)
    ]


def _outlets_for_all(articles: pd.DataFrame) -> pd.Series:
    pairs = zip(articles["outlet"], articles["url"], strict=True)
    named = [
        o if isinstance(o, str) else host_of(u if isinstance(u, str) else None) or UNKNOWN for o, u in pairs
    ]
    return pd.Series(named, articles.index, "string")


def _file_names(ids: pd.Series, taken: Collection[str] = ()) -> list[str]:
    """A file name for each article, that every system allows, no two alike whatever the capitals, none that is `taken`."""
    names: list[str] = []
    seen = {name.casefold() for name in taken}
    for article_id in ids:
        stem = _NOT_IN_A_NAME.sub("_", article_id).strip(" .") or "article"
        stem = stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
        name, n = f"{stem}.txt", 2
        while name.casefold() in seen:
            name, n = f"{stem}_{n}.txt", n + 1
        seen.add(name.casefold())
        names.append(name)
    return names
