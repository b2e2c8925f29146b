"""Answers HTTP as the vendor's cloud does: token, gateway, call, envelope; and what goes wrong on purpose at each of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from ohmstead.families.franklinwh.facts import endpoints as to
from ohmstead.families.franklinwh.facts.body_codes import (
    READ_MESSAGE,
    WRITE_MESSAGE,
    BodyCode,
)
from ohmstead.families.franklinwh.facts.endpoints import NEW_API, TERMINAL, Endpoint, by_path
from ohmstead.families.franklinwh.simulator.cloud import latency
from ohmstead.families.franklinwh.simulator.cloud.accounts import Accounts
from ohmstead.families.franklinwh.simulator.cloud.calls import (
    Call,
    Refusal,
    unknown_gateway,
)
from ohmstead.families.franklinwh.simulator.cloud.desk import QUEUED, Desk
from ohmstead.families.franklinwh.simulator.cloud.envelopes import enveloped
from ohmstead.families.franklinwh.simulator.cloud.faults import Faults
from ohmstead.families.franklinwh.simulator.cloud.reads import Asked, neutral
from ohmstead.families.franklinwh.simulator.cloud.replay import Replay
from ohmstead.families.franklinwh.simulator.cloud.spoiling import SPOILED, page
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.simulator.cloud.told import CloudOptions
from ohmstead.families.franklinwh.simulator.records import site, surroundings
from ohmstead.families.franklinwh.wire.login import read_login_fields
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest
from ohmstead.kit.world import World

KEPT: Final = 1_000
"""Requests in the log, about 1 MiB; a cloud that is asked for weeks grows no further."""
ROOTS: Final = ("hes-gateway/", "api-energy/", "api-smart/")
JSON_TYPE: Final = {"content-type": "application/json;charset=UTF-8"}
COMMON: Final = {
    "set-cookie": "JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly",
    "via": "1.1 simulated.cloudfront.net (CloudFront)",
    "x-cache": "Miss from cloudfront",
}
"""Headers of every answer, of which no client needs one."""
NOT_FOUND: Final = HttpReply(status=404, body=b'{"status":404,"message":""}', headers=JSON_TYPE)
NO_ROUTE: Final = frozenset({TERMINAL + "sim/cardShow"})
"""Known to the app, and answered as unknown."""


class Logged(msgspec.Struct, frozen=True):
    """A request as it came, and the code it got: of the body, or of HTTP where there was none."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    code: int
    took_s: float


class Service:
    def __init__(
        self,
        world: World,
        stations: Sequence[Station],
        options: CloudOptions,
        *,
        accounts: Accounts,
        faults: Faults,
        waits: latency.Latency,
        replay: Replay | None = None,
    ) -> None:
        self.world = world
        self.stations = {station.serial: station for station in stations}
        self.options = options
        self.accounts = accounts
        self.faults = faults
        self.log: deque[Logged] = deque(maxlen=KEPT)
        self.requests = 0
        self._replay = replay
        self._waits = waits
        self._desk = Desk(world, faults, waits)

    async def answer(self, request: HttpRequest) -> HttpReply | None:
        """None: the connection is broken off."""
        began_s = asyncio.get_running_loop().time()
        path = route(request.path)
        recorded = self._replay and self._replay.answer(request.method, path, request.body)
        reply = self._fault(path) or recorded or await self._answered(request, path)
        took_s = asyncio.get_running_loop().time() - began_s
        code = _code(reply)
        self.requests += 1
        self.log.append(Logged(request.method, path, dict(request.query), request.body, code, took_s))
        if self.faults.strike("drop-connection", path=path):
            return None
        return self._spoiled(reply, path)

    def _fault(self, path: str) -> HttpReply | None:
        if found := self.faults.strike("cdn-error", path=path):
            return HttpReply(status=found.code, body=page(found.code), headers={"content-type": "text/html"})
        if found := self.faults.strike("rate-limit", path=path):
            wait = {} if found.retry_after is None else {"retry-after": str(found.retry_after)}
            if found.how == "http":
                return HttpReply(status=429, headers=wait)
            return enveloped(path, BodyCode.BUSY, None, "Too many requests", headers=wait)
        return None

    def _spoiled(self, reply: HttpReply, path: str) -> HttpReply:
        for kind, spoil in SPOILED.items():
            if self.faults.strike(kind, path=path):
                reply = msgspec.structs.replace(reply, body=spoil(reply.body))
        return reply

    async def _answered(self, request: HttpRequest, path: str) -> HttpReply:
        endpoint = by_path(request.method, path)
        if endpoint is None or path in NO_ROUTE:
            return NOT_FOUND
        self.world.catch_up()
        for station in self.stations.values():
            station.settle(is_offline=self._desk.is_offline(station))
        message = WRITE_MESSAGE if _says_operate(endpoint) else READ_MESSAGE
        try:
            result = await self._result(request, endpoint)
            code = BodyCode.OK
            if result is QUEUED:
                code, result = BodyCode.QUEUED, None
        except Refusal as no:
            return enveloped(path, no.code, None, no.message, headers=COMMON)
        return enveloped(path, code, result, message, headers=COMMON)

    async def _result(self, request: HttpRequest, endpoint: Endpoint) -> object:
        if endpoint is to.LOGIN:
            await self._waits.of(endpoint)
            fields = read_login_fields(request.body, request.query)
            now = self.world.clock.now()
            return self.accounts.login(fields.get("account", ""), fields.get("password", ""), now)
        self._check_token(request, endpoint)
        call = Call(endpoint=endpoint, query=request.query, body=_body(request), raw=request.body)
        if endpoint is to.LOGOUT:
            await self._waits.of(endpoint)
            self.accounts.forget(_token(request))
            return None
        serial = call.serial
        if serial and serial not in self.stations:
            raise unknown_gateway()
        if not serial or endpoint in _OF_ACCOUNT:
            return await self._about_account(call)
        return await self._desk.answer(Asked(call, self.stations[serial], self.options))

    def _check_token(self, request: HttpRequest, endpoint: Endpoint) -> None:
        token = _token(request)
        if self.faults.strike("token-expire", path=endpoint.path):
            self.accounts.forget(token)
        self.accounts.check(token, self.world.clock.now())

    async def _about_account(self, call: Call) -> object:
        await self._waits.of(call.endpoint)
        match call.endpoint:
            case to.GATEWAY_LIST:
                return [self._listed(station) for station in self.stations.values()]
            case to.SITES:
                return [self._site()]
            case to.PACK_CATALOGUE:
                return site.catalogue()
            case to.ALARM_CODES:
                return surroundings.alarm_codes()
        if call.endpoint.is_write or call.endpoint is to.SEND_MQTT:
            raise unknown_gateway()
        return neutral(call)

    def _listed(self, station: Station) -> dict[str, Any]:  # Any: JSON
        return site.listed(
            station.gateway, self.options.account, is_online=not self._desk.is_offline(station)
        )

    def _site(self) -> dict[str, Any]:  # Any: JSON
        places = [
            site.place(station.gateway, is_online=not self._desk.is_offline(station))
            for station in self.stations.values()
        ]
        return {
            "siteId": 2001,
            "siteName": "Sample Home",
            "completeAddress": places[0]["completeAddress"],
            "basicDeviceInfoVOList": places,
        }


_OF_ACCOUNT: Final = (to.GATEWAY_LIST, to.SITES, to.PACK_CATALOGUE, to.ALARM_CODES)
"""Calls that are about no gateway, whatever serial comes with them."""


def route(path: str) -> str:
    """Without whatever a proxy or a base address put before it."""
    starts = [at for root in ROOTS if (at := path.find(root)) >= 0]
    return path[min(starts) :] if starts else path.removeprefix("/")


def _token(request: HttpRequest) -> str:
    return request.headers.get("logintoken", "")


def _code(reply: HttpReply) -> int:
    if not reply.body.startswith(b'{"code":'):
        return reply.status
    return int(msgspec.json.decode(reply.body)["code"])


def _says_operate(endpoint: Endpoint) -> bool:
    """Newer calls and writes say "Operate success!" where older ones say "Query success!"."""
    is_newer = endpoint.path.startswith((TERMINAL + "tou/", TERMINAL + "weather/getC", NEW_API))
    return endpoint.is_write or is_newer or endpoint in (to.DEVICE_INFO, to.OFF_GRID)


def _body(request: HttpRequest) -> Mapping[str, Any]:  # Any: JSON, or texts of a form
    text = request.body.strip()
    if not text:
        return {}
    if not text.startswith(b"{"):
        return dict(parse_qsl(text.decode("utf-8", "replace")))
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(BodyCode.BAD_REQUEST, "the body is no JSON") from None
    return found if isinstance(found, dict) else {}
