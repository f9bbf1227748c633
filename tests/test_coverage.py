import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare.coverage import coverage
from analysis.tables import ARTICLES


def status(carried_by: list[str], **published: str | None) -> dict[str, str]:
    articles = ARTICLES.make(
        [{"article_id": a, "outlet": a[0], "published": p} for a, p in published.items()]
    )
    items = pd.DataFrame({"article_id": carried_by, "item": "the leak"})
    return coverage(items, articles).set_index("outlet")["status"].to_dict()


def test_an_item_is_omitted_only_where_an_earlier_article_carried_it():
    assert status(["a1"], a1="2025-02-10", b1="2025-02-11", c1="2025-02-09") == {
        "a": "present",
        "b": "omitted",
        "c": "early",
    }


def test_the_same_day_or_an_unsure_month_does_not_prove_that_it_was_known():
    assert status(["a1"], a1="2025-02-10", b1="2025-02-10")["b"] == "absent"
    assert status(["a1"], a1="2025-02-10", b1="2025-02")["b"] == "absent"
    assert status(["a1"], a1="2025-02", b1="2025-03-01")["b"] == "omitted"
    assert status(["a1"], a1="2025", b1="2025-12-31")["b"] == "absent"
    assert status(["a1"], a1="2025-02-10T08:00Z", b1="2025-02-10T09:00Z")["b"] == "omitted"
    assert status(["a1"], a1=None, b1="2025-02-10")["b"] == "absent"
    assert status(["a1"], a1="2025-02-10", b1=None)["b"] == "absent"


def test_a_day_on_which_all_could_know_decides_with_the_printed_ones():
    def told(known: str, carriers: list[str], **published: str) -> dict[str, str]:
        articles = ARTICLES.make(
            [{"article_id": a, "outlet": a[0], "published": p} for a, p in published.items()]
        )
        items = pd.DataFrame({"article_id": carriers, "item": "the leak"})
        found = coverage(items, articles, known={"the leak": known}).set_index("outlet")
        return found["status"].to_dict() | {"since": found["known_since"].iloc[0]}

    dates = {"a1": "2025-02-10", "b1": "2025-02-12", "c1": "2025-02-01", "d1": "2025-02"}
    assert told("2025-02-11", ["a1"], **dates) == {
        "a": "present",
        "b": "omitted",
        "c": "early",
        "d": "absent",
        "since": "2025-02-10",
    }
    assert told("2025-02-05", [], **dates) == {
        "a": "omitted",
        "b": "omitted",
        "c": "early",
        "d": "absent",
        "since": "2025-02-05",
    }
    assert told("2025-02-12", [], **dates)["b"] == "absent"
    assert told("2025", [], **dates)["b"] == "absent"


def test_the_earliest_carrier_and_the_latest_article_of_the_outlet_decide():
    assert (
        status(["a1", "c1"], a1="2025-02-20", c1="2025-02-01", b1="2025-01-15", b2="2025-02-10")["b"]
        == "omitted"
    )


def test_columns_say_how_many_articles_carry_it_and_since_when_it_was_known():
    articles = ARTICLES.make(
        [
            {"article_id": "a1", "outlet": "A", "published": "2025-02-03"},
            {"article_id": "a2", "outlet": "A", "published": "2025-02"},
            {"article_id": "b1", "outlet": "B", "published": "2025-01-01"},
        ]
    )
    found = coverage(
        pd.DataFrame({"article_id": ["a1", "a2", "a1"], "quote": ["x", "x", "x"]}), articles, item="quote"
    )
    assert list(found.columns) == ["quote", "outlet", "status", "n", "total", "share", "known_since", "unit"]
    assert found[["n", "total", "known_since"]].to_numpy().tolist() == [
        [2, 2, "2025-02-03"],
        [0, 1, "2025-02-03"],
    ]
    assert found.pivot_table(index="quote", columns="outlet", values="status", aggfunc="first").shape == (
        1,
        2,
    )


def test_no_items_give_an_empty_table_and_articles_without_outlet_are_refused():
    articles = ARTICLES.make([{"article_id": "a1", "outlet": "A"}])
    assert coverage(pd.DataFrame({"article_id": [], "item": []}), articles).empty
    assert coverage(pd.DataFrame({"article_id": [], "item": []}), ARTICLES.make()).empty
    with pytest.raises(ValueError, match="no 'outlet'"):
        coverage(pd.DataFrame({"article_id": ["a1"], "item": ["x"]}), ARTICLES.make([{"article_id": "a1"}]))


dates = st.sampled_from(["2025-01", "2025-02", "2025-01-09", "2025-01-31", "2025-02-01", None])


@given(st.lists(dates, min_size=2, max_size=6), st.data())
def test_whoever_carries_an_item_is_present_and_nobody_else(published, data):
    names = {f"{letter}1": p for letter, p in zip("abcdef", published, strict=False)}
    carriers = data.draw(st.lists(st.sampled_from(sorted(names)), min_size=1, unique=True))
    found = status(carriers, **names)
    assert {o for o, s in found.items() if s == "present"} == {c[0] for c in carriers}
