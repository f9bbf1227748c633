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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from analysis.cli.lab_command import lab_command
from analysis.publish.run import prepare

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]
# One notebook by default, all eight with: MEDIA_ANALYSIS_LAB=all
CHOSEN = "" if os.environ.get("MEDIA_ANALYSIS_LAB") == "all" else "08"


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("lab")
    (project / "notebooks").mkdir()
    for path in (root / "notebooks").glob(
        "*.ipynb"
    ):  # without outputs, so that those that are there were made here
        notebook = prepare(nbformat.read(path, 4), {})
        nbformat.write(notebook, project / "notebooks" / path.name)
    shutil.copytree(
        root / "data" / "sample", project / "data" / "sample", ignore=shutil.ignore_patterns("tables")
    )
    return project


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with serve_lab(project) as url:
        yield url


@contextmanager
def serve_lab(project: Path) -> Iterator[str]:
    """JupyterLab for the project, with settings of its own; its address."""
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


@contextmanager
def run_by_the_menu(browser: Any, name: str, address: str) -> Iterator[tuple[Page, list[str]]]:
    """The notebook in JupyterLab with all cells started, and what its page asked of others or said in the console."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    wrong: list[str] = []
    page.on(
        "request",
        lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None,
    )
    page.goto(f"{address}/lab/tree/notebooks/{name}?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    wait_until_idle(page)
    page.wait_for_timeout(3000)  # where the kernel is slow to start, JupyterLab asks which one is meant
    if page.locator(".jp-Dialog .jp-mod-accept").count():
        page.click(".jp-Dialog .jp-mod-accept")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.click("#jp-MainMenu .lm-MenuBar-itemLabel:text-is('Run')")
    page.click("[data-command='runmenu:run-all']")
    yield page, wrong
    page.close()


@pytest.mark.parametrize("name", names(Path(__file__).parent.parent))
def test_a_notebook_runs_by_the_menu(browser: Any, name: str, project: Path, address: str) -> None:
    with run_by_the_menu(browser, name, address) as (page, wrong):
        cells = json.loads((project / "notebooks" / name).read_text())["cells"]
        prompt = f"[{sum(c['cell_type'] == 'code' for c in cells)}]:"
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
    saved = json.loads((project / "notebooks" / name).read_text())
    outputs = [o for c in saved["cells"] for o in c.get("outputs", [])]
    assert [o["evalue"] for o in outputs if o["output_type"] == "error"] == []
    assert any(re.search('class="answer"', "".join(o.get("data", {}).get("text/html", ""))) for o in outputs)
    assert wrong == []


def wait_until_idle(page: Any) -> None:
    """What is typed while the kernel works is sent only after the click that follows."""
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)


def test_the_explorer_is_clicked_through(browser: Any, address: str) -> None:
    from playwright.sync_api import expect

    expect.set_options(
        timeout=60_000
    )  # on a busy machine a click takes seconds through browser, server and kernel
    with run_by_the_menu(browser, "03-framing.ipynb", address) as (page, wrong):
        explorer = page.locator(".media-analysis")
        # JupyterLab draws a cell when it comes into view: follow the notebook down to its last.
        for _ in range(60):
            if explorer.count():
                break
            page.locator(".jp-WindowedPanel-outer").first.evaluate("e => e.scrollTo(0, e.scrollHeight)")
            page.wait_for_timeout(1000)
        frame = explorer.get_by_label("Frame")
        frame.select_option(label=frame.locator("option").nth(3).inner_text())
        status = explorer.get_by_role("status")
        expect(status).to_contain_text("1 to 20 shown")
        expect(explorer.get_by_label("Code of the codebook")).not_to_have_value("Frame: Conflict")
        sentence = explorer.locator(".hit").first
        first = sentence.inner_text()
        explorer.get_by_role("button", name="Next page").click()
        expect(status).to_contain_text("21 to 40 shown")
        expect(sentence).not_to_have_text(first, use_inner_text=True)
        explorer.get_by_role("button", name="Open article").nth(3).click()
        article = explorer.get_by_role("region", name="The article, annotated")
        expect(article.locator(".here mark").first).to_be_in_viewport()
        back = explorer.get_by_role("button", name="Back to the sentences")
        expect(back).to_be_focused()
        page.keyboard.press("Enter")
        expect(explorer.get_by_role("button", name="Open article").nth(3)).to_be_focused()
        indicators = explorer.get_by_label("Indicators, one a line")
        shots = os.environ.get("MEDIA_ANALYSIS_SCREENSHOTS")
        wait_until_idle(page)
        indicators.fill(f"{indicators.input_value()}\nvalley")
        explorer.get_by_role("button", name="Try", exact=True).click()
        expect(explorer.get_by_text(re.compile(r"gained [1-9]\d*, lost 0"))).to_be_visible(timeout=30_000)
        if shots:
            page.screenshot(path=Path(shots) / "explorer.png")
        indicators.fill("valley ~ x")
        explorer.get_by_role("button", name="Try", exact=True).click()
        expect(explorer.get_by_role("alert")).to_contain_text("line 1: indicator 'valley ~ x'")
        explorer.get_by_role("button", name="As in the codebook").click()
        expect(explorer.get_by_role("alert")).to_have_count(0)
    assert wrong == []
