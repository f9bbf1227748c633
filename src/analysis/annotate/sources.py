"""Sources: who stands behind each quote, with role, side and degree of anonymity.

Roles and sides come from the article's own words by the codebook's indicators, and only then from its list of office
holders.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial

import pandas as pd

from analysis.annotate.roles import (
    CAMPAIGN,
    CITIZEN,
    HEAD_OF_STATE,
    LEGISLATOR,
    MEDIA,
    OTHER,
    UNKNOWN,
    SourceClassifier,
    is_expert,
)
from analysis.annotate.speakers import SpeakerResolver
from analysis.annotate.spoken import UNATTRIBUTED, Source
from analysis.codebook import Codebook
from analysis.language import Language
from analysis.parse.document import Document
from analysis.parse.names import head_noun, is_person_noun
from analysis.tables import CAST, QUOTES, SOURCES, rows_by_article, split_at_breaks
from analysis.text import fold

_LONGEST_NEARNESS = 80  # characters
_FEW_WORDS = 3  # between a source and how near it is
NAMED, DESCRIBED, ANONYMOUS = "named", "described", "anonymous"


def identify_sources(
    documents: Sequence[Document], quotes: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The quotes with `source_id` filled, and the tables `sources` (a row for each source of an article) and `cast`.

    What an article attributes to nobody ("it was reported that ...") has one source without a name, in each article.
    `expert` is true of experts and of former officers and officials; a person with an office in what is told is
    none, whatever they know.
    """
    classifier_of = cache(partial(SourceClassifier, codebook))
    by_id = {document.article_id: document for document in documents}
    places = ["start", "end", "break_start", "break_end", "quoted_start", "quoted_end"]
    pieces = split_at_breaks(quotes[["article_id", *places]])
    quoted = rows_by_article(pieces[pieces["quoted_start"].notna()], "quoted_start", "quoted_end")
    source_ids: dict[str, Iterator[str]] = {}  # of each article's quotes, in their order
    rows: list[dict[str, object]] = []
    cast: list[dict[str, object]] = []
    for article_id, speakers in rows_by_article(quotes, "speaker_start", "speaker_end").items():
        document = by_id[article_id]
        resolver = SpeakerResolver(
            document, sorted(quoted.get(article_id, [])), classifier_of(document.language)
        )
        sources = [UNATTRIBUTED if pd.isna(span[0]) else resolver.resolve(*span) for span in speakers]
        first = {source.name: source for source in reversed(sources)}  # of those of one name
        ids = {name: f"{article_id}:p{n}" for n, name in enumerate(dict.fromkeys(s.name for s in sources), 1)}
        sides: dict[str, str] = {}
        for name, source_id in ids.items():
            row = _describe(first[name], resolver, sides)
            rows.append({"source_id": source_id, "article_id": article_id, **row})
        source_ids[article_id] = iter([ids[source.name] for source in sources])
        cast += _cast_rows(resolver)
    column = pd.array([next(source_ids[a]) for a in quotes["article_id"].tolist()], dtype="string")
    return QUOTES.make(quotes.assign(source_id=column)), SOURCES.make(rows), CAST.make(cast)


def _cast_rows(resolver: SpeakerResolver) -> Iterator[dict[str, object]]:
    """The rows of the table `cast` of one article."""
    document = resolver.document
    forms: dict[str, dict[str, None]] = {}
    for mention, name in resolver.cast.people:
        forms.setdefault(name, {})[" ".join(mention.name)] = None
    for name, written in forms.items():
        role, side, _ = _describe_person(Source(name, "", True), resolver)
        yield {
            "article_id": document.article_id,
            "published": document.published or None,
            "name": name,
            "aliases": "; ".join(written),
            "role": role or None,
            "side": side or None,
        }


def _describe(source: Source, resolver: SpeakerResolver, sides: dict[str, str]) -> dict[str, object]:
    """The columns of the source's row, apart from its ids; `sides`: of the group described last, by its noun."""
    classifier, date = resolver.classifier, resolver.document.published
    said, reason = source.words, None
    if source.person:
        role, side, said = _describe_person(source, resolver)
    else:
        role, side = _classify_group(source, resolver, sides)
        if not role and (told := resolver.bodies.described(source.name)):
            role, said = classifier.role(told), f"{said}; {told}"
        reason = _find_reason(source.words, resolver) if source.words else None
    anonymous = reason or not source.words or resolver.language.patterns["anonymous"].search(source.words)
    listed = source.person or classifier.holders.find(_first(source.name, resolver.language), date)
    expert = is_expert(role) or (role != CITIZEN and classifier.is_former(said))
    return {
        "name": source.name or None,
        "description": said or None,
        "role": role or OTHER,
        "side": side or UNKNOWN,
        "named": source.person,
        "expert": expert,
        "anonymity": NAMED if listed else ANONYMOUS if anonymous else DESCRIBED,
        "reason": reason,
        "nearness": None if source.person else _find_nearness(source.words, resolver),
        **(_standing(role, said or source.name, resolver) if expert else {}),
    }


def _standing(role: str, said: str, resolver: SpeakerResolver) -> dict[str, object]:
    """Of an expert: the kind, the body and the interest that the description tells."""
    body = resolver.language.patterns["affiliated"].search(said)
    interest = resolver.language.patterns["interested"].search(said)
    return {
        "expertise": resolver.classifier.expertise(role, said) or None,
        "affiliation": body["body"] if body else None,
        "interest": interest.group().strip() if interest else None,
    }


def _find_nearness(words: str, resolver: SpeakerResolver) -> str | None:
    """How near to the matter a source is said to be, in its description or right after it."""
    at = resolver.text.find(words) if words else -1
    if at < 0:
        return None
    end = at + len(words)
    found = resolver.language.patterns["near_matter"].search(resolver.text, at, end + _LONGEST_NEARNESS)
    between = resolver.text[end : found.start()] if found and found.start() > end else ""
    return found.group().strip() if found and len(between.split()) < _FEW_WORDS else None


def _describe_person(source: Source, resolver: SpeakerResolver) -> tuple[str, str, str]:
    """Role, side and description of a person; of several the role of the first, and the side that they share."""
    first, *others = (
        _describe_one(name, source, resolver) for name in _parts(source.name, resolver.language)
    )
    role, side, said = first
    return role, _shared([side, *(other[1] for other in others)]), said


def _describe_one(name: str, source: Source, resolver: SpeakerResolver) -> tuple[str, str, str]:
    """What titles and appositions say, and where they do not tell, what sentences say."""
    classifier = resolver.classifier
    person = resolver.cast.persons.get(name)
    said = person.description if person else source.words
    role, side = classifier.classify(name, said, resolver.document.published)
    if person and person.told and not (role and side):
        told = "; ".join(person.told)
        role, side = role or classifier.role(told), side or classifier.side(told)
        said = f"{said}; {told}" if said else told
    role = role or _of_owner_named(said, resolver) or _of_work(source.words, resolver)
    return role or _of_first_name(name, resolver), side, said


def _of_owner_named(said: str, resolver: SpeakerResolver) -> str:
    """The role of whose counterpart or spokesman somebody is, and of who stands for a body that is described elsewhere."""
    classifier, language = resolver.classifier, resolver.language
    for phrase in said.split("; "):
        owned = language.patterns["possessed"].match(phrase)
        noun, owner = head_noun(phrase, language), owned["name"] if owned else None
        initials = phrase.split()[0] if noun in language["stands_for_body"] else ""
        if (full := resolver.bodies.spelled_out(initials)) and (role := classifier.role(f"{noun} of {full}")):
            return role  # `NPI president`
        if owner is None:
            continue
        person = resolver.cast.persons.get(owner)
        if person is not None and noun in language["of_another"]:
            role, _ = classifier.classify(owner, person.description, resolver.document.published)
            official = role == HEAD_OF_STATE and "counterpart" not in noun
            return classifier.reader.of_kind("official") if official else role
        if noun in language["stands_for_body"] and (
            role := classifier.role(resolver.bodies.described(owner))
        ):
            return role
    return ""


def _of_work(words: str, resolver: SpeakerResolver) -> str:
    """The role of somebody of whom only a work for a medium is told: `Lund's column`."""
    owned = resolver.language.patterns["owned_words"].match(words)
    return MEDIA if owned and resolver.classifier.role(words) == MEDIA else ""


def _of_first_name(name: str, resolver: SpeakerResolver) -> str:
    """The role of who is called by a first name alone, as newspapers call none but private persons."""
    alone = name and fold(name) == fold(name.split()[0]) and resolver.cast.is_forename(fold(name))
    return CITIZEN if alone and CITIZEN in resolver.classifier.reader.roles else ""


def _shared(sides: Iterable[str]) -> str:
    """The one side that is told of several; "" where none is, or more than one."""
    told = set(filter(None, sides))
    return told.pop() if len(told) == 1 else ""


def _classify_group(source: Source, resolver: SpeakerResolver, sides: dict[str, str]) -> tuple[str, str]:
    """Role and side of a body, a document or persons without a name; of several groups they are the first's."""
    classifier, language, date = resolver.classifier, resolver.language, resolver.document.published
    role, side = classifier.classify(source.name, source.words, date)
    first = _first(source.words, language)
    several = first != source.words and not _is_body_of(first, source.words, language)
    if several:
        role = classifier.role(first) or role
        side = _shared(classifier.side(part) for part in _parts(source.words, language))
    if not side and (group := language.patterns["group_again"].match(fold(source.words))) is not None:
        side = sides.get(group["noun"].rstrip("s"), "")
    if not role and head_noun(source.words, language) in language["private_person"]:
        role = CITIZEN if CITIZEN in classifier.reader.roles else ""
    role, side = _of_owner(source, role, side, resolver)
    if not side and language.patterns["heads_government"].search(source.words):
        side = resolver.offices.side_of_government
    of_party = role == CAMPAIGN and language.patterns["party_group"].search(source.words) is not None
    seated = role == CAMPAIGN and language.patterns["seated"].search(source.words) is not None
    if seated or (of_party and resolver.offices.is_of_parliament):
        role = LEGISLATOR
    if noun := head_noun(source.words, language):
        sides[noun.rstrip("s")] = "" if several and noun in fold(first).split() else side
    return role, side


def _is_body_of(first: str, words: str, language: Language) -> bool:
    """Whether a conjunction is inside one body's name: `Nurses and Midwives Organisation`, `a spokesman for the Food and
    Drug Agency`.
    """
    members, body = fold(first).split()[-1:], fold(words).split()[-1:]
    joined = words[len(first) :].split()[1:2]
    if members != [head_noun(first, language)] and joined and joined[0][0].isupper():
        return True
    if any(
        word.islower() and word not in (language["name_link"] | language["conjunction"])
        for word in words.split()[1:]
    ):
        return False
    return is_person_noun("".join(members), language) and "".join(body) in language["no_person"]


def _of_owner(source: Source, role: str, side: str, resolver: SpeakerResolver) -> tuple[str, str]:
    """Role and side with those of the person whose somebody is, for who speaks for another: `Lund's aides`."""
    person = resolver.cast.persons.get(source.owner)
    if person is None or (role and side):
        return role, side
    own_role, own_side = resolver.classifier.classify(
        person.name, person.description, resolver.document.published
    )
    speaks_for = head_noun(source.words, resolver.language) in resolver.language["stands_for_body"]
    return role or (own_role if speaks_for else ""), side or own_side


def _parts(names: str, language: Language) -> list[str]:
    """The names or groups that a conjunction joins."""
    return language.patterns["conjoined"].split(names)


def _first(names: str, language: Language) -> str:
    return _parts(names, language)[0]


def _find_reason(words: str, resolver: SpeakerResolver) -> str | None:
    """Why the article does not name the source, in its own words, if it says so beside the source's words."""
    at = resolver.text.find(words)
    if at < 0:
        return None
    sentence = resolver.document.sentences[max(0, bisect_right(resolver.starts, at) - 1)]
    span = (sentence.start, sentence.end)
    if (
        unauthorised := resolver.language.patterns["not_authorised"].search(resolver.text, *span)
    ) is not None:
        return unauthorised.group().strip()
    stated = resolver.language.patterns["not_named"].search(resolver.text, *span)
    return (stated["reason"] or stated.group()).strip() if stated else None
