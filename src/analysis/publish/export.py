"""Quotes for use elsewhere: as JSON with cue, source, contents and offsets, or as a flat CSV."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import store
from analysis.tables import harmless_cells, split_at_breaks

_SOURCE = ("name", "person", "role", "side", "named", "expert", "anonymity", "reason")
_SPANS = ("start", "end", "quoted_start", "quoted_end")
GAP = " […] "  # stands for the attribution that interrupts a quote


def list_quotes(made: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Each quote as plain data: quote_id, article_id, outlet, form, cue, source, contents, quoted.

    `contents` has a text with its span for each piece of what is attributed, `quoted` likewise for the words inside
    quotation marks; spans are code points in the article's text, end-exclusive. `source` has the words of the
    attribution with their span, and what is known of the source. What is missing is None.
    """
    articles, quotes = made["articles"], made["quotes"]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    outlets = dict(zip(articles["article_id"], articles["outlet"], strict=True))
    known = made["sources"].set_index("source_id")[list(_SOURCE)].to_dict("index")
    pieces: dict[str, list[Any]] = defaultdict(list)
    for piece in split_at_breaks(quotes)[["quote_id", *_SPANS]].itertuples(index=False):
        pieces[piece.quote_id].append(piece)
    out = []
    for quote in quotes.itertuples(index=False):
        text, own = texts[quote.article_id], pieces[quote.quote_id]
        source = known.get(quote.source_id, {}) if pd.notna(quote.source_id) else {}
        out.append(
            {
                "quote_id": quote.quote_id,
                "article_id": quote.article_id,
                "outlet": _plain(outlets[quote.article_id]),
                "form": quote.form,
                "cue": _stretch(text, quote.cue_start, quote.cue_end),
                "source": {
                    "words": _stretch(text, quote.speaker_start, quote.speaker_end),
                    **{column: _plain(source.get(column)) for column in _SOURCE},
                },
                "contents": [_stretch(text, p.start, p.end) for p in own],
                "quoted": [found for p in own if (found := _stretch(text, p.quoted_start, p.quoted_end))],
            }
        )
    return out


def export_quotes(made: Mapping[str, pd.DataFrame], path: Path) -> int:
    """Write the quotes as JSON, or as CSV where the file's name ends so; returns how many there are."""
    quotes = list_quotes(made)
    if path.suffix.lower() == ".csv":
        content = harmless_cells(pd.DataFrame([_flat(q) for q in quotes])).to_csv(
            index=False, lineterminator="\n"
        )
    else:
        content = json.dumps(quotes, ensure_ascii=False, indent=1) + "\n"
    with store.filled(path.parent) as new:
        (new / path.name).write_text(content, encoding="utf-8")
    return len(quotes)


def _flat(quote: Mapping[str, Any]) -> dict[str, Any]:
    """The quote as one row: texts of several pieces joined, spans from the first piece to the last."""
    row = {key: quote[key] for key in ("quote_id", "article_id", "outlet", "form")}
    for name, stretches in (("content", quote["contents"]), ("quoted", quote["quoted"])):
        row[name] = GAP.join(s["text"] for s in stretches) or None
        row[f"{name}_start"] = stretches[0]["start"] if stretches else None
        row[f"{name}_end"] = stretches[-1]["end"] if stretches else None
    for name, stretch in (("cue", quote["cue"]), ("speaker", quote["source"]["words"])):
        row |= {name: None, f"{name}_start": None, f"{name}_end": None}
        if stretch:
            row |= {name: stretch["text"], f"{name}_start": stretch["start"], f"{name}_end": stretch["end"]}
    return row | {column: quote["source"][column] for column in _SOURCE}


def _stretch(text: object, start: object, end: object) -> dict[str, Any] | None:
    """Words with their span; the words are None where the article's text is missing."""
    if pd.isna(start) or pd.isna(end):
        return None
    a, b = int(start), int(end)  # type: ignore[call-overload]
    return {"text": text[a:b] if isinstance(text, str) else None, "start": a, "end": b}


def _plain(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return bool(value) if isinstance(value, bool) or type(value).__name__ == "bool" else value
