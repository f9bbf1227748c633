"""How well rules and a language model code each topic, with intervals from resampled articles: a table of docs/quality.md.

`python tests/measure_coders.py [FOLDER]` prints it; FOLDER holds the benchmarks, as for `test_quality.py`, whose counting it
shares. An interval is the middle 95 % of the macro-F1 of 2,000 draws of as many articles as there are, with replacement;
of five articles it says little. What fewer than 20 sentences of the
reference have is left out.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import test_quality as quality
from analysis.coding.agreement import align
from analysis.coding.coders import load_coders
from analysis.studies import annotate_folder, open_study, write_tables
from analysis.tables import SETTLED

DRAWS = 2000
FEWEST = 20
MODEL = "model-reader"
STUDY = quality.ROOT / "data" / "us-russia-talks"
Pairs = Mapping[
    Any, tuple[set[str], set[str]]
]  # for each code: the sentences that have it in the reference, and by the coder


def by_rules(shared: Path, articles: Path, gold: Path, codebook: Path) -> dict[str, Pairs]:
    with tempfile.TemporaryDirectory() as out:
        write_tables(annotate_folder(articles, codebook), Path(out))
        module, seen = quality.measures(shared), []
        plain = module.macro
        module.macro = lambda pairs: seen.append(pairs) or plain(pairs)
        figures = module.score_talks(out, str(gold))
    names = [name for name, value in figures.items() if isinstance(value, dict) and "macro_f1" in value]
    return dict(zip(names, seen, strict=True))


def by_model(gold: Path, name: str) -> dict[str, Pairs]:
    folder = Path(__file__).parent / "reader"
    given = {part: pd.read_csv(folder / f"{name}_{part}.csv") for part in ("sentences", "stances")}
    coded = pd.read_csv(gold / "sentences.csv", keep_default_na=False)
    coded = coded[coded["kind"] == ""]
    return quality.of_reader(given, align(given["sentences"], coded), coded, gold, lambda pairs: pairs)


def by_model_of_the_study() -> dict[str, Pairs]:
    coders = load_coders(open_study(STUDY))
    found: dict[str, Pairs] = {}
    for measure, variable in (
        ("frames", "frames"),
        ("sentiment", "sentiment"),
        ("stance:negotiations", "stance on negotiations"),
    ):
        human = coders[SETTLED].given(variable)
        machine = coders[MODEL].given(variable).reindex(human.index)
        values = sorted(set().union(*human))
        found[measure] = {
            v: ({u for u in human.index if v in human[u]}, {u for u in human.index if v in machine[u]})
            for v in values
        }
    return found


def interval(pairs: Pairs, article: Mapping[str, str]) -> tuple[float, float, float]:
    """Macro-F1 of all articles, and the ends of its interval."""
    ids = sorted(set(article.values()))
    at = {a: i for i, a in enumerate(ids)}
    counts = np.zeros((len(pairs), 2, len(ids)))  # code; both, one or the other; article
    for row, (gold, found) in zip(counts, pairs.values(), strict=True):
        for sentence in gold & found:
            row[0, at[article[sentence]]] += 2
        for sentence in [*gold, *found]:
            row[1, at[article[sentence]]] += 1
    draws = np.random.default_rng(0).multinomial(len(ids), np.full(len(ids), 1 / len(ids)), DRAWS)
    both, either = (counts[:, i] @ np.vstack([np.ones(len(ids)), draws]).T for i in (0, 1))
    f1 = np.divide(both, either, out=np.full_like(both, np.nan), where=either > 0)
    macro = np.nanmean(f1, axis=0)
    low, high = np.percentile(macro[1:], (2.5, 97.5))
    return float(macro[0]), float(low), float(high)


def topics(shared: Path) -> dict[str, tuple[dict[str, str], dict[str, Pairs], dict[str, Pairs]]]:
    """For each topic the article of each sentence, and what rules and model gave."""
    bench, five = shared / "benchmarks", STUDY / "coding"
    study = open_study(STUDY).sentences.rename(columns={"sentence_id": "sentence"})
    found = {
        "five articles": (
            article_of(study) | article_of(pd.read_csv(five / "sentences.csv")),
            by_rules(shared, shared / "us-russia-talks" / "articles", five, STUDY / "codebook"),
            by_model_of_the_study(),
        )
    }
    for topic, name, codebook in (
        ("election", "election", bench / "election" / "codebook"),
        ("war of other years", "talks", STUDY / "codebook"),
    ):
        gold = bench / name / "coding"
        rules = by_rules(shared, bench / name / "articles", gold, codebook)
        found[topic] = (article_of(pd.read_csv(gold / "sentences.csv")), rules, by_model(gold, name))
    return found


def article_of(sentences: pd.DataFrame) -> dict[str, str]:
    return dict(zip(sentences["sentence"], sentences["article_id"], strict=True))


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else quality.ROOT.parent / "shared").resolve()
    print("| topic | measure | rules | language model |\n|---|---|---|---|")
    for topic, (article, rules, model) in topics(shared).items():
        for measure, pairs in rules.items():
            if len(set().union(*(gold for gold, _ in pairs.values()))) < FEWEST:
                continue
            cells = [
                "{:.2f} [{:.2f}, {:.2f}]".format(*interval(coder[measure], article))
                if measure in coder
                else "-"
                for coder in (rules, model)
            ]
            print(f"| {topic} | {measure} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
