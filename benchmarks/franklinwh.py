"""FranklinWH beside `franklinwh` 2026.3.0 and `franklinwh-cloud` 0.6.4, each in an environment of its own, in one run.

Five questions: requests of a poll, processor time of one, the same without a network, building a client, the import.
The cloud answers at once, from a process of its own, with a captured record. The floor is msgspec's parser for it.

Run again with: .venv/bin/python benchmarks franklinwh
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
import timeit
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import msgspec
from children import importing_ms, peer_python, serving

from ohmstead.families.franklinwh import Client, Limits, TokenAuth
from ohmstead.kit.wire.http import HttpAnswer

ROOT = Path(__file__).parents[1]
PEERS = ("franklinwh", "franklinwh-cloud")
GATEWAY = "10060005A02X00000001"
ROUNDS = 200
GOAL = 4.0
UNLIMITED = Limits(calls=10**9, calls_window_s=0.01)
"""Every call still passes the budget's books, which hold as many as in the window of a poller."""

ANSWERS_AT_ONCE = """
import asyncio, json, sys
answers = {k: v.encode() for k, v in json.loads(sys.stdin.read()).items()}
count = 0
async def serve(reader, writer):
    global count
    while head := await reader.readuntil(b"\\r\\n\\r\\n"):
        for line in head.split(b"\\r\\n"):
            if line.lower().startswith(b"content-length:"):
                await reader.readexactly(int(line.split(b":")[1]))
        name = head.split(b" ")[1].split(b"?")[0].split(b"/")[-1].decode()
        body = str(count).encode() if name == "counted" else answers[name]
        count += name != "counted"
        kind = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n"
        writer.write(kind % len(body) + body)
async def quietly(reader, writer):
    try: await serve(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError): writer.close()
async def main():
    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
"""A cloud that says the same to everybody, and counts."""


def main() -> None:
    answers = recorded()
    with serving(ANSWERS_AT_ONCE, given=json.dumps(answers)) as port:
        url = f"http://127.0.0.1:{port}/"
        measured = {name: peer(name, url, answers) for name in PEERS}
        ours = asyncio.run(measuring(url, answers))
    ours["importing_ms"] = importing_ms(
        "from ohmstead.families.franklinwh import Client", after="import asyncio"
    )
    columns = [ours, *measured.values()]
    print(f"{'':28}" + "".join(f"{name:>18}" for name in ("ours", *PEERS)) + f"{'goal':>8}")
    for name, key, unit, goal in ROWS:
        row = "".join(f"{values[key]:13.3f} {unit:<4}" for values in columns)
        print(f"{name:28}{row}{goal:>8}")
        if goal:
            ratios = "".join(f"{values[key] / ours[key]:13.1f}x    " for values in columns)
            print(f"{'':28}{ratios}")
    print(f"{'floor of the parsing':28}{floor_ms(answers['getDeviceCompositeInfo']):13.4f} ms")


ROWS = (
    ("requests of a poll", "requests", "", ""),
    ("CPU of a poll", "refreshing_ms", "ms", f"{GOAL:.0f}x"),
    ("the same, no network", "parsing_ms", "ms", ""),
    ("building a client", "building_ms", "ms", ""),
    ("its memory", "building_kib", "KiB", ""),
    ("import", "importing_ms", "ms", ""),
)


def recorded() -> dict[str, str]:
    """Whole answers by the last part of their path; the record that is polled is a captured one."""
    vectors = json.loads((ROOT / "tests/families/franklinwh/data/vectors.json").read_text())
    live = next(case for case in vectors["get_stats"] if case["name"] == "us_live_self_consumption")
    metering = vectors["mqtt_samples"][2]["response"]["result"]
    metering["dataArea"] = json.dumps(metering["dataArea"])
    results: dict[str, Any] = {  # Any: JSON
        "getHomeGatewayList": [{"id": GATEWAY, "status": 1}],
        "getAccessoryList": [],
        "getDeviceInfoV2": {"genEn": 0, "offGirdFlag": 0, "zoneInfo": "America/New_York"},
        "getEntranceInfo": {"gridFlag": True},
        "sendMqtt": metering,
    }
    wrapped = {
        name: {"code": 200, "message": "Query success!", "result": r, "success": True}
        for name, r in results.items()
    }
    wrapped["getDeviceCompositeInfo"] = live["payload"]
    return {name: json.dumps(answer) for name, answer in wrapped.items()}


async def measuring(url: str, answers: Mapping[str, str]) -> dict[str, float]:
    def client(**options: Any) -> Client:  # Any: the client's own
        return Client(TokenAuth("T"), GATEWAY, base_url=url, limits=UNLIMITED, **options)

    tracemalloc.start()
    kept = [client() for _ in range(ROUNDS)]
    building_kib = tracemalloc.get_traced_memory()[0] / ROUNDS / 1024
    tracemalloc.stop()
    del kept
    building_ms = min(timeit.repeat(client, number=ROUNDS, repeat=5)) / ROUNDS * 1000
    async with client() as polling:
        refreshing_ms = await polling_ms(polling)
        before = counted(url)
        for _ in range(10):
            await polling.get_stats()
        requests = (counted(url) - before) / 10
    async with client(http=Canned(answers)) as canned:
        parsing_ms = await polling_ms(canned)
    return {
        "requests": requests,
        "refreshing_ms": refreshing_ms,
        "parsing_ms": parsing_ms,
        "building_ms": building_ms,
        "building_kib": building_kib,
    }


async def polling_ms(client: Client) -> float:
    """Processor time of `get_stats`, after the one that looks who is there."""
    assert (await client.get_stats()).current.apower_serial_numbers
    best = float("inf")
    for _ in range(5):
        start_s = time.process_time()
        for _ in range(ROUNDS):
            await client.get_stats()
        best = min(best, (time.process_time() - start_s) / ROUNDS * 1000)
    return best


class Canned:
    """Answers without a network."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = {name: HttpAnswer(status=200, body=text.encode()) for name, text in answers.items()}

    async def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str]
    ) -> HttpAnswer:
        return self._answers[path.partition("?")[0].rpartition("/")[2]]


def counted(url: str) -> int:
    """Requests so far, this one not among them."""
    with urlopen(url + "counted") as answer:  # noqa: S310 - our own server
        return int(answer.read())


def floor_ms(text: str) -> float:
    body = text.encode()
    return min(timeit.repeat(lambda: msgspec.json.decode(body), number=1000, repeat=20))


def peer(name: str, url: str, answers: Mapping[str, str]) -> dict[str, float]:
    """What the published client needs, measured in its own environment; it may keep files, but not in our home."""
    script = Path(__file__).with_name(
        "franklinwh_peer.py"
    )  # run with -P: this file here is named as the package is
    asked = json.dumps(
        {"package": name, "url": url, "gateway": GATEWAY, "rounds": ROUNDS, "answers": answers}
    )
    with tempfile.TemporaryDirectory() as home:
        told = subprocess.run(
            [peer_python(name), "-P", script], input=asked, env=os.environ | {"HOME": home}, stdout=subprocess.PIPE, text=True,
            check=True,
        )  # fmt: skip
    found: dict[str, float] = json.loads(told.stdout)
    return found


if __name__ == "__main__":
    main()
