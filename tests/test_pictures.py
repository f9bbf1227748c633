"""Charts on a page: titles that say what they show, marks that link, every script's letters, and no chart of too little."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.ask.questions import Questions
from analysis.compare.uncertainty import wilson
from analysis.publish.markup import Cleaner
from analysis.show.pictures import Sketch, picture
from analysis.show.titles import finding, too_few
from analysis.show.wording import in_words
from analysis.studies import open_study

NAMES = (
    "Harbour Wire",
    "Η Καθημερινή",
    "Новая газета",
    "الجزيرة",
    "הארץ",
    "人民日报",
    "朝日新聞",
    "조선일보",
    "ไทยรัฐ",
    "दैनिक जागरण",
)
FORMS = ("cells", "balance", "parts", "sides", "bars", "dots", "terms", "points", "pairs")


def shares(counts: dict[str, dict[str, int]], total: int = 60) -> pd.DataFrame:
    rows = [
        {"outlet": outlet, "tone": tone, "n": n, "total": total, "share": n / total, "unit": "sentences"}
        for outlet, tones in counts.items()
        for tone, n in tones.items()
    ]
    table = pd.DataFrame(rows)
    table["low"], table["high"] = wilson(table["n"], table["total"])
    return table


def title(table: pd.DataFrame, form: str, of: str = "tone", value: str = "share") -> str:
    return finding(table, form, of=of, by="outlet", value=value, word=in_words)


def sketch(form: str, names: tuple[str, ...] = NAMES) -> Sketch:
    table = shares(
        {
            name: {"negative": n % 20 + 5, "neutral": 30 - n % 20, "positive": 25}
            for n, name in enumerate(names)
        }
    )
    look: dict[str, object] = {"parts": {"order": ["negative", "neutral", "positive"]}}.get(form, {})
    if form == "sides":
        look = {"order": ["negative", "neutral", "positive"]}
    if form == "points":
        look = {"x": "day"}
        table = table.assign(day=pd.Timestamp("2031-03-01") + pd.to_timedelta(range(len(table)), unit="D"))
    of, value = ("tone", "share")
    if form == "pairs":
        table = table.assign(tone=[names[-1 - n // 3] for n in range(len(table))]).drop_duplicates(
            ["outlet", "tone"]
        )
    if form in ("bars", "dots"):
        table = table[table["tone"] == "negative"].assign(net=0.1 * table["n"], mean=0.2)
    addresses = [f"#e?n={n}" for n in range(len(table))]
    return Sketch(
        table, "" if form in ("bars", "dots") else of, "outlet", value, {}, addresses=addresses, look=look
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_names_of_every_script_and_passes_into_a_page(form: str) -> None:
    html = Cleaner({}, "p.html", {"e": "p.html"}).clean(picture(form, sketch(form)))
    assert [name for name in NAMES if name not in html] == []
    assert re.search(r'href="\?n=\d+#e"', html) and " style=" not in html and "<style" not in html


@pytest.mark.parametrize("form", ["cells", "parts", "sides", "bars", "dots"])
def test_forty_outlets_with_long_names_are_rows(form: str) -> None:
    names = tuple(f"The {n}th Gazette of the Northern Provinces and Evening Messenger" for n in range(40))
    html = picture(form, sketch(form, names))
    assert all(name in html for name in names)
    if form == "cells":
        assert html.count("<tr") == 41  # the outlets, and the heads


def test_of_many_outlets_each_label_is_a_line_of_dots_with_its_ends_named_and_every_number_folded() -> None:
    names = tuple(f"Gazette {n}" for n in range(40))
    html = picture("cells", sketch("cells", names))
    lines, table = html.split("<details", 1)
    assert lines.count("<circle") == 120 and table.count("<tr") == 41
    assert re.search(r"Gazette 0</span> .*?8%.* to .*Gazette 19</span>", lines)
    assert lines.count("<a ") - lines.count('tabindex="-1"') == 3 * (
        2 + 2
    )  # of each line the keyboard stops at its ends


def test_of_many_rows_the_first_and_the_last_are_seen_and_the_others_folded() -> None:
    html = picture("bars", sketch("bars", tuple(f"Gazette {n}" for n in range(40))))
    first, folded = html.split("<details", 1)
    folded, last = folded.split("</details>")
    assert [part.count("bar-row") for part in (first, folded, last)] == [6, 28, 6]
    assert "28 more outlets, between these" in folded


def test_folded_rows_are_called_what_they_are_of() -> None:
    roles = pd.DataFrame(
        [("Wire", f"role {n}", n, 100, n / 100) for n in range(40)],
        columns=["outlet", "role", "n", "total", "share"],
    )
    one = Sketch(roles, "role", "outlet", "share", {}, look={})
    assert "28 more roles, between these" in picture("cells", one)


def test_of_many_articles_their_number_in_each_span_of_days_is_drawn() -> None:
    days = pd.date_range("2031-01-01", periods=300)
    table = pd.DataFrame(
        {"outlet": ["Wire", "Post"] * 150, "article_id": "a", "published": days.astype(str), "day": days}
    )
    drawn = Sketch(table, "article_id", "outlet", "published", {}, look={"x": "day"})
    assert "<circle" not in picture("points", drawn)
    assert (
        sum(
            float(h) > 0
            for h in re.findall(r'class="amount"[^>]* height="([\d.]+)"', picture("points", drawn))
        )
        > 60
    )
    few = Sketch(table[:20], "article_id", "outlet", "published", {}, look={"x": "day"})
    assert picture("points", few).count("<circle") == 20


def test_of_many_pairs_the_largest_are_bars() -> None:
    names = [f"Gazette {n}" for n in range(20)]
    rows = [
        {"outlet": a, "other": b, "share": 0.001 * (20 * n + m)}
        for n, a in enumerate(names)
        for m, b in enumerate(names)
    ]
    html = picture(
        "pairs",
        Sketch(pd.DataFrame(rows), "other", "outlet", "share", {}, look={"order": names, "digits": 1}),
    )
    assert (
        html.count("bar-row") == 15
        and "<table" not in html
        and html.index("Gazette 19") < html.index("39.8%")
    )


def test_one_outlet_has_bars_and_no_grid() -> None:
    html = picture(
        "cells", Sketch(shares({"Wire": {"negative": 5, "neutral": 55}}), "tone", "outlet", "share", {})
    )
    assert (
        "<table" not in html and html.index("neutral") < html.index("negative") and html.count("bar-row") == 2
    )


def test_the_darkest_colour_stands_for_a_tenth_at_least() -> None:
    table = shares({"Wire": {"negative": 2, "neutral": 1}, "Post": {"negative": 0, "neutral": 2}}, total=1000)
    html = picture("cells", Sketch(table, "tone", "outlet", "share", {}))
    assert set(re.findall(r'<td class="(\w+)"', html)) == {"h0", "h1"}


def test_a_share_of_fewer_than_five_is_said_as_a_count() -> None:
    table = shares({"Wire": {"negative": 2, "neutral": 0}, "Post": {"negative": 1, "neutral": 1}}, total=2)
    html = picture("cells", Sketch(table, "tone", "outlet", "share", {}))
    assert "2 of 2" in html and "100%" not in html
    look = {"order": ["negative", "neutral"]}
    assert "%" not in picture("parts", Sketch(table, "tone", "outlet", "share", {}, look=look)).replace(
        '"100%"', ""
    )


def test_bars_are_sorted_by_value_and_each_says_how_many_it_is_of() -> None:
    counts = {"Least": {"negative": 5, "positive": 55}, "Most": {"negative": 50, "positive": 10}}
    look = {"order": ["negative", "positive"]}
    html = picture("parts", Sketch(shares(counts), "tone", "outlet", "share", {}, look=look))
    assert html.index("Most") < html.index("Least") and html.count("n = 60") == 2


def test_a_title_says_the_largest_contrast_that_is_not_chance() -> None:
    counts = {"Wire": {"negative": 50, "neutral": 10}, "Post": {"negative": 10, "neutral": 12}}
    assert title(shares(counts), "cells") == "Negative: 83% in Wire, 17% in Post"
    unsaid = {"Wire": {"unknown": 50, "side": 10}, "Post": {"unknown": 5, "side": 40}}
    assert title(shares(unsaid), "parts") == "Side: 67% in Post, 17% in Wire"  # not what is unknown
    near = {"Wire": {"negative": 31, "neutral": 10}, "Post": {"negative": 29, "neutral": 12}}
    assert title(shares(near), "cells") == "No clear difference between the outlets"
    assert title(shares(near).head(0), "cells") == ""
    roles = shares(counts).rename(columns={"outlet": "role"})
    said = finding(roles, "cells", of="tone", by="role", value="share", word=in_words)
    assert said == "Negative: Wire 83%, Post 17%"


def test_a_title_of_means_says_those_whose_intervals_do_not_meet() -> None:
    rows = [("Wire", -0.5, -0.6, -0.4), ("Post", 0.2, 0.1, 0.3), ("Herald", 0.0, -0.5, 0.5)]
    table = pd.DataFrame(rows, columns=["outlet", "net", "low", "high"]).assign(n=20)
    assert title(table, "dots", of="", value="net") == "−0.50 in Wire, +0.20 in Post"
    assert title(table[1:], "dots", of="", value="net") == "No clear difference between the outlets"


def test_titles_of_agreement_confusion_words_dates_and_counts() -> None:
    alphas = pd.DataFrame({"code": ["war", "talks"], "comparison": "coders", "alpha": [0.9, 0.5]})
    said = finding(alphas, "dots", of="comparison", by="code", value="alpha", word=in_words)
    assert said == "1 of 2 alphas reach .667; lowest is talks with 0.50 (coders)"
    taken = pd.DataFrame({"reference": ["a", "a"], "machine": ["a", "b"], "share": [0.8, 0.2]})
    said = finding(taken, "pairs", of="machine", by="reference", value="share", word=in_words)
    assert said == "A is most often taken for b: 20% of the time"
    said = finding(
        taken.assign(sentences=[3, 1]), "pairs", of="machine", by="reference", value="share", word=in_words
    )
    assert said == "No code is often taken for another"  # of four sentences
    words = pd.DataFrame({"outlet": ["Wire", "Post"], "term": ["talks", "war"], "z": [3.0, 2.0]})
    assert title(words, "terms", of="term", value="z") == "Wire: “talks” and Post: “war”"
    days = pd.DataFrame({"outlet": "Wire", "article_id": ["a", "b"], "published": ["2031-01", "2031-03"]})
    assert title(days, "points", of="article_id", value="published") == "2 articles from 2031-01 to 2031-03"
    sizes = pd.DataFrame({"outlet": ["Wire", "Post"], "sentences": [30, 70]})
    assert title(sizes, "bars", of="", value="sentences") == "Post has most: 70 of 100"


def test_what_a_sentence_says_sooner_is_not_drawn() -> None:
    one = pd.DataFrame({"kind": ["reworded"], "pairs": [1]})
    assert too_few(one, "bars", of="", by="kind", value="pairs")
    counts = {"Wire": {"unknown": 58, "side": 1}, "Post": {"unknown": 57, "side": 2}}
    assert too_few(shares(counts), "parts", of="tone", by="outlet", value="share")
    known = {"Wire": {"negative": 30, "side": 30}, "Post": {"negative": 20, "side": 40}}
    assert not too_few(shares(known), "parts", of="tone", by="outlet", value="share")
    assert too_few(shares(known).assign(total=4), "parts", of="tone", by="outlet", value="share")
    one_alone = shares(known).assign(total=lambda t: t["total"].where(t["outlet"] == "Wire", 4))
    assert too_few(one_alone, "parts", of="tone", by="outlet", value="share")


def test_every_chart_of_the_sample_says_what_it_shows(root: object) -> None:
    ask = Questions(open_study(f"{root}/data/sample"))
    for one in (
        ask.frames(),
        ask.frame_voices(),
        ask.tone(),
        ask.positions(),
        ask.experts(),
        ask.verbs(),
        ask.roles(),
    ):
        said = finding(one.table, one.form, of=one.of, by=one.by, value=one.value, word=one._word)
        assert re.search(r"\d|No clear difference", said), one.name


def test_corrected_shares_of_a_chart_have_one_scale() -> None:
    rows = pd.DataFrame(
        [("Wire", 0.88, 0.70, 0.97, 0.80), ("Post", 0.82, 0.60, 0.90, 0.55)],
        columns=["outlet", "share", "low", "high", "machine"],
    ).assign(tone=["negative"] * 2, n=20, total=40, coded=20)
    rows = pd.concat([rows, rows.assign(tone="neutral", share=0.2, low=0.1, high=0.3, machine=0.2)])
    html = picture("corrected", Sketch(rows, "tone", "outlet", "share", {}))
    wire, post, *_ = (float(x) for x in re.findall(r'<circle[^>]* cx="([\d.]+)%?"', html))
    assert wire / post == pytest.approx((3 + 94 * 0.88 / 0.97) / (3 + 94 * 0.82 / 0.97), abs=0.01)
