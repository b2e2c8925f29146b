"""In its own thread, on an ordinary loop: as the gateway runs it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ohmstead.history import History, NotStored, Point, open_history
from ohmstead.model import DeviceId, RealClock, Sample

ROOF = DeviceId("roof/1")


def test_the_thread_gives_the_same_answers(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async def scenario() -> tuple[Point, ...]:
        async with open_history(tmp_path / "history.db", RealClock()) as history:
            history.record(solar(0, 1.5))
            await history.flush()
            return (await history.series(ROOF, "solar.power_w", noon, noon + timedelta(hours=1), 60)).points

    assert asyncio.run(scenario()) == (Point(noon, 1.5, 1.5, 1.5, 1),)


def test_the_loop_goes_on_while_the_disk_is_locked(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async def scenario() -> int:
        async with (
            open_history(tmp_path / "history.db", RealClock()) as history,
            asyncio.TaskGroup() as group,
        ):
            other = lock(tmp_path / "history.db")
            history.record(solar(0, 1.5))
            stored = group.create_task(history.flush())
            turns = 0
            while not history.stats().last_error:
                turns += 1
                await asyncio.sleep(0)
            other.close()
            await stored
            return turns

    assert asyncio.run(scenario()) > 100


def test_whoever_waits_when_it_ends_badly_is_told(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async def told(history: History) -> bool:
        try:
            await history.flush()
        except NotStored:
            return True
        return False

    async def scenario() -> bool:
        async with asyncio.TaskGroup() as group:
            async with open_history(tmp_path / "history.db", RealClock()) as history:
                other = lock(tmp_path / "history.db")
                history.record(solar(0, 1.5))
                waiting = group.create_task(told(history))
                await asyncio.sleep(0)
            other.close()
        return waiting.result()

    assert asyncio.run(scenario())


def lock(path: Path) -> sqlite3.Connection:
    """Held until closed."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other
