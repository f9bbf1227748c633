"""The formats: each module in `formats/` is one, found by its name and asked whether a file is its own.

A format has `NAME`, as the account shows it; `RANK`, by which formats are asked, lowest first; `recognises(source)`,
which looks at the content, never at the name alone; and `read(source)`, which gives a `Reading` or raises
UnreadableArticleError.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from analysis.read import formats
from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.source import BINARY, MAX_DEPTH, Source


class Format(Protocol):
    """A module in `formats/`."""

    NAME: str
    RANK: int

    def recognises(self, source: Source) -> bool: ...

    def read(self, source: Source) -> Reading: ...


@cache
def known_formats() -> tuple[Format, ...]:
    """All formats, in the order in which they are asked."""
    names = [module.name for module in pkgutil.iter_modules(formats.__path__)]
    modules = [cast("Format", import_module(f"{formats.__name__}.{name}")) for name in names]
    return tuple(sorted(modules, key=lambda module: (module.RANK, module.NAME)))


def read_source(source: Source) -> Reading:
    """What the first format gives that recognises the file. Raises UnreadableArticleError."""
    if source.depth > MAX_DEPTH:
        raise UnreadableArticleError(
            f"lies in more than {MAX_DEPTH} archives, one in another; unpack them first"
        )
    for one in known_formats():
        if one.recognises(source):
            try:
                return one.read(source)
            except UnreadableArticleError:
                raise
            except Exception as error:  # noqa: BLE001 - a broken file breaks its library in any way
                what = type(error).__name__
                raise UnreadableArticleError(
                    f"is broken ({one.NAME}: {what}); save or download it again, or give its text"
                ) from None
    raise UnreadableArticleError(BINARY)
