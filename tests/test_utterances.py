import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare import reuse, utterances
from analysis.compare.coverage import coverage
from analysis.compare.utterances import list_utterances, match_utterances, rendering, same_speaker
from analysis.language import load_language
from analysis.studies import open_study
from analysis.tables import ARTICLES, QUOTES, SOURCES

TALKS = Path(__file__).parents[2] / "shared" / "us-russia-talks"


def said(*rows: tuple[str, str, str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Quotes, sources and articles from (outlet, speaker, words): one article a row."""
    ids = [f"{outlet}{i}" for i, (outlet, _, _) in enumerate(rows)]
    quotes = QUOTES.make(
        [
            {"quote_id": f"{i}:q1", "article_id": i, "start": 0, "end": len(w), "source_id": f"{i}:p1"}
            for i, (_, _, w) in zip(ids, rows, strict=True)
        ]
    ).assign(outlet=[r[0] for r in rows])
    sources = SOURCES.make(
        [
            {"source_id": f"{i}:p1", "name": n, "named": n[0].isupper()}
            for i, (_, n, _) in zip(ids, rows, strict=True)
        ]
    )
    articles = ARTICLES.make(
        [
            {"article_id": i, "outlet": r[0], "text": r[2], "published": f"2025-03-0{k}"}
            for k, (i, r) in enumerate(zip(ids, rows, strict=True), 1)
        ]
    )
    return quotes, sources, articles


def matched(*rows):
    return match_utterances(*said(*rows), STOP_WORDS)


STOP_WORDS = load_language().stop_words()
LONG = "We will never accept a treaty that was written without us, and nobody should expect our parliament to vote for it"


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (LONG.replace(" and ", " — and ").upper(), "verbatim"),
        (" ".join(LONG.split()[:11]), "truncated"),
        (" ".join(LONG.split()[:7]), "truncated"),
        (" ".join(LONG.split()[:6] + LONG.split()[12:]), "spliced"),
        ("nobody in parliament should vote for or accept a treaty written like that", "reworded"),
        ("the harvest was good this year and prices fell", None),
    ],
)
def test_one_utterance_is_recognised_and_its_rendering_named(other, kind):
    found = matched(("a", "Ada Brandt", LONG), ("b", "A. Brandt", other))
    assert found["kind"].tolist() == ([kind] if kind else [])
    assert found["same_speaker"].all()


def test_without_the_same_speaker_nothing_is_called_reworded_but_words_alike_are_shown():
    other = "nobody in parliament should vote for or accept a treaty written like that"
    assert matched(("a", "Ada Brandt", LONG), ("b", "Ben Ode", other)).empty
    found = matched(("a", "Ada Brandt", LONG), ("b", "Ben Ode", LONG))
    assert found[["kind", "same_speaker"]].to_numpy().tolist() == [["verbatim", False]]


def test_a_short_fragment_of_another_speaker_is_no_utterance():
    assert matched(("a", "Ada Brandt", LONG), ("b", "Ben Ode", " ".join(LONG.split()[:7]))).empty


def test_words_in_quotation_marks_decide_where_the_outlets_own_words_differ():
    rows = (
        ("a", "Ada Brandt", "the vote had shown that “patient envoys win harbours back” for everybody"),
        (
            "b",
            "Ada Brandt",
            "this was proof, at last and whatever others may think of it, that “patient envoys win”",
        ),
    )
    quotes, sources, articles = said(*rows)
    for column, mark, after in (("quoted_start", "“", 1), ("quoted_end", "”", 0)):
        quotes[column] = pd.array([r[2].index(mark) + after for r in rows], "Int64")
    assert match_utterances(quotes, sources, articles, STOP_WORDS)["kind"].tolist() == ["truncated"]


def test_quotes_of_one_outlet_and_very_short_ones_are_not_compared():
    assert matched(("a", "Ada Brandt", LONG), ("a", "Ada Brandt", LONG)).empty
    assert matched(("a", "Ada Brandt", "we will see"), ("b", "Ada Brandt", "we will see")).empty


REPORTED = {
    "we": "they",
    "i": "he",
    "our": "their",
    "my": "his",
    "us": "them",
    "is": "was",
    "are": "were",
    "will": "would",
}
REPORTED |= {"have": "had", "has": "had", "can": "could", "do": "did", "must": "had to", "today": "that day"}
OTHER_WORDS = ("matter", "moment", "neighbour", "question", "largely", "country", "answer", "simply")


def renderings(words: list[str]) -> dict[str, str]:
    """An utterance as five outlets might print it."""
    third, content = (
        len(words) // 3,
        [i for i, w in enumerate(words) if w.lower() not in STOP_WORDS and len(w) > 3],
    )
    other = dict(zip(content[1::4], OTHER_WORDS, strict=False))
    return {
        "verbatim": " ".join(words).upper(),
        "truncated": " ".join(words[: 2 * third]),
        "spliced": " ".join([*words[:third], *words[2 * third :]]),
        "reworded": " ".join(other.get(i, w) for i, w in enumerate(words)),
        "indirect": " ".join(REPORTED.get(w.lower(), w) for w in words),
    }


def test_120_renderings_of_24_utterances_are_put_together_among_200_others_and_no_two_are_mixed(
    root: Path,
) -> None:
    study = open_study(root / "data" / "sample")
    texts = dict(zip(study.articles["article_id"], study.articles["text"], strict=True))
    taken: list[tuple[set[str], list[str]]] = []
    for row in study.sentences.itertuples():
        words = re.findall(r"[\w’'-]+", texts[row.article_id][row.start : row.end])
        content = {w.lower() for w in words} - set(STOP_WORDS)
        # The sample's outlets share utterances of their own: of sentences alike the first alone is taken.
        if 8 <= len(words) <= 40 and all(
            len(content & other) < 0.5 * min(len(content), len(other)) for other, _ in taken
        ):
            taken.append((content, words))
    long = [words for _, words in taken if len(words) >= 14][:24]
    others = [words for _, words in taken if words not in long][:200]
    assert len(long) == 24 and len(others) == 200
    speakers = ("Ada Brandt", "Ben Ode", "Cora Lindqvist", "Dag Eriksen", "Eva Moltke")
    rows = [("o0", speakers[n % 5], " ".join(words)) for n, words in enumerate(long)]
    of = list(range(24))
    for n, words in enumerate(long):
        rows += [(f"o{k}", speakers[n % 5], said) for k, said in enumerate(renderings(words).values(), 1)]
        of += [n] * 5
    rows += [(f"o{n % 6}", speakers[n % 5], " ".join(words)) for n, words in enumerate(others)]
    of += range(24, 224)
    quotes, sources, articles = said(*rows)
    items = list_utterances(match_utterances(quotes, sources, articles, STOP_WORDS))
    place = dict(zip(quotes["quote_id"], of, strict=True))
    groups = [[place[q] for q in own] for own in items.groupby("utterance")["quote_id"].agg(list)]
    found = [pair for group in groups for pair in combinations(group, 2)]
    wanted = sum(len(list(combinations(range(of.count(n)), 2))) for n in range(24))
    right = sum(a == b for a, b in found)
    assert 2 * right / (len(found) + wanted) >= 0.99
    assert len(found) - right == 0


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (LONG.upper(), "verbatim"),
        (" ".join(LONG.split()[:7]), "truncated"),
        (" ".join(LONG.split()[:6] + LONG.split()[12:]), "spliced"),
        ("today the road is open", "reworded"),
    ],
)
def test_a_rendering_is_named_against_the_first_version(other: str, kind: str) -> None:
    assert rendering(LONG, other) == kind


def test_an_utterance_in_three_outlets_is_one_item_and_its_coverage_can_be_told():
    quotes, sources, articles = said(
        ("a", "Ada Brandt", LONG),
        ("b", "Ada Brandt", LONG),
        ("c", "Ada Brandt", LONG[:80]),
        ("d", "Ben Ode", "nothing of the kind was said here"),
    )
    items = list_utterances(match_utterances(quotes, sources, articles, STOP_WORDS))
    assert items[["utterance", "outlet"]].to_numpy().tolist() == [["u1", "a"], ["u1", "b"], ["u1", "c"]]
    assert list(items.columns) == ["utterance", "quote_id", "article_id", "outlet", "speaker"]
    found = coverage(items, articles, item="utterance").set_index("outlet")["status"].to_dict()
    assert found == {"a": "present", "b": "present", "c": "present", "d": "omitted"}


def test_no_text_gives_no_match_and_an_empty_list():
    quotes, sources, articles = said(("a", "Ada Brandt", LONG), ("b", "Ada Brandt", LONG))
    found = match_utterances(quotes, sources, articles.assign(text=pd.NA), STOP_WORDS)
    assert found.empty and "utterance" in found
    assert list_utterances(found).empty


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy", True),
        ("President Zelenskyy", "Volodymyr Zeleneky", True),
        ("José Muñoz", "Jose Munoz", True),
        ("Gen. Ada Brandt (Ret.)", "Brandt", True),
        ("Ada Brandt", "Ben Brandt", False),
        ("Ada Brandt", "Ada Brunner", False),
        ("Ada Brandt", None, False),
    ],
)
def test_speakers_are_recognised_across_spellings(a, b, same):
    assert same_speaker(a, b) is same
    assert same_speaker(b, a) is same


def test_unnamed_sources_are_the_same_only_by_equal_descriptions():
    assert same_speaker("the Foreign Ministry", "Foreign ministry", named=False)
    assert not same_speaker("US officials", "UK officials", named=False)


sentence = st.lists(
    st.sampled_from(LONG.split()),
    min_size=1,
    max_size=14,
)


@given(st.lists(sentence, min_size=2, max_size=4))
@settings(max_examples=40)
def test_the_order_of_outlets_does_not_change_what_is_matched(lines):
    rows = [("abcd"[i], "Ada Brandt", " ".join(w)) for i, w in enumerate(lines)]
    there = matched(*rows)
    back = matched(*rows[::-1])
    for found in (there, back):
        assert ((found["ratio"] >= 0) & (found["ratio"] <= 1)).all()
    pairs = [
        {frozenset(p) for p in f[["outlet_a", "outlet_b"]].itertuples(index=False)} for f in (there, back)
    ]
    assert pairs[0] == pairs[1]


@pytest.mark.skipif(not TALKS.exists(), reason="the five articles lie beside the repository")
def test_one_sentence_in_two_wordings_is_found_in_the_five_articles():
    coded = pd.read_csv(TALKS / "coding" / "quotes.csv")
    names = sorted(coded["article_id"].unique())
    texts = {n: next((TALKS / "articles").glob(f"{n}*")).read_bytes().decode("utf-8") for n in names}
    articles = ARTICLES.make([{"article_id": n, "outlet": n, "text": t} for n, t in texts.items()])
    ids = [str(i) for i in range(len(coded))]
    quotes = QUOTES.make(coded[["article_id", "start", "end"]].assign(quote_id=ids, source_id=ids)).assign(
        outlet=coded["article_id"]
    )
    sources = SOURCES.make(
        pd.DataFrame({"source_id": ids, "name": coded["speaker_name"], "named": coded["named"] == "yes"})
    )
    found = match_utterances(quotes, sources, articles, STOP_WORDS)
    assert found["speaker_a"].str.contains("Quigley").any()


def said_by(speaker: str, texts: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Quotes, sources and articles: each text one article and one quote, in two outlets by turns."""
    ids = [f"a{i}" for i in range(len(texts))]
    outlets = [f"outlet {i % 2}" for i in range(len(texts))]
    articles = pd.DataFrame({"article_id": ids, "outlet": outlets, "text": texts})
    rows = [
        {"quote_id": f"{a}:q1", "article_id": a, "start": 0, "end": len(t)}
        for a, t in zip(ids, texts, strict=True)
    ]
    quotes = QUOTES.make(
        [{**row, "speaker": speaker, "source_id": f"{row['article_id']}:p1"} for row in rows]
    ).assign(outlet=outlets)
    sources = SOURCES.make([{"source_id": f"{a}:p1", "name": speaker, "named": True} for a in ids])
    return quotes, sources, articles


WORDS = st.lists(
    st.sampled_from(
        ["river", "treaty", "border", "winter", "grain", "envoy", "the", "of", "and", "will", "we"]
    ),
    min_size=3,
    max_size=9,
)


@given(st.lists(WORDS, min_size=2, max_size=12), st.sampled_from(["Ola Brandt", "the envoy"]))
def test_an_index_finds_what_comparing_each_with_each_finds(texts: list[list[str]], speaker: str) -> None:
    material = said_by(speaker, [" ".join(words) for words in texts])
    found = utterances.match_utterances(*material, {"the", "of", "and", "will", "we"})
    heard = utterances._hear(
        material[0], material[1], material[2], {"the", "of", "and", "will", "we"}, "outlet"
    )
    pairs = [
        (i, j)
        for i in range(len(heard))
        for j in range(i + 1, len(heard))
        if heard[i].group != heard[j].group
    ]
    every = utterances._worth_reading(heard, tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T))
    kinds = {}
    for i, j, same, ratio in every:
        a, b = heard[i], heard[j]
        jaccard = len(a.content & b.content) / len(a.content | b.content)
        if kind := utterances._kind(a, b, ratio, jaccard, same):
            kinds[a.quote_id, b.quote_id] = kind
    listed = dict(zip(zip(found["quote_a"], found["quote_b"], strict=True), found["kind"], strict=True))
    assert listed.items() <= kinds.items()
    missed = {pair: kind for pair, kind in kinds.items() if pair not in listed}
    short = {h.quote_id for h in heard if len(h.words) < utterances.BLOCK}
    assert all(set(pair) & short or kind == "verbatim" for pair, kind in missed.items())


def test_one_utterance_in_a_thousand_articles_is_one_and_its_pairs_do_not_grow_with_the_square() -> None:
    text = "We will cross the river before winter and sign the border treaty"
    found = utterances.match_utterances(*said_by("Ola Brandt", [text] * 1000), {"the", "we", "and"})
    assert set(found["utterance"]) == {"u1"}
    assert len({*found["quote_a"], *found["quote_b"]}) == 1000
    assert len(found) <= 1000 * reuse.NEAR
