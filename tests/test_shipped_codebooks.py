"""The codebooks that come along: whole, without faults, each code found in its own example."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from analysis.codebook import Code, check_codebook, load_codebook
from analysis.indicators import Indicators, parse_indicator

FOLDERS = sorted(p for p in Path(str(files("analysis"))).glob("codebooks/*") if p.is_dir())
CODEBOOKS = {p.name: load_codebook(p) for p in FOLDERS}
CODES = [
    pytest.param(name, code, id=f"{name}:{code.code}")
    for name, book in CODEBOOKS.items()
    for code in book.frames.values()
]

# Card, Boydstun, Gross, Resnik & Smith 2015; `other` has no words of its own.
POLICY_FRAMES = {
    "economic",
    "capacity_and_resources",
    "morality",
    "fairness_and_equality",
    "legality_constitutionality_and_jurisprudence",
    "policy_prescription_and_evaluation",
    "crime_and_punishment",
    "security_and_defense",
    "health_and_safety",
    "quality_of_life",
    "cultural_identity",
    "public_opinion",
    "political",
    "external_regulation_and_reputation",
}
# Lee & Maslog 2005, thirteen each; the three missing here no sentence can show, as the codebook's head says.
WAR = [
    "reactive",
    *("visible_effects", "elites", "differences", "here_and_now", "good_and_bad", "two_parties"),
    *("partisan", "zero_sum", "victimizing", "demonizing", "emotive"),
]
PEACE = [
    *("proactive", "invisible_effects", "people", "agreement", "causes_and_consequences", "many_parties"),
    *("nonpartisan", "win_win", "aftermath", "coping", "own_names"),
]


def frames_in(text: str, name: str) -> set[str]:
    return {hit.code for hit in finder(name).find(text)}


@cache
def finder(name: str) -> Indicators:
    frames = CODEBOOKS[name].frames.values()
    return Indicators({f.code: f.indicators for f in frames}, {f.code: f.exceptions for f in frames})


def test_these_codebooks_come_along():
    assert list(CODEBOOKS) == ["general", "peace-talks", "policy-frames", "war-peace"]


@pytest.mark.parametrize("name", CODEBOOKS)
def test_a_shipped_codebook_is_without_faults_and_asked_for_by_its_name(name):
    assert [str(fault) for fault in check_codebook(Path(name))] == []
    assert load_codebook(Path(name)) == CODEBOOKS[name]


@pytest.mark.parametrize(("name", "code"), CODES)
def test_a_code_is_found_in_its_example_and_not_in_its_counter_example(name: str, code: Code):
    assert code.code in frames_in(code.example, name)
    assert code.code not in frames_in(code.counter_example, name)


@pytest.mark.parametrize(("name", "code"), CODES)
def test_a_code_says_all_that_a_coder_needs(name: str, code: Code):
    texts = ("name", "definition", "counts", "excludes", "example", "counter_example", "literature")
    assert [text for text in texts if not getattr(code, text)] == []


@pytest.mark.parametrize(("name", "code"), CODES)
def test_an_exception_has_something_to_take_back(name: str, code: Code):
    """One in whose words no indicator of its code is found removes nothing: it is dead, or misspelt.

    Where words may stand between (~, &), these may be what it takes back: such exceptions are left alone.
    """
    indicators = Indicators({code.code: code.indicators})
    phrases = {e: parts[0] for e in code.exceptions if len(parts := parse_indicator(e).parts) == 1}
    written = {e: [" ".join(word.text for word in phrase) for phrase in phrases[e]] for e in phrases}
    assert [e for e, texts in written.items() if not any(map(indicators.find, texts))] == []


def test_the_policy_frames_are_complete():
    assert set(CODEBOOKS["policy-frames"].frames) == POLICY_FRAMES


def test_the_indicators_of_war_and_peace_journalism_are_those_of_lee_and_maslog():
    frames = CODEBOOKS["war-peace"].frames
    assert list(frames) == [f"war_{name}" for name in WAR] + [f"peace_{name}" for name in PEACE]
    for code in frames.values():
        side = code.code.partition("_")[0]
        assert code.literature.startswith(f"Lee & Maslog 2005 ({side} journalism, ")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The senator will not seek re-election.", "political"),
        ("Inflation fell and wages rose.", "economic"),
        ("The hospital has too few beds and a shortage of nurses.", "capacity_and_resources"),
        ("The justices struck down the statute.", "legality_constitutionality_and_jurisprudence"),
        ("Most voters oppose the levy, a survey found.", "public_opinion"),
        ("The two countries restored diplomatic relations.", "external_regulation_and_reputation"),
        ("Both governments hope for a trade agreement.", "external_regulation_and_reputation"),
        ("Mothers campaign for gun safety.", "health_and_safety"),
    ],
)
def test_a_policy_frame_is_found_in_new_sentences(sentence, expected):
    assert expected in frames_in(sentence, "policy-frames")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Fighting erupted on the border after the ceasefire had collapsed.", "war_reactive"),
        ("The rebels launched a new offensive in the north.", "war_reactive"),
        ("Drones struck the port in retaliation.", "war_reactive"),
    ],
)
def test_an_indicator_of_war_journalism_is_found_in_new_sentences(sentence, expected):
    assert expected in frames_in(sentence, "war-peace")


@pytest.mark.parametrize(
    "sentence",
    [
        "Fighting goes on around the harbour.",
        "Monitors warned that the dispute could turn violent.",
        "The chancellor opened the war museum.",
        "The president started a new trade war.",
    ],
)
def test_what_goes_on_or_is_only_feared_is_not_reactive(sentence):
    assert "war_reactive" not in frames_in(sentence, "war-peace")


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("He paid into social security.", "security_and_defense"),
        ("The film was about star wars and robots.", "security_and_defense"),
        ("By clicking you accept our privacy policy.", "policy_prescription_and_evaluation"),
        ("Her mother-in-law waved.", "legality_constitutionality_and_jurisprudence"),
        ("Customs officers found the crate.", "cultural_identity"),
    ],
)
def test_a_word_with_another_meaning_is_no_policy_frame(sentence, wrong):
    assert wrong not in frames_in(sentence, "policy-frames")
