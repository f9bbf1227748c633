"""The command line: `media-analysis` (also `python -m analysis`). A module here is a command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from typing import Any

from analysis.cli import (
    agreement_command,
    annotate_command,
    audit_command,
    check_command,
    code_command,
    coding_sheet_command,
    draft_command,
    export_command,
    import_command,
    lab_command,
    learn_command,
    new_command,
    plan_command,
    publish_command,
    quotes_command,
    report_command,
    show_command,
)
from analysis.cli.common import BAD_INPUT, FAILED, INTERRUPTED, OK
from analysis.cli.guard import explain, harmless_output, terminated_as_interrupted, was_interrupted

_COMMANDS = (
    report_command,
    annotate_command,
    check_command,
    new_command,
    draft_command,
    coding_sheet_command,
    agreement_command,
    plan_command,
    code_command,
    learn_command,
    quotes_command,
    export_command,
    import_command,
    publish_command,
    audit_command,
    show_command,
    lab_command,
)
_EPILOG = """\
examples:
  media-analysis report                                  a report for every study under data/
  media-analysis report us-russia-talks --articles DIR   one study, its texts in DIR
  media-analysis new my-topic --articles DIR             a study of your own from a folder of texts
  media-analysis annotate DIR --out OUT                  only the tables, as Parquet
  media-analysis quotes DIR --out quotes.json            who says what, for use elsewhere
  media-analysis show data/sample/articles/wire-1.txt    one annotated article in the terminal
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 something failed, 2 the input has faults."""
    with harmless_output(), terminated_as_interrupted():
        try:
            return _run(_parser().parse_args(argv))
        except BrokenPipeError:  # the reader of our output has gone, as with `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        except (KeyboardInterrupt, Exception) as error:
            if was_interrupted(error):
                print("media-analysis: stopped; what was there before is unchanged", file=sys.stderr)
                return INTERRUPTED
            if isinstance(error, Exception) and (said := explain(error)):
                print(f"media-analysis: {said}", file=sys.stderr)
                return FAILED
            raise


def _run(arguments: argparse.Namespace) -> int:
    from analysis.codebook import CodebookError
    from analysis.language import LanguageError
    from analysis.study import StudyError

    try:
        return int(arguments.run(arguments))
    except (StudyError, CodebookError, LanguageError) as error:
        for line in str(error).splitlines():
            print(f"media-analysis: {line}", file=sys.stderr)
        return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    """A parser whose commands name the option that was meant, with their own usage."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, unknown = super().parse_known_args(args, namespace)
        if unknown and self.prog.count(" "):  # a command's own parser
            near = get_close_matches(unknown[0], list(self._option_string_actions), n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            self.error(f"unknown argument {unknown[0]!r}{meant}")
        return found, unknown


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="media-analysis",
        description="Compare how news outlets report one story: frames, tone, stance, sources.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"media-analysis {version('media-analysis')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    for command in _COMMANDS:
        command.register(add)
    return parser
