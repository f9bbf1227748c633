"""Editions, cut versions and agency copy are found among articles on the same events, and each has one original."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from analysis.read.duplicates import find_agency, find_near_duplicates

PAIRS = int(os.environ.get("MEDIA_ANALYSIS_PAIRS", "80"))  # `make fuzz` takes 300


@pytest.fixture(scope="module")
def sentences(root: Path) -> list[str]:
    """The sentences of the invented articles: few enough that texts made of them share some by chance."""
    texts = [
        p.read_text(encoding="utf-8") for p in sorted((root / "data" / "sample" / "articles").glob("*.txt"))
    ]
    found = [s for text in texts for s in re.split(r"(?<=[.!?”\"])\s+", text) if 6 <= len(s.split()) <= 60]
    return sorted(set(found))


def edition(body: list[str], pool: list[str], draw: random.Random) -> list[str]:
    """Some words changed, one sentence gone, one come in."""
    changed = [re.sub(r"\bsaid\b", "told reporters", s) if draw.random() < 0.3 else s for s in body]
    del changed[draw.randrange(len(changed))]
    return [*changed, draw.choice(pool)]


def cut(body: list[str], _pool: list[str], draw: random.Random) -> list[str]:
    return body[: max(6, int(len(body) * draw.uniform(0.4, 0.8)))]


def reheadlined(body: list[str], pool: list[str], draw: random.Random) -> list[str]:
    return [draw.choice(pool), "By our own correspondent", *body]


def agency_copy(body: list[str], pool: list[str], draw: random.Random) -> list[str]:
    return ["PORT AMSEL (AP) -", *body[:-2], draw.choice(pool), "Additional reporting by our staff."]


def test_pairs_are_found_and_articles_on_the_same_events_are_not_taken_for_copies(
    sentences: list[str],
) -> None:
    draw = random.Random(14)
    ways = (edition, cut, reheadlined, agency_copy)
    texts, pairs = [], set()
    for n in range(PAIRS):
        body = draw.sample(sentences, draw.randint(14, 30))
        pairs.add((len(texts), len(texts) + 1))
        texts += [" ".join(body), " ".join(ways[n % len(ways)](body, sentences, draw))]
    texts += [" ".join(draw.sample(sentences, draw.randint(14, 30))) for _ in range(PAIRS)]
    found = {tuple(sorted((copy, one.original))) for copy, one in find_near_duplicates(texts).items()}
    hits = len(found & pairs)
    f1 = 2 * hits / (len(found) + len(pairs))
    assert f1 >= 0.95, f"{hits} of {len(pairs)} pairs, {len(found)} found"


def test_a_group_has_one_original_the_first_in_the_order_given(sentences: list[str]) -> None:
    body = sentences[:20]
    texts = [" ".join(body[:12]), " ".join(body), " ".join(body[:16])]
    assert {i: c.original for i, c in find_near_duplicates(texts).items()} == {1: 0, 2: 0}
    by_length = [(-len(text),) for text in texts]
    assert {i: c.original for i, c in find_near_duplicates(texts, by_length).items()} == {0: 1, 2: 1}


def test_short_texts_and_boilerplate_make_no_pairs(sentences: list[str]) -> None:
    assert find_near_duplicates(["All rights reserved by the outlet."] * 5) == {}
    notice = "All rights reserved. This material may not be published, broadcast, rewritten or redistributed by anybody."
    texts = [f"{' '.join(sentences[n * 8 : n * 8 + 8])} {notice}" for n in range(12)]
    assert find_near_duplicates(texts) == {}


@pytest.mark.parametrize(
    ("text", "author", "agency"),
    [
        ("PORT AMSEL (AP) — The envoys met.", "", "Associated Press"),
        ("PORT AMSEL, Feb 12 (Reuters) - The envoys met.", "", "Reuters"),
        ("The envoys met.\n\n— AFP", "", "Agence France-Presse"),
        ("The envoys met.", "Reuters", "Reuters"),
        ("Reuters asked the minister, who said nothing.", "Lida Corrant", None),
    ],
)
def test_an_agencys_credit_is_recognised(text: str, author: str, agency: str | None) -> None:
    assert find_agency(text, author) == agency
