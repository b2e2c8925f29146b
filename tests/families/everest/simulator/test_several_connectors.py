"""An EVSE with two connectors, of which one is used at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ohmstead.families.everest import Client, Greeting, connected
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.kit.link.websocket import websocket
from ohmstead.model import ConfigError, Refused
from ohmstead.testing import elapse, warped
from tests.families.everest.simulator.conftest import Bench, Opened

Seen = dict[int, tuple[str, bool, bool]]


@asynccontextmanager
async def watching(bench: Bench) -> AsyncIterator[Client]:
    """A client that asked to be told of connectors."""
    dial = websocket(f"ws://127.0.0.1:{bench.simulator.listener.port}")
    async with connected(dial, Greeting(extensions=("connectors", "snapshot"))) as client:
        await client.ready()
        yield client


def seen(client: Client) -> Seen:
    """State, whether in service, and whether a car is there."""
    connectors = client.mirror.evses[1].connectors
    return {index: (one.state, one.available, one.connected) for index, one in connectors.items()}


@warped
async def test_the_connector_that_a_car_is_at_is_the_active_one(charge_point: Opened) -> None:
    async with charge_point("two-connectors") as bench, watching(bench) as client:
        await bench.act("plug", connector=2)
        await bench.until("Charging")
        info = bench.client.mirror.evses[1].info
        assert info is not None
        assert [(one.index, one.type.value) for one in info.available_connectors] == [
            (1, "cType2"),
            (2, "s309_3P_32A"),
        ]
        assert bench.status().active_connector_index == 2
        assert seen(client) == {1: ("Unplugged", True, False), 2: ("Charging", True, True)}
        await bench.act("unplug")
        await elapse(2)

        assert bench.status().active_connector_index == 2
        assert seen(client) == {1: ("Unplugged", True, False), 2: ("Unplugged", True, False)}


@warped
async def test_one_connector_out_of_service_leaves_the_other_in_it(charge_point: Opened) -> None:
    async with charge_point("two-connectors") as bench, watching(bench) as client:
        await bench.act("plug", connector=1)
        await bench.until("Charging")
        other = await client.enable_connector(1, 2, enable=False, priority=0)
        assert (other.error, bench.status().state) == (Error.NO_ERROR, "Charging")
        own = await client.enable_connector(1, 1, enable=False, priority=0)
        await elapse(2)

        assert own.error is Error.NO_ERROR
        assert (bench.status().state, bench.status().available) == ("Disabled", False)
        assert seen(client) == {1: ("Disabled", False, True), 2: ("Disabled", False, False)}
        await client.enable_connector(1, 2, enable=True, priority=0)
        await elapse(5)
        assert (bench.status().state, bench.status().available) == ("Unplugged", True)
        assert seen(client) == {1: ("Disabled", False, True), 2: ("Unplugged", True, False)}
        await client.enable_connector(1, 1, enable=True, priority=0)
        await bench.until("Charging")


@warped
async def test_index_0_stands_for_all_of_them(charge_point: Opened) -> None:
    async with charge_point("two-connectors") as bench, watching(bench) as client:
        for is_enabled, state in ((False, "Disabled"), (True, "Unplugged")):
            outcome = await client.enable_connector(1, 0, enable=is_enabled, priority=0)
            await elapse(2)
            assert outcome.error is Error.NO_ERROR
            assert seen(client) == dict.fromkeys((1, 2), (state, is_enabled, False))


@warped
async def test_a_stronger_say_about_one_of_them_overrides_ours_about_all(charge_point: Opened) -> None:
    async with charge_point("two-connectors") as bench, watching(bench) as client:
        await bench.act("enable", is_enabled=False, priority=10, connector=2)
        outcome = await client.enable_connector(1, 0, enable=True, priority=5000)
        await elapse(2)

        assert outcome.error is Error.ERROR_VALUES_NOT_APPLIED
        assert seen(client) == {1: ("Unplugged", True, False), 2: ("Disabled", False, False)}


@warped
async def test_the_reference_shows_one_connector_and_refuses_0(charge_point: Opened) -> None:
    async with charge_point("two-connectors", mode="reference") as bench:
        await bench.act("plug", connector=2)
        await bench.until("Charging")

        assert bench.status().active_connector_index == 1
        with pytest.raises(Refused, match="ErrorInvalidConnectorIndex"):
            await bench.client.enable_connector(1, 0, enable=False, priority=0)


@pytest.mark.parametrize("action", ["plug", "enable"])
@warped
async def test_a_connector_that_is_not_there_is_said(charge_point: Opened, action: str) -> None:
    async with charge_point("two-connectors") as bench:
        with pytest.raises(ConfigError, match="EVSE 1 has no connector 3"):
            await bench.act(action, connector=3)
