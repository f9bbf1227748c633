"""The flow as a whole: same tables however it is cut, and everything in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import pipeline, store, studies, tables
from analysis.codebook import Codebook, load_codebook
from analysis.read.articles import load_articles


@pytest.fixture(scope="module")
def articles(root: Path) -> pd.DataFrame:
    return load_articles(root / "data" / "sample" / "articles")[0]


@pytest.fixture(scope="module")
def codebook(root: Path) -> Codebook:
    return load_codebook(root / "data" / "sample" / "codebook")


@pytest.fixture(scope="module")
def made(articles: pd.DataFrame, codebook: Codebook) -> pipeline.Tables:
    return pipeline.annotate(articles, codebook)


def test_every_table_has_its_columns_types_and_key(made: pipeline.Tables) -> None:
    for table in tables.ANNOTATIONS:
        frame = made[table.name]
        assert len(frame) > 0
        assert {c.name: c.dtype for c in table.columns} == {n: str(t) for n, t in frame.dtypes.items()}, (
            table.name
        )
        assert not frame.duplicated(list(table.key)).any(), table.name


def test_every_span_lies_in_its_article_and_sentence(articles: pd.DataFrame, made: pipeline.Tables) -> None:
    length = articles.set_index("article_id")["text"].str.len()
    sentences = made["sentences"].set_index("sentence_id")
    for name in ("blocks", "sentences", "quotes", "frames", "stance"):
        frame = made[name]
        assert ((frame["start"] >= 0) & (frame["start"] < frame["end"])).all(), name
        assert (frame["end"] <= frame["article_id"].map(length)).all(), name
        if name in ("frames", "stance"):
            home = sentences.loc[frame["sentence_id"]]
            assert (frame["start"].to_numpy() >= home["start"].to_numpy()).all(), name
            assert (frame["end"].to_numpy() <= home["end"].to_numpy()).all(), name


def test_every_source_of_a_row_is_a_source_of_its_article(made: pipeline.Tables) -> None:
    homes = made["sources"].set_index("source_id")["article_id"]
    for name in ("quotes", "frames", "stance", "sentiment"):
        known = made[name].dropna(subset=["source_id"])
        assert (known["source_id"].map(homes) == known["article_id"]).all(), name


def test_roles_and_sides_are_those_of_the_codebook(made: pipeline.Tables, codebook: Codebook) -> None:
    assert set(made["sources"]["role"]) <= {*codebook.roles, "other"}
    assert set(made["sources"]["side"]) <= {*codebook.sides, "unknown"}


def test_processes_and_chunks_change_nothing(
    articles: pd.DataFrame, codebook: Codebook, made: pipeline.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK", 7)
    steps: list[tuple[int, int]] = []
    again = pipeline.annotate_in_chunks(
        articles, codebook, on_progress=lambda done, total: steps.append((done, total)), jobs=2
    )
    assert steps[-1] == (20, 20) and sorted(steps) == steps  # whichever lot is done first
    assert len(steps) == 3 and {total for _, total in steps} == {20}
    for name, frame in made.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_no_stage_changes_what_it_is_given(articles: pd.DataFrame, codebook: Codebook) -> None:
    before = articles.copy(deep=True)
    pipeline.annotate(articles, codebook)
    pd.testing.assert_frame_equal(articles, before)


def test_tables_are_made_once_and_again_when_a_text_or_the_codebook_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "study"
    folder = study / "articles" / "Courier"
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text("The talks failed, Mara Vale said.")
    calls: list[int] = []
    annotate = pipeline.annotate_apart
    monkeypatch.setattr(
        pipeline, "annotate_apart", lambda a, *rest: calls.append(len(a)) or annotate(a, *rest)
    )
    for _ in range(2):
        studies.open_study(study)
    assert calls == [1]
    (folder / "two.txt").write_text("The talks went on, Ola Brandt said.")
    assert len(studies.open_study(study).articles) == 2
    assert calls == [1, 1]
    (study / "codebook").mkdir()
    (study / "codebook" / "frames.yml").write_text(
        "frames: {work: {definition: Is about work., indicators: [talks]}}"
    )
    assert set(studies.open_study(study).frames.frame) == {"work"}, "an indicator changed"


def test_a_study_is_read_in_its_language_and_anew_when_that_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK", 1)  # so that processes read the language, too
    for name in ("one", "two", "three"):
        text = f"Il bruvo da skarn {name}.\n\nLireza plus: da skarn vek.\n"
        (tmp_path / "articles" / "Courier").mkdir(parents=True, exist_ok=True)
        (tmp_path / "articles" / "Courier" / f"{name}.txt").write_text(text)
    invented = tmp_path / "invented"
    invented.mkdir()
    (invented / "classes.yml").write_text("article: {for: Articles., words: il da}\n")
    (invented / "language.yml").write_text("tone: tone.txt\n")
    (invented / "tone.txt").write_text("bruvo\t3.0\n")
    (tmp_path / "study.yml").write_text("language: invented\n")
    before = studies.open_study(tmp_path)
    assert before.sentiment["label"].tolist()[0] == "positive"
    assert set(before.blocks["kind"]) == {"body"}
    clutter = "clutter_line: {for: Lines of a page., pattern: 'Lireza plus:.*'}\n"
    (invented / "clutter.yml").write_text(clutter)
    assert studies.open_study(tmp_path).blocks["kind"].tolist() == ["body", "boilerplate"] * 3
    (invented / "tone.txt").write_text("bruvo\t-3.0\n")
    assert studies.open_study(tmp_path).sentiment["label"].tolist() == ["negative"] * 3


def test_a_table_written_as_csv_comes_back_the_same(made: pipeline.Tables, tmp_path: Path) -> None:
    for table in tables.ANNOTATIONS:
        tables.write_csv(table, made[table.name], tmp_path / "t.csv")
        pd.testing.assert_frame_equal(tables.load_csv(table, tmp_path / "t.csv"), made[table.name], atol=1e-4)


def test_new_published_annotations_replace_the_tables_kept_from_old_ones(root: Path, tmp_path: Path) -> None:
    study = tmp_path / "talks"
    shutil.copytree(
        root / "data" / "us-russia-talks", study, ignore=shutil.ignore_patterns("tables", "*.txt")
    )
    before = studies.open_study(study)
    with store.sealed(study / "annotations") as new:
        for path in (study / "annotations").glob("*.csv"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            (new / path.name).write_text("".join(lines[:-1] if path.stem == "quotes" else lines), "utf-8")
    assert len(studies.open_study(study).quotes) == len(before.quotes) - 1
