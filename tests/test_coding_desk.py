"""The desk in JupyterLab, with real keys: what is pressed is what is kept, and the notebook keeps its cells."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.coding.files import load_coding
from test_lab import serve_lab, wait_until_idle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CELLS = ["import analysis\nstudy = analysis.open_study('sample')", "analysis.code(study, coder='anna')"]


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("desk")
    (project / "notebooks").mkdir()
    cells = [new_code_cell(source) for source in (*CELLS, "'a cell to be deleted by two d'")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), project / "notebooks" / "desk.ipynb")
    shutil.copytree(
        root / "data" / "sample",
        project / "data" / "sample",
        ignore=shutil.ignore_patterns("tables", "sheets"),
    )
    return project


@pytest.fixture(scope="module")
def desk(browser: Any, project: Path) -> Iterator[Any]:
    """The page of JupyterLab with the desk shown."""
    with serve_lab(project) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 1100})
        wrong: list[str] = []
        page.on(
            "request",
            lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None,
        )
        page.goto(f"{address}/lab/tree/notebooks/desk.ipynb?reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        wait_until_idle(page)
        page.wait_for_timeout(2000)
        if page.locator(".jp-Dialog .jp-mod-accept").count():
            page.click(".jp-Dialog .jp-mod-accept")
        page.click("#jp-MainMenu .lm-MenuBar-itemLabel:text-is('Run')")
        page.click("[data-command='runmenu:run-all']")
        page.wait_for_selector(".coding-desk .sentence", timeout=120_000)
        wait_until_idle(page)
        yield page
        page.close()
        assert wrong == []


def said(page: Any, part: str) -> str:
    return str(page.locator(f".coding-desk .{part}").inner_text())


def wait_for(page: Any, part: str, words: str) -> None:
    page.wait_for_function(
        "([part, words]) => document.querySelector(`.coding-desk .${part}`).textContent.includes(words)",
        arg=[part, words],
        timeout=60_000,
    )


def key_of(page: Any, name: str) -> str:
    return str(page.locator(".coding-desk label", has_text=name).first.locator("kbd").inner_text())


def test_sentences_are_coded_by_keys_alone(desk: Any, project: Path) -> None:
    cells = desk.locator(".jp-Cell").count()
    assert said(desk, "where").startswith("Sentence 1 of 60")
    desk.locator(".coding-desk .sentence").focus()
    first = said(desk, "sentence")
    desk.keyboard.press("Enter")
    wait_for(desk, "status", "choose a tone first")
    desk.keyboard.press("1")
    conflict, favourable = key_of(desk, "Conflict"), key_of(desk, "favourable")
    desk.keyboard.press(conflict)
    desk.keyboard.press(favourable)
    if shots := os.environ.get("MEDIA_ANALYSIS_SCREENSHOTS"):
        desk.screenshot(path=Path(shots) / "desk.png")
    desk.keyboard.press("Enter")
    wait_for(desk, "where", "Sentence 2 of 60")
    coding = load_coding(project / "data" / "sample")
    assert coding["anna_sentences"][["frames", "sentiment"]].to_numpy().tolist() == [["conflict", "negative"]]
    assert coding["anna_stances"]["stance"].tolist() == ["favourable"]
    assert said(desk, "sentence") != first

    desk.keyboard.press("Backspace")
    wait_for(desk, "status", "Taken back")
    assert said(desk, "sentence") == first
    checked = desk.locator(".coding-desk input:checked").evaluate_all("all => all.map(one => one.value)")
    assert sorted(checked) == ["conflict", "favourable", "negative"]
    desk.keyboard.press(conflict)
    desk.keyboard.press("2")
    desk.keyboard.press("Enter")
    wait_for(desk, "where", "Sentence 2 of 60")
    coding = load_coding(project / "data" / "sample")
    assert coding["anna_sentences"][["frames", "sentiment"]].to_numpy().tolist() == [["", "neutral"]]

    for _ in range(4):  # keys that JupyterLab has uses for: none may reach it
        desk.keyboard.press("d")
    for key in ("x", "b", "a"):
        desk.keyboard.press(key)
    desk.keyboard.press("Escape")
    wait_for(desk, "status", "Left for later")
    assert desk.locator(".jp-Cell").count() == cells


def test_ten_sentences_in_a_hurry_are_ten_answers(desk: Any, project: Path) -> None:
    before = len(load_coding(project / "data" / "sample")["anna_sentences"])
    desk.locator(".coding-desk .sentence").focus()
    for _ in range(10):
        now = said(desk, "where")
        desk.keyboard.press("3")
        desk.keyboard.press("Enter")
        desk.keyboard.press("Enter")  # a second time, before the answer is back
        desk.wait_for_function(
            "now => document.querySelector('.coding-desk .where').textContent !== now",
            arg=now,
            timeout=60_000,
        )
        desk.wait_for_timeout(100)
    after = load_coding(project / "data" / "sample")["anna_sentences"]
    assert len(after) == before + 10 and after["sentence"].is_unique
    assert after["sentiment"].value_counts()["positive"] == 10


def test_by_tab_and_space_it_goes_too_and_the_codebook_opens(desk: Any) -> None:
    desk.locator(".coding-desk .sentence").focus()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    assert desk.evaluate("document.activeElement.type") == "radio"
    assert desk.locator(".coding-desk input[type=radio]:checked").count() == 1
    assert not desk.locator(".coding-desk .more").first.is_visible()
    desk.keyboard.press("?")
    assert desk.locator(".coding-desk .more").first.is_visible()
    if shots := os.environ.get("MEDIA_ANALYSIS_SCREENSHOTS"):
        desk.locator(".coding-desk").screenshot(path=Path(shots) / "desk-codebook.png")
    desk.keyboard.press("?")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_desk_has_no_fault_of_accessibility(desk: Any, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    desk.click("#jp-MainMenu .lm-MenuBar-itemLabel:text-is('Settings')")
    desk.hover(".lm-Menu-itemLabel:text-is('Theme')")
    desk.click(f".lm-Menu-itemLabel:text-is('{theme}')")
    desk.wait_for_timeout(1500)
    found = Axe().run(desk, context=".coding-desk")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]] == []
