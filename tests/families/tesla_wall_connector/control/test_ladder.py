"""The cheapest way to limit a unit's current, and the one that wears its memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from ohmstead.families.tesla_wall_connector.control.ladder import Ladder
from ohmstead.families.tesla_wall_connector.control.limited import Rung
from ohmstead.families.tesla_wall_connector.control.memory import Kept, Memory
from ohmstead.families.tesla_wall_connector.control.wear import Purpose
from ohmstead.families.tesla_wall_connector.protos.identity_pb2 import Din
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import (
    WCLoadSharingConfig,
    WCLoadSharingFixedLimitConfig,
    WCLoadSharingSettings,
)
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ConnectionLost, Outcome, ReplayedClock, Unsafe
from ohmstead.testing import warped

Open = Callable[[], AbstractAsyncContextManager[Any]]  # Any: the conftest's Unit and what is connected to it
START = datetime(2026, 3, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class SetClock(ReplayedClock):
    """One that somebody may set back."""

    def set_back(self, seconds: float) -> None:
        self._now -= timedelta(seconds=seconds)


@asynccontextmanager
async def ladder_of(
    wall_connector: Open, *, takes_temporary: bool, services: LocalServices | None = None
) -> AsyncIterator[tuple[Any, Ladder, SetClock]]:
    clock = SetClock(START)
    async with wall_connector() as (unit, _, configurator):
        unit.takes_temporary = takes_temporary
        memory = Memory(services or LocalServices(clock), "din")
        ladder = Ladder(configurator, memory, clock)
        await ladder.ready()
        yield unit, ladder, clock


@warped
async def test_a_temporary_limit_is_proved_by_reading_back_and_writes_nothing(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        limited = await ladder.limit(16)

        assert (limited.outcome, limited.rung, limited.read_back_a) == (Outcome.CONFIRMED, Rung.TEMPORARY, 16)
        assert (unit.temporary.limit_current_max_amps, unit.temporary.limit_timeout_s) == (16, 900)
        assert unit.writes == 0


@warped
async def test_a_temporary_stop_inhibits_charging(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        assert (await ladder.limit(0)).outcome is Outcome.CONFIRMED
        assert unit.temporary.inhibit_charging


@warped
async def test_a_temporary_limit_is_prolonged_at_half_its_time_and_ended_on_leaving(
    wall_connector: Open,
) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, clock):
        await ladder.limit(16)
        asked = len(unit.asked)
        await clock.set(after(449))
        await ladder.renew()
        assert len(unit.asked) == asked
        await clock.set(after(450))
        await ladder.renew()
        assert len(unit.asked) > asked
        await ladder.restore()
        assert (unit.temporary.limit_current_max_amps, unit.temporary.limit_timeout_s) == (32, 1)


@warped
async def test_a_temporary_limit_is_prolonged_when_the_clock_is_set_back(wall_connector: Open) -> None:
    """It runs out in the unit whatever our clock says."""
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, clock):
        await ladder.limit(16)
        asked = len(unit.asked)
        clock.set_back(3600)
        await ladder.renew()
        assert len(unit.asked) > asked
        asked = len(unit.asked)
        await ladder.renew()
        assert len(unit.asked) == asked


@warped
async def test_without_temporary_limits_the_setting_is_written_and_read_back(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        limited = await ladder.limit(10)

        assert (limited.outcome, limited.rung, limited.read_back_a) == (Outcome.CONFIRMED, Rung.STORED, 10)
        assert (unit.stored_a, unit.writes) == (10, 1)
        assert (await ladder.limit(10)).reason == "stored already: not written again"
        assert unit.writes == 1
        assert unit.asked.count("set_provisional_operational_params_request") == 1


@warped
async def test_a_stored_setting_cannot_stop_a_car_and_says_so(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        limited = await ladder.limit(0)

        assert limited.outcome is Outcome.REFUSED
        assert "cannot stop charging" in limited.reason
        assert unit.writes == 0


@pytest.mark.parametrize("limit_a", [-1, 1, 5, 33])
@warped
async def test_the_installers_ceiling_and_the_least_current_hold(wall_connector: Open, limit_a: int) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        asked = len(unit.asked)
        with pytest.raises(Unsafe, match="0 or 6 to 32 A"):
            await ladder.limit(limit_a)
        assert len(unit.asked) == asked


@warped
async def test_the_ceiling_is_that_of_first_contact_not_what_we_stored_since(wall_connector: Open) -> None:
    services = LocalServices(ReplayedClock(START))
    async with ladder_of(wall_connector, takes_temporary=False, services=services) as (_, ladder, _):
        await ladder.limit(10)
    async with ladder_of(wall_connector, takes_temporary=False, services=services) as (unit, ladder, _):
        unit.stored_a = 10
        assert await ladder.ready() == 32


GROUP: Final = [Din(value="one"), Din(value="two")]
SHARED_A: Final = WCLoadSharingFixedLimitConfig(network_limit_amps=20)


@pytest.mark.parametrize(
    ("group", "network_a"),
    [
        (WCLoadSharingConfig(), None),
        (WCLoadSharingConfig(participant_dins=GROUP, fixed_limit=SHARED_A), 20),
        (
            WCLoadSharingConfig(participant_dins=GROUP, settings=WCLoadSharingSettings(fixed_limit=SHARED_A)),
            20,
        ),
        (WCLoadSharingConfig(fixed_limit=SHARED_A), None),
    ],
    ids=["alone", "told as before 2022", "told as since", "no group any more"],
)
@warped
async def test_what_its_group_may_draw_is_known_with_each_reading_of_its_settings(
    wall_connector: Open, group: WCLoadSharingConfig, network_a: int | None
) -> None:
    async with wall_connector() as (unit, _, configurator):
        clock = ReplayedClock(START)
        memory = Memory(LocalServices(clock), "din")
        await memory.save(Kept(network_a=16))
        unit.group = group
        await Ladder(configurator, memory, clock).ready()

        assert memory.kept.network_a == network_a


@warped
async def test_a_reduction_for_safety_passes_a_spent_budget_and_a_rise_does_not(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        for limit_a in (20, 21, 22, 23):
            await ladder.limit(limit_a)
        assert unit.stored_a == 22
        assert (await ladder.limit(30, Purpose.SAFETY)).outcome is Outcome.REFUSED
        assert (await ladder.limit(8, Purpose.SAFETY)).outcome is Outcome.CONFIRMED
        assert (unit.stored_a, unit.writes) == (8, 4)


@warped
async def test_only_the_newest_wish_is_written_once_the_budget_allows(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, clock):
        for limit_a in (20, 21, 22, 12, 14):
            await ladder.limit(limit_a)
        await clock.set(after(899))
        await ladder.renew()
        assert unit.stored_a == 22
        await clock.set(after(900))
        await ladder.renew()
        assert (unit.stored_a, unit.writes) == (14, 4)


@warped
async def test_leaving_puts_the_installers_value_back_once_even_with_a_spent_burst(
    wall_connector: Open,
) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        for limit_a in (20, 21, 22):
            await ladder.limit(limit_a)
        await ladder.restore()
        await ladder.restore()

        assert (unit.stored_a, unit.writes) == (32, 4)


@warped
async def test_a_write_whose_answer_is_lost_is_read_back_and_counted(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        unit.is_mute_after_writing = True
        limited = await ladder.limit(10)

        assert (limited.outcome, limited.read_back_a, unit.writes) == (Outcome.CONFIRMED, 10, 1)


@warped
async def test_after_a_write_that_was_given_up_nobody_says_what_is_stored_without_asking(
    wall_connector: Open,
) -> None:
    async with ladder_of(wall_connector, takes_temporary=False) as (unit, ladder, _):
        unit.rests_after_writing_s = 3.0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await ladder.limit(10)
        assert unit.stored_a == 10
        unit.rests_after_writing_s = 0.0
        limited = await ladder.limit(32)

        assert (limited.outcome, limited.read_back_a, unit.stored_a) == (Outcome.CONFIRMED, 32, 32)


@warped
async def test_a_unit_that_takes_temporary_limits_is_not_written_to_for_a_lost_one(
    wall_connector: Open,
) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        await ladder.limit(16)
        unit.next_replies = [
            None
        ] * 2  # the call, and the one try more that a connection which stood is given
        with pytest.raises(ConnectionLost):
            await ladder.limit(10)
        assert (unit.writes, unit.temporary.limit_current_max_amps) == (0, 16)


async def lowered(unit: Any, ladder: Ladder) -> None:
    """A stored limit of 10 A, and a firmware that takes temporary ones since."""
    unit.takes_temporary = False
    await ladder.limit(10)
    unit.takes_temporary = True
    await ladder._learn(takes_temporary=None)


@warped
async def test_what_was_stored_gives_way_to_a_higher_temporary_limit(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        await lowered(unit, ladder)
        limited = await ladder.limit(25)

        assert (limited.outcome, limited.rung, limited.read_back_a) == (Outcome.CONFIRMED, Rung.TEMPORARY, 25)
        assert (unit.stored_a, unit.temporary.limit_current_max_amps, unit.writes) == (32, 25, 2)


@warped
async def test_a_temporary_limit_above_what_is_stored_is_not_confirmed(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, clock):
        unit.takes_temporary = False
        for limit_a in (20, 21):
            await ladder.limit(limit_a)
        await lowered(unit, ladder)
        limited = await ladder.limit(25)
        assert (limited.outcome, limited.read_back_a) == (Outcome.DIFFERENT, 10)
        assert limited.next_write_at is not None
        assert "10 A, stored before, still holds" in limited.reason
        assert (unit.stored_a, unit.writes) == (10, 3)

        await clock.set(after(900))
        await ladder.renew()
        assert (unit.stored_a, unit.writes) == (32, 4)


@warped
async def test_leaving_ends_a_temporary_limit_and_a_stored_one(wall_connector: Open) -> None:
    async with ladder_of(wall_connector, takes_temporary=True) as (unit, ladder, _):
        await lowered(unit, ladder)
        await ladder.limit(8)
        await ladder.restore()

        assert (unit.stored_a, unit.temporary.limit_timeout_s) == (32, 1)
