"""In the terminal: an annotated article, and how far coders agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    Group,
    RenderableType,
    RenderHook,
    RenderResult,
)
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from analysis.codebook import Codebook
from analysis.show.wording import counted, listed
from analysis.tables import split_at_breaks
from analysis.text import without_controls

if TYPE_CHECKING:
    from analysis.coding.training import Training

_TONE = {"negative": "–", "neutral": " ", "positive": "+"}


def plain_console() -> Console:
    """A console that prints names and titles as they are, and lets none act: `:tram:` is no picture, `[red]` no colour."""
    console = Console(markup=False, emoji=False)
    console.push_render_hook(_Harmless())
    return console


class _Harmless(RenderHook):
    """What is shown has no control characters but those by which rich draws."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_WithoutControls(shown) for shown in renderables]


@dataclass(frozen=True)
class _WithoutControls:
    shown: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self.shown, options):
            yield Segment(text if control else without_controls(text), style, control)


def print_article(
    article_id: str, tables: Mapping[str, pd.DataFrame], codebook: Codebook, console: Console
) -> None:
    """Print the article's sentences with what is said of each; quoted words are coloured, page clutter left out."""
    article = tables["articles"].set_index("article_id").loc[article_id]
    of = {
        name: frame[frame["article_id"] == article_id]
        for name, frame in tables.items()
        if "article_id" in frame
    }
    head = Text(str(article["title"]) if pd.notna(article["title"]) else article_id, style="bold")
    facts = " · ".join(
        str(article[c]) for c in ("outlet", "author", "published", "genre") if pd.notna(article[c])
    )
    grid = Table(box=None, padding=(0, 1), show_header=True, header_style="dim", expand=True)
    grid.add_column("tone", width=4)
    grid.add_column("text", ratio=3)
    grid.add_column("frames, stance", ratio=1, style="cyan")
    tones = dict(zip(of["sentiment"]["sentence_id"], of["sentiment"]["label"], strict=True))
    for sentence in of["sentences"].itertuples():
        grid.add_row(
            _TONE.get(tones.get(sentence.sentence_id, "neutral"), " "),
            _marked(str(article["text"]), sentence, of["quotes"]),
            _codes(sentence.sentence_id, of["frames"], of["stance"], codebook),
        )
    console.print(
        Panel(Group(head, Text(facts, style="dim")), expand=True),
        grid,
        _speakers(of["sources"], of["quotes"]),
    )


def print_agreement(
    found: pd.DataFrame,
    coincidences: Mapping[str, pd.DataFrame],
    coded: Mapping[str, tuple[int, int]],
    console: Console,
) -> None:
    """Print a table for each comparison (see `coding.reliability.coder_agreement`), then the coincidence matrices.

    `coded`: how many sentences each coder coded, and left out. Legible at 80 columns.
    """
    for coder, (done, left) in coded.items():
        console.print(f"{coder}: {counted(done, 'sentence')} coded, {left} left empty", highlight=False)
    for comparison, rows in found.groupby("comparison", sort=False):
        shared = counted(int(rows["n_units"].max()), "sentence")
        console.print(f"\n{comparison}: {shared} in common", highlight=False)
        console.print(_agreement_table(rows))
    if found.empty:
        console.print("No two coders coded the same sentence, so nothing can be compared.")
        return
    for of, matrix in coincidences.items():
        if len(matrix):
            console.print(f"\nCoders: coincidences of {of}", highlight=False)
            console.print(_matrix(matrix))
    console.print(Text(f"\n{_HOW_TO_READ}", style="dim"))


_HOW_TO_READ = (
    "a, b: sentences with the code by the first and the second named. alpha: Krippendorff's, with its 95 % interval "
    "over resampled sentences; from .800 reliable, from .667 tentative, if the interval begins above .667 and five sentences "
    "have the code. A question's own line takes all its codes "
    "together: frames as sets (MASI). AC1: Gwet's, steadier where a code is rare. Coincidences: pairs of codings of "
    "one sentence, from which alpha can be computed."
)


def _agreement_table(rows: pd.DataFrame) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    for column in ("a", "b", "alpha", "95 %", "AC1"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows.itertuples():
        whole = pd.isna(row.code)
        table.add_row(
            Text(str(row.of) if whole else f"  {row.code}", style="bold" if whole else ""),
            *("" if whole else str(int(n)) for n in (row.n_a, row.n_b)),
            _fraction(row.alpha),
            "" if pd.isna(row.low) else f"{_fraction(row.low)} to {_fraction(row.high)}",
            "" if whole else _fraction(row.ac1),
            str(row.verdict),
        )
    return table


def print_training(training: Training, console: Console) -> None:
    """Print how well a learned coder and the rules code the same sentences, and what the figures rest on."""
    grid = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for column, justify in (
        ("", "left"),
        ("coded", "right"),
        ("learned", "right"),
        ("F1", "right"),
        ("rules' F1", "right"),
    ):
        grid.add_column(column, justify=justify)  # type: ignore[arg-type]
    for row in training.scores.itertuples():
        both = row.code in ("micro", "macro")
        grid.add_row(
            Text(str(row.code), style="bold" if both else ""),
            *("" if row.code == "macro" else str(int(n)) for n in (row.n, row.n_found)),
            *(_fraction(f1) if pd.notna(f1) else "" for f1 in (row.f1, row.rules)),
        )
    console.print(_learned_from(training), grid, *_caveats(training), sep="\n", highlight=False)


def _learned_from(training: Training) -> str:
    from analysis.coding.learned import FOLDS  # loads scipy, which only who learns needs

    articles = counted(int(training.coded["article_id"].nunique()), "article")
    return (
        f"{training.study.name}, {training.question}: {counted(len(training.coded), 'coded sentence')} of {articles}, by "
        f"{training.teacher or 'the reference coding'}. F1 of the "
        f"learned coder is out of fold: each sentence was coded by one that had read the other {FOLDS - 1} of {FOLDS} parts."
    )


def _caveats(training: Training) -> list[str]:
    """What the figures cannot show."""
    from analysis.coding.learned import FEWEST

    said = []
    if left_out := training.coder.left_out:
        rare = listed(f"{code} ({n})" for code, n in left_out.items())
        said.append(f"Too rare to be learned, with fewer than {FEWEST} sentences: {rare}.")
    articles = counted(int(training.coded["article_id"].nunique()), "article")
    said.append(
        "No article is on both sides of a fold, so these figures hold for other articles of this kind."
        if training.whole_articles
        else f"{articles} are too few to keep apart, so the folds share articles: names and phrases "
        "of one article help to code its other sentences. Expect less on other articles."
    )
    said.append(
        "The figures of a code with few sentences rest on two or three of them. If the rules were developed on these "
        "sentences, their F1 flatters them. What coders overlooked, the learned coder has learned to overlook."
    )
    return said


def print_plan(table: pd.DataFrame, console: Console) -> None:
    """Print how sure each finding is and how sure it would be (see `ask.about_plan.plan_table`)."""
    shown = Table(box=None, pad_edge=False)
    shown.add_column("finding")
    for head in ("coded", "of", "share", "now ±", "alone", "then ±"):
        shown.add_column(head, justify="right")
    for r in table.itertuples():
        alone = "" if pd.isna(r.alone) else f"+{r.alone:,}"
        points = [_points(value) for value in (r.share, r.half_width, r.expected)]
        shown.add_row(r.finding, f"{r.coded:,}", f"{r.total:,}", *points[:2], alone, points[2])
    console.print(shown)


def _points(share: float) -> str:
    """In points of a hundred; nothing for what is not known."""
    return "" if pd.isna(share) else f"{100 * share:.1f}"


def _matrix(matrix: pd.DataFrame) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    for name in matrix.columns:
        table.add_column(str(name), justify="right")
    for name, counts in zip(matrix.index, matrix.to_numpy(), strict=True):
        table.add_row(str(name), *(f"{count:.4g}" for count in counts))
    return table


def _fraction(value: float) -> str:
    """An alpha as journals print it: .81, -.05, 1.00."""
    if pd.isna(value):
        return "–"
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"


def _marked(text: str, sentence: object, quotes: pd.DataFrame) -> Text:
    start, end = int(sentence.start), int(sentence.end)  # type: ignore[attr-defined]
    heading = sentence.kind in ("title", "heading")  # type: ignore[attr-defined]
    line = Text(text[start:end].replace("\n", " "), style="bold" if heading else "")
    quotes = split_at_breaks(quotes)
    for quote in quotes[(quotes["start"] < end) & (quotes["end"] > start)].itertuples():
        style = "green" if quote.form != "indirect" else "yellow"
        line.stylize(style, max(0, int(quote.start) - start), max(0, int(quote.end) - start))
        if pd.notna(quote.speaker_start):
            line.stylize(
                "underline", max(0, int(quote.speaker_start) - start), max(0, int(quote.speaker_end) - start)
            )
    return line


def _codes(sentence_id: str, frames: pd.DataFrame, stance: pd.DataFrame, codebook: Codebook) -> str:
    codes = dict.fromkeys(frames.loc[frames["sentence_id"] == sentence_id, "frame"])
    here = stance[stance["sentence_id"] == sentence_id]
    positions = (
        f"{codebook.name_of('targets', s.target)}: {s.stance} ({s.voice})" for s in here.itertuples()
    )
    return ", ".join([*(codebook.name_of("frames", code) for code in codes), *positions])


def _speakers(sources: pd.DataFrame, quotes: pd.DataFrame) -> RenderableType:
    table = Table(title="Sources", title_justify="left", box=None, padding=(0, 1), header_style="dim")
    for column in ("name", "role", "side", "quotes"):
        table.add_column(column)
    counts = quotes["source_id"].value_counts()
    for source in sources.itertuples():
        expert = " (expert)" if source.expert else ""
        number = str(counts.get(source.source_id, 0))
        table.add_row(Text(str(source.name)), f"{source.role}{expert}", str(source.side), number)
    return Group(
        Text(""),
        table,
        Text("green: quoted words · yellow: indirect speech · underlined: who says it", style="dim"),
    )
