"""Where a report comes from can be read by people and by machines: every input by its hash, every file by its own."""

from __future__ import annotations

import json
import shutil
import socket
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from rocrate.rocrate import ROCrate

from analysis.publish.provenance import RECORD, changed_inputs, in_words, load_crate, made_from
from analysis.publish.report import ArticlePage, write_report
from analysis.publish.run import Run, RunError
from analysis.studies import open_study
from analysis.study import StudyError


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    place = tmp_path / "data" / "sample"
    shutil.copytree(root / "data" / "sample", place, ignore=shutil.ignore_patterns("tables"))
    return place


@pytest.fixture
def notebooks(root: Path) -> list[Path]:
    return [root / "notebooks" / "03-framing.ipynb", root / "notebooks" / "08-findings.ipynb"]


def written(folder: Path, notebooks: list[Path], out: Path) -> Path:
    study = open_study(folder)
    inputs = made_from(study, notebooks, {"excerpts": 25, "only": ["03", "08"]})
    error = RunError("03-framing.ipynb", 1, "x", "ValueError", "no")
    runs = [
        Run(path, nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# It")]), e, 0.0)
        for path, e in zip(notebooks, (error, None), strict=True)
    ]
    page = write_report(
        "sample",
        runs,
        out,
        title=study.title,
        notice=study.notice,
        provenance=in_words(inputs, "media-analysis report sample"),
        inputs=inputs,
        command="media-analysis report sample",
        articles=[ArticlePage("articles/ä b.html", "Odd", "<h1>Odd</h1>")],
        single_file=True,
    )
    return page.parent


def test_the_record_opens_as_a_research_object_crate_without_the_network(
    folder: Path, notebooks: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = written(folder, notebooks, tmp_path / "reports")
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("the network was asked"))
    crate = ROCrate(report)
    assert crate.name == open_study(folder).title
    assert crate.root_dataset["datePublished"] == max(open_study(folder).articles["published"])
    assert {a["@id"] for a in crate.root_dataset["mentions"]} >= {"#command", "#run/03-framing.ipynb"}
    command = crate.get("#command")
    assert command["instrument"]["name"] == "media-analysis"
    assert {e["identifier"] for e in command["object"] if e.type == "NewsArticle"} >= {"wire-1", "voice-5"}
    assert crate.get("#run/03-framing.ipynb")["error"].endswith("ValueError: no")
    assert {e["name"] for e in crate.get("#media-analysis")["softwareRequirements"]} >= {"Python", "pandas"}


def test_every_file_of_the_report_stands_in_it_with_its_hash(
    folder: Path, notebooks: list[Path], tmp_path: Path
) -> None:
    report = written(folder, notebooks, tmp_path / "reports")
    listed = {f["name"]: f["sha256"] for f in load_crate(report).values() if f["@type"] == "File"}
    files = {p.relative_to(report).as_posix(): p for p in report.rglob("*") if p.is_file()}
    assert set(files) == {*listed, RECORD}
    assert {name: sha256(files[name].read_bytes()).hexdigest() for name in listed} == listed
    assert {"index.html", "03-framing.ipynb", "sample-single.html"} <= set(listed)


def test_every_reference_in_it_leads_to_something_in_it(
    folder: Path, notebooks: list[Path], tmp_path: Path
) -> None:
    text = (written(folder, notebooks, tmp_path / "reports") / RECORD).read_text(encoding="utf-8")
    graph = json.loads(text)["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(ids) == len(set(ids))

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            return (
                [value["@id"]]
                if set(value) == {"@id"}
                else [r for v in value.values() for r in references(v)]
            )
        return [r for v in value for r in references(v)] if isinstance(value, list) else []

    assert [r for r in references(graph) if r not in ids and not r.startswith(("http://", "https://"))] == []
    article = (folder / "articles" / "wire-1.txt").read_text(encoding="utf-8")
    assert not any(line in text for line in article.splitlines()[4:] if len(line) > 30)


def test_the_pages_foot_names_inputs_and_leads_to_the_record(
    folder: Path, notebooks: list[Path], tmp_path: Path
) -> None:
    report = written(folder, notebooks, tmp_path / "reports")
    pages = (report / "index.html", next((report / "articles").iterdir()))
    foot, of_article = (page.read_text(encoding="utf-8").split("<footer>")[1] for page in pages)
    for file in ("codebook/frames.yml", "coding/quotes.csv"):
        digest = sha256((folder / file).read_bytes()).hexdigest()[:12]
        assert digest in foot and digest not in of_article, "once, not on each of thousands of pages"
    assert f"20, each with its hash in {RECORD}" in foot, "not one by one: there may be thousands"
    assert f'"{RECORD}">' in foot and f'"../{RECORD}">' in of_article


def test_a_changed_input_is_named_and_an_unchanged_one_is_not(folder: Path, notebooks: list[Path]) -> None:
    def entities() -> dict[str, dict]:
        return {e["@id"]: e for e in made_from(open_study(folder), notebooks, {})}

    before = entities()
    assert changed_inputs(before, entities()) == []
    with (folder / "articles" / "wire-1.txt").open("a") as article:
        article.write("\nAnother line.\n")
    with (folder / "codebook" / "frames.yml").open("a") as codebook:
        codebook.write("# a remark\n")
    (folder / "coding" / "lines.csv").unlink()
    after = entities()
    after["#package/pandas"] = {**after["#package/pandas"], "softwareVersion": "0.1"}
    was = before["#package/pandas"]["softwareVersion"]
    assert changed_inputs(before, after) == [
        "article wire-1: different content",
        "codebook frames.yml: different content",
        "coding lines.csv: gone",
        f"package pandas: {was} before, now 0.1",
    ]


def test_a_study_without_codebook_names_the_general_one(folder: Path, notebooks: list[Path]) -> None:
    shutil.rmtree(folder / "codebook")
    words = in_words(made_from(open_study(folder), notebooks, {}), "x")
    assert "frames.yml" in words["General codebook (SHA-256)"] and "Codebook (SHA-256)" not in words


@pytest.mark.parametrize("text", ["", "{", "[]", '{"@graph": [1]}'])
def test_a_record_that_cannot_be_read_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(StudyError, match="cannot be read as the record of a report"):
        load_crate(tmp_path)
