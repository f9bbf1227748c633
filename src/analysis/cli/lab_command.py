"""`media-analysis lab`: JupyterLab on the notebooks."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.cli.common import Add


def register(add: Add) -> None:
    """Add the command to the parser."""
    add("lab", run, "open JupyterLab on the notebooks")


def run(_arguments: argparse.Namespace) -> int:
    from analysis.study import data_folder

    command = lab_command(data_folder().parent)
    return os.spawnv(os.P_WAIT, command[0], command)


def lab_command(project: Path) -> list[str]:
    """The command that opens JupyterLab on the project's notebooks and asks the network for nothing."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--notebook-dir={project}"),
        "--LabApp.default_url=/lab/tree/notebooks/08-findings.ipynb",
        f"--LabApp.app_settings_dir={Path(__file__).parent.parent / 'publish' / 'lab'}",
    ]
