"""Whether the main findings hold where the counting is done in another way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from typing import Any

import pandas as pd

from analysis.annotate.sentiment import label
from analysis.annotate.voices import AUTHOR
from analysis.ask.about_front import Measure, find_contrasts, measures
from analysis.ask.comparison import Comparison
from analysis.ask.material import Counted, Material
from analysis.codebook import REPORTS
from analysis.coding.coders import Coder
from analysis.coding.counting import Counting, can_count
from analysis.coding.model.prompt import FRAMES, STANCE, TONE
from analysis.coding.samples import HumanSample
from analysis.compare.contrast import FEWEST, Contrast, difference_of_shares, is_called
from analysis.compare.shares import shares
from analysis.compare.sourcing import that_report
from analysis.ids import among
from analysis.show.wording import counted, listed
from analysis.study import Study

HOLDS, SAME_WAY, TURNS, TOO_FEW = "holds", "unsure", "turns", "too few"
_MOST = 3  # findings of one measure
_VOICED = ("frames", "sentiment", "stance")  # tables whose rows are in a voice


@dataclass(frozen=True, eq=False)
class Uncorrected(Material):
    """The study by the coders who count alone, not corrected by what people coded. `usual`: as it is counted elsewhere."""

    usual: Material

    @cached_property
    def coders(self) -> dict[str, Coder]:
        return self.usual.coders

    @cached_property
    def counting(self) -> dict[str, Counting]:
        return self.usual.counting

    @cached_property
    def agreement(self) -> pd.DataFrame:
        return self.usual.agreement

    def sample(self, variable: str, sentences: pd.DataFrame) -> HumanSample:
        found = super().sample(variable, sentences)
        return replace(found, coded=found.coded.head(0), human=found.human.head(0))


class OtherCoders(Uncorrected):
    """The codes of each variable by another coder that is no person and coded all of the study; without one, by the same."""

    @cached_property
    def counting(self) -> dict[str, Counting]:
        return {of: self._other(of, chosen) for of, chosen in super().counting.items()}

    def _other(self, of: str, chosen: Counting) -> Counting:
        for coder in self.coders.values():
            if coder.name != chosen.coder.name and not coder.is_person and can_count(self.study, coder, of):
                return replace(chosen, coder=coder, alpha=nan, low=nan, high=nan)
        return chosen


class OwnVoice(Uncorrected):
    """Only what the outlets say in their own voice carries a code."""

    @cached_property
    def counted(self) -> Study:
        study = super().counted
        own = {name: study.tables[name][study.tables[name]["voice"] == AUTHOR] for name in _VOICED}
        return replace(study, tables={**study.tables, **own})


class WithHeadlines(Uncorrected):
    """Headlines count as sentences of the story."""

    @cached_property
    def sentences(self) -> pd.DataFrame:
        sentences = super().sentences
        return sentences.assign(part=sentences["part"].replace("headline", "lead"))


class ByParagraph(Uncorrected):
    """What is counted are paragraphs: one with a code in any of its sentences has it."""

    def shares(self, variable: str, hits: pd.DataFrame, base: pd.DataFrame, **how: Any) -> Counted:
        base = self.asked_of(variable, base)
        where = self.sentences.set_index("sentence_id")
        whole = where["article_id"] + "#" + where["paragraph"].astype(str)
        hits, base = (rows.assign(paragraph=rows["sentence_id"].map(whole)) for rows in (hits, base))
        hits = hits[among(hits["sentence_id"], base["sentence_id"])]
        table = shares(hits, base, unit="paragraph", **how)
        return {"table": table, "differences": None, "sample": "", **self.trust(variable, how["labels"])}


class ByLexicon(Uncorrected):
    """Tone by the sum of the scores that the language's lexicon gives single words: no scopes, no words of the codebook."""

    @cached_property
    def counted(self) -> Study:
        study = super().counted
        lexicon, texts = (
            study.language.tone_lexicon(),
            study.articles.set_index("article_id")["text"].to_dict(),
        )
        places = study.sentences.set_index("sentence_id").loc[study.sentiment["sentence_id"]]
        words = (
            re.findall(r"\w+", texts[article][start:end].casefold())
            for article, start, end in places[["article_id", "start", "end"]].itertuples(index=False)
        )
        scores = [sum(lexicon[word] for word in sentence if word in lexicon) for sentence in words]
        told = study.sentiment.assign(score=scores, label=[label(score, 0.0, 0.0) for score in scores])
        return replace(study, tables={**study.tables, "sentiment": told})


def direct_only(study: Study, usual: Material) -> Material:
    """Only what stands in quotation marks is a quote."""
    return _with_quotes(usual, study.quotes[study.quotes["quoted_start"].notna()])


def each_source_once(study: Study, usual: Material) -> Material:
    """Of each source in an article only the first quote counts."""
    return _with_quotes(usual, that_report(study.quotes, usual.reported).drop_duplicates("source_id"))


def all_reported(study: Study, usual: Material) -> Material:
    """Reported thoughts, and what somebody wants or does, count beside speech."""
    return Uncorrected(study, usual, reported=REPORTS)


def _with_quotes(usual: Material, quotes: pd.DataFrame) -> Material:
    study = usual.study
    return Uncorrected(replace(study, tables={**study.tables, "quotes": quotes}), usual)


@dataclass(frozen=True)
class Way:
    """Another way of counting: its name in the table, how it is done, and which measures it may change."""

    name: str
    how: Callable[[Study, Material], Material]
    of: Sequence[str]

    def changes(self, measure: str, own: Measure, about: Material, other: Material) -> bool:
        """Whether it is another way of counting this measure in this study."""
        if measure not in self.of:
            return False
        if self.how is Uncorrected:
            return bool(own.comparison.sample)
        if self.how is OtherCoders:
            of = _VARIABLES[measure]
            return other.counting[of].coder.name != about.counting[of].coder.name
        return self.how is not ByLexicon or bool(about.study.articles["text"].notna().all())


_VARIABLES = {"frame": FRAMES, "tone": TONE, "stance": STANCE.split(" ")[0]}
WAYS = (
    Way("not corrected", Uncorrected, tuple(_VARIABLES)),
    Way("another coder", OtherCoders, tuple(_VARIABLES)),
    Way("own voice only", OwnVoice, tuple(_VARIABLES)),
    Way("with headlines", WithHeadlines, tuple(_VARIABLES)),
    Way("by paragraph", ByParagraph, ("frame", "tone")),
    Way("lexicon alone", ByLexicon, ("tone",)),
    Way("direct quotes only", direct_only, ("experts",)),
    Way("each source once", each_source_once, ("experts",)),
    Way("thoughts and acts, too", all_reported, ("experts",)),
)


def robustness(about: Material) -> Comparison:
    """Each main finding under other ways of counting: a row a finding, a column a way.

    A main finding is a contrast that may make the headline (see `ask.about_front`), up to three of one measure. A cell
    has how many points the same two outlets are apart then, and whether the finding holds (beyond the noise), is unsure (the
    same direction, which may be chance), or turns. A way that cannot change the measure, or that the study lacks, has a dash.
    """
    own = measures(about)
    found = [(name, one) for name, these in find_contrasts(own).items() for one in these[:_MOST]]
    table = pd.DataFrame(
        {
            "finding": [_in_words(about, *one) for one in found],
            "as counted": [_points(c.difference) for _, c in found],
        }
    )
    for way in WAYS:
        other = way.how(about.study, about)
        asked = [way.changes(name, own[name], about, other) for name, _ in found]
        of = {name for (name, _), changes in zip(found, asked, strict=True) if changes}
        counted_so = measures(other, of)
        table[way.name] = [
            _outcome(counted_so[name].comparison, contrast) if changes else pd.NA
            for (name, contrast), changes in zip(found, asked, strict=True)
        ]
    table = table.dropna(axis="columns", how="all")
    return Comparison(
        about.study,
        "08-robustness",
        table,
        by="finding",
        value="as counted",
        facts={"verdict": verdict(table)},
    )


def _in_words(about: Material, measure: str, contrast: Contrast) -> str:
    what = {"tone": "negative wording", "stance": f"against {about.topic}", "experts": "quotes of experts"}
    name = about.study.codebook.frames[contrast.label].name if measure == "frame" else what[measure]
    return f"{name}: {contrast.most['outlet']} more than {contrast.least['outlet']}"


def _outcome(comparison: Comparison, contrast: Contrast) -> str:
    """How far apart the finding's two outlets are in another comparison, and what that makes of the finding."""
    table = comparison.table
    rows = table[table[comparison.of] == contrast.label].set_index(comparison.by)
    a, b = (rows.loc[side[comparison.by]] for side in (contrast.most, contrast.least))
    if not (a["total"] >= FEWEST and b["total"] >= FEWEST):
        return TOO_FEW
    low, _ = difference_of_shares((a["n"], a["total"]), (b["n"], b["total"]))
    sure = low > 0
    if comparison.contrasted is not None:
        sure = is_called(comparison.contrasted, contrast.label, a.name, b.name)
    apart = a["share"] - b["share"]
    return f"{_points(apart)} {TURNS if apart < 0 else HOLDS if sure else SAME_WAY}"


def _points(difference: float) -> str:
    return f"{100 * difference:+.0f}".replace("-", "−")


def verdict(table: pd.DataFrame) -> str | None:
    """Which findings rest on the way of counting, in a sentence."""
    if table.empty:
        return None
    ways = table.set_index("finding").drop(columns="as counted").astype("string")
    turning = {
        finding: [way for way in ways if pd.notna(cell := row[way]) and cell.endswith(TURNS)]
        for finding, row in ways.iterrows()
    }
    turned = [f"{finding} ({listed(names)})" for finding, names in turning.items() if names]
    firm = sum(row.dropna().str.endswith(HOLDS).all() for _, row in ways.iterrows())
    same = len(ways) - firm - len(turned)
    said = f"Of {counted(len(ways), 'main finding')}, {firm or 'none'} hold{'s' if firm == 1 else ''} in every other way of counting"
    said += f", {same} keep{'s' if same == 1 else ''} the direction" if same else ""
    return f"{said}; reversed: {listed(turned)}." if turned else f"{said}; none is reversed."
