"""Quotes written for use elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis.cli import main
from analysis.codebook import load_codebook
from analysis.pipeline import annotate
from analysis.publish.export import export_quotes, list_quotes
from analysis.tables import ARTICLES

TEXT = 'The bridge\n\n"We are ready," said Anna Lund, the mayor. "It will stand."\nOfficials warned that it would not.'


def _made(text: str | None = TEXT) -> dict[str, pd.DataFrame]:
    articles = ARTICLES.make([{"article_id": "a", "outlet": "Courier", "text": TEXT}])
    made = {"articles": articles, **annotate(articles, load_codebook())}
    made["articles"] = ARTICLES.make(articles.assign(text=text))
    return made


def test_a_quote_has_its_cue_source_contents_and_offsets() -> None:
    first, second = list_quotes(_made())
    assert [c["text"] for c in first["contents"]] == ["We are ready", "It will stand."]
    assert (first["cue"]["text"], first["source"]["name"], first["form"]) == ("said", "Anna Lund", "direct")
    assert (second["source"]["words"]["text"], second["form"], second["quoted"]) == (
        "Officials",
        "indirect",
        [],
    )
    for stretch in (*first["contents"], first["cue"], first["source"]["words"]):
        assert TEXT[stretch["start"] : stretch["end"]] == stretch["text"]


def test_without_its_text_a_quote_keeps_its_offsets() -> None:
    with_text, without = list_quotes(_made())[0], list_quotes(_made(None))[0]
    assert [c["start"] for c in without["contents"]] == [c["start"] for c in with_text["contents"]]
    assert {c["text"] for c in without["contents"]} == {None}


def test_json_and_csv_hold_the_same_quotes(tmp_path: Path) -> None:
    made = _made()
    assert export_quotes(made, tmp_path / "q.json") == export_quotes(made, tmp_path / "q.csv") == 2
    loaded = json.loads((tmp_path / "q.json").read_text(encoding="utf-8"))
    assert loaded == list_quotes(made)
    rows = pd.read_csv(tmp_path / "q.csv")
    assert rows["content"].tolist()[0] == "We are ready […] It will stand."
    assert rows["content_start"].tolist() == [q["contents"][0]["start"] for q in loaded]


def test_the_command_writes_the_quotes_of_a_folder_and_of_a_study(tmp_path: Path, capsys) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    assert main(["quotes", str(tmp_path / "in"), "--out", str(tmp_path / "q.json")]) == 0
    assert main(["quotes", "sample", "--out", str(tmp_path / "s.csv")]) == 0
    assert "2 quotes" in capsys.readouterr().out
    assert (
        set(pd.read_csv(tmp_path / "s.csv")["outlet"]) > {"Daily Clarion"}
        or len(pd.read_csv(tmp_path / "s.csv")) > 50
    )


def test_a_file_of_another_kind_is_refused(tmp_path: Path, capsys) -> None:
    assert main(["quotes", "sample", "--out", str(tmp_path / "q.xml")]) == 2
    assert "name a .json or .csv file" in capsys.readouterr().err
