"""A sentence as seen from somebody it names: words from which a coder can learn the attitude towards that target."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from analysis.annotate.attitude import attitude, find_target, general_tone
from analysis.parse.scopes import OPPOSITE, find_scopes
from analysis.text import Token, split_tokens

TARGET = "targethere"
NEAR = 6  # words before and after the target that are marked by their side
STRONG = 2.0  # from here on a word's tone (about -4 to 4) is a strong one


def around(text: str, start: int, end: int) -> str:
    """The sentence for `learned.fit` and `predict`, as seen from the target at `start`:`end`; not for people to read.

    Its words, the target's own replaced by one word, so that its name counts for nothing; then, marked, the words near
    it by side, the tone of each word and of the whole, and what the rules say (`attitude.toward`).
    Raises ValueError where no word is at the span.
    """
    tokens = split_tokens(text)
    first, last = find_target(tokens, start, end)
    words = [t.lower for t in tokens[:first]] + [TARGET] + [t.lower for t in tokens[last + 1 :]]
    marks = chain(
        _marks(tokens, first, last),
        _tones(tokens, first, last),
        [f"rules_{attitude(tokens, first, last, *general_tone())}"],
    )
    return " ".join([*words, *marks])


def _marks(tokens: list[Token], first: int, last: int) -> Iterator[str]:
    """The words near the target and on which side they are, and the tone of each, reversed where it is negated."""
    tone, _ = general_tone()
    scopes = [scope for scope in find_scopes(tokens, tone.language) if scope.kind in OPPOSITE]
    for i, token in enumerate(tokens):
        if first <= i <= last or not token.text[0].isalnum():
            continue
        word = "".join(c for c in token.lower if c.isalnum())
        side, near = ("before", i >= first - NEAR) if i < first else ("after", i <= last + NEAR)
        negated = any(scope.holds(token.start) for scope in scopes)
        if near:
            yield f"{side}_{word}"
        if score := tone.score_word(token.lower):
            kind = "good" if (score > 0) != negated else "bad"
            yield f"tone_{kind}"
            if abs(score) > STRONG:
                yield f"tone_very_{kind}"
            if near:
                yield f"tone_{side}_{kind}"


def _tones(tokens: list[Token], first: int, last: int) -> Iterator[str]:
    """The tone of the sentence and of the words near the target, in steps of a fifth."""
    tone, _ = general_tone()
    near = tokens[max(0, first - NEAR) : last + 1 + NEAR]
    for name, part in (("all", tokens), ("near", near)):
        step = round(tone.read(part).score() * 5)
        yield f"score_{name}_{'minus' if step < 0 else ''}{abs(step)}"
