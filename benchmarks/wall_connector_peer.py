"""The published client's side of `wall_connector`, run by its own interpreter: its package, nothing of ours.

Given a body and the port of a unit that answers at once, prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import timeit
from typing import Any

from tesla_wall_connector import WallConnector
from tesla_wall_connector.api import API
from tesla_wall_connector.vitals import Vitals


class Said:
    """An answer that has come whole."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def text(self) -> str:
        return self._body.decode()


def parsing_us(body: bytes) -> float:
    """From bytes to its object, by its own decoding, which waits for nothing once the answer is there."""
    api: Any = API("x", None, 5)
    said = Said(body)

    def parse() -> None:
        try:
            api.decode_response(said).send(None)
        except StopIteration as done:
            Vitals(done.value)

    return min(timeit.repeat(parse, number=2000, repeat=30)) / 2000 * 1e6


async def refreshing_ms(host: str, port: int, rounds: int) -> float:
    best = float("inf")
    async with WallConnector(f"{host}:{port}") as unit:
        client: Any = unit
        for _ in range(15):
            start_s = time.process_time()
            for _ in range(rounds):
                assert (await client.async_get_vitals()).evse_state == 11
            best = min(best, (time.process_time() - start_s) / rounds * 1000)
    return best


def main() -> None:
    asked = json.loads(sys.argv[1])
    found = {
        "parsing_us": parsing_us(asked["body"].encode()),
        "refreshing_ms": asyncio.run(refreshing_ms(asked["host"], asked["port"], asked["rounds"])),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
