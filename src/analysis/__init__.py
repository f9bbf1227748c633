"""How do news outlets frame one story, in what tone, with what stance, and whom do they quote?

import analysis
study = analysis.open_study("data/sample")
study.quotes
"""

from importlib import import_module
from typing import Any

# Where each public name lives. Looked up when first used, so that `media-analysis --help` need not load NLTK.
_HOMES = {
    "open_study": "analysis.studies",
    "open_partitions": "analysis.partitions",
    "code": "analysis.show.coding_desk",
    "explore": "analysis.try_codebook",
    "try_frame": "analysis.try_codebook",
    "try_stance": "analysis.try_codebook",
    "try_tone": "analysis.try_codebook",
    "annotate": "analysis.pipeline",
    "load_codebook": "analysis.codebook",
    "find_quotes": "analysis.annotate.quotes",
    "toward": "analysis.annotate.attitude",
}
__all__ = [
    *("annotate", "code", "explore", "find_quotes", "load_codebook", "open_partitions", "open_study"),
    *("toward", "try_frame", "try_stance", "try_tone"),
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
