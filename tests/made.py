"""Tables made of a few invented sentences, for tests of single stages."""

from __future__ import annotations

import pandas as pd

from analysis.language import load_language
from analysis.parse.document import Document, restore
from analysis.tables import ARTICLES, SENTENCES


def one_article(*texts: str) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Its text, the table of the article `a`, and its sentences a:s1, a:s2 ..., one for each text, in one paragraph."""
    rows, text = [], ""
    for number, sentence in enumerate(texts, start=1):
        text += " " if text else ""
        span = {"start": len(text), "end": len(text) + len(sentence)}
        rows.append(
            {"sentence_id": f"a:s{number}", "article_id": "a", "paragraph": 1, "kind": "body", **span}
        )
        text += sentence
    return text, ARTICLES.make([{"article_id": "a", "text": text}]), SENTENCES.make(rows)


def one_document(*texts: str) -> Document:
    """The article of `one_article` as a document."""
    _, articles, sentences = one_article(*texts)
    return restore(articles, sentences, load_language())[0]
