"""What DuckDB counts in Parquet is what pandas counts in frames."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import tables
from analysis.compare.corpus import parts_of_articles
from analysis.compare.shares import mean_tone, net_stance, shares
from analysis.compare.sourcing import attributions, source_shares, that_report
from analysis.compare.terms import count_terms, distinctive_terms
from analysis.partitions import annotate_partitions
from analysis.show.evidence import evidence
from analysis.studies import OpenedStudy, annotate_folder, open_study

pytest.importorskip("duckdb", reason="DuckDB is an extra: pip install 'media-analysis[scale]'")
from analysis.compare.by_sql import STORY, Counts


@pytest.fixture(scope="module")
def study(root: Path) -> OpenedStudy:
    return open_study(root / "data" / "sample")


def assert_same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)


def assert_all_the_same(counts: Counts, made: dict[str, pd.DataFrame]) -> None:
    """Every question, asked both ways."""
    outlets = made["articles"].set_index("article_id")["outlet"]
    groups = sorted(outlets.unique())
    placed = {name: made[name].assign(outlet=made[name]["article_id"].map(outlets)) for name in made}
    sentences = placed["sentences"].assign(part=parts_of_articles(made["sentences"]))
    story = sentences[sentences["part"].isin(STORY)]
    for by in ("outlet", "part"):
        how = {"by": by, "groups": groups if by == "outlet" else ["lead", "body"]}
        parts = sentences.set_index("sentence_id")["part"]
        hits = placed["frames"].assign(part=placed["frames"]["sentence_id"].map(parts))
        labels = sorted(hits[hits["part"].isin(STORY)]["frame"].unique())
        assert_same(counts.frames(**how), shares(hits, story, of="frame", labels=labels, **how))
    tones = ["negative", "neutral", "positive"]
    asked = {"labels": tones, "groups": groups}
    assert_same(counts.tones(**asked), shares(placed["sentiment"], story, of="label", **asked))
    for of in ("role", "side", "form"):
        for unit in ("quote_id", "who"):
            for reported in (("speech",), ("thought", "act")):
                these = that_report(placed["quotes"], reported)
                labels = sorted(attributions(these, made["sources"])[of].dropna().unique())
                how = {"of": of, "unit": unit, "groups": groups, "labels": labels}
                wanted = source_shares(these, made["sources"], **how)
                assert_same(counts.quotes_by(**how, reported=reported), wanted)
    body = made["sentences"][made["sentences"]["kind"].isin(["deck", "body"])]
    by_term = ["outlet", "term"]
    wanted = distinctive_terms(count_terms(placed["articles"], body, leave_out={"the"})).sort_values(by_term)
    assert_same(
        counts.terms(leave_out={"the"}).sort_values(by_term).reset_index(drop=True),
        wanted.reset_index(drop=True),
    )
    for voices in ((), ("author",)):
        pairs = [
            (
                counts.tone(voices=voices),
                mean_tone(placed["sentiment"], groups=groups, draws=50, voice=voices or None),
            )
        ]
        pairs += [
            (
                counts.positions(target, voices=voices),
                net_stance(placed["stance"], target=target, groups=groups, draws=50, voice=voices or None),
            )
            for target in made["stance"]["target"].unique()
        ]
        for found, pandas in pairs:
            met = pandas[pandas["n"] > 0].reset_index(drop=True)
            columns = [c for c in found if c not in ("low", "high", "method", "resampled")]
            assert_same(found[columns], met[columns])


@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_articles_both_count_the_same(data: st.DataObject, study: OpenedStudy) -> None:
    ids = data.draw(st.lists(st.sampled_from(list(study.articles["article_id"])), min_size=2, unique=True))
    made = {
        table.name: study.tables[table.name][study.tables[table.name]["article_id"].isin(ids)].reset_index(
            drop=True
        )
        for table in (tables.ARTICLES, *tables.ANNOTATIONS)
    }
    assert_all_the_same(Counts(made), made)


@pytest.mark.slow
def test_of_real_news_both_count_the_same(shared: Path, tmp_path: Path) -> None:
    folder = shared / "benchmarks" / "polnear" / "dev"
    if not folder.is_dir():
        pytest.skip(f"needs the articles in {folder}")
    for text in sorted(folder.glob("*.txt"))[::3]:
        shutil.copy(text, tmp_path)
    made = annotate_folder(tmp_path, Path("peace-talks"))
    outlets = made["articles"]["article_id"].str.split("_").str[0].astype("string")
    made = {name: made[name] for name in (tables.ARTICLES.name, *(t.name for t in tables.ANNOTATIONS))}
    made["articles"] = made["articles"].assign(outlet=outlets)
    assert outlets.nunique() == 7
    assert_all_the_same(Counts(made), made)


def test_counts_come_from_partitions_and_evidence_is_a_sample_of_a_known_total(
    root: Path, tmp_path: Path, study: OpenedStudy
) -> None:
    study.articles.head(4).to_parquet(tmp_path / "given.parquet", index=False)
    codebook = root / "data" / "sample" / "codebook"
    made = annotate_partitions(str(tmp_path / "given.parquet"), str(tmp_path / "out"), codebook, size=2)
    counts = made.counts()
    assert_all_the_same(counts, {name: made[name] for name in made if name != "persons"})
    frame = made["frames"]["frame"].mode()[0]
    drawn = counts.evidence("frames", 3, frame=frame)
    assert len(drawn.hits) == 3 and drawn.total == (made["frames"]["frame"] == frame).sum()
    pd.testing.assert_frame_equal(drawn.hits, counts.evidence("frames", 3, frame=frame).hits)
    shown = evidence(drawn.hits, drawn.articles, drawn.sentences, title="Frames")
    assert 1 <= len(shown.table) <= 3
    (path, *_) = (tmp_path / "out" / "frames").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cut or changed"):
        made.counts()


def test_intervals_without_rows_are_those_of_resampled_articles() -> None:
    """Of 300 articles, linearisation and the bootstrap agree within a tenth of their width."""
    random = np.random.default_rng(1)
    size = random.integers(3, 30, 300)
    score = np.repeat(random.normal(0, 0.3, 300), size) + random.normal(0, 0.3, size.sum())
    ids = np.repeat([f"a{n}" for n in range(300)], size)
    places = np.arange(len(ids))
    made = {table.name: table.make() for table in (tables.ARTICLES, *tables.ANNOTATIONS)}
    made["articles"] = tables.ARTICLES.make([{"article_id": f"a{n}", "outlet": "Wire"} for n in range(300)])
    rows = {"article_id": ids, "sentence_id": places.astype(str)}
    made["sentences"] = tables.SENTENCES.make(pd.DataFrame({**rows, "start": places, "kind": "body"}))
    made["sentiment"] = tables.SENTIMENT.make(pd.DataFrame({**rows, "score": score, "voice": "author"}))
    found = Counts(made).tone().iloc[0]
    wanted = mean_tone(made["sentiment"].assign(outlet="Wire"), draws=2_000).iloc[0]
    width = wanted["high"] - wanted["low"]
    assert found["mean"] == pytest.approx(wanted["mean"])
    assert abs(found["low"] - wanted["low"]) < width / 10 and abs(found["high"] - wanted["high"]) < width / 10
