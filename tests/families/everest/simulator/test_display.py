"""What a car says of itself for a display is shown, and changes nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.testing import warped
from tests.families.everest.simulator.visiting import MODES, visiting

pytestmark = pytest.mark.long

ABSURD = (
    {"present_soc": 100, "charging_complete": True, "start_soc": 100, "battery_energy_capacity": 1.0},
    {"present_soc": 0, "inlet_hot": True, "remaining_time_to_target_soc": -60, "target_soc": 0},
    {"present_soc": 55, "minimum_soc": 90, "maximum_soc": 1, "remaining_time_to_maximum_soc": -1},
    {"remaining_time_to_minimum_soc": 2**31 - 1, "charging_complete": True},
)
CARS = {"ac-phase-switch": "hlc", "one-dc": "dc", "ac-bidirectional": "bpt"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("model", CARS)
@warped
async def test_what_a_car_says_for_the_display_changes_nothing_else(
    interface: dict[str, Any], mode: str, model: str
) -> None:
    """Two charge points with the same seed and the same commands; one car lies about everything it can."""
    honest = await story(interface, model, mode, told=())
    lying = await story(interface, model, mode, told=ABSURD)

    assert "display_parameters" in str(lying)
    assert without_display(lying) == without_display(honest)


async def story(
    interface: dict[str, Any], model: str, mode: str, told: tuple[dict[str, Any], ...]
) -> list[Any]:
    async with visiting(interface, model, mode, car=CARS[model]) as visit, visit.connected():
        await visit.act("display", members=told[0] if told else {})
        await visit.act("plug")
        for number, current_a in enumerate((16, 8, -10, 32)):
            await visit.wait(12)
            if told:
                await visit.act("display", members=told[number % len(told)])
            await visit.ask("EVSE.SetACChargingCurrent", 1, current_a)
        for allowed in (False, True):
            await visit.ask("EVSE.SetChargingAllowed", 1, allowed)
            await visit.wait(3)
        await visit.ask("EVSE.SetACChargingPhaseCount", 1, 1)
        await visit.read_everything()
        await visit.act("unplug")
        await visit.wait(3)
        return visit.witness.frames


def without_display(frames: list[Any]) -> list[Any]:
    """Frames that told of nothing but the display are not there without it."""
    kept: list[Any] = []
    statuses: dict[int, Any] = {}
    for frame in frames:
        params = frame.get("params", {})
        shown = params.get("evse_status") or frame.get("result", {}).get("status")
        if shown is not None:
            shown.pop("display_parameters", None)
        if frame.get("method") == "EVSE.StatusChanged":
            if shown == statuses.get(params["evse_index"]):
                continue
            statuses[params["evse_index"]] = shown
        kept.append(frame)
    return kept
