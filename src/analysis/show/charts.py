"""Charts: each draws a table on the Axes it is given, and returns them. None computes, saves or shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from analysis.show import style
from analysis.show.wording import number as written
from analysis.show.wording import signed
from analysis.tables import Floats

# From paper to a deep blue: lightness alone orders the values, also in grey print.
_SEQUENTIAL = LinearSegmentedColormap.from_list("share", ["#F7FBFF", "#9ECAE1", "#3182BD", "#08306B"])
_BOX: dict[str, Any] = {
    "boxstyle": "round,pad=0.15",
    "edgecolor": "none",
}  # keeps a number readable on a hatched ground
_DIVERGING = LinearSegmentedColormap.from_list("net", [style.NEGATIVE, "#F5F5F5", style.POSITIVE])
_LIGHT, _DARK = "#BBD3E6", "#08306B"  # a coder's share, and the corrected one
_CELL = 0.62  # of a column's width: its longest bar; the rest is the number's
_WITH_NUMBERS = 8  # columns; between more there is no room for numbers
_STEP = 0.26  # rows; between the groups of one
_HEADS = 72  # characters in the heads of all columns, side by side
_FEW = 6  # columns; the heads of more stand upright where they are long
_UPRIGHT = 28  # characters
_LEGEND = 88  # characters in a line below the axes
_NARROW = 15  # characters of a line beside a chart on a phone
_LINE, _ROW = 0.17, 0.34  # inches


def canvas(rows: int, *, height: float = 0.36, width: float = style.PAGE_WIDTH) -> Axes:
    """Axes of page width, tall enough for `rows` rows of bars or cells."""
    with style.style():
        _, ax = plt.subplots(figsize=(width, 1.1 + height * max(rows, 2)), layout="constrained")
    return ax


@style.style()
def plot_bars(
    table: pd.DataFrame,
    ax: Axes,
    *,
    label: str,
    value: str,
    colours: Mapping[str, str] | None = None,
    colour_by: str | None = None,
    percent: bool = False,
    low: str | None = None,
    high: str | None = None,
    note: str | None = None,
    unvalidated: Collection[str] = (),
) -> Axes:
    """Horizontal bars, one a row of the table, top to bottom, with its interval and its number written out.

    A bar takes the colour of its label, or of its `colour_by`. `note` names a column whose words stand after the number (such as "12 of 80").
    """
    values = table[value].astype(float).to_numpy()
    names = [str(x) for x in table[label]]
    places = np.arange(len(table))
    colour = [(colours or {}).get(str(key), style.OUTLET_COLOURS[0]) for key in table[colour_by or label]]
    bars = ax.barh(places, np.nan_to_num(values), color=colour, height=0.68)
    for bar, name in zip(bars, names, strict=True):
        if name in unvalidated:
            bar.set_hatch(style.HATCH)
    top = np.nanmax(np.abs(values)) if len(values) and not np.isnan(values).all() else 1.0
    ends = values.copy()
    if low and high:
        lows, highs = table[low].astype(float).to_numpy(), table[high].astype(float).to_numpy()
        ax.hlines(places, lows, highs, color=style.INK, linewidth=1.2)
        ends = np.fmax(values, highs)
        top = max(top, np.nanmax(np.append(highs, top)))
    notes = [f"  {text}" for text in table[note]] if note else [""] * len(table)
    for place, number, end, text in zip(places, values, ends, notes, strict=True):
        ax.annotate(
            ("no data" if np.isnan(number) else written(number, percent)) + text,
            (max(0.0, 0.0 if np.isnan(end) else end), place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=style.QUIET,
        )
    ax.set_yticks(places, [_with_mark(style.label(n), unvalidated, n) for n in names])
    ax.set_ylim(max(len(table), 2) - 0.5, -0.5)
    ax.set_xlim(min(0.0, float(np.nanmin(np.append(values, 0.0))) * 1.15), top * 1.32 if top else 1.0)
    if pd.api.types.is_integer_dtype(table[value]):
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))  # there is no half of what is counted
    return _finish(ax, percent)


@style.style()
def plot_stacked(
    table: pd.DataFrame,
    ax: Axes,
    *,
    rows: str,
    parts: str,
    value: str = "share",
    order: Sequence[str],
    names: Mapping[str, str] | None = None,  # of rows and of parts
    diverging: bool = False,
    unvalidated: bool = False,
) -> Axes:
    """One bar a row, made of its parts' shares; `diverging` lays the middle part across zero.

    `order` gives the parts from left to right. A part of 7 % or more carries its number.
    """
    wide = (
        table.pivot(index=rows, columns=parts, values=value)
        .reindex(table[rows].drop_duplicates())
        .fillna(0.0)
    )
    wide = wide.reindex(columns=list(order), fill_value=0.0)
    left = np.zeros(len(wide))
    if diverging:
        middle = len(order) // 2
        left = -(wide.iloc[:, :middle].sum(axis=1) + wide.iloc[:, middle] / 2).to_numpy()
    handles = []
    for i, part in enumerate(order):
        widths = wide[part].to_numpy(dtype=float)
        colour = style.colour_for(part) or _part_colour(i)
        hatch = style.HATCH if unvalidated else _part_hatch(i, part)
        _draw_part(ax, widths, left, colour, hatch)
        left = left + widths
        handles.append(Patch(facecolor=colour, label=style.label((names or {}).get(part, part)), hatch=hatch))
    ax.set_yticks(np.arange(len(wide)), [style.label((names or {}).get(x, str(x))) for x in wide.index])
    ax.invert_yaxis()
    ax.set_xticks([])
    _legend(ax, handles)
    if diverging:
        ax.axvline(0, color=style.QUIET, linewidth=0.8)
        ax.set_xlim(-1.02, 1.02)
    else:
        ax.set_xlim(0, 1.0)
    ax.spines["bottom"].set_visible(False)
    return ax


def _draw_part(ax: Axes, widths: Floats, left: Floats, colour: Any, hatch: str) -> None:
    """One part of every bar, with its number where it is wide enough."""
    places = np.arange(len(widths))
    ax.barh(
        places, widths, left=left, color=colour, height=0.68, hatch=hatch, edgecolor="white", linewidth=0.6
    )
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, **_on(colour, hatch)}
    for place, width, start in zip(places.tolist(), widths, left, strict=True):
        if width >= 0.07:
            ax.text(start + width / 2, place, f"{width:.0%}", **centred)


@style.style()
def plot_heatmap(
    table: pd.DataFrame,
    ax: Axes,
    *,
    rows: str,
    columns: str,
    value: str = "share",
    percent: bool = True,
    diverging: bool = False,
    names: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
    digits: int = 0,
    each_row: bool = False,
    unvalidated: Collection[str] = (),
) -> Axes:
    """A cell for each row and column with its number written in; rows in `unvalidated` are hatched.

    `order` fixes rows and columns of a table of pairs; `each_row` lets colour compare within a row only.
    """
    row_order, column_order = (order or list(table[c].drop_duplicates()) for c in (rows, columns))
    wide = table.pivot(index=rows, columns=columns, values=value).reindex(
        index=row_order, columns=column_order
    )
    values = wide.to_numpy(dtype=float)
    lightness = _lightness(values, diverging, each_row)
    colour_map = _DIVERGING if diverging else _SEQUENTIAL
    if values.size:  # else the axes would be of no width, of which matplotlib warns
        edges = [np.arange(n + 1) - 0.5 for n in reversed(values.shape)]
        ax.pcolormesh(*edges, lightness, cmap=colour_map, vmin=0, vmax=1, zorder=0)
        ax.invert_yaxis()
    for i, j in np.ndindex(values.shape):
        number = values[i, j]
        text = "–" if np.isnan(number) else f"{number:.{digits}%}" if percent else signed(number)
        colour = to_rgba("white") if np.isnan(number) else colour_map(lightness[i, j])
        ink = style.QUIET if np.isnan(number) else _ink_on(colour)
        box = _BOX | {"facecolor": colour} if row_order[i] in unvalidated else None
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color=ink, bbox=box)
    for i, row in enumerate(row_order):
        if row in unvalidated:
            ground = Rectangle((-0.5, i - 0.5), len(column_order), 1, fill=False, linewidth=0, hatch="...")
            ground.set_edgecolor("#9A9A9A")
            ax.add_patch(ground)
    _write_heads(ax, column_order)
    ax.set_yticks(
        range(len(row_order)),
        [_with_mark(style.label((names or {}).get(r, str(r))), unvalidated, r) for r in row_order],
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(len(column_order) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(row_order) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.tick_params(which="minor", length=0)
    return ax


@style.style()
def plot_corrected(
    table: pd.DataFrame,
    ax: Axes,
    *,
    rows: str,
    columns: str,
    names: Mapping[str, str] | None = None,
    unvalidated: Collection[str] = (),
    each_row: bool = False,
) -> Axes:
    """A small bar for each row and column: light the column `machine`, dark the `share` with its interval and its number.

    Where there is no `machine`, the bar is the share itself. All bars have one scale, or with `each_row` those of a row.
    """
    row_order, column_order = (list(table[c].drop_duplicates()) for c in (rows, columns))
    ends = table[["machine", "share", "high"]].astype(float).max(axis=1)
    largest = ends.groupby(table[rows]).max() if each_row else pd.Series(ends.max(), index=row_order)
    for row in table.to_dict("records"):
        y, x = row_order.index(row[rows]), column_order.index(row[columns])
        scale = _CELL / (largest[row[rows]] or 1.0)
        share, machine = (float(row[c]) if row[c] == row[c] else np.nan for c in ("share", "machine"))
        hatch = style.HATCH if row[rows] in unvalidated else ""
        light = share if np.isnan(machine) else machine
        ax.barh(y, 0.0 if np.isnan(light) else light * scale, left=x, height=0.56, color=_LIGHT, hatch=hatch)
        if not np.isnan(share) and not np.isnan(machine):
            ax.hlines(y, x + row["low"] * scale, x + row["high"] * scale, color=_DARK, linewidth=1.6)
            ax.plot([x + share * scale], [y], "o", color=_DARK, markersize=5)
        corrected = (share, row["high"]) if not np.isnan(machine) else ()
        far = max(v for v in (light, *corrected, 0.0) if v == v) * scale
        if len(column_order) <= _WITH_NUMBERS:
            text = "–" if np.isnan(share) else f"{share:.0%}"
            ax.annotate(
                text, (x + far, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8.5
            )
    ax.set_yticks(
        range(len(row_order)),
        [_with_mark(style.label((names or {}).get(r, str(r))), unvalidated, r) for r in row_order],
    )
    ax.set_ylim(max(len(row_order), 1) - 0.5, -0.5)
    ax.set_xlim(-0.06, len(column_order))
    ax.vlines(range(len(column_order)), -0.5, len(row_order) - 0.5, color=style.PALE, linewidth=0.8)
    _write_heads(ax, column_order, _CELL / 2)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _write_heads(ax: Axes, columns: Sequence[Any], shift: float = 0.0) -> None:
    """The columns' names above them, `shift` to the right of their numbers, upright where they would stand in each other."""
    heads = [_broken(str(c), len(columns)) for c in columns]
    longest = max((len(line) for head in heads for line in head.split("\n")), default=0)
    upright = len(heads) > _FEW and longest * len(heads) > _HEADS
    if upright:
        heads = [head.replace("\n", " ") for head in heads]
    lines = max((head.count("\n") - 1 for head in heads), default=0)
    _grow(ax, 0.08 * max(map(len, heads)) if upright else 0.15 * lines)
    ax.set_xticks([x + shift for x in range(len(heads))], heads, rotation=90 if upright else 0)
    ax.xaxis.tick_top()


@style.style()
def plot_intervals(
    table: pd.DataFrame,
    ax: Axes,
    *,
    label: str,
    value: str,
    low: str = "low",
    high: str = "high",
    group: str | None = None,
    marks: Mapping[float, str] | None = None,
    percent: bool = False,
    light: str | None = None,
) -> Axes:
    """Dots with their intervals, one row a label; groups side by side in a row, told apart by colour and shape.

    `light` names a column whose values are pale dots beside the others, such as a coder's own before correction.

    Where the groups are more than two the figure grows, so that they stand apart."""
    labels = list(table[label].drop_duplicates())
    groups: list[Any] = list(table[group].drop_duplicates()) if group else [None]
    step = min(_STEP, 0.8 / len(groups)) if groups else _STEP  # all of them within their row
    _grow(ax, len(labels) * max(0.0, 0.16 * len(groups) - 0.36) + 0.2 * max(0, len(groups) - 2))
    shapes = ("o", "s", "^", "D")
    for i, name in enumerate(groups):
        part = table[table[group] == name] if group else table
        places = np.array([labels.index(x) for x in part[label]]) + (i - (len(groups) - 1) / 2) * step
        numbers = part[value].astype(float).to_numpy()
        ax.hlines(
            places,
            part[low].astype(float),
            part[high].astype(float),
            color=style.OUTLET_COLOURS[i % len(style.OUTLET_COLOURS)],
            linewidth=1.6,
        )
        colour = style.OUTLET_COLOURS[i % len(style.OUTLET_COLOURS)]
        if light:
            ax.plot(part[light].astype(float), places, shapes[i % 4], color=colour, markersize=6, alpha=0.3)
        ax.plot(numbers, places, shapes[i % 4], color=colour, markersize=6, label=style.label(str(name)))
    for place, text in (marks or {}).items():
        before = place != max(marks or {})  # else the words of two marks stand in each other
        ax.axvline(place, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
        ax.annotate(
            text, (place, 1.0), xycoords=("data", "axes fraction"), xytext=(-3 if before else 3, 3), textcoords="offset points",
            fontsize=8.5, color=style.QUIET, ha="right" if before else "left",
        )  # fmt: skip
    ax.set_yticks(range(len(labels)), [style.label(str(x)) for x in labels])
    ax.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    if group:
        _legend(ax, ax.get_legend_handles_labels()[0])
    return _finish(ax, percent)


@style.style()
def plot_points(
    table: pd.DataFrame, ax: Axes, *, x: str, rows: str, colours: Mapping[str, str], size: str | None = None
) -> Axes:
    """A dot for each row of the table, at `x` in its row of the chart; `size` makes larger values larger dots."""
    order = list(table[rows].drop_duplicates())
    sizes = 30 + 120 * table[size].astype(float) / max(float(table[size].max()), 1.0) if size else 40
    ax.scatter(
        table[x],
        [order.index(r) for r in table[rows]],
        s=sizes,
        c=[colours.get(r, style.INK) for r in table[rows]],
        alpha=0.75,
        linewidths=0.8,
        edgecolors="white",
    )
    if pd.api.types.is_datetime64_any_dtype(table[x]):
        locator = AutoDateLocator(minticks=3, maxticks=7)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    ax.set_yticks(range(len(order)), [style.label(str(x)) for x in order])
    ax.set_ylim(max(len(order), 1) - 0.5, -0.5)
    ax.grid(axis="x")
    return ax


@style.style()
def plot_swarms(
    table: pd.DataFrame,
    ax: Axes,
    *,
    rows: str,
    groups: str,
    value: str,
    percent: bool = True,
    names: Mapping[str, str] | None = None,
    unvalidated: Collection[str] = (),
) -> Axes:
    """For each row a dot for every group on one scale, for more groups than a grid has room for; the two at its ends are named.

    The rows in which groups are furthest apart come first; an upright line is the median.
    """
    known = table.dropna(subset=[value])
    spread = known.groupby(rows, sort=False)[value].agg(lambda values: values.max() - values.min())
    order = list(spread.sort_values(ascending=False, kind="stable").index)
    for place, label in enumerate(order):
        mine = known[known[rows] == label].sort_values(value, kind="stable")
        values = mine[value].astype(float).to_numpy()
        ax.hlines(place, 0, 1, transform=ax.get_yaxis_transform(), color=style.PALE, linewidth=0.8, zorder=0)
        ax.plot(values, [place] * len(values), "o", color=style.OUTLET_COLOURS[0], markersize=6, alpha=0.35)
        ax.plot(values[[0, -1]], [place, place], "o", color=_DARK, markersize=6)
        ax.vlines(np.median(values), place - 0.2, place + 0.2, color=style.INK, linewidth=1.2)
        ends = [
            f"{style.label(str(group), lines=1)}{style.LEFT_TO_RIGHT} {f'{number:.0%}' if percent else signed(number)}"
            for group, number in zip(mine[groups].iloc[[0, -1]], values[[0, -1]], strict=True)
        ]
        ax.annotate(
            style.LEFT_TO_RIGHT + " to ".join(ends), (0, place), xycoords=("axes fraction", "data"), xytext=(0, -13),
            textcoords="offset points", fontsize=8.5, color=style.QUIET, va="center",
        )  # fmt: skip
    ax.set_yticks(
        range(len(order)),
        [_with_mark(style.label((names or {}).get(r, str(r))), unvalidated, r) for r in order],
    )
    ax.set_ylim(max(len(order), 1) - 0.4, -0.5)
    return _finish(ax, percent)


def _grow(ax: Axes, inches: float) -> None:
    figure = ax.get_figure(root=True)
    assert figure is not None
    if inches > 0:
        figure.set_figheight(figure.get_figheight() + inches)


def _legend(ax: Axes, handles: Sequence[Any], width: int = _LEGEND) -> None:
    """Below the axes and their tick labels, however tall the chart: the distance is in points."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    below = ax.transAxes + ScaledTranslation(
        0, (-24 if len(ax.get_xticks()) else -6) / 72, figure.dpi_scale_trans
    )
    longest = (
        max((len(line) for h in handles for line in str(h.get_label()).split("\n")), default=0) + 6
    )  # its sign and its gap
    ax.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=below,
        ncols=min(len(handles), 4, max(1, width // longest)),
        borderaxespad=0,
    )


def fit_phone(ax: Axes) -> None:
    """Make the chart as narrow as a phone: names in shorter lines, heads upright, fewer ticks, the legend in fewer columns."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.set_figwidth(style.PHONE_WIDTH)
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    if any(names):
        short = [style.label(name, _NARROW) for name in names]
        ax.set_yticks(ax.get_yticks(), short)
        _grow(ax, len(names) * (_LINE * max(name.count("\n") + 1 for name in short) - _ROW))
    heads = [label.get_text().replace("\n", " ") for label in ax.get_xticklabels()]
    if ax.xaxis.get_ticks_position() == "top" and any(heads):
        ax.set_xticks(ax.get_xticks(), heads, rotation=90)
        _grow(ax, 0.07 * max(map(len, heads)))
        for number in ax.texts:
            number.set_fontsize(7)
    elif isinstance(ax.xaxis.get_major_locator(), FixedLocator):
        ax.set_xticks(ax.get_xticks()[::2])
    if legend := ax.get_legend():
        _legend(ax, legend.legend_handles, _LEGEND // 2)


def _finish(ax: Axes, percent: bool) -> Axes:
    ax.grid(axis="x")
    if percent:
        low, high = ax.get_xlim()
        ax.set_xticks(
            [place for place in ax.get_xticks() if low <= place <= min(high, 1.0)]
        )  # no share is 120%
        ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    return ax


def _with_mark(name: str, unvalidated: Collection[str], code: object = None) -> str:
    return f"{name}\n(not validated)" if (code if code is not None else name) in unvalidated else name


def _broken(name: str, columns: int) -> str:
    """The head of a column, no wider than its column, where it has more than a word or two."""
    name = style.label(name, style.LONGEST)
    broken = name.replace(" ", "\n", 1) if len(name) > 11 else name
    width = max(11, _HEADS // max(columns, 1))
    if max(map(len, broken.split("\n"))) <= width:
        return broken
    return style.label(name, width) if columns <= _FEW else style.label(name, _UPRIGHT, lines=1)


def _part_colour(i: int) -> str:
    return ("#08519C", "#FDAE6B", "#31A354", "#9E9AC8", "#A63603", "#6BAED6", "#756BB1", "#BDBDBD", "#525252",
            "#FDD0A2", "#74C476", "#DADAEB")[i % 12]  # fmt: skip


def _part_hatch(i: int, part: str) -> str:
    if style.colour_for(part):
        return {"neutral": ""}.get(part, "" if style.colour_for(part) == style.POSITIVE else "..")
    return ("", "//", "..", "\\\\", "xx")[i % 5]


def _lightness(values: Floats, diverging: bool, each_row: bool) -> Floats:
    """Where on its colour map each value lies, 0 to 1: against the largest of all, or of its row."""
    sizes = np.nan_to_num(np.abs(values))
    largest = sizes.max(axis=1, keepdims=True, initial=0) if each_row else sizes.max(initial=0)
    scaled = values / np.where(largest > 0, largest, 1.0)
    return (scaled + 1) / 2 if diverging else scaled * (0.7 if each_row else 1.0)


def _ink_on(colour: Any) -> str:
    red, green, blue, _ = to_rgba(colour)
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.55 else style.INK


def _on(colour: str, hatch: str) -> dict[str, Any]:
    box = _BOX | {"facecolor": colour} if hatch else None
    return {"color": _ink_on(colour), "bbox": box}
