"""A coder that learns from a study's coded sentences: from which ones, and how well it codes them beside the rules."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.coding.agreement import scores_by_code
from analysis.coding.files import LEARNER, coded_places, coder_fault, coder_names, coding_files, write_learned
from analysis.coding.learned import FOLDS, Coder, fit
from analysis.coding.reliability import codes_found, codes_given
from analysis.study import Study, StudyError

STANCE = "stance:"


@dataclass(frozen=True, eq=False)
class Training:
    """A coder that learned one question from a study's coded sentences.

    `question` is frames, sentiment or `stance:TARGET`; `teacher` whose coding it learned from, None the reference
    coding. `coded`: the sentences, article_id, sentence, start, end, text, codes (a set). `whole_articles`: no article
    is on both sides of a fold. `scores`: a row a code, then micro and macro: code, n, n_found, precision, recall, f1
    of the learned coder, and the f1 of the `rules` on the same sentences.
    """

    study: Study
    question: str
    teacher: str | None
    coded: pd.DataFrame
    whole_articles: bool
    coder: Coder
    scores: pd.DataFrame

    def save(self) -> list[Path]:
        """Write its codes as one coder more into `coding/`, and the coder itself into `models/`; the paths."""
        model = self.study.folder / "models" / f"{self.question.replace(':', '-')}.coder"
        self.coder.save(model)
        return [*write_learned(self.study, self.question, self.coded, self.coder.out_of_fold), model]


def train(study: Study, question: str, teacher: str | None = None) -> Training:
    """Learn to code `question` from the sentences that `teacher` coded (default: see `choose_teacher`).

    Raises StudyError where the question is none of the codebook, or nothing can be learned of it.
    """
    teacher = choose_teacher(study, teacher)
    coded = coded_sentences(study, question, teacher)
    whole_articles = int(coded["article_id"].nunique()) >= 2 * FOLDS
    groups = coded["article_id"].tolist() if whole_articles else None
    try:
        coder = fit(coded["text"].tolist(), coded["codes"].tolist(), groups=groups)
    except ValueError as error:
        raise StudyError([f"{study.folder / 'coding'}: {error}"]) from None
    rules = _by_rules(study, coded, question, coder)
    scores = coder.cross_validated.merge(rules, on="code", how="left", validate="one_to_one")
    return Training(study, question, teacher, coded, whole_articles, coder, scores)


def choose_teacher(study: Study, asked: str | None = None) -> str | None:
    """The coder to learn from; None is the reference coding. Among several without a reference the user has to choose."""
    people = [name for name in coder_names(study.coding) if name != LEARNER]
    if asked in people or (asked is None and coding_files(None)[0] in study.coding):
        return asked
    if asked is None and len(people) == 1:
        return people[0]
    if asked and asked != LEARNER and (fault := coder_fault(asked)):
        raise StudyError([f"--coder: {fault}"])
    file = study.folder / "coding" / f"{coding_files(asked)[0]}.csv"
    if asked == LEARNER:
        wrong = "holds what was learned, and from that nothing more can be"
    else:
        wrong = "is not there, so nothing can be learned"
    commands = " or ".join(
        f"`media-analysis learn {study.folder.name} --coder {shlex.quote(name)}`" for name in people
    )
    sheets = f"code sentences (`media-analysis coding-sheet {study.folder.name}` begins)"
    raise StudyError([f"{file}: {wrong}; {f'learn from one coder: {commands}' if people else sheets}"])


def coded_sentences(study: Study, question: str, coder: str | None) -> pd.DataFrame:
    """The coded sentences whose texts are here: article_id, sentence, start, end, text, codes (a set)."""
    _check_question(study, question)
    sentences, stances = coding_files(coder)
    given, of = codes_given(study.coding, coder), _as_compared(question)
    if of not in given:
        file = study.folder / "coding" / f"{stances}.csv"
        raise StudyError([f"{file}: nobody coded {of}; learn of something else"])
    units = coded_places(study.coding, sentences)
    units = units.assign(codes=units["sentence"].map(given[of]))
    if question == "sentiment":  # a sentence without tone was not coded
        units = units[units["codes"].map(len) > 0]
    texts = study.articles.set_index("article_id")["text"].dropna()
    here = units[units["article_id"].isin(texts.index)].reset_index(drop=True)
    if here.empty:
        raise StudyError([f"{study.name}: none of the coded texts is here; name their folder by --articles"])
    return here.assign(text=[texts[s.article_id][s.start : s.end] for s in here.itertuples()])


def _as_compared(question: str) -> str:
    """As `reliability` calls it."""
    return f"stance on {question.removeprefix(STANCE)}" if question.startswith(STANCE) else question


def _check_question(study: Study, question: str) -> None:
    questions = ["frames", "sentiment", *(STANCE + target for target in study.codebook.targets)]
    if question not in questions:
        raise StudyError(
            [f"--of {question}: is no question of this study's codebook; there are: {', '.join(questions)}"]
        )


def _by_rules(study: Study, coded: pd.DataFrame, question: str, coder: Coder) -> pd.DataFrame:
    """The rules' F1 on the same sentences: code, rules; the macro mean too."""
    reference = coded.set_index("sentence")["codes"]
    found = codes_found(study.tables, coded).get(_as_compared(question), reference.map(lambda _: frozenset()))
    rules = scores_by_code(found, reference, coder.codes)[["code", "f1"]].rename(columns={"f1": "rules"})
    macro = pd.DataFrame({"code": ["macro"], "rules": [rules["rules"].mean()]})
    return pd.concat([rules, macro], ignore_index=True)
