"""Who speaks, in the forms of wire copy and of papers of many countries: name and role of the last quote's source."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.annotate.quotes import find_quotes
from analysis.annotate.sources import identify_sources
from analysis.codebook import load_codebook
from analysis.parse.document import parse_text


def read(text: str) -> pd.DataFrame:
    """The quotes with their sources and what is said."""
    codebook = load_codebook()
    documents = [parse_text(text)]
    quotes, sources, _ = identify_sources(documents, find_quotes(documents, codebook), codebook)
    own = quotes.drop(columns="article_id")
    said = [text[a:b] for a, b in zip(own["start"], own["end"], strict=True)]
    return own.assign(said=said).merge(sources, on="source_id", how="left", validate="many_to_one")


def who(text: str) -> tuple[str, str]:
    """Name and role of the source of the last quote."""
    source = read(text).iloc[-1]
    return source["name"], source["role"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Brig Gen Tor Berg said that the bridge was safe.", "Tor Berg", "military"),
        ("Flt Lt Ida Falk said that the bridge was safe.", "Ida Falk", "military"),
        ("Cllr Tor Berg (Lab, Norwick East) said that the bridge was safe.", "Tor Berg", "legislator"),
        ("Lord Justice Berg said that the bridge was safe.", "Berg", "judiciary"),
        ("Racial Justice director Tor Berg said that the bridge was safe.", "Tor Berg", "other"),
        ("Sen. Tor Berg, D-Conn., countered that the bridge was safe.", "Tor Berg", "legislator"),
        ("Ida Falk, Unity's general secretary, said that the bridge was safe.", "Ida Falk", "civil_society"),
        ("Aid workers said that the bridge was safe.", "Aid workers", "civil_society"),
        ("The draft urges states to close the bridge.", "draft", "document"),
        ("AAP MP Tor Berg said that the bridge was safe.", "Tor Berg", "legislator"),
        ("Ida Falk, SAN, said that the bridge was safe.", "Ida Falk", "other"),
        (
            "The Norland Labour Congress said that the bridge was safe.",
            "Norland Labour Congress",
            "civil_society",
        ),
        ("Norwick captain Tor Berg said that the bridge was safe.", "Tor Berg", "celebrity"),
        ("Army captain Tor Berg said that the bridge was safe.", "Tor Berg", "military"),
        ('"I ran," said Oksana, 45, a teacher from Norwick.', "Oksana", "citizen"),
        ("UN Secretary-General Tor Berg said that the bridge was safe.", "Tor Berg", "diplomat"),
        ('"All is well," said one person close to the Kremlin.', "one person close to the Kremlin", "other"),
        (
            '"All is well," the Courier quoted Tor Berg, the mayor, as saying.',
            "Tor Berg",
            "government_official",
        ),
        (
            "Tor Berg, now Norland's finance minister, said that the bridge was safe.",
            "Tor Berg",
            "government_official",
        ),
        ("The shadow chancellor, Ida Falk, said that the bridge was safe.", "Ida Falk", "legislator"),
        (
            "Activists with the group Free Norwick said that it was late.",
            "Activists with the group Free Norwick",
            "civil_society",
        ),
        (
            "Tor Berg, past president of the Dock Workers of America, said that it was late.",
            "Tor Berg",
            "civil_society",
        ),
        (
            "Supreme Leader Ola Berg's adviser, Tor Falk, said that it was late.",
            "Tor Falk",
            "government_official",
        ),
        ("Ida Falk, research director of a company, said that it was late.", "Ida Falk", "expert"),
        ("AFT President Ida Falk said that it was late.", "Ida Falk", "other"),
        ("US President Ida Falk said that it was late.", "Ida Falk", "head_of_state"),
        ("Senior advocate Tor Berg said that the bridge was safe.", "Tor Berg", "other"),
    ],
)
def test_titles_and_offices_tell_the_role_and_are_no_part_of_the_name(text, name, role):
    assert who(text) == (name, role)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The deputy minister, Walid al-Kurdi, insisted that all was well.", "Walid al-Kurdi"),
        ("Walid al-Kurdi said that all was well. Kurdi added that it was late.", "Walid al-Kurdi"),
        ("Omar bin Hale said that all was well. Bin Hale added that it was late.", "Omar bin Hale"),
        ("Ida Falk, a potter from Norwick, Varnia, said that all was well.", "Ida Falk"),
        ("Sen. Tor Berg (D) and Sen. Ida Falk (R) said that all was well.", "Tor Berg and Ida Falk"),
        ("Fiona Hill said that all was well. Hill added that it was late.", "Fiona Hill"),
        ("Jean d'Orval said that all was well. Mr d'Orval added that it was late.", "Jean d'Orval"),
        ('"All is well," said the council\'s head, Ida van der Berg.', "Ida van der Berg"),
        ("The mayor, Ida Falk of Norwick, said that all was well.", "Ida Falk"),
        ('Ida Falk, head of the Harbour Club, who called it "mad", said that all was well.', "Ida Falk"),
        ('So does Ida Falk, head of the Harbour Club, who urged them to "go home".', "Ida Falk"),
        ('Peskov, when asked whether it was so, said: "We\'ll see."', "Peskov"),
        ("The report, which was seen by six people, says Berg still wants all of it.", "report"),
        (
            'Ida Falk, author of "The Bridge" and a fellow of the Harbour Institute, said that it was late.',
            "Ida Falk",
        ),
        ("She met Ida Falk, a critic of the plan, who said that it was mad.", "Ida Falk"),
    ],
)
def test_a_name_is_read_whole_wherever_it_is_explained(text, name):
    assert read(text)["name"].iloc[-1] == name


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("The dockers' union met. Its president, Ida Falk, said that work would go on.", "Ida Falk", "civil_society"),
        ("Norland was angry. Its president, Ida Falk, said that talks would go on.", "Ida Falk", "head_of_state"),
        ("Ida Berg left. The university was hit. Its president, Ida Falk, said that it would open.", "Ida Falk", "expert"),
        ("Tor Berg, the mayor, spoke. The governor's spokesman said that it was late.", "governor's spokesman", "government_official"),
        ("Tor Berg, the mayor, spoke. The commissioner said that it was late.", "commissioner", "government_official"),
        ("Tor Berg, the mayor, spoke. The mayor said that it was late.", "Tor Berg", "government_official"),
        ("Tor Berg, leader of the farmers, spoke. The NPA leader said that it was late.", "NPA leader", "other"),
        ("My editor said that it was late. The ministry was busy. The bridge, it said, was safe.", "ministry", "government_official"),
        ("In 2019 a diplomat said that it was late.", "diplomat", "diplomat"),
        ("Some motorists who had come said that it was late.", "Some motorists", "citizen"),
        ("Also speaking, the head of the dockers' union in Norwick State, Ida Falk, said that it was late.", "Ida Falk", "civil_society"),
        ("Norland President Ola Berg's spokesman, Tor Falk, said that it was late.", "Tor Falk", "government_official"),
        ("Ida Falk — the mayor since 2019 — said that it was late.", "Ida Falk", "government_official"),
        ("Rep. Tor Berg spoke. The congressman said that it was late.", "Tor Berg", "legislator"),
    ],
)  # fmt: skip
def test_an_office_means_who_holds_it_and_its_is_the_body_s(text, name, role):
    assert who(text) == (name, role)


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("director of Power Forum, a think-tank in Norwick,", "expert"),
        ("spokesman for Fern, an environmental group,", "civil_society"),
        ("who sat on the council under two mayors and is now at the Harbour Institute,", "expert"),
        ("the lead author of the study,", "expert"),
        ('author of "The Bridge" and a senior fellow at the Harbour Institute,', "expert"),
        ("head of commodity strategy at Harbour Capital Markets,", "expert"),
    ],
)
def test_what_a_body_is_tells_what_its_people_are(said, role):
    assert read(f"Ida Falk, {said} said that it was late.")["role"].tolist() == [role]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('VIENNA (AP) — Norland will not talk "at gunpoint," the minister said.', ['Norland will not talk "at gunpoint']),
        ("MUMBAI: The bridge is safe, officials said on Monday.", ["The bridge is safe"]),
        ("News in brief\n\nLONDON: Two men were held.\n\nPARIS: The party chose a leader.\n\nOSLO: Rates rose.", []),
    ],
)  # fmt: skip
def test_a_dateline_neither_speaks_nor_belongs_to_what_is_said(text, said):
    assert read(text)["said"].tolist() == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The bridge is safe, officials on both sides said.", "The bridge is safe"),
        ("The bridge is safe, both sides said.", "The bridge is safe"),
        ("Ida Falk told the BBC the bridge was safe.", "the bridge was safe"),
        ("Ida Falk has rejected the offer for Friday.", "the offer"),
        ("The ministry shot back: the bridge, it said, was safe.", "the bridge, it said, was safe"),
        ('Ida Falk termed the plan "a joke".', 'the plan "a joke'),
    ],
)
def test_what_is_said_begins_and_ends_where_it_does(text, said):
    assert said in read(text)["said"].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "Two diplomats confirmed that account.",
        "Not so, says Ida Falk, who chairs the board.",
        "The ministry rejects them.",
        "An official, who was not authorized to discuss the matter, left.",
        "Tor Berg, an analyst with Norwick Securities who covers the sector, expects further cuts.",
        "Storm Ines: latest updates as winds hit the coast\n\nThe bridge was closed for the whole of Monday night.",
        "A senior official, granted anonymity to describe the talks, left.",
        "The Harbour Forum, a Norwick-based think tank, was closed.",
    ],
)
def test_nobody_is_quoted_where_nothing_is_said(text):
    assert read(text).empty


def test_an_office_within_another_is_not_the_persons() -> None:
    said = read("An adviser to the president, Tor Berg, said that it was late.")["description"]
    assert said.tolist() == ["An adviser to the president"]


def test_who_announces_what_follows_a_colon_has_said_it() -> None:
    text = "The best account came from Tor Berg, once head of the board, who told us:\n\n“It was late, and nobody came.”"
    assert read(text)["name"].tolist() == ["Tor Berg"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("A doctor who treated him said that it was late.", "doctor", "expert"),
        ("The officer who arrested the man said that it was late.", "officer", "other"),
        ("People who live here say that it is late.", "People", "citizen"),
        ("A man who lives next door said that it was late.", "man", "citizen"),
        ("A friend of his said that it was late.", "friend of his", "citizen"),
        ("Those who residents said were dead are alive.", "residents", "citizen"),
        ("A person briefed on the talks said that it was late.", "person briefed on the talks", "other"),
        (
            "It was late, according to an official briefed on the talks.",
            "official briefed on the talks",
            "government_official",
        ),
        ("It was late, according to Tor Berg, who resigned.", "Tor Berg", "other"),
        ("Papers reviewed by the Courier show that it was late.", "Papers", "document"),
        ("The Norland Nurses and Midwives Organisation said that it was late.", "Norland Nurses and Midwives Organisation", "civil_society"),
        ("The Department for Food and Rural Affairs said that it was late.", "Department for Food and Rural Affairs", "government_official"),
        ("Health minister Dr Ida Falk said that it was late.", "Ida Falk", "government_official"),
        ("Passenger Ida Falk said that it was late.", "Ida Falk", "citizen"),
        ("His widow, Ida Falk, said that it was late.", "Ida Falk", "citizen"),
        ("The Bank of Canada said that it was late.", "Bank of Canada", "government_official"),
    ],
)  # fmt: skip
def test_a_clause_or_phrase_that_says_who_it_is_does_not_hide_who_speaks(text, name, role):
    assert who(text) == (name, role)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ida Falk told jurors the bridge was safe.", "the bridge was safe"),
        ("Ida Falk told the meeting residents were tired.", "residents were tired"),
        ("The bridge, according to Tor Berg, who built it, is safe.", "is safe"),
    ],
)
def test_hearers_and_asides_are_no_part_of_what_is_said(text, said):
    assert read(text)["said"].tolist() == [said]


def test_a_former_colleague_is_no_expert() -> None:
    assert read("Former employees said that it was late.")["expert"].tolist() == [False]


def test_what_a_noun_like_a_verb_is_cited_for_is_said_once() -> None:
    assert len(read("It was late, according to documents seen by Reuters.")) == 1


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ('Residents such as Ida Falk are tired. "Nobody asked us," she said.', "Ida Falk", "citizen"),
        ("Officials including Tor Berg warned that it was late.", "Tor Berg", "government_official"),
        ('A teenager opened the door. "My mother is out," he said.', "teenager", "citizen"),
        ("Beijing vowed to close the bridge.", "Beijing", "government_official"),
        ('"All is well," says Maria Aparecida dos Santos, who lost her house.', "Maria Aparecida dos Santos", "citizen"),
        ("The harbour authority's chairman, Tor Berg, said that it was late.", "Tor Berg", "government_official"),
    ],
)  # fmt: skip
def test_examples_of_a_group_and_people_without_a_name_are_who_they_are(text, name, role):
    assert who(text) == (name, role)


def test_what_somebody_is_called_does_not_end_what_is_said() -> None:
    text = "The chief said the officer, identified as Tor Berg, had been placed on leave."
    assert read(text)["said"].tolist() == ["the officer, identified as Tor Berg, had been placed on leave"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ('Oksana waited. Tor Berg left. "And go where?" said Oksana.', "Oksana", "citizen"),
        ('Andriy Berg met Oksana Falk. "It is late," she said.', "Oksana Falk", "other"),
        ('"It is late," says Karim, who fled.', "Karim", "citizen"),
    ],
)
def test_first_names_of_many_countries_tell_persons(text, name, role):
    assert who(text) == (name, role)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Norwick Systems cut 400 jobs. The company said that it was late.", "Norwick Systems", "business"),
        ("Norwick Systems was fined. The Oslo-based company said that it was late.", "Norwick Systems", "business"),
        ("The mining giant Oreco lost a dam. Oreco said that it was late.", "Oreco", "business"),
        ("Oreco, a trade body for small mines, sued. Oreco said that it was late.", "Oreco", "business"),
        ("State television spoke. The defence ministry said that it was late.", "defence ministry", "government_official"),
        ("Ida Falk left. The company said that it was late.", "company", "business"),
    ],
)  # fmt: skip
def test_a_company_is_meant_by_its_noun_and_known_by_its_description(text, name, role):
    assert who(text) == (name, role)


def test_who_needs_no_introduction_is_no_body() -> None:
    assert who("Obama left. The company said that it was late.") == ("company", "business")


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ('Ida Falk waited. Her husband, Harnek Dorn, died. "He was tired," she said.', "Ida Falk", "other"),
        ("Envoy Ida Falk spoke. Her Norland counterpart, Tor Berg, said that it was late.", "Tor Berg", "government_official"),
        ("Oreco, a trade body, met. Oreco sued. Its director, Tor Berg, said that it was late.", "Tor Berg", "business"),
        ("Norway's representative, Tor Berg, said that it was late.", "Tor Berg", "diplomat"),
        ("Tor Berg, a 52-year-old dental hygienist who took part in the survey, said that it was late.", "Tor Berg", "citizen"),
        ("Sgt. Tor Berg, president of the police union, said that it was late.", "Tor Berg", "civil_society"),
    ],
)  # fmt: skip
def test_whose_somebody_is_tells_what_they_are(text, name, role):
    assert who(text) == (name, role)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Tor Berg of the charity Roof said that it was late.", "Tor Berg", "civil_society"),
        ("Maria dos Santos left. Dos Santos, 58, a seamstress, said that it was late.", "Maria dos Santos", "citizen"),
        ("The Norland Farmers' Union (NFU) met. NFU president Tor Berg said that it was late.", "Tor Berg", "civil_society"),
        ("Oslo fined the software group Nordvik Systems. The Oslo-based company said that it was late.", "Nordvik Systems", "business"),
    ],
)  # fmt: skip
def test_where_somebody_belongs_is_told_in_small_letters_and_by_initials(text, name, role):
    assert who(text) == (name, role)
