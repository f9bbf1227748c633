"""Counts of tables that are too large to hold, by DuckDB: from Parquet, in the columns that `compare` gives of frames.

The same numbers as `shares`, `source_shares`, `net_stance`, `mean_tone` and `distinctive_terms` give of the same tables;
what comes out is small and pandas again. Only intervals of means differ: see `Counts.tone`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.codebook import POSITION_WORTH, SPEECH
from analysis.compare.shares import shares_of_counts
from analysis.compare.terms import distinctive_of_counts, words_of
from analysis.study import StudyError
from analysis.tables import ANNOTATIONS, ARTICLES, unit_name

OPENING = 3  # sentences of deck and body that are the lead, as `corpus.parts_of_articles` has it
STORY = ("lead", "body")
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class Sample:
    """Some hits, drawn by chance but the same each time, with their articles and sentences; `total`: of how many."""

    hits: pd.DataFrame
    articles: pd.DataFrame
    sentences: pd.DataFrame
    total: int


class Counts:
    """What can be asked of tables in Parquet files, or in frames. Where memory is short, DuckDB goes on on the disk."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame | Sequence[str]],
        *,
        memory: str = "2GB",
        file_system: Any = None,
    ) -> None:
        """`tables`: each a frame, or the Parquet files with its rows; URLs are read by the fsspec `file_system`."""
        try:
            import duckdb
        except ImportError:
            message = "counts of partitions need DuckDB; install it with: pip install 'media-analysis[scale]'"
            raise StudyError([message]) from None
        self._db = duckdb.connect(config={"memory_limit": memory, "preserve_insertion_order": False})
        self._db.execute("SET enable_progress_bar = false")
        if file_system is not None:
            self._db.register_filesystem(file_system)
        for table in (ARTICLES, *ANNOTATIONS):
            given = tables[table.name]
            if isinstance(given, pd.DataFrame):
                self._db.register(f"given_{table.name}", given)
            else:
                files = ", ".join(_text(name) for name in given)
                self._db.execute(f"CREATE VIEW given_{table.name} AS FROM read_parquet([{files}])")
        self._make_views()

    def _make_views(self) -> None:
        """Every table with its articles' outlet; sentences and what is in them with their part of the article."""
        self._db.execute(
            f"""
            CREATE TEMP TABLE story AS
            SELECT article_id, list_max(min("start", {OPENING})) AS lead_ends FROM given_sentences
            WHERE kind IN ('deck', 'body') GROUP BY article_id
            """
        )
        self._db.execute(
            """
            CREATE VIEW sentences AS
            SELECT s.*, a.outlet, CASE
                WHEN s.kind = 'title' THEN 'headline'
                WHEN s.kind NOT IN ('deck', 'body') THEN NULL
                WHEN s."start" <= l.lead_ends THEN 'lead' ELSE 'body' END AS part
            FROM given_sentences s JOIN given_articles a USING (article_id) LEFT JOIN story l USING (article_id)
            """
        )
        for table in ("frames", "stance", "sentiment", "actors"):
            self._db.execute(
                f"""
                CREATE VIEW {table} AS SELECT t.*, s.outlet, s.part FROM given_{table} t
                JOIN sentences s USING (sentence_id)
                """
            )
        self._db.execute(
            """
            CREATE VIEW quotes AS
            SELECT q.*, a.outlet, o.* EXCLUDE (source_id, article_id),
                CASE WHEN o.named AND o.name IS NOT NULL THEN coalesce(o.person, o.name) ELSE q.source_id END AS who
            FROM given_quotes q JOIN given_articles a USING (article_id)
            LEFT JOIN given_sources o ON q.source_id = o.source_id
            """
        )

    def ask(self, query: str, *values: Any) -> pd.DataFrame:
        """The rows of any query in DuckDB's SQL on `sentences`, `frames`, `stance`, `sentiment`, `actors`, `quotes`."""
        return self._db.execute(query, list(values)).df()

    def shares(
        self,
        of: str,
        *,
        table: str,
        base: str = "sentences",
        unit: str = "sentence_id",
        by: str = "outlet",
        part: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """As `compare.shares.shares`: the share of the units of `base` that carry each label, within those parts.

        By default all labels and groups that there are, in the order of their names.
        """
        here = f"part IN ({', '.join(map(_text, part))})" if part else "true"
        counts = self.ask(
            f"""
            SELECT {by}, {of}, count(*) AS n FROM (
                SELECT DISTINCT {by}, {of}, {unit} FROM {table}
                WHERE {here} AND {of} IS NOT NULL AND {unit} IS NOT NULL AND {by} IS NOT NULL
            ) GROUP BY ALL
            """
        )
        total = self.ask(
            f"SELECT {by}, count(DISTINCT {unit}) AS n FROM {base} WHERE {here} AND {by} IS NOT NULL GROUP BY ALL"
            if base != "sentences"  # whose every row is a sentence of its own
            else f"SELECT {by}, count(*) AS n FROM sentences WHERE {here} AND {by} IS NOT NULL GROUP BY ALL"
        )
        labels = sorted(counts[of].unique()) if labels is None else labels
        return shares_of_counts(
            counts.set_index([by, of])["n"],
            total.set_index(by)["n"],
            labels=labels,
            groups=sorted(total[by]) if groups is None else groups,
            unit=unit,
        )

    def frames(self, part: Sequence[str] = STORY, by: str = "outlet", **how: Any) -> pd.DataFrame:
        """Share of the sentences of these parts of articles that carry each frame."""
        return self.shares("frame", table="frames", part=part, by=by, **how)

    def tones(self, part: Sequence[str] = STORY, by: str = "outlet", **how: Any) -> pd.DataFrame:
        """Share of the sentences of these parts that are negative, neutral and positive."""
        return self.shares("label", table="sentiment", part=part, by=by, **how)

    def quotes_by(
        self,
        of: str = "role",
        unit: str = "quote_id",
        *,
        reported: Collection[str] = (SPEECH,),
        **how: Any,
    ) -> pd.DataFrame:
        """As `compare.sourcing.source_shares`: share of quotes, or with unit="who" of sources, of each role, side, form.

        Of the quotes that report speech, or whatever else `reported` names (speech, thought, act).
        """
        these = ", ".join(map(_text, reported))
        attributed = f"(SELECT * FROM quotes WHERE who IS NOT NULL AND coalesce(reported, {_text(SPEECH)}) IN ({these}))"
        return self.shares(of, table=attributed, base=attributed, unit=unit, **how)

    def positions(self, target: str, *, by: str = "outlet", voices: Collection[str] = ()) -> pd.DataFrame:
        """As `compare.shares.net_stance`: by, target, favourable, unfavourable, neutral, then the columns of `tone`."""
        voiced = f"AND voice IN ({', '.join(map(_text, voices))})" if voices else ""
        worth = " ".join(f"WHEN {_text(stance)} THEN {score}" for stance, score in POSITION_WORTH.items())
        rows = f"""
            SELECT DISTINCT {by}, article_id, sentence_id, voice, source_id, stance,
                CASE stance {worth} END AS value
            FROM stance WHERE target = {_text(target)} {voiced}
        """
        counts = self.ask(
            f"SELECT {by}, value, count(*) AS n FROM ({rows}) WHERE value IS NOT NULL GROUP BY ALL"
        ).pivot_table(index=by, columns="value", values="n", aggfunc="sum", fill_value=0)
        table = self._means(rows, by).rename(columns={"mean": "net"}).assign(unit="positions")
        table.insert(1, "target", target)
        for place, (name, score) in enumerate(
            (("favourable", 1.0), ("unfavourable", -1.0), ("neutral", 0.0)), 2
        ):
            found = counts.get(score, pd.Series(dtype="int64"))
            table.insert(place, name, table[by].map(found).fillna(0).astype("int64"))
        return table

    def tone(self, *, by: str = "outlet", voices: Collection[str] = ()) -> pd.DataFrame:
        """As `compare.shares.mean_tone`: by, n, articles, mean, low, high, unit, resampled, method.

        `low`, `high`: 95 % by linearisation with whole articles as clusters (Cochran 1977, ratio estimator), which for
        hundreds of articles agrees with the bootstrap and does not need their rows; NaN for fewer than two articles.
        """
        voiced = f"WHERE voice IN ({', '.join(map(_text, voices))})" if voices else ""
        return self._means(f"SELECT {by}, article_id, score AS value FROM sentiment {voiced}", by).assign(
            unit=unit_name("sentence_id")
        )

    def _means(self, rows: str, by: str) -> pd.DataFrame:
        table = self.ask(
            f"""
            WITH each AS (
                SELECT {by}, article_id, sum(value) AS s, count(value) AS k FROM ({rows})
                WHERE value IS NOT NULL AND {by} IS NOT NULL GROUP BY ALL
            )
            SELECT {by}, sum(k)::BIGINT AS n, count(*) AS articles, sum(s) / sum(k) AS mean,
                sum(s * s) AS ss, sum(s * k) AS sk, sum(k * k) AS kk
            FROM each GROUP BY ALL ORDER BY {by}
            """
        )
        m, k = table["mean"], table["articles"]
        squares = (table["ss"] - 2 * m * table["sk"] + m**2 * table["kk"]).clip(lower=0)
        # Without a difference an interval would pass for certainty.
        half = (_Z * np.sqrt(squares * k / (k - 1).where(k > 1)) / table["n"]).where(squares > 1e-12)
        table = table.assign(low=m - half, high=m + half).drop(columns=["ss", "sk", "kk"])
        return table.assign(unit="", resampled="article", method=np.where(half.notna(), "linearised", "none"))

    def terms(self, *, by: str = "outlet", leave_out: Collection[str] = (), **how: Any) -> pd.DataFrame:
        """As `compare.terms.distinctive_terms` of the words of deck and body: those that set each group apart."""
        self._db.execute("DROP TABLE IF EXISTS counted")
        self._db.execute(
            "CREATE OR REPLACE TEMP TABLE left_out AS SELECT unnest(?) AS term", [[*leave_out, ""]]
        )
        if not self.ask("SELECT 1 FROM duckdb_functions() WHERE function_name = 'words_of'").size:
            self._db.create_function("words_of", words_of, ["VARCHAR"], "VARCHAR[]")
        self._db.execute(
            f"""
            CREATE TEMP TABLE counted AS
            SELECT {by} AS g, article_id, paragraph, term, count(*) AS n FROM (
                SELECT s.{by}, s.article_id, s.paragraph,
                    unnest(words_of(a.text[s."start" + 1 : s."end"])) AS term
                FROM sentences s JOIN given_articles a USING (article_id) WHERE s.kind IN ('deck', 'body')
            ) WHERE term NOT IN (SELECT term FROM left_out) GROUP BY ALL
            """
        )
        spread = self.ask(
            """
            WITH parts AS (SELECT g, article_id, paragraph, sum(n) AS n FROM counted GROUP BY ALL),
                groups AS (SELECT g, sum(n) AS n FROM counted GROUP BY ALL),
                terms AS (SELECT g, term, sum(n) AS n FROM counted GROUP BY ALL)
            SELECT c.g, c.term, sum(c.n)::BIGINT AS n,
                sum(abs(c.n / t.n - p.n / g.n) - p.n / g.n) AS gap,
                count(DISTINCT c.article_id) AS articles, count(*) AS paragraphs
            FROM counted c JOIN parts p USING (g, article_id, paragraph) JOIN groups g USING (g)
                JOIN terms t USING (g, term) GROUP BY ALL
            """
        )
        used = spread.pivot_table(index="term", columns="g", values="n", aggfunc="sum", fill_value=0)
        spread = spread.assign(dp=((spread["gap"] + 1) / 2).clip(0, 1)).set_index(["g", "term"])
        return distinctive_of_counts(
            used.sort_index(), spread[["dp", "articles", "paragraphs"]], by=by, **how
        )

    def evidence(self, table: str, n: int = 500, **is_: str) -> Sample:
        """At most `n` of the hits of a table with these values, such as frame="conflict", and how many there are."""
        where = " AND ".join(f"{column} = {_text(value)}" for column, value in is_.items()) or "true"
        total = int(self.ask(f"SELECT count(*) AS n FROM {table} WHERE {where}")["n"][0])
        hits = self.ask(
            f"""SELECT * FROM {table} WHERE {where} ORDER BY hash(article_id, "start"), article_id, "start" LIMIT {n}"""
        )
        ids = hits["article_id"].unique().tolist()
        articles = self.ask("SELECT * FROM given_articles WHERE list_contains(?, article_id)", ids)
        sentences = self.ask("SELECT * FROM given_sentences WHERE list_contains(?, article_id)", ids)
        return Sample(hits, articles, sentences, total)


def _text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
