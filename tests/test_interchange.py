"""Texts and marks go out to other programs and come back with no offset moved."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cli import main
from analysis.publish.interchange.marked import Mark, Marked, Units, form_of, known_forms, marks_of
from analysis.studies import open_study
from analysis.study import StudyError

SPANS = int(os.environ.get("MEDIA_ANALYSIS_SPANS", "1000"))  # `make fuzz` takes 10,000
PIECES = [
    "The envoys met. ",
    "👩‍🚀🚀",
    "e\u0301a\u0308",
    "\r\n",
    "\n",
    "𝔸𝔹",
    "“Yes”, she said.",
    "مرحبا",
    "\t",
    "\r\n\r\n",
    "ﬁ",
    "<&>\"'",
]


def made(n: int) -> Marked:
    """Texts with emoji, combining marks and both line ends, and `n` marks anywhere in them."""
    draw = random.Random(n)
    texts = {f"article {k}": "".join(draw.choice(PIECES) for _ in range(200)) for k in range(5)}
    marks = set()
    while len(marks) < n:
        name = draw.choice(list(texts))
        start = draw.randrange(len(texts[name]))
        end = draw.randint(start, min(len(texts[name]), start + 80))
        layer, code = draw.choice(
            [
                ("frame", "conflict"),
                ("tone", "negative"),
                ("stance", "talks: favourable"),
                ("quote", "direct"),
            ]
        )
        marks.add(Mark(name, start, end, layer, code, draw.choice(["", "who said “it”", "é 🚀"])))
    return Marked(texts, tuple(sorted(marks)))


@pytest.mark.parametrize("ending", sorted(known_forms()))
def test_no_offset_moves_on_the_way_out_and_in(ending: str, tmp_path: Path) -> None:
    marked = made(SPANS)
    path = tmp_path / f"all{ending}"
    form_of(path).write(marked, path)
    back = form_of(path).read(path, marked.texts)
    assert sorted(back.marks) == list(marked.marks) and dict(back.texts) == dict(marked.texts)


@pytest.mark.parametrize("ending", sorted(known_forms()))
def test_a_text_that_is_not_the_studys_is_refused(ending: str, tmp_path: Path) -> None:
    marked = made(10)
    path = tmp_path / f"all{ending}"
    form_of(path).write(marked, path)
    with pytest.raises(StudyError, match="which is no article of the study"):
        form_of(path).read(path, {})
    moved = {name: "x" * 40 + text[::-1] for name, text in marked.texts.items()}
    with pytest.raises(StudyError, match=r"another text|are not in"):
        form_of(path).read(path, moved)


@pytest.mark.parametrize("ending", sorted(known_forms()))
@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04 broken", b'{"items": [{}]}', b"\xff\xfe"])
def test_another_file_is_named(ending: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"all{ending}"
    path.write_bytes(data)
    if data or ending != ".jsonl":  # an empty file of lines has no lines
        with pytest.raises(StudyError, match="is no"):
            form_of(path).read(path, {"a": "b"})


def test_a_web_annotation_finds_its_words_where_a_text_grew_above(tmp_path: Path) -> None:
    text = "The envoys met in the harbour town."
    path = tmp_path / "a.jsonld"
    form_of(path).write(Marked({"a": text}, (Mark("a", 4, 10, "frame", "conflict"),)), path)
    (mark,) = form_of(path).read(path, {"a": "A head.\n" + text}).marks
    assert (mark.start, mark.end) == (12, 18)


@given(st.text(max_size=200), st.data())
def test_units_are_those_of_utf16_and_come_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    units = Units(text)
    assert units.to_units(offset) == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
    assert units.to_points(units.to_units(offset)) == offset


def test_a_study_has_quotes_frames_positions_and_tone_to_give(root: Path) -> None:
    marked = marks_of(open_study(root / "data" / "sample"))
    assert {mark.layer for mark in marked.marks} >= {"quote", "frame", "stance", "tone"}
    assert all(0 <= m.start < m.end <= len(marked.texts[m.article_id]) for m in marked.marks)


def test_a_file_of_no_known_form_is_named_with_those_that_are() -> None:
    with pytest.raises(StudyError, match=r"\.qdpx \(REFI-QDA\)"):
        form_of(Path("all.docx"))


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "talks"
    shutil.copytree(
        root / "data" / "sample", folder, ignore=shutil.ignore_patterns("tables", "runs", "coding")
    )
    return folder


def test_what_goes_out_comes_in_as_a_coders_files(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = study.parent / "all.qdpx"
    assert main(["export", str(study), "--out", str(out)]) == 0
    assert main(["import", str(out), "--study", str(study), "--coder", "ann"]) == 0
    assert "coding/ann_sentences.csv" in capsys.readouterr().out
    opened = open_study(study)
    spans = opened.coding["ann_spans"]
    frames = opened.frames[["article_id", "start", "end", "frame"]].drop_duplicates()
    assert len(
        spans[spans["layer"] == "frame"][["article_id", "start", "end", "code"]].drop_duplicates()
    ) == len(frames)
    coded = opened.coding["ann_sentences"]
    tone = opened.sentiment.set_index("sentence_id")["label"]
    assert coded["sentiment"].tolist() == tone.reindex(coded["sentence"]).tolist()
    assert main(["check", str(study)]) == 0
    assert main(["import", str(out), "--study", str(study), "--coder", "ann"]) == 2
    assert "is there already; name another coder" in capsys.readouterr().err
    assert main(["import", str(out), "--study", str(study), "--coder", "../ann"]) == 2


def test_a_code_that_the_codebook_does_not_have_is_named(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = open_study(study)
    name, text = opened.articles["article_id"][0], opened.articles["text"][0]
    path = study.parent / "a.jsonl"
    form_of(path).write(Marked({name: text}, (Mark(name, 0, 5, "frame", "weather"),)), path)
    assert main(["import", str(path), "--study", str(study), "--coder", "ann"]) == 2
    assert "weather: no code of the codebook" in capsys.readouterr().err
    assert not (study / "coding").exists()
