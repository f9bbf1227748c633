"""doccano (JSON Lines, sequence labelling): one text a line, labels such as `frame: conflict` by code points."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from analysis.publish.interchange.marked import Mark, Marked, checked, the_text
from analysis.study import StudyError

NAME, ENDING = "doccano", ".jsonl"


def write(marked: Marked, path: Path) -> None:
    lines = []
    for article_id, text in marked.texts.items():
        own = [mark for mark in marked.marks if mark.article_id == article_id]
        labels = [[mark.start, mark.end, f"{mark.layer}: {mark.code}"] for mark in own]
        notes = [mark.note for mark in own]
        lines.append(
            json.dumps(
                {"text": text, "label": labels, "article_id": article_id, "notes": notes}, ensure_ascii=False
            )
        )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def read(path: Path, texts: Mapping[str, str]) -> Marked:
    """Raises StudyError for another form, and for texts that are not the study's."""
    marks: list[Mark] = []
    used: dict[str, str] = {}
    by_text = {text: name for name, text in texts.items()}
    try:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                row = json.loads(line)
                article_id = (
                    row.get("article_id")
                    or (row.get("meta") or {}).get("article_id")
                    or by_text.get(row["text"], "")
                )
                used[article_id] = text = the_text(article_id, row["text"], texts, path)
                labels = row.get("label", row.get("labels", []))
                notes = row.get("notes", [])
                for i, (start, end, label) in enumerate(labels):
                    layer, _, code = label.partition(": ") if ": " in label else ("code", "", label)
                    note = notes[i] if len(notes) == len(labels) else ""
                    marks.append(
                        checked(Mark(article_id, int(start), int(end), layer, code, note), text, path)
                    )
    except StudyError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StudyError([f"{path}: is no JSON Lines of doccano with `text` and `label`"]) from None
    return Marked(used, tuple(marks))
