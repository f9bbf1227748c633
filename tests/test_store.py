"""What is kept is whole or not there, whenever a run is killed and however full the disk is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from analysis import store
from analysis.cli import main
from analysis.studies import open_study
from analysis.study import StudyError


def test_folders_are_old_or_new_wherever_a_run_is_stopped(tmp_path: Path) -> None:
    assert_nothing_wrong(tmp_path, "folders", {"kill": 1, "fill": 1}, at_least=20)


@pytest.mark.slow
def test_stopped_partitions_do_not_change_the_next_run(tmp_path: Path) -> None:
    """A file for each table has a hundred writes: here some of them, killed; `make faults` takes more."""
    step = 2 if "MEDIA_ANALYSIS_FAULT_STEP" in os.environ else 29
    assert_nothing_wrong(tmp_path, "partitions", {"kill": 3}, step, at_least=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["check", "publish", "annotate", "quotes", "new", "coding-sheet", "agreement"]
)
def test_no_stopped_command_changes_the_next_one(tmp_path: Path, command: str) -> None:
    """At each twenty-fifth of its writes, where it is stopped and where it finds the disk full; `make faults` takes each."""
    step = int(os.environ.get("MEDIA_ANALYSIS_FAULT_STEP", "25"))
    faults = {"kill": 1, "fill": min(2, step)}
    assert_nothing_wrong(tmp_path, command, faults, step, at_least=1)


def assert_nothing_wrong(
    tmp_path: Path, what: str, faults: dict[str, int], step: int = 1, *, at_least: int
) -> None:
    """Each of the faults at the write of its number, and at each that is `step` writes later."""
    loop = Path(__file__).with_name("fault_loop.py")
    first = [f"{fault}:{number}" for fault, number in faults.items()]
    command = [sys.executable, str(loop), what, str(tmp_path), str(step), *first]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    points = [line.split("\t") for line in done.stdout.splitlines() if line.startswith("at\t")]
    assert [point for point in points if len(point) > 4] == []
    for fault in faults:
        codes = [code for _, of, _, code in points if of == fault]
        assert len(codes) >= at_least
        if fault == "kill":
            assert set(codes) == {"137"}
        elif what != "folders":  # whose functions raise
            assert set(codes) <= {"0", "1"}, "a full disk is one message"


def test_a_kept_entry_is_read_only_where_all_its_files_are_as_they_were_written(tmp_path: Path) -> None:
    for name in "ab":
        with store.entry(tmp_path / name, {"of": name}) as new:
            (new / "quotes").write_text(f"of {name}")
            (new / "frames").write_text("alike")
    kept, other = (store.entry_place(tmp_path / name, {"of": name}) for name in "ab")
    entry = store.Entry(kept)
    assert (entry.made_from, entry.load("quotes"), entry.load("frames")) == ({"of": "a"}, b"of a", b"alike")
    shutil.copy(other / "quotes", kept)
    with pytest.raises(store.NotWholeError, match="quotes: was cut or changed"):
        store.Entry(kept)
    shutil.rmtree(kept)
    shutil.copytree(other, kept)
    with pytest.raises(store.NotWholeError, match="was made from something else"):
        store.Entry(kept)
    (kept / "frames").unlink()
    with pytest.raises(store.NotWholeError, match="frames: is missing"):
        store.load_sealed(kept)
    assert store.load_entries(tmp_path / "a") == [] and not kept.exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 99_999, '{"files": 3}', '{"files": {"../study.yml": "0"}}', '{"files": [3]}']
)
def test_a_manifest_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "manifest.json").write_text(text)
    with pytest.raises(store.NotWholeError, match=r"manifest\.json"):
        store.load_sealed(tmp_path / "published")


def test_what_another_run_is_writing_is_not_swept(tmp_path: Path) -> None:
    with store.replaced(tmp_path / "reports") as new:
        (new / "page").write_text("by the first")
        with store.replaced(tmp_path / "reports") as other:
            (other / "page").write_text("by the second")
    assert (tmp_path / "reports" / "page").read_text() == "by the first", "which ended later"
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    with store.sealed(tmp_path / "published") as new:
        (new / "quotes").write_text("old")
    with pytest.raises(ZeroDivisionError), store.sealed(tmp_path / "published") as new:
        (new / "quotes").write_text("new")
        raise ZeroDivisionError
    assert store.load_sealed(tmp_path / "published") == {"quotes": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["published"]


def test_published_annotations_that_are_not_whole_are_named_and_never_read_as_fewer(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "talks"
    shutil.copytree(
        root / "data" / "us-russia-talks", study, ignore=shutil.ignore_patterns("tables", "*.txt")
    )
    assert len(open_study(study).quotes) > 50
    quotes, sources = study / "annotations" / "quotes.csv", study / "annotations" / "sources.csv"
    quotes.write_bytes(quotes.read_bytes()[:5000])
    sources.unlink()
    with pytest.raises(StudyError) as error:
        open_study(study)
    cut, gone = error.value.faults
    assert cut.startswith(f"{quotes}: was cut or changed") and gone.startswith(f"{sources}: is missing")
    assert main(["quotes", str(study), "--out", str(tmp_path / "quotes.json")]) == 2
    assert "media-analysis publish" in capsys.readouterr().err


def test_what_another_run_saves_while_a_folder_is_updated_is_not_lost(tmp_path: Path) -> None:
    place = tmp_path / "study" / "coding"
    place.mkdir(parents=True)

    def save() -> None:
        with store.locked(place.parent), store.filled(place) as new:
            (new / "answer.csv").write_text("one")

    other = threading.Thread(target=save)
    with store.updated(place) as new:
        other.start()
        other.join(0.2)
        assert other.is_alive() and not (place / "answer.csv").exists()  # waits for its turn
        (new / "sheet.csv").write_text("two")
    other.join()
    assert sorted(path.name for path in place.iterdir()) == ["answer.csv", "sheet.csv"]
