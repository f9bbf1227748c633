"""Mutated and made-up files are read or named, without a traceback and without a hang: `make fuzz` tries 2,000."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.language import load_language
from analysis.parse.document import parse
from analysis.read.found import UnreadableArticleError
from analysis.read.intake import take_in
from analysis.read.registry import read_source
from analysis.read.source import Source

SAMPLES = [
    p for p in sorted((Path(__file__).parent / "samples").rglob("*")) if p.is_file() and p.suffix != ".json"
]
DATA = [(path.name, path.read_bytes()) for path in SAMPLES]
TIMES = int(os.environ.get("MEDIA_ANALYSIS_FUZZ", "60"))
SLOWEST = 10  # seconds of the processor, for a file of a megabyte
PART = 1 if TIMES >= 2000 else 8  # of a megabyte
CALM = settings(max_examples=TIMES, deadline=None, suppress_health_check=list(HealthCheck))
SIGNS = [b"%PDF-1.7\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"PAR1", b"WARC/1.0\r\n", b"{\\rtf1", b"<html>", b"TY  - NEWS\n", b"{\"a\":[", b"\xff\xfe", b"a;b;text\n", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", b"<?xml version='1.0'?><ppsArticleResponse>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]  # fmt: skip


def read(name: str, data: bytes) -> None:
    """Read it, or have it refused with a message, in good time."""
    began = time.process_time()
    try:
        for article in read_source(Source(name, data)).articles:
            assert article.paragraphs or article.text is not None
    except UnreadableArticleError as error:
        assert len(str(error)) > 10 and "Traceback" not in str(error)
    assert time.process_time() - began < SLOWEST


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sample with bytes changed, cut out, doubled, or with a piece of another sample in it."""
    name, data = draw(st.sampled_from(DATA))
    chance = random.Random(draw(st.integers(0, 2**32)))
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 12))):
        at = chance.randrange(len(changed) + 1)
        way = chance.randrange(5)
        if way == 0:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            del changed[at : at + chance.randrange(400)]
        elif way == 2:
            changed[at:at] = changed[at : at + chance.randrange(400)] * chance.randrange(1, 4)
        elif way == 3:
            other = chance.choice(DATA)[1]
            start = chance.randrange(len(other))
            changed[at:at] = other[start : start + chance.randrange(400)]
        else:
            changed[at:at] = chance.choice(
                [
                    b"\0",
                    b"<",
                    b"&#x110000;",
                    b'"',
                    b"\xff\xfe",
                    b"{" * 50,
                    b"[" * 500,
                    b"<div>" * 300,
                    b"\\u-1?",
                ]
            )
    return name, bytes(changed)


@CALM
@given(mutated())
def test_mutated_samples_are_read_or_named(file: tuple[str, bytes]) -> None:
    read(*file)


@CALM
@given(
    st.sampled_from(SIGNS),
    st.binary(max_size=2_000),
    st.sampled_from(["a", "a.txt", "a.csv", "a.pdf", "a.docx", "a.json"]),
)
def test_made_up_files_are_read_or_named(sign: bytes, rest: bytes, name: str) -> None:
    read(name, sign + rest)


LARGE = [
    b"<div>" * (150_000 // PART),
    b"<p>" + b"&amp;" * (200_000 // PART),
    b"[" * (1_000_000 // PART),
    b'{"a":' * (200_000 // PART),
    b"a,b\n" * (250_000 // PART),
    b'a,"' * (330_000 // PART),
    b"{\\rtf1" + b"{\\b " * (200_000 // PART),
    b"{\\rtf1" + b"\\u8217?" * (100_000 // PART),
    b"a-\n" * (330_000 // PART),
    b"&" * (1_000_000 // PART),
    b"\xc3\x83\xc2\x83" * (250_000 // PART),
    b"_" * (1_000_000 // PART),
    b"1 of 9 DOCUMENTS\n\n\n" * (50_000 // PART),
    b"End of Document\nBody\n" * (45_000 // PART),
    b"Document ABCD20210212aaaa\n12 words\n" * (25_000 // PART),
    b"TY  - NEWS\n" * (90_000 // PART),
    b"<!--" * (250_000 // PART),
    b"<html><!-- " * (90_000 // PART),
    b"- (AP) " * (140_000 // PART),
    b"Title | " * (120_000 // PART),
    b"2021-02-12 " * (90_000 // PART),
    b"The envoys met.\n" * (60_000 // PART),
    b"%PDF-1.4\n" + b"1 0 obj<</Type/Catalog>>endobj\n" * (30_000 // PART),
]


@pytest.mark.parametrize("data", LARGE, ids=[str(n) for n in range(len(LARGE))])
def test_a_megabyte_of_the_worst_is_read_or_named_in_good_time(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(data)
    began = time.process_time()
    taken = take_in(tmp_path, load_language())
    assert time.process_time() - began < SLOWEST
    parse(taken.articles.assign(text=taken.articles["text"].str.slice(0, 20_000)), load_language())
