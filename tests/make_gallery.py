"""Screenshots for the README, of the sample study's report: `make gallery`. Needs Chromium."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PAGES = {"findings": ("index.html", 1280, 1000), "article": ("articles/clarion-1.html", 1280, 1000)}


def main(report: Path, out: Path) -> None:
    """Take the pictures of the report in `report` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (page, width, height) in PAGES.items():
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.goto((report / page).resolve().as_uri())
            tab.screenshot(path=out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "reports" / "sample"), ROOT / "figures" / "gallery"
    )
