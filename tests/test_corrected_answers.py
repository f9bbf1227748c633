"""What a study's comparisons make of people's coding: corrected shares, whose they are, and no stance where none was asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.coding.coders import RULES, load_coders
from analysis.show.figure import Figure
from analysis.studies import OpenedStudy, open_study
from analysis.study import Study


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    return open_study(root / "data" / "sample", figures=tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def talks(root: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    return open_study(root / "data" / "us-russia-talks", figures=tmp_path_factory.mktemp("figures"))


def people_of(study: Study, chosen: pd.DataFrame, probability: float) -> dict[str, pd.DataFrame]:
    """Settled codes of the chosen sentences: the rules' own, but each third conflict is none, and calm is negative."""
    rules = load_coders(replace(study, coding={}))[RULES]
    frames, tones, stance = (rules.given(v) for v in ("frames", "sentiment", "stance on negotiations"))
    rows, stances = [], []
    for number, s in enumerate(chosen.itertuples()):
        own = frames[s.sentence_id] - ({"conflict"} if number % 3 == 0 else set())
        tone = {"negative"} if number % 5 == 0 else tones[s.sentence_id]
        place = (s.article_id, s.sentence_id, s.start, s.end)
        rows.append((*place, "|".join(sorted(own)), "|".join(tone), probability))
        stances += [(s.sentence_id, "negotiations", value, "") for value in sorted(stance[s.sentence_id])]
    columns = ["article_id", "sentence", "start", "end", "frames", "sentiment", "probability"]
    return {
        "sentences": pd.DataFrame(rows, columns=columns),
        "stances": pd.DataFrame(stances, columns=["sentence", "target", "stance", "holder"]),
    }


@pytest.fixture(scope="module")
def coded(sample: OpenedStudy) -> OpenedStudy:
    """The sample study, of which people coded half of the sentences, drawn at random."""
    rng = np.random.default_rng(3)
    drawn = sample.sentences[rng.random(len(sample.sentences)) < 0.5]
    return replace(sample, coding=people_of(sample, drawn, 0.5))


def test_a_share_is_that_of_the_coder_and_beside_it_as_people_would_have_coded_it(coded: OpenedStudy) -> None:
    table = coded.compare.frames().table
    assert list(table) == [
        "outlet",
        "frame",
        "n",
        "total",
        "machine",
        "coded",
        "share",
        "low",
        "high",
        "method",
        "unit",
    ]
    assert (table["machine"] == table["n"] / table["total"]).all() and set(table["method"]) == {
        "poststratified"
    }
    assert (table["low"] <= table["share"]).all() and (table["share"] <= table["high"]).all()
    conflict = table[table["frame"] == "conflict"]
    assert (conflict["share"] <= conflict["machine"]).all() and (
        conflict["share"] < conflict["machine"]
    ).any()


def test_a_corrected_chart_names_the_coder_the_sample_and_what_is_assumed(coded: OpenedStudy) -> None:
    figure = coded.compare.tone().chart("Tone")
    assert isinstance(figure, Figure)
    n = int(coded.compare.tone().table.drop_duplicates("outlet")["coded"].sum())
    assert f"corrected by the {n} of 420 sentences that people coded, drawn at random" in figure.caption
    assert "light: the rules" in figure.caption and figure.corrected
    assert figure._repr_html_().count("<li>") == 4 and "What corrected shares assume" in figure._repr_html_()


def test_an_uncorrected_chart_names_its_coder_and_assumes_nothing(sample: OpenedStudy) -> None:
    figure = sample.compare.tone().chart("Tone")
    assert isinstance(figure, Figure) and not figure.corrected
    assert "Coded by the rules." in figure.caption and "assume" not in figure._repr_html_()


def test_positions_and_their_net_are_corrected_but_no_voice_of_which_people_said_nothing(
    coded: OpenedStudy,
) -> None:
    table = coded.compare.positions().table
    assert table.groupby("outlet")["share"].sum().to_list() == pytest.approx([1.0] * 4)
    net = coded.compare.net_stance()
    assert {"machine", "coded"} <= set(net.table) and net.sample
    assert (net.table["low"] <= net.table["net"]).all()
    assert not coded.compare.net_stance_by_voice().sample  # sheets do not ask for holders


def test_mean_tone_is_corrected_as_a_mean_of_labels_in_each_outlets_own_words_and_in_others(
    coded: OpenedStudy,
) -> None:
    tone = coded.compare.mean_tone()
    assert "corrected by the" in tone.sample and set(tone.table["whose"]) == {
        "own words",
        "quoted or reported",
    }
    table = tone.table.dropna(subset=["mean"])
    assert (table["low"] <= table["mean"]).all() and (table["mean"] <= table["high"]).all()
    # People called every fifth sentence negative whatever the rules said of it.
    assert (table["mean"] - table["machine"]).mean() < -0.05


def test_roles_sides_and_experts_are_those_that_people_saw_where_they_coded_all_quotes(
    talks: OpenedStudy,
) -> None:
    quotes = talks.coding["quotes"]
    quotes = talks.with_outlet(quotes[quotes["coders"] == "both"])
    for of, one in (("role", talks.compare.roles()), ("side", talks.compare.sides())):
        shares = one.table.set_index(["outlet", of])["share"]
        people = quotes.groupby("outlet")[of].value_counts(normalize=True)
        assert one.form == "corrected" and f"all {len(quotes)} quotes" in one.sample
        assert shares[shares > 0].to_dict() == pytest.approx(people.to_dict())
    kinds, experts = talks.compare.source_kinds(), talks.compare.experts()
    assert kinds.only("anonymous").table["machine"].isna().all()  # nobody was asked who is anonymous
    told = quotes.assign(yes=quotes["expert"] == "yes").groupby("outlet")["yes"].mean()
    assert experts.table.set_index("outlet")["share"].to_dict() == pytest.approx(told.to_dict())
    assert (
        "% in " in experts.answer("{counts}").text and "The Cipher Brief" in experts.answer("{highest}").text
    )


def test_holders_and_other_targets_are_corrected_where_people_said_who_holds_what(talks: OpenedStudy) -> None:
    holders, others = talks.compare.holders(), talks.compare.other_targets()
    assert set(holders.table["method"]) == {"census"} and "census" in others.sample
    stances = talks.coding["stances"]
    mine = stances[(stances["target"] == "negotiations") & (stances["holder"] == "author")]
    shares = holders.table[holders.table["role"] == "author"].set_index("stance")["share"]
    people = mine["stance"].value_counts(normalize=True)
    assert shares[shares > 0].to_dict() == pytest.approx(people.to_dict())


def test_what_people_were_not_asked_is_not_corrected_and_its_caption_says_so(coded: OpenedStudy) -> None:
    for one, why in (
        (coded.compare.holders(), "whose the positions are nobody coded"),
        (coded.compare.roles(), "people have not coded the quotes of every article"),
        (coded.compare.actors(), "nobody coded attitudes towards actors"),
    ):
        figure = one.chart("Title")
        assert isinstance(figure, Figure) and not figure.corrected
        assert f"Not corrected: {why}." in figure.caption
    alone = replace(coded, coding={}).compare.roles().chart("Title")
    assert isinstance(alone, Figure) and "Not corrected" not in alone.caption


def test_where_all_was_coded_the_census_is_drawn_and_says_so(talks: OpenedStudy) -> None:
    frames = talks.compare.frames()
    assert (
        set(frames.table["method"]) == {"census"}
        and "census, people coded all 163 sentences" in frames.sample
    )
    coded = talks.coding["sentences"]
    security = frames.table[frames.table["frame"] == "security"]
    people = int(coded["frames"].str.split("|").map(lambda given: "security" in given).sum())
    assert (security["share"] * security["total"]).sum() == pytest.approx(people)
    assert talks.compare.net_stance_by_voice().sample  # its coders named the holders


def test_rules_that_were_developed_on_a_sample_are_not_corrected_by_it(coded: OpenedStudy) -> None:
    settings = replace(coded.settings, developed=["rules"])
    study = replace(coded, settings=settings)
    frames = study.compare.frames()
    assert set(frames.table["method"]) == {"sample alone"}
    assert "alone, on which the rules were developed" in frames.sample


def test_the_coder_that_the_study_names_is_drawn_and_people_s_own_codes_need_no_correction(
    talks: OpenedStudy,
) -> None:
    settings = replace(talks.settings, coders={"frames": "settled", "stance": "coder_b"})
    study = replace(talks, settings=settings)
    frames, stance = study.compare.frames(), study.compare.positions()
    assert "machine" not in frames.table and frames.coder == "people (settled)" and not frames.sample
    assert stance.coder == "coder b"
    alone = study.compare.frames().table.set_index(["outlet", "frame"])["share"]
    census = talks.compare.frames().table.set_index(["outlet", "frame"])["share"]
    assert alone.to_dict() == pytest.approx(census.to_dict())
    assert len(frames.evidence().table) and len(stance.evidence().table)


def test_a_study_without_a_target_has_no_stance_chart_and_no_stance_finding(sample: OpenedStudy) -> None:
    study = replace(sample, settings=replace(sample.settings, target=""))
    ask = study.compare
    for one in (
        ask.positions(),
        ask.net_stance(),
        ask.net_stance_by_voice(),
        ask.other_targets(),
        ask.holders(),
        ask.stance_by_chance(),
    ):
        assert str(one.chart("Title {topic}")) == "" and one.answer("{x}").text.startswith(("This", "Not"))
        assert one.evidence().table.empty if one.behind else True
    assert "target: CODE" in ask.net_stance().answer("{x}").text
    assert not any(str(measure).startswith("positions") for measure in ask.profile().table["measure"])
    assert "stance" not in repr(ask.front_page()).lower().replace("frames, tone and stance", "")


def test_whole_articles_are_dealt_and_the_smallest_p_is_that_of_the_comparison(sample: OpenedStudy) -> None:
    table = sample.compare.stance_by_chance().table
    together, pairs = (table[table["outlets"].eq("all outlets") == yes] for yes in (True, False))
    assert len(pairs) == 6 * len(together) and set(pairs["articles"]) == {10}
    assert pairs["smallest_p"].round(4).eq(0.0079).all() and (together["smallest_p"] <= 1e-4).all()
    assert (table["q"] >= table["p"] - 1e-12).all() and (table["needed"].dropna() >= 2).all()


def test_with_one_article_an_outlet_no_test_is_made(talks: OpenedStudy) -> None:
    chance = talks.compare.frames_by_chance()
    assert chance.table.empty
    assert "no test is made" in chance.answer("{tested}").text


def test_the_words_of_a_difference_in_tone_lead_to_their_sentences(sample: OpenedStudy) -> None:
    shift = sample.compare.word_shift()
    assert shift.answer("{dark} and {bright}").text == "The Daily Clarion and Voice of Oskara"
    assert set(shift.table["term"]) == set(shift.evidence().table["term"])
    assert shift.table["contribution"].abs().is_monotonic_decreasing


def test_all_coders_stand_side_by_side_and_who_counts_is_said(talks: OpenedStudy) -> None:
    coders = talks.compare.coders_compared()
    assert set(coders.table["variable"]) >= {"frames", "sentiment", "stance on negotiations", "role", "side"}
    assert set(coders.table["coder"]) >= {"rules", "coder_a"} and set(coders.table["resampled"]) == {
        "article"
    }
    chosen = coders.table[coders.table["counts"]].set_index("variable")["coder"]
    assert set(chosen.index) >= {"frames", "sentiment", "stance on negotiations", "role", "side"}
    said = coders.answer("{counting}").text
    assert "the rules" in said and all(
        one in said for one in ("frames", "stance", "sentiment", "role", "side")
    )
    by_code = talks.compare.coders_by_code().table
    assert (by_code["low"] <= by_code["alpha"] + 1e-9).all() or by_code["low"].isna().any()
