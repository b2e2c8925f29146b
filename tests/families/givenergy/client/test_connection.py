"""Opened and closed from any task, at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ohmstead.families.givenergy import Client
from ohmstead.families.givenergy.errors import CommunicationError
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
