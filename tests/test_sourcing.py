from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from analysis.codebook import Verb
from analysis.compare import sourcing
from analysis.tables import ARTICLES, QUOTES, SENTENCES, SOURCES

PEOPLE = {
    "Ada Brandt": {
        "role": "government_official",
        "side": "north",
        "named": True,
        "expert": False,
        "anonymity": "named",
    },
    "Ben Ode": {"role": "expert", "side": "unknown", "named": True, "expert": True, "anonymity": "named"},
    "two officials": {
        "role": "government_official",
        "side": "south",
        "named": False,
        "expert": False,
        "anonymity": "anonymous",
    },
}


def made(*heard: tuple[str, str], **columns: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quotes and sources from (article, name) pairs; the article's first letter is its outlet."""
    ids = {pair: f"{pair[0]}:p{i}" for i, pair in enumerate(dict.fromkeys(heard))}
    sources = SOURCES.make(
        [{"source_id": i, "article_id": a, "name": n, **PEOPLE.get(n, {})} for (a, n), i in ids.items()]
    )
    quotes = QUOTES.make(
        [{"quote_id": f"q{k}", "article_id": pair[0], "source_id": ids[pair]} for k, pair in enumerate(heard)]
    ).assign(**columns)
    return quotes.assign(outlet=quotes["article_id"].str[0]), sources.assign(
        outlet=sources["article_id"].str[0]
    )


def from_counts(counts: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return made(*[("a1", f"source {i}") for i, n in enumerate(counts) for _ in range(n)])


def test_a_named_person_is_one_source_across_articles_and_an_unnamed_one_is_not():
    quotes, sources = made(
        ("a1", "Ada Brandt"), ("a2", "Ada Brandt"), ("a1", "two officials"), ("a2", "two officials")
    )
    row = sourcing.diversity(quotes, sources).iloc[0]
    assert row[["sources", "attributions"]].tolist() == [3, 4]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_diversity_equals_the_formulas(counts):
    row = sourcing.diversity(*from_counts(counts)).iloc[0]
    p = np.array(counts) / sum(counts)
    assert row["shannon"] == pytest.approx(entropy(p))
    assert row["shannon_mm"] == pytest.approx(entropy(p) + (len(p) - 1) / (2 * sum(counts)))
    assert row["d0"] + 1e-9 >= row["d1"] and row["d1"] + 1e-9 >= row["d2"] >= 1 - 1e-9
    assert row["cr3"] == pytest.approx(sum(sorted(p)[-3:]))
    assert np.isnan(row["evenness"]) if len(p) == 1 else 0 <= row["evenness"] <= 1 + 1e-9


def test_equally_heard_sources_have_a_diversity_of_their_number():
    row = sourcing.diversity(*from_counts([3, 3, 3, 3])).iloc[0]
    assert row[["d0", "d1", "d2", "evenness", "cr1"]].tolist() == pytest.approx([4, 4, 4, 1, 0.25])


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
@settings(max_examples=40)
def test_rarefaction_equals_the_mean_over_all_subsamples(counts, data):
    people = [i for i, n in enumerate(counts) for _ in range(n)]
    size = data.draw(st.integers(1, len(people)))
    row = sourcing.rarefy(*from_counts(counts), size=size).iloc[0]
    assert row["expected"] == pytest.approx(np.mean([len(set(c)) for c in combinations(people, size)]))
    assert row["low"] <= row["expected"] + 1e-9 and row["expected"] <= row["high"] + 1e-9


def test_groups_are_rarefied_to_the_smallest_and_a_silent_group_has_no_number():
    quotes, sources = made(
        *[("a1", f"s{i}") for i in range(9)], ("b1", "Ada Brandt"), ("b1", "Ada Brandt"), ("b1", "Ben Ode")
    )
    found = sourcing.rarefy(quotes, sources, groups=["a", "b", "c"])
    assert found["size"].tolist() == [3, 3, 3]
    assert found["expected"].tolist()[:2] == pytest.approx([3, 2])
    assert found.iloc[2][["expected", "low", "high"]].isna().all()
    assert sourcing.diversity(quotes, sources, groups=["c"])["attributions"].tolist() == [0]


def test_kinds_of_source_are_counted_by_attribution_or_by_source():
    quotes, sources = made(
        ("a1", "Ada Brandt"), ("a1", "Ada Brandt"), ("a1", "Ben Ode"), ("a1", "two officials")
    )
    often = sourcing.source_kinds(quotes, sources).set_index("kind")
    assert often.loc["official", ["n", "total"]].tolist() == [3, 4]
    assert often["n"].to_dict() == {"official": 3, "expert": 1, "named": 3, "anonymous": 1}
    heads = sourcing.source_kinds(quotes, sources, unit="who").set_index("kind")
    assert heads.loc["official", ["n", "total"]].tolist() == [2, 3]


def test_shares_of_sides_keep_every_group():
    quotes, sources = made(("a1", "Ada Brandt"), ("b1", "Ben Ode"))
    found = sourcing.source_shares(quotes, sources, of="side").set_index(["outlet", "side"])
    assert found["n"].to_dict() == {
        ("a", "north"): 1,
        ("a", "unknown"): 0,
        ("b", "north"): 0,
        ("b", "unknown"): 1,
    }


def test_quoted_words_are_counted_where_the_text_is_there_and_unknown_elsewhere():
    quotes, _ = made(
        ("a1", "Ada Brandt"), ("a1", "Ben Ode"), ("b1", "Ben Ode"), form=["direct", "indirect", "direct"]
    )
    quotes = quotes.assign(start=pd.array([0, 8, 0], "Int64"), end=pd.array([7, 27, 5], "Int64"))
    articles = ARTICLES.make(
        [{"article_id": "a1", "text": "We won. that they had not won"}, {"article_id": "b1"}]
    )
    found = sourcing.quote_amounts(quotes, articles).set_index(["outlet", "form"])
    assert found.loc[("a", "direct"), ["n", "total", "characters", "words"]].tolist() == [1, 2, 7, 2]
    assert found.loc[("a", "direct"), "words_share"] == pytest.approx(2 / 7)
    assert pd.isna(found.loc[("b", "direct"), "words"])
    assert found.loc[("b", "indirect"), ["n", "words"]].tolist() == [0, 0]


def test_position_runs_from_the_first_sentence_to_the_last():
    sentences = SENTENCES.make(
        [
            {"article_id": a, "sentence_id": f"{a}:s{i}", "start": i}
            for a, n in (("a1", 5), ("b1", 1))
            for i in range(n)
        ]
    )
    quotes, sources = made(("a1", "Ada Brandt"), ("a1", "Ben Ode"), ("b1", "Ben Ode"), ("b1", "Ben Ode"))
    quotes["sentence_id"] = pd.array(["a1:s0", "a1:s4", "b1:s0", pd.NA], "string")
    assert sourcing.quote_positions(quotes, sentences)["position"].fillna(-1).tolist() == [0, 1, 0, -1]
    early = sourcing.heard_early(sourcing.attributions(quotes, sources), sentences, of="role").set_index(
        ["outlet", "role"]
    )
    assert early.loc[("a", "government_official"), ["n", "total", "median"]].tolist() == [1, 1, 0]
    assert early.loc[("a", "expert"), ["n", "total", "median"]].tolist() == [0, 1, 1]
    assert early.loc[("b", "government_official"), "total"] == 0


VERBS = {
    "say": Verb("say", "neutral", ("say", "says", "said", "saying")),
    "claim": Verb("claim", "distancing", ("claims", "claimed"), nouns=("claim",)),
    "point out": Verb("point out", "endorsing", ("points out", "pointed out")),
    "point": Verb("point", "neutral", ("points", "pointed")),
}


def test_the_longest_form_in_the_cue_gives_its_class_and_the_last_of_several():
    cues = pd.Series(
        ["Said", "pointed out", "according to", "claimed, saying", "his claim", pd.NA], dtype="string"
    )
    found = sourcing.classify_cues(cues, VERBS)
    assert found.fillna("-").tolist() == ["neutral", "endorsing", "none", "neutral", "distancing", "-"]
    quotes, _ = made(*[("a1", "Ben Ode")] * 6)
    table = sourcing.verb_classes(quotes.assign(cue=cues), VERBS).set_index("verb_class")
    assert table["n"].to_dict() == {"neutral": 2, "endorsing": 1, "distancing": 1, "judging": 0, "none": 1}
    assert set(table["total"]) == {5}


def test_sources_heard_in_several_groups_are_listed_with_their_weight():
    quotes, sources = made(
        ("a1", "Ada Brandt"),
        ("a1", "Ada Brandt"),
        ("b1", "Ada Brandt"),
        ("b1", "Ben Ode"),
        ("a1", "two officials"),
        ("b1", "two officials"),
    )
    found = sourcing.shared_sources(quotes, sources)
    assert found[["name", "outlet", "n", "total", "groups"]].to_numpy().tolist() == [
        ["Ada Brandt", "a", 2, 3, 2],
        ["Ada Brandt", "b", 1, 3, 2],
    ]
    pair = sourcing.source_overlap(quotes, sources).iloc[0]
    assert pair[["outlet_a", "outlet_b", "n", "total", "share"]].tolist() == ["a", "b", 1, 2, 0.5]


def test_empty_tables_give_empty_comparisons():
    quotes, sources = QUOTES.make().assign(outlet=None), SOURCES.make()
    assert sourcing.diversity(quotes, sources, groups=["a"])["sources"].tolist() == [0]
    assert sourcing.source_kinds(quotes, sources, groups=["a"])["n"].tolist() == [0, 0, 0, 0]
    assert sourcing.shared_sources(quotes, sources).empty
    assert sourcing.source_overlap(quotes, sources).empty
    assert sourcing.quote_amounts(quotes, ARTICLES.make()).empty
