"""A notebook opens in JupyterLab and runs from top to bottom by its menu."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.cli.lab import lab_command

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# One notebook by default, all eight with: MEDIA_ANALYSIS_LAB=all
CHOSEN = "" if os.environ.get("MEDIA_ANALYSIS_LAB") == "all" else "08"


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("lab")
    shutil.copytree(root / "notebooks", project / "notebooks")
    shutil.copytree(
        root / "data" / "sample", project / "data" / "sample", ignore=shutil.ignore_patterns("tables")
    )
    return project


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--allow-root",
        "--ip=127.0.0.1",
    ]
    folders = {f"JUPYTER_{name}_DIR": str(project / name.lower()) for name in ("CONFIG", "RUNTIME", "DATA")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = folders["JUPYTERLAB_WORKSPACES_DIR"] = str(project / "lab")
    server = subprocess.Popen(
        [*lab_command(project), *options],
        env={**os.environ, **folders},
        stdout=subprocess.DEVNULL,
        stderr=(project / "server.log").open("w"),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{url}/api/status", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((project / "server.log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(20)


def names(root: Path) -> list[str]:
    return sorted(p.name for p in (root / "notebooks").glob(f"{CHOSEN}*.ipynb"))


@pytest.mark.parametrize("name", names(Path(__file__).parent.parent))
def test_a_notebook_runs_by_the_menu(name: str, project: Path, address: str) -> None:
    if CHROMIUM is None:
        pytest.skip("needs Chromium, which is not installed")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        outside: list[str] = []
        page.on(
            "request",
            lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None,
        )
        page.goto(f"{address}/lab/tree/notebooks/{name}?reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        page.wait_for_timeout(3000)  # where the kernel is slow to start, JupyterLab asks which one is meant
        if page.locator(".jp-Dialog .jp-mod-accept").count():
            page.click(".jp-Dialog .jp-mod-accept")
        page.click("#jp-MainMenu .lm-MenuBar-itemLabel:text-is('Run')")
        page.click("[data-command='runmenu:run-all']")
        code = [
            c
            for c in json.loads((project / "notebooks" / name).read_text())["cells"]
            if c["cell_type"] == "code"
        ]
        prompt = f"[{len(code)}]:"
        shots = os.environ.get("MEDIA_ANALYSIS_SCREENSHOTS")
        if shots:
            page.wait_for_timeout(12_000)
            page.screenshot(path=Path(shots) / f"{name}.png")
        page.wait_for_function(
            "p => [...document.querySelectorAll('.jp-InputPrompt')].some(e => e.textContent.trim() === p)",
            arg=prompt,
            timeout=60_000,
        )
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1500)
        browser.close()
    saved = json.loads((project / "notebooks" / name).read_text())
    outputs = [o for c in saved["cells"] for o in c.get("outputs", [])]
    assert [o["evalue"] for o in outputs if o["output_type"] == "error"] == []
    assert any(re.search('class="answer"', "".join(o.get("data", {}).get("text/html", ""))) for o in outputs)
    assert outside == []
