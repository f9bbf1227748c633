"""Whatever a person has (a file, a folder of any mixture) as articles, with an account of what became of each file.

Nothing is changed where it lies. Each article gets its text, what is known of it and where that was found, its place in
its file and that file's hash. What is there twice, in another language or shorter than announced is told apart.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.dates import find_date
from analysis.language import Language
from analysis.read.duplicates import find_agency, find_near_duplicates
from analysis.read.found import FIELDS, Fact, Found, NoArticleError, Reading, UnreadableArticleError
from analysis.read.languages import language_name, recognise_language
from analysis.read.mending import mend
from analysis.read.metadata import facts_of_name, in_order, plain_name
from analysis.read.registry import read_source
from analysis.read.source import MAX_ARTICLE, Source
from analysis.study import StudyError
from analysis.tables import ACCOUNT, ARTICLES, PROBLEMS
from analysis.text import count_words

KEPT = ".txt"  # the ending of texts that a study keeps
NOTES = (
    "readme",
    "licen",
    "articles.csv",
    "account.csv",
)  # how the names of files begin that are about the folder
NO_ARTICLE = {
    *(".css", ".js", ".map", ".py", ".r", ".rmd", ".ipynb", ".yml", ".yaml", ".toml", ".sh", ".log", ".ini", ".bib", ".enl"),
    *(".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".ico", ".mp3", ".mp4", ".mov", ".wav", ".woff", ".woff2", ".ttf"),
    *(".db", ".lnk", ".url", ".webloc", ".tmp", ".part", ".crdownload"),
}  # fmt: skip
SHORT = 0.8  # of the announced length; what has less is said to be shorter
_SAVED_PAGE = re.compile(r"(_files|-Dateien|_fichiers|_archivos|_file|\.files)$")
_PACKED = re.compile(r"\.(gz|html?|warc)$", re.IGNORECASE)


@dataclass(frozen=True)
class Intake:
    """`articles`, `problems`, `account`: tables; articles in another language are in `articles`, with their language.

    `again`: how many files were not read because articles came from them before.
    """

    articles: pd.DataFrame
    problems: pd.DataFrame
    account: pd.DataFrame
    again: int = 0

    @property
    def lost(self) -> int:
        """How many articles were announced and neither read nor listed as without text."""
        return int(self.account["lost"].fillna(0).sum())


@dataclass
class _Row:
    """An article on its way into the table."""

    values: dict[str, Any]
    file: str
    words: int | None
    fate: str = "read"


@dataclass
class _File:
    """A file on its way into the account."""

    name: str
    reading: Reading | None = None
    fault: str = ""
    no_article: bool = False
    mended: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    copies: list[str] = field(default_factory=list)


def take_in(
    place: Path,
    language: Language,
    on_progress: Callable[[int, int], None] | None = None,
    known: pd.DataFrame | None = None,
) -> Intake:
    """The articles of a file, or of all files in a folder and those below it.

    `known`: articles that are there already, a study's. A file that one of them came from is not read again, a text that
    one of them holds is a duplicate, and no id is given twice; of near-duplicates the original is theirs.

    Raises StudyError where there is no such file or folder.
    """
    root = place if place.is_dir() else place.parent
    paths, passed = find_files(place)
    before = _known_rows(known)
    digests = {row.values["source_sha256"] for row in before} - {None}
    rows: list[_Row] = []
    files: list[_File] = []
    again = 0
    for i, path in enumerate(paths):
        if digests and _digest(path) in digests:
            again += 1
            continue
        file, own = _read_file(path, root, language)
        if file.no_article:
            passed[path.suffix] += 1
        else:
            files.append(file)
        rows += own
        if on_progress:
            on_progress(i + 1, len(paths))
    _give_ids(rows, before)
    rows = _without_duplicates(rows, files, before)
    _mark_near_duplicates(rows, files, before)
    by_name = {file.name: file for file in files}
    for row in rows:
        by_name[row.file].fates["read"] += 1
    problems = [problem for file in files for problem in _problems(file)]
    problems += _passed_over(passed) + (hidden_texts(list_files(place)) if place.is_dir() else [])
    account = [_account(file) for file in files]
    return Intake(
        ARTICLES.make([row.values for row in rows]),
        PROBLEMS.make(_once(problems)),
        ACCOUNT.make(account),
        again,
    )


def _known_rows(known: pd.DataFrame | None) -> list[_Row]:
    """The articles that are there already, as far as they have a text."""
    if known is None:
        return []
    rows = known[known["text"].notna()].astype(object).where(known.notna(), None).to_dict("records")
    return [_Row({str(k): v for k, v in row.items()}, str(row["file"]), None) for row in rows]


def _digest(path: Path) -> str:
    """The digest of a file's bytes; empty for what cannot be read, which is said elsewhere."""
    try:
        return Source.from_file(path).digest
    except UnreadableArticleError:
        return ""


def find_files(place: Path) -> tuple[list[Path], Counter[str]]:
    """The files that may hold articles, in the order of their names; how many others there are, by their ending.

    What is hidden, a note about the folder, or the pictures and scripts of a saved page is neither.
    """
    if place.is_file():
        return [place], Counter()
    if not place.is_dir():
        raise StudyError([f"{place}: no such file or folder; check the name"])
    found: list[Path] = []
    passed: Counter[str] = Counter()
    for path in sorted(place.rglob("*")):
        parts = path.relative_to(place).parts
        inside = any(_SAVED_PAGE.search(part) for part in parts[:-1]) and _belongs_to_page(path, place)
        if any(part.startswith((".", "~$", "__MACOSX")) for part in parts) or inside or not path.is_file():
            continue
        if path.name.lower().startswith(NOTES):
            continue
        if path.suffix.lower() in NO_ARTICLE:
            passed[path.suffix] += 1
        else:
            found.append(path)
    return found, passed


def _belongs_to_page(path: Path, root: Path) -> bool:
    """Whether the file lies in the folder that a browser made beside a page that it saved."""
    for folder in path.relative_to(root).parents:
        stem = _SAVED_PAGE.sub("", folder.name)
        beside = (root / folder).parent
        if stem != folder.name and any(
            (beside / f"{stem}{end}").exists() for end in (".html", ".htm", ".xhtml")
        ):
            return True
    return False


def _read_file(path: Path, root: Path, language: Language) -> tuple[_File, list[_Row]]:
    name = path.relative_to(root).as_posix()
    shown = name.encode("utf-8", "backslashreplace").decode()
    file = _File(shown)
    if shown != name:
        file.fault = "has a name that is not UTF-8; rename it"
        return file, []
    try:
        source = Source.from_file(path)
        file.reading = read_source(source)
    except UnreadableArticleError as error:
        file.fault = str(error)
        file.no_article = isinstance(error, NoArticleError)
        return file, []
    except MemoryError:
        file.fault = "needs more memory than there is; split it into smaller files"
        return file, []
    rows = []
    alone = len(file.reading.articles) == 1
    for i, found in enumerate(file.reading.articles, 1):
        row = _row(found, file, path.relative_to(root), language)
        if row is not None:
            stem = path.stem if not _PACKED.search(path.stem) else _PACKED.sub("", path.stem)
            width = len(str(len(file.reading.articles)))
            row.values |= {
                "article_id": stem if alone else f"{stem}-{i:0{width}d}",
                "source_sha256": source.digest,
            }
            rows.append(row)
    return file, rows


def _row(found: Found, file: _File, path: Path, language: Language) -> _Row | None:
    """One article as a row; None, and a reason in the account, where it has no words or far too many."""
    assert file.reading is not None
    known = _known(found, path)
    paragraphs = list(found.paragraphs)
    text = found.text
    if text is None:
        title = known["title"].value if "title" in known else ""
        text = "\n\n".join([title, *paragraphs] if title else paragraphs) + "\n"
    mended = mend(_without_lone_surrogates(text))
    file.mended += mended.counts
    where = f"{found.place}: " if found.place else ""
    file.said += [f"{where}{said}" for said in (*mended.likely, found.remark) if said]
    if not any(c.isalpha() for c in mended.text):
        file.said.append(f"{where}holds no words")
        file.fates["without text"] += 1
        return None
    if len(mended.text) > MAX_ARTICLE:
        file.said.append(f"{where}is longer than an article can be")
        file.fates["without text"] += 1
        return None
    values: dict[str, Any] = {name: known[name].value for name in FIELDS if name in known}
    own = recognise_language(mended.text, language)
    values["language"] = own or values.get("language") or language.code or None
    values |= {
        "file": file.name,
        "place": found.place or None,
        "format": found.format or file.reading.format,
        "clean": "yes" if found.clean else None,
        "text": mended.text,
        "sha256": hashlib.sha256(mended.text.encode()).hexdigest(),
        "found_in": "; ".join(f"{name}: {known[name].where}" for name in FIELDS if name in known) or None,
    }
    row = _Row(values, file.name, found.words)
    if language.code and own and own != language.code:
        file.fates["other language"] += 1
        file.said.append(
            f"{where}is in {language_name(own)}, which this study does not read; listed, not annotated"
        )
    if found.words and count_words(" ".join(paragraphs)) < SHORT * found.words:
        read = count_words(" ".join(paragraphs))
        file.fates["short"] += 1
        file.said.append(
            f"{where}has {read} of the {found.words} words announced; look whether its text is cut"
        )
    return row


def _without_lone_surrogates(text: str) -> str:
    """The text as UTF-8 can hold it; JSON may escape halves of letters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _known(found: Found, path: Path) -> dict[str, Fact]:
    """What the file says of the article, else its name, else the folder it lies in."""
    known = {**facts_of_name(path.name), **found.facts}
    if "outlet" not in known and len(path.parts) > 1:
        known["outlet"] = Fact(path.parts[0], "folder")
    if "published" not in known and found.text is not None and (day := _day_in_head(found.text)):
        known["published"] = Fact(day, "head of the text")
    return in_order({k: v for k, v in known.items() if k in FIELDS})


def _day_in_head(text: str) -> str | None:
    """The day in a short line among the first of a text."""
    for line in [line for line in text[:3_000].splitlines() if line.strip()][:6]:
        if count_words(line) <= 10 and (day := find_date(line)) and len(day) == 10:
            return day
    return None


def _give_ids(rows: list[_Row], known: list[_Row]) -> None:
    """Each article an id of its own: its file's name, with the folders and the ending where names meet."""
    there = [row.values["article_id"] for row in known]
    for form in (lambda f: Path(f).with_suffix("").as_posix(), lambda f: f):
        times = Counter([*(row.values["article_id"] for row in rows), *there])
        for row in rows:
            if times[row.values["article_id"]] > 1:
                number = re.search(r"-\d+$", row.values["article_id"]) if row.values["place"] else None
                row.values["article_id"] = form(row.file) + (number[0] if number else "")
    given = set(there)
    for row in rows:
        own, n = row.values["article_id"], 2
        while row.values["article_id"] in given:
            row.values["article_id"], n = f"{own}-{n}", n + 1
        given.add(row.values["article_id"])


def _same_text(row: _Row) -> str:
    """Equal for texts that differ in blanks and capitals alone."""
    return " ".join(row.values["text"].split()).casefold()


def _without_duplicates(rows: list[_Row], files: list[_File], before: list[_Row]) -> list[_Row]:
    """Without texts that are there already, unless another outlet published them."""
    by_name = {file.name: file for file in files}
    kept: list[_Row] = []
    known: dict[str, list[_Row]] = defaultdict(list)
    for row in before:
        known[_same_text(row)].append(row)
    for row in rows:
        key = _same_text(row)
        outlet = plain_name(row.values.get("outlet") or "")
        same = [
            o for o in known[key] if not outlet or plain_name(o.values.get("outlet") or "") in ("", outlet)
        ]
        if same:
            where = f"{row.values['place']}: " if row.values["place"] else ""
            other = same[0]
            at = f" ({other.values['place']})" if other.values["place"] else ""
            by_name[row.file].copies.append(f"{where}holds the same text as {other.file}{at}")
            by_name[row.file].fates["duplicates"] += 1
        else:
            known[key].append(row)
            kept.append(row)
    return kept


def _mark_near_duplicates(new: list[_Row], files: list[_File], before: list[_Row]) -> None:
    """Say of each near-duplicate which article is its original: one that is there already, else an agency's own, the
    earliest, the longest.
    """
    rows = [*before, *new]
    texts = [_body(row.values["text"]) for row in rows]
    agencies = [find_agency(row.values["text"], row.values.get("author") or "") for row in rows]
    order = [
        (
            i >= len(before),
            not (agency and plain_name(row.values.get("outlet") or "") == plain_name(agency)),
            (row.values.get("published") or "9999"),
            bool(re.search(r"(?i)\b(online|web|\.com)\b", row.values.get("outlet") or "")),
            -len(text),
        )
        for i, (row, agency, text) in enumerate(zip(rows, agencies, texts, strict=True))
    ]
    by_name = {file.name: file for file in files}
    for i, copy in find_near_duplicates(texts, order).items():
        row, original = rows[i], rows[copy.original]
        if i < len(before):
            continue
        row.values["duplicate_of"] = original.values["article_id"]
        credit = f", copy of {agencies[i]}" if agencies[i] else ""
        file = by_name[row.file]
        file.fates["near-duplicates"] += 1
        file.said.append(
            f"{row.values['article_id']} is a near-duplicate of {original.values['article_id']} "
            f"({copy.shared:.0%} the same{credit}); kept, counted once"
        )


def _body(text: str) -> str:
    """The text without its first line, the headline, which editions change."""
    first, _, rest = text.strip().partition("\n")
    return rest if count_words(first) <= 30 and rest.strip() else text


def _problems(file: _File) -> list[dict[str, str]]:
    """What the reader must know of a file: whether it was left out, and what of it was."""
    if file.fault or file.reading is None:
        return [{"file": file.name, "message": file.fault, "severity": "skipped"}]
    reading, found = file.reading, []
    if lost := _lost(file):
        found.append(
            (
                f"announces {reading.announced} articles, of which {lost} are not in it; download it again, or in smaller parts",
                "skipped",
            )
        )
    if reading.without_text:
        listed = "; ".join(reading.without_text[:3]) + ("; ..." if len(reading.without_text) > 3 else "")
        n = len(reading.without_text)
        found.append(
            (
                f"lists {n} article{'s' * (n > 1)} without {'their' if n > 1 else 'its'} text: {listed}",
                "warning",
            )
        )
    if reading.left_out:
        found.append((f"left out: {'; '.join(reading.left_out[:5])}", "warning"))
    found += [(remark, "warning") for remark in reading.remarks]
    if file.mended:
        found.append((f"mended: {_counts(file.mended)}", "warning"))
    found += [(said, "warning") for said in file.said]
    if file.copies:
        alone = len(file.copies) == len(reading.articles)
        found.append((_copies(file), "skipped" if alone else "warning"))
    return [{"file": file.name, "message": message, "severity": severity} for message, severity in found]


def _copies(file: _File) -> str:
    """Which of its texts are there already; of many the first."""
    first = f"{file.copies[0]}; read once"
    return (
        first
        if len(file.copies) == 1
        else f"{first} (and {len(file.copies) - 1} more that are there already)"
    )


def _once(problems: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each problem once: file and message are the key of their table."""
    return list({(p["file"], p["message"]): p for p in problems}.values())


def list_files(folder: Path) -> list[str]:
    """The files of a folder and of all folders below that are not hidden, as seen from it, in the order of their names."""
    found: list[str] = []
    left = [("", os.fspath(folder))]
    while left:
        inside, place = left.pop()
        with suppress(PermissionError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_file():
                    found.append(inside + entry.name)
                elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    left.append((f"{inside}{entry.name}/", entry.path))
    return sorted(found, key=lambda name: name.split("/"))


def is_hidden(name: str) -> bool:
    """Whether a file of `list_files` has a name that hides it."""
    return name.rpartition("/")[2].startswith(".")


def hidden_texts(names: Iterable[str]) -> list[dict[str, str]]:
    """A problem for each text that its name hides; what a Mac writes beside its files (`._one.txt`) is none."""
    message = "has a name that begins with a dot, which hides it; rename it"
    texts = [name for name in names if is_hidden(name) and name.endswith(KEPT)]
    seen = [name for name in texts if not name.rpartition("/")[2].startswith("._")]
    return [{"file": unless_utf8(name) or name, "message": message, "severity": "skipped"} for name in seen]


def unless_utf8(name: str) -> str:
    """The name with its odd bytes as numbers, where it has some, which neither a table nor a page can hold."""
    shown = name.encode("utf-8", "backslashreplace").decode()
    return "" if shown == name else shown


def _passed_over(passed: Counter[str]) -> list[dict[str, str]]:
    return [
        {"file": f"*{ending}", "message": f"({n}) no article has this ending", "severity": "warning"}
        for ending, n in sorted(passed.items())
    ]


def _lost(file: _File) -> int:
    reading = file.reading
    if reading is None or reading.announced is None:
        return 0
    return max(0, reading.announced - len(reading.articles) - len(reading.without_text))


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {what}" for what, n in counts.most_common())


def _account(file: _File) -> dict[str, Any]:
    if file.reading is None:
        return {"file": file.name, "read": 0, "lost": 0, "remarks": file.fault or None} | dict.fromkeys(
            ("without_text", "duplicates", "near_duplicates", "other_language", "short", "mended"), 0
        )
    reading, fates = file.reading, file.fates
    remarks = [*reading.left_out, *reading.remarks, *file.said, *file.copies]
    if file.mended:
        remarks.insert(0, f"mended: {_counts(file.mended)}")
    if lost := _lost(file):
        remarks.insert(0, f"{lost} of {reading.announced} articles announced are not in it")
    return {
        "file": file.name,
        "format": reading.format,
        "announced": reading.announced,
        "read": fates["read"] + fates["duplicates"],
        "without_text": len(reading.without_text) + fates["without text"],
        "lost": lost,
        "duplicates": fates["duplicates"],
        "near_duplicates": fates["near-duplicates"],
        "other_language": fates["other language"],
        "short": fates["short"],
        "mended": sum(file.mended.values()),
        "remarks": "; ".join(dict.fromkeys(remarks)) or None,
    }
