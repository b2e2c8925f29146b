"""Rows as a Parquet file. Needs the extra `parquet`, so nothing imports this before it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from ohmstead.history.rows import Row

ROWS_A_GROUP: Final = 100_000
"""Enough to compress well, little enough to hold."""
WORD: Final = pa.dictionary(pa.int32(), pa.string())
SCHEMA: Final = pa.schema(
    [
        ("at", pa.timestamp("ms", tz="UTC")),
        ("device", WORD),
        ("signal", WORD),
        ("value", pa.float64()),
        # Of a signal that is said in words: a column has one type.
        ("text", pa.string()),
        ("unit", WORD),
        ("quality", WORD),
    ]
)


def write(path: Path, rows: Iterable[Row]) -> int:
    """Says how many rows there were."""
    count = 0
    with parquet.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for group in _groups(rows):
            columns = zip(*map(_cells, group), strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            writer.write_table(pa.table(arrays, schema=SCHEMA))
            count += len(group)
    return count


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while group := list(islice(remaining, ROWS_A_GROUP)):
        yield group


def _cells(row: Row) -> tuple[object, ...]:
    number, text = (None, row.value) if isinstance(row.value, str) else (row.value, None)
    return row.at, row.device, row.signal, number, text, row.unit, row.quality.value
