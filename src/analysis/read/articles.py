"""Articles: files and their metadata as one table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.read.formats import SUFFIXES, UnreadableArticleError, load_text
from analysis.study import StudyError
from analysis.tables import ARTICLES, PROBLEMS

NOTES = ("readme", "licen", "articles.csv")  # how the names of files begin that are about the folder


def find_article_files(folder: Path) -> list[Path]:
    """The files in `folder` and the folders below it that have an article's ending, in the order of their names.

    Raises StudyError where the folder does not exist.
    """
    if not folder.is_dir():
        raise StudyError([f"{folder}: no such folder"])
    return sorted(
        p
        for p in folder.rglob("*")
        if p.suffix.lower() in SUFFIXES
        and p.is_file()
        and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    )


def _other_endings(folder: Path) -> dict[str, int]:
    """How many files have which other ending; notes about the folder (README, metadata) are not counted."""
    counts: dict[str, int] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.name.lower()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if (
            path.is_file()
            and path.suffix.lower() not in SUFFIXES
            and not hidden
            and not name.startswith(NOTES)
        ):
            counts[path.suffix] = counts.get(path.suffix, 0) + 1
    return counts


def load_articles(folder: Path, metadata: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `articles` and `problems` of a folder of files.

    A metadata row finds its file by content (`sha256`) where it gives one, else by name. Without metadata the
    article's id is the file's name without its ending, and its outlet the sub-folder it lies in, if any.
    A file that cannot be read, or holds what another one holds, is left out and listed in `problems`.
    A row whose file is missing stays, without text, if the row says which content it means.

    Raises StudyError with all faults: a row without file, a file without row.
    """
    articles, problems, faults = read_articles(folder, metadata)
    if faults:
        raise StudyError(faults)
    return articles, problems


def read_articles(
    folder: Path, metadata: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """As `load_articles`, with the faults beside what could be read all the same."""
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    by_content: dict[str, str] = {}
    for ending, n in _other_endings(folder).items():
        message = f"({n}) no article has this ending; where it is one, save it as {SUFFIXES[0]}, plain text in UTF-8"
        problems.append({"file": f"*{ending}", "message": message, "severity": "warning"})
    for path in find_article_files(folder) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if shown := _unless_utf8(name):
            message = "has a name that is not UTF-8; rename it"
            problems.append({"file": shown, "message": message, "severity": "skipped"})
            continue
        try:
            text, sha256 = load_text(path)
        except UnreadableArticleError as error:
            problems.append({"file": name, "message": str(error), "severity": "skipped"})
            continue
        if sha256 in by_content:
            message = f"holds the same text as {by_content[sha256]}; remove one of them"
            problems.append({"file": name, "message": message, "severity": "skipped"})
            continue
        by_content[sha256] = name
        rows.append({"file": name, "sha256": sha256, "text": text})
    faults: list[str] = []
    if metadata is None:
        articles = [_row_without_metadata(row) for row in rows]
        articles = _with_unique_ids(articles)
    else:
        skipped = {p["file"] for p in problems}
        articles, strangers, faults = _join_metadata(rows, metadata, folder, skipped)
        problems += strangers
    return ARTICLES.make(articles), PROBLEMS.make(problems), faults


def _unless_utf8(name: str) -> str:
    """The name with its odd bytes as numbers, where it has some, which neither a table nor a page can hold."""
    shown = name.encode("utf-8", "backslashreplace").decode()
    return "" if shown == name else shown


def _row_without_metadata(row: dict[str, Any]) -> dict[str, Any]:
    path = Path(row["file"])
    return {**row, "article_id": path.stem, "outlet": path.parts[0] if len(path.parts) > 1 else None}


def _with_unique_ids(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    times = Counter(a["article_id"] for a in articles)
    return [
        {
            **a,
            "article_id": Path(a["file"]).with_suffix("").as_posix()
            if times[a["article_id"]] > 1
            else a["article_id"],
        }
        for a in articles
    ]


def _join_metadata(
    rows: list[dict[str, Any]], metadata: pd.DataFrame, folder: Path, skipped: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[str]]:
    contents = {row["sha256"]: row for row in rows}
    names = {row["file"]: row for row in rows} | {Path(row["file"]).name: row for row in rows}
    fixed = bool(metadata["sha256"].notna().all()) and len(metadata) > 0
    articles, used, faults = [], set(), []
    for entry in metadata.to_dict("records"):
        found = contents.get(entry["sha256"]) if entry["sha256"] else names.get(entry["file"])
        line = entry.pop("line")
        if found:
            used.add(found["file"])
            articles.append({**entry, **found})
        elif entry["sha256"]:
            articles.append({**entry, "file": None, "text": None})
        elif entry["file"] and entry["file"] not in skipped:
            faults.append(
                f"articles.csv, line {line}: there is no file '{entry['file']}' in {folder}; "
                "put it there or remove the row"
            )
    strangers = []
    for row in rows:
        if row["file"] in used:
            continue
        if fixed:
            message = "is none of the texts that articles.csv describes (by sha256); left out"
            strangers.append({"file": row["file"], "message": message, "severity": "skipped"})
        else:
            faults.append(f"{folder / row['file']}: has no row in articles.csv; add one or remove the file")
    return articles, strangers, faults
