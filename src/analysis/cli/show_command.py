"""`media-analysis show`: one annotated article in the terminal."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.common import OK, Add


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("show", run, "show one annotated article in the terminal")
    parser.add_argument(
        "article", metavar="ARTICLE", help="a text file, or an article's id together with --study"
    )
    parser.add_argument("--study", metavar="STUDY", help="the study whose article and codebook are meant")


def run(arguments: argparse.Namespace) -> int:
    from analysis.show.terminal import plain_console, print_article
    from analysis.studies import annotate_file, open_study
    from analysis.study import StudyError, codebook_folder, find_study

    path = Path(arguments.article)
    if path.is_file():
        codebook = codebook_folder(find_study(arguments.study)) if arguments.study else None
        tables = annotate_file(path, codebook)
        article_id = path.stem
    elif arguments.study:
        tables = dict(open_study(arguments.study).tables)
        article_id = arguments.article
        texts = tables["articles"].set_index("article_id")["text"]
        if article_id not in texts.index:
            raise StudyError(
                [f"{article_id}: no such article in {arguments.study}; there are {', '.join(texts.index)}"]
            )
        if texts[article_id] is None or texts.isna()[article_id]:
            raise StudyError([f"{article_id}: its text is missing; save it into the study's articles/ first"])
    else:
        raise StudyError(
            [f"{path}: no such file; to show an article of a study by its id, add --study STUDY"]
        )
    print_article(article_id, tables, plain_console())
    return OK
