from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare.terms import count_terms, distinctive_terms, find_terms, word_shift
from analysis.language import load_language
from analysis.tables import ARTICLES, SENTENCES


def counted(**texts: list[list[str]]) -> pd.DataFrame:
    """Counts from outlet -> paragraphs -> words, one article an outlet."""
    rows = [
        (outlet, f"{outlet}1", number, term, n)
        for outlet, paragraphs in texts.items()
        for number, words in enumerate(paragraphs, start=1)
        for term, n in Counter(words).items()
    ]
    return pd.DataFrame(rows, columns=["outlet", "article_id", "paragraph", "term", "n"])


def test_words_are_folded_and_counted_where_they_stand():
    text = "Ada’s envoys won. ENVOYS lost 3 U.S. talks!\n\nThe end."
    articles = ARTICLES.make(
        [{"article_id": "a1", "outlet": "A", "text": text}, {"article_id": "b1", "outlet": "B"}]
    )
    sentences = SENTENCES.make(
        [
            {"article_id": "a1", "start": 0, "end": 17, "paragraph": 1},
            {"article_id": "a1", "start": 18, "end": 43, "paragraph": 1},
            {"article_id": "a1", "start": 45, "end": 53, "paragraph": 2},
            {"article_id": "b1", "start": 0, "end": 9, "paragraph": 1},
        ]
    )
    found = count_terms(articles, sentences, leave_out=load_language().stop_words())
    assert found.set_index("term")["n"].to_dict() == {
        "ada": 1,
        "envoys": 2,
        "won": 1,
        "lost": 1,
        "u.s.": 1,
        "talks": 1,
        "end": 1,
    }
    assert found.set_index("term").loc["end", "paragraph"] == 2
    assert "the" in set(count_terms(articles, sentences)["term"])


def test_log_odds_equal_the_formula_written_out():
    counts = counted(a=[["war"] * 6 + ["peace"] * 4], b=[["war"] * 2 + ["peace"] * 8])
    row = distinctive_terms(counts, prior=10, least=1).set_index(["outlet", "term"]).loc[("a", "war")]
    a = 10 * 8 / 20
    delta = np.log((6 + a) / (10 + 10 - 6 - a)) - np.log((2 + a) / (10 + 10 - 2 - a))
    assert row["log_odds"] == pytest.approx(delta)
    assert row["z"] == pytest.approx(delta / np.sqrt(1 / (6 + a) + 1 / (2 + a)))
    assert row[["n", "total", "rest", "rest_total", "per_1000"]].tolist() == [6, 10, 2, 10, 600]


def test_two_groups_mirror_each_other():
    counts = counted(a=[["war", "war", "tea"]], b=[["peace", "tea", "tea"]])
    found = distinctive_terms(counts, least=1).pivot_table(index="term", columns="outlet", values="z")
    assert (found["a"] + found["b"]).abs().max() < 1e-9


words = st.lists(st.sampled_from(["war", "peace", "tea", "law"]), min_size=1, max_size=20)


@given(words, words, words)
@settings(max_examples=30)
def test_q_is_never_below_p_and_a_term_used_alike_is_not_distinctive(a, b, c):
    found = distinctive_terms(counted(a=[[*a, "oil"]], b=[[*b, "oil"]], c=[[*c, "oil"]]), least=1)
    assert (found["q"] >= found["p"] - 1e-12).all()
    alike = distinctive_terms(counted(a=[[*a, "oil"]], b=[[*a, "oil"]], c=[[*a, "oil"]]), least=1)
    assert alike["z"].abs().max() < 1e-9


@given(st.lists(words, min_size=1, max_size=5))
@settings(max_examples=30)
def test_dispersion_equals_gries_formula(paragraphs):
    found = distinctive_terms(
        counted(a=paragraphs, b=[["war", "peace", "tea", "law"] * 2]), least=1
    ).set_index(["outlet", "term"])
    size = np.array([len(p) for p in paragraphs])
    for term in {w for p in paragraphs for w in p}:
        uses = np.array([p.count(term) for p in paragraphs])
        dp = 0.5 * np.abs(uses / uses.sum() - size / size.sum()).sum()
        row = found.loc[("a", term)]
        assert row["dp"] == pytest.approx(dp, abs=1e-9)
        assert row["paragraphs"] == (uses > 0).sum()
        assert row["articles"] == 1


def test_where_all_words_are_one_word_nothing_can_be_told():
    assert distinctive_terms(counted(a=[["war"]], b=[["war"]]), least=1)["z"].isna().all()


def test_a_burst_in_one_paragraph_shows_in_its_dispersion():
    burst = counted(
        a=[["tea"] * 5, ["war"] * 5, ["law"] * 5, ["oil"] * 5], b=[["war", "tea", "law", "oil"] * 5]
    )
    even = counted(a=[["tea", "war", "law", "oil"]] * 5, b=[["war", "tea", "law", "oil"] * 5])
    dp = [
        distinctive_terms(c, least=1).set_index(["outlet", "term"]).loc[("a", "tea"), "dp"]
        for c in (burst, even)
    ]
    assert dp == pytest.approx([0.75, 0])


def test_a_term_that_a_group_never_uses_still_has_a_row():
    found = distinctive_terms(counted(a=[["war"] * 3], b=[["tea"] * 3]), least=1).set_index(
        ["outlet", "term"]
    )
    assert found.loc[("a", "tea"), ["n", "articles", "paragraphs"]].tolist() == [0, 0, 0]
    assert found.loc[("a", "tea"), "z"] < 0 and np.isnan(found.loc[("a", "tea"), "dp"])


@given(words, words)
def test_word_shift_adds_up_to_the_difference_of_the_means(a, b):
    scores = {"war": -3.0, "peace": 3.0, "tea": 1.0}
    found = word_shift(counted(a=[[*a, "tea"]], b=[[*b, "tea"]]), scores, a="a", b="b")
    means = [np.mean([scores[w] for w in [*ws, "tea"] if w in scores]) for ws in (a, b)]
    assert found["contribution"].sum() == pytest.approx(means[1] - means[0], abs=1e-9)


def test_word_shift_says_how_a_word_contributes():
    found = word_shift(
        counted(a=[["war", "tea"]], b=[["peace", "tea"]]), {"war": -3, "peace": 3, "tea": 0}, a="a", b="b"
    )
    assert found.set_index("term")["kind"].to_dict() == {
        "peace": "a more positive word, more often",
        "war": "a more negative word, less often",
    }
    with pytest.raises(ValueError, match="'outlet' 'c'"):
        word_shift(counted(a=[["war"]]), {"war": -3}, a="a", b="c")


def test_no_words_give_an_empty_table():
    assert distinctive_terms(counted(), least=1).empty
    assert word_shift(counted(a=[["x"]], b=[["y"]]), {"war": -3}, a="a", b="b").empty


def test_words_that_report_speech_are_no_words_of_the_story() -> None:
    text = "The envoy said it. He said the truce held."
    articles = pd.DataFrame({"article_id": ["a"], "outlet": ["Wire"], "text": [text]})
    sentences = pd.DataFrame(
        {"article_id": "a", "start": [0, 19], "end": [18, 42], "paragraph": 1, "sentence_id": ["s1", "s2"]}
    )
    cue = pd.DataFrame(
        {"article_id": ["a", "b"], "start": [text.index("said"), 0], "end": [text.index("said") + 4, 40]}
    )
    counted = count_terms(articles, sentences, outside=cue).set_index("term")["n"]
    assert counted["said"] == 1 and counted["truce"] == 1
    assert find_terms(articles, sentences, {"said"}, cue)["start"].tolist() == [text.rindex("said")]
