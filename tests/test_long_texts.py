"""Long and odd texts take time by their length, not by its square."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from analysis.annotate.quotes import find_quotes
from analysis.annotate.refusals import find_refusals
from analysis.annotate.sources import identify_sources
from analysis.codebook import load_codebook
from analysis.read.blocks import split_blocks
from analysis.read.sentences import split_sentences
from analysis.tables import ARTICLES

TIMES = 4  # how many times as long the longer text is; at a square it would take sixteen times as long
SHAPES: dict[str, Callable[[int], str]] = {
    "many paragraphs": lambda n: (
        '"We are ready to talk," said Ilka Morvane, president of Varnia. He added that the bridge was safe.\n\n' * (n // 100)
    ),
    "one paragraph of many quotations": lambda n: '"We are ready." Ms. Lund said that it was late. ' * (n // 50),
    "quotations that never close": lambda n: "“We are ready to go on with it. " * (n // 32),
    "marks in each other": lambda n: "“" * (n // 2) + "word" + "”" * (n // 2),
    "straight marks alone": lambda n: '" a' * (n // 3),
    "no full stop": lambda n: "the mayor said that she was ready and the council declined to comment, " * (n // 72),
    "one source by many names": lambda n: "".join(
        f"Officials from town {i} said that it was late. The report said that it was early.\n\n" for i in range(n // 80)
    ),
    "points alone": lambda n: ". " * (n // 2),
}  # fmt: skip


def seconds(text: str) -> float:
    """CPU time to find the quotes, refusals and sources of one article."""
    codebook = load_codebook()
    started = time.process_time()
    articles = ARTICLES.make([{"article_id": "a", "text": text}])
    blocks = split_blocks(articles)
    sentences = split_sentences(articles, blocks)
    quotes = find_quotes(articles, sentences, codebook, blocks)
    find_refusals(articles, sentences, quotes, codebook)
    identify_sources(articles, sentences, quotes, codebook)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(shape: str) -> None:
    make = SHAPES[shape]
    size = 40_000
    seconds(make(1000))  # what is loaded late is loaded here
    short = min(seconds(make(size)) for _ in range(2))
    long = min(seconds(make(TIMES * size)) for _ in range(2))
    # A machine with other work may take twice the time for either; its square would be sixteen times as long.
    assert long < 3 * TIMES * short + 0.05, f"{short:.2f} s, then {long:.2f} s"
