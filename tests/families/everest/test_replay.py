"""Every recorded exchange comes out of our server byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.objects import ErrorObj, MeterDataObj
from ohmstead.families.everest.server import ChargePoint, Evse, EvseEvent, Limit
from ohmstead.testing import elapse, run, warped

from .bench import AT, RawClient, raw_client, served

METER = {
    "current_A": {"L1": 16.123456, "L2": 16.005, "L3": 15.995},
    "energy_Wh_import": {"total": 1234.5678},
    "meter_id": "YETI_POWERMETER",
    "power_W": {"total": 11095.6789},
    "timestamp": "2025-06-10T09:51:56.000Z",
    "voltage_V": {"L1": 230.1234},
}


def read_meter(evse: Evse, **members: object) -> None:
    evse.meter_reported(msgspec.convert(METER | members, MeterDataObj), AT)


def ground_fault(frame: str) -> ErrorObj:
    return msgspec.convert(json.loads(frame)["params"]["active_errors"][0], ErrorObj)


def charging_again(point: ChargePoint) -> None:
    point.evses[1].change(charging_allowed=True, state="Charging")


def configured_10_a(point: ChargePoint) -> None:
    point.configured = Limit(import_a=10.0, export_a=0.0)


HIDDEN: Mapping[str, Callable[[ChargePoint], None]] = {
    "disallow_idle": lambda point: point.evses[1].limits_enforced(7.25, 1),
    "allow_again": configured_10_a,
    "enable": charging_again,
    "positional": lambda point: point.evses[1].happened(EvseEvent.ENABLED, AT),
    "getmeterdata": lambda point: read_meter(point.evses[1], timestamp="2025-06-10T09:51:57.000Z"),
}
"""What happened between the recorded steps, where it can still be seen."""


def cause(step: Mapping[str, Any], point: ChargePoint) -> None:
    evse = point.evses[1]
    match step["name"]:
        case "charging":
            evse.happened(EvseEvent.CHARGING_STARTED, AT)
        case "meter1":
            read_meter(evse)
        case "energy":
            evse.change(charged_energy_wh=123.456)
            evse.change(charging_duration_s=61)
        case "err":
            point.raise_error(ground_fault(step["receive"][0]))


def test_every_single_exchange_is_the_same(vectors: dict[str, Any]) -> None:
    async def answered(one: Mapping[str, Any]) -> tuple[list[str], bool]:
        is_loaded = one["state"] == "fixture loaded"
        async with (
            served(vectors["fixture"], is_loaded=is_loaded) as (_, network),
            raw_client(network, greets="before" not in one["name"]) as client,
        ):
            return await client.asked(one["send"]), client.is_cut_off

    found = {one["name"]: run(answered(one)) for one in vectors["single"]}

    assert len(found) > 30
    assert found == {
        one["name"]: (one["receive"], one["expect"] == "connection_dropped") for one in vectors["single"]
    }


@warped
async def test_the_recorded_session_is_the_same(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        for step in vectors["sequence"]:
            if step["name"] in HIDDEN:
                HIDDEN[step["name"]](point)
                await client.heard()
            matches(step, await played(step, point, client))


async def played(step: Mapping[str, Any], point: ChargePoint, client: RawClient) -> list[str]:
    if "send" not in step:
        cause(step, point)
        return await client.heard()
    frames = await client.asked(step["send"], within_s=step.get("reply_after_s", 1.0) - 0.1)
    if "reply_after_s" in step:
        assert not any('"id"' in frame for frame in frames), step["name"]
    return frames + await client.heard()


def matches(step: Mapping[str, Any], frames: list[str]) -> None:
    if not step.get("order_free"):
        assert frames == step["receive"], step["name"]
        return
    for kind in ('"result"', '"method"'):
        assert last(kind, frames) == last(kind, step["receive"]), step["name"]
    assert len(frames) == len(step["receive"]), step["name"]


def last(kind: str, frames: list[str]) -> str:
    return [frame for frame in frames if kind in frame][-1]


@pytest.mark.parametrize("at", range(3))
@warped
async def test_recorded_numbers_are_rounded_alike(vectors: dict[str, Any], at: int) -> None:
    one = vectors["rounding"]["traffic"][at]
    places = one["decimal_places"]
    async with (
        served(vectors["fixture"], decimal_places=places) as (point, network),
        raw_client(network) as client,
    ):
        point.evses[1].limits_enforced(10.0, 1)
        await client.heard()
        cause(one, point)

        assert await client.heard() == one["receive"]


@pytest.mark.parametrize("name", ["opt_in_on_reference", "extra_named_parameters_ignored_by_reference"])
@warped
async def test_what_only_our_own_mode_knows_is_answered_as_the_reference_does(
    vectors: dict[str, Any], name: str
) -> None:
    (one,) = [one for one in vectors["extensions"] if one["name"] == name]
    async with served(vectors["fixture"]) as (_, network), raw_client(network) as client:
        assert await client.asked(one["send"]) == one["receive"]


@warped
async def test_the_requests_of_the_reference_desktop_tool_are_understood(vectors: dict[str, Any]) -> None:
    refused = []
    async with served(vectors["fixture"]) as (_, network), raw_client(network) as client:
        for request in vectors["gui_client_requests"]:
            frames = await client.asked(json.dumps(request), within_s=6.0)
            (reply,) = [json.loads(frame) for frame in frames if '"id"' in frame and '"method"' not in frame]
            assert reply["id"] == request["id"]
            refused += [request["method"]] if "error" in reply else []

    assert refused == ["EVSE.EnableConnector"]


@warped
async def test_limits_are_announced_again_and_again_only_when_they_differ(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        point.evses[1].limits_enforced(32.0)
        point.evses[1].limits_enforced(0.0)
        await elapse(1.0)

        assert await client.heard() == []
