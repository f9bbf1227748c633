"""A comparison says in words what its numbers say, and its numbers lead on."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

import analysis
from analysis.ask.comparison import Comparison
from analysis.ask.quotation import LONGEST as LONGEST_QUOTATION
from analysis.ask.quotation import SHORTEST, Quotation
from analysis.compare.uncertainty import wilson
from analysis.show.leads import lead
from analysis.studies import OpenedStudy
from analysis.text import count_words

TABLE = pd.DataFrame(
    [
        ("Wire", "human_cost", 30, 100, 0.3),
        ("Wire", "conflict", 30, 100, 0.3),
        ("Post", "human_cost", 0, 40, 0.0),
        ("Post", "conflict", 20, 40, 0.5),
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
        coder="the rules",
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
    assert frames.without("human_cost").answer("{counts}").text == "20 of 40 in Post and 30 of 100 in Wire"


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


def with_intervals(*rows: tuple[str, str, int, int], **fields: Any) -> Comparison:
    """Shares of frames with their Wilson intervals, from outlet, frame, n and total."""
    table = pd.DataFrame(rows, columns=["outlet", "frame", "n", "total"]).assign(unit="sentences")
    low, high = wilson(table["n"], table["total"])
    table = table.assign(share=table["n"] / table["total"], low=low, high=high)
    return Comparison(cast(Any, None), "03-frames", table, of="frame", **fields)


def test_nothing_is_found_in_fewer_than_five_units() -> None:
    few = with_intervals(("Wire", "war", 4, 4), ("Post", "war", 0, 60), ("Echo", "war", 50, 60))
    assert few.answer("{each}").text == "83% of sentences in Echo and 0% of sentences in Post"
    assert few.answer("{highest}").text == "Echo (83% of sentences)"
    alone = with_intervals(("Wire", "war", 4, 4), ("Post", "war", 20, 60))
    assert alone.answer("{contrast}").text == "No finding: only one outlet has five sentences or more."


def test_nothing_is_found_inside_the_noise() -> None:
    near = with_intervals(("Wire", "war", 30, 100), ("Post", "war", 36, 100))
    said = "No finding (war): no two outlets differ by more than chance would explain."
    assert near.answer("{highest}", "None.").text == near.answer("{contrast}").text == said
    assert near.answer("{each}").text == "36% of sentences in Post and 30% of sentences in Wire"
    far = with_intervals(("Wire", "war", 30, 100), ("Post", "war", 60, 100))
    assert far.answer("{highest}").text == "Post (60% of sentences)"


def test_the_more_pairs_are_looked_at_the_larger_a_difference_has_to_be() -> None:
    two = with_intervals(("Wire", "war", 30, 100), ("Post", "war", 44, 100))
    assert two.answer("{highest}").text == "Post (44% of sentences)"
    others = [(f"Echo {n}", "war", 37, 100) for n in range(8)]
    many = with_intervals(("Wire", "war", 30, 100), ("Post", "war", 44, 100), *others)
    assert many.answer("{highest}").text.startswith("No finding")


def test_ties_are_said() -> None:
    tied = with_intervals(("Wire", "war", 60, 100), ("Post", "war", 60, 100), ("Echo", "war", 5, 100))
    assert tied.answer("{highest}").text == "Wire and Post (60% of sentences)"
    assert tied.answer("{lowest}").text == "Echo (5% of sentences)"


def test_what_may_be_as_frequent_as_the_first_is_said_and_of_many_none_is_the_first() -> None:
    rows = [("Wire", "war", 50, 100), ("Wire", "talks", 46, 100), ("Wire", "cost", 2, 100)]
    assert (
        with_intervals(*rows).answer("{first}").text
        == "war in Wire (50% of sentences; talks may be as frequent)"
    )
    even = [("Wire", frame, 30 + n, 100) for n, frame in enumerate(("war", "talks", "cost", "law"))]
    assert (
        with_intervals(*even)
        .answer("{first}")
        .text.startswith("No finding: in no outlet is one frame surely more")
    )


def test_corrected_differences_decide_what_is_a_contrast() -> None:
    apart = pd.DataFrame(
        [("war", "Wire", "Post", -0.3, False)], columns=["label", "a", "b", "difference", "called"]
    )
    rows = (("Wire", "war", 30, 100), ("Post", "war", 60, 100))
    assert with_intervals(*rows, differences=apart).answer("{contrast}").text.startswith("No finding")
    assert "60%" in with_intervals(*rows, differences=apart.assign(called=True)).answer("{contrast}").text
    assert with_intervals(*rows, differences=apart).without("war").table.empty


def test_where_nobody_asked_nothing_is_answered_drawn_or_checked(frames: Comparison) -> None:
    silent = replace(frames, unasked="Nobody asked.")
    assert silent.answer("{first}").text == silent.checked().text == "Nobody asked."
    assert str(silent.chart("Title")) == ""  # the answer has said it


def test_what_was_checked_names_the_codes_that_are_not_validated(frames: Comparison) -> None:
    said = frames.checked().text
    assert "as the rules gave them. Of 2 codes, 1 surely reach" in said and said.endswith(
        "Not validated: Conflict."
    )


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


def test_of_one_outlet_nothing_is_the_highest(root: Path) -> None:
    study = analysis.open_study(root / "data" / "sample")
    articles = study.articles.assign(outlet="The Only Gazette")
    alone = type(study)(**{**vars(study), "tables": {**study.tables, "articles": articles}})
    said = alone.compare.frames().answer("Most differ {contrast}.").text
    assert re.match(r"One outlet is no comparison\. In it: \w+ \d+% of sentences, ", said)
