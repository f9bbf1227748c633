"""Coders tried on what a codebook says of its own codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.codebook import Code, Codebook, load_codebook
from analysis.coding.behaviour import (
    COUNTER_EXAMPLE,
    DEFINITION,
    EXAMPLE,
    RENAMED,
    REVERSED,
    Decision,
    compare_changed,
    examine,
    model,
    probes_of,
    rename,
    rules,
)
from analysis.coding.model.answers import Answer, Given
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import FRAMES, Request
from analysis.language import load_language

DATA = Path(__file__).parent.parent / "data"
BOOKS = [
    *(Path(name) for name in ("general", "peace-talks", "policy-frames", "war-peace")),
    *(DATA / study / "codebook" for study in ("sample", "us-russia-talks")),
]
RULES = rules(load_language())


@pytest.mark.parametrize("folder", BOOKS, ids=lambda f: f.parent.name if f.name == "codebook" else f.name)
def test_the_rules_find_every_shipped_example_and_no_counter_example(folder: Path) -> None:
    tried = examine(load_codebook(folder), RULES)
    wrong = tried[~tried["right"] & tried["kind"].ne(DEFINITION)]
    assert wrong["text"].tolist() == []
    assert {EXAMPLE, COUNTER_EXAMPLE} < set(tried["kind"])


@pytest.mark.parametrize("folder", BOOKS[:2] + BOOKS[-1:], ids=lambda f: f.parent.name)
def test_neither_order_nor_names_of_codes_change_what_the_rules_give(folder: Path) -> None:
    changes = compare_changed(load_codebook(folder), RULES)
    assert changes["change"].tolist() == [REVERSED, RENAMED]
    assert changes["changed"].tolist() == [0, 0]
    assert (changes["total"] > 10).all()


def two_frames() -> Codebook:
    frames = {
        name: Code(name, name, f"Is about {name}.", example=f"They spoke of {name}.", indicators=(name,))
        for name in ("rivers", "bridges")
    }
    return replace(load_codebook(), frames=frames, targets={})


def test_a_coder_that_goes_by_the_order_of_codes_or_their_names_is_found_out() -> None:
    def first(codebook: Codebook, texts: Sequence[str]) -> list[frozenset[Decision]]:
        return [frozenset({(next(iter(codebook.frames)), "")}) for _ in texts]

    def by_name(codebook: Codebook, texts: Sequence[str]) -> list[frozenset[Decision]]:
        return [frozenset((code, "") for code in codebook.frames if code in text) for text in texts]

    book = two_frames()
    assert compare_changed(book, first).set_index("change")["changed"].to_dict() == {REVERSED: 8, RENAMED: 0}
    assert compare_changed(book, by_name).set_index("change")["changed"].to_dict() == {
        REVERSED: 0,
        RENAMED: 4,
    }
    assert not examine(book, first)["right"].all()


def test_a_definition_an_example_and_a_counter_example_are_probes_of_their_code() -> None:
    kinds = [(probe.code, probe.kind) for probe in probes_of(two_frames())]
    assert kinds == [(c, k) for c in ("rivers", "bridges") for k in (DEFINITION, EXAMPLE)]


def test_names_that_are_swapped_mean_nothing_and_lead_back() -> None:
    book = load_codebook(DATA / "us-russia-talks" / "codebook")
    renamed, names = rename(book)
    assert [names[code] for code in renamed.frames] == list(book.frames)
    assert {code.name for code in renamed.frames.values()}.isdisjoint(c.name for c in book.frames.values())
    implied = renamed.targets[next(new for new, old in names.items() if old == "russian_sincerity")].implies
    assert [names[code] for code in implied] == ["negotiations"]


def test_a_model_is_asked_for_each_probe_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "answers.jsonl")
    asked: list[Request] = []

    def send(requests: Sequence[Request]) -> None:
        for request in requests:
            asked.append(request)
            given = {
                (unit.unit_id, question): [Given("yes", None, None, "")] if question.code in unit.text else []
                for unit in request.units
                for question in request.questions
                if question.variable == FRAMES
            }
            ledger.keep(request, Answer(given, {}), "tiny")

    book = two_frames()
    coder = model("tiny", ledger, send)
    assert examine(book, coder)["right"].all()
    before = len(asked)
    assert examine(book, coder)["right"].all()
    assert len(asked) == before == 1


def test_a_model_that_goes_by_the_order_of_codes_is_asked_under_each_order(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "answers.jsonl")

    def send(requests: Sequence[Request]) -> None:
        for request in requests:
            given = {
                (unit.unit_id, question): [Given("yes", None, None, "")] if n == 0 else []
                for unit in request.units
                for n, question in enumerate(request.questions)
            }
            ledger.keep(request, Answer(given, {}), "tiny")

    changes = compare_changed(two_frames(), model("tiny", ledger, send)).set_index("change")
    assert changes["changed"].to_dict() == {REVERSED: 8, RENAMED: 0}


def test_check_says_which_example_the_rules_do_not_find(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "Bridges\n\nThe bridge over the river was closed on Monday.\n"
    )
    (tmp_path / "articles.csv").write_text("file,outlet,published\na.txt,The Post,2031-03-03\n")
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "frames.yml").write_text(
        "frames:\n  rivers: {definition: Is about rivers., example: The water rose., "
        "counter_example: The river is no river here., indicators: [river]}\n"
    )
    main(["check", str(tmp_path)])
    out = capsys.readouterr().out
    assert "'rivers': its example is not matched" in out
    assert "rules: gives its code to " in out and "decisions that change: 0 of" in out


def test_check_asks_a_model_only_where_it_is_told_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sample", "--coder", "tiny"]) != 0
    assert "--at URL" in capsys.readouterr().err
