from __future__ import annotations

from pathlib import Path

import pytest
from asked import Open
from scripted_family import ScriptedHome

from ohmstead.api import serve
from ohmstead.model import ConfigError
from ohmstead.testing import warped

ORDER = {"device": "roof/1164a00212345", "ability": "limits_solar", "value": 50}


@warped
async def test_a_taken_port_is_refused_with_a_way_out(opened: Open, tmp_path: Path) -> None:
    async with opened() as asked:
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1, port {asked.served.port}"):
            async with serve(asked.gateway, gate=asked.gate, directory=tmp_path, port=asked.served.port):
                pass


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8420", "127.0.0.1", "127.0.0.1:9000", "[::1]:8420"])
@warped
async def test_our_own_names_are_answered_on_any_forwarded_port(opened: Open, host: str) -> None:
    async with opened() as asked:
        status, _ = await asked.get("/health", headers={"Host": host})
    assert status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8420",
        "127.0.0.1@evil.example",
        "192.168.1.5",
        "[",
        "",
    ],
)
@warped
async def test_a_name_that_was_pointed_at_us_is_not_answered(opened: Open, host: str) -> None:
    async with opened() as asked:
        status, problem = await asked.get("/state", headers={"Host": host})
        page = await asked.session.get("/", headers={"Host": host})
    assert (status, problem["title"]) == (421, "Misdirected Request")
    assert "flows" not in problem
    assert page.status == 421


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1", "file://", "http://[", ""],
)
@warped
async def test_a_page_of_another_origin_can_neither_command_nor_listen(
    opened: Open, roof: ScriptedHome, origin: str
) -> None:
    async with opened() as asked:
        status, problem = await asked.post("/commands", ORDER, headers={"Origin": origin})
        live, _ = await asked.get(
            "/live",
            headers={
                "Origin": origin,
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            },
        )
    assert (status, problem["title"]) == (403, "Forbidden")
    assert live == 403
    assert roof.limit_pct == 100.0


@warped
async def test_our_own_page_may_command_and_listen(opened: Open, roof: ScriptedHome) -> None:
    async with opened() as asked:
        own = {"Origin": asked.served.url}
        status, _ = await asked.post("/commands", ORDER, headers=own)
        async with asked.session.ws_connect("/api/v1/live", headers=own) as live:
            assert (await live.receive_json())["type"] == "state"
    assert status == 200
    assert roof.limit_pct == 50.0


@warped
async def test_s8_a_picture_on_another_site_calls_nothing_and_a_link_to_our_page_is_welcome(
    opened: Open,
) -> None:
    async with opened() as asked:
        foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        status, problem = await asked.get("/discover", params={"network": "127.0.0.1"}, headers=foreign)
        assert status == 403
        assert "other sites" in problem["detail"]
        for site in ("same-origin", "none"):
            assert (await asked.get("/health", headers={"Sec-Fetch-Site": site}))[0] == 200
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        async with asked.session.get("/", headers=link) as response:
            assert response.status == 200
