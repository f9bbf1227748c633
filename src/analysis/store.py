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

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

MANIFEST = "manifest.json"
_PART, _ASIDE = (
    "part",
    "aside",
)  # a folder not (or no longer) in its place; an old one, until the new one is in place
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
    """As `replaced`; the new folder holds a copy of what is there, of which the block may replace files."""
    with replaced(place) as new:
        if place.exists():
            shutil.copytree(place, new, dirs_exist_ok=True)
        yield new


@contextmanager
def sealed(place: Path, made_from: str = "") -> Iterator[Path]:
    """As `replaced`; the folder gets a manifest, with `made_from` in it.

    What lies in the old folder and is not in its manifest, such as notes of the user's, comes along.
    """
    with replaced(place) as new:
        yield new
        digests = {path.name: _digest(path.read_bytes()) for path in sorted(new.iterdir())}
        manifest = {"made_from": made_from, "files": digests} if made_from else {"files": digests}
        text = json.dumps(manifest, indent=1) + "\n"
        (new / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        for path in _unsealed(place):
            if not (new / path.name).exists():
                (shutil.copytree if path.is_dir() else shutil.copy2)(path, new / path.name)
        _sync(new)


def load_sealed(place: Path, made_from: str | None = None) -> dict[str, bytes]:
    """The files of a sealed folder by their names. Raises NotWholeError where one of them is gone or was changed.

    Where `made_from` is given, a folder made from something else is an error, too.
    """
    sweep(place.parent)
    said, digests = _manifest(place)
    if made_from not in (None, said):
        raise NotWholeError([f"{place / MANIFEST}: was made from something else"])
    files, faults = {}, []
    for name, digest in digests.items():
        path = place / name
        if path.is_file():
            files[name] = path.read_bytes()
            if _digest(files[name]) != digest:
                faults.append(f"{path}: was cut or changed since it was written")
        else:
            faults.append(f"{path}: is missing")
    if faults:
        raise NotWholeError(faults)
    return files


@contextmanager
def entry(root: Path, key: str) -> Iterator[Path]:
    """As `sealed`, at `root/key`; `key` is a digest of all that the files are made from. Other entries are removed."""
    with sealed(root / key, made_from=key) as new:
        yield new
    for old in root.iterdir():
        if old.name != key and re.fullmatch("[0-9a-f]{64}", old.name):
            remove(old)


def load_entry(root: Path, key: str) -> dict[str, bytes] | None:
    """The files kept at `root/key`; None where there are none, or not all of them as they were written."""
    try:
        return load_sealed(root / key, made_from=key)
    except (NotWholeError, OSError):
        return None


def remove(folder: Path) -> None:
    """Remove a folder, if it is there, so that a kill does not leave half of it in its place."""
    part = _beside(folder, _PART)
    with suppress(OSError):
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
    """Put the folder `new` in its `place`; what was there comes back if that fails."""
    aside = _beside(place, _ASIDE)
    with _lock(place.parent):
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


def _manifest(place: Path) -> tuple[str, dict[str, str]]:
    """What a manifest says the folder was made from, and the digests of its files by their names."""
    path = place / MANIFEST
    if not path.is_file():
        raise NotWholeError([f"{path}: is missing"])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        made_from, digests = manifest.get("made_from", ""), dict(manifest["files"])
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


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
