"""Wall Connector vitals beside tesla-wall-connector 1.2.0, which runs in an environment of its own, in the same run.

Three questions and a bound: from bytes to typed values, the processor time of a whole refresh over a kept connection, the
cost of the import, and what a body costs that cannot be read. The floor is what a decoder without types needs for the same
bytes, and what asyncio alone needs to be imported.

Run again with: .venv/bin/python benchmarks wall_connector
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
import timeit
import tracemalloc
from pathlib import Path

import msgspec
from children import importing_ms, peer_python, serving

from ohmstead.families.tesla_wall_connector.bodies import LIMIT_BYTES, read
from ohmstead.families.tesla_wall_connector.client.rest import open_client
from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.model import BadAnswer

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "families" / "tesla_wall_connector" / "data" / "vectors.json"
HOST = "127.0.0.1"
ROUNDS = 300
BAD = {
    "cut in the middle": None,
    "nothing but brackets": b"[" * LIMIT_BYTES,
    "nested 1,600 deep": b'{"a":' * 1600,
    "quotes without end": b'"\\"' * 2700,
    "a number of 8,000 digits": b'{"session_s":' + b"9" * 8000,
    "bare nan over and over": b"nan " * 2000,
    "wrong encoding": b'{"a":"' + b"\xff" * 8000 + b'"}',
    "16 MiB": b"x" * (16 << 20),
}

ANSWERS_AT_ONCE = """
import socket, sys, threading
body = sys.argv[1].encode()
answer = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
def serve(link):
    with link:
        while link.recv(4096):
            link.sendall(answer)
server = socket.create_server(("127.0.0.1", 0)); print(server.getsockname()[1], flush=True)
while True:
    link, _ = server.accept(); threading.Thread(target=serve, args=(link,), daemon=True).start()
"""
"""A unit that answers each request with the same body."""


def main() -> None:
    body = next(
        v["raw"] for v in json.loads(VECTORS.read_text())["rest"]["vitals"] if "eu_6A" in v["name"]
    ).encode()
    peer = peer_python("tesla-wall-connector")
    with serving(ANSWERS_AT_ONCE, body.decode()) as port:
        asked = {"body": body.decode(), "host": HOST, "port": port, "rounds": ROUNDS}
        script = Path(__file__).with_name("wall_connector_peer.py")
        theirs = json.loads(subprocess.check_output([peer, script, json.dumps(asked)]))
        ours_ms = asyncio.run(refreshing_ms(port))
    ours_us = min(timeit.repeat(lambda: read(Vitals, body), number=20_000, repeat=20)) / 20_000 * 1e6
    floor_us = min(timeit.repeat(lambda: msgspec.json.decode(body), number=20_000, repeat=20)) / 20_000 * 1e6
    print(f"{'':28}{'peer':>11}{'ours':>11}{'ratio':>8}{'goal':>7}{'floor':>10}")
    peer_us, peer_ms = theirs["parsing_us"], theirs["refreshing_ms"]
    print(
        f"{'vitals, bytes to values':28}{peer_us:8.2f} us{ours_us:8.2f} us{peer_us / ours_us:7.1f}x"
        f"{'4x':>7}{floor_us:7.2f} us"
    )
    print(f"{'CPU of a refresh':28}{peer_ms:8.3f} ms{ours_ms:8.3f} ms{peer_ms / ours_ms:7.1f}x{'1.5x':>7}")
    floor_ms = importing_ms("import asyncio")
    peer_import_ms = importing_ms("import tesla_wall_connector", python=peer)
    imported_ms = importing_ms("from ohmstead.families.tesla_wall_connector import open_client")
    print(
        f"{'import':28}{peer_import_ms:8.0f} ms{imported_ms:8.0f} ms{peer_import_ms / imported_ms:7.1f}x{'':7}{floor_ms:7.0f} ms"
    )
    worst_ms = max(bad_body_ms(name, bad or body[: len(body) // 2]) for name, bad in BAD.items())
    assert worst_ms <= 1.0, "a bad body costs more than 1 ms"
    assert peer_us / ours_us >= 4.0, "vitals are not read four times as fast as the peer does"
    assert peer_ms / ours_ms >= 1.5, "a refresh costs more than two thirds of the peer's"


def bad_body_ms(name: str, body: bytes) -> float:
    def refused() -> None:
        try:
            read(Vitals, body)
        except BadAnswer:
            return

    took_ms = min(timeit.repeat(refused, number=5, repeat=5)) / 5 * 1000
    tracemalloc.start()
    refused()
    peak_mib = tracemalloc.get_traced_memory()[1] / (1 << 20)
    tracemalloc.stop()
    print(f"{f'bad body, {name}':39}{took_ms:8.3f} ms{peak_mib:8.3f} MiB{'1 ms, 1 MiB':>17}")
    assert peak_mib <= 1.0
    return took_ms


async def refreshing_ms(port: int) -> float:
    best = float("inf")
    async with open_client(HOST, port) as client:
        client._pacer.gap_s = 0.0  # noqa: SLF001 - a gap costs no processor time; the peer has none
        for _ in range(15):
            start_s = time.process_time()
            for _ in range(ROUNDS):
                assert (await client.vitals()).evse_state == 11
            best = min(best, (time.process_time() - start_s) / ROUNDS * 1000)
    return best


if __name__ == "__main__":
    main()
