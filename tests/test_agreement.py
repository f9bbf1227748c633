import time
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import masi_distance
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from analysis.coding.agreement import (
    agreement,
    agreement_by_code,
    align,
    coincidence_matrix,
    gwet_ac1,
    krippendorff_alpha,
    match_spans,
    score_spans,
    scores_by_code,
    sets_by_unit,
    verdict,
)

TALKS = Path(__file__).parents[2] / "shared" / "us-russia-talks" / "coding"

grades = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=3, max_size=3), min_size=2, max_size=15
)


def codings(rows: list[list]) -> list[pd.Series]:
    return [pd.Series(column, dtype=object) for column in zip(*rows, strict=True)]


@given(grades, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_equals_the_krippendorff_package(rows, level):
    data = [[np.nan if v is None else float(v) for v in column] for column in zip(*rows, strict=True)]
    mine = krippendorff_alpha(*codings(rows), level=level)
    pairable = [v for row in rows if sum(x is not None for x in row) > 1 for v in row if v is not None]
    if len(set(pairable)) < 2:
        assert np.isnan(mine)
    else:
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
        assert mine == pytest.approx(theirs, abs=1e-9)


@given(
    st.lists(st.tuples(*[st.frozensets(st.sampled_from("abcd"), min_size=1)] * 2), min_size=2, max_size=15)
)
def test_alpha_of_sets_equals_nltk(pairs):
    a, b = codings([list(p) for p in pairs])
    mine = krippendorff_alpha(a, b, level="masi")
    rows = [(coder, unit, value) for coder, s in (("a", a), ("b", b)) for unit, value in s.items()]
    if len({v for p in pairs for v in p}) < 2:
        assert np.isnan(mine)
    else:
        assert mine == pytest.approx(AnnotationTask(rows, distance=masi_distance).alpha(), abs=1e-9)


def test_two_empty_sets_agree():
    a = pd.Series(["", "a|b", "b"])
    assert krippendorff_alpha(a, a, level="masi") == 1
    assert krippendorff_alpha(a, pd.Series(["a", "a|b", "b"]), level="masi") < 1


def test_alpha_of_krippendorffs_own_example():
    # Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C: four observers, nominal .743
    n = None
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ]
    coders = [pd.Series(r, dtype=object) for r in rows]
    for level, alpha in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)):
        assert krippendorff_alpha(*coders, level=level) == pytest.approx(alpha, abs=5e-4)
    assert coincidence_matrix(*coders).to_numpy().sum() == pytest.approx(40)
    assert coincidence_matrix(*coders).loc["1", "1"] == pytest.approx(7)


@given(grades, st.randoms())
def test_alpha_does_not_depend_on_the_order_of_units_or_coders_or_on_the_names_of_values(rows, random):
    once = krippendorff_alpha(*codings(rows))
    shuffled = [random.sample(row, 3) for row in random.sample(rows, len(rows))]
    renamed = [[None if v is None else f"code {9 - v}" for v in row] for row in shuffled]
    assert krippendorff_alpha(*codings(renamed)) == pytest.approx(once, nan_ok=True)


def test_no_variation_is_undefined_and_said_so():
    a = pd.Series(["war"] * 9)
    found = agreement(a, a)
    assert np.isnan([found.alpha, found.low, found.p_low]).all()
    assert found.verdict == "undefined: no variation"


@pytest.mark.parametrize(
    ("alpha", "words"),
    [(0.8, "reliable"), (0.799, "tentative"), (0.667, "tentative"), (0.6669, "draw no conclusion")],
)
def test_the_verdict_follows_krippendorffs_thresholds(alpha, words):
    assert verdict(alpha, 0.667) == words


def test_a_verdict_needs_an_interval_above_the_threshold_and_five_cases():
    assert (verdict(0.83, -0.03), verdict(1.0, 1.0, 4)) == ("not sure", "too few to say")
    assert verdict(1.0, 1.0, 5) == "reliable"
    both = pd.Series({f"s{n}": "rare" * (n == 0) for n in range(40)})
    (found,) = agreement_by_code(both, both, ["rare"], draws=200).to_dict("records")
    assert (found["alpha"], found["n_a"], found["verdict"]) == (1.0, 1, "too few to say")


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_the_interval_is_that_of_resampled_units(level):
    rng = np.random.default_rng(4)
    a = rng.integers(1, 4, 40)
    b = np.where(rng.random(40) < 0.8, a, rng.integers(1, 4, 40))
    found = agreement(pd.Series(a), pd.Series(b), level=level, draws=2000)
    slow = []
    for _ in range(2000):
        drawn = rng.integers(0, 40, 40)
        slow.append(krippendorff.alpha(reliability_data=[a[drawn], b[drawn]], level_of_measurement=level))
    assert found.low < found.alpha < found.high
    assert [found.low, found.high] == pytest.approx(np.quantile(slow, [0.025, 0.975]), abs=0.05)
    assert found.p_low == pytest.approx(np.mean(np.array(slow) < 0.667), abs=0.1)
    assert found == agreement(pd.Series(a), pd.Series(b), level=level, draws=2000)


def test_ten_thousand_draws_take_little_time():
    rng = np.random.default_rng(0)
    a, b = (pd.Series(rng.integers(0, 3, 1000)) for _ in range(2))
    began = time.perf_counter()
    agreement(a, b)
    assert time.perf_counter() - began < 5


def test_ac1_equals_gwets_example():
    # Gwet 2008, table 2: 118 both positive, 5 and 2 differ, none both negative
    a = pd.Series([1] * 118 + [1] * 5 + [0] * 2)
    b = pd.Series([1] * 118 + [0] * 5 + [1] * 2)
    assert gwet_ac1(a, b) == pytest.approx(0.941, abs=5e-4)
    assert gwet_ac1(pd.Series([0, 0]), pd.Series([0, 0]), values=[0, 1]) == 1
    assert np.isnan(gwet_ac1(pd.Series([0, 0]), pd.Series([0, 0])))


def test_binary_alpha_nears_cohens_kappa_in_many_units():
    rng = np.random.default_rng(2)
    a = rng.integers(0, 2, 5000)
    b = np.where(rng.random(5000) < 0.9, a, 1 - a)
    assert krippendorff_alpha(pd.Series(a), pd.Series(b)) == pytest.approx(cohen_kappa_score(a, b), abs=1e-3)


def test_each_code_gets_its_alpha_ac1_and_verdict():
    a = pd.Series({"s1": "war|law", "s2": "war", "s3": "", "s4": "law", "s5": "war"})
    b = pd.Series({"s5": "war", "s4": "law", "s3": "", "s2": "war", "s1": "war", "s9": "law"})
    found = agreement_by_code(a, b, ["war", "law", "tea"], draws=500).set_index("code")
    assert list(found.columns) == ["n_units", "n_a", "n_b", "alpha", "low", "high", "p_low", "ac1", "verdict"]
    assert found.loc["war", ["n_units", "n_a", "n_b", "alpha"]].tolist() == [5, 3, 3, 1]
    assert found.loc["law", ["n_a", "n_b"]].tolist() == [2, 1]
    assert found.loc["law", "alpha"] == pytest.approx(
        krippendorff.alpha(
            reliability_data=[[1, 0, 0, 1, 0], [0, 0, 0, 1, 0]], level_of_measurement="nominal"
        )
    )
    assert found.loc["tea", "verdict"] == "undefined: no variation"
    assert found.loc["tea", "ac1"] == 1


def test_codings_without_a_common_unit_or_with_one_twice_are_refused():
    with pytest.raises(ValueError, match="share no unit"):
        agreement_by_code(pd.Series({"s1": "a"}), pd.Series({"s2": "a"}))
    with pytest.raises(ValueError, match="appears twice"):
        krippendorff_alpha(pd.Series(["a", "b"], index=["s1", "s1"]), pd.Series({"s1": "a"}))


@given(st.lists(st.tuples(*[st.frozensets(st.sampled_from("abc"))] * 2), min_size=1, max_size=20))
def test_scores_equal_scikit_learn(pairs):
    found, reference = codings([list(p) for p in pairs])
    mine = scores_by_code(found, reference, list("abc"))
    matrices = [[[code in given for code in "abc"] for given in s] for s in (reference, found)]
    precision, recall, f1, _ = precision_recall_fscore_support(*matrices, zero_division=np.nan)
    assert mine["precision"].to_numpy() == pytest.approx(precision, nan_ok=True)
    assert mine["recall"].to_numpy() == pytest.approx(recall, nan_ok=True)
    assert mine["f1"].to_numpy() == pytest.approx(f1, nan_ok=True)


def test_a_table_of_hits_becomes_a_coding_with_empty_sets():
    hits = pd.DataFrame({"sentence": ["s1", "s1", "s1", "s9"], "frame": ["a", "b", "a", "a"]})
    found = sets_by_unit(hits, ["s1", "s2"], unit="sentence", of="frame")
    assert found.to_dict() == {"s1": frozenset("ab"), "s2": frozenset()}


CODED = pd.DataFrame(
    {"article_id": ["x", "x", "y"], "sentence": ["x1", "x2", "y1"], "start": [0, 10, 0], "end": [9, 20, 30]}
)


def test_a_span_is_aligned_with_the_coded_sentence_that_holds_its_middle():
    spans = pd.DataFrame(
        {
            "article_id": ["x", "x", "x", "y", "z", "x"],
            "start": [0, 8, 18, 4, 0, None],
            "end": [9, 14, 40, 6, 5, None],
        },
        index=list("abcdef"),
    ).astype({"start": "Int64", "end": "Int64"})
    found = align(spans, CODED)
    assert found.index.tolist() == list("abcdef")
    assert found.fillna("-").tolist() == ["x1", "x2", "-", "y1", "-", "-"]


def test_coded_sentences_that_overlap_are_refused():
    with pytest.raises(ValueError, match="article x overlap"):
        align(CODED, CODED.assign(end=15))


def spans(*pairs: tuple[int, int], article: str = "x") -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["start", "end"]).assign(article_id=article)


def test_spans_are_matched_one_to_one_best_overlap_first():
    found = match_spans(spans((0, 10), (0, 8)), spans((0, 8), (9, 30)))
    assert found.to_numpy().tolist() == [[1, 0, 1.0]]
    assert match_spans(spans((0, 10)), spans((0, 10), article="y")).empty


def test_a_reference_span_that_is_not_settled_is_neither_missed_nor_wrong():
    reference = spans((0, 10), (20, 30), (40, 50))
    scores = score_spans(
        spans((0, 10), (20, 30), (60, 70)), reference, settled=pd.Series([True, False, False])
    ).iloc[0]
    assert scores[["n", "n_found", "n_reference"]].tolist() == [1, 2, 1]
    assert scores[["precision", "recall", "f1"]].tolist() == pytest.approx([0.5, 1, 2 / 3])


@given(
    *[st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda p: (p[0], sum(p))), max_size=8)]
    * 2
)
@settings(max_examples=50)
def test_no_span_is_matched_twice_and_swapping_tables_matches_as_many(a, b):
    there, back = match_spans(spans(*a), spans(*b)), match_spans(spans(*b), spans(*a))
    assert there["a"].is_unique and there["b"].is_unique
    assert sorted(there["jaccard"]) == pytest.approx(sorted(back["jaccard"])) or len(
        set(there["jaccard"])
    ) < len(there)
    assert (there["jaccard"] >= 0.3).all()


@pytest.mark.skipif(not TALKS.exists(), reason="the reference coding lies beside the repository")
def test_coders_of_the_talks_agree_as_their_readme_says():
    a, b = (
        pd.read_csv(TALKS / f"coder_{c}_sentences.csv", keep_default_na=False)
        .drop_duplicates("sentence")
        .set_index("sentence")
        for c in "ab"
    )
    frames = agreement_by_code(a["frames"], b["frames"], draws=200)
    assert frames["alpha"].min() == pytest.approx(0.81, abs=0.006)
    assert frames["alpha"].median() == pytest.approx(0.92, abs=0.006)
    assert krippendorff_alpha(a["sentiment"], b["sentiment"]) == pytest.approx(0.94, abs=0.006)
    quotes = [pd.read_csv(TALKS / f"coder_{c}_quotes.csv") for c in "ab"]
    assert score_spans(*quotes)["f1"].item() == pytest.approx(0.96, abs=0.006)
