"""Pages that show something else than their article: a paywall, a question for cookies, an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from analysis.text import count_words

FEW_WORDS = 120  # with more of them, a page has an article, and a wall stands beside or below it


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
    if count_words(body) >= FEW_WORDS:
        return None
    near = page[:6_000]
    return next((message for pattern, message in _walls() if pattern.search(near)), None)
