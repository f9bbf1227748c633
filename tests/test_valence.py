"""The rules of VADER for words without marks and negations: the same numbers as from NLTK's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

from analysis.annotate.valence import Valence
from analysis.language import load_language

ENGLISH = load_language()
SCORES = {"good": 1.9, "bad": -2.5, "kind": 2.4, "bomb": -2.2, "kiss": 1.8, "death": -2.9, "bad:doubt": 1.8}
WORDS = [
    *SCORES,
    "a",
    "the",
    "harbour",
    "of",
    "sort",
    "least",
    "at",
    "very",
    "so",
    "this",
    "but",
    "most",
    "slightly",
]
WORDS += [*("just", "enough", "hand", "to", "mouth", "ass", "yeah", "right"), "sort-of", "(not)"]


class Nltk(SentimentIntensityAnalyzer):
    """NLTK's with these scores, keeping the tones of the words."""

    def __init__(self) -> None:
        self.constants = VaderConstants()
        self.lexicon = SCORES

    def score_valence(self, sentiments, text):
        return sentiments


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_weigh_as_in_nltk(words: list[str]) -> None:
    found = list(Valence(ENGLISH).weigh(words, SCORES).values())
    toned = [word for word in words if word in SCORES]
    assert len(found) == len(toned)
    expected = Nltk().polarity_scores(" ".join(words))
    shown = [
        tone for tone, word in zip(expected, [w for w in words if len(w) > 1], strict=True) if word in SCORES
    ]
    assert found == shown


def test_the_lists_hold_vaders_words() -> None:
    up = {word for word, step in VaderConstants.BOOSTER_DICT.items() if step > 0}
    down = {word for word, step in VaderConstants.BOOSTER_DICT.items() if step < 0}
    assert ENGLISH["intensifier"] == up
    assert ENGLISH["downtoner"] | ENGLISH["downtoner_phrase"] == down
    assert ENGLISH["negator"] == VaderConstants.NEGATE | {"no"}
    assert ENGLISH.settings["idioms"] == VaderConstants.SPECIAL_CASE_IDIOMS
