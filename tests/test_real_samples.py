"""Test files of other projects, which are not part of the repository: what was read off them by hand comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.language import load_language
from analysis.read.intake import Intake, take_in

# File: articles, and of the first of them title, outlet, day, author ("" where none), beginning and end of its text.
READ_OFF = {
    "europresse_test1.html": (3, "A heading: some text", "l'Humanité", "2013-10-05", "", "Some text, and a few accentuated", "Test."),
    "europresse_test2.html": (4, "Title", "Newspaper", "2006-03-14", "Author", "Some text: a mark.", "Some text: a mark."),
    "example.warc.gz": (1, "Example Domain", "", "", "", "This domain is established", "asking for permission."),
    "example_full.ris": (2, "Title of reference", "Lorem", "2014", "Karl Marx, Astrid Lindgren", "BACKGROUND: Lorem", "mollis pretium."),
    "factiva_test.html": (2, "Test 1", "Test newspaper", "2011-12-29", "", "First head paragraph", "Fourth and last paragraph."),
    "factiva_test.xml": (3, "TEST - first test article", "My Newspaper", "2012-01-09", "", "This is the lead paragraph", "of the first test article."),
    "lexisnexis_old_sample.TXT": (10, "Lorem ipsum dolor sit amet", "Guardian.com", "2010-01-11", "Andrew Sparrow", "Lorem ipsum dolor", "ut varius."),
    "lexisnexis_test_copyright_error.html": (1, "", "The Daily Planet", "2018-12-31", "", "Rank", "1,111"),
    "lexisnexis_test_en.html": (2, "Heading One", "Some Newspaper", "1991-12-19", "PAPER AUTHOR", "Some text.", "end of paper."),
    "lexisnexis_test_fr.html": (3, "Title of first article", "My newpaper", "2013-04-12", "", "First paragraph.", "line breaks to remove."),
    "nexisuni_sample.DOCX": (10, "Lorem ipsum dolor sit amet", "The Guardian(London)", "2019-07-01", "Mattha Busby (now), Andrew Sparrow (earlier)", "Lorem ipsum dolor", "ut varius."),
}  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path) -> Path:
    folder = shared / "samples" / "real"
    if not folder.is_dir():
        pytest.skip("needs test files of other projects")
    return folder


def read(path: Path) -> Intake:
    return take_in(path, load_language())


@pytest.mark.parametrize("name", READ_OFF)
def test_a_file_of_another_project_gives_what_was_read_off_it(name: str, real: Path) -> None:
    n, title, outlet, day, author, first, last = READ_OFF[name]
    articles = read(real / name).articles
    assert len(articles) == n
    one = articles.iloc[0].fillna("")
    assert (one.title, one.outlet, one.published, one.author) == (title, outlet, day, author)
    body = one.text.removeprefix(title).strip()
    assert body.startswith(first) and body.endswith(last)


def test_the_announced_lengths_are_those_of_the_texts(real: Path) -> None:
    """In the sample of the old LexisNexis they agree within 4 % for ten of ten articles."""
    taken = read(real / "lexisnexis_old_sample.TXT")
    assert taken.account["announced"].tolist() == [10] and taken.account["short"].tolist() == [0]


def test_documents_that_a_database_did_not_give_are_counted(real: Path) -> None:
    taken = read(real / "lexisnexis_test_en.html")
    assert taken.account["announced"].tolist() == [146] and taken.lost == 144
    error = read(real / "lexisnexis_test_copyright_error.html")
    assert error.account["without_text"].tolist() == [1] and error.lost == 0
