from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.remembering import DiskStore, Memory, read_counters, write_counters
from ohmstead.kit.budget import Budgets, BudgetStore, MemoryStore, Spending
from ohmstead.model import DeviceId, ScaledClock
from ohmstead.polling import Counter
from ohmstead.testing.warp import warped

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
Opened = Callable[[], AbstractAsyncContextManager[BudgetStore]]


@pytest.fixture(params=["memory", "disk"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Each store there is: they keep the same promises."""

    @asynccontextmanager
    async def memory() -> AsyncIterator[BudgetStore]:
        yield MemoryStore()

    @asynccontextmanager
    async def disk() -> AsyncIterator[BudgetStore]:
        async with open_disk(tmp_path / "ledger.sqlite", threads=False) as found:
            yield DiskStore(found)

    return {"memory": memory, "disk": disk}[request.param]


@warped
async def test_spendings_come_back_by_key_and_from_after_the_start(opened: Opened) -> None:
    async with opened() as store:
        for minute in range(3):
            await store.add("flash", Spending(NOON + timedelta(minutes=minute), minute + 1))
        await store.add("calls", Spending(NOON, 7))
        assert await store.since("flash", NOON) == (
            Spending(NOON + timedelta(minutes=1), 2),
            Spending(NOON + timedelta(minutes=2), 3),
        )
        assert await store.since("calls", NOON - timedelta(microseconds=1)) == (Spending(NOON, 7),)
        assert await store.since("nothing", NOON) == ()


@warped
async def test_instants_keep_their_microseconds(opened: Opened) -> None:
    at = NOON + timedelta(microseconds=123_457)
    async with opened() as store:
        await store.add("flash", Spending(at, 1))
        assert await store.since("flash", NOON) == (Spending(at, 1),)


@warped
async def test_what_no_window_reaches_back_to_is_forgotten(opened: Opened) -> None:
    async with opened() as store:
        for day in (0, 30, 70):
            await store.add("flash", Spending(NOON + timedelta(days=day), day))
        await store.add("calls", Spending(NOON, 7))
        assert await store.since("flash", NOON - timedelta(days=1)) == (
            Spending(NOON + timedelta(days=70), 70),
        )
        assert await store.since("calls", NOON - timedelta(days=1)) == (Spending(NOON, 7),)


@warped
async def test_a_budget_over_either_store_holds_its_limit(opened: Opened) -> None:
    clock = ScaledClock(NOON, speed=3600)
    async with opened() as store:
        budgets = Budgets(store, clock)
        assert [await budgets.spend("flash", 2, limit=5, window_s=86_400) for _ in range(3)] == [
            True,
            True,
            False,
        ]
        await clock.sleep_until(NOON + timedelta(hours=25))
        assert await budgets.spend("flash", 5, limit=5, window_s=86_400)


@warped
async def test_counters_are_remembered_and_replaced(tmp_path: Path) -> None:
    first = Counter(raw_wh=5.0, at=NOON)
    second = Counter(raw_wh=6.5, at=NOON, offset_wh=100.0, held=(1.0, 2.0))
    key = (DeviceId("roof/1"), "solar.energy_wh")
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write_counters(disk, {key: first})
        await write_counters(disk, {key: second})
        assert await read_counters(disk, "roof") == {key: second}
        assert await read_counters(disk, "garage") == {}


@warped
async def test_a_counter_that_cannot_be_read_is_told_and_takes_none_of_the_others_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key, counter = (DeviceId("roof/1"), "solar.energy_wh"), Counter(raw_wh=5.0, at=NOON)
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write_counters(disk, {key: counter})
        row = ("roof/2", "solar.energy_wh", '{"raw_wh":')
        await disk.run(lambda c: c.execute("INSERT INTO counters VALUES (?, ?, ?)", row))
        assert await read_counters(disk, "roof") == {key: counter}
    assert "what was remembered of solar.energy_wh of roof/2 cannot be read: Input data" in caplog.text


@warped
async def test_what_a_family_learnt_is_known_after_a_restart(tmp_path: Path) -> None:
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        memory = Memory(disk)
        await memory.remember("acme/roof", "two packs")
        await memory.remember("acme/roof", "three packs")
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        memory = Memory(disk)
        assert await memory.recall("acme/roof") == "three packs"
        assert await memory.recall("acme/garage") is None
