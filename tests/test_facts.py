"""Facts of a codebook: what a sentence tells, and what an outlet left out that it could have known, never more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.ask.about_coverage import coverage_matrix, omissions, told_facts
from analysis.ask.audit import SAME, audit
from analysis.ask.material import Material
from analysis.ask.questions import Questions
from analysis.codebook import check_codebook, load_codebook
from analysis.pipeline import annotate
from analysis.studies import open_study
from analysis.tables import ARTICLES

CODEBOOK = """
facts:
  closure:
    name: The mill will close
    known: 2025-03-10
    source: https://example.org/mill
    indicators: ['mill ~6 (clos*|shut*)']
    examples: [The owners are giving up the mill after ninety years.]
  loan:
    name: The town lent the mill two million
    known: 2025-03
    source: https://example.org/loan
    indicators: [(loan|lent) ~6 million]
  report:
    name: An audit found the books in disorder
    known: 2025-03-20
    source: https://example.org/audit
    indicators: [audit* ~10 (books|accounts)]
"""
# Outlet, day and text of each article of an invented dispute, told in the words of each.
ARTICLES_OF = [
    ("North", "2025-03-11", "The mill on the quay will close in June. Nobody was asked."),
    ("North", "2025-03-21", "Auditors could make nothing of the accounts. The town had lent it 2 million crowns."),
    ("South", "2025-03-10", "Rain fell on the regatta."),
    ("East", "2025-03-09", "The choir sang on the quay."),
    ("East", "2025-02", "A new organ for the church."),
    ("West", "2025-03-12", "“After ninety years the owners are giving up the mill,” said Ida Lund, the mayor."),
    ("West", "", "A letter from our readers."),
    ("Late", "2025-05-02", "The lights on the quay were green again."),
    ("Month", "2025-03", "Spring came late."),
    ("Undated", "", "The harbour froze."),
]  # fmt: skip
# What a reader who has the days finds: told, left out, not yet known, or not to be decided.
GOLD = {
    "The mill will close": "North present, South absent, East early, West present, Late omitted, Month absent, Undated absent",
    "The town lent the mill two million": "North present, South absent, East absent, West absent, Late omitted, Month absent, Undated absent",
    "An audit found the books in disorder": "North present, South early, East early, West absent, Late omitted, Month absent, Undated absent",
}


def study(folder: Path, codebook: str = CODEBOOK) -> Questions:
    (folder / "articles").mkdir(parents=True)
    (folder / "codebook").mkdir()
    (folder / "codebook" / "facts.yml").write_text(codebook, encoding="utf-8")
    rows = ["file,outlet,published"]
    for number, (outlet, day, text) in enumerate(ARTICLES_OF):
        (folder / "articles" / f"a{number}.txt").write_text(text, encoding="utf-8")
        rows.append(f"a{number}.txt,{outlet},{day}")
    (folder / "articles.csv").write_text("\n".join(rows), encoding="utf-8")
    return Questions(open_study(folder))


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    return study(tmp_path_factory.mktemp("facts") / "mill")


def test_nothing_is_left_out_that_could_not_be_known_and_all_that_could(about: Questions) -> None:
    matrix = coverage_matrix(about)
    assert {
        item: ", ".join(f"{o} {c.kind}" for o, c in zip(matrix.outlets, cells, strict=True))
        for item, cells in matrix.items
    } == GOLD


def test_a_cell_says_how_high_up_and_in_whose_words_and_opens_its_sentence(about: Questions) -> None:
    matrix = coverage_matrix(about)
    closure = dict(zip(matrix.outlets, dict(matrix.items)["The mill will close"], strict=True))
    assert (closure["North"].said, closure["North"].page) == ("¶ 1, own words", "articles/a0.html#s1")
    assert closure["West"].said == "¶ 1, Ida Lund"
    assert closure["Late"].said == "left out, though known since 2025-03-10"
    assert closure["East"].said == "not yet known"


def test_what_was_told_is_counted_of_what_could_be_told_and_audited(about: Questions) -> None:
    table = omissions(about).table.set_index("outlet")
    assert table[["n", "total"]].to_dict("index") == {
        "North": {"n": 3, "total": 3},
        "West": {"n": 1, "total": 1},
        "Late": {"n": 0, "total": 3},
    }
    told = told_facts(about).table
    assert told[["outlet", "n", "own"]].to_numpy().tolist() == [
        ["North", 1, 1],
        ["North", 1, 1],
        ["West", 1, 0],
        ["North", 1, 1],
    ]

    class Facts(Material):
        """Only what is asked of coverage."""

        told_facts, omissions = told_facts, omissions

    found = audit(Facts(about.study))
    ours = found[found["chart"].isin(["07-told-facts", "07-coverage"])]
    assert len(ours) >= 8 and set(ours["verdict"]) == {SAME}


def test_a_study_without_texts_or_facts_leaves_nothing_out(about: Questions, tmp_path: Path) -> None:
    bare = study(tmp_path / "bare", "facts: {}\n")
    assert not coverage_matrix(bare).items and told_facts(bare).table.empty and omissions(bare).table.empty
    texts = bare.study.articles.assign(text=pd.NA)
    facts = load_codebook(about.study.folder / "codebook")
    gone = replace(about.study, codebook=facts, tables={**bare.study.tables, "articles": texts})
    assert {cell.kind for _, cells in coverage_matrix(Questions(gone)).items for cell in cells} == {"absent"}


def test_a_sentence_tells_a_fact_by_an_example_only_where_it_has_most_of_its_words(tmp_path: Path) -> None:
    (tmp_path / "facts.yml").write_text(CODEBOOK, encoding="utf-8")
    texts = {
        "alike": "After ninety years its owners give up the old mill.",
        "unlike": "The owners of the brewery held on for years.",
        "lie": "The council denied that the mill would close.",
    }
    made = annotate(
        ARTICLES.make([{"article_id": a, "text": t} for a, t in texts.items()]), load_codebook(tmp_path)
    )["facts"]
    assert made[["article_id", "fact"]].to_numpy().tolist() == [["alike", "closure"], ["lie", "closure"]]
    assert not pd.isna(made["start"]).any()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("name: A, indicators: [a]", "'x' has no day on which it became known; write `known: 2025-02-18`"),
        ("known: last May, indicators: [a]", "'x': known is 'last May'; write a date such as 2025-02-18"),
        ("known: 2025-02-30, indicators: [a]", "'x': known is '2025-02-30'; write a date"),
        ("known: 2025-02-18", "'x' has neither indicators nor examples and will never be found"),
        ("known: 2025-02-18, indicators: [a], sources: b", "unknown key 'sources'; did you mean 'source'?"),
        ("known: 2025-02-18, indicators: ['(a']", "'x', indicator '(a': a ( without its )"),
        ("known: 2025-02-18, indicators: [a]", "'x' has no source; give the address that shows on which day"),
    ],
)
def test_a_fault_of_a_fact_is_said_with_its_line(tmp_path: Path, entry: str, said: str) -> None:
    (tmp_path / "facts.yml").write_text(f"facts:\n  x: {{{entry}}}\n", encoding="utf-8")
    (fault, *_) = [str(f) for f in check_codebook(tmp_path) if "facts.yml" in f.file]
    assert "facts.yml, line 2: " in fault and said in "\n".join(map(str, check_codebook(tmp_path)))
