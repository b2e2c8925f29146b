"""tesla-wall-connector 1.2.0, as used by Home Assistant, cannot tell our simulator from a unit.

With a unit's quirks it fares as it fares with hardware: `EXPECTED` says how.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.simulator import PROFILES

pytestmark = pytest.mark.compat

Scene = Any  # the conftest's
Open = Any  # as above
Eventually = Callable[[Callable[[], object]], Awaitable[object]]


def played(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.mark.parametrize("model", list(PROFILES))
def test_it_reads_every_document_of_every_profile(scene: Open, model: str) -> None:
    async def work() -> None:
        async with scene(model) as home:
            vitals, version = await home.ask("vitals"), await home.ask("version")
            lifetime, wifi = await home.ask("lifetime"), await home.ask("wifi_status")
            firmware = home.unit.profile.firmware
            assert (vitals["evse_state"], vitals["vehicle_connected"]) == (1, False)
            assert version["firmware_version"].startswith(f"{firmware.version}+g")
            assert version["serial_number"] == home.unit.identity.serial
            assert lifetime["connector_cycles"] == 11
            assert (lifetime["avg_startup_temp"] is None) is firmware.has_nan
            assert (wifi["wifi_ssid"], wifi["wifi_signal_strength"]) == ("home-net", 66)
            is_old = model.startswith("21.")
            assert version["git_branch"] == ({"raised": "KeyError"} if is_old else "HEAD")
            assert (vitals["evse_not_ready_reasons"] == []) is not firmware.has_reasons

    played(work())


def test_it_follows_a_charging_session(scene: Open) -> None:
    async def work() -> None:
        async with scene("25.34.1-us2", request="40", speed=20.0) as home:
            states: list[int] = []
            energies: list[float] = []

            async def watch(until: Callable[[Any], bool]) -> Any:
                async with asyncio.timeout(300):
                    while True:
                        vitals = await home.ask("vitals", split_phase=True)
                        if [vitals["evse_state"]] != states[-1:]:
                            states.append(vitals["evse_state"])
                        energies.append(vitals["session_energy_wh"])
                        if until(vitals):
                            return vitals

            await watch(lambda _: True)
            # Full at first, so that the unit waits for it until that was seen.
            await home.act("charge", soc_pct=100)
            await home.act("plug")
            await watch(lambda vitals: vitals["evse_state"] == 9)
            await home.act("charge", soc_pct=40)
            charging = await watch(lambda vitals: vitals["vehicle_current_a"] > 39.5)
            assert charging["contactor_closed"]
            assert charging["total_power_w"] == pytest.approx(9_900, rel=0.02)
            await watch(lambda vitals: vitals["session_energy_wh"] > 100)
            await home.act("request", request_a=0)
            await home.act("charge", soc_pct=100)
            await watch(lambda vitals: not vitals["contactor_closed"])
            await home.act("unplug")
            ended = await watch(lambda vitals: vitals["session_s"] == 0)
            assert [state for state in states if state not in (2, 7)] == [1, 9, 11, 9, 1]
            assert energies == sorted(energies)
            assert ended["session_energy_wh"] == pytest.approx(home.unit.true_wh, rel=0.005)

    played(work())


EXPECTED = (
    # What the unit does, what the client raises, or what it gives
    ("truncated", {}, ""),
    ("nan", {}, ""),
    ("unknown-field", {}, ""),
    ("close", {}, ""),
    ("slow", {"s": 0.5}, ""),
    ("cut", {}, "WallConnectorDecodeError"),
    ("infinite", {}, "WallConnectorDecodeError"),
    ("html", {}, "WallConnectorDecodeError"),
    ("empty", {}, "WallConnectorDecodeError"),
    ("error-500", {}, "WallConnectorConnectionError"),
    ("half", {}, "WallConnectorConnectionError"),
    ("reset", {}, "WallConnectorConnectionError"),
    ("refuse", {}, "WallConnectorConnectionError"),
    ("silence", {}, "WallConnectorConnectionTimeoutError"),
    # Exceptions that are not its own come out of it as they are.
    ("encoding", {}, "UnicodeDecodeError"),
    ("deep", {}, "RecursionError"),
    ("huge", {"bytes": 100_000}, "ValueError"),
)


@pytest.mark.parametrize(("fault", "parameters", "raised"), EXPECTED)
def test_it_takes_a_quirk_as_it_does_on_hardware(
    scene: Open, fault: str, parameters: dict[str, float], raised: str
) -> None:
    async def work() -> None:
        async with scene("24.36.3-eu3") as home:
            await home.act("fault", name=fault, **parameters)
            answer = await home.ask("vitals", patience_s=0.3 if fault == "silence" else 60.0)
            assert answer.raised == raised
            await home.act("clear_faults")
            assert (await home.ask("vitals"))["evse_state"] == 1

    played(work())


@pytest.mark.parametrize("fault", ["null", "list"])
def test_it_takes_what_is_no_object_and_fails_when_asked(scene: Open, fault: str) -> None:
    async def work() -> None:
        async with scene("24.36.3-eu3") as home:
            await home.act("fault", name=fault)
            assert (await home.ask("vitals"))["grid_v"] == {"raised": "TypeError"}

    played(work())


def test_it_overstates_split_phase_unless_told(scene: Open, eventually: Eventually) -> None:
    """The most frequent complaint of its users: 12 kW where 9 are drawn."""

    async def work() -> None:
        async with scene("22.33.1-us1", request="40", speed=200.0, plugged="true") as home:
            await eventually(lambda: home.unit.current_a > 39.5)
            naive = await home.ask("vitals")
            told = await home.ask("vitals", split_phase=True)
            assert naive["total_power_w"] > 1.2 * home.unit.drawn_w
            assert told["total_power_w"] == pytest.approx(home.unit.drawn_w, rel=0.02)

    played(work())


def test_the_lifetime_counter_it_reads_creeps(scene: Open, eventually: Eventually) -> None:
    async def work() -> None:
        async with scene("23.8.2-eu3", speed=1_000.0) as home:
            before = (await home.ask("lifetime"))["energy_wh"]
            counted_wh = home.unit.memory.lifetime.energy_wh
            await home.act("counters", creep_wh=500)
            await eventually(lambda: home.unit.memory.lifetime.energy_wh > counted_wh)
            assert (await home.ask("lifetime"))["energy_wh"] >= before + 500
            assert home.unit.true_wh == 0.0

    played(work())
