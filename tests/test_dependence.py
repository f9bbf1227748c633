"""Dependence: who printed whose words later, who credits whom, and how much of each article is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.ask import about_dependence, about_reuse
from analysis.ask.audit import SAME, audit
from analysis.ask.material import Material
from analysis.indicators import parse_indicator
from analysis.studies import open_study

REPORT = "The mill on the quay will close in June and four hundred people will lose their work there."
SPEECH = "We shall fight for every one of these jobs until the last ship has left the harbour"
ARTICLES = {
    "wire": ("Harbour Wire", "2025-03-10", f"{REPORT} “{SPEECH},” said Ida Lund. Nobody was asked."),
    "echo": ("The Echo", "2025-03-11", f"Bad news. {REPORT} The choir sang. Harbour Wire contributed to this report."),
    "twin": ("Twin", "2025-03-10", f"{REPORT} It rained."),
    "voice": ("Voice", "2025-04", f"“{SPEECH},” Lund told Reuters. Officials told AP and the AP that a map was pale."),
    "alone": ("Alone", "2025-05-01", "The organ of the church was tuned."),
}  # fmt: skip


class Dependence(Material):
    """What is asked of dependence alone."""

    follows, credited = about_dependence.follows, about_dependence.credited
    own_share, own_articles = about_dependence.own_share, about_dependence.own_articles


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory) -> Dependence:
    folder = tmp_path_factory.mktemp("mill")
    (folder / "articles").mkdir()
    rows = ["file,outlet,published"]
    for name, (outlet, day, text) in ARTICLES.items():
        (folder / "articles" / f"{name}.txt").write_text(text.replace(". Harbour", ".\n\nHarbour"), "utf-8")
        rows.append(f"{name}.txt,{outlet},{day}")
    (folder / "articles.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "study.yml").write_text("near_duplicates: each\n", encoding="utf-8")
    return Dependence(open_study(folder))


def test_an_outlet_follows_whoever_had_the_words_on_an_earlier_day(about: Dependence) -> None:
    table = about_dependence.follows(about).table.set_index(["outlet", "other_outlet"])
    assert table["words"].to_dict() == {
        ("The Echo", "Harbour Wire"): 18,
        ("The Echo", "Twin"): 18,
        ("Voice", "Associated Press"): 0,
        ("Voice", "Reuters"): 0,
    }
    assert table["credits"].tolist() == [1, 0, 1, 1]


def test_on_one_day_nobody_follows_and_shared_speech_is_no_following(about: Dependence) -> None:
    parts = about_dependence.follows(about).evidence().table
    twin = parts[(parts["outlet"] == "Twin") & (parts["other_outlet"] == "Harbour Wire")]
    assert twin["part"].tolist() == ["order unknown"]
    voice = parts[parts["outlet"] == "Voice"]
    assert voice[["part", "speech"]].to_numpy().tolist() == [["printed before elsewhere", "yes"]]


def test_how_much_is_its_own_counts_each_word_once(about: Dependence) -> None:
    table = about_dependence.own_articles(about).table.set_index("article_id")
    assert (table["own"] <= table["words"]).all() and table.loc["alone", "share"] == 1
    assert table.loc["echo", ["words", "own", "taken"]].tolist() == [23, 5, 18]
    assert table.loc["twin", ["own", "taken", "first"]].tolist() == [2, 0, 18]
    by_outlet = about_dependence.own_share(about).table.set_index("outlet")
    assert by_outlet.loc["The Echo", ["n", "total"]].tolist() == [5, 23]


def test_every_credit_is_listed_with_its_words_and_every_number_found_again(about: Dependence) -> None:
    credit = about_dependence.credited(about).table
    assert credit[["outlet", "other_outlet", "place"]].to_numpy().tolist() == [
        ["The Echo", "Harbour Wire", "credit line"],
        ["Voice", "Reuters", "text"],
        ["Voice", "Associated Press", "text"],
    ]
    found = audit(about)
    assert len(found) >= 6 and set(found["verdict"]) == {SAME}


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("The Echo", "=The =Echo"),
        ("Arts & Letters", "=Arts ~1 =Letters"),
        ("taz", "=taz"),
        ("<b onload=x(1)>*~|", "=b =onload =x =1"),
        ("***", ""),
        ("日本新聞", "=日本新聞"),
    ],
)
def test_the_name_of_an_outlet_is_looked_for_by_its_words_whatever_signs_it_has(
    name: str, indicator: str
) -> None:
    assert about_dependence._cased(name) == indicator
    assert about_dependence._capitalised("agence france-presse") == "Agence France-Presse"
    assert about_dependence._capitalised("afp") == "AFP"
    if indicator:
        parse_indicator(indicator)


def test_without_texts_nobody_follows(root: Path) -> None:
    about = Dependence(open_study(root / "data" / "us-russia-talks"))
    assert about_dependence.follows(about).table.empty and about_dependence.own_share(about).table.empty
    assert about_dependence.credited(about).table.empty and about_reuse.shared_passages(about).empty
