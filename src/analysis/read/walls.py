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
def _walls() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    """What is looked for on a page, what in its text alone, and the message."""
    walls = yaml.safe_load((Path(__file__).parent / "walls.yml").read_text(encoding="utf-8"))
    return tuple(
        (_one_of(wall["any"]), _one_of(wall.get("text", ["(?!)"])), f"{wall['say']}; {wall['do']}")
        for wall in walls.values()
    )


def _one_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def find_wall(body: str, page: str) -> str | None:
    """What stands where the article should be, and the remedy; None where there is an article.

    `body`: the main text that was found, `page`: all of the page's text.
    """
    return _wall_on(page, body) if count_words(body) < FEW_WORDS else None


def find_cut(body: str, page: str) -> str | None:
    """What to say of a page that may show only the beginning of its article; None where it shows all."""
    wall = _wall_on(page) if count_words(body) < BEGINNING else None
    return f"may be cut: beside its {count_words(body)} words it {wall}" if wall else None


def _wall_on(page: str, body: str = "") -> str | None:
    return next(
        (
            message
            for anywhere, inside, message in _walls()
            if anywhere.search(page[:6_000]) or inside.search(body)
        ),
        None,
    )
