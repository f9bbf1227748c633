"""Punkt is loaded without the rest of NLTK and what that loads."""

from __future__ import annotations

import subprocess
import sys


def told(code: str) -> list[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_the_annotators_load_neither_all_of_nltk_nor_scipy_nor_scikit_learn() -> None:
    loaded = told(
        "import analysis.pipeline, analysis.parse.sentences, analysis.language, sys; analysis.language.load_language().stop_words(); print(*(n in sys.modules for n in ('nltk', 'scipy', 'sklearn')))"
    )
    assert loaded == ["False", "False", "False"]


def test_all_can_be_loaded_afterwards() -> None:
    code = "import analysis.parse.nltk_punkt, nltk, scipy.stats; print(scipy.stats.norm.cdf(0), *nltk.wordpunct_tokenize('a b'))"
    assert told(code) == ["0.5", "a", "b"]


def test_who_loads_nltk_first_keeps_all_of_it() -> None:
    code = "import sys, nltk, analysis.parse.nltk_punkt; print(sys.modules['nltk.metrics.association'].fisher_exact.__module__)"
    assert told(code)[0].startswith("scipy.stats")
