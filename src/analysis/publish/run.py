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

from analysis.publish import kernels
from analysis.publish.cache import fingerprint, load_unchanged, write_record
from analysis.publish.fork_server import ForkServer
from analysis.show.figure_files import figure_files, find_figures

Progress = Callable[[str, int, int], None]
INJECTED = "injected-parameters"
AT_ONCE = (os.cpu_count() or 1) + 1  # kernels; now and then one waits


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
    unchanged: bool = False  # as it was run before

    def figure_files(self, folder: Path) -> list[Path]:
        """The files in `folder` of the figures that it shows."""
        files = (file for name in find_figures(self.notebook) for file in figure_files(folder, name))
        return [file for file in files if file.exists()]


def run_changed(
    paths: Sequence[Path],
    *,
    parameters: Mapping[str, Any],
    recorded: Mapping[str, Any] | None = None,
    records_in: Path,
    made_from: str,
    figures: Path,
    fresh: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    server: ForkServer | None = None,
) -> list[Run]:
    """`run_notebooks` for those that have changed since they were run; the others as they were kept in `records_in`.

    `made_from` stands for all that a run depends on beside the notebook and the parameters. A run that failed is not
    kept, and one is not taken where a figure that it saved in the folder `figures` is gone or was changed. `fresh` runs
    them all.
    """
    paths = [Path(path) for path in paths]
    keys = {p: fingerprint([p] if p.exists() else [], made_from, sorted(parameters.items())) for p in paths}
    records = {path: records_in / f"{path.stem}.json" for path in paths}
    done: dict[Path, Run] = {}
    for path in paths:
        if not fresh and (known := load_unchanged(records[path], keys[path])):
            done[path] = Run(path, nbformat.from_dict(known["notebook"]), None, 0, unchanged=True)
            if progress:
                progress(f"{path.stem}: unchanged", 1, 1)
    changed = [path for path in paths if path not in done]
    how: dict[str, Any] = {"jobs": jobs, "progress": progress, "server": server}
    for run in run_notebooks(changed, parameters=parameters, recorded=recorded, **how):
        done[run.path] = run
        if not run.error:
            write_record(records[run.path], keys[run.path], run.figure_files(figures), notebook=run.notebook)
    return [done[path] for path in paths]


def run_notebooks(
    paths: Sequence[Path],
    *,
    parameters: Mapping[str, Any],
    recorded: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    server: ForkServer | None = None,
) -> list[Run]:
    """Each notebook with its outputs, in the order given; one that fails does not stop the others.

    `parameters` are set after the cell tagged `parameters`, as papermill does (or first, where there is none); what
    comes back has those `recorded` in their place, where they name places on this machine that are nobody else's.
    `jobs`: how many kernels at once, by default one more than there are processors.
    `progress(name, done, total)` is called from another thread, once at the start and after each code cell.
    `server`: the process that the kernels are forked from; without it each is started afresh, with the same outputs.
    The working folder of a notebook is its own. Nothing is written but by the notebooks. Ctrl-C stops all kernels and is raised again.
    """
    loop = asyncio.new_event_loop()
    # In a thread of its own the loop leaves the process's signal handlers alone (nbclient would set its own, which
    # do not survive several notebooks), and the caller may itself be a notebook with a loop running.
    with ThreadPoolExecutor(1, "notebooks") as thread, tempfile.TemporaryDirectory() as folder:
        work = _run_all(paths, parameters, jobs or AT_ONCE, progress, folder, server)
        task = loop.create_task(work)
        done = thread.submit(_run_until_complete, loop, task)
        try:
            runs = done.result()
        except KeyboardInterrupt:
            loop.set_exception_handler(
                lambda *_: None
            )  # what nbclient's own tasks end with, nobody asks any more
            loop.call_soon_threadsafe(task.cancel)
            raise
    if recorded is not None:
        for cell in (cell for run in runs for cell in run.notebook.cells if cell.id == INJECTED):
            cell.source = _assignments(recorded)
    return runs


def _run_until_complete(loop: asyncio.AbstractEventLoop, task: asyncio.Task[list[Run]]) -> list[Run]:
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(task)
    finally:
        left = asyncio.all_tasks(loop)  # nbclient's, when it was interrupted
        for one in left:
            one.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _run_all(
    paths: Sequence[Path],
    parameters: Mapping[str, Any],
    jobs: int,
    progress: Progress | None,
    folder: str,
    server: ForkServer | None,
) -> list[Run]:
    free = asyncio.Semaphore(jobs)

    async def run(path: Path) -> Run:
        async with free:
            return await _run_one(path, parameters, progress or (lambda *_: None), folder, server)

    async with asyncio.TaskGroup() as group:  # on cancellation it waits until every kernel is gone
        tasks = [group.create_task(run(Path(path))) for path in paths]
    return [task.result() for task in tasks]


async def _run_one(
    path: Path, parameters: Mapping[str, Any], progress: Progress, folder: str, server: ForkServer | None
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

    def starts(cell_index: int, **_: Any) -> None:
        nonlocal current
        current = cell_index

    def ends(cell_index: int, **_: Any) -> None:
        progress(path.stem, code.index(cell_index) + 1, len(code))

    own = tempfile.mkdtemp(prefix="k", dir=folder)
    client = NotebookClient(
        notebook,
        km=kernels.kernel(own, server),
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
    except Exception as fault:  # noqa: BLE001 - a dead kernel, an unreadable output, a failing cell: the others go on
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
        source = _assignments(parameters)
        injected = nbformat.v4.new_code_cell(source, id=INJECTED, metadata={"tags": [INJECTED]})
        tagged = (n for n, c in enumerate(cells) if "parameters" in c.metadata.get("tags", []))
        cells.insert(next(tagged, -1) + 1, injected)
    notebook.cells = cells
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # the first version that has cell ids
    return notebook


def _assignments(parameters: Mapping[str, Any]) -> str:
    return "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())])
