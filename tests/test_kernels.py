"""Forked kernels are like fresh ones, only sooner there: same outputs, nothing shared, gone when their owner is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.publish.fork_server import ForkServer, shared_imports
from analysis.publish.run import Run, run_notebooks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked"),
]

LIKE_FRESH = (
    "import os, random, signal, sys, threading, warnings",
    "print({k: v for k, v in sorted(os.environ.items()) if not k.startswith(('JPY_', 'IPYTHON', 'MEDIA_'))})",
    "print(os.path.basename(os.getcwd()), sys.path, sys.flags, sys.stdin.fileno() >= 0, __name__, hash('a'))",
    "print(signal.getsignal(signal.SIGINT), threading.active_count(), os.getsid(0) == os.getpid())",
    "import matplotlib, pandas as pd\npd.DataFrame([range(30)])",
    "print(matplotlib.rcParams['backend'], pd.get_option('display.max_columns'))",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "warnings.warn('mind this')",
    "import subprocess\nprint(subprocess.run(['true']).returncode)",
    "print(input.__name__)\n1 / 0",
)


def write(folder: Path, name: str, *sources: str) -> Path:
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def said(run: Run) -> str:
    return "".join(o.get("text", "") for c in run.notebook.cells for o in c.get("outputs", []))


@pytest.fixture(scope="module")
def stack() -> Iterator[ForkServer]:
    with ForkServer(["matplotlib.pyplot", "pandas", "no_such_module"]) as process:
        yield process


def test_a_forked_kernel_says_what_a_fresh_one_says(stack: ForkServer, tmp_path: Path) -> None:
    path = write(tmp_path, "01-probe", *LIKE_FRESH)
    (forked,), (fresh,) = (
        run_notebooks([path], parameters={}, server=stack),
        run_notebooks([path], parameters={}),
    )
    assert len(forked.notebook.cells[-4].outputs) == 1  # the chart, which a fork can lose
    assert forked.notebook == fresh.notebook
    assert str(forked.error) == str(fresh.error)


def test_forked_kernels_share_neither_state_nor_chance(stack: ForkServer, tmp_path: Path) -> None:
    chance = "import os, random, numpy, pandas\nprint(random.random(), numpy.random.rand())"
    paths = [write(tmp_path, name, "import pandas\npandas.mine = 1", chance) for name in ("01-a", "02-b")]
    look = write(tmp_path, "03-look", "import pandas\nprint(hasattr(pandas, 'mine'))")
    one, two, third = run_notebooks([*paths, look], parameters={}, server=stack)
    assert said(one) != said(two)
    assert said(third) == "False\n"


def test_a_forked_kernel_was_spared_the_imports(stack: ForkServer, tmp_path: Path) -> None:
    (run,) = run_notebooks(
        [write(tmp_path, "01-has", "import sys\nprint('pandas' in sys.modules)")], parameters={}, server=stack
    )
    assert said(run) == "True\n"


@pytest.mark.parametrize("death", ["os._exit(3)", "os.kill(os.getpid(), 9)", "os.kill(os.getpid(), 11)"])
def test_a_forked_kernel_that_dies_is_an_error_of_its_cell(
    stack: ForkServer, tmp_path: Path, death: str
) -> None:
    dies = write(tmp_path, "01-dies", "import os", death)
    run, other = run_notebooks(
        [dies, write(tmp_path, "02-lives", "print('here')")], parameters={}, server=stack
    )
    assert run.error and (run.error.cell, run.error.name) == (2, "DeadKernelError")
    assert said(other) == "here\n"


def test_where_the_process_to_fork_from_is_gone_kernels_start_afresh(tmp_path: Path) -> None:
    with ForkServer() as process:
        process.start()
        process._process.kill()
        (run,) = run_notebooks([write(tmp_path, "01-still", "print('here')")], parameters={}, server=process)
    assert said(run) == "here\n"


def test_a_module_that_starts_a_thread_is_not_forked_from(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "starts_a_thread.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with ForkServer(["starts_a_thread"]) as process, pytest.raises(OSError):
        process.ask(ended=1)


def test_kernels_end_with_the_one_who_asked_for_them(tmp_path: Path) -> None:
    path = write(
        tmp_path, "01-long", "import os, time\nopen('pid', 'w').write(str(os.getpid()))", "time.sleep(60)"
    )
    code = (
        "from pathlib import Path; from analysis.publish.fork_server import ForkServer; from analysis.publish.run import run_notebooks\n"
        f"run_notebooks([Path({str(path)!r})], parameters={{}}, server=ForkServer())"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    kernel = wait_for(tmp_path / "pid")
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert is_gone(kernel)


def wait_for(file: Path) -> int:
    deadline = time.monotonic() + 30
    while not (file.exists() and file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return int(file.read_text())


def is_gone(process: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_only_what_several_notebooks_import_is_imported_for_all(tmp_path: Path) -> None:
    one = write(tmp_path, "01-one", "%matplotlib inline", "import csv, json", "from os import path, sep")
    two = write(tmp_path, "02-two", "import json\nif True:\n    from os import path", "from . import csv")
    (tmp_path / "03-broken.ipynb").write_text('{"cells": [')
    assert shared_imports([one, two, tmp_path / "03-broken.ipynb"]) == ["json", "os", "os.path"]
