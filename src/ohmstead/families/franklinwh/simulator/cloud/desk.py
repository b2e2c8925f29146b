"""What is asked of one gateway: live data in three ages, records, writes that may wait, and the tunnel."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts import endpoints as to
from ohmstead.families.franklinwh.facts.endpoints import Cost
from ohmstead.families.franklinwh.simulator.cloud import latency
from ohmstead.families.franklinwh.simulator.cloud.calls import denied, offline
from ohmstead.families.franklinwh.simulator.cloud.faults import Faults
from ohmstead.families.franklinwh.simulator.cloud.reads import Asked, read
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.simulator.cloud.tunnel import Tunnel
from ohmstead.families.franklinwh.simulator.cloud.writes import write_of
from ohmstead.kit.world import World

QUEUED: Final = object()
"""In place of a result: the write waits for the gateway."""


class Desk:
    def __init__(self, world: World, faults: Faults, waits: latency.Latency) -> None:
        self._world = world
        self._faults = faults
        self._waits = waits
        self._tunnel = Tunnel(faults, waits)

    def is_offline(self, station: Station) -> bool:
        return station.is_offline or self._faults.is_on("gateway-offline")

    async def answer(self, asked: Asked) -> object:
        """The `result`, or `QUEUED`. Raises `Refusal`."""
        call, station = asked.call, asked.station
        is_tunnel = call.endpoint is to.SEND_MQTT  # which knows its command, and is struck by it
        if not is_tunnel and self._faults.strike("permission-denied", path=call.endpoint.path):
            raise denied()
        if call.endpoint is to.COMPOSITE_INFO:
            return await self._composite(asked)
        if is_tunnel:
            return await self._tunnel.send(asked, is_offline=self.is_offline(station))
        if call.endpoint.is_write:
            return await self._write(asked)
        if call.endpoint.cost is Cost.GATEWAY and self.is_offline(station):
            raise offline()
        await self._waits.of(call.endpoint)
        self._world.catch_up()
        return read(asked)

    async def _composite(self, asked: Asked) -> object:
        """Live, or the last copy of it, or what the database has."""
        station, path = asked.station, asked.call.endpoint.path
        if self._faults.strike("empty-payload", path=path):
            return None
        slow = self._faults.strike("gateway-slow", path=path)
        if slow and slow.s < latency.SILENT_S:
            await self._waits.wait(slow.s)
            slow = None
        is_silent = slow is not None or self.is_offline(station)
        if str(asked.call.value("refreshFlag")) == "0" or self._faults.strike("stored-answer", path=path):
            await self._waits.within(latency.STORED_S)
            record = station.stored()
        elif is_silent:
            await self._waits.wait(latency.SILENT_S)
            record = station.stored() if self.is_offline(station) else station.copy()
        else:
            await self._waits.of(asked.call.endpoint)
            self._world.catch_up()
            record = station.live()
        return record

    async def _write(self, asked: Asked) -> object:
        found = write_of(asked.call)
        do = found.prepare(asked)
        if self.is_offline(asked.station):
            await self._waits.within(latency.STORED_S)
            if not found.waits:
                raise offline()
            asked.station.queue.append(do)
            return QUEUED
        is_backup = found.kind == "mode" and str(asked.call.value("workMode")) == "3"
        await (self._waits.within(latency.BACKUP_S) if is_backup else self._waits.of(asked.call.endpoint))
        self._world.catch_up()
        if self._faults.strike("silent-discard", path=asked.call.endpoint.path, write=found.kind):
            return read(asked) if found.kind == "generator" else None
        if late := self._faults.strike("late-write", path=asked.call.endpoint.path, write=found.kind):
            asked.station.do_later(do, late.s)
            return read(asked) if found.kind == "generator" else None
        return do()
