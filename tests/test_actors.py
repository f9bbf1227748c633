"""Actors: the attitude of a sentence towards those whom the codebook names."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.annotate.actors import find_actors
from analysis.annotate.quotes import find_quotes
from analysis.annotate.sources import identify_sources
from analysis.annotate.voices import find_voices
from analysis.codebook import Code, Codebook, load_codebook
from analysis.compare.shares import actor_tone
from analysis.parse.document import parse_text


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    actors = {
        "lund": Code("lund", "Lund", indicators=("=Lund",)),
        "berg": Code("berg", "Berg", indicators=("=Berg",)),
    }
    return replace(load_codebook(), actors=actors)


def _found(codebook: Codebook, text: str) -> pd.DataFrame:
    documents = [parse_text(text)]
    quotes, *_ = identify_sources(documents, find_quotes(documents, codebook), codebook)
    return find_actors(documents, find_voices(quotes, documents), codebook)


def test_an_actor_is_found_once_in_a_sentence_and_voice(codebook):
    found = _found(codebook, "Lund met Berg, and Lund smiled.\nIt rained on Lund.")
    assert found["actor"].tolist() == ["lund", "berg", "lund"]
    assert found["voice"].tolist() == ["author"] * 3


def test_whoever_only_speaks_is_neutral_and_the_accused_is_not(codebook):
    found = _found(codebook, "“It was a disaster,” Lund said.\nThe council accused Berg of fraud and lies.")
    assert found.set_index("actor")["label"].to_dict() == {"lund": "neutral", "berg": "negative"}


PRAISE, BLAME = "a brilliant and generous leader", "a corrupt and cruel liar"


@pytest.mark.parametrize(
    "own", ["Berg opened the bridge.", "Berg ruined the wonderful bridge in a stupid rage."]
)
def test_words_in_quotation_marks_never_change_the_authors_attitude_nor_the_reverse(codebook, own):
    tables = [
        _found(codebook, f"{own} “Berg is {words},” Tor Vale said of him.") for words in (PRAISE, BLAME)
    ]
    author = [t[t["voice"] == "author"]["label"].tolist() for t in tables]
    quoted = [t[t["voice"] == "quoted"]["label"].tolist() for t in tables]
    assert author[0] == author[1]
    assert (quoted[0], quoted[1]) == (["positive"], ["negative"])


def test_net_attitude_counts_sentences_of_each_outlet_and_actor(codebook):
    rows = pd.DataFrame(
        {
            "article_id": ["a", "a", "b"],
            "sentence_id": ["a:s1", "a:s2", "b:s1"],
            "actor": "lund",
            "start": [0, 9, 0],
        }
    ).assign(
        label=["negative", "neutral", "positive"], voice="author", source_id=pd.NA, outlet=["x", "x", "y"]
    )
    table = actor_tone(rows, groups=["x", "y"]).set_index("outlet")
    assert table["net"].tolist() == [-0.5, 1.0]
    assert table["n"].tolist() == [2, 1]
    assert actor_tone(rows.head(0), groups=["x"]).empty


def test_a_codebook_without_actors_has_an_empty_table():
    assert _found(load_codebook(), "Lund praised Berg.").empty
