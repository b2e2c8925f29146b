"""What both sides of a unit's web server share: one request at a time, slowly, and whatever goes wrong on purpose."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector import bodies
from ohmstead.families.tesla_wall_connector.documents import PATH, Document
from ohmstead.families.tesla_wall_connector.simulator import figures
from ohmstead.families.tesla_wall_connector.simulator.faults import Faults
from ohmstead.families.tesla_wall_connector.simulator.spoiling import SPOILED
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest

LATENCY_S: Final = (0.3, 3.0)
JSON: Final = {"content-type": "application/json"}
FOREVER_S: Final = 86_400.0
SLOW_S: Final = 4.0


class Quirks(msgspec.Struct, frozen=True, kw_only=True):
    """What units do without anything being broken."""

    latency_s: tuple[float, float] = LATENCY_S
    truncation: float = 0.02
    """The share of bodies that lack their last brace while a car charges."""
    drop_outs: float = 0.15
    """The share of time, without requests for 10 s, in which no connection is accepted."""


class Web:
    """Answers for one unit, on both sides."""

    def __init__(
        self, unit: Unit, faults: Faults, quirks: Quirks, random: Random, turn: asyncio.Lock
    ) -> None:
        """Both sides of a unit wait for the same `turn`: it answers one request at a time."""
        self.unit = unit
        self.faults = faults
        self.quirks = quirks
        self.random = random
        self.requests: Counter[str] = Counter()
        self.last_request_s = asyncio.get_running_loop().time()
        self._turn = turn

    async def take(self, request: HttpRequest) -> HttpReply | None:
        """Wait for the turn and as long as the unit takes; a reply only when something went wrong."""
        self.last_request_s = asyncio.get_running_loop().time()
        async with self._turn:
            self.requests[request.path] += 1
            await asyncio.sleep(self.random.uniform(*self.quirks.latency_s))
            if slow := self.faults.strike("slow", path=request.path):
                await asyncio.sleep(SLOW_S if slow.seconds is None else slow.seconds)
        if self.faults.strike("silence", path=request.path):
            await asyncio.sleep(FOREVER_S)
        if self.faults.strike("error-500", path=request.path):
            return HttpReply(status=500)
        self.unit.world.catch_up()
        return None

    def breaks_off(self, request: HttpRequest) -> bool:
        return not self.unit.is_powered or self.faults.strike("reset", path=request.path) is not None

    def document(self, request: HttpRequest) -> HttpReply:
        """Of the four; 500 for another name, 404 for another path."""
        if not request.path.startswith("/api/1/"):
            return HttpReply(status=404)
        shown = shown_document(self.unit, request.path.removeprefix(PATH))
        if shown is None:
            return HttpReply(status=500)
        return HttpReply(body=self._spoiled(bodies.written(shown), request.path), headers=JSON)

    def finished(self, reply: HttpReply, request: HttpRequest) -> HttpReply:
        """Cut off or closed, if a fault says so."""
        if self.faults.strike("half", path=request.path):
            headers = {**reply.headers, "content-length": str(len(reply.body))}
            half = reply.body[: len(reply.body) // 2]
            return HttpReply(status=reply.status, body=half, headers=headers, is_last=True)
        if self.faults.strike("close", path=request.path):
            return msgspec.structs.replace(reply, is_last=True)
        return reply

    def _spoiled(self, body: bytes, path: str) -> bytes:
        if self.unit.drawn_w and self.random.random() < self.quirks.truncation:
            self.faults.happened["truncated"] += 1
            body = body.removesuffix(b"}")
        if found := self.faults.strike(*SPOILED, path=path):
            body = SPOILED[found.kind](body, found)
        return body


def shown_document(unit: Unit, name: str) -> Document | None:
    match name:
        case "vitals":
            return figures.vitals(unit)
        case "lifetime":
            return figures.lifetime(unit)
        case "version":
            return figures.version(unit)
        case "wifi_status":
            return figures.wifi_status(unit)
    return None
