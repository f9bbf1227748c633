"""Sources: resolved inside an article, with role, side and degree of anonymity."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.annotate.corpus_persons import name_persons
from analysis.annotate.persons import Cast
from analysis.annotate.quotes import find_quotes
from analysis.annotate.roles import SourceClassifier
from analysis.annotate.sources import identify_sources
from analysis.annotate.speaker_words import narrow
from analysis.annotate.speakers import SpeakerResolver
from analysis.codebook import Code, Codebook, OfficeHolder, load_codebook
from analysis.language import load_language
from analysis.parse.document import parse_text
from analysis.tables import CAST, SOURCES


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    sides = {"norland": Code("norland", "Norland", indicators=("(norland|norlander*)",))}
    return replace(
        load_codebook(),
        sides=sides,
        office_holders=(
            OfficeHolder(
                "Ida Berg", also=("Berg",), role="head_of_state", side="norland", since="2020-01-01"
            ),
            OfficeHolder("Norwick", role="government_official", side="norland"),
        ),
    )


def _sources(text: str, codebook: Codebook) -> pd.DataFrame:
    """The source of each quote, in the order of the quotes."""
    documents = [replace(parse_text(text), published="2025-03")]
    quotes, sources, _ = identify_sources(documents, find_quotes(documents, codebook), codebook)
    return quotes[["source_id"]].merge(sources, on="source_id", how="left", validate="many_to_one")


def test_a_short_name_and_a_pronoun_go_to_the_full_name(codebook):
    text = "Mayor Anna Lund said that it was over. Lund said that she was tired. She said that it rained."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lund"] * 3


def test_a_misspelt_name_goes_to_the_person_it_resembles(codebook):
    text = "Mayor Anna Lindqvist said that it was over. Lindkvist said that it rained."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lindqvist"] * 2


def test_one_person_is_one_source(codebook):
    text = "Mayor Anna Lund said that it was over. Lund said that it rained."
    assert _sources(text, codebook)["source_id"].tolist() == ["text:p1", "text:p1"]


@pytest.mark.parametrize(
    ("introduction", "role", "expert"),
    [
        ("Sen. Anna Lund", "legislator", False),
        ("Anna Lund, a professor of law at the university,", "expert", True),
        ("Anna Lund, a former senior CIA officer,", "former_intelligence", True),
        ("Retired General Anna Lund", "former_military", True),
        ("General Anna Lund (Ret.)", "former_military", True),
        ("Foreign Minister Anna Lund", "government_official", False),
        ("President Anna Lund", "head_of_state", False),
        ("Four diplomats", "diplomat", False),
        ("Intelligence officials", "intelligence", False),
    ],
)
def test_the_articles_own_words_give_the_role(introduction, role, expert, codebook):
    source = _sources(f"{introduction} said that it was over.", codebook).iloc[0]
    assert (source["role"], source["expert"]) == (role, expert)


def test_the_list_of_office_holders_speaks_where_the_article_says_nothing(codebook):
    source = _sources("Berg said that it was over.", codebook).iloc[0]
    assert (source["role"], source["side"], source["named"]) == ("head_of_state", "norland", True)


def test_the_articles_words_beat_the_list(codebook):
    assert _sources("Senator Ida Berg said that it was over.", codebook)["role"].tolist() == ["legislator"]


def test_a_government_named_by_its_seat_is_no_named_person(codebook):
    source = _sources("Norwick claimed that it was over.", codebook).iloc[0]
    assert (source["role"], source["named"], source["anonymity"]) == ("government_official", False, "named")


def test_unnamed_sources_are_anonymous_or_described(codebook):
    text = (
        "Two sources familiar with the talks said that it was over.\nA ministry official said that it rained."
    )
    assert _sources(text, codebook)["anonymity"].tolist() == ["anonymous", "described"]


def test_the_reason_for_anonymity_is_kept_in_the_articles_words(codebook):
    text = "An official, speaking on condition of anonymity because the talks go on, said that it was over."
    source = _sources(text, codebook).iloc[0]
    assert (source["anonymity"], source["reason"]) == ("anonymous", "because the talks go on")


def test_a_bare_description_goes_to_the_fuller_one_before(codebook):
    text = "A secret naval report warns that it is over. The report says that it rains."
    assert _sources(text, codebook)["name"].tolist() == ["secret naval report"] * 2


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Anna Lund",
                "said",
                "that",
                "he",
                "“",
                "”",
                '"',
                ",",
                ".",
                "and",
                "the report",
                "Sen.",
                "(D)",
                "according to",
                "its",
                "who",
                "\n",
                "told",
                "'s",
            ]
        ),
        max_size=30,
    )
)
def test_no_text_raises_and_every_source_has_one_row(words):
    text = " ".join(words)
    found = _sources(text, load_codebook_once())
    assert found["role"].notna().eq(found["source_id"].notna()).all()


def load_codebook_once(kept: list[Codebook] = []) -> Codebook:  # noqa: B006
    if not kept:
        kept.append(load_codebook())
    return kept[0]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Mara Tessin, 61, a baker who has lost two homes, said the window came in.", "citizen"),
        ("“The window came in,” said Mara Tessin, 61.", "citizen"),
        ("Sela Oromin, Varnia's ambassador to the union, said her delegation would talk.", "diplomat"),
        ("Olek Durn, 61, a retired general, said the line would hold.", "former_military"),
        ("Corporal Joss Arling said the line would hold.", "military"),
        ("The coroner, Dr Helen Strake, said the line would hold.", "judiciary"),
        ("Our reporter in Norwick, Callum Reyes, said the line would hold.", "media"),
        ("Union organizer Darnell Pope said the line would hold.", "civil_society"),
    ],
)
def test_age_and_apposition_tell_what_a_person_is(text, role):
    assert _sources(text, load_codebook()).role.tolist() == [role]


@pytest.mark.parametrize(
    "aside",
    [
        "who spoke on condition of anonymity because the agenda is confidential",
        "speaking on condition of anonymity because the talks are secret",
        "whose name is known to the agency",
    ],
)
def test_an_aside_between_the_speaker_and_the_verb_is_passed_over(aside):
    found = _sources(f"A Meridian diplomat, {aside}, said that the map had been drawn.", load_codebook())
    assert found.name.tolist() == ["Meridian diplomat"]


@pytest.mark.parametrize(
    "text",
    [
        "“We will talk,” said Norland's trade minister, Paula Renn.",
        "The trade minister of the Northern Union, Paula Renn, told reporters that they would talk.",
        "Paula Renn, Norland's trade minister, said they would talk.",
    ],
)
def test_an_office_before_or_behind_the_name_is_the_persons(text, codebook):
    found = _sources(text, codebook)
    assert found[["name", "role", "named"]].to_numpy().tolist() == [
        ["Paula Renn", "government_official", True]
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Petra Lusken, a member of the Varnian Assembly who lost a son, visited the line. She called it “a trap”.",
            "Petra Lusken",
        ),
        (
            "Corin Aldane smiled. In Lower Haldry, Wenna Ostrel, 70, boiled potatoes. “It is a trap,” she said.",
            "Wenna Ostrel",
        ),
    ],
)
def test_a_pronoun_means_who_is_told_to_be_a_person_in_the_sentence_before(text, name):
    assert _sources(text, load_codebook()).name.tolist() == [name]


def test_one_person_has_one_name_in_all_articles_and_namesakes_have_two():
    names = ["Volo Brandt", "Volo Brandtt", "Mark Vale", "Mike Vale", "Vale", "Bob Rein", "the mayor"]
    codebook = replace(load_codebook(), office_holders=(OfficeHolder("Robert Rein", ("Bob Rein",)),))
    rows = [{"source_id": f"a{i}:p1", "name": name, "named": i < 6} for i, name in enumerate(names)]
    given = SOURCES.make(rows)
    found, _ = name_persons(given, CAST.make(), codebook)
    assert found["person"].tolist()[:6] == [
        "Volo Brandt",
        "Volo Brandt",
        "Mark Vale",
        "Mike Vale",
        "Vale",
        "Robert Rein",
    ]
    assert found["person"].isna().tolist() == [False] * 6 + [True]
    again, _ = name_persons(found, CAST.make(), codebook)
    assert again.equals(found)


def test_what_nobody_is_named_for_has_a_source_without_a_name(codebook):
    text = "A man spoke on condition of anonymity. It was reported that the bridge was safe."
    source = _sources(text, codebook).iloc[-1]
    assert pd.isna(source["name"]) and pd.isna(source["reason"]) and source["anonymity"] == "anonymous"
    assert (source["role"], source["side"], source["named"], source["expert"]) == (
        "other",
        "unknown",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("introduction", "expert"),
    [
        ("Anna Lund, the former U.S. ambassador to Norland,", True),
        ("Anna Lund, the U.S. ambassador to Norland,", False),
        ("Some current and former officials", False),
    ],
)
def test_former_officials_are_experts_and_serving_ones_are_not(introduction, expert, codebook):
    assert _sources(f"{introduction} said that it was over.", codebook)["expert"].tolist() == [expert]


def test_a_description_goes_on_after_a_shortened_word(codebook):
    source = _sources(
        "Anna Lund, the former U.S. ambassador to Norland, said that it was over.", codebook
    ).iloc[0]
    assert source["description"] == "the former U.S. ambassador to Norland"


@pytest.mark.parametrize("office", ["the former ambassador", "the Norlander president", "the president"])
def test_an_office_alone_is_the_last_person_it_fits(office, codebook):
    text = (
        "Former ambassador Ulla Dorn met President Ida Berg of Norland and Governor Per Holm. "
        f"The envoys waited. Later {office} said that it was over."
    )
    named = {"the former ambassador": "Ulla Dorn"}.get(office, "Ida Berg")
    assert _sources(text, codebook)["name"].tolist() == [named]


def test_a_newspaper_or_report_alone_is_the_body_named_before(codebook):
    text = "The Norwick Intelligence Service said that it was over. The report said that it rained."
    assert _sources(text, codebook)["name"].tolist() == ["Norwick Intelligence Service"] * 2


def test_he_after_a_quote_is_its_speaker_and_not_whom_it_names(codebook):
    text = "General Anna Lund said Governor Per Holm had lost. She added that it was over."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lund"] * 2


def test_a_name_with_an_article_before_it_elsewhere_is_still_a_person(codebook):
    text = "Anna Lund waved. The Lund plan failed. Lund said that it was over."
    source = _sources(text, codebook).iloc[-1]
    assert (source["name"], source["named"]) == ("Anna Lund", True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Norland's Lund said that it was over. Anna Lund waved.", "Anna Lund"),
        ("Mr Lund said that it was over.", "Lund"),
        ("Supreme Allied Commander Europe Anna Lund said that it was over.", "Anna Lund"),
        ("Mr. Berg said that it was over.", "Ida Berg"),
    ],
)
def test_owners_titles_and_places_are_told_from_the_name(text, name, codebook):
    assert _sources(text, codebook)["name"].tolist() == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Lund, Chairman of the Board of the Institute of Harbours, said that it was over.",
        "Anna Lund, Vice-Rector for Research at the University of Norwick, said that it was over.",
        "The political expert and current serviceman Anna Lund said that it was over.",
    ],
)
def test_an_office_in_capitals_or_two_before_a_name_tell_the_role(text, codebook):
    source = _sources(text, codebook).iloc[0]
    assert (source["name"], source["role"]) == ("Anna Lund", "expert")


def test_the_first_word_of_a_sentence_is_no_part_of_a_name_known_well():
    text = "Contradicting Lund, the mayor said that it was over. Praising Berg helped."
    cast = Cast(parse_text(text), {"lund": "Anna Lund", "berg": "Ida Berg"})
    assert list(cast.persons) == ["Anna Lund", "Ida Berg"]


def test_a_label_in_capitals_goes_to_the_person_it_names(codebook):
    text = (
        "TOR BERG, HOST: With us is Anna Lund, a professor of law in Norland.\nLUND: It will stand.\n"
        "BERG: Why?\nLUND: It is new."
    )
    source = _sources(text, codebook).iloc[0]
    assert (source["name"], source["role"], source["side"]) == ("Anna Lund", "expert", "norland")


def test_a_person_found_only_in_capitals_has_what_the_label_says(codebook):
    text = "Q: Will it stand?\nANNA LUND, PROFESSOR OF LAW: Yes, it will.\nQ: Why?\nLUND: It is new."
    sources = _sources(text, codebook)
    assert sources["name"].tolist() == ["Anna Lund"] * 2
    assert sources["role"].tolist() == ["expert"] * 2


def test_an_office_goes_to_whoever_the_article_said_holds_it(codebook):
    text = "Norwick's top negotiator, Anna Lund, left. The head of the delegation said that it was over."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lund"]


def test_somebody_new_is_not_whoever_was_named_before(codebook):
    text = "Anna Lund, a former ambassador, left. A former ambassador said that it was over."
    assert _sources(text, codebook)["name"].tolist() == ["former ambassador"]


def test_initials_go_to_the_name_they_stand_for(codebook):
    text = "Experts of the Institute for Norland Policy left. The INP said that it was over."
    source = _sources(text, codebook).iloc[0]
    assert (source["name"], source["role"]) == ("Institute for Norland Policy", "expert")


def test_an_envoys_title_is_not_the_presidents(codebook):
    text = "Anna Lund, envoy of US President Tor Berg, left. Berg said that it was over."
    assert _sources(text, codebook)["role"].tolist() == ["head_of_state"]


def test_what_a_sentence_says_of_a_person_counts_where_no_title_does(codebook):
    text = "Anna Lund is a professor of law in Norland. Lund said that it was over."
    source = _sources(text, codebook).iloc[0]
    assert (source["role"], source["side"]) == ("expert", "norland")


def test_a_pronoun_after_what_it_says_goes_to_who_spoke_before(codebook):
    text = "It is over, said Anna Lund. The town awaits the visit of Tor Berg, she said."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lund"] * 2


@pytest.mark.parametrize(
    ("before", "name"), [("must know that Tor Berg is", "Tor Berg"), ("knows Tor Berg, who is", "Paul Lund")]
)
def test_a_pronoun_goes_to_whom_another_ought_to_know_about(codebook, before, name):
    text = f'Paul Lund {before} no friend. His words show it. He called the plan "a joke".'
    assert _sources(text, codebook)["name"].tolist()[-1] == name


def test_a_question_is_not_taken_for_a_name(codebook):
    text = "Is Lund going?\nMayor Anna Lund said that it was over."
    assert _sources(text, codebook)["name"].tolist() == ["Anna Lund"]


@pytest.mark.parametrize(
    ("text", "nearness"),
    [
        ("Two officials familiar with the talks said that it was over.", "familiar with the talks"),
        (
            "A source briefed on the raid, who asked not to be named, said that it was over.",
            "briefed on the raid",
        ),
        ("Two officials said that it was over.", None),
        ("Anna Lund, close to the mayor, said that it was over.", None),
    ],
)
def test_how_near_an_unnamed_source_is_said_to_be_is_kept(text, nearness, codebook):
    found = _sources(text, codebook)["nearness"].iloc[0]
    assert (None if pd.isna(found) else found) == nearness


@pytest.mark.parametrize(
    ("introduction", "kind", "body", "interest"),
    [
        ("Anna Lund, a professor of law at Norwick University,", "academic", "Norwick University", None),
        ("Anna Lund, a fellow at the Norwick Institute,", "think_tank", "Norwick Institute", None),
        ("Retired General Anna Lund", "former_officer", None, None),
        ("Anna Lund, a surgeon,", "doctor", None, None),
        (
            "Anna Lund, an economist and a consultant for Norwick Gas,",
            "market_analyst",
            "Norwick Gas",
            "consultant for Norwick Gas",
        ),
    ],
)
def test_what_gives_an_expert_standing_is_kept(introduction, kind, body, interest, codebook):
    row = _sources(f"{introduction} said that it was over.", codebook).iloc[0]
    told = [None if pd.isna(row[c]) else row[c] for c in ("expertise", "affiliation", "interest")]
    assert row["expert"] and told == [kind, body, interest]


def test_who_is_no_expert_has_no_kind_of_expertise(codebook):
    row = _sources("Senator Anna Lund, a professor of law, said that it was over.", codebook).iloc[0]
    assert not row["expert"] and pd.isna(row["expertise"])


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Liberals also", "Liberals"),
        ("Lund demands openness from the mayor", "Lund"),
        ("The Liberal nominee continues to insist", "The Liberal nominee"),
        ("Anna Lund speculated about the cost", "Anna Lund"),
        ("a video surfaced", "a video"),
        ("the council declined to comment and Senate aides", "Senate aides"),
        ("- including Anna Lund", "Anna Lund"),
        ("officials briefed on the raid", "officials briefed on the raid"),
        ("Lund supporters", "Lund supporters"),
        ("those polled", "those polled"),
        ("Several people Liberals", "Several people"),
        ("most", "most"),
        ("PM", "PM"),
        ("the", None),
        ("More", None),
        ("2009", None),
        ("it's", None),
        ("wishful", None),
    ],
)
def test_of_a_speakers_words_stays_what_can_say_who_it_is(words, left):
    language = load_language("english")
    kept = narrow(words, (0, len(words)), frozenset(["demands", "demand"]), language)
    assert (words[slice(*kept)] if kept else None) == left


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Critics, like Anna Lund, a former mayor, and Ole Holm, a lawyer, said that it was over.",
            "Anna Lund and Ole Holm",
        ),
        ("“It is over,” Rep. Anna Lund (D-Iowa), a committee member, said.", "Anna Lund"),
        ("The club met Anna Lund, now the majority leader, who said that it was over.", "Anna Lund"),
        ("After meeting Anna Lund, the mayor said that it was over.", "mayor"),
        ("It was sold mainly to wealthy savers, who fear that it is over.", "wealthy savers"),
        ("Ole Holm left. His lawyer said that it was over.", "Ole Holm's lawyer"),
        (
            "Officials at the Norwick Institute said that it rained. The institute warned that it was over.",
            "Norwick Institute",
        ),
        (
            "The Norwick Institute, the body that runs the programme, said that it was over.",
            "Norwick Institute",
        ),
        (
            "Anna Lund published a memoir. In her memoir she is ill. “It is over,” the memoir said.",
            "Anna Lund",
        ),
        ("Anna Lund wrote a memoir of the war. Ida Dorn left. “It is over,” the book said.", "Anna Lund"),
        (
            "The Norwick Medical Journal is old. It is over, according to the top Norwick medical journal.",
            "Norwick Medical Journal",
        ),
        ("“It is over,” said one source on the panel.", "one source on the panel"),
        ("“It is over,” said one source in an interview.", "one source"),
        ("Lund’s dubious medical advice shows that it is over. Anna Lund left.", "Anna Lund"),
        ("Lund the realist said that it was over. Anna Lund left.", "Anna Lund"),
    ],
)
def test_a_speaker_is_the_person_or_body_that_the_words_around_mean(text, name, codebook):
    assert _sources(text, codebook)["name"].tolist()[-1] == name


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("The department’s role", False),
        ("a payoff coming", False),
        ("his standing", False),
        ("such a bad thing either", False),
        ("47 percent", True),
        ("two-thirds of the voters", True),
        ("one or more of the members", True),
        ("the campaigns", True),
        ("officials briefed on the raid", True),
        ("numerous veterans interviewed at rallies", True),
        ("a press release from the Norwick Institute", True),
        ("many economists and reform advocates", True),
        ("the Norwick Institute", True),
    ],
)
def test_what_can_say_nothing_is_no_source(words, is_one, codebook):
    documents = [parse_text("It rained.")]
    resolver = SpeakerResolver(documents[0], [], SourceClassifier(codebook, documents[0].language))
    assert resolver.is_source(words) is is_one


def test_words_before_a_first_name_and_of_headlines_are_no_names():
    text = "Hold Anna Lund To Her Word On Norwick Harbour\n\nPollster Ida Berg met Peter Lund. Lund and Anna Lund left."
    assert {"Hold Anna Lund", "Pollster Ida Berg"}.isdisjoint(Cast(parse_text(text), {}).persons)


def test_a_surname_alone_is_not_whoever_is_called_by_the_first_name():
    text = "Anna Lund met Peter Lund. Anna smiled. Anna left. Then Anna slept. Lund waved."
    assert Cast(parse_text(text), {}).called("Lund") == "Peter Lund"
    text = "Anna Lund met Peter Lund. Mr. Lund waved."
    cast = Cast(parse_text(text), {})
    assert [name for _, name in cast.people] == ["Anna Lund", "Peter Lund", "Peter Lund"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("A. Lund", True),
        ("Anna M. Lund", True),
        ("Ann Lund", True),
        ("Annie Lund", True),
        ("Alan Lund", False),
        ("Anna Lund Jr.", False),
    ],
)
def test_full_names_of_one_surname_are_one_persons_where_their_first_names_can_be(other, same):
    cast = Cast(parse_text(f"Anna Lund met Ida Berg. Later {other} waved."), {})
    assert (cast.people[-1][1] == "Anna Lund") is same


def test_who_several_are_before_their_names_is_said_of_each(codebook):
    text = "The city charged two Norwick developers, Anna Lund and Ida Dorn, with fraud. Dorn said that it was over."
    assert _sources(text, codebook)["role"].tolist() == ["business"]
    text = "After meeting the developers, Anna Lund and Ida Dorn left. Dorn said that it was over."
    assert _sources(text, codebook)["role"].tolist() == ["other"]


def test_what_stands_between_dashes_after_a_name_says_who_it_is(codebook):
    text = "Anna Lund — harbour-trained surgeon and physician — said that it was over."
    assert _sources(text, codebook)["role"].tolist() == ["expert"]
    assert list(Cast(parse_text("Anna Lund left. Everything Lund says is true."), {}).persons) == [
        "Anna Lund"
    ]


def test_who_has_a_title_once_is_a_person_without_it(codebook):
    text = "She met President Dorn on Monday. After meeting Dorn, the council announced that it rained. Dorn said that it was over."
    dorn = _sources(text, codebook).iloc[-1]
    assert (dorn["name"], dorn["role"], dorn["named"]) == ("Dorn", "head_of_state", True)
    text = "Anna Lund, founder of the group ORMEN, left. ORMEN said that it was over."
    assert not _sources(text, codebook)["named"].iloc[-1]


def test_a_government_has_the_side_of_the_one_who_heads_it(codebook):
    text = "President Ida Berg of Norland left. Administration officials said that it was over."
    assert _sources(text, codebook)["side"].tolist() == ["norland"]


def test_where_somebody_without_a_name_sits_belongs_to_the_name(codebook):
    text = "“It is over,” said a group of Liberals on the Harbour Committee."
    source = _sources(text, codebook).iloc[0]
    assert (source["name"], source["role"]) == ("group of Liberals on the Harbour Committee", "legislator")


def test_several_have_the_side_that_they_share(codebook):
    two = replace(
        codebook, sides={**codebook.sides, "varnia": Code("varnia", "Varnia", indicators=("(varnia)",))}
    )
    for other, side in (("Varnia", "unknown"), ("Norland", "norland")):
        text = f"Anna Lund, an envoy of Norland, and Ole Holm, an envoy of {other}, said that it was over."
        assert _sources(text, two)["side"].tolist() == [side]


def test_a_document_has_the_role_of_who_made_it_and_a_state_its_governments(codebook):
    text = "A complaint filed by the Norwick Police Department said that it was over."
    assert _sources(text, codebook)["role"].tolist() == ["law_enforcement"]
    assert _sources("France said that it was over.", codebook)["role"].tolist() == ["government_official"]
    assert _sources("“It is over,” Anna said.\n\nAnna waved. Anna left.", codebook)["role"].tolist() == [
        "citizen"
    ]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Lund Urges Norwick Harbour To Act\n\nAnna Lund left.", ["Anna Lund", "Anna Lund"]),
        ("Sleepy Lund Opens His Harbour To Norwick\n\nErik Lund left.", ["Erik Lund", "Erik Lund"]),
        ("Anna Lund Says Norwick Harbour Must Act\n\nAnna Lund left.", ["Anna Lund", "Anna Lund"]),
        ("Anna Lund met Ida Berg. Mr. Lund left. Mr. Lund slept.", ["Anna Lund", "Ida Berg", "Lund", "Lund"]),
        ("The Anna Lund campaign left.", ["Anna Lund"]),
        ("Gloomy Obama left.", ["Barack Obama"]),
        ("George W. Lund met George H. Lund.", ["George W. Lund", "George H. Lund"]),
    ],
)
def test_names_are_told_from_words_of_headlines_and_from_namesakes(text, persons):
    assert [name for _, name in Cast(parse_text(text), {}).people] == persons


def test_a_pronoun_means_whose_first_name_is_mostly_of_its_gender(codebook):
    text = "Chris Lund called Anna Berg a disgrace after she said that it was over."
    assert _sources(text, codebook)["name"].iloc[-1] == "Anna Berg"
    text = "Chris Lund left after she said that it was over."
    assert _sources(text, codebook)["name"].iloc[-1] == "Chris Lund"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A wide array of economists said that it was over.", "wide array of economists"),
        ("Not everyone said that it was over.", "not everyone"),
        ("Yet not everyone agrees that it is over.", "not everyone"),
        ("The Harbour Act said that it was over.", None),
        ("Much of the debate said that it was over.", None),
        ("Others said that it was over.", "Others"),
    ],
)
def test_parts_of_what_cannot_speak_and_laws_are_no_sources(text, name, codebook):
    names = _sources(text, codebook)["name"]
    assert (None if names.empty or pd.isna(names.iloc[0]) else names.iloc[0]) == name


def test_words_that_open_with_a_verb_name_nobody():
    language, reporting = load_language(), {"says", "say"}
    for text, words in (
        ("He will return a request", "return a request"),
        ("those who back her opponents say", "back her opponents"),
        ("by calling for peace", "calling for peace"),
        ("a turn likely to placate nervous Liberals", "placate nervous Liberals"),
        ("Along with her husband", "Along with her husband"),
    ):
        at = text.index(words)
        assert narrow(text, (at, at + len(words)), reporting, language) is None
    polls = "according to exit polls"
    assert narrow(polls, (13, len(polls)), reporting, language) == (13, len(polls))
    for words in ("leading Liberals", "No one"):
        assert narrow(words, (0, len(words)), reporting, language) is not None


def test_objects_of_what_somebody_does_are_not_meant_by_the_pronoun_after_it(codebook):
    text = "Anna Lund wrote a memoir. After examining Ida Berg’s leg, she insisted that it was over."
    assert _sources(text, codebook)["name"].iloc[-1] == "Anna Lund"
    text = "Anna Lund left. Lund's earlier letter was mocked for its claim that it was over."
    assert _sources(text, codebook)["name"].iloc[-1] == "Anna Lund"
    text = (
        "As it rained, Norland intelligence agencies were busy. Their assessments suggest that it was over."
    )
    assert _sources(text, codebook)["name"].iloc[-1] == "Norland intelligence agencies"
    text = "It is over, the nominee's former doctor said. Dr. Ida Berg, who knows her, left. Dr. Berg said that it rained."
    assert set(_sources(text, codebook)["name"]) == {"Ida Berg"}


def test_a_pronoun_passes_over_a_name_that_nothing_tells_to_be_a_persons(codebook):
    text = 'Anna Lund left for home. The storm had reached Fort Falk. She called the plan "a joke".'
    assert _sources(text, codebook)["name"].tolist()[-1] == "Anna Lund"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The survey timing suggests that prices fell.", None),
        ("One reason Republicans say that prices fell is the tax.", "Republicans"),
        ("Norwick Senate passes bill criticized as a joke.", "Norwick Senate"),
        ("Anna Lund and Tor Falk both said that prices fell.", "Anna Lund and Tor Falk"),
    ],
)
def test_words_beside_the_noun_are_no_part_of_the_source(text, name, codebook):
    assert _sources(text, codebook)["name"].dropna().tolist()[:1] == ([name] if name else [])
