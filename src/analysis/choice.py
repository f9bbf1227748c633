"""Which study the notebooks are about: chosen in one place, for all of them."""

from __future__ import annotations

import ast
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import yaml

from analysis.study import StudyError, data_folder
from analysis.yaml_places import load_yaml, load_yaml_text, yaml_fault

PARAMETER = "STUDY"  # the one that notebooks have
_HEAD = "# The study that the notebooks are about, and the folder of its texts; `media-analysis lab STUDY` writes this.\n"
_WHERE = Path("runs", ".texts.yml")  # in a study's folder
_INJECTED = "# Parameters"  # how papermill's cell begins


@dataclass(frozen=True)
class Choice:
    """A study, by its folder or its name under `data/`, and the folder of its texts, "" for its own."""

    study: str = "sample"
    articles: str = ""

    def as_arguments(self) -> dict[str, str]:
        """What `open_study` is given for it."""
        return {name: value for name, value in asdict(self).items() if value}


def choice_file() -> Path:
    """`notebooks/study.yml` of the project."""
    return data_folder().parent / "notebooks" / "study.yml"


def load_choice() -> Choice:
    """What is chosen in `notebooks/study.yml`; the sample where there is no such file. Raises StudyError."""
    path = choice_file()
    if not path.exists():
        return Choice()
    text = load_yaml_text(path)
    try:
        data = load_yaml(text) or {}
    except yaml.YAMLError as error:
        line, wrong = yaml_fault(error, text)
        raise StudyError([f"{path}, line {line}: not valid YAML ({wrong})"]) from None
    known = [field.name for field in fields(Choice)]
    if not isinstance(data, dict) or not set(data) <= set(known):
        raise StudyError(
            [f"{path}: may hold {' and '.join(known)}, such as `study: sample`; remove it for the sample"]
        )
    return Choice(**{key: str(value) for key, value in data.items()})


def write_choice(choice: Choice) -> Path:
    """Choose this study for all notebooks, until another is chosen."""
    path = choice_file()
    path.write_text(
        _HEAD + yaml.safe_dump(choice.as_arguments(), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return path


def remember_texts(folder: Path, texts: Path) -> None:
    """Keep with the study on this machine where its texts were, for `lab`, which then needs not be told."""
    where = folder / _WHERE
    where.parent.mkdir(exist_ok=True)
    where.write_text(
        yaml.safe_dump({"articles": str(texts.expanduser().resolve())}, allow_unicode=True), encoding="utf-8"
    )


def remembered_texts(folder: Path) -> str:
    """The folder in which a report last found the study's texts, if it is there still; "" where none is known."""
    where = folder / _WHERE
    try:
        known = str(load_yaml(load_yaml_text(where))["articles"])
    except (OSError, TypeError, KeyError, yaml.YAMLError, StudyError):
        return ""
    return known if Path(known).is_dir() else ""


def require_known_parameters() -> None:
    """Raise StudyError where papermill has set a parameter that notebooks do not have, so that nothing runs in silence.

    Papermill itself only warns: `papermill -p study x` would be a run on the sample.
    """
    kernel = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    cells = [cell for cell in kernel.user_ns.get("In", []) if cell.startswith(_INJECTED)] if kernel else []
    names = {
        name.id
        for cell in cells
        for name in ast.walk(ast.parse(cell))
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    if unknown := sorted(names - {PARAMETER}):
        raise StudyError(
            [f"{name}: the notebooks have no such parameter; write `-p {PARAMETER} NAME`" for name in unknown]
        )
