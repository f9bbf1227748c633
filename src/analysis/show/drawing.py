"""Drawings within a page: shapes placed in per cent of the page's width, coloured by its style, which may link.

They follow the width of the window, the letters and the light or dark colours of the page, and need no script. Colours
are names of classes in `templates/picture.css`, which a report's pages bring along and a notebook's output has in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from analysis.show.leads import linked

_EDGE = 2.0  # per cent left and right of a scale, so that a mark at its end is whole


@dataclass(frozen=True)
class Scale:
    """Where values lie from left to right."""

    low: float
    high: float
    edge: float = _EDGE

    def at(self, value: float) -> float:
        """The value's place in per cent of the width."""
        span = (self.high - self.low) or 1.0
        return self.edge + (100 - 2 * self.edge) * min(max((value - self.low) / span, 0.0), 1.0)


def drawing(height: int, shapes: Iterable[str]) -> str:
    """A drawing as wide as its place and so many pixels tall. Where nothing in it links it is hidden from screen
    readers, for the words beside it say the same."""
    inside = "".join(shapes)
    hidden = "" if "<a " in inside else ' aria-hidden="true"'
    return f'<svg class="drawn" width="100%" height="{height}" focusable="false"{hidden}>{inside}</svg>'


def bar(left: float, right: float, y: float, height: float, kind: str) -> str:
    """A bar between two places (per cent), `y` and `height` in pixels."""
    width = max(right - left, 0.0)
    return f'<rect class="{kind}" x="{left:.2f}%" y="{y:g}" width="{width:.2f}%" height="{height:g}"></rect>'


def line(left: float, right: float, y: float, kind: str, to: float | None = None) -> str:
    """A line from place to place at a height, or down to the height `to`."""
    end = y if to is None else to
    return f'<line class="{kind}" x1="{left:.2f}%" x2="{right:.2f}%" y1="{y:g}" y2="{end:g}"></line>'


def dot(place: float, y: float, radius: float, kind: str) -> str:
    """A dot at a place."""
    return f'<circle class="{kind}" cx="{place:.2f}%" cy="{y:g}" r="{radius:g}"></circle>'


def words(place: float, y: float, said: str, kind: str = "", anchor: str = "middle") -> str:
    """Words at a place, on the height of their base line."""
    of = f"said {kind}".strip()
    return f'<text class="{of}" x="{place:.2f}%" y="{y:g}" text-anchor="{anchor}">{escape(said)}</text>'


def link(shapes: str, address: str, said: str) -> str:
    """The shapes as a link to what they count; `said` is what a screen reader says. Without an address the shapes alone."""
    if not address:
        return shapes
    return linked(shapes, address).replace("<a ", f'<a aria-label="{escape(said)}" ', 1)


@cache
def picture_style() -> str:
    """The style of all drawings, for where no page brings it along."""
    return (Path(__file__).parent / "templates" / "picture.css").read_text("utf-8")


def with_style(html: str) -> str:
    """The picture with its style, for a notebook; a report's page leaves this one out and has its own."""
    return f"<style>{picture_style()}</style>{html}"
