"""F37: another program holds the gateway's files, as a backup does."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.gateway import Order
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.ledger import Ledger
from ohmstead.history import History, open_history
from ohmstead.model import DeviceId, GridReading, RealClock, Sample

pytestmark = [pytest.mark.process, pytest.mark.soak]

LOCKED_S = 60.0
INTERVAL_S = 0.1
PROBE_S = 0.005
LONGEST_BLOCK_S = 0.05
METER = DeviceId("meter/1")
ORDER = Order(device=METER, ability="limits_charge", value=5.0, origin="test")


class Lateness:
    """How late timers come at worst: in the loop, and in a thread beside it, which knows only the machine's own load."""

    def __init__(self) -> None:
        self.loop_s = 0.0
        self.machine_s = 0.0
        self._is_over = threading.Event()

    async def probe(self) -> None:
        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=self._probe_machine)
        thread.start()
        try:
            while True:
                due_s = loop.time() + PROBE_S
                await asyncio.sleep(PROBE_S)
                self.loop_s = max(self.loop_s, loop.time() - due_s)
        finally:
            self._is_over.set()
            thread.join()

    def _probe_machine(self) -> None:
        while not self._is_over.is_set():
            due_s = time.monotonic() + PROBE_S
            time.sleep(PROBE_S)
            self.machine_s = max(self.machine_s, time.monotonic() - due_s)


def locked(paths: Iterable[Path]) -> ExitStack:
    stack = ExitStack()
    for path in paths:
        connection = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        connection.execute("BEGIN IMMEDIATE")
    return stack


def test_f37_a_backup_that_holds_both_files_loses_nothing_and_blocks_nothing(
    tmp_path: Path, soak: float
) -> None:
    lateness = Lateness()
    held_s = max(3.0, LOCKED_S * soak)
    recorded, stored = asyncio.run(live(tmp_path, lateness, held_s))
    assert stored == recorded
    assert len(stored) > 5 * held_s
    assert lateness.loop_s < LONGEST_BLOCK_S + lateness.machine_s


async def live(folder: Path, lateness: Lateness, held_s: float) -> tuple[list[float], list[float]]:
    """Record and command while the files are held; say what was recorded, and what is stored of it."""
    start = datetime.now(UTC)
    history_path, ledger_path = folder / "history.sqlite", folder / "ledger.sqlite"
    async with open_disk(ledger_path) as disk, open_history(history_path, RealClock()) as history:
        async with asyncio.TaskGroup() as group:
            probe = group.create_task(lateness.probe())
            with locked((history_path, ledger_path)):
                order = group.create_task(Ledger(disk).intend(ORDER, start))
                recorded = await record_for(history, held_s)
                assert "locked" in history.stats().last_error
                assert not order.done()
            await history.flush()
            assert await order == 1
            probe.cancel()
        series = await history.series(METER, "grid.power_w", start, start + timedelta(hours=1), 0)
        assert (history.stats().dropped, history.stats().last_error) == (0, "")
    return recorded, [point.mean for point in series.points]


async def record_for(history: History, held_s: float) -> list[float]:
    recorded: list[float] = []
    ends_s = time.monotonic() + held_s
    while time.monotonic() < ends_s:
        at, power_w = datetime.now(UTC), float(len(recorded))
        history.record(Sample(at=at, readings=(GridReading(device=METER, at=at, power_w=power_w),)))
        recorded.append(power_w)
        await asyncio.sleep(INTERVAL_S)
    return recorded
