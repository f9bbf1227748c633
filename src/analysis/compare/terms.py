"""Which words set one group apart from the rest, and which words make two groups' tone differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from analysis.compare.uncertainty import benjamini_hochberg, require_groups
from analysis.compare.words import Words, read_words
from analysis.text import split_tokens


def count_terms(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str = "outlet",
    leave_out: Collection[str] = frozenset(),
    outside: pd.DataFrame | None = None,
    words: Words | None = None,
) -> pd.DataFrame:
    """How often each word occurs in each paragraph: by, article_id, paragraph, term, n.

    Words of the given sentences, case folded, without possessive 's; numbers and marks are not words; names are.
    `leave_out`: words not to count, such as a language's `stop_words()`; `outside`: spans (article_id, start, end) whose
    words are not counted, such as the cues of quotes, which are an outlet's way to report, not what it reports.
    Articles without text give no rows. `words`: those of all sentences, where they have been read already.
    """
    known = words or read_words(articles, sentences, by=by)
    term, terms = pd.factorize(np.array([_term(word) for word in known.vocabulary], dtype=object))
    counted = np.array([bool(word) and word not in leave_out for word in terms], dtype=bool)
    here = known.within(sentences if words else None, outside) & counted[term[known.word]]
    where = known.sentences.groupby(["article_id", "paragraph"], sort=False, dropna=False).ngroup().to_numpy()
    cells = where[known.sentence[here]] * len(terms) + term[known.word[here]]
    _, first, n = np.unique(cells, return_index=True, return_counts=True)
    order = np.argsort(first)
    at = np.flatnonzero(here)[first[order]]
    article = known.article[at].tolist()
    return pd.DataFrame(
        {
            by: [known.groups[one] for one in article],
            "article_id": [known.names[one] for one in article],
            "paragraph": known.sentences["paragraph"].to_numpy()[known.sentence[at]],
            "term": terms[term[known.word[at]]],
            "n": n[order],
        }
    )


def find_terms(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    terms: Collection[str],
    outside: pd.DataFrame | None = None,
    words: Words | None = None,
) -> pd.DataFrame:
    """Where the words that `count_terms` counts are: article_id, sentence_id, term, start, end."""
    known = words or read_words(articles, sentences, by="article_id")
    term = np.array([_term(word) for word in known.vocabulary], dtype=object)
    wanted = np.array([word in terms for word in term], dtype=bool)
    at = np.flatnonzero(known.within(sentences if words else None, outside) & wanted[known.word])
    return pd.DataFrame(
        {
            "article_id": [known.names[one] for one in known.article[at].tolist()],
            "sentence_id": known.sentences["sentence_id"].to_numpy(object)[known.sentence[at]],
            "term": term[known.word[at]],
            "start": known.start[at],
            "end": known.end[at],
        }
    )


def _term(word: str) -> str:
    """A word as it is counted; "" for one that is not."""
    plain = word.removesuffix("'s")
    return plain if any(c.isalpha() for c in plain) else ""


def words_of(text: str) -> list[str]:
    """The words that `count_terms` counts."""
    return [term for token in split_tokens(text) if (term := _term(token.lower))]


def distinctive_terms(
    counts: pd.DataFrame, *, by: str = "outlet", prior: float = 500.0, least: int = 5
) -> pd.DataFrame:
    """Words by which each group differs from all others together, after Monroe, Colaresi & Quinn (2008).

    One row for each group and term: by, term, n, total (the group's words), rest, rest_total (the other groups' uses and
    words), per_1000, log_odds, z, p, q, dp, articles, paragraphs, unit; by group, then falling z.

    `log_odds`: difference of the log-odds under a Dirichlet prior of `prior` words in all, shared out as in the whole
    corpus; z = log_odds / sqrt(1 / (n + a) + 1 / (rest + a)); `p` two-sided, `q` after Benjamini & Hochberg over the
    table. Terms with fewer than `least` uses in all are left out of the table, not of the totals. `dp`: Gries'
    deviation of proportions (2008) over the group's paragraphs, 0 even, near 1 clumped, NaN for n = 0; `articles`,
    `paragraphs`: in how many of the group's the term occurs.

    z and p take words as independent draws. A word repeated in one paragraph is a burst, not a difference between
    outlets: trust a term that occurs in several articles and paragraphs. With one article a group all of it may be
    what that article is about; where the corpus has only one word, nothing can be said (NaN). A prior that is
    large beside a short text pulls every term to 0.
    """
    require_groups(counts, by)
    used = counts.pivot_table(
        index="term", columns=by, values="n", aggfunc="sum", fill_value=0, observed=True
    )
    used = used[pd.unique(counts[by])] if len(counts) else used
    return distinctive_of_counts(used, _dispersion(counts, by), by=by, prior=prior, least=least)


def distinctive_of_counts(
    used: pd.DataFrame, spread: pd.DataFrame, *, by: str = "outlet", prior: float = 500.0, least: int = 5
) -> pd.DataFrame:
    """The table of `distinctive_terms`, of the uses of each term by each group.

    `used`: a row a term, a column a group; `spread`: dp, articles and paragraphs of each group and term.
    """
    columns = [by, "term", "n", "total", "rest", "rest_total", "per_1000", "log_odds", "z", "p", "q"]
    columns += ["dp", "articles", "paragraphs", "unit"]
    if used.empty:
        return pd.DataFrame(columns=columns)
    everywhere = used.sum(axis=1)
    words = used.sum()
    background = prior * everywhere / everywhere.sum()
    out = []
    for group in used.columns:
        n, total = used[group], int(words[group])
        rest, rest_total = everywhere - n, int(everywhere.sum() - total)
        log_odds = _log_odds(n, total, background, prior) - _log_odds(rest, rest_total, background, prior)
        z = log_odds / np.sqrt(1 / (n + background) + 1 / (rest + background))
        table = pd.DataFrame(
            {"n": n, "rest": rest, "log_odds": log_odds, "z": z, "p": 2 * stats.norm.sf(z.abs())}
        )
        table = table[everywhere >= least].assign(
            total=total, rest_total=rest_total, per_1000=1000 * n / total
        )
        table[["dp", "articles", "paragraphs"]] = spread.reindex(
            pd.MultiIndex.from_product([[group], table.index])
        ).to_numpy()
        out.append(
            table.sort_values(["z", "term"], ascending=[False, True]).reset_index().assign(**{by: group})
        )
    found = pd.concat(out, ignore_index=True).assign(unit="words")
    found["q"] = benjamini_hochberg(found["p"])
    for column in ("articles", "paragraphs"):
        found[column] = found[column].fillna(0).astype("int64")
    return found[columns]


def word_shift(
    counts: pd.DataFrame, scores: Mapping[str, float], *, a: str, b: str, by: str = "outlet"
) -> pd.DataFrame:
    """Why the mean score of b's words differs from a's: term, score, n_a, n_b, share_a, share_b, contribution, kind, unit.

    The weighted average shift of Gallagher et al. (2021) for one lexicon: contribution = (score - mean of a) *
    (share_b - share_a), where shares and means are over the words that `scores` holds. Contributions add up to
    mean of b - mean of a; largest first, whatever the sign. `kind` says which of the four cases it is.

    Words count by themselves: negation, phrases and speakers are ignored. With few scored words (n_a, n_b) one
    word makes the whole shift; it explains two texts, not two outlets.
    """
    require_groups(counts, by)
    columns = ["term", "score", "n_a", "n_b", "share_a", "share_b", "contribution", "kind", "unit"]
    for group in (a, b):
        if group not in set(counts[by]):
            raise ValueError(f"no words counted for '{by}' {group!r}; there are {sorted(set(counts[by]))}")
    scored = counts[counts["term"].isin(list(scores))]
    used = scored.pivot_table(
        index="term", columns=by, values="n", aggfunc="sum", fill_value=0, observed=True
    )
    used = used.reindex(columns=[a, b], fill_value=0)
    used = used[used.sum(axis=1) > 0]
    total_a, total_b = used[a].sum(), used[b].sum()
    if not total_a or not total_b:
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(
        {"n_a": used[a], "n_b": used[b], "share_a": used[a] / total_a, "share_b": used[b] / total_b}
    )
    table["score"] = table.index.map(scores).astype(float)
    mean_a = float((table["score"] * table["share_a"]).sum())
    more = table["share_b"] > table["share_a"]
    table["contribution"] = (table["score"] - mean_a) * (table["share_b"] - table["share_a"])
    above = np.where(table["score"] > mean_a, "a more positive word", "a more negative word")
    table["kind"] = [f"{word}, {'more' if m else 'less'} often" for word, m in zip(above, more, strict=True)]
    table = table[table["share_a"] != table["share_b"]].reset_index().assign(unit="words")
    order = table["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order, columns].reset_index(drop=True)


def _log_odds(n: pd.Series, total: int, background: pd.Series, prior: float) -> pd.Series:
    used = n + background
    with np.errstate(divide="ignore"):
        return np.log(used / (total + prior - used))


def _dispersion(counts: pd.DataFrame, by: str) -> pd.DataFrame:
    """dp, articles, paragraphs for each (group, term); the parts are the group's paragraphs."""
    part = [by, "article_id", "paragraph"]
    table = counts.groupby([*part, "term"], observed=True)["n"].sum().reset_index()
    s = table.groupby(part, observed=True)["n"].transform("sum") / table.groupby(by, observed=True)[
        "n"
    ].transform("sum")
    v = table["n"] / table.groupby([by, "term"], observed=True)["n"].transform("sum")
    # Parts without the term add their s; all s of a group sum to 1, so only parts with the term need a row.
    table["gap"] = (v - s).abs() - s
    grouped = table.groupby([by, "term"], observed=True)
    return pd.DataFrame(
        {
            "dp": ((grouped["gap"].sum() + 1) / 2).clip(0, 1),
            "articles": grouped["article_id"].nunique(),
            "paragraphs": grouped.size(),
        }
    )
