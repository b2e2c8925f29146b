"""The families' own clients keep the rule of their sources: asked inside `async with` alone, which may be entered again.

Hoymiles' client is not among them: it keeps nothing open between two calls, and has no block.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

import pytest

from ohmstead.families import _blueprint as blueprint
from ohmstead.families import everest, franklinwh, givenergy, tesla_wall_connector
from ohmstead.families._blueprint.card import FAMILY as BLUEPRINT
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.registry import families
from ohmstead.model import Misused
from ohmstead.testing import warped
from ohmstead.testing.contract.bench import simulated
from ohmstead.testing.contract.promise import Subject

HOST = "127.0.0.1"

Block = AbstractAsyncContextManager[Any]  # Any: each family's own client


class Kind(NamedTuple):
    family: str
    make: Callable[[int], Block]
    ask: Callable[[Any], Awaitable[object]]


def of_the_cloud(port: int) -> Block:
    auth = franklinwh.PasswordAuth("user@example.com", "secret")
    return franklinwh.Client(auth, base_url=f"http://{HOST}:{port}")


def of_a_charge_point(port: int) -> Block:
    return everest.connected(websocket(f"ws://{HOST}:{port}", protocols=("EVerestRpcApi",)))


async def charge_point_known(client: everest.Client) -> object:
    await client.ready()
    return await client.evse_infos()


OBJECTS = [
    Kind("blueprint", lambda port: blueprint.Client(HOST, port), lambda client: client.live()),
    Kind("franklinwh", of_the_cloud, lambda client: client.get_stats()),
    Kind("givenergy", lambda port: givenergy.Client(HOST, port), lambda client: client.detect()),
]
"""Which are there before their block begins."""
KINDS = [
    *OBJECTS,
    Kind("everest", of_a_charge_point, charge_point_known),
    Kind(
        "tesla-wall-connector",
        lambda port: tesla_wall_connector.open_client(HOST, port),
        lambda client: client.vitals(),
    ),
]


def subject(kind: Kind) -> tuple[Subject, dict[str, str]]:
    """In the open where the family can."""
    card = {**families(), "blueprint": BLUEPRINT}[kind.family]
    return Subject(card, card.models[0]), {
        extra.name: "true" for extra in card.extras if extra.name == "plain"
    }


async def is_misused(asking: Awaitable[object]) -> None:
    tasks = asyncio.all_tasks()
    with pytest.raises(Misused, match="async with"):
        await asking
    assert asyncio.all_tasks() <= tasks


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.family)
@warped
async def test_a_client_is_asked_inside_its_block_alone_which_may_be_entered_again(kind: Kind) -> None:
    who, extras = subject(kind)
    async with simulated(who, extras=extras) as home:
        block = kind.make(next(iter(home.simulator.endpoints.values())))
        for _ in range(2):
            async with block as client:
                assert await kind.ask(client)
            await is_misused(kind.ask(client))


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.family)
@warped
async def test_a_client_is_not_asked_before_its_block_begins(kind: Kind) -> None:
    who, extras = subject(kind)
    async with simulated(who, extras=extras) as home:
        await is_misused(kind.ask(kind.make(next(iter(home.simulator.endpoints.values())))))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.family)
@warped
async def test_a_client_that_is_open_is_not_entered_again(kind: Kind) -> None:
    who, extras = subject(kind)
    async with simulated(who, extras=extras) as home:
        block = kind.make(next(iter(home.simulator.endpoints.values())))
        async with block as client:
            with pytest.raises(Misused, match="open already"):
                await block.__aenter__()
            assert await kind.ask(client)
