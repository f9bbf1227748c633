import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indicators import IndicatorError, Indicators, parse_indicator
from analysis.text import split_tokens


def found(indicator: str, text: str) -> list[str]:
    return [text[h.start : h.end] for h in Indicators({"c": [indicator]}).find(text)]


@pytest.mark.parametrize(
    ("indicator", "text", "expected"),
    [
        ("ceasefire", "The Ceasefire held.", ["Ceasefire"]),
        ("ceasefire", "The ceasefires failed.", []),
        ("negotiat*", "Negotiators negotiate.", ["Negotiators", "negotiate"]),
        ("peace deal", "A peace deal, a peace plan.", ["peace deal"]),
        ("peace deal", "They want peace, deal or not.", []),
        ("peace deal", "A “peace” deal.", ["peace” deal"]),
        ("long-term", "A long term plan, a long-term plan.", ["long term", "long-term"]),
        ("russia*", "US-Russia talks", ["Russia"]),
        ("brekk", "Brekk's and Brekk’s word", ["Brekk's", "Brekk’s"]),
        ("(peace|truce) (deal|talks)", "truce talks and peace deal", ["truce talks", "peace deal"]),
        ("(peace (deal|plan)|truce)", "a peace plan or truce", ["peace plan", "truce"]),
        ("(the |) deal", "the deal", ["the deal"]),
        ("brekk ~2 lie*", "Brekk will surely lie.", ["Brekk will surely lie"]),
        ("brekk ~2 lie*", "Lies, says Brekk.", ["Lies, says Brekk"]),
        ("brekk ~2 lie*", "Brekk did not ever once lie.", []),
        ("brekk & lie*", "Brekk did not ever once lie.", ["Brekk did not ever once lie"]),
        ("=US", "US to us", ["US"]),
        ("=U.S. troops", "U.S. troops", ["U.S. troops"]),
        ("(deal|talks) ~1 oskara & fail*", "Talks with Oskara may fail.", ["Talks with Oskara may fail"]),
        ("$", "It cost $ 5.", ["$"]),
    ],
)
def test_an_indicator_finds(indicator, text, expected):
    assert found(indicator, text) == expected


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "(a|b",
        "a)",
        "peace ~ deal",
        "~3 deal",
        "deal &",
        "*",
        "a*",
        "pe*ce",
        "(a ~2 b|c)",
        "(|)",
    ],
)
def test_a_broken_indicator_is_refused_and_quoted(broken):
    with pytest.raises(IndicatorError, match=r"^'"):
        parse_indicator(broken)


def test_a_mark_inside_a_word_whose_case_counts_is_found():
    assert found("=D =N.J", "Lund (D-N.J.) and d-n.j.") == ["D-N.J"]


def test_an_exception_removes_the_hits_that_it_covers():
    indicators = Indicators({"war": ["battle"]}, {"war": ["battle of ideas"]})
    assert [h.start for h in indicators.find("A battle of ideas, no battle.")] == [22]


def test_an_exception_of_one_code_leaves_the_others():
    indicators = Indicators({"war": ["battle"], "army": ["battle"]}, {"war": ["battle of ideas"]})
    assert [h.code for h in indicators.find("A battle of ideas.")] == ["army"]


def test_tokens_with_an_offset_give_spans_in_the_article():
    text = "First. The ceasefire held."
    (hit,) = Indicators({"c": ["ceasefire"]}).find(split_tokens(text[7:], offset=7))
    assert text[hit.start : hit.end] == "ceasefire"


def test_ten_times_the_indicators_cost_less_than_twice_the_time():
    text = " ".join(f"word{i % 700} and the talks number{i % 50} went on." for i in range(1500))
    few = [f"word{i} (and|or) the talk*" for i in range(60)] + [f"term{i}*" for i in range(60)]
    many = few + [f"other{i}* ~5 word{i % 3} thing" for i in range(1080)]
    small, large = Indicators({"c": few}), Indicators({"c": many})
    tokens = split_tokens(text)
    assert small.find(tokens) == large.find(tokens)
    # In turn, so that a busy machine slows both; the fastest run of each is the one that was disturbed least.
    times = [(seconds(small, tokens), seconds(large, tokens)) for _ in range(25)]
    assert min(t for _, t in times) < 2 * min(t for t, _ in times)


def seconds(indicators: Indicators, tokens) -> float:
    begin = time.process_time()
    indicators.find(tokens)
    return time.process_time() - begin


WORDS = st.sampled_from(["talks", "Talks", "peace", "deal's", "a-b", ",", "“", "."])


@given(
    st.lists(WORDS),
    st.sampled_from(["talks", "peace deal", "peace ~2 talks", "de*", "b ~1 deal", "a & peace"]),
)
def test_every_hit_lies_in_the_text_and_is_found_again_in_its_own_words(words, indicator):
    text = " ".join(words)
    for hit in Indicators({"c": [indicator]}).find(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert found(indicator, text[hit.start : hit.end])


@given(st.lists(WORDS))
def test_codes_do_not_disturb_each_other(words):
    text = " ".join(words)
    patterns = {"a": ["talks", "peace deal"], "b": ["talks ~3 peace"], "c": ["de*"]}
    together = Indicators(patterns).find(text)
    alone = [h for code in patterns for h in Indicators({code: patterns[code]}).find(text)]
    assert sorted(together) == sorted(alone)
