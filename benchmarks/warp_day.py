"""How long a day of waiting takes on the warp loop: 1,440 exchanges a minute apart, over real loopback sockets.

Beside it stands the floor, the same bytes over the same two sockets without any loop, and a day of 86,400 empty seconds.
Run again with: .venv/bin/python benchmarks/warp_day.py
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import time
from collections.abc import Callable

from ohmstead.kit.link import Link, listen, tcp
from ohmstead.testing import run

MINUTES = 1_440
SECONDS = 86_400
QUESTION, ANSWER = bytes(20), bytes(200)


async def answer(link: Link) -> None:
    while await link.receive():
        await link.send(ANSWER)


async def day_of_exchanges() -> None:
    async with listen(answer) as listener, tcp("127.0.0.1", listener.port)() as link:
        for minute in range(1, MINUTES + 1):
            await asyncio.sleep(minute * 60 - asyncio.get_running_loop().time())
            async with asyncio.timeout(5):
                await link.send(QUESTION)
                assert await link.receive() == ANSWER


async def day_of_seconds() -> None:
    async with listen(answer):
        for _ in range(SECONDS):
            await asyncio.sleep(1)


def bare_exchanges() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        far, _ = server.accept()
        with far:
            for _ in range(MINUTES):
                near.sendall(QUESTION)
                assert far.recv(4096) == QUESTION
                far.sendall(ANSWER)
                assert near.recv(4096) == ANSWER


def median_s(work: Callable[[], None], repeats: int = 5) -> float:
    taken_s = []
    for _ in range(repeats):
        started_s = time.perf_counter()
        work()
        taken_s.append(time.perf_counter() - started_s)
    return statistics.median(taken_s)


def main() -> None:
    exchanges_s = median_s(lambda: run(day_of_exchanges()))
    bare_s = median_s(bare_exchanges)
    seconds_s = median_s(lambda: run(day_of_seconds()), repeats=3)
    print(f"a day of {MINUTES:,} exchanges on the warp loop  {exchanges_s * 1e3:8.0f} ms")
    print(
        f"the same over bare sockets, no loop         {bare_s * 1e3:8.0f} ms   ratio {exchanges_s / bare_s:.1f}"
    )
    print(f"a day of {SECONDS:,} empty seconds              {seconds_s * 1e3:8.0f} ms")
    print("again: .venv/bin/python benchmarks/warp_day.py")


if __name__ == "__main__":
    main()
