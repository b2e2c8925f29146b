"""The simulated storage gateway: its frames, its sums, and its working modes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from ohmstead.families.hoymiles.protos.storage_data_pb2 import StorageDataFromDtu
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import (
    EconomyPeriod,
    EconomyWeek,
    StorageUserSetFromDtu,
    StorageUserSetToDtu,
    TimeOfUse,
)
from ohmstead.families.hoymiles.simulator import STORAGE_GW, Faults, Service, StorageGateway
from ohmstead.families.hoymiles.simulator.battery_law import Mode, is_within
from ohmstead.families.hoymiles.simulator.storage_answers import STORAGE_ANSWERS
from ohmstead.families.hoymiles.wire import Conversation, Extension, Frame
from ohmstead.kit.world import Household, World
from ohmstead.model import ScaledClock
from ohmstead.testing import MemoryNetwork, elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
NIGHT = datetime(2026, 6, 21, 23, 0, tzinfo=UTC)


class Home:
    def __init__(self, world: World, gateway: StorageGateway, network: MemoryNetwork) -> None:
        self.world = world
        self.gateway = gateway
        self.dial = network.dial("gateway", 10081)

    async def ask(
        self, command_id: int, payload: bytes = b"", serial: int | None = None, channel: int = 1
    ) -> Any:
        """The answer's frame, or nothing within five seconds."""
        extension = Extension(self.gateway.number if serial is None else serial, channel)
        conversation = Conversation()
        async with self.dial() as link:
            await link.send(conversation.send(Frame(command_id, 5, payload, extension)))
            await elapse(5)
            await link.send(conversation.send(Frame(0xDB01, 6, extension=Extension(0, 255))))
            found: list[Any] = []
            while not any(frame.sequence == 6 for frame in found):
                found += conversation.receive(await link.receive())
        return found[0] if found[0].sequence == 5 else None

    async def data(self) -> StorageDataFromDtu:
        await elapse(35)
        self.world.catch_up()
        return StorageDataFromDtu.FromString((await self.ask(0xC303)).payload)

    async def set_up(self, **settings: Any) -> int:
        request = StorageUserSetToDtu(transaction_id=9, **settings)
        answer = StorageUserSetFromDtu.FromString(
            (await self.ask(0xC308, request.SerializeToString())).payload
        )
        assert answer.transaction_id == 9
        await elapse(10)
        return answer.error_code


@asynccontextmanager
async def home(at: datetime = NOON) -> AsyncIterator[Home]:
    world = World(ScaledClock(at))
    world.weather.set_clear_sky()
    gateway = StorageGateway(STORAGE_GW, world, is_clock_set=True)
    gateway.settle()
    world.attach("people", Household(world.place))
    world.attach("storage", gateway)
    network = MemoryNetwork()
    service = Service(gateway, Faults(Random(1)), STORAGE_ANSWERS)
    async with network.listen(service.serve, "gateway", 10081):
        yield Home(world, gateway, network)


@warped
async def test_only_extended_frames_with_its_own_serial_are_answered() -> None:
    async with home() as h:
        answer = await h.ask(0xC302)
        assert (answer.command_id, answer.extension) == (0xC202, Extension(h.gateway.number, 1))
        assert await h.ask(0xC302, serial=123) is None
        async with h.dial() as link:
            await link.send(Conversation().send(Frame(0xA301, 1)))
            await link.send(Conversation().send(Frame(0xDB01, 2, extension=Extension(0, 255))))
            (only,) = Conversation().receive(await link.receive())
        assert (only.command_id, only.sequence) == (0xDA01, 2)


@pytest.mark.parametrize("at", [NOON, NIGHT])
@warped
async def test_sun_battery_and_street_are_what_the_home_draws(at: datetime) -> None:
    async with home(at) as h:
        for _ in range(20):
            data = await h.data()
            grid_w, load_w = data.grid.phases[0].active_power, data.load.phases[0].active_power
            inverter_w = data.inverter.phases[0].active_power
            assert inverter_w + grid_w == pytest.approx(load_w, abs=2)
            solar_w = sum(string.power for string in data.pv) * 0.98
            assert solar_w - data.battery.power == pytest.approx(inverter_w, abs=5)
            flow = data.flow
            assert flow.pv_to_load + flow.battery_to_load + flow.grid_to_load == pytest.approx(load_w, abs=3)
            assert flow.pv_to_load + flow.pv_to_battery + flow.pv_to_grid == pytest.approx(solar_w, abs=5)
            assert len(data.SerializeToString()) <= 1000


@warped
async def test_self_consumption_leaves_the_street_alone() -> None:
    async with home(NIGHT) as h:
        data = await h.data()
        assert abs(data.grid.phases[0].active_power) < 20
        assert data.battery.power < 0  # discharging
        assert data.flow.battery_to_load == pytest.approx(-data.battery.power, abs=2)
    async with home(NOON) as h:
        data = await h.data()
        assert data.battery.power > 500
        assert data.flow.pv_to_battery > 500


@pytest.mark.parametrize(
    ("settings", "battery_w"),
    [
        ({"mode": Mode.FORCED_CHARGE, "max_power": 400}, 2000),
        ({"mode": Mode.FORCED_DISCHARGE, "max_power": 200}, -1000),
        ({"mode": Mode.BACKUP, "reserve_soc": 20}, 0),
        ({"mode": Mode.BACKUP, "reserve_soc": 100}, 5000),
        ({"mode": Mode.SELF_CONSUMPTION, "reserve_soc": 100}, 0),
        ({"mode": Mode.PEAK_SHAVING, "peak_soc": 20, "peak_meter_power": 3000}, 0),
        (
            {
                "mode": Mode.TIME_OF_USE,
                "time_of_use": [TimeOfUse(charge_time=22 << 24 | 6 << 8, charge_power=30, max_soc=90)],
            },
            1500,
        ),
        (
            {
                "mode": Mode.ECONOMY,
                "economy_periods": [
                    EconomyPeriod(
                        week_1=EconomyWeek(weekdays=0x1F, valley_time=22 << 24 | 6 << 8),
                        week_2=EconomyWeek(weekdays=0x60, valley_time=22 << 24 | 6 << 8),
                    )
                ],
            },
            5000,
        ),
    ],
)
@warped
async def test_what_an_owner_sets_is_what_the_battery_does(
    settings: dict[str, Any], battery_w: float
) -> None:
    async with home(NIGHT) as h:
        assert await h.set_up(inverter_serials=[h.gateway.inverter_number], **settings) == 0
        assert (await h.data()).battery.power == pytest.approx(battery_w, abs=20)


@pytest.mark.parametrize(
    "settings",
    [{"mode": 0}, {"mode": 99}, {"mode": 1, "reserve_soc": 101}, {"mode": 5, "max_power": 1001}, {"mode": 2}],
)
@warped
async def test_what_makes_no_sense_is_not_stored(settings: dict[str, Any]) -> None:
    async with home() as h:
        assert await h.set_up(**settings) == 1
        assert h.gateway.settings.mode == Mode.SELF_CONSUMPTION
        assert await h.set_up(mode=1, inverter_serials=[1]) == 1


@warped
async def test_the_battery_stays_within_its_bounds_and_its_counters_add_up() -> None:
    async with home(NIGHT) as h:
        await h.set_up(mode=Mode.FORCED_CHARGE, max_power=1000)
        await elapse(4 * 3600)
        data = await h.data()
        assert data.battery.soc == 100
        assert data.battery.power == pytest.approx(0, abs=2)
        stored_kwh = h.gateway.cells.stored_wh / 1000
        assert stored_kwh == pytest.approx(10)
        assert data.battery.cell_voltage_max >= data.battery.cell_voltage_min > 3000
        await h.set_up(mode=Mode.FORCED_DISCHARGE, max_power=1000, reserve_soc=30)
        await elapse(3 * 3600)
        assert (await h.data()).battery.soc == 30


def test_a_packed_time_may_reach_past_midnight() -> None:
    late = 22 << 24 | 6 << 8
    assert is_within(late, datetime(2026, 1, 1, 23, 0, tzinfo=UTC))
    assert is_within(late, datetime(2026, 1, 1, 5, 59, tzinfo=UTC))
    assert not is_within(late, datetime(2026, 1, 1, 6, 0, tzinfo=UTC))
