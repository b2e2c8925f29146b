"""A whole home on loopback sockets: simulated DTU, real wire, gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ohmstead.gateway import Gateway, Order, SiteFile, open_gateway
from ohmstead.kit.registry import config_from_table, family, load
from ohmstead.kit.world import World
from ohmstead.model import Outcome, ScaledClock, Simulator, SimulatorOptions
from ohmstead.polling import HealthState
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped

JUNE_NOON = datetime(2025, 6, 21, 11, tzinfo=UTC)


@asynccontextmanager
async def hoymiles_home(directory: Path, **extras: str) -> AsyncIterator[tuple[Gateway, Simulator]]:
    clock = ScaledClock(JUNE_NOON)
    simulate = load(family("hoymiles").simulate)
    async with simulate(SimulatorOptions(extras=extras), World(clock)) as simulator:
        url = f"hoymiles://127.0.0.1:{next(iter(simulator.endpoints.values()))}"
        device = config_from_table({"url": url, "name": "roof", "control": True})
        site_file = SiteFile(path=directory / "site.toml", devices=(device,))
        async with open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway:
            yield gateway, simulator


@warped
async def test_a_simulated_inverter_is_polled_for_an_hour_without_a_gap(tmp_path: Path) -> None:
    async with hoymiles_home(tmp_path) as (gateway, _):
        await elapse(3600)
        await gateway.history.flush()
        state = gateway.state()
        gaps = await gateway.history.gaps(JUNE_NOON, JUNE_NOON + timedelta(hours=1))
        solar = [status for status in state.devices if "limits_solar" in status.abilities]
        series = await gateway.history.series(
            solar[0].id, "solar.power_w", JUNE_NOON, JUNE_NOON + timedelta(hours=1), 3600
        )
    assert state.flows.solar_w is not None
    assert state.flows.solar_w > 100
    assert {status.health for status in state.devices} == {HealthState.GOOD}
    assert {status.rejected for status in state.devices} == {()}
    assert gaps == ()
    assert series.points[0].count >= 55  # the DTU has a new data set about each half minute


@warped
async def test_sparing_a_dtus_uploads_does_not_make_its_power_unknown(tmp_path: Path) -> None:
    async with hoymiles_home(tmp_path, clock="set") as (gateway, _):
        await elapse(60)
        for _minute in range(30):
            await elapse(60)
            assert gateway.flows().solar_w is not None
        assert {status.contract.quiet_s for status in gateway.devices() if status.contract} == {150.0}


@warped
async def test_a_limit_is_written_once_read_back_and_in_the_ledger(tmp_path: Path) -> None:
    async with hoymiles_home(tmp_path) as (gateway, simulator):
        await elapse(5)
        (device,) = [status.id for status in gateway.devices() if "limits_solar" in status.abilities]
        order = Order(device=device, ability="limits_solar", value=40.0, origin="test")
        first = await gateway.commands.execute(order)
        again = await gateway.commands.execute(order)
        entries = await gateway.commands.ledger()
    assert (first.outcome, first.read_back) == (Outcome.CONFIRMED, 40.0)
    assert again.outcome is Outcome.CONFIRMED
    assert [entry.receipt for entry in entries] == [again, first]
    assert simulator.state()["flash_writes"] == 1


@warped
async def test_a_limit_whose_acknowledgement_was_lost_is_read_back_and_written_once(tmp_path: Path) -> None:
    async with hoymiles_home(tmp_path) as (gateway, simulator):
        await elapse(5)
        (device,) = [status.id for status in gateway.devices() if "limits_solar" in status.abilities]
        await simulator.act("fault", name="lost-acknowledgement", times="1", id="A305")
        receipt = await gateway.commands.execute(
            Order(device=device, ability="limits_solar", value=40.0, origin="test")
        )
        (entry,) = await gateway.commands.ledger()
    assert (receipt.outcome, receipt.read_back) == (Outcome.CONFIRMED, 40.0)
    assert "was sent, but not acknowledged" in receipt.reason
    assert entry.receipt == receipt
    assert simulator.state()["flash_writes"] == 1


@warped
async def test_a_device_that_needs_a_missing_library_says_so_and_the_others_are_polled(
    tmp_path: Path, without: Callable[[str], None]
) -> None:
    clock, simulate = ScaledClock(JUNE_NOON), load(family("hoymiles").simulate)
    async with AsyncExitStack() as stack:
        devices = []
        for name, model in (("clear", "hmsw-mid"), ("sealed", "hmsw-enc")):
            options = SimulatorOptions(model=model, name=name)
            simulator = await stack.enter_async_context(simulate(options, World(clock)))
            url = f"hoymiles://127.0.0.1:{next(iter(simulator.endpoints.values()))}"
            devices.append(config_from_table({"url": url, "name": name}))
        without("cryptography")
        site_file = SiteFile(path=tmp_path / "site.toml", devices=tuple(devices))
        opened = open_gateway(site_file, directory=tmp_path, clock=clock, threads=False)
        gateway = await stack.enter_async_context(opened)
        await elapse(300)
        status = {status.source: status for status in gateway.devices()}
    assert {name: one.health for name, one in status.items()} == {
        "clear": HealthState.GOOD,
        "sealed": HealthState.FAILING,
    }
    assert "pip install 'ohmstead[encryption]'" in status["sealed"].reason
