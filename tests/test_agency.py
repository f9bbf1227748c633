"""Agency and naming: who is named as acting in violence and decisions, in which form, and what actors are called."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.annotate.agency import deed_words, find_agency
from analysis.annotate.namings import find_namings
from analysis.ask import about_agency
from analysis.ask.audit import SAME, audit
from analysis.ask.material import Material
from analysis.codebook import Codebook, load_codebook
from analysis.language import load_language
from analysis.parse.document import parse, parse_text
from analysis.pipeline import annotate
from analysis.studies import open_study
from analysis.tables import ARTICLES

SETS = {"polnear": "polnear/train", "election": "election/articles", "talks": "talks/articles"}


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    folder = tmp_path_factory.mktemp("codebook")
    (folder / "tone.yml").write_text(
        "actors:\n  norwick: {name: Norwick, indicators: [(=Norwick|norwickian|=Lund)]}\n", encoding="utf-8"
    )
    return load_codebook(folder)


def deeds(text: str, codebook: Codebook) -> list[tuple[str, str, str | None]]:
    """The word, form and agent of each deed."""
    table = find_agency([parse_text(text)], codebook)
    return [
        (text[r.start : r.end], r.form, None if pd.isna(r.agent) else r.agent)  # type: ignore[misc]
        for r in table.itertuples()
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rebels killed nine people and wounded six.", [("killed", "active", "Rebels"), ("wounded", "active", "Rebels")]),
        ("Nine people were killed by rebels.", [("killed", "by", "rebels")]),
        ("Nine people were killed on Monday by rebels.", [("killed", "by", "rebels")]),
        ("Nine people were killed on Monday.", [("killed", "passive", None)]),
        ("He was shot and killed by an officer.", [("shot", "passive", None), ("killed", "by", "an officer")]),
        ("The killing of nine people shocked us.", [("killing", "noun", None)]),
        ("The rebels' attack failed.", [("attack", "noun", "The rebels")]),
        ("The attack by rebels failed.", [("attack", "noun", "rebels")]),
        ("His murder shocked us.", [("murder", "noun", None)]),
        ("Lund's murder of her rival shocked us.", [("murder", "noun", "Lund's")]),
        ("The bill was approved by a vote of nine to four.", [("approved", "passive", None)]),
        ("The court's decision to ban the party was rejected.",
         [("decision", "noun", "The court's"), ("ban", "active", "The court's"), ("rejected", "passive", None)]),
        ("She was killed in an attack by rebels.", [("killed", "passive", None), ("attack", "noun", "rebels")]),
        ("The strike that killed nine came late.", [("strike", "noun", None), ("killed", "active", "The strike")]),
        ("They struck a deal in order to win, and she gave it a shot.", []),
        ("The wounded soldiers and shooting victims met Ban Ki-moon.", []),
        ("The market was full.", []),
    ],
)  # fmt: skip
def test_the_form_says_who_acts(text: str, found: list[Any], codebook: Codebook) -> None:
    assert deeds(text, codebook) == found


def test_words_are_read_inside_quotation_marks_too_and_have_their_voice(codebook: Codebook) -> None:
    text = "“Lund's men killed my brother,” said Ida Berg. The council rejected the claim."
    made = annotate(ARTICLES.make([{"article_id": "a", "text": text}]), codebook)["agency"]
    assert made[["form", "actor", "voice"]].astype(object).where(made.notna(), None).to_numpy().tolist() == [
        ["active", "norwick", "quoted"],
        ["active", None, "author"],
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Norwick regime fell, and Norwick’s troops left.", ["Norwick regime", "Norwick troops"]),
        ("Norwickian President Anna Lund spoke.", ["Norwickian President Anna Lund"]),
        ("The dictator Lund met a Norwickian envoy.", ["dictator Lund", "Norwickian envoy"]),
        ("Nobody was named.", []),
    ],
)
def test_an_actor_is_called_by_its_name_and_the_noun_beside_it(
    text: str, names: list[str], codebook: Codebook
) -> None:
    assert find_namings([parse_text(text)], codebook)["name"].tolist() == names


def test_without_words_for_deeds_or_actors_nothing_is_found(root: Path) -> None:
    assert not find_namings([parse_text("Norwick fell.")], load_codebook())["name"].tolist()
    assert {"kill", "decided"} <= deed_words(load_language()).classes.keys()


def test_shares_are_of_each_outlets_deeds_and_mentions_and_lead_to_them(tmp_path: Path) -> None:
    texts = {
        "North": "Norwick's army killed nine people. Six were wounded. The attack began at dawn. Norwick denied it.",
        "South": "“Norwick attacked us,” said Ida Berg. Four people were killed by Norwickian troops. The council decided to wait.",
    }
    (tmp_path / "articles").mkdir()
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "tone.yml").write_text(
        "actors:\n  norwick: {name: Norwick, indicators: [(=Norwick|norwickian)]}\n", encoding="utf-8"
    )
    for outlet, text in texts.items():
        (tmp_path / "articles" / f"{outlet}.txt").write_text(text, encoding="utf-8")
    rows = "\n".join(f"{outlet}.txt,{outlet}" for outlet in texts)
    (tmp_path / "articles.csv").write_text(f"file,outlet\n{rows}\n", encoding="utf-8")

    class Agency(Material):
        violence, decisions = about_agency.violence, about_agency.decisions
        acting, unnamed, namings = about_agency.acting, about_agency.unnamed, about_agency.namings

    about = Agency(open_study(tmp_path))
    acting = about_agency.acting(about).table.set_index(["outlet", "actor"])
    assert acting["n"].to_dict() == {
        ("North", "Norwick"): 1,
        ("North", about_agency.NOBODY): 2,
        ("South", "Norwick"): 2,
        ("South", about_agency.NOBODY): 0,
    }
    forms = about_agency.violence(about).table.set_index(["outlet", "form"])["n"]
    assert forms["North"].to_dict() == {"active": 1, "by": 0, "passive": 1, "noun": 1}
    assert forms["South"].to_dict() == {"active": 1, "by": 1, "passive": 0, "noun": 0}
    unnamed = about_agency.unnamed(about).table.set_index(["outlet", "kind_of_voice"])
    assert unnamed.loc[("South", about_agency.CITED), ["n", "total"]].tolist() == [0, 1]
    named = about_agency.namings(about).table.set_index(["outlet", "naming"])["n"]
    assert named["North"].to_dict() == {"Norwick": 1, "Norwick army": 1, "Norwickian troops": 0}
    found = audit(about)
    assert len(found) > 12 and set(found["verdict"]) == {SAME}


def _f1(right: int, found: int, wanted: int) -> float:
    return 2 * right / (found + wanted)


def test_forms_and_agents_of_300_deeds_coded_before_the_run(root: Path, shared: Path) -> None:
    """Micro-F1 of place and form, and of place and agent where somebody is named; floors for all rows and for the odd ones."""
    folder = root / "tests"
    with (folder / "agency" / "coding.csv").open(encoding="utf-8") as file:
        gold = list(csv.DictReader(file))
    assert len(gold) == 300
    found: dict[tuple[str, str, int], Any] = {}
    for name, place in SETS.items():
        ids = sorted({row["article"] for row in gold if row["set"] == name})
        texts = [(shared / "benchmarks" / place / f"{i}.txt").read_text(encoding="utf-8") for i in ids]
        articles = ARTICLES.make({"article_id": i, "text": t} for i, t in zip(ids, texts, strict=True))
        table = find_agency(parse(articles, load_language()), load_codebook())
        found |= {(name, row.article_id, row.start): row for row in table.itertuples()}  # type: ignore[misc]
    measured = {"all": _score(gold, found), "unread": _score(gold[1::2], found)}
    floors = json.loads((folder / "quality_floors.json").read_text(encoding="utf-8"))["agency"]
    figures = {f"{rows}.{what}": value for rows, scores in measured.items() for what, value in scores.items()}
    assert {name: round(figures[name], 3) for name, floor in floors.items() if figures[name] < floor} == {}


def _score(gold: list[dict[str, str]], found: dict[tuple[str, str, int], Any]) -> dict[str, float]:
    forms, agents = [0, 0, 0], [0, 0, 0]
    for row in gold:
        ours = found.get((row["set"], row["article"], int(row["start"])))
        same = ours is not None and ours.form == row["form"]
        forms = [forms[0] + same, forms[1] + (ours is not None), forms[2] + (row["form"] != "none")]
        spans = [
            (int(a), int(b))
            for a, b in zip(row["agent_start"].split("|"), row["agent_end"].split("|"), strict=True)
            if a
        ]
        named = ours is not None and not pd.isna(ours.agent_start)
        right = named and any(ours.agent_start <= a and b <= ours.agent_end for a, b in spans)
        agents = [agents[0] + right, agents[1] + named, agents[2] + bool(spans)]
    return {"forms.f1": _f1(*forms), "agents.f1": _f1(*agents)}
