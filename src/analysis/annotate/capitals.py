"""Capitals: which words of a sentence they mark as names of persons, offices, organisations and places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from analysis.annotate.words import Words
from analysis.text import Token

_PARTICLES = frozenset(["of", "de", "von", "van", "der", "bin", "al", "la", "du", "for"])
_BEFORE_CAPITALS = frozenset(':;?!…—–"“„‘«[')


def find_names(tokens: Sequence[Token]) -> set[str]:
    """The words written as names: with a capital, and not because a sentence, quotation or headline begins."""
    return {t.text for t, named in zip(tokens, flag_names(tokens), strict=True) if named}


def flag_names(tokens: Sequence[Token], known: Collection[str] = ()) -> list[bool]:
    """Whether each token belongs to a name; `known` are names from elsewhere in the article.

    A single capitalised word at the beginning counts only if known, possessive or followed by another capital; in a
    headline with capitals throughout, only known names count.
    """
    if _is_headline(tokens):
        return [t.text in known for t in tokens]
    capital = [t.text[0].isupper() and t.lower.split("'")[0] != "i" for t in tokens]
    flags = []
    begins = True  # a capital here may only mark the beginning of a sentence or quotation
    for i, token in enumerate(tokens):
        next_to_capital = i + 1 < len(tokens) and capital[i + 1]
        certain = not begins or next_to_capital or token.text in known or token.lower.endswith("'s")
        particle = token.text in _PARTICLES and i > 0 and capital[i - 1] and next_to_capital
        flags.append((capital[i] and certain) or particle)
        begins = (begins and not token.text[0].isalnum()) or token.text in _BEFORE_CAPITALS
    return flags


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Whether nearly every longer word has a capital, so that capitals tell no names."""
    longer = [t for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    capitals = sum(t.text[0].isupper() for t in longer)
    return len(longer) > 3 and capitals > 0.7 * len(longer) and tokens[-1].text != "."


def names_of_articles(sentences: Iterable[Words]) -> dict[str, set[str]]:
    """The names that each article (by its id) holds."""
    names: dict[str, set[str]] = {}
    for sentence in sentences:
        names.setdefault(sentence.article_id, set()).update(find_names(sentence.tokens))
    return names
