"""Folders that may be anywhere: on this machine, or on any file system that fsspec knows, such as s3://bucket/corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from analysis import store
from analysis.outside import load_bytes
from analysis.study import StudyError

MAX_FILE = 2_000_000_000  # bytes


def folder_at(place: str | Path) -> Folder:
    """The folder at a path, from wherever it is looked at, or at a URL."""
    return Folder(str(place) if "://" in str(place) else str(Path(place).expanduser().absolute()))


@dataclass(frozen=True)
class Folder:
    """A folder by its path or URL. Names of files in it are relative, with `/` between folders. All raise OSError."""

    url: str

    @property
    def is_local(self) -> bool:
        return "://" not in self.url

    @property
    def file_system(self) -> Any:
        """The fsspec file system behind a URL; None of a folder on this machine."""
        return None if self.is_local else self._system()[0]

    def path(self, name: str = "") -> str:
        """A file's path or URL."""
        return f"{self.url.rstrip('/')}/{name}" if name else self.url

    def load(self, name: str) -> bytes:
        """A file's bytes."""
        if self.is_local:
            return load_bytes(Path(self.path(name)), MAX_FILE)
        system, root = self._system()
        return bytes(system.cat_file(f"{root}/{name}"))

    def open(self, name: str) -> BinaryIO:
        """A file, opened to read some of it."""
        if self.is_local:
            return Path(self.path(name)).open("rb")
        system, root = self._system()
        return cast(BinaryIO, system.open(f"{root}/{name}", "rb"))

    def write(self, name: str, data: bytes) -> None:
        """Write a file, old or new but whole: on this machine by a rename, elsewhere as one object."""
        if self.is_local:
            path = Path(self.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            with store.filled(path.parent) as new:
                (new / path.name).write_bytes(data)
            return
        system, root = self._system()
        system.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
        system.pipe_file(f"{root}/{name}", data)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        if self.is_local:
            Path(self.path(name)).unlink(missing_ok=True)
            return
        system, root = self._system()
        if system.exists(f"{root}/{name}"):
            system.rm_file(f"{root}/{name}")

    def sweep(self) -> None:
        """Remove what killed runs left beside its files; of one on this machine, where alone they leave anything."""
        if self.is_local:
            for folder in {Path(self.path(name)).parent for name in self.names()}:
                store.sweep(folder)

    def names(self, ending: str = "") -> list[str]:
        """The files in it and in the folders below it, in the order of their names; what is hidden is not there."""
        if self.is_local:
            root = Path(self.url)
            found = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
        else:
            system, place = self._system()
            paths = system.find(place) if system.isdir(place) else []
            found = [path[len(place) :].lstrip("/") for path in paths]
        return sorted(n for n in found if n.endswith(ending) and not n.startswith(".") and "/." not in n)

    def _system(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            message = (
                f"{self.url}: an address needs fsspec; install it with: pip install 'media-analysis[scale]'"
            )
            raise StudyError([message]) from None
        try:
            system, root = url_to_fs(self.url)
        except (ImportError, ValueError) as error:  # no such protocol, or its package is not here
            raise StudyError([f"{self.url}: {error}"]) from None
        return system, root.rstrip("/")
