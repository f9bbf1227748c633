"""Sources in files of codes, called by what lasts: article and name. Ids of sources change with the rules that find them."""

from __future__ import annotations

import pandas as pd

from analysis.study import Study

_SOURCES = ("unit", "source_id")  # columns of a file of codes that may name a source


def with_lasting_sources(codes: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Codes (a table `codes`) for a file: each id of a source replaced by its article's and its name, `ARTICLE:NAME`."""
    known = study.sources.dropna(subset=["name"])
    names = dict(zip(known["source_id"], known["article_id"] + ":" + known["name"], strict=True))
    return codes.assign(**{column: codes[column].replace(names) for column in _SOURCES})


def with_sources_of(codes: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Codes from a file with the ids that the study's sources have now; those of a source that is no more are left out.

    A source is known by its name but for upper case and punctuation. Files that hold ids are read as they are.
    """
    known = study.sources.dropna(subset=["name"]).drop_duplicates(["article_id", "name"])
    plain = known.assign(key=[_key(a, n) for a, n in zip(known["article_id"], known["name"], strict=True)])
    now = dict(zip(plain["key"][::-1], plain["source_id"][::-1], strict=True))
    now |= dict(zip(known["article_id"] + ":" + known["name"], known["source_id"], strict=True))
    now |= {one: one for one in study.sources["source_id"]}

    def found(written: object, article: str) -> object:
        if pd.isna(written):
            return written
        return now.get(str(written)) or now.get(_key(article, str(written).removeprefix(f"{article}:")))

    return codes.assign(
        **{
            column: [found(*pair) for pair in zip(codes[column], codes["article_id"], strict=True)]
            for column in _SOURCES
        }
    )


def _key(article: str, name: str) -> str:
    return f"{article} {''.join(c for c in name.casefold() if c.isalnum())}"
