"""Samples of sentences: everybody has a chance, nobody is drawn twice, and shares can be weighted back."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.sampling import allocate, draw_sentences
from analysis.tables import ARTICLES, FRAMES, SENTENCES, STANCE


def made(outlets: dict[str, int], found: int = 3) -> dict[str, pd.DataFrame]:
    """An article an outlet with a title, so many sentences of body in paragraphs of two, every `found`th with a frame."""
    articles, sentences, frames = [], [], []
    for outlet, size in outlets.items():
        articles.append({"article_id": outlet, "outlet": outlet, "text": "x" * 10 * (size + 1)})
        for i in range(size + 1):
            row = {"article_id": outlet, "sentence_id": f"{outlet}:s{i}", "start": 10 * i, "end": 10 * i + 9}
            sentences.append({**row, "paragraph": 1 + (i + 1) // 2, "kind": "body" if i else "title"})
            if i % found == 0:
                frames.append({**row, "frame": "war"})
    return {
        "articles": ARTICLES.make(articles),
        "sentences": SENTENCES.make(sentences),
        "frames": FRAMES.make(frames),
        "stance": STANCE.make(),
    }


def test_headline_lead_and_body_of_every_outlet_are_in_the_sample():
    drawn = draw_sentences(made({"Wire": 60, "Post": 9}), 20)
    assert len(drawn) == 20
    assert set(drawn.groupby("outlet")["place"].agg(frozenset)) == {frozenset({"headline", "lead", "body"})}
    assert set(drawn.loc[drawn["place"] == "body", "found"]) == {True, False}


def test_the_first_paragraph_of_the_body_is_the_lead():
    drawn = draw_sentences(made({"Wire": 5}), 99).set_index("sentence_id")["place"]
    assert drawn.sort_index().tolist() == ["headline", "lead", "lead", "body", "body", "body"]


def test_weights_give_back_the_number_of_sentences_and_of_those_with_a_find():
    tables = made({"Wire": 200, "Post": 31, "Sun": 4}, found=5)
    drawn = draw_sentences(tables, 40)
    weight = 1 / drawn["probability"]
    assert weight.sum() == pytest.approx(len(tables["sentences"]))
    assert weight[drawn["found"]].sum() == pytest.approx(len(tables["frames"]))


def test_strata_are_given_up_rather_than_left_without_a_sentence():
    tables = made({"Wire": 20, "Post": 20, "Sun": 20})
    for n in range(1, 20):
        drawn = draw_sentences(tables, n)
        assert len(drawn) == n
        assert (1 / drawn["probability"]).sum() == pytest.approx(63)


def test_articles_without_text_and_sentences_left_out_are_never_drawn():
    tables = made({"Wire": 5, "Post": 5})
    tables["articles"].loc[1, "text"] = pd.NA
    drawn = draw_sentences(tables, 99, leave_out={"Wire:s2"})
    assert sorted(drawn["sentence_id"]) == ["Wire:s0", "Wire:s1", "Wire:s3", "Wire:s4", "Wire:s5"]
    assert set(drawn["probability"]) == {1.0}
    assert draw_sentences(tables, 5, leave_out=set(tables["sentences"]["sentence_id"])).empty


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(ValueError, match="one sentence or more, not 0"):
        draw_sentences(made({"Wire": 5}), 0)


SIZES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 25), min_size=1)


@given(SIZES, st.integers(1, 60), st.integers(0, 5))
def test_a_sample_has_no_sentence_twice_respects_n_and_depends_on_the_seed_alone(outlets, n, seed):
    tables = made(outlets)
    drawn = draw_sentences(tables, n, seed=seed)
    assert drawn["sentence_id"].is_unique
    assert len(drawn) == min(n, len(tables["sentences"]))
    assert drawn["probability"].between(0, 1, inclusive="right").all()
    pd.testing.assert_frame_equal(drawn, draw_sentences(tables, n, seed=seed))


@given(st.lists(st.integers(1, 90), min_size=1, max_size=9), st.integers(0, 200))
def test_no_stratum_gets_more_than_it_has_and_a_larger_one_never_less(sizes, n):
    drawn = allocate(dict(enumerate(sizes)), n)
    assert sum(drawn.values()) == min(n, sum(sizes))
    assert all(0 <= drawn[i] <= size for i, size in enumerate(sizes))
    assert n < len(sizes) or min(drawn.values()) >= 1
    assert all(drawn[i] <= drawn[j] for i in drawn for j in drawn if sizes[i] < sizes[j])


def test_sizes_follow_the_square_root():
    assert allocate({0: 900, 1: 100}, 40) == {0: 30, 1: 10}
