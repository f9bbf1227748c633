"""`media-analysis lab`: JupyterLab on the notebooks."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.common import Add, begin

if TYPE_CHECKING:
    from analysis.choice import Choice


def register(add: Add) -> None:
    """Add the command to the parser."""
    parser = add("lab", run, "open JupyterLab on the notebooks")
    parser.add_argument(
        "study",
        nargs="?",
        metavar="STUDY",
        help="folder or name under data/ that the notebooks are about from now on (default: as last chosen, else sample)",
    )
    parser.add_argument(
        "--articles",
        metavar="FOLDER",
        type=Path,
        help="where its texts are, if not in the study's articles/ (default: where a report last found them)",
    )
    parser.add_argument(
        "--allow-root", action="store_true", help="let JupyterLab run as root, as in a container"
    )


def run(arguments: argparse.Namespace) -> int:
    from analysis.choice import load_choice, write_choice
    from analysis.study import StudyError, data_folder

    begin(with_sample=not arguments.study)
    if arguments.study:
        write_choice(_choice(arguments.study, arguments.articles))
    elif arguments.articles:
        raise StudyError(
            ["--articles names the texts of a study: say which, as in `lab STUDY --articles FOLDER`"]
        )
    print(f"The notebooks are about {load_choice().study}.")
    command = lab_command(data_folder().parent)
    if arguments.allow_root:
        command.append("--allow-root")
    code = os.spawnv(os.P_WAIT, command[0], command)
    if code and not arguments.allow_root and hasattr(os, "geteuid") and os.geteuid() == 0:
        print(
            "media-analysis: JupyterLab does not run as root; in a container add --allow-root",
            file=sys.stderr,
        )
    return code


def _choice(study: str, articles: Path | None) -> Choice:
    """The study under a name that holds wherever the notebooks are, with the folder of its texts, if not named the one
    in which a report last found them."""
    from analysis.choice import Choice, remembered_texts
    from analysis.study import StudyError, find_study, how_found

    folder = find_study(study)
    if articles and not articles.is_dir():
        raise StudyError([f"--articles {articles}: no such folder"])
    return Choice(how_found(folder), str(articles.resolve()) if articles else remembered_texts(folder))


def lab_command(project: Path) -> list[str]:
    """The command that opens JupyterLab on the project's notebooks and asks the network for nothing."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--notebook-dir={project}"),
        "--LabApp.default_url=/lab/tree/notebooks/08-findings.ipynb",
        f"--LabApp.app_settings_dir={Path(__file__).parent.parent / 'publish' / 'lab'}",
    ]
