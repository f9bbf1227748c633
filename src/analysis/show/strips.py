"""Reading strips: each article a row of its paragraphs, coloured by what is in their sentences, outlets under each other.

A sentence is a column of its paragraph's cell, and of several codes in it each has its part of the height, so that as many
columns carry a colour as sentences were counted. Every cell links to its paragraph. (After the document portraits of
qualitative analysis, which show one document.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from analysis.show.drawing import with_style
from analysis.show.wording import counted, in_words

WIDTH, HEIGHT = 7, 22  # pixels of a sentence
_COLOURS = 10  # of codes of one lens; further ones are grey
_SPEAKER = "speaker"  # among the codes of a sentence: who says it, for who chooses cells; no lens


@dataclass(frozen=True)
class Lens:
    """One way to colour sentences: its name, its codes in words, each with the class of its colour, and those not validated."""

    name: str
    codes: Mapping[str, str]
    colours: Mapping[str, str]
    doubtful: Collection[str] = ()


@dataclass(frozen=True)
class Strip:
    """One article: its outlet, what it is called, its page, and its paragraphs.

    Of each paragraph the anchor of its first sentence, and of each of its sentences the codes in every lens, and its speakers.
    """

    outlet: str
    title: str
    page: str
    paragraphs: Sequence[tuple[str, Sequence[Mapping[str, Sequence[str]]]]]


@dataclass(frozen=True)
class Strips:
    """The strips of a study, coloured by the lens `first`; on a page the reader chooses among all lenses."""

    name: str
    title: str
    lenses: Mapping[str, Lens]
    strips: Sequence[Strip]
    first: str
    left_out: int = 0

    def __repr__(self) -> str:
        return f"{self.title}: {counted(len(self.strips), 'article')}, coloured by {self.lenses[self.first].name.lower()}"

    def _repr_html_(self) -> str:
        places = "".join(
            f'<span class="lens {key}" id="{escape(self.name)}-{key}"></span>' for key in self.lenses
        )
        ways = "".join(
            f'<a class="to-{key}" href="#{escape(self.name)}-{key}">{escape(lens.name)}</a>'
            for key, lens in self.lenses.items()
        )
        choice = f'<p class="lenses">Coloured by {ways}</p>' if len(self.lenses) > 1 else ""
        legends = "".join(_legend(key, lens) for key, lens in self.lenses.items())
        codes = _Codes({})
        rows = "".join(
            self._row(strip, before, codes)
            for strip, before in zip(self.strips, [None, *self.strips], strict=False)
        )
        more = (
            f'<p class="more">And {counted(self.left_out, "more article")}, each on a page of its own.</p>'
            if self.left_out
            else ""
        )
        return with_style(
            f'<figure class="picture strips show-{self.first}" data-codes="{escape(codes.listed())}">{places}<figcaption>{escape(self.title)}</figcaption>'
            f'{choice}{legends}<ul class="articles">{rows}</ul>{more}</figure>'
        )

    def _row(self, strip: Strip, before: Strip | None, codes: _Codes) -> str:
        outlet = (
            ""
            if before and before.outlet == strip.outlet
            else f'<b><span dir="auto">{escape(strip.outlet)}</span></b>'
        )
        title = f'<a data-page="{escape(strip.page)}" dir="auto">{escape(strip.title)}</a>'
        cells = "".join(
            self._cell(strip, number, anchor, sentences, codes)
            for number, (anchor, sentences) in enumerate(strip.paragraphs, start=1)
        )
        return f'<li data-outlet="{escape(strip.outlet)}"><span class="who">{outlet}<span class="title">{title}</span></span><span class="cells">{cells}</span></li>'

    def _cell(
        self,
        strip: Strip,
        number: int,
        anchor: str,
        sentences: Sequence[Mapping[str, Sequence[str]]],
        codes: _Codes,
    ) -> str:
        groups = "".join(
            f'<g class="by-{key}">{_columns(key, sentences, lens)}</g>' for key, lens in self.lenses.items()
        )
        said = f"Paragraph {number}, {counted(len(sentences), 'sentence')}. {self._in_words(sentences)}"
        width = WIDTH * len(sentences)
        return (
            f'<a data-page="{escape(strip.page)}#{escape(anchor)}" aria-label="{escape(said)}" data-held="{codes.of(sentences)}">'
            f'<svg class="drawn" width="{width}" height="{HEIGHT}" aria-hidden="true" focusable="false">'
            f'<rect class="ground" width="{width}" height="{HEIGHT}"></rect>{groups}</svg></a>'
        )

    def _in_words(self, sentences: Sequence[Mapping[str, Sequence[str]]]) -> str:
        parts = []
        for key, lens in self.lenses.items():
            counts = Counter(code for found in sentences for code in found.get(key, ()))
            if counts:
                each = ", ".join(f"{lens.codes.get(code, code)} {n}" for code, n in counts.most_common())
                parts.append(f"{lens.name}: {each}")
        return "; ".join(parts) + "." if parts else "Nothing was found in it."


@dataclass(frozen=True)
class _Codes:
    """The codes of a figure's sentences in the order in which they first occur, by which the page's script finds cells."""

    known: dict[tuple[str, str], int]

    def of(self, sentences: Sequence[Mapping[str, Sequence[str]]]) -> str:
        """The places of each sentence's codes; sentences are parted by semicolons."""
        each = [
            sorted({self._place(kind, code) for kind, codes in found.items() for code in codes})
            for found in sentences
        ]
        return ";".join(" ".join(map(str, places)) for places in each)

    def _place(self, kind: str, code: str) -> int:
        return self.known.setdefault((kind, code), len(self.known))

    def listed(self) -> str:
        """A line for each code: of what kind it is, and what evidence calls it."""
        return "\n".join(
            f"{kind}\t{' '.join((code if kind == _SPEAKER else in_words(code)).split())}"
            for kind, code in self.known
        )


def _columns(key: str, sentences: Sequence[Mapping[str, Sequence[str]]], lens: Lens) -> str:
    """A column for each sentence; of several codes in it each has its part of the height. One path a colour."""
    paths: dict[str, str] = {}
    for number, found in enumerate(sentences):
        codes = list(dict.fromkeys(found.get(key, ())))
        ends = [round(HEIGHT * n / len(codes)) for n in range(len(codes) + 1)] if codes else []
        for n, code in enumerate(codes):
            colour = lens.colours.get(code, "k-rest")
            column = f"M{number * WIDTH} {ends[n]}h{WIDTH - 1}v{ends[n + 1] - ends[n]}h{1 - WIDTH}z"
            paths[colour] = paths.get(colour, "") + column
    return "".join(f'<path class="{colour}" d="{d}"></path>' for colour, d in paths.items())


def _legend(key: str, lens: Lens) -> str:
    doubt = '<span class="doubt">not validated</span>'
    together = set(lens.colours) <= set(lens.doubtful)
    items = "".join(
        f'<span class="key"><svg class="drawn" width="12" height="12" aria-hidden="true" focusable="false">'
        f'<rect class="{colour}" width="12" height="12"></rect></svg>{escape(lens.codes[code])}'
        f"{f' {doubt}' if code in lens.doubtful and not together else ''}</span>"
        for code, colour in lens.colours.items()
    )
    return f'<p class="legend by-{key}">{items}{doubt if together else ""}</p>'


def colours_of(codes: Sequence[str]) -> dict[str, str]:
    """A colour for each code, the first ten; further ones have none of their own."""
    return {code: f"k{n}" for n, code in enumerate(codes[:_COLOURS])}
