"""A study begun from files: texts in UTF-8, one table to fill in, one account; the files stay as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.new_studies import add_to_study, find_outlets_alike, find_outlets_almost_alike, new_study
from analysis.read.source import Source
from analysis.studies import open_study
from analysis.study import StudyError, load_metadata

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_study_keeps_each_text_with_its_source_and_its_offsets(project: Path) -> None:
    made = new_study("talks", SAMPLES / "nexis-uni.docx")
    kept = load_metadata(made.folder / "articles.csv")
    assert kept["place"].tolist() == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert set(kept["source"]) == {"nexis-uni.docx"}
    assert set(kept["source_sha256"]) == {Source.from_file(SAMPLES / "nexis-uni.docx").digest}
    study = open_study("talks")
    texts = {a.article_id: a.text for a in made.articles.itertuples()}
    assert {a.article_id: a.text for a in study.articles.itertuples()} == {
        name: text for name, text in texts.items() if name != "nexis-uni-3"
    }
    first = study.quotes.iloc[0]
    assert texts[first.article_id][first.start : first.end].startswith("The meeting lasted four hours")
    assert study.account["announced"].tolist() == [4] and study.account["near_duplicates"].tolist() == [1]


def test_near_duplicates_are_counted_once_or_each_as_the_study_says(project: Path) -> None:
    folder = new_study("talks", SAMPLES / "nexis-uni.rtf").folder
    assert len(open_study("talks").articles) == 3
    assert any(
        "is a near-duplicate of nexis-uni-1" in said for said in open_study("talks").problems["message"]
    )
    (folder / "study.yml").write_text("near_duplicates: each\n")
    assert len(open_study("talks").articles) == 4
    (folder / "study.yml").write_text("near_duplicates: twice\n")
    with pytest.raises(StudyError, match="write `once` or `each`, not 'twice'"):
        open_study("talks")


def test_a_text_in_another_language_does_not_enter_the_study(project: Path) -> None:
    folder = project / "bring"
    folder.mkdir()
    shutil.copy(SAMPLES / "german.txt", folder)
    shutil.copy(SAMPLES / "windows-1252.txt", folder)
    made = new_study("talks", folder)
    assert made.articles["article_id"].tolist() == ["windows-1252"]
    assert made.account["other_language"].tolist() == [1, 0]
    assert [path.name for path in (made.folder / "articles").iterdir()] == ["windows-1252.txt"]


def test_outlets_spelt_two_ways_are_put_together_on_request(project: Path) -> None:
    assert find_outlets_alike(["The Wire", "Wire", "WIRE", "Wire", "Clarion"]) == [
        ["Wire", "The Wire", "WIRE"]
    ]
    rows = [
        {"outlet": o, "text": f"The {w} met in the harbour town and said no."}
        for o, w in (("Wire", "envoys"), ("The Wire", "mayors"))
    ]
    pd.DataFrame(rows).to_csv(project / "a.csv", index=False)
    assert new_study("one", project / "a.csv").outlets_alike == [["The Wire", "Wire"]]
    made = new_study("two", project / "a.csv", join_outlets=True)
    assert made.outlets_alike == [] and set(made.articles["outlet"]) == {"The Wire"}


def test_a_first_report_has_an_outlet_for_every_article(project: Path) -> None:
    folder = project / "bring"
    folder.mkdir()
    (folder / "a.txt").write_text("The envoys met in the harbour town on Monday.")
    (folder / "b.jsonl").write_text(
        '{"url": "https://www.wire.example/b", "text": "The mayors met in the harbour town."}\n'
    )
    made = new_study("talks", folder, outlet_for_all=True)
    assert dict(zip(made.articles["article_id"], made.articles["outlet"], strict=True)) == {
        "a": "unknown outlet",
        "b": "wire.example",
    }
    assert made.without_outlet == 0
    open_study("talks")


def test_names_that_no_system_allows_become_names_that_all_do(project: Path) -> None:
    pd.DataFrame({"title": ["One", "Two"], "text": ["The envoys met.", "They met again."]}).to_csv(
        project / "a: b?.csv", index=False
    )
    folder = new_study("talks", project / "a: b?.csv").folder
    assert sorted(p.name for p in (folder / "articles").iterdir()) == ["a_ b_-1.txt", "a_ b_-2.txt"]


def test_new_says_what_became_of_the_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "talks", "--articles", str(SAMPLES / "references.ris")]) == 0
    out = capsys.readouterr().out
    assert "2 articles read from 1 file; 1 without text" in out and "media-analysis report talks" in out
    assert main(["check", "talks"]) == 0
    assert "2 articles read from 1 file; 1 without text" in capsys.readouterr().out


def test_what_a_database_announced_and_did_not_give_fails_loudly(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SAMPLES / "proquest.txt").read_text(encoding="utf-8").replace("of 3\n", "of 500\n")
    (project / "a.txt").write_text(text, encoding="utf-8")
    assert main(["new", "talks", "--articles", "a.txt"]) == 1
    assert "error: 497 of 500 articles announced are missing from their files" in capsys.readouterr().err
    assert main(["annotate", "a.txt", "--out", "out"]) == 1
    account = pd.read_parquet("out/account.parquet")
    assert account["lost"].tolist() == [497]


def test_report_from_files_begins_the_study(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["report", "--from", str(SAMPLES / "lexisnexis-old.txt"), "--name", "talks"]
    assert main([*said, "--only", "99"]) == 2
    assert "3 articles read from 1 file" in capsys.readouterr().out
    assert (project / "data" / "talks" / "articles.csv").exists()
    assert main(said) == 2 and "is there already" in capsys.readouterr().err
    assert main(["report", "--from", "a.txt"]) == 2
    assert "--from PATH and --name NAME belong together" in capsys.readouterr().err


def test_show_names_the_articles_of_a_file_that_holds_several(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(SAMPLES / "proquest.txt")]) == 2
    assert "holds 3 articles (proquest-1, proquest-2, proquest-3); name one" in capsys.readouterr().err
    assert main(["show", f"{SAMPLES / 'proquest.txt'}:proquest-2"]) == 0
    assert "eleven dead" in capsys.readouterr().out


def test_quotes_are_written_of_any_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quotes", str(SAMPLES / "page.mhtml"), "--out", str(tmp_path / "q.csv")]) == 0
    assert "Aldane" in (tmp_path / "q.csv").read_text(encoding="utf-8")


def as_excel_saves(table: Path, **changes: str) -> None:
    """Semicolons, a mark, Windows line ends, dates as a German Excel shows them, an empty column at the end."""
    frame = pd.read_csv(table, dtype="string", keep_default_na=False).assign(**changes)
    frame["published"] = [".".join(reversed(day.split("-"))) for day in frame["published"]]
    frame[""] = ""
    frame.to_csv(table, sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def test_more_files_are_added_to_a_study_as_a_spreadsheet_gave_it_back(project: Path) -> None:
    folder = new_study("talks", SAMPLES / "nexis-uni.rtf").folder
    as_excel_saves(folder / "articles.csv", note="seen")
    (folder / "coding").mkdir()
    (folder / "coding" / "lines.csv").write_text("article_id,start,end,kind\nnexis-uni-1,0,3,title\n")
    before = open_study("talks")
    kept = {p.name: p.read_bytes() for p in (folder / "articles").iterdir()}
    bring = project / "bring"
    bring.mkdir()
    for name in ("nexis-uni.rtf", "nexis-uni.docx", "proquest.txt", "german.txt"):
        shutil.copy(SAMPLES / name, bring)
    shutil.copy(SAMPLES / "windows-1252.txt", bring / "clarion_2021-05-14_a-title.txt")
    made = add_to_study("talks", bring)
    assert made.again == 1 and made.account.set_index("file").loc["nexis-uni.docx", "duplicates"] >= 3
    assert {p.name: p.read_bytes() for p in (folder / "articles").iterdir() if p.name in kept} == kept
    after = open_study("talks")
    old = after.articles[after.articles["article_id"].isin(before.articles["article_id"])]
    assert old["note"].eq("seen").all() and len(old) == len(before.articles) < len(after.articles)
    assert old["published"].tolist() == before.articles["published"].tolist()
    assert len(after.account) == 5 and len(after.coding["lines"]) == 1
    ids = after.articles["article_id"]
    pd.testing.assert_frame_equal(
        after.quotes[after.quotes["article_id"].isin(before.articles["article_id"])].reset_index(drop=True),
        before.quotes,
        check_like=True,
    )
    assert ids.is_unique and not ids.str.contains("german").any()
    assert len(add_to_study("talks", bring).articles) == 0


def test_outlets_of_a_study_are_put_together_on_request(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {"Wire": "The envoys met in the harbour town.", "The Wire": "The mayors met in the harbour town."}
    pd.DataFrame({"outlet": list(words), "text": list(words.values())}).to_csv("a.csv", index=False)
    assert main(["new", "talks", "--articles", "a.csv"]) == 0
    assert "run `media-analysis new talks --add --join-outlets`" in capsys.readouterr().out
    assert main(["check", "talks"]) != 0
    assert main(["new", "talks", "--add", "--join-outlets"]) == 0
    assert open_study("talks").outlets == ["The Wire"]
    assert main(["new", "talks"]) == 2 and "say where the articles are" in capsys.readouterr().err


def test_what_a_spreadsheet_makes_of_months_and_of_ids_like_days_does_no_harm(project: Path) -> None:
    (project / "2021-05-14.txt").write_text("The envoys met in the harbour town.", encoding="utf-8")
    table = new_study("talks", project / "2021-05-14.txt").folder / "articles.csv"
    frame = pd.read_csv(table, dtype="string")
    assert frame["article_id"].isna().all()
    frame.assign(outlet="Wire", published="Feb-25").to_csv(table, index=False)
    articles = open_study("talks").articles
    assert articles[["article_id", "published"]].values.tolist() == [["2021-05-14", "2025-02"]]


def test_outlets_that_differ_by_a_letter_are_named_and_not_joined(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["Metro Daily", "Metro Daily", "Metro Dailly", "Channel 4 News", "Channel 5 News", "The Gazette"]
    assert find_outlets_almost_alike(names) == [("Metro Daily", "Metro Dailly")]
    folder = project / "bring"
    for i, outlet in enumerate(names[1:3]):
        (folder / outlet).mkdir(parents=True)
        (folder / outlet / f"{i}.txt").write_text(
            f"The bridge was closed on day {i}, the council said.", encoding="utf-8"
        )
    assert main(["new", "bridge", "--articles", str(folder)]) == 0
    assert "outlets 'Metro Dailly' and 'Metro Daily' are spelt almost alike" in capsys.readouterr().out
    assert load_metadata(project / "data/bridge/articles.csv")["outlet"].nunique() == 2
    assert main(["check", "bridge"]) == 0
    said = capsys.readouterr().out
    assert (
        "almost alike" in said and "2 articles without a date" in said and "study.yml has no question" in said
    )


def test_articles_of_no_outlet_are_counted_apart(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project / "bring"
    (folder / "Metro Daily").mkdir(parents=True)
    (folder / "Metro Daily" / "a.txt").write_text(
        "The bridge was closed, the council said.", encoding="utf-8"
    )
    (folder / "b.txt").write_text("The mayor opened another bridge on Friday, he said.", encoding="utf-8")
    main(["new", "bridge", "--articles", str(folder)])
    said = capsys.readouterr().out
    assert "2 articles are counted; 1 of 1 outlet, 1 of an outlet that nothing names" in said
