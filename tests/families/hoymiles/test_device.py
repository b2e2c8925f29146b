"""The source: vendor words in, model words out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.config import HoymilesConfig, address
from ohmstead.families.hoymiles.device import CONTRACT, HoymilesSource, StorageSource, connect
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RealDataNewFromDtu,
    SinglePhaseData,
)
from ohmstead.families.hoymiles.results import live as live_of
from ohmstead.families.hoymiles.simulator import HMS_800W_2T, RunningDtu, simulate
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    LIMITS_CURRENT,
    LIMITS_SOLAR,
    RESTARTS,
    SWITCHES,
    BatteryReading,
    BudgetSpent,
    ConfigError,
    DeviceId,
    GridReading,
    LoadReading,
    OhmsteadError,
    Outcome,
    Quality,
    ScaledClock,
    SimulatorOptions,
    SolarReading,
    TimedOut,
    WriteClass,
)
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


@asynccontextmanager
async def simulated(
    model: str = "", *, speed: float = 1.0, **extras: str
) -> AsyncIterator[tuple[RunningDtu, LocalServices, str]]:
    """A simulator, the house's services, and the URL."""
    clock = ScaledClock(NOON, speed)
    world = World(clock)
    world.weather.set_clear_sky()
    async with simulate(SimulatorOptions(model=model, extras=extras), world) as simulator:
        yield simulator, LocalServices(clock), f"hoymiles://127.0.0.1:{simulator.endpoints['dtu']}"


@asynccontextmanager
async def roof(
    *, poll_all: bool = True, model: str = "", speed: float = 1.0, **extras: str
) -> AsyncIterator[tuple[HoymilesSource, RunningDtu]]:
    async with simulated(model, speed=speed, **extras) as (simulator, services, url):
        config = HoymilesConfig(url=url, name="roof", poll_all=poll_all)
        async with connect(config, services) as source:
            yield source, simulator


@warped
async def test_there_is_a_device_for_each_inverter_each_meter_and_the_dtu() -> None:
    async with roof(meter="true") as (source, simulator):
        dtu = simulator.dtu
        inverter, meter = f"{dtu.inverters[0].serial:012X}", f"{dtu.meter.serial:012X}" if dtu.meter else ""
        found = source.devices()
        assert list(found) == [f"roof/{inverter}", f"roof/{meter}", f"roof/{dtu.serial}"]
        assert [(info.model, info.firmware) for info in found.values()] == [
            ("HMS-800W/1000W-2T", "01.00.08"),
            ("DDSU666", ""),
            ("DTUBI", "01.00.08"),
        ]
        assert {info.family for info in found.values()} == {"hoymiles"}


@warped
async def test_the_first_reading_costs_no_connection_of_its_own() -> None:
    async with roof() as (source, simulator):
        sample = await source.read()
        assert simulator.service.connections == 1
        (reading,) = sample.readings
        assert isinstance(reading, SolarReading)
        assert reading.power_w == round(simulator.dtu.inverters[0].power_w, 1)
        total_wh = sum(port.energy_total_wh for port in simulator.dtu.inverters[0].ports)
        assert reading.energy_wh == pytest.approx(total_wh, abs=1)
        assert reading.quality is Quality.GOOD
        assert sample.missing == {}


@warped
async def test_a_meter_reads_positive_while_importing() -> None:
    async with roof(meter="true") as (source, simulator):
        await elapse(3600)
        await source.read()
        sample = await source.read()
        grid = next(reading for reading in sample.readings if isinstance(reading, GridReading))
        assert grid.power_w is not None
        assert grid.power_w < -500
        assert grid.imported_wh == 0.0
        assert grid.exported_wh == pytest.approx(simulator.dtu.world.grid.exported_wh, abs=10)


@warped
async def test_a_data_set_seen_again_does_not_become_younger() -> None:
    async with roof(poll_all=False) as (source, simulator):
        first = (await source.read()).readings[0]
        again = (await source.read()).readings[0]
        assert again.at == first.at
        assert again.quality is Quality.GOOD
        simulator.dtu.datasets.tick = lambda at: None  # it hangs
        for _ in range(8):
            await elapse(35)
            last = (await source.read()).readings[0]
        assert last.at == first.at
        assert last.quality is Quality.STALE


@warped
async def test_data_are_no_older_for_what_else_was_asked_at_sixty_times_the_speed() -> None:
    async with roof(meter="true", speed=60) as (source, _):
        await source.read()
        with_the_rest = await source.read(frozenset({"config", "alarms"}))
        assert [reading.quality for reading in with_the_rest.readings] == [Quality.GOOD] * 2
        assert (with_the_rest.at - with_the_rest.readings[0].at).total_seconds() > 240


@warped
async def test_every_field_is_a_detail_with_its_unit() -> None:
    async with roof(meter="true") as (source, simulator):
        sample = await source.read()
        inverter = DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}")
        found = {detail.key: detail for detail in sample.details[inverter]}
        assert (found["voltage_v"].unit, found["port_2_power_w"].unit) == ("V", "W")
        assert found["port_2_power_w"].label == "port 2 power"
        assert found["temperature_c"].unit == "°C"
        assert found["power_limit_pct"].value == 100.0
        assert set(sample.details) == set(source.devices())


@warped
async def test_the_configuration_comes_with_the_second_reading_and_without_secrets() -> None:
    async with roof() as (source, simulator):
        dtu = DeviceId(f"roof/{simulator.dtu.serial}")

        async def config_keys() -> dict[str, Any]:
            details = (await source.read()).details[dtu]
            return {detail.key: detail for detail in details if detail.key.startswith("config_")}

        assert await config_keys() == {}
        await elapse(35)
        second = await config_keys()
        assert second["config_server_send_time_min"].value == 5
        assert second["config_wifi_password"].secret
        assert second["config_wifi_password"].value is None
        assert simulator.service.frames["A309"] == 1
        await config_keys()
        assert simulator.service.frames["A309"] == 1
        await source.read(frozenset({"config"}))
        assert simulator.service.frames["A309"] == 2


@warped
async def test_a_configuration_that_cannot_be_read_is_missing_and_the_rest_is_there() -> None:
    async with roof() as (source, simulator):
        await source.read()
        await simulator.act("fault", name="silence", id="A309")
        await elapse(35)
        sample = await source.read()
        assert "did not answer config_get" in sample.missing["config"]
        assert sample.readings[0].power_w


@warped
async def test_the_limit_is_an_ability_of_the_only_inverter() -> None:
    async with roof() as (source, simulator):
        inverter = DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}")
        limit = source.ability(inverter, LIMITS_SOLAR)
        assert limit is not None
        assert limit.envelope.write_class is WriteClass.FLASH
        assert limit.envelope.describe() == "2 to 100 % in steps of 0.1"
        assert source.ability(inverter, LIMITS_CURRENT) is None
        assert source.ability(DeviceId(f"roof/{simulator.dtu.serial}"), LIMITS_SOLAR) is None
        receipt = await limit.limit_solar(55.5)
        assert (receipt.device, receipt.ability) == (inverter, "limits_solar")
        assert (receipt.outcome, receipt.asked, receipt.read_back) == (Outcome.CONFIRMED, 55.5, 55.5)
        again = await limit.limit_solar(55.5)
        assert again.outcome is Outcome.CONFIRMED
        assert simulator.state()["flash_writes"] == 1
        with pytest.raises(BudgetSpent):
            await limit.limit_solar(60)


@warped
async def test_a_refused_limit_is_a_receipt() -> None:
    async with roof() as (source, simulator):
        simulator.dtu.profile = msgspec.structs.replace(simulator.dtu.profile, refuses={8: 7})
        inverter = DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}")
        limit = source.ability(inverter, LIMITS_SOLAR)
        assert limit is not None
        receipt = await limit.limit_solar(50)
        assert receipt.outcome is Outcome.REFUSED
        assert "code 7" in receipt.reason


@warped
async def test_behind_a_dtu_with_several_inverters_the_limit_is_the_dtus(bench: Open) -> None:
    async with bench(models=(HMS_800W_2T,) * 2) as b:
        live = await b.client.live()
        source = HoymilesSource(
            HoymilesConfig(url="hoymiles://dtu", name="roof"),
            LocalServices(b.world.clock),
            b.client,
            await b.client.known(),
            live,
        )
        able = [device for device in source.devices() if source.ability(device, LIMITS_SOLAR)]
        assert able == [f"roof/{b.dtu.serial}"]
        readings = (await source.read()).readings
        assert sum(reading.power_w or 0 for reading in readings) == pytest.approx(live.dtu_power_w, abs=0.01)


async def sampled(b: Any, packet: RealDataNewFromDtu) -> Any:
    """What the source makes of a packet."""
    await b.client.live()
    source = HoymilesSource(
        HoymilesConfig(url="hoymiles://dtu", name="roof"),
        LocalServices(b.world.clock),
        b.client,
        await b.client.known(),
        live_of((packet,), b.world.clock.now()),
    )
    return await source.read()


@warped
async def test_an_inverter_without_radio_link_is_not_known_and_keeps_its_energy(bench: Open) -> None:
    async with bench() as b:
        serial = b.dtu.inverters[0].serial
        packet = RealDataNewFromDtu(
            single_phase=[SinglePhaseData(serial=serial, link_quality=0x110000)],
            ports=[
                PortData(serial=serial, port=1, energy_total=65382),
                PortData(serial=serial, port=2, energy_total=60599),
            ],
        )
        sample = await sampled(b, packet)
        (reading,) = sample.readings
        assert (reading.power_w, reading.energy_wh) == (None, 125981.0)
        assert reading.quality is Quality.STALE
        assert sample.missing == {f"roof/{serial:012X}": "the DTU has no radio link to it"}


@warped
async def test_a_meter_whose_totals_differ_from_its_phases_is_left_out_with_its_reason(bench: Open) -> None:
    async with bench(has_meter=True) as b:
        packet = RealDataNewFromDtu(
            meters=[MeterData(serial=0x10C0A0000001, power_total=261, import_total=231, import_a=5)],
        )
        sample = await sampled(b, packet)
        assert sample.readings == ()
        assert sample.missing["roof/10C0A0000001"] == "its totals differ from the sum of their phases"


def test_the_contract_says_why() -> None:
    contract = CONTRACT
    assert (contract.interval_s, contract.shortest_s, contract.single_connection) == (35.0, 32.0, True)
    assert "one connection for everybody" in contract.why


@warped
async def test_after_a_restart_of_the_house_one_request_gives_the_first_reading() -> None:
    async with simulated() as (simulator, services, url):
        config = HoymilesConfig(url=url, name="roof")
        async with connect(config, services):
            pass
        simulator.service.frames.clear()
        async with connect(config, services) as source:
            assert (await source.read()).readings[0].power_w
            assert simulator.service.frames == {"A311": 1}
            assert len(source.devices()) == 2
            await elapse(35)
            await source.read()  # with the configuration, who is there is looked at again
            assert simulator.service.frames["A301"] == 1


@warped
async def test_a_dtu_that_encrypts_is_asked_anew_after_a_restart_of_the_house() -> None:
    async with simulated("hmsw-enc") as (simulator, services, url):
        config = HoymilesConfig(url=url, name="roof")
        for _ in range(2):
            async with connect(config, services) as source:
                assert (await source.read()).readings[0].power_w
        assert simulator.service.frames["A301"] == 2
        assert not any("seed" in text for text in services._memory.values())


@warped
async def test_another_dtu_at_the_address_is_noticed_at_once() -> None:
    async with simulated() as (_, services, url):
        async with connect(HoymilesConfig(url=url, name="roof"), services) as source:
            before = set(source.devices())
        async with (
            simulated("dtu-pro-s") as (other, _, other_url),
            connect(HoymilesConfig(url=other_url, name="roof"), services) as source,
        ):
            found = set(source.devices())
            assert DeviceId(f"roof/{other.dtu.serial}") in found
            assert not before & found


class FullDisk(LocalServices):
    async def remember(self, key: str, text: str) -> None:
        raise OhmsteadError("the disk is full")


@pytest.mark.parametrize("model", ["", "storage-gw"])
def test_a_memory_that_cannot_be_kept_stops_nothing(model: str, caplog: pytest.LogCaptureFixture) -> None:
    @warped
    async def read() -> None:
        async with simulated(model) as (_, services, url):
            config = HoymilesConfig(url=url, name="roof")
            async with connect(config, FullDisk(services.clock)) as source:
                assert (await source.read()).readings
                assert (await source.read(frozenset({"config"}))).missing == {}

    read()
    assert "what is connected could not be remembered: the disk is full" in caplog.text


@warped
async def test_a_storage_gateway_is_found_out_and_remembered() -> None:
    async with simulated("storage-gw") as (simulator, services, url):
        config = HoymilesConfig(url=url, name="cellar")
        async with connect(config, services) as source:
            assert isinstance(source, StorageSource)
            await elapse(60)
            sample = await source.read()
            (info,) = source.devices().values()
        kinds = {type(reading): reading for reading in sample.readings}
        assert set(kinds) == {SolarReading, BatteryReading, GridReading, LoadReading}
        power_w = {kind: reading.power_w or 0.0 for kind, reading in kinds.items()}
        fed_w = power_w[SolarReading] + power_w[BatteryReading] + power_w[GridReading]
        assert fed_w == pytest.approx(power_w[LoadReading], abs=150)  # but for what the conversion loses
        assert info.model.startswith("HY")
        assert sample.details[info.id]
        asked = simulator.service.frames["A301"]
        async with connect(config, services) as source:
            assert isinstance(source, StorageSource)
        assert simulator.service.frames["A301"] == asked


@warped
async def test_silence_where_nobody_was_ever_met_is_told_soon() -> None:
    async with simulated() as (simulator, services, url):
        await simulator.act("fault", name="silence")
        started_s = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut, match="is connected but did not answer dev_info"):
            async with connect(HoymilesConfig(url=url, name="roof"), services):
                pass
        assert asyncio.get_running_loop().time() - started_s < 14


@warped
async def test_an_inverter_is_switched_with_a_receipt_of_its_alarm() -> None:
    async with roof() as (source, simulator):
        inverter = DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}")
        switch = source.ability(inverter, SWITCHES)
        assert switch is not None
        off = await switch.switch(0)
        assert (off.outcome, off.read_back) == (Outcome.CONFIRMED, 0.0)
        on = await switch.switch(1)
        assert (on.outcome, on.read_back) == (Outcome.CONFIRMED, 1.0)


@warped
async def test_a_dtu_that_only_says_it_switched_is_found_out() -> None:
    async with roof() as (source, simulator):
        simulator.dtu.profile = msgspec.structs.replace(simulator.dtu.profile, ignores=frozenset({7}))
        switch = source.ability(DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}"), SWITCHES)
        assert switch is not None
        receipt = await switch.switch(0)
        assert (receipt.outcome, receipt.read_back) == (Outcome.DIFFERENT, 1.0)


@warped
async def test_firmware_that_takes_no_orders_has_no_abilities_for_them() -> None:
    async with roof(model="dtu-pro-s") as (source, _):
        assert not any(source.ability(device, SWITCHES) for device in source.devices())
        assert not any(source.ability(device, LIMITS_SOLAR) for device in source.devices())


@warped
async def test_inverter_and_dtu_can_be_restarted() -> None:
    async with roof() as (source, simulator):
        for device in source.devices():
            restart = source.ability(device, RESTARTS)
            assert restart is not None
            assert (await restart.restart(1)).outcome is Outcome.ACKNOWLEDGED
        assert simulator.service.frames["2305"] == 2


@warped
async def test_active_alarms_are_a_detail_of_their_inverter() -> None:
    async with roof() as (source, simulator):
        inverter = DeviceId(f"roof/{simulator.dtu.inverters[0].serial:012X}")
        switch = source.ability(inverter, SWITCHES)
        assert switch is not None
        await switch.switch(0)
        await source.read()
        await elapse(40)
        found = {detail.key: detail.value for detail in (await source.read()).details[inverter]}
        assert "124 switched off remotely" in str(found["alarms"])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("hoymiles://192.0.2.7", ("192.0.2.7", 10081)),
        ("hoymiles://dtu.home:1234", ("dtu.home", 1234)),
        ("192.0.2.7:99", ("192.0.2.7", 99)),
        ("hoymiles://[2001:db8::7]", ("2001:db8::7", 10081)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(url: str, found: tuple[str, int]) -> None:
    assert address(url) == found


@pytest.mark.parametrize(
    "url",
    [
        "hoymiles://",
        "hoymiles://h:x",
        "hoymiles://h:70000",
        "hoymiles://h:0",
        "hoymiles://[bad",
        " ",
        "my dtu",
    ],
)
def test_what_is_no_address_is_said_with_an_example(url: str) -> None:
    with pytest.raises(ConfigError, match="hoymiles://192"):
        address(url)


@pytest.mark.long
@warped
async def test_a_day_of_polling_over_real_sockets() -> None:
    async with roof() as (source, simulator):
        ends = NOON + timedelta(days=1)
        clock, reads = simulator.dtu.world.clock, 0
        while clock.now() < ends:
            assert (await source.read()).readings
            reads += 1
            await elapse(35)
        assert reads > 2000
