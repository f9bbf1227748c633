"""A process that kernels are forked from: it has imported, once for all, what the notebooks import.

Most of the time of a short notebook goes into importing pandas, matplotlib and the like; a kernel forked from a
process that has them finds them there. The process runs apart from its owner (`python -m analysis.publish.fork_server SOCKET
MODULE ...`), so that it has one thread when it forks, and a fixed hash seed. An order is a line of JSON, its answer
too: a kernel to start gives its process number, the number of one to look after gives the code it ended with, or null.
When the owner is gone, so are the kernels.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

# Same input, same bytes: fixed hashes and time zone, no progress bars, one BLAS thread for each of several kernels.
FIXED = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
    "TZ": "UTC",
}
# A second thread does not survive a fork: Arrow starts one when it is imported, for a kind of memory it does not use.
_ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


class ForkServer:
    """The owner's side. The process starts with `start`, or with the first order, and imports while others work."""

    def __init__(self, modules: Iterable[str] = ()):
        self._modules = list(modules)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False  # it has answered, so all is imported

    def start(self) -> None:
        """Start the process, if it has not been started before, and where forking is safe: on Linux."""
        if self._process or sys.platform != "linux":
            return
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), *self._modules],
                env={**os.environ, **FIXED, **_ONE_THREAD},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the owner; this ends when the owner's socket does
            )
        self._answers = self._channel.makefile("r")

    def ask(self, **order: Any) -> Any:
        """The answer to one order. Raises OSError where there is no process."""
        with self._lock:
            self.start()
            if not self._process:
                raise OSError("forking is not safe here")
            self._channel.sendall(f"{json.dumps(order)}\n".encode())
            answer = self._answers.readline()
            self._ready |= bool(answer)
        if not answer:
            raise ConnectionResetError("the process that kernels are forked from is gone")
        return json.loads(answer)

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, and every kernel that is left."""
        if self._process:
            with suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)  # a thread may still be waiting for an answer
            if not self._ready:
                self._process.kill()  # it would first import all it was told to
            self._process.wait()
            self._answers.close()
            self._channel.close()


def fork_server(notebooks: Sequence[Path]) -> ForkServer:
    """What to fork the notebooks' kernels from, not yet started."""
    return ForkServer(shared_imports(notebooks))


# What the package itself imports only when a notebook first asks for it.
_WHEN_ASKED = {"analysis": ("analysis.ask.questions", "analysis.studies", "analysis.try_codebook")}


def shared_imports(notebooks: Sequence[Path]) -> list[str]:
    """What two or more of the notebooks import, in alphabetical order; some are modules, some names in modules."""
    found = Counter(name for path in notebooks for name in set(_imports(path)))
    shared = [name for name, n in found.items() if n > 1]
    return sorted({*shared, *(later for name in shared for later in _WHEN_ASKED.get(name, ()))})


def _imports(path: Path) -> Iterator[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return  # whoever runs it says what is wrong
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a magic, or a fault
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def main(file: str, *modules: str) -> None:
    """The process itself: answer orders until the owner is gone; in a fork, become the kernel that was ordered."""
    _import(("ipykernel.kernelapp", *modules))
    if len(os.listdir("/proc/self/task")) > 1:
        raise SystemExit("a module has started a thread, which a fork would lose")
    gc.freeze()  # nothing imported is ever garbage: kernels need neither search through it nor have copies of it
    with socket.socket(fileno=int(file)) as channel:
        order = _serve(channel)
    if order:
        _become(order)


def _import(names: Sequence[str]) -> None:
    here = os.getcwd()
    sys.path[:] = [place for place in sys.path if place not in ("", here)]  # as ipykernel_launcher does
    for name in names:
        try:
            import_module(name)
        except Exception:  # noqa: BLE001 - no module, or a broken one: the notebook that needs it will say so where it does
            continue


def _serve(channel: socket.socket) -> dict[str, Any] | None:
    """None when the orders end; in a fork the order that it was made for."""
    kernels: set[int] = set()
    try:
        with channel.makefile("r") as orders:
            for line in orders:
                order: dict[str, Any] = json.loads(line)
                if "ended" in order:
                    answer = _code(order["ended"], os.WNOHANG, kernels)
                else:
                    answer = os.fork()
                    if not answer:
                        kernels.clear()
                        return order
                    kernels.add(answer)
                channel.sendall(f"{json.dumps(answer)}\n".encode())
    except ConnectionError:
        pass
    finally:
        for kernel in sorted(kernels):
            _kill(kernel)
            _code(kernel, 0, kernels)
    return None


def _code(kernel: int, options: int, kernels: set[int]) -> int | None:
    found, status = os.waitpid(kernel, options)
    if not found:
        return None
    kernels.discard(kernel)
    return os.waitstatus_to_exitcode(status)


def _kill(kernel: int) -> None:
    for kill in (os.killpg, os.kill):
        with suppress(
            ProcessLookupError
        ):  # it has not made its group yet, or is dead and waits to be asked after
            kill(kernel, signal.SIGKILL)
            return


def _become(order: dict[str, Any]) -> None:
    """Be what `python -m ipykernel_launcher ARGUMENTS` would be, with everything imported already."""
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = [*order["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"]
    if pandas := sys.modules.get("pandas"):
        pandas.set_option(
            "display.max_columns", 20
        )  # at import it takes a process without a shell for a terminal
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # else "random" numbers would be the same in all notebooks
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main(*sys.argv[1:])
