"""The server on real sockets: plain, under TLS, and with another library's frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ohmstead.families.everest.client import connected
from ohmstead.families.everest.server import RpcSettings, rpc_server
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.tls import certificate_files, serving_context, trusting_context
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, HELLO, charge_point


@pytest.fixture
def text(store: TokenStore) -> str:
    return store.create("tablet", tuple(Scope), now=AT, expires_at=None)


@warped
async def test_s11_the_same_server_is_reached_plainly_and_under_tls(fixture: Any, tmp_path: Path) -> None:
    certificate = certificate_files(tmp_path)
    async with TaskScope() as scope:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        async with (
            rpc_server(point, clock=ScaledClock(AT)) as server,
            rpc_ports(server, tls_port=0, certificate=certificate) as ports,
            connected(websocket(f"ws://127.0.0.1:{ports.endpoints['rpcapi']}")) as plain,
            connected(
                websocket(
                    f"wss://127.0.0.1:{ports.endpoints['rpcapi_tls']}",
                    tls=trusting_context(pinned=certificate.fingerprint),
                )
            ) as secure,
        ):
            await plain.ready()
            await secure.ready()
            assert (await secure.set_ac_charging_current(1, 16.0)).is_applied
            await elapse(0.1)

            assert plain.mirror.evses[1].info == secure.mirror.evses[1].info


@warped
async def test_the_plain_port_can_stay_closed(fixture: Any, tmp_path: Path) -> None:
    async with TaskScope() as scope:
        server = charge_point(fixture, scope, mode=Mode.IMPROVED)
        context = serving_context(certificate_files(tmp_path))
        async with (
            rpc_server(server, clock=ScaledClock(AT)) as rpc,
            rpc_ports(rpc, port=None, tls_port=0, tls=context) as ports,
        ):
            assert list(ports.endpoints) == ["rpcapi_tls"]


@warped
async def test_another_librarys_client_is_served_with_a_header_and_not_with_an_address(
    fixture: Any, store: TokenStore, text: str
) -> None:
    gate = Gate(store, ScaledClock(AT))
    ask = '{"jsonrpc":"2.0","id":1,"method":"EVSE.GetStatus","params":[1]}'
    async with TaskScope() as scope:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        settings = RpcSettings(authentication=True)
        async with (
            rpc_server(point, settings=settings, gate=gate, clock=ScaledClock(AT)) as server,
            rpc_ports(server) as ports,
            aiohttp.ClientSession() as session,
        ):
            url = f"ws://127.0.0.1:{ports.endpoints['rpcapi']}/any/path"
            bearer = {"Authorization": f"Bearer {text}"}
            for address, headers, expected in (
                (url, bearer, '"error":"NoError"'),
                (f"{url}?token={text}", {}, '"reason":"missing"'),
            ):
                async with session.ws_connect(
                    address, headers=headers, protocols=["EVerestRpcApi"]
                ) as socket:
                    await socket.send_str(HELLO)
                    assert '"authentication_required":true' in (await socket.receive()).data.decode()
                    await socket.send_str(ask)
                    assert expected in (await socket.receive()).data.decode()


@warped
async def test_a_server_that_ends_closes_its_connections_with_a_word(fixture: Any) -> None:
    async with TaskScope() as scope, aiohttp.ClientSession() as session:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        async with rpc_server(point, clock=ScaledClock(AT)) as server:
            async with rpc_ports(server) as ports:
                socket = await session.ws_connect(f"ws://127.0.0.1:{ports.endpoints['rpcapi']}")
                await socket.send_str(HELLO)
                await socket.receive()
                scope.start(closed(socket))
                await elapse(0.1)
            await elapse(0.1)

        assert socket.close_code == 1012


async def closed(socket: aiohttp.ClientWebSocketResponse) -> None:
    await socket.receive()


@warped
async def test_a_fragmented_request_is_joined(fixture: Any) -> None:
    async with TaskScope() as scope, aiohttp.ClientSession() as session:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        async with (
            rpc_server(point, clock=ScaledClock(AT)) as server,
            rpc_ports(server) as ports,
            session.ws_connect(f"ws://127.0.0.1:{ports.endpoints['rpcapi']}") as socket,
        ):
            transport = socket._response.connection.transport  # type: ignore[union-attr]
            first, last = HELLO[:20].encode(), HELLO[20:].encode()
            for opcode, part in ((0x01, first), (0x80, last)):  # text that goes on, and its end
                transport.write(bytes([opcode, 0x80 | len(part), 0, 0, 0, 0]) + part)

            assert '"api_version"' in (await socket.receive()).data.decode()
