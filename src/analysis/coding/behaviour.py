"""Behaviour of a coder under a codebook: does it give each definition and example its code, and no counter-example?

The tests of Halterman & Keith (2024, "Codebook LLMs"): what the codebook itself says of a code has to lead back to it,
and neither the order in which codes stand nor the names they bear may change what is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import pandas as pd

from analysis.annotate.frames import find_frames
from analysis.annotate.quotes import find_quotes
from analysis.annotate.sentiment import NEUTRAL
from analysis.annotate.sources import identify_sources
from analysis.annotate.stance import find_stance
from analysis.annotate.voices import find_voices
from analysis.codebook import Code, Codebook
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import FRAMES, STANCE, Request, Unit, build_requests, key_of, questions_of
from analysis.language import Language
from analysis.parse.document import parse_text

DEFINITION, EXAMPLE, COUNTER_EXAMPLE = "definition", "example", "counter-example"
REVERSED, RENAMED = "codes in reverse order", "codes with nonsense names"

Decision = tuple[str, str]  # a frame or stance target, and the position on it; "" of a frame
Coder = Callable[[Codebook, Sequence[str]], list[frozenset[Decision]]]  # the decisions on each text


class Probe(NamedTuple):
    """A text of the codebook about one of its codes, which is to be given it, or is not."""

    variable: str  # frames or stance
    code: str
    kind: str
    text: str


def probes_of(codebook: Codebook) -> list[Probe]:
    """Every definition, example and counter-example of frames and stance targets, in the codebook's order."""
    codes = chain((("frames", c) for c in codebook.frames.values()), (("stance", t) for t in codebook.targets.values()))  # fmt: skip
    return [
        Probe(variable, code.code, kind, " ".join(text.split()))
        for variable, code in codes
        for kind, text in (
            (DEFINITION, code.definition),
            (EXAMPLE, code.example),
            (COUNTER_EXAMPLE, code.counter_example),
        )
        if text.strip()
    ]


def rules(language: Language) -> Coder:
    """The rules as a coder of single texts, each read as an article of its own."""

    def code(codebook: Codebook, texts: Sequence[str]) -> list[frozenset[Decision]]:
        documents = [parse_text(text, language, str(number)) for number, text in enumerate(texts)]
        quotes, _, _ = identify_sources(documents, find_quotes(documents, codebook), codebook)
        frames = find_frames(documents, codebook).assign(value="")
        stance = find_stance(documents, quotes, find_voices(quotes, documents), codebook)
        found: dict[str, set[Decision]] = {document.article_id: set() for document in documents}
        for table, columns in ((frames, ("frame", "value")), (stance, ("target", "stance"))):
            for article, *decision in table[["article_id", *columns]].itertuples(index=False):
                found[article].add((decision[0], decision[1]))
        return [frozenset(decisions) for decisions in found.values()]

    return code


def model(name: str, ledger: Ledger, send: Callable[[Sequence[Request]], object]) -> Coder:
    """A language model as a coder of single texts; `send` has its answers put into the ledger, none asked twice.

    A text that it does not answer is given nothing.
    """

    def code(codebook: Codebook, texts: Sequence[str]) -> list[frozenset[Decision]]:
        questions = questions_of(codebook, [FRAMES, STANCE.split()[0]])
        order = tuple(question.variable + question.code for question in questions)
        units = [
            Unit(str(n), "codebook", 0, text, {"sentence": text}, under=order) for n, text in enumerate(texts)
        ]
        requests = list(build_requests(units, questions, name, known=ledger.answers))
        if requests:
            send(requests)
        return [
            frozenset(
                (question.code, "" if question.variable == FRAMES else given.value)
                for question in questions
                for given in ledger.answers.get(key_of(unit, question, name, 0), ())
            )
            for unit in units
        ]

    return code


class UnansweredError(LookupError):
    """A text on which a model's answer is not kept."""


def recorded(name: str, ledger: Ledger) -> Coder:
    """A language model as a coder of single texts by its kept answers alone. Raises UnansweredError where one is missing."""

    def send(requests: Sequence[Request]) -> None:
        raise UnansweredError(f"{name}: {len(requests)} requests of probes have no answer")

    return model(name, ledger, send)


def examine(codebook: Codebook, coder: Coder) -> pd.DataFrame:
    """One row for each probe: what it is, whether its code was `given`, and whether that is as it should be (`right`).

    A stance target counts as given where a position on it is taken; speaking of it neutrally is none.
    """
    probes = probes_of(codebook)
    decisions = coder(codebook, [probe.text for probe in probes])
    rows = [
        (*probe, given, given == (probe.kind != COUNTER_EXAMPLE))
        for probe, found in zip(probes, decisions, strict=True)
        for given in [any(code == probe.code and value != NEUTRAL for code, value in found)]
    ]
    return pd.DataFrame(rows, columns=[*Probe._fields, "given", "right"])


def compare_changed(codebook: Codebook, coder: Coder) -> pd.DataFrame:
    """How many decisions on the probes change with the codes in reverse order, and with nonsense for their names.

    `changed` of `total`: decisions given under one codebook and not under the other, of those given under either.
    """
    texts = [probe.text for probe in probes_of(codebook)]
    before = coder(codebook, texts)
    renamed, names = rename(codebook)
    rows = []
    for change, other, back in ((REVERSED, reverse(codebook), {}), (RENAMED, renamed, names)):
        after = [
            frozenset((back.get(code, code), value) for code, value in found) for found in coder(other, texts)
        ]
        pairs = list(zip(before, after, strict=True))
        rows.append((change, sum(len(a ^ b) for a, b in pairs), sum(len(a | b) for a, b in pairs)))
    return pd.DataFrame(rows, columns=["change", "changed", "total"])


def reverse(codebook: Codebook) -> Codebook:
    """The codebook with its frames and stance targets in reverse order."""
    return replace(
        codebook,
        frames=dict(list(codebook.frames.items())[::-1]),
        targets=dict(list(codebook.targets.items())[::-1]),
    )


def rename(codebook: Codebook) -> tuple[Codebook, Mapping[str, str]]:
    """The codebook with nonsense for the names of frames and targets, and what each stands for."""
    codes = [*codebook.frames, *codebook.targets]
    nonsense = dict(zip(codes, map(_nonsense, range(len(codes))), strict=True))
    frames = {nonsense[code]: _named(frame, nonsense[code]) for code, frame in codebook.frames.items()}
    targets = {
        nonsense[code]: replace(
            target,
            code=nonsense[code],
            name=nonsense[code],
            implies={nonsense[other]: values for other, values in target.implies.items()},
        )
        for code, target in codebook.targets.items()
    }
    return replace(codebook, frames=frames, targets=targets), {new: old for old, new in nonsense.items()}


def _named(code: Code, name: str) -> Code:
    return replace(code, code=name, name=name)


def _nonsense(number: int) -> str:
    """A word that means nothing, another for each number."""
    consonants, vowels = "bdfgklmnprtvz", "aeiou"
    syllables = (number, 7 * number + 3, 5 * number + 1)
    return "".join(consonants[n % len(consonants)] + vowels[n % len(vowels)] for n in syllables) + str(number)
