"""The vendor's words in ours."""

from __future__ import annotations

from datetime import UTC, datetime

from ohmstead.families._blueprint.device import BlueprintConfig, connect
from ohmstead.families._blueprint.simulator import simulate
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import LIMITS_SOLAR, Outcome, ScaledClock, SimulatorOptions, SolarReading
from ohmstead.testing import warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


@warped
async def test_one_inverter_is_one_device_with_one_solar_reading() -> None:
    clock = ScaledClock(NOON)
    async with simulate(SimulatorOptions(), World(clock)) as simulator:
        port = simulator.endpoints["blueprint"]
        config = BlueprintConfig(url=f"blueprint://127.0.0.1:{port}", name="roof")
        async with connect(config, LocalServices(clock)) as source:
            sample = await source.read()

            assert list(source.devices()) == ["roof/BP000001"]
            assert [type(reading) for reading in sample.readings] == [SolarReading]
            assert sample.at == sample.readings[0].at


@warped
async def test_a_limit_is_confirmed_by_reading_it_back() -> None:
    clock = ScaledClock(NOON)
    async with simulate(SimulatorOptions(), World(clock)) as simulator:
        port = simulator.endpoints["blueprint"]
        config = BlueprintConfig(url=f"blueprint://127.0.0.1:{port}", name="roof")
        async with connect(config, LocalServices(clock)) as source:
            device = next(iter(source.devices()))
            limit = source.ability(device, LIMITS_SOLAR)
            assert limit is not None

            receipt = await limit.limit_solar(30)

            assert (receipt.outcome, receipt.asked, receipt.read_back) == (Outcome.CONFIRMED, 30, 30)
