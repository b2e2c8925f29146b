"""What comes to the door of a running site with bad intentions: S2, S5 to S10, S15, S19."""

from __future__ import annotations

import asyncio
import re
import socket
from http import HTTPStatus
from typing import Final

import aiohttp
import pytest
from aiohttp import web
from asked import Asked, Open
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_family import ScriptedHome

from ohmstead.api import ApiSettings
from ohmstead.api.callers import Door
from ohmstead.api.server import _application
from ohmstead.dashboard import pages
from ohmstead.testing import run, warped

LOCKED: Final = ApiSettings(loopback_scopes=())
OPEN_TO_ALL: Final = frozenset(
    {
        *(
            ("GET", path)
            for path in (*pages(), "/docs", "/docs.css", "/api/v1/openapi.json", "/api/v1/health")
        ),
        ("POST", "/api/v1/session"),
        ("DELETE", "/api/v1/session"),
    }
)
"""S2's list of exceptions: the page, the manual, whether the gateway is well, and the way in. Nothing of the home."""
ORDER: Final = {"device": "roof/1164a00212345", "ability": "limits_solar", "value": 50}
MARKUP: Final = '<script>alert(1)</script><img src=x onerror="alert(2)">'
TRACES: Final = re.compile(r"Traceback|File \"|\.py\b|/site-packages/|/home/")
TRAVERSALS: Final = (
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/....//....//etc/passwd",
    "/..%5c..%5cwindows%5cwin.ini",
    "/..%c0%af..%c0%afetc/passwd",
    "/%252e%252e%252fetc%252fpasswd",
    "//etc/passwd",
    "/app.js/../../site.toml",
    "/app.js%00.html",
    "/.git/config",
    "/api/v1/../../site.toml",
    "/api/v1/captures/..%2f..%2fsecrets.toml/file",
    "/api/v1/captures/%2e%2e%2fsecrets/decoded",
    "/api/v1/devices/..%2f..%2fsecrets.toml",
    "/docs/../secrets.toml",
    "file:///etc/passwd",
    "\\..\\..\\secrets.toml",
)
SECRET: Final = "the-file-that-nobody-asks-for"


async def asked_raw(asked: Asked, target: str, head: str = "", method: str = "GET") -> bytes:
    """As no client library would send it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
    request = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Connection: close\r\n\r\n"
    writer.write(request.encode("latin-1"))
    answer = await reader.read()
    writer.close()
    return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# --- S2 ---


@warped
async def test_s2_every_path_of_the_router_is_locked_but_the_listed_ones(opened: Open) -> None:
    async with opened(settings=LOCKED) as asked:
        router = _application(asked.gateway, Door(asked.gate, frozenset()), _plain, pages(), {}).router
        found = {
            (route.method, route.resource.canonical)
            for route in router.routes()
            if route.resource is not None and route.method != "HEAD"
        }
        assert found >= OPEN_TO_ALL
        for method, path in sorted(found - OPEN_TO_ALL):
            where = path.replace("{id}", "roof")
            async with asked.session.request(method, where, json={} if method != "GET" else None) as response:
                assert response.status == HTTPStatus.UNAUTHORIZED, (method, path)


@web.middleware
async def _plain(request: web.Request, handler: web.RequestHandler) -> web.StreamResponse:
    raise AssertionError("nothing is asked of this one")


# --- S5, S6 ---


@warped
async def test_s5_of_a_thousand_tries_at_most_twenty_are_looked_at(opened: Open) -> None:
    async with opened(settings=LOCKED) as asked:
        statuses = []
        for number in range(1000):
            headers = {"Authorization": f"Bearer ohm_{number}"}
            async with asked.session.get("/api/v1/state", headers=headers) as response:
                statuses.append(response.status)
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 20


@warped
async def test_s6_a_head_beyond_all_measure_is_refused(opened: Open) -> None:
    async with opened() as asked:
        for head in (f"X-Long: {'x' * 20_000}\r\n", "".join(f"X-{n}: y\r\n" for n in range(5000))):
            try:
                answer = await asked_raw(asked, "/api/v1/health", head)
            except ConnectionResetError:
                continue  # it hung up before we had finished
            assert not answer or status_of(answer) in (400, 431), answer[:100]


@warped
async def test_s6_a_visitor_that_asks_and_never_reads_delays_nobody(opened: Open) -> None:
    async with opened() as asked:
        slow = socket.create_connection(("127.0.0.1", asked.served.port))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)
        began_s = asyncio.get_running_loop().time()
        assert (await asked.get("/health"))[0] == 200
        assert asyncio.get_running_loop().time() - began_s < 1
        slow.close()


# --- S7, S8, S9 ---


@warped
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost:1"]
)
async def test_s7_a_foreign_page_gets_no_live_stream(opened: Open, origin: str) -> None:
    async with opened() as asked:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await asked.session.ws_connect("/api/v1/live", headers={"Origin": origin})
    assert refused.value.status == 403


@warped
async def test_s8_no_form_image_or_fetch_of_another_page_changes_anything(
    opened: Open, roof: ScriptedHome
) -> None:
    evil = {"Origin": "https://evil.example"}
    async with opened() as asked:
        for send in (
            asked.session.post("/api/v1/commands", data={"device": "roof"}, headers=evil),
            asked.session.post("/api/v1/commands", json=ORDER, headers=evil),
            asked.session.post("/api/v1/commands", data=aiohttp.FormData(ORDER | {"value": "50"})),
            asked.session.get("/api/v1/commands", params={**ORDER, "value": "50"}),  # an image's way
            asked.session.options(
                "/api/v1/commands", headers={**evil, "Access-Control-Request-Method": "POST"}
            ),
        ):
            async with send as response:
                assert response.status >= 400, response.method
                assert not [name for name in response.headers if name.lower().startswith("access-control")]
        _, ledger = await asked.get("/commands")
    assert ledger == []
    assert roof.limit_pct == 100.0


@warped
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", "[::]", "localhost.evil.example", ""]
)
async def test_s9_a_name_that_was_pointed_at_us_opens_nothing(opened: Open, host: str) -> None:
    async with opened() as asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        writer.write(f"GET /api/v1/state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
    assert status_of(answer) in (400, 421)
    assert b"Linden Street" not in answer


# --- S10 ---


@warped
async def test_s10_what_a_device_calls_itself_is_text_wherever_it_is_shown(
    opened: Open, roof: ScriptedHome
) -> None:
    roof.name = MARKUP
    async with opened() as asked:
        async with asked.session.get("/api/v1/devices") as response:
            assert response.content_type == "application/json"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert MARKUP in {device["name"] for device in await response.json()}
        for path in ("/", "/docs", f"/api/v1/devices/{MARKUP}", f"/{MARKUP}"):
            async with asked.session.get(path) as response:
                assert response.content_type != "text/html" or MARKUP not in await response.text(), path
                assert "'unsafe" not in response.headers["Content-Security-Policy"]


# --- S15 ---


@warped
@pytest.mark.parametrize("target", TRAVERSALS)
async def test_s15_no_path_of_a_request_reaches_a_disk(opened: Open, target: str) -> None:
    async with opened() as asked:
        folder = asked.gateway.site_file.path.parent
        for name in ("secrets.toml", "site.toml"):
            (folder / name).write_text(f"# {SECRET}\n")
        answer = await asked_raw(asked, target)
    assert status_of(answer) in (400, 403, 404, 405), answer[:200]
    assert SECRET.encode() not in answer
    assert b"root:" not in answer


# --- S19 ---


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    asks=st.lists(
        st.tuples(
            st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"]),
            st.sampled_from(
                ["state", "history", "commands", "captures", "console", "devices/x", "session", "energy"]
            ),
            st.text(max_size=40),
            st.binary(max_size=200),
        ),
        min_size=20,
        max_size=20,
    )
)
def test_s19_whatever_is_asked_no_body_says_what_is_inside(
    opened: Open, asks: list[tuple[str, str, str, bytes]]
) -> None:
    async def ask_all() -> None:
        async with opened() as asked:
            for method, path, query, body in asks:
                async with asked.session.request(
                    method,
                    f"/api/v1/{path}",
                    params={"start": query, "device": query},
                    data=body,
                    headers={"Content-Type": "application/json"},
                ) as response:
                    text = await response.text()
                assert response.status < 500, (method, path, query, body, text)
                assert TRACES.search(text.replace(query, "")) is None, text
                assert response.status < 400 or response.content_type == "application/problem+json"

    run(ask_all())
