"""Which role a description gives: the head of the phrase decides."""

from __future__ import annotations

import pytest

from analysis.annotate.quotes import find_quotes
from analysis.annotate.roles import SourceClassifier
from analysis.annotate.sources import identify_sources
from analysis.codebook import load_codebook
from analysis.language import load_language
from analysis.parse.document import parse_text

BOOK = load_codebook()
CLASSIFIER = SourceClassifier(BOOK, load_language())


@pytest.mark.parametrize(
    ("description", "role"),
    [
        ("union president", "civil_society"),
        ("president of the dockers' union", "civil_society"),
        ("student union president", "civil_society"),
        ("bank president", "business"),
        ("company president", "business"),
        ("president of Norland", "head_of_state"),
        ("president of Norwick University", "expert"),
        ("vice president of the bank", "business"),
        ("the vice president", "government_official"),
        ("a spokeswoman for Lundberg Motors", "business"),
        ("school spokesperson", "civil_society"),
        ("hospital officials", "civil_society"),
        ("a senior administration official", "government_official"),
        ("police chief", "law_enforcement"),
        ("the county fire and rescue service", "law_enforcement"),
        ("chairman of the Joint Chiefs of Staff", "military"),
        ("an economist at Norbank", "expert"),
        ("a neuroethologist at the University of Norwick", "expert"),
        ("the governor's former doctor", "expert"),
        ("the victim's mother", "citizen"),
        ("the son of a senator", "citizen"),
        ("a lawyer for the accused", "other"),
        ("state prosecutors", "judiciary"),
        ("the chief mediator", "diplomat"),
        ("U.N. secretary general", "diplomat"),
        ("secretary general of NATO", "government_official"),
        ("hockey star", "celebrity"),
        ("the carmaker", "business"),
        ("a leaked memo", "document"),
        ("a memo of the health ministry", "government_official"),
        ("a civil complaint filed by federal prosecutors", "judiciary"),
        ("the study", "expert"),
        ("two sources", ""),
        ("The Courier", ""),
        ("a courier", "citizen"),
        ("two people with knowledge of the matter", ""),
        ("the company's finance chief", "business"),
        ("Great Northern's operations director", "business"),
        ("Commerce Secretary", "government_official"),
        ("general secretary of the dockers' union", "civil_society"),
        ("the national weather service", "government_official"),
        ("the local paper", "media"),
        ("a source in the emergency services", "law_enforcement"),
        ("a developer and spokeswoman for the coalition", "business"),
        ("who runs the nurses' union", "civil_society"),
        ("who had breakfast with the vice president", ""),
        ("whose brother was taken", "citizen"),
        ("who as a captain was the president's physician", "expert"),
    ],
)
def test_the_head_of_a_description_gives_the_role(description: str, role: str) -> None:
    assert CLASSIFIER.role(description) == role


@pytest.mark.parametrize(
    ("description", "role"),
    [
        ("a former CIA officer", "former_intelligence"),
        ("retired general", "former_military"),
        ("General; Ret.", "former_military"),
        ("a former ambassador", "former_official"),
        ("who served as ambassador to Norland until last year", "former_official"),
        ("a former professor of law", "expert"),
        ("Senator; a former prosecutor", "legislator"),
        ("a former secretary of state; the party's nominee", "campaign"),
        ("Gen.; a former CIA director", "former_intelligence"),
    ],
)
def test_what_somebody_was_counts_where_they_hold_no_office_now(description: str, role: str) -> None:
    assert CLASSIFIER.role(description) == role


@pytest.mark.parametrize("code", BOOK.roles)
def test_a_role_is_found_in_its_example_and_not_in_its_counter_example(code: str) -> None:
    role = BOOK.roles[code]
    if code in ("historical", "other"):
        pytest.skip("has no words of its own")
    assert code in roles_in(role.example)
    assert code not in roles_in(role.counter_example)


@pytest.mark.parametrize("code", BOOK.roles)
def test_a_role_says_all_that_a_coder_needs(code: str) -> None:
    role = BOOK.roles[code]
    texts = ("name", "definition", "counts", "excludes", "example", "counter_example")
    assert [text for text in texts if not getattr(role, text)] == []


def roles_in(text: str) -> list[str]:
    document = parse_text(text.replace("said so", "said that it was over"))
    quotes = find_quotes([document], BOOK)
    return identify_sources([document], quotes, BOOK)[1]["role"].tolist()
