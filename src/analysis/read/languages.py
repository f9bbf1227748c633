"""Which language a text is in: by the script and function words of the language that is expected, else by py3langid.

py3langid (Lui & Baldwin 2012) knows 97 languages and asks no network. Loading it takes longer than to read a hundred
articles, so that it is asked only where the expected language's own words do not settle it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from analysis.language import Language
from analysis.text import fold_text

SURE = 0.9  # probability below which no language is named
FEWEST_LETTERS = 60  # shorter texts are no evidence
FEWEST_FOREIGN = 12  # letters of another script
ENOUGH = 0.25  # share of function words in a text of their language; in another language it is below 0.15
_FUNCTION_WORDS = (
    *("article", "determiner", "possessive", "subject_pronoun", "object_pronoun", "be", "have", "do"),
    *("modal", "auxiliary", "subordinator", "coordinator", "preposition", "wh_word"),
)
_WORD = re.compile(r"[a-zA-Z]++(?=[ ,])|[^\W\d_]++(?:['’][^\W\d_]++)?+")


def recognise_language(text: str, expected: Language) -> str | None:
    """The text's language as ISO 639-1; None where it is too short or could be several."""
    closed = _function_words(expected)
    for much in (500, 2_000, 8_000):  # a text in its language is known by its beginning
        words = _WORD.findall(text[:much])
        sample = " ".join(words)
        other_script = _is_in_another_script(sample[:500], closed)
        if len(sample) < FEWEST_LETTERS and not other_script:
            if much < len(text):
                continue
            return None
        known = [word for word in fold_text(sample).split() if word in closed]
        if len(known) >= ENOUGH * len(words):
            return expected.code
    code, probability = _identifier().classify(sample[:4_000])
    if other_script:  # then it is another language, whichever
        return str(code) if code != expected.code else None
    return str(code) if probability >= SURE else None


@cache
def _function_words(language: Language) -> frozenset[str]:
    return frozenset().union(*(language[name] for name in _FUNCTION_WORDS))


@cache
def _scripts(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_script(letter) for word in words for letter in word)


def _is_in_another_script(sample: str, known: frozenset[str]) -> bool:
    """Whether most letters, and enough of them, are of a script that no known word is written in."""
    scripts = _scripts(known)
    if sample.isascii() and "LATIN" in scripts:
        return False
    letters = [letter for letter in sample if letter.isalpha()]
    foreign = sum(_script(letter) not in scripts for letter in letters) if scripts else 0
    return foreign >= FEWEST_FOREIGN and 2 * foreign > len(letters)


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sr": "Serbian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language_name(code: str) -> str:
    """The language in English, with its code; the code alone where it is rare."""
    return f"{_NAMES[code]} ({code})" if code in _NAMES else f"the language {code}"


def language_code(said: str) -> str | None:
    """ISO 639-1 of what metadata say (English, en-GB, EN); None where that names no language known here."""
    plain = said.strip().lower()
    if re.fullmatch(r"[a-z]{2}([-_].*)?", plain):
        return plain[:2]
    return next((code for code, name in _NAMES.items() if plain.startswith(name.lower())), None)
