"""The server's handshake, order and patience, as a client sees them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.objects import ErrorObj, MeterDataObj
from ohmstead.families.everest.server import EvseEvent, Limit
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, HELLO, Manager, RawClient, Sink, raw_client, served


def asking(method: str, *params: object, id_: object = 1) -> str:
    return json.dumps({"jsonrpc": "2.0", "method": method, "id": id_, "params": list(params)})


async def error_of(client: RawClient, method: str, *params: object) -> str:
    frames = await client.asked(asking(method, *params), within_s=6.0)
    return next(json.loads(frame)["result"]["error"] for frame in frames if '"result"' in frame)


@pytest.mark.parametrize("text", ["", "null", "{", "x" * 5000])
@warped
async def test_what_cannot_be_read_before_the_greeting_is_passed_over(
    vectors: dict[str, Any], text: str
) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network, greets=False) as client:
        assert await client.asked(text) == []
        assert len(await client.asked(HELLO)) == 1


@warped
async def test_a_client_that_does_not_greet_is_cut_off_after_five_seconds(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network, greets=False) as client:
        await client.heard(within_s=4.9)
        assert not client.is_cut_off
        await client.heard(within_s=0.2)

        assert (client.is_cut_off, client.link.close_code) == (True, 1006)


@pytest.mark.parametrize("text", ["5", "[]", f"[{HELLO}]", asking("EVSE.GetStatus", 1)])
@warped
async def test_another_request_in_place_of_the_greeting_is_cut_off(
    vectors: dict[str, Any], text: str
) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network, greets=False) as client:
        assert await client.asked(text) == []
        assert client.is_cut_off


@warped
async def test_a_wrong_greeting_opens_the_session_all_the_same(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network, greets=False) as client:
        (frame,) = await client.asked('{"method":"API.Hello"}')
        assert json.loads(frame)["error"]["code"] == -32600
        assert await error_of(client, "EVSE.GetStatus", 1) == "NoError"


@warped
async def test_a_request_that_is_too_long_is_lost_without_a_word(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network) as client:
        assert await client.asked(asking("EVSE.GetStatus", 1) + " " * 4080) == []
        assert not client.is_cut_off


@warped
async def test_a_slow_request_is_overtaken(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network) as client:
        await client.send(asking("EVSE.SetACChargingCurrent", 1, 40, id_="slow"))
        await client.send(asking("ChargePoint.GetActiveErrors", id_="fast"))
        replies = [json.loads(frame).get("id") for frame in await client.heard(within_s=6.0)]

    assert [reply for reply in replies if reply] == ["fast", "slow"]


@warped
async def test_everybody_who_has_greeted_is_told_of_everything(vectors: dict[str, Any]) -> None:
    async with (
        served(vectors["fixture"]) as (point, network),
        raw_client(network) as one,
        raw_client(network) as other,
        raw_client(network, greets=False) as silent,
    ):
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        heard = [await client.heard() for client in (one, other, silent)]

    assert [len(frames) for frames in heard] == [1, 1, 0]
    assert heard[0] == heard[1]


@warped
async def test_a_client_that_does_not_read_is_kept_the_newest_and_delays_nobody(
    vectors: dict[str, Any],
) -> None:
    async with (
        served(vectors["fixture"]) as (point, network),
        raw_client(network) as reading,
        network.dial() as stuck,
    ):
        await stuck.send(Message(HELLO.encode()))
        await elapse(1.0)
        told = 0
        for duration_s in range(1, 3001):
            point.evses[1].change(charging_duration_s=duration_s)
            await elapse(0.01)
            told += len(await reading.heard(within_s=0.0))

        assert told + len(await reading.heard()) == 3000
        late = RawClient(stuck)
        async with TaskScope() as scope:
            scope.start(late.listen())
            heard = await late.heard()
        assert 256 < len(heard) < 300  # what was on its way already, and then the newest alone
        assert '"charging_duration_s":3000' in heard[-1]


@warped
async def test_a_limit_is_remembered_while_charging_is_forbidden_and_sent_when_it_is_allowed(
    vectors: dict[str, Any],
) -> None:
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        sink = point.evses[1].sink
        assert isinstance(sink, Sink)
        await error_of(client, "EVSE.SetChargingAllowed", 1, False)
        assert await error_of(client, "EVSE.SetACChargingCurrent", 1, 13) == "NoError"
        assert sink.limits == [Limit(total_power_w=0.0, phase_count=3)]
        await error_of(client, "EVSE.SetChargingAllowed", 1, True)

        assert sink.limits[1:] == [Limit(import_a=13.0, export_a=0.0, phase_count=3)]


@warped
async def test_one_limit_is_remembered_for_all_evses(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        await error_of(client, "EVSE.SetACChargingCurrent", 3, 10)
        await error_of(client, "EVSE.SetACChargingPhaseCount", 1, 1)

        sink = point.evses[1].sink
        assert isinstance(sink, Sink)
        assert sink.limits == [Limit(import_a=10.0, export_a=0.0, phase_count=1)]


@warped
async def test_a_manager_that_refuses_is_an_error(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        manager = point.evses[1].manager
        assert isinstance(manager, Manager)
        manager.refuses = True
        point.evses[1].happened(EvseEvent.CHARGING_STARTED, AT)

        assert await error_of(client, "EVSE.SetChargingAllowed", 1, False) == "ErrorValuesNotApplied"
        assert await error_of(client, "EVSE.EnableConnector", 1, 1, False, 100) == "ErrorValuesNotApplied"


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("EVSE.SetChargingAllowed", (9, True), "ErrorInvalidEVSEIndex"),
        ("EVSE.SetChargingAllowed", (2, False), "NoError"),
        ("EVSE.SetACChargingPhaseCount", (9, 1), "ErrorInvalidEVSEIndex"),
        ("EVSE.SetACChargingPhaseCount", (3, 1), "ErrorOperationNotSupported"),
        ("EVSE.SetACChargingPhaseCount", (1, 4), "ErrorOutOfRange"),
        ("EVSE.SetDCChargingPower", (1, 5000), "NoError"),
        ("EVSE.EnableConnector", (9, 1, True, 0), "ErrorInvalidEVSEIndex"),
        ("EVSE.EnableConnector", (1, 2, True, 0), "ErrorInvalidConnectorIndex"),
    ],
)
@warped
async def test_each_command_is_checked(
    vectors: dict[str, Any], method: str, params: tuple[object, ...], expected: str
) -> None:
    async with served(vectors["fixture"]) as (_, network), raw_client(network) as client:
        assert await error_of(client, method, *params) == expected


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("EVSE.SetACChargingCurrent", (1, 16)),
        ("EVSE.SetACChargingPhaseCount", (1, 1)),
        ("EVSE.SetChargingAllowed", (1, False)),
    ],
)
@warped
async def test_nothing_is_commanded_before_there_is_data(
    vectors: dict[str, Any], method: str, params: tuple[object, ...]
) -> None:
    async with served(vectors["fixture"], is_loaded=False) as (_, network), raw_client(network) as client:
        assert await error_of(client, method, *params) == "ErrorNoDataAvailable"


@warped
async def test_a_transaction_counts_whole_watt_hours_from_its_start(vectors: dict[str, Any]) -> None:
    def meter(total: float, stamp: str) -> MeterDataObj:
        return msgspec.convert({"energy_Wh_import": {"total": total}, "timestamp": stamp}, MeterDataObj)

    async with served(vectors["fixture"]) as (point, _):
        evse = point.evses[1]
        evse.meter_reported(meter(1000.9, "a"), AT)
        evse.happened(EvseEvent.TRANSACTION_STARTED, AT)
        evse.meter_reported(meter(1010.0, "b"), AT.replace(second=58))
        assert evse.status is not None
        assert evse.status.charged_energy_wh == 0.0
        evse.happened(EvseEvent.CHARGING_STARTED, AT)
        evse.meter_reported(meter(1100.5, "c"), AT.replace(minute=52))
        evse.happened(EvseEvent.CHARGING_PAUSED_EV, AT)
        evse.meter_reported(meter(1100.5, "d"), AT.replace(minute=53))
        evse.happened(EvseEvent.TRANSACTION_FINISHED, AT)
        evse.meter_reported(meter(2000.0, "e"), AT.replace(minute=54))

        assert (evse.status.charged_energy_wh, evse.status.charging_duration_s) == (100.0, 120)


@warped
async def test_an_error_stays_with_its_evse_until_its_last_one_is_cleared(vectors: dict[str, Any]) -> None:
    recorded = json.loads(vectors["sequence"][-1]["receive"][0])["params"]["active_errors"][0]
    first, second, own = (
        msgspec.convert(
            recorded | {"uuid": uuid, "origin": recorded["origin"] | {"evse_index": index}}, ErrorObj
        )
        for uuid, index in (("one", 1), ("two", 1), ("own", 0))
    )
    async with served(vectors["fixture"]) as (point, network), raw_client(network) as client:
        for error in (first, first, second, own):
            point.raise_error(error)
        assert len(await client.heard()) == 4
        point.clear_error("one")
        point.clear_error("one")
        assert [json.loads(frame)["method"] for frame in await client.heard()] == [
            "ChargePoint.ActiveErrorsChanged"
        ]
        point.clear_error("two")

        assert '"error_present":false' in (await client.heard())[-1]
        assert point.active_errors == (own,)


@warped
async def test_a_dc_evse_loses_its_ac_parameters_with_the_first_limits(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, _):
        point.evses[2].limits_enforced(100.0)

        assert point.evses[2].status is not None
        assert point.evses[2].status.ac_charge_param is None


@warped
async def test_an_event_without_a_state_of_its_own_leads_to_unknown(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, _):
        point.evses[1].happened(EvseEvent.AUTHORIZED, AT)

        assert point.evses[1].status is not None
        assert point.evses[1].status.state == "Unknown"
