"""Certain damage is mended and counted, likely damage is said, and what is whole stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.read.mending import mend
from analysis.read.wrapping import are_wrapped, as_paragraphs, join_lines

BODY = "The envoys met in the harbour town on Monday and agreed on nothing at all, said the mayor.\n" * 1
LONG = "\n".join(
    f"Paragraph {n}: the envoys met in the harbour town and agreed on nothing." for n in range(5)
)


@pytest.mark.parametrize(
    ("damaged", "whole", "kind"),
    [
        ("&ldquo;Yes,&rdquo; she said.", "“Yes,” she said.", "entities"),
        ("&amp;quot;Yes&amp;quot;, R&amp;D", '"Yes", R&D', "entities"),
        ("The con\u00adgress\u00adman spoke.", "The congressman spoke.", "invisible characters"),
        ("\ufeffThe envoys", "The envoys", "invisible characters"),
        ("The con-\ngress met.", "The congress met.", "hyphenation"),
        ("A self-made man, a self-\nmade man.", "A self-made man, a self-made man.", "hyphenation"),
        ("â€œYesâ€\u009d, she said in the cafÃ©.", "“Yes”, she said in the café.", "mojibake"),
        ("\x00Yes\x0b", "Yes", "control characters"),
        (f"Title\n{LONG}\n{LONG}\n{LONG}\n", f"Title\n{LONG}\n", "repeated bodies"),
    ],
)
def test_certain_damage_is_mended_and_counted(damaged: str, whole: str, kind: str) -> None:
    mended = mend(damaged)
    assert mended.text == whole and mended.counts[kind] >= 1


def test_the_articles_of_the_sample_are_whole(root: Path) -> None:
    for path in (root / "data" / "sample" / "articles").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert mend(text).text == text and not mend(text).counts and not mend(text).likely


@pytest.mark.parametrize(
    "text",
    [
        "The envoys \ufeffmet.\u200b",
        "AT&T and R&D; Âme; a–b",
        "naïve Ångström façade à la carte",
        "x -\ny",
        "Gabriel García Márquez",
    ],
)
def test_what_only_looks_like_damage_stays(text: str) -> None:
    assert mend(text).text == text


def test_likely_damage_is_said() -> None:
    assert "letters were lost" in mend("The caf\ufffd was closed.").likely[0]
    assert "without a blank" in mend("They met.Then they left.Nobody spoke.It was late.").likely[0]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=300))
def test_mending_twice_changes_nothing_more_than_entities_may_hide(text: str) -> None:
    once = mend(text).text
    assert len(once) <= len(text)
    assert mend(mend(once).text).text == mend(mend(mend(once).text).text).text


def test_lines_of_fixed_width_become_paragraphs() -> None:
    wide = [
        "The envoys met in the harbour town on Monday for the first time in two",
        "years, and they agreed to meet again.",
        "",
        "Nobody said where they would meet, or whether the war would by then have",
        "come to an end.",
    ]
    assert are_wrapped(wide)
    assert as_paragraphs(wide) == [
        "The envoys met in the harbour town on Monday for the first time in two years, and they agreed to meet again.",
        "Nobody said where they would meet, or whether the war would by then have come to an end.",
    ]
    assert join_lines(["the cease-", "fire held", ", they said"]) == "the ceasefire held, they said"
