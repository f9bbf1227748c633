"""Reading strips: a column for each sentence, a colour for each code that was found there, a link for each paragraph."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from analysis.ask.about_strips import MOST, course, reading_strips
from analysis.ask.questions import Questions
from analysis.publish.markup import Cleaner
from analysis.show.strips import HEIGHT, Strips
from analysis.show.wording import in_words
from analysis.studies import open_study


@pytest.fixture(scope="module")
def about(root: Path) -> Questions:
    return Questions(open_study(root / "data" / "sample"))


@pytest.fixture(scope="module")
def strips(about: Questions) -> Strips:
    return reading_strips(about)


def test_every_sentence_has_a_column_and_every_code_of_it_a_part_of_its_height(
    about: Questions, strips: Strips
) -> None:
    study = about.study
    sentences = [found for strip in strips.strips for _, many in strip.paragraphs for found in many]
    assert len(sentences) == len(study.sentences)
    frames = study.frames.drop_duplicates(["sentence_id", "frame"])
    html = strips._repr_html_()
    drawn = "".join(re.findall('<g class="by-frame">(.*?)</g>', html))
    assert drawn.count("M") == len(frames)
    heights = [int(h) for h in re.findall(r"v(\d+)", drawn)]
    assert sum(heights) == HEIGHT * frames["sentence_id"].nunique()


def test_each_cell_holds_the_codes_and_speakers_by_which_it_is_chosen(
    about: Questions, strips: Strips
) -> None:
    html = strips._repr_html_()
    listed = re.search('data-codes="([^"]*)"', html)
    assert listed is not None
    codes = [tuple(unescape(line).split("\t")) for line in listed[1].split("\n")]
    held = [
        {codes[int(place)] for place in sentence.split()}
        for cell in re.findall('data-held="([^"]*)"', html)
        for sentence in cell.split(";")
    ]
    frames = about.study.frames.drop_duplicates(["sentence_id", "frame"])["frame"]
    for frame, count in frames.map(in_words).value_counts().items():
        assert sum(("frame", frame) in codes for codes in held) == count
    names = about.study.quotes["source_id"].map(about.study.sources.set_index("source_id")["name"])
    speakers = names.groupby(about.study.quotes["sentence_id"]).agg(set).explode().value_counts()
    assert {name: sum(("speaker", name) in codes for codes in held) for name in speakers.index} == dict(
        speakers
    )


def test_negative_columns_are_as_many_as_negative_sentences(about: Questions, strips: Strips) -> None:
    drawn = "".join(re.findall('<g class="by-tone">(.*?)</g>', strips._repr_html_()))
    negative = "".join(re.findall('<path class="against" d="([^"]*)"', drawn))
    assert negative.count("M") == (about.study.sentiment["label"] == "negative").sum() > 10


def test_a_cell_links_to_the_first_sentence_of_its_paragraph_and_says_what_is_in_it(
    about: Questions, strips: Strips
) -> None:
    strip = strips.strips[0]
    places = {f"{strip.page}#{anchor}" for anchor, _ in strip.paragraphs}
    page = Cleaner({s.page: f"../{s.page}" for s in strips.strips}).clean(strips._repr_html_())
    assert all(f'href="../{place}"' in page for place in places)
    assert re.search(r'aria-label="Paragraph 1, \d+ sentences?\. .*?Tone: ', page)
    assert "<style" not in page and " style=" not in page


def test_outlets_come_one_under_the_other(strips: Strips, about: Questions) -> None:
    assert list(dict.fromkeys(strip.outlet for strip in strips.strips)) == about.study.outlets
    assert len(strips.strips) <= MOST


def test_each_lens_can_be_first_and_no_other(about: Questions) -> None:
    for lens in ("frame", "voice", "stance", "tone"):
        strips = reading_strips(about, lens)
        assert f"show-{lens}" in strips._repr_html_() and strips.lenses[lens].name.lower() in repr(strips)
    with pytest.raises(ValueError, match="frame, voice, stance, tone"):
        reading_strips(about, "colour")


def test_of_many_articles_some_of_each_outlet_are_shown_and_the_others_counted(
    about: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.ask.about_strips.MOST", 8)
    strips = reading_strips(about)
    assert len(strips.strips) == 8 and strips.left_out == len(about.study.articles) - 8
    assert {strip.outlet for strip in strips.strips} == set(about.study.outlets)
    assert f"And {strips.left_out} more articles" in strips._repr_html_()


def test_the_course_counts_every_position_against_in_deck_and_body_once(about: Questions) -> None:
    stance = about.study.stance
    against = stance[(stance["target"] == about.target.code) & (stance["stance"] == "unfavourable")]
    against = against[against["sentence_id"].isin(about.story["sentence_id"])]
    assert course(about).table["total"].sum() == len(against)
