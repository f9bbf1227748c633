"""Who depends on whom: words that another outlet had printed before, and credits to outlets and agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.annotate.voices import QUOTED, Voices
from analysis.compare.coverage import period_of
from analysis.compare.words import Words, read_words
from analysis.indicators import Indicators
from analysis.text import split_tokens

TAKEN, FIRST, UNDATED = "printed before elsewhere", "printed first", "order unknown"
_WORTH = {
    UNDATED: 1,
    FIRST: 2,
    TAKEN: 3,
}  # a word that is in several stretches is of the kind with the largest
CREDIT_LINES = ("byline", "credit")
SPOKEN = (
    0.75  # of the words of a stretch; so many inside quotation marks make it speech, with its attribution
)


def shared_stretches(
    passages: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    voices: Voices,
    *,
    by: str = "outlet",
    words: Words | None = None,
) -> pd.DataFrame:
    """The stretches of each article that another group has, too: article_id, by, other_{by}, part, speech, start, end, words.

    `passages` as `compare.reuse.find_shared_passages` gives them; those of one article with one other group that touch are one
    stretch. `part`: printed before elsewhere, where an article of the other group that has it had certainly appeared earlier;
    printed first, where it had certainly appeared later; else order unknown. `speech`: for three quarters inside quotation marks, where both may
    have heard the same speaker (Nicholls 2019 on what shared text does not show). The time grows with the passages.
    `words`: those of the sentences, where they have been read already.
    """
    dates = {a: period_of(p) for a, p in zip(articles["article_id"], articles["published"], strict=True)}
    spans: dict[tuple[str, object, object], list[tuple[int, int, str]]] = {}
    for row in passages.to_dict("records"):
        for mine, yours in ("ab", "ba"):
            ours, theirs = row[f"article_{mine}"], row[f"article_{yours}"]
            key = (ours, row[f"{by}_{mine}"], row[f"{by}_{yours}"])
            part = _part(dates[ours], dates[theirs])
            spans.setdefault(key, []).append((row[f"start_{mine}"], row[f"end_{mine}"], part))
    starts = (words or read_words(articles, sentences, by=by)).starts()
    rows = []
    for (article_id, group, other), own in spans.items():
        for start, end, merged in _merged(own):
            first, last = np.searchsorted(starts[article_id], [start, end])
            heard = [voices.at(article_id, place)[0] == QUOTED for place in starts[article_id][first:last]]
            speech = sum(heard) >= SPOKEN * len(heard)
            rows.append((article_id, group, other, merged, speech, start, end, int(last - first)))
    columns = ["article_id", by, f"other_{by}", "part", "speech", "start", "end", "words"]
    return pd.DataFrame(rows, columns=columns).astype({"words": int, "speech": bool})


def own_words(
    stretches: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str = "outlet",
    words: Words | None = None,
) -> pd.DataFrame:
    """How much of each article is its own: article_id, by, published, words, own, taken, first, share (own / words).

    `own`: words in no stretch that another group has; `taken`: in one that another group had printed before; `first`: in one
    that others printed later and none before. The rest is of unknown order.
    """
    starts = (words or read_words(articles, sentences, by=by)).starts()
    spans: dict[str, list[tuple[str, int, int]]] = {}
    for article_id, part, start, end in stretches[["article_id", "part", "start", "end"]].itertuples(
        index=False
    ):
        spans.setdefault(article_id, []).append((part, start, end))
    rows = []
    for article_id, group, published in articles[["article_id", by, "published"]].itertuples(index=False):
        at = starts.get(article_id, np.zeros(0, np.int64))
        kind = np.zeros(len(at), np.int8)
        for part, start, end in sorted(spans.get(article_id, ()), key=lambda span: _WORTH[span[0]]):
            kind[np.searchsorted(at, start) : np.searchsorted(at, end)] = _WORTH[part]
        counts = [int((kind == value).sum()) for value in (0, 3, 2)]
        rows.append((article_id, group, published, len(at), *counts))
    table = pd.DataFrame(rows, columns=["article_id", by, "published", "words", "own", "taken", "first"])
    return table.assign(share=table["own"] / table["words"].where(table["words"] > 0))


def find_credits(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    blocks: pd.DataFrame,
    names: Mapping[str, Sequence[str]],
    *,
    by: str = "outlet",
) -> pd.DataFrame:
    """Each place where an article names another group or an agency: article_id, by, other_{by}, place, said, start, end.

    `names`: the indicators of each (see `analysis.indicators`). `place`: credit line, or text (`told Reuters`). What a page
    says beside the article, such as links to others, is not read.
    """
    indicators = Indicators(names)
    known = articles.dropna(subset=["text"])
    texts = dict(zip(known["article_id"], zip(known[by], known["text"], strict=True), strict=True))
    lines = blocks[blocks["kind"].isin(CREDIT_LINES)]
    rows = []
    for place, spans in (("credit line", lines), ("text", sentences)):
        for article_id, start, end in spans[["article_id", "start", "end"]].itertuples(index=False):
            if article_id not in texts:
                continue
            own, text = texts[article_id][0], texts[article_id][1][start:end]
            seen = {own}
            for hit in indicators.find(split_tokens(text, start)):
                if hit.code not in seen:
                    seen.add(hit.code)
                    rows.append(
                        (article_id, own, hit.code, place, " ".join(text.split()), hit.start, hit.end)
                    )
    columns = ["article_id", by, f"other_{by}", "place", "said", "start", "end"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["article_id", "start"], kind="stable", ignore_index=True
    )


def who_follows_whom(stretches: pd.DataFrame, credited: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """One row for each group that took words of another or credits it: by, other_{by}, passages, words, credits.

    Counted are the stretches outside quotation marks that the other had certainly printed before. The most words come first.
    """
    pair = [by, f"other_{by}"]
    taken = stretches[(stretches["part"] == TAKEN) & ~stretches["speech"]]
    words = taken.groupby(pair, sort=False).agg(passages=("words", "size"), words=("words", "sum"))
    table = words.join(credited.groupby(pair, sort=False).size().rename("credits"), how="outer")
    table = table.fillna(0).astype(int).reset_index()
    return table.sort_values(
        ["words", "credits", *pair], ascending=[False, False, True, True], ignore_index=True
    )


_Period = tuple[pd.Timestamp, pd.Timestamp]


def _part(ours: _Period, theirs: _Period) -> str:
    if theirs[1] < ours[0]:
        return TAKEN
    return FIRST if ours[1] < theirs[0] else UNDATED


def _merged(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Stretches that touch as one; what one article of the other group had printed before counts so."""
    out: list[tuple[int, int, str]] = []
    for start, end, part in sorted(spans):
        if out and start <= out[-1][1]:
            before = out[-1]
            parts = {before[2], part}
            joined = TAKEN if TAKEN in parts else UNDATED if UNDATED in parts else FIRST
            out[-1] = (before[0], max(before[1], end), joined)
        else:
            out.append((start, end, part))
    return out
