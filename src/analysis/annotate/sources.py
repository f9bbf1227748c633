"""Sources: who stands behind each quote, with role, side and degree of anonymity.

Roles and sides come from the article's own words by the codebook's indicators, and only then from its list of office
holders.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

import pandas as pd
from rapidfuzz.fuzz import ratio

from analysis.annotate.persons import SAME_SURNAME
from analysis.annotate.roles import GOVERNMENT, HEAD_OF_STATE, SourceClassifier
from analysis.annotate.speakers import UNATTRIBUTED, Source, SpeakerResolver, head_noun
from analysis.codebook import Codebook
from analysis.language import Language
from analysis.parse.document import Document
from analysis.tables import QUOTES, SOURCES, rows_by_article, split_at_breaks
from analysis.text import fold

NAMED, DESCRIBED, ANONYMOUS = "named", "described", "anonymous"
UNKNOWN, OTHER = "unknown", "other"
EXPERT_ROLES = ("expert", "former_")


def identify_sources(
    documents: Sequence[Document], quotes: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quotes with `source_id` filled, and the table `sources`: one row for each source of an article.

    What an article attributes to nobody ("it was reported that ...") has one source without a name, in each article.
    `expert` is true of experts and of former officers and officials; a person with an office in what is told is
    none, whatever they know.
    """

    @cache
    def classifier(language: Language) -> SourceClassifier:
        return SourceClassifier(codebook, language)

    by_id = {document.article_id: document for document in documents}
    places = ["start", "end", "break_start", "break_end", "quoted_start", "quoted_end"]
    pieces = split_at_breaks(quotes[["article_id", *places]])
    quoted = rows_by_article(pieces[pieces["quoted_start"].notna()], "quoted_start", "quoted_end")
    source_ids: dict[str, Iterator[str]] = {}  # of each article's quotes, in their order
    rows: list[dict[str, object]] = []
    for article_id, speakers in rows_by_article(quotes, "speaker_start", "speaker_end").items():
        document = by_id[article_id]
        resolver = SpeakerResolver(
            document, sorted(quoted.get(article_id, [])), classifier(document.language)
        )
        sources = [UNATTRIBUTED if pd.isna(span[0]) else resolver.resolve(*span) for span in speakers]
        first = {source.name: source for source in reversed(sources)}  # of those of one name
        ids = {name: f"{article_id}:p{n}" for n, name in enumerate(dict.fromkeys(s.name for s in sources), 1)}
        sides: dict[str, str] = {}
        for name, source_id in ids.items():
            row = _describe(first[name], resolver, sides)
            rows.append({"source_id": source_id, "article_id": article_id, **row})
        source_ids[article_id] = iter([ids[source.name] for source in sources])
    column = pd.array([next(source_ids[a]) for a in quotes["article_id"].tolist()], dtype="string")
    return QUOTES.make(quotes.assign(source_id=column)), SOURCES.make(rows)


def _describe(source: Source, resolver: SpeakerResolver, sides: dict[str, str]) -> dict[str, object]:
    """The columns of the source's row, apart from its ids; `sides`: of the group described last, by its noun."""
    classifier, date = resolver.classifier, resolver.document.published
    said, reason = source.words, None
    if source.person:
        role, side, said = _describe_person(source, resolver)
    else:
        role, side = _classify_group(source, resolver, sides)
        reason = _find_reason(source.words, resolver) if source.words else None
    anonymous = reason or not source.words or resolver.language.pattern("anonymous").search(source.words)
    listed = source.person or classifier.holders.find(_first(source.name, resolver.language), date)
    return {
        "name": source.name or None,
        "description": said or None,
        "role": role or OTHER,
        "side": side or UNKNOWN,
        "named": source.person,
        "expert": role.startswith(EXPERT_ROLES) or classifier.is_former(said),
        "anonymity": NAMED if listed and not reason else ANONYMOUS if anonymous else DESCRIBED,
        "reason": reason,
    }


def _describe_person(source: Source, resolver: SpeakerResolver) -> tuple[str, str, str]:
    """Role, side and description: titles and appositions, and where they do not tell, what sentences say."""
    classifier, name = resolver.classifier, _first(source.name, resolver.language)
    person = resolver.cast.persons.get(name)
    said = person.description if person else source.words
    role, side = classifier.classify(name, said, resolver.document.published)
    if person and person.told and not (role and side):
        told = "; ".join(person.told)
        role, side = role or classifier.role(told), side or classifier.side(told)
        said = f"{said}; {told}" if said else told
    return role, side, said


def _classify_group(source: Source, resolver: SpeakerResolver, sides: dict[str, str]) -> tuple[str, str]:
    """Role and side of a body, a document or persons without a name; of several groups they are the first's."""
    classifier, language, date = resolver.classifier, resolver.language, resolver.document.published
    role, side = classifier.classify(source.name, source.words, date)
    if (owner := language.pattern("owner").match(source.words)) is not None:
        known = classifier.holders.find(owner["owner"], date)
        side = side or (known.side if known else "")
        role = role or (GOVERNMENT if known and known.role == HEAD_OF_STATE else "")
    first = _first(source.words, language)
    several = first != source.words
    if several:
        role = classifier.role(first) or role
    if not side and (group := language.pattern("group_again").match(fold(source.words))) is not None:
        side = sides.get(group["noun"].rstrip("s"), "")
    if noun := head_noun(source.words, language):
        sides[noun.rstrip("s")] = "" if several and noun in fold(first).split() else side
    return role, side


def _first(names: str, language: Language) -> str:
    """Of names or groups that a conjunction joins, the first."""
    return language.pattern("conjoined").split(names, maxsplit=1)[0]


def _find_reason(words: str, resolver: SpeakerResolver) -> str | None:
    """Why the article does not name the source, in its own words, if it says so beside the source's words."""
    at = resolver.text.find(words)
    if at < 0 or not resolver.starts:
        return None
    sentence = resolver.document.sentences[max(0, bisect_right(resolver.starts, at) - 1)]
    span = (sentence.start, sentence.end)
    if (unauthorised := resolver.language.pattern("not_authorised").search(resolver.text, *span)) is not None:
        return unauthorised.group().strip()
    stated = resolver.language.pattern("not_named").search(resolver.text, *span)
    return (stated["reason"] or stated.group()).strip() if stated else None


def name_persons(sources: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The sources with `person` filled: one name for one person in all articles, so that outlets can be compared.

    It is the name that the codebook lists (Joe Biden for Joseph Biden); of others the spelling met first, where first
    names are equal and surnames begin alike and are nearly so (rapidfuzz ratio of 80): Zelenskyy is Zelensky, Mark is
    not Mike. `name` stays as the article has it.
    """
    listed = {fold(form): h.name for h in codebook.office_holders for form in (h.name, *h.also)}
    named = sources["named"].fillna(False).astype(bool) & sources["name"].notna()
    met: dict[tuple[str, str], list[str]] = {}
    person = {}
    for name in dict.fromkeys(sources.loc[named, "name"]):
        known = listed.get(fold(name), name)
        words = fold(known).split() or [""]
        alike = met.setdefault((words[0], words[-1][:2]), [])
        person[name] = next(
            (n for n in alike if ratio(fold(n).split()[-1], words[-1]) >= SAME_SURNAME), known
        )
        if person[name] == known and known not in alike:
            alike.append(known)
    return SOURCES.make(sources.assign(person=sources["name"].map(person).where(named)))
