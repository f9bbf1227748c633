"""Evidence shows the sentence behind a number, its words marked, and never more than its words."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.show.evidence import annotated_article, evidence
from analysis.studies import open_study
from analysis.study import Study

TEXT = "The talks failed. <b>Nobody</b> won, Mara Vale said."


def tables(text: object = TEXT) -> tuple[pd.DataFrame, pd.DataFrame]:
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["Wire"], "text": [text]})
    sentences = pd.DataFrame(
        {
            "sentence_id": ["a:s1", "a:s2"],
            "article_id": "a",
            "start": [0, 18],
            "end": [17, 52],
            "paragraph": [1, 1],
        }
    )
    return articles, sentences


def hits(*spans: tuple[int, int], **columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"article_id": "a", "start": [a for a, _ in spans], "end": [b for _, b in spans], **columns}
    )


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_the_words_found_are_marked_and_all_else_is_escaped() -> None:
    shown = evidence(hits((4, 9), (25, 34), frame=["diplomacy", "conflict"]), *tables())
    assert shown.sentences[0] == "The <mark>talks</mark> failed."
    assert "<b>" not in shown.sentences[1]
    assert plain(shown.sentences[1]) == TEXT[18:52]


def test_hits_of_one_sentence_and_voice_are_one_row() -> None:
    found = hits(
        (0, 3), (4, 9), (10, 16), frame=["a", "b", "a"], voice=["author", "author", "quoted"], indicator="x"
    )
    shown = evidence(found, *tables())
    assert shown.table[["what", "voice"]].to_numpy().tolist() == [["a, b", "author"], ["a", "quoted"]]


def test_codes_stay_in_the_table_and_their_words_come_along() -> None:
    words = {"what": {"human_cost": "Human cost", "war": "War"}, "voice": {"author": "own words"}}
    found = hits((4, 9), (25, 34), frame=["human_cost", "talks"], voice="author")
    shown = replace(evidence(found, *tables()), words=words)
    assert shown.table["what"].tolist() == ["human cost", "talks"]
    assert 'data-words="what\thuman cost\tHuman cost\nvoice\tauthor\town words"' in shown._repr_html_()
    assert "data-words" not in evidence(found, *tables())._repr_html_()


def test_each_value_counted_has_a_row_of_its_own() -> None:
    found = hits((0, 3), (4, 9), (4, 9), frame=["a", "b", "b"], voice=["author", "author", "quoted"])
    shown = evidence(found, *tables(), each=["frame", "voice"])
    assert shown.table["what"].tolist() == ["a", "b", "b"]
    assert shown.sentences[0] == "<mark>The</mark> talks failed."


def test_words_between_two_sentences_stand_with_the_one_they_begin_in() -> None:
    articles, sentences = tables()
    across = hits((10, 25), frame="x")
    assert len(evidence(across, articles, sentences.assign(end=[15, 52])).table) == 1


def test_the_speaker_and_the_rule_are_named() -> None:
    sources = pd.DataFrame({"source_id": ["a:p1"], "name": ["Mara Vale"]})
    found = hits((4, 9), stance="unfavourable", voice="quoted", source_id="a:p1", indicator="talk* fail*")
    row = evidence(found, *tables(), sources=sources).table.iloc[0]
    assert (row.what, row.speaker, row.rule, row.place) == (
        "unfavourable",
        "Mara Vale",
        "talk* fail*",
        "a, paragraph 1, sentence 1",
    )


def test_where_the_text_is_missing_its_place_is_named() -> None:
    shown = evidence(hits((4, 9), frame="conflict"), *tables(pd.NA))
    assert plain(shown.sentences[0]) == "text not here; characters 4 to 9"
    assert shown.table.sentence[0] == ""


def test_n_limits_the_rows_and_the_title_says_so() -> None:
    shown = evidence(hits((4, 9), (19, 22), frame="x"), *tables(), n=1, title="Frames")
    assert len(shown.table) == 1
    assert "Frames (1 of 2, of every kind some)" in shown._repr_html_()


def many(outlets: list[str], frames: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One article and sentence a hit, of the outlet and the frame at the same place."""
    ids = [f"a{i}" for i in range(len(outlets))]
    articles = pd.DataFrame({"article_id": ids, "outlet": outlets, "text": "Talks failed."})
    sentences = pd.DataFrame(
        {"sentence_id": [f"{i}:s1" for i in ids], "article_id": ids, "start": 0, "end": 13, "paragraph": 1}
    )
    found = pd.DataFrame({"article_id": ids, "start": 0, "end": 5, "frame": frames, "part": frames})
    return found, articles, sentences


def test_a_small_outlet_keeps_its_rows_beside_a_large_one() -> None:
    found, articles, sentences = many(["Herald"] * 50 + ["Wire"] * 5, ["conflict"] * 49 + ["talks"] * 6)
    table = evidence(found, articles, sentences, n=10).table
    assert table.outlet.value_counts().to_dict() == {"Herald": 6, "Wire": 4}
    assert table.place.tolist() == sorted(table.place, key=lambda place: int(place.split(",")[0][1:]))
    assert table.what[5] == "talks"  # the only one of the Herald


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["x", "y", "z"])), min_size=1, max_size=60),
    st.integers(1, 40),
)
def test_every_outlet_keeps_its_share_of_every_value(pairs: list[tuple[str, str]], n: int) -> None:
    outlets, frames = ([pair[side] for pair in pairs] for side in (0, 1))
    shown = evidence(*many(outlets, frames), n=n, also=["part"])
    counted = pd.Series(pairs).value_counts()
    kept = pd.Series(list(zip(shown.table.outlet, shown.table.what, strict=True))).value_counts()
    columns = 4  # outlet, what, voice and part, of which each outlet has its values
    share = n // (columns * len(counted))
    assert len(shown.table) == min(n, len(pairs))
    assert all(kept.get(pair, 0) >= min(share, number) for pair, number in counted.items())
    left = {(row[1], row[2]): int(row[0]) for row in shown.left_out[1:]}
    assert all(kept.get(pair, 0) + left.get(pair, 0) == number for pair, number in counted.items())


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B c", ""]), st.sampled_from("xyz")), min_size=2, max_size=40)
)
def test_the_page_knows_how_many_of_each_kind_are_not_on_it(pairs: list[tuple[str, str]]) -> None:
    outlets, frames = ([pair[side] for pair in pairs] for side in (0, 1))
    shown = evidence(*many(outlets, frames), n=1, also=["part"])
    packed = re.search('data-left="([^"]*)"', shown._repr_html_())
    assert packed is not None
    heads, *values, [kinds] = [line.split("\t") for line in packed[1].split("\n")]
    found, before = {}, [""] * len(heads)
    for kind in kinds.split(";"):
        rows, *places = kind.split()
        before = [*before[: len(before) - len(places)], *places]
        said = [values[head][int(place)] for head, place in enumerate(before)]
        found[tuple(dict(zip(heads, said, strict=True))[head] for head in shown.left_out[0][1:])] = rows
    assert found == {tuple(values): rows for rows, *values in shown.left_out[1:]}


def test_nothing_found_says_none() -> None:
    assert "none" in evidence(hits(frame=[]), *tables())._repr_html_()


@given(
    st.text(min_size=1), st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=6)
)
def test_no_character_of_a_sentence_is_lost_whatever_is_marked(
    text: str, spans: list[tuple[int, int]]
) -> None:
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["Wire"], "text": [text]})
    sentences = pd.DataFrame(
        {"sentence_id": ["a:s1"], "article_id": "a", "start": 0, "end": len(text), "paragraph": 1}
    )
    found = hits(*((a % len(text), min(a % len(text) + n, len(text))) for a, n in spans), frame="x")
    (html,) = evidence(found, articles, sentences).sentences
    assert plain(html) == text.replace("\r", "\r")


@pytest.fixture(scope="module")
def sample(root: Path) -> Study:
    return open_study(root / "data" / "sample")


def test_an_article_shows_all_its_sentences_with_what_was_found(sample: Study) -> None:
    html = annotated_article("wire-1", sample.tables, sample.codebook)
    text = sample.articles.set_index("article_id").text["wire-1"]
    for sentence in sample.sentences[sample.sentences.article_id == "wire-1"].itertuples():
        anchor = sentence.sentence_id.split(":")[1]
        shown = re.search(rf'<span id="{anchor}">(.*?)</span>', html, re.S).group(1)
        assert plain(re.sub(r"<sup>.*?</sup>", "", shown)).strip() == text[sentence.start : sentence.end]
    assert '<cite class="speaker">' in html and '<mark class="frame">' in html and 'class="quoted"' in html


def test_beside_a_sentence_each_code_is_named_once_with_whose_it_is(sample: Study) -> None:
    rows = sample.tables["frames"]
    one = rows[rows["article_id"] == "wire-1"].head(1).assign(frame="human_cost", source_id=pd.NA)
    both = pd.concat([one.assign(voice="author"), one.assign(voice="quoted")])
    empty = {name: sample.tables[name].head(0) for name in ("stance", "sentiment")}
    html = annotated_article("wire-1", {**sample.tables, "frames": both, **empty}, sample.codebook)
    name = sample.codebook.frames["human_cost"].name
    assert re.findall(r'<span class="frame">(.*?)</span>', html) == [
        f"{name} <i>(own words; unknown, quoted)</i>"
    ]


def test_an_article_without_text_names_places(sample: Study) -> None:
    blind = {**sample.tables, "articles": sample.articles.assign(text=pd.NA)}
    html = annotated_article("wire-1", blind, sample.codebook)
    assert "characters" in html and "Port Amsel on Wednesday" not in html
