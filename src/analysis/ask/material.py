"""What the questions about a study share: its tables with outlets and parts, and how far each code can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict

import pandas as pd

from analysis.codebook import Target
from analysis.coding.reliability import code_alpha, not_validated, reliability
from analysis.compare.corpus import parts_of_articles
from analysis.show.evidence import Evidence, evidence
from analysis.show.wording import in_words
from analysis.study import Study

STORY = ("lead", "body")
STANCES = ("unfavourable", "neutral", "favourable")


class Trust(TypedDict):
    """The fields of a comparison that say how far its codes can be trusted."""

    alpha: Mapping[str, float]
    doubtful: set[str]


@dataclass(frozen=True, eq=False)
class Material:
    """One study as the questions about it need it. Each table is made when it is first asked for."""

    study: Study

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

    def trust(self, of: str, codes: Sequence[str]) -> Trust:
        """How far these codes can be trusted; `of` is frames, sentiment or `stance on TARGET`."""
        return {
            "alpha": code_alpha(self.agreement, of, codes),
            "doubtful": not_validated(self.agreement, of, codes),
        }

    @property
    def target(self) -> Target:
        """The stance target that the study asks about."""
        return self.study.codebook.targets[self.study.settings.target]

    @property
    def topic(self) -> str:
        """The target's name within a sentence."""
        return self.target.name.replace("The ", "the ", 1)

    @property
    def asked(self) -> str:
        """The target as evidence writes it."""
        return in_words(self.target.code)

    def evidence(self, hits: pd.DataFrame, title: str, name: str, **how: Any) -> Evidence:
        """The sentences that hold the hits, with their speakers (see `show.evidence`)."""
        study = self.study
        shared: dict[str, Any] = {
            "limit": study.excerpts,
            "outlets": study.outlets,
            "sources": study.sources,
            "n": 500,
        }
        return evidence(hits, study.articles, study.sentences, title=title, name=name, **(shared | how))
