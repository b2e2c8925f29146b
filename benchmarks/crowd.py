"""A thousand connections at the door of a site that is at work: half of them live clients, and none of them reads (F42).

    python benchmarks/crowd.py [SECONDS]

Twelve devices at their natural pace, as in `site`; the crowd is in this process, the gateway and the devices in their own.
Rounds without and with the crowd take turns. "late" is by how much whatever is due in the gateway, such as a poll, begins
too late.

Goals: the 99th centile moves by less than 10 %; at most 1 MiB a visitor; nobody who reads nothing is still there after a
minute and a half.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Final

from children import child, late, said
from machine import load_words, resident_mib

CROWD: Final = 1000
ROUNDS: Final = 3
SETTLING_S: Final = 15.0
PATIENCE_S: Final = 90.0
UPGRADE: Final = (
    b"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, child("devices", folder) as devices:
        said(devices)
        with child("gateway", folder) as gateway:
            port = int(said(gateway).rpartition(":")[2])
            time.sleep(SETTLING_S)
            alone_s, crowded_s = list[float](), list[float]()
            before_mib, most_mib = resident_mib(str(gateway.pid)), 0.0
            for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine hits both
                alone_s += late(gateway, seconds / ROUNDS)
                with crowd(port) as visitors:
                    crowded_s += late(gateway, seconds / ROUNDS)
                    most_mib = max(most_mib, resident_mib(str(gateway.pid)))
            with crowd(port) as visitors:
                gone, refused, most_bytes = left(visitors)
    print(f"{CROWD} visitors who read nothing, {seconds:.0f} s without and with them; {load_words()}")
    print(f"late    {words(alone_s)} without them")
    print(f"        {words(crowded_s)} with them, {centile(crowded_s) / centile(alone_s) - 1:+.0%}")
    print(f"memory  {before_mib:.0f} MiB before, {most_mib:.0f} MiB with them: ", end="")
    print(f"{(most_mib - before_mib) * 1024 / CROWD:.0f} KiB a visitor")
    print(
        f"visitors {refused} refused at the door, {gone} of {CROWD} gone, {most_bytes / 1024:.0f} KiB for one at most"
    )


@contextmanager
def crowd(port: int) -> Iterator[list[socket.socket]]:
    visitors = []
    try:
        for number in range(CROWD):
            visitor = socket.create_connection(("127.0.0.1", port))
            visitors.append(visitor)
            if number % 2:
                visitor.sendall(UPGRADE)
        yield visitors
    finally:
        for visitor in visitors:
            visitor.close()


def left(visitors: list[socket.socket]) -> tuple[int, int, int]:
    """How many are gone when their time is up, how many never came in, and the most that one was sent."""
    time.sleep(PATIENCE_S)
    gone = refused = most = 0
    for visitor in visitors:
        visitor.settimeout(0.2)
        found = bytearray()
        try:
            while data := visitor.recv(1 << 16):
                found += data
            gone += 1
        except ConnectionResetError:
            gone += 1
        except TimeoutError:
            pass
        refused += found.startswith(b"HTTP/1.1 503")
        most = max(most, len(found))
    return gone, refused, most


def centile(late_s: list[float]) -> float:
    return quantiles(late_s, n=100)[98]


def words(late_s: list[float]) -> str:
    cut = quantiles(late_s, n=100)
    return f"{cut[49] * 1000:6.2f} ms median, {cut[98] * 1000:6.2f} ms 99th centile"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
