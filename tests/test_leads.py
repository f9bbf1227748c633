"""Leads: each count of a table leads to the rows that it counts, whatever names its rows have."""

from __future__ import annotations

from urllib.parse import parse_qs

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.publish.markup import Cleaner
from analysis.show.html_tables import as_html
from analysis.show.leads import lead, linked
from analysis.show.wording import Answer, with_marks

ROW = {"outlet": "The Wire", "frame": "human_cost", "article_id": "wire_1", "n": 3}


def test_a_lead_asks_for_the_rows_own_values_and_for_one_of_those_wanted() -> None:
    address = lead("03-sentences", "outlet", "frame", part=["lead", "body"]).address(ROW)
    assert address == "#03-sentences?outlet=The%20Wire&what=human%20cost&part=lead&part=body"


def test_a_lead_to_another_page_keeps_its_notebook_and_one_to_an_article_its_name() -> None:
    assert (
        lead("04-tone.ipynb#04-sentences", "outlet").address(ROW)
        == "04-tone.ipynb#04-sentences?outlet=The%20Wire"
    )
    assert lead("articles/{article_id}.html").address(ROW) == "articles/wire_1.html"


@given(st.text(min_size=1))
def test_an_outlet_of_any_name_is_asked_for_by_that_name(name: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    place, _, query = lead("x", "outlet").address({"outlet": name}).partition("?")
    assert place == "#x" and parse_qs(query, keep_blank_values=True) == {"outlet": [name]}


def test_counts_are_links_and_a_nought_leads_nowhere() -> None:
    table = pd.DataFrame({"outlet": ["A", "B"], "n": [3, 0]})
    html = as_html(table, "Counts", {"n": lead("x", "outlet")}, "here")
    assert '<td class="number"><a href="#x?outlet=A">3</a></td>' in html
    assert '<td class="number">0</td>' in html and 'class="scroll" id="here"' in html


def test_addresses_may_be_given_row_by_row() -> None:
    table = pd.DataFrame({"n": [3, 4]})
    html = as_html(table, "Counts", {"n": ["#a", "03.ipynb#b"]})
    assert '<a href="#a">3</a>' in html and '<a data-page="03.ipynb#b">4</a>' in html


def test_a_page_that_the_report_does_not_have_is_not_linked() -> None:
    html = linked("3", "04-tone.ipynb#x?outlet=A&what=b")
    assert 'href="04-tone.html#x?outlet=A&amp;what=b"' in Cleaner({"04-tone.ipynb": "04-tone.html"}).clean(
        html
    )
    assert "href" not in Cleaner({}).clean(html)


def test_a_count_leads_to_its_evidence_on_whatever_page_it_is() -> None:
    html = linked("3", lead("04-sentences", "outlet").address(ROW))
    here, there = (
        Cleaner({}, file, {"04-sentences": "04.html"}).clean(html) for file in ("04.html", "08.html")
    )
    assert 'href="?outlet=The%20Wire#04-sentences"' in here
    assert 'href="04.html?outlet=The%20Wire#04-sentences"' in there
    assert "href" not in Cleaner({}, "08.html", {}).clean(html)


def test_the_numbers_of_an_answer_lead_on_in_their_order() -> None:
    html = Answer(
        "5 % in A & 5 % in B.", [("5 %", "03.ipynb#x?o=A"), ("5 %", "03.ipynb#x?o=B")]
    )._repr_html_()
    assert html == (
        '<p class="answer"><a data-page="03.ipynb#x?o=A">5 %</a> in A &amp; '
        '<a data-page="03.ipynb#x?o=B">5 %</a> in B.</p>'
    )
    assert Answer("a < b.", [("no such words", "#x")])._repr_html_() == '<p class="answer">a &lt; b.</p>'


def test_names_keep_their_underscores_and_codes_do_not() -> None:
    html = as_html(pd.DataFrame({"outlet": ["the_wire"], "frame": ["human_cost"]}), "x")
    assert "the_wire" in html and "human cost" in html


def test_a_name_read_from_right_to_left_leaves_the_numbers_around_it_in_their_places() -> None:
    html = Answer("33% in הארץ היום, 30% in Wire <b>.", [("30%", "#x?outlet=Wire")])._repr_html_()
    assert '33% in <span dir="rtl">הארץ היום</span>, <a data-page="#x?outlet=Wire">30%</a>' in html
    assert "Wire &lt;b&gt;." in html and '<span dir="rtl">' in Cleaner().clean(html)
    assert with_marks("33% in הארץ היום, 30% in Wire") == "33% in הארץ היום\u200e, 30% in Wire"
