"""Opened and closed from any task, at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.families.givenergy import Client
from ohmstead.families.givenergy.errors import CommunicationError
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.kit.link import Link
from ohmstead.testing import warped

from .adapter import Adapter, listening


@pytest.mark.parametrize("turns", [0, 1])
@warped
async def test_a_connection_closed_while_it_is_opened_is_one_that_could_not_be_made(turns: int) -> None:
    adapter = Adapter()
    closing: list[asyncio.Task[None]] = []

    async def close() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await client.close()

    @asynccontextmanager
    async def dial() -> AsyncIterator[Link]:
        async with adapter.network.dial("adapter", adapter.port)() as link:
            closing.append(asyncio.ensure_future(close()))
            yield link

    async with listening(adapter):
        client = Client("adapter", dial=dial)
        with pytest.raises(CommunicationError, match="cannot be reached"):
            await client.connect()
        await closing[0]
        assert not client.connected


class Hands:
    """A clock whose hands a test moves."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = datetime(2026, 6, 21, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("moved_s", "is_young"), [(0.0, True), (29.0, True), (31.0, False), (-3600.0, False)]
)
@warped
async def test_a_clock_that_was_set_back_spares_no_read(moved_s: float, is_young: bool) -> None:
    clock = Hands()
    connection = Client("adapter", clock=clock)._connection
    connection.plant.cache(0x11).store(Bank.IR, 0, tuple(range(60)), clock.now())
    clock.at += timedelta(seconds=moved_s)

    assert connection.is_young(ReadRequest(0x11, Bank.IR, 0, 60), 30.0) is is_young
