"""Runs inside a published client's own environment: the same questions as to ours, told as JSON."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import time
import timeit
import tracemalloc
from typing import Any
from urllib.request import urlopen

import httpx

ASKED: dict[str, Any] = json.loads(sys.stdin.read())
URL, GATEWAY, ROUNDS = ASKED["url"], ASKED["gateway"], ASKED["rounds"]
PACKAGE = ASKED["package"].replace("-", "_")
package = importlib.import_module(PACKAGE)
module = importlib.import_module(f"{PACKAGE}.client")
module.DEFAULT_URL_BASE = URL  # where the older one sends its commands, whatever address it was given


class Fetcher:
    """A token that is there already, as both clients want it."""

    info = {"token": "T"}  # noqa: RUF012 - as the client reads it

    async def get_token(self, force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002 - the client's own
        return "T"


def build() -> Any:
    return module.Client(Fetcher(), GATEWAY, URL)


def canned(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=ASKED["answers"][request.url.path.rpartition("/")[2]].encode())


def unplugged() -> Any:
    """A client without a network."""
    client = build()
    client.session = httpx.AsyncClient(transport=httpx.MockTransport(canned))
    return client


def counted() -> int:
    with urlopen(URL + "counted") as answer:  # noqa: S310 - our own server
        return int(answer.read())


async def polling_ms(client: Any) -> float:
    await client.get_stats()
    best = float("inf")
    for _ in range(5):
        start_s = time.process_time()
        for _ in range(ROUNDS):
            await client.get_stats()
        best = min(best, (time.process_time() - start_s) / ROUNDS * 1000)
    return best


def importing_ms() -> float:
    script = (
        "import time, asyncio; s = time.perf_counter();"
        f"from {PACKAGE} import Client; print((time.perf_counter() - s) * 1000)"
    )
    return min(float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(7))


async def main() -> None:
    building_ms = min(timeit.repeat(build, number=5, repeat=3)) / 5 * 1000
    tracemalloc.start()
    kept = [build() for _ in range(10)]
    building_kib = tracemalloc.get_traced_memory()[0] / 10 / 1024
    tracemalloc.stop()
    del kept
    client = build()
    refreshing_ms = await polling_ms(client)
    before = counted()
    for _ in range(10):
        await client.get_stats()
    requests = (counted() - before) / 10
    told = {
        "requests": requests,
        "refreshing_ms": refreshing_ms,
        "parsing_ms": await polling_ms(unplugged()),
        "building_ms": building_ms,
        "building_kib": building_kib,
        "importing_ms": importing_ms(),
    }
    print(json.dumps(told))


asyncio.run(main())
