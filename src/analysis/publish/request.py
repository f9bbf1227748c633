"""A report that is asked for: which notebooks on which study with which options, and whether it is there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.publish.cache import fingerprint, load_unchanged, machinery, write_record
from analysis.publish.provenance import RECORD
from analysis.study import Study, StudyError

_MADE = ("tables", "runs", "figures")  # folders of a study that hold what was made from the rest


@dataclass(frozen=True)
class Options:
    """What changes a report, beside what it is made from."""

    only: Sequence[str] = ()  # the numbers of the notebooks that are run; none: all
    excerpts: int | None = None  # at most so many words of a sentence are quoted
    single_file: bool = False  # also the whole report as one HTML file
    web_charts: bool = False  # also each chart as a file for dark pages and for phones

    @classmethod
    def from_record(cls, recorded: Mapping[str, Any]) -> Options:
        """What `as_record` gave."""
        return cls(**{name.replace("-", "_"): value for name, value in recorded.items()})

    def as_record(self) -> dict[str, Any]:
        """Those that were given, by the names that the command has for them."""
        given = {
            "only": list(self.only),
            "excerpts": self.excerpts,
            "single-file": self.single_file,
            "web-charts": self.web_charts,
        }
        return {name: value for name, value in given.items() if value}

    def folder_name(self, study: str) -> str:
        """The report's folder: one of some notebooks, or with excerpts alone, lies beside the whole one."""
        only = f"-only-{'-'.join(self.only)}" if self.only else ""
        return f"{study}{only}{'-excerpts' if self.excerpts else ''}"

    def command(self, study: str) -> str:
        """The command that makes this report; where the texts lie is left out, their hashes say which they are."""
        words = ["media-analysis report", study]
        for name, value in self.as_record().items():
            given = [""] if value is True else value if isinstance(value, list) else [value]
            words += [f"--{name} {item}".strip() for item in given]
        return " ".join(words)


@dataclass(frozen=True)
class Request:
    """One report that is asked for. `folder` is the study's, `articles` that of its texts where they lie elsewhere."""

    folder: Path
    notebooks: Sequence[Path]
    out: Path
    options: Options
    articles: Path | None = None
    strict: bool = False

    @property
    def place(self) -> Path:
        """Where the report lies, or is to lie."""
        return self.out / self.options.folder_name(self.folder.name)

    @cached_property
    def made_from(self) -> str:
        """A digest of all that a notebook's run depends on, beside the notebook and its parameters."""
        return fingerprint(
            _inputs(self.folder, self.articles), machinery(), self.options.excerpts, self.options.web_charts
        )

    @cached_property
    def _whole(self) -> str:
        """A digest of all that the report depends on."""
        options = sorted(self.options.as_record().items())
        return fingerprint(self.notebooks, self.made_from, options, self.articles, self.strict)

    @property
    def _record(self) -> Path:
        return self.out / f".{self.place.name}.json"

    def find_unchanged(self) -> Mapping[str, Any] | None:
        """`title`, `page` and `problems` of the report that lies there, if it would come out the same; else None."""
        return load_unchanged(self._record, self._whole)

    def remember(self, study: Study, page: Path, figures: Iterable[Path]) -> None:
        """Take down that the report was made and which files belong to it, for `find_unchanged`."""
        files = [p for p in self.place.rglob("*") if p.is_file()]
        known = {"title": study.title, "page": page.relative_to(self.out).as_posix()}
        write_record(
            self._record, self._whole, [*files, *figures], **known, problems=study.problems.to_dict("records")
        )


def find_notebooks(folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """The notebooks in `folder` in their order; `only` those with these numbers. Raises StudyError where one is missing."""
    paths = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    if not paths:
        raise StudyError([f"{folder}: no notebooks; run this command inside the project"])
    for number in only:
        if not any(p.name.startswith(number) for p in paths):
            raise StudyError(
                [f"--only {number}: no such notebook; there are {', '.join(p.stem for p in paths)}"]
            )
    return [p for p in paths if not only or any(p.name.startswith(n) for n in only)]


def update_contents(out: Path, *, fresh: bool = False) -> Path:
    """Write the list of the reports that lie in `out`, unless it is there, unchanged; its page."""
    reports, record = sorted(out.glob(f"[!.]*/{RECORD}")), out / ".contents.json"
    if fresh or not load_unchanged(record, fingerprint(reports)):
        from analysis.publish.report import (
            write_contents,  # loads templates, which an unchanged list needs not
        )

        write_record(record, fingerprint(reports), [write_contents(out)])
    return out / "index.html"


def _inputs(folder: Path, articles: Path | None) -> list[Path]:
    """Every file that a report on the study may be made from: all in its folder, and texts that lie elsewhere."""
    own = [p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in _MADE]
    texts = (articles or folder / "articles").expanduser()
    return [p for p in sorted({*own, *texts.rglob("*")}) if p.is_file()]
