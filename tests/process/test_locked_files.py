"""F37: another program holds the gateway's files, as a backup does."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.gateway import Order
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.ledger import Ledger
from ohmstead.history import History, open_history
from ohmstead.model import DeviceId, GridReading, RealClock, Sample

pytestmark = [pytest.mark.process, pytest.mark.soak]

HOLD = """
import sqlite3, sys
connections = [sqlite3.connect(path, isolation_level=None) for path in sys.argv[1:]]
for connection in connections:
    connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
LOCKED_S = 60.0
INTERVAL_S = 0.1
METER = DeviceId("meter/1")
ORDER = Order(device=METER, ability="limits_charge", value=5.0, origin="test")


@contextmanager
def locked(*paths: Path) -> Iterator[None]:
    """By a process of its own, until the block is left."""
    holding = [sys.executable, "-c", HOLD, *map(str, paths)]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.stdin.close()


def test_f37_a_backup_that_holds_both_files_loses_nothing_and_blocks_nothing(
    tmp_path: Path, soak: float
) -> None:
    recorded, stored = asyncio.run(live(tmp_path, LOCKED_S * soak))
    assert len(recorded) > 1
    assert stored == recorded


async def live(folder: Path, held_s: float) -> tuple[list[float], list[float]]:
    """Record and command while the files are held; say what was recorded, and what is stored of it.

    The files come free only after the loop has gone on: were it blocked by them, this would not end well.
    """
    start = datetime.now(UTC)
    history_path, ledger_path = folder / "history.sqlite", folder / "ledger.sqlite"
    async with open_disk(ledger_path) as disk, open_history(history_path, RealClock()) as history:
        async with asyncio.TaskGroup() as group:
            with locked(history_path, ledger_path):
                order = group.create_task(Ledger(disk).intend(ORDER, start))
                recorded = await record_for(history, held_s)
                assert not order.done()
            await history.flush()
            assert await order == 1
        series = await history.series(METER, "grid.power_w", start, start + timedelta(hours=1), 0)
        assert (history.stats().dropped, history.stats().last_error) == (0, "")
    return recorded, [point.mean for point in series.points]


async def record_for(history: History, held_s: float) -> list[float]:
    """At least so long, and until the history has met the lock and said so."""
    recorded: list[float] = []
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + held_s
    while loop.time() < ends_s or "locked" not in history.stats().last_error:
        at, power_w = datetime.now(UTC), float(len(recorded))
        history.record(Sample(at=at, readings=(GridReading(device=METER, at=at, power_w=power_w),)))
        recorded.append(power_w)
        await asyncio.sleep(INTERVAL_S)
    return recorded
