"""What a file sets apart (block quotes, posts, live blogs, interviews) is kept in plain text and read as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.language import load_language
from analysis.parse.blocks import classify_lines
from analysis.read.forms import unmarked
from analysis.read.pages import paragraphs_of_html, read_page
from analysis.studies import annotate_folder

LONG = "The old bridge over the Wick was closed on Monday after a storm tore two of its cables, the council said."
MORE = "Thousands of people had to find another way to work, and the ferries were full before seven in the morning."


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>Bridge closed</title>{head}</head><body><article><h1>Bridge closed</h1>{body}</article></body></html>"


def forms(text: str, *, clean: bool = True) -> list[tuple[str, str, str]]:
    """Kind, form and words of each line."""
    return [
        (b.kind, b.form, text[b.start : b.end]) for b in classify_lines(text, load_language(), clean=clean)
    ]


def read(
    folder: Path, text: str, name: str = "a.html"
) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """The lines that have a form, and the quotes, of one file: form and words; rule, speaker and words."""
    (folder / name).write_text(text, encoding="utf-8")
    made = annotate_folder(folder / name)
    article = made["articles"]["text"][0]
    marked = made["blocks"].dropna(subset=["form"])
    lines = [(b.form, article[b.start : b.end]) for b in marked.itertuples()]
    names = dict(zip(made["sources"]["source_id"], made["sources"]["name"].fillna(""), strict=True))
    quotes = [(q.rule, names[q.source_id], article[q.start : q.end]) for q in made["quotes"].itertuples()]
    return lines, [q for q in quotes if q[0] in ("quote", "post", "turn", "earlier_speaker")]


TWEET = (
    '<div class="social-embed"><blockquote class="twitter-tweet"><p>Two hours in the queue.</p><p>Who planned this?</p>'
    '&mdash; Ida Moe (@idamoe) <a href="https://twitter.com/idamoe/status/1">May 14, 2021</a></blockquote></div>'
)


def test_an_embedded_post_is_its_authors_words(tmp_path: Path) -> None:
    lines, quotes = read(tmp_path, page(f"<p>{LONG}</p><p>{MORE}</p>{TWEET}<p>{MORE}</p>"))
    assert lines == [
        ("post", "Two hours in the queue."),
        ("post", "Who planned this?"),
        ("post", "— Ida Moe (@idamoe) May 14, 2021"),
    ]
    assert quotes == [
        ("post", "Ida Moe", "Two hours in the queue."),
        ("post", "Ida Moe", "Who planned this?"),
    ]


def test_a_post_in_plain_text_is_known_by_the_line_that_names_its_account() -> None:
    text = f"{LONG}\n\nTwo hours in the queue.\n— Ida Moe (@idamoe) May 14, 2021\n\n{MORE}\n"
    assert [form for _, form, _ in forms(text)] == ["", "post", "post", ""]


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_a_block_quote_is_of_whom_the_line_above_announces(tmp_path: Path, name: str) -> None:
    said = ("Nobody will cross it before that.", "I know that this is hard.")
    announced = "Mayor Anna Lund wrote in a letter to the residents:"
    if name == "a.md":
        text = "\n\n".join(["# Bridge closed", LONG, announced, *(f"> {s}" for s in said), MORE])
    else:
        quoted = "".join(f"<p>{s}</p>" for s in said)
        text = page(f"<p>{LONG}</p><p>{announced}</p><blockquote>{quoted}</blockquote><p>{MORE}</p>")
    lines, quotes = read(tmp_path, text, name)
    assert lines == [("quote", s) for s in said]
    assert quotes == [("quote", "Anna Lund", s) for s in said]


def test_a_block_quote_is_of_whom_its_last_line_names(tmp_path: Path) -> None:
    quoted = "<blockquote>It will stand for a hundred years.<footer>Nils Dahl, engineer</footer></blockquote>"
    lines, quotes = read(tmp_path, page(f"<p>{LONG}</p>{quoted}<p>{MORE}</p>"))
    assert lines[-1] == ("quote", "— Nils Dahl, engineer")
    assert quotes == [("quote", "Nils Dahl", "It will stand for a hundred years.")]


def test_a_pull_quote_goes_and_an_article_set_as_one_quote_is_none() -> None:
    pulled = f'<p>{LONG}</p><p>{MORE}</p><blockquote class="pullquote">full before seven</blockquote>'
    assert read_page(page(pulled)).paragraphs == (LONG, MORE)
    assert paragraphs_of_html(f"<blockquote><p>{LONG}</p><p>{MORE}</p></blockquote>") == [LONG, MORE]


def test_a_line_that_opens_with_the_mark_of_a_quote_on_a_page_is_none() -> None:
    assert unmarked("> Read more about it") == "Read more about it"
    assert forms("Bridge closed\n\n> Read more: ferry fares\n", clean=False)[-1][:2] == ("boilerplate", "")


ENTRIES = "".join(
    f'<article class="block"><time datetime="2021-05-14T{t}:00Z">{shown}</time><h2>{head}</h2>{said}</article>'
    for t, shown, head, said in (
        (
            "11:20",
            "11.20 BST",
            "Ferries",
            f"<p>{MORE}</p><p>“We will bring everybody home,” director Siv Krog said.</p>",
        ),
        (
            "10:42",
            "an hour ago",
            "Closed",
            f"<p>“The bridge groaned all night, and then it went silent.”</p><p>{LONG}</p>",
        ),
        ("09:15", "09.15 BST", "Good morning", f"<p>{LONG}</p>"),
    )
)


def test_a_live_blog_keeps_its_entries_and_no_speaker_speaks_on_in_the_next(tmp_path: Path) -> None:
    lines, quotes = read(tmp_path, page(f'<div class="liveblog">{ENTRIES}</div>'))
    assert lines == [("entry", "11.20 BST"), ("entry", "2021-05-14 10:42"), ("entry", "09.15 BST")]
    assert quotes == [("earlier_speaker", "", "The bridge groaned all night, and then it went silent.")]


def test_entries_that_only_the_linked_data_of_a_page_hold_are_read() -> None:
    updates = ",".join(
        f'{{"@type":"BlogPosting","headline":"{h}","articleBody":"{LONG} {h}.","datePublished":"2021-05-14T10:4{i}:00Z"}}'
        for i, h in enumerate(("One", "Two", "Three"))
    )
    head = f'<script type="application/ld+json">{{"@type":"LiveBlogPosting","liveBlogUpdate":[{updates}]}}</script>'
    text = "\n\n".join(read_page(page("<p>Follow it here.</p>", head)).paragraphs)
    assert [words for _, form, words in forms(text) if form == "entry"] == [
        f"2021-05-14 10:4{i}" for i in range(3)
    ]


def test_a_list_of_headlines_with_times_and_the_comments_are_no_live_blog() -> None:
    teasers = ENTRIES.replace(LONG, "Ferries full").replace(MORE, "Fares rise")
    commented = ENTRIES.replace('class="block"', 'class="comment"')
    for other in (teasers, commented):
        found = read_page(page(f'<p>{LONG}</p><p>{MORE} {LONG}</p><div class="liveblog">{other}</div>'))
        assert not [line for line in found.paragraphs if line.startswith(("11.20", "2021-"))]


ASKED = (
    ("Tell me: is it true that you hate bridges?", "I said so when I was young, and I meant it."),
    ("What changed that?", "The river did. I came here in a winter with a lot of ice."),
    ("Will you stay?", "I will, and my wife says that she will."),
)


@pytest.mark.parametrize("listed", [True, False])
def test_questions_that_a_page_sets_in_bold_or_as_terms_make_an_interview(
    tmp_path: Path, listed: bool
) -> None:
    pairs = "".join(
        f"<dt>{q}</dt><dd>{a}</dd>" if listed else f"<p><strong>{q}</strong></p><p>{a}</p>" for q, a in ASKED
    )
    intro = "<p>The engineer Nils Dahl has looked after the bridge for years. The Herald spoke to Nils Dahl there.</p>"
    lines, quotes = read(tmp_path, page(intro + (f"<dl>{pairs}</dl>" if listed else pairs)))
    assert lines == [
        (form, words) for pair in ASKED for form, words in zip(("question", "answer"), pair, strict=True)
    ]
    assert quotes == [("turn", "Nils Dahl", answer) for _, answer in ASKED]


def test_questions_that_an_outlet_answers_itself_are_nobodys_quotes(tmp_path: Path) -> None:
    faq = "".join(
        f"<p><strong>What {w}?</strong></p><p>{LONG}</p>" for w in ("fell", "happened", "comes next")
    )
    assert read(tmp_path, page(faq))[1] == []


def test_the_turns_of_a_transcript_have_their_forms(tmp_path: Path) -> None:
    turns = (
        "TOR BERG, HOST: Will it open?",
        "ANNA LUND: I cannot say that.",
        "BERG: Why?",
        "LUND: We have to look.",
    )
    lines, _ = read(tmp_path, "Bridge closed\n\n" + "\n\n".join(turns), "a.txt")
    assert lines == list(zip(("question", "answer") * 2, turns, strict=True))


def test_what_stands_around_an_article_stays_out(tmp_path: Path) -> None:
    around = (
        '<figure><img src="a.jpg"><figcaption>The bridge. Photo: Jo Hale</figcaption></figure>'
        '<aside class="fact-box"><h3>Facts</h3><ul><li>Built in 1932</li></ul></aside>'
        '<div class="newsletter-signup"><p>Sign up for the best of the Herald every morning.</p></div>'
        '<div class="related"><ul><li><a href="/1">Ferry fares to rise</a></li></ul></div><div class="ad">Advertisement</div>'
    )
    comments = '<section class="comments"><div class="comment"><p>What a mess.</p><blockquote>I said so.</blockquote></div></section>'
    found = read_page(page(f"<p>{LONG}</p>{around}<p>{MORE}</p>") + comments)
    assert [words for kind, _, words in forms("\n\n".join(found.paragraphs)) if kind == "body"] == [
        LONG,
        MORE,
    ]
