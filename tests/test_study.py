"""Studies: settings and metadata, and what is said when they are wrong."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from analysis import tables
from analysis.codebook import check_codebook, load_codebook
from analysis.coding.files import load_coding
from analysis.studies import find_faults, open_study
from analysis.study import Settings, Study, StudyError, find_study, how_found, load_metadata, load_settings


def metadata(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "articles.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(StudyError) as error:
        load_metadata(metadata(tmp_path, text))
    return [fault.replace(str(tmp_path) + "/", "") for fault in error.value.faults]


def test_good_metadata_is_read(tmp_path: Path) -> None:
    table = load_metadata(
        metadata(tmp_path, "file,outlet,published\na.txt,Harbour Wire,2031-02\nb.txt,Clarion,\n")
    )
    assert table.article_id.tolist() == ["a", "b"]
    assert table.line.tolist() == [2, 3]


@pytest.mark.parametrize("day", ["13/02/31", "3/2/2031", "2031-02-30", "2031-13", "spring 2031"])
def test_a_date_that_is_none_is_named_with_its_line(tmp_path: Path, day: str) -> None:
    assert faults(tmp_path, f"file,outlet,published\na.txt,Wire,2031\nb.txt,Wire,{day}\n") == [
        f"articles.csv, line 3: published '{day}' is not an ISO date (2025-02-13, 2025-02 or 2025)"
    ]


@pytest.mark.parametrize("other", ["harbour wire", "The Harbour Wire", "Harbour-Wire", "Hárbour Wire"])
def test_an_outlet_spelt_two_ways_is_named(tmp_path: Path, other: str) -> None:
    (fault,) = faults(tmp_path, f"file,outlet\na.txt,Harbour Wire\nb.txt,{other}\n")
    assert fault == f"articles.csv, line 3: outlet '{other}' is 'Harbour Wire' on line 2; spell it one way"


def test_an_unknown_column_gets_a_suggestion(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "file,outlet,publised\na.txt,Wire,2031\n")
    assert fault == "articles.csv, line 1: unknown column `publised`; did you mean `published`?"


def test_a_file_named_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "file,outlet\na.txt,Wire\na.txt,Wire\n")
    assert "line 3: file 'a.txt' is on line 2, too" in fault


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults(tmp_path, "file,outlet,published\n,Wire,2031\nb.txt,,soon\nc.txt,WIRE,2031\n")) == 4


def test_metadata_that_are_binary_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(b"file,outlet\na.txt,\x81\x8d\n")
    with pytest.raises(StudyError, match="not UTF-8; save it as CSV in UTF-8"):
        load_metadata(path)


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (("13.2.2031", "02.03.2031"), ("2031-02-13", "2031-03-02")),
        (("2/13/2031", "3/2/2031"), ("2031-02-13", "2031-03-02")),
        (("13/2/2031", "3/2/2031"), ("2031-02-13", "2031-02-03")),
        (("2031-02-13T10:00", "13 February 2031"), ("2031-02-13", "2031-02-13")),
    ],
)
def test_dates_that_a_spreadsheet_rewrote_are_read_as_they_were(
    tmp_path: Path, days: tuple[str, str], read: tuple[str, str]
) -> None:
    rows = [f"{name};Wire;{day}" for name, day in zip(("a.txt", "b.txt"), days, strict=True)]
    path = metadata(
        tmp_path, "\n".join(["sep=;", "File;Outlet;Published;;", *[f"{row};;" for row in rows], ";;;;", ""])
    )
    table = load_metadata(path)
    assert tuple(table.published) == read
    assert table.line.tolist() == [3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_metadata_are_read_as_any_spreadsheet_saves_them(
    tmp_path: Path, encoding: str, line_end: str
) -> None:
    path = tmp_path / "articles.csv"
    lines = ["file;outlet;published", 'a.txt;"Türkei; heute";2031-02', "b.txt;Wire, The;"]
    path.write_bytes(line_end.join([*lines, ""]).encode(encoding))
    assert load_metadata(path)["outlet"].tolist() == ["Türkei; heute", "Wire, The"]


CODED = "article_id;sentence;start;end;frames;sentiment\n001;001:s1;0;9;conflict|morality;neutral\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_coding_is_read_as_any_spreadsheet_saves_it(tmp_path: Path, encoding: str, line_end: str) -> None:
    (tmp_path / "coding").mkdir()
    data = CODED.replace("\n", line_end).encode(encoding)
    (tmp_path / "coding" / "sentences.csv").write_bytes(data)
    (row,) = load_coding(tmp_path)["sentences"].to_dict("records")
    assert row == {
        "article_id": "001",
        "sentence": "001:s1",
        "start": 0,
        "end": 9,
        "frames": "conflict|morality",
        "sentiment": "neutral",
    }


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("sentences.csv", b"", "sentences.csv: not a table in CSV (No columns"),
        ("anna_sentences.csv", b"id,tone\n1,neutral\n", "line 1: has no column sentence; data/README.md"),
        ("anna_stances.csv", b"sentence,target\n", "line 1: has no column stance;"),
        ("quotes.csv", b"article_id\na\n", "line 1: has no column start and no end;"),
        (
            "sentences.csv",
            b"sentence,frames\na,b,c,d\ne\n1,2,3,4,5,6\n",
            "not a table in CSV (Error tokenizing",
        ),
        ("sentences.csv", "sentence\nö\n".encode("latin-1"), "not UTF-8; save it as CSV in UTF-8"),
    ],
)
def test_coding_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / "coding").mkdir()
    (tmp_path / "coding" / name).write_bytes(data)
    with pytest.raises(StudyError) as error:
        load_coding(tmp_path)
    (fault,) = error.value.faults
    assert name in fault and message in fault


def test_the_language_is_one_that_comes_along_or_a_folder_beside_the_study(tmp_path: Path) -> None:
    assert load_settings(tmp_path).language == "english"
    (tmp_path / "study.yml").write_text("language: english\n")
    assert load_settings(tmp_path).language == "english"
    (tmp_path / "french").mkdir()
    (tmp_path / "french" / "classes.yml").write_text("article: {for: Articles., words: le la}\n")
    (tmp_path / "study.yml").write_text("language: french\n")
    assert load_settings(tmp_path).language == str(tmp_path / "french")
    (tmp_path / "study.yml").write_text("language: klingon\n")
    with pytest.raises(
        StudyError, match=r"study.yml: language: klingon: no such language; there are english, or"
    ):
        load_settings(tmp_path)


def test_settings_are_optional_and_checked(tmp_path: Path) -> None:
    assert load_settings(tmp_path).target == ""
    (tmp_path / "study.yml").write_text("titel: My study\n")
    with pytest.raises(StudyError, match="line 1: unknown key 'titel'; did you mean 'title'"):
        load_settings(tmp_path)
    (tmp_path / "study.yml").write_text("- a list\n")
    with pytest.raises(StudyError, match="must be a mapping"):
        load_settings(tmp_path)
    (tmp_path / "study.yml").write_text("title: [open\n")
    with pytest.raises(StudyError, match="line 2: not valid YAML"):
        load_settings(tmp_path)


def test_a_study_is_found_by_name_from_anywhere_in_the_project(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "notebooks")
    assert find_study("sample") == root / "data" / "sample"
    assert find_study(root / "data" / "sample") == root / "data" / "sample"
    with pytest.raises(StudyError, match=r"no such study.*sample, us-russia-talks"):
        find_study("samples")


def test_a_study_in_another_projects_data_folder_is_found_by_its_path(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    other = tmp_path / "data" / "sample"
    other.mkdir(parents=True)
    assert how_found(root / "data" / "sample") == "sample"
    for folder in (root / "data" / "sample", other):
        assert find_study(how_found(folder)) == folder


def hostile_study(folder: Path) -> Study:
    attack = "<img src=x onerror=alert(1)>"
    rows = [
        {"article_id": "a", "outlet": attack},
        {"article_id": "b", "outlet": "Wire", "text": "It rained."},
    ]
    return Study(
        name="made",
        folder=folder,
        settings=Settings(title=attack, question=attack, notice=attack),
        codebook=load_codebook(),
        tables={table.name: table.make() for table in tables.ALL} | {"articles": tables.ARTICLES.make(rows)},
        coding={},
    )


def test_a_study_shows_what_it_holds_what_is_missing_and_what_a_row_of_each_table_is(tmp_path: Path) -> None:
    html = hostile_study(tmp_path)._repr_html_()
    assert "Wire (1)" in html and "2 articles of 2 outlets, 0 sentences, 0 quotes" in html
    assert "1 of 2 texts" in html and "none: nothing the machine found is validated" in html
    assert [table.row for table in tables.ALL if table.row not in unescape(html)] == []


def test_nothing_a_study_says_of_itself_becomes_markup(tmp_path: Path) -> None:
    assert "<img" not in hostile_study(tmp_path)._repr_html_()


def test_in_the_terminal_a_study_takes_one_line_and_its_tables_one_each(tmp_path: Path) -> None:
    study = hostile_study(tmp_path)
    assert repr(study).endswith(": 2 articles of 2 outlets, 0 sentences, 0 quotes>")
    assert len(repr(tables.TableSet(study.tables)).splitlines()) == len(tables.ALL)


@pytest.fixture
def tram(tmp_path: Path) -> Path:
    """An invented study of two outlets, one article each, whose texts have 31 characters."""
    folder = tmp_path / "tram"
    for outlet in ("Wire", "Clarion"):
        (folder / "articles" / outlet).mkdir(parents=True)
        text = f"Tram talks\n\n{outlet:<8} saw trams go."
        (folder / "articles" / outlet / f"{outlet.lower()}.txt").write_text(text)
    (folder / "coding").mkdir()
    return folder


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("wier,1,0,9,,", "line 3: article_id 'wier': the study has no such article; did you mean 'wire'?"),
        ("wire,1,7000,99999,,", "line 3: 7000 to 99999 is outside the text of 'wire', which has"),
        ("wire,1,9,9,,", "line 3: start 9 and end 9 hold no text"),
        ("wire,1,-3,9,,", "line 3: start -3 and end 9 hold no text"),
        ("wire,1,0,nine,,", "line 3: start '0' and end 'nine' are no numbers"),
        (
            "wire,1,0,9,conflict|banana,",
            "line 3: frame 'banana': the codebook has no such code; write one of",
        ),
        (
            "wire,1,0,9,,sour",
            "line 3: sentiment 'sour': the codebook has no such code; write one of: negative",
        ),
    ],
)
def test_coding_that_cannot_be_is_named_with_its_line(tram: Path, row: str, said: str) -> None:
    head = "article_id,sentence,start,end,frames,sentiment\n"
    path = tram / "coding" / "anna_sentences.csv"
    path.write_text(f"{head}wire,0,0,9,conflict,neutral\n")
    assert find_faults(tram)[0] == [] and "anna_sentences" in open_study(tram).coding
    path.write_text(f"{head}wire,0,0,9,conflict,neutral\n{row}\n")
    (fault,) = find_faults(tram)[0]
    assert fault.startswith(f"{path}, {said}")
    with pytest.raises(StudyError) as error:
        open_study(tram)
    assert error.value.faults == [fault]


def test_an_unknown_target_or_stance_is_named_once_with_how_often_it_stands(tram: Path) -> None:
    rows = ["0,talks,sour", "1,negotiations,sour", "2,negotiations,sour", "3,negotiations,favourable"]
    (tram / "coding" / "stances.csv").write_text("\n".join(["sentence,target,stance", *rows]))
    first, second = find_faults(tram)[0]
    assert "stances.csv, line 2: target 'talks': the codebook has no such code" in first
    assert "stances.csv, line 3 and 1 more: stance on negotiations 'sour'" in second


def test_a_study_without_outlets_has_one_fault_that_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("It rained.")
    (fault,) = find_faults(tmp_path)[0]
    assert "articles.csv: no outlet is given; write this file" in fault and "article_id,file,outlet" in fault
    with pytest.raises(StudyError) as error:
        open_study(tmp_path)
    assert error.value.faults == [fault]


def test_faults_of_all_files_are_told_in_one_run(tram: Path) -> None:
    rows = ["wire.txt,Wire,soon", "gone.txt,Wire,2031", "empty.txt,Wire,2031", "old.txt,Clarion,2031"]
    (tram / "articles.csv").write_text("\n".join(["file,outlet,published", *rows]))
    (tram / "articles" / "empty.txt").write_text("")
    (tram / "articles" / "old.txt").write_bytes("Türen zu".encode("latin-1"))
    (tram / "coding" / "sentences.csv").write_text("article_id,sentence,start,end\nold,1,0,8\nnone,1,0,9\n")
    (tram / "study.yml").write_text("titel: Trams\n")
    faults, problems = find_faults(tram)
    for said in ("published 'soon'", "no file 'gone.txt'", "clarion.txt: has no row", "'none'", "'titel'"):
        assert sum(said in fault for fault in faults) == 1
    assert len(faults) == 5 and problems["file"].tolist() == ["empty.txt", "old.txt"]


def test_a_study_that_is_not_found_is_told_with_the_folder_looked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match="studies here: sample") as error:
        find_study("tram")
    assert f"nor a name under {tmp_path / 'data'})" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: Trams\nnotice:\n\tall: of\n", "line 3: not valid YAML (a tab; indent with spaces)"),
        ("title: Trams\n \tnotice: none\n", "line 2: not valid YAML (a tab; indent with spaces)"),
        (
            "title: Tram: the fight\n",
            "line 1: not valid YAML (a second colon in 'title: Tram: the fight'; put the",
        ),
        (
            "title: @tram\n",
            "line 1: not valid YAML (a text cannot begin with @; put the text in quotation marks)",
        ),
    ],
)
def test_yaml_that_cannot_be_read_is_told_in_words_of_its_writer(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "study.yml").write_text(text)
    with pytest.raises(StudyError) as error:
        load_settings(tmp_path)
    assert said in str(error.value)
    (tmp_path / "frames.yml").write_text(text)
    faults = [str(fault) for fault in check_codebook(tmp_path)]
    assert any(said.partition("not valid YAML (")[2].rstrip(")") in fault for fault in faults)
