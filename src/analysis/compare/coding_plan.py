"""A study's findings in codes, how sure they are by what people coded, and what to code next for them to be surer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.coding.coders import Coder, load_coders
from analysis.coding.draws import list_drawn_from, record_draw
from analysis.coding.model.prompt import FRAMES, STANCE
from analysis.coding.samples import HumanSample, human_sample, machine_codes, variables_of
from analysis.coding.sampling import draw_with_list, require_texts
from analysis.compare.corrected import CodedGroup, Posterior, coded_groups, posterior
from analysis.compare.planner import Plan, draw_next, plan
from analysis.study import Study, StudyError

EVERYWHERE = "all articles"
POINTS = 5.0  # half of an interval's width, in points of a share
PILOT = 60  # sentences to code before it can be said how many a finding needs
PACE = 60.0  # seconds a sentence
_WIDEST = 0.5


@dataclass(frozen=True)
class Finding:
    """The share of a study's sentences (deck and body) that carry a code: in one outlet, or in all articles."""

    variable: str
    value: str
    outlet: str = EVERYWHERE

    def __str__(self) -> str:
        return f"{self.variable}:{self.value}@{self.outlet}"


@dataclass(frozen=True, eq=False)
class CodingPlan:
    """What to code so that each of `findings` is within +- `points`.

    `made` is None where a pilot must come first: then `more` sentences are a random sample of all. `groups` has each
    finding's codes of machine and people.
    """

    findings: Sequence[Finding]
    groups: Sequence[CodedGroup]
    points: float
    made: Plan | None
    more: int

    def minutes(self, pace: float = PACE) -> int:
        """How long the coding takes at `pace` seconds a sentence, rounded up to minutes."""
        return -int(-self.more * pace // 60)


@dataclass(frozen=True, eq=False)
class Planner:
    """One study's findings and what coding makes of them. What it needs is loaded when it is first asked for."""

    study: Study

    @cached_property
    def story(self) -> pd.DataFrame:
        """The sentences that findings count, those of deck and body, with their outlet, in the order of the articles."""
        sentences = self.study.sentences[self.study.sentences["kind"].isin(["deck", "body"])]
        return self.study.with_outlet(sentences).assign(everywhere=EVERYWHERE).reset_index(drop=True)

    @cached_property
    def _coders(self) -> dict[str, Coder]:
        return load_coders(self.study)

    @cached_property
    def _machine(self) -> dict[str, pd.DataFrame]:
        """By variable the codes of the coder that counts, as far as they were asked for."""
        return {}

    def default(self) -> list[Finding]:
        """What a report says first: each outlet's most frequent frame, by the coder whose codes count."""
        found = self._codes(FRAMES).merge(self.story[["sentence_id", "outlet"]], on="sentence_id")
        counts = found.groupby(["outlet", "value"]).size()
        return [
            Finding(FRAMES, str(counts[outlet].idxmax()), outlet)
            for outlet in self.study.outlets
            if outlet in counts.index.get_level_values(0)
        ]

    def read(self, text: str) -> list[Finding]:
        """The findings that `VARIABLE:VALUE` (in every outlet) or `VARIABLE:VALUE@OUTLET` names; `@all` is all articles.

        VARIABLE is frames, sentiment or a stance target's code. Raises StudyError where one of them is unknown.
        """
        code, _, outlet = text.partition("@")
        variable, _, value = code.partition(":")
        known = variables_of(self.study)
        variable = STANCE + variable if STANCE + variable in known else variable
        _require(text, "variable", variable.removeprefix(STANCE), [v.removeprefix(STANCE) for v in known])
        _require(text, "code", value, known[variable])
        if outlet in ("", "all"):
            outlets = [EVERYWHERE] if outlet else self.study.outlets
        else:
            _require(text, "outlet", outlet, self.study.outlets)
            outlets = [outlet]
        return [Finding(variable, value, outlet) for outlet in outlets]

    def coded(self, findings: Sequence[Finding], *, until: int | None = None) -> list[CodedGroup]:
        """Each finding's codes of machine and people among the sentences of `story`, by places in it.

        `until`: what was drawn in later waves is not counted as coded.
        """
        groups: list[CodedGroup] = []
        samples: dict[str, HumanSample] = {}
        for one in findings:
            if one.variable not in samples:
                samples[one.variable] = self._sample(one.variable, until)
            by = "everywhere" if one.outlet == EVERYWHERE else "outlet"
            groups += coded_groups(
                self._codes(one.variable),
                samples[one.variable].human,
                self.story,
                samples[one.variable].coded,
                of="value",
                by=by,
                labels=[one.value],
                groups=[one.outlet],
                unasked=samples[one.variable].unasked,
            )
        return groups

    def plan(self, findings: Sequence[Finding], points: float = POINTS) -> CodingPlan:
        """How many sentences to code, and which, for every finding to be within +- `points` (of 100)."""
        groups = self.coded(findings)
        if not all(coded_units(one) for one in groups) or not groups:
            return CodingPlan(findings, groups, points, None, min(PILOT, len(self.study.sentences)))
        made = plan(groups, points / 100)
        return CodingPlan(findings, groups, points, made, made.more)

    def plan_within(self, findings: Sequence[Finding], sentences: int) -> CodingPlan:
        """The plan with the narrowest intervals, to a tenth of a point, that takes no more than so many `sentences`."""
        groups = self.coded(findings)
        if not all(coded_units(one) for one in groups) or not groups:
            pilot = min(PILOT, len(self.study.sentences), sentences)
            return CodingPlan(findings, groups, POINTS, None, pilot)
        low, high = 1, round(_WIDEST * 1000)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if plan(groups, middle / 1000).more <= sentences else (middle + 1, high)
        made = plan(groups, high / 1000)
        return CodingPlan(findings, groups, high / 10, made, made.more)

    def draw(self, planned: CodingPlan, *, seed: int = 1) -> tuple[pd.DataFrame, int]:
        """Draw what the plan says and record it in the study's `coding/draws.csv`; the rows in random order, and the wave.

        Rows as `coding.sampling.draw_sentences` gives them, all with sentence_id, article_id, start, end, probability.
        The same plan and seed give the same draw. Raises StudyError where no text is here or nothing is to be drawn.
        """
        study, story = self.study, self.story
        require_texts(study)
        missing = study.sentences["article_id"].isin(study.missing["article_id"])
        out = set(study.sentences.loc[missing, "sentence_id"])
        for one in planned.groups:
            out |= set(story["sentence_id"].iloc[one.places[~np.isnan(one.human)]])
        if planned.made is None:
            drawn, drawn_from = draw_with_list(study.tables, planned.more, seed=seed, leave_out=out)
        else:
            drawn = draw_next(story, planned.made, out, seed=seed)
            numbers = pd.Series(planned.made.stratum, story["sentence_id"].iloc[: len(planned.made.stratum)])
            stratum = study.sentences["sentence_id"].map(numbers).fillna(-1).astype(int)
            drawn_from = list_drawn_from(study.sentences.assign(stratum=stratum), drawn, out)
        if drawn.empty:
            raise StudyError([f"{study.name}: nothing more is to be coded for these findings"])
        return drawn, record_draw(study, drawn_from)

    def waves(self, findings: Sequence[Finding]) -> list[int]:
        """The waves of which people coded something; 0 is what was drawn before draws were recorded."""
        samples = [self._sample(variable) for variable in dict.fromkeys(one.variable for one in findings)]
        return sorted({int(wave) for sample in samples for wave in sample.coded["wave"].dropna()})

    def changes(self, findings: Sequence[Finding]) -> list[tuple[Finding, Posterior, Posterior]]:
        """What the last coded wave did to findings: each of which it coded something, as it was before and as it is.

        None where less than two waves were coded.
        """
        waves = self.waves(findings)
        if len(waves) < 2:
            return []
        pairs = zip(findings, self.coded(findings, until=waves[-2]), self.coded(findings), strict=True)
        return [
            (one, estimate(before), estimate(after))
            for one, before, after in pairs
            if 0 < coded_units(before) < coded_units(after)
        ]

    def _codes(self, variable: str) -> pd.DataFrame:
        if variable not in self._machine:
            self._machine[variable] = machine_codes(self.study, variable, self._coders)
        return self._machine[variable]

    def _sample(self, variable: str, until: int | None = None) -> HumanSample:
        return human_sample(self.study, variable, self.story, coders=self._coders, until=until)


def _require(text: str, what: str, given: str, known: Sequence[str]) -> None:
    if given in known:
        return
    close = get_close_matches(given, list(known), n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(known)}"
    form = "" if given else " (a finding is written VARIABLE:VALUE or VARIABLE:VALUE@OUTLET)"
    raise StudyError([f"--finding {text}: no {what} '{given}'{form}; {hint}"])


def coded_units(one: CodedGroup) -> int:
    """How many of the group's units people coded."""
    return int((~np.isnan(one.human)).sum())


def estimate(one: CodedGroup) -> Posterior:
    """The group's share as people would have coded it; ValueError where they coded nothing."""
    return posterior(one.machine, one.human, one.weights)
