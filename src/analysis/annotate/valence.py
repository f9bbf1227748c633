"""The rules of VADER (Hutto & Gilbert 2014) by which words beside it raise, lower or turn round a word's tone.

As in NLTK's `SentimentIntensityAnalyzer`, for words that come without marks and without negations, which scopes see to;
so there are no exclamation marks, no words in capitals and no emoticons here. What they share gives the same number
(a test compares them), in a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.language import Language

STEP = 0.293  # by which an adverb of degree raises or lowers, found from people's ratings
FADING = (1.0, 0.95, 0.9)  # of an adverb one, two and three words before
TURNED = -0.74
EMPHASIS = 1.25
BEFORE_BUT, AFTER_BUT = 0.5, 1.5


class Valence:
    """A language's words of degree, emphasis and contrast, ready to weigh words with tone."""

    def __init__(self, language: Language) -> None:
        self._degree = dict.fromkeys(language["intensifier"], STEP) | dict.fromkeys(
            language["downtoner"], -STEP
        )
        self._phrases = language["downtoner_phrase"]
        self._emphatic = language["emphatic"]
        self._least, self._no_least = language["least"], language["no_least"]
        self._contrast = language["turning_conjunction"]
        self._idioms: Mapping[str, float] = language.settings.get("idioms", {})

    def weigh(self, words: Sequence[str], scores: Mapping[str, float]) -> dict[int, float]:
        """By its place the tone of each word of a sentence that has one in `scores`, as the words beside it make it.

        Words of one letter are passed over. A word that is repeated counts as where it is first.
        """
        places = [i for i, word in enumerate(words) if len(word) > 1]
        words = [words[i] for i in places]
        at_first: dict[str, float] = {}
        for i, word in enumerate(words):
            if word in scores and word not in at_first:
                at_first[word] = self._beside(words, i, scores)
        turn = next((i for i, word in enumerate(words) if word in self._contrast), None)
        return {
            places[i]: at_first[word]
            * (1 if turn is None or i == turn else BEFORE_BUT if i < turn else AFTER_BUT)
            for i, word in enumerate(words)
            if word in at_first
        }

    def _beside(self, words: Sequence[str], i: int, scores: Mapping[str, float]) -> float:
        """The tone of word `i` with what stands before it."""
        if " ".join(words[i : i + 2]) in self._phrases:
            return 0.0
        tone = scores[words[i]]
        before = [words[i - n] if i >= n else "" for n in (1, 2, 3)]
        for distance, word in enumerate(before):
            if word and word not in scores:
                step = self._degree.get(word, 0.0) * FADING[distance]
                tone += step if tone >= 0 else -step
                if distance == len(before) - 1:
                    tone = self._in_context(words, i, tone)
        if before[0] in self._least and before[1] not in self._no_least:
            tone *= TURNED
        return tone

    def _in_context(self, words: Sequence[str], i: int, tone: float) -> float:
        """What is looked at only where three words stand before: emphasis, idioms, weakening phrases."""
        if words[i - 1] in self._emphatic:
            tone *= EMPHASIS
        ends_here = ((i - 1, i + 1), (i - 2, i + 1), (i - 2, i), (i - 3, i), (i - 3, i - 1))
        phrases = [" ".join(words[a:b]) for a, b in ends_here]
        tone = next((self._idioms[phrase] for phrase in phrases if phrase in self._idioms), tone)
        for begins_here in (words[i : i + 2], words[i : i + 3]):
            tone = self._idioms.get(" ".join(begins_here), tone)
        if phrases[2] in self._phrases or phrases[4] in self._phrases:
            tone -= STEP
        return tone
