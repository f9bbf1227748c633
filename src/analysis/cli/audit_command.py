"""`media-analysis audit`: count every number of the charts and tables again, from the sentences that it leads to."""

from __future__ import annotations

import argparse

from analysis.cli.common import FAILED, OK, Add, progress


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("audit", run, "count every number of the charts again, from the sentences that it leads to")
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.ask.audit import ORPHAN, SAME, audit
    from analysis.ask.questions import Questions
    from analysis.show.wording import counted
    from analysis.studies import open_study

    with progress(f"{arguments.study}: annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    table = audit(Questions(study))
    wrong = table[table["verdict"] != SAME]
    for row in wrong.itertuples():
        where = "nothing lies where it leads" if row.verdict == ORPHAN else f"{row.found} lie where it leads"
        print(f"{row.verdict:<8} {row.chart}, {row.column} of {row.row}: {row.counted} counted, {where}")
    orphans = int((table["verdict"] == ORPHAN).sum())
    print(
        f"{study.title}: {counted(len(table), 'number')} of {counted(table['chart'].nunique(), 'chart or table', 'charts and tables')} "
        f"counted again; {counted(orphans, 'orphan')}, {counted(len(wrong) - orphans, 'number differs', 'numbers differ')}"
    )
    return FAILED if len(wrong) else OK
