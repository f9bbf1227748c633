import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare import reuse
from analysis.compare.reuse import (
    containment,
    find_shared_passages,
)
from analysis.studies import open_study
from analysis.tables import ARTICLES, SENTENCES

SHARED = (
    "the harbour will stay closed until both delegations have signed the second annex in full"  # 15 words
)


def corpus(**texts: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One article an outlet, one sentence a line."""
    articles = ARTICLES.make([{"article_id": f"{o}1", "outlet": o, "text": t} for o, t in texts.items()])
    sentences = []
    for outlet, text in texts.items():
        at = 0
        for line in text.split("\n"):
            sentences.append({"article_id": f"{outlet}1", "start": at, "end": at + len(line)})
            at += len(line) + 1
    return articles, SENTENCES.make(sentences)


def test_a_shared_passage_is_found_whole_with_its_spans_in_both_articles():
    a, b = f"Ministers met. Yesterday they said {SHARED}.", f"“{SHARED.capitalize()},” she wrote."
    articles, sentences = corpus(a=a, b=b)
    found = find_shared_passages(articles, sentences)
    assert len(found) == 1
    row = found.iloc[0]
    assert a[row["start_a"] : row["end_a"]] == SHARED
    assert b[row["start_b"] : row["end_b"]] == SHARED.capitalize()
    assert row["words"] == 15
    assert row["containment_b"] == pytest.approx(11 / 13)  # 17 words in b make 13 shingles
    assert list(found.columns) == [
        "article_a", "article_b", "outlet_a", "outlet_b", "start_a", "end_a", "start_b", "end_b",
        "words", "containment_a", "containment_b",
    ]  # fmt: skip


def test_a_passage_runs_over_line_ends_but_not_over_articles():
    first, second = " ".join(SHARED.split()[:8]), " ".join(SHARED.split()[8:])
    found = find_shared_passages(*corpus(a=f"{first}.\n{second}.", b=SHARED))
    assert found["words"].tolist() == [15]
    assert find_shared_passages(*corpus(a=first, b=second, c=SHARED)).empty


def test_eleven_words_are_no_passage_and_one_outlet_does_not_share_with_itself():
    eleven = " ".join(SHARED.split()[:11])
    assert find_shared_passages(*corpus(a=eleven, b=eleven)).empty
    articles, sentences = corpus(a=SHARED, b=SHARED)
    assert find_shared_passages(articles.assign(outlet="same"), sentences).empty


def test_a_passage_has_to_hold_a_shingle():
    with pytest.raises(ValueError, match="smaller shingle"):
        find_shared_passages(*corpus(a=SHARED), shortest=4)


def test_page_clutter_outside_the_sentences_is_not_read_nor_are_missing_texts():
    articles, sentences = corpus(a=SHARED, b=SHARED)
    assert find_shared_passages(articles, sentences.iloc[:1]).empty
    assert find_shared_passages(articles.assign(text=pd.NA), sentences).empty
    assert containment(articles.assign(text=pd.NA), sentences).empty


words = st.lists(st.sampled_from("abcdef"), max_size=40)


@given(words, words)
@settings(max_examples=60)
def test_passages_equal_a_slow_search(a, b):
    found = find_shared_passages(*corpus(a=" ".join(a), b=" ".join(b)), shortest=4, shingle=4)
    slow = set()
    for i in range(len(a)):
        for j in range(len(b)):
            n = 0
            while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
                n += 1
            if n >= 4 and not (i and j and a[i - 1] == b[j - 1]):
                slow.add((2 * i, 2 * (i + n) - 1, 2 * j, 2 * (j + n) - 1))
    assert set(found[["start_a", "end_a", "start_b", "end_b"]].itertuples(index=False, name=None)) == slow


@given(words, words)
@settings(max_examples=60)
def test_containment_equals_the_share_of_shingles(a, b):
    found = containment(*corpus(a=" ".join(a), b=" ".join(b)))
    one, other = ({tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (a, b))
    assert found["n"].tolist() == [len(one & other)] * 2 if one & other else found.empty
    if one & other:
        assert found["share"].tolist() == pytest.approx(
            [len(one & other) / len(one), len(one & other) / len(other)]
        )


def test_a_thousand_articles_take_seconds():
    rng = np.random.default_rng(0)
    texts = {f"o{i}": " ".join(map(str, rng.integers(0, 3000, 200))) for i in range(1000)}
    texts["o7"] += " " + SHARED
    texts["o900"] = SHARED + " " + texts["o900"]
    began = time.perf_counter()
    found = find_shared_passages(*corpus(**texts))
    assert time.perf_counter() - began < 10
    assert found[["outlet_a", "outlet_b", "words"]].to_numpy().tolist() == [["o7", "o900", 15]]


def test_what_groups_share_are_the_sums_over_their_articles(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = open_study(root / "data" / "sample")
    for rows in (500, 3):
        monkeypatch.setattr(reuse, "ROWS", rows)
        each = reuse.containment(sample.articles, sample.sentences)
        wanted = each.groupby(["outlet_a", "outlet_b"], sort=False)[["n", "total"]].sum().reset_index()
        found = reuse.containment_of_groups(sample.articles, sample.sentences)
        pd.testing.assert_frame_equal(found.drop(columns="share"), wanted)
