"""The front page's picture: the outlets as rows, beside each its stance, its tone and its experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from analysis.show.drawing import Scale, bar, drawing, link, with_style
from analysis.show.leads import linked

_WHOLE = Scale(0.0, 1.0, edge=0.0)
_ENDS = 6  # rows; of more than twice as many the first and the last are shown, those between them folded


@dataclass(frozen=True)
class Cell:
    """What one outlet has of one measure: `value` (a share, 0..1), its words, and where they lead.

    `parts`: of a whole that is divided, kind, share, words and address of each, from the left. `few`: too few to draw.
    """

    value: float
    said: str
    address: str = ""
    parts: Sequence[tuple[str, float, str, str]] = ()
    few: bool = False


@dataclass(frozen=True)
class Column:
    """One measure: what it is called, what it shows, which outlets it is about, and each outlet's cell."""

    name: str
    finding: str
    cells: Mapping[str, Cell]
    striking: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)  # parts by kind: what they are
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
            f'<span role="cell" class="cell{" scaled" * bool(column.keys)}{" striking" * (outlet in column.striking)}">'
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
    return (
        f'<span role="columnheader" class="cell"><b>{escape(column.name)}</b>{doubt}'
        f'<em class="finding">{escape(column.finding)}</em>{f"<span class=keys>{keys}</span>" if keys else ""}{note}</span>'
    )


def _drawn(column: Column, cell: Cell) -> str:
    said = linked(escape(cell.said), cell.address) if cell.address else escape(cell.said)
    said = f'<span class="said">{said}</span>'
    if cell.few:
        return f'<span class="few">{said}</span>'
    hatched = " unsure" if column.doubtful else ""
    if not column.keys:
        shapes = [bar(0, 100, 3, 14, "ground"), bar(0, _WHOLE.at(cell.value), 3, 14, f"amount{hatched}")]
        return drawing(20, [link("".join(shapes), cell.address, cell.said)]) + said
    divided, left = [], 0.0
    for kind, share, words, address in cell.parts:
        ends = _WHOLE.at(left), _WHOLE.at(left := min(1.0, left + share))
        divided += [link(bar(*ends, 3, 14, f"{kind}{hatched}"), address, words)] if share > 0 else []
    return drawing(20, divided) + said
