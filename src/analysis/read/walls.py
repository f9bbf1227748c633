"""Pages that show something else than their article: a paywall, a question for cookies, an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from analysis.text import count_words

FEW_WORDS = 50  # with more of them, a page shows an article, or its beginning
BEGINNING = 150  # words; a page with fewer and a wall shows the beginning of its article


@cache
def _walls() -> tuple[tuple[re.Pattern[str], str], ...]:
    walls = yaml.safe_load((Path(__file__).parent / "walls.yml").read_text(encoding="utf-8"))
    return tuple(
        (re.compile("|".join(f"(?:{p})" for p in wall["any"]), re.IGNORECASE), f"{wall['say']}; {wall['do']}")
        for wall in walls.values()
    )


def find_wall(body: str, page: str) -> str | None:
    """What stands where the article should be, and the remedy; None where there is an article.

    `body`: the main text that was found, `page`: all of the page's text.
    """
    return _wall_on(page) if count_words(body) < FEW_WORDS else None


def find_cut(body: str, page: str) -> str | None:
    """What to say of a page that may show only the beginning of its article; None where it shows all."""
    wall = _wall_on(page) if count_words(body) < BEGINNING else None
    return f"may be cut: beside its {count_words(body)} words it {wall}" if wall else None


def _wall_on(page: str) -> str | None:
    return next((message for pattern, message in _walls() if pattern.search(page[:6_000])), None)
