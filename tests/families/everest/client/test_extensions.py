"""What a client has of a server of ours, and what it does without on any other."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.client import Greeting, Terms, connected
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import (
    EXTENSIONS,
    AppliedObj,
    CombinedAppliedObj,
    DetailedErrorObj,
    LimitedByEnum,
    SubscriptionTopicEnum,
    UnitEnum,
)
from ohmstead.families.everest.schema.objects import ErrorObj
from ohmstead.families.everest.server import EvseEvent, RpcSettings
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.model import AuthFailed, Refused, ScaledClock, Unsupported
from ohmstead.testing import MessageNetwork, elapse, warped
from tests.families.everest.bench import AT, Sink, improved, served
from tests.families.everest.server.test_extensions import ERROR, two_connectors

EVERYTHING = Greeting(extensions=EXTENSIONS, name="tests")


@pytest.fixture
def fixture(vectors: dict[str, Any]) -> Any:
    return vectors["fixture"]


@warped
async def test_all_extensions_are_granted_by_our_own_server(fixture: Any) -> None:
    async with improved(fixture) as (point, network):
        two_connectors(point)
        point.raise_error(msgspec.convert(ERROR, ErrorObj), vendor_id="E-17")
        async with connected(network.dial, EVERYTHING) as client:
            await client.ready()
            assert client.granted == set(EXTENSIONS)
            assert sorted(client.mirror.evses) == [1, 2, 3]
            assert client.mirror.evses[1].info == point.evses[1].info
            assert client.mirror.evses[1].hardware_capabilities == point.evses[1].hardware
            assert sorted(client.mirror.evses[1].connectors) == [1, 2]
            assert [
                error.vendor_id
                for error in client.mirror.active_errors
                if isinstance(error, DetailedErrorObj)
            ] == ["E-17"]
            point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
            point.clear_error("0f2a")
            await elapse(0.1)
            assert client.mirror.evses[1].connectors[1].connected
            assert client.mirror.active_errors == ()
            assert client.additions == {}


@warped
async def test_everything_is_read_in_one_question_where_that_is_possible(fixture: Any) -> None:
    asked: list[str] = []

    async with improved(fixture) as (_, network):
        read_with = {}
        for greeting in (Greeting(), EVERYTHING):
            asked.clear()
            async with connected(counting(network, asked), greeting) as client:
                await client.ready()
                read_with[greeting] = len(asked)

    assert list(read_with.values()) == [12, 2]


def counting(network: MessageNetwork, asked: list[str]) -> Any:
    @asynccontextmanager
    async def dial() -> Any:
        async with network.dial() as link:
            send_now = link.send_now

            def counted(message: Message) -> bool:
                asked.append(json.loads(message.data)["method"])
                return send_now(message)

            link.send_now = counted  # type: ignore[method-assign]
            yield link

    return dial


@warped
async def test_a_reference_is_greeted_plainly_and_everything_else_is_said_to_be_missing(fixture: Any) -> None:
    async with served(fixture) as (_, network), connected(network.dial, EVERYTHING) as client:
        await client.ready()
        assert client.granted == frozenset()
        outcome = await client.set_ac_charging_current(1, 16.0, terms=Terms(is_strict=True, valid_for_s=60))
        assert (outcome.error, outcome.applied) == (Error.NO_ERROR, None)
        for missing in (
            client.limits(1),
            client.connector_status(1, 1),
            client.subscribe([]),
            client.set_ac_charging(1, charging_allowed=True, max_current=16.0),
            client.set_dc_charging(2, charging_allowed=True, max_power=9000.0),
        ):
            with pytest.raises(Unsupported, match="did not grant"):
                await missing


@warped
async def test_a_server_that_grants_less_is_used_for_what_it_grants(fixture: Any) -> None:
    some = Greeting(extensions=("limits", "telepathy"))
    async with improved(fixture) as (_, network), connected(network.dial, some) as client:
        await client.ready()
        assert client.granted == {"limits"}
        assert [limit.source for limit in (await client.limits(1)).limits] == ["fuse", "hardware"]
        with pytest.raises(Unsupported):
            await client.subscribe([])


@warped
async def test_a_wish_says_what_came_of_it(fixture: Any) -> None:
    async with improved(fixture) as (_, network), connected(network.dial, EVERYTHING) as client:
        await client.ready()
        clamped = await client.set_ac_charging_current(1, 40.0)
        assert clamped.applied == AppliedObj(
            value=32.0, unit=UnitEnum.A, requested=40.0, limited_by=LimitedByEnum.FUSE
        )
        with pytest.raises(Refused) as refused:
            await client.set_ac_charging_current(1, 40.0, terms=Terms(is_strict=True))
        assert refused.value.code == "ErrorOutOfRange"
        together = await client.set_ac_charging(1, charging_allowed=True, max_current=10.0, phase_count=3)
        assert together.is_applied
        assert isinstance(together.applied, CombinedAppliedObj)
        assert together.applied.max_current == AppliedObj(value=10.0, unit=UnitEnum.A, requested=10.0)
        assert [limit.source for limit in (await client.limits(1)).limits if limit.active] == ["tests"]


@warped
async def test_a_wish_with_an_end_ends(fixture: Any) -> None:
    async with improved(fixture) as (point, network), connected(network.dial, EVERYTHING) as client:
        await client.ready()
        await client.set_ac_charging_current(1, 10.0, terms=Terms(valid_for_s=30.0))
        await elapse(40.0)
        sink = point.evses[1].sink
        assert isinstance(sink, Sink)

        assert sink.limits[-1].import_a == 999.9


@warped
async def test_currents_are_not_asked_for_again_where_each_evse_remembers_its_own(fixture: Any) -> None:
    async with improved(fixture) as (point, network), connected(network.dial, EVERYTHING) as client:
        await client.ready()
        await client.set_ac_charging_current(1, 16.0)
        await client.set_dc_charging_power(3, 2000.0)
        sink = point.evses[1].sink
        assert isinstance(sink, Sink)

        assert [limit.import_a for limit in sink.limits] == [16.0]


@warped
async def test_a_subscription_outlives_the_connection(fixture: Any) -> None:
    told = 0

    def changed() -> None:
        nonlocal told
        told += 1

    async with (
        improved(fixture) as (point, network),
        connected(network.dial, EVERYTHING, random=Random(1), changed=changed) as client,
    ):
        await client.ready()
        await client.subscribe([SubscriptionTopicEnum.METER_DATA])
        network.drop()
        await elapse(5.0)
        await client.ready()
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        await elapse(1.0)

        assert told == 0


@warped
async def test_a_token_opens_and_its_lack_is_said(fixture: Any, tmp_path: Any) -> None:
    store = TokenStore(tmp_path / "tokens.json")
    text = store.create("tablet", (Scope.READ,), now=AT, expires_at=None)
    gate = Gate(store, ScaledClock(AT))
    async with improved(fixture, settings=RpcSettings(authentication=True), gate=gate) as (_, network):
        async with connected(network.dial, Greeting(token=text)) as client:
            await client.ready()
            with pytest.raises(AuthFailed, match="control") as refused:
                await client.set_ac_charging_current(1, 16.0)
            assert refused.value.code == -32002
        async with connected(network.dial) as stranger:
            await elapse(1.0)
            assert not stranger.is_ready
            assert "authentication required" in stranger.trouble


@warped
async def test_a_wrong_token_is_shown_ever_more_seldom(fixture: Any, tmp_path: Any) -> None:
    gate = Gate(TokenStore(tmp_path / "tokens.json"), ScaledClock(AT))
    asked: list[str] = []
    async with (
        improved(fixture, settings=RpcSettings(authentication=True), gate=gate) as (_, network),
        connected(counting(network, asked), Greeting(token="ohm_wrong"), random=Random(1)) as client,
    ):
        await elapse(600.0)
        assert "authentication required" in client.trouble
        assert asked.count("API.Hello") < 30


@warped
async def test_a_server_that_fails_a_greeting_for_another_reason_is_tried_again() -> None:
    greeted: list[object] = []

    async def serve(link: ServedMessages) -> None:
        while True:
            request = json.loads((await link.receive()).data)
            greeted.append(request.get("params"))
            error = {"code": -32603, "message": "internal server error"}
            await link.send(
                Message(json.dumps({"id": request["id"], "jsonrpc": "2.0", "error": error}).encode())
            )

    network = MessageNetwork()
    async with network.serve(serve), connected(network.dial, EVERYTHING, random=Random(1)) as client:
        await elapse(3.0)

        assert len(greeted) == 2
        assert all(greeted)
        assert "internal server error" in client.trouble


@warped
async def test_two_clients_in_two_tasks_need_no_lock(fixture: Any) -> None:
    async with improved(fixture) as (_, network), connected(network.dial, EVERYTHING) as client:
        await client.ready()
        found = await asyncio.gather(*(client.status(index % 3 + 1) for index in range(90)))

    assert {one.error for one in found} == {Error.NO_ERROR}
