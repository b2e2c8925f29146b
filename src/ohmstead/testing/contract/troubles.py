"""What a family promises when the peer is not what it should be: one of our errors, in bounded time, and a way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

from ohmstead.kit.link import Link, Serve, listen
from ohmstead.model import ConnectionLost, OhmsteadError
from ohmstead.testing.contract.bench import connected, simulated, with_port
from ohmstead.testing.contract.promise import Subject, expect, within

BOUND_S = 180.0
"""Attempts, waits between them and all."""

SETTLE_S = 5.0
"""What either end may take to see that a connection has ended."""


async def a_peer_that_refuses_is_one_of_our_errors(subject: Subject) -> None:
    async with listen(_silent, "127.0.0.1", 0) as listener:
        port = listener.port
    await _expect_our_error(subject, port)


async def a_silent_peer_is_one_of_our_errors(subject: Subject) -> None:
    await _expect_our_error_from(subject, _silent)


async def a_peer_that_hangs_up_is_one_of_our_errors(subject: Subject) -> None:
    await _expect_our_error_from(subject, _hangs_up)


async def a_peer_that_talks_rubbish_is_one_of_our_errors(subject: Subject) -> None:
    await _expect_our_error_from(subject, _rubbish)


async def a_device_that_disappears_is_one_of_our_errors(subject: Subject) -> None:
    async with AsyncExitStack() as stack:
        async with simulated(subject) as home:
            source = await stack.enter_async_context(connected(subject, home.url, home.clock))
            await source.read()  # what connecting had read already may be handed out once
        async with _one_of_our_errors("a device that is gone was read"):
            await source.read()


async def _expect_our_error_from(subject: Subject, serve: Serve) -> None:
    async with listen(serve, "127.0.0.1", 0) as listener:
        await _expect_our_error(subject, listener.port)


async def _expect_our_error(subject: Subject, port: int) -> None:
    async with simulated(subject) as home:
        url = with_port(home.url, port)
    before = asyncio.all_tasks()
    async with (
        _one_of_our_errors("a peer that is no such device was read"),
        connected(subject, url, home.clock) as source,
    ):
        await source.read()
    await asyncio.sleep(SETTLE_S)
    left = asyncio.all_tasks() - before
    expect(not left, f"tasks go on after connecting failed: {left}")


@asynccontextmanager
async def _one_of_our_errors(otherwise: str) -> AsyncIterator[None]:
    try:
        async with within(BOUND_S, "finding out what is wrong"):
            yield
    except OhmsteadError as error:
        expect(len(str(error)) > len("error"), f"the error says nothing: {error!r}")
        return
    expect(kept=False, otherwise=otherwise)


async def _silent(link: Link) -> None:
    while await _received(link):
        pass


async def _hangs_up(link: Link) -> None:
    await _received(link)


async def _rubbish(link: Link) -> None:
    random = Random(1)
    while await _received(link):
        try:
            await link.send(random.randbytes(200))
        except ConnectionLost:
            return


async def _received(link: Link) -> bytes:
    try:
        return await link.receive()
    except ConnectionLost:
        return b""
