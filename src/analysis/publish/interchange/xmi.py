"""UIMA CAS XMI for INCEpTION: a ZIP with a type system and one XMI an article; offsets in UTF-16 units, as UIMA has them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.outside import require_small
from analysis.publish.interchange.marked import Mark, Marked, checked, the_text
from analysis.study import StudyError

NAME, ENDING = "UIMA CAS XMI", ".xmi.zip"
_TYPE, _ARTICLE = "webanno.custom.Coding", "mediaanalysis.Article"
_TYPES = "TypeSystem.xml"


def _cassis() -> Any:
    """dkpro-cassis, which only this form needs. Raises StudyError where it is not installed."""
    try:
        import cassis
    except ImportError:
        raise StudyError(
            ["UIMA CAS XMI needs dkpro-cassis: pip install 'media-analysis[interchange]'"]
        ) from None
    return cassis


def write(marked: Marked, path: Path) -> None:
    cassis = _cassis()
    types = cassis.TypeSystem()
    coding = types.create_type(_TYPE)
    for name in ("layer", "code", "note"):
        types.create_feature(coding, name, "uima.cas.String")
    article = types.create_type(_ARTICLE)
    types.create_feature(article, "article_id", "uima.cas.String")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_TYPES), types.to_xml(), zipfile.ZIP_DEFLATED)
        for number, (article_id, text) in enumerate(marked.texts.items(), 1):
            cas = cassis.Cas(types)
            cas.sofa_string, cas.sofa_mime = text, "text/plain"
            cas.add(article(begin=0, end=len(text), article_id=article_id))
            for m in (mark for mark in marked.marks if mark.article_id == article_id):
                cas.add(coding(begin=m.start, end=m.end, layer=m.layer, code=m.code, note=m.note))
            try:
                data = cas.to_xmi()
            except ValueError:
                raise StudyError(
                    [f"{article_id}: has control characters, which XML cannot hold; remove them"]
                ) from None
            archive.writestr(zipfile.ZipInfo(f"{number:05}.xmi"), data, zipfile.ZIP_DEFLATED)


def read(path: Path, texts: Mapping[str, str]) -> Marked:
    """Raises StudyError for another form, and for texts that are not the study's."""
    cassis = _cassis()
    marks: list[Mark] = []
    used: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            require_small(archive)
            types = cassis.load_typesystem(io.BytesIO(archive.read(_TYPES)))
            for name in sorted(n for n in archive.namelist() if n.endswith(".xmi")):
                cas = cassis.load_cas_from_xmi(io.BytesIO(archive.read(name)), typesystem=types)
                article_id = next(iter(cas.select(_ARTICLE))).article_id
                used[article_id] = text = the_text(article_id, cas.sofa_string, texts, path)
                marks += [
                    checked(
                        Mark(article_id, c.begin, c.end, c.layer or "code", c.code or "", c.note or ""),
                        text,
                        path,
                    )
                    for c in cas.select(_TYPE)
                ]
    except StudyError:
        raise
    except Exception:  # noqa: BLE001 - a broken file breaks the library in any way
        raise StudyError([f"{path}: is no ZIP of UIMA CAS XMI with a {_TYPES}; export it again"]) from None
    return Marked(used, tuple(marks))
