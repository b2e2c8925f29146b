"""A cloud that says what a test tells it to say: small, over real HTTP, and with a log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.families.franklinwh.wire.answers import envelope
from ohmstead.families.franklinwh.wire.envelope import TunnelRequest, read_request, reply
from ohmstead.kit.link.http_serving import HttpListener, HttpReply, HttpRequest, serve_http
from ohmstead.model import ScaledClock

GATEWAY = "10060005A02X00000001"
START = datetime(2025, 10, 5, 14, 30, tzinfo=UTC)
LIVE: dict[str, Any] = {  # Any: JSON
    "currentWorkMode": 2,
    "deviceStatus": 1,
    "runtimeData": {
        "report_type": 1,
        "timestamp": 0,
        "soc": 41.93,
        "p_sun": 2.956,
        "p_gen": 0.0,
        "p_fhp": -1.5,
        "p_uti": -0.4,
        "p_load": 1.056,
        "kwh_sun": 5.5,
        "kwh_load": 5.569,
        "kwh_uti_in": 1.2,
        "gridChBat": 1.054,
        "main_sw": [1, 0, 1],
        "genStat": 0,
        "genEn": 0,
        "v2lModeEnable": 0,
        "run_status": 1,
        "mode": 21669,
        "name": "Self-Consumption",
    },
    "solarHaveVo": {"offGridFlag": 0},
    "currentAlarmVOList": [],
    "valid": True,
}

HANG_UP = object()
"""The connection ends without an answer."""

Say = Any  # Any: a result, an HttpReply, or a function of the request that gives (or awaits) one of them
Tell = Callable[[HttpRequest], Say]


class Cloud:
    """`says` maps the last part of a path to what is answered: a result, a whole `HttpReply`, or a function."""

    def __init__(self) -> None:
        self.says: dict[str, Say] = {
            "getHomeGatewayList": [{"id": GATEWAY, "status": 1}],
            "getAccessoryList": [],
            "getDeviceInfoV2": {"genEn": 0, "offGirdFlag": 0, "zoneInfo": "America/New_York"},
            "getEntranceInfo": {"gridFlag": True},
            "getDeviceCompositeInfo": deepcopy(LIVE),
            "selectOffgrid": {"offgridSet": 0, "offgridState": 0},
        }
        self.tunnel: dict[int, Callable[[TunnelRequest], Any]] = {}
        self.log: list[HttpRequest] = []
        self.valid = {"T1"}
        self.logins = 0
        self.refusal = 401
        self.listener: HttpListener | None = None

    def asked(self, name: str) -> list[HttpRequest]:
        return [request for request in self.log if request.path.endswith("/" + name)]

    def expire(self) -> None:
        self.valid.clear()

    async def answer(self, request: HttpRequest) -> HttpReply | None:
        self.log.append(request)
        name = request.path.rsplit("/", 1)[-1]
        if name == "appUserOrInstallerLogin" and name not in self.says:
            return self._login()
        if name != "appUserOrInstallerLogin" and request.headers.get("logintoken") not in self.valid:
            return said(envelope(self.refusal, None, message="token"))
        if name == "sendMqtt" and name not in self.says:
            return await self._tunnelled(request)
        say = self.says.get(name)
        if callable(say):
            say = say(request)
        if isinstance(say, Awaitable):
            say = await say
        if say is None and name not in self.says:
            return HttpReply(status=404, body=b'{"status":404,"message":""}')
        if say is HANG_UP:
            return None
        return say if isinstance(say, HttpReply) else said(envelope(200, say))

    def _login(self) -> HttpReply:
        self.logins += 1
        token = f"T{self.logins}"
        self.valid.add(token)
        return said(envelope(200, {"token": token, "userId": 10001}))

    async def _tunnelled(self, request: HttpRequest) -> HttpReply:
        asked = read_request(request.body)
        assert asked.is_intact
        payload = self.tunnel[asked.command](asked)
        if isinstance(payload, Awaitable):
            payload = await payload
        if isinstance(payload, HttpReply):
            return payload
        replied = 201 if asked.command == 203 else asked.command + 1
        return said(envelope(200, reply(asked, payload, reply_command=replied, at_s=1, number=9)))


def said(body: object, status: int = 200, **headers: str) -> HttpReply:
    return HttpReply(status=status, body=json.dumps(body).encode(), headers=headers)


def refused(code: int, message: str = "") -> HttpReply:
    return said(envelope(code, None, message=message))


def after(seconds: float, say: Say) -> Tell:
    async def tell(request: HttpRequest) -> Say:
        await asyncio.sleep(seconds)
        return say(request) if callable(say) else say

    return tell


def in_turn(*says: Say) -> Tell:
    """One after the other; the last one stays."""
    left = list(says)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@asynccontextmanager
async def at_the_cloud(cloud: Cloud, **options: Any) -> AsyncIterator[Client]:
    """A client of it, on a clock that starts on an October day."""
    settings: dict[str, Any] = {"gateway_id": GATEWAY, "clock": ScaledClock(START)} | options
    auth = settings.pop("auth", PasswordAuth("owner@example.com", "secret"))
    async with serve_http(cloud.answer) as listener:
        cloud.listener = listener
        url = f"http://127.0.0.1:{listener.port}/"
        async with Client(auth, base_url=url, **settings) as client:
            yield client
