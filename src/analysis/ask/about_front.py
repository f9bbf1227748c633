"""What a report begins with: what sets the outlets apart most, in a headline, a picture and a line on each measure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from analysis.ask.about_all import limits
from analysis.ask.about_chance import confirmed
from analysis.ask.about_frames import frames
from analysis.ask.about_sources import source_kinds_heard
from analysis.ask.about_stance import positions
from analysis.ask.about_tone import tone
from analysis.ask.comparison import Comparison, Piece
from analysis.ask.material import STANCES, Material
from analysis.codebook import FAVOURABLE, UNFAVOURABLE
from analysis.compare.contrast import FEWEST, Contrast, contrasts
from analysis.show.drawing import with_style
from analysis.show.front import Cell, Column, FrontPicture
from analysis.show.leads import Lead, lead
from analysis.show.wording import Answer, counted, in_words, listed, percent, uncapitalised

MEASURES = ("frame", "tone", "stance", "experts")
_NAMED = 3  # codes on which coders do not agree well enough; of more they are counted
_OF_WHAT = {"tone": " tone", "stance": " positions"}
_KINDS = dict(zip(STANCES, ("against", "even", "for"), strict=True))


@dataclass(frozen=True)
class FrontPage:
    """The first screen of a report: the headline, the picture, and one line on each measure with the page that has it all."""

    headline: Answer
    about: Answer
    picture: FrontPicture
    lines: Sequence[tuple[str, Answer, str]]  # topic, what is found, the notebook that has it

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<div><dt>{_to(page, escape(topic))}</dt><dd>{answer.inline()}</dd></div>"
            for topic, answer, page in self.lines
        )
        return with_style(
            f'<div class="front-page"><p class="headline">{self.headline.inline()}</p><p class="deck">{self.about.inline()}</p>'
            f'{self.picture.html()}<dl class="brief">{lines}</dl></div>'
        )

    def __repr__(self) -> str:
        lines = "\n".join(f"{topic}: {answer}" for topic, answer, _ in self.lines)
        return f"{self.headline}\n{self.about}\n\n{self.picture}\n\n{lines}"


@dataclass(frozen=True)
class Measure:
    """A comparison of shares and how its contrasts are said. {most}, {least}: the outlets; {n}, {of}: the counts in them;
    {label}, within a sentence {within}: what differs, {topic} what positions are on."""

    comparison: Comparison
    headline: str
    line: str
    plain: str  # where nothing differs


def front_page(about: Material) -> FrontPage:
    """What sets the outlets apart most, as a newspaper would print it.

    The headline is the largest contrast that holds (see `compare.contrast`), of validated codes before others, with what it
    rests on where codes are not validated or articles cannot confirm it; where none holds, it says so. The picture sets the outlets side by side, those with most positions against the target first.
    """
    own = measures(about)
    found = find_contrasts(own)
    return FrontPage(
        _headline(about, own, found),
        _counted_here(about),
        _picture(about, own, found),
        [*_lines(about, own, found), *_how_sure(about, own)],
    )


def find_contrasts(own: Mapping[str, Measure]) -> dict[str, list[Contrast]]:
    """The contrasts of each measure that hold, with all labels of all measures having been looked at."""
    labels = {name: one.comparison.table[one.comparison.of].nunique() for name, one in own.items()}
    return {
        name: contrasts(
            one.comparison.table,
            of=one.comparison.of,
            others=sum(labels.values()) - labels[name],
            differences=one.comparison.contrasted,
        )
        for name, one in own.items()
    }


def measures(about: Material, of: Collection[str] = MEASURES) -> dict[str, Measure]:
    """The measures by their names, or only these `of` them; without a target nobody asked about stance."""
    every: dict[str, Callable[[], Measure]] = {
        "frame": lambda: Measure(
            frames(about),
            "{most} frames the story as {within}: {n} of its sentences, {least_n} in {least}",
            "{label} is found in {n} of sentences in {most}, in {least_n} in {least}",
            "No frame is clearly more frequent in one outlet than in another",
        ),
        "tone": lambda: Measure(
            tone(about).only("negative"),
            "{most} chooses the darkest words: {n} of its sentences are negative, {least_n} in {least}",
            "{n} of sentences are negative in {most}, {least_n} in {least}",
            "The outlets do not differ clearly in tone",
        ),
        "stance": lambda: Measure(
            positions(about).only("unfavourable"),
            "{most} is most hostile to {topic}: {n} of the positions in it are against, {least_n} in {least}",
            "Of the positions on {topic}, {n} are against in {most}, {least_n} in {least}",
            "The outlets do not differ clearly in stance on {topic}",
        ),
        "experts": lambda: Measure(
            source_kinds_heard(about).only("expert"),
            "{most} quotes experts most: {n} of its quotes are theirs, {least_n} in {least}",
            "Quotes from experts: {n} in {most}, {least_n} in {least}",
            "The outlets do not differ clearly in how often experts are quoted",
        ),
    }
    made = {name: make() for name, make in every.items() if name in of}
    return {name: one for name, one in made.items() if not one.comparison.unasked}


_PAGES = {
    "frame": ("Frame", "03-framing.ipynb"),
    "tone": ("Tone", "04-sentiment.ipynb"),
    "stance": ("Stance", "05-stance.ipynb"),
    "experts": ("Experts", "06-expert-quoting.ipynb"),
}


def _headline(about: Material, own: Mapping[str, Measure], found: Mapping[str, Sequence[Contrast]]) -> Answer:
    if len(about.study.outlets) < 2:
        return frames(about).answer(
            "The most frequent frame is {first}.", "No frame of the codebook is found."
        )
    candidates = [(name, one) for name, these in found.items() for one in these]
    if not candidates:
        return Answer("The outlets do not differ clearly in frames, tone, stance or experts.")
    name, best = max(
        candidates, key=lambda c: (c[1].label not in own[c[0]].comparison.doubtful, c[1].difference)
    )
    whose = "The article in " if _one_each(about) else ""
    reserve = _reserve(about, name, own[name].comparison, best)
    return _said(about, own[name], best, whose + own[name].headline, reserve)


def _one_each(about: Material) -> bool:
    """Whether each outlet has one article, so that what differs is said of articles, not of outlets."""
    return len(about.study.articles) == len(about.study.outlets)


def _reserve(about: Material, name: str, comparison: Comparison, best: Contrast) -> str:
    """What the headline's contrast rests on, in brackets, where codes or articles leave it open.

    Nothing of articles where each outlet has one: the page says then that it is about texts, not about outlets.
    """
    outlets = (str(best.most[comparison.by]), str(best.least[comparison.by]))
    said = ["not validated"] if best.label in comparison.doubtful else []
    if not _one_each(about) and not confirmed(about, name, best.label, outlets):
        said.append("more than chance only if sentences are independent")
    return f" ({'; '.join(said)})" if said else ""


def _said(about: Material, measure: Measure, contrast: Contrast, words: str, reserve: str = "") -> Answer:
    """The contrast in words; its counts lead to their sentences."""
    comparison, most, least = measure.comparison, contrast.most, contrast.least
    pieces: dict[str, Piece] = {"n": _count(comparison, most), "least_n": _count(comparison, least)}
    named = {name: words for name, (words, _) in pieces.items()}
    label = comparison.names.get(contrast.label, contrast.label)
    text = words.format(
        most=most[comparison.by],
        least=least[comparison.by],
        label=label,
        within=uncapitalised(label),
        topic=about.topic,
        **named,
    )
    return Answer(f"{text}{reserve}.", [piece for piece in pieces.values() if piece[1]])


def _count(comparison: Comparison, row: Mapping[str, Any]) -> Piece:
    """12 of 80, with where the 12 are. Shares of sentences, and corrected ones, are said in per cent."""
    way = comparison.leads.get("n")
    address = way.address(row) if isinstance(way, Lead) and row["n"] else ""
    in_percent = row["unit"] == "sentences" or comparison.sample
    said = percent(row["share"]) if in_percent else f"{row['n'] or 'none'} of {row['total']}"
    return said, address


def _lines(
    about: Material, own: Mapping[str, Measure], found: Mapping[str, Sequence[Contrast]]
) -> list[tuple[str, Answer, str]]:
    lines = []
    for name, measure in own.items():
        (topic, page), these = _PAGES[name], found[name]
        if len(about.study.outlets) < 2:
            said = measure.comparison.portrait("")
            answer = replace(said, text=said.text[:1].upper() + said.text[1:])
        elif these:
            answer = _said(about, measure, these[0], measure.line)
        else:
            answer = Answer(f"{measure.plain.format(topic=about.topic)}.")
        lines.append((topic, answer, page))
    return lines


def _counted_here(about: Material) -> Answer:
    study = about.study
    articles, outlets = len(study.articles), len(study.outlets)
    one_each = articles == outlets > 1
    counts = f"{counted(articles, 'article')} of {counted(outlets, 'outlet')}" + (
        ", one each" if one_each else ""
    )
    return Answer(f"{counts}, {counted(len(about.story), 'sentence')}. {study.settings.question}".strip())


def _how_sure(about: Material, own: Mapping[str, Measure]) -> list[tuple[str, Answer, str]]:
    named = {name: measure.comparison for name, measure in own.items() if name != "experts"}
    codes = list(named.values())
    known = [code for one in codes for code in one.alpha if one.alpha[code] == one.alpha[code]]
    doubtful = [
        uncapitalised(one.names.get(str(code), in_words(code))) + _OF_WHAT.get(name, "")
        for name, one in named.items()
        for code in sorted(one.doubtful)
    ]
    every = sum(len(one.alpha) for one in codes)
    if not known:
        sure = Answer(
            "Nobody has coded sentences of this study, so no code has been checked; read the sentences."
        )
    else:
        corrected = any(one.sample for one in codes)
        how = "; shares are corrected by the sentences that people coded" if corrected else ""
        but = f" (not {listed(doubtful)})" if 0 < len(doubtful) <= _NAMED else ""
        sure = Answer(
            f"Coders agree well enough on {every - len(doubtful)} of {every} codes of frames, tone and stance{but}{how}."
        )
    alone = (
        "Findings about these texts, not about the outlets: one article each."
        if _one_each(about)
        else limits(about).answer("{articles} per outlet.").text
    )
    return [("How sure", sure, "02-reliability.ipynb"), ("Articles", Answer(alone), "01-corpus.ipynb")]


# The picture ------------------------------------------------------------------------------------------------------


def _picture(
    about: Material, own: Mapping[str, Measure], found: Mapping[str, Sequence[Contrast]]
) -> FrontPicture:
    asked = "stance" in own
    columns = [
        *([_stance_column(about, own["stance"], found["stance"])] if asked else []),
        _share_column("Negative wording", own["tone"], found["tone"], ("darkest", "most sober")),
        _share_column("Experts quoted", own["experts"], found["experts"], ("most", "")),
    ]
    said = [f"{column.name}: {column.finding}" for column in columns if column.finding]
    return FrontPicture(_order(about, own), columns, ". ".join(["The outlets side by side", *said]) + ".")


def _order(about: Material, own: Mapping[str, Measure]) -> list[str]:
    """The outlets, those with the largest share of positions against the target first, of equal ones that with fewer in
    favour; without positions by the share of negative sentences."""
    taken = positions(about).only(UNFAVOURABLE, FAVOURABLE).table if "stance" in own else pd.DataFrame()
    if taken.empty or taken.loc[taken["total"] >= FEWEST, "outlet"].nunique() < 2:
        dark = own["tone"].comparison.table
        share = dict(zip(dark["outlet"], dark["share"], strict=True))
        return sorted(about.study.outlets, key=lambda outlet: (pd.isna(share[outlet]), -share[outlet]))
    wide = taken[taken["total"] >= FEWEST].pivot(index="outlet", columns="stance", values="share")
    first = wide.sort_values([UNFAVOURABLE, FAVOURABLE], ascending=[False, True], kind="stable").index
    return [*first, *(outlet for outlet in about.study.outlets if outlet not in set(first))]


def _stance_column(about: Material, measure: Measure, found: Sequence[Contrast]) -> Column:
    everything = positions(about)
    cells = {}
    for outlet, rows in everything.table.groupby("outlet", sort=False):
        by_side = {row["stance"]: row for row in rows.to_dict("records")}
        row, favour = by_side[UNFAVOURABLE], by_side[FAVOURABLE]
        parts = [
            (
                kind,
                float(by_side[side]["share"]),
                f"{outlet}: {_bare(everything, by_side[side])} {side}",
                lead("05-sentences", "outlet", "stance", target=about.asked).address(by_side[side]),
            )
            for side, kind in _KINDS.items()
            if by_side[side]["share"] > 0
        ]
        few = row["total"] < FEWEST
        if few:
            said = f"{counted(row['total'], 'position')}: too few" if row["total"] else "no position"
        else:
            sides = f"{_bare(everything, row)} against, {_bare(everything, favour)} for"
            of = "" if everything.sample else f" (of {row['total']})"
            said = f"{sides}{of}"
        every = lead("05-sentences", "outlet", target=about.asked).address(row) if row["total"] else ""
        cells[str(outlet)] = Cell(0.0, said, every, parts, few)
    who = str(found[0].most["outlet"]) if found else ""
    return Column(
        f"Stance on {about.topic}",
        f"Most against: {who}" if who else _no_contrast(cells),
        cells,
        [who],
        {"against": "against", "even": "neutral", "for": "for"},
        bool(measure.comparison.doubtful),
        "% of its positions, its own and those it cites" if measure.comparison.sample else "",
    )


def _bare(comparison: Comparison, row: Mapping[str, Any]) -> str:
    """How many positions, without what they are of; corrected shares, which count nothing, in per cent."""
    return percent(row["share"]) if comparison.sample else str(row["n"])


def _share_column(name: str, measure: Measure, found: Sequence[Contrast], ends: tuple[str, str]) -> Column:
    comparison = measure.comparison
    cells = {}
    for row in comparison.table.to_dict("records"):
        few = row["total"] < FEWEST
        said, address = _count(comparison, row)
        cells[row["outlet"]] = Cell(
            row["share"],
            counted(row["total"], row["unit"].removesuffix("s")) if few else said,
            address,
            few=few,
        )
    sign = "% " if any("%" in cell.said for cell in cells.values()) else ""  # else counts are shown
    who = [str(found[0].most["outlet"]), str(found[0].least["outlet"])] if found else []
    said = "; ".join(f"{end}: {outlet}" for end, outlet in zip(ends, who, strict=False) if end)
    return Column(
        name,
        said[:1].upper() + said[1:] if said else _no_contrast(cells),
        cells,
        who[:1],
        doubtful=bool(set(comparison.doubtful) & set(comparison.table[comparison.of])),
        note=f"{sign}of its {comparison.table['unit'].iloc[0]}" if len(comparison.table) else "",
    )


def _no_contrast(cells: Mapping[str, Cell]) -> str:
    enough = sum(not cell.few for cell in cells.values())
    if len(cells) < 2:
        return ""
    return "No clear difference" if enough > 1 else "Too few to compare"


def _to(page: str, words: str) -> str:
    return f'<a data-page="{escape(page)}">{words}</a>'
