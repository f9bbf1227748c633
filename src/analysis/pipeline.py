"""From articles to tables: the whole flow on one screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import repeat
from pathlib import Path

import pandas as pd

from analysis import tables
from analysis.annotate.actors import find_actors
from analysis.annotate.frames import find_frames
from analysis.annotate.quotes import find_quotes
from analysis.annotate.refusals import find_refusals
from analysis.annotate.sentiment import score_sentiment
from analysis.annotate.sources import identify_sources, name_persons
from analysis.annotate.stance import find_stance
from analysis.annotate.voices import find_voices
from analysis.codebook import Codebook
from analysis.language import ENGLISH, load_language
from analysis.parse.document import block_table, parse, sentence_table
from analysis.tables import Tables

CHUNK = 100  # articles annotated between two steps of the progress bar
WORTH_PROCESSES = 3  # chunks; below, starting processes takes longer than they save


def annotate(articles: pd.DataFrame, codebook: Codebook, language: str | Path = ENGLISH) -> Tables:
    """Every annotation table of the articles: read once into documents, then one stage after the other.

    `language` is the name of one that comes along, or the folder of another (see `analysis.language`).
    """
    documents = parse(articles, load_language(language))
    quotes, sources = identify_sources(documents, find_quotes(documents, codebook), codebook)
    voices = find_voices(quotes)
    return {
        "blocks": block_table(documents),
        "sentences": sentence_table(documents),
        "quotes": quotes,
        "refusals": find_refusals(documents, voices, codebook),
        "sources": name_persons(sources, codebook),
        "frames": find_frames(documents, voices, codebook),
        "stance": find_stance(documents, quotes, voices, codebook),
        "sentiment": score_sentiment(documents, voices, codebook),
        "actors": find_actors(documents, voices, codebook),
    }


def annotate_in_chunks(
    articles: pd.DataFrame,
    codebook: Codebook,
    language: str | Path = ENGLISH,
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
        for part in (pool.map if pool else map)(annotate, chunks, repeat(codebook), repeat(language)):
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
