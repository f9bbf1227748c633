"""How often quotes that are set beside each other are on one point: `python tests/measure_points.py`, a minute on one core.

The pairs are those of `compare.paraphrases` in the 504 articles of PolNeAR's two open parts, which lie beside the repository,
without the pairs that are one utterance. `tests/reader/points.csv` has each by article and offset, with `point`: yes where both
are about the same thing said, no where they share words only. One language-model coder read them, who wrote the rules and chose
the threshold on these pairs: expect less elsewhere. What it misses is not measured.

Prints the share of `yes` among the pairs, and by likeness; pairs that nobody coded are listed. `--draw` prints them all to be coded.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pandas as pd

from analysis.codebook import load_codebook
from analysis.compare.paraphrases import find_paraphrases
from analysis.compare.sourcing import that_report
from analysis.compare.utterances import match_utterances
from analysis.language import load_language
from analysis.pipeline import annotate_in_chunks
from analysis.tables import ARTICLES

ROOT = Path(__file__).parent.parent
SHARED = (ROOT / os.environ.get("MEDIA_ANALYSIS_SHARED", "../shared")).resolve()
CODES = Path(__file__).parent / "reader" / "points.csv"
ENDS = ["article_a", "start_a", "article_b", "start_b"]


def read_articles() -> pd.DataFrame:
    rows = []
    for path in sorted(
        p for part in ("dev", "train") for p in (SHARED / "benchmarks" / "polnear" / part).glob("*.txt")
    ):
        outlet, day, _ = path.stem.split("_", 2)
        text = path.read_bytes().decode("utf-8")
        rows.append({"article_id": path.stem, "outlet": outlet, "published": day, "text": text})
    return ARTICLES.make(rows)


def find_pairs(articles: pd.DataFrame) -> pd.DataFrame:
    """article_a, start_a, article_b, start_b, likeness, and the words of both."""
    language, made = load_language(), annotate_in_chunks(articles, load_codebook(), jobs=1)
    quotes = that_report(made["quotes"], ("speech",)).merge(
        articles[["article_id", "outlet"]], on="article_id"
    )
    same = match_utterances(quotes, made["sources"], articles, language.stop_words())
    known = {frozenset(pair) for pair in zip(same["quote_a"], same["quote_b"], strict=True)}
    pairs = find_paraphrases(quotes, made["sources"], articles, made["sentences"], language, but=known)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    quotes["words"] = [texts[q.article_id][q.start : q.end] for q in quotes.itertuples()]
    for side in "ab":
        own = quotes[["quote_id", "article_id", "start", "words"]].set_axis(
            [f"{name}_{side}" for name in ("quote", "article", "start", "words")], axis=1
        )
        pairs = pairs.merge(own, on=f"quote_{side}", validate="many_to_one")
    return pairs.drop(columns="point").sort_values("likeness", ascending=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draw", action="store_true", help="print the pairs to be coded")
    asked = parser.parse_args()
    pairs = find_pairs(read_articles())
    if asked.draw:
        for row in pairs.itertuples():
            print(
                f"{row.article_a},{row.start_a},{row.article_b},{row.start_b},  {row.likeness:.2f} {row.shared}"
            )
            print(f"    {' '.join(row.words_a.split())[:300]}\n    {' '.join(row.words_b.split())[:300]}")
        return
    coded = pairs.merge(pd.read_csv(CODES), on=ENDS, how="left", validate="one_to_one")
    left = coded["point"].isna()
    for row in coded[left].itertuples():
        print(f"not coded: {row.article_a},{row.start_a},{row.article_b},{row.start_b}")
    read = coded[~left]
    for least in (0, 0.2, 0.3):
        own = read[read["likeness"] >= least]
        print(f"likeness {least:.1f} and above: {(own['point'] == 'yes').sum()} of {len(own)} on one point")


if __name__ == "__main__":
    main()
