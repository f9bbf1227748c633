"""What is kept article by article gives the same tables as a clean run, and only what has changed is made again."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import kept, pipeline, store
from analysis.annotate import corpus_persons
from analysis.codebook import Codebook, load_codebook
from analysis.kept import annotate_kept
from analysis.language import ENGLISH, load_language
from analysis.read.articles import load_articles
from analysis.stages import STAGES
from test_layers import SOURCE, imports

Made = list[tuple[int, tuple[str, ...]]]


@pytest.fixture(scope="module")
def articles(root: Path) -> pd.DataFrame:
    return load_articles(root / "data" / "sample" / "articles")[0].head(6)


@pytest.fixture(scope="module")
def codebook(root: Path) -> Codebook:
    return load_codebook(root / "data" / "sample" / "codebook")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """How many articles each lot had that was annotated, and which stages were made."""
    lots: Made = []
    annotate = pipeline.Lot.annotate

    def noted(lot: pipeline.Lot, codebook: Codebook, language: str | Path) -> pipeline.Tables:
        lots.append((len(lot.articles), tuple(stage.name for stage in lot.stages)))
        return annotate(lot, codebook, language)

    monkeypatch.setattr(pipeline.Lot, "annotate", noted)
    return lots


def assert_same(found: Mapping[str, pd.DataFrame], wanted: Mapping[str, pd.DataFrame]) -> None:
    assert found.keys() == wanted.keys()
    for name in wanted:
        pd.testing.assert_frame_equal(found[name], wanted[name])


ALL = tuple(stage.name for stage in STAGES)


def test_one_changed_article_is_made_alone_and_one_that_comes_back_or_goes_too(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, made: Made
) -> None:
    annotate_kept(tmp_path, articles, codebook, ENGLISH)
    annotate_kept(tmp_path, articles, codebook, ENGLISH)
    assert made == [(6, ALL)]
    changed = articles.copy()
    changed.loc[changed.index[2], "text"] += "\n\n“We are ready,” said Ola Brandt.\n"
    found = annotate_kept(tmp_path, changed, codebook, ENGLISH)
    assert made[1:] == [(1, ALL)]
    assert_same(found, pipeline.annotate_in_chunks(changed, codebook))
    made.clear()
    fewer = changed.iloc[[5, 0, 3]]
    assert_same(
        annotate_kept(tmp_path, fewer, codebook, ENGLISH), pipeline.annotate_in_chunks(fewer, codebook)
    )
    assert made == [(3, ALL)], "the clean run alone"
    renamed = fewer.assign(article_id=["a", *fewer["article_id"][1:]], outlet="another")
    assert set(annotate_kept(tmp_path, renamed, codebook, ENGLISH)["sentences"]["article_id"]) >= {"a"}
    assert made[1:] == [(1, ALL)], "an outlet changes no table"
    made.clear()
    signed = fewer.assign(text=[f"{text}\n\nThe Other Wire\n" for text in fewer["text"]])
    annotate_kept(tmp_path, signed, codebook, ENGLISH)
    annotate_kept(tmp_path, signed.assign(outlet="The other wire"), codebook, ENGLISH)
    assert made == [(3, ALL), (3, ALL)], "but where a line is its name"


CHANGES = {
    "frames": ("frames: {work: {definition: Is about work., indicators: [talks]}}", ("frames",)),
    "stance": ("targets: {talks: {definition: d, about: [talks], positions: {good: [work]}}}", ("stance",)),
    "tone": ("words: {talks: 3.0}", ("tone", "agency")),  # the file has the actors, too
    "sources": ("roles: {baker: {definition: Bakes., indicators: [baker]}}", ALL),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_part_of_the_codebook_is_coded_alone(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, made: Made, name: str
) -> None:
    before = annotate_kept(tmp_path / "kept", articles, codebook, ENGLISH)
    text, stages = CHANGES[name]
    (tmp_path / f"{name}.yml").write_text(text)
    changed = load_codebook(tmp_path)
    mixed = codebook.only({f.name for f in fields(Codebook)})
    for stage in STAGES:
        if stage.name == stages[0]:
            parts = {part: getattr(changed, part) for part in stage.reads}
            mixed = type(codebook)(**{**vars(codebook), **parts})
    made.clear()
    found = annotate_kept(tmp_path / "kept", articles, mixed, ENGLISH)
    assert made == [(6, stages)]
    assert_same(found, pipeline.annotate_in_chunks(articles, mixed))
    table = {"frames": "frames", "stance": "stance", "tone": "sentiment", "sources": "sources"}[name]
    assert not found[table].equals(before[table])


def test_stages_read_all_of_the_codebook_between_them_and_make_all_tables() -> None:
    across = {"name", "persons"}  # what persons.csv says counts when all articles are there
    assert {name for stage in STAGES for name in stage.reads} == {f.name for f in fields(Codebook)} - across
    assert [name for stage in STAGES for name in stage.tables] == list(kept._TABLES)


@given(data=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_the_tables_are_those_of_a_clean_run(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, articles: pd.DataFrame, codebook: Codebook
) -> None:
    root = tmp_path_factory.mktemp("kept")
    for _ in range(3):
        some = data.draw(st.lists(st.sampled_from(range(6)), min_size=1, unique=True))
        longer = data.draw(st.sets(st.sampled_from(some)))
        chosen = articles.iloc[some].copy()
        chosen["text"] = [
            f"{t}\n\nMore.\n" if i in longer else t for i, t in zip(some, chosen["text"], strict=True)
        ]
        found = annotate_kept(root, chosen, codebook, ENGLISH)
        assert_same(found, pipeline.annotate(chosen, codebook))


def test_many_small_parts_become_few_and_stay_the_same(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK", 1)
    monkeypatch.setattr(pipeline, "WORTH_PROCESSES", 99)
    monkeypatch.setattr(kept, "FEW", 3)
    monkeypatch.setattr(kept, "PART", 4)
    found = annotate_kept(tmp_path, articles, codebook, ENGLISH)
    assert len(made) == 6 and len(list(tmp_path.iterdir())) == 2
    assert_same(found, pipeline.annotate_in_chunks(articles, codebook))
    assert_same(annotate_kept(tmp_path, articles, codebook, ENGLISH), found)


def test_what_was_cut_changed_or_lost_is_made_again(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, made: Made
) -> None:
    wanted = {**annotate_kept(tmp_path, articles, codebook, ENGLISH)}
    (part,) = (path.parent for path in tmp_path.rglob("quotes.parquet"))
    for harm in (
        lambda: (part / "quotes.parquet").write_bytes((part / "quotes.parquet").read_bytes()[:-9]),
        lambda: (part / "frames.parquet").unlink(),
        lambda: (part / "manifest.json").write_text("{}"),
        lambda: shutil.rmtree(part),
    ):
        made.clear()
        harm()
        assert_same(annotate_kept(tmp_path, articles, codebook, ENGLISH), wanted)
        assert made == [(6, ALL)]


def test_who_is_who_is_kept_until_an_article_changes(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[int] = []

    def name_persons(sources: pd.DataFrame, *rest: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        named.append(sources["article_id"].nunique())
        return true(sources, *rest)

    true = corpus_persons.name_persons
    monkeypatch.setattr(corpus_persons, "name_persons", name_persons)
    for some, times in (
        (articles, 1),
        (articles, 1),
        (articles.head(4), 2),
        (articles.iloc[[1, 0, 2, 3]], 3),
    ):
        found = annotate_kept(tmp_path, some, codebook, ENGLISH)
        assert_same(found, pipeline.annotate(some, codebook))
        assert len(named) == times
    (path,) = tmp_path.rglob("persons.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    assert_same(annotate_kept(tmp_path, articles.iloc[[1, 0, 2, 3]], codebook, ENGLISH), found)
    assert len(named) == 4, "what was cut is not read"


def test_a_part_of_other_articles_is_not_taken_for_these(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook
) -> None:
    annotate_kept(tmp_path / "a", articles.head(2), codebook, ENGLISH)
    annotate_kept(tmp_path / "b", articles.tail(2), codebook, ENGLISH)
    (a,), (b,) = (tmp_path / "a").iterdir(), (tmp_path / "b").iterdir()
    shutil.rmtree(a)
    shutil.copytree(b, a)
    found = annotate_kept(tmp_path / "a", articles.head(2), codebook, ENGLISH)
    assert_same(found, pipeline.annotate(articles.head(2), codebook))


@pytest.mark.skipif(store.fcntl is None, reason="no such locks there")
def test_what_somebody_reads_is_not_removed_and_the_next_run_removes_it(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook
) -> None:
    reader = annotate_kept(tmp_path, articles, codebook, ENGLISH)
    annotate_kept(tmp_path, articles.head(2).assign(title="Another"), codebook, ENGLISH)
    assert len(list(tmp_path.iterdir())) == 2
    assert len(reader["sentences"]) > 50, "read after another run had no use for it"
    del reader
    annotate_kept(tmp_path, articles.head(2).assign(title="Another"), codebook, ENGLISH)
    assert len(list(tmp_path.iterdir())) == 1


def test_where_nothing_can_be_kept_all_is_made(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook
) -> None:
    (tmp_path / "file").write_text("")
    found = annotate_kept(tmp_path / "file", articles, codebook, ENGLISH)
    assert_same(found, pipeline.annotate(articles, codebook))


class KilledOnce(pipeline.Lot):
    """A lot whose process dies the first time, as one does that the system takes memory from."""

    def annotate(self, codebook: Codebook, language: str | Path) -> pipeline.Tables:
        mark = Path(os.environ["KILLED_ONCE"], self.articles["article_id"].iloc[0])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().annotate(codebook, language)


class KilledAlways(pipeline.Lot):
    def annotate(self, codebook: Codebook, language: str | Path) -> pipeline.Tables:
        if self.articles["article_id"].iloc[0] == os.environ["KILLED"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().annotate(codebook, language)


def test_a_killed_process_loses_nothing(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK", 2)
    monkeypatch.setattr(pipeline, "Lot", KilledOnce)
    monkeypatch.setenv("KILLED_ONCE", str(tmp_path))
    found = pipeline.annotate_in_chunks(articles, codebook, jobs=2)
    assert len(list(tmp_path.iterdir())) == 3
    assert_same(found, pipeline.annotate(articles, codebook))


def test_a_lot_that_kills_every_process_ends_the_run_and_what_was_done_is_kept(
    tmp_path: Path, articles: pd.DataFrame, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK", 2)
    monkeypatch.setattr(pipeline.os, "cpu_count", lambda: 2)
    monkeypatch.setenv("KILLED", articles["article_id"].iloc[4])
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "Lot", KilledAlways)
        with pytest.raises(BrokenProcessPool):
            annotate_kept(tmp_path, articles, codebook, ENGLISH)
    done = sum(len(entry.made_from["articles"]) for entry in store.load_entries(tmp_path))
    assert done == 4
    found = annotate_kept(tmp_path, articles, codebook, ENGLISH)
    assert_same(found, pipeline.annotate(articles, codebook))


def test_all_code_that_tables_depend_on_is_in_their_digest() -> None:
    """What `pipeline` imports, and what that imports, changes the digest; and so does what is imported by name only."""
    known = {path for pattern in kept._CODE for path in SOURCE.glob(pattern)}
    waiting, seen = [SOURCE / "pipeline.py"], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for module in imports(path):
            place = SOURCE.joinpath(*module.split("."))
            found = [p for p in (place.with_suffix(".py"), place / "__init__.py") if p.exists()]
            waiting += [p for p in found if p not in seen]
    assert len(seen) > 40
    assert {path.relative_to(SOURCE).as_posix() for path in seen - known} == set()
    assert ast.parse((SOURCE / "kept.py").read_text("utf-8"))


def test_the_digests_are_those_of_another_process(root: Path) -> None:
    """Python orders sets anew in every process; what is kept must be known all the same."""
    ask = (
        "from analysis import kept, codebook, language;"
        "print(kept.digest_stages(codebook.load_codebook(), language.load_language()))"
    )
    found = {
        subprocess.run([sys.executable, "-c", ask], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {f"{kept.digest_stages(load_codebook(), load_language())}\n"}
