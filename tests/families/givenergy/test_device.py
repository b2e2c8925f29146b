"""The source: a plant in the house's words, over the real wire."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.families.givenergy.config import GivEnergyConfig
from ohmstead.families.givenergy.device import GivEnergySource, connect
from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ReadRequest, Role, WriteRequest
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    LIMITS_CHARGE,
    LIMITS_CURRENT,
    PAUSES_CHARGE,
    PAUSES_DISCHARGE,
    RESTARTS,
    SETS_CHARGE_TARGET,
    SETS_CLOCK,
    SETS_RESERVE,
    BatteryReading,
    BudgetSpent,
    ConfigError,
    DeviceId,
    GridReading,
    LoadReading,
    OhmsteadError,
    Outcome,
    Quality,
    Reading,
    Sample,
    ScaledClock,
    SimulatorOptions,
    Site,
    SolarReading,
    Unsafe,
    flows,
)
from ohmstead.testing import elapse, warped

MORNING = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
INVERTER = 0x11


class SetClock(ScaledClock):
    """One that somebody may set back."""

    back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back


class House(LocalServices):
    """Services that survive a restart of the source, and see what passes."""

    clock: SetClock

    def __init__(self, clock: SetClock) -> None:
        self.clock: SetClock
        self.sent = Conversation(Role.ADAPTER)
        self.requests: list[ReadRequest | WriteRequest] = []
        super().__init__(clock, self.saw)

    def saw(self, direction: str, data: bytes) -> None:
        if direction == ">":
            found = self.sent.receive(data)
            self.requests += [m for m in found if isinstance(m, ReadRequest | WriteRequest)]


class Home:
    def __init__(self, plant: RunningPlant, world: World, house: House) -> None:
        self.plant = plant
        self.world = world
        self.house = house

    @asynccontextmanager
    async def source(self, **settings: object) -> AsyncIterator[GivEnergySource]:
        url = f"givenergy://127.0.0.1:{self.plant.endpoints['adapter']}"
        config = GivEnergyConfig(url=url, name="box", control=True, **settings)  # type: ignore[arg-type]
        async with connect(config, self.house) as source:
            yield source

    async def stored(self, register: int) -> int:
        found = await self.plant.act("read", device=INVERTER, base=register)
        return int(found["words"][0])


@asynccontextmanager
async def home(model: str = "hybrid-gen2", **extras: str) -> AsyncIterator[Home]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    world.weather.set_clear_sky()
    options = SimulatorOptions(model=model, extras={"cloud": "off", "latency": "none"} | extras)
    async with simulate(options, world) as plant, TaskScope() as scope:
        scope.start(world.run())
        await elapse(2)
        yield Home(plant, world, House(SetClock(clock.now())))


def one(sample: Sample, kind: type[Reading]) -> Reading:
    (found,) = (reading for reading in sample.readings if isinstance(reading, kind))
    return found


def root(source: GivEnergySource) -> DeviceId:
    return next(iter(source.devices()))


# Who is there


@warped
async def test_the_root_comes_first_and_everything_behind_the_adapter_is_a_device() -> None:
    async with home("hybrid-gen1") as found, found.source() as source:
        devices = list(source.devices().values())
        assert [(d.model, d.firmware) for d in devices] == [
            ("HYBRID_GEN1", "D0.449-A0.449"),
            ("battery", "3007"),
            ("battery", "3009"),
        ]
        assert len({d.id for d in devices}) == 3
        assert devices[0].id == "box/SA2114G000"
        assert {d.family for d in devices} == {"givenergy"}


@warped
async def test_an_ems_shows_its_meters_and_the_inverters_it_manages() -> None:
    async with home("ems") as found, found.source() as source:
        kinds = sorted(device.model for device in source.devices().values())
        assert kinds == ["EMS", "inverter", "inverter", "meter", "meter"]


@warped
async def test_after_a_restart_the_first_reading_takes_one_request() -> None:
    async with home("hybrid-gen2") as found:
        async with found.source() as source:
            before = dict(source.devices())
            await source.read()
        found.house.requests.clear()
        async with found.source() as source:
            sample = await source.read()
            assert [r.register for r in found.house.requests] == [0]
            assert dict(source.devices()) == before
        assert one(sample, GridReading).power_w is not None
        assert one(sample, BatteryReading).power_w is not None


@pytest.mark.parametrize("model", ["hybrid-3ph", "ems", "gateway", "all-in-one", "hybrid-hv-gen3"])
def test_one_request_says_what_the_grid_does_on_every_kind_of_plant(model: str) -> None:
    @warped
    async def restart() -> None:
        async with home(model) as found:
            async with found.source():
                pass
            found.house.requests.clear()
            async with found.source() as source:
                sample = await source.read()
            assert len(found.house.requests) == 1
            assert one(sample, GridReading).power_w is not None

    restart()


@warped
async def test_a_pack_that_has_gone_is_noticed_at_the_second_reading_and_the_plant_looked_at_anew() -> None:
    async with home("hybrid-gen1") as found:
        async with found.source() as source:
            assert len(source.devices()) == 3
        await found.plant.act("remove", device=0x33)
        async with found.source() as source:
            await source.read()
            with pytest.raises(OhmsteadError, match="not made of what it was before"):
                await source.read()
        async with found.source() as source:
            assert len(source.devices()) == 2
            await source.read()
            assert one(await source.read(), BatteryReading).power_w is not None


@warped
async def test_another_inverter_at_the_same_address_is_not_taken_for_the_old_one() -> None:
    async with home("hybrid-gen2") as found:
        async with found.source() as source:
            assert root(source) == "box/EA2302G000"
        await found.plant.act("identify", inverter="EA2302G777")
        async with found.source() as source:
            assert root(source) == "box/EA2302G777"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"capabilities":{"schema_version":99},"identity":[],"parts":[]}']
)
def test_a_memory_that_makes_no_sense_is_no_memory(text: str) -> None:
    @warped
    async def start() -> None:
        async with home("hybrid-gen2") as found:
            await found.house.remember("givenergy/box/plant", text)
            async with found.source() as source:
                assert root(source) == "box/EA2302G000"

    start()


@warped
async def test_a_memory_that_cannot_be_kept_stops_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(key: str, text: str) -> None:
        raise OhmsteadError("the disk is full")

    async with home("hybrid-gen2") as found:
        monkeypatch.setattr(found.house, "remember", full)
        with caplog.at_level(logging.WARNING):
            async with found.source() as source:
                assert one(await source.read(), GridReading).power_w is not None
    assert "could not be remembered: the disk is full" in caplog.text


@warped
async def test_a_lost_connection_is_an_error_to_who_reads_and_no_warning_besides(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                found.plant.listener.drop()
                await elapse(1)
                await source.read()
    assert caplog.messages == []


# What is measured


@warped
async def test_export_is_negative_charging_is_negative_and_nothing_is_unaccounted_for() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        await found.plant.act("charge", soc_pct=50)
        await elapse(60)
        sample = await source.read()
        life = found.plant.state()["life"]
        solar, battery = one(sample, SolarReading), one(sample, BatteryReading)
        grid, load = one(sample, GridReading), one(sample, LoadReading)
        assert solar.power_w is not None
        assert solar.power_w > 500
        assert battery.power_w == pytest.approx(life["battery_w"], abs=5)
        assert battery.power_w is not None
        assert battery.power_w < 0
        assert grid.power_w == pytest.approx(life["grid_w"], abs=5)
        assert isinstance(grid, GridReading)
        assert (grid.frequency_hz, grid.connected) == (pytest.approx(50, abs=0.2), True)
        assert isinstance(solar, SolarReading)
        assert solar.losses_w == pytest.approx(0.025 * solar.power_w, abs=5)
        balance = flows(sample.readings, Site(), sample.at)
        assert balance.unaccounted_w == pytest.approx(0, abs=5)
        assert balance.losses_w == solar.losses_w
        assert balance.home_w == load.power_w


@warped
async def test_counters_are_watt_hours_and_come_with_the_slower_pages() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        grid = one(await source.read(), GridReading)
        assert isinstance(grid, GridReading)
        shown = await found.plant.act("read", device=INVERTER, bank="IR", base=32, count=2)
        high, low = shown["words"]
        assert grid.imported_wh == pytest.approx((high * 65536 + low) * 100.0, abs=100)


@warped
async def test_a_unit_without_strings_of_its_own_states_no_solar() -> None:
    async with home("ac") as found, found.source() as source:
        kinds = {type(reading) for reading in (await source.read()).readings}
        assert kinds == {BatteryReading, GridReading, LoadReading}


@warped
async def test_the_load_of_a_three_phase_unit_is_an_estimate() -> None:
    async with home("hybrid-3ph") as found, found.source() as source:
        sample = await source.read()
        assert one(sample, LoadReading).quality is Quality.ESTIMATED
        assert one(sample, GridReading).quality is Quality.GOOD
        assert one(sample, SolarReading).losses_w is None  # type: ignore[attr-defined]


@warped
async def test_a_page_that_is_not_believed_grows_old_and_is_stale_after_five_minutes() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        first = one(await source.read(), GridReading)
        await found.plant.act("fault", name="zero-page", device=INVERTER, bank="IR", base=0)
        await elapse(60)
        held = one(await source.read(), GridReading)
        assert (held.at, held.power_w, held.quality) == (first.at, first.power_w, Quality.GOOD)
        await elapse(301)
        assert one(await source.read(), GridReading).quality is Quality.STALE


@warped
async def test_the_live_page_is_read_every_time_and_the_others_take_turns() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        await source.read()
        await source.read(frozenset({"config"}))
        found.house.requests.clear()
        await elapse(15)
        await source.read()
        assert [(r.device, r.register) for r in found.house.requests] == [(INVERTER, 0)]
        await elapse(60)
        await source.read()
        assert len(found.house.requests) > 3
        found.house.requests.clear()
        await source.read(frozenset({"config"}))
        asked = {(r.bank, r.base) for r in found.house.requests if isinstance(r, ReadRequest)}
        assert {(Bank.HR, 0), (Bank.HR, 60), (Bank.HR, 120)} <= asked


@warped
async def test_the_slower_pages_are_read_when_the_clock_is_set_back() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        await source.read()
        await source.read(frozenset({"config"}))
        found.house.clock.back = timedelta(hours=1)
        await elapse(15)
        found.house.requests.clear()
        await source.read()
        assert len(found.house.requests) > 3
        found.house.requests.clear()
        await elapse(15)
        await source.read()
        assert [(r.device, r.register) for r in found.house.requests] == [(INVERTER, 0)]


@warped
async def test_a_unit_that_falls_silent_behind_its_live_page_says_what_is_missing() -> None:
    async with home("hybrid-gen1") as found, found.source() as source:
        await source.read()
        await elapse(100)
        await found.plant.act("fault", name="silent-window", device=0x32, s=30)
        sample = await source.read()
        assert one(sample, GridReading).power_w is not None
        ((what, why),) = sample.missing.items()
        assert "IR" in what
        assert "did not answer" in why


@warped
async def test_every_field_has_its_unit_its_age_and_its_secrecy() -> None:
    async with home("hybrid-gen1") as found, found.source() as source:
        await source.read()
        await elapse(10)
        sample = await source.read(frozenset({"config"}))
        first, pack, _ = (sample.details[device] for device in source.devices())
        by_key = {detail.key: detail for detail in first}
        battery = by_key["p_battery"]
        assert (battery.label, battery.unit, battery.quality) == ("p battery", "W", Quality.GOOD)
        assert battery.at is not None
        assert sample.at - battery.at <= timedelta(seconds=5)
        assert by_key["model"].value == "hybrid gen1"
        assert by_key["charge_slot_1"].value is not None
        assert by_key["serial_number"].secret
        assert by_key["data_adapter_serial_number"].secret
        assert by_key["retry_count"].value == 0
        assert not by_key["p_battery"].secret
        assert {"soc", "v_cell_01", "cell_voltages"} <= {detail.key for detail in pack}


# What can be asked


@warped
async def test_only_the_root_can_be_told_and_only_what_its_model_takes() -> None:
    async with home("hybrid-gen1") as found, found.source() as source:
        pack = list(source.devices())[1]
        assert source.ability(root(source), LIMITS_CHARGE) is not None
        assert source.ability(root(source), PAUSES_CHARGE) is not None
        assert source.ability(root(source), LIMITS_CURRENT) is None
        assert source.ability(pack, LIMITS_CHARGE) is None
    async with home("ems") as found, found.source() as source:
        assert source.ability(root(source), LIMITS_CHARGE) is None


@warped
async def test_a_reserve_is_written_read_back_and_not_written_again() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), SETS_RESERVE)
        assert able is not None
        receipt = await able.set_reserve(20)
        assert (receipt.outcome, receipt.asked, receipt.read_back) == (Outcome.CONFIRMED, 20, 20)
        assert await found.stored(110) == 20
        found.house.requests.clear()
        again = await able.set_reserve(20)
        assert (again.outcome, again.reason) == (
            Outcome.CONFIRMED,
            "it was set already; nothing was written",
        )
        assert not any(isinstance(request, WriteRequest) for request in found.house.requests)


@warped
async def test_pausing_one_direction_leaves_the_other_as_it_is() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        charge, discharge = (source.ability(root(source), t) for t in (PAUSES_CHARGE, PAUSES_DISCHARGE))
        assert charge is not None
        assert discharge is not None
        await charge.pause_charge(1)
        assert await found.stored(318) == 1
        receipt = await discharge.pause_discharge(1)
        assert (await found.stored(318), receipt.read_back) == (3, 1)
        receipt = await charge.pause_charge(0)
        assert (await found.stored(318), receipt.outcome) == (2, Outcome.CONFIRMED)


@warped
async def test_an_acknowledgement_that_was_a_lie_is_found_out() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), SETS_CHARGE_TARGET)
        assert able is not None
        await found.plant.act("fault", name="ignored-write")
        receipt = await able.set_charge_target(77)
        assert receipt.outcome is Outcome.DIFFERENT
        assert receipt.read_back == await found.stored(116)
        assert "HR(116) is" in receipt.reason


@warped
async def test_a_unit_that_refuses_is_a_refusal_with_what_it_holds() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), LIMITS_CHARGE)
        assert able is not None
        held = await found.stored(111)
        await found.plant.act("fault", name="busy", s=100)
        receipt = await able.limit_charge(10)
        assert (receipt.outcome, receipt.read_back) == (Outcome.REFUSED, held)


@warped
async def test_a_lost_echo_is_confirmed_by_reading_back() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), LIMITS_CHARGE)
        assert able is not None
        await found.plant.act("fault", name="lost-ack", times=1)
        receipt = await able.limit_charge(10)
        assert (receipt.outcome, receipt.read_back) == (Outcome.CONFIRMED, 10)


@warped
async def test_two_hundred_writes_are_enough_for_a_day() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), LIMITS_CHARGE)
        assert able is not None
        assert await found.house.spend(f"givenergy/{root(source)}/writes", 199, 200, 86_400)
        await able.limit_charge(11)
        with pytest.raises(BudgetSpent, match="200 times within a day"):
            await able.limit_charge(12)
        assert await found.stored(111) == 11


@warped
async def test_nothing_outside_the_envelope_is_sent() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), LIMITS_CHARGE)
        assert able is not None
        found.house.requests.clear()
        for value in (51, -1, True, float("nan")):
            with pytest.raises(Unsafe, match="0 to 50 %/h"):
                await able.limit_charge(value)
        assert found.house.requests == []


@warped
async def test_the_clock_is_set_to_the_wall_clock_of_its_zone() -> None:
    async with home("hybrid-gen2", **{"clock-drift": "0"}) as found:
        await found.plant.act("clock", at="2020-01-01T00:00:00")
        async with found.source(time_zone="Europe/London") as source:
            able = source.ability(root(source), SETS_CLOCK)
            assert able is not None
            receipt = await able.set_clock(1)
            assert receipt.outcome is Outcome.CONFIRMED
            assert [await found.stored(register) for register in (35, 36, 37, 38)] == [26, 6, 21, 9]


@warped
async def test_a_restart_is_acknowledged_and_the_source_finds_its_way_back() -> None:
    async with home("hybrid-gen2") as found, found.source() as source:
        able = source.ability(root(source), RESTARTS)
        assert able is not None
        assert (await able.restart(1)).outcome is Outcome.ACKNOWLEDGED
        await elapse(30)
        with pytest.raises(OhmsteadError):
            await source.read()
        await elapse(100)
        assert one(await source.read(), GridReading).power_w is not None
        assert found.plant.state()["reboots"] == 1


# The table


def test_a_time_zone_that_does_not_exist_is_said_with_an_example() -> None:
    with pytest.raises(ConfigError, match=r'not in the time zone database.*"Europe/London"'):
        GivEnergyConfig(url="givenergy://192.0.2.7", time_zone="Europe/Londn")


@pytest.mark.parametrize("url", ["givenergy://", "givenergy://:8899", "givenergy://host:port"])
def test_an_address_that_is_none_is_said_with_an_example(url: str) -> None:
    with pytest.raises(ConfigError, match=r'url = "givenergy://192\.0\.2\.7"'):
        _ = GivEnergyConfig(url=url).address


def test_the_port_has_the_vendors_default() -> None:
    assert GivEnergyConfig(url="givenergy://192.0.2.7").address == ("192.0.2.7", 8899)
