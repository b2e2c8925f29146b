"""A client that knows nothing of our additions holds every frame of whole sessions against the makers' description."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.everest.simulator.configurations import CONFIGURATIONS
from ohmstead.model import ConnectionLost
from ohmstead.testing import warped
from tests.families.everest.plain_client import Witness
from tests.families.everest.simulator.visiting import MODES, Visit, visiting

SET = "EVSE.Set"
LIMITING = (
    (f"{SET}ACChargingPhaseCount", 1, 1),
    (f"{SET}ACChargingPhaseCount", 1, 3),
    *((f"{SET}ACChargingCurrent", 1, current_a) for current_a in (10, 40, 7.42, 0, -10, 32)),
    (f"{SET}DCChargingPower", 1, 5_000),
    (f"{SET}DCChargingPower", 1, 100_000),
    (f"{SET}ChargingAllowed", 1, False),
    (f"{SET}ChargingAllowed", 1, True),
)
SERVING = tuple(
    ("EVSE.EnableConnector", 1, connector, is_on, 0)
    for connector, is_on in ((2, False), (1, False), (0, True), (1, True), (2, True))
)
REFUSED = (
    (f"{SET}ACCharging", 1, True, 16),
    ("API.GetSnapshot",),
    (f"{SET}ACChargingCurrent", 9, 16),
    (f"{SET}ACChargingCurrent", "one", 16),
    ("EVSE.GetStatus",),
)
CARS = {"ac-bidirectional": "bpt", "dc-bidirectional": "dc-bpt", "one-dc": "dc"}


async def lived(visit: Visit) -> None:
    """A whole stay of a car, over four connections."""
    async with visit.connected():
        await visit.wait(2)
        await visit.read_everything()
        await visit.act("plug")
        await visit.wait(15)
        await visit.ask_each(LIMITING, pause_s=8)
        await visit.ask_each(REFUSED, pause_s=0)
    async with visit.connected():
        raised = await visit.act("error", severity="High", sub_type="12")
        await visit.act("error", evse=0, type="generic/VendorWarning", severity="Low")
        await visit.wait(2)
        await visit.read_everything()
        await visit.act("clear_error", uuid=raised["uuid"])
        await visit.wait(2)
        await visit.act("kick")
        with pytest.raises(ConnectionLost):
            await visit.wait(1)
    async with visit.connected():
        await visit.ask_each(SERVING, pause_s=3)
        await visit.wait(15)
        await visit.act("restart")
        with pytest.raises(ConnectionLost):
            await visit.wait(1)
    async with visit.connected():
        await visit.read_everything()
        await visit.wait(20)
        await visit.act("stop")
        await visit.wait(2)
        await visit.act("unplug")
        await visit.wait(3)
        await visit.read_everything()


@pytest.mark.long
@pytest.mark.parametrize("model", CONFIGURATIONS)
@pytest.mark.parametrize("mode", MODES)
@warped
async def test_no_frame_of_a_whole_stay_is_outside_the_interface(
    interface: dict[str, Any], model: str, mode: str
) -> None:
    async with visiting(interface, model, mode, car=CARS.get(model, "hlc")) as visit:
        await lived(visit)
    told = [set(status) for status in visit.witness.statuses]
    states = {status["state"] for status in visit.witness.statuses}
    errors = [
        len(frame["params"]["active_errors"])
        for frame in visit.witness.frames
        if frame.get("method") == "ChargePoint.ActiveErrorsChanged"
    ]

    assert visit.witness.violations == []
    assert visit.connections == 4
    assert errors[:3] == [1, 2, 1]
    assert {"Preparing", "AuthRequired", "Charging", "ChargingPausedEVSE", "Finished"} <= states
    assert {"FinishedEVSE", "Unplugged"} <= states
    assert ("Disabled" in states) is (model != "no-identifier")  # its connectors are not known
    assert ("SwitchingPhases" in states) is (model == "ac-phase-switch")
    has_dc = any({"dc_charge_param", "dc_charge_status"} <= members for members in told)
    assert has_dc is (mode == "improved" and model.startswith(("one-dc", "dc")))
    assert any("display_parameters" in members for members in told)
    assert all(
        not {"ac_charge_param", "ac_charge_status"} & members
        for members in told
        if "dc_charge_param" in members
    )


STATUS = '{"id":1,"jsonrpc":"2.0","result":{"error":"NoError","active_errors":[%s]}}'
WRONG = (
    STATUS % '{"severity":"Fatal"}',
    '{"id":1,"jsonrpc":"2.0","result":{"error":"NoError"}}',
    '{"id":1,"jsonrpc":"2.0","result":{"error":"NoError","active_errors":[],"more":1}}',
    '{"id":1,"jsonrpc":"2.0","result":{"error":"Fine","active_errors":[]}}',
    '{"id":2,"jsonrpc":"2.0","result":{"error":"NoError","active_errors":[]}}',
    '{"id":1,"jsonrpc":"2.0","error":{"code":-1,"message":"no"}}',
    '{"id":1,"result":{"error":"NoError","active_errors":[]}}',
    '{"jsonrpc":"2.0","method":"EVSE.ConnectorStatusChanged","params":{}}',
)


@pytest.mark.parametrize("frame", WRONG)
def test_what_is_outside_the_interface_would_have_been_seen(interface: dict[str, Any], frame: str) -> None:
    witness = Witness(interface)
    witness.saw(">", b'{"id":1,"method":"ChargePoint.GetActiveErrors"}')
    witness.saw("<", (STATUS % "").encode())
    assert witness.violations == []
    witness.saw("<", frame.encode())

    assert witness.violations != []
