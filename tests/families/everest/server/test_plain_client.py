"""A client that knows nothing of us, and looks at every frame: over whole sessions, in both modes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.documents import deviations
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS
from ohmstead.families.everest.schema.objects import DisplayParametersObj, ErrorObj
from ohmstead.families.everest.server import ChargePoint, EvseEvent
from ohmstead.testing import warped
from tests.families.everest.bench import AT, calling, improved, served
from tests.families.everest.server.test_extensions import ERROR
from tests.families.everest.server.test_figures import DC, SHOWN
from tests.families.everest.test_replay import read_meter

AC_SESSION = (
    EvseEvent.SESSION_STARTED,
    EvseEvent.AUTH_REQUIRED,
    EvseEvent.AUTHORIZED,
    EvseEvent.TRANSACTION_STARTED,
    EvseEvent.PREPARE_CHARGING,
    EvseEvent.CHARGING_STARTED,
    EvseEvent.SWITCHING_PHASES,
    EvseEvent.CHARGING_STARTED,
    EvseEvent.CHARGING_PAUSED_EV,
    EvseEvent.CHARGING_STARTED,
    EvseEvent.STOPPING_CHARGING,
    EvseEvent.CHARGING_FINISHED,
    EvseEvent.TRANSACTION_FINISHED,
    EvseEvent.SESSION_FINISHED,
)
CALLS = (
    ("ChargePoint.GetEVSEInfos",),
    ("ChargePoint.GetActiveErrors",),
    *(
        (method, index)
        for index in (1, 2, 3, 9)
        for method in (
            "EVSE.GetInfo",
            "EVSE.GetStatus",
            "EVSE.GetHardwareCapabilities",
            "EVSE.GetMeterData",
        )
    ),
    ("EVSE.SetACChargingCurrent", 1, 16),
    ("EVSE.SetACChargingPhaseCount", 1, 1),
    ("EVSE.SetACChargingPhaseCount", 1, 3),
    ("EVSE.SetDCChargingPower", 2, 9000),
    ("EVSE.SetChargingAllowed", 1, False),
    ("EVSE.SetChargingAllowed", 1, True),
    ("EVSE.EnableConnector", 1, 1, False, 0),
    ("EVSE.EnableConnector", 1, 1, True, 0),
)
both_modes = pytest.mark.parametrize("serve", [served, improved])


def live(point: ChargePoint, step: int, event: EvseEvent) -> None:
    """One step of a session, with everything a charger can report."""
    ac, dc = point.evses[1], point.evses[2]
    at = AT + timedelta(seconds=step)
    ac.mains_reported(voltage_v=230.0, frequency_hz=50.0)
    ac.happened(event, at)
    dc.happened(event, at)
    ac.session_reported(is_bidirectional=step % 2 == 0)
    dc.session_reported(is_bidirectional=step % 2 == 0)
    dc.dc_reported(DC, current_a=10.0 * step, voltage_v=400.0)
    ac.display_reported(msgspec.structs.replace(SHOWN, present_soc=40 + step))
    read_meter(ac, energy_Wh_import={"total": 1000.0 + step}, serial_number="M-1")
    ac.limits_enforced(6.0 + step, 1 if event is EvseEvent.SWITCHING_PHASES else 3)
    if step % 3 == 0:
        point.raise_error(msgspec.convert(ERROR, ErrorObj), vendor_id="E-17")
    else:
        point.clear_error("0f2a")


@both_modes
@warped
async def test_no_frame_of_a_whole_session_violates_the_schema(fixture: Any, serve: Any) -> None:
    async with serve(fixture) as (point, network):
        seen = 0
        for step, event in enumerate(AC_SESSION):
            async with calling(network) as client:  # comes back for each step
                live(point, step, event)
                for method, *arguments in CALLS:
                    answer = await client.call(method, *arguments, within_s=6.0)
                    assert deviations(answer["result"], METHODS[method].result) == (), answer
                for news in client.news:
                    assert deviations(news["params"], NOTIFICATIONS[news["method"]].params) == (), news
                    assert not NOTIFICATIONS[news["method"]].extension
                seen += len(client.news)

    assert seen > 100


@both_modes
@warped
async def test_what_a_car_shows_changes_nothing_else(fixture: Any, serve: Any) -> None:
    """Two charge points live through the same; one has a car that says absurd things."""
    quiet, noisy = [await lived(fixture, serve, shows=shows) for shows in (False, True)]

    assert sum("display_parameters" in frame for frame in noisy) > 50
    assert [without_display(frame) for frame in noisy] == [json.loads(frame) for frame in quiet]


ABSURD = (
    DisplayParametersObj(
        start_soc=100,
        present_soc=100,
        minimum_soc=90,
        target_soc=5,
        maximum_soc=0,
        remaining_time_to_minimum_soc=-1,
        remaining_time_to_target_soc=-3600,
        remaining_time_to_maximum_soc=-7200,
        charging_complete=True,
        battery_energy_capacity=-1.0,
        inlet_hot=True,
    ),
    DisplayParametersObj(present_soc=0, charging_complete=False, inlet_hot=True, battery_energy_capacity=1e9),
    None,
)


async def lived(fixture: Any, serve: Any, *, shows: bool) -> list[str]:
    """Every frame of a session, but for those that tell of a display alone."""
    frames: list[str] = []
    async with serve(fixture) as (point, network), calling(network) as client:
        for step, event in enumerate(AC_SESSION):
            if shows:
                point.evses[1].display_reported(ABSURD[(step + 1) % 3])
                assert {json.loads(frame)["method"] for frame in await client.raw.heard(0.01)} <= {
                    "EVSE.StatusChanged"
                }
            point.evses[1].happened(event, AT + timedelta(seconds=step))
            read_meter(point.evses[1], energy_Wh_import={"total": 1000.0 + step})
            point.evses[1].limits_enforced(6.0 + step, 3)
            for number, (method, *arguments) in enumerate(CALLS):
                request = {"jsonrpc": "2.0", "id": number, "method": method, "params": arguments or None}
                frames += await client.raw.asked(json.dumps(request), within_s=6.0)
    return frames


def without_display(frame: str) -> Any:
    document = json.loads(frame)
    for place in (document.get("result", {}).get("status"), document.get("params", {}).get("evse_status")):
        if place is not None:
            place.pop("display_parameters", None)
    return document
