"""`media-analysis learn`: a coder that learns from a study's coded sentences, beside the rules."""

from __future__ import annotations

import argparse
import shlex

from analysis.cli.common import OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "learn", run, "learn to code from a study's coded sentences, and say how well beside the rules"
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--of",
        default="frames",
        metavar="QUESTION",
        help="frames, sentiment or stance:TARGET (default: frames)",
    )
    parser.add_argument(
        "--coder",
        metavar="NAME",
        help="learn from this coder's sentences (default: the reference coding, else the only coder's)",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.training import train
    from analysis.show.terminal import plain_console, print_training
    from analysis.studies import open_study

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    with progress("learning"):
        training = train(study, arguments.of, arguments.coder)
    print_training(training, plain_console())
    paths = training.save()
    for path in paths:
        print(path)
    model = shlex.quote(str(paths[-1]))
    print(f"To code new texts: media-analysis annotate FOLDER --model {model} --out OUT")
    return OK
