"""What the commands share: exit codes, progress bars, and how problems are reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.text import without_controls

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import Progress, ProgressColumn, TaskID

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
# Adds a command: its name, the function that runs it, a line of help; gives its parser.
Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def begin(*, with_sample: bool) -> None:
    """Put the notebooks, and the sample study if asked for, where none are, and say so."""
    from analysis.project import begin_project

    for place in begin_project(with_sample=with_sample):
        print(
            f"media-analysis: {place} was not there; what comes along with the program is in it now",
            file=sys.stderr,
        )


def positive(text: str) -> int:
    """A whole number above 0 from the command line."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def stopped() -> int:
    """Say that --strict stopped the command."""
    print("media-analysis: stopped, because of --strict; nothing was written", file=sys.stderr)
    return FAILED


def tell_problems(problems: pd.DataFrame) -> int:
    """Name the files with problems on the standard error; how many were left out comes back."""
    from analysis.show.wording import counted

    for problem in problems.itertuples():
        print(f"media-analysis: {problem.file} {problem.message}", file=sys.stderr)
    skipped = int((problems["severity"] == "skipped").sum())
    if skipped:
        print(f"media-analysis: {counted(skipped, 'file')} left out", file=sys.stderr)
    return skipped


def tell_account(account: pd.DataFrame) -> None:
    """Say in one line what became of the articles, and of each file that announced more than it holds."""
    from analysis.show.wording import counted

    sums = account.drop(columns=["file", "format", "remarks"]).fillna(0).sum().astype(int)
    parts = [f"{counted(sums['read'], 'article')} read from {counted(len(account), 'file')}"]
    for column, words in (
        ("duplicates", "identical to others (left out)"),
        ("near_duplicates", "near-duplicates of others (kept, not counted)"),
        ("other_language", "in another language"),
        ("without_text", "without text"),
        ("short", "shorter than announced"),
        ("mended", "places mended"),
    ):
        if sums[column]:
            parts.append(f"{sums[column]} {words}")
    print("; ".join(parts))
    if sums["lost"]:
        of = account["announced"].fillna(0).sum()
        print(
            f"media-analysis: error: {sums['lost']} of {of} articles announced are missing from their files",
            file=sys.stderr,
        )


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    with _bars() as bars:
        task = bars.add_task(without_controls(what), total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def progress_told(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar with the time that is left, which also takes what is to be said beside it."""
    from rich.progress import TimeRemainingColumn

    with _bars(TimeRemainingColumn()) as bars:
        task = bars.add_task(without_controls(what), total=None)
        yield lambda done, total, said: bars.update(
            task, completed=done, total=total, description=without_controls(f"{what}: {said}")
        )


@contextmanager
def progress_of_notebooks(study: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each notebook, a step a cell."""
    with _bars() as bars:
        tasks: dict[str, TaskID] = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(without_controls(f"{study}: {name}"), total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield step


def _bars(*more: ProgressColumn) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    what = TextColumn("{task.description}", markup=False)  # a study's name is no markup
    columns = (what, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), *more)
    return Progress(
        *columns,
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=False,  # else what the bars draw would lose its control characters (see `guard`)
        redirect_stderr=False,
    )
