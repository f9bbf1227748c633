"""NLTK's Punkt, without all else that NLTK loads: its parsers, corpora and classifiers, SciPy and scikit-learn.

They would take more than ten times as long to load, and most of the memory. What is loaded for Punkt is not in `sys.modules`
afterwards, so that `import nltk` gives all of NLTK to those who want it, before `analysis` or after.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

_PACKAGES = ("nltk", "nltk.tokenize")  # that lie around Punkt


def _load_alone() -> ModuleType:
    """The module `nltk.tokenize.punkt`, of whose packages nothing is run."""
    found = find_spec("nltk")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'nltk'", name="nltk")
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [str(Path(found.origin).parent.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
    try:
        return import_module("nltk.tokenize.punkt")
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "nltk"]:
            del sys.modules[name]


if TYPE_CHECKING:
    from nltk.tokenize import punkt
else:
    punkt = import_module("nltk.tokenize.punkt") if "nltk" in sys.modules else _load_alone()

__all__ = ["punkt"]
