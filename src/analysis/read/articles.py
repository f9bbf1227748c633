"""A study's articles: texts that it keeps in UTF-8, with their metadata; or, without metadata, whatever lies there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.language import Language, load_language
from analysis.read.found import UnreadableArticleError
from analysis.read.intake import KEPT, NOTES, hidden_texts, take_in, unless_utf8
from analysis.read.languages import language_code, language_name, recognise_language
from analysis.read.source import BINARY, MAX_ARTICLE, Source
from analysis.study import StudyError
from analysis.tables import ACCOUNT, ARTICLES, PROBLEMS

_KEEP = "a study keeps its texts as plain text; bring such files in with `media-analysis new NAME --articles FOLDER`"


def load_articles(
    folder: Path, metadata: pd.DataFrame | None = None, language: Language | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `articles` and `problems` of a folder of files.

    A metadata row finds its file by content (`sha256`) where it gives one, else by name. Without metadata, files of all
    formats are read (see `take_in`). A file that cannot be read, or holds what another one holds, is left out and listed
    in `problems`. A row whose file is missing stays, without text, if the row says which content it means.

    Raises StudyError with all faults: a row without file, a file without row.
    """
    articles, problems, faults = read_articles(folder, metadata, language)
    if faults:
        raise StudyError(faults)
    return articles, problems


def read_articles(
    folder: Path,
    metadata: pd.DataFrame | None = None,
    language: Language | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """As `load_articles`, with the faults beside what could be read all the same."""
    language = language or load_language()
    if metadata is None:
        if not folder.is_dir():
            return ARTICLES.make(), PROBLEMS.make(), []
        taken = take_in(folder, language, on_progress)
        return taken.articles, taken.problems, []
    rows, problems = _kept_texts(folder, set(metadata.loc[metadata["duplicate_of"].notna(), "file"]))
    skipped = {p["file"] for p in problems}
    articles, strangers, faults = _join_metadata(rows, metadata, folder, skipped)
    return ARTICLES.make(articles), PROBLEMS.make(problems + strangers), faults


def find_article_files(folder: Path) -> list[Path]:
    """The texts in `folder` and the folders below it, in the order of their names.

    Raises StudyError where the folder does not exist.
    """
    if not folder.is_dir():
        raise StudyError([f"{folder}: no such folder"])
    return sorted(
        path for path in folder.rglob(f"*{KEPT}") if path.is_file() and not _is_hidden(path, folder)
    )


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _kept_texts(folder: Path, marked: Collection[str]) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The texts of a study's folder exactly as decoded, and what is wrong with files there.

    `marked`: files that the metadata know for copies of others; any other text that is there twice is a mistake.
    """
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    by_content: dict[str, str] = {}
    if not folder.is_dir():
        return rows, problems
    for ending, n in _other_endings(folder).items():
        problems.append({"file": f"*{ending}", "message": f"({n}) {_KEEP}", "severity": "warning"})
    problems += hidden_texts(folder)
    for path in find_article_files(folder):
        name = path.relative_to(folder).as_posix()
        if shown := unless_utf8(name):
            message = "has a name that is not UTF-8; rename it"
            problems.append({"file": shown, "message": message, "severity": "skipped"})
            continue
        try:
            text, sha256, remark = load_text(path)
        except UnreadableArticleError as error:
            problems.append({"file": name, "message": str(error), "severity": "skipped"})
            continue
        if remark:
            problems.append({"file": name, "message": remark, "severity": "warning"})
        if sha256 in by_content and name not in marked:
            message = f"holds the same text as {by_content[sha256]}; remove one of them"
            problems.append({"file": name, "message": message, "severity": "skipped"})
            continue
        by_content.setdefault(sha256, name)
        rows.append({"file": name, "sha256": sha256, "text": text})
    return rows, problems


def load_text(path: Path) -> tuple[str, str, str]:
    """A text file's text, unchanged, the SHA-256 of its bytes, and a remark where it is not UTF-8.

    Raises UnreadableArticleError for an empty, enormous or binary file.
    """
    source = Source.from_file(path)
    if len(source.data) > MAX_ARTICLE:
        raise UnreadableArticleError(
            f"has {len(source.data) / 1e6:.0f} MB, more than the {MAX_ARTICLE / 1e6:.0f} MB an article may have; "
            "put each article into a file of its own"
        )
    if not source.is_text:
        raise UnreadableArticleError(BINARY)
    text, remark = source.utf8, ""
    if text is None:
        text, remark = source.text, source.encoding_remark
    if not any(c.isalpha() for c in text):
        raise UnreadableArticleError("holds no words; put the article's text into it or remove the file")
    return text, source.digest, remark


def leave_out(
    articles: pd.DataFrame, problems: pd.DataFrame, language: Language, *, near_duplicates: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The articles that a study counts, and the problems with a line for each one that it does not.

    Left out are texts in another language than the study's and, unless `near_duplicates` are counted each, those whose
    original is among the articles.
    """
    reasons: dict[str, tuple[str, str]] = {}
    originals = set(articles["article_id"])
    for a in articles.itertuples():
        code = _language_of(a, language)
        if code and language.code and code != language.code:
            reasons[a.article_id] = (
                f"is in {language_name(code)}, which this study does not read",
                "skipped",
            )
        elif not near_duplicates and isinstance(a.duplicate_of, str) and a.duplicate_of in originals:
            message = (
                f"is a near-duplicate of {a.duplicate_of} and not counted; to count both, write `near_duplicates: each` into "
                "study.yml, or empty its `duplicate_of` in articles.csv"
            )
            reasons[a.article_id] = (message, "warning")
    said = [
        {
            "file": a.file if isinstance(a.file, str) else a.article_id,
            "message": message,
            "severity": severity,
        }
        for a in articles.itertuples()
        if a.article_id in reasons
        for message, severity in [reasons[a.article_id]]
    ]
    kept = articles[~articles["article_id"].isin(list(reasons))].reset_index(drop=True)
    return kept, _together(problems, said)


def are_in(articles: pd.DataFrame, language: Language) -> pd.Series:
    """Whether each article is in the language, as far as can be told."""
    codes = [_language_of(a, language) for a in articles.itertuples()]
    return pd.Series(
        [not language.code or code in (None, language.code) for code in codes], articles.index, bool
    )


def _together(problems: pd.DataFrame, more: list[dict[str, str]]) -> pd.DataFrame:
    known = problems.to_dict("records")
    languages = {p["file"] for p in more if p["severity"] == "skipped"}
    known = [p for p in known if not (p["file"] in languages and "listed, not annotated" in p["message"])]
    return PROBLEMS.make(known + more)


def _language_of(article: Any, language: Language) -> str | None:
    """The article's language by its metadata, else as recognised; None where it has no text to recognise it by."""
    if isinstance(article.language, str):
        return language_code(article.language)
    return recognise_language(article.text, language) if isinstance(article.text, str) else None


def account_of(articles: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """The account of texts that lie in a study's folder: one a file."""
    nothing = dict.fromkeys(
        ("without_text", "lost", "duplicates", "near_duplicates", "other_language", "short", "mended"), 0
    )
    said: dict[str, list[str]] = {}
    for problem in problems.itertuples():
        said.setdefault(problem.file, []).append(problem.message)
    read = dict.fromkeys(articles["file"].dropna())
    files = dict.fromkeys([*read, *(p.file for p in problems.itertuples() if not p.file.startswith("*"))])
    rows = [
        {
            "file": name,
            "format": "text" if name in read else None,
            "read": int(name in read),
            **nothing,
            "duplicates": int(any("holds the same text as" in one for one in said.get(name, ()))),
            "near_duplicates": int(any("near-duplicate" in one for one in said.get(name, ()))),
            "other_language": int(any("which this study does not read" in one for one in said.get(name, ()))),
            "remarks": "; ".join(said.get(name, ())) or None,
        }
        for name in files
    ]
    return ACCOUNT.make(rows)


def _other_endings(folder: Path) -> dict[str, int]:
    """How many files have which other ending; notes about the folder (README, metadata) are not counted."""
    counts: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        if _is_hidden(path, folder) or not path.is_file() or path.name.lower().startswith(NOTES):
            continue
        if path.suffix != KEPT:
            counts[path.suffix] = counts.get(path.suffix, 0) + 1
    return counts


def _join_metadata(
    rows: list[dict[str, Any]], metadata: pd.DataFrame, folder: Path, skipped: Iterable[str]
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
