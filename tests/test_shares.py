import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.shares import article_frames, mean_tone, net_stance, share_differences, shares
from analysis.tables import SENTIMENT, STANCE

BASE = pd.DataFrame({"outlet": ["A"] * 4 + ["B"] * 2, "sentence_id": ["1", "2", "3", "4", "5", "6"]})
HITS = pd.DataFrame(
    {
        "outlet": ["A", "A", "A", "A"],
        "sentence_id": ["1", "1", "2", "2"],
        "frame": ["war", "war", "war", "peace"],
    }
)


def test_a_sentence_without_a_hit_still_counts_in_the_total():
    found = shares(HITS, BASE, of="frame").set_index(["outlet", "frame"])
    assert found.loc[("A", "war"), ["n", "total", "share"]].tolist() == [2, 4, 0.5]
    assert found.loc[("A", "peace"), "n"] == 1
    theirs = stats.binomtest(2, 4).proportion_ci(method="wilson")
    assert found.loc[("A", "war"), ["low", "high"]].tolist() == pytest.approx([theirs.low, theirs.high])
    assert set(found["unit"]) == {"sentences"}


def test_every_label_stands_in_every_group_with_zero_where_there_is_none():
    found = shares(HITS, BASE, of="frame", labels=["peace", "war", "law"], groups=["B", "A", "C"])
    assert found[["outlet", "frame"]].to_numpy().tolist() == [
        [o, f] for o in ("B", "A", "C") for f in ("peace", "war", "law")
    ]
    assert found["n"].tolist() == [0, 0, 0, 1, 2, 0, 0, 0, 0]
    assert found["total"].tolist() == [2] * 3 + [4] * 3 + [0] * 3
    assert found["share"].isna().tolist() == [False] * 6 + [True] * 3
    assert list(found.columns) == ["outlet", "frame", "n", "total", "share", "low", "high", "unit"]


def test_a_hit_outside_the_base_is_not_counted():
    assert shares(HITS, BASE[BASE["sentence_id"] != "2"], of="frame")["n"].tolist() == [0, 1, 0, 0]


def test_no_hits_at_all_give_zeros():
    found = shares(HITS.iloc[:0], BASE, of="frame", labels=["war"])
    assert found["n"].tolist() == [0, 0]


def test_units_without_a_group_are_refused():
    with pytest.raises(ValueError, match="no 'outlet'"):
        shares(HITS, BASE.assign(outlet=None), of="frame")


def in_articles(**lengths: int) -> pd.DataFrame:
    """Sentences a:1, a:2 ... of articles, by their number."""
    rows = [(a, f"{a}:{i}") for a, n in lengths.items() for i in range(1, n + 1)]
    return pd.DataFrame(rows, columns=["article_id", "sentence_id"])


def carrying(frame: str, *sentence_ids: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"article_id": [s.split(":")[0] for s in sentence_ids], "sentence_id": sentence_ids, "frame": frame}
    )


def used(table: pd.DataFrame) -> set[tuple[str, str]]:
    return {(r.article_id, r.frame) for r in table[table["used"]].itertuples()}


def test_an_article_uses_a_frame_that_enough_of_its_sentences_carry():
    frames = pd.concat(
        [
            carrying("war", "a:1", "a:2"),
            carrying("law", "a:3", "a:3"),  # twice in one sentence is one sentence
            carrying("war", "b:1", "b:2"),  # two of fifty are too few
        ]
    )
    table = article_frames(frames, in_articles(a=20, b=50, c=3))
    assert used(table) == {("a", "war")}
    rows = table.set_index(["article_id", "frame"])
    assert rows.loc[("a", "law"), ["n", "total", "share"]].tolist() == [1, 20, 0.05]
    assert rows.loc[("c", "war"), "n"] == 0  # an article without any frame has its rows, too
    assert len(rows) == 6


def test_what_is_enough_may_be_changed_and_the_frames_asked_for_named():
    frames, sentences = carrying("war", "a:1", "a:2"), in_articles(a=4)
    assert used(article_frames(frames, sentences, at_least=3)) == set()
    assert used(article_frames(frames, sentences, at_least_share=0.6)) == set()
    assert used(article_frames(frames, sentences[:1], at_least=1)) == {("a", "war")}
    assert article_frames(frames, sentences, labels=["law", "war"])["used"].tolist() == [False, True]


def test_an_article_without_any_hit_uses_no_frame():
    nothing = carrying("war", "a:1").iloc[:0]
    assert article_frames(nothing, in_articles(a=2), labels=["war"])["used"].tolist() == [False]


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("xyz")), max_size=20))
def test_repeating_hits_or_changing_their_order_changes_nothing(pairs):
    group = dict(zip(BASE["sentence_id"], BASE["outlet"], strict=True))
    hits = pd.DataFrame(
        [(group[str(s)], str(s), c) for s, c in pairs], columns=["outlet", "sentence_id", "code"]
    )
    once = shares(hits, BASE, of="code", labels=list("xyz"))
    again = shares(
        pd.concat([hits, hits]).sample(frac=1, random_state=0), BASE, of="code", labels=list("xyz")
    )
    pd.testing.assert_frame_equal(once, again)
    assert ((once["low"] <= once["share"]) & (once["share"] <= once["high"])).all()


def test_differences_between_shares_carry_an_effect_size():
    # Newcombe 1998, table II, case (a), method 10: 56/70 - 48/80 = .0524 to .3339
    table = pd.DataFrame(
        {
            "outlet": ["A", "B"],
            "frame": "war",
            "n": [56, 48],
            "total": [70, 80],
            "share": [0.8, 0.6],
            "unit": "s",
        }
    )
    for end, method in (("low", 0), ("high", 1)):
        table[end] = [
            stats.binomtest(n, t).proportion_ci(method="wilson")[method] for n, t in ((56, 70), (48, 80))
        ]
    row = share_differences(table, of="frame").iloc[0]
    assert row[["difference", "low", "high"]].tolist() == pytest.approx([0.2, 0.0524, 0.3339], abs=1e-4)
    assert row["h"] == pytest.approx(0.4421, abs=1e-3)


def stances(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    made = STANCE.make(
        [
            {
                "article_id": a,
                "sentence_id": s,
                "target": "talks",
                "stance": v,
                "voice": voice,
                "start": i,
                "end": i + 1,
            }
            for i, (a, s, v, voice) in enumerate(rows)
        ]
    )
    return made.assign(outlet=made["article_id"].str[0].str.upper())


def test_net_stance_counts_a_position_once_and_keeps_voices_apart():
    table = stances(
        ("a1", "s1", "favourable", "author"),
        ("a1", "s1", "favourable", "author"),
        ("a1", "s2", "neutral", "author"),
        ("a1", "s3", "unfavourable", "quoted"),
        ("b1", "t1", "unfavourable", "quoted"),
    )
    all_voices = net_stance(table, target="talks", draws=100).set_index("outlet")
    assert all_voices.loc["A", ["favourable", "unfavourable", "neutral", "n", "net"]].tolist() == [
        1,
        1,
        1,
        3,
        0,
    ]
    author = net_stance(table, target="talks", voice="author", draws=100).set_index("outlet")
    assert author.loc["A", ["n", "net"]].tolist() == [2, 0.5]
    assert author.loc["B", "n"] == 0
    assert set(author["voice"]) == {"author"}
    assert list(all_voices.columns) == [
        "target", "voice", "favourable", "unfavourable", "neutral", "n", "articles", "net", "low", "high", "unit", "resampled", "method",
    ]  # fmt: skip


def test_sincere_counts_as_favourable():
    table = stances(
        ("a1", "s1", "insincere", "author"),
        ("a1", "s2", "sincere", "author"),
        ("a1", "s3", "sincere", "author"),
    )
    assert net_stance(table, target="talks", draws=100)["net"].tolist() == pytest.approx([1 / 3])


def test_a_target_nobody_speaks_of_has_no_net_stance():
    found = net_stance(stances(("a1", "s1", "favourable", "author")), target="peace", draws=100)
    assert found["n"].tolist() == [0]
    assert found["net"].isna().all()


def test_mean_tone_gives_an_interval_over_articles_or_within_the_one():
    table = SENTIMENT.make(
        [
            {"article_id": a, "sentence_id": f"{a}{i}", "score": s, "voice": v}
            for a, s, v in (
                ("a1", 0.5, "author"),
                ("a1", -0.5, "quoted"),
                ("b1", 0.2, "author"),
                ("b2", 0.4, "author"),
            )
            for i in range(3)
        ]
    ).assign(outlet=lambda d: d["article_id"].str[0])
    found = mean_tone(table, draws=200).set_index("outlet")
    assert found["mean"].tolist() == pytest.approx([0, 0.3])
    assert found["resampled"].tolist() == ["within the article", "article"]
    assert mean_tone(table, voice="author", draws=50)["mean"].tolist() == pytest.approx([0.5, 0.3])
