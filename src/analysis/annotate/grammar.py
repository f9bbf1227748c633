"""Closed word classes of English, and sentences as sequences of words and quotations."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.annotate.marks import Quotation
from analysis.text import Token, fold, split_tokens

QUOTE = "“”"  # stands for a whole quotation among the words of a sentence

SUBJECT_PRONOUNS = frozenset(["i", "you", "he", "she", "it", "we", "they", "who"])
PRONOUNS = SUBJECT_PRONOUNS | frozenset(
    [
        "me",
        "him",
        "her",
        "us",
        "them",
        "everyone",
        "anyone",
        "someone",
        "others",
        "both",
        "many",
        "some",
        "most",
        "all",
    ]
)
DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "these",
        "those",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "some",
        "any",
        "each",
        "every",
        "another",
        "other",
        "several",
        "many",
        "most",
        "no",
        "both",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "one",
        "dozens",
        "hundreds",
    ]
)
POSSESSIVES = frozenset(["his", "her", "its", "their", "our", "my", "your"])
BE = frozenset(
    ["be", "am", "is", "are", "was", "were", "been", "being", "isn't", "aren't", "wasn't", "weren't"]
)
HAVE = frozenset(["has", "have", "had", "having", "hasn't", "haven't", "hadn't"])
DO = frozenset(["do", "does", "did", "don't", "doesn't", "didn't"])
MODALS = frozenset(
    [
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "won't",
        "wouldn't",
        "can't",
        "cannot",
        "couldn't",
        "shouldn't",
        "'d",
        "'ll",
    ]
)
AUXILIARIES = BE | HAVE | DO | MODALS
NEGATIONS = frozenset(
    [
        "not",
        "never",
        "nor",
        "neither",
        "didn't",
        "doesn't",
        "don't",
        "won't",
        "wouldn't",
        "can't",
        "cannot",
        "couldn't",
        "shouldn't",
        "hasn't",
        "haven't",
        "hadn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
    ]
)
ADVERBS = frozenset(
    [
        "also",
        "later",
        "then",
        "soon",
        "recently",
        "often",
        "now",
        "already",
        "just",
        "once",
        "twice",
        "still",
        "even",
        "again",
        "ago",
        "yet",
        "ever",
        "always",
        "sometimes",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "earlier",
        "too",
        "instead",
        "further",
        "thus",
        "therefore",
        "meanwhile",
        "however",
        "both",
        "first",
        "not",
        "never",
        "reportedly",
        "himself",
        "herself",
        "themselves",
        "itself",
        "has",
        "been",
        "all",
    ]
)
SUBORDINATORS = frozenset(
    [
        "that",
        "because",
        "although",
        "though",
        "if",
        "unless",
        "whether",
        "whereas",
        "while",
        "when",
        "where",
        "since",
        "until",
        "after",
        "before",
        "as",
        "than",
        "which",
        "what",
        "how",
        "why",
        "once",
        "even",
        "so",
    ]
)
WH_WORDS = frozenset(
    ["whether", "if", "what", "who", "how", "why", "when", "where", "which", "whom", "whose"]
)
COORDINATORS = frozenset(["and", "but", "or", "yet", "nor"])
PREPOSITIONS = frozenset(
    [
        "in",
        "on",
        "at",
        "of",
        "for",
        "from",
        "to",
        "with",
        "by",
        "about",
        "against",
        "into",
        "onto",
        "over",
        "under",
        "during",
        "after",
        "before",
        "through",
        "throughout",
        "between",
        "among",
        "amid",
        "despite",
        "without",
        "within",
        "toward",
        "towards",
        "upon",
        "via",
        "near",
        "since",
        "until",
        "following",
        "regarding",
        "concerning",
        "like",
        "alongside",
        "outside",
        "inside",
        "across",
        "around",
        "per",
    ]
)
DAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
    ]
)
MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
TIMES = (
    DAYS
    | MONTHS
    | frozenset(
        [
            "today",
            "yesterday",
            "tomorrow",
            "tonight",
            "earlier",
            "later",
            "recently",
            "morning",
            "afternoon",
            "evening",
            "night",
            "week",
            "weekend",
            "month",
            "year",
            "years",
            "months",
            "weeks",
            "days",
            "hours",
            "day",
            "ago",
            "last",
            "next",
            "early",
            "late",
            "noon",
            "midnight",
            "a.m",
            "p.m",
            "am",
            "pm",
            "once",
            "again",
        ]
    )
)
CLAUSE_MARKS = frozenset([";", ":", "—", "–", "--", "(", ")", "[", "]", "…", "|", QUOTE])


@dataclass(frozen=True)
class Unit:
    """A sentence, or several that one quotation joins: words outside quotations, each quotation as one item."""

    tokens: list[Token]
    words: list[str]
    quotations: dict[int, Quotation]
    kind: str
    paragraph: int

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def split_units(
    text: str, spans: list[tuple[int, int]], quotations: list[Quotation], kind: str, paragraph: int
) -> list[Unit]:
    """The units of one paragraph whose sentences are `spans`."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and any(q.start < joined[-1][1] and start < q.end for q in quotations):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    units = (_unit(text, a, b, quotations, kind, paragraph) for a, b in joined)
    return [u for u in units if u.tokens]


def _unit(text: str, start: int, end: int, quotations: list[Quotation], kind: str, paragraph: int) -> Unit:
    tokens: list[Token] = []
    inside: dict[int, Quotation] = {}
    at = start
    for q in quotations:
        if q.end <= start or q.start >= end:
            continue
        tokens += split_tokens(text[at : q.start], at)
        inside[len(tokens)] = q
        tokens.append(Token(text[q.start : q.end], q.start, q.end))
        at = q.end
    tokens += split_tokens(text[at:end], at) if at < end else []
    words = [QUOTE if i in inside else fold(t.text) for i, t in enumerate(tokens)]
    return Unit(tokens, words, inside, kind, paragraph)
