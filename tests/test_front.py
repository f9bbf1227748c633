"""The front page: a headline computed from what holds, one picture, a line on each measure."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.ask.about_chance import confirmed
from analysis.ask.about_front import FrontPage, _reserve, front_page
from analysis.ask.questions import Questions
from analysis.compare.contrast import Contrast
from analysis.publish.markup import Cleaner
from analysis.show.drawing import Scale, bar, dot, drawing, link, words
from analysis.show.front import Cell, Column, FrontPicture
from analysis.studies import open_study


@pytest.fixture(scope="module")
def page(root: Path) -> FrontPage:
    return front_page(Questions(open_study(root / "data" / "sample")))


def test_the_headline_has_the_shares_of_the_contrast_and_they_link(page: FrontPage, root: Path) -> None:
    kinds = Questions(open_study(root / "data" / "sample")).source_kinds().table
    experts = kinds[kinds["kind"] == "expert"].set_index("outlet")
    most = experts["share"].idxmax()
    assert page.headline.text.startswith(f"{most} quotes experts most")
    assert f"{experts['share'][most]:.0%} of its quotes" in page.headline.text  # as people coded them
    assert any("kind=expert" in address for _, address in page.headline.leads)


def test_there_is_a_line_on_each_measure_on_how_sure_and_on_how_many(page: FrontPage) -> None:
    assert [topic for topic, _, _ in page.lines] == [
        *("Frame", "Tone", "Stance", "Experts", "How sure", "Articles"),
    ]
    assert all(answer.text.endswith(".") and "{" not in answer.text for _, answer, _ in page.lines)


def test_outlets_are_in_the_order_of_the_share_that_is_said_first(page: FrontPage, root: Path) -> None:
    taken = Questions(open_study(root / "data" / "sample")).positions().only("unfavourable").table
    share = taken.set_index("outlet")["share"]
    assert [share[outlet] for outlet in page.picture.outlets] == sorted(share, reverse=True)
    cells = page.picture.columns[0].cells
    said = [re.match(r"(\d+) against, \d+ for \(of (\d+)\)", cells[o].said) for o in page.picture.outlets]
    assert [int(m[1]) / int(m[2]) for m in said if m] == pytest.approx(sorted(share, reverse=True))


def test_what_is_drawn_passes_into_a_page_with_its_links_and_without_its_style(page: FrontPage) -> None:
    html = Cleaner({}, "index.html", {"04-sentences": "04.html"}).clean(page._repr_html_())
    assert "<style" not in html and " style=" not in html
    assert html.count('<svg class="drawn"') == page._repr_html_().count("<svg")
    assert re.search('<a href="04.html[?][^"]*#04-sentences"', html)


def test_a_drawing_holds_shapes_alone() -> None:
    hostile = (
        '<svg class="drawn" onload="x" width="100%" height="20"><script>x</script><foreignObject><p>y</p></foreignObject>'
        '<use href="#z"></use><rect fill="url(javascript:x)" class="a" x="1%" onclick="x"></rect>'
        '<a href="javascript:x"><circle cx="1"></circle></a><image href="https://elsewhere.example/x.png"></image></svg>'
    )
    html = Cleaner().clean(hostile)
    assert html == (
        '<svg class="drawn" width="100%" height="20">xy<rect class="a" x="1%"></rect><g><circle cx="1"></circle></g></svg>'
    )
    assert Cleaner().clean('<svg><rect x="1"></rect></svg>') == ""


def test_places_stay_within_their_drawing() -> None:
    scale = Scale(-1, 1)
    assert [scale.at(v) for v in (-9, -1, 0, 1, 9)] == [2, 2, 50, 98, 98]
    assert Scale(3, 3).at(3) == 2
    html = drawing(
        20, [bar(10, 5, 0, 9, "x"), words(50, 9, "<b>"), link(dot(1, 1, 1, "y"), "#e?a=1", "1 of 2")]
    )
    assert 'width="0.00%"' in html and "&lt;b&gt;" in html and 'aria-label="1 of 2"' in html


def test_of_many_outlets_the_ends_are_seen_and_the_others_folded() -> None:
    outlets = [f"Outlet {n}" for n in range(40)]
    cells = {outlet: Cell(n / 40, f"{n} of 40") for n, outlet in enumerate(outlets)}
    html = FrontPicture(outlets, [Column("Share", "", cells)], "alt").html()
    folded = re.search("<details.*</details>", html)
    assert (
        folded
        and "28 more outlets" in folded[0]
        and "Outlet 5<" not in folded[0]
        and "Outlet 6<" in folded[0]
    )


def test_a_study_in_which_nothing_differs_says_so(root: Path, tmp_path: Path) -> None:
    study = open_study(root / "data" / "sample")
    same = pd.concat([study.articles.assign(outlet=study.articles["article_id"].map(_either))])
    halves = type(study)(**{**vars(study), "tables": {**study.tables, "articles": same}})
    page = front_page(Questions(halves))
    assert page.headline.text == "The outlets do not differ clearly in frames, tone, stance or experts."


def test_what_two_articles_an_outlet_cannot_confirm_is_not_confirmed(root: Path) -> None:
    study = open_study(root / "data" / "sample")
    few = {**study.tables, "articles": study.articles.groupby("outlet").head(2)}
    both = ("Harbour Institute Review", "Meridian Wire")
    assert confirmed(Questions(study), "experts", "expert", both)
    small = Questions(type(study)(**{**vars(study), "tables": few}))
    assert not confirmed(small, "experts", "expert", both)
    contrast = Contrast("expert", {"outlet": both[0]}, {"outlet": both[1]}, 0.6)
    kinds = replace(Questions(study).source_kinds(), doubtful={"expert"})
    said = " (not validated; more than chance only if sentences are independent)"
    assert _reserve(small, "experts", kinds, contrast) == said


def test_of_one_article_an_outlet_the_headline_speaks_of_articles(root: Path) -> None:
    page = front_page(Questions(open_study(root / "data" / "us-russia-talks")))
    assert page.headline.text.startswith("The article in ")
    assert "not about the outlets" in page.lines[-1][1].text


def test_the_cell_of_stance_names_both_sides_and_where_there_is_too_little(page: FrontPage) -> None:
    cells = page.picture.columns[0].cells
    for cell in cells.values():
        assert cell.few or sum(share for _, share, _, _ in cell.parts) == pytest.approx(1)
        kinds = [kind for kind, _, _, _ in cell.parts]
        assert kinds == sorted(kinds, key=("against", "even", "for").index)
    assert "of its positions" not in page.picture.html()  # counts are shown, no percentages
    assert [column.note for column in page.picture.columns[1:]] == ["% of its sentences", "% of its quotes"]


def _either(article_id: str) -> str:
    return "One" if int(re.sub(r"\D", "", article_id)) % 2 else "Other"
