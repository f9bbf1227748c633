"""A study's marks written to a file of another program, and such a file taken into the study's `coding/`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import store
from analysis.coding.files import coder_fault
from analysis.publish.interchange.marked import Mark, form_of, marks_of
from analysis.study import Study, StudyError
from analysis.tables import TONES, harmless_cells


def export_marks(study: Study, out: Path) -> tuple[int, int]:
    """Write texts and marks in the form of the file's ending; how many marks and articles it has. Raises StudyError."""
    form = form_of(out)
    if not out.absolute().parent.is_dir():
        raise StudyError([f"--out {out}: name a file in a folder that is there"])
    marked = marks_of(study)
    with store.filled(out.absolute().parent) as new:
        form.write(marked, new / out.name)
    return len(marked.marks), len(marked.texts)


def import_marks(study: Study, path: Path, coder: str) -> tuple[int, list[str]]:
    """Take a file's marks into the study's `coding/`; how many, and the files that were written.

    All marks are in `CODER_spans.csv` (article_id, start, end, layer, code, note). Those of the layers `frame` and `tone`
    become codes of the sentences that they touch, in `CODER_sentences.csv`; quotes are in `CODER_quotes.csv`.
    Raises StudyError where the coder has such files already, or a code is none of the codebook's.
    """
    if fault := coder_fault(coder):
        raise StudyError([f"--coder: {fault}"])
    if not path.is_file():
        raise StudyError([f"{path}: no such file"])
    texts = {a.article_id: a.text for a in study.articles.itertuples() if isinstance(a.text, str)}
    marked = form_of(path).read(path, texts)
    made = {
        "spans": pd.DataFrame(marked.marks, columns=["article_id", "start", "end", "layer", "code", "note"])
    }
    if any(mark.layer in ("frame", "tone") for mark in marked.marks):
        made["sentences"] = _sentences(study, list(marked.marks), set(marked.texts), path)
    quotes = [(m.article_id, m.start, m.end, m.code, m.note) for m in marked.marks if m.layer == "quote"]
    if quotes:
        made["quotes"] = pd.DataFrame(quotes, columns=["article_id", "start", "end", "form", "speaker_name"])
    folder = study.folder / "coding"
    names = {name: f"{coder}_{name}.csv" for name in made}
    if there := [file for file in names.values() if (folder / file).exists()]:
        raise StudyError([f"{folder / there[0]}: is there already; name another coder, or move it away"])
    with store.updated(folder) as new:
        for name, frame in made.items():
            harmless_cells(frame).to_csv(new / names[name], index=False, lineterminator="\n")
    return len(marked.marks), [f"coding/{file}" for file in names.values()]


def _sentences(study: Study, marks: list[Mark], articles: set[str], path: Path) -> pd.DataFrame:
    """The sentences of the articles that the file holds, each with the codes whose marks touch it."""
    known = set(study.codebook.frames)
    unknown = {m.code for m in marks if m.layer == "frame"} - known
    unknown |= {m.code for m in marks if m.layer == "tone"} - set(TONES)
    if unknown:
        raise StudyError(
            [f"{path}: {', '.join(sorted(unknown))}: no code of the codebook; frames are {', '.join(known)}"]
        )
    rows = []
    for s in study.sentences[study.sentences["article_id"].isin(list(articles))].itertuples():
        here = [m for m in marks if m.article_id == s.article_id and m.start < s.end and m.end > s.start]
        frames = [
            code for code in study.codebook.frames if any(m.layer == "frame" and m.code == code for m in here)
        ]
        tone = next((m.code for m in here if m.layer == "tone"), "")
        rows.append((s.article_id, s.sentence_id, s.start, s.end, "|".join(frames), tone))
    return pd.DataFrame(rows, columns=["article_id", "sentence", "start", "end", "frames", "sentiment"])
