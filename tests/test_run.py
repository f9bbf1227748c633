"""Notebooks run headless: several at once, each alone, failures named, nothing written, same input same outputs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.publish.run import INJECTED, Run, prepare, run_changed, run_notebooks
from analysis.show.figure_files import DRAWN, figure_files

pytestmark = pytest.mark.slow


def write(folder: Path, name: str, *sources: str) -> Path:
    tagged = new_code_cell('study = "sample"', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell(f"# {name}"), tagged, *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def said(run: Run) -> str:
    return "".join(o.get("text", "") for c in run.notebook.cells for o in c.get("outputs", []))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def paths(folder):
    return [
        write(
            folder, "01-good", "import os\nprint(study, os.path.basename(os.getcwd()))", "print(hash('a'))"
        ),
        write(folder, "02-wrong", "x = 1\nprint('so far')", "# why\nunknown(x)", "print('never')"),
        write(folder, "03-dies", "import os", "os._exit(3)"),
        write(folder, "04-warns", "import warnings\nwarnings.warn('mind this')"),
    ]


@pytest.fixture(scope="module")
def seen():
    return []


@pytest.fixture(scope="module")
def runs(paths, seen):
    return run_notebooks(
        paths, parameters={"study": "it's"}, jobs=2, progress=lambda *args: seen.append(args)
    )


def test_each_notebook_runs_in_its_own_folder_with_the_parameters_set(runs, folder):
    assert said(runs[0]).startswith(f"it's {folder.name}\n")
    assert runs[0].error is None


def test_a_failing_notebook_names_its_cell_keeps_what_it_had_and_stops_nobody(runs):
    assert str(runs[1].error) == (
        "02-wrong.ipynb, code cell 3 (# why): NameError: name 'unknown' is not defined"
    )
    assert said(runs[1]) == "so far\n"
    trace = runs[1].notebook.cells[-2].outputs[0]
    assert trace.ename == "NameError"
    assert "\x1b" not in "".join(trace.traceback)
    assert [run.error is None for run in runs] == [True, False, False, True]


def test_a_dead_kernel_is_an_error_of_the_cell_that_killed_it(runs):
    assert runs[2].error.cell == 3
    assert runs[2].notebook.cells[-1].outputs[0].output_type == "error"


def test_a_warning_is_one_line_without_paths_or_process_numbers(runs):
    assert said(runs[3]) == "UserWarning: mind this\n"


def test_progress_counts_every_code_cell(runs, seen):
    assert [s for s in seen if s[0] == "01-good"] == [("01-good", n, 4) for n in range(5)]


def test_running_again_gives_the_same_notebook(runs, paths):
    again = run_notebooks(paths[:2], parameters={"study": "it's"}, jobs=2)
    assert [run.notebook for run in again] == [run.notebook for run in runs[:2]]


def test_the_notebook_file_is_never_written(folder, tmp_path):
    path = write(tmp_path, "05-still", "1 + 1")
    before = path.read_bytes(), path.stat().st_mtime_ns
    run_notebooks([path], parameters={})
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert os.listdir(tmp_path) == ["05-still.ipynb"]


def test_a_file_that_is_no_notebook_is_reported_and_the_next_one_runs(tmp_path):
    (tmp_path / "01-broken.ipynb").write_text('{"cells": [', encoding="utf-8")
    good = write(tmp_path, "02-good", "print('here')")
    broken, fine = run_notebooks([tmp_path / "01-broken.ipynb", good], parameters={})
    assert str(broken.error).startswith("01-broken.ipynb: not a readable notebook: ")
    assert said(fine) == "here\n"


def test_parameters_replace_those_injected_before_and_follow_the_tagged_cell(tmp_path):
    notebook = nbformat.read(write(tmp_path, "06-twice", "study"), as_version=4)
    once = prepare(notebook, {"study": "a"})
    twice = prepare(once, {"study": "b", "n": 3})
    assert [cell.id for cell in twice.cells if cell.id == INJECTED] == [INJECTED]
    assert twice.cells[2].source == "# Parameters\nstudy = 'b'\nn = 3"


def test_places_on_this_machine_are_given_but_not_recorded(tmp_path):
    path = write(tmp_path, "06-place", "print(study, texts)")
    given, recorded = {"study": "a", "texts": "/here"}, {"study": "a"}
    (run,) = run_notebooks([path], parameters=given, recorded=recorded)
    cells = {cell.id: cell for cell in run.notebook.cells}
    assert cells[INJECTED].source == "# Parameters\nstudy = 'a'"
    assert [o.text for cell in cells.values() for o in cell.get("outputs", ())] == ["a /here\n"]


def test_neither_running_nor_reporting_waits_for_a_grammar_that_nobody_needs():
    code = "import sys, analysis.publish.report, analysis.publish.run; print(sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "None\n"


def test_only_what_has_changed_is_run_again(tmp_path):
    count = "open('count', 'a').write('x')"
    figure = (
        "from IPython.display import display\n"
        "for ending in ('svg', 'png', 'csv', 'txt'):\n    open('figure.' + ending, 'w').write(study)\n"
        f"display({{'text/plain': ''}}, metadata={{'{DRAWN}': 'figure'}}, raw=True)"
    )
    paths = [write(tmp_path, "01-a", count, figure, "print(study)"), write(tmp_path, "02-b", count, "1 / 0")]
    seen = []

    def again(study="s", made_from="", **more):
        before = (tmp_path / "count").read_text() if (tmp_path / "count").exists() else ""
        given = {
            "parameters": {"study": study},
            "records_in": tmp_path / "runs",
            "made_from": made_from,
            "figures": tmp_path,
        }
        runs = run_changed(paths, **given, progress=lambda *args: seen.append(args), **more)
        return runs, len((tmp_path / "count").read_text()) - len(before)

    first, n = again()
    assert (n, [run.unchanged for run in first]) == (2, [False, False])
    assert first[0].figure_files(tmp_path) == figure_files(tmp_path, "figure")
    second, n = again()
    assert (n, [run.unchanged for run in second]) == (1, [True, False])  # a run that failed is not kept
    assert second[0].notebook == first[0].notebook
    assert ("01-a: unchanged", 1, 1) in seen
    assert again(fresh=True)[1] == 2
    assert again(study="t")[1] == 2
    assert again(study="t", made_from="other code")[1] == 2
    assert again(study="t", made_from="other code")[1] == 1
    (tmp_path / "figure.svg").write_text("drawn over")
    assert again(study="t", made_from="other code")[1] == 2
    assert (tmp_path / "figure.svg").read_text() == "t"
    write(tmp_path, "01-a", count, "print('new')")
    assert again(study="t", made_from="other code")[1] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a single process there")
def test_ctrl_c_ends_the_kernels_and_comes_back_at_once(tmp_path):
    path = write(
        tmp_path,
        "07-long",
        "import os, pathlib, time",
        "pathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)",
    )
    code = f"from pathlib import Path; from analysis.publish.run import run_notebooks; run_notebooks([Path({str(path)!r})], parameters={{}})"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs inherit a SIGINT that is ignored; somebody at a keyboard has one that is not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    pid = tmp_path / "pid"
    deadline = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
