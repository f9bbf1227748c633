"""The front page's picture: the outlets as rows, beside each its stance, its tone and its experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from analysis.show.drawing import Scale, bar, dot, drawing, line, link, with_style
from analysis.show.leads import linked

_WHOLE = Scale(0.0, 1.0, edge=0.0)
_BALANCE = Scale(-1.0, 1.0, edge=4.0)
_ENDS = 6  # rows; of more than twice as many the first and the last are shown, those between them folded


@dataclass(frozen=True)
class Cell:
    """What one outlet has of one measure: `value` (a share, or the marks' places), its words, and where they lead.

    `marks`: of a scale from -1 to 1, name, place, words and address of each. `few`: too few to draw.
    """

    value: float
    said: str
    address: str = ""
    marks: Sequence[tuple[str, float, str, str]] = ()
    few: bool = False


@dataclass(frozen=True)
class Column:
    """One measure: what it is called, what it shows, which outlets it is about, and each outlet's cell."""

    name: str
    finding: str
    cells: Mapping[str, Cell]
    striking: Sequence[str] = ()
    ends: Sequence[str] = ()  # of a scale, from left to right
    keys: Mapping[str, str] = field(default_factory=dict)  # marks by name: what they are
    doubtful: bool = False
    note: str = ""  # what the cells' percentages are of


@dataclass(frozen=True)
class FrontPicture:
    """Outlets by measures, in the order of `outlets`; `alt` says in words what it shows."""

    outlets: Sequence[str]
    columns: Sequence[Column]
    alt: str

    def _repr_html_(self) -> str:
        return with_style(self.html())

    def __repr__(self) -> str:
        return self.alt

    def html(self) -> str:
        """The picture without its style."""
        heads = "".join(_head(column) for column in self.columns)
        rows = [self._row(outlet) for outlet in self.outlets]
        if len(rows) > 2 * _ENDS:
            between = "".join(rows[_ENDS:-_ENDS])
            folded = f'<details class="between"><summary>{len(rows) - 2 * _ENDS} more outlets, between these</summary>{_table(heads, between, "The outlets between")}</details>'
            body = (
                _table(heads, "".join(rows[:_ENDS]), self.alt)
                + folded
                + _table(heads, "".join(rows[-_ENDS:]), "The outlets at the other end", unseen=True)
            )
        else:
            body = _table(heads, "".join(rows), self.alt)
        return f'<figure class="picture front">{body}</figure>'

    def _row(self, outlet: str) -> str:
        cells = "".join(
            f'<span role="cell" class="cell{" scaled" * bool(column.ends)}{" striking" * (outlet in column.striking)}">'
            f"{_drawn(column, column.cells[outlet])}</span>"
            for column in self.columns
        )
        return f'<div role="row" class="row"><span role="rowheader" class="who"><a data-page="outlets/{escape(outlet)}.html" dir="auto">{escape(outlet)}</a></span>{cells}</div>'


def _table(heads: str, rows: str, said: str, *, unseen: bool = False) -> str:
    hidden = " unseen" if unseen else ""
    return (
        f'<div role="table" aria-label="{escape(said)}" class="rows columns-3">'
        f'<div role="row" class="row heads{hidden}"><span role="columnheader" class="who">Outlet</span>{heads}</div>{rows}</div>'
    )


def _head(column: Column) -> str:
    doubt = '<span class="doubt">not validated</span>' if column.doubtful else ""
    keys = "".join(
        f'<span class="key"><i class="mark {escape(kind)}"></i>{escape(said)}</span>'
        for kind, said in column.keys.items()
    )
    note = f"<span class=keys><span>{escape(column.note)}</span></span>" if column.note else ""
    ends = "".join(f"<span>{escape(end)}</span>" for end in column.ends)
    return (
        f'<span role="columnheader" class="cell"><b>{escape(column.name)}</b>{doubt}'
        f'<em class="finding">{escape(column.finding)}</em>{f"<span class=keys>{keys}</span>" if keys else ""}{note}'
        f"{f'<span class=ends>{ends}</span>' if ends else ''}</span>"
    )


def _drawn(column: Column, cell: Cell) -> str:
    said = linked(escape(cell.said), cell.address) if cell.address else escape(cell.said)
    said = f'<span class="said">{said}</span>'
    if cell.few:
        return f'<span class="few">{said}</span>'
    if not column.ends:
        hatched = " unsure" if column.doubtful else ""
        shapes = [bar(0, 100, 3, 14, "ground"), bar(0, _WHOLE.at(cell.value), 3, 14, f"amount{hatched}")]
        return drawing(20, [link("".join(shapes), cell.address, cell.said)]) + said
    places = [_BALANCE.at(place) for _, place, _, _ in cell.marks]
    shapes = [
        line(_BALANCE.at(-1), _BALANCE.at(1), 10, "axis"),
        line(_BALANCE.at(0), _BALANCE.at(0), 3, "middle", to=17),
        line(min(places, default=50), max(places, default=50), 10, "between"),
    ]
    shapes += [
        link(dot(place, 10, 6 if kind == "own" else 5, f"{kind} {_side(value)}"), address, words)
        for place, (kind, value, words, address) in zip(places, cell.marks, strict=True)
    ]
    return drawing(20, shapes) + said


def _side(value: float) -> str:
    return "against" if value < 0 else "for" if value > 0 else "even"
