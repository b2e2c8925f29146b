"""A simulated Wall Connector as an EVSE: the gateway's charge-point interface, driven by our own client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.everest import Client, connected
from ohmstead.families.everest.bridge import RpcTable, serve
from ohmstead.families.everest.schema.documents import Deviation, deviations
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.terminal.exchange import Exchange
from ohmstead.gateway import Gateway, GatewayChargers, SiteFile, open_gateway
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import DialMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.registry import config_from_table, family, load
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.kit.world import World
from ohmstead.model import (
    ConnectionLost,
    DeviceConfig,
    DeviceId,
    LimitedBy,
    Outcome,
    Refused,
    ScaledClock,
    Serving,
    Simulator,
    SimulatorOptions,
)
from ohmstead.testing import elapse, warped

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)
EXTENSIONS = ("details", "limits", "combined")
STORING, VOLATILE = "24.36.3-eu3", "25.34.1-eu3"
"""One keeps every limit in flash memory and cannot stop a car; the other takes temporary limits and a stop."""


class Home:
    """A gateway with one Wall Connector, its interface, a typed client, and whoever asks having opted in."""

    def __init__(self, gateway: Gateway, simulator: Simulator, client: Client, dial: DialMessages) -> None:
        self.gateway = gateway
        self.simulator = simulator
        self.client = client
        self._dial = dial

    async def asked(self, method: str, **params: object) -> Any:  # Any: JSON
        async with self._dial() as link:
            exchange = Exchange(link)
            await exchange.greet(EXTENSIONS, "")
            return await exchange.ask(f"EVSE.{method}", {"evse_index": 1, **params})

    async def error(self, method: str, **params: object) -> str:
        return str((await self.asked(method, **params))["error"])

    async def applied(self, method: str, **params: object) -> tuple[str, Any]:
        """The error, and what is in force with who decided so."""
        result = await self.asked(method, **params)
        applied = result["applied"]
        return result["error"], (applied["value"], applied.get("limited_by"))

    async def status(self) -> Any:
        return (await self.asked("GetStatus"))["status"]

    @property
    def unit(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.simulator.state()["units"][0]
        return found

    async def polled(self) -> None:
        await elapse(12)


Lives = Callable[[], AbstractAsyncContextManager[Home]]


@asynccontextmanager
async def home(
    directory: Path,
    model: str = VOLATILE,
    *,
    make: str = "tesla-wall-connector",
    control: bool = True,
    access_point: bool = True,
    **extras: str,
) -> AsyncIterator[Home]:
    async with unit(model, make=make, **extras) as (simulator, clock):
        url = simulator.ready["url"] if access_point else simulator.ready["url"].partition("?")[0]
        device = config_from_table({"url": url, "name": "drive", "control": control})
        async with lived_in(simulator, clock, directory, device) as here:
            yield here


@asynccontextmanager
async def unit(
    model: str, *, make: str = "tesla-wall-connector", **extras: str
) -> AsyncIterator[tuple[Simulator, ScaledClock]]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    options = SimulatorOptions(model=model, extras={"latency": "none", "drop-outs": "0", **extras})
    async with load(family(make).simulate)(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        yield simulator, clock


@asynccontextmanager
async def lived_in(
    simulator: Simulator, clock: ScaledClock, directory: Path, device: DeviceConfig
) -> AsyncIterator[Home]:
    """From a start of the gateway to its end."""
    site_file = SiteFile(path=directory / "site.toml", devices=(device,))
    serving = Serving(table=RpcTable(port=0), directory=directory)
    violations: list[Deviation] = []
    async with (
        TaskScope() as scope,
        open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway,
        serve(
            GatewayChargers(gateway, "rpcapi"), serving, Gate(TokenStore(directory / "tokens.json"), clock)
        ) as ports,
    ):
        dial = websocket(f"ws://127.0.0.1:{ports['rpcapi']}", protocols=("EVerestRpcApi",))
        scope.start(witness(dial, violations))
        async with connected(dial) as client:
            await client.ready()
            await elapse(20)
            yield Home(gateway, simulator, client, dial)
    assert violations == []


async def witness(dial: DialMessages, violations: list[Deviation]) -> None:
    """A client that knows nothing of our additions, and holds every announcement against the schema."""
    async with dial() as link:
        exchange = Exchange(link)
        await exchange.greet((), "")
        with suppress(ConnectionLost):
            async for heard in exchange.announcements():
                violations += deviations(heard.params, NOTIFICATIONS[heard.method].params)


@warped
async def test_a_wall_connector_is_an_evse_with_its_plug_and_its_meter(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true", car="pwm") as here:
        await elapse(120)
        (info,) = (await here.client.evse_infos()).infos
        status = await here.status()
        meter = (await here.asked("GetMeterData"))["meter_data"]
        hardware = (await here.asked("GetHardwareCapabilities"))["hardware_capabilities"]

    serial = here.unit["serial"]
    assert (info.id, info.available_connectors[0].type) == (serial, "cType2")
    assert info.supported_energy_transfer_modes == ("AC_three_phase_core",)
    assert (status["state"], status["charge_protocol"], status["available"]) == ("Charging", "IEC61851", True)
    assert status["ac_charge_param"]["evse_max_current"] == 32.0
    assert status["ac_charge_status"]["evse_active_phase_count"] == 3
    assert status["charged_energy_wh"] > 200
    assert 60 <= status["charging_duration_s"] <= 130
    assert (meter["serial_number"], meter["meter_id"]) == (serial, serial)
    assert set(meter["voltage_V"]) == {"L1", "L2", "L3"}
    assert meter["power_W"]["total"] == pytest.approx(11_000, rel=0.05)
    assert (hardware["min_current_A_import"], hardware["max_current_A_import"]) == (6.0, 32.0)
    assert not hardware["phase_switch_during_charging"]


@warped
async def test_a_digital_pilot_is_no_protocol_of_the_interface(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true", car="tesla") as here:
        await elapse(60)
        assert (await here.status())["charge_protocol"] == "Unknown"


@warped
async def test_a_current_within_the_range_is_read_back(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        outcome = await here.client.set_ac_charging_current(1, 10)
        assert outcome.is_applied
        await here.polled()
        status = await here.status()
        (entry,) = await here.gateway.commands.ledger()

    assert status["ac_charge_param"]["evse_max_current"] == 10.0
    assert (entry.origin, entry.asked) == ("rpcapi", 10.0)
    assert here.unit["flash_writes"] == 0


@warped
async def test_what_lies_between_two_steps_is_never_more_than_was_asked_for(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.applied("SetACChargingCurrent", max_current=10.9) == (
            "ErrorValuesNotApplied",
            (10.0, "hardware"),
        )


@warped
async def test_above_the_installers_value_is_clamped_and_refused_when_strict(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        strict = await here.error("SetACChargingCurrent", max_current=40, strict=True)
        clamped = await here.applied("SetACChargingCurrent", max_current=40)

    assert strict == "ErrorOutOfRange"
    assert clamped == ("ErrorValuesNotApplied", (32.0, "installer_limit"))


@warped
async def test_what_a_group_of_units_shares_is_a_limit_of_each(tmp_path: Path) -> None:
    extras = {"units": "2", "network-limit": "20"}
    async with home(tmp_path, STORING, **extras) as here:
        enforced_a = (await here.status())["ac_charge_param"]["evse_max_current"]
        hardware = (await here.asked("GetHardwareCapabilities"))["hardware_capabilities"]
        strict = await here.error("SetACChargingCurrent", max_current=24, strict=True)
        clamped = await here.applied("SetACChargingCurrent", max_current=24)
        below = await here.applied("SetACChargingCurrent", max_current=10)
        await here.polled()
        limits = (await here.asked("GetLimits"))["limits"]

    assert (enforced_a, hardware["max_current_A_import"]) == (20.0, 32.0)
    assert strict == "ErrorOutOfRange"
    assert clamped == ("ErrorValuesNotApplied", (20.0, "network_limit"))
    assert below == ("NoError", (10.0, None))
    assert [(one["source"], one["value"], one["active"]) for one in limits] == [
        ("installer_limit", 32.0, False),
        ("network_limit", 20.0, False),
        ("client", 10.0, True),
    ]


@warped
async def test_an_empty_budget_holds_a_wish_back_shows_it_and_carries_it_out_later(tmp_path: Path) -> None:
    async with home(tmp_path, STORING, plugged="true") as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13):
            assert await here.applied("SetACChargingCurrent", max_current=current_a) == (
                "NoError",
                (current_a, None),
            )
        assert here.unit["flash_writes"] == 3
        refused = await here.applied("SetACChargingCurrent", max_current=9)
        limits = (await here.asked("GetLimits"))["limits"]
        assert here.unit["flash_writes"] == 3
        await elapse(1000)
        later = await here.status()
        entries = await here.gateway.commands.ledger()
        writes = here.unit["flash_writes"]

    assert refused == ("ErrorValuesNotApplied", (13.0, "wear_budget"))
    waiting = [limit for limit in limits if limit["source"] == "wear_budget"]
    assert [(limit["value"], limit["active"]) for limit in waiting] == [(9.0, False)]
    assert later["ac_charge_param"]["evse_max_current"] == 9.0
    assert writes == 4
    assert (entries[0].asked, entries[0].reason) == (9.0, "held back before")
    assert entries[0].receipt is not None
    assert entries[0].receipt.outcome is Outcome.CONFIRMED


@warped
async def test_a_wish_for_a_while_that_was_held_back_ends_unfulfilled(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        held_back = await here.error("SetACChargingCurrent", max_current=9, valid_for_s=60)
        await elapse(2_000)
        entries = await here.gateway.commands.ledger()

        assert held_back == "ErrorValuesNotApplied"
        assert (await here.status())["ac_charge_param"]["evse_max_current"] == 32.0
        assert [one.asked for one in entries if one.reason == "held back before"] == [32.0]


@warped
async def test_a_wish_that_was_held_back_outlives_a_restart(tmp_path: Path) -> None:
    async with unit(STORING, plugged="true") as (simulator, clock):
        await simulator.act("window", hidden_min=None, lapsed_min=100_000)
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        async with lived_in(simulator, clock, tmp_path, device) as here:
            for current_a in (15, 14, 13, 9):
                await here.asked("SetACChargingCurrent", max_current=current_a)
        await elapse(1_200)
        async with lived_in(simulator, clock, tmp_path, device) as here:
            await elapse(2_000)  # putting the default back at the end was a write, too
            found = (await here.status())["ac_charge_param"]["evse_max_current"]
            (last, *_) = await here.gateway.commands.ledger()

    assert found == 9.0
    assert (last.asked, last.origin, last.reason) == (9.0, "rpcapi", "held back before")
    assert last.receipt is not None
    assert last.receipt.outcome is Outcome.CONFIRMED


@warped
async def test_a_window_that_closes_meanwhile_costs_no_write_and_no_wish(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        for current_a in (15, 14, 13, 9):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        await here.simulator.act("window", state="closed")
        await elapse(1000)
        (tried, *_) = await here.gateway.commands.ledger()
        writes = [here.unit["flash_writes"]]
        await here.simulator.act("window", state="open")
        await elapse(120)
        writes.append(here.unit["flash_writes"])
        status = await here.status()

    assert tried.receipt is not None
    assert (tried.reason, tried.receipt.limited_by) == ("held back before", LimitedBy.ACCESS_WINDOW)
    assert writes == [3, 4]
    assert status["ac_charge_param"]["evse_max_current"] == 9.0


@warped
async def test_a_newer_wish_is_in_the_place_of_one_that_was_held_back(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13, 9):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        assert await here.error("SetACChargingCurrent", max_current=13) == "NoError"
        await elapse(2000)

        assert (await here.status())["ac_charge_param"]["evse_max_current"] == 13.0
        assert here.unit["flash_writes"] == 3


@warped
async def test_who_has_not_opted_in_sees_the_error_alone(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        for current_a in (15, 14, 13):
            await here.client.set_ac_charging_current(1, current_a)
        outcome = await here.client.set_ac_charging_current(1, 9)

    assert outcome.error == "ErrorValuesNotApplied"


@warped
async def test_a_closed_access_window_is_said(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.simulator.act("window", state="closed")
        assert await here.applied("SetACChargingCurrent", max_current=10) == (
            "ErrorValuesNotApplied",
            (32.0, "access_window"),
        )


@pytest.mark.parametrize("without", [{"control": False}, {"access_point": False}])
@warped
async def test_a_unit_that_is_only_read_takes_no_wish(tmp_path: Path, without: dict[str, bool]) -> None:
    async with home(tmp_path, **without) as here:  # type: ignore[arg-type]  # flags
        current = await here.asked("SetACChargingCurrent", max_current=10)
        stop = await here.applied("SetChargingAllowed", charging_allowed=False)
        allowed = (await here.status())["charging_allowed"]
        entries = await here.gateway.commands.ledger()

    assert current["error"] == "ErrorValuesNotApplied"
    assert current["applied"]["limited_by"] == "not_supported"
    assert stop == ("ErrorValuesNotApplied", (True, "not_supported"))
    assert allowed
    assert entries == ()


@warped
async def test_charging_is_stopped_where_the_unit_can_and_allowed_again(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.client.set_ac_charging_current(1, 10)
        await here.polled()
        stopped = await here.client.set_charging_allowed(1, charging_allowed=False)
        assert stopped.is_applied
        await elapse(30)
        paused = await here.status()
        remembered = await here.error("SetACChargingCurrent", max_current=8)
        allowed = await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(60)
        charging = await here.status()

    assert (paused["state"], paused["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert (remembered, allowed) == ("NoError", "NoError")
    assert (charging["state"], charging["charging_allowed"]) == ("Charging", True)
    assert charging["ac_charge_param"]["evse_max_current"] == 8.0


@pytest.mark.parametrize(
    ("make", "model"), [("tesla-wall-connector", VOLATILE), ("everest", "one-ac")], ids=["tesla", "everest"]
)
@pytest.mark.parametrize(("wished_a", "offered_a"), [(40, 32.0), (9.55, 9.0)])
@warped
async def test_charging_goes_on_with_what_can_be_offered_of_a_wish_made_meanwhile(
    tmp_path: Path, make: str, model: str, wished_a: float, offered_a: float
) -> None:
    async with home(tmp_path, model, make=make, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known of either that it can be stopped
        await here.error("SetChargingAllowed", charging_allowed=False)
        await here.polled()
        await here.error("SetACChargingCurrent", max_current=wished_a)
        allowed = await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(60)
        status = await here.status()

    assert (allowed, status["state"], status["charging_allowed"]) == ("NoError", "Charging", True)
    assert status["ac_charge_param"]["evse_max_current"] == pytest.approx(offered_a, abs=0.6)


@pytest.mark.parametrize("current_a", [0, -5, 5.9])
@warped
async def test_too_little_is_a_stop_where_the_unit_can_stop(tmp_path: Path, current_a: float) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.client.set_ac_charging_current(1, 10)
        await here.polled()
        assert await here.error("SetACChargingCurrent", max_current=current_a) == "NoError"
        await elapse(30)
        status = await here.status()

    assert (status["state"], status["charging_allowed"]) == ("ChargingPausedEVSE", False)


@pytest.mark.parametrize("current_a", [0, 5])
@warped
async def test_a_setting_cannot_stop_a_car_and_is_not_lowered_instead(
    tmp_path: Path, current_a: float
) -> None:
    async with home(tmp_path, STORING, plugged="true") as here:
        await elapse(60)
        too_little = await here.applied("SetACChargingCurrent", max_current=current_a)
        stop = await here.applied("SetChargingAllowed", charging_allowed=False)
        status = await here.status()

    assert too_little == ("ErrorValuesNotApplied", (32.0, "minimum_current"))
    assert stop == ("ErrorValuesNotApplied", (True, "not_supported"))
    assert (status["state"], status["charging_allowed"]) == ("Charging", True)
    assert here.unit["flash_writes"] == 0


@warped
async def test_what_a_unit_has_no_means_for_is_not_supported(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.error("SetChargingAllowed", charging_allowed=True) == "NoError"
        assert await here.error("SetACChargingPhaseCount", phase_count=3) == "NoError"
        assert await here.error("SetACChargingPhaseCount", phase_count=1) == "ErrorOperationNotSupported"
        assert await here.error("SetDCChargingPower", max_power=5000) == "ErrorOperationNotSupported"
        both = {"charging_allowed": True, "max_power": 5000}
        assert await here.error("SetDCCharging", **both) == "ErrorOperationNotSupported"
        enable = {"connector_index": 1, "priority": 100}
        assert await here.error("EnableConnector", enable=True, **enable) == "NoError"
        assert await here.error("EnableConnector", enable=False, **enable) == "ErrorOperationNotSupported"
        with pytest.raises(Refused, match="not found"):
            await here.asked("SetFlags")


@warped
async def test_a_current_and_an_allowance_come_together(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known that this unit takes what can stop it
        stopped = await here.asked("SetACCharging", charging_allowed=False, max_current=9)
        await elapse(30)
        paused = await here.status()
        allowed = await here.asked("SetACCharging", charging_allowed=True, max_current=8)
        await elapse(60)
        charging = await here.status()
        limits = (await here.asked("GetLimits"))["limits"]

    assert (stopped["error"], paused["state"]) == ("NoError", "ChargingPausedEVSE")
    assert (allowed["error"], charging["state"]) == ("NoError", "Charging")
    assert charging["ac_charge_param"]["evse_max_current"] == 8.0
    assert [(limit["source"], limit["value"], limit["active"]) for limit in limits] == [
        ("installer_limit", 32.0, False),
        ("client", 8.0, True),
    ]


@warped
async def test_an_allowance_to_charge_with_nothing_stops(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()
        result = await here.asked("SetACCharging", charging_allowed=True, max_current=0)
        await elapse(30)
        status = await here.status()

    assert result["error"] == "ErrorValuesNotApplied"
    assert result["applied"]["charging_allowed"]["value"] is False
    assert (status["state"], status["charging_allowed"]) == ("ChargingPausedEVSE", False)


@warped
async def test_a_wish_for_a_while_ends_by_itself(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.error("SetACChargingCurrent", max_current=8, valid_for_s=60) == "NoError"
        await here.polled()
        during = await here.status()
        await elapse(90)
        after = await here.status()

    assert during["ac_charge_param"]["evse_max_current"] == 8.0
    assert after["ac_charge_param"]["evse_max_current"] == 32.0


ENDING = {"max_current": 8, "valid_for_s": 600}


@pytest.mark.parametrize("gone_s", [300, 3_600])
@warped
async def test_a_wish_for_a_while_ends_after_a_restart_too(tmp_path: Path, gone_s: float) -> None:
    async with unit("one-ac", make="everest", plugged="true") as (simulator, clock):
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        async with lived_in(simulator, clock, tmp_path, device) as here:
            assert await here.error("SetACChargingCurrent", **ENDING) == "NoError"
        await elapse(gone_s)
        offered_a = [evse["offered_a"] for evse in simulator.state()["evses"]]
        async with lived_in(simulator, clock, tmp_path, device) as here:
            for is_over in (gone_s > 600, True):
                await elapse(120)
                limits = (await here.asked("GetLimits"))["limits"]
                (own,) = [limit for limit in limits if limit["source"] == "client"]
                assert (own["value"], own["valid_until"] is None) == (
                    (32.0, True) if is_over else (8.0, False)
                )
                await elapse(300)

    assert offered_a == [8.0]


@pytest.mark.parametrize(
    ("newer", "expected_a"),
    [
        ({"max_current": 40, "strict": True}, 32.0),
        ({"max_current": 10}, 10.0),
        ({"max_current": 10, "valid_for_s": 30}, 32.0),
    ],
    ids=["refused", "for ever", "shorter"],
)
@warped
async def test_another_wish_takes_the_end_away_unless_it_is_refused(
    tmp_path: Path, newer: dict[str, object], expected_a: float
) -> None:
    async with home(tmp_path) as here:
        await here.error("SetACChargingCurrent", **ENDING)
        await here.error("SetACChargingCurrent", **newer)
        await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(700)
        status = await here.status()

    assert status["ac_charge_param"]["evse_max_current"] == expected_a


@pytest.mark.parametrize(
    ("method", "wish"),
    [
        ("SetACChargingCurrent", {"max_current": 0}),
        ("SetChargingAllowed", {"charging_allowed": False}),
        ("SetACCharging", {"charging_allowed": False, "max_current": 9}),
    ],
)
@warped
async def test_a_stop_for_a_while_ends_by_itself(
    tmp_path: Path, method: str, wish: dict[str, object]
) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known that this unit takes what can stop it
        assert await here.error(method, valid_for_s=120, **wish) == "NoError"
        await elapse(60)
        during = await here.status()
        await elapse(180)
        after = await here.status()

    assert (during["state"], during["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert (after["state"], after["charging_allowed"]) == ("Charging", True)


@warped
async def test_an_end_that_comes_while_a_charger_is_away_waits_for_it(tmp_path: Path) -> None:
    async with home(tmp_path, "one-ac", make="everest") as here:
        await here.error("SetACChargingCurrent", max_current=8, valid_for_s=60)
        await here.simulator.listener.pause()  # type: ignore[attr-defined]  # everest's simulator has one
        await here.simulator.act("kick")
        await elapse(300)
        entries = await here.gateway.commands.ledger()
        await here.simulator.listener.resume()  # type: ignore[attr-defined]
        await elapse(300)
        offered_a = [evse["offered_a"] for evse in here.simulator.state()["evses"]]

    assert [one.asked for one in entries] == [8.0]
    assert offered_a == [32.0]


@asynccontextmanager
async def lives_of_one_unit(directory: Path, model: str) -> AsyncIterator[tuple[Simulator, Lives]]:
    """Of gateways, one after the other; the unit's access window stays open unless a test closes it."""
    async with unit(model) as (simulator, clock):
        await simulator.act("window", hidden_min=None, lapsed_min=600.0)
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        yield simulator, lambda: lived_in(simulator, clock, directory, device)


def stored(simulator: Simulator) -> tuple[int, int]:
    """The current in the unit's flash memory, and how often that was written."""
    (found,) = simulator.state()["units"]
    return found["stored_a"], found["flash_writes"]


@pytest.mark.parametrize("gone_s", [60, 3_600], ids=["ends in the next life", "ended while nobody ran"])
@warped
async def test_a_wish_that_was_held_back_and_has_ended_is_not_carried_out_after_a_restart(
    tmp_path: Path, gone_s: float
) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            for current_a in (15, 14, 13):
                await here.asked("SetACChargingCurrent", max_current=current_a)
            held_back = await here.applied("SetACChargingCurrent", max_current=9, valid_for_s=600)
        before = stored(simulator)
        await elapse(gone_s)
        async with life() as here:
            await elapse(1_800)
            entries = await here.gateway.commands.ledger()
            assert here.gateway.held_back.waiting(DeviceId(entries[0].device), "limits_current") is None
        after = stored(simulator)

    assert held_back == ("ErrorValuesNotApplied", (13.0, "wear_budget"))
    assert (before, after) == ((32, 4), (32, 4))
    assert [entry.asked for entry in entries] == [32.0, 9.0, 13.0, 14.0, 15.0]


@pytest.mark.parametrize("gone_s", [60, 3_600], ids=["ends in the next life", "ended while nobody ran"])
@warped
async def test_a_wish_that_waits_for_the_window_and_has_ended_is_not_set_after_a_restart(
    tmp_path: Path, gone_s: float
) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            await simulator.act("window", state="closed")
            refused = await here.applied("SetACChargingCurrent", max_current=9, valid_for_s=600)
        await elapse(gone_s)
        async with life():
            await elapse(900)
            await simulator.act("window", state="open")
            await elapse(900)
        after = stored(simulator)

    assert refused == ("ErrorValuesNotApplied", (32.0, "access_window"))
    assert after == (32, 0)


@warped
async def test_a_wish_that_waits_for_the_window_is_set_after_a_restart_until_it_ends(tmp_path: Path) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            await simulator.act("window", state="closed")
            await here.error("SetACChargingCurrent", max_current=9, valid_for_s=3_600)
        async with life():
            await simulator.act("window", state="open")
            await elapse(300)
            during = stored(simulator)
            await elapse(3_600)
            after = stored(simulator)

    assert (during, after) == ((9, 1), (32, 2))


@warped
async def test_a_unit_that_is_gone_is_unknown_and_not_available(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert (await here.status())["state"] == "Unplugged"
        await here.simulator.act("power_cycle", off_s=600)
        await elapse(300)
        gone = await here.status()
        await elapse(600)
        back = await here.status()

    assert (gone["state"], gone["available"]) == ("Unknown", False)
    assert (back["state"], back["available"]) == ("Unplugged", True)


@warped
async def test_an_alert_of_the_unit_is_an_error_of_its_evse(tmp_path: Path) -> None:
    extras = {"handle-alert": "12"}
    async with home(tmp_path, **extras) as here:
        await here.simulator.act("button", hold_s=45)
        await elapse(42)
        errors = (await here.client.active_errors()).active_errors
        present = (await here.status())["error_present"]
        await elapse(120)
        later = (await here.client.active_errors()).active_errors

    assert [(error.type, error.sub_type, error.message) for error in errors] == [
        ("generic/VendorWarning", "12", "alert 12")
    ]
    assert present
    assert later == ()


@warped
async def test_a_session_is_told_from_plug_to_unplug(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        states = []
        await here.simulator.act("plug")
        for _ in range(60):
            await elapse(2)
            states.append((await here.status())["state"])
        await here.simulator.act("unplug")
        await here.polled()
        ended = await here.status()

    assert list(dict.fromkeys(states)) in (["Unplugged", "Preparing", "Charging"], ["Preparing", "Charging"])
    assert ended["state"] == "Unplugged"
    assert ended["charged_energy_wh"] > 0


@warped
async def test_a_charge_point_behind_the_gateway_does_all_that_it_can(tmp_path: Path) -> None:
    async with home(tmp_path, "ac-phase-switch", make="everest", plugged="true", car="hlc") as here:
        await elapse(30)
        shown = await here.status()
        assert (shown["state"], shown["display_parameters"]["present_soc"]) == ("Charging", 40)
        errors = [await here.error("SetACChargingPhaseCount", phase_count=1)]
        await here.polled()
        errors += [
            await here.error("SetDCChargingPower", max_power=2300),
            await here.error("SetChargingAllowed", charging_allowed=False),
        ]
        await elapse(10)
        paused = await here.status()
        together = await here.asked(
            "SetACCharging", charging_allowed=True, max_current=10, phase_count=paused_phases(paused)
        )
        await elapse(20)
        charging = await here.status()
        errors += [
            await here.error("EnableConnector", connector_index=1, enable=False, priority=0),
            await here.error("EnableConnector", connector_index=1, enable=True, priority=0),
        ]

    assert errors == ["NoError"] * 5
    assert (paused["state"], paused["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert together["error"] == "NoError"
    assert charging["state"] == "Charging"
    assert charging["ac_charge_param"]["evse_max_current"] == 10.0
    assert charging["ac_charge_status"]["evse_active_phase_count"] == 1


def paused_phases(status: Any) -> int:
    return int(status["ac_charge_status"]["evse_active_phase_count"])


@warped
async def test_an_error_of_a_charge_point_keeps_its_name(tmp_path: Path) -> None:
    async with home(tmp_path, "one-ac", make="everest") as here:
        await here.simulator.act("error", type="ac_rcd/DC", severity="High")
        await here.polled()
        (error,) = (await here.client.active_errors()).active_errors
        status = await here.status()

    assert (error.type, error.severity, error.sub_type) == ("ac_rcd/DC", "High", None)
    assert (status["state"], status["error_present"]) == ("Preparing", True)


@warped
async def test_numbers_of_evses_outlast_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        async with home(tmp_path) as here:
            assert [info.index for info in (await here.client.evse_infos()).infos] == [1]
    assert "drive/" in (tmp_path / "evse-indexes.json").read_text()
