"""Tasks done by several processes: of this machine, or of a Dask cluster. Same results, whoever does which task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, TypeVar

from analysis.study import StudyError

RETRIES = 2  # of a task on a cluster that fails
WAITING = 500  # tasks at a cluster at one time: the scheduler holds them all
T = TypeVar("T")
Task = Callable[[], T]


def run_here(tasks: Sequence[Task[T]], jobs: int) -> Iterator[tuple[int, T]]:
    """The number and the result of each task as soon as it is done, in `jobs` processes.

    A task whose process was killed is given to another one, in the end to one that works alone. Raises
    BrokenProcessPool where that is killed, too, when all other tasks are done.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        yield from ((number, task()) for number, task in enumerate(tasks))
        return
    left, before = dict(enumerate(tasks)), 0
    while left and len(left) != before:
        before = len(left)
        for number, result in _in_processes(left, jobs):
            yield number, result
            del left[number]
    for number in (*left, *left):  # those that fail twice are left
        alone = {number: left[number]} if number in left else {}
        for _, result in _in_processes(alone, jobs):
            yield number, result
            del left[number]
    if left:
        raise BrokenProcessPool


def _in_processes(tasks: Mapping[int, Task[T]], jobs: int) -> Iterator[tuple[int, T]]:
    """Those tasks that are done before a process dies, if one does."""
    with ProcessPoolExecutor(max(1, min(jobs, len(tasks)))) as pool:
        waiting = {pool.submit(task): number for number, task in tasks.items()}
        for future in as_completed(waiting):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield waiting[future], future.result()


def run_on_cluster(tasks: Sequence[Task[T]], address: str) -> Iterator[tuple[int, T]]:
    """As `run_here`, by the workers of the Dask scheduler at this address, such as tcp://host:8786.

    The workers need this package, as it is here. Raises BrokenExecutor where a task's worker died each time.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed import as_completed as as_done
    except ImportError:
        message = "a cluster needs Dask; install it with: pip install 'media-analysis[scale]'"
        raise StudyError([message]) from None
    with Client(address) as client:
        left = iter(enumerate(tasks))
        waiting: dict[Any, int] = {}

        def submit(n: int) -> list[Any]:
            new = {
                client.submit(task, pure=False, retries=RETRIES): number for number, task in islice(left, n)
            }
            waiting.update(new)
            return list(new)

        running = as_done(submit(WAITING))
        try:
            for future in running:
                yield waiting.pop(future), future.result()
                running.update(submit(1))
        except KilledWorker as error:
            raise BrokenExecutor(str(error)) from None
