"""Words: the sentences of articles, split into tokens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from analysis.text import Token, split_tokens

_split = lru_cache(maxsize=1 << 13)(split_tokens)  # one stage after another reads the sentences of a lot


class Words(NamedTuple):
    """A sentence with its tokens, whose spans are in the article's text."""

    article_id: str
    sentence_id: str
    paragraph: int
    tokens: Sequence[Token]


def split_words(articles: pd.DataFrame, sentences: pd.DataFrame) -> list[Words]:
    """The sentences in their order, each with its tokens."""
    texts = dict(zip(articles["article_id"].tolist(), articles["text"].tolist(), strict=True))
    columns = ("article_id", "sentence_id", "paragraph", "start", "end")
    rows = zip(*(sentences[c].tolist() for c in columns), strict=True)
    return [
        Words(article_id, sentence_id, paragraph, _split(texts[article_id][start:end], start))
        for article_id, sentence_id, paragraph, start, end in rows
    ]
