"""What every form of interchange carries: texts, and spans of them with a layer, a code and a remark.

Offsets are code points in the article's text, end-exclusive, as in all tables; forms that count otherwise turn them.
"""

from __future__ import annotations

import pkgutil
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import pandas as pd

from analysis.publish import interchange
from analysis.study import Study, StudyError
from analysis.tables import split_at_breaks


@dataclass(frozen=True, order=True)
class Mark:
    """A span with what somebody says of it; `layer`: quote, frame, stance, tone or another; `code`: its value."""

    article_id: str
    start: int
    end: int
    layer: str
    code: str
    note: str = ""


@dataclass(frozen=True)
class Marked:
    """Texts by their article's id, and what is marked in them."""

    texts: Mapping[str, str]
    marks: tuple[Mark, ...] = field(default=())


class Form(Protocol):
    """A module in `interchange/`: `ENDING` of its files, and both ways."""

    NAME: str
    ENDING: str

    def write(self, marked: Marked, path: Path) -> None: ...

    def read(self, path: Path, texts: Mapping[str, str]) -> Marked: ...


@cache
def known_forms() -> dict[str, Form]:
    """The forms, by the ending of their files."""
    names = [m.name for m in pkgutil.iter_modules(interchange.__path__)]
    modules = [import_module(f"{interchange.__name__}.{name}") for name in names]
    forms = [cast("Form", module) for module in modules if hasattr(module, "ENDING")]
    return {form.ENDING: form for form in sorted(forms, key=lambda form: form.NAME)}


def form_of(path: Path) -> Form:
    """The form of a file by its name. Raises StudyError."""
    for ending, form in known_forms().items():
        if path.name.lower().endswith(ending):
            return form
    known = ", ".join(f"{ending} ({form.NAME})" for ending, form in known_forms().items())
    raise StudyError([f"{path}: name a file that ends in one of: {known}"])


def marks_of(study: Study) -> Marked:
    """All that a study says of places in its texts: quotes, frames, positions, tone, and what its coders gave."""
    texts = {a.article_id: a.text for a in study.articles.itertuples() if isinstance(a.text, str)}
    marks = [mark for mark in _all_marks(study) if mark.article_id in texts]
    return Marked(texts, tuple(sorted(set(marks))))


def _all_marks(study: Study) -> Iterator[Mark]:
    names = study.sources.set_index("source_id")["name"]
    for q in split_at_breaks(study.quotes).itertuples():
        name = names.get(q.source_id) if isinstance(q.source_id, str) else None
        said = name if isinstance(name, str) else q.speaker
        yield Mark(
            q.article_id, int(q.start), int(q.end), "quote", q.form, said if isinstance(said, str) else ""
        )
    for f in study.frames.itertuples():
        yield Mark(f.article_id, int(f.start), int(f.end), "frame", f.frame, f.indicator)
    for s in study.stance.itertuples():
        yield Mark(s.article_id, int(s.start), int(s.end), "stance", f"{s.target}: {s.stance}", s.indicator)
    sentences = study.sentences.set_index("sentence_id")
    for t in study.sentiment.itertuples():
        place = sentences.loc[t.sentence_id]
        yield Mark(t.article_id, int(place["start"]), int(place["end"]), "tone", t.label)
    for name, frame in study.coding.items():
        if name.rpartition("_")[2] == "sentences" and {"article_id", "start", "end"} <= set(frame.columns):
            yield from _coded(frame, name.removesuffix("sentences").rstrip("_") or "reference")


def _coded(frame: pd.DataFrame, coder: str) -> Iterator[Mark]:
    for row in frame.to_dict("records"):
        place = (str(row["article_id"]), int(row["start"]), int(row["end"]))
        for code in filter(None, str(row.get("frames", "")).split("|")):
            yield Mark(*place, "frame", code, f"coded by {coder}")
        if row.get("sentiment"):
            yield Mark(*place, "tone", str(row["sentiment"]), f"coded by {coder}")


class Units:
    """Code points of a text as UTF-16 code units, and back."""

    def __init__(self, text: str):
        self._wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF]  # characters of two units
        self._at = [i + n for n, i in enumerate(self._wide)]  # the units where they begin

    def to_units(self, offset: int) -> int:
        return offset + bisect_right(self._wide, offset - 1)

    def to_points(self, unit: int) -> int:
        return unit - bisect_right(self._at, unit - 1)


def the_text(article_id: str, own: str | None, texts: Mapping[str, str], path: Path) -> str:
    """The study's text of an article. Raises StudyError where it has none, or the file another."""
    text = texts.get(article_id)
    if text is None:
        raise StudyError(
            [f"{path}: is about {article_id!r}, which is no article of the study with its text here"]
        )
    if own is not None and own != text:
        raise StudyError(
            [
                f"{path}: has another text of {article_id!r} than the study; nothing was taken, for offsets would move"
            ]
        )
    return text


def checked(mark: Mark, text: str, path: Path) -> Mark:
    """The mark. Raises StudyError where it lies outside its text."""
    if not 0 <= mark.start <= mark.end <= len(text):
        raise StudyError([f"{path}: {mark.layer} {mark.code!r} lies outside the text of {mark.article_id!r}"])
    return mark
