"""Damage that files bring along: what is certain is mended and counted, what is likely is said.

Mended texts go through `mend` once, when they are read from a file that is no text of a study's own.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass

from analysis.read.wrapping import hyphen_belongs

# Soft hyphen, zero-width space, word joiner, byte order mark: within a word, or at the very beginning. Elsewhere they harm
# nothing, and a text stays as it was.
_INVISIBLE = re.compile("\\A\ufeff+|(?<=\\w)[\u00ad\u200b\u2060\ufeff]+(?=\\w)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d?);")
_HYPHEN_AT_LINE_END = re.compile(r"([^\W\d_]*[a-zà-öø-ÿ])[-‐]\r?\n[ \t]*([a-zà-öø-ÿ][^\W\d_]*)")
_JOINED = re.compile(r"[a-zà-öø-ÿ]{2}[.!?][”\"’]?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]")
_CP1252 = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
# UTF-8 that was read as Windows-1252: a letter that opens a sequence, and the signs that continue it.
_FOLLOWS = "[" + re.escape("".join(c for c, b in _CP1252.items() if 0x80 <= b < 0xC0)) + "]"
_UTF8_READ_WRONGLY = re.compile(f"[Â-ß]{_FOLLOWS}|[à-ï]{_FOLLOWS}{{2}}|[ð-ô]{_FOLLOWS}{{3}}")
SHORTEST_BODY = 200  # characters; a shorter passage may stand twice by intention
LINE_OF_BODY = 40  # characters; a shorter line may stand twice


@dataclass(frozen=True)
class Mended:
    """A text after mending; `counts`: what was mended, by kind; `likely`: what looks damaged and was left."""

    text: str
    counts: Counter[str]
    likely: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """The text without the damage that is certain; a text without any comes back as it is."""
    counts: Counter[str] = Counter()
    text, counts["mojibake"] = _without_mojibake(text)
    text, counts["entities"] = _without_entities(text)
    text, counts["hyphenation"] = _without_hyphenation(text)
    text, counts["invisible characters"] = _INVISIBLE.subn("", text)
    text, counts["control characters"] = _CONTROL.subn("", text)
    text, counts["repeated bodies"] = _without_repeats(text)
    return Mended(text, +counts, tuple(_likely(text)))


def _without_hyphenation(text: str) -> tuple[str, int]:
    if not _HYPHEN_AT_LINE_END.search(text):
        return text, 0
    return _HYPHEN_AT_LINE_END.subn(
        lambda m: f"{m[1]}{'-' if hyphen_belongs(m[1], m[2], text) else ''}{m[2]}", text
    )


def _without_mojibake(text: str) -> tuple[str, int]:
    done = 0

    def decoded(match: re.Match[str]) -> str:
        nonlocal done
        try:
            letters = bytes(_CP1252.get(c, ord(c)) for c in match[0]).decode("utf-8")
        except (UnicodeDecodeError, ValueError):
            return match[0]
        done += 1
        return letters

    return _UTF8_READ_WRONGLY.sub(decoded, text), done


def _without_entities(text: str) -> tuple[str, int]:
    """Entities, also those that were escaped twice (`&amp;ldquo;`)."""
    total = 0
    for _ in range(3):
        known = 0

        def decoded(match: re.Match[str]) -> str:
            nonlocal known
            letter = html.unescape(match[0])
            known += letter != match[0]
            return letter

        text = _ENTITY.sub(decoded, text)
        total += known
        if not known:
            break
    return text, total


def _without_repeats(text: str) -> tuple[str, int]:
    """The text once, where its whole body follows itself, once or several times, as some downloads have it."""
    lines = [(m.start(), m.end(), m[0].strip()) for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    keys = [line for _, _, line in lines]
    places: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        places.setdefault(key, []).append(i)
    for key, found in places.items():
        if len(found) < 2 or len(key) < LINE_OF_BODY:
            continue
        first, n = found[0], found[1] - found[0]
        unit, times = keys[first : first + n], 1
        while keys[first + times * n : first + (times + 1) * n] == unit:
            times += 1
        rest = len(keys) - first - times * n
        if times > 1 and sum(map(len, unit)) >= SHORTEST_BODY and rest < n:
            return text[: lines[first + n - 1][1]] + text[lines[first + times * n - 1][1] :], times - 1
        return text, 0
    return text, 0


def _likely(text: str) -> list[str]:
    found = []
    if n := text.count("\ufffd"):
        found.append(f"{n} letters were lost before it came here (shown as \ufffd); take the text anew")
    joined = len(_JOINED.findall(text))
    if joined >= 3:
        found.append(f"{joined} sentences follow one another without a blank; check how the text was copied")
    return found
