"""So much per sliding window, remembered by a store."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.budget import Budgets, BudgetStore, KeptStore, MemoryStore, Spending
from ohmstead.kit.keeping import FolderStore
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ConfigError, ReplayedClock, ScaledClock
from ohmstead.testing import elapse, warped

START = datetime(2024, 6, 21, tzinfo=UTC)
HOUR_S = 3600.0


@warped
async def test_a_budget_is_spent_up_to_its_limit_and_not_past_it() -> None:
    budgets = Budgets(MemoryStore(), ScaledClock(START))

    assert await budgets.spend("flash", 7, 10, HOUR_S)
    assert not await budgets.spend("flash", 4, 10, HOUR_S), "a refused spending books nothing"
    assert await budgets.spend("flash", 3, 10, HOUR_S)
    assert not await budgets.spend("flash", 1, 10, HOUR_S)
    assert await budgets.spend("other", 10, 10, HOUR_S)


@warped
async def test_what_was_spent_comes_back_when_it_leaves_the_window() -> None:
    budgets = Budgets(MemoryStore(), ScaledClock(START))
    await budgets.spend("calls", 1, 2, HOUR_S)
    await elapse(1800)
    await budgets.spend("calls", 1, 2, HOUR_S)

    await elapse(1799)
    assert not await budgets.spend("calls", 1, 2, HOUR_S)
    await elapse(1)
    assert await budgets.spend("calls", 1, 2, HOUR_S)
    assert not await budgets.spend("calls", 1, 2, HOUR_S)


@warped
async def test_a_restart_forgives_nothing() -> None:
    store, clock = MemoryStore(), ScaledClock(START)
    await Budgets(store, clock).spend("flash", 10, 10, HOUR_S)

    assert not await Budgets(store, clock).spend("flash", 1, 10, HOUR_S)


@warped
async def test_what_was_spent_while_the_clock_was_a_year_ahead_does_not_count_for_a_year() -> None:
    store = MemoryStore()
    await Budgets(store, ScaledClock(START + timedelta(days=365))).spend("flash", 10, 10, HOUR_S)

    budgets = Budgets(store, ScaledClock(START))
    assert await budgets.spend("flash", 10, 10, HOUR_S)
    assert not await budgets.spend("flash", 1, 10, HOUR_S)


@warped
async def test_a_clock_that_is_set_back_a_little_forgives_nothing() -> None:
    store = MemoryStore()
    await Budgets(store, ScaledClock(START)).spend("flash", 10, 10, HOUR_S)

    assert not await Budgets(store, ScaledClock(START - timedelta(minutes=59))).spend("flash", 1, 10, HOUR_S)


@warped
async def test_a_negative_spending_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="a spending is not negative, got -1"):
        await Budgets(MemoryStore(), ScaledClock(START)).spend("flash", -1, 10, HOUR_S)


class SlowStore(MemoryStore):
    """A store that takes its time, as one on a disk does."""

    async def since(self, key: str, start: datetime) -> tuple[Spending, ...]:
        await elapse(1)
        return tuple(await super().since(key, start))


@warped
async def test_spendings_at_the_same_time_do_not_slip_past_the_limit_together() -> None:
    budgets = Budgets(SlowStore(), ScaledClock(START))
    results: list[bool] = []

    async def spend() -> None:
        results.append(await budgets.spend("flash", 1, 3, HOUR_S))

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(spend())

    assert results.count(True) == 3


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=60))
@warped
async def test_no_window_ever_holds_more_than_the_limit(steps: list[tuple[int, int]]) -> None:
    clock, limit, window_s = ReplayedClock(START), 5, 60
    budgets, booked = Budgets(MemoryStore(), clock), []
    for amount, pause_s in steps:
        await clock.set(clock.now() + timedelta(seconds=pause_s))
        if await budgets.spend("calls", amount, limit, window_s):
            booked.append((clock.now(), amount))

    for end, _ in booked:
        window = [amount for at, amount in booked if end - timedelta(seconds=window_s) < at <= end]
        assert sum(window) <= limit


@pytest.fixture(params=["memory", "texts"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BudgetStore:
    return MemoryStore() if request.param == "memory" else KeptStore(FolderStore(tmp_path / "state"))


@warped
async def test_a_store_remembers_by_key_and_since(store: BudgetStore) -> None:
    first, second = Spending(START, 1), Spending(START + timedelta(hours=1), 2)
    await store.add("a", first)
    await store.add("a", second)
    await store.add("b", first)

    assert list(await store.since("a", START - timedelta(seconds=1))) == [first, second]
    assert list(await store.since("a", START)) == [second], "the window's far edge is outside it"
    assert list(await store.since("b", START - timedelta(seconds=1))) == [first]
    assert list(await store.since("c", START)) == []


@warped
async def test_what_one_program_spent_counts_for_the_next(tmp_path: Path) -> None:
    clock = ScaledClock(START)
    await Budgets(KeptStore(FolderStore(tmp_path)), clock).spend("flash", 10, 10, HOUR_S)

    assert not await Budgets(KeptStore(FolderStore(tmp_path)), clock).spend("flash", 1, 10, HOUR_S)


@warped
async def test_a_text_of_spendings_that_is_damaged_forgives_nothing(tmp_path: Path) -> None:
    texts = FolderStore(tmp_path)
    await texts.remember("flash", '[{"at":')

    with pytest.raises(ConfigError, match="what flash has spent is damaged"):
        await Budgets(KeptStore(texts), ScaledClock(START)).spend("flash", 1, 10, HOUR_S)


@warped
async def test_a_text_of_spendings_does_not_grow_for_ever() -> None:
    texts = LocalServices()
    store = KeptStore(texts)
    for day in range(100):
        await store.add("flash", Spending(START + timedelta(days=day), 1))

    assert len(await store.since("flash", START)) == 31
    assert len(str(await texts.recall("flash"))) < 2000


@warped
async def test_a_store_in_memory_forgets_what_no_window_reaches() -> None:
    clock, store = ReplayedClock(START), MemoryStore()
    budgets = Budgets(store, clock)
    for _ in range(24 * 30):
        await clock.set(clock.now() + timedelta(hours=1))
        assert await budgets.spend("calls", 1, 72, 3 * 86_400)

    held = await store.since("calls", START - timedelta(seconds=1))
    assert 72 <= len(held) <= 145, "three days are needed, six are the most that stay"
    assert not await budgets.spend("calls", 1, 72, 3 * 86_400)
