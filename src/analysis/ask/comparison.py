"""A comparison: a table of counts that knows what it counts, in what unit, and how far to trust it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.ask.noise import as_frequent, differ, find_differences, large_enough
from analysis.ask.quotation import Quotation, choose_quotation
from analysis.compare.contrast import FEWEST
from analysis.show import charts, style, titles
from analysis.show.evidence import Evidence
from analysis.show.figure import Figure, describe, make_figure, nothing_to_draw
from analysis.show.html_tables import Shown
from analysis.show.leads import Lead
from analysis.show.pictures import MANY, Sketch, largest_pairs, picture
from analysis.show.wording import (
    ASIDE,
    UNASKED,
    Answer,
    Notice,
    in_words,
    listed,
    number,
    percent,
    signed,
    uncapitalised,
)
from analysis.study import Study

Piece = tuple[str, str]  # words of an answer, and where they lead; "" is nowhere
# How the chart of each form is read.
READING = {
    "cells": "each row is one {of}, each column one {by}; the stronger the colour of a cell, the larger its share.",
    "balance": "each row is one {of}, each column one {by}; brown is below 0, blue above, grey near 0.",
    "corrected": "each row is one {of}, each column one {by}; the light bar is the share by the coder whose codes count; "
    "the dark dot is the share corrected by people’s coding, with its interval and its number.",
    "swarm": "each row is one {of}, each dot one {by}, the further right the larger its share; the two at the ends are named, "
    "and the upright line is the median. Every number is in the table below.",
    "pairs of many": "the longer a bar, the larger the share of the first that is also in the second; only the largest are drawn.",
    "pairs": "each cell compares its row with its column; the stronger its colour, the larger the share of the row.",
    "parts": "each bar is one {by}, and its parts add up to all that was counted there.",
    "sides": "each bar is one {by}; what is negative lies left of the line, what is positive right of it.",
    "bars": "the longer a bar, the larger the number at its end; a line across it is an interval.",
    "terms": "the words of each outlet, the most distinctive first; each links to its sentences.",
    "dots": "each dot is a value, and the line through it an interval; where lines overlap, values may not differ; a pale one rests on "
    "fewer than five.",
    "points": "each dot is one article, in the row of its {by}.",
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """What was counted (column `of`) in which groups (column `by`), with what result (column `value`).

    `unit` says in words what was counted; `names` has the codes in words; `alpha` is the agreement on each code, and
    `doubtful` are the codes on which no conclusion should rest (see `coding.reliability`). `leads` says where the
    sentences behind a column stand, `behind` gives them. `form` is the chart that suits the table, "" for a list.
    `facts` are further words that an answer may use, None where there is nothing to say.

    `coder` says in words whose codes are counted, `sample` what corrected them, `uncorrected` why nothing did. `differences` (label, a, b, difference,
    called) are those of its groups; without it they are found from the table's intervals (see `ask.noise`). `unasked` says
    why there is nothing to compare where nobody asked: then it is the answer to everything.
    """

    study: Study
    name: str  # of the chart, and of the files beside it
    table: pd.DataFrame
    unit: str = ""
    of: str = ""
    by: str = "outlet"
    value: str = "share"
    form: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    alpha: Mapping[str, float] = field(default_factory=dict)
    doubtful: Collection[str] = ()
    leads: Mapping[str, Lead | Sequence[str]] = field(default_factory=dict)
    behind: Callable[[], Evidence] | None = None
    facts: Mapping[str, str | Sequence[Piece] | None] = field(default_factory=dict)
    drawn: pd.DataFrame | None = None  # the rows of the chart, where they are not all of the table
    look: Mapping[str, Any] = field(default_factory=dict)  # further arguments of the chart
    coder: str = ""
    sample: str = ""
    uncorrected: str = ""
    differences: pd.DataFrame | None = None
    unasked: str = ""

    def __repr__(self) -> str:
        return f"<Comparison {self.name}: {self.value} of {self.of or 'all'} by {self.by}, {len(self.table)} rows>"

    def _repr_html_(self) -> str:
        return self.show(f"{self.name}: {self.unit}" if self.unit else self.name)._repr_html_()

    def only(self, *labels: str) -> Comparison:
        """The rows of these labels alone."""
        return self._with(self.table[self.of].isin(labels))

    def without(self, *labels: str) -> Comparison:
        """The rows of all other labels."""
        return self._with(~self.table[self.of].isin(labels))

    def _with(self, kept: pd.Series) -> Comparison:
        table, apart = self.table[kept], self.differences
        return replace(
            self,
            table=table,
            differences=None if apart is None else apart[apart["label"].isin(set(table[self.of]))],
        )

    def answer(self, words: str, otherwise: str = "") -> Answer:
        """A sentence computed from the table: the words with what the comparison knows in place of names in braces.

        {highest}, {lowest}: the group with the largest or smallest value, or those that share it. {each}: the value of
        every group, {counts} its counts. {first}: of each group the label with the largest value, and those that may be as
        frequent. {contrast}: the label in which groups differ most. None of them says anything of fewer than five units;
        {highest}, {lowest} and {contrast} nothing of differences that may be chance: then that is the answer. {codes}, {validated}: how many codes there are, and how many of them are validated. Beside these
        the comparison's own `facts`. Where one has nothing to say, `otherwise` is the answer. Numbers lead to their
        sentences. Raises ValueError for a name that is not known.
        """
        if self.unasked:
            return Answer(self.unasked, kind=UNASKED)
        asked = {name for _, name, _, _ in Formatter().parse(words)}
        if asked & {"highest", "lowest", "contrast"} and self._of_one_outlet():
            return self.portrait()
        pieces: list[Piece] = []
        for text, name, _, _ in Formatter().parse(words):
            pieces.append((text, ""))
            if name is not None:
                said = self._slot(name)
                if not said:
                    why = self._quiet(name) if name in _COMPARING else ""
                    return Answer(why or otherwise or "This study does not have enough to answer that.")
                pieces += said
        return Answer("".join(text for text, _ in pieces), [piece for piece in pieces if piece[1]])

    def _of_one_outlet(self) -> bool:
        """Whether the study has one outlet, so that there is nothing to compare it with."""
        return self.by == "outlet" and len(set(self.table["outlet"])) == 1 and len(self.study.outlets) == 1

    def portrait(self, before: str = "One outlet is no comparison. In it: ") -> Answer:
        """What the one outlet of a study has, its largest values first: without another nothing is the highest."""
        rows = self._known()[:_NAMED]
        if not rows:
            return Answer("Too little was found to say anything of it.")
        own = [
            (
                (f"{self._within(row[self.of])} " if self.of in row else "", ""),
                self._said(row, unit=not place),
            )
            for place, row in enumerate(rows)
        ]
        pieces = [(before, ""), *joined(own), (".", "")]
        return Answer("".join(text for text, _ in pieces), [piece for piece in pieces if piece[1]])

    def chart(self, title: str) -> Figure | Answer | Notice:
        """The comparison drawn, and saved with its numbers and its words; the title may have names in braces (see `answer`).

        Before the title is what the chart shows, computed (see `show.titles`). What is too little to draw is a sentence in small letters.
        """
        if self.unasked:
            return Notice("")  # the answer above has said it
        title = self.answer(title).text
        if self.table.empty:
            return nothing_to_draw(title, self.study)
        finding = titles.finding(
            self.table, self.form, of=self.of, by=self.by, value=self.value, word=self._word
        )
        labels = (self.by, self.of or None) if self.form in ("bars", "dots") else (self.of, self.by)
        alike = set(self.table[self.value].dropna()) if self.form == "bars" and not self.of else set()
        if len(alike) == 1 and len(self.table) > 2:
            return Answer(
                f"{title}: {number(alike.pop(), self.value == 'share')} in every {in_words(self.by)}.",
                kind=ASIDE,
            )
        if titles.too_few(self.table, self.form, of=self.of, by=self.by, value=self.value):
            if self.form == "bars" and self.value != "share":
                return Notice("")  # the answer above says so few counts
            named = self.table.assign(**{c: self.table[c].map(self._word) for c in labels if c})
            few = self.value == "share" and bool(self.of) and {"n", "total"} <= set(named)
            said = (
                titles.counts(named, of=self.of, by=self.by)
                if few
                else describe(
                    named, label=labels[0], value=self.value, by=labels[1], percent=self.value == "share"
                )
            )
            return Answer(f"{title}, too little for a chart: {said}", kind=ASIDE)
        if not self.of and re.match(r"[+−\d]", finding):  # numbers of what the title alone says
            title, finding = f"{title}: {finding}", ""
        drawn = make_figure(
            self._plot(),
            self.table,
            self.study,
            self.name,
            title=f"{finding}. {title}" if finding else title,
            unit=self.unit,
            label=labels[0],
            value=self.value,
            by=labels[1],
            percent=self.value == "share",
            doubtful=[self._word(code) for code in self.doubtful],
            alpha=self.alpha,
            coder=self.coder,
            sample=self.sample,
            light=self.form == "corrected" or "light" in self.look,
            uncorrected=self.uncorrected,
            leads=self.leads,
            reading=READING[self._form_read()].format(of=in_words(self.of), by=in_words(self.by)),
        )
        return replace(drawn, topic=title, finding=finding, picture=self._picture(title), names=self.names)

    def _form_read(self) -> str:
        """The form that the chart has on a page: of one group, or of many, it is another (see `show.pictures`)."""
        groups = self.table[self.by].nunique()
        if self.form in ("cells", "balance", "corrected") and groups == 1:
            return "bars"
        if self.form in ("cells", "balance", "corrected") and groups > MANY:
            return "swarm"
        return "pairs of many" if self.form == "pairs" and groups > MANY else self.form

    def _picture(self, title: str) -> str:
        """The chart as a page has it."""
        rows = self.table if self.drawn is None else self.drawn
        addresses = {}
        way = self.leads.get("n") or next(iter(self.leads.values()), None)
        if isinstance(way, Lead):
            addresses = dict(zip(self.table.index, way.addresses(self.table), strict=True))
        elif way is not None:
            addresses = dict(zip(self.table.index, way, strict=True))
        return picture(
            self.form,
            Sketch(
                rows,
                self.of,
                self.by,
                self.value,
                self.names,
                self.doubtful,
                [addresses.get(index, "") for index in rows.index],
                self.look,
                title,
            ),
        )

    def show(self, caption: str) -> Shown:
        """The table itself, its counts leading to what they count."""
        if self.sample:
            caption = f"{caption}. Shares: {self.sample}; machine: {self.coder}"
        return Shown(self.table, caption, self.leads, self.name, self.names)

    def evidence(self) -> Evidence:
        """The sentences behind the numbers. Raises ValueError where the comparison has none."""
        if self.behind is None:
            raise ValueError(f"{self.name}: no sentences lie behind this comparison")
        return self.behind()

    def quotation(self, why: str = "", **wanted: str) -> Quotation:
        """A striking short quotation from the sentences behind the numbers (see `choose_quotation`).

        `why` says what it is an example of; `wanted`: values of columns of the evidence, such as what="conflict" or outlet="Harbour Wire".
        """
        found = self.evidence()
        rows = found.table
        for column, value in wanted.items():
            rows = rows[[value in cell.split(", ") for cell in rows[column]]]
        return choose_quotation(self.study, Counter(found.sentence_ids[row] for row in rows.index), why)

    def checked(self) -> Answer:
        """What was checked of these numbers, and how they came out."""
        if self.unasked:
            return Answer(self.unasked, kind=UNASKED)
        if "checked" in self.facts:
            return self.answer("{checked}")
        if not any(value == value for value in self.alpha.values()):
            return Answer(
                "Nobody has coded sentences of this study for these codes, so none of them is validated."
            )
        doubt = listed(sorted(self._word(code) for code in self.doubtful))
        between = (
            "between coders" if self.sample else f"both between coders and between them and {self.coder}"
        )
        how = (
            f"Codes are counted as {self.coder} gave them."
            if not self.sample
            else _SAID.format(coder=self.coder)
        )
        return self.answer(
            f"{how} Of {{codes}} codes, {{validated}} surely reach Krippendorff’s alpha of .667 {between}: with the whole interval, on five cases or more (notebook 02). "
            f"{f'Not validated: {doubt}.' if doubt else 'All of them are validated.'}"
        )

    def _plot(self) -> Axes:
        rows = self.table if self.drawn is None else self.drawn
        if self.form in _BY_LABEL and rows[self.by].nunique() > MANY:
            return self._plot_many(rows)
        ax = charts.canvas(rows[self.of if self.form in _BY_LABEL else self.by].nunique())
        colours = style.outlet_colours(self.study.outlets)
        percent, look = self.value == "share", {k: v for k, v in self.look.items() if k != "as_listed"}
        match self.form:
            case "cells" | "balance":
                cells = look | {"percent": percent, "diverging": self.form == "balance"}
                return charts.plot_heatmap(
                    rows,
                    ax,
                    rows=self.of,
                    columns=self.by,
                    value=self.value,
                    names=self.names,
                    unvalidated=self.doubtful,
                    **cells,
                )
            case "pairs":
                return charts.plot_heatmap(rows, ax, rows=self.by, columns=self.of, value=self.value, **look)
            case "corrected":
                return charts.plot_corrected(
                    rows,
                    ax,
                    rows=self.of,
                    columns=self.by,
                    names=self.names,
                    unvalidated=self.doubtful,
                    **look,
                )
            case "parts" | "sides":
                parts = look | {"diverging": self.form == "sides", "unvalidated": bool(self.doubtful)}
                return charts.plot_stacked(
                    rows, ax, rows=self.by, parts=self.of, value=self.value, names=self.names, **parts
                )
            case "bars":
                return charts.plot_bars(
                    rows, ax, label=self.by, value=self.value, percent=percent, colours=colours, **look
                )
            case "terms":
                named = rows.assign(word=rows[self.of] + "  (" + rows[self.by] + ")")
                return charts.plot_bars(
                    named, ax, label="word", value=self.value, colour_by=self.by, colours=colours
                )
            case "dots":
                dots = {"group": self.of or None} | look
                return charts.plot_intervals(rows, ax, label=self.by, value=self.value, **dots)
            case "points":
                return charts.plot_points(rows, ax, rows=self.by, colours=colours, **look)
        raise ValueError(f"{self.name}: this comparison is a list; show it with `show`")

    def _plot_many(self, rows: pd.DataFrame) -> Axes:
        """The chart of more groups than stand beside one another: dots for all, the largest pairs, or each one's first word."""
        if self.form == "terms":
            first = rows.groupby(self.by, sort=False).head(1)
            named = first.assign(word=first[self.of] + "  (" + first[self.by] + ")")
            return charts.plot_bars(named, charts.canvas(len(named)), label="word", value=self.value)
        if self.form == "pairs":
            named = largest_pairs(rows, self.of, self.by, self.value)
            first, second = (named[column].map(_shortened) for column in (self.by, self.of))
            named = named.assign(pair=first + " in " + second)
            ax = charts.canvas(len(named), height=0.5)
            return charts.plot_bars(named, ax, label="pair", value=self.value, percent=self.value == "share")
        ax = charts.canvas(rows[self.of].nunique(), height=0.56)
        return charts.plot_swarms(
            rows[rows["total"] >= FEWEST] if "total" in rows else rows,
            ax,
            rows=self.of,
            groups=self.by,
            value=self.value,
            percent=self.value == "share",
            names=self.names,
            unvalidated=self.doubtful,
        )

    # What an answer may say ---------------------------------------------------------------------------------------

    def _slot(self, name: str) -> Sequence[Piece]:
        """The words for a name in braces; none where there is nothing to say."""
        if name in self.facts:
            fact = self.facts[name]
            return [(fact, "")] if isinstance(fact, str) else fact or []
        columns = {self.by, self.value, *([self.of] if name in ("first", "contrast") else ())}
        if name not in _SLOTS or not columns <= set(self.table):
            known = ", ".join([*_SLOTS, *self.facts])
            raise ValueError(f"{self.name}: cannot say {{{name}}}; a comparison may know {known}")
        return _SLOTS[name](self)

    def _word(self, code: object) -> str:
        return self.names.get(str(code)) or in_words(code).replace("|", " and ")

    def _within(self, label: object) -> str:
        """The label's word within a sentence; names of frames are phrases, those of sides and people are not."""
        return uncapitalised(self._word(label)) if self.of == "frame" else self._word(label)

    def _apart(self) -> pd.DataFrame | None:
        """Which groups differ, label by label; None where nothing is known of chance."""
        if self.differences is not None:
            return self.differences
        return find_differences(self.table, value=self.value, of=self.of, by=self.by)

    @property
    def contrasted(self) -> pd.DataFrame | None:
        """The corrected differences between its groups: label, a, b, difference, called; None where nothing is corrected."""
        return self._apart() if self.sample else None

    def _quiet(self, name: str) -> str:
        """Why nothing is said of differences, where they are too small or rest on too little; else nothing."""
        rows, unit = self.table.dropna(subset=[self.value]), ""
        if rows.empty:
            return ""
        if "unit" in rows:
            unit = str(rows["unit"].iloc[0])
        groups = large_enough(rows)[self.by].nunique()
        if groups < 2 <= rows[self.by].nunique():
            which = f"only one {in_words(self.by)}" if groups else f"no {in_words(self.by)}"
            return f"No finding: {which} has five {unit or 'units'} or more."
        if name == "first":
            return f"No finding: in no {in_words(self.by)} is one {in_words(self.of)} surely more frequent than the others."
        apart = self._apart()
        if groups > 1 and apart is not None and not apart["called"].any():
            alone = (
                f" ({self._within(labels[0])})"
                if self.of and len(labels := rows[self.of].unique()) == 1
                else ""
            )
            return f"No finding{alone}: no two {in_words(self.by)}s differ by more than chance would explain."
        return ""

    def _known(self, *, largest_first: bool = True) -> list[dict[str, Any]]:
        """The rows that have a value of five units or more, in its order; of equal values in that of the table."""
        rows = large_enough(self.table.dropna(subset=[self.value]))
        rows = rows.sort_values(self.value, ascending=not largest_first, kind="stable")
        found: list[dict[str, Any]] = rows.to_dict("records")
        return found

    def _said(self, row: Mapping[str, Any], unit: bool = True) -> Piece:
        """The row's value in words, and where it leads."""
        lead = self.leads.get("n")
        address = lead.address(row) if isinstance(lead, Lead) and row.get("n") else ""
        value = row[self.value]
        if self.value == "share":
            return percent(value) + (f" of {row['unit']}" if unit and "unit" in row else ""), address
        return signed(value) if self.value in ("net", "mean") else number(value), address

    def _group(self, row: Mapping[str, Any]) -> str:
        return self._word(row[self.by])


def _shortened(name: str) -> str:
    """A name of which two stand beside a bar."""
    return style.label(name, style.LONGEST // 2 - 3, lines=1) + style.LEFT_TO_RIGHT


def _enclosed(comparison: Comparison, rows: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The groups of rows that share a value, and the value."""
    groups = listed(dict.fromkeys(comparison._group(row) for row in rows))
    return [(f"{groups} (", ""), comparison._said(rows[0]), (")", "")]


def _extreme(comparison: Comparison, *, largest: bool) -> list[Piece]:
    """The groups whose value is the largest, or smallest, where it differs from that at the other end."""
    rows = comparison._known(largest_first=largest)
    if not rows or (len(rows) == 1 and not largest):
        return []
    first, last = rows[0], rows[-1]
    label = first.get(comparison.of, "")
    if len(rows) > 1 and not differ(comparison._apart(), label, first[comparison.by], last[comparison.by]):
        return []
    shown = comparison._said(first)[0]
    return _enclosed(comparison, [row for row in rows if comparison._said(row)[0] == shown])


def _highest(comparison: Comparison) -> list[Piece]:
    return _extreme(comparison, largest=True)


def _lowest(comparison: Comparison) -> list[Piece]:
    return _extreme(comparison, largest=False)


def _each(comparison: Comparison) -> list[Piece]:
    shares = comparison.value == "share"
    return joined(
        [
            comparison._said(row),
            (f" in {comparison._group(row)}", ""),
            ("" if shares or "n" not in row else f" ({row['n']} {row['unit']})", ""),
        ]
        for row in comparison._known(largest_first=shares)
    )


def _counts(comparison: Comparison) -> list[Piece]:
    """The counts of every group; of corrected shares, which count nothing, these."""
    return joined(
        [
            (
                percent(row["share"]) if comparison.sample else f"{row['n']} of {row['total']}",
                comparison._said(row)[1],
            ),
            (f" in {comparison._group(row)}", ""),
        ]
        for row in comparison._known()
    )


def _first(comparison: Comparison) -> list[Piece]:
    """Of each group the label with the largest value, or those that share it, and those that may be as frequent.

    A group of which more than three may be the first has none.
    """
    parts = []
    rows = large_enough(comparison.table.dropna(subset=[comparison.value]))
    for group, own in rows.groupby(comparison.by, sort=False):
        largest = own[comparison.value].max()
        best = own[own[comparison.value] == largest].to_dict("records")
        others = own[own[comparison.value] < largest].to_dict("records")
        unsure = [
            comparison._within(row[comparison.of]) for row in as_frequent(best[0], others, comparison.value)
        ]
        if not largest > 0 or len(best) + len(unsure) > _NAMED:
            continue
        labels = listed(comparison._within(row[comparison.of]) for row in best)
        note = f"; {listed(unsure)} may be as frequent" if unsure else ""
        parts.append([(f"{labels} in {group} (", ""), comparison._said(best[0]), (f"{note})", "")])
    return joined(parts)


def _contrast(comparison: Comparison) -> list[Piece]:
    """The label whose largest and smallest group are furthest apart, of those beyond the noise, with both."""
    pairs = []
    apart = comparison._apart()
    rows = large_enough(comparison.table.dropna(subset=[comparison.value]))
    for label, own in rows.groupby(comparison.of, sort=False):
        ordered = own.sort_values(comparison.value, ascending=False, kind="stable").to_dict("records")
        if len(ordered) < 2:
            continue
        most, least = ordered[0], ordered[-1]
        if differ(apart, label, most[comparison.by], least[comparison.by]):
            pairs.append((most[comparison.value] - least[comparison.value], label, most, least))
    if not pairs:
        return []
    _, label, most, least = max(pairs, key=lambda pair: pair[0])
    return [
        (f"{comparison._within(label)} (", ""),
        comparison._said(most),
        (f" in {comparison._group(most)}, ", ""),
        comparison._said(least, unit=False),
        (f" in {comparison._group(least)})", ""),
    ]


def _codes(comparison: Comparison) -> list[Piece]:
    return [(str(len(comparison.alpha)), "")] if comparison.alpha else []


def _validated(comparison: Comparison) -> list[Piece]:
    return [(str(len(comparison.alpha) - len(comparison.doubtful) or "none"), "")] if comparison.alpha else []


def joined(items: Iterable[Sequence[Piece]]) -> list[Piece]:
    """a; a and b; a, b and c; of more than a dozen the first and the last."""
    parts = list(items)
    if len(parts) > MANY:
        others: list[Piece] = [(f"{len(parts) - 2 * _NAMED} more between", "")]
        parts = [*parts[:_NAMED], others, *parts[-_NAMED:]]
    between = [", "] * (len(parts) - 2) + [" and "] * (len(parts) > 1) + [""]
    return [piece for part, sign in zip(parts, between, strict=False) for piece in (*part, (sign, ""))]


_SLOTS: Mapping[str, Callable[[Comparison], Sequence[Piece]]] = {
    "highest": _highest,
    "lowest": _lowest,
    "each": _each,
    "counts": _counts,
    "first": _first,
    "contrast": _contrast,
    "codes": _codes,
    "validated": _validated,
}
_BY_LABEL = ("cells", "balance", "terms", "corrected", "pairs")  # forms whose rows are labels, not groups
_COMPARING = ("highest", "lowest", "contrast", "each", "counts", "first")
_NAMED = 3  # labels that share the first place, or may; among more none stands out
_SAID = "Codes are counted as {coder} gave them, and shares are corrected by what people coded."
