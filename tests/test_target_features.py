"""A sentence as seen from a target: what a learner of attitudes is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.learned import fit
from analysis.coding.target_features import TARGET, around

SENTENCE = "Brekk praised Morvane, whom nobody likes."


def seen(text: str, target: str) -> list[str]:
    start = text.index(target)
    return around(text, start, start + len(target)).split()


def test_the_target_is_one_word_and_its_name_is_gone() -> None:
    words = seen("Ilka Morvane of Varnia met Brekk.", "Ilka Morvane")
    assert words[:3] == [TARGET, "of", "varnia"]
    assert "morvane" not in " ".join(words)
    # Another name in the target's place says the same.
    assert seen("Yelde Harsin of Varnia met Brekk.", "Yelde Harsin") == words


def test_one_sentence_is_another_from_each_of_its_targets() -> None:
    assert "after_praised" in seen(SENTENCE, "Brekk") and "before_praised" in seen(SENTENCE, "Morvane")
    assert "tone_after_good" in seen(SENTENCE, "Brekk") and "tone_before_good" in seen(SENTENCE, "Morvane")


def test_the_tone_of_a_negated_word_is_turned_round() -> None:
    assert "tone_bad" in seen("Nobody calls Morvane good.", "Morvane")
    assert "tone_good" in seen("They call Morvane good.", "Morvane")


def test_words_far_from_the_target_are_not_told_by_side() -> None:
    words = seen("Morvane spoke while the old council met at last on the distant hill.", "Morvane")
    assert "after_spoke" in words and "after_hill" not in words and "hill" in words


def test_a_span_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no word of the text at 90:95"):
        around(SENTENCE, 90, 95)


@given(st.text(), st.text())
def test_any_sentence_can_be_seen_from_its_target(before: str, after: str) -> None:
    text = f"{before} Morvane {after}"
    words = around(text, len(before) + 1, len(before) + 8).split()
    assert TARGET in words and any(word.startswith("rules_") for word in words)


def test_a_coder_learns_who_does_and_who_suffers() -> None:
    people = ["Brekk", "Morvane", "Harsin", "Lund", "Vale", "Aldane"]
    texts, labels = [], []
    for name in people:
        for other in people:
            text = f"On Monday {name} attacked {other}."
            texts += [
                around(text, 10, 10 + len(name)),
                around(text, len(text) - 1 - len(other), len(text) - 1),
            ]
            labels += [{"doer"}, {"sufferer"}]
    coder = fit(texts, labels)
    text = "On Monday Okoye attacked Silva."
    assert coder.predict([around(text, 10, 15), around(text, 25, 30)]) == [{"doer"}, {"sufferer"}]
