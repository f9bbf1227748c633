"""Titles that say what a chart shows, computed from its numbers; and the sentence in place of a chart of too little."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis.compare.contrast import FEWEST, contrasts, furthest_apart
from analysis.show.wording import counted, in_words, is_name, listed, number, percent, signed

TENTATIVE = 0.667  # alpha from which tentative conclusions are allowed (Krippendorff 2019)
_LINE = 6  # cells of a grid with one row; so few are read sooner in a sentence
NOTHING_APART = "No clear difference"
Word = Callable[[object], str]


def finding(table: pd.DataFrame, form: str, *, of: str, by: str, value: str, word: Word) -> str:
    """What the chart of a table shows, without a full stop; "" where its form has nothing of the kind.

    Of shares the largest contrast that is not chance (see `compare.contrast`), of means and net values the two whose
    intervals do not meet; of counts the largest.
    """
    rows = table.dropna(subset=[value]) if value in table else table.head(0)
    if rows.empty:
        return ""
    match form:
        case "terms":
            return _own_words(rows, of, by, word)
        case "points":
            days = rows[value].astype(str)
            first, last = days.min(), days.max()
            return (
                f"{counted(len(rows), 'article')} from {first} to {last}"
                if first != last
                else f"All from {first}"
            )
        case "pairs":
            if not by.startswith("outlet"):
                return _confused(rows, of, by, value, word)
            best = rows.loc[rows[value].idxmax()]
            return f"{word(best[by])} shares most with {word(best[of])}: {best[value]:.1%} of its text"
    if form == "corrected" or {"machine", "coded"} <= set(rows):  # the interval is the table's own
        return _of_values(rows, of, by, value, word)
    if value == "share" and "total" in rows:
        return _of_shares(rows, of, by, word)
    if value == "alpha":
        return _agreed(rows, of, by, word)
    if {"low", "high"} <= set(rows) and value in ("net", "mean", "expected"):
        return _of_values(rows, of, by, value, word)
    if form == "bars":
        numbers = rows[value].astype(float)
        best, least = rows.loc[numbers.idxmax()], rows.loc[numbers.idxmin()]
        if (numbers % 1 == 0).all():
            of_all = f"{number(best[value])} of {number(numbers.sum())}"
            who = word(best[by])
            return f"{who} has most: {of_all}" if is_name(by) else f"Most often {who}: {of_all}"
        return f"{number(best[value])} in {word(best[by])}, {number(least[value])} in {word(least[by])}"
    return ""


def _of_shares(rows: pd.DataFrame, of: str, by: str, word: Word) -> str:
    groups = rows[by].nunique()
    found = contrasts(rows, of=of, by=by)
    if found:  # what is not known is named where nothing that is known differs
        best = next((one for one in found if one.label != "unknown"), found[0])
        head = f"{_first_up(word(best.label))}: " if of else ""
        return head + _two(best.most, best.least, by, "share", word)
    if groups < 2:
        best_row = rows.loc[rows["share"].idxmax()]
        label = word(best_row[of]) if of else word(best_row[by])
        return f"Most frequent: {label}, {percent(best_row['share'])}"
    enough = rows[rows["total"] >= FEWEST][by].nunique()
    if enough < 2:
        return "Too few to compare"
    return f"{NOTHING_APART} between {counted(groups, in_words(by)) if by != 'outlet' else 'the outlets'}"


def _of_values(rows: pd.DataFrame, of: str, by: str, value: str, word: Word) -> str:
    parts: Sequence[tuple[Any, pd.DataFrame]] = list(rows.groupby(of, sort=False)) if of else [("", rows)]
    best: tuple[float, str] | None = None
    for label, part in parts:
        pair = furthest_apart(part.to_dict("records"), value)
        if pair:
            most, least = pair
            head = f"{_first_up(word(label))}: " if of else ""
            ends = (most, least) if value == "share" else (least, most)
            said = head + _two(*ends, by, value, word)
            best = max(best or (0.0, ""), (float(most[value] - least[value]), said))
    if best:
        return best[1]
    return f"{NOTHING_APART} between the outlets" if _several(rows[by]) else ""


def _two(first: Any, last: Any, by: str, value: str, word: Word) -> str:
    """Two values with whose they are: an outlet has something in it, of a role or a part it is said."""
    if is_name(by):
        return f"{_said(first, value)} in {word(first[by])}, {_said(last, value)} in {word(last[by])}"
    return f"{word(first[by])} {_said(first, value)}, {word(last[by])} {_said(last, value)}"


def _agreed(rows: pd.DataFrame, of: str, by: str, word: Word) -> str:
    """How many values of agreement are enough for tentative conclusions, and which is the lowest."""
    enough = int((rows["alpha"] >= TENTATIVE).sum())
    least = rows.loc[rows["alpha"].idxmin()]
    lowest = f"lowest is {word(least[by])} with {least['alpha']:.2f}{f' ({word(least[of])})' if of else ''}"
    of_all = f"All {len(rows)}" if enough == len(rows) else f"{enough or 'None'} of {len(rows)}"
    return f"{of_all} alphas reach .667; {lowest}"


def _confused(rows: pd.DataFrame, of: str, by: str, value: str, word: Word) -> str:
    """Which code is most often taken for another."""
    if "sentences" in rows:  # a code that was given to a handful is none to name
        rows = rows[rows.groupby(by)["sentences"].transform("sum") >= FEWEST]
    wrong = rows[rows[of].astype(str) != rows[by].astype(str)]
    if wrong.empty or not wrong[value].max() > 0:
        return "No code is often taken for another"
    most = wrong.loc[wrong[value].idxmax()]
    return f"{_first_up(word(most[by]))} is most often taken for {word(most[of])}: {percent(most[value])} of the time"


def _said(row: Any, value: str) -> str:
    if value == "share":
        return percent(row[value])
    return signed(row[value]) if value in ("net", "mean") else number(row[value])


def _own_words(rows: pd.DataFrame, of: str, by: str, word: Word) -> str:
    firsts = [f"{word(group)}: “{part[of].iloc[0]}”" for group, part in rows.groupby(by, sort=False)]
    more = "" if len(firsts) <= 4 else f" and {len(firsts) - 4} more"
    return f"{listed(firsts[:4])}{more}" if not more else f"{', '.join(firsts[:4])}{more}"


def _several(column: pd.Series) -> bool:
    return len(column.unique()) > 1


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def counts(table: pd.DataFrame, *, of: str, by: str) -> str:
    """The most frequent of each group, counted: what is said of shares that are too few to be drawn."""
    found = table[table["n"] > 0].sort_values("n", ascending=False, kind="stable")
    parts = {}
    for group, own in found.groupby(by, sort=False):
        rows, together = own.head(3).to_dict("records"), len(set(own["total"])) == 1
        each = ", ".join(
            f"{row[of]} {row['n']}" + ("" if together else f" of {row['total']}") for row in rows
        )
        parts[group] = f"{group}: {each}" + (f" (of {rows[0]['total']})" if together else "")
    return "; ".join(parts[group] for group in dict.fromkeys(table[by]) if group in parts) + "."


def too_few(table: pd.DataFrame, form: str, *, of: str, by: str, value: str) -> bool:
    """Whether a sentence says more than a chart would: at most two values, or units that are nearly all of an unknown kind.

    A share of fewer units than five is a handful of units and no share: with such in every group, or in all groups but one,
    there is nothing to compare.
    """
    rows = table.dropna(subset=[value]) if value in table else table
    if form in ("terms", "points", "pairs", "") or rows.empty:
        return False
    if len(rows) <= 2 or (form in ("cells", "balance") and len(rows) <= _LINE and not _several(rows[of])):
        return True
    if "total" in rows:
        enough = rows.loc[rows["total"] >= FEWEST, by].nunique()
        if not enough or (value == "share" and enough < 2 <= rows[by].nunique()):
            return True
    if form in ("parts", "cells") and "n" in rows and of:
        unknown = rows[rows[of].isin(["unknown", "other"])]["n"].sum()
        return bool(rows["n"].sum() and unknown / rows["n"].sum() > 0.9)
    return False
