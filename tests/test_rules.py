"""Attribution rules: each finds its example and not its counter-example, a wrong one is reported, a second language
is a folder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from analysis.annotate.quotes import find_quotes
from analysis.annotate.quotes.content_ways import CONTENTS
from analysis.annotate.quotes.rule_check import check_rules
from analysis.annotate.quotes.rules import CONTENT_WAYS, load_rules
from analysis.cli import main
from analysis.codebook import load_codebook
from analysis.language import LanguageError, load_language
from analysis.parse.document import parse_text

ENGLISH = Path(__file__).parent.parent / "src" / "analysis" / "english"


def test_every_rule_of_english_finds_its_example_and_not_its_counter_example() -> None:
    assert check_rules(load_language()) == []


def test_the_ways_that_rules_may_name_are_those_that_there_are() -> None:
    assert {*CONTENT_WAYS} == {*CONTENTS, "rest", "all"}


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A folder with English, to be changed."""
    return Path(shutil.copytree(ENGLISH, tmp_path / "changed"))


def change(folder: Path, rule: str, **entry: object) -> None:
    path = folder / "attribution.yml"
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules[rule] = {**rules[rule], **entry}
    path.write_text(yaml.safe_dump(rules, sort_keys=False, allow_unicode=True), encoding="utf-8")


def test_an_example_that_is_not_found_is_reported_with_what_was_found(changed: Path) -> None:
    change(
        changed, "that_clause", example={"text": 'Anna Lund said: "No."', "speaker": "Lund", "content": "No."}
    )
    (fault,) = check_rules(load_language(changed))
    assert fault.startswith(f"{changed / 'attribution.yml'}: 'that_clause' should find 'No.' by Lund")
    assert fault.endswith("found: 'No.' by Anna Lund (colon)")


def test_a_counter_example_that_is_found_is_reported(changed: Path) -> None:
    change(changed, "that_clause", counter_example="Anna Lund said that it rained.")
    (fault,) = check_rules(load_language(changed))
    assert "'that_clause' should find nothing in 'Anna Lund said that it rained.'" in fault


def test_a_class_that_no_item_has_is_reported(changed: Path) -> None:
    change(changed, "that_clause", pattern="<cue&active&takes_thta> <between> (?P<from>that) (?P<content>)")
    assert "names the class 'takes_thta', which classes.yml has not" in check_rules(load_language(changed))[0]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"content": "somewhere"}, "content must be one of"),
        ({"speaker": "somebody"}, "speaker must be one of"),
        ({"colour": "red"}, "unknown colour"),
        ({"example": "It rains."}, "example needs text, speaker and content"),
        ({"pattern": "<cue&active> {nothing}"}, "{nothing} is no pattern there"),
        ({"pattern": "<cue&active> ("}, "is no pattern"),
    ],
)
def test_what_is_no_rule_is_one_clear_message(changed: Path, entry: dict[str, object], message: str) -> None:
    change(changed, "that_clause", **entry)
    (fault,) = check_rules(load_language(changed))
    assert message in fault and "attribution.yml" in fault and "that_clause" in fault


def test_a_rule_without_an_example_is_none(changed: Path) -> None:
    (changed / "attribution.yml").write_text("said: {pattern: <cue>, content: following}\n")
    with pytest.raises(LanguageError, match=r"'said' needs pattern, content, example and counter_example"):
        load_rules(load_language(changed))


def test_check_reports_a_rule_that_misses_its_example(
    changed: Path, tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = shutil.copytree(root / "data" / "sample", tmp_path / "sample")
    with (study / "study.yml").open("a", encoding="utf-8") as file:
        file.write(f"language: {changed}\n")
    assert main(["check", str(study)]) == 0
    change(changed, "inverted", counter_example='"We are ready," said Anna Lund.')
    capsys.readouterr()
    assert main(["check", str(study)]) == 1
    assert f"{changed / 'attribution.yml'}: 'inverted' should find nothing" in capsys.readouterr().out


# A second language, invented: `lo` is its article, `ku` its `that`, `wimba` says, `na` denies.
TOLKI = {
    "language.yml": "code: xt\n",
    "classes.yml": """
determiner: {for: Articles., words: lo las}
comma: {for: The comma., words: [","]}
sentence_end: {for: Marks that end a sentence., words: [".", "?", "!"]}
clause_mark: {for: Marks between clauses., words: [":", ";", "“”"]}
loose_mark: {for: Marks at the edge of what is said., words: [",", ":", ";"]}
past: {for: Verbs that need no subject beside them., words: wimba wimbo}
negation: {for: Words that deny the verb after them., words: na}
""",
    "phrases.yml": """
noun_phrase:
  for: An article and a name or a noun.
  pattern: <determiner>? <alphabetic&!determiner&!past>
""",
    "attribution.yml": """
after_speech:
  pattern: (?<=<quotation>) <cue> (?P<speaker>{noun_phrase})
  content: before_inversion
  example: {text: '"Miru tanik," wimba Kela.', speaker: Kela, content: Miru tanik}
  counter_example: '"Miru tanik," Kela wimba.'

with_ku:
  pattern: <cue&active> ku (?P<content>)
  speaker: subject
  content: following
  example: {text: Lo kela wimba ku miru tanik., speaker: Lo kela, content: miru tanik}
  counter_example: Lo kela na wimba ku miru tanik.
""",
}
TOLKI_VERBS = "verbs:\n  wimba: {class: neutral, forms: [wimba, wimbo], content: [quote, that]}\n"


@pytest.fixture
def tolki(tmp_path: Path) -> Path:
    """The folder of the invented language, with a codebook of its reporting verb beside it."""
    folder = tmp_path / "tolki"
    folder.mkdir()
    for name, text in TOLKI.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "verbs.yml").write_text(TOLKI_VERBS, encoding="utf-8")
    return folder


def test_a_second_language_is_a_folder_and_no_line_of_code(tolki: Path) -> None:
    language = load_language(tolki)
    codebook = load_codebook(tolki.parent / "codebook", tolki)
    text = 'Las tanik miru. "Solu miru lo tanik," wimba Berra. Lo kela wimba ku las solu miru.'
    quotes = find_quotes([parse_text(text, language)], codebook)
    found = [text[a:b] for a, b in zip(quotes["start"], quotes["end"], strict=True)]
    assert list(zip(found, quotes["speaker"], quotes["rule"], strict=True)) == [
        ("Solu miru lo tanik", "Berra", "after_speech"),
        ("las solu miru", "Lo kela", "with_ku"),
    ]


def test_the_rules_of_a_second_language_are_checked_like_those_of_english(tolki: Path) -> None:
    codebook = load_codebook(tolki.parent / "codebook", tolki)
    (fault,) = check_rules(load_language(tolki), codebook)
    assert fault.startswith(
        f"{tolki / 'attribution.yml'}: 'with_ku' should find nothing in 'Lo kela na wimba ku"
    )
