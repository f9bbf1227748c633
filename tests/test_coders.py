"""Every coder's codes have one shape, and whose codes count is chosen by how far they agree with people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.ask.material import Material
from analysis.coding.agreement import agreement
from analysis.coding.coders import RULES, VARIABLES, load_coder, load_coders, tables_by
from analysis.coding.counting import counting, people, standing
from analysis.studies import open_study
from analysis.study import Study, StudyError, load_settings
from analysis.tables import CODES

Coding = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def sample(root: Path) -> Study:
    return open_study(root / "data" / "sample")


@pytest.fixture(scope="module")
def talks(root: Path) -> Study:
    return open_study(root / "data" / "us-russia-talks")


def coded_by(study: Study, name: str, wrong: Callable[[int], bool] = lambda number: False) -> Coding:
    """Sentences and stances that a coder gave as the rules do, but the other way round where `wrong`."""
    rules = load_coders(replace(study, coding={}))[RULES]
    frames, tones = rules.given("frames"), rules.given("sentiment")
    rows, stances = [], []
    for number, s in enumerate(study.sentences.itertuples()):
        own = {"conflict"} - frames[s.sentence_id] if wrong(number) else frames[s.sentence_id]
        tone = "positive" if wrong(number) else "|".join(tones[s.sentence_id])
        place = (s.article_id, s.sentence_id, s.start, s.end)
        rows.append((*place, "|".join(sorted(own)), tone))
        given = sorted(rules.given("stance on negotiations")[s.sentence_id])
        stances += [(s.sentence_id, "negotiations", "neutral" if wrong(number) else v, "") for v in given]
    return {
        f"{name}sentences": pd.DataFrame(
            rows, columns=["article_id", "sentence", "start", "end", "frames", "sentiment"]
        ),
        f"{name}stances": pd.DataFrame(stances, columns=["sentence", "target", "stance", "holder"]),
    }


def test_every_coder_has_the_columns_of_the_table_codes(talks: Study) -> None:
    coders = load_coders(talks)
    assert list(coders) == [RULES, "settled", "coder_a", "coder_b", "model-reader"]
    for name, coder in coders.items():
        assert list(coder.codes) == [c.name for c in CODES.columns]
        assert set(coder.codes["coder"]) == {name} and not coder.codes.duplicated(list(CODES.key)).any()
        for variable, rows in coder.codes.groupby("variable"):
            assert set(rows["unit"]) <= coder.asked[variable]
    assert [name for name, coder in coders.items() if coder.is_person] == ["settled", "coder_a", "coder_b"]


def test_the_rules_have_a_row_for_each_code_of_each_source(sample: Study) -> None:
    codes = load_coders(sample)[RULES].codes
    frames = sample.frames.drop_duplicates(["sentence_id", "frame", "source_id"])
    assert (codes["variable"] == "frames").sum() == len(frames) < len(sample.frames)
    assert (codes["variable"] == "sentiment").sum() == len(sample.sentences)


def test_people_s_codes_come_to_the_study_s_sentences_and_their_holders_to_its_sources(talks: Study) -> None:
    settled = load_coders(talks)["settled"]
    assert settled.asked["frames"] == set(
        talks.sentences.loc[talks.sentences["kind"].isin(["deck", "body"]), "sentence_id"]
    )
    stances = settled.codes[settled.codes["variable"] == "stance on negotiations"]
    assert set(stances["voice"]) == {"author", "reported"}
    assert stances.loc[stances["voice"] == "author", "source_id"].isna().all()
    reported = stances.loc[stances["voice"] == "reported", "source_id"]
    assert reported.notna().mean() > 0.6 and set(reported.dropna()) <= set(talks.sources["source_id"])


def test_a_sentence_coded_in_one_piece_gives_its_codes_to_both_that_it_is_now(sample: Study) -> None:
    first, second = sample.sentences[sample.sentences["kind"] == "body"].head(2).itertuples()
    whole = pd.DataFrame(
        [(first.article_id, "old-1", first.start, second.end, "conflict", "negative")],
        columns=["article_id", "sentence", "start", "end", "frames", "sentiment"],
    )
    coder = load_coder(replace(sample, coding={"anna_sentences": whole}), "anna")
    assert coder.asked["frames"] == {first.sentence_id, second.sentence_id}
    assert set(coder.codes.loc[coder.codes["variable"] == "frames", "unit"]) == coder.asked["frames"]


def test_a_sentence_without_a_tone_was_left_open_and_one_without_a_frame_was_not(sample: Study) -> None:
    s = sample.sentences.iloc[3]
    row = pd.DataFrame(
        [(s.article_id, "x", s.start, s.end, "", "")],
        columns=["article_id", "sentence", "start", "end", "frames", "sentiment"],
    )
    coder = load_coder(replace(sample, coding={"anna_sentences": row}), "anna")
    assert coder.asked == {"frames": {s.sentence_id}, "sentiment": frozenset()}


def test_a_model_s_codes_keep_their_evidence_their_source_and_their_confidence(sample: Study) -> None:
    s, source = sample.sentences.iloc[5], sample.sources.iloc[0]
    codes = pd.DataFrame(
        [
            (s.sentence_id, s.article_id, "frames", "conflict", s.start, s.start + 4, "author", "", 1.0, "model-x"),
            (s.sentence_id, s.article_id, "stance on negotiations", "neutral", "", "", "reported", source.source_id, 0.5, "model-x"),
            (source.source_id, source.article_id, "role", "expert", "", "", "", "", "", "model-x"),
        ],
        columns=[c.name for c in CODES.columns],
    )  # fmt: skip
    coded = pd.DataFrame(
        [(s.article_id, s.sentence_id, s.start, s.end, "conflict", "neutral")],
        columns=["article_id", "sentence", "start", "end", "frames", "sentiment"],
    )
    study = replace(sample, coding={"model-x_sentences": coded, "model-x_codes": codes})
    coder = load_coders(study)["model-x"]
    frame, stance, role = coder.codes.to_dict("records")
    assert (frame["start"], frame["end"], frame["confidence"]) == (s.start, s.start + 4, 1.0)
    assert stance["source_id"] == source.source_id and pd.isna(stance["start"])
    assert role["unit"] == source.source_id and coder.asked["role"] == {source.source_id}
    assert not coder.is_person
    (table,) = tables_by(study, coder, "stance").values()
    assert (table.loc[0, "start"], table.loc[0, "end"]) == (s.start, s.end)
    assert (tables_by(study, coder, "role")["sources"]["role"] == "expert").sum() == 1


def test_tables_by_a_coder_have_its_codes_and_by_the_rules_stay_as_they_are(talks: Study) -> None:
    coders = load_coders(talks)
    assert [tables_by(talks, coders[RULES], of) for of in VARIABLES] == [{}] * len(VARIABLES)
    coded = talks.coding["sentences"]
    tone = tables_by(talks, coders["settled"], "sentiment")["sentiment"]
    assert tone["label"].value_counts().to_dict() == coded["sentiment"].value_counts().to_dict()
    assert set(tone["score"]) == {-1, 0, 1}
    frames = tables_by(talks, coders["settled"], "frames")["frames"]
    assert len(frames) == coded["frames"].str.split("|").explode().ne("").sum()
    assert frames["start"].notna().all()


def test_without_people_the_rules_count_and_nothing_is_validated(sample: Study) -> None:
    chosen = counting(sample, load_coders(replace(sample, coding={})))
    assert {one.coder.name for one in chosen.values()} == {RULES}
    assert not any(one.validated for one in chosen.values())
    assert people(load_coders(replace(sample, coding={})), "frames") is None


def test_whoever_agrees_best_with_people_counts_where_all_of_the_interval_is_above_the_gate(
    sample: Study,
) -> None:
    good = coded_by(sample, "model-good_", lambda n: n % 40 == 0)
    poor = coded_by(sample, "model-poor_", lambda n: n % 3 > 0)

    def standing_with(wrong: int) -> tuple[pd.DataFrame, str, bool]:
        """Where people differ from the rules in one of so many sentences, and the good model with them in one of 40."""
        study = sample_with(sample, coded_by(sample, "", lambda n: n % wrong == 0) | good | poor)
        coders = load_coders(study)
        table = standing(study, coders, ["frames"])
        chosen = counting(study, coders)["frames"]
        return table[table["code"].isna()].set_index("coder"), chosen.coder.name, chosen.validated

    table, best, validated = standing_with(2)
    assert (table["low"] < 0.667).all() and (best, validated) == (RULES, False)
    table, best, validated = standing_with(1000)
    assert (best, validated) == (RULES, True)
    assert set(table["resampled"]) == {"article"} and (table["low"] < table["alpha"]).all()
    table, best, validated = standing_with(40)
    assert table["alpha"].idxmax() == best == "model-good" and validated
    assert table.loc["model-poor", "alpha"] < 0.667


def test_a_coder_validated_on_one_target_is_not_thereby_validated_on_another(sample: Study) -> None:
    other = "oskaran_sincerity"
    sentences = list(sample.sentences["sentence_id"])

    def positions_of(values: Callable[[int], str]) -> pd.DataFrame:
        rows = [(unit, other, values(n), "author") for n, unit in enumerate(sentences) if values(n)]
        return pd.DataFrame(rows, columns=["sentence", "target", "stance", "holder"])

    def study_with(**named: str) -> Study:
        coding = coded_by(sample, "") | coded_by(sample, "model-good_", lambda n: n % 40 == 0)
        for name, values in (
            ("", lambda n: "sincere" if n % 5 == 0 else ""),
            ("model-good_", lambda n: "insincere" if n % 7 == 0 else ""),
        ):
            coding[f"{name}stances"] = pd.concat([coding[f"{name}stances"], positions_of(values)])
        rules = replace(sample, coding={}, tables={**sample.tables, "stance": sample.stance.head(0)})
        return sample_with(rules, coding, **named)

    study, on_other = study_with(), f"stance on {other}"
    coders = load_coders(study)
    chosen = counting(study, coders, ["stance", on_other])
    assert chosen["stance"].coder.name == "model-good" and chosen["stance"].validated
    assert chosen[on_other].coder.name == RULES
    material = Material(study)
    vars(material)["counting"] = dict.fromkeys(VARIABLES, chosen[on_other]) | chosen
    assert material.counts("stance on negotiations") == chosen["stance"]
    assert set(material.counted.stance["target"]) == {"negotiations"}, "the rules found nothing on the other"
    named = study_with(stance="model-good")
    there = counting(named, load_coders(named), [on_other])[on_other]
    assert there.coder.name == "model-good" and not there.validated


def sample_with(study: Study, coding: Coding, **coders: str) -> Study:
    return replace(study, coding=coding, settings=replace(study.settings, coders=coders))


def test_the_coder_that_the_study_names_counts_however_it_agrees(sample: Study) -> None:
    coding = coded_by(sample, "") | coded_by(sample, "model-poor_", lambda n: n % 3 > 0)
    study = sample_with(sample, coding, frames="model-poor", sentiment="settled")
    chosen = counting(study, load_coders(study))
    assert chosen["frames"].coder.name == "model-poor" and chosen["frames"].named
    assert not chosen["frames"].validated and chosen["sentiment"].validated


def test_a_coder_that_is_not_there_or_left_sentences_out_cannot_be_named(sample: Study) -> None:
    coding = coded_by(sample, "")
    few = {name: table.head(30) for name, table in coded_by(sample, "anna_").items()}
    for name, message in (
        ("nobody", "has no coder 'nobody'; there are rules, settled, anna"),
        ("anna", r"'anna' has coded \d+ of \d+ sentences"),
    ):
        study = sample_with(sample, coding | few, frames=name)
        with pytest.raises(StudyError, match=message):
            counting(study, load_coders(study))


def test_settings_name_coders_by_variable(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text("coders: {frames: rules, stance: model-x}\ndeveloped: [rules]\n")
    settings = load_settings(tmp_path)
    assert settings.coders == {"frames": "rules", "stance": "model-x"} and settings.developed == ["rules"]
    (tmp_path / "study.yml").write_text("coders: {frame: rules}\n")
    with pytest.raises(StudyError, match="line 1: unknown key 'frame'; did you mean 'frames'"):
        load_settings(tmp_path)
    (tmp_path / "study.yml").write_text("coders: rules\n")
    with pytest.raises(StudyError, match="'coders' must be a mapping"):
        load_settings(tmp_path)


def test_intervals_from_resampled_articles_are_wider_where_errors_gather_in_one(sample: Study) -> None:
    articles = pd.Series(np.repeat(list("abcdef"), 30))
    a = pd.Series(np.tile([True, False, False], 60))
    b = a.where(articles != "a", ~a)
    by_unit, by_article = agreement(a, b), agreement(a, b, articles=articles)
    assert by_unit.alpha == by_article.alpha
    assert (by_unit.resampled, by_article.resampled) == ("unit", "article")
    assert by_article.high - by_article.low > 1.5 * (by_unit.high - by_unit.low)
    one = agreement(a, b, articles=pd.Series("a", index=a.index))
    assert one == by_unit
