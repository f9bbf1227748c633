"""`media-analysis code`: a language model codes a study by its codebook, as one more coder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import FAILED, OK, Add, progress, progress_told

if TYPE_CHECKING:
    from analysis.coding.model.coder import ModelCoder
    from analysis.coding.model.ledger import Ledger
    from analysis.coding.model.prompt import Request
    from analysis.coding.model.sending import Outcome

_TOLD = 10  # units without an answer that are named
VARIABLES = ("frames", "stance", "sentiment", "role", "side")


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("code", run, "let a language model code a study by its codebook, as one more coder")
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument("--model", required=True, metavar="NAME", help="the model's name at its address")
    parser.add_argument(
        "--at",
        metavar="URL",
        help="an address that speaks OpenAI's protocol, such as http://localhost:11434/v1 (Ollama)",
    )
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--variables",
        type=_variables,
        metavar="LIST",
        help=f"what to code, with commas between (default: {','.join(VARIABLES)})",
    )
    parser.add_argument(
        "--twice", action="store_true", help="ask a second time with the codes in another order"
    )
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="requests at a time (default: 4)")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be sent, and what it would cost; send nothing"
    )
    parser.add_argument(
        "--price",
        type=float,
        metavar="X",
        help="of a million tokens, in any currency: the cost is estimated before, and counted as answers come",
    )
    files = parser.add_mutually_exclusive_group()
    files.add_argument(
        "--export", type=Path, metavar="FILE", help="write the requests as a batch file; send nothing"
    )
    files.add_argument(
        "--import",
        dest="answers",
        type=Path,
        metavar="FILE",
        help="read a batch file's answers; send nothing",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.model.batch import export_requests, import_answers
    from analysis.coding.model.coder import make_coder
    from analysis.coding.model.ledger import Ledger
    from analysis.studies import open_study
    from analysis.study import StudyError

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    coder = make_coder(study, arguments.model, arguments.variables, twice=arguments.twice)
    ledger = Ledger(coder.ledger_path)
    if ledger.damaged:
        print(
            f"{ledger.path}: line {', '.join(map(str, ledger.damaged))} is not as it was written; asked again"
        )
    requests = list(coder.requests(ledger))
    if arguments.answers:
        imported = import_answers(arguments.answers, requests, coder.model, ledger)
        return _report(coder, ledger, imported, arguments)
    print(_announced(requests, arguments.at, arguments.price, coder))
    if arguments.export:
        print(f"{arguments.export}: {export_requests(requests, arguments.export)} requests")
        return OK
    if arguments.dry_run:
        return OK
    if not arguments.at:
        raise StudyError(
            ["say where the model is, with --at URL, or use --export and --import, or --dry-run"]
        )
    return _report(coder, ledger, _sent(requests, arguments, ledger), arguments)


def _sent(requests: Sequence[Request], arguments: argparse.Namespace, ledger: Ledger) -> Outcome:
    from analysis.coding.model.sending import Address
    from analysis.coding.model.sending import run as send

    address = Address(arguments.at, arguments.model, at_once=max(1, arguments.at_once))
    with progress_told(arguments.model) as step:

        def on_answer(done: int, tokens: int) -> None:
            step(
                min(done, len(requests)), len(requests), f"{tokens:,} tokens{_cost(tokens, arguments.price)}"
            )

        return send(requests, address, ledger, on_answer)


def _cost(tokens: int, price: float | None) -> str:
    return f", {tokens / 1e6 * price:,.2f} at {price:g} a million" if price is not None else ""


def _announced(requests: Sequence[Request], at: str | None, price: float | None, coder: ModelCoder) -> str:
    """What is about to go where."""
    from analysis.coding.model.sending import pending
    from analysis.show.wording import counted

    tokens = sum(n for _, n in pending(requests))
    articles = len({unit.article_id for r in requests for unit in r.units})
    units = len({unit.unit_id for r in requests for unit in r.units})
    where = f" to {at}" if at else ""
    return (
        f"{counted(len(requests), 'request')}{where} for {coder.name}, with the words of {counted(articles, 'article')} "
        f"({counted(units, 'sentence or source', 'sentences and sources')}): about {tokens:,} tokens{_cost(tokens, price)}"
    )


def _report(coder: ModelCoder, ledger: Ledger, outcome: Outcome, arguments: argparse.Namespace) -> int:
    """Write the coding and say what came of it; 1 where some units have no usable answer."""
    coder.write_problems(outcome.unusable)
    results = coder.results(ledger)
    written = coder.write(results)
    for path in written:
        print(path)
    if not written:
        print("No answer is here; the coding stays as it was.")
    print(
        f"{outcome.answered:,} answers, {outcome.tokens:,} tokens{_cost(outcome.tokens, arguments.price)}; "
        f"{len(results.sentences):,} sentences coded, {len(results.codes):,} codes, {results.unanchored:,} of them "
        "without evidence in the text"
    )
    if coder.twice:
        _tell_rereading(coder, ledger)
    for unit, fault in list(outcome.unusable.items())[:_TOLD]:
        print(f"{unit}: no usable answer: {fault}")
    if len(outcome.unusable) > _TOLD:
        print(f"... and {len(outcome.unusable) - _TOLD:,} more")
    if outcome.unusable:
        again = "Export the rest anew, with --export," if arguments.answers else "Run the command again"
        print(
            f"{coder.problems_path}: all units without a usable answer. {again} to ask for these once more; what was "
            "answered is kept."
        )
    return FAILED if outcome.unusable else OK


def _tell_rereading(coder: ModelCoder, ledger: Ledger) -> None:
    """Print how far the two readings agree."""
    from analysis.coding.model.rereading import agreement_with_itself

    for row in agreement_with_itself(coder, ledger).itertuples():
        print(
            f"{row.variable}: the same twice in {row.same:.0%} of {row.n_units:,}, alpha with itself {row.alpha:.2f} "
            f"({row.low:.2f} to {row.high:.2f})"
        )


def _variables(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in VARIABLES]:
        raise argparse.ArgumentTypeError(f"'{unknown[0]}' is none of {', '.join(VARIABLES)}")
    return names
