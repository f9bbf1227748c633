"""An annotated article in the terminal: quotes with their speakers, frames, stances and tone beside the text."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from analysis.tables import split_at_breaks

_TONE = {"negative": "–", "neutral": " ", "positive": "+"}


def print_article(article_id: str, tables: Mapping[str, pd.DataFrame], console: Console) -> None:
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
            _codes(sentence.sentence_id, of["frames"], of["stance"]),
        )
    console.print(
        Panel(Group(head, Text(facts, style="dim")), expand=True),
        grid,
        _speakers(of["sources"], of["quotes"]),
    )


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


def _codes(sentence_id: str, frames: pd.DataFrame, stance: pd.DataFrame) -> str:
    codes = list(dict.fromkeys(frames.loc[frames["sentence_id"] == sentence_id, "frame"]))
    here = stance[stance["sentence_id"] == sentence_id]
    return ", ".join(codes + [f"{s.target}: {s.stance} ({s.voice})" for s in here.itertuples()])


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
