"""A page for each outlet: where it is away from the middle of all, whom it quotes, its articles; and none of one outlet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.ask.about_outlets import OutletPortrait, outlet_portraits
from analysis.ask.questions import Questions
from analysis.publish.make import outlet_pages
from analysis.publish.markup import Cleaner
from analysis.publish.report import ArticlePage, _list_of_articles, _safe
from analysis.studies import open_study


@pytest.fixture(scope="module")
def portraits(root: Path) -> list[OutletPortrait]:
    return outlet_portraits(Questions(open_study(root / "data" / "sample")))


def test_each_outlet_has_a_portrait_with_all_its_articles(
    portraits: list[OutletPortrait], root: Path
) -> None:
    study = open_study(root / "data" / "sample")
    assert [one.outlet for one in portraits] == study.outlets
    assert sum(len(one.articles) for one in portraits) == len(study.articles)
    assert sum(one.articles["sentences"].sum() for one in portraits) == len(study.sentences)


def test_the_first_sentence_names_what_is_clearly_away_from_the_middle(
    portraits: list[OutletPortrait],
) -> None:
    said = {one.outlet: one.answer.text for one in portraits}
    assert all("(median " in text or "In none of" in text for text in said.values())
    assert re.search(r"official sources \d+% \(median \d+%\)", said["Meridian Wire"])


def test_its_numbers_lead_to_sentences_of_the_pages_beside_it(portraits: list[OutletPortrait]) -> None:
    links = {"articles/wire-1.html": "../articles/wire-1.html"}
    places = {"04-sentences": "../04.html", "06-sentences": "../06.html"}
    html = Cleaner(links, "outlets/x.html", places).clean(portraits[0]._repr_html_())
    assert 'href="../04.html?outlet=Meridian%20Wire' in html and 'href="../articles/wire-1.html"' in html
    assert "<style" not in html and html.count("<h1") == 1


def test_who_is_quoted_is_sorted_by_quotes(portraits: list[OutletPortrait]) -> None:
    for one in portraits:
        assert one.speakers["quotes"].is_monotonic_decreasing and len(one.speakers) <= 10


def test_of_one_outlet_the_first_page_is_the_portrait(root: Path) -> None:
    study = open_study(root / "data" / "sample")
    one = study.articles.assign(outlet="The Only Gazette")
    assert outlet_pages(type(study)(**{**vars(study), "tables": {**study.tables, "articles": one}})) == []


def test_names_of_pages_stay_in_their_folder() -> None:
    assert _safe("outlets/人民日报.html") == "outlets/人民日报.html"
    for name in ("../x", "a/b", "what? #1", "..", "Ñandú & “Old” Post"):
        assert re.fullmatch(r"outlets/[\w-][\w.-]*\.html", _safe(f"outlets/{name}.html")), name


def test_the_list_of_articles_has_outlets_days_and_titles() -> None:
    page = _list_of_articles(
        [ArticlePage("articles/a.html", "Wire: Talks fail", "", "Wire", "2031-02-01")],
        [ArticlePage("outlets/Wire.html", "Wire", "")],
    )
    assert (
        'href="outlets/Wire.html"' in page.body
        and ">Talks fail</a>" in page.body
        and "2031-02-01" in page.body
    )
