"""Files and metadata become articles; what cannot be read is listed, and the others go on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.language import load_language
from analysis.read import articles as kept
from analysis.read.articles import leave_out, load_articles, read_articles
from analysis.study import StudyError, load_metadata

STORY = "The envoys met in the harbour town.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "good.txt").write_text(STORY, encoding="utf-8")
    return articles


def problem(folder: Path, name: str, data: bytes) -> str:
    """What is said of the file, whether the folder has metadata or not."""
    (folder / name).write_bytes(data)
    articles, problems = load_articles(folder)
    assert articles.article_id.tolist() == ["good"], "the others go on"
    assert problems.file.tolist() == [name]
    path = folder.parent / "articles.csv"
    path.write_text(f"file,outlet\ngood.txt,Wire\n{name},Wire\n")
    articles, again = load_articles(folder, load_metadata(path))
    assert articles.article_id.tolist() == ["good"] and again.file.tolist() == [name]
    return again.message[0]


def test_the_text_is_kept_as_it_is(folder: Path) -> None:
    text = "\ufeffTitle\r\n\r\nŞehir — “söz”\t\n"
    (folder / "odd.txt").write_bytes(text.encode())
    path = folder.parent / "articles.csv"
    path.write_text("file,outlet\ngood.txt,Wire\nodd.txt,Wire\n")
    articles, _ = load_articles(folder, load_metadata(path))
    assert articles.set_index("article_id").text["odd"] == text
    articles, _ = load_articles(folder)
    assert articles.set_index("article_id").text["odd"] == text.removeprefix("\ufeff")


def test_an_empty_file_is_listed(folder: Path) -> None:
    assert "is empty" in problem(folder, "a.txt", b" \n")


def test_a_binary_file_is_listed(folder: Path) -> None:
    assert "is binary" in problem(folder, "a.txt", b"PK\x03\x04\x00\x00")


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (
            b"Good\ncaf\xe9 and more of the like\n",
            "Good\ncafé and more of the like\n",
            "line 2: byte 0xE9 is not UTF-8",
        ),
        ("Hello, café".encode("utf-16"), "Hello, café", "is UTF-16"),
    ],
)
def test_a_file_in_another_encoding_is_read_with_a_remark(
    folder: Path, data: bytes, text: str, said: str
) -> None:
    (folder / "a.txt").write_bytes(data)
    path = folder.parent / "articles.csv"
    path.write_text("file,outlet\ngood.txt,Wire\na.txt,Wire\n")
    for metadata in (None, load_metadata(path)):
        articles, problems = load_articles(folder, metadata)
        assert articles.set_index("article_id").text["a"] == text
        assert said in problems.message[0] and problems.severity[0] == "warning"


def test_a_file_without_words_is_listed(folder: Path) -> None:
    assert "holds no words" in problem(folder, "a.txt", b"*** 123 ***")


def test_an_enormous_file_is_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_ARTICLE", 1000)
    monkeypatch.setattr("analysis.read.formats.plain_text.MAX_ARTICLE", 1000)
    assert "more than the" in problem(folder, "a.txt", b"word " * 300)


def test_the_same_text_twice_is_listed(folder: Path) -> None:
    assert "holds the same text as good.txt" in problem(folder, "twin.txt", STORY.encode())


def test_a_folder_inside_names_the_outlet_where_there_is_no_metadata(folder: Path) -> None:
    (folder / "Harbour Wire").mkdir()
    (folder / "Harbour Wire" / "one.txt").write_text("Ships came in.")
    articles, _ = load_articles(folder)
    assert articles.set_index("article_id").outlet["one"] == "Harbour Wire"


def test_a_row_without_file_and_a_file_without_row_stop_the_work(folder: Path) -> None:
    path = folder.parent / "articles.csv"
    path.write_text("file,outlet\nlost.txt,Wire\n")
    with pytest.raises(StudyError) as error:
        load_articles(folder, load_metadata(path))
    assert "line 2: there is no file 'lost.txt'" in error.value.faults[0]
    assert "good.txt: has no row in articles.csv" in error.value.faults[1]


def test_a_row_of_an_unreadable_file_is_no_second_fault(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\0")
    path = folder.parent / "articles.csv"
    path.write_text("file,outlet\ngood.txt,Wire\nbad.txt,Wire\n")
    articles, problems = load_articles(folder, load_metadata(path))
    assert (articles.article_id.tolist(), problems.file.tolist()) == (["good"], ["bad.txt"])


def test_a_file_is_known_by_its_content_whatever_it_is_called(folder: Path) -> None:
    _, sha256, _ = kept.load_text(folder / "good.txt")
    (folder / "good.txt").rename(folder / "renamed.txt")
    (folder / "stranger.txt").write_text("Somebody else's words.")
    path = folder.parent / "articles.csv"
    path.write_text(f"article_id,sha256,outlet\nstory,{sha256},Wire\nelsewhere,{'0' * 64},Clarion\n")
    articles, problems = load_articles(folder, load_metadata(path))
    assert articles.article_id.tolist() == ["story", "elsewhere"]
    assert articles.text.isna().tolist() == [False, True]
    assert problems.file.tolist() == ["stranger.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file has such a name")
def test_a_file_whose_name_is_not_utf8_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("The talks failed.")
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "w") as file:
        file.write("The talks went on.")
    articles, problems = load_articles(tmp_path)
    assert articles["file"].tolist() == ["b.txt"]
    assert problems.to_dict("records") == [
        {
            "file": r"caf\udce9.txt",
            "message": "has a name that is not UTF-8; rename it",
            "severity": "skipped",
        }
    ]


def test_what_a_study_does_not_count_is_named(folder: Path) -> None:
    (folder / "copy.txt").write_text("The envoys met again.")
    (folder / "fremd.txt").write_text(
        "Die Gesandten haben sich in der Hafenstadt getroffen und nichts beschlossen."
    )
    path = folder.parent / "articles.csv"
    path.write_text(
        "file,outlet,duplicate_of,language\ngood.txt,Wire,,\ncopy.txt,Herald,good,en\nfremd.txt,Blatt,,\n"
    )
    articles, problems = load_articles(folder, load_metadata(path))
    once, said = leave_out(articles, problems, load_language(), near_duplicates=False)
    assert once.article_id.tolist() == ["good"]
    assert said.file.tolist() == ["copy.txt", "fremd.txt"] and said.severity.tolist() == [
        "warning",
        "skipped",
    ]
    each, _ = leave_out(articles, problems, load_language(), near_duplicates=True)
    assert each.article_id.tolist() == ["good", "copy"]


def test_a_text_whose_name_hides_it_is_named(folder: Path) -> None:
    for name in ("..txt", ".one.txt", "._two.txt"):
        (folder / name).write_text("The envoys met again.")
    for metadata in (None, pd.DataFrame(columns=["file", "sha256", "duplicate_of", "line"])):
        _, problems, _ = read_articles(folder, metadata)
        hidden = problems[problems["message"].str.contains("begins with a dot")]
        assert hidden["file"].tolist() == ["..txt", ".one.txt"] and set(hidden["severity"]) == {"skipped"}
