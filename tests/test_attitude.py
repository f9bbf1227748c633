"""The attitude of a sentence towards somebody it names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis.annotate.attitude import toward


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor praised [Harsin] for her courage.", "positive"),
        ("The mayor accused [Harsin] of lying.", "negative"),
        ("“It was a disaster,” [Harsin] said.", "neutral"),
        ("[Harsin] will travel to the coast on Monday.", "neutral"),
        ("[Harsin] was called a coward.", "negative"),
        ("The mayor said [the ferry] had been a disgrace.", "negative"),
    ],
)
def test_the_attitude_towards_a_target(text, expected):
    start, end = text.index("["), text.index("]") - 1
    assert toward(text.replace("[", "").replace("]", ""), start, end) == expected


def test_a_target_where_no_word_stands_is_refused():
    with pytest.raises(ValueError, match="no word"):
        toward("Brekk left.", 40, 45)


def test_the_attitude_towards_a_target_can_be_asked_of_the_package():
    text = "Brekk is a liar, said Vale."
    assert analysis.toward(text, 0, 5) == toward(text, 0, 5) == "negative"
    assert analysis.toward(text, text.index("Vale"), len(text) - 1) == "neutral"


def towards(text: str) -> str:
    """The attitude towards what stands in brackets."""
    start, end = text.index("["), text.index("]") - 1
    return toward(text.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He adores [Anna], but Jon is a liar.", "positive"),
        ("He adores Anna, but [Jon] is a liar.", "negative"),
        ("The crowd cheered [Anna] and booed Jon.", "positive"),
        ("The crowd cheered Anna and booed [Jon].", "negative"),
        ("While [Anna] was hailed as a hero, Jon was called a coward.", "positive"),
        ("While Anna was hailed as a hero, [Jon] was called a coward.", "negative"),
        ("Unlike the corrupt council, [the charity] paid on time.", "positive"),
        ("Unlike [the corrupt council], the charity paid on time.", "negative"),
        ("[The charity] paid on time, unlike the corrupt council.", "positive"),
    ],
)
def test_what_is_set_against_a_target_is_not_said_of_it(text, expected):
    assert towards(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[The court] jailed the banker for fraud.", "neutral"),
        ("The court jailed [the banker] for fraud.", "negative"),
        ("The banker was jailed by [a court].", "neutral"),
        ("[The council] condemned the brutal attack.", "neutral"),
        ("[Anna] beat Jon in the final.", "positive"),
        ("Anna beat [Jon] in the final.", "negative"),
        ("Jon was beaten by [Anna].", "positive"),
        ("[Jon] was beaten by Anna.", "negative"),
        ("Jon lost to [Anna] in the final.", "positive"),
        ("[The agency] tackles corruption.", "positive"),
        ("[The clinic] saved the boy's life after the horrific attack.", "positive"),
    ],
)
def test_what_somebody_does_and_what_is_done_to_them_are_two_things(text, expected):
    assert towards(text) == expected


@given(st.text(min_size=1, max_size=60), st.data())
def test_every_target_has_an_attitude_or_is_refused(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    try:
        assert toward(text, start, start + 1) in ("negative", "neutral", "positive")
    except ValueError as error:
        assert "no word" in str(error)
