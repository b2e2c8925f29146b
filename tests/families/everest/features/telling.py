"""What is told of a charge point, and in what form: rows of the table of features, from both points of view."""

from __future__ import annotations

import json

import msgspec

from ohmstead.families.everest.schema.objects import DCChargeParametersObj, ErrorObj, MeterDataObj
from ohmstead.families.everest.server import EvseEvent
from ohmstead.kit.link.messages import Message
from ohmstead.testing import elapse
from tests.families.everest.bench import AT, HELLO, Caller
from tests.families.everest.features.site import ERRORS, STATUS, Site, code
from tests.families.everest.server.test_extensions import ERROR
from tests.families.everest.server.test_figures import DC, SHOWN
from tests.families.everest.test_replay import METER

GIVING = {"evse_maximum_discharge_power", "evse_minimum_discharge_power"}
BOTH_WAYS = DCChargeParametersObj(
    **msgspec.structs.asdict(DC)
    | {
        "evse_maximum_discharge_power": 40_000.0,
        "evse_minimum_discharge_current": 1.0,
        "evse_minimum_discharge_power": 200.0,
    }
)
OF_DC = {"dc_charge_param", "dc_charge_status"}
OF_AC = {"ac_charge_param", "ac_charge_status"}


async def ac_seen(site: Site, caller: Caller) -> None:
    evse = site.evse()
    assert evse.hardware is not None
    evse.hardware_reported(msgspec.structs.replace(evse.hardware, max_current_A_export=10.0))
    evse.mains_reported(voltage_v=230.0, frequency_hz=50.0)
    evse.limits_enforced(16.0, 3)
    evse.happened(EvseEvent.SESSION_STARTED, AT)
    assert (await site.status(caller))["ac_charge_param"] == {
        "evse_nominal_voltage": 230.0,
        "evse_max_current": 16.0,
        "evse_max_phase_count": 3,
        "evse_maximum_charge_power": 11_040.0,
        "evse_minimum_charge_power": 1_380.0,
        "evse_nominal_frequency": 50.0,
    }
    for is_bidirectional in (True, False):
        evse.session_reported(is_bidirectional=is_bidirectional)
        found = (await site.status(caller))["ac_charge_param"]
        assert (found.keys() >= GIVING) is is_bidirectional
        assert bool(GIVING & found.keys()) is is_bidirectional


async def dc_seen(site: Site, caller: Caller) -> None:
    evse = site.evse(2)
    evse.happened(EvseEvent.SESSION_STARTED, AT)
    for is_bidirectional in (False, True):
        evse.session_reported(is_bidirectional=is_bidirectional)
        evse.dc_reported(BOTH_WAYS, current_a=250.0, voltage_v=400.0)
        found = await site.status(caller, 2)
        assert len(found["dc_charge_param"]) == (10 if is_bidirectional else 6)
        assert found["dc_charge_status"] == {
            "evse_present_current": 250.0,
            "evse_present_voltage": 400.0,
            "evse_power_limit_achieved": True,
            "evse_current_limit_achieved": False,
            "evse_voltage_limit_achieved": False,
        }
        assert not OF_AC & set(found)
    evse.happened(EvseEvent.SESSION_FINISHED, AT)
    assert not OF_DC & set(await site.status(caller, 2))


async def display_seen(site: Site, caller: Caller) -> None:
    evse = site.evse()
    evse.happened(EvseEvent.SESSION_STARTED, AT)
    for present_soc in (40, 41):
        evse.display_reported(msgspec.structs.replace(SHOWN, present_soc=present_soc))
    shown = (await site.status(caller))["display_parameters"]
    assert len(shown) == 11
    assert (shown["start_soc"], shown["present_soc"], shown["charging_complete"]) == (40, 41, False)
    evse.happened(EvseEvent.SESSION_FINISHED, AT)
    assert "display_parameters" not in await site.status(caller)


async def identity_seen(site: Site, caller: Caller) -> None:
    site.point.everest_version = ""
    assert (await caller.result("API.Hello"))["everest_version"].startswith("Ohmstead ")
    for neutral in ({"N": 0.5}, {}):
        reading = METER | {"serial_number": "M-1", "current_A": {"L1": 16.0} | neutral}
        site.evse().meter_reported(msgspec.convert(reading, MeterDataObj), AT)
        found = (await caller.result("EVSE.GetMeterData", 1))["meter_data"]
        assert (found["serial_number"], found["current_A"]) == ("M-1", {"L1": 16.0} | neutral)
    site.point.raise_error(msgspec.convert(ERROR, ErrorObj), vendor_id="E-17")
    (error,) = (await caller.result(ERRORS))["active_errors"]
    assert error["sub_type"] == "7"


async def details_seen(site: Site, caller: Caller, vendor_id: str | None) -> None:
    """In an answer and in an announcement alike."""
    site.point.raise_error(msgspec.convert(ERROR, ErrorObj), vendor_id="E-17")
    (listed,) = (await caller.result(ERRORS))["active_errors"]
    (announced,) = [one for one in caller.news if one["method"].endswith("ActiveErrorsChanged")]
    assert listed.get("vendor_id") == vendor_id
    assert announced["params"]["active_errors"] == [listed]


async def details_ours(site: Site) -> None:
    async with site.ours("details") as caller:
        await details_seen(site, caller, "E-17")


async def details_plain(site: Site) -> None:
    async with site.plain() as caller:
        await details_seen(site, caller, None)


async def json_seen(site: Site, caller: Caller) -> None:
    (parse_error,) = await caller.raw.asked("{")
    assert json.loads(parse_error)["error"]["code"] == -32700
    assert await caller.raw.asked('{"jsonrpc":"2.0","method":"ChargePoint.GetEVSEInfos"}') == []
    (answer,) = await caller.raw.asked(
        '{"jsonrpc":"2.0","id":77,"method":"ChargePoint.GetEVSEInfos","params":{}}'
    )
    assert json.loads(answer)["result"]["error"] == "NoError"
    assert await code(caller, STATUS) == -32602
    assert await code(caller, STATUS, 1, 2) == -32602


async def batches_seen(site: Site, caller: Caller) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": ERRORS}
    (most,) = await caller.raw.asked(json.dumps([request] * 100))
    (more,) = await caller.raw.asked(json.dumps([request] * 101))
    assert len(json.loads(most)) == 100
    assert json.loads(more)["error"]["code"] == -32600


async def big_seen(site: Site, caller: Caller) -> None:
    id_ = "x" * 1_000_000
    (frame,) = await caller.raw.asked(json.dumps({"jsonrpc": "2.0", "id": id_, "method": ERRORS}))
    assert json.loads(frame)["id"] == id_
    await caller.raw.asked("[" + " " * 1024 * 1024 + "]")
    assert caller.raw.link.close_code == 1009


async def closing_seen(site: Site, caller: Caller) -> None:
    """Who does not greet is told so; who has greeted stays."""
    for sent in (None, '{"jsonrpc":"2.0","id":1,"method":"EVSE.GetStatus","params":[1]}'):
        async with site.network.dial() as link:
            if sent is not None:
                await link.send(Message(sent.encode()))
            await elapse(5.1)
            assert link.close_code == 1002
    assert "result" in await caller.call(STATUS, 1)


async def frames_ours(site: Site) -> None:
    """Each frame is of the kind that the client used last."""
    greeting = '{"id":0,"jsonrpc":"2.0","method":"API.Hello","params":{"client":"x"}}'
    assert await kinds(site, greeting, [True, False]) == [True, False]


async def frames_plain(site: Site) -> None:
    assert await kinds(site, HELLO, [True, False]) == [False, False]


async def kinds(site: Site, greeting: str, sent: list[bool]) -> list[bool]:
    """Whether answers are text, for requests that are, or are not."""
    found = []
    async with site.network.dial() as link:
        for is_text in sent:
            await link.send(Message(greeting.encode(), is_text=is_text))
            found.append((await link.receive()).is_text)
    return found
