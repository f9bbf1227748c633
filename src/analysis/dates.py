"""Dates as files write them, in digits or in English, German and French words, as ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d?)-(\d\d?)(?!\d)|(?<!\d)((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(\d\d?)([./-])(\d\d?)\2(\d{4}|\d\d)(?!\d)")
_MONTH_ONLY = re.compile(r"((?:19|20)\d\d)(?:[-/](\d\d))?")


@cache
def _months() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in yaml.safe_load((Path(__file__).parent / "months.yml").read_text(encoding="utf-8")).values():
        for form in ("full", "short"):
            numbers |= {word: i for i, word in enumerate(names[form].split(), 1)}
        numbers |= names["also"]
    return numbers


@cache
def _in_words() -> re.Pattern[str]:
    month = "|".join(sorted(_months(), key=len, reverse=True))
    day, year = r"(?P<{}>\d\d?)(?:st|nd|rd|th|er|\.)?", r"(?P<{}>(?:1[89]|20)\d\d)"
    return re.compile(
        rf"\b{day.format('d1')}\s+(?:of\s+|de\s+)?(?P<m1>{month})\b\.?,?\s+{year.format('y1')}\b"
        rf"|\b(?P<m2>{month})\b\.?\s+{day.format('d2')},?\s+{year.format('y2')}\b"
        rf"|\b(?P<m3>{month})\b\.?,?\s+{year.format('y3')}\b"
        rf"|\b{year.format('y4')},?\s+(?P<m4>{month})\b\.?\s+{day.format('d4')}\b"
        rf"|\b{day.format('d5')}-(?P<m5>{month})-(?P<y5>\d{{4}}|\d\d)\b",
        re.IGNORECASE,
    )


def find_date(text: object, *, day_first: bool | None = None) -> str | None:
    """The first date in the text as YYYY-MM-DD (YYYY-MM, YYYY where it says no more); None where there is none.

    `day_first` settles what `3/4/2021` means; where it is None, such a date is none. Dates that cannot be are none.
    """
    if isinstance(text, (date, datetime)):
        return text.strftime("%Y-%m-%d")
    text = str(text or "").strip()[:400]
    whole = _MONTH_ONLY.fullmatch(text)
    if whole and (not whole[2] or 1 <= int(whole[2]) <= 12):
        return whole[1] + (f"-{whole[2]}" if whole[2] else "")
    for m in _ISO.finditer(text):
        year, month, day = (int(x) for x in (m.groups()[:3] if m[1] else m.groups()[3:]))
        if found := _iso(year, month, day):
            return found
    return _date_in_words(text) or _date_in_numbers(text, day_first) or _compact_date(text)


def _compact_date(text: str) -> str | None:
    dates = (_iso(int(m[1]), int(m[2]), int(m[3])) for m in _COMPACT.finditer(text))
    return next(filter(None, dates), None)


def _date_in_words(text: str) -> str | None:
    for m in _in_words().finditer(text):
        found = {key[0]: value for key, value in m.groupdict().items() if value}
        month, year = _months()[found["m"].lower()], _full_year(found["y"])
        if "d" not in found:
            return f"{year:04d}-{month:02d}"
        if iso := _iso(year, month, int(found["d"])):
            return iso
    return None


def _date_in_numbers(text: str, day_first: bool | None) -> str | None:
    for m in _NUMBERS.finditer(text):
        a, b, year = int(m[1]), int(m[3]), _full_year(m[4])
        if m[2] == "." or a > 12:  # with points days come first everywhere
            return _iso(year, b, a)
        if b > 12 or a == b:
            return _iso(year, a, b)
        if day_first is not None:
            return _iso(year, b, a) if day_first else _iso(year, a, b)
    return None


def days_come_first(texts: list[str]) -> bool | None:
    """Whether dates such as 3/4/2021 in one column have the day first, as those show that can be read in one way only."""
    firsts: set[bool] = set()
    for text in texts:
        for m in _NUMBERS.finditer(text):
            a, b = int(m[1]), int(m[3])
            if m[2] != "." and max(a, b) > 12 and min(a, b) <= 12:
                firsts.add(a > 12)
    return firsts.pop() if len(firsts) == 1 else None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if 1600 <= year <= 2200 else None
    except ValueError:
        return None
