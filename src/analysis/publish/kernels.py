"""Kernels for headless runs: this very Python, the same environment every time; forked where that is safe.

Only Linux forks safely; elsewhere, and where anything about it fails, kernels are started afresh. The outputs are the
same either way.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.publish.fork_server import FIXED, ForkServer

# A warning's usual first line holds the kernel's process number.
_SHORT_WARNINGS = (
    "import warnings; "
    "warnings.formatwarning = lambda message, category, *_, **__: f'{category.__name__}: {message}\\n'"
)
ARGUMENTS = ("--InteractiveShell.colors=nocolor", f"--IPKernelApp.exec_lines={_SHORT_WARNINGS}")


def environment(folder: str) -> dict[str, str]:
    """The environment variables of a kernel; IPython keeps its own files in `folder`."""
    return {**os.environ, **FIXED, "IPYTHONDIR": folder}


def kernel(folder: str, server: ForkServer | None) -> AsyncKernelManager:
    """A kernel not yet started: over sockets in its private `folder`, unlike ports of the machine, where possible."""
    # Kernels that share a socket's name hear each other's messages: each has a folder of its own.
    where = {} if sys.platform == "win32" else {"transport": "ipc", "ip": os.path.join(folder, "s")}
    file = os.path.join(folder, "connection.json")
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython(), connection_file=file, **where)
    if server:
        manager.provisioner = _Forked(kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.server = server
    return manager


class _Forked(LocalProvisioner):
    """Starts a kernel by an order to `server`; for all that comes after, it is a process like any other."""

    server: ForkServer

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        order = {
            "arguments": cmd[2:],  # after `python -m`
            "folder": str(kwargs.get("cwd") or Path.cwd()),
            "environment": kwargs["env"],
        }
        try:
            pid = await asyncio.to_thread(self.server.ask, **order)  # the first one waits for the imports
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = _Process(pid, self.server)  # type: ignore[assignment]
        self.pid = self.pgid = pid
        return self.connection_info


class _Process:
    """Somebody else's child, with as much of `subprocess.Popen` as a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, server: ForkServer):
        self.pid, self._server = pid, server
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            try:
                self._code = self._server.ask(ended=self.pid)
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
