"""Nothing grows faster than the number of articles: neither time nor memory nor bytes. `make amount` tries it on thousands."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import pipeline
from analysis.compare.shares import shares
from analysis.compare.sourcing import source_shares
from analysis.compare.terms import count_terms, distinctive_terms
from analysis.publish.export import export_quotes, list_quotes
from analysis.studies import open_study
from analysis.study import Study
from many_articles import make_study

FEW, TIMES = 16, 4
# What four times the articles may cost of what the few cost: 4 is linear, 16 the square. Processors that others use,
# too, are a third faster or slower from one second to the next.
MOST = {"seconds": 1.6 * TIMES, "memory": 1.2 * TIMES, "bytes": 1.1 * TIMES}
IDS = ("article_id", "sentence_id", "quote_id", "source_id")


def seconds(step: Callable[[], Any], tries: int = 2) -> float:
    """Seconds of this process' processor; the least of several tries."""
    found = []
    for _ in range(tries):
        gc.collect()
        before = time.process_time()
        step()
        found.append(time.process_time() - before)
    return min(found)


def memory(step: Callable[[], Any]) -> int:
    """The most bytes that it holds at one time."""
    gc.collect()
    tracemalloc.start()
    try:
        step()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[float]]]:
    """Of each step and kind of cost, what few articles cost and what many do."""
    found: dict[str, dict[str, list[float]]] = {step: {} for step in ("annotate", "open", "export")}
    folder = tmp_path_factory.mktemp("growth")

    def note(step: str, kind: str, cost: float) -> None:
        found[step].setdefault(kind, []).append(cost)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "WORTH_PROCESSES", 10_000)  # else others would do the work
        open_study(make_study(folder / "warm", 3))
        for n in (FEW, TIMES * FEW):
            study = make_study(folder / str(n), n)
            note("annotate", "seconds", seconds(lambda study=study: open_study(study), tries=1))
            note("annotate", "bytes", sum(p.stat().st_size for p in (study / "tables").rglob("*.parquet")))

            def opened(study: Path = study) -> dict[str, pd.DataFrame]:
                return dict(open_study(study).tables)

            note("open", "seconds", seconds(opened))
            made, out = opened(), folder / f"{n}.json"
            note("export", "seconds", seconds(lambda made=made, out=out: export_quotes(made, out)))
            note("export", "memory", memory(lambda made=made: list_quotes(made)))
            note("export", "bytes", out.stat().st_size)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("step", ["annotate", "open", "export"])
def test_no_step_grows_faster_than_the_articles(costs: dict[str, dict[str, list[float]]], step: str) -> None:
    for kind, (few, many) in costs[step].items():
        assert many < MOST[kind] * few, (
            f"{step}: {kind} grow {many / few:.1f} times with {TIMES} times the articles"
        )


def many(made: dict[str, pd.DataFrame], times: int) -> dict[str, pd.DataFrame]:
    """The tables again and again, each time of other articles about the same persons."""
    return {
        name: pd.concat(
            [frame.assign(**{c: frame[c] + f"-{n}" for c in IDS if c in frame}) for n in range(times)],
            ignore_index=True,
        )
        for name, frame in made.items()
    }


STEPS: dict[str, Callable[[dict[str, pd.DataFrame], Any], Any]] = {
    "names across articles": lambda made, study: pipeline.name_across(made, study.codebook),
    "shares": lambda made, study: shares(made["frames"], made["sentences"], of="frame"),
    "sources": lambda made, study: source_shares(made["quotes"], made["sources"], of="role", unit="who"),
    "terms": lambda made, study: distinctive_terms(count_terms(made["articles"], made["sentences"])),
    "quotes as data": lambda made, study: list_quotes(made),
}


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return open_study(root / "data" / "sample")


@pytest.mark.parametrize("step", STEPS)
def test_no_comparison_grows_faster_than_the_articles(study: Study, step: str) -> None:
    names = ("articles", "sentences", "quotes", "sources", "cast", "frames")
    made = {n: study.with_outlet(study.tables[n]) if n != "articles" else study.articles for n in names}
    made["sources"] = made["sources"].drop(columns="outlet").assign(role_from=pd.NA, side_from=pd.NA)
    few, lots = many(made, 4), many(made, 4 * TIMES)  # some 80 and 320 articles
    STEPS[step](few, study)
    least = seconds(lambda: STEPS[step](few, study))
    ratio = seconds(lambda: STEPS[step](lots, study), tries=1) / least
    if ratio >= MOST["seconds"]:
        ratio = seconds(lambda: STEPS[step](lots, study)) / least
    assert ratio < MOST["seconds"], f"{step} grows {ratio:.1f} times with {TIMES} times the articles"
