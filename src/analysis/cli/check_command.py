"""`media-analysis check`: every fault of a study, before anything is run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import BAD_INPUT, FAILED, OK, Add, progress, tell_account, tell_problems
from analysis.cli.new_command import almost_alike

if TYPE_CHECKING:
    from analysis.codebook import Codebook
    from analysis.coding.behaviour import Coder
    from analysis.study import Study


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add(
        "check", run, "check a study's metadata, codebook, coding and articles, and list every fault"
    )
    parser.add_argument("study", metavar="STUDY", help="folder or name under data/")
    parser.add_argument(
        "--articles", metavar="FOLDER", help="where the texts are, if not in the study's articles/"
    )
    parser.add_argument(
        "--coder",
        metavar="MODEL",
        help="try the codebook's definitions and examples also on this language model; needs --at",
    )
    parser.add_argument(
        "--at",
        metavar="URL",
        help="an address that speaks OpenAI's protocol, such as http://localhost:11434/v1 (Ollama)",
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.annotate.quotes.rule_check import check_rules
    from analysis.codebook import check_codebook
    from analysis.draft_codebook import find_unwritten
    from analysis.show.wording import counted
    from analysis.studies import find_faults, find_unknown_persons, find_unused_indicators, open_study
    from analysis.study import ACCOUNT, codebook_folder, find_study

    folder = find_study(arguments.study)
    faults, problems = find_faults(folder, arguments.articles)
    remarks = check_codebook(codebook_folder(folder))
    for said in (*faults, *remarks):
        print(said)
    if faults or any(remark.severity == "error" for remark in remarks):
        tell_problems(problems)
        return BAD_INPUT
    with progress("annotating") as step:
        study = open_study(folder, arguments.articles, step)
    unfit = check_rules(study.language, study.codebook)
    for fault in unfit:
        print(fault)
    _tell_behaviour(study.codebook, _coders(study, arguments), [str(remark) for remark in remarks])
    skipped = tell_problems(study.problems)
    for article in study.missing.itertuples():
        where = f"; published at {article.url}" if isinstance(article.url, str) else ""
        print(f"{article.article_id} ({article.outlet}): its text is missing{where}")
    if (folder / ACCOUNT).exists():
        tell_account(study.account)
    _tell_unknown(study)
    for said in find_unwritten(codebook_folder(folder)):
        print(said)
    for said in find_unknown_persons(study):
        print(said)
    unused = find_unused_indicators(study)
    for placed in unused:
        if Path(placed.file).is_relative_to(folder):
            print(
                f"{placed.file}, line {placed.line}: {placed.code!r}: {placed.indicator!r} finds nothing{_where(study, placed.code)}"
            )
    print(
        f"{study.name}: {counted(len(study.articles), 'article')} of {counted(len(study.outlets), 'outlet')}, "
        f"{counted(len(study.missing), 'text')} missing, {counted(skipped, 'file')} left out, "
        f"{counted(len(remarks), 'remark')} on the codebook, {counted(len(unused), 'indicator')} without a hit (shipped ones included)"
    )
    lost = int(study.account["lost"].fillna(0).sum())
    return FAILED if skipped or unfit or lost else OK


def _tell_unknown(study: Study) -> None:
    """Say what of the articles and of the study's question is not known, and which outlets may be one."""
    from analysis.new_studies import find_outlets_almost_alike
    from analysis.show.wording import counted

    if undated := int(study.articles["published"].isna().sum()):
        print(f"{counted(undated, 'article')} without a date (column published of articles.csv)")
    for one, other in find_outlets_almost_alike(study.articles["outlet"].dropna()):
        print(almost_alike(one, other))
    if not study.settings.question:
        print("study.yml has no question, which the report's first page opens with")
    if not study.settings.target:
        print("study.yml has no target: nothing is asked about stance")


def _coders(study: Study, arguments: argparse.Namespace) -> dict[str, Coder]:
    """The coders whose behaviour is tried, by name. Raises StudyError where a model is named without its address."""
    from analysis.coding.behaviour import model, rules

    coders = {"rules": rules(study.language)}
    if arguments.coder:
        from analysis.coding.model.coder import ModelCoder
        from analysis.coding.model.ledger import Ledger
        from analysis.coding.model.sending import Address
        from analysis.coding.model.sending import run as send
        from analysis.study import StudyError

        if not arguments.at:
            raise StudyError(["say where the model is, with --at URL"])
        ledger = Ledger(ModelCoder(study, arguments.coder, ()).ledger_path)
        address = Address(arguments.at, arguments.coder)
        coders[arguments.coder] = model(
            arguments.coder, ledger, lambda requests: send(requests, address, ledger)
        )
    return coders


def _tell_behaviour(codebook: Codebook, coders: dict[str, Coder], said: list[str]) -> None:
    """Print what each coder makes of the codebook's own texts; what the remarks `said` already is left out."""
    from analysis.coding.behaviour import COUNTER_EXAMPLE, DEFINITION, EXAMPLE, compare_changed, examine

    for name, coder in coders.items():
        tried = examine(codebook, coder)
        for probe in tried[~tried["right"] & tried["kind"].ne(DEFINITION)].itertuples():
            its = f"{probe.code!r}: its {probe.kind.replace('-', '_')} "
            if name != "rules" or not any(its in remark for remark in said):
                wrong = "is given" if probe.kind == COUNTER_EXAMPLE else "is not given"
                print(f"{name}: the {probe.kind} of {probe.code!r} {wrong} its code: {probe.text}")
        counts = tried.groupby("kind")["given"].agg(["sum", "size"]).to_dict("index")
        found = (
            f"{n['sum']} of {n['size']} {kind}s"
            for kind in (EXAMPLE, COUNTER_EXAMPLE, DEFINITION)
            if (n := counts.get(kind))
        )
        changes = (
            f"{c.changed} of {c.total} with {c.change}" for c in compare_changed(codebook, coder).itertuples()
        )
        print(f"{name}: gives its code to {', '.join(found)}; decisions that change: {', '.join(changes)}")


def _where(study: Study, code: str) -> str:
    target = study.codebook.targets.get(code)
    return f" in sentences about {target.name}" if target else " in these articles"
