"""REFI-QDA project (.qdpx) for NVivo, MAXQDA, ATLAS.ti and QualCoder: positions in UTF-16 units, line ends as they are."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.outside import require_small
from analysis.publish.interchange.marked import Mark, Marked, Units, checked, the_text
from analysis.study import StudyError

NAME, ENDING = "REFI-QDA", ".qdpx"
_SPACE = "urn:QDA-XML:project:1.0"
_WHEN = "2000-01-01T00:00:00Z"  # a file is the same whenever it is written
_USER = "media-analysis"


def _guid(*names: str) -> str:
    return str(uuid5(NAMESPACE_URL, "\x1f".join(names)))


def write(marked: Marked, path: Path) -> None:
    from lxml import etree

    who = _guid("user", _USER)
    root = etree.Element(
        f"{{{_SPACE}}}Project",
        {"name": _USER, "origin": _USER, "creatingUserGUID": who, "creationDateTime": _WHEN},
        nsmap={None: _SPACE},
    )
    _under(_under(root, "Users"), "User", guid=who, name=_USER)
    codes = _under(_under(root, "CodeBook"), "Codes")
    layers: dict[str, Any] = {}
    for layer, code in sorted({(mark.layer, mark.code) for mark in marked.marks}):
        if layer not in layers:
            layers[layer] = _under(codes, "Code", guid=_guid("layer", layer), name=layer, isCodable="false")
        _under(layers[layer], "Code", guid=_guid("code", layer, code), name=code, isCodable="true")
    sources = _under(root, "Sources")
    for article_id, text in marked.texts.items():
        _source(sources, article_id, text, [m for m in marked.marks if m.article_id == article_id], who)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        data = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
        archive.writestr(zipfile.ZipInfo("project.qde"), data, zipfile.ZIP_DEFLATED)
        for article_id, text in marked.texts.items():
            archive.writestr(
                zipfile.ZipInfo(f"sources/{_guid('text', article_id)}.txt"),
                text.encode(),
                zipfile.ZIP_DEFLATED,
            )


def _source(sources: Any, article_id: str, text: str, marks: list[Mark], who: str) -> None:
    place = f"internal://{_guid('text', article_id)}.txt"
    source = _under(
        sources,
        "TextSource",
        guid=_guid("source", article_id),
        name=article_id,
        plainTextPath=place,
        creatingUser=who,
        creationDateTime=_WHEN,
    )
    units = Units(text)
    for mark in marks:
        own = (mark.article_id, str(mark.start), str(mark.end), mark.layer, mark.code, mark.note)
        selection = _under(
            source,
            "PlainTextSelection",
            guid=_guid("selection", *own),
            name=f"{mark.layer}: {mark.code}",
            startPosition=str(units.to_units(mark.start)),
            endPosition=str(units.to_units(mark.end)),
            creatingUser=who,
            creationDateTime=_WHEN,
        )
        if mark.note:
            _under(selection, "Description").text = mark.note
        coding = _under(
            selection, "Coding", guid=_guid("coding", *own), creatingUser=who, creationDateTime=_WHEN
        )
        _under(coding, "CodeRef", targetGUID=_guid("code", mark.layer, mark.code))


def _under(parent: Any, tag: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{_SPACE}}}{tag}", attributes)


def read(path: Path, texts: Mapping[str, str]) -> Marked:
    """Raises StudyError for another form, and for texts that are not the study's."""
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as archive:
            require_small(archive)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(archive.read("project.qde"), parser)
            names = _codes(root)
            marks: list[Mark] = []
            used: dict[str, str] = {}
            for source in root.iter("{*}TextSource"):
                place = source.get("plainTextPath", "").removeprefix("internal://")
                own = archive.read(f"sources/{place}").decode("utf-8-sig")
                article_id = source.get("name", "")
                used[article_id] = text = the_text(article_id, own, texts, path)
                marks += [
                    checked(mark, text, path) for mark in _marks(source, article_id, Units(text), names)
                ]
    except StudyError:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError, RuntimeError):
        raise StudyError(
            [f"{path}: is no REFI-QDA project that can be read; export it again as .qdpx"]
        ) from None
    return Marked(used, tuple(marks))


def _codes(root: Any) -> dict[str, tuple[str, str]]:
    """Layer and code of each code's GUID: the name of what it lies under first of all, and its own."""
    found: dict[str, tuple[str, str]] = {}
    for code in root.iter("{*}Code"):
        above = [one.get("name", "") for one in code.iterancestors("{*}Code")]
        found[code.get("guid", "")] = (above[-1] if above else "code", code.get("name", ""))
    return found


def _marks(source: Any, article_id: str, units: Units, names: Mapping[str, tuple[str, str]]) -> list[Mark]:
    marks = []
    for selection in source.iter("{*}PlainTextSelection"):
        start, end = (units.to_points(int(selection.get(key))) for key in ("startPosition", "endPosition"))
        note = next((one.text or "" for one in selection.iterchildren("{*}Description")), "")
        for reference in selection.iter("{*}CodeRef"):
            layer, code = names[reference.get("targetGUID", "")]
            marks.append(Mark(article_id, start, end, layer, code, note))
    return marks
