"""Whom sources are taken for: `python tests/measure_sources.py`, two minutes on one core.

Two samples of PolNeAR, which lies beside the repository, drawn with a seed and coded by one language-model coder who read
the places and no decision of the program. The codes are kept by article and offsets in `tests/reader/`:

persons_pairs.csv   200 pairs of names of two articles of the development part whose last words are alike and somewhere follow a
                    first name, each last word as likely as the others; `same`: yes, no, or none where one of the two is no person's name
source_spans.csv    300 sources of the training part that the program named; `source`: yes where somebody or something
                    is named that can say what is attributed, no where it is none (`set of Clean Air Act`)

Prints how well one person is known in several articles (precision, recall and F1 of `same`), and the share of sources that
are none. `--draw persons` or `--draw sources` prints the places to be coded, with the words around them.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.language import load_language
from analysis.parse.names import find_mentions
from analysis.studies import annotate_folder
from analysis.tables import Tables

ROOT = Path(__file__).parent.parent
SHARED = (ROOT / os.environ.get("MEDIA_ANALYSIS_SHARED", "../shared")).resolve()
CODES = Path(__file__).parent / "reader"
SEED, PAIRS, SOURCES = 20161108, 200, 300
AROUND = 70  # characters shown on both sides


class Place(NamedTuple):
    article_id: str
    start: int
    end: int


def texts(part: str) -> dict[str, str]:
    folder = SHARED / "benchmarks" / "polnear" / part
    return {path.stem: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.txt"))}


def annotated(part: str) -> Tables:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts(part).items():
            (Path(folder) / f"{name}.txt").write_bytes(text.encode("utf-8"))
        return annotate_folder(Path(folder), None)


def draw_pairs(of: dict[str, str]) -> list[tuple[Place, Place]]:
    """Pairs of names in two articles with the same last word or one spelt alike, which somewhere follows a first name."""
    language = load_language("english")
    by_last: dict[str, list[Place]] = defaultdict(list)
    surnames = set()
    for name, text in of.items():
        for m in find_mentions(text, 0, len(text), language):
            by_last[m.folded[-1]].append(Place(name, m.start, m.end))
            if len(m.name) > 1 and m.folded[0] in language["male_forename"] | language["female_forename"]:
                surnames.add(m.folded[-1])
    by_last = {last: places for last, places in by_last.items() if last in surnames}
    groups = [
        [*by_last[one], *(place for other in near for place in by_last[other])]
        for one, near in _alike(sorted(by_last))
    ]
    groups = [group for group in groups if len({place.article_id for place in group}) > 1]
    chance, found = random.Random(SEED), list[tuple[Place, Place]]()
    while len(found) < PAIRS:
        one, other = chance.sample(chance.choice(groups), 2)
        if one.article_id != other.article_id and (one, other) not in found:
            found.append((one, other))
    return found


def _alike(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    near: dict[str, list[str]] = {word: [] for word in words}
    for one, other in combinations(words, 2):
        if one[:2] == other[:2] and ratio(one, other) >= 80:
            near[one].append(other)
    yield from near.items()


def draw_sources(made: Tables) -> list[Place]:
    named = made["sources"].dropna(subset=["name"])[["source_id"]]
    first = made["quotes"].dropna(subset=["speaker_start"]).drop_duplicates("source_id")
    rows = first.merge(named, on="source_id").sort_values("source_id")
    places = [Place(r.article_id, int(r.speaker_start), int(r.speaker_end)) for r in rows.itertuples()]
    return random.Random(SEED).sample(places, SOURCES)


def around(text: str, place: Place) -> str:
    before, after = text[max(0, place.start - AROUND) : place.start], text[place.end : place.end + AROUND]
    return " ".join(f"{before}[[{text[place.start : place.end]}]]{after}".split())


def score_pairs(made: Tables) -> dict[str, float]:
    """Precision, recall and F1 of `same`: the program says it where both names have one person."""
    person: dict[tuple[str, str], str] = {}
    forms = {
        form: row.person
        for row in made["persons"].itertuples()
        for form in (row.person, *str(row.aliases).split("; "))
    }
    for row in made["cast"].itertuples():
        for form in (row.name, *row.aliases.split("; ")):
            person.setdefault((row.article_id, form), forms.get(row.name, row.name))
    of, language = texts("dev"), load_language("english")
    right = said = gold = 0
    for row in pd.read_csv(CODES / "persons_pairs.csv").itertuples():
        found = []
        for article, start, end in (
            (row.article_a, row.start_a, row.end_a),
            (row.article_b, row.start_b, row.end_b),
        ):
            mention = next(iter(find_mentions(of[article], start, end, language)), None)
            found.append(person.get((article, " ".join(mention.name))) if mention else None)
        same = found[0] is not None and found[0] == found[1]
        right += same and row.same == "yes"
        said += same
        gold += row.same == "yes"
    return {
        "precision": round(right / said, 3),
        "recall": round(right / gold, 3),
        "f1": round(2 * right / (said + gold), 3),
    }


def score_sources(made: Tables) -> dict[str, float]:
    """The share of coded sources that are none, when they were coded and of those that the program still names."""
    codes = pd.read_csv(CODES / "source_spans.csv")
    rows = (
        made["quotes"].merge(made["sources"][["source_id", "name"]], on="source_id").dropna(subset=["name"])
    )
    now = set(rows[["article_id", "speaker_start", "speaker_end"]].itertuples(index=False, name=None))
    kept = codes[[(r.article_id, r.start, r.end) in now for r in codes.itertuples()]]
    return {
        "none when coded": round(float((codes["source"] == "no").mean()), 3),
        "none of those still named": round(float((kept["source"] == "no").mean()), 3),
        "still named": len(kept),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draw", choices=("persons", "sources"))
    draw = parser.parse_args().draw
    if draw == "persons":
        of = texts("dev")
        for n, (one, other) in enumerate(draw_pairs(of), 1):
            print(n, *one, *other, sep="\t")
            print(f"   {around(of[one.article_id], one)}\n   {around(of[other.article_id], other)}")
    elif draw == "sources":
        of = texts("train")
        for n, place in enumerate(draw_sources(annotated("train")), 1):
            print(n, *place, around(of[place.article_id], place), sep="\t")
    else:
        print("persons in several articles:", score_pairs(annotated("dev")))
        print("sources that are none:", score_sources(annotated("train")))


if __name__ == "__main__":
    main()
