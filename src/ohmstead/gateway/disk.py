"""The gateway's own SQLite file: one connection, and one thread for it, so that a slow disk never stops the loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from ohmstead.history import keep_snapshot
from ohmstead.model import ConfigError, OhmsteadError

T = TypeVar("T")

BUSY_S: Final = 75.0
"""A backup may hold the file for a minute, and we may have begun to wait before that."""
_FIRST: Final = """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, device TEXT NOT NULL, ability TEXT NOT NULL, asked TEXT NOT NULL,
    origin TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE receipts (order_id INTEGER PRIMARY KEY REFERENCES orders (id), receipt TEXT NOT NULL) STRICT;
CREATE TRIGGER orders_stay BEFORE UPDATE ON orders BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER orders_remain BEFORE DELETE ON orders BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER receipts_stay BEFORE UPDATE ON receipts BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER receipts_remain BEFORE DELETE ON receipts BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TABLE spendings (key TEXT NOT NULL, at_us INTEGER NOT NULL, amount INTEGER NOT NULL) STRICT;
CREATE INDEX spendings_by_key ON spendings (key, at_us);
CREATE TABLE counters (device TEXT NOT NULL, field TEXT NOT NULL, counter TEXT NOT NULL, PRIMARY KEY (device, field)) STRICT;
"""
_MEMORIES: Final = "CREATE TABLE memories (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;"
_BOOKS: Final = """
CREATE TABLE quarters (at_s INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
CREATE TABLE books (id INTEGER PRIMARY KEY CHECK (id = 1), until_s INTEGER NOT NULL, books TEXT NOT NULL) STRICT;
"""
_HOURS: Final = "CREATE TABLE hours (at_s INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;"
_STANDINGS: Final = """
DROP TABLE hours;
CREATE TABLE standings (at_s INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
"""
HAS_NEXT_TRY: Final = """instr(receipt, '"next_try_at":"') > 0"""
"""True of receipts with a next try, whatever else they say: within a text of JSON a quotation mark has a backslash."""
_HELD_BACK: Final = f"CREATE INDEX receipts_held_back ON receipts (order_id) WHERE {HAS_NEXT_TRY};"
STEPS: Final = (_FIRST, _MEMORIES, _BOOKS, _HOURS, _STANDINGS, _HELD_BACK)
"""Step n makes version n + 1 out of version n. Never edit one that was released; append the next."""


class LedgerError(OhmsteadError):
    """The file cannot be read or written now, as when the disk is full."""


class Disk:
    """Runs one transaction at a time: committed, and safe from a power cut, when `run` returns.

    Raises `LedgerError`; then nothing of that transaction happened.
    """

    def __init__(self, connection: sqlite3.Connection, executor: ThreadPoolExecutor | None) -> None:
        self._connection = connection
        self._executor = executor

    async def run(self, transaction: Callable[[sqlite3.Connection], T]) -> T:
        """Once begun it runs to its end, also if whoever waits for it is cancelled."""
        return await _do(self._executor, partial(self.run_now, transaction))

    def run_now(self, transaction: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                result = transaction(self._connection)
                if isinstance(result, sqlite3.Cursor):
                    result.close()  # let go of in another thread, it would reset a statement that runs here
                return result
        except sqlite3.IntegrityError:
            raise  # what the file forbids is a fault of ours, not of the disk's
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger cannot be written: {error}.") from error


@asynccontextmanager
async def open_disk(path: Path, *, threads: bool = True) -> AsyncIterator[Disk]:
    """Raises `ConfigError` for a file that is none of ours, or cannot be opened."""
    with _executor(threads=threads) as executor:
        connection = await _do(executor, partial(_connect, path))
        try:
            yield Disk(connection, executor)
        finally:
            await _do(executor, connection.close)


async def _do(executor: ThreadPoolExecutor | None, work: Callable[[], T]) -> T:
    """Not in the loop, which a backup that holds the file would stop."""
    if executor is None:
        return work()
    return await asyncio.get_running_loop().run_in_executor(executor, work)


@contextmanager
def _executor(*, threads: bool) -> Iterator[ThreadPoolExecutor | None]:
    if not threads:
        yield None
        return
    with ThreadPoolExecutor(1, thread_name_prefix="ledger") as executor:
        yield executor


def _connect(path: Path) -> sqlite3.Connection:
    """Raises `ConfigError` for a file that is none of ours."""
    try:
        return _open(path)
    except (sqlite3.Error, OSError) as error:
        example = f"mv {path.name} {path.name}.damaged"
        raise ConfigError(
            f"the ledger cannot be opened: {error}.", file=str(path), example=example
        ) from error


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """An interrupted step leaves no trace, and is taken again next time."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(STEPS):
        raise ConfigError("a newer Ohmstead wrote this ledger; run that one.", file=str(path))
    if 0 < version < len(STEPS):
        keep_snapshot(connection, path.with_name(f"{path.name}.version-{version}"))
    for number, step in enumerate(STEPS[version:], version + 1):
        connection.executescript(f"BEGIN; {step} PRAGMA user_version={number}; COMMIT;")
