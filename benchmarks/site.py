"""A whole site in one process: twelve devices at their natural pace, asked over real sockets, and 200 clients who watch.

    python benchmarks/site.py [SECONDS]

The gateway, its API and its history are what `ohmstead run` starts. The devices are simulators in a second process, the
clients in a third. How late a poll begins is measured by a timer in the gateway's loop, which is what a poll waits for.

Goals: 3 % of one core and 120 MiB without clients; with 200 of them p99 of the timer moves by less than 10 %.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
from machine import bare_timer, centiles_words, load_words

HOME: Final = Path(__file__).with_name("site_home.py")
SETTLING_S: Final = 20.0
CLIENTS: Final = 200
ROUNDS: Final = 3
CONNECTED_S: Final = 3.0
"""After 200 clients have connected at once, which is no part of the question."""
LONGEST_LINE: Final = 1 << 20


async def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with child("devices", folder) as devices:
            await said(devices)
            async with child("gateway", folder) as gateway:
                url = await said(gateway)
                await asyncio.sleep(SETTLING_S)
                await measure(gateway, url, seconds)


async def measure(gateway: Process, url: str, seconds: float) -> None:
    busy, memory_mib = await asked(gateway, "cpu", seconds)
    print(f"twelve devices for {seconds:.0f} s; {load_words()}")
    print(f"CPU     {busy:8.1%} of one core")
    print(f"memory  {memory_mib:5.0f} MiB")
    alone, watched = Late(), Late()
    heard = 0
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine hits both
        await alone.measure(gateway, seconds / ROUNDS)
        async with watching(url) as messages:
            await asyncio.sleep(CONNECTED_S)
            await watched.measure(gateway, seconds / ROUNDS)
            heard += sum(messages)
            busy, memory_mib = await asked(gateway, "cpu", seconds / ROUNDS)
    print(f"late    {centiles_words(alone.gateway_s)} alone")
    print(f"        {centiles_words(alone.bare_s)} of a bare timer in a process of its own, meanwhile")
    print(f"        {centiles_words(watched.gateway_s)} with {CLIENTS} clients, who heard {heard} messages")
    print(f"        {centiles_words(watched.bare_s)} of a bare timer in a process of its own, meanwhile")
    print(f"clients {busy:8.1%} of one core, {memory_mib:.0f} MiB with {CLIENTS} of them")


class Late:
    """By how many seconds the gateway's loop begins what is due too late, and what the machine makes of any timer meanwhile:
    the clients run on it as well, and are more work than the gateway.
    """

    def __init__(self) -> None:
        self.gateway_s: list[float] = []
        self.bare_s: list[float] = []

    async def measure(self, gateway: Process, seconds: float) -> None:
        with bare_timer() as timer_late_s:
            self.gateway_s += await asked(gateway, "late", seconds)
            self.bare_s += timer_late_s()


@asynccontextmanager
async def child(role: str, folder: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, HOME, role, folder, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def said(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def asked(process: Process, question: str, seconds: float) -> list[float]:
    assert process.stdin is not None
    process.stdin.write(f"{question} {seconds}\n".encode())
    answer: list[float] = json.loads(await said(process))
    return answer


@asynccontextmanager
async def watching(url: str) -> AsyncIterator[list[int]]:
    """Clients who read what they are sent, and how many messages each has heard."""
    heard = [0] * CLIENTS

    async def watch(index: int, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(f"{url}/api/v1/live", max_msg_size=0) as connection:
            async for _ in connection:
                heard[index] += 1

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        tasks = [group.create_task(watch(index, session)) for index in range(CLIENTS)]
        while not all(heard):
            await asyncio.sleep(0.1)
        yield heard
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
