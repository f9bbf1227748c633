"""The table of quotes: every stretch of reported speech or writing, with its cue, its speaker and its rule.

Quotation marks are paired (`parse.quotation_marks`), sentences become words and quotations (`parse.units`), cues are
found (`cues`), rules (`attribution.yml`, `rules`) find the speaker and the contents of each (`readings`, `attributions`),
and quotations without a cue of their own go to the speaker beside them (`paragraphs`). Rules only; the reporting verbs
are the codebook's. Compare Krestel, Bergler & Witte (2008), Pareti (2015).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, partial

import pandas as pd

from analysis.annotate.quotes.cues import make_lexicon
from analysis.annotate.quotes.paragraphs import find_in_document
from analysis.annotate.quotes.pieces import INDIRECT, Quote
from analysis.annotate.turns import Turns, find_turns
from analysis.codebook import SPEECH, Codebook, load_codebook
from analysis.parse.document import Document, parse_text
from analysis.tables import QUOTES


def find_quotes(
    documents: Sequence[Document] | str,
    codebook: Codebook | None = None,
    turns: Sequence[Turns] | None = None,
) -> pd.DataFrame:
    """The table `quotes`, in the order of the texts; `source_id` is filled by `identify_sources`.

    `turns` are the articles' own, where they are found already. By default by the general codebook; a string is taken for
    the body of an article:

    >>> find_quotes('"We are ready," Ms. Lund said.')[["form", "speaker"]].values.tolist()
    [['direct', 'Ms. Lund']]
    """
    if isinstance(documents, str):
        documents = [parse_text(documents)]
    rules = codebook or _general()
    turns = find_turns(documents) if turns is None else turns
    rows = []
    lexicon_of = cache(partial(make_lexicon, tuple(rules.verbs.values())))
    for document, own in zip(documents, turns, strict=True):
        starts = [s.start for s in document.sentences]
        ids = [s.sentence_id for s in document.sentences]
        found = find_in_document(document, own, lexicon_of(document.language), rules.whole_quotes)
        for number, quote in enumerate(found, start=1):
            rows.append(_row(quote, number, document.article_id, document.text, starts, ids))
    return QUOTES.make(rows)


@cache
def _general() -> Codebook:
    return load_codebook()


def _row(
    quote: Quote, number: int, article_id: str, text: str, starts: list[int], ids: list[str]
) -> dict[str, object]:
    at = max(0, bisect_right(starts, quote.start) - 1)
    row: dict[str, object] = {
        "quote_id": f"{article_id}:q{number}",
        "article_id": article_id,
        "sentence_id": ids[at],
        "form": quote.form,
        "reported": quote.voice.reported if quote.form == INDIRECT else SPEECH,
        "start": quote.start,
        "end": quote.end,
        "rule": quote.rule,
    }
    if quote.interruption:
        row["break_start"], row["break_end"] = quote.interruption
    if quote.quoted:
        row["quoted_start"], row["quoted_end"] = quote.quoted
    for name, span in (("cue", quote.voice.cue), ("speaker", quote.voice.speaker), ("via", quote.voice.via)):
        if span:
            row |= {name: text[span[0] : span[1]], f"{name}_start": span[0], f"{name}_end": span[1]}
    return row
