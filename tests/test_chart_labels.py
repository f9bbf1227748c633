"""Names in charts: wrapped, shortened where they are long, and with a box for a letter that no font has."""

from __future__ import annotations

import re
import warnings
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.show import charts, style
from analysis.show.figure import make_figure
from analysis.show.figure_files import figure_files

LONG = 'The Brelling Herald and Evening Messenger, "The Old One", of the Northern Provinces 📰'

NAMES = (
    "人民日报",
    "Η Καθημερινή",
    "Новая газета",
    "الجزيرة",
    "הארץ",
    "朝日新聞",
    "조선일보",
    "ไทยรัฐ",
    "दैनिक जागरण",
    "বাংলা",
    "தமிழ்",
)


@given(st.text(max_size=120), st.integers(9, 40))
def test_a_name_is_never_longer_than_three_lines(name: str, width: int) -> None:
    lines = style.label(name, width).split("\n")
    assert len(lines) <= style.LINES and all(len(line) <= width for line in lines)


def test_a_short_name_stays_as_it_is_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert style.label("Harbour Wire") == "Harbour Wire"
    assert style.label(LONG).endswith("…")


def test_a_letter_that_no_font_has_is_seen_to_be_missing() -> None:
    assert style.printable("Wire \U0010fffd North") == f"Wire {style.LACKING} North"
    assert style.LACKING in style.printable(style.LACKING)


@pytest.mark.parametrize("draw", ["heads", "rows", "parts"])
def test_no_letter_of_any_script_is_dropped(draw: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"outlet": NAMES, "tone": "negative", "share": 0.5})
    ax = charts.canvas(len(NAMES))
    if draw == "heads":
        charts.plot_heatmap(table, ax, rows="tone", columns="outlet")
    elif draw == "rows":
        charts.plot_bars(table, ax, label="outlet", value="share", percent=True)
    else:
        charts.plot_stacked(table, ax, rows="outlet", parts="tone", order=["negative"])
    study = SimpleNamespace(figures_folder=tmp_path, settings=SimpleNamespace(notice=""), web_charts=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a letter without a font matplotlib warns
        drawn = make_figure(ax, table, study, "x", title=NAMES[0], unit="", label="outlet", value="share")  # type: ignore[arg-type]
    assert not style.lacks("".join(NAMES)) and style.LACKING not in drawn.caption
    assert {path.name for path in figure_files(tmp_path, "x")} == {path.name for path in tmp_path.iterdir()}


def test_charts_for_other_pages_are_dark_or_narrow_and_there_only_if_asked_for(tmp_path: Path) -> None:
    def draw(web_charts: bool) -> None:
        ax = charts.canvas(2)
        charts.plot_heatmap(table, ax, rows="frame", columns="outlet", unvalidated=["war"])
        study = SimpleNamespace(
            figures_folder=tmp_path, settings=SimpleNamespace(notice=""), web_charts=web_charts
        )
        make_figure(ax, table, study, "x", title="T" * 60, unit="", label="outlet", value="share")  # type: ignore[arg-type]

    def colours(name: str) -> list[str]:
        return re.findall(r"(?:fill|stroke)(?:: |=\")(#[0-9a-f]{6})", (tmp_path / name).read_text("utf-8"))

    def width(name: str) -> float:
        return float(re.search(r'<svg[^>]* width="([\d.]+)pt"', (tmp_path / name).read_text("utf-8"))[1])  # type: ignore[index]

    table = pd.DataFrame(
        {"outlet": ["Wire", "Post"] * 2, "frame": ["war", "war", "law", "law"], "share": [0, 0.2, 0.6, 1]}
    )
    draw(web_charts=True)
    light, (ink, *dark) = colours("x.svg"), colours("x-dark.svg")
    luminance = {c: sum(int(c[n : n + 2], 16) for n in (1, 3, 5)) / 765 for c in {*light, *dark, ink}}
    assert "#ffffff" in light and "<image" not in (tmp_path / "x.svg").read_text("utf-8")
    assert luminance[ink] > 0.9 and len(light) == len(dark)
    assert all((luminance[a] > 0.7) == (luminance[b] < 0.35) for a, b in zip(light, dark, strict=True))
    assert (
        width("x-narrow.svg")
        == width("x-narrow-dark.svg")
        < 0.51 * width("x.svg")
        == 0.51 * width("x-dark.svg")
    )
    draw(web_charts=False)
    assert [path.name for path in sorted(tmp_path.glob("*.svg"))] == ["x.svg"]


def test_a_chart_has_further_fonts_only_where_its_words_need_them() -> None:
    assert style.families("Harbour Wire, Новая газета") == ["DejaVu Sans"]
    assert len(style.families("人民日报")) == 2
    assert len(style.families("दैनिक, 朝日新聞")) == 3


@pytest.mark.parametrize("columns", [2, 5, 6, 7, 12])
def test_heads_of_columns_do_not_stand_in_each_other_and_nothing_warns(columns: int) -> None:
    outlets = [LONG, "Harbour Wire", LONG[::-1], "Vale Post", *(f"{i} {LONG}" for i in range(8))][:columns]
    table = pd.DataFrame({"outlet": outlets, "frame": "responsibility of great powers", "share": 0.5})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = charts.plot_heatmap(table, charts.canvas(1), rows="frame", columns="outlet")
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.canvas.draw()
    boxes = [tick.get_window_extent() for tick in ax.get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    plt.close(figure)


def test_equal_values_and_nought_draw_without_a_warning() -> None:
    table = pd.DataFrame({"outlet": ["Wire"], "mean": 0.0, "low": 0.0, "high": 0.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        charts.plot_intervals(table, charts.canvas(1), label="outlet", value="mean", marks={0: "neutral"})
        charts.plot_bars(table, charts.canvas(1), label="outlet", value="mean", low="low", high="high")
        charts.plot_heatmap(table.head(0), charts.canvas(0), rows="outlet", columns="low", value="mean")
    plt.close("all")
