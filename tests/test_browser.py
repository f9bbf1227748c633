"""A whole report of the sample study in headless Chromium: offline, silent, accessible, and usable by keyboard."""

from __future__ import annotations

import importlib.resources
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from analysis import cli

pytestmark = [pytest.mark.slow, pytest.mark.browser]
HARMLESS = "<img src=x onerror=\"document.title='ran'\"><b>bold</b>"


@pytest.fixture(scope="module")
def reports(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample, with one more article whose text, title and outlet are hostile."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(root / "notebooks", project / "notebooks")
    sample = project / "data" / "sample"
    shutil.copytree(root / "data" / "sample", sample, ignore=shutil.ignore_patterns("tables", "coding"))
    (sample / "articles" / "odd <b>.txt").write_text(
        f"{HARMLESS}\n\nThe talks failed, said Mara {HARMLESS} Vale, a general. “{HARMLESS} We must stop the war,” she said.\n"
    )
    with (sample / "articles.csv").open("a") as metadata:
        quoted = HARMLESS.replace('"', '""')
        metadata.write(
            f'odd <b>,odd <b>.txt,"Wire {quoted}","{quoted}","{quoted}",2031-06,news,javascript:alert(1),en,x\n'
        )
    settings = sample / "study.yml"
    settings.write_text(settings.read_text() + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        assert cli.main(["report", "sample", "--jobs", "2", "--single-file"]) == 0
    return project / "reports"


def pages(reports: Path) -> list[Path]:
    return [reports / "index.html", *sorted((reports / "sample").rglob("*.html"))]


def test_pages_open_from_the_file_system_silently(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    for path in pages(reports):
        page.goto(path.as_uri())
        assert page.title() != "ran", f"{path.name}: a text of the study ran as a script"
        assert page.locator("main").inner_text().strip()
    assert (said, asked) == ([], [])
    assert len(pages(reports)) >= 11
    page.close()


def distinct(pages: list[Path]) -> list[Path]:
    """All pages but those of articles and outlets, and of these one in six and the hostile ones."""
    alike = [path for path in pages if path.parent.name in ("articles", "outlets")]
    return [p for p in pages if p not in alike or "odd" in p.name or "src=x" in p.name or p in alike[::6]]


# Contrast takes nearly all of axe's time, and more than twice as much for twice the elements.
CONTRAST = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OTHERS = {rule: {"enabled": False} for rule in CONTRAST["values"]}
CUT = """rows => [...document.querySelectorAll(`tbody tr:nth-child(n+${rows + 1})`)]
  .filter(row => !row.closest(".heat")).forEach(row => row.remove())"""


def violations(page: Any, options: dict[str, Any]) -> list[tuple[str, str, int]]:
    asked = json.dumps({"resultTypes": ["violations"], **options})
    found = page.evaluate(f"axe.run(document, {asked})")["violations"]
    return [(v["id"], v["nodes"][0]["html"][:160], len(v["nodes"])) for v in found]


def test_axe_finds_no_violation(reports: Path, browser: Any) -> None:
    """Each page with its first rows, those beyond being as the first; its colours in the light and in the dark."""
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found = []
    for path in distinct(pages(reports)):
        page.goto(path.as_uri())
        page.evaluate(axe)
        single = path.name == "sample-single.html"  # all pages at once, of which each is seen by itself
        if not single:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(CUT, 2 if single else 12)
        found += [(path.name, violations(page, {"rules": OTHERS}))]
        page.evaluate(CUT, 4)
        for scheme in () if single else ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [(f"{path.name}, {scheme}", violations(page, {"runOnly": CONTRAST}))]
    context.close()
    assert [(where, wrong) for where, wrong in found if wrong] == []


def test_a_table_sorts_and_filters_by_keyboard(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "01-corpus.html").as_uri())
    table = page.locator("main table").filter(has_text="wire-1").first
    head = table.locator("th button").filter(has_text="sentences")
    head.focus()
    page.keyboard.press("Enter")
    column = [c.strip() for c in table.locator("thead th").all_inner_texts()].index("sentences")
    numbers = [int(r.split("\t")[column]) for r in table.locator("tbody tr").all_inner_texts()]
    assert numbers == sorted(numbers) and len(numbers) == 21
    page.locator("div.filter:has(+ .scroll:has-text('wire-1')) input").first.focus()
    page.keyboard.type("clarion")
    assert table.locator("tbody tr:visible").count() == 5
    page.close()


def test_pages_say_of_codes_that_nobody_coded_that_they_are_not_validated(
    reports: Path, browser: Any
) -> None:
    page = browser.new_page()
    for name, chart in (("03-framing", "03-frames"), ("04-sentiment", "04-tone"), ("05-stance", "05-stance")):
        page.goto((reports / "sample" / f"{name}.html").as_uri())
        figure = page.locator(f"figure[id='{chart}']")
        assert "Krippendorff's alpha: none" in figure.locator(".picture").get_attribute("aria-label")
        assert "alpha" in figure.locator("details.numbers thead").text_content()
    page.close()


COUNTED = ("sentences", "quotes", "positions", "mentions", "words")  # what sentences can be shown for
COUNTS = ("n", "total", "attributions", "positive", "negative", "neutral", "favourable", "unfavourable")
CELLS = """() => [...document.querySelectorAll("main table")].filter(t => t.tHead && !t.closest(".evidence"))
  .flatMap(table => {
    const heads = [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim());
    const unit = heads.indexOf("unit");
    return unit < 0 ? [] : [...table.tBodies[0].rows].flatMap(row => [...row.cells].map((cell, n) => [
      table.caption.textContent, heads[n], row.cells[unit].textContent, cell.textContent,
      cell.querySelector("a")?.getAttribute("href") ?? "",
    ]));
  })"""
BEHIND = """addresses => addresses.map(address => {
  history.replaceState(null, "", address);
  dispatchEvent(new Event("hashchange"));
  const place = document.getElementById(address.slice(1).split("?")[0]);
  if (!place) return ["nothing is there", ""];
  const said = (place.querySelector(".count") || place.previousElementSibling?.querySelector(".count")).textContent;
  return [[...place.querySelectorAll("tbody tr")].filter(row => !row.hidden).length, said];
})"""


def test_every_count_of_sentences_and_quotes_leads_to_as_many(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    counts, bare = [], []
    for path in [*sorted((reports / "sample").glob("0*.html")), reports / "sample" / "index.html"]:
        page.goto(path.as_uri())
        for caption, head, unit, count, address in page.evaluate(CELLS):
            if (
                head in COUNTS
                and unit in COUNTED
                and (head, unit) not in (("total", "words"), ("n", "words"))
                and count != "0"
            ):
                file, _, place = address.partition("#")
                file, _, query = file.partition("?")
                counts.append((file or path.name, caption, head, int(count), f"#{place}?{query}"))
                bare += [] if place else [(path.name, caption, head, count)]
    assert bare == [] and len(counts) > 500
    wrong = []
    for file in dict.fromkeys(count[0] for count in counts):
        page.goto((reports / "sample" / file).as_uri())
        addresses = list(dict.fromkeys(count[-1] for count in counts if count[0] == file))
        behind = dict(zip(addresses, page.evaluate(BEHIND, addresses), strict=True))
        for _, caption, head, count, address in (c for c in counts if c[0] == file):
            rows, said = behind[address]
            if count != rows and not said.startswith(f"{count} sentence"):
                wrong.append((caption, head, count, address, rows, said))
    assert wrong == []
    page.close()


def test_a_count_leads_to_its_sentences_by_keyboard_and_all_come_back(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    page.locator("figure[id='03-frames'] details.numbers > summary").click()
    link = page.locator("figure[id='03-frames'] details.numbers td a").first
    link.focus()
    page.keyboard.press("Enter")
    place = page.locator(".evidence [id='03-sentences']")
    rows = place.locator("tbody tr:visible")
    rows.first.wait_for()
    assert rows.count() == int(link.text_content())
    place.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    assert rows.count() == place.locator("tbody tr").count() > 100
    page.close()


def test_from_a_number_to_its_sentence_and_its_article_in_six_keys(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "index.html").as_uri())
    page.locator(".brief a[href*='04-sentences']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/04-sentiment.html?*#*")
    here = "document.activeElement.tagName + ' ' + (document.activeElement.closest('.evidence .found')?.id ?? '')"
    page.locator("tr:focus").wait_for()
    assert page.evaluate(here) == "TR 04-sentences"
    count = page.locator("[id='04-sentences'] .count")
    assert count.get_attribute("role") == "status" and re.match(r"\d+", count.inner_text())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/*#s*")
    place = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    page.locator(f"[id='{place}']:focus").wait_for()
    page.close()


def test_a_page_shows_the_sentences_that_are_chosen_and_its_address_sends_them(
    reports: Path, browser: Any
) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "05-stance.html").as_uri())
    bar = page.get_by_role("search")
    assert bar.locator("label").all_inner_texts() != []
    names = [select.get_attribute("name") for select in bar.locator("select").all()]
    assert names == ["outlet", "voice", "frame", "what", "speaker"]
    own = bar.locator(
        "select[name=voice] option[value=author]"
    ).inner_text()  # said in words, chosen by the code
    assert own.startswith("own words (")
    bar.locator("select[name=outlet]").select_option("Meridian Wire")
    bar.locator("select[name=voice]").focus()
    page.keyboard.press("ArrowDown")
    said = bar.get_by_role("status").inner_text()
    rows = page.locator(".evidence tbody tr:visible")
    assert re.fullmatch(r"\d+ of \d+ sentences on this page", said) and rows.count() > 0
    assert {who.split("\t")[0] for who in rows.all_inner_texts()} == {"Meridian Wire"}
    assert page.evaluate("document.activeElement.name") == "voice"
    sent = page.url
    page.goto("about:blank")
    page.goto(sent)
    assert bar.get_by_role("status").inner_text() == said
    assert "outlet=Meridian" in page.locator("nav.contents a", has_text="03 Framing").get_attribute("href")
    bar.get_by_role("button", name="Go to them").click()
    assert page.evaluate("document.activeElement.tagName") == "TR"
    bar.get_by_role("button", name="Show all").click()
    page.wait_for_url(lambda url: "#" not in url)
    assert bar.get_by_role("status").inner_text() == ""
    page.close()


def test_strips_and_utterances_follow_what_is_chosen(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "index.html").as_uri() + "#view?outlet=Meridian%20Wire&voice=author")
    cells = page.locator(".strips [data-held]")
    seen = page.locator(".strips [data-held]:not(.apart)")
    assert 0 < seen.count() < cells.count()
    said = f"{seen.count()} of {cells.count()} paragraphs on this page"
    assert page.get_by_role("search").get_by_role("status").inner_text() == said
    assert set(seen.evaluate_all("all => all.map((one) => one.closest('li').dataset.outlet)")) == {
        "Meridian Wire"
    }
    page.goto((reports / "sample" / "07-shared-material.html").as_uri())
    blocks, shown = page.locator(".events .block"), page.locator(".events .block:visible")
    assert shown.count() == blocks.count() > 0
    speaker = blocks.first.locator("b").inner_text()
    page.get_by_role("search").locator("select[name=speaker]").select_option(speaker)
    assert set(shown.locator("b").all_inner_texts()) == {speaker} and shown.count() < blocks.count()
    said = page.get_by_role("search").get_by_role("status").inner_text()
    assert f", {shown.count()} of {blocks.count()} utterances on this page" in said
    page.close()


def test_the_numbers_of_the_findings_lead_to_their_sentences_on_other_pages(
    reports: Path, browser: Any
) -> None:
    page = browser.new_page()
    first = (reports / "sample" / "index.html").as_uri()
    page.goto(first)
    assert page.locator("p.answer a").count() > 10
    for name in ("03-framing", "04-sentiment", "05-stance", "06-expert-quoting"):
        page.goto(first)
        page.locator(f"p.answer a[href^='{name}.html?']").first.click()
        page.wait_for_url(f"**/{name}.html?*#*")
        assert page.locator("details.evidence[open] tbody tr:visible").count() > 0
        assert " of " in page.locator("details.evidence[open] .count").text_content()
    page.close()


def test_an_articles_sentences_are_as_many_as_the_corpus_counts(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "01-corpus.html").as_uri())
    cells = page.locator("#\\30 1-articles td.number a")
    counts = [(cell.get_attribute("href"), int(cell.text_content())) for cell in cells.all()]
    assert len(counts) == 21
    for address, count in counts[-3:]:
        page.goto(f"{(reports / 'sample').as_uri()}/{address}")
        assert page.locator(".article .paragraph span[id^=s]").count() == count
    page.close()


def test_evidence_leads_to_the_sentence_in_its_article(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    page.locator("details.evidence > summary").first.focus()
    page.keyboard.press("Enter")
    row = page.locator("details.evidence tbody tr").filter(has_text="wire-").first
    sentence = row.locator("td.sentence").inner_text()
    row.locator("a").click()
    page.wait_for_url("**/articles/wire-*")
    target = page.locator(page.evaluate("'[id=\"' + location.hash.slice(1) + '\"]'"))
    assert sentence[:40] in target.inner_text()
    page.close()


def test_a_charts_numbers_come_as_a_csv_file(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the data (03-frames.csv)").click()
    assert download.value.suggested_filename == "03-frames.csv"
    numbers = reports.parent / "figures" / "sample" / "03-frames.csv"
    assert Path(download.value.path()).read_bytes() == numbers.read_bytes()
    page.close()


def test_a_charts_marks_link_to_what_they_count_without_a_script(reports: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "sample" / "04-sentiment.html").as_uri())
    mark = page.locator("figure[id='04-tone'] svg a").first
    assert mark.get_attribute("href").endswith("#04-sentences")
    assert re.fullmatch(r"(negative|neutral|positive): \d+%", mark.get_attribute("aria-label"))
    page.goto((reports / "sample" / "03-framing.html").as_uri())
    number = page.locator("figure[id='03-frames'] table.heat td a")
    assert number.count() > 20
    number.first.click()  # the browser itself opens what is around the place
    page.wait_for_url("**/03-framing.html?*#03-sentences")
    assert page.locator("[id='03-sentences'] tbody tr").first.is_visible()
    page.goto((reports / "sample" / "index.html").as_uri() + "#08-strips-tone")
    seen = page.locator("figure.strips .legend:visible")
    assert seen.count() == 1 and "negative" in seen.inner_text()
    context.close()


@pytest.mark.parametrize(("width", "top"), [(1280, 700), (390, 900)])
def test_the_first_picture_is_on_the_first_screen(reports: Path, browser: Any, width: int, top: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((reports / "sample" / "index.html").as_uri())
    first = page.locator("main figure").first
    assert first.locator("svg").count() > 8 and first.bounding_box()["y"] < top
    page.close()


def test_links_of_the_single_file_lead_to_the_sentence(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((reports / "sample" / "sample-single.html").as_uri())
    page.locator("nav.contents a", has_text="03 Framing").click()
    framing = page.locator("section.part", has=page.locator("h1", has_text="what is the story about"))
    framing.locator("details.evidence > summary").first.click()
    row = framing.locator("details.evidence tbody tr").filter(has_text="wire-").first
    sentence = row.locator("td.sentence").inner_text()
    row.locator("a").click()
    target = page.locator(page.evaluate("'[id=\"' + decodeURIComponent(location.hash.slice(1)) + '\"]'"))
    assert sentence[:40] in target.inner_text()
    assert page.url.split("#")[0].endswith("sample-single.html")
    page.close()


def test_pages_open_from_an_unpacked_zip_and_alone(reports: Path, browser: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(shutil.make_archive(str(tmp_path / "report"), "zip", reports)) as packed:
        packed.extractall(tmp_path / "somewhere else")
    alone = shutil.copy(reports / "sample" / "sample-single.html", tmp_path / "mailed.html")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text))
    page.on("requestfailed", lambda r: said.append(r.url))
    for path in (tmp_path / "somewhere else" / "sample" / "03-framing.html", Path(alone)):
        page.goto(path.as_uri())
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    page.goto((tmp_path / "somewhere else" / "index.html").as_uri())
    page.get_by_role("link", name="The Amsel talks").click()
    page.get_by_role("link", name="03 Framing").click()
    page.wait_for_url("**/somewhere%20else/sample/03-framing.html")
    assert said == []
    page.close()


def test_no_page_scrolls_sideways_on_a_small_screen(reports: Path, browser: Any) -> None:
    page = browser.new_page()
    for path in pages(reports):
        page.goto(path.as_uri())
        for width in (320, 550):  # 550: what is left of a laptop's width at 200 % zoom
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 1, f"{path.name} is {wide} pixels wider than its window of {width}"
    page.close()


def test_a_tables_caption_is_no_wider_than_a_phone(reports: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path in pages(reports):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        right = page.evaluate("""() => Math.max(0, ...[...document.querySelectorAll("caption:not(.unseen)")].map(caption => {
          const words = document.createRange();
          words.selectNodeContents(caption);
          return words.getBoundingClientRect().right;
        }))""")
        assert right <= 360, path.name
    page.close()


def test_a_page_is_small_beside_its_pictures(reports: Path) -> None:

    for path in pages(reports):
        if path.name == "sample-single.html":
            continue  # all pages at once
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"data:image/[^\"]+|<figure\b.*?</figure>", "", text, flags=re.DOTALL)
        assert len(text.encode()) < 600_000, path.name
