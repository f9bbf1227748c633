"""From articles to tables: the whole flow on one screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import repeat

import pandas as pd

from analysis import tables
from analysis.annotate.actors import find_actors
from analysis.annotate.frames import find_frames
from analysis.annotate.quotes import find_quotes
from analysis.annotate.refusals import find_refusals
from analysis.annotate.sentiment import score_sentiment
from analysis.annotate.sources import identify_sources, name_persons
from analysis.annotate.stance import find_stance
from analysis.codebook import Codebook
from analysis.read.blocks import split_blocks
from analysis.read.sentences import split_sentences
from analysis.tables import Tables

CHUNK = 100  # articles annotated between two steps of the progress bar
WORTH_PROCESSES = 3  # chunks; below, starting processes takes longer than they save


def annotate(articles: pd.DataFrame, codebook: Codebook) -> Tables:
    """Every annotation table of the articles, each a function of the tables before it."""
    blocks = split_blocks(articles)
    sentences = split_sentences(articles, blocks)
    quotes = find_quotes(articles, sentences, codebook, blocks)
    refusals = find_refusals(articles, sentences, quotes, codebook)
    quotes, sources = identify_sources(articles, sentences, quotes, codebook)
    sources = name_persons(sources, codebook)
    frames = find_frames(articles, sentences, quotes, codebook)
    stance = find_stance(articles, sentences, quotes, codebook)
    sentiment = score_sentiment(articles, sentences, quotes, codebook)
    actors = find_actors(articles, sentences, quotes, codebook)
    return {
        "blocks": blocks,
        "sentences": sentences,
        "quotes": quotes,
        "refusals": refusals,
        "sources": sources,
        "frames": frames,
        "stance": stance,
        "sentiment": sentiment,
        "actors": actors,
    }


def annotate_in_chunks(
    articles: pd.DataFrame,
    codebook: Codebook,
    on_progress: Callable[[int, int], None] | None = None,
    jobs: int | None = None,
) -> Tables:
    """`annotate`, some articles at a time, in `jobs` processes (by default all, where it is worth starting them).

    Same tables as `annotate`, whatever the number of processes. `on_progress(done, total)` is called after each lot.
    """
    chunks = [articles.iloc[start : start + CHUNK] for start in range(0, len(articles), CHUNK)]
    jobs = min(jobs or (os.cpu_count() or 1 if len(chunks) >= WORTH_PROCESSES else 1), max(len(chunks), 1))
    parts: list[Tables] = []
    with ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool:
        for part in (pool.map if pool else map)(annotate, chunks, repeat(codebook)):
            parts.append(part)
            if on_progress:
                on_progress(min(len(parts) * CHUNK, len(articles)), len(articles))
    return stack_tables(parts, codebook)


def stack_tables(parts: Sequence[Tables], codebook: Codebook) -> Tables:
    """The annotation tables of several lots of articles as one set, with one name for a person in all of them."""
    stacked = {
        table.name: table.make(pd.concat([p[table.name] for p in parts], ignore_index=True))
        if parts
        else table.make()
        for table in tables.ANNOTATIONS
    }
    return {**stacked, "sources": name_persons(stacked["sources"], codebook)}
