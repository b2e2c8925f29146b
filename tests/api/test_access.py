"""Who may ask what: tokens, scopes, sessions, and the machine itself. S1 to S8 as far as the API goes."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from asked import Asked, Open
from scripted_family import ScriptedHome

from ohmstead.api import ROUTES, ApiSettings, Route
from ohmstead.api.callers import SESSION_S, Door
from ohmstead.api.problems import Declined
from ohmstead.gateway import read_site_file
from ohmstead.kit.tokens import FILE_NAME, Gate, Scope, TokenStore
from ohmstead.model import ConfigError, ScaledClock
from ohmstead.testing import elapse, warped

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
LOCKED = ApiSettings(loopback_scopes=())
"""Nothing without a token, even on the machine itself."""
ORDER = {"device": "roof/1164a00212345", "ability": "limits_solar", "value": 50}
OPEN_TO_ALL: Final = {("GET", "/health"), ("POST", "/session"), ("DELETE", "/session")}
"""The whole list of what needs no token."""
Made = Callable[..., str]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes a token in the store that the gateway under test has."""

    def make(*scopes: Scope, name: str = "phone", lasts: timedelta | None = None) -> str:
        ends = None if lasts is None else NOON + lasts
        return TokenStore(tmp_path / FILE_NAME).create(name, scopes, now=NOON, expires_at=ends)

    return make


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def ask(asked: Asked, route: Route, headers: dict[str, str] | None = None) -> int:
    named = "roof/1164a00212345" if route.path.startswith("/devices") else "roof-20250601T120000Z"
    path = f"/api/v1{route.path.replace('{id}', named)}"
    body = ORDER if route.method == "POST" else None
    async with asked.session.request(route.method, path, json=body, headers=headers) as response:
        return response.status


@pytest.mark.long
@warped
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_nothing_but_the_listed_exceptions_is_answered_without_a_token(
    opened: Open, route: Route
) -> None:
    """S2."""
    async with opened(settings=LOCKED) as asked:
        status = await ask(asked, route)
    assert (status == 401) == ((route.method, route.path) not in OPEN_TO_ALL)


@pytest.mark.long
@warped
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_a_token_opens_what_its_scope_says_and_nothing_else(
    opened: Open, made: Made, route: Route, scope: Scope
) -> None:
    """S3."""
    token = made(scope)
    async with opened(settings=LOCKED) as asked:
        status = await ask(asked, route, bearer(token))
    assert (status == 403) == (route.scope is not None and route.scope is not scope)
    assert status != 401 or route.path == "/session"


@warped
async def test_the_ledger_says_whose_token_commanded(opened: Open, made: Made, roof: ScriptedHome) -> None:
    token = made(Scope.CONTROL, Scope.READ, name="kitchen tablet")
    async with opened(settings=LOCKED) as asked:
        await asked.post("/commands", ORDER, headers=bearer(token))
        _, ledger = await asked.get("/commands", headers=bearer(token))
    assert [entry["origin"] for entry in ledger] == ["api: kitchen tablet"]
    assert roof.limit_pct == 50.0


@warped
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer ohm_wrong"},
        {"Authorization": "bearer \u00e4"},
        {"Authorization": "Bearer " + "x" * 5000},
    ],
)
async def test_a_wrong_token_is_refused_even_where_none_is_needed(
    opened: Open, headers: dict[str, str]
) -> None:
    async with opened() as asked, asked.session.get("/api/v1/state", headers=headers) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.content_type == "application/problem+json"


@warped
async def test_an_expired_token_is_told_so(opened: Open, made: Made) -> None:
    token = made(Scope.READ, lasts=timedelta(seconds=5))
    async with opened(settings=LOCKED) as asked:
        assert (await asked.get("/state", headers=bearer(token)))[0] == 200
        await elapse(6)
        status, problem = await asked.get("/state", headers=bearer(token))
    assert (status, "expired" in problem["detail"]) == (401, True)


@warped
async def test_a_token_in_the_url_is_no_token(opened: Open, made: Made) -> None:
    """S7: it would end up in logs and histories."""
    token = made(Scope.READ)
    async with opened(settings=LOCKED) as asked:
        status, _ = await asked.get(f"/state?token={token}")
    assert status == 401


@warped
async def test_guessing_is_slowed_down_and_the_owner_stays_in(opened: Open, made: Made) -> None:
    """S5."""
    token = made(Scope.READ)
    async with opened(settings=LOCKED) as asked:
        _, session = await asked.post("/session", {"token": token})
        statuses = [(await asked.get("/state", headers=bearer(f"ohm_{n}")))[0] for n in range(50)]
        assert (await asked.get("/state"))[0] == 200  # by the session's cookie
        async with asked.session.get("/api/v1/state", headers=bearer("ohm_x")) as response:
            assert 0 < int(response.headers["Retry-After"]) <= 60
    assert session["name"] == "phone"
    assert statuses.count(401) == 5
    assert statuses.count(429) == 45


@warped
async def test_a_browser_comes_in_with_a_token_once_and_leaves(opened: Open, made: Made) -> None:
    """S8: the cookie is no script's."""
    token = made(Scope.READ, Scope.CONTROL)
    async with opened(settings=LOCKED) as asked:
        async with asked.session.post("/api/v1/session", json={"token": token}) as response:
            cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert token not in cookie
        assert (await asked.get("/session"))[1] == {"name": "phone", "scopes": ["read", "control"]}
        async with asked.session.delete("/api/v1/session") as response:
            assert response.status == 204
        assert (await asked.get("/state"))[0] == 401


@warped
async def test_a_session_ends_after_a_week_whatever_the_browser_keeps(made: Made, tmp_path: Path) -> None:
    text = made(Scope.READ)
    gate = Gate(TokenStore(tmp_path / FILE_NAME), ScaledClock(NOON))
    token = gate.judge(text, "192.0.2.7").token
    assert token is not None
    door = Door(gate, frozenset())
    request = make_mocked_request(
        "GET", "/api/v1/state", headers={"Cookie": f"ohmstead={door.open_session(token)}"}
    )
    await elapse(SESSION_S - 1)
    assert door.caller(request).name == "phone"
    await elapse(1)
    with pytest.raises(Declined):
        door.caller(request)


@warped
async def test_a_token_that_is_revoked_ends_its_sessions_and_its_live_view(
    opened: Open, made: Made, tmp_path: Path, roof: ScriptedHome
) -> None:
    token = made(Scope.READ)
    async with opened(settings=LOCKED) as asked:
        await asked.post("/session", {"token": token})
        async with asked.session.ws_connect("/api/v1/live") as live:
            assert (await live.receive_json())["type"] == "state"
            TokenStore(tmp_path / FILE_NAME).revoke("phone")
            closed = await live.receive(timeout=60)
            while closed.type is aiohttp.WSMsgType.TEXT:
                closed = await live.receive(timeout=60)
            assert live.close_code == 1008
        assert (await asked.get("/state"))[0] == 401


@warped
@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_whoever_comes_through_a_proxy_on_this_machine_is_not_this_machine(
    opened: Open, name: str
) -> None:
    async with opened() as asked:
        status, _ = await asked.get("/state", headers={name: "203.0.113.7"})
    assert status == 401


@warped
async def test_a_flood_of_requests_is_held_back(opened: Open) -> None:
    """S6."""
    async with opened() as asked:
        statuses = [(await asked.get("/health"))[0] for _ in range(700)]
    assert statuses[:600] == [200] * 600
    assert 429 in statuses


@warped
async def test_nobody_in_the_network_is_served_before_there_is_a_token(opened: Open, tmp_path: Path) -> None:
    """S1."""
    with pytest.raises(ConfigError, match=f"ohmstead token create .* --data {tmp_path}$"):
        async with opened(settings=ApiSettings(network="0.0.0.0", network_port=0)):
            pass


@warped
@pytest.mark.parametrize(
    ("address", "why"),
    [("0.0.0.0", "Address already in use"), ("198.51.100.7", "Cannot assign requested address")],
)
async def test_an_entrance_that_cannot_be_had_says_which_keys_to_change(
    opened: Open, made: Made, address: str, why: str
) -> None:
    made(Scope.READ)
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as raised:
            async with opened(settings=ApiSettings(network=address, network_port=port)):
                pass
    assert str(raised.value).startswith(
        f"cannot listen on {address}, port {port}: {why}. In [api], network is"
    )


@warped
async def test_others_come_in_under_tls_with_a_token_and_without_one_they_do_not(
    opened: Open, made: Made
) -> None:
    """S11: the certificate is our own, and its fingerprint is told."""
    token = made(Scope.READ)
    settings = ApiSettings(network="0.0.0.0", network_port=0, names=("linden.example",))
    async with opened(settings=settings) as asked:
        assert asked.served.network_url.startswith("https://linden.example:")
        port = asked.served.network_url.rpartition(":")[2]
        pinned = aiohttp.Fingerprint(bytes.fromhex(asked.served.fingerprint.replace(":", "")))
        host = {"Host": "localhost"}  # this machine reaches it by loopback
        url = f"https://127.0.0.1:{port}/api/v1/state"
        async with asked.session.get(url, ssl=pinned, headers=host | bearer(token)) as response:
            assert response.status == 200
        with pytest.raises(aiohttp.ClientError):
            await asked.session.get(f"http://127.0.0.1:{port}/api/v1/state", headers=host)
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        async with asked.session.get(url, ssl=old, headers=host | bearer(token)) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('network = "127.0.0.1"', "others reach"),
        ('network = "0.0.0.0"\nnetwork_port = 99_999', "is a port"),
        ('certificate = "/etc/own.pem"', "belong together"),
        ('loopback_scopes = ["reed"]', "loopback_scopes"),
        ('netwrok = "0.0.0.0"', "netwrok"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"[api]\n{line}\n")
    with pytest.raises(ConfigError, match=words):
        read_site_file(path, faces={"api": "ohmstead.api:ApiSettings"})
