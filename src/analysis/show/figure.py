"""A chart as it is published: the picture, the numbers behind it, and the picture in words."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any
from urllib.parse import quote

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure

from analysis.show import style
from analysis.show.charts import fit_phone
from analysis.show.drawing import with_style
from analysis.show.figure_files import DRAWN, FOR_PAGES
from analysis.show.html_tables import Leads, as_html
from analysis.show.wording import Notice, in_words, isolated, listed, number, signed, with_marks
from analysis.study import Study
from analysis.tables import harmless_cells

FEW = 4  # codes; of more the caption gives the range of their alphas, and the numbers each one's
END = "<!-- picture -->"  # behind the chart itself, for who stores it otherwise
MANY_NUMBERS, NUMBERS = 100, 60  # rows below a chart; how many are shown of more
_WIDE, _NARROW = (
    (84, 118),
    (40, 58),
)  # characters in a line of the title and of the caption; the same on a phone
_LINE = 0.15  # inches
_IN_ADDRESS = re.compile(r"[^\w.,:;()/~*!-]")  # what a file within a page writes by its bytes
LISTED = 14  # alt text names up to so many values; of more it gives the extremes


@dataclass(frozen=True)
class Figure:
    """A saved chart. Shows itself in a notebook as a picture with alt text, its caption and its numbers."""

    name: str
    title: str
    alt: str
    caption: str
    numbers: pd.DataFrame
    svg: bytes
    png: bytes
    csv: str  # the numbers, all of them, as the file beside the picture has them
    leads: Leads | None = None  # where the numbers of a column lead to
    reading: str = ""
    topic: str = ""  # what the chart is of
    finding: str = ""  # what it shows
    picture: str = ""  # it as HTML
    corrected: bool = False  # by what people coded
    names: Mapping[str, str] = field(default_factory=dict)  # codes of the numbers in words

    def _repr_html_(self) -> str:
        many = len(self.numbers) > MANY_NUMBERS
        numbers = self.numbers.head(NUMBERS) if many else self.numbers
        here = f" (the first {NUMBERS}; the file has all)" if many else ""
        table = as_html(
            numbers, f"Numbers of the chart: {self.title}{here}", self.leads, fold=False, names=self.names
        )
        csv, file = _IN_ADDRESS.sub(lambda m: quote(m[0], safe=""), self.csv), escape(f"{self.name}.csv")
        how = f'<p class="reading">How to read it: {escape(self.reading)}</p>' if self.reading else ""
        finding, topic = (isolated(words) for words in (self.finding or self.topic, self.topic))
        topic = f'<span class="topic">{topic}</span> ' if self.finding else ""
        return (
            f'<figure class="chart" id="{escape(self.name)}">'
            f'<figcaption><b class="message">{finding}</b> {topic}<span class="counted">{escape(self.caption)}</span></figcaption>'
            f"{self._drawn()}{how}{_ASSUMED if self.corrected else ''}"
            f'<details class="numbers"><summary>The numbers ({len(self.numbers)} rows)</summary>{table}</details>'
            f'<p class="download"><a download="{file}" href="data:text/csv;charset=utf-8,{csv}">Download the data ({file})</a></p></figure>'
        )

    def _drawn(self) -> str:
        """The chart as part of a page; of a form that only images have, the image."""
        if self.picture:
            marked = f'<div class="picture" role="group" aria-label="{escape(self.alt)}">{self.picture}</div>'
            return with_style(f"{marked}{END}")
        svg = base64.b64encode(self.svg).decode()
        return f'<img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{svg}">{END}'

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {DRAWN: self.name}  # beside `_repr_html_`: which files the run has made

    def __repr__(self) -> str:
        return f"{self.title}\n{self.alt}"


def make_figure(
    ax: Axes,
    numbers: pd.DataFrame,
    study: Study,
    name: str,
    *,
    title: str,
    unit: str,
    label: str,
    value: str,
    by: str | None = None,
    percent: bool = False,
    doubtful: Collection[str] = (),
    alpha: Mapping[str, float] | None = None,
    coder: str = "",
    sample: str = "",
    light: bool = True,
    uncorrected: str = "",
    leads: Leads | None = None,
    reading: str = "",
) -> Figure:
    """Save the chart under `figures/<study>/` as SVG, PNG, CSV and alt text, and return it for show.

    `unit` says what was counted; `label`, `value` and `by` name the columns that the alt text is made from;
    `doubtful` the codes in it that are not validated; `alpha` the reliability of each code (see `code_alpha`), which
    the caption then gives and, where `label` names codes, the numbers too; `coder` whose codes they are, `sample` what
    corrected them, or `uncorrected` why nothing did, all for the caption; `light`: the coder's own are drawn, too; `leads` where the counts of a column lead
    to, the sentences behind them (see `show.leads`); `reading` how such a chart is read.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    warning = _warning(sorted(doubtful), numbers[label].nunique())
    if alpha and numbers[label].isin(list(alpha)).any():
        numbers = numbers.assign(alpha=numbers[label].map(alpha))
    trust = _told(alpha) if alpha else ""
    whose = _whose(coder, sample, light, uncorrected)
    said = (f"Counted: {unit}.", whose, trust, warning, study.settings.notice.strip())
    notes = [part for part in said if part]
    alt = " ".join(
        [f"{title}.", describe(numbers, label=label, value=value, by=by, percent=percent), *notes[1:]]
    )
    caption = " ".join(notes)
    names = " ".join(str(name) for column in (label, by) if column for name in numbers[column].unique())
    boxes = (
        f" {style.LACKING}: a letter that no font here has; {style.REMEDY}."
        if style.lacks(names + title)
        else ""
    )
    svg, png = _as_files(ax, figure, title, caption + boxes, alt, names)
    versions = _for_pages(ax, figure, title, caption + boxes, alt, names, svg) if study.web_charts else {}
    plt.close(figure)
    csv = harmless_cells(numbers).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    _save(study.figures_folder, name, svg, png, csv, alt, versions)
    return Figure(name, title, alt, caption, numbers, svg, png, csv, leads, reading, corrected=bool(sample))


def _as_files(
    ax: Axes, figure: MplFigure, title: str, caption: str, alt: str, names: str
) -> tuple[bytes, bytes]:
    """The chart with its title above and its caption below, as SVG and as PNG; `names` is what stands in it."""
    with style.style():
        ax.set_title("")
        words = _write_words(figure, title, caption, *_WIDE)
        style.write_all_letters(figure, names + words)
        png = BytesIO()
        figure.savefig(png, format="png", metadata={"Software": None, "Title": title, "Description": alt})
        return _as_svg(figure, title, alt), png.getvalue()


def _for_pages(
    ax: Axes, figure: MplFigure, title: str, caption: str, alt: str, names: str, svg: bytes
) -> dict[str, bytes]:
    """The chart's versions for dark pages and for phones, as SVG."""
    with style.style():
        fit_phone(ax)
        wide, slim = (_write_words(figure, title, caption, *widths) for widths in (_WIDE, _NARROW))
        figure.set_figheight(figure.get_figheight() + _LINE * (slim.count("\n") - wide.count("\n")))
        style.write_all_letters(figure, names + slim)
        narrow = _as_svg(figure, title, alt)
    return dict(zip(FOR_PAGES, (style.darkened(svg), narrow, style.darkened(narrow)), strict=True))


def _write_words(figure: MplFigure, title: str, caption: str, above: int, below: int) -> str:
    """The title above and the caption below, in lines of so many characters; both, as they are written."""
    heading, foot = (
        with_marks(fill(style.printable(words), width)) for words, width in ((title, above), (caption, below))
    )
    figure.suptitle(heading, x=0.01, ha="left", fontsize=11, fontweight="bold", color=style.INK)
    figure.supxlabel(foot, x=0.01, ha="left", fontsize=8, color=style.QUIET)
    return f"{heading}{foot}"


def _as_svg(figure: MplFigure, title: str, alt: str) -> bytes:
    svg = BytesIO()
    known = {"Date": None, "Creator": None, "Title": title, "Description": alt}
    figure.savefig(svg, format="svg", metadata=known)
    return svg.getvalue()


_ASSUMED = (
    '<details class="assumed"><summary>What corrected shares assume</summary><ol>'
    "<li>The sentences that people coded were drawn at random, with the probabilities that were recorded; where all were "
    "coded, nothing needs to be drawn.</li>"
    "<li>The coder whose share is light was fixed before those sentences were seen. One that was developed on them "
    "corrects nothing, and people’s codes count alone.</li>"
    "<li>What people settled is right; Krippendorff’s alpha says how far they agreed.</li>"
    "<li>The share is that of these articles. Of the outlet behind them it says nothing, however narrow its interval.</li>"
    "</ol></details>"
)


def nothing_to_draw(title: str, study: Study) -> Notice:
    """What stands where a chart has no numbers: why, where texts are missing, else nothing, for the answer above says it."""
    return Notice(
        f"No chart “{title}”: it needs the texts, which are not here." if len(study.missing) else ""
    )


def _whose(coder: str, sample: str, light: bool, uncorrected: str) -> str:
    """Whose codes are drawn, and what corrected them, or why nothing did."""
    if sample:
        return (
            f"Dark: {sample}; light: {coder}."
            if light
            else f"Drawn: {sample}; in the numbers, “machine”: {coder}."
        )
    return " ".join(
        [
            *([f"Coded by {coder}."] if coder else []),
            *([f"Not corrected: {uncorrected}."] if uncorrected else []),
        ]
    )


def _warning(doubtful: Sequence[str], codes: int) -> str:
    if len(doubtful) > FEW:
        return f"Not validated: {len(doubtful)} of {codes}, which the chart marks."
    return f"Not validated: {listed(doubtful)}." if doubtful else ""


def _told(alpha: Mapping[str, float]) -> str:
    """The codes' reliability in a sentence: each one's, or of many the range."""
    known = {code: value for code, value in alpha.items() if value == value}
    if not known:
        return "Krippendorff's alpha: none, since nobody coded these codes twice."
    if len(alpha) <= FEW:
        each = (f"{code} {alpha[code]:.2f}" if code in known else f"{code} none" for code in alpha)
        return f"Krippendorff's alpha: {', '.join(each)}."
    low, high = min(known.values()), max(known.values())
    return f"Krippendorff's alpha of the codes: {low:.2f} to {high:.2f}."


def describe(
    table: pd.DataFrame, *, label: str, value: str, by: str | None = None, percent: bool = False
) -> str:
    """The chart in words, computed from its numbers: every value, or the extremes where they are many."""
    rows = table.dropna(subset=[value])
    if rows.empty:
        return "No data."

    def words(frame: pd.DataFrame) -> str:
        said = (signed(v) if value in ("net", "mean") else number(v, percent) for v in frame[value])
        return ", ".join(f"{in_words(x)} {v}" for x, v in zip(frame[label], said, strict=True))

    if by is None:
        if len(rows) <= LISTED:
            return words(rows) + "."
        ordered = rows.sort_values(value, ascending=False)
        return f"{len(rows)} values, highest {words(ordered.head(3))}; lowest {words(ordered.tail(3))}."
    parts = []
    for group, frame in rows.groupby(by, sort=False):
        ordered = frame.sort_values(value, ascending=False, kind="stable")
        many = len(rows) > LISTED
        parts.append(f"{in_words(group)}: {words(ordered.head(3) if many else ordered)}")
    lead = "The largest of each: " if len(rows) > LISTED else ""
    return lead + "; ".join(parts) + "."


def _save(
    folder: Path, name: str, svg: bytes, png: bytes, csv: str, alt: str, versions: Mapping[str, bytes]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_bytes(svg)
    (folder / f"{name}.png").write_bytes(png)
    (folder / f"{name}.csv").write_text(csv, "utf-8")
    (folder / f"{name}.txt").write_text(alt + "\n", "utf-8")
    for version in FOR_PAGES:
        file = folder / f"{name}-{version}.svg"
        file.write_bytes(versions[version]) if version in versions else file.unlink(missing_ok=True)
