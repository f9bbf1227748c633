"""Run a command again and again, each time stopped at a later one of its writes, as SQLite's authors test theirs.

`python tests/fault_loop.py folders|COMMAND FOLDER STEP kill:FIRST fill:FIRST` prints a line for each write at which it was
stopped, and what was wrong afterwards. It is a process of its own, since an audit hook stays and a fork wants one thread; see `test_faults`.
"""

from __future__ import annotations

import csv
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import count
from pathlib import Path

_NOT_REACHED = 250  # exit code of a run that made fewer writes
_WRITES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link", "os.symlink")
_OF_A_FOLDER = {"os.mkdir": 2, "os.remove": 1, "os.rmdir": 1}  # where the argument `dir_fd` stands
Fault = Callable[[str, Path], None]


def kill(event: str, path: Path) -> None:
    """The process ends at once; a file that was being opened for writing stays empty."""
    if event == "open":
        path.write_bytes(b"")
    os._exit(137)


def fill(event: str, path: Path) -> None:
    """The disk is full; there is still room to remove what lies there."""
    if event not in ("os.remove", "os.rmdir"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def run(command: Callable[[], int], below: Path, fault: Fault | None = None, number: int = 0) -> int:
    """The exit code of the command, run in a forked process, with the fault at this one of its writes below a folder."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code, left = 251, number
    try:
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)

        def hook(event: str, arguments: Sequence[object]) -> None:
            nonlocal left
            path = _written(event, arguments)
            if fault and path and path.is_relative_to(below):
                left -= 1
                if left == 0:
                    fault(event, path)

        sys.addaudithook(hook)
        code = command()
        if left > 0:
            code = _NOT_REACHED
    finally:
        os._exit(code)


def _written(event: str, arguments: Sequence[object]) -> Path | None:
    """What an audit event writes, makes, renames or removes; None where it does nothing of that kind."""
    if event == "open":
        flags = arguments[2]
        if not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            return None
    elif event not in _WRITES:
        return None
    if not isinstance(arguments[0], str | os.PathLike):
        return None
    folder = arguments[_OF_A_FOLDER[event]] if event in _OF_A_FOLDER else -1
    above = os.readlink(f"/proc/self/fd/{folder}") if isinstance(folder, int) and folder >= 0 else ""
    return Path(os.path.abspath(os.path.join(above, arguments[0])))


@dataclass(frozen=True)
class Trial:
    """What is stopped; `prepare` makes the folder as it is before, `faults` says what is wrong after it was stopped."""

    folder: Path
    prepare: Callable[[], object]
    command: Callable[[], int]
    faults: Callable[[], Iterator[str]]


def trial_of_folders(root: Path) -> Trial:
    """A sealed folder that is written anew, and an entry beside another, by functions of `store` alone."""
    from analysis import store

    place = root / "published"

    def write(which: int) -> int:
        for folder in (store.entry(root / "tables", which), store.sealed(place)):
            with folder as new:
                for name in ("one", "two"):
                    (new / name).write_text(f"{name} {which}")
        for entry in store.load_entries(root / "tables"):
            if entry.made_from != which:
                entry.remove()
        return 0

    def kept() -> dict[int, list[bytes]]:
        entries = store.load_entries(root / "tables")
        return {entry.made_from: [entry.load("one"), entry.load("two")] for entry in entries}

    def prepare() -> None:
        write(0)
        (place / "notes.md").write_text("not sealed")

    def faults() -> Iterator[str]:
        made = [store.load_sealed(place)["one"], store.load_sealed(place)["two"]]
        if made not in ([b"one 0", b"two 0"], [b"one 1", b"two 1"]):
            yield f"neither old nor new: {made}"
        if not kept():
            yield "neither the old entry nor the new one is whole"
        if kept().get(1) not in (None, [b"one 1", b"two 1"]):
            yield f"the entry is something else: {kept()[1]}"
        if write(1) or list(kept()) != [1]:
            yield "the next run does not keep its entry alone"
        if (place / "notes.md").read_text() != "not sealed":
            yield "a file that was not sealed is gone"

    return Trial(root, prepare, lambda: write(1), faults)


def trial_of_a_study(root: Path, name: str) -> Trial:
    """`media-analysis check` or `publish` of a study whose one article was changed, and then changed back."""
    from analysis.cli import main as program

    article, start = root / "articles" / "one.txt", root.with_name("start")
    texts = [
        "The talks began, Anna Lund said.\n",
        'The talks began, Anna Lund said.\n\n"We are ready," said Ola Brandt.\n',
    ]

    def published() -> dict[str, bytes]:
        program(["publish", str(root)])
        return {path.name: path.read_bytes() for path in (root / "annotations").iterdir()}

    article.parent.mkdir(parents=True)
    (root / "articles.csv").write_text("file,outlet\none.txt,Wire\n")
    clean = []
    for text in reversed(texts):
        article.write_text(text)
        clean.append(published())
    root.rename(start)

    def prepare() -> None:
        shutil.copytree(start, root)
        article.write_text(texts[1])

    def faults() -> Iterator[str]:
        for text, wanted in zip(reversed(texts), clean, strict=True):
            article.write_text(text)
            if published() != wanted:
                yield "the next run is not like a clean one"
                return

    return Trial(root, prepare, lambda: program([name, str(root)]), faults)


_COMMANDS = {
    "annotate": ("annotate", "articles", "--out", "out"),
    "partitions": ("annotate", "articles", "--out", "out", "--partition", "1"),
    "quotes": ("quotes", "articles", "--out", "quotes.json"),
    "new": ("new", "mine", "--articles", "articles"),
    "coding-sheet": ("coding-sheet", ".", "--csv", "--coders", "ben"),
    "agreement": ("agreement", "sheets/study-anna.csv", "--study", ".", "--save"),
}


def trial_of_a_command(root: Path, name: str) -> Trial:
    """A command that makes files of its own; run again after a fault, it leaves what a clean run leaves."""
    from analysis.cli import main as program

    start = root.with_name("start")

    def made() -> dict[str, bytes]:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            program(_COMMANDS[name])
        paths = (path for path in root.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in paths if "tables" not in path.parts}

    def prepare() -> None:
        shutil.copytree(start, root)
        os.chdir(root)

    (root / "articles").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "articles" / "one.txt").write_text('The talks began.\n\n"We are ready," said Ola Brandt.\n')
    (root / "articles.csv").write_text("file,outlet\none.txt,Wire\n")
    program(["coding-sheet", str(root), "--csv", "--coders", "anna"])
    sheet = root / "sheets" / "study-anna.csv"
    rows = list(csv.DictReader(StringIO(sheet.read_text("utf-8-sig"), newline="")))
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "tone": "neutral"} for row in rows)
    root.rename(start)
    prepare()
    clean = made()

    def faults() -> Iterator[str]:
        after = made()
        yield from (f"{path} is not as a clean run leaves it" for path in after.keys() ^ clean.keys())
        yield from (f"{path} differs" for path in after.keys() & clean.keys() if after[path] != clean[path])

    return Trial(root, prepare, lambda: program(_COMMANDS[name]), faults)


def main(what: str, folder: str, step: str, *first: str) -> None:
    """Each fault, given with the write that it comes at first, as in kill:1, and at each that is `step` writes later."""
    root = Path(folder).resolve() / "study"
    if what == "folders":
        trial = trial_of_folders(root)
    else:
        trial = (trial_of_a_command if what in _COMMANDS else trial_of_a_study)(root, what)
    for fault, _, start in (one.partition(":") for one in first):
        for number in count(int(start), int(step)):
            shutil.rmtree(root, ignore_errors=True)
            trial.prepare()
            code = run(trial.command, root, {"kill": kill, "fill": fill}[fault], number)
            if code == _NOT_REACHED:
                break
            found = [*trial.faults(), *(f"{path.name} is left over" for path in root.rglob(".*"))]
            print("at", fault, number, code, *found, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
