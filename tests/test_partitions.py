"""Articles of any number: the same tables whoever makes them, in whatever partitions, and whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis import pipeline, tables
from analysis.cli import main
from analysis.codebook import load_codebook
from analysis.partitions import MANIFEST, Partitions, PartitionTask, annotate_partitions, open_partitions
from analysis.read.articles import load_articles
from analysis.studies import annotate_folder
from analysis.study import StudyError, load_metadata

MADE = (*(table.name for table in tables.ANNOTATIONS), "articles", "persons")


@pytest.fixture(scope="module")
def codebook(root: Path) -> Path:
    return root / "data" / "sample" / "codebook"


@pytest.fixture(scope="module")
def parquet(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five articles of the sample in two Parquet files, the first in two row groups."""
    folder = tmp_path_factory.mktemp("parquet")
    sample = root / "data" / "sample"
    articles = load_articles(sample / "articles", load_metadata(sample / "articles.csv"))[0].head(5)
    articles.head(3).to_parquet(folder / "a.parquet", index=False, row_group_size=2)
    articles.tail(2).to_parquet(folder / "b.parquet", index=False)
    return folder


@pytest.fixture(scope="module")
def wanted(parquet: Path, codebook: Path) -> pipeline.Tables:
    """The tables as they are made all at once."""
    return annotate_folder_of(parquet, codebook)


def annotate_folder_of(parquet: Path, codebook: Path) -> pipeline.Tables:
    articles = pd.concat([pd.read_parquet(p) for p in sorted(parquet.glob("*.parquet"))], ignore_index=True)
    return pipeline.annotate(tables.ARTICLES.make(articles), load_codebook(codebook))


def assert_same(found: Partitions, wanted: pipeline.Tables) -> None:
    for name, frame in wanted.items():
        pd.testing.assert_frame_equal(found[name], frame)


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_tables_are_the_same_in_whatever_partitions_and_by_however_many_processes(
    parquet: Path, codebook: Path, wanted: pipeline.Tables, tmp_path: Path
) -> None:
    for size, jobs in ((2, 2), (100, 1)):
        made = annotate_partitions(str(parquet), str(tmp_path / f"{size}"), codebook, size=size, jobs=jobs)
        assert_same(made, wanted)
        assert_same(open_partitions(tmp_path / f"{size}"), wanted)
    annotate_partitions(str(parquet), str(tmp_path / "again"), codebook, size=2)
    assert files(tmp_path / "again") == files(tmp_path / "2"), "to the bit"
    assert {*made} == {*MADE} and made.rows("quotes") == len(wanted["quotes"])


def test_what_is_there_is_not_made_again_and_nothing_else_is_left(
    parquet: Path, codebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, out, made = tmp_path / "given.parquet", tmp_path / "out", []
    annotate = pipeline.annotate_apart
    monkeypatch.setattr(
        "analysis.partitions.annotate_apart", lambda a, *rest: made.append(len(a)) or annotate(a, *rest)
    )
    articles = pd.read_parquet(parquet / "a.parquet")
    for change, again in ((None, [2, 1]), (None, []), ("\n\nThe envoys left.\n", [1])):
        for folder in {path.parent for path in out.rglob("*.*")}:
            (folder / ".files.part-00c0ffee").mkdir()  # a run that was killed after its last file there
        made.clear()
        if change:
            articles.loc[2, "text"] += change
        articles.to_parquet(given)
        found = annotate_partitions(str(given), str(out), codebook, size=2)
        assert made == again
        assert not list(out.rglob(".*"))
        named = {name for own in found.files.values() for name, *_ in own}
        assert {n for n in files(out) if not n.startswith("lots/")} == {*named, MANIFEST}
    lost = next(iter(out.glob("frames/*")))
    lost.write_bytes(lost.read_bytes()[:-1])
    with pytest.raises(StudyError, match="was cut or changed"):
        open_partitions(out)["frames"]
    made.clear()
    annotate_partitions(str(given), str(out), codebook, size=2)
    assert len(made) == 1 and len(open_partitions(out)["frames"]) > 0


def test_places_may_be_urls(parquet: Path, codebook: Path, wanted: pipeline.Tables, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    made = annotate_partitions(f"file://{parquet}", f"file://{tmp_path}/out", codebook, size=4)
    assert_same(made, wanted)
    annotate_partitions(str(parquet), str(tmp_path / "path"), codebook, size=4)
    assert files(tmp_path / "out") == files(tmp_path / "path")
    with pytest.raises(StudyError, match="nowhere"):
        annotate_partitions("nowhere://x", str(tmp_path / "out"))


def test_files_of_any_format_are_taken_and_accounted_for(
    root: Path, codebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for path in sorted((root / "data" / "sample" / "articles").glob("*.txt"))[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "empty.txt").write_text("")
    out = tmp_path / "out"
    command = ["annotate", str(folder), "--out", str(out), "--codebook", str(codebook), "--partition", "2"]
    assert main(command) == 0
    said = capsys.readouterr()
    assert said.out.startswith("3 articles, ") and "empty.txt is empty" in said.err
    made, whole = open_partitions(out), annotate_folder(folder, codebook)
    for name in (*MADE, "problems", "account"):
        pd.testing.assert_frame_equal(made[name], whole[name])
    assert not (out / "given").exists() or not any((out / "given").iterdir())


def test_what_is_no_table_of_articles_is_one_message(tmp_path: Path, codebook: Path) -> None:
    for name, frame, said in (
        ("a", pd.DataFrame({"article_id": ["x"]}), "has no column text"),
        ("b", pd.DataFrame({"article_id": ["x", "x"], "text": ["a", "b"]}), "is there twice"),
        ("c", pd.DataFrame({"article_id": [], "text": []}), "holds no articles"),
    ):
        frame.to_parquet(tmp_path / f"{name}.parquet")
        with pytest.raises(StudyError, match=said):
            annotate_partitions(str(tmp_path / f"{name}.parquet"), str(tmp_path / "out"), codebook)
    (tmp_path / "d.parquet").write_text("no Parquet")
    with pytest.raises(StudyError, match="is not Parquet"):
        annotate_partitions(str(tmp_path / "d.parquet"), str(tmp_path / "out"), codebook)
    with pytest.raises(StudyError, match="is missing"):
        open_partitions(tmp_path)
    (tmp_path / "e.txt").write_text("The envoys met.")
    with pytest.raises(StudyError, match=r"other files, such as e\.txt"):
        annotate_partitions(str(tmp_path), f"{tmp_path}-out", codebook)
    with pytest.raises(StudyError, match="name another folder"):
        annotate_partitions(str(tmp_path), str(tmp_path / "out"), codebook)


def test_a_worker_with_other_code_is_refused(
    parquet: Path, codebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PartitionTask, "__init__", with_other_code(PartitionTask.__init__))
    with pytest.raises(StudyError, match="differ from those here"):
        annotate_partitions(str(parquet), str(tmp_path / "out"), codebook)


def with_other_code(init):
    def other(self, partition, out, codebook, language, stages):
        init(self, partition, out, codebook, language, dict.fromkeys(stages, "older"))

    return other


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers, each a process of its own; its address and the workers."""
    pytest.importorskip("distributed", reason="Dask is an extra: pip install 'media-analysis[scale]'")
    told = tmp_path / "scheduler.json"
    begin = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    run = [sys.executable, "-m", "distributed.cli.dask_worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    started = [subprocess.Popen([*begin, *options], **quiet)]
    try:
        while not told.exists():
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        each = (
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path),
        )
        started += [subprocess.Popen([*run, *each], **quiet) for _ in range(2)]
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait(10)


@pytest.mark.slow
def test_a_cluster_makes_the_same_also_where_a_worker_is_killed(
    parquet: Path, codebook: Path, wanted: pipeline.Tables, tmp_path: Path, cluster
) -> None:
    address, workers = cluster
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed:
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGKILL)

    out = tmp_path / "out"
    made = annotate_partitions(
        str(parquet), str(out), codebook, size=1, scheduler=address, on_progress=kill_one
    )
    assert killed and workers[0].wait(10) == -signal.SIGKILL
    assert_same(made, wanted)
    annotate_partitions(str(parquet), str(tmp_path / "here"), codebook, size=1)
    assert files(out) == files(tmp_path / "here"), "to the bit"
