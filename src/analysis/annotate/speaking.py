"""Whether a description can be a source's: a name, or of a person, a body, a text or of how many there are.

Told by the nouns that it is about: `the department's role` and `subtle hopes` say nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.annotate.roles import SourceClassifier
from analysis.language import Language
from analysis.parse.names import is_person_noun
from analysis.text import Token, split_tokens


def can_be_source(words: str, classifier: SourceClassifier, lower: Collection[str] = ()) -> bool:
    """Whether somebody or something that can say what is attributed is called so.

    `lower`: where a sentence begins with the words, those that the article writes in small letters: then a capital may
    be no name's.
    """
    return _Nouns(classifier).is_source(words, lower)


@dataclass(frozen=True)
class _Nouns:
    """The nouns of one language and codebook for what can say something."""

    classifier: SourceClassifier

    @property
    def language(self) -> Language:
        return self.classifier.language

    def is_source(self, words: str, lower: Collection[str]) -> bool:
        tokens = [t for t in split_tokens(words) if t.text[0].isalnum() or t.text in "%(,"]
        if not tokens or words[:1] in self.language["currency"]:
            return False
        joints = [i for i, t in enumerate(tokens) if t.lower in self.language["conjunction"]]
        edges = list(zip([0, *(i + 1 for i in joints)], [*joints, len(tokens)], strict=True))
        opened = tokens[: edges[0][1]]
        if opened and opened[0].lower in lower and self._head(opened) == 0:
            return (
                self._is_many(opened[0])
                or self._can_say(opened)
                or any(self._speaks(tokens[i:j]) for i, j in edges[1:])
            )
        return any(self._speaks(tokens[i:j]) for i, j in edges)

    def _head(self, tokens: Sequence[Token]) -> int:
        """The place of the noun that a phrase is about."""
        return next((i for i in range(1, len(tokens)) if self._ends_head(tokens, i)), len(tokens)) - 1

    def _speaks(self, tokens: Sequence[Token]) -> bool:
        """`is_source` of a phrase without conjunctions; of a part of something it is that: `much of the debate`."""
        if not tokens:
            return False
        head = self._head(tokens)
        noun = tokens[head].lower
        if tokens[head + 1 : head + 2] and tokens[head + 1].lower == "of" and self._is_part(noun):
            return self._speaks(tokens[head + 2 :])
        if noun in self.language["object_pronoun"] | self.language["relative"]:
            return len(tokens) == 1
        counted = self._is_many(tokens[head]) and all(self._is_count(t) for t in tokens[:head])
        if counted or "%" in (t.text for t in tokens[1:4]):
            return True
        if tokens[head].text[0].isupper():
            return noun not in self.language["law"]
        return self._can_say(tokens[: head + 1])

    def _is_part(self, noun: str) -> bool:
        """Whether a word only says how much of what follows, and not how many persons."""
        part = noun in self.language["stands_alone"] | self.language["part_noun"] | self.language["number"]
        return part and noun not in self.language["quantity_noun"]

    def _is_count(self, token: Token) -> bool:
        """Whether a word stands before one for how many: `about three`, `no one`."""
        opens = not self.language.classes_of(token.lower).isdisjoint(("adverb", "determiner", "preposition"))
        return opens or self._is_many(token)

    def _is_many(self, token: Token) -> bool:
        """Whether a word says how many: `many`, `47`."""
        lists = ("quantity_noun", "stands_alone", "number", "part_noun")
        return token.text[0].isdigit() or any(token.lower in self.language[name] for name in lists)

    def _can_say(self, tokens: Sequence[Token]) -> bool:
        """Whether a phrase is about somebody or something that can say what is attributed, by its noun."""
        head = tokens[self._head(tokens)]
        before = tokens[self._head(tokens) - 1 : self._head(tokens)]
        nouns = {head.lower, head.lower.removesuffix("'s"), head.lower.rstrip("'")}
        owned = any(t.lower.endswith(("'s", "s'")) for t in before)
        two = head.text if owned else " ".join(t.text for t in (*before, head))
        return (
            any(is_person_noun(noun, self.language) for noun in nouns)
            or head.lower in self.language["quantity_noun"]
            or not nouns.isdisjoint(self.language["speaking_noun"])
            or bool(self.classifier.role(head.text) or self.classifier.role(two))
            or self.language.patterns["agent_form"].fullmatch(head.lower) is not None
        )

    def _ends_head(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether what follows the noun that a description is about begins there: `officials briefed on the raid`."""
        after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
        participle = (
            "past" in self.language.classes_of(tokens[i].lower) and after in self.language["preposition"]
        )
        return tokens[i].lower in self.language["head_complement"] or (
            participle and tokens[i].text.islower()
        )
