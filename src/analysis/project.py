"""A project: a folder with studies in `data/` and notebooks in `notebooks/`; begun with those that come along."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from analysis import store
from analysis.study import data_folder

# In a repository, what was made from the rest; in a package there is none of it.
_MADE = {
    "notebooks": shutil.ignore_patterns("study.yml", ".*"),
    "data/sample": shutil.ignore_patterns("tables", "runs", "models", "sheets", ".*"),
}


def begin_project(*, with_sample: bool) -> list[Path]:
    """Put the notebooks, and the sample study if asked for, where none are; the folders that were made come back.

    What is there stays as it is: notebooks are the reader's own. Raises OSError.
    """
    data = data_folder()
    wanted = {"notebooks": data.parent / "notebooks"}
    if with_sample and not data.is_dir():
        wanted["data/sample"] = data / "sample"
    made = []
    for name, place in wanted.items():
        if not place.is_dir():
            with store.replaced(place) as new:
                shutil.copytree(_shipped() / name, new, ignore=_MADE[name], dirs_exist_ok=True)
            made.append(place)
    return made


def _shipped() -> Path:
    """What comes along: in the package where it was built, in the repository where it is worked on."""
    package = Path(str(files("analysis")))
    return package / "shipped" if (package / "shipped").is_dir() else package.parents[1]
