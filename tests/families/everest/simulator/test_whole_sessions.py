"""What a client sees that knows nothing of our additions and holds every frame against the schema."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.documents import deviations
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS
from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.families.everest.terminal.exchange import Exchange
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.world import World
from ohmstead.model import ConnectionLost, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

MODES = ["reference", "improved"]
ABSURD = (
    {"present_soc": 100, "charging_complete": True, "start_soc": 100, "battery_energy_capacity": 1.0},
    {"present_soc": 0, "inlet_hot": True, "remaining_time_to_target_soc": -60, "target_soc": 0},
    {"present_soc": 55, "minimum_soc": 90, "maximum_soc": 1, "remaining_time_to_maximum_soc": -1},
    {"remaining_time_to_minimum_soc": 2**31 - 1, "charging_complete": True},
)

Step = Callable[[RunningChargePoint, Exchange], Awaitable[object]]


class Witness:
    """Every frame that a plain client received, in its order, and whatever in them is not as the schema says."""

    def __init__(self) -> None:
        self.frames: list[Any] = []
        self.violations: list[str] = []
        self._asked: dict[int, str] = {}

    def saw(self, direction: str, data: bytes) -> None:
        if not data:
            return
        document = msgspec.json.decode(data)
        if direction == ">":
            self._asked[document["id"]] = document["method"]
            return
        self.frames.append(document)
        if "method" in document:
            self._check(document["method"], document["params"], NOTIFICATIONS[document["method"]].params)
        elif "result" in document:
            method = METHODS[self._asked[document["id"]]]
            self._check(method.name, document["result"], method.result)

    def _check(self, name: str, document: object, kind: Any) -> None:  # Any: a kind of object
        self.violations += [f"{name} {found.place} {found.reason}" for found in deviations(document, kind)]


@asynccontextmanager
async def witnessed(
    model: str, mode: str, **extras: str
) -> AsyncIterator[tuple[RunningChargePoint, Exchange, Witness]]:
    world, witness = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC))), Witness()
    options = SimulatorOptions(model=model, extras={"mode": mode, **extras})
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        dial = websocket(
            f"ws://127.0.0.1:{simulator.listener.port}", protocols=("EVerestRpcApi",), tap=witness.saw
        )
        async with dial() as link, TaskScope() as listening:
            exchange = Exchange(link)
            await exchange.greet((), "")
            await elapse(2)
            yield simulator, exchange, witness
            listening.cancel()


async def everything_is_read(exchange: Exchange, evse: int = 1) -> None:
    for name, method in METHODS.items():
        if name.partition(".")[2].startswith("Get") or name == "API.Hello":
            await exchange.ask(name, {"evse_index": evse} if method.parameters else None)


async def heard(exchange: Exchange, seconds: int) -> None:
    """Let time pass, and read what comes."""
    for _ in range(seconds):
        await elapse(1)
        await exchange.ask("ChargePoint.GetActiveErrors")


@pytest.mark.parametrize("mode", MODES)
@warped
async def test_an_ac_session_with_phases_errors_and_limits_stays_within_the_schema(mode: str) -> None:
    async with witnessed("ac-phase-switch", mode, car="hlc") as (simulator, exchange, witness):
        await everything_is_read(exchange)
        await simulator.act("plug")
        await heard(exchange, 15)
        for phase_count in (1, 3):
            await exchange.ask("EVSE.SetACChargingPhaseCount", [1, phase_count])
            await heard(exchange, 15)
        for current_a in (10, 40, 7.42):
            await exchange.ask("EVSE.SetACChargingCurrent", [1, current_a])
        for allowed in (False, True):
            await exchange.ask("EVSE.SetChargingAllowed", [1, allowed])
            await heard(exchange, 3)
        error = await simulator.act("error", severity="High", sub_type="12")
        await everything_is_read(exchange)
        await simulator.act("clear_error", uuid=error["uuid"])
        await exchange.ask("EVSE.EnableConnector", [1, 1, False, 0])
        await exchange.ask("EVSE.EnableConnector", [1, 1, True, 0])
        await simulator.act("unplug")
        await heard(exchange, 5)

    assert witness.violations == []
    assert len(witness.frames) > 100


@pytest.mark.parametrize("mode", MODES)
@warped
async def test_a_dc_session_stays_within_the_schema(mode: str) -> None:
    async with witnessed("one-dc", mode, plugged="true") as (simulator, exchange, witness):
        await heard(exchange, 30)
        await everything_is_read(exchange)
        await simulator.act("unplug")
        await heard(exchange, 3)

    assert witness.violations == []
    has_dc = [
        "dc_charge_param" in frame["params"]["evse_status"]
        for frame in witness.frames
        if frame.get("method") == "EVSE.StatusChanged"
    ]
    assert any(has_dc) is (mode == "improved")
    assert not has_dc[-1]


@pytest.mark.parametrize("mode", MODES)
@warped
async def test_a_restart_in_between_stays_within_the_schema(mode: str) -> None:
    async with witnessed("two-ac", mode, plugged="true") as (simulator, exchange, witness):
        await heard(exchange, 10)
        await simulator.act("restart")
        with pytest.raises(ConnectionLost):
            await heard(exchange, 10)
        dial = websocket(f"ws://127.0.0.1:{simulator.listener.port}", tap=witness.saw)
        async with dial() as link:
            again = Exchange(link)
            await again.greet((), "")
            for evse in (1, 2):
                await everything_is_read(again, evse)
            await heard(again, 10)

    assert witness.violations == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("model", "car"), [("ac-phase-switch", "hlc"), ("one-dc", "dc")])
@warped
async def test_what_a_car_says_for_the_display_changes_nothing_else(mode: str, model: str, car: str) -> None:
    """Two charge points with the same seed and the same commands; one car lies about everything it can."""
    honest = await _story(model, mode, car, told=())
    lying = await _story(model, mode, car, told=ABSURD)

    assert "display_parameters" in str(lying)
    assert _without_display(lying) == _without_display(honest)


async def _story(model: str, mode: str, car: str, told: tuple[dict[str, Any], ...]) -> list[Any]:
    async with witnessed(model, mode, car=car) as (simulator, exchange, witness):
        await simulator.act("display", members=told[0] if told else {})
        await simulator.act("plug")
        for number, current_a in enumerate((16, 8, 10, 32)):
            await heard(exchange, 12)
            if told:
                await simulator.act("display", members=told[number % len(told)])
            await exchange.ask("EVSE.SetACChargingCurrent", [1, current_a])
        for allowed in (False, True):
            await exchange.ask("EVSE.SetChargingAllowed", [1, allowed])
            await heard(exchange, 3)
        if model == "ac-phase-switch":
            await exchange.ask("EVSE.SetACChargingPhaseCount", [1, 1])
        await everything_is_read(exchange)
        await simulator.act("unplug")
        await heard(exchange, 3)
        return witness.frames


def _without_display(frames: list[Any]) -> list[Any]:
    """Frames that told of nothing but the display are not there without it."""
    kept: list[Any] = []
    status: Any = None
    for frame in frames:
        shown = frame.get("params", {}).get("evse_status") or frame.get("result", {}).get("status")
        if shown is not None:
            shown.pop("display_parameters", None)
        if frame.get("method") == "EVSE.StatusChanged":
            if shown == status:
                continue
            status = shown
        kept.append(frame)
    return kept
