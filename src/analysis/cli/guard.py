"""What holds for every command: no message acts on a terminal, and what goes wrong is one message, not a traceback."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from analysis.text import without_controls

_REMEDIES = {
    errno.ENOSPC: "make room on the disk and run the command again",
    errno.EDQUOT: "make room on the disk and run the command again",
    errno.EACCES: "change who may read and write it, or name another place",
    errno.EPERM: "change who may read and write it, or name another place",
    errno.EROFS: "name a place that can be written",
    errno.EISDIR: "name a file, or move the folder away",
    errno.ENOTDIR: "name a folder, or move the file away",
    errno.EEXIST: "name another place, or move away what is there",
    errno.ENOTEMPTY: "name another place, or move away what is there",
    errno.ENAMETOOLONG: "use a shorter name",
    errno.ENOENT: "check the name",
    errno.ELOOP: "remove the link",
    errno.EFBIG: "name the right file, or split it",
    errno.EINVAL: "name a file",
    errno.EMFILE: "close other programs, or allow more open files (ulimit -n)",
    errno.ENFILE: "close other programs",
}


class _Harmless:
    """A stream that writes no control characters; rich, which draws with them, knows to write past it."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(without_controls(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


@contextmanager
def harmless_output() -> Iterator[None]:
    """Let nothing that is printed act on the terminal, nor fail because the terminal has no such letter."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    out, err = (cast("TextIO", _Harmless(stream)) for stream in (sys.stdout, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Answer SIGTERM as Ctrl-C is answered; processes that are forked meanwhile end at either without a word."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say how signals are answered
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: object) -> None:
    """Ctrl-C reaches all processes of a terminal, SIGTERM this one only."""
    if processes := sys.modules.get("multiprocessing"):
        for child in processes.active_children():
            child.terminate()
    signal.raise_signal(signal.SIGINT)


def _end_when_told() -> None:
    if signal.getsignal(signal.SIGTERM) is _interrupt:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_end_when_told)


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an error came of Ctrl-C: one in the midst of an import comes out as ImportError or SystemError."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def explain(error: Exception) -> str:
    """What the system did not do, where, and what helps; empty for an error that is a fault of this program."""
    if isinstance(error, OSError):
        where = ", ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
        what = error.strerror or str(error) or type(error).__name__
        remedy = _REMEDIES.get(error.errno or 0, "check the place and run the command again")
        return f"{f'{where}: ' if where else ''}{what}; {remedy}"
    if isinstance(error, UnicodeEncodeError):
        what = f"{error.object!a} cannot be written as {error.encoding}"
        return f"{what}; set a language that uses UTF-8, such as LANG=C.UTF-8"
    if isinstance(error, BrokenExecutor):
        return "a process was killed, or found no memory; run the command again, where there is more memory"
    return ""
