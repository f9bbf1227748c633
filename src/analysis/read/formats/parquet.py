"""Parquet and Feather-like data files with a column of texts."""

from __future__ import annotations

import io

from analysis.read.found import Reading, UnreadableArticleError
from analysis.read.records import read_records
from analysis.read.source import Source

NAME, RANK = "Parquet", 5
MOST_ROWS = 500_000


def recognises(source: Source) -> bool:
    return source.data.startswith(b"PAR1")


def read(source: Source) -> Reading:
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(source.data))
        if file.metadata.num_rows > MOST_ROWS:
            raise UnreadableArticleError(
                f"has {file.metadata.num_rows:,} rows, more than the {MOST_ROWS:,} that are read; split it"
            )
        rows = file.read().to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError) as error:
        if isinstance(error, UnreadableArticleError):
            raise
        raise UnreadableArticleError("is a broken Parquet file; export it again") from None
    return read_records(NAME, rows)
