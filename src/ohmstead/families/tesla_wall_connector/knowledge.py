"""What is known of the unit at one address, and kept over restarts: who it is, how it is wired, what its sessions took."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.power import Power, Wiring, presumed, recognised
from ohmstead.families.tesla_wall_connector.sessions import Record, followed
from ohmstead.kit.notebook import Notebook
from ohmstead.model import ConnectionLost, Services

log = logging.getLogger(__name__)

KEPT_EVERY: Final = timedelta(minutes=1)


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """Of one unit, wherever it answers."""

    wiring: Wiring | None = None
    record: Record = Record()


L = TypeVar("L", Learnt, Version)


class Knowledge:
    def __init__(
        self, services: Services, address: tuple[str, int], version: Version, learnt: Learnt
    ) -> None:
        self.version = version
        self._clock = services.clock
        self._notebook = Notebook(services, "what is known of a unit and its sessions")
        self._address = address
        self._learnt = self._kept = learnt
        self._kept_at = services.clock.now()

    @property
    def record(self) -> Record:
        return self._learnt.record

    async def remember(self) -> None:
        self._kept, self._kept_at = self._learnt, self._clock.now()
        await self._notebook.note(_what(self.version), _encoded(self._learnt))

    async def meet(self, version: Version) -> None:
        """It says who it is. Raises `ConnectionLost` when that is another one."""
        known, self.version = self.version, version
        await self._notebook.note(_who(self._address), _encoded(version))
        if version.serial_number != known.serial_number:
            host, port = self._address
            raise ConnectionLost(f"another unit answers at {host}:{port} now; it is connected anew.")

    def wiring(self, vitals: Vitals, stated: Wiring | None) -> Wiring:
        seen = recognised(vitals)
        if seen is not None and seen is not self._learnt.wiring:
            self._learnt = msgspec.structs.replace(self._learnt, wiring=seen)
        return stated or self._learnt.wiring or presumed(self.version, vitals)

    async def follow(self, vitals: Vitals, found: Power | None, now: datetime) -> None:
        """Its session. Kept now and then while there is one, and at once when one begins or ends."""
        before = self._learnt.record
        record = followed(before, vitals, found.power_va if found else None, now)
        self._learnt = msgspec.structs.replace(self._learnt, record=record)
        is_turn = (before.current is None) is not (record.current is None) or before.last != record.last
        if is_turn or (self._has_news and now - self._kept_at >= KEPT_EVERY):
            await self.remember()

    @property
    def _has_news(self) -> bool:
        """Without a car nothing goes on but the time, and a card that is written to every minute does not last."""
        now, kept = self._learnt, self._kept
        return (
            now.record.current is not None
            or kept.record.seen is None
            or (now.record.energy_wh, now.wiring) != (kept.record.energy_wh, kept.wiring)
        )


async def remembered(services: Services, address: tuple[str, int]) -> Knowledge | None:
    """Who answered there last; None: nobody did."""
    version = _decoded(await services.recall(_who(address)), Version)
    return None if version is None else await _recalled(services, address, version)


async def met(services: Services, address: tuple[str, int], version: Version) -> Knowledge:
    """Who answers there now."""
    knowledge = await _recalled(services, address, version)
    await knowledge.meet(version)
    return knowledge


async def _recalled(services: Services, address: tuple[str, int], version: Version) -> Knowledge:
    learnt = _decoded(await services.recall(_what(version)), Learnt)
    return Knowledge(services, address, version, learnt or Learnt())


def _who(address: tuple[str, int]) -> str:
    host, port = address
    return f"tesla_wall_connector.at.{host}:{port}"


def _what(version: Version) -> str:
    return f"tesla_wall_connector.learnt.{version.serial_number}"


def _encoded(kept: Learnt | Version) -> str:
    return msgspec.json.encode(kept).decode()


def _decoded(text: str | None, kind: type[L]) -> L | None:
    """A memory that cannot be read is none."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        log.warning("what was remembered of a unit cannot be read: %s", kind.__name__)
        return None
