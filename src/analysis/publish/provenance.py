"""Where a report comes from: its inputs by their hashes, as words at a page's foot and as an RO-Crate.

The form is RO-Crate 1.1 (Soiland-Reyes et al. 2022), JSON-LD in `ro-crate-metadata.json`: inputs, software and the
files of the report are entities, the command and each notebook's run are `CreateAction`s. It holds no text.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from analysis.codebook import codebook_files
from analysis.study import METADATA, SETTINGS, Study, StudyError, codebook_folder

RECORD = "ro-crate-metadata.json"
NO_DATE = "1970-01-01"
Entity = dict[str, Any]
_OPTION = "#option/"


def made_from(study: Study, notebooks: Sequence[Path], options: Mapping[str, object]) -> list[Entity]:
    """What a report depends on, an entity each: articles, codebook, coding, notebooks, options, software.

    `options` are those of the command that change the report. Same inputs, same entities.
    """
    settings = [study.folder / SETTINGS, study.folder / METADATA]
    codebook = codebook_folder(study.folder)
    coding = sorted((study.folder / "coding").glob("*.csv"))
    published = sorted((study.folder / "annotations").glob("*.csv")) if len(study.missing) else []
    return [
        *(_article(row) for row in study.articles.to_dict("records")),
        *(_file("study", path) for path in settings if path.exists()),
        *(
            _file("codebook" if path.parent == codebook else "general-codebook", path)
            for path in codebook_files(codebook)
        ),
        *(_file("coding", path) for path in coding),
        *(_file("annotations", path) for path in published),
        *({**_file("notebook", path), "@type": "SoftwareSourceCode"} for path in notebooks),
        *(
            {"@id": f"{_OPTION}{name}", "@type": "PropertyValue", "name": name, "value": value}
            for name, value in options.items()
        ),
        *_software(),
    ]


def in_words(inputs: Sequence[Entity], command: str) -> dict[str, str]:
    """What a page's foot says of its origin: a name and a value each, hashes by their first twelve digits; articles are counted."""

    def hashes(kind: str) -> str:
        rows = [e for e in inputs if str(e["@id"]).startswith(f"#{kind}/")]
        return ", ".join(f"{e['identifier']} {str(e.get('sha256'))[:12]}" for e in rows) or "none"

    known = {str(e["@id"]): e for e in inputs}
    n_articles = sum(name.startswith("#article/") for name in known)
    own, python = known["#media-analysis"], known["#package/Python"]
    packages = len(own["softwareRequirements"]) - 1
    words = {
        "Articles": f"{n_articles:,}, each with its hash in {RECORD}",
        "Codebook (SHA-256)": hashes("codebook"),
        "General codebook (SHA-256)": hashes("general-codebook"),
        "Reference coding (SHA-256)": hashes("coding"),
        "Made with": f"media-analysis {own['softwareVersion']} ({str(own['sha256'])[:12]}), "
        f"Python {python['softwareVersion']} and {packages} packages, their versions in {RECORD}",
        "Command": command,
    }
    return {name: value for name, value in words.items() if value != "none" or name.startswith("Reference")}


def crate(
    folder: Path,
    *,
    title: str,
    notice: str,
    summary: str = "",
    command: str,
    inputs: Sequence[Entity],
    runs: Iterable[tuple[str, str, str]],
) -> str:
    """The RO-Crate of the report that lies complete in `folder`, as JSON.

    `summary`: question, articles and dates in a line. `runs`: each notebook's name, the file of its page, and why it stopped, empty where it did not. A report bears no
    time of its own, so that the same inputs give the same bytes: `datePublished`, which the form asks for, is that of
    the newest article, or 1970-01-01 where none has a date.
    """
    files = [_made(folder, path) for path in sorted(p for p in folder.rglob("*") if p.is_file())]
    actions = [
        {
            "@id": "#command",
            "@type": "CreateAction",
            "name": command,
            "instrument": {"@id": "#media-analysis"},
            "object": [_to(e) for e in inputs],
            "result": [_to(e) for e in files],
        },
        *(_run(*run) for run in runs),
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": f"A report on the study “{title}”: how each outlet frames its story, in what tone and with "
        "what stance, and whom it quotes.",
        "datePublished": max((e["datePublished"] for e in inputs if "datePublished" in e), default=NO_DATE),
        "license": {"@id": "#rights"},
        "hasPart": [_to(e) for e in files],
        "mentions": [_to(e) for e in actions],
        **({"abstract": notice} if notice else {}),
        **({"disambiguatingDescription": summary} if summary else {}),
    }
    about = {
        "@id": RECORD,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    rights = {
        "@id": "#rights",
        "@type": "CreativeWork",
        "name": "Rights",
        "description": "The articles, and what is quoted of them, belong to those who published them.",
    }
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
    graph = [about, root, rights, *files, *actions, *inputs]
    return (
        json.dumps({"@context": context, "@graph": graph}, indent=1, ensure_ascii=False, sort_keys=True)
        + "\n"
    )


def load_crate(folder: Path) -> dict[str, Entity]:
    """The entities of the report in `folder` by their ids. Raises StudyError where there is none."""
    path = folder / RECORD
    try:
        graph = json.loads(path.read_text(encoding="utf-8"))["@graph"]
        return {str(entity["@id"]): entity for entity in graph}
    except FileNotFoundError:
        raise StudyError([f"{folder}: no report is there ({RECORD} is missing); make one first"]) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise StudyError(
            [f"{path}: cannot be read as the record of a report; make the report again"]
        ) from None


def recorded_files(known: Mapping[str, Entity]) -> dict[str, str]:
    """The files of the report by their names, with their hashes."""
    return {name: str(e["sha256"]) for name, e in known.items() if e.get("@type") == "File"}


def recorded_options(known: Mapping[str, Entity]) -> dict[str, object]:
    """The options that the report was made with, by their names."""
    return {str(e["name"]): e["value"] for name, e in known.items() if name.startswith(_OPTION)}


def changed_inputs(old: Mapping[str, Entity], new: Mapping[str, Entity]) -> list[str]:
    """Each input that is new, gone or another than it was, in words."""
    said = []
    for name in sorted(name for name in {**old, **new} if name.startswith("#")):
        if old.get(name) == new.get(name) or {**old, **new}[name]["@type"] == "CreateAction":
            continue
        called = name[1:].replace("/", " ", 1)
        if name in old and name in new:
            said.append(f"{called}: {_difference(old[name], new[name])}")
        else:
            said.append(f"{called}: {'new' if name in new else 'gone'}")
    return said


def _difference(old: Entity, new: Entity) -> str:
    for key in ("softwareVersion", "value"):
        if old.get(key) != new.get(key):
            return f"{old.get(key)} before, now {new.get(key)}"
    return "different content" if old.get("sha256") != new.get("sha256") else "described differently"


def _article(row: Mapping[str, Any]) -> Entity:
    known = {
        "name": row["title"],
        "publisher": row["outlet"],
        "author": row["author"],
        "datePublished": row["published"],
        "url": row["url"],
        "sha256": row["sha256"],
        "description": "Text not here; its published annotations were used."
        if pd.isna(row["text"])
        else None,
    }
    return {
        "@id": f"#article/{quote(row['article_id'])}",
        "@type": "NewsArticle",
        "identifier": row["article_id"],
        **{key: value for key, value in known.items() if isinstance(value, str)},
    }


def _file(kind: str, path: Path) -> Entity:
    return {
        "@id": f"#{kind}/{quote(path.name)}",
        "@type": "CreativeWork",
        "name": f"{kind}: {path.name}",
        "identifier": path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }


_NO_CODE = {"__pycache__", "shipped"}  # `shipped`: the notebooks and the sample study, which are inputs


def _software() -> list[Entity]:
    """This library, whose code is hashed because it changes between versions, Python, and the direct dependencies."""
    names = [
        re.split(r"[^\w.-]", line)[0] for line in requires("media-analysis") or () if "extra ==" not in line
    ]
    versions = {"Python": platform.python_version(), **{name: version(name) for name in sorted(names)}}
    packages = [
        {"@id": f"#package/{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}
        for name, number in versions.items()
    ]
    root = Path(__file__).parent.parent
    code = sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not _NO_CODE & {*p.parts}):
        code.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    own = {
        "@id": "#media-analysis",
        "@type": "SoftwareApplication",
        "name": "media-analysis",
        "softwareVersion": version("media-analysis"),
        "sha256": code.hexdigest(),
        "softwareRequirements": [_to(package) for package in packages],
    }
    return [own, *packages]


_KINDS = {".html": "text/html", ".ipynb": "application/x-ipynb+json"}


def _made(folder: Path, path: Path) -> Entity:
    data = path.read_bytes()
    return {
        "@id": quote(path.relative_to(folder).as_posix()),
        "@type": "File",
        "name": path.relative_to(folder).as_posix(),
        "encodingFormat": _KINDS.get(path.suffix, "application/octet-stream"),
        "contentSize": str(len(data)),
        "sha256": sha256(data).hexdigest(),
    }


def _run(notebook: str, page: str, error: str) -> Entity:
    status = "FailedActionStatus" if error else "CompletedActionStatus"
    return {
        "@id": f"#run/{quote(notebook)}",
        "@type": "CreateAction",
        "name": f"Run of {notebook}",
        "instrument": {"@id": f"#notebook/{quote(notebook)}"},
        "result": {"@id": quote(page)},
        "actionStatus": {"@id": f"http://schema.org/{status}"},
        **({"error": error} if error else {}),
    }


def _to(entity: Entity) -> Entity:
    return {"@id": entity["@id"]}
