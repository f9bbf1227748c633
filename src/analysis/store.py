"""Folders of what was made, each old or new but always whole: written beside, then renamed into place.

A sealed folder has a manifest with a digest of each of its files. Its files are read only where all digests are
right, so that what a killed run, a full disk or another hand left behind is never taken for whole. Left-overs of a
killed run are removed by the next.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any
from weakref import finalize

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

MANIFEST = "manifest.json"
_PART, _ASIDE = (
    "part",
    "aside",
)  # a folder not (or no longer) in its place; an old one, until the new one is in place
_ENTRY = re.compile("[0-9a-f]{64}")
_HIDDEN = re.compile(rf"\.(?P<name>.+)\.(?P<kind>{_PART}|{_ASIDE})-[0-9a-f]{{8}}")


class NotWholeError(ValueError):
    """A folder does not hold what its manifest says; `faults` has a message for each file."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))


@contextmanager
def replaced(place: Path) -> Iterator[Path]:
    """An empty folder beside `place` to write into; when the block ends, it takes the place of what is there.

    After an error `place` is as it was; after a kill, too, once `sweep` has been there. Of two runs at once the later
    one wins. Raises OSError.
    """
    with _part(place) as new:
        yield new
        with _lock(place.parent):
            _swap(new, place)


@contextmanager
def filled(place: Path) -> Iterator[Path]:
    """An empty folder to write into; when the block ends, its files replace those of their names in `place`.

    Each file is old or new and whole, not all of them together: for folders that are the user's, and single files.
    """
    with _part(place / "files") as new:
        yield new
        for path in sorted(new.iterdir()):
            path.replace(place / path.name)


@contextmanager
def _part(place: Path) -> Iterator[Path]:
    """An empty hidden folder beside `place`, which no other run sweeps; removed if it is still there at the end."""
    place.parent.mkdir(parents=True, exist_ok=True)
    sweep(place.parent)
    part = _beside(place, _PART)
    with ExitStack() as stack:
        with _lock(place.parent):  # no other run sweeps before the new folder has its own lock
            part.mkdir()
            stack.callback(shutil.rmtree, part, ignore_errors=True)
            stack.enter_context(_lock(part))
        yield part


@contextmanager
def updated(place: Path) -> Iterator[Path]:
    """As `replaced`; the new folder holds a copy of what is there, of which the block may replace files.

    From the copy until it is in its place the folder around it is `locked`: what another run writes under that lock
    meanwhile comes before or after, and is not lost.
    """
    with _part(place) as new, _lock(place.parent):
        if place.exists():
            shutil.copytree(place, new, dirs_exist_ok=True)
        yield new
        _swap(new, place)


@contextmanager
def sealed(place: Path, made_from: Any = None) -> Iterator[Path]:
    """As `replaced`; the folder gets a manifest, with `made_from` in it, which JSON can hold.

    What lies in the old folder and is not in its manifest, such as notes of the user's, comes along.
    """
    with replaced(place) as new:
        yield new
        digests = {path.name: _digest(path.read_bytes()) for path in sorted(new.iterdir())}
        manifest = {"made_from": made_from, "files": digests} if made_from is not None else {"files": digests}
        text = json.dumps(manifest, indent=1) + "\n"
        (new / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        for path in _unsealed(place):
            if not (new / path.name).exists():
                (shutil.copytree if path.is_dir() else shutil.copy2)(path, new / path.name)
        _sync(new)


def load_sealed(place: Path) -> dict[str, bytes]:
    """The files of a sealed folder by their names. Raises NotWholeError where one of them is gone or was changed."""
    sweep(place.parent)
    _, digests = _manifest(place)
    files, faults = {}, []
    for name, digest in digests.items():
        try:
            files[name] = _load(place / name, digest)
        except NotWholeError as error:
            faults += error.faults
    if faults:
        raise NotWholeError(faults)
    return files


def _load(path: Path, digest: str) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotWholeError([f"{path}: is missing"]) from None
    if _digest(data) != digest:
        raise NotWholeError([f"{path}: was cut or changed since it was written"])
    return data


class Entry:
    """A sealed folder named by the digest of what it was made from, which nothing changes.

    As long as this object lives, no run removes the folder. Raises NotWholeError or OSError where it is not whole.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._descriptor = None if fcntl is None else os.open(place, os.O_RDONLY)
        if self._descriptor is not None:
            close = finalize(self, os.close, self._descriptor)
            with suppress(OSError):  # some network file systems lock no folders
                fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        try:
            self.made_from, self._digests = _whole(place)
        except BaseException:
            if self._descriptor is not None:
                close()
            raise

    def load(self, name: str) -> bytes:
        """One of its files. Raises NotWholeError where it is not as it was written, OSError where it cannot be read."""
        return _load(self.place / name, self._digests[name])

    def remove(self) -> None:
        """Remove the folder, if nobody else reads it."""
        with suppress(OSError):
            if self._descriptor is None or _flock(self._descriptor, wait=False):
                _take_away(self.place)


@contextmanager
def entry(root: Path, made_from: Any) -> Iterator[Path]:
    """As `sealed`, for an `Entry` in `root`: what it was made from, which JSON can hold, gives it its name."""
    with sealed(root / _digest_of(made_from), made_from) as new:
        yield new


def entry_place(root: Path, made_from: Any) -> Path:
    """Where the entry is that was made from this."""
    return root / _digest_of(made_from)


def load_entries(root: Path) -> list[Entry]:
    """The entries in `root` that are whole, in the order of their names; those that are not are removed."""
    if not root.is_dir():
        return []
    sweep(root)
    found = []
    for place in sorted(path for path in root.iterdir() if _ENTRY.fullmatch(path.name)):
        try:
            found.append(Entry(place))
        except NotWholeError:
            remove(place)
        except FileNotFoundError:  # another run has just removed it
            continue
    return found


def remove(folder: Path) -> None:
    """Remove a folder, if it is there and nobody reads it, so that a kill does not leave half of it in its place."""
    with suppress(OSError), _lock(folder, wait=False) as free:
        if free:
            _take_away(folder)


def _take_away(folder: Path) -> None:
    part = _beside(folder, _PART)
    folder.rename(part)
    shutil.rmtree(part)


def sweep(parent: Path) -> None:
    """Remove what killed runs left in the folder, and put back what they had taken out of its place.

    What another run is writing stays. Where the folder cannot be written, nothing is done.
    """
    if not any(_hidden(parent)):
        return
    with suppress(OSError), _lock(parent):
        for path, kind, name in _hidden(parent):
            if kind == _ASIDE and not (parent / name).exists():
                path.rename(parent / name)
        for path, _, _ in _hidden(parent):
            with _lock(path, wait=False) as free:
                if free:
                    shutil.rmtree(path, ignore_errors=True)


def _hidden(parent: Path) -> Iterator[tuple[Path, str, str]]:
    """The folders of this module's making that are not in their place: path, kind and name of the place."""
    for path in sorted(parent.glob(".*")):
        if found := _HIDDEN.fullmatch(path.name):
            yield path, found["kind"], found["name"]


def _beside(place: Path, kind: str) -> Path:
    return place.with_name(f".{place.name}.{kind}-{token_hex(4)}")


def _swap(new: Path, place: Path) -> None:
    """Put the folder `new` in its `place`, whose parent is locked; what was there comes back if that fails."""
    aside = _beside(place, _ASIDE)
    if place.exists():
        place.rename(aside)
    try:
        new.rename(place)
    except BaseException:
        with suppress(FileNotFoundError):
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let no other run that asks for the same lock read and write again what is in `folder` meanwhile.

    Within, folders inside it can be `filled`, but none of them `replaced`.
    """
    with _lock(folder):
        yield


@contextmanager
def _lock(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the folder's lock, which ends with the process however that ends; whether it is held comes back.

    Where there are no such locks, `wait` goes on without: then only left-overs stay, which nobody can distinguish from what
    another run is writing.
    """
    descriptor = None if fcntl is None else os.open(folder, os.O_RDONLY)
    try:
        yield wait if descriptor is None else _flock(descriptor, wait)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _flock(descriptor: int, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # some network file systems lock no folders
        return wait
    return True


def _whole(place: Path) -> tuple[Any, dict[str, str]]:
    """What `_manifest` gives of an entry, all of whose files are as they were written."""
    made_from, digests = _manifest(place)
    if place.name != _digest_of(made_from):
        raise NotWholeError([f"{place / MANIFEST}: was made from something else"])
    for name, digest in digests.items():
        _load(place / name, digest)
    return made_from, digests


def _manifest(place: Path) -> tuple[Any, dict[str, str]]:
    """What a manifest says the folder was made from, and the digests of its files by their names."""
    path = place / MANIFEST
    if not path.is_file():
        raise NotWholeError([f"{path}: is missing"])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        made_from, digests = manifest.get("made_from"), dict(manifest["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotWholeError([f"{path}: is no manifest"]) from None
    if outside := [name for name in digests if Path(name).name != name]:
        raise NotWholeError([f"{path}: names {', '.join(outside)}, which is no file of this folder"])
    return made_from, digests


def _unsealed(place: Path) -> list[Path]:
    """What lies in a folder and is not in its manifest."""
    try:
        names = {MANIFEST, *_manifest(place)[1]}
    except NotWholeError:
        names = {MANIFEST}
    return [path for path in sorted(place.glob("*")) if path.name not in names]


def _sync(folder: Path) -> None:
    """Have the disk write the folder's files before a rename counts on them."""
    for path in (*folder.iterdir(), folder):
        with suppress(PermissionError):  # Windows syncs only what is open for writing
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _digest_of(made_from: Any) -> str:
    return _digest(json.dumps(made_from, sort_keys=True).encode())


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
