"""What is kept is taken only where nothing it was made from, and none of its files, has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.publish import cache as module
from analysis.publish.cache import fingerprint, load_unchanged, machinery, write_record


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "01-a.svg").write_bytes(b"<svg/>")
    return tmp_path / "figures" / "01-a.svg"


@pytest.fixture
def record(tmp_path: Path, chart: Path) -> Path:
    write_record(tmp_path / "runs" / "01.json", "this", [chart], title="Ä")
    return tmp_path / "runs" / "01.json"


def test_what_nothing_has_changed_for_is_kept(record: Path) -> None:
    known = load_unchanged(record, "this")
    assert known is not None
    assert (known["title"], list(known["files"])) == ("Ä", ["../figures/01-a.svg"])


def test_made_from_something_else_it_is_not(record: Path) -> None:
    assert load_unchanged(record, "that") is None


def test_a_file_that_is_gone_or_was_changed_is_missed(record: Path, chart: Path) -> None:
    chart.write_bytes(b"<svg />")
    assert load_unchanged(record, "this") is None
    chart.write_bytes(b"<svg/>")
    assert load_unchanged(record, "this") is not None
    chart.unlink()
    assert load_unchanged(record, "this") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"made_from": "this"}', '{"made_from": "this", "files": 1}']
)
def test_a_record_that_cannot_be_read_is_as_good_as_none(record: Path, text: str) -> None:
    record.write_text(text)
    assert load_unchanged(record, "this") is None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path, chart: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    write_record(tmp_path / "file" / "01.json", "this", [chart])
    assert load_unchanged(tmp_path / "file" / "01.json", "this") is None


def test_a_fingerprint_tells_bytes_places_and_values_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a"), two.write_text("b")
    prints = [fingerprint(p, v) for p in ([], [one], [two], [one, two], [two, one]) for v in (1, "1")]
    assert len(set(prints)) == len(prints)
    before = fingerprint([one])
    one.write_text("c")
    assert fingerprint([one]) != before


def test_versions_and_own_code_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = machinery()
    monkeypatch.setattr(module, "_installed", lambda: ["pandas-99.dist-info"])
    assert machinery() != before
    monkeypatch.undo()
    monkeypatch.setattr(module, "__file__", str(tmp_path / "publish" / "cache.py"))
    assert machinery() != before
