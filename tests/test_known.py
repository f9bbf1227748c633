"""The analysis finds what is known of the invented sample, whose outlets were written to differ in known ways."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.compare.reuse import find_shared_passages
from analysis.compare.shares import mean_tone, net_stance, shares
from analysis.compare.sourcing import attributions, source_shares
from analysis.compare.utterances import match_utterances
from analysis.studies import open_study
from analysis.study import Study

KNOWN = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "sample" / "known.yml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def sample(root: Path) -> Study:
    return open_study(root / "data" / "sample")


def measured(sample: Study, measure: str, code: str | None) -> pd.Series:
    """The measure's value for each outlet."""
    if measure == "frame_share":
        story = sample.with_outlet(sample.sentences[sample.sentences.kind == "body"])
        table = shares(sample.with_outlet(sample.frames), story, of="frame", labels=[code])
        return table.set_index("outlet")["share"]
    if measure == "source_share":
        table = source_shares(sample.with_outlet(sample.quotes), sample.sources, of="role", labels=[code])
        if code == "expert":  # whoever speaks from expertise, whatever the role
            table = shares(
                attributions(sample.with_outlet(sample.quotes), sample.sources).query("expert").assign(role="expert"),
                sample.with_outlet(sample.quotes), of="role", unit="quote_id", labels=["expert"],
            )  # fmt: skip
        return table.set_index("outlet")["share"]
    if measure == "author_stance":
        table = net_stance(
            sample.with_outlet(sample.stance), target=code, voice="author", groups=sample.outlets
        )
        return table.set_index("outlet")["net"]
    assert measure == "mean_tone"
    return mean_tone(sample.with_outlet(sample.sentiment), groups=sample.outlets).set_index("outlet")["mean"]


@pytest.mark.parametrize("known", KNOWN["differences"], ids=lambda d: f"{d['measure']}-{d.get('code', '')}")
def test_the_outlets_differ_as_they_were_written_to(sample: Study, known: dict) -> None:
    values = measured(sample, known["measure"], known.get("code")).astype(float)
    assert values.idxmax() == known["highest"], values.to_dict()
    lowest = {known["lowest"], *known.get("tied", [])}
    assert values.idxmin() in lowest, values.to_dict()


def test_the_reprinted_paragraphs_are_found(sample: Study) -> None:
    passages = find_shared_passages(sample.articles, sample.sentences)
    pairs = {frozenset((p.article_a, p.article_b)) for p in passages[passages.words >= 30].itertuples()}
    assert {frozenset((r["from"], r["to"])) for r in KNOWN["reprints"]} <= pairs


@pytest.mark.parametrize("relation", ["verbatim", "truncated"])
def test_one_utterance_in_two_outlets_is_recognised(sample: Study, relation: str) -> None:
    pairs = match_utterances(
        sample.with_outlet(sample.quotes), sample.sources, sample.articles, sample.language.stop_words()
    )
    found = {frozenset((p.article_a, p.article_b)) for p in pairs.itertuples()}
    known = [frozenset(u["articles"]) for u in KNOWN["shared_utterances"] if u["relation"] == relation]
    assert sum(pair in found for pair in known) >= 0.7 * len(known), [set(p) for p in known if p not in found]


def test_named_sources_have_the_role_and_side_that_their_articles_give(sample: Study) -> None:
    named = sample.sources[sample.sources.named.fillna(False)].drop_duplicates("name").set_index("name")
    known = {s["name"]: s for s in KNOWN["sources"] if s.get("named", True)}
    found = [name for name in known if name in named.index]
    assert len(found) >= 0.8 * len(known), sorted(set(known) - set(found))
    right = [
        n for n in found if named.role[n] == known[n]["role"] and bool(named.expert[n]) == known[n]["expert"]
    ]
    assert len(right) >= 0.8 * len(found), {
        n: (named.role[n], known[n]["role"]) for n in found if named.role[n] != known[n]["role"]
    }
