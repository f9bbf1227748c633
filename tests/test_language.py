"""A language is a folder of lists: what its files may hold, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.language import LanguageError, load_language


def language_of(folder: Path, text: str = "", settings: str = ""):
    (folder / "classes.yml").write_text("article:\n  for: Articles.\n  words: le la\n", encoding="utf-8")
    (folder / "more.yml").write_text(text, encoding="utf-8")
    (folder / "language.yml").write_text(settings, encoding="utf-8")
    return load_language(folder)


def test_a_pattern_stands_for_words_and_other_patterns(tmp_path: Path) -> None:
    language = language_of(
        tmp_path,
        "before: {for: Either., any: [a few, '{article}']}\nboth: {for: And a noun., pattern: '{before} \\w+'}\n",
    )
    both = language.patterns["both"]
    assert both.fullmatch("la mer")
    assert both.fullmatch("a few seas")
    assert not both.fullmatch("un mer")


def test_what_a_language_lacks_is_empty_and_matches_nothing(tmp_path: Path) -> None:
    language = language_of(tmp_path)
    assert language["determiner"] == frozenset()
    assert language.patterns["byline"].match("") is None
    assert language.indicators("negation_cue") == language.exceptions("negation_cue") == ()
    assert language.sentence_model() is None
    assert language.stop_words() == frozenset()
    assert language.tone_lexicon() == {}
    assert language.inflect("warn") == ("warn",)


def test_models_may_stand_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tone.txt").write_text("beau\t2.5\nlaid\t-2\n", encoding="utf-8")
    language = language_of(tmp_path, "stop_word: {for: Function words., words: et ou}\n", "tone: tone.txt\n")
    assert language.tone_lexicon() == {"beau": 2.5, "laid": -2.0}
    assert language.stop_words() == {"et", "ou"}


def test_english_names_its_models() -> None:
    english = load_language()
    assert english.code == "en"
    assert english.tone_lexicon()["catastrophe"] < -3
    assert "the" in english.stop_words()
    assert "dr" in english.sentence_model().ABBREV_TYPES


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    before = language_of(tmp_path)
    after = language_of(tmp_path, "stop_word: {for: Function words., words: et}\n")
    assert before.digest != after.digest
    assert after["stop_word"] == {"et"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("words: a b\n", "'words' needs a line `for:`"),
        ("one: {for: X., word: a}\n", "'one' has for, word; beside `for` it may have"),
        ("one: {for: X., words: a, pattern: b}\n", "beside `for` it may have"),
        ("one: {for: X., any: a}\n", "'one': any must be a list"),
        ("one: {for: X., includes: [two]}\n", "'one' names 'two', which is no list of words"),
        ("one: {for: X., includes: [one]}\n", "'one' includes itself"),
        ("one: {for: X., pattern: '{two}'}\n", "'one' names {two}"),
        ("one: {for: X., any: ['{two}']}\ntwo: {for: X., any: ['{one}']}\n", "'one' holds itself"),
        ("article: {for: X., words: a}\n", "'article' is in another file of the language, too"),
        ("one: [\n", "cannot be read as YAML"),
    ],
)
def test_a_fault_is_told_with_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LanguageError) as error:
        language_of(tmp_path, text)
    assert said in str(error.value)


def test_a_broken_regular_expression_is_told_with_its_name(tmp_path: Path) -> None:
    language = language_of(tmp_path, "one: {for: X., pattern: '(a'}\n")
    with pytest.raises(LanguageError, match="'one' is no regular expression"):
        language.patterns["one"]


@pytest.mark.parametrize(
    ("settings", "use"),
    [
        ("sentences: punkt.data.klingon\n", lambda language: language.sentence_model()),
        ("stop_words: no_such_package.WORDS\n", lambda language: language.stop_words()),
        ("tone: no_such_package/words.txt\n", lambda language: language.tone_lexicon()),
        ("tone: no-such-file.txt\n", lambda language: language.tone_lexicon()),
        ("ton: x\n", lambda language: language),
    ],
)
def test_a_model_that_is_not_there_is_told_with_its_setting(tmp_path: Path, settings: str, use) -> None:
    with pytest.raises(LanguageError) as error:
        use(language_of(tmp_path, settings=settings))
    assert "language.yml" in str(error.value)
    assert settings.split(":")[0] in str(error.value)


def test_an_unknown_language_is_told_with_those_that_come_along() -> None:
    with pytest.raises(LanguageError, match="klingon: no such language; there are english, or a folder"):
        load_language("klingon")
