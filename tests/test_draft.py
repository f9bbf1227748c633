"""A drafted codebook names who and what the articles name most, is valid as it is, and says what is to be written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from analysis.cli import main
from analysis.codebook import check_codebook
from analysis.draft_codebook import find_collocations, find_persons, find_sides, find_unwritten, write_draft
from analysis.studies import open_study
from analysis.study import StudyError


@pytest.fixture(scope="module")
def study(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study without its codebook."""
    folder = tmp_path_factory.mktemp("draft") / "data" / "talks"
    made = shutil.ignore_patterns("codebook", "tables", "coding", "runs", "sheets", "known.yml")
    shutil.copytree(root / "data" / "sample", folder, ignore=made)
    (folder / "study.yml").write_text("title: Talks\n")
    write_draft(open_study(folder))
    return folder


def load(study: Path, name: str) -> dict:
    return yaml.safe_load((study / "codebook" / name).read_text(encoding="utf-8"))


def test_the_persons_quoted_most_get_their_roles_and_sides(study: Path) -> None:
    holders = {h["name"]: h for h in load(study, "sources.yml")["office_holders"]}
    assert holders["Yelde Harsin"] == {
        "name": "Yelde Harsin",
        "also": ["Harsin"],
        "role": "government_official",
        "side": "oskara",
    }
    assert len(find_persons(open_study(study))) == len(holders) == 20


def test_places_whose_people_are_named_are_proposed_as_sides_and_actors(study: Path) -> None:
    assert [name for name, _, _ in find_sides(open_study(study))][:3] == ["Oskara", "Varnia", "Meridia"]
    assert set(load(study, "sources.yml")["sides"]) >= {"oskara", "varnia", "meridia"}
    assert load(study, "tone.yml")["actors"]["varnia"]["indicators"] == ["(=Varnia|=Varnian)"]


def test_words_that_stand_together_are_candidates_for_targets(study: Path) -> None:
    pairs = dict(find_collocations(open_study(study)))
    assert pairs["lasting peace"] == 5 and "the talks" not in pairs
    for target in load(study, "stance.yml")["targets"].values():
        assert target["about"] and target["positions"] == {
            "favourable": [],
            "unfavourable": [],
            "neutral": [],
        }


def test_the_draft_is_a_codebook_and_check_says_what_is_to_be_written(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [fault for fault in check_codebook(study / "codebook") if fault.severity == "error"] == []
    assert "\nextends" not in (study / "codebook" / "stance.yml").read_text(
        "utf-8"
    )  # no other story's targets
    missing = find_unwritten(study / "codebook")
    assert any(
        "frames.yml, line" in said and "the definition of 'frame_1' is still to be written" in said
        for said in missing
    )
    main(["check", str(study)])
    assert "the definition of 'oskara' is still to be written" in capsys.readouterr().out


def test_nothing_that_is_there_is_written_over(study: Path) -> None:
    (study / "codebook" / "frames.yml").write_text("extends: general\n# mine\n")
    with pytest.raises(StudyError, match=r"has sources\.yml, tone\.yml, .* already"):
        write_draft(open_study(study))
    (study / "codebook" / "tone.yml").unlink()
    _, written, kept = write_draft(open_study(study))
    assert written == ["tone.yml"] and "frames.yml" in kept
    assert (study / "codebook" / "frames.yml").read_text().endswith("# mine\n")
