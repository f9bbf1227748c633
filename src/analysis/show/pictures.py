"""Charts as a page has them: rows and cells of HTML with small drawings, which link, take the page's letters in any
script, and fit light, dark, a phone and paper. The files beside a page hold the same chart as an image (see `show.charts`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import pandas as pd

from analysis.compare.contrast import FEWEST
from analysis.show.drawing import Scale, bar, dot, drawing, line, link, words
from analysis.show.leads import linked
from analysis.show.wording import in_words, listed, number, signed

SHARES, NETS = (
    0.1,
    0.5,
)  # the least that the darkest colour stands for, so that a hundredth is not drawn as much
_LEVELS = 9
MANY = 12  # groups; more of them are dots on a line, or the first and the last with the others folded between them
_ENDS = 6  # rows seen at either end, where there are many
_MOST_PAIRS = 15
_BINS = 48  # at most, of dates
_DOTS = 150  # articles; of more their number in each span of days is drawn
_WRITTEN = 0.09  # of the width; a narrower part has no number in it
_FIXED = {
    **dict.fromkeys(("negative", "unfavourable", "insincere"), "against"),
    **dict.fromkeys(("positive", "favourable", "sincere"), "for"),
    "neutral": "even",
    "other": "k-none",
    **dict.fromkeys(("unknown", "none"), "ground"),
}


@dataclass(frozen=True)
class Sketch:
    """What is to be drawn: the rows of a comparison and the names of its columns (see `ask.comparison`).

    `addresses`: where each row's count leads to, "" is nowhere. `look`: further wishes, such as the order of parts.
    """

    rows: pd.DataFrame
    of: str
    by: str
    value: str
    names: Mapping[str, str]
    doubtful: Collection[str] = ()
    addresses: Sequence[str] = ()
    look: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""  # what a screen reader calls the chart

    def word(self, code: object) -> str:
        """A code in words."""
        return self.names.get(str(code)) or in_words(code).replace("|", " and ")

    def records(self) -> list[dict[str, Any]]:
        """The rows, each with its `address`."""
        addresses = self.addresses or [""] * len(self.rows)
        return [
            {**row, "address": address if row.get("n", 1) else ""}
            for row, address in zip(self.rows.to_dict("records"), addresses, strict=True)
        ]

    def said(self, row: Mapping[str, Any]) -> str:
        """The row's value in words."""
        value = row[self.value]
        if value != value or value is None:
            return "–"
        if self.value == "share":
            return f"{value:.{self.look.get('digits', 0)}%}"
        return signed(value) if self.value in ("net", "mean") else number(value)


def picture(form: str, sketch: Sketch) -> str:
    """The chart as HTML; "" for a form that only images have."""
    draw = _FORMS.get(form)
    return draw(sketch) if draw and len(sketch.rows) else ""


# Grids -------------------------------------------------------------------------------------------------------------


def _grid(
    sketch: Sketch, rows: str, columns: str, *, diverging: bool = False, corrected: bool = False
) -> str:
    """A cell for each row and column, the darker the more; rows by their values, or in the order that `look` gives, or as
    they are listed.
    """
    records = sketch.records()
    across = list(sketch.look.get("order") or dict.fromkeys(row[columns] for row in records))
    listed_so = [row[rows] for row in records] if sketch.look.get("as_listed") else None
    down = list(
        sketch.look.get("order")
        or dict.fromkeys(listed_so or _by_size(records, rows, sketch.value, signed=diverging))
    )
    if len(across) == 1:
        return _one_column(sketch, sorted(records, key=lambda row: down.index(row[rows])), rows)
    if len(across) > MANY and "order" in sketch.look:
        return _pairs_as_bars(sketch, records)
    if len(across) > MANY:
        return _swarms(sketch, records, down, rows) + _folded_table(sketch, rows, columns, diverging)
    return _table(sketch, records, (rows, down), (columns, across), diverging=diverging, corrected=corrected)


def _table(
    sketch: Sketch,
    records: Sequence[dict[str, Any]],
    of_rows: tuple[str, Sequence[Any]],
    of_columns: tuple[str, Sequence[Any]],
    *,
    diverging: bool = False,
    corrected: bool = False,
) -> str:
    """The grid as a table: for rows and columns the name of each and its values in order."""
    (rows, down), (columns, across) = of_rows, of_columns
    cells = {(row[rows], row[columns]): row for row in records}
    each = bool(sketch.look.get("each_row"))
    value = (sketch.value, "high", "machine") if corrected else (sketch.value,)
    largest = _largest(records, *value)
    kind = f"{' upright' * (len(across) > 6)}{' corrected' * corrected}"
    heads = "".join(
        f'<th scope="col"><span dir="auto">{escape(sketch.word(c))}</span>{_total(records, columns, c)}</th>'
        for c in across
    )
    body = []
    for name in down:
        mine = [cells.get((name, c)) for c in across]
        top = _largest([row for row in mine if row], *value) if each else largest
        doubt = _doubt(name in sketch.doubtful)
        unsure = ' class="unsure"' if name in sketch.doubtful else ""
        square = _corrected if corrected else _square
        shown = "".join(square(sketch, row, top, diverging) for row in mine)
        body.append(
            f'<tr{unsure}><th scope="row"><span dir="auto">{escape(sketch.word(name))}</span>{doubt}</th>{shown}</tr>'
        )
    return f'<table class="heat{kind}"><caption class="unseen">{escape(sketch.title)}</caption><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def _one_column(sketch: Sketch, rows: Sequence[Mapping[str, Any]], column: str) -> str:
    """A grid of one column as bars: there is nothing beside it."""
    scale = Scale(0.0, _largest(rows, sketch.value), edge=0.0)
    drawn = []
    for row in rows:
        few, doubt = row.get("total", FEWEST) < FEWEST, row[column] in sketch.doubtful
        length = 0.0 if few else scale.at(abs(_or_nought(row[sketch.value])))
        shapes = [bar(0, 100, 4, 16, "ground"), bar(0, length, 4, 16, f"amount{' unsure' * doubt}")]
        said = f"{row['n']} of {row['total']}" if few else escape(sketch.said(row))
        said = linked(said, row["address"]) if row["address"] else said
        drawn.append(_row(sketch.word(row[column]), "not validated" * doubt, drawing(24, shapes), said))
    return _rows(replace(sketch, doubtful=()), drawn, kind="with-end", column=column)


def _swarms(sketch: Sketch, records: Sequence[dict[str, Any]], labels: Sequence[Any], column: str) -> str:
    """For each label all groups as dots on one scale, those at its ends with their names; the widest spread first."""
    other = sketch.by if column == sketch.of else sketch.of
    known = [
        row
        for row in records
        if row[sketch.value] == row[sketch.value] and row.get("total", FEWEST) >= FEWEST
    ]
    values = [float(row[sketch.value]) for row in known]
    scale = Scale(min([0.0, *values]), max([*values, SHARES]))
    drawn = []
    for label in labels:
        mine = sorted((row for row in known if row[column] == label), key=lambda row: row[sketch.value])
        if len(mine) < 2:
            continue
        least, middle, most = mine[0], mine[len(mine) // 2], mine[-1]
        at = scale.at(middle[sketch.value])
        shapes = [line(0, 100, 13, "axis"), line(at, at, 3, "middle", to=23)]
        for row in mine:
            said = f"{sketch.word(row[other])}: {sketch.said(row)}"
            kind = "amount seen" if row in (least, most) else "amount dim"
            mark = link(dot(scale.at(row[sketch.value]), 13, 5, kind), row["address"], said)
            shapes.append(mark if row in (least, most) else mark.replace("<a ", '<a tabindex="-1" ', 1))
        ends = " to ".join(
            f'<span dir="auto">{escape(sketch.word(row[other]))}</span> {_shown(sketch, row)}'
            for row in (least, most)
        )
        doubt = "not validated" if label in sketch.doubtful else ""
        row_drawn = f'{drawing(26, shapes)}<span class="ends-said">{ends}</span>'
        drawn.append((most[sketch.value] - least[sketch.value], _row(sketch.word(label), doubt, row_drawn)))
    drawn.sort(key=lambda item: -item[0])
    rows = [row for _, row in drawn]
    return _rows(
        replace(sketch, doubtful=()), rows, axis=_axis(sketch, scale, {}), kind="swarms", column=column
    )


def _shown(sketch: Sketch, row: Mapping[str, Any]) -> str:
    said = escape(sketch.said(row))
    return linked(said, row["address"]) if row["address"] else said


def _folded_table(sketch: Sketch, rows: str, columns: str, diverging: bool) -> str:
    """All numbers of a grid of many groups, which are its rows, in the order of the label that parts them most."""
    records = sketch.records()
    spread: dict[Any, list[float]] = {}
    for row in records:
        if row.get("total", FEWEST) >= FEWEST and row[sketch.value] == row[sketch.value]:
            spread.setdefault(row[rows], []).append(float(row[sketch.value]))
    widest = max(spread, key=lambda label: max(spread[label]) - min(spread[label]), default=None)
    first = {row[columns]: row[sketch.value] for row in records if row[rows] == widest}
    groups = sorted(
        dict.fromkeys(row[columns] for row in records), key=lambda group: -_or_nought(first.get(group))
    )
    labels = sorted(spread, key=lambda label: label != widest)
    table = _table(sketch, records, (columns, groups), (rows, labels), diverging=diverging)
    return f'<details class="between"><summary>Every number: {len(groups)} {escape(_plural(columns))}</summary>{table}</details>'


def largest_pairs(rows: pd.DataFrame, of: str, by: str, value: str) -> pd.DataFrame:
    """Of very many pairs of a table the largest, which are drawn; none of a group with itself."""
    known = rows[rows[value].notna() & (rows[of] != rows[by])]
    return known.sort_values(value, ascending=False, kind="stable").head(_MOST_PAIRS)


def _pairs_as_bars(sketch: Sketch, records: Sequence[dict[str, Any]]) -> str:
    best = largest_pairs(pd.DataFrame(records), sketch.of, sketch.by, sketch.value).to_dict("records")
    scale = Scale(0.0, max([SHARES, *(row[sketch.value] for row in best)]), edge=0.0)
    drawn = [
        _row(
            (sketch.word(row[sketch.by]), sketch.word(row[sketch.of])),
            "",
            drawing(24, [bar(0, 100, 4, 16, "ground"), bar(0, scale.at(row[sketch.value]), 4, 16, "amount")]),
            _shown(sketch, row),
        )
        for row in best
    ]
    return _bars_of(drawn, sketch.title, "with-end")


def _plural(column: str) -> str:
    """What several of a column's values are called: outlets."""
    return f"{in_words(column)}s"


def _total(records: Sequence[Mapping[str, Any]], column: str, name: object) -> str:
    """How many units a column's shares are of, where they are all of the same."""
    totals = {row["total"] for row in records if row[column] == name and "total" in row}
    return f'<small class="n">n = {totals.pop():,}</small>' if len(totals) == 1 else ""


def _square(sketch: Sketch, row: Mapping[str, Any] | None, largest: float, diverging: bool) -> str:
    value = row[sketch.value] if row else float("nan")
    if row is None or value != value:
        return '<td class="none">–</td>'
    if row.get("total", FEWEST) < FEWEST:
        said = f"{row['n']} of {row['total']}"
        return f'<td class="none">{linked(said, row["address"]) if row["address"] else said}</td>'
    share = min(abs(value) / largest, 1.0)
    level = 0 if not share else max(1, round(share * _LEVELS))
    kind = f"{'n' if value < 0 else 'p'}{level}" if diverging and level else f"h{level}"
    said = sketch.said(row)
    return f'<td class="{kind}">{linked(said, row["address"]) if row["address"] else said}</td>'


def _corrected(sketch: Sketch, row: Mapping[str, Any] | None, largest: float, diverging: bool) -> str:
    """A coder's share as a light bar, and the corrected one as a dot with its interval and its number; where nothing was
    corrected, the share itself as the bar.

    `largest`: the largest that any cell of the same scale has to draw, ends of intervals too.
    """
    if row is None or row[sketch.value] != row[sketch.value]:
        return '<td class="none">–</td>'
    scale = Scale(0.0, largest, edge=3.0)
    ground = bar(scale.at(0), scale.at(largest), 3, 8, "ground")
    if row["machine"] != row["machine"]:
        if row.get("total", FEWEST) < FEWEST:
            return _square(sketch, row, largest, diverging)
        shapes = [ground, bar(scale.at(0), scale.at(row[sketch.value]), 3, 8, "amount")]
    else:
        shapes = [
            ground,
            bar(scale.at(0), scale.at(row["machine"]), 3, 8, "amount"),
            line(scale.at(row["low"]), scale.at(row["high"]), 7, "interval"),
            dot(scale.at(row[sketch.value]), 7, 4, "seen"),
        ]
    said = linked(sketch.said(row), row["address"]) if row["address"] else sketch.said(row)
    return f'<td class="small">{drawing(14, shapes)}{said}</td>'


def _largest(records: Sequence[Mapping[str, Any]], value: str, *further: str) -> float:
    """The largest size in the column `value`, of five units or more, and in `further` ones, which are drawn whatever they rest on."""
    enough = (row for row in records if row.get("total", FEWEST) >= FEWEST)
    sizes = [abs(float(row[value])) for row in enough if row[value] == row[value]]
    sizes += [float(row[column]) for row in records for column in further if row[column] == row[column]]
    return max([*sizes, SHARES if value == "share" else NETS])


def _by_size(records: Sequence[Mapping[str, Any]], column: str, value: str, *, signed: bool) -> list[Any]:
    """The values of a column, the one with the largest values first; signed from the lowest to the highest."""
    sums: dict[Any, list[float]] = {}
    for row in records:
        sums.setdefault(row[column], []).extend([row[value]] if row[value] == row[value] else [])
    means = {name: sum(known) / len(known) if known else float("-inf") for name, known in sums.items()}
    return sorted(
        means, key=lambda name: means[name] if signed and means[name] != float("-inf") else -means[name]
    )


# Rows --------------------------------------------------------------------------------------------------------------


def _row(name: str | Sequence[str], count: str, drawn: str, said: str = "", kind: str = "") -> str:
    """A row of a chart; of a pair both names."""
    names = [name] if isinstance(name, str) else name
    who = " in ".join(f'<span dir="auto">{escape(one)}</span>' for one in names)
    n = f'<small class="n">{escape(count)}</small>' if count else ""
    end = f'<span role="cell" class="said">{said}</span>' if said else ""
    return (
        f'<div role="row" class="bar-row{f" {kind}" if kind else ""}"><span role="rowheader" class="who">{who} {n}</span>'
        f'<span role="cell" class="drawn-cell">{drawn}</span>{end}</div>'
    )


def _rows(
    sketch: Sketch, rows: Sequence[str], legend: str = "", axis: str = "", kind: str = "", column: str = ""
) -> str:
    """The rows, of many those between folded; `column` is what they are values of, if not the groups."""
    doubt = _doubt(bool(sketch.doubtful))
    head = f'<p class="legend">{legend}{doubt}</p>' if legend or doubt else ""
    first, between, last = _parted(rows)
    more = ""
    if between:
        words = f"{len(between)} more {_plural(column or sketch.by)}{', between these' if last else ''}"
        inner = _bars_of(between, f"{sketch.title}: {words}", kind)
        more = f'<details class="between"><summary>{escape(words)}</summary>{inner}</details>'
    rest = _bars_of(last, f"{sketch.title}: at the other end", kind, axis) if last else ""
    return f"{head}{_bars_of(first, sketch.title, kind, '' if last else axis)}{more}{rest}"


def _bars_of(rows: Sequence[str], title: str, kind: str, axis: str = "") -> str:
    return f'<div role="table" aria-label="{escape(title)}" class="bars{f" {kind}" if kind else ""}">{"".join(rows)}{axis}</div>'


def _parted(rows: Sequence[str], ends: int = _ENDS) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Of many rows those at the beginning, between and at the end; of few all."""
    if len(rows) <= max(MANY, 2 * ends) + 2:
        return rows, (), ()
    return rows[:ends], rows[ends:-ends], rows[-ends:]


def _stacked(sketch: Sketch, *, diverging: bool) -> str:
    """One bar a group, made of its parts; `diverging` lays the middle one across the line."""
    order = list(sketch.look["order"])
    kinds = {part: _FIXED.get(part, f"k{n % 10}") for n, part in enumerate(order)}
    groups: dict[Any, dict[Any, dict[str, Any]]] = {}
    for row in sketch.records():
        groups.setdefault(row[sketch.by], {})[row[sketch.of]] = row
    drawn = []
    for group, parts in sorted(
        groups.items(), key=lambda item: _weight(item[1], order, sketch.value, diverging)
    ):
        total = max((row.get("total", 0) for row in parts.values()), default=0)
        if 0 < total < FEWEST:
            few = listed(f"{row['n']} {sketch.word(part)}" for part, row in parts.items() if row["n"])
            drawn.append(_row(sketch.word(group), f"n = {total}", f'<span class="few">{escape(few)}</span>'))
            continue
        shares = [_or_nought(parts.get(part, {}).get(sketch.value)) for part in order]
        middle = len(order) // 2
        left = 50 - 50 * (sum(shares[:middle]) + shares[middle] / 2) if diverging else 0.0
        shapes = [line(50, 50, 0, "middle", to=26)] if diverging else []
        for part, share in zip(order, shares, strict=True):
            width = share * (50 if diverging else 100)
            unsure = " unsure" if part in sketch.doubtful else ""
            shape = bar(left, left + width, 3, 20, f"{kinds[part]}{unsure}")
            if share >= _WRITTEN * (2 if diverging else 1) and kinds[part] != "gap":
                shape += words(left + width / 2, 17, f"{share:.0%}")
            known = parts.get(part, {})
            shapes.append(
                link(shape, known.get("address", ""), f"{sketch.word(part)}: {share:.0%}") if share else ""
            )
            left += width
        drawn.append(_row(sketch.word(group), f"n = {total:,}" if total else "", drawing(26, shapes)))
    together = set(order) <= set(sketch.doubtful)
    legend = "".join(
        _key(kinds[part], sketch.word(part), part in sketch.doubtful and not together) for part in order
    )
    return _rows(sketch if together else replace(sketch, doubtful=()), drawn, legend)


def _weight(
    parts: Mapping[Any, Mapping[str, Any]], order: Sequence[Any], value: str, diverging: bool
) -> float:
    """By what bars are sorted: the balance of their ends, or the size of their first part, the largest first."""
    first, last = (_or_nought(parts.get(order[end], {}).get(value)) for end in (0, -1))
    return last - first if diverging else -first


def _bars(sketch: Sketch) -> str:
    records = sketch.records()
    low, high, note = (sketch.look.get(name) for name in ("low", "high", "note"))
    ordered = sorted(records, key=lambda row: -_or_nought(row[sketch.value]))
    ends = [_or_nought(row[column]) for row in records for column in (sketch.value, high) if column]
    scale = Scale(0.0, max([*ends, SHARES if sketch.value == "share" else 1.0]), edge=0.0)
    drawn = []
    for row in ordered:
        value = _or_nought(row[sketch.value])
        shapes = bar(0, 100, 4, 16, "ground") + bar(0, scale.at(value), 4, 16, "amount")
        if low and high and row[low] == row[low]:
            shapes += line(scale.at(row[low]), scale.at(row[high]), 12, "interval")
        said = f"{sketch.said(row)}{f' ({row[note]})' if note else ''}"
        shown = linked(escape(said), row["address"]) if row["address"] else escape(said)
        drawn.append(_row(sketch.word(row[sketch.by]), "", drawing(24, [shapes]), shown))
    return _rows(sketch, drawn, kind="with-end")


def _beside_middle(sketch: Sketch) -> str:
    """One group's shares as bars, on each the place of the median of all groups (column `middle`)."""
    records = [row for row in sketch.records() if row[sketch.value] == row[sketch.value]]
    scale = Scale(
        0.0, max([SHARES, *(max(row[sketch.value], _or_nought(row["middle"])) for row in records)]), edge=0.0
    )
    drawn = []
    for row in records:
        few, doubt = row.get("total", FEWEST) < FEWEST, row[sketch.by] in sketch.doubtful
        at = scale.at(_or_nought(row["middle"]))
        shapes = [bar(0, 100, 5, 14, "ground"), line(at, at, 1, "interval", to=23)]
        if not few:
            shapes.insert(1, bar(0, scale.at(row[sketch.value]), 5, 14, f"amount{' unsure' * doubt}"))
        said = f"{row['n']} of {row['total']}" if few else escape(sketch.said(row))
        said = linked(said, row["address"]) if row["address"] else said
        middle = escape(sketch.said({sketch.value: row["middle"]}))
        drawn.append(
            _row(
                sketch.word(row[sketch.by]),
                "not validated" * doubt,
                drawing(24, shapes),
                f"{said} <small>median {middle}</small>",
            )
        )
    return _bars_of(drawn, sketch.title, "with-end")


def _dots(sketch: Sketch) -> str:
    """Dots with their intervals, pale where they rest on fewer than five units; of several groups one line each in the row
    of its label."""
    records = sketch.records()
    groups: list[Any] = list(dict.fromkeys(row[sketch.of] for row in records)) if sketch.of else [None]
    marks: Mapping[float, str] = sketch.look.get("marks") or {}
    known = [row[c] for row in records for c in (sketch.value, "low", "high") if row[c] == row[c]]
    scale = Scale(min([*known, *marks, 0.0]), max([*known, *marks, SHARES]))
    drawn = []
    for name in _by_size(records, sketch.by, sketch.value, signed=True):
        mine = [row for row in records if row[sketch.by] == name and row[sketch.value] == row[sketch.value]]
        height = 8 + 14 * max(len(groups), 1)
        shapes = [line(scale.at(place), scale.at(place), 0, "middle", to=height) for place in marks]
        for row in mine:
            at = groups.index(row[sketch.of]) if sketch.of else 0
            kind, y = f"k{at % 10}", 11 + 14 * at
            if row["low"] == row["low"]:
                shapes.append(line(scale.at(row["low"]), scale.at(row["high"]), y, f"span {kind}"))
            whose = f"{sketch.word(row[sketch.of])}: " if sketch.of else ""
            count = f" ({row['n']} {row['unit']})" if "n" in row and "unit" in row else ""
            said = f"{sketch.word(name)}, {whose}{sketch.said(row)}{count}"
            pale = " dim" * (row.get("n", FEWEST) < FEWEST)
            shapes.append(link(dot(scale.at(row[sketch.value]), y, 5, f"{kind}{pale}"), row["address"], said))
        counts = " / ".join(f"{row['n']:,}" for row in mine if "n" in row)
        drawn.append(_row(sketch.word(name), f"n = {counts}" if counts else "", drawing(height, shapes)))
    legend = (
        "".join(_key(f"k{n % 10}", sketch.word(group)) for n, group in enumerate(groups)) if sketch.of else ""
    )
    return _rows(sketch, drawn, legend, _axis(sketch, scale, marks))


def _axis(sketch: Sketch, scale: Scale, marks: Mapping[float, str]) -> str:
    """The ends of the scale and its marks, below the rows."""
    ends = {v: sketch.said({sketch.value: v}) for v in (scale.low, scale.high)}
    near = 0.2 * (scale.high - scale.low)
    ends = {v: said for v, said in ends.items() if all(abs(v - mark) > near for mark in marks)}
    places = {**ends, **marks}
    anchors = {scale.low: "start", scale.high: "end"}
    if len(marks) == 2 and max(marks) - min(marks) < near:  # else their words would stand in each other
        anchors |= {min(marks): "end", max(marks): "start"}
    shapes = [
        words(scale.at(place), 12, said, "tick", anchors.get(place, "middle"))
        for place, said in places.items()
    ]
    return f'<div class="bar-row axis" aria-hidden="true"><span class="who"></span><span class="drawn-cell">{drawing(16, shapes)}</span></div>'


def _terms(sketch: Sketch) -> str:
    """Each group's own words, the most distinctive first."""
    groups: dict[Any, list[str]] = {}
    for row in sketch.records():
        said = escape(str(row[sketch.of]))
        groups.setdefault(row[sketch.by], []).append(linked(said, row["address"]) if row["address"] else said)
    items = [
        f'<div><dt dir="auto">{escape(sketch.word(group))}</dt><dd>{", ".join(known)}</dd></div>'
        for group, known in groups.items()
    ]
    shown = MANY if len(items) > MANY + 2 else len(items)
    more = ""
    if items[shown:]:
        words = f"{len(items) - shown} more {_plural(sketch.by)}"
        more = f'<details class="between"><summary>{escape(words)}</summary><dl class="terms">{"".join(items[shown:])}</dl></details>'
    return f'<dl class="terms">{"".join(items[:shown])}</dl>{more}'


def _points(sketch: Sketch) -> str:
    """A dot for each article on the line of its group, at its day; of very many their number in each span of days."""
    at = sketch.look["x"]
    records = sketch.records()
    days = [pd.Timestamp(row[at]) for row in records]
    scale = Scale(min(days).timestamp(), max(days).timestamp())
    groups: dict[Any, list[tuple[dict[str, Any], pd.Timestamp]]] = {}
    for row, day in zip(records, days, strict=True):
        groups.setdefault(row[sketch.by], []).append((row, day))
    spans = (
        pd.cut(pd.Series([min(days), max(days)]), _BINS, retbins=True)[1] if len(records) > _DOTS else None
    )
    most = 0
    if spans is not None:
        counts = {group: _in_spans([day for _, day in own], spans) for group, own in groups.items()}
        most = max(max(own) for own in counts.values())
    drawn = []
    for group, own in groups.items():
        if spans is None:
            shapes = [
                link(
                    dot(scale.at(day.timestamp()), 12, 5, "amount seen"),
                    row["address"],
                    f"{row[sketch.of]}, {row[sketch.value]}",
                )
                for row, day in own
            ]
        else:
            width = 96 / _BINS
            shapes = [
                bar(
                    2 + n * width, 2 + (n + 0.85) * width, 22 - 20 * count / most, 20 * count / most, "amount"
                )
                for n, count in enumerate(counts[group])
            ]
        drawn.append(
            _row(
                sketch.word(group),
                f"n = {len(own):,}",
                drawing(24, [line(0, 100, 22 if most else 12, "axis"), *shapes]),
            )
        )
    ends = "".join(
        words(scale.at(day.timestamp()), 12, f"{day:%Y-%m-%d}", "tick", anchor)
        for day, anchor in {min(days): "start", max(days): "end"}.items()
    )
    axis = f'<div class="bar-row axis" aria-hidden="true"><span class="who"></span><span class="drawn-cell">{drawing(16, [ends])}</span></div>'
    return _rows(sketch, drawn, axis=axis)


def _in_spans(days: Sequence[pd.Timestamp], spans: Any) -> list[int]:
    """How many of the days are in each span."""
    cut = pd.cut(pd.Series(days), spans, labels=False, include_lowest=True)
    found = cut.value_counts()
    return [int(found.get(n, 0)) for n in range(len(spans) - 1)]


def _key(kind: str, said: str, doubtful: bool = False) -> str:
    return (
        '<span class="key"><svg class="drawn" width="12" height="12" aria-hidden="true" focusable="false">'
        f'<rect class="{kind}" width="12" height="12"></rect></svg>{escape(said)}{_doubt(doubtful)}</span>'
    )


def _doubt(doubtful: bool) -> str:
    return ' <small class="doubt">not validated</small>' if doubtful else ""


def _or_nought(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value == value else 0.0


_FORMS: Mapping[str, Callable[[Sketch], str]] = {
    "cells": lambda sketch: _grid(sketch, sketch.of, sketch.by),
    "balance": lambda sketch: _grid(sketch, sketch.of, sketch.by, diverging=True),
    "corrected": lambda sketch: _grid(sketch, sketch.of, sketch.by, corrected=True),
    "pairs": lambda sketch: _grid(sketch, sketch.by, sketch.of),
    "parts": lambda sketch: _stacked(sketch, diverging=False),
    "sides": lambda sketch: _stacked(sketch, diverging=True),
    "bars": _bars,
    "dots": _dots,
    "terms": _terms,
    "points": _points,
    "portrait": _beside_middle,
}
