"""One person across the corpus: what one article says of a person reaches the others, and is said to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.annotate.corpus_bodies import name_bodies
from analysis.annotate.corpus_persons import WhoIsWho, source_names
from analysis.codebook import Code, Codebook, CodebookError, load_codebook
from analysis.pipeline import annotate, stack_tables
from analysis.studies import find_unknown_persons, open_study
from analysis.tables import ARTICLES, CAST, SOURCES


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    sides = {
        "green": Code("green", "Green", indicators=("(green|greens)",)),
        "democratic": Code("democratic", "Democratic", indicators=("(democrat|democrats|democratic)",)),
    }
    return replace(load_codebook(), sides=sides)


def articles(*texts: str, dates: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = [{"article_id": f"a{n}", "text": text} for n, text in enumerate(texts, 1)]
    for row, date in zip(rows, dates, strict=False):
        row["published"] = date
    return ARTICLES.make(rows)


def test_what_one_article_says_of_a_person_reaches_the_others_and_is_said_to(codebook):
    made = annotate(
        articles(
            'The Green nominee, Anna Lund, waved. "I am tired," said a voter.',
            "Anna Lund said that it was over.",
        ),
        codebook,
    )
    lund = made["sources"].set_index("name").loc["Anna Lund"]
    assert (lund["role"], lund["role_from"], lund["side"], lund["side_from"]) == (
        "campaign",
        "a1",
        "green",
        "a1",
    )


def test_what_the_own_article_says_comes_first(codebook):
    made = annotate(
        articles(
            "The nominee, Anna Lund, said that she would win.", "Judge Anna Lund said that it was over."
        ),
        codebook,
    )
    assert made["sources"]["role"].tolist() == ["campaign", "judiciary"]
    assert made["sources"]["role_from"].isna().all()


def test_of_offices_that_follow_one_another_the_nearest_in_date_counts(codebook):
    texts = (
        "Senator Anna Lund said that it was over.",
        "Anna Lund said that it rained.",
        "Mayor Anna Lund said that she was tired.",
    )
    made = annotate(articles(*texts, dates=("2020-01-01", "2023-12-01", "2024-01-01")), codebook)
    assert made["sources"]["role"].tolist() == ["legislator", "government_official", "government_official"]


def test_roles_that_no_one_person_can_have_are_those_of_namesakes(codebook):
    texts = (
        "The striker Anna Lund said that it was over.",
        "Judge Anna Lund said that it was over.",
        "Anna Lund said that it rained.",
    )
    made = annotate(articles(*texts), codebook)
    assert made["sources"]["role"].tolist() == ["celebrity", "judiciary", "other"]


def test_a_surname_alone_is_the_persons_who_alone_has_it(codebook):
    texts = ("Senator Anna Lund said that it was over.", "Mr. Lund said that it rained.")
    made = annotate(articles(*texts), codebook)
    assert made["sources"]["person"].tolist() == ["Anna Lund", "Anna Lund"]
    texts += ("Judge Otto Lund said that it was late.",)
    made = annotate(articles(*texts), codebook)
    assert made["sources"]["person"].tolist() == ["Anna Lund", "Lund", "Otto Lund"]


def test_the_mark_of_a_party_tells_the_side(codebook):
    made = annotate(articles("Rep. Anna Lund (D-Iowa) said that it was over."), codebook)
    assert made["sources"]["side"].tolist() == ["democratic"]


def test_the_table_of_persons_has_what_each_article_says(codebook):
    texts = (
        "Senator Anna Lund said that it was over.",
        "Anna Lund, the nominee, said that it rained. Lund left.",
    )
    persons = annotate(articles(*texts, dates=("2024-01-05", "2024-02-01")), codebook)["persons"]
    row = persons.set_index("person").loc["Anna Lund"]
    assert row["roles"] == "legislator: a1; campaign: a2"
    assert (row["aliases"], row["first_seen"], row["last_seen"]) == ("Lund", "2024-01-05", "2024-02-01")
    assert (row["articles"], row["quoted_in"]) == (2, 2)


def test_articles_annotated_in_lots_are_told_as_if_together(codebook):
    table = articles(
        "The Green nominee, Anna Lund, said that she would win.", "Anna Lund said that it was over."
    )
    whole = annotate(table, codebook)
    lots = stack_tables([annotate(table.iloc[[n]], codebook) for n in (0, 1)], codebook)
    for name in ("sources", "persons", "cast"):
        assert lots[name].equals(whole[name])


TELLS = st.tuples(
    st.sampled_from([None, "2031-02-01", "2031-02-03", "2031-03"]),
    st.sampled_from(["judiciary", "celebrity", "document", ""]),
)
GENERAL = load_codebook()


@given(st.lists(TELLS, max_size=8), st.integers(0, 7))
@settings(max_examples=60)
def test_a_role_is_the_nearest_in_date_of_those_that_most_articles_agree_with(
    told: list[tuple[str | None, str]], asker: int
) -> None:
    """As written in one line; the code finds it without going through all articles for each source."""
    cast = [
        {"article_id": f"a{n}", "name": "Anna Lund", "published": day, "role": role or None}
        for n, (day, role) in enumerate(told)
    ]
    source = {
        "source_id": "s",
        "article_id": f"a{asker}",
        "name": "Anna Lund",
        "named": True,
        "role": "other",
        "side": "unknown",
    }
    who = WhoIsWho(CAST.make(cast), source_names(SOURCES.make([source])), GENERAL)
    found = who.fill(SOURCES.make([source]), CAST.make(cast)).iloc[0]

    others = [(n, day, role) for n, (day, role) in enumerate(told) if role and n != asker]
    counts = Counter(role for _, _, role in others)
    own = told[asker][0] if asker < len(told) else None

    def far(day: str | None) -> float:
        days = [pd.Timestamp(f"{one}-01"[:10]) for one in (day, own) if one]
        return abs(days[0] - days[1]).days if len(days) == 2 else float("inf")

    n, _, role = min(others, key=lambda one: (far(one[1]), -counts[one[2]]), default=(None, None, "other"))
    sure = counts[role] >= len(others) * 2 / 3
    wanted = (role, f"a{n}") if others and sure else ("other", "none")
    assert (found["role"], found["role_from"] if pd.notna(found["role_from"]) else "none") == wanted


def with_persons(folder: Path, lines: str) -> Codebook:
    (folder / "persons.csv").write_text(lines, encoding="utf-8")
    return load_codebook(folder)


def test_the_user_merges_splits_and_codes_persons_in_one_file(tmp_path):
    lines = (
        "name,article_id,person,role,side,from,to\n"
        "Tina Berg,,Christina Berg,,,,\n"
        "Anna Lund,a2,Anna Lund (judge),,,,\n"
        "Christina Berg,,,expert,,2024-01-01,2025-01-01\n"
        "Christina Berg,,,legislator,,2025-01-01,\n"
    )
    texts = ("Tina Berg said it was over. Anna Lund said that it rained.",) * 2 + (
        "Christina Berg said it was over.",
    )
    made = annotate(
        articles(*texts, dates=("2024-05-01", "2024-06", "2025-02-01")), with_persons(tmp_path, lines)
    )
    sources = made["sources"]
    assert sources["person"].tolist() == [
        "Christina Berg",
        "Anna Lund",
        "Christina Berg",
        "Anna Lund (judge)",
        "Christina Berg",
    ]
    berg = sources[sources["person"] == "Christina Berg"]
    assert berg["role"].tolist() == ["expert", "expert", "legislator"]
    assert berg["expert"].tolist() == [True, True, False]
    assert set(berg["role_from"]) == {"persons.csv"}
    persons = made["persons"].set_index("person")
    assert persons.loc["Christina Berg", ["role", "aliases"]].tolist() == ["legislator", "Tina Berg"]
    assert "Anna Lund (judge)" in persons.index


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("who,role\nAnna Lund,expert\n", "line 1: unknown column 'who'"),
        ("name,role\nAnna Lund,expart\n", "line 2: unknown role 'expart'; did you mean 'expert'?"),
        ("name;role\n;expert\n", "line 2: has no name"),
        ("name,role\nAnna Lund,\n", "line 2: says nothing"),
        ("name,role,from\nAnna Lund,expert,20.1.2025\n", "is not a date in ISO 8601"),
        ("name,person,from\nAnna Lund,Ida Lund,2025-01-20\n", "has dates, but neither a role nor a side"),
    ],
)
def test_a_line_of_the_persons_file_that_cannot_be_is_said_with_its_place(lines, says, tmp_path):
    with pytest.raises(CodebookError, match=re.escape(says)):
        with_persons(tmp_path, lines)


def test_one_body_has_one_name_and_ministries_of_two_states_do_not(codebook):
    given = [
        ("FBI", "unknown"),
        ("Federal Bureau of Investigation", "unknown"),
        ("Anna Lund's campaign", "green"),
        ("Lund campaign", "unknown"),
        ("Foreign Ministry", "green"),
        ("Foreign Ministry", "democratic"),
        ("Kremlin", "unknown"),
        ("Officials", "unknown"),
        ("two officials", "unknown"),
    ]
    found = name_bodies(pd.DataFrame(given, columns=["name", "side"]), {"Anna Lund": "Anna Lund"}, codebook)
    assert found == {
        "FBI": "Federal Bureau of Investigation",
        "Federal Bureau of Investigation": "Federal Bureau of Investigation",
        "Anna Lund's campaign": "Anna Lund's campaign",
        "Lund campaign": "Anna Lund's campaign",
        "Kremlin": "Kremlin",
    }


def test_short_first_names_are_their_full_ones_where_they_are_those_of_nobody_else(codebook):
    def one_names(*names: str) -> list[str]:
        cast = [{"article_id": f"a{n}", "name": name, "aliases": name} for n, name in enumerate(names)]
        nobody = source_names(SOURCES.make())
        return [WhoIsWho(CAST.make(cast), nobody, codebook).names[name] for name in names]

    assert one_names("William Lund", "Bill Lund", "Bill Lund") == ["Bill Lund"] * 3
    assert one_names("Joseph R. Lund Jr.", "Joe Lund", "Joe Lund") == ["Joe Lund"] * 3
    for apart in (
        ("Christopher Lund", "Chris Lund", "Christina Lund"),
        ("Erik Lund", "Erik Lund Jr."),
        ("George W. Lund", "George H. Lund"),
        ("Bill Lund", "William Berg"),
    ):
        assert one_names(*apart) == list(apart)


def test_a_name_in_persons_csv_that_nobody_has_is_said_with_its_line(root: Path, tmp_path: Path) -> None:
    study = open_study(root / "data" / "sample")
    name = study.sources["name"].dropna().iloc[0]
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "persons.csv").write_text(
        f"name,role\n{name},expert\n{name}x,expert\n", encoding="utf-8"
    )
    (said,) = find_unknown_persons(replace(study, folder=tmp_path))
    assert said.endswith(f"line 3: no source or person is called '{name}x'; did you mean '{name}'?")
