"""The RS485 port, over TCP or a pseudo-terminal: the unit is the master, and whoever is there is its meter. One at a time."""

from __future__ import annotations

import asyncio
from typing import Final

from ohmstead.families.tesla_wall_connector.meter_port import (
    CURRENTS,
    IDENTITY,
    POWERS,
    PROBE,
    Reply,
    Request,
    allowed_a,
    encode_request,
    floats,
    replies,
)
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Frame
from ohmstead.model import ConnectionLost

PERIOD_S: Final = 1.0
ANSWER_S: Final = 1.0
LOST_AFTER_S: Final = 10.0
FALLBACK_A: Final = 6.0
"""What is allowed once the meter is lost: not known of the real device."""
CONDUCTOR_A: Final = 100.0
CTS: Final = 3
"""Phases; the fourth is no conductor of the supply."""


class MeterLine:
    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.conductor_a = CONDUCTOR_A
        self.fallback_a = FALLBACK_A
        self.reads = 0
        self.is_connected = False
        self.turned_away = 0
        """Who came while another was there."""
        self.currents_a: tuple[float, ...] = ()
        self._heard_s: float | None = None

    async def serve(self, link: Link) -> None:
        if self.is_connected:
            self.turned_away += 1
            return
        self.is_connected = True
        try:
            for request in (PROBE, IDENTITY):
                await self._ask(link, request)
            while True:
                await self._ask(link, POWERS)
                if (found := await self._ask(link, CURRENTS)) is not None:
                    self._follow(floats(found.registers))
                await asyncio.sleep(PERIOD_S)
        except ConnectionLost:
            return
        finally:
            self.is_connected = False

    def watch(self) -> None:
        """Fall back once nothing was heard for 10 s."""
        if self._heard_s is not None and _now_s() - self._heard_s > LOST_AFTER_S:
            self._heard_s = None
            self.unit.metered_a = self.fallback_a

    def _follow(self, currents_a: tuple[float, ...]) -> None:
        unit = self.unit
        self.reads += 1
        self._heard_s = _now_s()
        self.currents_a = currents_a
        unit.world.catch_up()
        unit.metered_a = allowed_a(
            self.conductor_a, max(currents_a[:CTS]), unit.current_a, unit.memory.settings.most_a
        )

    async def _ask(self, link: Link, request: Request) -> Reply | None:
        """None when nothing fitting came in time."""
        await link.send(encode_request(request))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await _fitting(link, request)
        except TimeoutError:
            return None


async def _fitting(link: Link, request: Request) -> Reply:
    heard = replies()
    while True:
        for found in heard.feed(await link.receive()):
            if isinstance(found, Frame) and len(found.value.registers) == request.count:
                return found.value


def _now_s() -> float:
    return asyncio.get_running_loop().time()
