"""The access-point side: the four documents, the configuration channel and the installer's pages, while the window lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.envelope import CONTENT_TYPE, DIN_PATH
from ohmstead.families.tesla_wall_connector.envelope import PATH as CHANNEL_PATH
from ohmstead.families.tesla_wall_connector.envelope import reply as reply_body
from ohmstead.families.tesla_wall_connector.simulator.channel import answered, is_change, refused
from ohmstead.families.tesla_wall_connector.simulator.memory import Settings
from ohmstead.families.tesla_wall_connector.simulator.serving import Web
from ohmstead.families.tesla_wall_connector.simulator.window import Phase
from ohmstead.kit.link.http_serving import HttpListener, HttpReply, HttpRequest

REPLY_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Connection": "keep-alive",
        "Cache-Control": "no-store, max-age=0",
        "Content-Type": CONTENT_TYPE,
    }
)
PAGES: Final = frozenset(
    {
        "/",
        "/access",
        "/alerts",
        "/error/public",
        "/error/unauthenticated",
        "/fwupdate",
        "/installation",
        "/service",
        "/sharing",
        "/sharing/add",
        "/sharing/settings",
        "/update",
        "/wifi",
    }
)
PAGE: Final = (
    b'<!DOCTYPE html><html><head><title>Wall Connector</title><link rel="stylesheet" href="/style.css">'
    b'<script src="/app.js"></script></head><body></body></html>'
)
FILES: Final[Mapping[str, tuple[bytes, str]]] = MappingProxyType(
    {"/style.css": (b"body{margin:0}", "text/css"), "/app.js": (b"'use strict'", "text/javascript")}
)
LATE_S: Final = 5.0


class AccessPoint:
    def __init__(self, web: Web) -> None:
        self.web = web
        self.listener: HttpListener
        self.pages_loaded = 0
        self._late: list[tuple[float, Settings]] = []
        """Changes to come, and when."""
        self._settling = asyncio.Lock()

    async def answer(self, request: HttpRequest) -> HttpReply | None:
        wrong = await self.web.take(request)
        if self.web.breaks_off(request) or self.phase is Phase.CLOSED:
            return None
        reply = wrong or self._reply(request)
        return None if reply is None else self.web.finished(reply, request)

    @property
    def phase(self) -> Phase:
        return self.web.unit.window.phase(self.web.unit.now_s)

    async def settle(self) -> None:
        """Be there or not, by what holds now; and do what was put off."""
        async with self._settling:
            await self._settle()

    async def _settle(self) -> None:
        unit, phase = self.web.unit, self.phase
        for at_s, settings in [late for late in self._late if late[0] <= unit.now_s]:
            unit.memory.write(settings)
            self._late.remove((at_s, settings))
        if not unit.is_powered or phase is Phase.CLOSED:
            await self.listener.pause()
            self.listener.drop()
        elif unit.window.is_visible(unit.now_s):
            await self.listener.resume()
        else:
            await self.listener.pause()

    def _reply(self, request: HttpRequest) -> HttpReply | None:
        unit = self.web.unit
        match request.method, request.path:
            case "GET", path if path == DIN_PATH:
                return HttpReply(body=unit.identity.din.encode(), headers={"content-type": "text/plain"})
            case "POST", path if path == CHANNEL_PATH:
                return self._called(request)
            case "GET", path if path in PAGES:
                self.pages_loaded += 1
                unit.window.page_loaded(unit.now_s)
                return HttpReply(body=PAGE, headers={"content-type": "text/html"})
            case "GET", path if path in FILES:
                body, kind = FILES[path]
                return HttpReply(body=body, headers={"content-type": kind})
            case "GET", _:
                return self.web.document(request)
        return HttpReply(status=405)

    def _called(self, request: HttpRequest) -> HttpReply | None:
        unit, faults = self.web.unit, self.web.faults
        if found := faults.strike("refused", path=request.path):
            body = reply_body(refused(found.code), unit.identity.din)
        elif is_change(request.body):
            changed = self._changed(request)
            if changed is None:
                return None
            body = changed
        else:
            body = answered(unit, request.body)
        return HttpReply(body=body, headers=REPLY_HEADERS, is_chunked=True)

    def _changed(self, request: HttpRequest) -> bytes | None:
        """A change, done as the faults say."""
        unit, faults = self.web.unit, self.web.faults
        before, writes = unit.memory.settings, unit.memory.writes
        body = answered(unit, request.body)
        after = unit.memory.settings
        if faults.strike("lost-ack", path=request.path):
            return None
        late = faults.strike("late-write", path=request.path)
        if late or faults.strike("ignored-write", path=request.path):
            unit.memory.settings, unit.memory.writes = before, writes
        if late:
            at_s = unit.now_s + (LATE_S if late.seconds is None else late.seconds)
            self._late.append((at_s, msgspec.structs.replace(after)))
        return body
