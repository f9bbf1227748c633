"""What the questions about a study share: its tables by the coders that count, and how far each code can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self, TypedDict

import pandas as pd

from analysis.ask.noise import COLUMNS as DIFFERENCES
from analysis.codebook import REPORTS, SPEECH, Target
from analysis.coding.coders import RULES, VARIABLES, Coder, load_coders, tables_by
from analysis.coding.counting import Counting, counting
from analysis.coding.files import LEARNER, MODEL
from analysis.coding.model.prompt import STANCE
from analysis.coding.reliability import code_alpha, not_validated, reliability
from analysis.coding.samples import HumanSample, human_sample
from analysis.compare.corpus import parts_of_articles
from analysis.compare.corrected import CENSUS, NO_SAMPLE, SAMPLE, corrected_differences, corrected_shares
from analysis.compare.corrected_positions import corrected_positions
from analysis.compare.shares import shares
from analysis.compare.sourcing import that_report
from analysis.ids import among, joined_words
from analysis.show.evidence import Evidence
from analysis.show.evidence import evidence as show_evidence
from analysis.show.pictures import MANY
from analysis.show.wording import counted, in_words, listed
from analysis.study import Study
from analysis.tables import SETTLED

STORY = ("lead", "body")
STANCES = ("unfavourable", "neutral", "favourable")
VOICES = {
    "author": "the article's own words",
    "quoted": "inside quotation marks",
    "reported": "reported speech",
    "mixed": "partly in quotation marks",
}


class Trust(TypedDict):
    """The fields of a comparison that say whose codes it counts and how far they can be trusted."""

    coder: str
    alpha: Mapping[str, float]
    doubtful: set[str]


class Counted(Trust):
    """The fields of a comparison of shares: its table, which differences are beyond the noise, and what corrected it."""

    table: pd.DataFrame
    differences: pd.DataFrame | None
    sample: str


_STANCE = STANCE.split(" ")[0]
_ROWS, _ROWS_OF_MANY = 500, 220  # of evidence on a page; of many outlets charts have more links of their own


@dataclass(frozen=True, eq=False)
class Material:
    """One study as the questions about it need it. Each table is made when it is first asked for.

    `reported`: what a quote has to report to be counted, of speech, thought and act; by default speech alone.
    """

    study: Study
    reported: tuple[str, ...] = field(default=(SPEECH,), kw_only=True)

    def with_reported(self, *reported: str) -> Self:
        """The same questions, counting the quotes that report this: `study.compare.with_reported("speech", "thought").roles()`.

        Raises ValueError where one of them is none of speech, thought and act.
        """
        if unknown := [one for one in reported if one not in REPORTS]:
            raise ValueError(f"{', '.join(unknown)}: a quote reports {', '.join(REPORTS)}; name one or more")
        return replace(self, reported=reported or (SPEECH,))

    @property
    def reported_in_words(self) -> str:
        """What the quotes that are counted report, as captions write it: quotes of speech."""
        return f"quotes of {listed(self.reported)}"

    @cached_property
    def quotes(self) -> pd.DataFrame:
        """The quotes that are counted, with their outlet."""
        return self.study.with_outlet(that_report(self.study.quotes, self.reported))

    @cached_property
    def cues(self) -> pd.DataFrame:
        """Where reporting words stand, of quotes of every kind: article_id, start, end."""
        spans = self.study.quotes[["article_id", "cue_start", "cue_end"]]
        return spans.set_axis(["article_id", "start", "end"], axis=1).dropna()

    @cached_property
    def coders(self) -> dict[str, Coder]:
        """Every coder of the study by name (see `coding.coders`)."""
        return load_coders(self.study)

    @cached_property
    def counting(self) -> dict[str, Counting]:
        """Whose codes count, for frames, stance, sentiment, role, side and each other `stance on TARGET` (see `coding.counting`)."""
        main = self.study.settings.target
        others = [STANCE + target for target in self.study.codebook.targets if target != main]
        return counting(self.study, self.coders, [*VARIABLES, *others])

    def counts(self, variable: str) -> Counting:
        """Whose codes count for a variable as in the table `codes`."""
        return self.counting.get(variable) or self.counting[variable.partition(" ")[0]]

    @cached_property
    def _samples(self) -> dict[tuple[str, ...], HumanSample]:
        return {}

    @cached_property
    def counted(self) -> Study:
        """The study with the codes of the coders that count in place of the rules'."""
        study = self.study
        for of in VARIABLES:
            made = tables_by(study, self.counting[of].coder, of)
            study = replace(study, tables={**study.tables, **made}) if made else study
        return replace(study, tables={**study.tables, "stance": self._stance_by_target(study)})

    def _stance_by_target(self, counted: Study) -> pd.DataFrame:
        """The positions on each target by the coder who counts there; `counted` has them by who counts on the main one."""
        chosen = self.counting[_STANCE].coder.name
        table = counted.stance
        for target in self.study.codebook.targets:
            other = self.counts(STANCE + target).coder
            if other.name != chosen:
                own = tables_by(self.study, other, _STANCE).get("stance", self.study.stance)
                table = pd.concat([table[table["target"] != target], own[own["target"] == target]])
        return table.reset_index(drop=True)

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """The sentences with their outlet and their `part`: headline, lead or body."""
        sentences = self.study.sentences
        return self.study.with_outlet(sentences).assign(part=parts_of_articles(sentences))

    @cached_property
    def story(self) -> pd.DataFrame:
        """The sentences of deck and body."""
        return self.sentences[self.sentences["part"].isin(STORY)]

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """The agreement on every code (see `coding.reliability`)."""
        study = self.study
        targets = {code: list(target.positions) for code, target in study.codebook.targets.items()}
        return reliability(study.tables, study.coding, frames=list(study.codebook.frames), targets=targets)

    def asked_of(self, variable: str, sentences: pd.DataFrame) -> pd.DataFrame:
        """Those of the sentences that the coder who counts was asked about."""
        asked = self.counts(variable).coder.asked.get(variable, frozenset())
        return sentences[among(sentences["sentence_id"], asked)]

    def trust(self, of: str, codes: Sequence[str], *, corrected: bool = False) -> Trust:
        """How far these codes can be trusted; `of` is frames, sentiment or `stance on TARGET`.

        What is `corrected` by people's codes rests on these alone; else all codes are in doubt of a coder whose agreement
        with people does not surely reach the gate.
        """
        chosen = self.counts(of)
        coder = SETTLED if corrected else chosen.coder.name
        doubtful = not_validated(self.agreement, of, codes, coder)
        return {
            "coder": coder_in_words(chosen.coder.name),
            "alpha": code_alpha(self.agreement, of, codes, coder),
            "doubtful": doubtful if corrected or chosen.validated else set(codes),
        }

    def sample(self, variable: str, sentences: pd.DataFrame) -> HumanSample:
        """What people coded of these sentences, as a random sample; empty where the coder who counts is people."""
        key = (variable, *sentences["sentence_id"].tolist())
        if key not in self._samples:
            self._samples[key] = human_sample(self.study, variable, sentences, coders=self.coders)
        found = self._samples[key]
        if self.counts(variable).coder.is_person:
            return replace(found, coded=found.coded.head(0), human=found.human.head(0))
        return found

    def is_developed(self, variable: str) -> bool:
        """Whether the coder who counts was developed on what people coded, so that they cannot correct it."""
        return self.counts(variable).coder.name in self.study.settings.developed

    def shares(
        self,
        variable: str,
        hits: pd.DataFrame,
        base: pd.DataFrame,
        *,
        of: str,
        labels: Sequence[str],
        groups: Sequence[str],
        by: str = "outlet",
    ) -> Counted:
        """Share of the sentences of `base` that carry each label, corrected by what people coded of them.

        `variable` as in the table `codes`. Columns as `compare.shares.shares` gives them; where people coded, `machine` is
        the share by the coder who counts, `share`, `low` and `high` the corrected one and its interval, `coded` and
        `method` as in `compare.corrected.corrected_shares`.
        """
        base = self.asked_of(variable, base)
        groups = [group for group in groups if (base[by] == group).any()] or groups
        table = shares(hits, base, of=of, by=by, labels=labels, groups=groups)
        sample = self.sample(variable, base)
        if sample.coded.empty or table.empty:
            return {"table": table, "differences": None, "sample": "", **self.trust(variable, labels)}
        known: dict[str, Any] = {
            "machine": hits,
            "human": sample.human.rename(columns={"value": of}),
            "units": base,
            "coded": sample.coded,
            "of": of,
            "by": by,
            "labels": labels,
            "groups": groups,
            "unasked": sample.unasked.rename(columns={"value": of}),
            "developed": self.is_developed(variable),
        }
        fixed = corrected_shares(**known)
        columns = ["machine", "coded", "share", "low", "high", "method"]
        plain = table[[by, of, "n", "total", "unit"]]
        table = plain.merge(fixed[[by, of, *columns]], on=[by, of], validate="one_to_one")
        apart = corrected_differences(**known)
        apart = apart.rename(columns={of: "label", f"{by}_a": "a", f"{by}_b": "b"})[DIFFERENCES]
        order = [by, of, "n", "total", *columns, "unit"]
        return {
            "table": table[order],
            "differences": apart,
            "sample": self.told(sample, set(fixed["method"])),
            **self.trust(variable, labels, corrected=True),
        }

    def ratios(
        self,
        variable: str,
        hits: pd.DataFrame,
        base: pd.DataFrame,
        *,
        of: str,
        worth: Mapping[str, float],
        human: pd.DataFrame | None = None,
        by: str = "outlet",
        groups: Sequence[str] | None = None,
    ) -> tuple[pd.DataFrame, str]:
        """The share of each label among all `hits`, and their net, as people would have coded them; what corrected them in words.

        Rows as `compare.corrected_positions` gives them; none, and no words, where nobody coded sentences of `base`.
        `human`: the people's hits (sentence_id, `of`), by default all codes that they gave for the variable.
        """
        base = self.asked_of(variable, base)
        sample = self.sample(variable, base)
        if sample.coded.empty:
            return pd.DataFrame(), ""
        given = sample.human.rename(columns={"value": of}) if human is None else human
        fixed = corrected_positions(
            hits,
            given[among(given["sentence_id"], sample.coded["sentence_id"])],
            base[among(base["sentence_id"], sample.units["sentence_id"])],
            sample.coded,
            worth=worth,
            of=of,
            by=by,
            groups=groups,
            developed=self.is_developed(variable),
        )
        return fixed, self.told(sample, set(fixed["method"]))

    def uncorrected(self, why: str) -> str:
        """Why shares are not corrected, to be said in a study of which people coded something else; else nothing."""
        return why if any(coder.is_person for coder in self.coders.values()) else ""

    def told(self, sample: HumanSample, methods: set[str]) -> str:
        """What corrected the shares, in the words of a caption."""
        n, whole = len(sample.coded), counted(len(sample.units), "sentence")
        if methods <= {CENSUS, NO_SAMPLE}:
            return f"census, people coded all {whole}"
        how = f"the {n:,} of {whole} that people coded"
        if SAMPLE in methods:
            chosen = self.counts(sample.variable).coder.name
            return f"from {how} alone, on which {coder_in_words(chosen)} were developed, with 95% intervals"
        return f"corrected by {how}, drawn at random, with 95% intervals"

    @property
    def target(self) -> Target | None:
        """The stance target that the study asks about; None where it asks about none."""
        return self.study.codebook.targets.get(self.study.settings.target)

    @property
    def topic(self) -> str:
        """The target's name within a sentence, "" without one."""
        return self.target.name.replace("The ", "the ", 1) if self.target else ""

    @property
    def asked(self) -> str:
        """The target as evidence writes it."""
        return in_words(self.study.settings.target)

    @cached_property
    def frames_of_sentences(self) -> dict[str, str]:
        """The frames of each sentence that has some, as evidence writes them."""
        found = self.counted.frames[["sentence_id", "frame"]].drop_duplicates()
        words = found["frame"].map({code: in_words(code) for code in found["frame"].unique()})
        return joined_words(found["sentence_id"], words, "|")

    @cached_property
    def _words_of_codes(self) -> dict[str, dict[str, str]]:
        """By the columns of evidence, what the codebook calls its codes."""
        book = self.study.codebook
        named = {"what": book.frames, "target": book.targets, "role": book.roles, "side": book.sides}
        words = {column: {code: one.name for code, one in codes.items()} for column, codes in named.items()}
        return {**words, "voice": {"author": "own words"}}

    def evidence(self, hits: pd.DataFrame, title: str, name: str, **how: Any) -> Evidence:
        """The sentences that hold the hits, with their speakers (see `show.evidence`)."""
        study = self.study
        shared: dict[str, Any] = {
            "limit": study.excerpts,
            "outlets": study.outlets,
            "sources": study.sources,
            "n": _ROWS if len(study.outlets) <= MANY else _ROWS_OF_MANY,
            "frames": self.frames_of_sentences,
        }
        found = show_evidence(hits, study.articles, study.sentences, title=title, name=name, **(shared | how))
        return replace(found, words=self._words_of_codes)


def coder_in_words(name: str) -> str:
    """A coder as captions name it: the rules, people, the language model x."""
    if name.startswith(MODEL):
        return f"the language model {name.removeprefix(MODEL)}"
    known = {RULES: "the rules", SETTLED: "people (settled)", LEARNER: "the learned coder"}
    return known.get(name, in_words(name))
