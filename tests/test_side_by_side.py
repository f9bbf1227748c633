"""One utterance in several outlets' words, and who has it: differences word by word, nothing left out that nobody could know."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ask.about_coverage import coverage_matrix, omissions
from analysis.ask.about_events import side_by_side
from analysis.ask.questions import Questions
from analysis.publish.markup import Cleaner
from analysis.show.side_by_side import Carried, Coverage, Event, SideBySide, Version, compared
from analysis.studies import open_study


@pytest.fixture(scope="module")
def about(root: Path) -> Questions:
    return Questions(open_study(root / "data" / "sample"))


def plain(html: str) -> str:
    return " ".join(unescape(re.sub("<del>.*?</del>|<[^>]+>", "", html)).split())


@given(st.text("ab c.,’", max_size=40), st.text("ab c.,’", max_size=40))
def test_without_what_is_crossed_out_the_words_are_the_outlets_own(first: str, other: str) -> None:
    said = plain(compared(first, other))
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", other)


def test_words_that_differ_are_marked_and_case_and_signs_are_no_difference() -> None:
    html = compared(
        "The intelligence community has always said that he wants more.",
        "the intelligence has always been that he wants more",
    )
    assert "<del>community</del>" in html and "<del>said</del> <ins>been</ins>" in html
    assert compared("He wants more.", "“he wants more”") == "“he wants more”"
    assert compared("", "<b>new</b>") == "&lt;<ins>b&gt;new&lt;/b</ins>&gt;"


def test_each_event_has_each_outlets_words_and_where_they_are(about: Questions) -> None:
    events = side_by_side(about).events
    assert len(events) >= 4
    texts = {a.article_id: " ".join(a.text.split()) for a in about.study.articles.itertuples()}
    for event in events:
        assert len({version.outlet for version in event.versions}) > 1
        assert not event.versions[0].kind and all(version.kind for version in event.versions[1:])
        dates = [version.published for version in event.versions]
        assert dates == sorted(dates)
        for version in event.versions:
            article = version.page.removeprefix("articles/").partition(".html")[0]
            assert all(piece in texts[article] for piece in re.split(r"(?<=[,.]) ", version.words))


def test_a_matrix_says_left_out_only_of_what_was_printed_on_an_earlier_day(about: Questions) -> None:
    matrix = coverage_matrix(about)
    last = about.study.articles.groupby("outlet")["published"].max()
    said = [
        (outlet, cell)
        for _, cells in matrix.items
        for outlet, cell in zip(matrix.outlets, cells, strict=True)
    ]
    left_out = [(outlet, cell) for outlet, cell in said if cell.kind == "omitted"]
    assert left_out
    for outlet, cell in left_out:
        assert cell.said.rsplit(" ", 1)[1] < last[outlet]
    facts = {fact.name for fact in about.study.codebook.facts.values()}
    for item, cells in matrix.items:
        assert item in facts or sum(cell.kind == "present" for cell in cells) > 1


def test_cells_and_versions_link_to_their_places(about: Questions) -> None:
    links = {f"articles/{a}.html": f"articles/{a}.html" for a in about.study.articles["article_id"]}
    for shown in (side_by_side(about), coverage_matrix(about)):
        html = Cleaner(links).clean(shown._repr_html_())
        assert len(re.findall(r'href="articles/[\w-]+\.html#s\d+"', html)) >= 8
        assert "<style" not in html and repr(shown)


def test_shares_of_what_could_be_known_count_items_once(about: Questions) -> None:
    table = omissions(about).table
    items = len(coverage_matrix(about).items)
    assert (table["n"] <= table["total"]).all() and (table["total"] <= items).all()


def test_one_wording_is_shown_once_with_all_who_have_it_and_of_many_wordings_some() -> None:
    def version(outlet: int, words: str, kind: str) -> Version:
        return Version(
            f"Gazette {outlet}", "2031-05-01", words, f"a{outlet}.html#s1", "direct", "said", "Ada", kind
        )

    same = [version(n % 40, "We will sign.", "verbatim" if n else "") for n in range(80)]
    others = [version(n, f"We will sign {n}.", "reworded") for n in range(30)]
    html = SideBySide("T", [Event("Ada", [*same, *others], "#07-quotes?utterance=u1")])._repr_html_()
    assert html.count("We will sign.") == 1 and html.count("<li") == 12
    assert "in 40 outlets: 79 verbatim and 30 reworded" in html
    assert '<a href="#07-quotes?utterance=u1">And 19 more wordings</a>' in html
    first = html[html.index("<li") : html.index("</li>")]
    assert "2031-05-01, and 1 more" in first and "36 more</summary>" in first
    assert first.count("data-outlet") == 25 and "and 15 more outlets" in first


def test_without_texts_nothing_is_set_side_by_side(root: Path) -> None:
    study = open_study(root / "data" / "us-russia-talks")
    ask: Any = Questions(study)
    assert side_by_side(ask).events == [] and "none" in side_by_side(ask)._repr_html_()


def test_an_excerpt_is_no_longer_than_its_words(root: Path) -> None:
    study = open_study(root / "data" / "sample", excerpts=6)
    for event in side_by_side(Questions(study)).events:
        assert all(len(version.words.split()) <= 6 for version in event.versions)


def test_of_many_outlets_each_item_says_how_many_have_it_and_opened_which() -> None:
    outlets = [f"Gazette {n}" for n in range(40)]
    cells = [Carried("¶1", f"articles/{n}.html", "present") for n in range(30)] + [
        Carried("left out", "", "omitted")
    ] * 4
    cells += [Carried("not yet", "", "early")] * 6
    html = Coverage("Who has what", outlets, [("The dam broke", cells)] * 12)._repr_html_()
    assert "30 of 40 have it" in html and "2 more</summary>" in html and "<table" not in html
    assert (
        "4 left it out: " in html
        and html.count("Gazette 24</span>") == 12
        and "Gazette 25</span>" not in html
    )
    assert "and 5 more." in html
