"""Coding in the lab: each answer is kept at once and none twice, undone or resumed, and draws stay random samples."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis import open_study, store
from analysis.coding import session as module
from analysis.coding.draws import draws_of
from analysis.coding.files import load_coding
from analysis.coding.samples import human_sample
from analysis.coding.sampling import draw_for_coders
from analysis.coding.session import Answer, Session
from analysis.coding.sheet_reader import load_sheets
from analysis.coding.sheet_writer import write_sheets
from analysis.coding.unsure import draw_uncertain, uncertainty
from analysis.show.coding_desk import _Sitting, choose_keys, groups_of
from analysis.study import Study, StudyError
from test_coding_commands import code_all

NEGATIVE = Answer("negative", ("conflict",), {"negotiations": ("favourable", "unfavourable")})
NEUTRAL = Answer("neutral")


@pytest.fixture(scope="module")
def drawn(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study in a folder of its own, annotated, with eight sentences drawn."""
    folder = tmp_path_factory.mktemp("drawn") / "data" / "sample"
    shutil.copytree(root / "data" / "sample", folder, ignore=shutil.ignore_patterns("sheets"))
    draw_for_coders(open_study(folder), ["anna"], 8)
    return folder


@pytest.fixture
def study(drawn: Path, tmp_path: Path) -> Study:
    """A copy of it for one test."""
    folder = tmp_path / "data" / "sample"
    shutil.copytree(drawn, folder)
    return open_study(folder)


def nothing(_: Study) -> int:
    return 0


def kept(study: Study, coder: str = "anna") -> pd.DataFrame:
    return load_coding(study.folder)[f"{coder}_sentences"]


def test_each_answer_is_kept_at_once_and_the_next_sitting_goes_on_there(study: Study) -> None:
    sitting = Session(study, "anna", nothing)
    first = sitting.question
    assert first is not None and (first.number, first.total) == (1, 8)
    sitting.answer(NEGATIVE)
    assert kept(study)[["frames", "sentiment"]].to_numpy().tolist() == [["conflict", "negative"]]
    stances = load_coding(study.folder)["anna_stances"]
    assert stances[["target", "stance"]].to_numpy().tolist() == [
        *(["negotiations", "favourable"], ["negotiations", "unfavourable"])
    ]
    second = sitting.question
    assert second is not None and second.number == 2 and second.sentence != first.sentence
    resumed = Session(open_study(study.folder), "anna", nothing).question
    assert resumed is not None and (resumed.sentence, resumed.total) == (second.sentence, 7)


def test_a_sentence_comes_with_what_stands_around_it_and_nobody_is_named(study: Study) -> None:
    texts = {" ".join(text.split()) for text in study.articles["text"]}
    sitting = Session(study, "anna", nothing)
    seen = []
    while (question := sitting.question) is not None:
        around = f"{question.before} {question.sentence} {question.after}".strip()
        assert any(question.sentence in text for text in texts)
        assert all(
            question.before.split(". ")[-1] in text or not question.before for text in texts if around in text
        )
        seen.append(question.sentence)
        sitting.answer(NEUTRAL)
    assert len(seen) == len(set(seen)) == 8


def test_all_coders_have_the_same_order(study: Study) -> None:
    def order(coder: str) -> list[str]:
        sitting, found = Session(study, coder, nothing), []
        while (question := sitting.question) is not None:
            found.append(question.sentence)
            sitting.answer(NEUTRAL)
        return found

    assert order("anna") == order("ben")
    assert {"anna_sentences", "ben_sentences"} <= set(load_coding(study.folder))


def test_an_answer_is_taken_back_with_what_was_given(study: Study) -> None:
    sitting = Session(study, "anna", nothing)
    first = sitting.question
    sitting.answer(NEGATIVE)
    sitting.answer(NEUTRAL)
    assert sitting.undo() and sitting.undo() and not sitting.undo()
    again = sitting.question
    assert first is not None and again is not None and again.sentence == first.sentence
    assert again.given == NEGATIVE
    assert kept(study).empty and load_coding(study.folder)["anna_stances"].empty
    sitting.answer(NEUTRAL)
    assert kept(study)["sentiment"].tolist() == ["neutral"]
    assert load_coding(study.folder)["anna_stances"].empty


def test_what_is_left_for_later_comes_last(study: Study) -> None:
    sitting = Session(study, "anna", nothing)
    first = sitting.question
    sitting.skip()
    for _ in range(7):
        sitting.answer(NEUTRAL)
    last = sitting.question
    assert first is not None and last is not None and last.sentence == first.sentence


def test_codes_that_the_codebook_does_not_have_are_refused_and_nothing_is_written(study: Study) -> None:
    sitting = Session(study, "anna", nothing)
    with pytest.raises(StudyError, match=r"tone ''.*\n.*no such code.*\n.*no such position"):
        sitting.answer(Answer("", ("weather",), {"negotiations": ("sceptical",)}))
    assert "anna_sentences" not in load_coding(study.folder)


@pytest.mark.parametrize("name", ["machine", "model-x", "a b", "../a", ""])
def test_a_name_that_is_none_for_a_person_is_refused(study: Study, name: str) -> None:
    with pytest.raises(StudyError):
        Session(study, name, nothing)


@pytest.mark.parametrize("stop_at", [1, 2])
def test_an_answer_that_a_stop_cuts_in_two_does_not_count(
    study: Study, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    sitting = Session(study, "anna", nothing)
    sitting.answer(NEUTRAL)
    writes = 0
    whole = store.filled

    @contextmanager
    def stopped(place: Path) -> Iterator[Path]:
        nonlocal writes
        writes += 1
        if writes == stop_at:
            raise KeyboardInterrupt
        with whole(place) as new:
            yield new

    monkeypatch.setattr(module.store, "filled", stopped)
    with pytest.raises(KeyboardInterrupt):
        sitting.answer(NEGATIVE)
    monkeypatch.setattr(module.store, "filled", whole)
    resumed = Session(open_study(study.folder), "anna", nothing)
    assert len(kept(study)) == 1
    assert human_sample(resumed.study, "stance on negotiations").human.empty
    for _ in range(7):
        resumed.answer(NEUTRAL)
    assert len(kept(study)) == 8 and load_coding(study.folder)["anna_stances"].empty


def test_two_coders_at_once_lose_nothing(study: Study) -> None:
    anna, ben = Session(study, "anna", nothing), Session(study, "ben", nothing)
    for _ in range(4):
        anna.answer(NEGATIVE)
        ben.answer(NEUTRAL)
    assert len(kept(study, "anna")) == len(kept(study, "ben")) == 4


def test_what_is_coded_here_is_what_sheets_would_have_given(study: Study, tmp_path: Path) -> None:
    sample, _ = draw_for_coders(study, ["anna"], 8)
    sheet = write_sheets(study, sample, ["ben"], tmp_path / "out", kinds=["csv"])[0]
    code_all(sheet, "negative", **{"frame: conflict": "yes", "stance: negotiations": "favourable"})
    by_sheet = load_sheets([sheet], study)["ben"]
    sitting = Session(study, "anna", nothing)
    while sitting.question is not None:
        sitting.answer(Answer("negative", ("conflict",), {"negotiations": ("favourable",)}))
    mine = kept(study)
    theirs = by_sheet.sentences.set_index("sentence").loc[mine["sentence"]].reset_index()[list(mine.columns)]
    pd.testing.assert_frame_equal(mine, theirs, check_dtype=False)


def test_where_all_is_coded_more_is_drawn_until_there_is_nothing(study: Study) -> None:
    draws = iter([5, 0])

    def more(now: Study) -> int:
        n = next(draws)
        return len(draw_for_coders(now, ["anna"], n)[0]) if n else 0

    sitting = Session(study, "anna", more)
    for _ in range(13):
        assert sitting.question is not None
        sitting.answer(NEUTRAL)
    assert sitting.question is None
    assert draws_of(sitting.study)["wave"].max() == 2
    sample = human_sample(sitting.study, "frames")
    assert (1 / sample.coded["probability"]).sum() == pytest.approx(len(study.sentences), rel=0.05)


# What the widget shows ------------------------------------------------------------------------------------------


def test_the_screen_says_nothing_of_outlets_articles_or_what_the_machine_found(study: Study) -> None:
    shown = _Sitting(Session(study, "anna", nothing)).shown()
    words = {key: value for key, value in shown.items() if key not in ("before", "sentence", "after")}
    said = json.dumps([words, groups_of(study)]).lower()
    assert not any(outlet.lower() in said for outlet in study.outlets)
    assert not any(article in said for article in study.articles["article_id"])


def test_a_sentence_without_a_tone_is_not_saved_and_says_why(study: Study) -> None:
    sitting = _Sitting(Session(study, "anna", nothing))
    before = sitting.shown()
    after = sitting.hear("answer", {"frames": ["conflict"]})
    assert after["wrong"] and "choose a tone first" in after["message"]
    assert after["sentence"] == before["sentence"] and after["turn"] > before["turn"]
    after = sitting.hear("answer", {"sentiment": ["neutral"], "stance: negotiations": ["favourable"]})
    assert not after["wrong"] and after["message"] == "Saved." and after["sentence"] != before["sentence"]
    after = sitting.hear("undo", {})
    assert after["given"] == {
        "sentiment": ["neutral"],
        "frames": [],
        "stance: negotiations": ["favourable"],
    }


def test_a_full_disk_is_said_and_the_question_stays(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = _Sitting(Session(study, "anna", nothing))
    before = sitting.shown()

    def full(_: Path) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.store, "filled", full)
    after = sitting.hear("answer", {"sentiment": ["neutral"]})
    assert after["wrong"] and "No space left on device" in after["message"]
    assert after["sentence"] == before["sentence"]


def test_a_key_pressed_twice_is_meant_for_the_first_sentence_alone(study: Study) -> None:
    desk = analysis.code(study, "anna").widget()
    turn = desk.shown["turn"]
    answer = {"kind": "answer", "turn": turn, "answer": {"sentiment": ["neutral"]}}
    for _ in range(2):
        desk._handle_custom_msg(answer, [])
    assert len(kept(study)) == 1


def test_shown_to_nobody_the_desk_draws_nothing(study: Study) -> None:
    (study.folder / "coding" / "draws.csv").unlink()
    desk = analysis.code(study, "anna")
    assert set(desk._repr_mimebundle_()) == {"text/plain"}
    assert not (study.folder / "coding" / "draws.csv").exists()


def test_other_ways_to_draw_are_named(study: Study) -> None:
    with pytest.raises(ValueError, match="by 'mood' is none of plan, uncertainty, random"):
        analysis.code(study, "anna", by="mood")


@given(st.lists(st.text(min_size=0, max_size=12), max_size=52))
def test_no_key_is_given_twice_and_all_are_single_letters(names: list[str]) -> None:
    keys = choose_keys(names)
    assert len(set(keys)) == len(names)
    assert all(len(key) == 1 and key.isascii() and key.isalpha() for key in keys)


# Uncertainty ----------------------------------------------------------------------------------------------------


def coded_by_the_rules(study: Study, n: int) -> Study:
    """The study after somebody coded `n` sentences exactly as the rules do."""
    sample, _ = draw_for_coders(study, ["anna"], n, seed=3)
    frames = study.frames.groupby("sentence_id")["frame"].agg(lambda codes: "|".join(sorted(set(codes))))
    rows = sample.rename(columns={"sentence_id": "sentence"})[["article_id", "sentence", "start", "end"]]
    rows = rows.assign(frames=rows["sentence"].map(frames).fillna(""), sentiment="neutral")
    rows.to_csv(study.folder / "coding" / "anna_sentences.csv", index=False)
    return open_study(study.folder)


def test_of_what_nobody_coded_yet_nobody_can_be_unsure(study: Study) -> None:
    with pytest.raises(StudyError, match="nobody can say yet where a coder would be unsure of frames"):
        uncertainty(study)


def test_the_least_sure_are_drawn_more_often_with_the_probability_that_is_recorded(study: Study) -> None:
    study = coded_by_the_rules(study, 100)
    unsure = uncertainty(study)
    assert unsure.between(0, 1).all()
    times: dict[str, int] = {}
    for seed in range(12):
        drawn, _ = draw_uncertain(study, 35, seed=seed)
        assert len(drawn) == 35 and drawn["sentence_id"].is_unique
        for unit in drawn["sentence_id"]:
            times[unit] = times.get(unit, 0) + 1
        shutil.rmtree(study.folder / "coding" / "none", ignore_errors=True)
    draws = draws_of(open_study(study.folder))
    last = draws[draws["wave"] == draws["wave"].max()].dropna(subset=["probability"])
    seen = last.assign(times=last["sentence_id"].map(times).fillna(0) / 12)
    by_stratum = seen.groupby("stratum")[["probability", "times"]].mean()
    assert by_stratum["times"].tolist() == pytest.approx(by_stratum["probability"].tolist(), abs=1e-9)
    assert by_stratum["probability"].is_monotonic_increasing
    spread = seen.groupby("stratum")["times"].std()
    expected = np.sqrt(by_stratum["probability"] * (1 - by_stratum["probability"]) / 12)
    assert spread.tolist() == pytest.approx(expected.tolist(), rel=0.35)
    assert (
        unsure[last.loc[last["stratum"] == 2, "sentence_id"]].min()
        >= unsure[last.loc[last["stratum"] == 0, "sentence_id"]].max()
    )
