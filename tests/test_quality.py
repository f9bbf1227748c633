"""Measured quality never falls below its floor. Floors stand in quality_floors.json and only rise.

The measures are those of the project's benchmarks (`score.py`), which are other people's texts and lie beside the
repository; where they are absent these tests skip. `python tests/test_quality.py` prints all figures.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.studies import annotate_folder, write_tables

FLOORS = json.loads((Path(__file__).parent / "quality_floors.json").read_text())
ROOT = Path(__file__).parent.parent


def score(
    shared: Path, kind: str, articles: Path, gold: Path, codebook: Path | None, out: Path
) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("score", shared / "benchmarks" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    write_tables(annotate_folder(articles, codebook), out)
    return flat(getattr(module, f"score_{kind}")(str(out), str(gold)))


def flat(figures: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Nested figures under dotted names."""
    found = {}
    for name, value in figures.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def talks(shared: Path, out: Path) -> dict[str, Any]:
    study = ROOT / "data" / "us-russia-talks"
    return score(
        shared, "talks", shared / "us-russia-talks" / "articles", study / "coding", study / "codebook", out
    )


def polnear(shared: Path, out: Path) -> dict[str, Any]:
    dev = shared / "benchmarks" / "polnear" / "dev"
    if not dev.is_dir():
        pytest.skip(f"needs PolNeAR's development part in {dev}")
    return score(shared, "quotes", dev, dev, None, out)


def below(figures: dict[str, Any], floors: dict[str, float]) -> dict[str, str]:
    return {name: f"{figures[name]} < {floor}" for name, floor in floors.items() if figures[name] < floor}


def test_the_five_articles_are_annotated_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    figures = talks(shared, tmp_path)
    assert figures["lines_right"] == "129/129"
    assert below(figures, FLOORS["talks"]) == {}


@pytest.mark.slow
def test_quotes_of_real_news_are_found_as_well_as_ever(shared: Path, tmp_path: Path) -> None:
    figures = polnear(shared, tmp_path)
    assert figures["articles_with_changed_or_missing_text"] == 0
    assert below(figures, FLOORS["polnear_dev"]) == {}


if __name__ == "__main__":
    import tempfile

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared").resolve()
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        print(
            json.dumps({"talks": talks(folder, Path(a)), "polnear_dev": polnear(folder, Path(b))}, indent=1)
        )
