"""One look for every chart: colours that colour-blind readers can distinguish, type that reads at page width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from textwrap import wrap
from typing import Any

import matplotlib as mpl
from matplotlib.font_manager import findfont, fontManager, get_font

# Okabe & Ito (2008), without the yellow, which is too pale on white; black and grey close the list.
OUTLET_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
NEGATIVE, NEUTRAL, POSITIVE = "#B35806", "#D9D9D9", "#2166AC"
INK, QUIET, PALE = "#1A1A1A", "#595959", "#D0D0D0"
HATCH = "////"  # laid over whatever is not validated

PAGE_WIDTH = 7.6  # inches; a page column of 760 pixels shows type at its printed size

# matplotlib brings DejaVu along: the same letters on every machine. For those that it lacks, open fonts that may be there.
_FONTS = ("DejaVu Sans", "Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai",
          "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP", "Noto Sans KR",
          "Source Han Sans", "WenQuanYi Micro Hei", "Droid Sans Fallback")  # fmt: skip
LACKING = "□"  # stands in an image for a letter that no font here has

_PARAMETERS: dict[Any, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": [_FONTS[0], *(f for f in _FONTS[1:] if f in {font.name for font in fontManager.ttflist})],
    "font.size": 9.5,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": QUIET,
    "axes.edgecolor": PALE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9.5,
    "ytick.major.size": 0,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "hatch.linewidth": 0.6,
    "hatch.color": "#FFFFFF",
    "text.parse_math": False,  # a dollar sign in a headline is money
    "svg.hashsalt": "media-analysis",  # the same chart gives the same bytes
    "svg.fonttype": "path",
}

LONGEST, LINES = 40, 3  # characters and lines of a name in a chart; tables have the whole
WIDTH = 32  # characters of a line beside a chart


@contextmanager
def style() -> Iterator[None]:
    """Within this, matplotlib draws in the project's style; afterwards it is as it was."""
    with mpl.rc_context(_PARAMETERS):
        yield


def label(name: str, width: int = WIDTH, lines: int = LINES) -> str:
    """The name as a chart writes it: in lines of `width` characters, shortened with an ellipsis where it is long."""
    name = printable(name)
    if len(name) > LONGEST:
        name = name[: LONGEST - 1].rstrip() + "…"
    parts = wrap(name, width)
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1].rstrip() + "…"]
    return "\n".join(parts)


def printable(words: str) -> str:
    """The words as an image can write them: a box for each letter that no font here has."""
    return " ".join("".join(c if c.isspace() or ord(c) in _letters() else LACKING for c in words).split())


def lacks(words: str) -> bool:
    """Whether a letter of the words has no font here."""
    return printable(words) != " ".join(words.split())


@cache
def _letters() -> frozenset[int]:
    fonts = (get_font(findfont(family)) for family in _PARAMETERS["font.family"])
    return frozenset(letter for font in fonts for letter in font.get_charmap())


def outlet_colours(outlets: Sequence[str]) -> dict[str, str]:
    """A colour for each outlet, the same in every chart of a study; from the ninth on they repeat."""
    return {outlet: OUTLET_COLOURS[i % len(OUTLET_COLOURS)] for i, outlet in enumerate(outlets)}


def colour_for(kind: str) -> str | None:
    """The fixed colour of a tone or stance; None for anything else."""
    return {
        "negative": NEGATIVE,
        "unfavourable": NEGATIVE,
        "insincere": NEGATIVE,
        "neutral": NEUTRAL,
        "positive": POSITIVE,
        "favourable": POSITIVE,
        "sincere": POSITIVE,
    }.get(kind)
