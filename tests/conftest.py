"""Where things are, for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Elsewhere new examples are tried at every run; where a build hangs on it, always the same ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "default")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the five articles and the public benchmarks, which are not part of the repository."""
    folder = (ROOT / os.environ.get("MEDIA_ANALYSIS_SHARED", "../shared")).resolve()
    if not (folder / "us-russia-talks" / "articles").is_dir():
        pytest.skip(f"needs the five articles, which are other people's work; none in {folder}")
    return folder
