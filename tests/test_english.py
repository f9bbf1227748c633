"""English is data: a word is added in one place, the code asks for no list that is missing, and none is left in Python."""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from analysis.annotate.persons import Cast
from analysis.annotate.quotes import find_quotes
from analysis.annotate.sources import identify_sources
from analysis.codebook import load_codebook
from analysis.language import Language, load_language
from analysis.parse.document import parse_text
from analysis.parse.names import find_mentions
from analysis.parse.sentences import find_sentence_spans
from analysis.parse.units import SHAPES

SOURCE = Path(__file__).parent.parent / "src" / "analysis"
ENGLISH = SOURCE / "english"
READING = [path for room in ("parse", "annotate") for path in sorted((SOURCE / room).rglob("*.py"))]
ASKING = {"_match", "indicators", "exceptions"}  # methods that take an entry's name

NEW_LINES = {
    "titles.yml": ("    mayor\n", "    harbourmaster | harbourmasters | hbm.\n"),
    "places.yml": ("  rows: |\n", "    norland | norwick | n.l. | norlandic | norlander\n"),
}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Language:
    """English with one line more for a title, and one for a state."""
    folder = Path(shutil.copytree(ENGLISH, tmp_path_factory.mktemp("language") / "grown"))
    for name, (before, line) in NEW_LINES.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, before + line, 1), encoding="utf-8")
    return load_language(folder)


def _name_and_title(text: str, language: Language) -> tuple[str, str]:
    mention = find_mentions(text, 0, len(text), language)[-1]
    return " ".join(mention.name), mention.title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Harbourmaster Anna Lund waved.", "Harbourmaster"),
        ("The former Harbourmaster Anna Lund waved.", "former Harbourmaster"),
        ("Hbm. Anna Lund waved.", "Hbm."),
        ("Norlandic Harbourmaster Anna Lund waved.", "Norlandic Harbourmaster"),
        ("The ambassador to Norland Anna Lund waved.", "ambassador to Norland"),
    ],
)
def test_a_title_or_state_of_one_line_is_no_part_of_a_name(text: str, title: str, grown: Language) -> None:
    assert _name_and_title(text, grown) == ("Anna Lund", title)
    assert _name_and_title(text, load_language()) != ("Anna Lund", title)


def test_a_title_of_one_line_ends_no_sentence_where_it_is_shortened(grown: Language) -> None:
    text = "They met Hbm. Hedge on Monday."
    assert find_sentence_spans(text, grown) == [(0, len(text))]
    assert len(find_sentence_spans(text, load_language())) == 2


def test_a_title_of_one_line_is_an_office_before_and_after_the_name(grown: Language) -> None:
    text = "Norwick's harbourmaster, Anna Lund, waved. Tor Berg, Norwick Port harbourmaster, left."
    cast = Cast(parse_text(text, grown), {})
    said = [cast.persons[name].description for name in ("Anna Lund", "Tor Berg")]
    assert said == ["Norwick's harbourmaster", "Norwick Port harbourmaster"]


@pytest.mark.parametrize("called", ["The harbourmaster", "The Norlander"])
def test_a_title_or_demonym_of_one_line_means_the_person_named_before(called: str, grown: Language) -> None:
    text = f"Harbourmaster Anna Lund waved. The boats left. {called} said that it was over."
    codebook = load_codebook()
    for language, name in ((grown, "Anna Lund"), (load_language(), called.removeprefix("The "))):
        documents = [parse_text(text, language)]
        _, sources, _ = identify_sources(documents, find_quotes(documents, codebook), codebook)
        assert sources["name"].tolist() == [name]


def _entries() -> dict[str, dict[str, object]]:
    held: dict[str, dict[str, object]] = {}
    for path in ENGLISH.glob("*.yml"):
        if path.name not in ("language.yml", "attribution.yml"):
            held |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return held


def _asked(tree: ast.AST) -> Iterator[str]:
    """Names that the code asks of a language: `language["title"]`, `language.patterns["title"]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            whole = ast.unparse(node.value).split(".")[-1]
            asked = node.slice if whole.endswith(("language", "patterns")) else None
        else:
            asks = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ASKING
            )
            asked = node.args[0] if asks and node.args else None
        if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
            yield asked.value


@pytest.mark.parametrize("path", READING, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_whatever_the_code_asks_of_english_is_there(path: Path) -> None:
    english = load_language()
    known = {*english.lists, *english.expressions, *english.cues, *english.phrases}
    assert [name for name in _asked(ast.parse(path.read_text(encoding="utf-8"))) if name not in known] == []


def test_no_list_and_no_pattern_of_english_is_unused() -> None:
    english = load_language()
    files = [*SOURCE.glob("*.py"), *READING, *(SOURCE / "compare").glob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    used = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    for entry in _entries().values():
        used |= {*entry.get("includes", ()), *entry.get("without", ())}
    patterns = "\n".join(path.read_text(encoding="utf-8") for path in ENGLISH.glob("*.yml"))
    used |= set(re.findall(r"\{([a-z_]+)\}", patterns))
    for name in ("attribution.yml", "phrases.yml"):
        asked = re.findall(r"<([^<>]+)>", (ENGLISH / name).read_text(encoding="utf-8"))
        used |= set(re.findall(r"[a-z_]+", " ".join(asked)))
    made = tuple(
        part.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and isinstance(part := node.values[-1], ast.Constant)
        if re.fullmatch("_[a-z]+", str(part.value))
    )  # ends of names that are put together: f"{scope}_cue"
    left = {*english.lists, *english.expressions, *english.cues} - used
    assert sorted(name for name in left if not name.endswith(made)) == []


def test_no_word_stands_twice_in_a_list_of_english() -> None:
    for name, entry in _entries().items():
        words = (
            str(entry.get("words", "")).split()
            if not isinstance(entry.get("words"), list)
            else entry["words"]
        )
        assert [word for word, n in Counter(words).items() if n > 1] == [], name


# What looks like words and is none, with the reason.
NO_WORDS = {
    ("parse/document.py", "title deck heading body"): "kinds of lines, values of the column `kind`",
    ("parse/units.py", "title deck heading body"): "kinds of lines, values of the column `kind`",
    ("parse/blocks.py", "body byline heading credit"): "kinds of lines, values of the column `kind`",
    ("annotate/agency.py", "active by passive noun"): "forms of a deed, values of the column `form`",
}
WORD = re.compile(r"[a-z][a-z'’ .-]*")  # and no name with an underscore, as columns have
ALTERNATIVE = re.compile(r"(?<=[|(:])[a-z][a-z ]+(?=[|)])")
FEWEST = 4


def _word_lists(tree: ast.AST) -> Iterator[str]:
    """Literal collections, texts to be split and regular expressions with four or more words in lower case.

    Names of word classes are none, by which code asks for words.
    """
    english = load_language()
    classes = {*english.lists, *english.expressions, *SHAPES}
    for node in ast.walk(tree):
        words: list[object] = []
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            words = [getattr(e, "value", None) for e in node.elts]
        elif isinstance(node, ast.Call):
            texts = [
                c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)
            ]
            called = ast.unparse(node.func)
            if called.endswith(".split") or called == "word_set":
                words = " ".join(texts).split()
            elif called == "re.compile":
                words = ALTERNATIVE.findall("".join(texts))
        if (
            len(words) >= FEWEST
            and all(isinstance(w, str) and WORD.fullmatch(w) for w in words)
            and not classes.issuperset(words)
        ):
            yield " ".join(map(str, words))


@pytest.mark.parametrize("path", READING, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_word_list_is_left_in_python(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    lists = [
        words
        for words in _word_lists(ast.parse(path.read_text(encoding="utf-8")))
        if (name, words) not in NO_WORDS
    ]
    assert lists == []


@pytest.mark.parametrize(
    "code",
    [
        'WORDS = {"said", "says", "told", "wrote"}',
        'WORDS = frozenset(["said", "says", "told", "wrote"])',
        'WORDS = "said says told wrote".split()',
        'WORDS = re.compile(r"\\b(?:said|says|told|wrote)\\b")',
    ],
)
def test_a_word_list_in_python_is_noticed(code: str) -> None:
    assert list(_word_lists(ast.parse(code))) == ["said says told wrote"]
