"""The terminal prints what users wrote as they wrote it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.codebook import load_codebook
from analysis.coding.training import Training
from analysis.show.terminal import plain_console, print_agreement, print_article, print_training
from analysis.tables import ANNOTATIONS, ARTICLES

HOSTILE = "stance:tram:[red]x[/red]"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_names_with_signs_of_markup_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    columns = ["code", "n", "n_found", "f1", "rules"]
    scores = pd.DataFrame([(HOSTILE, 1, 1, 0.5, 0.5)], columns=columns)
    coded = pd.DataFrame({"article_id": ["a"]})
    study, coder = SimpleNamespace(name="study"), SimpleNamespace(left_out={HOSTILE: 1})
    print_training(Training(study, HOSTILE, None, coded, False, coder, scores), plain_console())  # type: ignore[arg-type]
    assert capsys.readouterr().out.count(HOSTILE) == 3

    counts = pd.DataFrame([[1.0]], index=[HOSTILE], columns=[HOSTILE])
    row = {"comparison": HOSTILE, "of": HOSTILE, "code": HOSTILE, "n_units": 1, "n_a": 1, "n_b": 1}
    numbers = {"alpha": 0.5, "low": 0.1, "high": 0.9, "ac1": 0.5, "verdict": "tentative"}
    print_agreement(pd.DataFrame([row | numbers]), {HOSTILE: counts}, {HOSTILE: (1, 0)}, plain_console())
    assert capsys.readouterr().out.count(HOSTILE) == 6


def test_an_article_is_printed_with_the_signs_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    tables = {table.name: table.make() for table in ANNOTATIONS}
    tables["articles"] = ARTICLES.make([{"article_id": "a", "outlet": HOSTILE, "title": HOSTILE, "text": ""}])
    source = {"source_id": "a:1", "article_id": "a", "name": HOSTILE, "expert": False}
    source |= {"role": HOSTILE, "side": HOSTILE}
    known = next(table for table in ANNOTATIONS if table.name == "sources")
    tables["sources"] = known.make([source])
    print_article("a", tables, load_codebook(), plain_console())
    assert capsys.readouterr().out.count(HOSTILE) == 5
