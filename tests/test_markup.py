"""What a notebook shows becomes what a page may hold: tables that read well, links that lead somewhere, no script."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.publish.markup import Cleaner, tidy_pandas

FRAME = pd.DataFrame({"n": [3, 1], "share": [0.75, 0.25]}, index=["Wire", "Herald"])


def clean(html: str, **links: str) -> str:
    return Cleaner(links).clean(html)


def rows(html: str) -> list[list[str]]:
    return [
        [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", html, re.S)
    ]


def test_the_name_of_a_frames_index_stands_in_the_corner() -> None:
    html = clean(FRAME.rename_axis("outlet")._repr_html_())
    assert rows(html) == [["outlet", "n", "share"], ["Wire", "3", "0.75"], ["Herald", "1", "0.25"]]


def test_row_numbers_that_nobody_chose_are_left_out() -> None:
    assert rows(clean(FRAME.reset_index(drop=True)._repr_html_())) == [
        ["n", "share"],
        ["3", "0.75"],
        ["1", "0.25"],
    ]


def test_row_labels_that_are_numbers_stay() -> None:
    years = FRAME.set_axis([2024, 2025])
    assert rows(clean(years._repr_html_()))[1] == ["2024", "3", "0.75"]


def test_groups_of_columns_keep_their_heads() -> None:
    wide = pd.concat({"all": FRAME, "own": FRAME}, axis=1)
    assert rows(tidy_pandas(wide._repr_html_()))[0] == ["", "all", "own"]
    assert 'scope="colgroup"' in clean(wide._repr_html_())


def test_numbers_stand_under_a_head_that_is_set_as_they_are() -> None:
    html = clean(FRAME._repr_html_())
    assert '<th scope="col" class="num">n</th>' in html
    assert '<td class="num">0.75</td>' in html


def test_a_data_frame_is_shown_as_text_whatever_it_holds() -> None:
    html = clean(pd.DataFrame({"<b>": ["<img src=x onerror=y>"]})._repr_html_())
    assert "&lt;b&gt;" in html and "&lt;img src=x onerror=y&gt;" in html
    assert "<img" not in html and "<style" not in html and " style=" not in html


def test_a_table_is_reached_by_keyboard_once() -> None:
    bare = clean("<h2>Frames</h2><table><tr><td>1</td></tr></table>")
    assert '<div class="scroll" role="group" tabindex="0" aria-label="Table: Frames"><table>' in bare
    held = clean(
        '<div class="scroll" role="region" tabindex="0" aria-label="x"><table><tr><td>1</td></tr></table></div>'
    )
    assert held.count("tabindex") == 1 and 'role="region"' not in held


def test_one_heading_leads_the_page_and_all_have_an_address_of_their_own() -> None:
    cleaner = Cleaner()
    html = cleaner.clean("<h1>Frames</h1><h1>Why</h1>") + cleaner.clean("<h2>Why</h2>")
    assert [(h.level, h.id) for h in cleaner.headings] == [(1, "frames"), (2, "why"), (2, "why-2")]
    assert html.count("<h1") == 1


def test_a_notebooks_name_leads_to_its_page() -> None:
    cleaner = Cleaner({"08-findings.ipynb": "index.html"})
    assert (
        cleaner.clean('<a href="08-findings.ipynb#answer">findings</a>')
        == '<a href="index.html#answer">findings</a>'
    )


def test_a_link_out_of_the_report_says_who_sent_it_to_nobody() -> None:
    assert 'rel="noopener noreferrer"' in clean('<a href="https://example.org/">there</a>')


def test_numbers_are_offered_as_a_csv_file_and_nothing_else_is() -> None:
    link = '<a href="data:text/csv;charset=utf-8,a,b%0A人民日报,1" download="03.csv">CSV</a>'
    assert clean(link) == link
    for other in (
        '<a href="data:text/csv;charset=utf-8,a,b%0A">CSV</a>',
        '<a href="data:text/csv;charset=utf-8,a,b%0A" download="03.html">CSV</a>',
        '<a href="data:text/html;charset=utf-8,a,b%0A" download="03.csv">CSV</a>',
        '<a href="data:text/csv,<script>" download="03.csv">CSV</a>',
    ):
        assert "href" not in clean(other)


@given(st.text(alphabet="<>/\"'= abpt=!-&;", max_size=60))
def test_every_element_that_opens_closes(html: str) -> None:
    cleaned = clean(html)
    opened = re.findall(r"<(a|b|p|table|div|span|caption)\b[^>]*>", cleaned)
    closed = re.findall(r"</(a|b|p|table|div|span|caption)>", cleaned)
    assert sorted(opened) == sorted(closed)


@given(st.text(max_size=40))
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    from html import escape, unescape

    text = text.replace("\r", " ").replace("\0", " ")
    assert unescape(clean(f"<p>{escape(text)}</p>")) == f"<p>{text}</p>"
