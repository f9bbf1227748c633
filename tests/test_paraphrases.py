"""What one speaker may have said once, quoted here and reported there: pairs on one point, never of two people."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.ask.about_events import points, points_side_by_side
from analysis.ask.questions import Questions
from analysis.codebook import load_codebook
from analysis.compare.paraphrases import LIKENESS, find_paraphrases
from analysis.language import load_language
from analysis.pipeline import annotate
from analysis.show.side_by_side import SideBySide
from analysis.studies import open_study
from analysis.tables import ARTICLES

LANGUAGE = load_language()
QUOTED = "At the annual harbour congress in Lund, Ada Brandt asked: “Who will pay for the dredging of the channel?”"
REPORTED = "Ada Brandt questioned whether anybody would pay for it, speaking of the dredging at the harbour congress."
OTHERS = [
    "Ben Ode said the concert would return in spring.",
    "Cora Lind said rain was expected on Friday.",
    "The museum needs a new roof, Ada Brandt said.",
    "Bakers in the old town, said Dag Eriksen, had sold out of bread.",
]


def found(
    *texts: str, days: tuple[str, ...] = ("2031-05-01", "2031-05-02", "2031-05-03"), but: object = ()
) -> pd.DataFrame:
    """The pairs among articles of one outlet each."""
    articles = ARTICLES.make(
        [
            {"article_id": f"a{n}", "outlet": f"Gazette {n}", "published": days[n], "text": text}
            for n, text in enumerate(texts)
        ]
    )
    made = annotate(articles, load_codebook())
    quotes = made["quotes"].merge(articles[["article_id", "outlet"]], on="article_id")
    return find_paraphrases(quotes, made["sources"], articles, made["sentences"], LANGUAGE, but=but)  # type: ignore[arg-type]


def article(sentence: str, number: int) -> str:
    """The sentence and one of another speaker, so that rare words can be told from frequent ones."""
    return f"{sentence}\n\n{OTHERS[number]}"


def test_what_one_outlet_quotes_and_another_reports_is_one_point() -> None:
    pairs = found(article(QUOTED, 0), article(REPORTED, 1))
    assert pairs["point"].tolist() == ["p1"] and "dredg" in pairs["shared"][0]
    assert pairs["likeness"].between(LIKENESS, 1).all()
    known = {frozenset(pair) for pair in zip(pairs["quote_a"], pairs["quote_b"], strict=True)}
    assert found(article(QUOTED, 0), article(REPORTED, 1), but=known).empty


def test_two_people_on_one_point_are_no_pair_nor_one_speaker_weeks_later() -> None:
    assert found(article(QUOTED, 0), article(REPORTED.replace("Ada Brandt", "Cora Lind"), 2)).empty
    later = ("2031-05-01", "2031-05-20")
    assert found(article(QUOTED, 0), article(REPORTED, 1), days=later).empty
    assert len(found(article(QUOTED, 0), article(REPORTED, 1), days=("", ""))) == 1


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(3)))
def test_three_outlets_on_one_point_have_one_number_in_any_order(order: list[int]) -> None:
    texts = [
        article(QUOTED, 0),
        article(REPORTED, 1),
        article(REPORTED.replace("questioned", "doubted"), 3),
    ]
    pairs = found(*(texts[n] for n in order), days=("2031-05-01",) * 3)
    assert set(pairs["point"]) == {"p1"}
    sides = {
        frozenset(quote.partition(":")[0] for quote in pair)
        for pair in zip(pairs["quote_a"], pairs["quote_b"], strict=True)
    }
    assert sides == {frozenset(pair) for pair in combinations(("a0", "a1", "a2"), 2)}


def test_each_point_is_shown_in_each_outlets_sentence_with_what_is_attributed_in_bold(root: Path) -> None:
    ask = Questions(open_study(root / "data" / "sample"))
    shown = points_side_by_side(ask)
    assert shown.events and not shown.differences
    html = shown._repr_html_()
    for event in shown.events:
        assert len({version.outlet for version in event.versions}) > 1
        assert all(version.attributed in version.words for version in event.versions)
    assert html.count("<li") == html.count("<b>") and "<ins>" not in html
    assert len(points(ask).table) == len(shown.events)


def test_in_the_five_articles_doubt_conditions_and_a_refused_comment_stand_side_by_side(
    root: Path, shared: Path
) -> None:
    ask = Questions(
        open_study(root / "data" / "us-russia-talks", articles=shared / "us-russia-talks" / "articles")
    )
    events = {event.speaker: event for event in points_side_by_side(ask).events}
    assert {"Volodymyr Zelensky", "Vladimir Putin", "Mike Quigley"} <= set(events)
    assert {version.form for version in events["Volodymyr Zelensky"].versions} == {"direct", "indirect"}
    refused = [event for speaker, event in events.items() if speaker.startswith("No answer")]
    assert len(refused) == 1 and len(refused[0].versions) == 2
    assert "without a verb" not in SideBySide("T", refused, differences=False)._repr_html_()


@pytest.mark.parametrize("words", [("russian", "russians", "russia"), ("poles", "polish", "poland")])
def test_a_state_and_what_is_called_after_it_are_one_word(words: tuple[str, ...]) -> None:
    assert len({LANGUAGE.state_of(word) for word in words}) == 1


def test_forms_of_a_word_have_one_stem_and_a_language_without_a_stemmer_keeps_them_apart(
    tmp_path: Path,
) -> None:
    assert LANGUAGE.stem("guarantees") == LANGUAGE.stem("guaranteed")
    (tmp_path / "classes.yml").write_text("article:\n  for: Articles.\n  words: el\n")
    assert load_language(tmp_path).stem("guarantees") == "guarantees"
