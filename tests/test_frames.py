import pytest

from analysis.annotate.frames import count_indicators, find_frames
from analysis.annotate.voices import find_voices
from analysis.codebook import load_codebook
from analysis.parse.document import Document
from analysis.tables import QUOTES
from made import one_document


def read(*texts: str) -> list[Document]:
    """An article of one paragraph with one sentence per text."""
    return [one_document(*texts)]


@pytest.fixture
def codebook(tmp_path):
    (tmp_path / "frames.yml").write_text(
        "frames:\n"
        "  conflict: {definition: c, indicators: ['clash*', 'reject* & offer*'], except: [clash of symbols]}\n"
        "  economy: {definition: e, indicators: [oil]}\n"
    )
    return load_codebook(tmp_path)


def test_every_indicator_is_a_row_at_its_words(codebook):
    documents = read("They clash over oil.", "No offer.", "He rejected it.")
    frames = find_frames(documents, codebook)
    words = [documents[0].text[a:b] for a, b in zip(frames["start"], frames["end"], strict=True)]
    assert list(zip(frames["sentence_id"], frames["frame"], words, strict=True)) == [
        ("a:s1", "conflict", "clash"),
        ("a:s1", "economy", "oil"),
    ]


def test_an_indicator_in_a_quotation_is_its_source_s(codebook):
    documents = read("They clash, she said: oil matters.")
    span = {"start": 22, "end": 34, "quoted_start": 22, "quoted_end": 34}
    quotes = QUOTES.make(
        [{"quote_id": "a:q1", "article_id": "a", "form": "direct", "source_id": "a:p1", **span}]
    )
    frames = find_voices(quotes).fill(find_frames(documents, codebook))
    assert list(frames["voice"]) == ["author", "quoted"]
    assert list(frames["source_id"].fillna("-")) == ["-", "a:p1"]


def test_articles_without_a_frame_give_an_empty_table_of_the_same_form(codebook):
    frames = find_frames(read("Nothing here."), codebook)
    assert frames.empty
    assert list(frames.dtypes) == list(find_frames(read("Oil."), codebook).dtypes)


def test_a_frame_added_to_the_codebook_is_found_without_a_change_of_code(tmp_path, codebook):
    before = find_frames(read("Snow fell on the oil."), codebook)
    (tmp_path / "frames.yml").write_text(
        "extends: general\nframes:\n  weather: {definition: w, indicators: [snow]}\n"
    )
    after = find_frames(read("Snow fell on the oil."), load_codebook(tmp_path))
    assert "weather" not in set(before["frame"])
    assert "weather" in set(after["frame"])


def test_every_indicator_is_counted_the_unused_too(codebook):
    frames = find_frames(read("They clash.", "They clashed over oil."), codebook)
    counts = count_indicators(frames, codebook).set_index("indicator")
    assert counts["hits"].to_dict() == {"clash*": 2, "reject* & offer*": 0, "oil": 1}
    assert counts["articles"].to_dict() == {"clash*": 1, "reject* & offer*": 0, "oil": 1}
