"""Whether a report can be made again: two reports compared, file by file, and what each was made from."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from analysis.publish.provenance import RECORD, changed_inputs, load_crate, recorded_files


def compare_reports(old: Path, new: Path) -> list[tuple[str, str, str]]:
    """One row a file of either report: the verdict, the file, a remark; in the order of the names.

    The verdict on the old report: same, differs, missing (only the new one has the file), extra (only the old one).
    Raises StudyError where the old report has no record.
    """
    before, after, recorded = _hashes(old), _hashes(new), recorded_files(load_crate(old))
    rows = []
    for name in sorted({**before, **after}):
        if name not in before:
            verdict = "missing"
        elif name not in after:
            verdict = "extra"
        else:
            verdict = "same" if before[name] == after[name] else "differs"
        touched = name in before and name != RECORD and recorded.get(name) not in (None, before[name])
        rows.append((verdict, name, "changed after it was written" if touched else ""))
    return rows


def compare_inputs(old: Path, new: Path) -> list[str]:
    """What the new report was made from that the old one was not, or the reverse, in words; empty where nothing."""
    return changed_inputs(load_crate(old), load_crate(new))


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in paths}
