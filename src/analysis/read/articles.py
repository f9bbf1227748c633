"""A study's articles: texts that it keeps in UTF-8, with their metadata; or, without metadata, whatever lies there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.language import Language, load_language
from analysis.read.found import UnreadableArticleError
from analysis.read.intake import KEPT, NOTES, hidden_texts, is_hidden, list_files, take_in, unless_utf8
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


def _kept_texts(folder: Path, marked: Collection[str]) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The texts of a study's folder exactly as decoded, and what is wrong with files there.

    `marked`: files that the metadata know for copies of others; any other text that is there twice is a mistake.
    """
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, str]] = []
    by_content: dict[str, str] = {}
    if not folder.is_dir():
        return rows, problems
    names = list_files(folder)
    for ending, n in _other_endings(names).items():
        problems.append({"file": f"*{ending}", "message": f"({n}) {_KEEP}", "severity": "warning"})
    problems += hidden_texts(names)
    for name in names:
        if not name.endswith(KEPT) or is_hidden(name):
            continue
        if shown := unless_utf8(name):
            message = "has a name that is not UTF-8; rename it"
            problems.append({"file": shown, "message": message, "severity": "skipped"})
            continue
        try:
            text, sha256, remark = load_text(folder / name)
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
    left_out: list[bool] = []
    said: list[dict[str, str]] = []
    originals = set(articles["article_id"])
    columns = (articles[c].tolist() for c in ("article_id", "file", "duplicate_of"))
    for article_id, file, original, code in zip(*columns, _languages(articles, language), strict=True):
        if code and language.code and code != language.code:
            message = f"is in {language_name(code)}, which this study does not read"
            severity = "skipped"
        elif not near_duplicates and isinstance(original, str) and original in originals:
            message = (
                f"is a near-duplicate of {original} and not counted; to count both, write `near_duplicates: each` into "
                "study.yml, or empty its `duplicate_of` in articles.csv"
            )
            severity = "warning"
        else:
            left_out.append(False)
            continue
        left_out.append(True)
        name = file if isinstance(file, str) else article_id
        said.append({"file": name, "message": message, "severity": severity})
    kept = articles[~pd.Series(left_out, articles.index, bool)].reset_index(drop=True)
    return kept, _together(problems, said)


def are_in(articles: pd.DataFrame, language: Language) -> pd.Series:
    """Whether each article is in the language, as far as can be told."""
    codes = _languages(articles, language)
    return pd.Series(
        [not language.code or code in (None, language.code) for code in codes], articles.index, bool
    )


def _together(problems: pd.DataFrame, more: list[dict[str, str]]) -> pd.DataFrame:
    known = problems.to_dict("records")
    languages = {p["file"] for p in more if p["severity"] == "skipped"}
    known = [p for p in known if not (p["file"] in languages and "listed, not annotated" in p["message"])]
    return PROBLEMS.make(known + more)


def _languages(articles: pd.DataFrame, language: Language) -> list[str | None]:
    """Each article's language by its metadata, else as recognised; None where it has no text to recognise it by."""
    return [
        language_code(known)
        if isinstance(known, str)
        else recognise_language(text, language)
        if isinstance(text, str)
        else None
        for known, text in zip(articles["language"].tolist(), articles["text"].tolist(), strict=True)
    ]


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


def _other_endings(names: Iterable[str]) -> dict[str, int]:
    """How many files have which other ending; notes about the folder (README, metadata) are not counted."""
    counts: dict[str, int] = {}
    for path in (Path(name) for name in names if not name.endswith(KEPT) and not is_hidden(name)):
        if not path.name.lower().startswith(NOTES):
            counts[path.suffix] = counts.get(path.suffix, 0) + 1
    return counts


def _join_metadata(
    rows: list[dict[str, Any]], metadata: pd.DataFrame, folder: Path, skipped: Iterable[str]
) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[str]]:
    contents = {row["sha256"]: row for row in rows}
    names = {row["file"].rpartition("/")[2]: row for row in rows}
    names = {row["file"]: row for row in rows} | names
    fixed = bool(metadata["sha256"].notna().all()) and len(metadata) > 0
    articles, used, faults = [], set(), []
    columns = {str(name): metadata[name].tolist() for name in metadata}
    for values in zip(*columns.values(), strict=True):
        entry = dict(zip(columns, values, strict=True))
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
