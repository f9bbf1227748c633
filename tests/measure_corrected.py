"""How well corrected shares hold: `python tests/measure_corrected.py`, a few minutes on one core.

People coded every sentence of two sets: 14 articles on an election, and the five on talks (both lie beside the
repository, see `conftest.shared`). So the right share of each code is known, and samples can be drawn again and again as if
only those were coded. The machine are the rules, also where they are poor. Prints:

1. coverage: how often the 95 % interval from n = 100 holds the right share, for three ways to draw;
2. differences between two halves with 150 coded: how many are called, and how many of those have the wrong sign;
3. the planner: how many sentences it says from a pilot of 60, against how many it takes.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.coding.draws import sampling_weights
from analysis.coding.reliability import codes_found, codes_given
from analysis.coding.sampling import allocate
from analysis.compare.corrected import (
    SURE,
    CodedGroup,
    Posterior,
    difference_interval,
    posterior,
    poststratified,
    sign_probability,
)
from analysis.compare.planner import draw_next, plan
from analysis.studies import annotate_folder

ROOT = Path(__file__).parent.parent
SHARED = (ROOT / os.environ.get("MEDIA_ANALYSIS_SHARED", "../shared")).resolve()
ELECTION = SHARED / "benchmarks" / "election"
TALKS = SHARED / "us-russia-talks"
N, HALVES, PILOT = 100, 150, 60
PRECISE = 0.05


@dataclass(frozen=True, eq=False)
class Code:
    """One code in the sentences on which coders settled: the machine's and people's codes, and each one's article."""

    set: str
    name: str
    machine: NDArray[np.float64]
    human: NDArray[np.float64]
    article: NDArray[np.str_]
    others: NDArray[np.float64]  # the machine's other codes on the same question, a row each


def load_codes() -> list[Code]:
    """Every code of both sets that people gave."""
    made = {
        "election": (ELECTION / "articles", ELECTION / "codebook", ELECTION / "coding"),
        "talks": (TALKS / "articles", ROOT / "data" / "us-russia-talks" / "codebook", TALKS / "coding"),
    }
    return [code for name, where in made.items() for code in _codes_of(name, *where)]


def _codes_of(name: str, articles: Path, codebook: Path, coding: Path) -> Iterator[Code]:
    tables = annotate_folder(articles, codebook)
    sentences, stances = (
        pd.read_csv(coding / f"{kind}.csv", keep_default_na=False) for kind in ("sentences", "stances")
    )
    if "kind" in sentences:  # titles and clutter are no units of coding
        sentences = sentences[sentences["kind"] == ""]
    stances = stances[stances["sentence"].isin(sentences["sentence"])]
    given = codes_given({"sentences": sentences, "stances": stances})
    found = codes_found(tables, sentences)
    article = sentences["article_id"].to_numpy(str)
    for of, human in given.items():
        codes = sorted(frozenset().union(*human))
        machine = found.get(of, human.map(lambda _: frozenset())).reindex(human.index)
        said = np.array([[code in sets for sets in machine] for code in codes], float)
        for number, code in enumerate(codes):
            settled = ~_left_open(sentences, stances, of, code)
            y = np.array([code in sets for sets in human], float)
            rest = np.delete(said, number, axis=0)
            yield Code(
                name,
                f"{of}: {code}",
                said[number][settled],
                y[settled],
                article[settled],
                rest[:, settled],
            )


def _left_open(sentences: pd.DataFrame, stances: pd.DataFrame, of: str, code: str) -> NDArray[np.bool_]:
    """Sentences on which coders did not settle this code: nobody knows what is right there."""
    if of == "sentiment":
        return (sentences["sentiment"] == "").to_numpy()
    if of == "frames" and "frames_open" in sentences:
        return np.array([code in given.split("|") for given in sentences["frames_open"]])
    if of.startswith("stance") and "coders" in stances:
        rows = stances[(stances["target"] == of.removeprefix("stance on ")) & (stances["coders"] != "both")]
        return sentences["sentence"].isin(rows["sentence"]).to_numpy()
    return np.zeros(len(sentences), bool)


def at_random(code: Code, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """y of a simple random sample, NaN elsewhere, and the weights."""
    return _drawn(code, np.zeros(len(code.human), int), n, rng)


def by_outlet(code: Code, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """As `coding-sheet` draws: something found or not x outlet, sizes by the square root."""
    outlet = np.unique(
        [a.split("_")[0] if code.set == "election" else a for a in code.article], return_inverse=True
    )[1]
    return _drawn(code, outlet * 2 + (code.machine + code.others.sum(axis=0) > 0), n, rng)


def by_codes(code: Code, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Stratified by three codes at once, this one among them."""
    return _drawn(code, code.machine * 4 + code.others[0] * 2 + code.others[1], n, rng)


def _drawn(code: Code, strata: NDArray, n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    _, stratum = np.unique(strata, return_inverse=True)
    sizes = np.bincount(stratum)
    given = allocate(dict(enumerate(sizes.tolist())), n)
    y, weights = np.full(len(stratum), np.nan), np.full(len(stratum), np.nan)
    for number, size in enumerate(sizes):
        drawn = rng.choice(np.flatnonzero(stratum == number), given[number], replace=False)
        y[drawn] = code.human[drawn]
        weights[drawn] = size / max(given[number], 1)
    return y, weights


def measure_coverage(codes: list[Code], redraws: int) -> pd.DataFrame:
    """A row a code: right share, and for each way to draw the share of intervals that hold it and their half-width."""
    rows = []
    for code in codes:
        row: dict[str, object] = {"set": code.set, "code": code.name, "share": code.human.mean()}
        for number, draw in enumerate((at_random, by_outlet, by_codes)):
            rng = np.random.default_rng([number, len(rows)])
            if draw is by_codes and len(code.others) < 2:
                continue
            found = [poststratified(code.machine, *draw(code, N, rng)) for _ in range(redraws)]
            inside = [e.low - 1e-9 <= code.human.mean() <= e.high + 1e-9 for e in found]
            row[draw.__name__] = np.mean(inside)
            row[f"+- {draw.__name__}"] = np.mean([e.high - e.low for e in found]) / 2
        rows.append(row)
    return pd.DataFrame(rows)


def measure_differences(codes: list[Code], redraws: int) -> pd.DataFrame:
    """Halves of the sentences, or of the articles, with 150 coded at random; all codes of a set are one table.

    A row a set and kind of halves: differences, those that 95 % intervals without 0 would call, those called, and the share
    of wrong signs among either.
    """
    rows = []
    for name in ("election", "talks"):
        mine = [code for code in codes if code.set == name]
        for halves in ("sentences", "articles"):
            rng = np.random.default_rng(len(rows))
            parts = [_halves(mine, halves, rng) for _ in range(redraws)]
            right, seen, apart, sure = (np.concatenate(x) for x in zip(*parts, strict=True))
            wrong = np.sign(seen) != np.sign(right)
            called = sure >= SURE
            figures = (
                len(right),
                apart.sum(),
                wrong[apart].mean(),
                called.sum(),
                wrong[called].mean(),
                wrong[called].sum(),
            )
            rows.append((name, halves, *figures))
    columns = [
        "set",
        "halves",
        "differences",
        "apart",
        "wrong of apart",
        "called",
        "wrong of called",
        "wrong",
    ]
    return pd.DataFrame(rows, columns=columns)


def _halves(
    codes: list[Code], halves: str, rng: np.random.Generator
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    right, pairs = [], []
    for code in codes:
        y, weights = at_random(code, HALVES, rng)
        if halves == "sentences":
            first = rng.permutation(len(y)) < len(y) // 2
        else:
            articles = np.unique(code.article)
            first = np.isin(code.article, rng.permutation(articles)[: len(articles) // 2])
        a, b = (posterior(code.machine[half], y[half], weights[half]) for half in (first, ~first))
        right.append(code.human[first].mean() - code.human[~first].mean())
        pairs.append((a, b))
    seen = np.array([a.share - b.share for a, b in pairs])
    apart = np.array([_is_apart(a, b) for a, b in pairs])
    return np.array(right), seen, apart, sign_probability(pairs)


def _is_apart(a: Posterior, b: Posterior) -> bool:
    low, high = difference_interval(a, b)
    return low > 0 or high < 0


def measure_planner(codes: list[Code], redraws: int) -> pd.DataFrame:
    """For +- 5 points on each code: how many sentences a pilot of 60 predicts, and how many it takes.

    `needed`: the number coded, as a mean over pilots, at which the interval after coding is as narrow as wanted on average;
    read off between plans for half-widths around it. `held`: how often the interval after coding as planned holds the
    right share. Codes that the pilot alone makes narrow enough in some redraw are left out: nothing is to be planned.
    """
    rows = []
    for code in codes:
        rng = np.random.default_rng(len(rows))
        pilots = []
        for _ in range(redraws):
            y, weights = at_random(code, PILOT, rng)
            pilots.append(CodedGroup("all", code.name, code.machine, y, weights, np.arange(len(y))))
        if any(plan([one], PRECISE).more == 0 for one in pilots):
            continue
        after = {h: [_after(code, one, h, rng) for one in pilots] for h in PRECISE * np.linspace(0.7, 1.5, 6)}
        width = [np.mean([found[1] for found in mine]) for mine in after.values()]
        total = [PILOT + np.mean([found[0] for found in mine]) for mine in after.values()]
        needed = np.interp(PRECISE, width, total)
        planned = [_after(code, one, PRECISE, rng) for one in pilots]
        predicted = PILOT + np.array([more for more, _, _ in planned])
        off = (predicted.mean() / needed, np.median(np.abs(predicted / needed - 1)))
        reached = (np.mean([wide for _, wide, _ in planned]), np.mean([held for _, _, held in planned]))
        rows.append((code.set, code.name, code.human.mean(), predicted.mean(), needed, *off, *reached))
    columns = [
        "set",
        "code",
        "share",
        "predicted",
        "needed",
        "ratio",
        "one pilot off by",
        "half-width",
        "held",
    ]
    return pd.DataFrame(rows, columns=columns)


def _after(
    code: Code, one: CodedGroup, half_width: float, rng: np.random.Generator
) -> tuple[int, float, bool]:
    """How many more a plan for this half-width takes, the half-width there is after coding them, and if it holds."""
    made = plan([one], half_width)
    units = pd.DataFrame({"sentence_id": np.arange(len(one.human))})
    in_pilot = ~np.isnan(one.human)
    first = units.assign(wave=1, stratum=0, probability=PILOT / len(units), drawn=in_pilot)
    drawn = draw_next(units, made, np.flatnonzero(in_pilot), seed=int(rng.integers(1 << 30)))
    could = drawn.set_index("stratum")["probability"].groupby(level=0).first()
    second = units.assign(wave=2, stratum=made.stratum, drawn=units["sentence_id"].isin(drawn["sentence_id"]))
    second["probability"] = second["stratum"].map(could).fillna(0.0).mask(in_pilot)
    coded = units["sentence_id"][in_pilot | second["drawn"]]
    weights = sampling_weights(pd.concat([first, second]), coded)[0]
    y = np.where(units["sentence_id"].isin(coded), code.human, np.nan)
    found = poststratified(code.machine, y, units["sentence_id"].map(weights))
    holds = found.low - 1e-9 <= code.human.mean() <= found.high + 1e-9
    return made.more, (found.high - found.low) / 2, bool(holds)


def main() -> None:
    """Print the three tables with their averages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redraws", type=int, default=1000)
    redraws = parser.parse_args().redraws
    codes = load_codes()
    pd.set_option("display.width", 200, "display.max_columns", 20, "display.max_rows", 200)
    coverage = measure_coverage(codes, redraws)
    ways = [draw.__name__ for draw in (at_random, by_outlet, by_codes)]
    print(
        f"Coverage of 95 % intervals, n = {N}, {redraws} redraws\n{coverage.round(3).to_string(index=False)}"
    )
    print(coverage[ways].agg(["mean", "min"]).round(4).to_string())
    print(coverage.groupby("set")[ways].agg(["mean", "min"]).round(4).to_string())
    differences = measure_differences(codes, redraws // 2)
    print(f"\nTwo halves, {HALVES} coded\n{differences.round(4).to_string(index=False)}")
    print(f"wrong signs among all called: {differences['wrong'].sum() / differences['called'].sum():.4f}")
    planner = measure_planner(codes, max(20, redraws // 25))
    off = (planner["ratio"] - 1).abs()
    print(f"\nPlanner, pilot of {PILOT}, +- {PRECISE:.0%}\n{planner.round(3).to_string(index=False)}")
    print(f"predicted off by {off.mean():.3f} on average, {off.max():.3f} at most")


if __name__ == "__main__":
    main()
