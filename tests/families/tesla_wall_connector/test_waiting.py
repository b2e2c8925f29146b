"""A wish that found the access window closed waits, also while nobody runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.device import connect
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ChargerReading, ConnectionLost, LimitedBy, OhmsteadError, Outcome, ScaledClock
from ohmstead.testing import elapse, warped
from tests.families.tesla_wall_connector.living import MORNING, Home, polled, simulated

VOLATILE, STORING = "25.34.1-eu3", "24.36.3-eu3"
"""One takes temporary limits and a stop; the other keeps every limit in flash memory."""


class Lives:
    """One unit, and what is remembered of it from one life of a program to the next."""

    def __init__(
        self, simulator: RunningUnits, config: TeslaWallConnectorConfig, services: LocalServices
    ) -> None:
        self.simulator = simulator
        self.config = config
        self.services = services

    @asynccontextmanager
    async def another(self) -> AsyncIterator[Home]:
        async with connect(self.config, self.services) as source:
            yield Home(source, self.simulator, self.services)

    async def close_window(self) -> None:
        await self.simulator.act("window", state="closed")

    async def hold_button(self) -> None:
        await self.simulator.act("button", hold_s=6)
        await elapse(10)

    @property
    def stored_a(self) -> int:
        return int(self.simulator.units[0].memory.settings.most_a)


@asynccontextmanager
async def lives(
    model: str = STORING, services: Callable[..., LocalServices] = LocalServices
) -> AsyncIterator[Lives]:
    async with simulated(model, plugged="true") as (simulator, config, clock):
        yield Lives(simulator, config, services(clock))


@asynccontextmanager
async def killed(unit: Lives) -> AsyncIterator[Home]:
    """A life that ends without putting anything back, as by a power cut."""
    with suppress(ConnectionLost):
        async with unit.another() as here:
            yield here
            raise ConnectionLost("the power is cut")


async def in_force(here: Home) -> tuple[float | None, object]:
    """The limit that is read, and why it may be another one."""
    sample = await here.source.read()
    (reading,), (details,) = sample.readings, sample.details.values()
    assert isinstance(reading, ChargerReading)
    return reading.limit_a, next((one.value for one in details if one.key == "limit_doubt"), None)


@warped
async def test_what_a_killed_life_stored_is_still_told_with_its_doubt_until_the_window_opens() -> None:
    async with lives() as unit:
        async with killed(unit) as here:
            await here.limit.limit_current(10)
            assert await in_force(here) == (10.0, None)
        await unit.close_window()
        async with unit.another() as here:
            assert await in_force(here) == (
                10.0,
                "10 A when it was last read, before this start; looked at when the access window opens",
            )
            await unit.hold_button()
            await polled(here, 660)
            assert await in_force(here) == (10.0, None)
        assert unit.stored_a == 32
        await unit.close_window()
        async with unit.another() as here:
            limit_a, doubt = await in_force(here)
            assert limit_a is None
            assert str(doubt).startswith("32 A when it was last read")


@warped
async def test_a_write_that_nobody_could_read_back_leaves_the_limit_unknown_in_the_next_life_too() -> None:
    async with lives() as unit:
        async with killed(unit) as here:
            await unit.simulator.act("fault", name="lost-ack", times=1)
            limiting = asyncio.create_task(here.limit.limit_current(10))
            while unit.stored_a != 10:
                await elapse(0.1)
            await unit.simulator.act("fault", name="silence", path="v1", **{"for": 600})
            assert (await limiting).outcome is Outcome.UNKNOWN
        async with unit.another() as here:
            limit_a, doubt = await in_force(here)
            assert limit_a is None
            assert str(doubt).startswith("not known: what was written last could not be read back")


async def left_waiting(unit: Lives, *limits_a: int) -> None:
    """By a life that met the unit while the window was open, and was asked when it was closed."""
    async with unit.another() as here:
        await unit.close_window()
        for limit_a in limits_a:
            receipt = await here.limit.limit_current(limit_a)
            assert (receipt.outcome, receipt.limited_by) == (Outcome.REFUSED, LimitedBy.ACCESS_WINDOW)


async def shown(here: Home) -> dict[str, object]:
    """What the unit's details say of what waits."""
    (details,) = (await here.source.read()).details.values()
    return {one.key: one.value for one in details if one.key.startswith(("limit_waiting", "limit_dropped"))}


@warped
async def test_the_newest_wish_is_set_in_a_later_life_and_in_none_after_that() -> None:
    async with lives() as unit:
        await left_waiting(unit, 9, 10)
        async with unit.another() as here:
            assert await shown(here) == {"limit_waiting_a": 10, "limit_waiting_until": "2026-06-28 08:00 UTC"}
            await unit.hold_button()
            reading = await polled(here, 180)
            assert (reading.limit_a, unit.stored_a) == (10.0, 10)
            assert await shown(here) == {}
        assert unit.stored_a == 32
        async with unit.another() as here:
            await polled(here, 180)
            assert unit.stored_a == 32


@warped
async def test_a_command_that_came_through_takes_the_place_of_what_waits() -> None:
    async with lives() as unit:
        await left_waiting(unit, 9)
        await unit.hold_button()
        async with unit.another() as here:
            assert (await here.limit.limit_current(12)).outcome is Outcome.CONFIRMED
        async with unit.another() as here:
            await polled(here, 180)
            assert unit.stored_a == 32


@warped
async def test_a_week_is_enough() -> None:
    async with lives() as unit:
        await left_waiting(unit, 9)
        unit.services.clock = ScaledClock(MORNING + timedelta(days=7))
        await unit.hold_button()
        async with unit.another() as here:
            await polled(here, 180)
            assert unit.stored_a == 32
            assert await shown(here) == {
                "limit_dropped": "9 A: the access window did not open before 2026-06-28 08:00 UTC"
            }


@warped
async def test_nothing_is_set_once_the_owner_has_ended_control() -> None:
    async with lives() as unit:
        await left_waiting(unit, 9)
        unit.config = msgspec.structs.replace(unit.config, control=False)
        await unit.hold_button()
        async with unit.another() as here:
            told = await shown(here)
            await polled(here, 180)
        unit.config = msgspec.structs.replace(unit.config, control=True)
        async with unit.another() as here:
            await polled(here, 180)
            assert unit.stored_a == 32

    assert "ended control" in str(told["limit_dropped"])


async def told_after(unit: Lives, known: str, known_now: str) -> dict[str, object]:
    """What the details say of what waited, once the window has opened to a life that knows something else of the unit."""
    memory = unit.services._memory
    (key,) = [key for key in memory if "limits" in key]
    assert known in memory[key]
    memory[key] = memory[key].replace(known, known_now)
    await unit.hold_button()
    async with unit.another() as here:
        await polled(here, 180)
        return await shown(here)


@warped
async def test_what_is_above_the_installers_limit_by_now_is_dropped() -> None:
    async with lives() as unit:
        await left_waiting(unit, 20)
        told = await told_after(unit, '"ceiling_a":32', '"ceiling_a":16')

    assert told == {"limit_dropped": "20 A: 20 A is outside 0 or 6 to 16 A"}


@warped
async def test_a_stop_that_a_unit_turns_out_not_to_take_is_dropped() -> None:
    async with lives(VOLATILE) as unit:
        async with unit.another() as here:
            await here.limit.limit_current(10)
        await left_waiting(unit, 0)
        told = await told_after(unit, '"takes_temporary":true', '"takes_temporary":false')

    assert told == {"limit_dropped": "0 A: a stored setting cannot stop charging: 6 A is the least"}


@warped
async def test_what_the_wear_budget_holds_back_then_waits_on_over_restarts() -> None:
    async with lives() as unit:
        async with unit.another() as here:
            for limit_a in (10, 11, 12):
                await here.limit.limit_current(limit_a)
        await left_waiting(unit, 9)
        await unit.hold_button()
        async with unit.another() as here:
            await polled(here, 60)
            assert (await shown(here))["limit_waiting_a"] == 9
        before_a = unit.stored_a
        async with unit.another() as here:
            for _ in range(8):
                await unit.hold_button()
                await polled(here, 300)
            assert (before_a, unit.stored_a) == (32, 9)
            assert await shown(here) == {}


class Full(LocalServices):
    """A disk that has no room for what waits."""

    async def remember(self, key: str, text: str) -> None:
        if "waiting" in key:
            raise OhmsteadError("no space left on device")
        await super().remember(key, text)


@warped
async def test_on_a_full_disk_it_waits_until_the_program_ends(caplog: pytest.LogCaptureFixture) -> None:
    async with lives(services=Full) as unit, unit.another() as here:
        await unit.close_window()
        await here.limit.limit_current(9)
        await unit.hold_button()
        await polled(here, 180)
        assert unit.stored_a == 9

    assert "may be wrong after a restart: no space left" in caplog.text


@warped
async def test_a_memory_that_is_spoilt_is_none(caplog: pytest.LogCaptureFixture) -> None:
    async with lives() as unit:
        await left_waiting(unit, 9)
        (key,) = [key for key in unit.services._memory if "waiting" in key]
        unit.services._memory[key] = '{"limit_a": "much"}'
        async with unit.another() as here:
            assert await shown(here) == {}

    assert "cannot be read" in caplog.text
