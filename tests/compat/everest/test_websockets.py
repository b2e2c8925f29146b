"""websockets 15.0.1, which most programs for charge points use: its client with our server, and its server with our link."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.everest.server import rpc_server
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message
from ohmstead.kit.link.tls import certificate_files
from ohmstead.kit.link.websocket import websocket
from ohmstead.model import ConnectionLost, Refused, ScaledClock
from tests.families.everest.bench import AT, charge_point

pytestmark = pytest.mark.compat

VECTORS = Path(__file__).parents[2] / "families" / "everest" / "data" / "vectors.json"
Driven = Any  # the conftest's


@pytest.mark.parametrize("name", ["rpcapi", "rpcapi_tls"])
def test_its_client_is_served_plainly_and_under_tls(driven: Driven, tmp_path: Path, name: str) -> None:
    async def work() -> None:
        fixture = json.loads(VECTORS.read_text())["fixture"]
        async with TaskScope() as scope:
            point = charge_point(fixture, scope, mode=Mode.IMPROVED)
            async with (
                rpc_server(point, clock=ScaledClock(AT)) as server,
                rpc_ports(server, tls_port=0, certificate=certificate_files(tmp_path)) as ports,
            ):
                scheme = "wss" if name.endswith("tls") else "ws"
                url = f"{scheme}://127.0.0.1:{ports.endpoints[name]}/any"
                async with driven("client", url) as process:
                    said, _ = await process.communicate()
        found = json.loads(said)
        assert (found["protocol"], found["extensions"]) == ("EVerestRpcApi", 0)
        assert found["hello"]["result"]["api_version"] == "1.0.0"
        assert found["status"]["result"]["error"] == "NoError"
        assert found["in pieces"] == found["binary"] == found["status"]
        assert found["big"] == 500_000
        assert found["ping_s"] < 10
        assert found["closed"] == 1009

    asyncio.run(work())


MESSAGES = [Message("grün".encode(), is_text=True), Message(b"\x00\xff" * 50_000), Message(b"")]


def test_its_server_speaks_with_our_link(driven: Driven) -> None:
    async def work() -> None:
        async with driven("echo") as process:
            url = f"ws://127.0.0.1:{int(await process.stdout.readline())}"
            async with websocket(url, protocols=["EVerestRpcApi"])() as link:
                for message in MESSAGES:
                    await link.send(message)
                    assert await link.receive() == message
                await link.send(Message(b"pieces", is_text=True))
                assert await link.receive() == Message(b"one two", is_text=True)
                await link.send(Message(b"ping", is_text=True))
                assert await link.receive() == Message(b"pong came", is_text=True)
                await link.send(Message(b"close", is_text=True))
                with pytest.raises(ConnectionLost, match="4000"):
                    await link.receive()
            async with websocket(url, protocols=["other", "EVerestRpcApi"])() as link:
                await link.close(1001, "bye")
                assert link.close_code == 1001
            with pytest.raises(Refused, match="400"):  # it serves nobody who names no protocol
                async with websocket(url)():
                    pass

    asyncio.run(work())
