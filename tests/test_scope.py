import pytest

from analysis.language import load_language
from analysis.parse.scopes import find_scopes
from analysis.text import split_tokens


def kinds_at(text: str, word: str) -> list[str]:
    at = text.index(word)
    return [scope.kind for scope in find_scopes(split_tokens(text), load_language()) if scope.holds(at)]


@pytest.mark.parametrize(
    ("text", "word", "kinds"),
    [
        ("There is no evidence that Brekk has abandoned his aims.", "abandoned", ["negation"]),
        ("She denied that the talks had failed.", "failed", ["denial"]),
        ("She rejected the claim that the talks had failed.", "failed", ["denial"]),
        ("She denied them any reward.", "reward", []),
        ("He doubts that a truce will hold.", "hold", ["doubt"]),
        ("It is unclear whether he wants peace.", "peace", ["undecided"]),
        ("If the talks succeed, troops will leave.", "succeed", ["condition"]),
        ("If the talks succeed, troops will leave.", "leave", []),
        ("Will the talks succeed?", "succeed", ["question"]),
        ("It was not easy, but they made progress.", "progress", []),
        ("Not only the talks failed.", "failed", []),
        ("The plan is nothing short of a surrender.", "surrender", []),
        ("Peace depends on the progress of the talks.", "progress", ["condition"]),
        ("He said the talks had failed.", "failed", []),
        ("She never denied that the talks had failed.", "failed", ["negation", "denial"]),
    ],
)
def test_a_cue_reaches_to_the_end_of_its_clause(text, word, kinds):
    assert kinds_at(text, word) == kinds


def test_no_words_no_scopes():
    assert find_scopes([], load_language()) == []
