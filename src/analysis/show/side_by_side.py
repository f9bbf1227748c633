"""One utterance in each outlet's own words, beside each other, with what one has and another has not marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from analysis.show.drawing import bar, drawing, with_style
from analysis.show.leads import linked
from analysis.show.pictures import MANY
from analysis.show.wording import counted, listed

_DAY = re.compile(r"\b\d{4}(?:-\d\d)+\b")
_SEEN, _WHICH = 10, 25  # events or items before the others are folded; outlets that are named
_WORDINGS, _OUTLETS = 12, 4  # of one event; outlets of one wording before the others are folded
_CARRIED = {
    "present": "amount",
    "omitted": "against",
    "absent": "k-none",
    "early": "ground",
}  # kinds of cells: colours
_SAID = {
    "present": "have it",
    "omitted": "left it out",
    "absent": "do not have it",
    "early": "could not know it",
}
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


@dataclass(frozen=True)
class Version:
    """One outlet's rendering: where and when, its words ("" where the text is not here), and how it is attributed.

    `kind` is how it relates to the first one (see `compare.utterances.match_utterances`), "" of the first one itself. `frames`
    are those of its sentence, as evidence writes them; `attributed` is the part of `words` that stands out.
    """

    outlet: str
    published: str
    words: str
    page: str
    form: str
    cue: str
    speaker: str
    kind: str = ""
    frames: str = ""
    attributed: str = ""

    @property
    def wording(self) -> tuple[str, str, str, str]:
        """What is the same of versions that are shown as one."""
        return (self.words or self.page, self.form, self.cue, self.speaker)


@dataclass(frozen=True)
class Event:
    """An utterance and its versions, the first one being what the others are compared with; `address` lists them all."""

    speaker: str
    versions: Sequence[Version]
    address: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Events, each in every outlet's own words; `differences`: whether versions are compared word by word."""

    title: str
    events: Sequence[Event]
    left_out: int = 0
    differences: bool = True

    def __repr__(self) -> str:
        said = "\n\n".join(
            "\n".join(
                [
                    event.speaker,
                    *(f"  {v.outlet}: {v.words}{self._relation(v)}" for v in event.versions),
                ]
            )
            for event in self.events
        )
        return f"{self.title}\n{said}"

    def _relation(self, version: Version) -> str:
        return f" ({version.kind or 'compared with'})" if self.differences else ""

    def _repr_html_(self) -> str:
        if not self.events:
            return f'<p class="empty">{escape(self.title)}: none.</p>'
        events = "".join(_event(event, self.differences) for event in self.events[:_SEEN])
        if folded := self.events[_SEEN:]:
            inside = "".join(_event(event, self.differences) for event in folded)
            events += f'<details class="between"><summary>{len(folded)} more</summary>{inside}</details>'
        more = (
            f'<p class="more">And {self.left_out:,} more{", in the list above" * self.differences}.</p>'
            if self.left_out
            else ""
        )
        legend = (
            "Compared with the first version: <ins>words that are new</ins>, <del>words that are gone</del>."
            if self.differences
            else "In bold: what is attributed to the speaker."
        )
        return with_style(
            f'<figure class="picture events"><figcaption>{escape(self.title)}</figcaption>'
            f'<p class="legend">{legend}</p>{events}{more}</figure>'
        )


def _event(event: Event, differences: bool) -> str:
    outlets = counted(len({version.outlet for version in event.versions}), "outlet")
    kinds = [version.kind for version in event.versions if version.kind]
    counts = listed(f"{kinds.count(kind):,} {kind}" for kind in dict.fromkeys(kinds))
    first = event.versions[0]
    alike: dict[tuple[str, str, str, str], list[Version]] = {}
    for version in event.versions:
        alike.setdefault(version.wording, []).append(version)
    wordings = list(alike.values())
    items = "".join(
        _wording(versions, first if differences else None, event.speaker) for versions in wordings[:_WORDINGS]
    )
    left = len(wordings) - _WORDINGS
    words = f"And {counted(left, 'more wording')}"
    more = (
        f'<p class="more">{linked(words, event.address) if event.address else words}.</p>' if left > 0 else ""
    )
    return (
        f'<div class="block"><p class="event"><b dir="auto">{escape(event.speaker)}</b>, in {outlets}'
        f'{f": {escape(counts)}" if counts else ""}</p><ul class="versions">{items}</ul>{more}</div>'
    )


def _wording(versions: Sequence[Version], first: Version | None, speaker: str) -> str:
    """The versions that have the same words, attributed in the same way: the words once, and who has them.

    Where there is a `first`, they are compared with it.
    """
    version = versions[0]
    facts = [
        "the wording that the others are compared with" if version is first else version.kind,
        f"{version.form} speech" if version.form else "",
        (f"by “{version.cue}”" if version.cue else "without a verb") if version.form else "",
        f"as {version.speaker}" if version.speaker and version.speaker != speaker else "",
    ]
    said = _emphasised(version) if first in (None, version) else compared(first.words, version.words)
    said = said or '<span class="missing">the text is not here</span>'
    frames = dict.fromkeys(frame for one in versions for frame in one.frames.split("|") if frame)
    known = {
        "voice": "reported" if version.form == "indirect" else "quoted",
        "form": version.form,
        "speaker": version.speaker,
        "frame": "|".join(frames),
    }
    chosen_by = "".join(f' data-{key}="{escape(value)}"' for key, value in known.items() if value)
    return (
        f'<li{chosen_by}><span class="who">{_who(versions)}</span>'
        f'<span class="words" dir="auto">{said}</span><small class="facts">{escape(", ".join(filter(None, facts)))}</small></li>'
    )


def _emphasised(version: Version) -> str:
    """The words, what is attributed of them in bold."""
    before, said, after = version.words.partition(version.attributed) if version.attributed else ("", "", "")
    return f"{escape(before)}<b>{escape(said)}</b>{escape(after)}" if said else escape(version.words)


def _who(versions: Sequence[Version]) -> str:
    """The outlets of one wording, each with its first article; of many the others folded."""
    own: dict[str, list[Version]] = {}
    for version in versions:
        own.setdefault(version.outlet, []).append(version)
    named = []
    for outlet, articles in own.items():
        again = f"and {len(articles) - 1} more" if len(articles) > 1 else ""
        when = ", ".join(filter(None, (articles[0].published, again)))
        named.append(
            f'<span data-outlet="{escape(outlet)}"><a data-page="{escape(articles[0].page)}" dir="auto">{escape(outlet)}</a>'
            f"{f' <small>{escape(when)}</small>' if when else ''}</span>"
        )
    folded, rest = named[_OUTLETS:_WHICH], len(named) - _WHICH
    if len(named) <= _OUTLETS + 1:
        return "".join(named)
    more = f"<small>and {counted(rest, 'more outlet')}</small>" if rest > 0 else ""
    return (
        f'{"".join(named[:_OUTLETS])}<details class="between"><summary>{len(named) - _OUTLETS} more</summary>'
        f"{''.join(folded)}{more}</details>"
    )


def compared(first: str, other: str) -> str:
    """The other's words as HTML: those that the first has not as `ins`, and in their places those left out as `del`.

    Words are compared without case and signs; signs stay as the other has them.
    """
    ours, theirs = list(_WORD.finditer(first)), list(_WORD.finditer(other))
    same = SequenceMatcher(
        None, [m[0].casefold() for m in ours], [m[0].casefold() for m in theirs], autojunk=False
    )
    html, at = "", 0
    for kind, a, b, c, d in same.get_opcodes():
        if kind in ("delete", "replace"):
            html += f" <del>{escape(first[ours[a].start() : ours[b - 1].end()])}</del> "
        if d > c:
            start, end = theirs[c].start(), theirs[d - 1].end()
            html += escape(other[at:start])
            piece = escape(other[start:end])
            html += f"<ins>{piece}</ins>" if kind != "equal" else piece
            at = end
            html += " " if kind == "replace" and not other[at : at + 1].strip() else ""
    spaced = re.sub(r"\s+", " ", html + escape(other[at:])).strip()
    return re.sub(r"</del> (?=[,.;:!?])", "</del>", spaced)


@dataclass(frozen=True)
class Carried:
    """What a matrix of coverage says of one item in one outlet: its words, where they lead, and the kind of cell."""

    said: str
    page: str = ""
    kind: str = "absent"  # or present, omitted


@dataclass(frozen=True)
class Coverage:
    """Items by outlets: who has it and where, who has left it out though it was known, who could not know it."""

    title: str
    outlets: Sequence[str]
    items: Sequence[tuple[str, Sequence[Carried]]]

    def _of_many(self) -> str:
        """More outlets than stand beside one another: each item a bar of how many have it, which ones folded below it."""
        keys = "".join(
            f'<span class="key"><svg class="drawn" width="12" height="12" aria-hidden="true" focusable="false">'
            f'<rect class="{colour}" width="12" height="12"></rect></svg>{_SAID[kind]}</span>'
            for kind, colour in _CARRIED.items()
        )
        rows = [_shares(item, self.outlets, cells) for item, cells in self.items]
        more = (
            f'<details class="between"><summary>{len(rows) - _SEEN} more</summary>{"".join(rows[_SEEN:])}</details>'
            if rows[_SEEN:]
            else ""
        )
        return f'<p class="legend">{keys}</p><div class="bars">{"".join(rows[:_SEEN])}</div>{more}'

    def __repr__(self) -> str:
        rows = (
            f"{item}: {', '.join(f'{o} {c.said}' for o, c in zip(self.outlets, cells, strict=True))}"
            for item, cells in self.items
        )
        return "\n".join([self.title, *rows])

    def _repr_html_(self) -> str:
        if not self.items:
            return f'<p class="empty">{escape(self.title)}: none.</p>'
        if len(self.outlets) > MANY:
            return with_style(
                f'<figure class="picture"><figcaption>{escape(self.title)}</figcaption>{self._of_many()}</figure>'
            )
        heads = "".join(
            f'<th scope="col"><span dir="auto">{escape(outlet)}</span></th>' for outlet in self.outlets
        )
        rows = "".join(
            f'<tr><th scope="row" dir="auto">{escape(item)}</th>{"".join(map(_carried, cells))}</tr>'
            for item, cells in self.items
        )
        return with_style(
            f'<figure class="picture"><figcaption>{escape(self.title)}</figcaption><table class="heat coverage">'
            f'<caption class="unseen">{escape(self.title)}</caption><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></figure>'
        )


def _shares(item: str, outlets: Sequence[str], cells: Sequence[Carried]) -> str:
    """One item as a bar: how many outlets have it, left it out, or could not know it; opened, which."""
    shapes, left, facts = [], 0.0, []
    for kind, colour in _CARRIED.items():
        own = [(outlet, cell) for outlet, cell in zip(outlets, cells, strict=True) if cell.kind == kind]
        width = 100 * len(own) / len(cells)
        shapes.append(bar(left, left + width, 3, 16, colour))
        left += width
        if own and kind in ("present", "omitted"):
            which = "; ".join(
                f'<span dir="auto">{escape(outlet)}</span> {_linked_cell(cell)}'
                for outlet, cell in own[:_WHICH]
            )
            more = f" and {len(own) - _WHICH} more" if len(own) > _WHICH else ""
            facts.append(f"<p>{len(own)} {_SAID[kind]}: {which}{more}.</p>")
    told = sum(cell.kind == "present" for cell in cells)
    return (
        f'<div class="bar-row"><span class="who" dir="auto">{escape(item)}</span><span class="drawn-cell">{drawing(22, shapes)}'
        f'<details class="between"><summary>{told} of {len(cells)} have it</summary>{"".join(facts)}</details></span></div>'
    )


def _linked_cell(cell: Carried) -> str:
    said = _DAY.sub(r'<span class="day">\g<0></span>', escape(cell.said))
    return f'<a data-page="{escape(cell.page)}">{said}</a>' if cell.page else said


def _carried(cell: Carried) -> str:
    return f'<td class="{cell.kind}">{_linked_cell(cell)}</td>'
