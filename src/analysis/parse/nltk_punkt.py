"""NLTK's Punkt, without the SciPy and scikit-learn that NLTK loads for parts that nobody here uses.

They would take seven times as long to load as all the rest, and as much memory. Who wants those parts as well
(`SklearnClassifier`, Fisher's test for collocations) imports `nltk` before `analysis`.
"""

from __future__ import annotations

import sys

_hidden = [name for name in ("scipy", "sklearn") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_hidden))  # type: ignore[arg-type]  # None stands for what is not installed
try:
    from nltk.tokenize import punkt
finally:
    for _name in _hidden:
        del sys.modules[_name]

__all__ = ["punkt"]
