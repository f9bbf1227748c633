"""One look for every chart: colours that colour-blind readers can distinguish, type that reads at page width."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

# Okabe & Ito (2008), without the yellow, which is too pale on white; black and grey close the list.
OUTLET_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
NEGATIVE, NEUTRAL, POSITIVE = "#B35806", "#D9D9D9", "#2166AC"
INK, QUIET, PALE = "#1A1A1A", "#595959", "#D0D0D0"
HATCH = "////"  # laid over whatever is not validated

PAGE_WIDTH = 7.6  # inches; a page column of 760 pixels shows type at its printed size
PHONE_WIDTH = 3.8
_NIGHT = (0.09, 0.93)  # lightness on a dark page of what is white and of what is black on a light one

# matplotlib brings DejaVu along: the same letters on every machine. For those that it lacks, the open fonts of the extra
# `fonts`, and else those that may be installed.
_FONT = "DejaVu Sans"
_PACKAGED = {"manimgx_fonts": "NotoSans[A-Z]*.ttf", "noto_cjk_sans_jp_regular": "*.otf"}  # package: its files
_INSTALLED = ("Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans CJK SC",
              "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP", "Noto Sans KR", "Source Han Sans",
              "WenQuanYi Micro Hei", "Droid Sans Fallback")  # fmt: skip
LEFT_TO_RIGHT = (
    "\u200e"  # a mark unseen: what is around a name that is read from right to left keeps its order
)
LACKING = "□"  # stands in an image for a letter that no font here has
REMEDY = "the extra `fonts` of this package has the letters of most scripts"

_PARAMETERS: dict[Any, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": [_FONT],
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
    told = logging.getLogger("matplotlib.font_manager")
    level = told.level
    told.setLevel(logging.ERROR)  # that a font has no bold letters is no news
    try:
        with mpl.rc_context(_PARAMETERS):
            yield
    finally:
        told.setLevel(level)


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
    written = _written(words)
    return " ".join("".join(c if c.isspace() or ord(c) in written else LACKING for c in words).split())


def lacks(words: str) -> bool:
    """Whether a letter of the words has no font here."""
    return printable(words) != " ".join(words.split())


def families(words: str) -> list[str]:
    """The fonts that write the words: the one of all charts, and those that have letters which it lacks."""
    return (
        [_FONT, *(family for family in _others() if _lacking(words) & _letters(family))]
        if _lacking(words)
        else [_FONT]
    )


def write_all_letters(figure: Figure, words: str) -> None:
    """Let the figure's texts, made of these words, have the fonts that their letters need."""
    needed = families(words)
    if len(needed) == 1:
        return
    for text in figure.findobj(Text):
        text.set_fontfamily(needed)
    for ax in figure.axes:
        ax.tick_params(labelfontfamily=needed)


def _written(words: str) -> frozenset[int]:
    """The letters that fonts here have, as far as the words need them."""
    return _letters(_FONT).union(*(_letters(family) for family in families(words)[1:]))


def _lacking(words: str) -> frozenset[int]:
    return frozenset(ord(c) for c in words if not c.isspace()) - _letters(_FONT)


@cache
def _others() -> tuple[str, ...]:
    """The further fonts that are here: the packaged ones, then those installed."""
    packaged = []
    for package, files in _PACKAGED.items():
        found = find_spec(package)
        for place in found.submodule_search_locations or () if found else ():
            for file in sorted(Path(place).glob(files)):
                fontManager.addfont(file)
                packaged.append(get_font(file).family_name)
    there = {font.name for font in fontManager.ttflist}
    return tuple(dict.fromkeys([*packaged, *(family for family in _INSTALLED if family in there)]))


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(get_font(findfont(family)).get_charmap())


def darkened(svg: bytes) -> bytes:
    """The chart for a dark page: every colour with its hue and the opposite lightness, so that contrasts stay."""
    text = re.sub(
        r"((?:fill|stroke)(?:: ?|=\"))(#[0-9a-f]{6})\b", lambda m: m[1] + _opposite(m[2]), svg.decode()
    )
    ink = _opposite("#000000")  # of what names no colour, and so is black
    return text.replace("<svg ", f'<svg fill="{ink}" ', 1).encode()


@cache
def _opposite(colour: str) -> str:
    hue, lightness, saturation = rgb_to_hls(*to_rgb(colour))
    darkest, lightest = _NIGHT
    return to_hex(hls_to_rgb(hue, lightest - lightness * (lightest - darkest), saturation))


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
