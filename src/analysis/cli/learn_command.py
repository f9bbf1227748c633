"""`media-analysis learn`: a coder that learns from a study's coded sentences, beside the rules."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from analysis.cli.common import OK, Add, progress

if TYPE_CHECKING:
    import pandas as pd

    from analysis.coding.learned import Coder
    from analysis.study import Study

STANCE = "stance:"


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "learn", run, "learn to code from a study's coded sentences, and say how well beside the rules"
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--of",
        default="frames",
        metavar="QUESTION",
        help="frames, sentiment or stance:TARGET (default: frames)",
    )
    parser.add_argument(
        "--coder",
        metavar="NAME",
        help="learn from this coder's sentences (default: the reference coding, else the only coder's)",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.coding.files import write_learned
    from analysis.coding.learned import fit
    from analysis.show.terminal import plain_console, print_learned
    from analysis.studies import open_study
    from analysis.study import StudyError

    with progress("annotating") as step:
        study = open_study(arguments.study, arguments.articles, step)
    who = _whose(study, arguments.coder)
    coded = _coded(study, arguments.of, who)
    groups = coded["article_id"].tolist() if _fill_folds(coded) else None
    try:
        with progress("learning"):
            coder = fit(coded["text"].tolist(), coded["codes"].tolist(), groups=groups)
    except ValueError as error:
        raise StudyError([f"{study.folder / 'coding'}: {error}"]) from None
    table = coder.cross_validated.merge(
        _by_rules(study, coded, arguments.of, coder), on="code", how="left", validate="one_to_one"
    )
    print_learned(table, _said(study, coded, arguments.of, coder, who), plain_console())
    model = study.folder / "models" / f"{arguments.of.replace(':', '-')}.coder"
    coder.save(model)
    for path in (*write_learned(study, arguments.of, coded, coder.out_of_fold), model):
        print(path)
    print(f"To code new texts: media-analysis annotate FOLDER --model {shlex.quote(str(model))} --out OUT")
    return OK


def _whose(study: Study, asked: str | None) -> str | None:
    """The coder to learn from; None is the reference coding. Among several without a reference the user has to choose."""
    from analysis.coding.files import LEARNER, coder_fault
    from analysis.study import StudyError

    names = [name.removesuffix("_sentences") for name in study.coding if name.endswith("_sentences")]
    people = [name for name in names if name != LEARNER]
    if asked in people or (asked is None and "sentences" in study.coding):
        return asked
    if asked is None and len(people) == 1:
        return people[0]
    if asked and asked != LEARNER and (fault := coder_fault(asked)):
        raise StudyError([f"--coder: {fault}"])
    file = study.folder / "coding" / (f"{asked}_sentences.csv" if asked else "sentences.csv")
    if asked == LEARNER:
        wrong = "holds what was learned, and from that nothing more can be"
    else:
        wrong = "is not there, so nothing can be learned"
    commands = " or ".join(
        f"`media-analysis learn {study.folder.name} --coder {shlex.quote(name)}`" for name in people
    )
    sheets = f"code sentences (`media-analysis coding-sheet {study.folder.name}` begins)"
    raise StudyError([f"{file}: {wrong}; {f'learn from one coder: {commands}' if people else sheets}"])


def _coded(study: Study, of: str, coder: str | None) -> pd.DataFrame:
    """The coded sentences whose texts are here: article_id, sentence, start, end, text, codes (a set)."""
    from analysis.coding.files import coded_places
    from analysis.coding.reliability import codes_given
    from analysis.study import StudyError

    folder, before = study.folder / "coding", f"{coder}_" if coder else ""
    _check_question(study, of)
    given = codes_given(study.coding, coder)
    if _question(of) not in given:
        raise StudyError(
            [f"{folder / f'{before}stances.csv'}: nobody coded {_question(of)}; learn of something else"]
        )
    units = coded_places(study.coding, f"{before}sentences")
    units = units.assign(codes=units["sentence"].map(given[_question(of)]))
    if of == "sentiment":  # a sentence without tone was not coded
        units = units[units["codes"].map(len) > 0]
    texts = study.articles.set_index("article_id")["text"].dropna()
    here = units[units["article_id"].isin(texts.index)].reset_index(drop=True)
    if here.empty:
        raise StudyError([f"{study.name}: none of the coded texts is here; name their folder by --articles"])
    return here.assign(text=[texts[s.article_id][s.start : s.end] for s in here.itertuples()])


def _question(of: str) -> str:
    """As `reliability` calls it."""
    return f"stance on {of.removeprefix(STANCE)}" if of.startswith(STANCE) else of


def _check_question(study: Study, of: str) -> None:
    from analysis.study import StudyError

    questions = ["frames", "sentiment", *(STANCE + target for target in study.codebook.targets)]
    if of not in questions:
        raise StudyError(
            [f"--of {of}: is no question of this study's codebook; there are: {', '.join(questions)}"]
        )


def _fill_folds(coded: pd.DataFrame) -> bool:
    """Whether there are articles enough to keep the sentences of one together."""
    from analysis.coding.learned import FOLDS

    return int(coded["article_id"].nunique()) >= 2 * FOLDS


def _by_rules(study: Study, coded: pd.DataFrame, of: str, coder: Coder) -> pd.DataFrame:
    """The rules' F1 on the same sentences: code, rules; the macro mean too."""
    import pandas as pd

    from analysis.coding.agreement import scores_by_code
    from analysis.coding.reliability import codes_found

    reference = coded.set_index("sentence")["codes"]
    found = codes_found(study.tables, coded).get(_question(of), reference.map(lambda _: frozenset()))
    rules = scores_by_code(found, reference, coder.codes)[["code", "f1"]].rename(columns={"f1": "rules"})
    macro = pd.DataFrame({"code": ["macro"], "rules": [rules["rules"].mean()]})
    return pd.concat([rules, macro], ignore_index=True)


def _said(study: Study, coded: pd.DataFrame, of: str, coder: Coder, who: str | None) -> list[str]:
    """What the figures rest on, and what they cannot show."""
    from analysis.coding.learned import FEWEST, FOLDS
    from analysis.show.wording import counted, listed

    articles = int(coded["article_id"].nunique())
    said = [
        f"{study.name}, {of}: {counted(len(coded), 'coded sentence')} of {counted(articles, 'article')}, by "
        f"{who or 'the reference coding'}. F1 of the "
        f"learned coder is out of fold: each sentence was coded by one that had read the other {FOLDS - 1} of {FOLDS} parts."
    ]
    if coder.left_out:
        rare = listed(f"{code} ({n})" for code, n in coder.left_out.items())
        said.append(f"Too rare to be learned, with fewer than {FEWEST} sentences: {rare}.")
    said.append(
        "No article is on both sides of a fold, so these figures hold for other articles of this kind."
        if _fill_folds(coded)
        else f"{counted(articles, 'article')} are too few to keep apart, so the folds share articles: names and phrases "
        "of one article help to code its other sentences. Expect less on other articles."
    )
    said.append(
        "The figures of a code with few sentences rest on two or three of them. If the rules were developed on these "
        "sentences, their F1 flatters them. What coders overlooked, the learned coder has learned to overlook."
    )
    return said
