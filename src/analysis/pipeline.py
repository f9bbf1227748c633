"""From articles to tables: the whole flow on one screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from analysis import tables
from analysis.annotate.actors import find_actors
from analysis.annotate.agency import find_agency
from analysis.annotate.corpus_persons import name_persons
from analysis.annotate.facts import find_facts
from analysis.annotate.frames import find_frames
from analysis.annotate.namings import find_namings
from analysis.annotate.quotes import find_quotes
from analysis.annotate.refusals import find_refusals
from analysis.annotate.sentiment import score_sentiment
from analysis.annotate.sources import identify_sources
from analysis.annotate.stance import find_stance
from analysis.annotate.turns import find_turns, forms_of
from analysis.annotate.voices import Voices, find_voices
from analysis.codebook import Codebook
from analysis.language import ENGLISH, load_language
from analysis.parse.document import COLUMNS, Document, block_table, parse, restore, sentence_table
from analysis.stages import ACTING, FRAMES, SPEECH, STAGES, STANCE, TOLD, TONE, Stage, without_collecting
from analysis.tables import Tables
from analysis.workers import run_here

CHUNK = 100  # articles annotated between two steps of the progress bar
WORTH_PROCESSES = 3  # chunks; below, starting processes takes longer than they save


def annotate(articles: pd.DataFrame, codebook: Codebook, language: str | Path = ENGLISH) -> Tables:
    """Every annotation table of the articles: read once into documents, then one stage after the other.

    `language` is the name of one that comes along, or the folder of another (see `analysis.language`).
    """
    made = annotate_apart(articles, codebook, language)
    return name_across(made, codebook)


@without_collecting()
def annotate_apart(articles: pd.DataFrame, codebook: Codebook, language: str | Path = ENGLISH) -> Tables:
    """`annotate`, each article by itself: without `persons`, and `sources` with what their own article says of them."""
    documents = parse(articles, load_language(language))
    turns = find_turns(documents)
    blocks = block_table(documents, map(forms_of, turns))
    made = {"sentences": sentence_table(documents), "blocks": blocks}
    rules = codebook.only(SPEECH.reads)
    quotes = find_quotes(documents, rules, turns)
    quotes, made["sources"], made["cast"] = identify_sources(documents, quotes, rules)
    voices = find_voices(quotes, documents)
    made |= {"quotes": quotes, "refusals": find_refusals(documents, voices, rules)}
    return made | _code(documents, quotes, voices, codebook, STAGES)


@without_collecting()
def annotate_again(
    articles: pd.DataFrame,
    known: Tables,
    codebook: Codebook,
    language: str | Path = ENGLISH,
    stages: Sequence[Stage] = STAGES,
) -> Tables:
    """The tables of these stages, of articles whose sentences and quotes are known: the same that `annotate` gives."""
    documents = restore(articles, known["sentences"], load_language(language))
    quotes = known["quotes"]
    return _code(documents, quotes, find_voices(quotes, documents), codebook, stages)


def _code(
    documents: Sequence[Document],
    quotes: pd.DataFrame,
    voices: Voices,
    codebook: Codebook,
    stages: Sequence[Stage],
) -> Tables:
    """What the codebook's rules find, and in whose voice."""
    found: Tables = {}
    if FRAMES in stages:
        found["frames"] = find_frames(documents, codebook.only(FRAMES.reads))
    if TOLD in stages:
        found["facts"] = find_facts(documents, codebook.only(TOLD.reads))
    if ACTING in stages:
        rules = codebook.only(ACTING.reads)
        found["agency"] = find_agency(documents, rules)
        found["namings"] = find_namings(documents, rules)
    made = {name: voices.fill(table) for name, table in found.items()}
    if STANCE in stages:
        made["stance"] = find_stance(documents, quotes, voices, codebook.only(STANCE.reads))
    if TONE in stages:
        rules = codebook.only(TONE.reads)
        made["sentiment"] = score_sentiment(documents, voices, rules)
        made["actors"] = find_actors(documents, voices, rules)
    return made


@dataclass(frozen=True, eq=False)
class Lot:
    """Some articles to annotate; where `known` has their sentences and quotes, only these stages are made."""

    articles: pd.DataFrame
    stages: Sequence[Stage] = STAGES
    known: Tables | None = None

    def annotate(self, codebook: Codebook, language: str | Path) -> Tables:
        """The tables of its stages. No column but those of a document is handed on."""
        articles = self.articles[[c for c in COLUMNS if c in self.articles]]
        if self.known is None:
            return annotate_apart(articles, codebook, language)
        return annotate_again(articles, self.known, codebook, language, self.stages)


def annotate_lots(
    lots: Sequence[Lot], codebook: Codebook, language: str | Path = ENGLISH, jobs: int | None = None
) -> Iterator[tuple[int, Tables]]:
    """The number and the tables of each lot as soon as they are made, in `jobs` processes.

    By default as many as there are processors, where it is worth starting them. Raises BrokenProcessPool where each
    process that has one of them is killed, when all other lots are done.
    """
    jobs = jobs or (os.cpu_count() or 1 if len(lots) >= WORTH_PROCESSES else 1)
    return run_here([partial(lot.annotate, codebook, language) for lot in lots], jobs)


def annotate_in_chunks(
    articles: pd.DataFrame,
    codebook: Codebook,
    language: str | Path = ENGLISH,
    on_progress: Callable[[int, int], None] | None = None,
    jobs: int | None = None,
) -> Tables:
    """`annotate`, some articles at a time, in `jobs` processes (see `annotate_lots`).

    Same tables as `annotate`, whatever the number of processes. `on_progress(done, total)` is called after each lot.
    """
    lots = [Lot(chunk) for chunk in in_chunks(articles)]
    made: dict[int, Tables] = {}
    for number, part in annotate_lots(lots, codebook, language, jobs):
        made[number] = part
        if on_progress:
            on_progress(sum(len(lots[n].articles) for n in made), len(articles))
    return stack_tables([made[number] for number in sorted(made)], codebook)


def in_chunks(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """The articles by lots, in their order."""
    return [articles.iloc[start : start + CHUNK] for start in range(0, len(articles), CHUNK)]


def stack_tables(parts: Sequence[Tables], codebook: Codebook) -> Tables:
    """The annotation tables of several lots of articles as one set, with one name for a person in all of them."""
    return name_across(stack_apart(parts), codebook)


def stack_apart(parts: Sequence[Tables]) -> Tables:
    """The tables of `annotate_apart` of several lots as one set."""
    return {
        table.name: table.make(pd.concat([p[table.name] for p in parts], ignore_index=True))
        if parts
        else table.make()
        for table in tables.ANNOTATIONS
    }


def name_across(made: Tables, codebook: Codebook) -> Tables:
    """The tables of `annotate_apart`, with one name for a person in all articles and what they say of each."""
    sources, persons = name_persons(made["sources"], made["cast"], codebook)
    return {**made, "sources": sources, "persons": persons}
