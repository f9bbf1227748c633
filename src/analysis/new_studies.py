"""A study begun from whatever a person has: each article as a text of its own, one CSV to fill in, one account."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import store, tables
from analysis.language import load_language
from analysis.parse.document import block_table, parse
from analysis.read.articles import are_in
from analysis.read.intake import take_in
from analysis.read.metadata import host_of, plain_name
from analysis.studies import nothing_to_read, with_found_titles
from analysis.study import ACCOUNT, METADATA, METADATA_COLUMNS, SETTINGS, StudyError, data_folder

UNKNOWN = "unknown outlet"  # stands in a first report for whoever is not known to have published an article
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

    @property
    def without_outlet(self) -> int:
        """How many articles nobody is known to have published."""
        return int(self.articles["outlet"].isna().sum())

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
        raise StudyError([f"{folder}: is there already; choose another name or remove it"])
    language = load_language()
    taken = take_in(place, language, on_progress)
    articles = taken.articles[are_in(taken.articles, language)].reset_index(drop=True)
    if articles.empty:
        raise StudyError([nothing_to_read(place, taken.problems)])
    articles = with_found_titles(articles, block_table(parse(articles, language)), language)
    alike = find_outlets_alike(articles["outlet"].dropna())
    if join_outlets:
        articles["outlet"] = articles["outlet"].replace(
            {other: one for one, *others in alike for other in others}
        )
        alike = []
    if outlet_for_all:
        articles["outlet"] = _outlets_for_all(articles)
    articles = articles.assign(source=articles["file"], file=_file_names(articles["article_id"]))
    with store.replaced(folder) as new:
        (new / "articles").mkdir(parents=True)
        for file, text in zip(articles["file"], articles["text"], strict=True):
            (new / "articles" / file).write_bytes(text.encode())
        columns = [c for c in METADATA_COLUMNS if c != "sha256"]
        cells = tables.harmless_cells(articles[columns])
        cells.to_csv(new / METADATA, index=False, encoding="utf-8-sig", lineterminator="\n")
        tables.write_csv(tables.ACCOUNT, taken.account, new / ACCOUNT)
        (new / SETTINGS).write_text(f"title: {name}\n", encoding="utf-8")
    return NewStudy(folder, articles, taken.problems, taken.account, alike)


def find_outlets_alike(outlets: Collection[str]) -> list[list[str]]:
    """Spellings of one outlet that differ in capitals, marks, accents or `the`, the most frequent of each group first."""
    counts = Counter(outlets)
    groups: dict[str, list[str]] = {}
    for outlet in sorted(counts, key=lambda o: (-counts[o], o)):
        groups.setdefault(plain_name(outlet), []).append(outlet)
    return [group for group in groups.values() if len(group) > 1]


def _outlets_for_all(articles: pd.DataFrame) -> pd.Series:
    pairs = zip(articles["outlet"], articles["url"], strict=True)
    named = [
        o if isinstance(o, str) else host_of(u if isinstance(u, str) else None) or UNKNOWN for o, u in pairs
    ]
    return pd.Series(named, articles.index, "string")


def _file_names(ids: pd.Series) -> list[str]:
    """A file name for each article, that every system allows, no two alike whatever the capitals."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for article_id in ids:
        stem = _NOT_IN_A_NAME.sub("_", article_id).strip(" .") or "article"
        stem = stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
        seen[stem.casefold()] += 1
        if (n := seen[stem.casefold()]) > 1:
            stem += f"_{n}"
        names.append(f"{stem}.txt")
    return names
