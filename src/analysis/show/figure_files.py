"""The files of a figure, and which figures a notebook has drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENDINGS = ("svg", "png", "csv", "txt")  # the picture twice, its numbers, its words
FOR_PAGES = ("dark", "narrow", "narrow-dark")  # further versions of the SVG, for other people's pages
DRAWN = (
    "media-analysis-figure"  # in the metadata of a notebook's output: the name of the figure that it shows
)


def figure_files(folder: Path, name: str) -> list[Path]:
    """The files of one figure, and those of its versions for pages that are there."""
    versions = [folder / f"{name}-{version}.svg" for version in FOR_PAGES]
    return [
        *(folder / f"{name}.{ending}" for ending in ENDINGS),
        *(file for file in versions if file.exists()),
    ]


def find_figures(notebook: NotebookNode) -> Iterator[str]:
    """The names of the figures that a notebook's outputs show."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if name := output.get("metadata", {}).get(DRAWN):
                yield name
