"""A charge point on its real wire under a gateway, and what its network does to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from ohmstead.gateway import Gateway, Order, SiteFile, open_gateway
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import config_from_table, family, load
from ohmstead.kit.world import World
from ohmstead.model import ChargerReading, DeviceId, Outcome, ScaledClock, Simulator, SimulatorOptions
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)
FIRST = DeviceId("garage/1")
INTERVAL_S = 5


@asynccontextmanager
async def home(
    directory: Path, model: str = "one-ac", **extras: str
) -> AsyncIterator[tuple[Gateway, Simulator, World]]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    async with (
        load(family("everest").simulate)(SimulatorOptions(model=model, extras=extras), world) as simulator,
        TaskScope() as scope,
    ):
        scope.start(world.run())
        device = config_from_table({"url": simulator.ready["url"], "name": "garage", "control": True})
        site_file = SiteFile(path=directory / "site.toml", devices=(device,))
        async with open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway:
            yield gateway, simulator, world


@pytest.mark.long
@pytest.mark.parametrize("mode", ["reference", "improved"])
@warped
async def test_an_hour_of_charging_has_no_gap_and_the_energy_that_flowed(tmp_path: Path, mode: str) -> None:
    async with home(tmp_path, plugged="true", mode=mode) as (gateway, _, world):
        await elapse(3600)
        await gateway.history.flush()
        gaps = await gateway.history.gaps(MORNING, MORNING + timedelta(hours=1))
        series = await gateway.history.series(
            FIRST, "charger.energy_wh", MORNING, MORNING + timedelta(hours=1), 3600
        )
        (status,) = gateway.devices()
        (reading,) = status.readings

    assert gaps == ()
    assert status.health is HealthState.GOOD
    assert series.points[0].count >= 715
    assert isinstance(reading, ChargerReading)
    assert reading.energy_wh == pytest.approx(world.grid.imported_wh, rel=0.005)


@pytest.mark.long
@warped
async def test_a_network_that_breaks_off_all_the_time_costs_no_sample(tmp_path: Path) -> None:
    random = Random(7)
    async with home(tmp_path, plugged="true") as (gateway, simulator, _):
        await elapse(30)
        for _ in range(60):
            await simulator.act("kick")
            await elapse(random.uniform(2 * INTERVAL_S, 4 * INTERVAL_S))
        await gateway.history.flush()
        until = MORNING + timedelta(seconds=900)
        gaps = await gateway.history.gaps(MORNING + timedelta(seconds=30), until)
        (status,) = gateway.devices()

    assert gaps == ()
    assert status.rejected == ()


@warped
async def test_a_charge_point_that_starts_anew_is_found_again_and_its_energy_goes_on(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as (gateway, simulator, world):
        await elapse(120)
        for _ in range(5):
            await simulator.act("restart")
            await elapse(120)
        (status,) = gateway.devices()
        (reading,) = status.readings

    assert isinstance(reading, ChargerReading)
    assert (status.health, status.rejected) == (HealthState.GOOD, ())
    assert reading.energy_wh == pytest.approx(world.grid.imported_wh, rel=0.02)


@warped
async def test_a_command_goes_the_one_path_of_the_house(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as (gateway, simulator, _):
        await elapse(30)
        receipt = await gateway.commands.execute(
            Order(device=FIRST, ability="limits_current", value=10.0, origin="test")
        )
        too_much = await gateway.commands.execute(
            Order(device=FIRST, ability="limits_current", value=64.0, origin="test")
        )
        await elapse(10)
        (evse,) = simulator.state()["evses"]
        entries = await gateway.commands.ledger()

    assert (receipt.outcome, receipt.read_back) == (Outcome.CONFIRMED, 10.0)
    assert too_much.outcome is Outcome.REFUSED
    assert evse["power_w"] == pytest.approx(6_900, rel=0.01)
    assert [entry.receipt for entry in entries] == [too_much, receipt]


@warped
async def test_what_a_dc_session_can_be_told_is_known_while_it_runs(tmp_path: Path) -> None:
    async with home(tmp_path, "one-dc") as (gateway, simulator, _):
        await elapse(10)
        (idle,) = gateway.devices()
        await simulator.act("plug")
        await elapse(40)
        (charging,) = gateway.devices()
        await simulator.act("unplug")
        await elapse(20)
        (again,) = gateway.devices()

    assert set(idle.abilities) == set(again.abilities) == {"switches"}
    assert set(charging.abilities) == {"switches", "allows_charging", "limits_charger_power"}
    assert charging.charge_point is not None
    assert charging.charge_point.is_dc
