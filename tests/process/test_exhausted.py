"""F41: a gateway that reaches its memory's limit shows visitors out, polls on, and lets them in again."""

from __future__ import annotations

import json
import re
import resource
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process

Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]

PATIENCE_S = 60.0
ASK = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def visitor(port: int) -> socket.socket:
    """One that has asked, and keeps its connection."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    connection.sendall(ASK)
    return connection


def first_line(connection: socket.socket) -> bytes:
    return connection.recv(4096).partition(b"\r\n")[0]


def is_shown_out(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(4096) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def memory_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


def last_good_at(state: Any) -> datetime:  # Any: JSON
    return max(
        datetime.fromisoformat(device["last_good_at"] or "1970-01-01T00:00Z") for device in state["devices"]
    )


def test_f41_without_memory_to_spare_visitors_go_and_devices_stay(
    start: Start, eventually: Fetch, until: Callable[..., Any], tmp_path: Path
) -> None:
    charger = start("simulate", "tesla-wall-connector", "--latency", "none")
    site = tmp_path / "site.toml"
    site.write_text(
        f'[[device]]\nname = "drive"\nurl = "tesla-wall-connector://127.0.0.1:{json.loads(charger.line())["port"]}"\n'
    )
    gateway = start("run", str(site), "--port", "0")
    url = re.findall(r"http://[\d.:]+", gateway.line())[0]
    port, pid = int(url.rpartition(":")[2]), gateway.process.pid
    eventually(f"{url}/api/v1/state", lambda state: last_good_at(state).year > 1970)

    visitors = [visitor(port) for _ in range(5)]
    assert {first_line(connection) for connection in visitors} == {b"HTTP/1.1 200 OK"}
    usual = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (int(memory_bytes(pid) / 0.95), usual[1]))
    until(lambda: all(is_shown_out(connection) for connection in visitors))
    refused = visitor(port)
    assert first_line(refused) == b"HTTP/1.1 503 Service Unavailable"
    short_at = datetime.now(UTC)
    resource.prlimit(pid, resource.RLIMIT_AS, usual)

    state = eventually(f"{url}/api/v1/state", lambda state: last_good_at(state) > short_at)
    findings = eventually(f"{url}/api/v1/health", bool)["findings"]
    assert {device["health"] for device in state["devices"]} == {"good"}
    # On a busy machine it may have stood still, too.
    assert {finding["trouble"] for finding in findings} - {"blocked"} == {"short"}
    for connection in (*visitors, refused):
        connection.close()
    assert gateway.end() == 0
