"""Writes a history to files that other programs read: CSV for people and spreadsheets, Parquet for data tools."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final

from ohmstead.history.errors import HistoryError
from ohmstead.history.rows import Row
from ohmstead.kit.libraries import brought_by

COLUMNS: Final = ("at", "device", "signal", "value", "unit", "quality")

Write = Callable[[Path, Iterable[Row]], int]
"""Returns how many rows there were."""


def write_csv(target: Path, rows: Iterable[Row]) -> int:
    with _arriving(target) as path, path.open("w", newline="", encoding="utf-8") as file:
        return _write_csv(file, rows)


def _write_csv(file: IO[str], rows: Iterable[Row]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(COLUMNS)
    for count, row in enumerate(rows, 1):  # noqa: B007 - the count is the answer
        at = row.at.isoformat(timespec="milliseconds")
        writer.writerow((at, row.device, row.signal, _text(row.value), row.unit, row.quality.value))
    return count


def write_parquet(target: Path, rows: Iterable[Row]) -> int:
    """Raises `ConfigError` where the extra `parquet` is not installed."""
    with brought_by("parquet", "An export to Parquet, other than one to CSV,"):
        from ohmstead.history.parquet import write  # noqa: PLC0415 - 40 MB of library that only this needs
    with _arriving(target) as path:
        return write(path, rows)


FORMATS: Final[Mapping[str, Write]] = MappingProxyType({".csv": write_csv, ".parquet": write_parquet})
"""By the ending of the file's name."""


@contextmanager
def _arriving(target: Path) -> Iterator[Path]:
    """A file has its name once it is whole. An existing one is never overwritten."""
    if target.exists():
        raise HistoryError(f"{target} exists already, and an export is never written over another file.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(target)
    except OSError as error:
        raise HistoryError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _text(value: float | str) -> str:
    """The shortest text that reads back as the same number."""
    return value if isinstance(value, str) else repr(value)
