"""The explorer finds what is asked for, tries a codebook change truly, and shows no text as anything but text."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.codebook import CodebookError
from analysis.show.browser import Browser
from analysis.show.effect import Change
from analysis.show.explorer import WIDGET, count_frames
from analysis.show.passages import choose, find_passages
from analysis.studies import open_study
from analysis.study import Study, StudyError
from analysis.try_codebook import explore, try_frame, try_stance, try_tone

ATTACK = "<img src=x onerror=alert(1)>"
WIRE = """\
Envoys meet in Norwick

The envoys met for talks in Norwick on Monday. The harbour was quiet. The battle for the dam went on.

"The talks are a waste of time," said Ola Brandt, mayor of Norwick. The price of grain fell.
"""
CLARION = f"""\
Grain and the dam

The price of grain rose on Tuesday. The talks are the best hope of an end to the war. {ATTACK} stood on a wall.
"""
FRAMES = f"""\
frames:
  diplomacy:
    name: Diplomacy {ATTACK}
    definition: Is about talks.
    indicators: [talks, envoy*]
  conflict:
    name: Conflict
    definition: Is about fighting.
    indicators: [battle*, war]
"""
STANCE = """\
targets:
  negotiations:
    name: The talks
    definition: The talks are right.
    about: [talks]
    positions:
      favourable: [best hope]
      unfavourable: [waste of time]
"""
CODED = {  # sentence: its frames
    "The envoys met for talks": "diplomacy",
    "The harbour was quiet": "",
    "The battle for the dam": "conflict|diplomacy",
    '"The talks are a waste': "diplomacy",
    "The price of grain fell": "",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("studies") / "made"
    for part in ("articles", "codebook", "coding"):
        (folder / part).mkdir(parents=True)
    (folder / "articles" / "wire.txt").write_text(WIRE, encoding="utf-8")
    (folder / "articles" / "clarion.txt").write_text(CLARION, encoding="utf-8")
    (folder / "articles.csv").write_text(f"file,outlet\nwire.txt,Wire\nclarion.txt,Clarion {ATTACK}\n")
    (folder / "codebook" / "frames.yml").write_text(FRAMES, encoding="utf-8")
    (folder / "codebook" / "stance.yml").write_text(STANCE, encoding="utf-8")
    rows = []
    for number, (beginning, frames) in enumerate(CODED.items(), start=1):
        start = WIRE.index(beginning)
        end = min(WIRE.index(". ", start) if ". " in WIRE[start:] else len(WIRE), WIRE.index("\n", start))
        rows.append(("wire", f"w-{number}", start, end, frames, "neutral"))
    columns = ["article_id", "sentence", "start", "end", "frames", "sentiment"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "coding" / "sentences.csv", index=False)
    return open_study(folder)


def said(study: Study, which: pd.Series, trial_sentences: pd.DataFrame) -> list[str]:
    """The first word but one of each sentence, to tell them by."""
    texts = study.articles.set_index("article_id")["text"]
    ids = set(trial_sentences.loc[which, "sentence_id"])
    rows = study.sentences[study.sentences["sentence_id"].isin(ids)]
    return [texts[s.article_id][s.start : s.end].split()[1] for s in rows.itertuples()]


# Trying a change --------------------------------------------------------------------------------------------------


def test_the_codebooks_own_indicators_change_nothing(study: Study) -> None:
    effect = try_frame(study, "diplomacy", study.codebook.frames["diplomacy"].indicators)
    assert effect.sentences["was"].tolist() == effect.sentences["now"].tolist()
    assert effect.sentences["was"].sum() == 4  # the title, two sentences of the one article, one of the other
    assert effect.scores["f1"].iloc[0] == effect.scores["f1"].iloc[1]
    assert "gained 0, lost 0" in effect.answer


def test_a_change_tells_gained_and_lost_sentences_and_how_both_fit_the_reference(study: Study) -> None:
    effect = try_frame(study, "diplomacy", ["talks", "battle*"])
    was, now = effect.sentences["was"], effect.sentences["now"]
    assert said(study, now & ~was, effect.sentences) == ["battle"]
    assert said(study, was & ~now, effect.sentences) == ["meet"]
    assert effect.evidence["gained"].sentences == ["The <mark>battle</mark> for the dam went on."]
    assert effect.evidence["gained"].table["what"].tolist() == ["in the reference"]
    assert effect.evidence["lost"].table["what"].tolist() == ["not coded"]
    present, tried = effect.scores.to_dict("records")
    assert (present["n"], present["n_found"], present["n_reference"]) == (2, 2, 3)
    assert (tried["n"], tried["n_found"], tried["n_reference"]) == (3, 3, 3)
    assert present["recall"] == pytest.approx(2 / 3) and tried["f1"] == 1
    assert "goes from 0.80 to 1.00" in effect.answer


def test_a_sentence_nobody_coded_counts_neither_for_nor_against(study: Study) -> None:
    effect = try_frame(study, "conflict", ["best hope"])
    assert effect.sentences["coded"].isna().sum() == len(effect.sentences) - len(CODED)
    assert effect.scores.set_index("codebook").loc["tried", "n_found"] == 0
    assert "goes from 1.00 to 0.00" in effect.answer


def test_a_trial_finds_what_the_study_would_find_with_that_codebook(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    shutil.copytree(study.folder, folder, ignore=shutil.ignore_patterns("tables"))
    path = folder / "codebook" / "frames.yml"
    path.write_text(path.read_text().replace("[talks, envoy*]", "[grain, talks]"))
    changed = open_study(folder)
    effect = try_frame(study, "diplomacy", ["grain", "talks"])
    found = changed.frames.loc[changed.frames["frame"] == "diplomacy", "sentence_id"]
    assert set(effect.sentences.loc[effect.sentences["now"], "sentence_id"]) == set(found)


@settings(max_examples=30)
@given(st.sets(st.sampled_from(["talks", "envoy*", "grain", "battle*", "harbour & quiet", "the ~3 dam"])))
def test_whoever_only_adds_loses_nothing_and_whoever_only_drops_gains_nothing(
    study: Study, extra: set[str]
) -> None:
    own = study.codebook.frames["diplomacy"].indicators
    added = try_frame(study, "diplomacy", [*own, *sorted(extra)]).sentences
    dropped = try_frame(study, "diplomacy", [i for i in own if i not in extra]).sentences
    assert not (added["was"] & ~added["now"]).any()
    assert not (dropped["now"] & ~dropped["was"]).any()


def test_a_position_is_tried_likewise_and_nobody_coded_it(study: Study) -> None:
    effect = try_stance(study, "negotiations", "unfavourable", ["battle", "waste"])
    assert (
        effect.sentences["now"].sum() == effect.sentences["was"].sum() == 1
    )  # no talks are in view of the battle
    effect = try_stance(study, "negotiations", "unfavourable", [])
    assert said(study, effect.sentences["was"] & ~effect.sentences["now"], effect.sentences) == ["talks"]
    assert effect.scores.empty and "Nobody has coded this" in effect.answer


def test_tone_words_are_tried_with_their_scores(study: Study) -> None:
    effect = try_tone(study, "negative", ["quiet: -3"])
    assert "harbour" in said(study, effect.sentences["now"] & ~effect.sentences["was"], effect.sentences)
    with pytest.raises(CodebookError, match=r"line 1: 'quiet' needs a score from -4 to 4"):
        try_tone(study, "negative", ["quiet", "war: -9"])


def test_every_faulty_indicator_is_told_with_its_line(study: Study) -> None:
    with pytest.raises(CodebookError) as error:
        try_frame(study, "conflict", ["war", "", "a ~ b", "(x|"])
    first, second = str(error.value).splitlines()
    assert first.startswith("line 3: indicator 'a ~ b': ~ needs a number of words")
    assert second.startswith("line 4: indicator '(x|'")


def test_lines_may_be_taken_from_the_yaml_file_as_they_are(study: Study) -> None:
    lines = ["      - talks", '- "envoy*"', "# a remark", ""]
    assert "gained 0, lost 0" in try_frame(study, "diplomacy", lines).answer


def test_a_code_that_is_none_is_answered_with_those_there_are(study: Study) -> None:
    with pytest.raises(
        CodebookError, match="'war' is no frame of the codebook; there are: diplomacy, conflict"
    ):
        try_frame(study, "war", [])
    with pytest.raises(CodebookError, match="there are: favourable, unfavourable"):
        try_stance(study, "negotiations", "good", [])


def without_texts(study: Study) -> Study:
    blind = {**study.tables, "articles": study.articles.assign(text=pd.NA)}
    return Study(study.name, study.folder, study.settings, study.codebook, blind, study.coding)


def test_without_texts_nothing_can_be_tried(study: Study) -> None:
    with pytest.raises(StudyError, match="none of its texts is here"):
        try_frame(without_texts(study), "conflict", ["war"])


# Choosing ---------------------------------------------------------------------------------------------------------


def test_nothing_asked_for_leaves_every_sentence(study: Study) -> None:
    assert set(choose(find_passages(study))["sentence_id"]) == set(study.sentences["sentence_id"])


def test_passages_fit_all_that_is_asked_for(study: Study) -> None:
    passages = find_passages(study)
    talks = choose(passages, frame="diplomacy", stance="negotiations: unfavourable")
    assert set(talks["of"]) == {"frame", "stance"} and len(set(talks["sentence_id"])) == 1
    assert set(choose(passages, voice="quoted")["source"]) == {"Ola Brandt"}
    assert choose(passages, source="Ola Brandt", frame="conflict").empty
    assert choose(passages, words="  HARBOUR  was ")["said"].tolist() == ["The harbour was quiet."]
    assert set(choose(passages, outlet="Wire", frame="diplomacy")["article_id"]) == {"wire"}


def test_counts_are_of_sentences_and_the_first_row_counts_all(study: Study) -> None:
    counts = count_frames(study)
    assert counts["Wire"].tolist() == [6, 3, 1]


def test_actors_and_refusals_can_be_asked_for(root: Path) -> None:
    study = open_study(root / "data" / "sample")
    passages = find_passages(study)
    actor = study.actors[study.actors["label"] == "negative"].iloc[0]
    found = choose(passages, actor=f"{actor.actor}: negative")
    same = study.actors[(study.actors.actor == actor.actor) & (study.actors.label == "negative")]
    assert set(found["sentence_id"]) == set(same["sentence_id"]) and len(same) > 1
    assert found["label"].str.endswith(": negative").all()
    refused = choose(passages, speech="no answer")
    assert set(refused["sentence_id"]) == set(study.refusals["sentence_id"])
    browser = Browser(study, [Change("Frame: none", [], print)])
    browser.fields["speech"].value = "no answer"
    said = "".join(pieces(browser.rows))
    assert (
        f"{refused['sentence_id'].nunique()} sentences" in browser.count.value and "no answer given: " in said
    )
    assert (f"no answer given ({len(set(study.refusals['sentence_id']))})", "no answer") in browser.fields[
        "speech"
    ].options


# What is shown ----------------------------------------------------------------------------------------------------


def test_where_nobody_can_click_counts_and_sentences_stand_instead(study: Study) -> None:
    shown = explore(study)._repr_mimebundle_()
    assert WIDGET not in shown
    assert "Sentences with each frame, by outlet" in shown["text/html"]
    assert "<mark>talks</mark>" in shown["text/html"] or "<mark>envoys</mark>" in shown["text/html"]
    assert "Open this notebook in JupyterLab" in shown["text/plain"]
    assert "text not here" in explore(without_texts(study))._repr_html_()


@pytest.mark.parametrize(("stdin", "live"), [(True, True), (False, False)])
def test_widgets_are_made_only_for_a_front_end_that_can_be_asked_for_input(
    study: Study, monkeypatch: pytest.MonkeyPatch, stdin: bool, live: bool
) -> None:
    from ipykernel.kernelapp import IPKernelApp

    class Kernel:
        def get_parent(self, channel: str) -> dict[str, dict[str, bool]]:
            assert channel == "shell"
            return {"content": {"allow_stdin": stdin}}

    monkeypatch.setattr(IPKernelApp, "initialized", lambda: True)
    monkeypatch.setattr(IPKernelApp, "instance", lambda: type("App", (), {"kernel": Kernel()}))
    shown = explore(study)._repr_mimebundle_()
    assert (WIDGET in shown) is live and "text/html" in shown


def pieces(widget: object) -> list[str]:
    """The HTML of a widget and of all widgets in it."""
    own = [widget.value] if type(widget).__name__ == "HTML" else []
    return own + [html for child in getattr(widget, "children", ()) for html in pieces(child)]


def test_the_browser_pages_opens_articles_and_tries_indicators(study: Study) -> None:
    browser = Browser(study, explore(study).changes)
    assert f"{len(study.sentences)} sentences" in browser.count.value
    browser.fields["frame"].value = "diplomacy"
    assert "4 sentences, 1 to 4 shown" in browser.count.value and len(browser.rows.children) == 4
    assert browser.indicators.value == "talks\nenvoy*", "the frame being read is the one to try"
    browser.rows.children[1].children[1].click()
    assert browser.reading.layout.display == "none" and 'class="here"' in browser.text.value
    browser.back.click()
    assert browser.reading.layout.display is None and browser.text.value == ""
    browser.indicators.value = "talks\nbattle*"
    assert "gained 1, lost 1" in browser.result.value and "precision" in browser.result.value
    browser.what.value = 1
    assert (browser.indicators.value, browser.result.value) == ("battle*\nwar", "")
    browser._try()
    assert "gained 0, lost 0" in browser.result.value
    browser.indicators.value = f"{ATTACK}\n(x"
    assert "Not tried" in browser.result.value and "line 2" in browser.result.value


def test_pages_hold_twenty_sentences_and_end_where_the_sentences_end(root: Path) -> None:
    browser = Browser(open_study(root / "data" / "sample"), [Change("Frame: none", [], print)])
    total = browser.chosen["sentence_id"].nunique()
    seen = 0
    while True:
        seen += browser.chosen["sentence_id"].drop_duplicates().iloc[browser.page * 20 :][:20].size
        assert f"{browser.page * 20 + 1} to {seen} shown" in browser.count.value
        if browser.after.disabled:
            break
        old = browser.rows.children[0]
        browser.after.click()
        assert old.comm is None, "the widgets of a page are let go when it is turned"
    assert seen == total > 20
    browser.fields["words"].value = "no such words anywhere"
    assert "No sentence matches" in browser.count.value and browser.before.disabled and browser.after.disabled


def test_nothing_hostile_becomes_markup(study: Study) -> None:
    explorer = explore(study)
    browser = Browser(study, explorer.changes)
    shown = [explorer._repr_html_(), *pieces(browser.box)]
    for article in study.articles["article_id"]:
        browser._open(article, "s1", browser.back)
        shown.append(browser.text.value)
    for lines in (["wall"], [ATTACK, "(x"], [f"({ATTACK}"]):
        browser.indicators.value = "\n".join(lines)
        browser._try()
        shown.append(browser.result.value)
    shown.append(try_frame(study, "diplomacy", ["wall"])._repr_html_())
    assert sum("&lt;img" in html for html in shown) >= 6
    assert [html for html in shown if "<img" in html] == []


def test_the_library_offers_it_without_loading_widgets_or_annotators() -> None:
    ask = (
        "import analysis, sys; analysis.explore; print('ipywidgets' in sys.modules, 'nltk' in sys.modules);"
        "import os; print(all(hasattr(analysis, n) for n in analysis.__all__))"
    )
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", "False", "True"]
    assert "explore" in dir(analysis)


def test_a_bar_chooses_its_value_and_a_second_press_all_again(study: Study) -> None:
    browser = Browser(study, explore(study).changes)
    outlet = browser.bars["outlet"]
    assert set(outlet.buttons) == set(study.outlets) == set(outlet.lengths)
    outlet.buttons["Wire"].value = True
    assert browser.fields["outlet"].value == "Wire" and set(browser.chosen["outlet"]) == {"Wire"}
    assert (
        browser.bars["frame"].lengths["conflict"].value.endswith(" 1")
    )  # the war of the other outlet is not counted
    outlet.buttons["Wire"].value = False
    assert browser.fields["outlet"].value == "" and set(browser.chosen["outlet"]) == set(study.outlets)


def test_the_strips_have_every_frame_of_each_chosen_sentence_and_of_no_other(study: Study) -> None:
    browser = Browser(study, explore(study).changes)
    browser.fields["frame"].value = "diplomacy"
    drawn = browser.strips.value
    frames = study.frames[study.frames["sentence_id"].isin(browser.chosen["sentence_id"])]
    expected = len(frames.drop_duplicates(["sentence_id", "frame"]))
    assert sum(path.count("M") for path in re.findall(r' d="([^"]*)"', drawn)) == expected > 1
    assert 'id="' not in drawn and "<script" not in drawn and ATTACK not in drawn
