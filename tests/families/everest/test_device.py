"""The source: an EVSE's words in, the house's words out, and every command read back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.config import EverestConfig, websocket_url
from ohmstead.families.everest.device import EverestSource, connect
from ohmstead.families.everest.meaning import STATES
from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.server import RpcSettings, rpc_server
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.tls import certificate_files
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.kit.world import World
from ohmstead.model import (
    ABILITIES,
    ALLOWS_CHARGING,
    LIMITS_CHARGER_POWER,
    LIMITS_CURRENT,
    SELECTS_PHASES,
    SWITCHES,
    Ability,
    AuthFailed,
    BadAnswer,
    ChargerReading,
    ChargerState,
    Clock,
    ConfigError,
    Connector,
    DeviceId,
    LimitedBy,
    OhmsteadError,
    Outcome,
    Sample,
    ScaledClock,
    SimulatorOptions,
    Unreachable,
    Unsafe,
)
from ohmstead.testing import elapse, warped

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)
FIRST = DeviceId("garage/1")


class Home:
    def __init__(self, source: EverestSource, simulator: RunningChargePoint) -> None:
        self.source = source
        self.simulator = simulator

    async def sample(self) -> Sample:
        return await self.source.read()

    async def reading(self) -> ChargerReading:
        (reading,) = (await self.source.read()).readings
        assert isinstance(reading, ChargerReading)
        return reading

    def able(self, ability: Ability[Any]) -> Any:  # Any: an ability's protocol, or None
        return self.source.ability(FIRST, ability)

    def abilities(self, device: DeviceId = FIRST) -> set[str]:
        return {name for name, token in ABILITIES.items() if self.source.ability(device, token) is not None}


@asynccontextmanager
async def home(
    model: str = "one-ac", services: LocalServices | None = None, **extras: str
) -> AsyncIterator[Home]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    async with (
        simulate(SimulatorOptions(model=model, extras=extras), world) as simulator,
        TaskScope() as scope,
    ):
        scope.start(world.run())
        config = EverestConfig(url=f"everest://127.0.0.1:{simulator.listener.port}", name="garage")
        async with connect(config, services or LocalServices(clock)) as source:
            yield Home(source, simulator)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("everest://192.0.2.7", "ws://192.0.2.7:8080"),
        ("everest://192.0.2.7:9000", "ws://192.0.2.7:9000"),
        ("everests://garage.example", "wss://garage.example:8443"),
        ("everest://[2001:db8::7]", "ws://[2001:db8::7]:8080"),
        ("192.0.2.7:81", "ws://192.0.2.7:81"),
    ],
)
def test_a_url_says_where_and_whether_encrypted(url: str, expected: str) -> None:
    assert websocket_url(url) == expected


@pytest.mark.parametrize("url", ["everest://", "https://192.0.2.7", "everest://192.0.2.7:many"])
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(ConfigError):
        websocket_url(url)


def test_every_state_has_its_meaning() -> None:
    assert set(STATES) == set(EVSEStateEnum)


@warped
async def test_a_charging_car_is_a_charger_reading() -> None:
    async with home(plugged="true", car="hlc") as here:
        await elapse(60)
        sample = await here.sample()

    (reading,) = sample.readings
    assert isinstance(reading, ChargerReading)
    assert (reading.device, reading.state, reading.phases) == (FIRST, ChargerState.CHARGING, 3)
    assert reading.power_w == pytest.approx(11_040, rel=0.01)
    assert reading.limit_a == 32.0
    assert reading.vehicle_soc_pct == 40
    assert reading.session_energy_wh is not None
    assert 150 < reading.session_energy_wh < 200
    facts = sample.charge_points[FIRST]
    assert (facts.connector, facts.phases, facts.most_a, facts.has_charged) == (
        Connector.TYPE_2,
        3,
        32.0,
        True,
    )
    assert facts.voltages_v == pytest.approx((230.0, 230.0, 230.0), rel=0.01)


@warped
async def test_every_member_is_a_detail_with_its_unit() -> None:
    async with home() as here:
        await elapse(5)
        details = {detail.key: detail for detail in (await here.sample()).details[FIRST]}

    assert details["hardware.max_current_A_import"].value == 32.0
    assert details["hardware.max_current_A_import"].unit == "A"
    assert details["info.available_connectors.1.type"].value == "cType2"
    assert details["info.id"].secret
    assert details["meter.meter_id"].secret


@warped
async def test_what_an_evse_can_be_asked_for_follows_from_what_it_is() -> None:
    async with home() as here:
        assert here.abilities() == {"limits_current", "limits_charger_power", "allows_charging", "switches"}
    async with home("ac-phase-switch") as here:
        assert "selects_phases" in here.abilities()
    async with home("one-dc") as here:
        assert here.abilities() == {"switches"}
    async with home("no-identifier") as here:
        assert here.abilities() == {"limits_current", "limits_charger_power", "allows_charging"}


@pytest.mark.parametrize("mode", ["reference", "improved"])
@warped
async def test_an_evse_that_never_tells_its_identifier_is_taken_as_it_is_after_two_seconds(mode: str) -> None:
    begun_s = asyncio.get_running_loop().time()
    async with home("no-identifier", mode=mode) as here:
        took_s = asyncio.get_running_loop().time() - begun_s
        sample = await here.sample()

    assert 2.0 <= took_s < 3.0
    assert [reading.state for reading in sample.readings] == [ChargerState.EMPTY]


@warped
async def test_a_current_is_confirmed_and_zero_stops() -> None:
    async with home(plugged="true") as here:
        await elapse(20)
        limited = await here.able(LIMITS_CURRENT).limit_current(7.5)
        await elapse(3)
        assert (await here.reading()).limit_a == 7.5
        stopped = await here.able(LIMITS_CURRENT).limit_current(0)
        assert ((await here.reading()).state, (await here.reading()).limit_a) == (
            ChargerState.PAUSED_BY_CHARGER,
            0.0,
        )
        again = await here.able(LIMITS_CURRENT).limit_current(16)
        await elapse(3)
        charging = await here.reading()

    assert [receipt.outcome for receipt in (limited, stopped, again)] == [Outcome.CONFIRMED] * 3
    assert (charging.state, charging.limit_a) == (ChargerState.CHARGING, 16.0)


@warped
async def test_somebody_elses_limit_shows_in_the_receipt() -> None:
    async with home(plugged="true") as here:
        await here.simulator.act("limit", source="load_management", current_a=10)
        await elapse(20)
        receipt = await here.able(LIMITS_CURRENT).limit_current(16)

    assert (receipt.outcome, receipt.asked, receipt.read_back) == (Outcome.DIFFERENT, 16.0, 10.0)
    assert receipt.limited_by is LimitedBy.LOAD_MANAGEMENT
    assert "ErrorValuesNotApplied" in receipt.reason


@warped
async def test_phases_power_allowance_and_service_are_read_back() -> None:
    async with home("ac-phase-switch", plugged="true") as here:
        await elapse(20)
        phases = await here.able(SELECTS_PHASES).select_phases(1)
        await elapse(10)
        assert (await here.reading()).power_w == pytest.approx(3_680, rel=0.01)
        power = await here.able(LIMITS_CHARGER_POWER).limit_charger_power(2_300)
        await elapse(5)
        assert (await here.reading()).power_w == pytest.approx(2_300, rel=0.01)
        forbidden = await here.able(ALLOWS_CHARGING).allow_charging(0)
        allowed = await here.able(ALLOWS_CHARGING).allow_charging(1)
        off = await here.able(SWITCHES).switch(0)
        await elapse(2)
        assert (await here.reading()).state is ChargerState.UNAVAILABLE
        on = await here.able(SWITCHES).switch(1)

    receipts = (phases, power, forbidden, allowed, off, on)
    assert [receipt.outcome for receipt in receipts] == [Outcome.CONFIRMED] * 6


@warped
async def test_a_stronger_say_is_not_overridden() -> None:
    async with home() as here:
        await here.simulator.act("enable", source="OCPP", is_enabled=False, priority=0)
        receipt = await here.able(SWITCHES).switch(1)

    assert (receipt.outcome, receipt.read_back) == (Outcome.DIFFERENT, 0.0)


@warped
async def test_nothing_unsafe_is_sent() -> None:
    async with home() as here:
        for value in (3.0, 33.0, -6.0):
            with pytest.raises(Unsafe):
                await here.able(LIMITS_CURRENT).limit_current(value)
        assert here.simulator.state()["evses"][0]["limits_a"] == {"hardware": 32.0}


@warped
async def test_a_severe_error_is_a_fault_and_named() -> None:
    async with home() as here:
        await here.simulator.act("error", severity="High", type="evse_board_support/MREC14PilotFault")
        await elapse(1)
        sample = await here.sample()
        assert sample.charge_points[FIRST].alerts == ("evse_board_support/MREC14PilotFault",)
        assert (await here.reading()).state is ChargerState.FAULTED
        await here.simulator.act("clear_error")
        await elapse(1)
        assert (await here.reading()).state is ChargerState.EMPTY


@pytest.mark.parametrize("mode", ["reference", "improved"])
@warped
async def test_an_evse_with_two_connectors_is_taken_out_of_service_as_a_whole(mode: str) -> None:
    async with home("two-connectors", mode=mode) as here:
        off = await here.able(SWITCHES).switch(0.0)
        out = [one["is_enabled"] for one in here.simulator.state()["evses"]]
        on = await here.able(SWITCHES).switch(1.0)

    assert (off.outcome, on.outcome, out) == (Outcome.CONFIRMED, Outcome.CONFIRMED, [False])


@warped
async def test_the_connector_that_a_car_is_at_is_the_charge_points() -> None:
    async with home("two-connectors") as here:
        found = [(await here.sample()).charge_points[FIRST].connector]
        await here.simulator.act("plug", connector=2)
        await elapse(5)
        found.append((await here.sample()).charge_points[FIRST].connector)

    assert found == [Connector.TYPE_2, Connector.UNKNOWN]


@warped
async def test_each_evse_is_a_device() -> None:
    async with home("two-ac") as here:
        await elapse(2)
        infos = here.source.devices()
        sample = await here.sample()

    assert list(infos) == ["garage/1", "garage/2"]
    assert infos[FIRST].serial == "DE*OHM*E00001*1"
    assert [reading.device for reading in sample.readings] == ["garage/1", "garage/2"]


@warped
async def test_a_broken_connection_comes_back_by_itself() -> None:
    async with home() as here:
        await here.sample()
        await here.simulator.act("kick")
        with pytest.raises(OhmsteadError):
            await here.sample()
        await elapse(10)
        assert (await here.reading()).state is ChargerState.EMPTY


async def asked_twice(services: Remembering, *models: str, mode: str = "reference") -> list[list[str]]:
    """What goes to charge points that are met at the same address, one after the other: to a first and a second poll."""
    lives: list[list[str]] = []
    for model in models:
        async with home(model, services=services, mode=mode) as here:
            await here.sample()
            services.told.append("")
            await here.sample()
        lives.append([*services.told])
        services.told.clear()
    return lives


@warped
async def test_a_reference_that_is_remembered_is_asked_for_what_changes_and_checked_later() -> None:
    services = Remembering(ScaledClock(MORNING))
    first, second = await asked_twice(services, "one-ac", "one-ac")

    live = ["GetStatus", "GetMeterData"]
    assert first == [
        *("Hello", "Hello", "GetEVSEInfos", "GetHardwareCapabilities", *live, "GetActiveErrors", ""),
        *("GetActiveErrors", *live),
    ]
    assert second == [
        *("Hello", *live, ""),
        *("GetEVSEInfos", "GetHardwareCapabilities", "GetActiveErrors", *live),
    ]


@warped
async def test_a_server_of_ours_tells_everything_at_once() -> None:
    (asked,) = await asked_twice(Remembering(ScaledClock(MORNING)), "one-ac", mode="improved")

    assert asked == ["Hello", "GetSnapshot", "", "GetActiveErrors", "GetStatus", "GetMeterData"]


@warped
async def test_a_reference_that_has_another_evse_than_it_had_is_opened_anew() -> None:
    services = Remembering(ScaledClock(MORNING))
    async with home("one-ac", services=services, mode="reference"):
        pass
    async with home("two-ac", services=services, mode="reference") as here:
        assert len((await here.sample()).readings) == 1
        with pytest.raises(BadAnswer, match="not what it was before"):
            await here.sample()
    async with home("two-ac", services=services, mode="reference") as here:
        assert len((await here.sample()).readings) == 2


@warped
async def test_what_greets_otherwise_than_it_did_is_met_anew() -> None:
    services = Remembering(ScaledClock(MORNING))
    async with home("one-ac", services=services, mode="reference"):
        known = msgspec.json.decode(services.kept["everest/garage"])
    known["hello"]["charger_info"]["firmware_version"] = "older"
    services.kept["everest/garage"] = msgspec.json.encode(known).decode()
    services.told.clear()
    async with home("one-ac", services=services, mode="reference") as here:
        assert len((await here.sample()).readings) == 1
    assert services.told[:4] == ["Hello", "Hello", "Hello", "GetEVSEInfos"]


@warped
async def test_a_memory_that_is_none_is_asked_for_everything() -> None:
    services = Remembering(ScaledClock(MORNING))
    services.kept["everest/garage"] = '{"evses": 7}'
    async with home("one-ac", services=services, mode="reference") as here:
        assert len((await here.sample()).readings) == 1


class Remembering(LocalServices):
    """Keeps over lives what it is told, and which methods it saw called."""

    def __init__(self, clock: Clock) -> None:
        self.told: list[str] = []
        self.kept: dict[str, str] = {}
        super().__init__(clock, self._hear)

    def _hear(self, direction: str, data: bytes) -> None:
        if direction == ">" and (found := re.search(rb'"method":"\w+\.(\w+)"', data)):
            self.told.append(found[1].decode())

    async def remember(self, key: str, text: str) -> None:
        self.kept[key] = text

    async def recall(self, key: str) -> str | None:
        return self.kept.get(key)


@warped
async def test_an_encrypted_charge_point_is_known_by_its_fingerprint_and_knows_us_by_a_token(
    tmp_path: Path,
) -> None:
    clock = ScaledClock(MORNING)
    certificate = certificate_files(tmp_path, now=MORNING)
    tokens = TokenStore(tmp_path / "tokens.json")
    token = tokens.create("house", (Scope.READ, Scope.CONTROL), now=MORNING, expires_at=None)
    world = World(clock)
    async with (
        simulate(SimulatorOptions(), world) as simulator,
        TaskScope() as scope,
        rpc_server(
            simulator.station.point,
            settings=RpcSettings(authentication=True),
            gate=Gate(tokens, clock),
            clock=clock,
        ) as server,
        rpc_ports(server, port=None, tls_port=0, certificate=certificate) as ports,
    ):
        scope.start(world.run())
        await elapse(2)
        url = f"everests://127.0.0.1:{ports.endpoints['rpcapi_tls']}"
        services = Secretive(clock, token)
        known = EverestConfig(url=url, name="garage", token="door", fingerprint=certificate.fingerprint)
        async with connect(known, services) as source:
            assert len((await source.read()).readings) == 1
            receipt = await source.ability(FIRST, LIMITS_CURRENT).limit_current(10)  # type: ignore[union-attr]
            assert receipt.outcome is Outcome.CONFIRMED
        other = EverestConfig(url=url, name="garage", token="door", fingerprint="00" * 32)
        with pytest.raises(Unreachable, match="another one than the pinned"):
            async with connect(other, services):
                pass
        nobody = EverestConfig(url=url, name="garage", fingerprint=certificate.fingerprint)
        with pytest.raises(AuthFailed, match="authentication required"):
            async with connect(nobody, services):
                pass


class Secretive(LocalServices):
    """Knows one secret."""

    def __init__(self, clock: Clock, text: str) -> None:
        super().__init__(clock)
        self._text = text

    def secret(self, reference: str) -> str:
        assert reference == "door"
        return self._text


@warped
async def test_what_a_car_says_for_the_display_changes_no_command_of_ours() -> None:
    silent = await sent({})
    absurd = await sent({"present_soc": 100, "charging_complete": True, "inlet_hot": True})

    assert silent == absurd
    assert any(b"SetACChargingCurrent" in frame for frame in silent)


async def sent(told: dict[str, object]) -> list[bytes]:
    """All that we send while a car charges and is commanded about."""
    frames: list[bytes] = []
    clock = ScaledClock(MORNING)
    world = World(clock)
    options = SimulatorOptions(extras={"plugged": "true", "car": "hlc"})
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        await simulator.act("display", members=told)
        config = EverestConfig(url=f"everest://127.0.0.1:{simulator.listener.port}", name="garage")

        def tap(direction: str, data: bytes) -> None:
            if direction == ">":
                frames.append(data)

        async with connect(config, LocalServices(clock, tap)) as source:
            for current_a in (10, 0, 16, 6):
                await elapse(20)
                reading = (await source.read()).readings[0]
                assert getattr(reading, "vehicle_soc_pct", None) == told.get("present_soc")
                ability = source.ability(FIRST, LIMITS_CURRENT)
                assert ability is not None
                assert (await ability.limit_current(current_a)).outcome is Outcome.CONFIRMED
    return frames
