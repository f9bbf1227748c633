"""Speaker words: of the words found beside a quote, those that can say who speaks.

A subject is found by what stands before a verb, and takes along what is none of it: an adverb (`Lund also`), the clause
of another verb (`Lund demands openness, yet refuses ...`), a mark, a conjunction. Told by word classes alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analysis.annotate.roles import SourceClassifier
from analysis.language import Language
from analysis.parse.names import is_person_noun
from analysis.text import Token, fold, split_tokens

Span = tuple[int, int]

_OPENS_PHRASE = (
    *("adverb", "auxiliary", "coordinator", "determiner", "no_speaker", "preposition"),
    *("quantity_noun", "stands_alone", "subordinator"),
)
_LONGEST_OPENING = 4  # words before a clause without `that`: `one big reason Lund`
_OWNS = ("determiner", "possessive", "adjectival", "preposition")
_OBJECT = ("determiner", "possessive", "object_pronoun", "pronoun", "number", "gerund", "manner")


def narrow(text: str, span: Span, reporting: Collection[str], language: Language) -> Span | None:
    """The part of text[span] that can say who speaks; None where no word of it can.

    `reporting`: the forms of reporting verbs, folded. What follows a relative pronoun is left as it is: it describes.
    """
    tokens = split_tokens(text[span[0] : span[1]], span[0])
    first = _first(tokens, language)
    if not tokens or _is_predicate(tokens[first:], text[: span[0]].rsplit(maxsplit=2)[-2:], language):
        return None
    end = _before_verb(tokens, first, reporting, language)
    if end < len(tokens) and (joined := _joined_subject(tokens, end, reporting, language)) is not None:
        first, end = joined, len(tokens)
    end = _before_adverbs(tokens, first, end, language)
    kept = tokens[first:end]
    return (kept[0].start, kept[-1].end) if _is_speaker(kept, language) else None


def _is_manner(token: Token, language: Language) -> bool:
    """Whether a word is an adverb by its form, and no name: `officially`, but not `Kelly`."""
    return token.text[0].islower() and "manner" in language.classes_of(token.lower)


def _has(token: Token, language: Language, *names: str) -> bool:
    """Whether one of these lists or forms of words holds the token."""
    word = token.lower
    return not language.classes_of(word).isdisjoint(names) or word in language.among(*names)


def _first(tokens: Sequence[Token], language: Language) -> int:
    """The first word that can open the name or description of a speaker."""
    i = 0
    while i < len(tokens) - 1:
        token = tokens[i]
        mark = not token.text[0].isalnum() and token.text not in language["opening_mark"]
        opens = token.text[0].islower() or i == 0
        if not mark and not (
            opens and (_has(token, language, "before_speaker") or _is_manner(token, language))
        ):
            break
        i += 1
    for n in range(i, min(i + _LONGEST_OPENING, len(tokens) - 1)):
        named = tokens[n + 1].text[0].isupper()
        if tokens[n].text.islower() and tokens[n].lower in language["clause_noun"] and named:
            return n + 1
    return i


def _is_predicate(tokens: Sequence[Token], before: Sequence[str], language: Language) -> bool:
    """Whether words are a verb with its object, or open as no noun phrase does: `back her plans`, `talking at dinners`.

    `before`: the last two words before them.
    """
    token, after = tokens[0], tokens[1] if len(tokens) > 1 else None
    if _has(token, language, "opens_no_speaker"):
        return True
    if token.text[0].isupper() and not _has(token, language, "gerund"):
        return after is not None and after.text in language["indefinite_article"]
    speaks = is_person_noun(token.lower, language) or _has(token, language, "speaking_noun")
    if speaks or not token.text.isalpha() or _has(token, language, *_OPENS_PHRASE):
        return False
    determined = after is not None and _has(after, language, "determiner", "possessive", "object_pronoun")
    if _has(token, language, "gerund"):
        place = after is not None and _has(after, language, "preposition", "number", "can_be_subject")
        named = after is not None and after.text[0].isupper() and not is_person_noun(after.lower, language)
        return determined or (token.text[0].islower() and (place or named))
    near = [fold(word) for word in before]
    words = [word for word in near if not word.endswith("ly")]
    infinitive = near[-1:] == ["to"] and not language["before_infinitive"].isdisjoint(near)
    return determined or infinitive or (bool(words) and words[-1] in language["before_verb"])


def _before_verb(tokens: Sequence[Token], first: int, reporting: Collection[str], language: Language) -> int:
    """The place of the first finite verb after the noun phrase, or of a dash; the end where there is none."""
    for i in range(first, len(tokens)):
        token = tokens[i]
        if _has(token, language, "relative", "opening_bracket") or token.text == ",":
            break
        if i > first and token.text[0].isupper() and tokens[i - 1].lower in language["plain_person"]:
            return i  # a clause without `that`: `several people Lund has tried to reach`
        spaced = i > first and token.start > tokens[i - 1].end
        if spaced and (_has(token, language, "dash") or _is_verb(tokens, i, reporting, language)):
            alone = i == first + 1 and _has(tokens[first], language, "can_be_subject")
            return i if alone or _has_noun(tokens[first:i], language) else len(tokens)
    return len(tokens)


def _is_verb(tokens: Sequence[Token], i: int, reporting: Collection[str], language: Language) -> bool:
    """Whether a word in small letters is a finite verb, by its form and by what stands on both sides."""
    token, before = tokens[i], tokens[i - 1]
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if not token.text.isalpha() or not token.text.islower():
        return False
    inside = before.text[0].isupper() and after is not None and after.text[0].isupper()
    if inside and token.lower in language["name_particle"]:
        return False  # `Maria dos Santos`
    if _has(token, language, "auxiliary"):
        return token.lower not in language["non_finite"]
    owned = before.lower.endswith(("'s", "s'"))
    named = before.text[0].isupper() and not owned
    if token.lower in language["verb_third"] and (named or after is not None):
        return not owned and not _has(before, language, *_OWNS)
    if token.lower in language["verb_bare"] and before.lower.endswith("s"):
        return not owned and not _has(before, language, *_OWNS)
    person = is_person_noun(before.lower, language)
    takes = after is not None and (_has(after, language, *_OBJECT) or after.text[0].isupper())
    to_do = [t.text.islower() for t in tokens[i + 1 : i + 3]] == [True, True] and tokens[i + 1].lower == "to"
    if to_do and {token.lower, token.lower[:-1], token.lower[:-2]} & language["catenative"]:
        return not _has(before, language, "determiner", "possessive", "possessor", "adjectival")
    if _has(token, language, "past"):
        if named and after is not None:
            return True  # `Lund spoke about`, but also `the letter from Norwick obtained by`
        noun = person or before.lower.endswith("s")
        described = _has(before, language, "determiner", "possessive", "adverb", "manner", "pronoun")
        return (noun and (takes or to_do)) or (after is None and not described)
    if not _has(token, language, "s_form") or is_person_noun(token.lower, language):
        return False
    return (named or person) and (takes or _reports(token, after, reporting, language))


def _reports(token: Token, after: Token | None, reporting: Collection[str], language: Language) -> bool:
    """Whether a word is a reporting verb with its object, or one that is no noun: `demands openness`, `says`."""
    if after is None or not after.text[0].isalnum():
        return _has(token, language, "never_noun")
    return token.lower in reporting and not _has(after, language, "preposition", "coordinator", "relative")


def _joined_subject(
    tokens: Sequence[Token], verb: int, reporting: Collection[str], language: Language
) -> int | None:
    """Where the subject of a second clause begins: `the agency declined to comment and Senate aides`."""
    for i in range(len(tokens) - 1, verb, -1):
        if _has(tokens[i], language, "coordinator"):
            rest = tokens[i + 1 :]
            ends = bool(rest) and _before_verb(tokens, i + 1, reporting, language) == len(tokens)
            stop = next((n for n, t in enumerate(rest) if _has(t, language, "preposition")), len(rest))
            person = stop > 0 and is_person_noun(rest[stop - 1].lower, language)
            return i + 1 if ends and (person or all(t.text[0].isupper() for t in rest)) else None
    return None


def _before_adverbs(tokens: Sequence[Token], first: int, end: int, language: Language) -> int:
    """The end without adverbs and marks that stand there last."""
    while end > first + 1:
        token = tokens[end - 1]
        adverb = token.text.islower() and _has(token, language, "trailing", "coordinator")
        if not adverb and not (_has(token, language, "loose_mark") or token.text == "'"):
            break
        end -= 1
    return end


def _has_noun(tokens: Sequence[Token], language: Language) -> bool:
    """Whether one of the words can be a noun: no number, determiner, adverb, preposition or mark."""
    return any(
        t.text[0].isalpha()
        and (
            not (_has(t, language, "no_speaker") or _is_manner(t, language)) or t.text[i == 0 :][:1].isupper()
        )
        for i, t in enumerate(tokens)
    )


def _is_speaker(tokens: Sequence[Token], language: Language) -> bool:
    """Whether somebody can be called so: a pronoun, or words of which one can be a noun."""
    if len(tokens) == 1 and _has(tokens[0], language, "adjectival") and tokens[0].text.islower():
        return is_person_noun(tokens[0].lower, language)
    return any(_has(t, language, "stands_alone") for t in tokens) or _has_noun(tokens, language)


# Whether a description can be a source's ----------------------------------------------------------------------


def can_be_source(words: str, classifier: SourceClassifier, lower: Collection[str] = ()) -> bool:
    """Whether somebody or something that can say what is attributed is called so: a name, or of a person, a body, a text or
    of how many there are, by the nouns that it is about. `the department's role` and `subtle hopes` say nothing.

    `lower`: where a sentence begins with the words, those that the article writes in small letters: then a capital may
    be no name's.
    """
    language = classifier.language
    tokens = [t for t in split_tokens(words) if t.text[0].isalnum() or t.text in "%(,"]
    if not tokens or words[:1] in language["currency"]:
        return False
    joints = [i for i, t in enumerate(tokens) if t.lower in language["conjunction"]]
    edges = list(zip([0, *(i + 1 for i in joints)], [*joints, len(tokens)], strict=True))
    opened = tokens[: edges[0][1]]
    part = len(opened) > 1 and opened[1].lower == "of"
    if opened and opened[0].lower in lower and _head(opened, language) == 0 and not part:
        return (
            _is_many(opened[0], language)
            or _can_say(opened, classifier)
            or any(_speaks(tokens[i:j], classifier) for i, j in edges[1:])
        )
    return any(_speaks(tokens[i:j], classifier) for i, j in edges)


def _head(tokens: Sequence[Token], language: Language) -> int:
    """The place of the noun that a phrase is about."""
    first = 1 + (len(tokens) > 1 and _has(tokens[0], language, "definite_article", "indefinite_article"))
    return next((i for i in range(first, len(tokens)) if _ends_head(tokens, i, language)), len(tokens)) - 1


def _speaks(tokens: Sequence[Token], classifier: SourceClassifier) -> bool:
    """`can_be_source` of a phrase without conjunctions; of a part of something it is that: `much of the debate`."""
    language = classifier.language
    if not tokens:
        return False
    head = _head(tokens, language)
    noun = tokens[head].lower
    if tokens[head + 1 : head + 2] and tokens[head + 1].lower == "of" and _is_part(noun, language):
        return _speaks(tokens[head + 2 :], classifier)
    if noun in language["object_pronoun"] | language["relative"]:
        return len(tokens) == 1
    if noun in language["mass_word"]:
        return False
    counted = _is_many(tokens[head], language) and all(_is_count(t, language) for t in tokens[:head])
    if counted or "%" in (t.text for t in tokens[1:4]):
        return True
    if tokens[head].text[0].isupper():
        return noun not in language["law"]
    return _can_say(tokens[: head + 1], classifier)


def _is_part(noun: str, language: Language) -> bool:
    """Whether a word only says how much of what follows, and not how many persons."""
    part = noun in language["stands_alone"] | language["part_noun"] | language["number"]
    return part and noun not in language["quantity_noun"]


def _is_count(token: Token, language: Language) -> bool:
    """Whether a word stands before one for how many: `about three`, `no one`."""
    return _has(token, language, "adverb", "determiner", "preposition") or _is_many(token, language)


def _is_many(token: Token, language: Language) -> bool:
    """Whether a word says how many: `many`, `47`."""
    lists = ("quantity_noun", "stands_alone", "number", "part_noun")
    return token.text[0].isdigit() or _has(token, language, *lists)


def _can_say(tokens: Sequence[Token], classifier: SourceClassifier) -> bool:
    """Whether a phrase is about somebody or something that can say what is attributed, by its noun."""
    language = classifier.language
    at = _head(tokens, language)
    head, before = tokens[at], tokens[at - 1 : at]
    nouns = {head.lower, head.lower.removesuffix("'s"), head.lower.rstrip("'")}
    owned = any(t.lower.endswith(("'s", "s'")) for t in before)
    role = classifier.role
    two = role(head.text if owned else " ".join(t.text for t in (*before, head)))
    return (
        any(is_person_noun(noun, language) for noun in nouns)
        or head.lower in language["quantity_noun"]
        or not nouns.isdisjoint(language["speaking_noun"])
        or bool(role(head.text) or (two and not any(_only_tells(t, two, classifier) for t in before)))
        or language.patterns["agent_form"].fullmatch(head.lower) is not None
    )


def _only_tells(token: Token, role: str, classifier: SourceClassifier) -> bool:
    """Whether a word has the role of the two words that it opens, and names nobody: `survey timing`."""
    person = token.text[0].isupper() or is_person_noun(token.lower, classifier.language)
    return not person and classifier.role(token.text) == role


def _ends_head(tokens: Sequence[Token], i: int, language: Language) -> bool:
    """Whether what follows the noun that a description is about begins there: `officials briefed on the raid`."""
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    participle = "past" in language.classes_of(tokens[i].lower) and after in language["preposition"]
    return tokens[i].lower in language["head_complement"] or (participle and tokens[i].text.islower())
