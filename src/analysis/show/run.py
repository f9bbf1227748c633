"""Run notebooks headless, several at once, each in a kernel of its own; the files themselves stay as they are."""

# ruff: noqa: E402 (something must happen before the first Jupyter import)

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# jsonschema tries this optional package at import, and its grammar takes longer to build than all of nbclient.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from analysis.show import kernels

Progress = Callable[[str, int, int], None]
INJECTED = "injected-parameters"


@dataclass(frozen=True)
class RunError:
    """Where and why a notebook stopped; `cell` counts its code cells from 1, 0 means that it did not start."""

    notebook: str
    cell: int
    line: str
    name: str
    message: str

    def __str__(self) -> str:
        where = f"{self.notebook}, code cell {self.cell} ({self.line})" if self.cell else self.notebook
        return f"{where}: {self.name}: {self.message}"


@dataclass(frozen=True)
class Run:
    """One notebook with its outputs; after an error, with those up to and including the traceback."""

    path: Path
    notebook: NotebookNode
    error: RunError | None
    seconds: float


def run_notebooks(
    paths: Sequence[Path],
    *,
    parameters: Mapping[str, Any],
    jobs: int | None = None,
    progress: Progress | None = None,
    forks: kernels.Forks | None = None,
) -> list[Run]:
    """Each notebook with its outputs, in the order given; one that fails does not stop the others.

    `parameters` are set after the cell tagged `parameters`, as papermill does (or first, where there is none).
    `jobs`: how many kernels at once, by default one for each processor.
    `progress(name, done, total)` is called from another thread, once at the start and after each code cell.
    `forks`: the process that the kernels are forked from; without it each is started afresh, with the same outputs.
    The working folder of a notebook is its own. Nothing is written. Ctrl-C stops all kernels and is raised again.
    """
    loop = asyncio.new_event_loop()
    # In a thread of its own the loop leaves the process's signal handlers alone (nbclient would set its own, which
    # do not survive several notebooks), and the caller may itself be a notebook with a loop running.
    with ThreadPoolExecutor(1, "notebooks") as thread, tempfile.TemporaryDirectory() as folder:
        work = _run_all(paths, parameters, jobs or os.cpu_count() or 1, progress, folder, forks)
        task = loop.create_task(work)
        done = thread.submit(_run_until_complete, loop, task)
        try:
            return done.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(task.cancel)
            raise


def _run_until_complete(loop: asyncio.AbstractEventLoop, task: asyncio.Task[list[Run]]) -> list[Run]:
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(task)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _run_all(
    paths: Sequence[Path],
    parameters: Mapping[str, Any],
    jobs: int,
    progress: Progress | None,
    folder: str,
    forks: kernels.Forks | None,
) -> list[Run]:
    free = asyncio.Semaphore(jobs)

    async def run(path: Path) -> Run:
        async with free:
            return await _run_one(path, parameters, progress or (lambda *_: None), folder, forks)

    async with asyncio.TaskGroup() as group:  # on cancellation it waits until every kernel is gone
        tasks = [group.create_task(run(Path(path))) for path in paths]
    return [task.result() for task in tasks]


async def _run_one(
    path: Path, parameters: Mapping[str, Any], progress: Progress, folder: str, forks: kernels.Forks | None
) -> Run:
    began = time.monotonic()
    try:
        notebook = prepare(nbformat.read(path, as_version=4), parameters)
    except (OSError, ValueError, AttributeError) as fault:
        empty = nbformat.v4.new_notebook(cells=[])
        unread = RunError(path.name, 0, "", "not a readable notebook", str(fault) or type(fault).__name__)
        return Run(path, empty, unread, time.monotonic() - began)

    code = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    counted = [n for n in code if notebook.cells[n].id != INJECTED]
    current = 0
    progress(path.stem, 0, len(code))

    def starts(cell: NotebookNode, cell_index: int) -> None:
        nonlocal current
        current = cell_index

    def ends(cell: NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]) -> None:
        progress(path.stem, code.index(cell_index) + 1, len(code))

    client = NotebookClient(
        notebook,
        km=kernels.kernel(folder, forks),
        timeout=None,
        shutdown_kernel="immediate",  # it has nothing to save
        record_timing=False,  # times in the notebook would differ from run to run
        coalesce_streams=True,  # so would the pieces in which a stream happens to arrive
        store_widget_state=False,
        extra_arguments=list(kernels.ARGUMENTS),
        resources={"metadata": {"path": str(path.parent.resolve())}},
        on_cell_execute=starts,
        on_cell_executed=ends,
    )
    client.owns_km = True  # the kernel is this client's to shut down
    error: RunError | None = None
    try:
        await client.async_execute(env=kernels.environment(folder))
    except Exception as fault:  # a dead kernel, an unreadable output, a failing cell: the others go on
        cell = notebook.cells[current]
        if isinstance(fault, CellExecutionError):
            name, message = fault.ename, fault.evalue
        else:
            name, message = type(fault).__name__, str(fault)
            if cell.cell_type == "code":
                said = nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[message])
                cell.outputs.append(said)
        number = sum(n <= current for n in counted)
        first = next(iter(cell.source.strip().splitlines()), "")
        error = RunError(path.name, number, first, name, message)
    notebook.metadata.pop("widgets", None)
    return Run(path, notebook, error, time.monotonic() - began)


def prepare(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """The notebook without outputs, with stable cell ids and the parameters set as papermill sets them."""
    cells = [c for c in notebook.cells if INJECTED not in c.metadata.get("tags", [])]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if parameters:
        source = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())])
        injected = nbformat.v4.new_code_cell(source, id=INJECTED, metadata={"tags": [INJECTED]})
        tagged = (n for n, c in enumerate(cells) if "parameters" in c.metadata.get("tags", []))
        cells.insert(next(tagged, -1) + 1, injected)
    notebook.cells = cells
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # the first version that has cell ids
    return notebook
