"""Main findings under other ways of counting: what holds, what only points the same way, what turns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.ask.about_front import find_contrasts, measures
from analysis.ask.about_robustness import ByParagraph, OwnVoice, WithHeadlines, robustness, verdict
from analysis.ask.comparison import Comparison
from analysis.ask.questions import Questions
from analysis.studies import open_study


@pytest.fixture(scope="module")
def about(root: Path) -> Questions:
    return Questions(open_study(root / "data" / "sample"))


@pytest.fixture(scope="module")
def table(about: Questions) -> pd.DataFrame:
    return robustness(about).table


def test_each_contrast_that_may_make_the_headline_is_tried(about: Questions, table: pd.DataFrame) -> None:
    found = find_contrasts(measures(about))
    assert len(table) == sum(len(these[:3]) for these in found.values())
    assert all(" more than " in finding for finding in table["finding"])


def test_every_outcome_is_a_difference_and_what_it_makes_of_the_finding(table: pd.DataFrame) -> None:
    cells = table.drop(columns="as counted").melt("finding")["value"].dropna()
    assert len(cells)
    assert cells.str.fullmatch(r"[+−]\d+ (holds|unsure|turns)|too few").all()
    turns = cells[cells.str.endswith("turns")]
    assert turns.str.startswith("−").all()


def test_a_way_that_cannot_change_a_measure_says_nothing_of_it(table: pd.DataFrame) -> None:
    experts = table["finding"].str.startswith("quotes of experts")
    assert table.loc[experts, "by paragraph"].isna().all()
    assert table.loc[~experts, "each source once"].isna().all()


def _frames(about: Questions) -> Comparison:
    return measures(about)["frame"].comparison


def test_by_paragraph_a_code_counts_once_a_paragraph(about: Questions) -> None:
    places = about.story.merge(about.counted.frames[["sentence_id", "frame"]], on="sentence_id", how="left")
    paragraphs = places.groupby(["outlet", "article_id", "paragraph"], sort=False)["frame"].agg(set)
    own = _frames(ByParagraph(about.study, about)).table
    for row in own.itertuples():
        sets = paragraphs[row.outlet]
        assert (row.n, row.total) == (sum(row.frame in s for s in sets), len(sets))


def test_only_the_outlets_own_words_carry_codes_in_their_own_voice(about: Questions) -> None:
    own = OwnVoice(about.study, about)
    for name in ("frames", "sentiment", "stance"):
        assert set(own.counted.tables[name]["voice"].dropna()) <= {"author"}
    usual, less = _frames(about).table, _frames(own).table
    assert (less["n"] <= usual["n"]).all()
    assert less["total"].equals(usual["total"])


def test_headlines_count_as_sentences(about: Questions) -> None:
    heads = about.sentences[about.sentences["part"] == "headline"].groupby("outlet").size()
    usual = _frames(about).table.groupby("outlet")["total"].first()
    more = _frames(WithHeadlines(about.study, about)).table.groupby("outlet")["total"].first()
    assert (more - usual).to_dict() == heads.to_dict()


def test_the_verdict_counts_findings_and_names_what_turns() -> None:
    table = pd.DataFrame(
        {
            "finding": ["A: x more than y", "B: x more than y", "C: y more than x"],
            "as counted": ["+9"] * 3,
            "by paragraph": ["+9 holds", "+1 unsure", pd.NA],
            "own voice only": ["+9 holds", "+9 holds", "−2 turns"],
        }
    )
    assert verdict(table) == (
        "Of 3 main findings, 1 holds in every other way of counting, 1 keeps the direction; "
        "reversed: C: y more than x (own voice only)."
    )
    assert verdict(table.head(0)) is None


def test_quotes_of_speech_alone_are_counted_unless_more_is_asked_for(about: Questions) -> None:
    reported = about.study.quotes.dropna(subset=["source_id"])["reported"]
    assert 0 < (reported == "speech").sum() < len(reported)
    everything = about.with_reported("speech", "thought", "act")
    for asked, n in ((about, (reported == "speech").sum()), (everything, len(reported))):
        kinds = asked.source_kinds().table
        assert kinds[kinds["kind"] == "expert"]["total"].sum() == n
    assert "quotes of speech, thought and act" in everything.roles().unit
    parts = about.what_is_reported().table
    assert parts["n"].sum() == len(reported)
    with pytest.raises(ValueError, match="speech, thought, act"):
        about.with_reported("rumour")
