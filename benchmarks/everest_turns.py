"""Contenders that take turns, so that other work on the machine changes all alike; the peer in a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from children import peer_python

SCRIPT = Path(__file__).with_name("everest_peer.py")

Contender = Callable[[int], Awaitable[float]]
"""Does it so often, and says what one cost of the processor's time, in microseconds."""


async def bests(turns: int, often: int, *contenders: Contender) -> list[float]:
    """Of so many turns of each: whatever else the machine does can only make one dearer."""
    took_us = [[await contender(often) for contender in contenders] for _ in range(turns)]
    return [min(each) for each in zip(*took_us, strict=True)]


class Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()

    async def last(self) -> int:
        """What it says when its input ends."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return int(await self.line())

    async def turn(self, often: int) -> float:
        """As a contender."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{often}\n".encode())
        return float(await self.line())


@asynccontextmanager
async def peer(*arguments: str) -> AsyncIterator[Child]:
    process = await asyncio.create_subprocess_exec(
        peer_python("websockets"),
        SCRIPT,
        *arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where it complains that others end without a word
    )
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
