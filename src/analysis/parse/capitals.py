"""Capitals: which words of a sentence they mark as names of persons, offices, organisations and places."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analysis.language import Language
from analysis.text import Token, fold

_BEFORE_CAPITALS = frozenset(':;?!…—–"“„‘«[')


def find_names(tokens: Sequence[Token], language: Language) -> set[str]:
    """The words written as names: with a capital, and not because a sentence, quotation or headline begins."""
    return {t.text for t, named in zip(tokens, flag_names(tokens, language), strict=True) if named}


def flag_names(tokens: Sequence[Token], language: Language, known: Collection[str] = ()) -> list[bool]:
    """Whether each token belongs to a name; `known` are names from elsewhere in the article.

    A single capitalised word at the beginning counts only if known, possessive or followed by another capital; in a
    headline with capitals throughout, only known names count.
    """
    words = [token.text for token in tokens]
    particles = language["name_joint"]
    if _is_headline(words):
        return [word in known for word in words]
    capital = [word[0].isupper() and fold(word).split("'")[0] != "i" for word in words]
    capital.append(False)  # before the first word and after the last stands none
    flags = []
    begins = True  # a capital here may only mark the beginning of a sentence or quotation
    for i, word in enumerate(words):
        if capital[i]:
            named = not begins or capital[i + 1] or word in known or fold(word).endswith("'s")
        else:
            named = word in particles and capital[i - 1] and capital[i + 1]
        flags.append(named)
        begins = (begins and not word[0].isalnum()) or word in _BEFORE_CAPITALS
    return flags


def _is_headline(words: Sequence[str]) -> bool:
    """Whether nearly every longer word has a capital, so that capitals tell no names."""
    longer = [word[0] for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(map(str.isupper, longer))
    return len(longer) > 3 and capitals > 0.7 * len(longer) and words[-1] != "."
