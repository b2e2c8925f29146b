"""The clients of `fanout`, in a process of their own: says when all have heard something, and at the end what they heard."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime

import aiohttp


async def main(url: str, clients: int) -> None:
    heard, delays_ms = [0] * clients, list[float]()

    async def read(index: int, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(url, max_msg_size=0) as connection:
            async for message in connection:
                heard[index] += 1
                if not index:  # one tells for all how old what it hears is
                    said_at = datetime.fromisoformat(json.loads(message.data)["at"])
                    delays_ms.append((datetime.now(UTC) - said_at).total_seconds() * 1000)

    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        asyncio.TaskGroup() as group,
    ):
        tasks = [group.create_task(read(index, session)) for index in range(clients)]
        while not all(heard):
            await asyncio.sleep(0.05)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps({"messages": sum(heard) - clients, "delays_ms": delays_ms[1:]}), flush=True)
        for task in tasks:
            task.cancel()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
