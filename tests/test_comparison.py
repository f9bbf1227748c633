"""A comparison says in words what its numbers say, and its numbers lead on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

import analysis
from analysis.ask.comparison import Comparison
from analysis.ask.quotation import LONGEST as LONGEST_QUOTATION
from analysis.ask.quotation import SHORTEST, Quotation
from analysis.show.leads import lead
from analysis.studies import OpenedStudy
from analysis.text import count_words

TABLE = pd.DataFrame(
    [
        ("Wire", "human_cost", 3, 10, 0.3),
        ("Wire", "conflict", 3, 10, 0.3),
        ("Post", "human_cost", 0, 4, 0.0),
        ("Post", "conflict", 2, 4, 0.5),
        ("Echo", "human_cost", 0, 0, float("nan")),
        ("Echo", "conflict", 0, 0, float("nan")),
    ],
    columns=["outlet", "frame", "n", "total", "share"],
).assign(unit="sentences")


@pytest.fixture
def frames() -> Comparison:
    return Comparison(
        cast(Any, None),
        "03-frames",
        TABLE,
        of="frame",
        names={"human_cost": "Human cost", "conflict": "Conflict"},
        alpha={"human_cost": 0.9, "conflict": 0.4},
        doubtful={"conflict"},
        leads={"n": lead("03-sentences", "outlet", "frame")},
        facts={"topic": "the talks", "nothing": None},
    )


@pytest.fixture(scope="module")
def sample(root: Path) -> OpenedStudy:
    return analysis.open_study(root / "data" / "sample")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{highest}", "Post (50% of sentences)"),
        ("{lowest}", "Post (0% of sentences)"),
        (
            "{first}",
            "human cost and conflict in Wire (30% of sentences) and conflict in Post (50% of sentences)",
        ),
        ("{contrast}", "human cost (30% of sentences in Wire, 0% in Post)"),
        ("{validated} of {codes} on {topic}", "1 of 2 on the talks"),
    ],
)
def test_an_answer_is_computed_from_the_table(frames: Comparison, words: str, said: str) -> None:
    assert frames.answer(words).text == said


def test_the_values_of_every_group_are_said_from_the_largest_down(frames: Comparison) -> None:
    conflict = frames.only("conflict")
    assert conflict.answer("{each}").text == "50% of sentences in Post and 30% of sentences in Wire"
    assert frames.without("human_cost").answer("{counts}").text == "2 of 4 in Post and 3 of 10 in Wire"


def test_numbers_of_an_answer_lead_to_their_sentences_and_a_nought_leads_nowhere(frames: Comparison) -> None:
    leads = frames.answer("{contrast}").leads
    assert leads == [("30% of sentences", "#03-sentences?outlet=Wire&what=human%20cost")]


def test_where_there_is_nothing_to_say_the_other_sentence_stands(frames: Comparison) -> None:
    assert frames.answer("{topic}: {nothing}.", "Nobody knows.").text == "Nobody knows."
    assert frames.only("morality").answer("{highest}", "None.").text == "None."


def test_a_name_that_is_not_known_is_an_error_that_lists_those_that_are(frames: Comparison) -> None:
    with pytest.raises(
        ValueError, match=r"03-frames: cannot say \{hihgest\}; a comparison may know highest, .*topic"
    ):
        frames.answer("{hihgest}")


def test_what_was_checked_names_the_codes_that_are_not_validated(frames: Comparison) -> None:
    said = frames.checked().text
    assert said.startswith("Of 2 codes, 1 reach") and said.endswith("Not validated: Conflict.")


def test_a_chart_has_a_title_computed_from_its_numbers(sample: OpenedStudy, tmp_path: Path) -> None:
    study = analysis.open_study(sample.folder, figures=tmp_path)
    figure = study.compare.positions().chart("Positions on {topic}")
    assert "Positions on the Amsel talks" in (tmp_path / "05-stance.svg").read_text(encoding="utf-8")
    assert "How to read it: each bar is one outlet" in figure._repr_html_()


def test_a_quotation_is_short_of_a_named_source_and_word_for_word(sample: OpenedStudy) -> None:
    chosen = sample.compare.frames().quotation("A voice", part="body")
    assert SHORTEST <= count_words(chosen.words) <= LONGEST_QUOTATION
    assert any(chosen.words in " ".join(text.split()) for text in sample.articles["text"])
    assert chosen.who in set(sample.sources["name"]) and chosen.page.startswith("articles/")
    assert sample.compare.frames().quotation(part="nowhere") == Quotation("", "", "")


def test_a_list_without_sentences_or_a_chart_says_so(sample: OpenedStudy) -> None:
    with pytest.raises(ValueError, match="01-articles: no sentences lie behind"):
        sample.compare.articles().evidence()
    with pytest.raises(ValueError, match="01-articles: this comparison is a list"):
        sample.compare.articles().chart("Articles")
