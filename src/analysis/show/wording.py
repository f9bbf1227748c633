"""Sentences that notebooks compute: an answer says in words what the numbers say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Real

_NAMES = ("article", "file", "outlet", "name", "speaker", "title", "author", "term", "arrow")
_HEBREW_ARABIC = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
_RIGHT_TO_LEFT = re.compile(rf"{_HEBREW_ARABIC}(?:[\s’-]+{_HEBREW_ARABIC})*")


ASIDE = "aside"
UNASKED = "answer unasked"  # why there is no answer: nobody asked


@dataclass(frozen=True)
class Answer:
    """One or more computed sentences, set apart on the page.

    `leads`: words of the text, in its order, each with the address of what they count (see `show.leads`). `kind`: the classes
    of its paragraph, such as one for what is said in small letters beside what answers the question.
    """

    text: str
    leads: Sequence[tuple[str, str]] = ()
    kind: str = "answer"

    def _repr_html_(self) -> str:
        return f'<p class="{self.kind}">{self.inline()}</p>'

    def inline(self) -> str:
        """The sentences as HTML, their numbers linked."""
        html, rest = "", self.text
        for words, address in self.leads:
            before, found, after = rest.partition(words)
            if found:
                html, rest = (
                    f'{html}{isolated(before)}<a data-page="{escape(address)}">{isolated(words)}</a>',
                    after,
                )
        return f"{html}{isolated(rest)}"

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Notice:
    """What the reader must know before reading on; shows nothing where there is nothing to say."""

    text: str

    def _repr_html_(self) -> str:
        return f'<p class="notice" role="note">{escape(self.text)}</p>' if self.text else ""

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Heading:
    """Which study a notebook is about; a report's pages have it in their own head."""

    title: str
    counts: str
    notice: str

    def _repr_html_(self) -> str:
        study = f"<p><b>{escape(self.title)}</b>: {escape(self.counts)}</p>"
        return f'<div class="study">{study}{Notice(self.notice)._repr_html_()}</div>'

    def __repr__(self) -> str:
        return f"{self.title}: {self.counts}\n{self.notice}".strip()


def isolated(words: str) -> str:
    """The words as HTML; a name that is read from right to left stands apart, else the numbers after it would come first."""
    return _RIGHT_TO_LEFT.sub(r'<span dir="rtl">\g<0></span>', escape(words))


def with_marks(words: str) -> str:
    """The words for an image, whose letters have no tags: a mark unseen after each name that is read from right to left."""
    return _RIGHT_TO_LEFT.sub("\\g<0>\u200e", words)


def percent(share: float) -> str:
    """A share as people write it: 0.123 is 12%; a share between 0 and half a per cent is "under 1%"."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def number(value: object, percent: bool = False) -> str:
    """A value as charts and their alt text give it: 12%, 1,204, −0.29; what is no number as it is."""
    if not isinstance(value, Real):
        return str(value)
    if percent:
        return f"{value:.0%}"
    said = f"{value:,.0f}" if float(value).is_integer() else f"{value:.2f}"
    return said.replace("-", "−")


def signed(value: float) -> str:
    """A value between -1 and 1 as people write it: +0.25, −0.25; what rounds to 0 has no sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return text[1:] if text[1:] == "0.00" else text


def uncapitalised(words: str) -> str:
    """A name within a sentence: Human cost is human cost there; US interests stay as they are."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def outlet_by_outlet(said: Sequence[str], most: int = 6) -> str:
    """What is said of each outlet, one after the other; of more than a dozen the first ones."""
    if len(said) <= 2 * most:
        return "; ".join(said)
    return "; ".join([*said[:most], f"and of {len(said) - most} more outlets"])


def probability(p: float) -> str:
    """A p value as journals print it: 0.029; under 0.0001."""
    return "under 0.0001" if p < 0.0001 else f"{p:.2g}"


def listed(items: Iterable[object], most: int | None = None) -> str:
    """a; a and b; a, b and c; of more than `most` a, b and 212 more."""
    words = [str(item) for item in items]
    if most is not None and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1:,} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def is_name(column: str) -> bool:
    """Whether a column holds names, of articles, outlets and people, whose underscores are their own."""
    return column.endswith("_id") or column.startswith(_NAMES)


def in_words(code: object) -> str:
    """A code as people say it: human_cost is human cost; what is no code stays as it is."""
    text = str(code)
    return text.replace("_", " ") if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) else text


def counted(n: int, one: str, many: str | None = None) -> str:
    """1 article, 2 articles."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
