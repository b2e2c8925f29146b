"""F42: a thousand who connect, half of them as live clients, and none of them reads."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest
from asked import Open
from scripted_family import ScriptedHome

from ohmstead.api.hub import MOST_CLIENTS
from ohmstead.api.reception import IDLE_S, MOST_CONNECTIONS
from ohmstead.model import Detail, DeviceId
from ohmstead.testing import elapse, warped

pytestmark = pytest.mark.long

CROWD: Final = 1000
DESCRIPTORS: Final = 2 * CROWD + 500
"""Both ends are in this process."""
UPGRADE: Final = (
    b"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
FULL: Final = b"HTTP/1.1 503"
SOUTH: Final = DeviceId("roof/1164a00212345")


@contextmanager
def many_descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < DESCRIPTORS:
        pytest.skip(f"{DESCRIPTORS} descriptors are needed, and {hard} allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def visitor(port: int, *, listens: bool) -> socket.socket:
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    peer.settimeout(60)
    peer.connect(("127.0.0.1", port))
    if listens:
        peer.sendall(UPGRADE)
    return peer


def drained(peer: socket.socket) -> bytes:
    """What was sent to this peer. Fails unless its connection has ended behind it."""
    found = bytearray()
    with peer:
        try:
            while data := peer.recv(1 << 16):
                found += data
        except ConnectionResetError:
            pass
    return bytes(found)


@warped
async def test_f42_a_thousand_who_read_nothing_are_bounded_and_let_go_and_no_poll_is_missed(
    opened: Open, roof: ScriptedHome
) -> None:
    roof.interval_s = 1.0
    roof.extra_details = tuple(
        Detail(key=f"text_{number}", label="Text", value="x" * 200) for number in range(100)
    )
    with many_descriptors():
        async with opened() as asked:
            began = asked.gateway.clock.now()
            crowd = []
            for number in range(CROWD):
                crowd.append(visitor(asked.served.port, listens=number % 2 == 0))
                await elapse(0.001)
            await elapse(IDLE_S + 20)
            await asked.gateway.history.flush()
            end = began + timedelta(seconds=60)
            series = await asked.gateway.history.series(SOUTH, "solar.power_w", began, end, 60)
            assert (await asked.get("/health"))[0] == 200
            got = [drained(peer) for peer in crowd]
    refused = sum(found.startswith(FULL) for found in got)
    listened = sum(found.startswith(b"HTTP/1.1 101") for found in got)
    assert refused >= CROWD - MOST_CONNECTIONS
    assert 0 < listened <= MOST_CLIENTS
    assert max(map(len, got)) < 1024 * 1024
    assert sum(point.count for point in series.points) >= 59
