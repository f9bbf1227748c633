"""The process that kernels are forked from: it has imported, once for all, what the notebooks import.

It runs apart from whoever asks (`python -m analysis.show.forks SOCKET MODULE ...`), so that it has one thread when it
forks, and a fixed hash seed. An order is a line of JSON, its answer too: a kernel to start gives its process number,
the number of one to look after the code it ended with, or null. When whoever asks is gone, so are the kernels.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any


def main(file: str, *modules: str) -> None:
    """Answer orders until nobody is there to give them; in a forked process, become the kernel ordered."""
    _import(("ipykernel.kernelapp", *modules))
    if len(os.listdir("/proc/self/task")) > 1:
        raise SystemExit("a module has started a thread, which a fork would lose")
    gc.freeze()  # what is there is shared with every kernel, as long as nobody looks through it for garbage
    with socket.socket(fileno=int(file)) as channel:
        order = _serve(channel)
    if order:
        _become(order)


def _import(modules: Sequence[str]) -> None:
    here = os.getcwd()
    sys.path[:] = [place for place in sys.path if place not in ("", here)]  # as ipykernel_launcher does
    for module in modules:
        try:
            import_module(module)
        except Exception:  # the notebook that imports it will say so, where it does
            continue


def _serve(channel: socket.socket) -> dict[str, Any] | None:
    """None when the orders end; in a forked process the order that it was made for."""
    kernels: set[int] = set()
    try:
        with channel.makefile("r") as orders:
            for line in orders:
                order = json.loads(line)
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
        try:
            return kill(kernel, signal.SIGKILL)
        except ProcessLookupError:  # it has not made its group yet, or is dead and waits to be asked after
            continue


def _become(order: dict[str, Any]) -> None:
    """Be what `python -m ipykernel_launcher ARGUMENTS` would be, with everything imported already."""
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = [*order["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"]
    gc.unfreeze()
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
