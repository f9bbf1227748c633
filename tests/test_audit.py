"""The audit counts every number again from the sentences that it leads to, and sees where one is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.ask import about_frames, audit
from analysis.ask.comparison import Comparison
from analysis.ask.material import Material
from analysis.ask.questions import Questions
from analysis.cli import main
from analysis.show.leads import lead
from analysis.studies import open_study


@pytest.fixture(scope="module")
def about(root: Path) -> Questions:
    return Questions(open_study(root / "data" / "sample"))


class Frames(Material):
    """A study of which only the frames and the tone are asked."""

    frames = about_frames.frames
    tone = Questions.tone


def test_every_number_of_the_sample_is_found_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert main(["audit", "sample"]) == 0
    said = capsys.readouterr().out
    assert "0 orphans, 0 numbers differ" in said
    assert int(said.split(": ")[1].split(" ")[0]) > 500


def test_a_wrong_count_and_an_orphan_are_found(about: Questions) -> None:
    class Wrong(Frames):
        def frames(self) -> Comparison:
            true = about_frames.frames(self)
            return replace(
                true, table=true.table.assign(n=true.table["n"] + (true.table["n"] == true.table["n"].max()))
            )

    class Lost(Frames):
        def frames(self) -> Comparison:
            return replace(about_frames.frames(self), leads={"n": lead("nowhere", "outlet", "frame")})

    right, wrong, lost = (audit.audit(kind(about.study)) for kind in (Frames, Wrong, Lost))
    assert set(right["verdict"]) == {audit.SAME} and len(right) > 40
    (one,) = wrong[wrong["verdict"] != audit.SAME].to_dict("records")
    assert (one["verdict"], one["counted"] - one["found"], one["chart"]) == (audit.DIFFERS, 1, "03-frames")
    assert set(lost.loc[lost["chart"] == "03-frames", "verdict"]) == {audit.ORPHAN}
