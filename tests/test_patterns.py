"""Patterns over word classes: what each sign means, and that they match what a plain matcher matches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.language import LanguageError, load_language
from analysis.parse.document import parse_text
from analysis.parse.patterns import Pattern, Patterns
from analysis.parse.units import patterns_of

Item = tuple[str, frozenset[str]]
CLASSES = {
    "the": "determiner",
    "a": "determiner letter",
    "mayor": "noun",
    "Lund": "noun capital",
    "said": "verb",
    ",": "comma mark",
    "that": "",
}
ITEMS = [(word.lower(), frozenset(classes.split())) for word, classes in CLASSES.items()]


def items(words: str) -> list[Item]:
    """The items of words between blanks."""
    return [(word.lower(), frozenset(CLASSES[word].split())) for word in words.split()]


def matched(pattern: str, words: str, at: int = 0, **others: str) -> int | None:
    """Where the match ends that begins at the item."""
    patterns = Patterns(others, [pattern])
    letters = "".join(patterns.letter(*item) for item in items(words))
    found = Pattern(patterns, pattern).match(letters, at)
    return found.end() if found else None


@pytest.mark.parametrize(
    ("pattern", "words", "end"),
    [
        ("<determiner>", "the mayor", 1),
        ("<determiner>", "mayor", None),
        ("<noun&capital>", "Lund", 1),
        ("<noun&capital>", "mayor", None),
        ("<comma|verb> <!verb>", ", mayor", 2),
        ("<!noun&!mark|comma>", ",", 1),
        ("<!noun&!mark|comma>", "mayor", None),
        ("<any> <any>", "that ,", 2),
        ("<determiner>? <noun>+ said", "the mayor Lund said", 4),
        ("<noun>{2,3} that", "mayor Lund that", 3),
        ("<noun> (?= , | said)", "mayor , said", 1),
        ("<noun> (?! , | said)", "mayor , said", None),
        ("that (?: the | a ) <noun> $", "that a mayor", 3),
        ("{phrase} said", "the mayor said", 3),
    ],
)
def test_each_sign_means_what_is_documented(pattern: str, words: str, end: int | None) -> None:
    assert matched(pattern, words, phrase="<determiner>? <noun>") == end


def test_what_stands_before_an_item_is_seen_from_there() -> None:
    assert matched("(?<=<comma>) said", "mayor , said", 2) == 3
    assert matched("(?<!<comma>) said", "mayor , said", 2) is None
    assert matched("^ said", "mayor said", 1) is None


def test_a_pattern_by_name_keeps_what_it_has_matched() -> None:
    assert matched("{nouns} <noun>", "mayor Lund", nouns="<noun>+") is None
    assert matched("<noun>+ <noun>", "mayor Lund") == 2


def test_an_item_with_classes_not_met_before_is_matched_too() -> None:
    patterns = Patterns({}, ["<noun>+"])
    pattern = Pattern(patterns, "<noun>+")
    first = patterns.letter("mayor", frozenset(["noun"]))
    assert pattern.match(first)
    second = patterns.letter("word", frozenset(["noun", "verb"]))
    assert [m.end() for m in [pattern.match(first + second)] if m] == [2]


def test_items_that_no_pattern_tells_apart_are_one_character() -> None:
    patterns = Patterns({}, ["<noun> said"])
    assert patterns.letter("x", frozenset()) == patterns.letter("y", frozenset(["verb"]))
    assert patterns.letter("said", frozenset()) != patterns.letter("y", frozenset())


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{nothing}", "{nothing} is no pattern there"),
        ("{circle}", "{circle} holds itself"),
        ("<noun> >", "means nothing here"),
        ("( <noun>", "is no pattern"),
    ],
)
def test_a_faulty_pattern_is_one_clear_message(pattern: str, message: str) -> None:
    with pytest.raises(LanguageError) as error:
        matched(pattern, "mayor", circle="<noun> {circle}")
    assert message in str(error.value)


def test_every_pattern_of_english_compiles() -> None:
    english = load_language()
    patterns = patterns_of(english)
    for name in english.phrases:
        assert patterns[name].finditer("") is not None


@pytest.mark.parametrize(
    ("name", "text", "end"),
    [
        ("noun_phrase", "the mayor of Norwick said", 4),
        ("noun_phrase", "her lawyer said", 2),
        ("noun_phrase", "them said", 1),
        ("adverbials", "on Monday that", 2),
        ("hearer", "the committee on Friday", 2),
        ("hearer", "the Courier talks had begun", 2),
        ("infinitive", "not to act", 2),
        ("infinitive", "to Norwick", None),
        ("dateline", "LONDON ( AP ) - They met", 5),
    ],
)
def test_phrases_of_english_end_where_they_should(name: str, text: str, end: int | None) -> None:
    document = parse_text(text, load_language())
    (unit,) = document.units(document.paragraphs[0])
    assert unit.match_end(name, 0) == end


# A plain matcher: the ends that a pattern, as a nested tuple, can have from an item on.
Tree = tuple[object, ...]
TREES = st.recursive(
    st.sampled_from(
        ["<noun>", "<!noun>", "<noun&!capital>", "<determiner|comma>", "<any>", "that", "said"]
    ).map(lambda text: ("item", text)),
    lambda inner: st.one_of(
        st.tuples(st.just("then"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.sampled_from(["*", "?", "+"]), inner),
        st.tuples(st.sampled_from(["(?=", "(?!"]), inner),
    ),
    max_leaves=6,
)


def written(tree: Tree) -> str:
    kind, *parts = tree
    if kind == "item":
        return str(parts[0])
    inner = [written(part) for part in parts]  # type: ignore[arg-type]
    if kind in ("then", "or"):
        return f"(?: {inner[0]} {'|' if kind == 'or' else ''} {inner[1]} )"
    return f"{kind} {inner[0]} )" if str(kind).startswith("(") else f"(?: {inner[0]} ){kind}"


def holds(text: str, item: Item) -> bool:
    word, classes = item
    if not text.startswith("<"):
        return word == text
    return any(
        all((name.lstrip("!") in classes or name == "any") != name.startswith("!") for name in way.split("&"))
        for way in text[1:-1].split("|")
    )


def ends(tree: Tree, sentence: list[Item], at: int) -> set[int]:
    kind, *parts = tree
    if kind == "item":
        return {at + 1} if at < len(sentence) and holds(str(parts[0]), sentence[at]) else set()
    first, *rest = parts
    found = ends(first, sentence, at)  # type: ignore[arg-type]
    if kind == "then":
        return set().union(*(ends(rest[0], sentence, end) for end in found))  # type: ignore[arg-type]
    if kind == "or":
        return found | ends(rest[0], sentence, at)  # type: ignore[arg-type]
    if kind in ("(?=", "(?!"):
        return {at} if bool(found) == (kind == "(?=") else set()
    if kind == "?":
        return found | {at}
    return set(_repeated(first, sentence, at)) | ({at} if kind == "*" else set())  # type: ignore[arg-type]


def _repeated(tree: Tree, sentence: list[Item], at: int) -> Iterator[int]:
    seen: set[int] = set()
    open_ends = [at]
    while open_ends:
        for end in ends(tree, sentence, open_ends.pop()) - seen:
            seen.add(end)
            open_ends.append(end)
            yield end


@given(TREES, st.lists(st.sampled_from(ITEMS), max_size=6))
def test_patterns_match_what_a_plain_matcher_matches(tree: Tree, sentence: list[Item]) -> None:
    text = written(tree)
    patterns = Patterns({}, [text])
    letters = "".join(patterns.letter(*item) for item in sentence)
    pattern = Pattern(patterns, text)
    assert (pattern.match(letters) is not None) == bool(ends(tree, sentence, 0))
    assert (pattern.fullmatch(letters) is not None) == (len(sentence) in ends(tree, sentence, 0))
