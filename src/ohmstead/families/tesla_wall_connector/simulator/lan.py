"""The home-network side: four documents, nothing else, and a radio that dozes when nobody asks."""

from __future__ import annotations

import asyncio
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.serving import Web
from ohmstead.kit.link.http_serving import HttpListener, HttpReply, HttpRequest

QUIET_S: Final = 10.0
"""Without requests, before the radio may doze."""
LONGEST_DOZE_S: Final = 6.0


class Lan:
    def __init__(self, web: Web) -> None:
        self.web = web
        self.listener: HttpListener
        self.is_dozing = False
        self.dozes = 0
        self.gone_from_s: float | None = None
        """The world's second from which it is gone: a follower's."""
        self.gone_until_s: float | None = None
        self._settling = asyncio.Lock()

    async def answer(self, request: HttpRequest) -> HttpReply | None:
        wrong = await self.web.take(request)
        if self.web.breaks_off(request):
            return None
        reply = wrong or self.web.document(request)
        return self.web.finished(reply, request)

    async def settle(self) -> None:
        """Be there or not, by what holds now."""
        async with self._settling:
            await self._settle()

    async def _settle(self) -> None:
        unit = self.web.unit
        now_s = unit.now_s
        is_gone = self.gone_from_s is not None and now_s >= self.gone_from_s
        if self.gone_until_s is not None and now_s >= self.gone_until_s:
            self.gone_from_s = self.gone_until_s = None
            is_gone = False
        if not unit.is_powered or is_gone:
            await self.listener.pause()
            self.listener.drop()
        elif self.is_dozing or self.web.faults.strike("refuse"):
            await self.listener.pause()
        else:
            await self.listener.resume()

    async def doze(self) -> None:
        """Once nothing was asked for 10 s, accept nothing for a while, and again: the share `drop_outs` of the time."""
        share = self.web.quirks.drop_outs
        loop, random = asyncio.get_running_loop(), self.web.random
        is_first = True
        while share > 0.0:
            quiet_s = loop.time() - self.web.last_request_s
            if quiet_s < QUIET_S:
                is_first = True
                await asyncio.sleep(QUIET_S - quiet_s)
                continue
            doze_s = random.uniform(1.0, LONGEST_DOZE_S)
            if not is_first or random.random() >= share:
                await asyncio.sleep(doze_s * (1.0 - share) / share * random.uniform(0.5, 1.5))
                is_first = False
                if loop.time() - self.web.last_request_s < QUIET_S:
                    continue
            is_first = False
            await self._doze_for(doze_s)

    async def _doze_for(self, doze_s: float) -> None:
        self.is_dozing = True
        self.dozes += 1
        await self.settle()
        self.listener.drop()
        await asyncio.sleep(doze_s)
        self.is_dozing = False
        await self.settle()
