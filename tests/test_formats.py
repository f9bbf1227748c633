"""Each format gives its articles, what is known of them and nothing else; what cannot be read is named with a remedy."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import socket
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analysis.language import load_language
from analysis.parse.document import block_table, parse
from analysis.read.found import UnreadableArticleError
from analysis.read.intake import Intake, take_in
from analysis.read.languages import recognise_language
from analysis.read.registry import known_formats, read_source
from analysis.read.source import Source, decode
from analysis.read.texts import known_exports
from analysis.studies import with_found_titles

SAMPLES = Path(__file__).parent / "samples"
GOLD = json.loads((SAMPLES / "gold.json").read_text(encoding="utf-8"))
READABLE = [name for name, gold in GOLD.items() if gold["n"] and "first" in gold["articles"][0]]
MAIN = ("title", "deck", "heading", "body")


def plain(text: object) -> str:
    return re.sub(r"\s+", " ", "" if text is None or pd.isna(text) else str(text)).strip().casefold()


def intake(place: Path) -> tuple[Intake, pd.DataFrame]:
    """What is read, with titles as `annotate` gives them, and the lines with their kinds."""
    language = load_language()
    taken = take_in(place, language)
    blocks = block_table(parse(taken.articles, language))
    found = with_found_titles(taken.articles, blocks, language)
    return Intake(found, taken.problems, taken.account), blocks


def main_text(article: object, blocks: pd.DataFrame) -> str:
    own = blocks[(blocks.article_id == article.article_id) & blocks.kind.isin(MAIN)]
    return plain(" ".join(article.text[a:b] for a, b in zip(own.start, own.end, strict=True)))


def check(place: Path, gold: dict) -> Intake:
    taken, blocks = intake(place)
    assert len(taken.articles) == gold["n"]
    free = list(taken.articles.itertuples())
    for want in gold["articles"]:
        best = max(
            free,
            key=lambda a: (
                plain(want["first"])[:60] in plain(a.text),
                plain(a.outlet) == plain(want["outlet"]),
            ),
        )
        free.remove(best)
        for field, got in (
            ("title", best.title),
            ("outlet", best.outlet),
            ("date", best.published),
            ("author", best.author),
        ):
            assert not want.get(field) or plain(got) == plain(want[field]), field
        text = main_text(best, blocks)
        assert plain(want["first"]) in text and plain(want["last"]) in text
        assert abs(len(text) - want["chars"]) <= 0.08 * want["chars"] + len(want["title"]) + 2
    return taken


@pytest.mark.parametrize("name", READABLE)
def test_a_sample_of_each_format_gives_its_articles(name: str) -> None:
    taken = check(SAMPLES / name, GOLD[name])
    assert taken.lost == 0
    assert taken.account["read"].sum() - taken.account["duplicates"].sum() == GOLD[name]["n"]


def test_a_format_is_recognised_by_its_content(tmp_path: Path) -> None:
    named = [name for name in READABLE if not name.endswith("/")]
    for name in named:
        shutil.copy(SAMPLES / name, tmp_path / "file")
        assert len(take_in(tmp_path / "file", load_language()).articles) == GOLD[name]["n"], name


def test_a_folder_of_any_mixture_is_read_whole_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mixture"
    shutil.copytree(SAMPLES, folder, ignore=shutil.ignore_patterns("gold.json", "README.md"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    taken = take_in(folder, load_language())
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    account = taken.account.set_index("file")
    assert set(account.index) == {
        name.rstrip("/") if name != "saved-complete/" else "saved-complete/article.html" for name in GOLD
    }
    assert account["lost"].sum() == 0 and taken.articles["article_id"].is_unique
    assert account["read"].sum() == sum(gold["n"] for gold in GOLD.values())
    assert account.loc["german.txt", "other_language"] == 1
    assert account["duplicates"].sum() + account["near_duplicates"].sum() > 20


def test_the_second_edition_of_an_article_is_marked_with_its_original() -> None:
    taken = take_in(SAMPLES / "nexis-uni.docx", load_language())
    marked = taken.articles.dropna(subset=["duplicate_of"])
    assert marked[["article_id", "duplicate_of", "outlet"]].values.tolist() == [
        ["nexis-uni-3", "nexis-uni-1", "Meridian Wire (Online)"]
    ]
    assert taken.account["near_duplicates"].tolist() == [1]


def test_what_is_known_says_where_it_was_found() -> None:
    (page,) = take_in(SAMPLES / "page-jsonld.html", load_language()).articles.itertuples()
    assert "title: JSON-LD" in page.found_in and page.genre is pd.NA
    (first, *_) = take_in(SAMPLES / "proquest.txt", load_language()).articles.itertuples()
    assert "outlet: export field" in first.found_in and first.place == "1 of 3"
    assert first.source_sha256 == Source.from_file(SAMPLES / "proquest.txt").digest


def test_the_name_of_a_file_tells_outlet_and_day(tmp_path: Path) -> None:
    (tmp_path / "nyt_2016-09-08_the-envoys-meet.txt").write_text("The envoys met in the harbour town.\n")
    (tmp_path / "notes on 2016.txt").write_text("It rained in the harbour town all day.\n")
    articles = take_in(tmp_path, load_language()).articles
    assert articles[["outlet", "published"]].astype(object).where(
        articles[["outlet", "published"]].notna(), None
    ).values.tolist() == [
        [None, None],
        ["nyt", "2016-09-08"],
    ]


def test_a_text_in_another_language_is_named_and_its_lines_are_kept() -> None:
    taken = take_in(SAMPLES / "german.txt", load_language())
    assert taken.articles["language"].tolist() == ["de"]
    assert "is in German (de), which this study does not read" in taken.problems["message"][0]


@pytest.mark.parametrize(
    "text",
    [
        "محادثات. التقى ممثلو البلدين في العاصمة لمناقشة وقف إطلاق النار وقال الوزير إن المحادثات كانت جيدة.",
        "会谈。两国代表在首都会面,讨论停火问题。部长表示会谈进展顺利,双方同意继续对话。",
        "Переговоры. Министр сообщил об этом.",
        "両国の代表は首都で会談した。大臣がそう述べた。",
    ],
)
def test_a_text_in_another_script_is_another_language_however_short(text: str) -> None:
    assert recognise_language(text, load_language()) not in (None, "en")
    assert recognise_language(f"The envoys met in the old harbour town. {text[:11]}", load_language()) is None


def test_a_database_that_announces_more_than_it_holds_is_an_error_with_the_number(tmp_path: Path) -> None:
    text = (
        (SAMPLES / "lexisnexis-old.txt")
        .read_text(encoding="utf-8")
        .replace("of 3 DOCUMENTS", "of 100 DOCUMENTS")
    )
    (tmp_path / "a.txt").write_text(text.replace("Selected Items: 1-3", ""), encoding="utf-8")
    taken = take_in(tmp_path, load_language())
    assert taken.lost == 97
    assert "announces 100 articles, of which 97 are not in it" in taken.problems["message"][0]


def test_an_article_shorter_than_announced_is_named(tmp_path: Path) -> None:
    old = (
        (SAMPLES / "lexisnexis-old.txt")
        .read_text(encoding="utf-8")
        .replace("LENGTH: 348 words", "LENGTH: 900 words")
    )
    (tmp_path / "a.txt").write_text(old, encoding="utf-8")
    taken = take_in(tmp_path, load_language())
    assert taken.account["short"].tolist() == [1]
    assert "has 347 of the 900 words announced" in taken.problems["message"][0]


# What cannot be read


def fault(name: str, data: bytes) -> str:
    with pytest.raises(UnreadableArticleError) as error:
        read_source(Source(name, data))
    return str(error.value)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_scanned_page_is_named() -> None:
    assert "no text layer" in fault("scanned.pdf", (SAMPLES / "scanned.pdf").read_bytes())


def test_a_broken_pdf_and_a_broken_archive_are_named() -> None:
    assert "is a broken PDF" in fault("a.pdf", b"%PDF-1.7\n" + b"x" * 300)
    assert "is a broken archive" in fault("a.zip", b"PK\x03\x04" + b"x" * 300)
    assert "broken Parquet" in fault("a", b"PAR1" + b"x" * 300)


def test_an_encrypted_word_file_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert "is encrypted; open it with its password" in fault("a.docx", data)
    assert "older Office" in fault("a.doc", data[:8] + b"\0" * 600)


def test_an_archive_with_a_password_is_named() -> None:
    data = bytearray(zipped(a=b"text " * 50))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    assert "archive with a password" in fault("a.zip", bytes(data))


def test_an_empty_archive_is_named() -> None:
    assert "is an empty archive" in fault("a.zip", zipped())
    assert "is an empty archive" in fault("a.gz", gzip.compress(b""))


@pytest.mark.parametrize("pack", [lambda data: zipped(**{"word/document.xml": data}), gzip.compress])
def test_a_zip_bomb_is_named_and_not_unpacked(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.read.archives.MAX_UNPACKED", 1_000_000)
    assert "zip bomb" in fault("a", pack(b" " * 3_000_000))


def test_a_gzip_file_that_breaks_off_is_read_as_far_as_it_goes_and_named(tmp_path: Path) -> None:
    words = " ".join(f"The envoys met in town number {n}." for n in range(400)).encode()
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(words)[:600])
    taken = take_in(tmp_path, load_language())
    assert len(taken.articles) == 1 and "breaks off" in taken.problems["message"][0]


def test_archives_in_archives_end_somewhere() -> None:
    data = b"The envoys met."
    for _ in range(8):
        data = gzip.compress(data)
    assert "more than 4 archives" in fault("a.gz", data)


def test_a_file_of_two_gigabytes_is_named_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "dump.csv").open("wb") as file:
        file.truncate(2_000_000_000)
    taken = take_in(tmp_path, load_language())
    assert "has 2,000 MB, more than the 500 MB" in taken.problems["message"][0]


def test_a_table_without_texts_is_named_with_its_columns() -> None:
    said = fault("a.csv", b"title,date\nEnvoys meet,2021-02-12\nTalks fail,2021-02-13\n")
    assert "2 rows without a column of texts (it has: title, date)" in said and "name the column" in said
    assert "(it has: headline)" in fault("a.csv", b"headline\nEnvoys meet\nTalks fail\n")
    assert "Media Cloud, which gives no texts" in fault("m.csv", (SAMPLES / "mediacloud.csv").read_bytes())


def test_a_table_of_one_column_is_read_and_its_commas_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text\nThe envoys met, and left.\n"They said: ""No, never."""\n')
    texts = take_in(tmp_path, load_language()).articles["text"].tolist()
    assert texts == ["The envoys met, and left.\n", 'They said: "No, never."\n']


PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Subscribe now to continue reading this story. Already a subscriber? Log in.", "shows a paywall"),
        ("Your session has expired. Please log in again to continue.", "when a session has ended"),
        ("This site uses cookies to deliver its services. You can accept all or reject all.", "for cookies"),
        (
            "We and our 842 partners store cookies and personal data. Accept cookies to continue to the site.",
            "question for cookies",
        ),
        ("Please verify you are a human to go on.", "check for robots"),
        ("The page you asked for could not be found.", "is an error page"),
    ],
)
def test_a_page_that_shows_a_wall_instead_of_its_article_is_named(words: str, said: str) -> None:
    assert said in fault("a.html", PAGE.format("Envoys meet", words).encode())


def test_a_long_article_with_a_word_on_subscriptions_is_an_article() -> None:
    text = "The envoys met in the harbour town on Monday, said the mayor. " * 40
    page = PAGE.format("Envoys meet", f"{text}</p><p>Subscribe now to continue reading.")
    assert len(read_source(Source("a.html", page.encode())).articles) == 1


def test_no_document_makes_a_network_request_or_reads_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    entities = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY n SYSTEM "http://elsewhere.example/">]>'
    )
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'{entities}<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>The envoys met &e; &n; again.</w:t></w:r></w:p></w:body></w:document>'
    page = PAGE.format("Envoys", "<img src='http://elsewhere.example/a.png'> The envoys met. " * 30)
    for name, data in (("a.docx", zipped(**{"word/document.xml": body.encode()})), ("a.html", page.encode())):
        (article,) = read_source(Source(name, data)).articles
        assert "secret" not in " ".join(article.paragraphs)


def test_entities_that_grow_are_not_resolved() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><ppsArticleResponse><ppsarticle><headline><paragraph>&l9;</paragraph></headline></ppsarticle></ppsArticleResponse>'
    reading = read_source(Source("a.xml", xml.encode()))
    assert reading.articles == () and len(reading.without_text) == 1


# Pieces


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        ("Şehir".encode(), "Şehir", ""),
        ("\ufeffCafé".encode(), "Café", ""),
        ("“Café”".encode("utf-16"), "“Café”", "UTF-16"),
        (
            b"\x93Caf\xe9\x94 \x96 and much more of the same kind of text here",
            "“Café” – and much more of the same kind of text here",
            "Windows-1252",
        ),
    ],
)
def test_encodings_are_recognised_with_a_remark(data: bytes, text: str, said: str) -> None:
    got, remark = decode(data)
    assert got == text and (said in remark if said else not remark)


def test_formats_and_exports_say_what_they_are() -> None:
    names = [one.NAME for one in (*known_formats(), *known_exports())]
    assert len(names) >= 20 and all(names)
    assert known_formats()[-1].NAME == "text"


def test_a_download_of_factiva_as_text_is_split(tmp_path: Path) -> None:
    one = (
        "World\n{title}\nBy Lida Corrant\n12 words\n12 February 2021\n06:15\nMeridian Wire\nTSTW\n4\nEnglish\n(c) 2021 Meridian Wire\n\n"
        "The envoys met in the harbour town, and they agreed on nothing.\n\nDocument TSTW000020210212eh2c0000{n}\n\n"
    )
    text = "".join(one.format(title=f"Envoys meet {n}", n=n) for n in (1, 2))
    reading = read_source(Source("f.txt", text.encode()))
    assert [a.facts["title"].value for a in reading.articles] == ["Envoys meet 1", "Envoys meet 2"]
    assert {a.facts["outlet"].value for a in reading.articles} == {"Meridian Wire"}
    assert reading.articles[0].paragraphs == (
        "The envoys met in the harbour town, and they agreed on nothing.",
    )


def test_an_old_excel_list_with_a_separator_line_is_read() -> None:
    data = b"sep=|\r\nTitle|Body\r\nEnvoys meet|The envoys met in the harbour town.\r\n"
    (article,) = read_source(Source("a.csv", data)).articles
    assert article.paragraphs == ("The envoys met in the harbour town.",)


def test_parquet_is_read(tmp_path: Path) -> None:
    rows = [{"headline": "Envoys meet", "text": "The envoys met in the harbour town.", "date": "2021-02-12"}]
    pd.DataFrame(rows).to_parquet(tmp_path / "a.parquet")
    (article,) = take_in(tmp_path, load_language()).articles.itertuples()
    assert (article.title, article.published, article.format) == ("Envoys meet", "2021-02-12", "Parquet")


def test_markdown_gives_its_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: Envoys meet\ndate: 12 February 2021\nsource: Wire\n---\n\nThe envoys met.\n"
    )
    (article,) = take_in(tmp_path, load_language()).articles.itertuples()
    assert (article.title, article.published, article.outlet) == ("Envoys meet", "2021-02-12", "Wire")
    assert article.text.strip() == "The envoys met."


def test_a_zip_of_files_is_read_as_a_folder_is() -> None:
    data = zipped(
        **{
            "a.txt": b"The envoys met.",
            "b.html": PAGE.format("B", "They met again in town. " * 30).encode(),
            "__MACOSX/c": b"x",
        }
    )
    reading = read_source(Source("a.zip", data))
    assert [a.place for a in reading.articles] == ["a.txt", "b.html"]
