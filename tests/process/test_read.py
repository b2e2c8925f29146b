from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

pytestmark = pytest.mark.process

Ohmstead = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Any]  # Any: the conftest's Running
Peer = Callable[[Callable[[socket.socket], None]], int]


def test_a_device_reads_as_a_table(ohmstead: Ohmstead, dtu: int) -> None:
    result = ohmstead("read", f"hoymiles://127.0.0.1:{dtu}")
    assert result.returncode == 0, result.stderr
    assert "solar power" in result.stdout
    assert " W" in result.stdout
    assert result.stderr == ""


def test_a_device_reads_as_one_json_document(ohmstead: Ohmstead, dtu: int) -> None:
    result = ohmstead("read", f"hoymiles://127.0.0.1:{dtu}", "--json")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    document = json.loads(result.stdout)
    readings = [reading for device in document["devices"] for reading in device["readings"]]
    assert any(reading["type"] == "solar" and reading["power_w"] >= 0 for reading in readings)


def test_watching_prints_a_document_a_line_until_it_is_interrupted(start: Start, dtu: int) -> None:
    watching = start("read", f"hoymiles://127.0.0.1:{dtu}", "--watch", "--json")
    assert json.loads(watching.line())["devices"]
    assert watching.end(signal.SIGINT) == 130
    assert watching.errors == []


def assert_ends_in_one_sentence(result: subprocess.CompletedProcess[str], code: int) -> None:
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("ohmstead: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_a_wrong_host_is_a_sentence(ohmstead: Ohmstead) -> None:
    result = ohmstead("read", "hoymiles://there-is-no-such-host.invalid")
    assert_ends_in_one_sentence(result, 3)
    assert "no address is known for 'there-is-no-such-host.invalid'" in result.stderr


def test_a_wrong_port_is_a_sentence(ohmstead: Ohmstead, closed_port: int) -> None:
    result = ohmstead("read", f"hoymiles://127.0.0.1:{closed_port}")
    assert_ends_in_one_sentence(result, 3)
    assert "refused the connection" in result.stderr


def test_a_peer_that_babbles_and_one_that_is_silent_are_a_sentence_each(
    ohmstead: Ohmstead, peer: Peer
) -> None:
    def babble(connection: socket.socket) -> None:
        """And go, as a web server does that was asked for nothing it knows."""
        if connection.recv(4096):
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>")

    def listen(connection: socket.socket) -> None:
        while connection.recv(4096):
            pass

    # Of the devices that may be silent a charge point gets the least patience.
    urls = [f"hoymiles://127.0.0.1:{peer(babble)}", f"everest://127.0.0.1:{peer(listen)}"]
    with ThreadPoolExecutor(len(urls)) as pool:
        babbled, silent = pool.map(lambda url: ohmstead("read", url), urls)

    assert_ends_in_one_sentence(babbled, 1)
    assert "hold no Hoymiles frame" in babbled.stderr
    assert_ends_in_one_sentence(silent, 3)
    assert "did not answer within 5 s" in silent.stderr


@pytest.mark.parametrize(
    "url",
    ["192.0.2.7", "smoke-signal://192.0.2.7", "hoymiles://", "hoymiles://192.0.2.7:70000", "hoymiles://h:x"],
)
def test_a_wrong_url_is_wrong_use(ohmstead: Ohmstead, url: str) -> None:
    assert_ends_in_one_sentence(ohmstead("read", url), 2)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Starts a peer that does with each connection what it is told."""
    servers: list[socket.socket] = []

    def serve(server: socket.socket, behave: Callable[[socket.socket], None]) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    behave(connection)

    def begin(behave: Callable[[socket.socket], None]) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        threading.Thread(target=serve, args=(server, behave), daemon=True).start()
        port: int = server.getsockname()[1]
        return port

    yield begin
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
