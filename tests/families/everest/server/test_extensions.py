"""What only we offer: for a client that asked for it, and what a client sees that did not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.extensions import ConnectorStatusObj
from ohmstead.families.everest.schema.methods import OUR_METHODS
from ohmstead.families.everest.schema.objects import ConnectorInfoObj, ErrorObj
from ohmstead.families.everest.server import EvseEvent
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, EVERYTHING, calling, improved, served
from tests.families.everest.test_replay import read_meter

STATUS_CHANGED, METER_CHANGED = "EVSE.StatusChanged", "EVSE.MeterDataChanged"
ERROR = {
    "type": "evse_board_support/DiodeFault",
    "sub_type": "7",
    "description": "Diode fault",
    "message": "The car's diode is missing",
    "severity": "High",
    "origin": {"module_id": "board", "implementation_id": "main", "evse_index": 1},
    "timestamp": "2025-06-10T09:51:56.000Z",
    "uuid": "0f2a",
}


def two_connectors(point: Any) -> None:
    evse = point.evses[1]
    more = (ConnectorInfoObj(index=1, type="cType2"), ConnectorInfoObj(index=2, type="sType2"))
    evse.info = msgspec.structs.replace(evse.info, available_connectors=more)
    evse.change(active_connector_index=1)


@warped
async def test_a_method_of_ours_exists_only_for_who_asked_for_it(fixture: Any) -> None:
    async with improved(fixture) as (_, network):
        for name, method in OUR_METHODS.items():
            for extension in EVERYTHING:
                async with calling(network, extension) as ours:
                    answer = await ours.call(name, within_s=0.05, evse_index="x")
                    expected = -32602 if extension == method.extension else -32601
                    assert answer.get("error", {}).get("code", -32602) == expected, (name, extension)
            async with calling(network) as plain:
                assert (await plain.call(name, within_s=0.05))["error"]["code"] == -32601


@warped
async def test_the_reference_has_none_of_it_and_the_connection_stays(fixture: Any) -> None:
    async with served(fixture) as (_, network), calling(network) as ours:
        assert (await ours.call("API.Hello", extensions=EVERYTHING))["error"]["code"] == -32602
        assert "result" in await ours.call("API.Hello")


@warped
async def test_connectors_are_told_apart(fixture: Any) -> None:
    async with improved(fixture) as (point, network):
        two_connectors(point)
        async with calling(network, "connectors") as ours, calling(network) as plain:
            point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
            assert await ours.told() == [STATUS_CHANGED, "EVSE.ConnectorStatusChanged"]
            assert await plain.told() == [STATUS_CHANGED]
            found = [await ours.result("EVSE.GetConnectorStatus", 1, index) for index in (1, 2, 0, 3)]
            assert [(one["error"], one["connector_status"]["state"]) for one in found] == [
                ("NoError", "Preparing"),
                ("NoError", "Unplugged"),
                ("ErrorInvalidConnectorIndex", "Unknown"),
                ("ErrorInvalidConnectorIndex", "Unknown"),
            ]
            assert [one["connector_status"]["active"] for one in found[:2]] == [True, False]


@warped
async def test_what_a_charger_says_of_one_connector_counts_more_than_what_follows(fixture: Any) -> None:
    async with improved(fixture) as (point, network):
        two_connectors(point)
        async with calling(network, "connectors") as ours:
            told = ConnectorStatusObj(
                index=2, available=True, connected=True, active=False, state="Reserved", error_present=False
            )
            for _ in range(2):
                point.evses[1].connectors.reported(told)
            point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
            assert (await ours.told()).count("EVSE.ConnectorStatusChanged") == 2
            found = await ours.result("EVSE.GetConnectorStatus", 1, 2)
            assert (found["connector_status"]["state"], found["connector_status"]["connected"]) == (
                "Reserved",
                True,
            )


@warped
async def test_limits_are_listed_with_the_one_that_decides(fixture: Any) -> None:
    async with improved(fixture) as (_, network), calling(network, "limits") as ours:
        await ours.result("API.Hello", extensions=["limits"], client="scheduler")
        await ours.result("EVSE.SetACChargingCurrent", evse_index=1, max_current=16, valid_for_s=600)
        limits = (await ours.result("EVSE.GetLimits", 1))["limits"]
        assert [(one["source"], one["value"], one["unit"], one["active"]) for one in limits] == [
            ("fuse", 32.0, "A", False),
            ("hardware", 40.0, "A", False),
            ("scheduler", 16.0, "A", True),
        ]
        assert [one["valid_until"] is None for one in limits] == [True, True, False]
        await ours.result("EVSE.SetChargingAllowed", 1, False)
        banned = (await ours.result("EVSE.GetLimits", 1))["limits"]
        assert [one["value"] for one in banned if one["active"]] == [0.0]


@warped
async def test_a_ban_of_somebody_without_a_name_is_listed_too(fixture: Any) -> None:
    async with improved(fixture) as (_, network), calling(network, "limits") as ours:
        await ours.result("EVSE.SetChargingAllowed", 1, False)
        limits = (await ours.result("EVSE.GetLimits", 1))["limits"]

        assert [(one["source"], one["value"]) for one in limits if one["active"]] == [("client", 0.0)]


@warped
async def test_a_vendors_number_is_for_those_who_asked_for_details(fixture: Any) -> None:
    async with (
        improved(fixture) as (point, network),
        calling(network, "details", "snapshot") as ours,
        calling(network, "snapshot") as plain,
    ):
        point.raise_error(msgspec.convert(ERROR, ErrorObj), vendor_id="E-17")
        for caller, vendor_id in ((ours, "E-17"), (plain, None)):
            listed = await caller.result("ChargePoint.GetActiveErrors")
            pictured = await caller.result("API.GetSnapshot")
            (announced,) = [one for one in caller.news if one["method"].endswith("ActiveErrorsChanged")]
            for document in (listed, pictured, announced["params"]):
                (error,) = document["active_errors"]
                assert error.get("vendor_id") == vendor_id
                assert error["sub_type"] == "7"


@warped
async def test_a_snapshot_is_everything_at_once(fixture: Any) -> None:
    async with improved(fixture) as (point, network):
        read_meter(point.evses[1])
        async with calling(network, "snapshot", "connectors") as ours, calling(network, "snapshot") as bare:
            whole = await ours.result("API.GetSnapshot")
            assert [one["evse_index"] for one in whole["evses"]] == [1, 2, 3]
            for one in whole["evses"]:
                index = one["evse_index"]
                assert one["info"] == (await ours.result("EVSE.GetInfo", index))["info"]
                assert one["status"] == (await ours.result("EVSE.GetStatus", index))["status"]
                assert len(one["connectors"]) == 1
            assert "meter_data" in whole["evses"][0]
            assert "meter_data" not in whole["evses"][1]
            assert whole["taken_at"].endswith("Z")
            part = await bare.result("API.GetSnapshot", evse_indexes=[3])
            assert [sorted(one) for one in part["evses"]] == [
                ["evse_index", "hardware_capabilities", "info", "status"]
            ]
            assert (await bare.result("API.GetSnapshot", [1, 9]))["error"] == "ErrorInvalidEVSEIndex"


@warped
async def test_a_subscription_is_told_what_it_asks_for_and_others_everything(fixture: Any) -> None:
    async with (
        improved(fixture) as (point, network),
        calling(network, "subscribe") as ours,
        calling(network) as plain,
    ):
        granted = await ours.result("API.Subscribe", topics=[METER_CHANGED], evse_indexes=[1])
        assert granted == {
            "topics": [METER_CHANGED],
            "evse_indexes": [1],
            "min_interval_ms": 0,
            "error": "NoError",
        }
        for index in (1, 3):
            point.evses[index].happened(EvseEvent.SESSION_STARTED, AT)
            read_meter(point.evses[index])
        assert await ours.told() == [METER_CHANGED]
        assert await plain.told() == [STATUS_CHANGED, METER_CHANGED] * 2
        await ours.result("API.Subscribe", topics=[])
        point.evses[1].happened(EvseEvent.CHARGING_STARTED, AT)
        assert await ours.told() == []


@warped
async def test_a_subscription_hears_the_newest_state_once_in_its_interval(fixture: Any) -> None:
    async with (
        improved(fixture) as (point, network),
        calling(network, "subscribe") as ours,
        calling(network) as plain,
    ):
        await ours.result("API.Subscribe", topics=[STATUS_CHANGED], min_interval_ms=10_000)
        for duration_s in range(1, 61):
            point.evses[1].change(charging_duration_s=duration_s)
            await elapse(1.0)
        await elapse(10.0)
        durations = [
            json.loads(frame)["params"]["evse_status"]["charging_duration_s"]
            for frame in await ours.raw.heard()
        ]
        assert durations == [1, 11, 21, 31, 41, 51, 60]
        assert len(await plain.told()) == 60


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ({"topics": ["EVSE.Weather"]}, "ErrorInvalidParameter"),
        ({"topics": ["EVSE.ConnectorStatusChanged"]}, "ErrorInvalidParameter"),
        ({"topics": [], "min_interval_ms": -1}, "ErrorInvalidParameter"),
        ({"topics": [], "evse_indexes": [9]}, "ErrorInvalidEVSEIndex"),
    ],
)
@warped
async def test_a_wrong_subscription_changes_nothing(fixture: Any, named: dict[str, Any], error: str) -> None:
    async with improved(fixture) as (point, network), calling(network, "subscribe") as ours:
        assert (await ours.result("API.Subscribe", **named))["error"] == error
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        assert await ours.told() == [STATUS_CHANGED]
