"""Names in a text, by their capitals, found twice for two questions.

`find_mentions` asks who is meant: words with capitals in a row, read as a name and the title before it, so that persons
can be told from bodies and one form of a name from another. `flag_names` asks which words are no ordinary words: any that
a capital marks within a sentence, titles and bodies too, for a word that names has no tone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from analysis.language import Language
from analysis.text import Token, fold

_POSSESSIVE = re.compile(r"['’]s?$")
_OWNS = ("'s", "’s")
_UPPER = re.compile(r"[A-Z\x80-\U0010ffff](?<=[^\W\d_a-z])")  # every name begins so
_LONGEST_TITLE = 90  # characters
_JOINTS = frozenset("-‐‑'’")
_FORENAMES = ("male_forename", "female_forename", "mostly_male_forename", "mostly_female_forename")
_I = ("i", "i'")  # how a word begins that has a capital for no name: I, I'm
_BEFORE_CAPITALS = frozenset(':;?!…—–"“„‘«[')


class Mention(NamedTuple):
    """A name where it stands: its words, also folded, and span without the titles before it or the name that owns it
    (`EU's`). `surname`: as `surname_of` gives it, of a body's name its last word.
    """

    start: int
    end: int
    name: tuple[str, ...]
    folded: tuple[str, ...]
    surname: str
    title: str
    owner: str = ""

    @property
    def has_first_name(self) -> bool:
        return len(self.name) > 1


def find_mentions(text: str, start: int, end: int, language: Language) -> list[Mention]:
    """The names in text[start:end], persons' and others', titles told apart from the name."""
    out = []
    for run in _find_runs(text, start, end, language):
        words = run.group().split()
        first = _count_titles(words, text[max(0, run.start() - 4) : run.start()], language)
        at, owner, name = run.start(), "", list[str]()
        if first:
            at += len(" ".join(words[:first])) + 1  # one blank stands between the words of a run
        for word in words[first:]:
            bare = without_possessive(word)
            name.append(bare)
            if bare != word and word.endswith(_OWNS):  # `the EU's Lund` are two names
                after = at + len(" ".join(name)) + len(word) - len(bare)
                out.append(_mention(text, start, at, name, owner, language))
                owner, name, at = text[at:after], [], after + 1
        if name:
            out.append(_mention(text, start, at, name, owner, language))
    return out


def _find_runs(text: str, start: int, end: int, language: Language) -> Iterator[re.Match[str]]:
    """Words with capitals in a row; to look for the first capital takes a fraction of the time."""
    pattern = language.patterns["name_run"]
    while capital := _UPPER.search(text, start, end):
        at = _joined_start(text, start, capital.start(), language)
        if (run := pattern.match(text, at, end)) is None:
            return
        yield run
        start = run.end()


def _joined_start(text: str, floor: int, capital: int, language: Language) -> int:
    """Where a name begins whose first capital stands after a joined particle: `al-Sadat`."""
    if text[capital - 1 : capital] not in _JOINTS:
        return capital
    at = next((i for i in range(capital - 1, floor, -1) if text[i - 1].isspace()), floor)
    return at if is_joined(text[at : capital + 1], language) else capital


def is_joined(word: str, language: Language) -> bool:
    """Whether a word is a surname with a small particle joined to it: `al-Sadat`, `d'Estaing`."""
    return not _JOINTS.isdisjoint(word) and language.patterns["joined_name"].match(word) is not None


def _count_titles(words: Sequence[str], before: str, language: Language) -> int:
    """How many words at a run's beginning are titles and no part of the name."""
    folded = [fold(word) for word in words]
    titles, no_name = language["title"], language["no_name"]
    last = len(words) - 1
    if last and is_forename(folded[last - 1], language):
        last -= 1  # `Anna King`, `Tor Bishop`
    first = max((i + 1 for i, word in enumerate(folded[: last + 1]) if word in titles), default=0)
    while first < len(words) and folded[first] in no_name:
        first += 1
    if not first and len(words) > 2 and folded[0] in language["post"]:
        sent = not language["post_preposition"].isdisjoint(before.split()[-1:])
        first = int(sent and before.endswith(" "))  # `ambassador to Russia Anna Lund`
    if 0 < first < len(words) - 1 and folded[first] in language["no_person"]:
        first += 1  # `Supreme Allied Commander Europe Anna Lund`
    return first


def is_forename(word: str, language: Language) -> bool:
    """Whether a folded word is a first name, of men or women alone or mostly."""
    return word in language.among(*_FORENAMES)


def _mention(text: str, floor: int, at: int, name: list[str], owner: str, language: Language) -> Mention:
    title = _title_before(text, floor, at, language)
    folded = [fold(word) for word in name]
    while len(name) > 1 and name[-1].isupper() and folded[-1] in language["honour"]:
        name, folded = name[:-1], folded[:-1]
    surname = surname_of(folded, language)
    return Mention(at, at + len(" ".join(name)), tuple(name), tuple(folded), surname, title, owner)


def without_possessive(word: str) -> str:
    return _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word


def _title_before(text: str, floor: int, at: int, language: Language) -> str:
    """The titles directly before a name: `former CIA Senior Executive`, `Director of National Intelligence`."""
    before = text[max(floor, at - _LONGEST_TITLE) : at]
    known, links = language["before_name"], language["title_link"]
    out: list[str] = []
    while words := before.rsplit(maxsplit=1):
        word = words.pop()
        folded = fold(word)
        if out:
            joins = folded in links or _UPPER.match(word) or _modifies(folded, language)
        else:
            joins = is_person_noun(folded, language)
        joins = joins or folded in known or bool(language.patterns["origin"].fullmatch(folded))
        if not joins or word[-1:] in ',;:—–"“”':
            break
        out.append(word)
        before = "".join(words)
    nearest = fold(out[0]) if out else ""  # mostly the word before a name is no title
    if not out or nearest in language["title_joint"] or nearest in language["definite_article"]:
        return ""
    out = _own_title(out, language)
    while out and fold(out[-1]) in language["no_title_opener"]:
        out.pop()
    folded_out = [fold(word) for word in out]
    office, past = language["office"], language["past_office"]
    titled = any(w in office or w in past for w in folded_out) or is_person_noun(
        "".join(folded_out[:1]), language
    )
    return " ".join(reversed(out)) if titled else ""


def is_person_noun(word: str, language: Language) -> bool:
    """Whether a folded word is a noun for persons, by the list of them or by its form."""
    return word in language["person_noun"] or "person_form" in language.classes_of(word)


def head_noun(phrase: str, language: Language) -> str:
    """The noun that a description is about, folded: `head` of `head of the delegation`, `source` of `a source close to him`."""
    words = fold(phrase).split()
    stops = language["after_head"]
    at = next((i for i, word in enumerate(words) if i and word in stops), len(words))
    return words[at - 1] if words else ""


def _modifies(word: str, language: Language) -> bool:
    """Whether a word can stand in a title before its noun: `union president`."""
    return word.isalpha() and language["never_in_title"].isdisjoint(language.classes_of(word))


def _own_title(reversed_words: list[str], language: Language) -> list[str]:
    """Of `envoy of US President` before a name only what is the name's: `US President`."""
    links, ruling = language["title_joint"], language["ruling_title"]
    for i, word in enumerate(reversed_words):
        if word in links and any(fold(w) in ruling for w in reversed_words[:i]):
            return reversed_words[:i]
    return reversed_words


def surname_of(words: Sequence[str], language: Language) -> str:
    """The surname among a name's folded words, without what tells a son from his father and without a particle that is
    joined to it (`Sadat` for `al-Sadat`); "" of no words.
    """
    if not words:
        return ""
    last = words[-2] if len(words) > 1 and words[-1] in language["name_suffix"] else words[-1]
    particle, _, rest = last.replace("'", "-").partition("-")
    return last[-len(rest) :] if rest and particle in language["joined_particle"] else last


def find_names(tokens: Sequence[Token], language: Language) -> set[str]:
    """The words written as names: with a capital, and not because a sentence, quotation or headline begins."""
    return {t.text for t, named in zip(tokens, flag_names(tokens, language), strict=True) if named}


def flag_names(tokens: Sequence[Token], language: Language, known: Collection[str] = ()) -> list[bool]:
    """Whether each token belongs to a name; `known` are names from elsewhere in the article.

    A single capitalised word at the beginning counts only if known, possessive or followed by another capital; in a
    headline with capitals throughout, only known names count.
    """
    words = [token.text for token in tokens]
    particles = language["name_joint"]
    if in_title_case(tokens):
        return [word in known for word in words]
    capital = [
        (word[0].isupper() and t.lower[:2] not in _I)
        or (not _JOINTS.isdisjoint(word) and is_joined(word, language))
        for word, t in zip(words, tokens, strict=True)
    ]
    capital.append(False)  # before the first word and after the last stands none
    flags = []
    begins = True  # a capital here may only mark the beginning of a sentence or quotation
    for i, word in enumerate(words):
        if capital[i]:
            named = not begins or capital[i + 1] or word in known or tokens[i].lower.endswith("'s")
        else:
            named = capital[i - 1] and capital[i + 1] and word in particles
        flags.append(named)
        begins = (begins and not word[0].isalnum()) or word in _BEFORE_CAPITALS
    return flags


def in_title_case(tokens: Sequence[Token]) -> bool:
    """Whether nearly every longer word has a capital, so that capitals show no names.

    Another question than that of `parse.units`, whether verbs have capitals too (of 28,932 sentences, 263 are both and
    436 one of the two): a quotation of titles within a sentence hides its names and leaves its verbs to be read.
    """
    if not tokens or tokens[-1].text == ".":  # as most sentences end
        return False
    longer = [t.text[0] for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    capitals = sum(map(str.isupper, longer))
    return len(longer) > 3 and capitals > 0.7 * len(longer)
