"""Long and odd texts take time by their length, not by its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.codebook import load_codebook
from analysis.pipeline import annotate
from analysis.tables import ARTICLES

pytestmark = pytest.mark.slow
CODEBOOK = Path(__file__).parents[1] / "data" / "sample" / "codebook"
SIZES, LONGEST, ENOUGH = (6_000, 12_000), 25_000, 0.5  # characters, seconds
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
    "one sentence of positions": lambda n: "Brekk does not reject a good deal and fears that the talks fail, " * (n // 66),
    "one sentence of scare quotes": lambda n: 'the mayor said that the "bad deal" was no good, ' * (n // 48),
    "one source by many names": lambda n: "".join(
        f"Officials from town {i} said that it was late. The report said that it was early.\n\n" for i in range(n // 80)
    ),
    "points alone": lambda n: ". " * (n // 2),
}  # fmt: skip


def seconds(text: str) -> float:
    """CPU time to annotate one article."""
    codebook = load_codebook(CODEBOOK)
    articles = ARTICLES.make([{"article_id": "a", "text": text}])
    started = time.process_time()
    annotate(articles, codebook)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(shape: str) -> None:
    make = SHAPES[shape]
    seconds(make(1000))  # what is loaded late is loaded here
    # The shortest text that takes long enough to be compared.
    size = next((n for n in SIZES if seconds(make(n)) > ENOUGH), LONGEST)
    short, long = min(seconds(make(size)) for _ in range(2)), seconds(make(TIMES * size))
    # A machine with other work may take twice the time for either; its square would be sixteen times as long.
    if long > 3 * TIMES * short:
        long = seconds(make(TIMES * size))
    assert long < 3 * TIMES * short + 0.05, f"{short:.2f} s, then {long:.2f} s"
