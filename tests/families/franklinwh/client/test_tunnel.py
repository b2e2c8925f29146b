"""One command at a time, asked again only where that is safe."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from ohmstead.families.franklinwh import (
    CachePolicy,
    DeviceTimeout,
    GatewayOffline,
    InvalidResponse,
    Limits,
    PermissionDenied,
)
from ohmstead.families.franklinwh.facts.commands import (
    CIRCUITS,
    CONTROL,
    METERING,
    POWER,
    REACHABILITY,
    SCAN_REQUEST,
    STATUS,
    WIFI_SCAN,
    Command,
)
from ohmstead.families.franklinwh.wire.envelope import TunnelRequest
from ohmstead.model import BudgetSpent, TimedOut
from ohmstead.testing import elapse, warped

from .conftest import GATEWAY, HANG_UP, Cloud, after, at_the_cloud, in_turn, refused, said


@warped
async def test_20_parallel_commands_never_overlap(cloud: Cloud) -> None:
    inside, most, serials = 0, 0, []

    async def power(asked: TunnelRequest) -> dict[str, Any]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await elapse(1.2)
        inside -= 1
        serials.append(asked.payload["fhpSn"])
        return {"opt": 0}

    cloud.tunnel[211] = power
    async with at_the_cloud(cloud) as client:
        packs = [f"10050011A05X{number:08d}" for number in range(20)]
        await asyncio.gather(*(client.tunnel(POWER, {"fhpSn": pack, "type": 2}) for pack in packs))

    assert most == 1
    assert sorted(serials) == packs


@warped
async def test_a_command_is_the_text_that_its_checksum_counts(cloud: Cloud) -> None:
    cloud.tunnel[311] = lambda asked: {"opt": 0, "result": 0, "Sw1Name": "Küche"}
    async with at_the_cloud(cloud) as client:
        assert (await client.tunnel(CIRCUITS))["Sw1Name"] == "Küche"
        assert (await client.tunnel(CIRCUITS, {"opt": 1, "Sw1Name": "Küche"}, is_write=True))["result"] == 0

    read, write = cloud.asked("sendMqtt")
    assert read.query["gatewayId"] == GATEWAY
    sent = json.loads(read.body)
    assert (sent["cmdType"], sent["len"], sent["crc"], sent["snno"]) == (311, 9, "871767CE", 1)
    assert b'"dataArea":{"opt":1,"Sw1Name":"K\\u00fcche"}' in write.body


@pytest.mark.parametrize(
    ("command", "payload"),
    [(CIRCUITS, {"opt": 1, "Sw1Mode": 1}), (CONTROL, {"opt": 1}), (CONTROL, {"opt": 0}), (CONTROL, None)],
)
def test_what_may_change_something_has_to_be_called_a_write_and_is_sent_once(
    cloud: Cloud, command: Command, payload: dict[str, object] | None
) -> None:
    @warped
    async def change() -> None:
        cloud.tunnel[command.number] = lambda asked: refused(102)
        async with at_the_cloud(cloud) as client:
            with pytest.raises(ValueError, match=f"command {command.number} .* is_write=True"):
                await client.tunnel(command, payload)
            assert cloud.asked("sendMqtt") == []
            with pytest.raises(DeviceTimeout):
                await client.tunnel(command, payload, is_write=True)
            assert len(cloud.asked("sendMqtt")) == 1

    change()


@pytest.mark.parametrize(
    ("command", "payload"),
    [(WIFI_SCAN, SCAN_REQUEST), (POWER, {"opt": 0, "type": 1}), (STATUS, {"opt": 1, "refreshData": 1})],
)
def test_every_known_way_of_reading_needs_no_word_for_it(
    cloud: Cloud, command: Command, payload: dict[str, object]
) -> None:
    @warped
    async def read() -> None:
        cloud.tunnel[command.number] = lambda asked: {"result": 0}
        async with at_the_cloud(cloud) as client:
            assert await client.tunnel(command, payload) == {"result": 0}

    read()


@warped
async def test_a_read_that_timed_out_at_the_gateway_is_asked_once_more(cloud: Cloud) -> None:
    cloud.tunnel[353] = in_turn(refused(102), {"opt": 0, "volt": 2})
    async with at_the_cloud(cloud) as client:
        assert (await client.tunnel(METERING))["volt"] == 2
        assert len(cloud.asked("sendMqtt")) == 2

        cloud.tunnel[339] = lambda asked: refused(102)
        with pytest.raises(DeviceTimeout):
            await client.tunnel(REACHABILITY)
        assert len(cloud.asked("sendMqtt")) == 4


@warped
async def test_a_write_is_sent_once_whatever_comes(cloud: Cloud) -> None:
    cloud.tunnel[311] = lambda asked: refused(102)
    async with at_the_cloud(cloud) as client:
        with pytest.raises(DeviceTimeout):
            await client.tunnel(CIRCUITS, {"opt": 1}, is_write=True)
        cloud.says["sendMqtt"] = HANG_UP
        with pytest.raises(Exception, match="ended"):
            await client.tunnel(CIRCUITS, {"opt": 1}, is_write=True)
    assert len(cloud.asked("sendMqtt")) == 2


@pytest.mark.parametrize(
    ("code", "error"), [(136, GatewayOffline), (181, PermissionDenied)], ids=["offline", "permission"]
)
@warped
async def test_a_refused_command_is_not_asked_again(cloud: Cloud, code: int, error: type[Exception]) -> None:
    cloud.tunnel[353] = lambda asked: refused(code)
    async with at_the_cloud(cloud) as client:
        with pytest.raises(error):
            await client.tunnel(METERING)
    assert len(cloud.asked("sendMqtt")) == 1


@warped
async def test_a_gateway_that_hangs_is_given_up_and_the_next_command_goes_on(cloud: Cloud) -> None:
    cloud.tunnel[339] = lambda asked: after(1000, {})(None)  # type: ignore[arg-type]  # no request here
    cloud.tunnel[353] = lambda asked: {"opt": 0}
    async with at_the_cloud(cloud, limits=Limits(tries=1)) as client:
        with pytest.raises(TimedOut, match="within 15 s"):
            await client.tunnel(REACHABILITY)
        assert await client.tunnel(METERING) == {"opt": 0}


@warped
async def test_a_cancelled_command_lets_the_next_one_through(cloud: Cloud) -> None:
    cloud.tunnel[339] = lambda asked: after(10, {})(None)  # type: ignore[arg-type]  # no request here
    cloud.tunnel[353] = lambda asked: {"opt": 0}
    async with at_the_cloud(cloud) as client:
        await client.gateway()
        waiting = asyncio.ensure_future(client.tunnel(REACHABILITY))
        await elapse(1)
        waiting.cancel()
        assert await client.tunnel(METERING) == {"opt": 0}


@warped
async def test_a_reply_under_another_number_is_noticed(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.says["sendMqtt"] = {"cmdType": 312, "dataArea": '{"volt":2}'}
    async with at_the_cloud(cloud) as client:
        with caplog.at_level(logging.WARNING):
            assert await client.tunnel(METERING) == {"volt": 2}
    assert caplog.messages == ["…0001: command 353 was answered as 312"]


@warped
async def test_203_is_answered_as_201_without_a_warning(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.tunnel[203] = lambda asked: {"soc": 5}
    async with at_the_cloud(cloud) as client:
        assert await client.tunnel(STATUS) == {"soc": 5}
    assert caplog.messages == []


@pytest.mark.parametrize("result", [None, [], {"dataArea": "{"}, {"dataArea": "[]"}, {"dataArea": None}])
@warped
async def test_a_reply_that_is_none_is_told(cloud: Cloud, result: object) -> None:
    cloud.says["sendMqtt"] = lambda request: said({"code": 200, "result": result})
    async with at_the_cloud(cloud) as client:
        with pytest.raises(InvalidResponse, match="command 353"):
            await client.tunnel(METERING)


@warped
async def test_an_answer_is_kept_for_a_while_unless_told_otherwise(cloud: Cloud) -> None:
    cloud.tunnel[353] = lambda asked: {"opt": 0}
    async with at_the_cloud(cloud) as client:
        await client.tunnel(METERING)
        await elapse(29)
        await client.tunnel(METERING)
        assert len(cloud.asked("sendMqtt")) == 1
        await client.tunnel(METERING, fresh=True)
        await elapse(31)
        await client.tunnel(METERING)
        assert len(cloud.asked("sendMqtt")) == 3
    async with at_the_cloud(cloud, cache=CachePolicy(keep_s={"353": 0})) as client:
        await client.tunnel(METERING)
        await client.tunnel(METERING)
    assert len(cloud.asked("sendMqtt")) == 5


@warped
async def test_the_budget_of_a_day_is_refused_before_sending(cloud: Cloud) -> None:
    cloud.tunnel[211] = lambda asked: {}
    async with at_the_cloud(cloud, limits=Limits(tunnel_calls=2)) as client:
        for _ in range(2):
            await client.tunnel(POWER)
        with pytest.raises(BudgetSpent, match="2 calls within 86400 s are spent"):
            await client.tunnel(POWER)
        await client.get_stats()
    assert len(cloud.asked("sendMqtt")) == 2
