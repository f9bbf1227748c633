"""Kernels for headless runs: this very Python, the same environment every time; forked where that saves importing.

Most of the time of a short notebook goes into importing pandas, matplotlib and the like. `Forks` is a process that
has imported them once; a kernel forked from it has them at hand. Only Linux forks safely; elsewhere, and where
anything about it fails, kernels are started afresh. The outputs are the same either way.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

# Same input, same bytes: fixed hashes and time zone, no progress bars, one BLAS thread for each of several kernels.
_FIXED = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
    "TZ": "UTC",
}
# What must have one thread when it forks: Arrow starts one as soon as it is imported, for memory that it never uses.
_ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
# A warning's usual first line holds the kernel's process number.
_SHORT_WARNINGS = (
    "import warnings; "
    "warnings.formatwarning = lambda message, category, *_, **__: f'{category.__name__}: {message}\\n'"
)
ARGUMENTS = ("--InteractiveShell.colors=nocolor", f"--IPKernelApp.exec_lines={_SHORT_WARNINGS}")


def environment(folder: str) -> dict[str, str]:
    """The environment variables of a kernel; IPython keeps its own files in `folder`."""
    return {**os.environ, **_FIXED, "IPYTHONDIR": folder}


def kernel(folder: str, forks: Forks | None) -> AsyncKernelManager:
    """A kernel not yet started: over sockets in the private `folder`, unlike ports of the machine, where possible."""
    # Kernels that share a socket's name hear each other's messages.
    own = tempfile.mkdtemp(prefix="k", dir=folder)
    where = {} if sys.platform == "win32" else {"transport": "ipc", "ip": os.path.join(own, "s")}
    file = os.path.join(own, "connection.json")
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython(), connection_file=file, **where)
    if forks:
        manager.provisioner = _Forked(kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.forks = forks
    return manager


class Forks:
    """The process to fork kernels from, with `modules` imported. It starts at once and imports while others work."""

    def __init__(self, modules: Iterable[str] = ()):
        self._lock = Lock()
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.show.forks", str(theirs.fileno()), *modules],
                env={**os.environ, **_FIXED, **_ONE_THREAD},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for whoever asked; these end when their socket does
            )
        self._answers = self._channel.makefile("r")

    def ask(self, **order: Any) -> Any:
        """The answer to one order. Raises OSError where the process is gone."""
        with self._lock:
            self._channel.sendall(f"{json.dumps(order)}\n".encode())
            answer = self._answers.readline()
        if not answer:
            raise ConnectionResetError("the process that kernels are forked from is gone")
        return json.loads(answer)

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and every kernel that is left."""
        self._answers.close()
        self._channel.close()
        self._process.wait()


def forks(notebooks: Sequence[Path]) -> Forks | None:
    """A process to fork the notebooks' kernels from; None where forking is not safe, or saves nothing."""
    if sys.platform != "linux" or len(notebooks) < 2:
        return None
    return Forks(shared_imports(notebooks))


def shared_imports(notebooks: Sequence[Path]) -> list[str]:
    """The modules that two or more of the notebooks import, in order of their names."""
    found = Counter(module for path in notebooks for module in set(_imports(path)))
    return sorted(module for module, n in found.items() if n > 1)


def _imports(path: Path) -> Iterable[str]:
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
                yield from (f"{node.module}.{alias.name}" for alias in node.names)  # it may be a module too


class _Forked(LocalProvisioner):
    """Starts a kernel by an order to `forks`; for all that comes after, it is a process like any other."""

    forks: Forks

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        order = {
            "arguments": cmd[2:],  # after `python -m`
            "folder": str(kwargs.get("cwd") or Path.cwd()),
            "environment": kwargs["env"],
        }
        try:
            pid = await asyncio.to_thread(self.forks.ask, **order)  # the first one waits for the imports
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = _Process(pid, self.forks)  # type: ignore[assignment]
        self.pid = self.pgid = pid
        return self.connection_info


class _Process:
    """Somebody else's child, with as much of `subprocess.Popen` as a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, forks: Forks):
        self.pid, self._forks = pid, forks
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            try:
                self._code = self._forks.ask(ended=self.pid)
            except OSError:
                self._code = -signal.SIGKILL  # it ends with the process that it was forked from
        return self._code

    wait = poll  # asked only when it has ended

    def send_signal(self, number: int) -> None:
        if self._code is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _ThisPython(KernelSpecManager):
    """The kernel is this very Python, whatever kernels of the same name the user has installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)
