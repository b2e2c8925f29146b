"""The way through the cloud to a gateway's own commands: one at a time, and slow."""

from __future__ import annotations

from functools import partial
from typing import Final

from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.facts.commands import CIRCUITS, CIRCUITS_V2, COMMANDS, LEDS, POWER
from ohmstead.families.franklinwh.facts.endpoints import SEND_MQTT
from ohmstead.families.franklinwh.simulator.cloud.calls import Refusal, denied, offline, timed_out
from ohmstead.families.franklinwh.simulator.cloud.commands import REPLIES
from ohmstead.families.franklinwh.simulator.cloud.faults import Faults
from ohmstead.families.franklinwh.simulator.cloud.latency import TUNNEL_S, Latency
from ohmstead.families.franklinwh.simulator.cloud.reads import Asked
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.wire.envelope import TunnelRequest, read_request, reply
from ohmstead.model import WireError

WRITTEN: Final = frozenset({CIRCUITS.number, CIRCUITS_V2.number, LEDS.number})
"""Commands that also write, with `opt` 1."""
ALONE: Final = frozenset({POWER.number})
"""Commands that fail when another is under way; the others wait for it."""


class Tunnel:
    def __init__(self, faults: Faults, waits: Latency) -> None:
        self._faults = faults
        self._waits = waits

    async def send(self, asked: Asked, *, is_offline: bool) -> dict[str, object]:
        """The `result` of the answer. Raises `Refusal`."""
        try:
            request = read_request(asked.call.raw)
        except WireError as error:
            raise Refusal(BodyCode.BAD_REQUEST, str(error)) from None
        if is_offline:
            raise offline()
        if self._faults.strike("permission-denied", path=SEND_MQTT.path, command=request.command):
            raise denied()
        await self._consider(asked, request)
        station = asked.station
        if station.tunnel.locked() and request.command in ALONE:
            raise timed_out()
        station.enter()
        try:
            async with station.tunnel:
                await self._waits.of(SEND_MQTT)
                return self._done(asked, request)
        finally:
            station.leave()

    def _discards(self, kind: str) -> bool:
        return self._faults.strike("silent-discard", path=SEND_MQTT.path, write=kind) is not None

    async def _consider(self, asked: Asked, request: TunnelRequest) -> None:
        """What a gateway leaves unanswered: a damaged frame, a command it does not know, anything while it is busy."""
        is_damaged = asked.options.checks_crc and not request.is_intact
        slow = self._faults.strike("gateway-slow", path=SEND_MQTT.path, command=request.command)
        if slow and slow.s < TUNNEL_S:
            await self._waits.wait(slow.s)
            slow = None
        if is_damaged or slow or request.command not in REPLIES:
            await self._waits.wait(TUNNEL_S)
            raise timed_out()

    def _done(self, asked: Asked, request: TunnelRequest) -> dict[str, object]:
        station: Station = asked.station
        station.gateway.world.catch_up()
        answer, told = REPLIES[request.command], request.payload
        is_write = told.get("opt") == 1 and request.command in WRITTEN
        if is_write and (late := self._faults.strike("late-write", path=SEND_MQTT.path)):
            station.do_later(partial(answer, asked, told, self._discards), late.s)
            told = {"opt": 0}
        return reply(
            request,
            answer(asked, told, self._discards),
            reply_command=COMMANDS[request.command].reply,
            at_s=int(station.now.timestamp()),
            number=station.next_number(),
        )
